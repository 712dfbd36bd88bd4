"""Where a task stands, in words: note, headings, the tasks around it."""

from __future__ import annotations

from roadtui.core.brief import brief
from roadtui.core.display import shown
from roadtui.core.note import Task
from roadtui.vault.snapshot import VaultNote


def trail(note: VaultNote, task: Task) -> list[str]:
    """From the note to the nearest task around `task`, harmless; a heading of the same name is left out."""
    around = [brief(other.text) for other in task.ancestors if isinstance(other, Task)]
    headings = [title for title in task.section.trail if title != note.name]
    return [shown(note.name), *map(shown, headings), *reversed(around)]
