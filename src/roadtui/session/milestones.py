"""Finds the sections and roadmaps that a tick made here has finished, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from roadtui.core.note import Section
from roadtui.core.stats.progress import CompletedScope, newly_completed
from roadtui.vault.snapshot import Snapshot, VaultNote


class MilestoneLog(Protocol):
    """Records what was celebrated. Called in threads; may block."""

    def record_if_new(self, path: str, heading_path: tuple[str, ...], total: int) -> bool:
        """Whether a finished section was not celebrated yet, or has grown since; records that it now is.

        An empty `heading_path` stands for the whole roadmap.
        """


class Milestone(NamedTuple):
    """A section or roadmap that was just finished."""

    sentence: str
    sections: tuple[Section, ...]
    """Sections whose rows may be highlighted."""


def new_milestones(
    before: Snapshot, after: Snapshot, paths: Iterable[str], celebrated: MilestoneLog
) -> Iterator[Milestone]:
    """What a transaction on the notes at `paths` has finished: for each note, the outermost new milestone."""
    for path in dict.fromkeys(paths):
        was, now = before.notes.get(path), after.notes.get(path)
        if was is None or now is None:
            continue
        found = newly_completed((was.note, was.note_progress), (now.note, now.note_progress))
        new = [
            each for each in found if celebrated.record_if_new(path, each.section.heading_path, each.total)
        ]
        if new:
            yield _milestone(now, new[0])


def _milestone(note: VaultNote, found: CompletedScope) -> Milestone:
    if not found.is_note:
        return Milestone(
            f"{found.section.title} is finished: {_all(found.total)}. Well done!", (found.section,)
        )
    outermost = (section for section in note.note.sections if section.parent is note.note.sections[0])
    return Milestone(
        f"{note.name} is completely finished: {_all(found.total)}. Congratulations!", tuple(outermost)
    )


def _all(total: int) -> str:
    return f"all {total} are done" if total > 1 else "the one task in it is done"
