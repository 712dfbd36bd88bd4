"""Where a task stands, in words: note, headings, the tasks around it."""

from __future__ import annotations

from roadtui.core.brief import brief
from roadtui.core.note import Task
from roadtui.ui.drawing import shown
from roadtui.vault.snapshot import VaultNote


def trail(note: VaultNote, task: Task) -> list[str]:
    """From the note to the nearest task around `task`, harmless and repaired."""
    around = [brief(other.text) for other in task.ancestors if isinstance(other, Task)]
    return [shown(note.name), *map(shown, task.section.trail), *reversed(around)]
