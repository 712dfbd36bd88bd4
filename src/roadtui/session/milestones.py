"""Says so, once, when a tick made here finishes a section or a roadmap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from typing_extensions import override

from roadtui.core.note import Section
from roadtui.core.stats.progress import CompletedScope, newly_completed
from roadtui.vault.snapshot import Snapshot, VaultNote


class MilestoneLog(Protocol):
    """Remembers what was celebrated. Called in threads; may block."""

    def is_news(self, path: str, trail: tuple[str, ...], total: int) -> bool:
        """Whether a finished section (no `trail`: roadmap) was not celebrated yet, or has grown since.

        Remembers it: the second time the answer is no.
        """


class CelebratedHere(MilestoneLog):
    """Remembers for as long as the program runs."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, tuple[str, ...]], int] = {}

    @override
    def is_news(self, path: str, trail: tuple[str, ...], total: int) -> bool:
        is_news = total > self._totals.get((path, trail), 0)
        if is_news:
            self._totals[path, trail] = total
        return is_news


class Milestone(NamedTuple):
    """Something to be glad about."""

    sentence: str
    sections: tuple[Section, ...]
    """Whose rows may glow."""


def new_milestones(
    before: Snapshot, after: Snapshot, paths: Iterable[str], celebrated: MilestoneLog
) -> Iterator[Milestone]:
    """What a step that changed the notes at `paths` finished: of each note the outermost, if it is news."""
    for path in dict.fromkeys(paths):
        was, now = before.notes.get(path), after.notes.get(path)
        if was is None or now is None:
            continue
        found = newly_completed((was.note, was.note_progress), (now.note, now.note_progress))
        news = [each for each in found if celebrated.is_news(path, each.section.heading_path, each.total)]
        if news:
            yield _occasion(now, news[0])


def _occasion(note: VaultNote, found: CompletedScope) -> Milestone:
    if not found.is_note:
        return Milestone(
            f"{found.section.title} is finished: {_all(found.total)}. Well done!", (found.section,)
        )
    outermost = (section for section in note.note.sections if section.parent is note.note.sections[0])
    return Milestone(
        f"{note.name} is finished, the whole of it: {_all(found.total)}. Congratulations!", tuple(outermost)
    )


def _all(total: int) -> str:
    return f"all {total} are done" if total > 1 else "the one task in it is done"
