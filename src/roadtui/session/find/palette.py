"""What the palette lists: commands, notes, headings and tasks in one list, by match and by use."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query, read_query
from roadtui.core.query.syntax import QueryError
from roadtui.core.query.text_match import fold, match_phrase, match_word
from roadtui.session.find.search import SearchRun, VaultSearch
from roadtui.session.find.usage import UsageLog

MOST_RESULTS = 50
"""More results than this are not listed: who wants them types on, or searches the vault."""
_FOR_COMMANDS = 10.0
"""What a command is ahead of a note or task that the words match as well."""
_HELP_WEIGHT = 0.5
"""How much a word counts that is only in the sentence on what a command does."""
_USE_WEIGHT, _MOST_FOR_USE = 4.0, 16.0


class PaletteCommand(NamedTuple):
    """A command that can be run now."""

    id: str
    label: str
    help: str
    keys: str
    """Its key, as it is shown; empty where it has none."""


PaletteResult = PaletteCommand | QueryItem


class Palette:
    """Finds what is typed among commands at once, and in the vault in slices."""

    def __init__(
        self, commands: Sequence[PaletteCommand], search: VaultSearch | None, usage: UsageLog
    ) -> None:
        """Make a palette.

        Args:
            commands: The commands that can be run now, in the order of the table.
            search: What is searched of the vault; None for the commands alone.
            usage: What was used before.
        """
        self._commands = commands
        self._search = search
        self._usage = usage
        self._ranked: list[tuple[float, PaletteCommand]] = []
        self._run: SearchRun | None = None
        self.query: Query | None = None
        """What was understood of the text; None where it is no query."""
        self.ask("")

    def ask(self, text: str) -> None:
        """Find `text`, of which more may follow."""
        words = fold(text).split()
        self._ranked = [
            (score, command) for command in self._commands if (score := _score(words, command)) is not None
        ]
        before, self._run, self.query = self._run, None, None
        if self._search is None or not words:
            return
        try:
            self.query = read_query(text, self._search.today, is_typing=True)
        except QueryError:
            return
        self._run = self._search.start_in_vault(self.query, MOST_RESULTS, before)

    def advance(self, seconds: float) -> bool:
        """Search on for about so long; gives whether the search is over."""
        return self._run is None or self._run.advance(seconds)

    @property
    def results(self) -> list[PaletteResult]:
        """What was found so far, best first; before anything is typed, what was used most comes first."""
        found: list[tuple[float, PaletteResult]] = [
            (score + self._for_use(_key(command)), command) for score, command in self._ranked
        ]
        if self._run is not None and self._search is not None and self.query is not None:
            is_ranked = self.query.has_words and not self.query.sorting
            for number, item in enumerate(self._run.results):
                score = self.query.rank(item, self._search.context) if is_ranked else -number
                found.append((score + (self._for_use(_key(item)) if is_ranked else 0.0), item))
        found.sort(key=lambda each: -each[0])
        return [result for _, result in found[:MOST_RESULTS]]

    def used(self, result: PaletteResult) -> None:
        """Count a use of `result`."""
        if self._search is not None:
            self._usage.add(_key(result), self._search.today)

    def _for_use(self, key: str) -> float:
        if self._search is None:
            return 0.0
        weight = self._usage.weight(key, self._search.today)
        return min(_MOST_FOR_USE, _USE_WEIGHT * log2(1 + weight))


def _key(result: PaletteResult) -> str:
    """The key by which uses of `result` are counted."""
    if isinstance(result, PaletteCommand):
        return f"command {result.id}"
    place = "" if result.is_note else f" {result.text}"
    return f"note {result.note.path}{place}"


def _score(words: Sequence[str], command: PaletteCommand) -> float | None:
    """How well `words` match a command; None where one of them does not."""
    if not words:
        return 0.0
    label, help = fold(command.label), fold(command.help)
    total = 0.0
    for word in words:
        in_label, in_help = match_word(word, label), match_phrase(word, help)
        if in_label is None and in_help is None:
            return None
        total += max(
            in_label.score if in_label is not None else 0.0,
            in_help.score * _HELP_WEIGHT if in_help is not None else 0.0,
        )
    together = 20.0 if len(words) > 1 and " ".join(words) in label else 0.0
    return total / len(words) + together + _FOR_COMMANDS
