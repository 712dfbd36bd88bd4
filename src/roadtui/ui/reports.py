"""From what the cursor is on to the report of the progress pane. For a thread: it counts and draws charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from roadtui.core.fields import TaskFormat, read_fields
from roadtui.core.insight import NO_DAYS, Days, course
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.progress import Count, Progress, add_up, counted
from roadtui.core.status import StatusRegistry
from roadtui.ui.charts import draw_line
from roadtui.ui.progress_report import CHART_ROWS, Report, burn_up, chart_cells
from roadtui.vault.snapshot import Snapshot, VaultNote


class Subject(NamedTuple):
    """What a report is about: a section, a parent task, or else the note."""

    title: str
    progress: Progress
    tasks: tuple[Task, ...]
    statuses: StatusRegistry
    format: TaskFormat

    @classmethod
    def of(
        cls, note: VaultNote, content: Section | ListItem | None, snapshot: Snapshot, count: Count
    ) -> Subject:
        """What the cursor on `content` of `note` stands for; on a leaf, its parent or section."""
        title, progress, part = _part(note, content, snapshot.format)
        tasks = counted(note.note, note.tally, snapshot.statuses, count)
        inside = tuple(task for task in tasks if part is None or _is_in(task, part))
        return cls(title, progress, inside, snapshot.statuses, snapshot.format)

    @classmethod
    def of_hub(cls, hub: VaultNote, led_to: Sequence[VaultNote], snapshot: Snapshot, count: Count) -> Subject:
        """What a hub leads to, taken together."""
        tasks = tuple(
            task for note in led_to for task in counted(note.note, note.tally, snapshot.statuses, count)
        )
        progress = add_up(note.progress for note in led_to)
        return cls(hub.name, progress, tasks, snapshot.statuses, snapshot.format)


def _part(
    note: VaultNote, content: Section | ListItem | None, format: TaskFormat
) -> tuple[str, Progress, Section | Task | None]:
    item = content if isinstance(content, Task) else None
    while item is not None:
        below = note.tally.of_task(item)
        if below is not None:
            return read_fields(item.text, format).description, below, item
        item = item.parent_task
    section = content if isinstance(content, Section) else content.section if content is not None else None
    if section is None or not section.level:
        return note.name, note.progress, None
    return section.title, note.tally.of_section(section), section


def _is_in(task: Task, part: Section | Task) -> bool:
    if isinstance(part, Task):
        return part in task.ancestors
    section: Section | None = task.section
    while section is not None:
        if section is part:
            return True
        section = section.parent
    return False


def draw_report(subject: Subject, today: date, width: int, days: Days = NO_DAYS) -> Report:
    """Count and draw `subject` for a pane `width` cells wide; `days`: what the history knows of its tasks."""
    went = course(subject.tasks, subject.statuses, subject.format, days)
    scope, done = burn_up(went, today)
    cells = chart_cells(width)
    top = max(scope, default=0)
    return Report(
        subject.title,
        subject.progress,
        went,
        today,
        width,
        draw_line(scope, cells, CHART_ROWS, top),
        draw_line(done, cells, CHART_ROWS, top),
    )
