"""The page of the help: the keys of one pane, in parts by intent, and the parts in columns. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import combinations, pairwise, zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from roadtui.core.query.text_match import fold
from roadtui.core.terminal_text import ellipsize
from roadtui.session.action_requirements import Requires
from roadtui.ui.command import Command, Intent, Scope
from roadtui.ui.command_table import FOCUS_CHAINS, commands_in
from roadtui.ui.styles import TextStyles

_USUAL_COLUMNS, _MOST_COLUMNS = 3, 5
_BETWEEN = 4
"""Cells between two columns."""
_MOST_KEYS = 3
"""Of a row; more than these are shown as the first to the last, where they follow one another."""
_FIRST, _LAST = (Scope.LIST, Scope.OUTLINE), (Scope.FILTER,)
"""Whose keys come first and last in their part: moving from row to row before all else."""
_WITHOUT_ROWS = (Scope.EMPTY_STATE,)
"""Panes in which what needs a row can never be done."""


class PaneHelp(NamedTuple):
    """What the help says of a pane besides its keys."""

    name: str
    """`the tree`, as in “Keys of the tree”."""
    sentence: str = ""


PANES = {
    Scope.TREE: PaneHelp(
        "the tree", "A bar shows what is done and what is in progress. Select rows, and a key acts on all."
    ),
    Scope.SIDEBAR: PaneHelp(
        "the roadmaps", "The tree beside it shows the note under the cursor. A view counts what it finds."
    ),
    Scope.PROGRESS: PaneHelp(
        "the progress", "Burn-up: the upper line is what there is to do, the lower one what is done."
    ),
    Scope.PREVIEW: PaneHelp("the preview", "It follows the cursor of the tree."),
    Scope.EMPTY_STATE: PaneHelp(
        "an empty note", "Where it leads to roadmaps, they are listed with their progress."
    ),
    Scope.NEXT_ACTIONS: PaneHelp(
        "what is next", "All open tasks that can be done now. The reason is at the right."
    ),
    Scope.CHANGES: PaneHelp(
        "what has changed",
        "Since you last looked. What was here for a moment is seen; u undoes a taking back.",
    ),
    Scope.TRIAGE_LIST: PaneHelp(
        "the way out", "Nothing is written before enter. A number before a key: so many rows from here on."
    ),
    Scope.LINK_MAP: PaneHelp(
        "the links", "Below a note are those that it links to: ↑ above, ↓ below, ↻ cycle are shown elsewhere."
    ),
    Scope.FIND_LINE: PaneHelp("the query"),
    Scope.FIND_RESULTS: PaneHelp(
        "the results", "What is done to marked tasks, in whatever notes, is one change that undo takes back."
    ),
    Scope.FOCUS: PaneHelp("the focus", "The time that you work is recorded in the history."),
    Scope.INSIGHTS_PAGE: PaneHelp("the insights", "Of the vault, the note, or the section under the cursor."),
    Scope.READ_ONLY_TREE: PaneHelp(
        "an earlier day", "The notes as git has them. Nothing here can be changed; nothing is touched."
    ),
}


class HelpRow(NamedTuple):
    """One line of the help: a command, or several that belong together."""

    keys: tuple[str, ...]
    words: str
    explained: str
    """What its commands do, in full: it is found by that too."""
    is_live: bool = True
    """Whether one of its keys does something on the row under the cursor."""

    @property
    def shown_keys(self) -> str:
        """`j k`, or `1–9` for many that follow one another."""
        codes = [ord(key) if len(key) == 1 else 0 for key in self.keys]
        follow = all(after == before + 1 for before, after in pairwise(codes))
        if len(self.keys) > _MOST_KEYS and follow:
            return f"{self.keys[0]}–{self.keys[-1]}"
        return " ".join(self.keys)


class HelpPart(NamedTuple):
    """The rows of one intent."""

    title: str
    rows: tuple[HelpRow, ...]


def help_parts(
    scope: Scope, live: Collection[str], keys_of: Callable[[Command], Iterable[str]]
) -> list[HelpPart]:
    """The keys of a pane.

    Args:
        scope: The innermost scope of the pane, as in `PANES`.
        live: Ids of the commands that can be run now. One that needs another kind of row is listed too, and
            one that shares a row of the help with any of these; but not where there is no row at all.
        keys_of: The keys of a command as they are shown, the first one first.
    """
    rows: dict[tuple[Intent, str], list[Command]] = {}
    for command in _commands_of(scope, live):
        if not command.is_system:
            rows.setdefault((command.intent, command.row or f"only {command.id}"), []).append(command)
    parts = [
        HelpPart(
            intent.value,
            tuple(
                row
                for (of, _), alike in rows.items()
                if of is intent
                for row in _rows(alike, live, keys_of, has_rows=scope not in _WITHOUT_ROWS)
            ),
        )
        for intent in Intent
    ]
    return [part for part in parts if part.rows]


def _is_listed(command: Command, live: Collection[str]) -> bool:
    return command.id in live or command.requires is not Requires.NOTHING


def _commands_of(scope: Scope, live: Collection[str]) -> tuple[Command, ...]:
    """The commands of the focus chain that begins with `scope`; of several, of the one that is live."""
    chains = [chain for chain in FOCUS_CHAINS if chain[0] is scope]
    chain = max(chains, key=lambda each: sum(command.id in live for command in commands_in(*each)))
    middle = [each for each in chain if each not in (*_FIRST, *_LAST)]
    return commands_in(*(each for each in (*_FIRST, *middle, *_LAST) if each in chain))


def _rows(
    alike: Sequence[Command],
    live: Collection[str],
    keys_of: Callable[[Command], Iterable[str]],
    *,
    has_rows: bool,
) -> Iterator[HelpRow]:
    """The row of `alike`, if there is one: of all where the pane `has_rows`, else of live ones."""
    if not has_rows:
        left = [command for command in alike if command.id in live]
        if len(left) == 1 < len(alike):  # Its words are about the others.
            left = [left[0]._replace(words=left[0].label)]
        alike = left
    if any(_is_listed(command, live) for command in alike):
        yield _row(alike, live, keys_of)


def _row(
    alike: Sequence[Command], live: Collection[str], keys_of: Callable[[Command], Iterable[str]]
) -> HelpRow:
    keys = dict.fromkeys(next(iter(keys_of(command)), "") for command in alike)
    words = dict.fromkeys(command.words or command.label for command in alike)
    return HelpRow(
        tuple(key for key in keys if key),
        ", ".join(words),
        " ".join(command.help for command in alike),
        any(command.id in live for command in alike),
    )


def matching(parts: Iterable[HelpPart], text: str) -> list[HelpPart]:
    """The rows that `text` finds: a key as it is shown, or words of what it does."""
    text = text.strip()
    if not text:
        return list(parts)
    found = [HelpPart(part.title, tuple(row for row in part.rows if _matches(row, text))) for part in parts]
    return [part for part in found if part.rows]


def _matches(row: HelpRow, text: str) -> bool:
    if text in row.keys:
        return True
    if len(text) == 1:  # Nearly every row has it among its words.
        return False
    words = fold(f"{row.words} {row.explained}")
    return all(word in words for word in fold(text).split())


# Columns


class _Measured(NamedTuple):
    """A part, and the room that it takes."""

    part: HelpPart
    keys: int
    """Cells of the widest keys."""
    words: int
    """Cells of the longest words."""

    @classmethod
    def of(cls, part: HelpPart) -> _Measured:
        keys = max(cell_len(row.shown_keys) for row in part.rows)
        return cls(part, keys, max(cell_len(row.words) for row in part.rows))

    @property
    def lines(self) -> int:
        """Of its title, its rows, and a blank one below them."""
        return len(self.part.rows) + 2


_Column = Sequence[_Measured]


def in_columns(
    parts: Sequence[HelpPart], width: int, height: int, text_styles: TextStyles
) -> list[list[Segment]]:
    """The lines of `parts`, at most `width` cells wide.

    In three columns; in more where they are too long for `height` lines, in fewer where that is too wide.
    """
    if not parts:
        return []
    measured = [_Measured.of(part) for part in parts]
    fitting = [
        columns
        for count in range(1, _MOST_COLUMNS + 1)
        if (columns := _split(measured, count)) and (count == 1 or _cells(columns) <= width)
    ]
    usual = min(len(fitting), _USUAL_COLUMNS) - 1
    chosen = next((each for each in fitting[usual:] if _height(each) <= height), fitting[-1])
    widths = [min(width, _width(column)) for column in chosen]
    drawn = [_drawn(column, cells, text_styles) for column, cells in zip(chosen, widths, strict=True)]
    blanks = [[Segment(" " * cells)] for cells in widths]
    between = Segment(" " * _BETWEEN)
    lines: list[list[Segment]] = []
    for cells in zip_longest(*drawn):
        line: list[Segment] = []
        for found, blank in zip(cells, blanks, strict=True):
            line += [*([between] if line else []), *(found or blank)]
        lines.append(line)
    return lines


def _split(parts: Sequence[_Measured], count: int) -> list[_Column]:
    """`parts` in `count` columns, in order, the highest as low as possible; empty where there are fewer."""
    splits = [
        [parts[start:end] for start, end in zip((0, *cuts), (*cuts, len(parts)), strict=True)]
        for cuts in combinations(range(1, len(parts)), count - 1)
    ]
    return min(splits, key=_height, default=[])


def _height(columns: Sequence[_Column]) -> int:
    return max(sum(part.lines for part in column) - 1 for column in columns)


def _cells(columns: Sequence[_Column]) -> int:
    return sum(map(_width, columns)) + _BETWEEN * (len(columns) - 1)


def _width(column: _Column) -> int:
    return max(part.keys for part in column) + 2 + max(part.words for part in column)


def _drawn(column: _Column, width: int, text_styles: TextStyles) -> list[list[Segment]]:
    """The lines of one column, each `width` cells wide: titles, keys right-aligned, words."""
    cells = min(max(part.keys for part in column), width // 2)
    title_style = text_styles.dim + _BOLD
    styles = {
        True: (text_styles.accent + _BOLD, text_styles.text),
        False: (text_styles.dim + _BOLD, text_styles.dim),
    }
    lines: list[list[Segment]] = []
    for measured in column:
        if lines:
            lines.append([Segment(" " * width)])
        lines.append([Segment(measured.part.title.upper().ljust(width), title_style)])
        for row in measured.part.rows:
            keys = ellipsize(row.shown_keys, cells, cell_len)
            words = ellipsize(row.words, max(0, width - cells - 2), cell_len)
            key_style, words_style = styles[row.is_live]
            lines.append(
                [
                    Segment(f"{' ' * (cells - cell_len(keys))}{keys}  ", key_style),
                    Segment(words + " " * (width - cells - 2 - cell_len(words)), words_style),
                ]
            )
    return lines


_BOLD = Style(bold=True)
