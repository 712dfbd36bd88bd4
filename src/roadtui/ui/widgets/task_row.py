"""Draws a row of the tree: fold mark, status, description, and fields and progress at the right edge."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text, due_text
from roadtui.core.next_actions.waiting import Waiting, is_nested_in_waiting, waiting_by_fields
from roadtui.core.note import Section, Task
from roadtui.core.outline import Row
from roadtui.core.stats.progress import NoteProgress, Progress
from roadtui.core.tasks.field_specs import PLANNED_DATES, FieldKind, Priority, TaskFormat
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.render import WAITING_GLYPH, fit_row, progress_bar, status_sign, status_style
from roadtui.ui.styles import TextStyles

INDENT = 2
"""Cells by which each level of the tree is indented."""
COUNT_CELLS = 6
"""Cells of the column `done/total`."""
_WIDE = 64
"""Cells of a row from which on tasks have bars and bars are long."""
_TAGS_FROM = 48
_NAME_CELLS = 12
"""The name of a task that another waits for has at least so many cells; in a narrow pane, or is left out."""
_AROUND_CELLS = 6
"""Cells of a row for the box, and between what stands at its right edge."""
_OTHER_PLANNED_DATES = [kind for kind in PLANNED_DATES if kind not in (FieldKind.DUE, FieldKind.START)]
"""The dates that a row shows where it has no due date, and nothing to say of its start."""
PRIORITY_SIGNS = {
    Priority.HIGHEST: "⇈",
    Priority.HIGH: "↑",
    Priority.MEDIUM: "↗",
    Priority.LOW: "↓",
    Priority.LOWEST: "⇊",
}


class TaskDisplayContext(NamedTuple):
    """What a row depends on beside its note: statuses, field format, day, open ids."""

    statuses: StatusRegistry
    format: TaskFormat
    today: date
    open_ids: Mapping[str, str] = MappingProxyType({})
    """Ids of the vault's open tasks, each with the description of its task."""


class TaskRowRenderer(NamedTuple):
    """Draws the rows of one note at one width."""

    note_progress: NoteProgress
    display_context: TaskDisplayContext
    text_styles: TextStyles
    width: int
    letters_of: Callable[[str], Sequence[int]] = lambda text: ()
    """Gives the positions in a description or title that a filter has matched."""

    def draw(
        self,
        tree_row: Row,
        fold: str,
        mark: str,
        *,
        is_current: bool,
        is_selected: bool,
        is_context: bool = False,
    ) -> Strip:
        """One row, as wide as the pane.

        Args:
            tree_row: The row to draw.
            fold: Its fold mark, one cell.
            mark: The mark in its box, which may be ahead of the note while a write is under way.
            is_current: Whether the cursor stands on it.
            is_selected: Whether it is selected.
            is_context: Whether it only shows where the hits of a filter are.
        """
        content = tree_row.content
        if content is None:
            return Strip.blank(self.width)
        start = [Segment(f" {' ' * indent(tree_row.depth, self.width)}{fold} ", self.text_styles.faint)]
        if is_selected:
            start = [
                Segment("▌", self.text_styles.accent),
                Segment(start[0].text[1:], self.text_styles.faint),
            ]
        if isinstance(content, Section):
            return self._section(content, start, is_context=is_context)
        if isinstance(content, Task):
            return self._task(content, mark, start, is_current=is_current, is_context=is_context)
        return self._fit(start, display_text(content.source.strip()), self.text_styles.dim)

    def _fit(
        self,
        start: Sequence[Segment],
        text: str,
        style: Style,
        *ends: Sequence[Segment],
        is_context: bool = False,
    ) -> Strip:
        """A row with `text`, in which the letters that a filter has matched are lit."""
        matched = None if is_context else (self.letters_of(text), self.text_styles.match)
        return fit_row(self.width, start, (text, style), *ends, matched=matched)

    def _section(self, section: Section, start: list[Segment], *, is_context: bool) -> Strip:
        progress = self.note_progress.of_section(section)
        is_open = progress.total and not progress.is_complete and not is_context
        style = self.text_styles.strong if is_open else self.text_styles.dim
        end = self._bar_and_count(progress, 12 if self.width >= _WIDE else 6) if progress.total else []
        return self._fit(start, display_text(section.title), style, end, is_context=is_context)

    def _task(
        self, task: Task, mark: str, start: list[Segment], *, is_current: bool, is_context: bool
    ) -> Strip:
        kind = self.display_context.statuses.type_of(mark)
        fields = read_fields(task.text, self.display_context.format)
        below = self.note_progress.of_task(task)
        count: list[Segment] = []
        bar_and_count: list[Segment] = []
        if below is not None:
            count = [self._count(below)]
            is_ready = mark == task.status_symbol and self.note_progress.is_ready(
                task, self.display_context.statuses
            )
            bar_and_count = self._below(below, is_ready)
        held_back = self._waiting(fields, kind)
        waits = held_back is not None or self._is_nested_in_waiting(task, kind)
        sign, remark = status_sign(mark, self.display_context.statuses), ""
        if waits and mark == " ":
            sign = f"{WAITING_GLYPH} "
        elif waits:  # The box says something else already.
            remark = f"{WAITING_GLYPH} "
        text = (
            display_text(_without_last_tags(fields) if self.width >= _TAGS_FROM else fields.description)
            or "…"
        )
        end = self._details(fields, kind, remark.rstrip(), has_bar=below is not None)
        shorter = [[Segment(remark, self.text_styles.dim), *count]] if remark else []
        if held_back is not None:
            free = (
                self.width
                - cell_len(text)
                - sum(cell_len(one.text) for one in (*start, *end, *bar_and_count))
            )
            long, short = self._waiting_texts(held_back, free - _AROUND_CELLS)
            end = self._details(fields, kind, remark + long, has_bar=below is not None)
            shorter.insert(0, [Segment(f"{remark}{short} ", self.text_styles.dim), *count])
        if end and below is None:
            end.append(Segment(" "))
        style = self._text_style(kind, is_dim=waits or is_context, is_current=is_current)
        start.append(Segment(sign, status_style(kind, self.text_styles)))
        return self._fit(start, text, style, [*end, *bar_and_count], *shorter, count, is_context=is_context)

    def _text_style(self, kind: StatusType, *, is_dim: bool, is_current: bool) -> Style:
        text_styles = self.text_styles
        if kind is StatusType.CANCELLED:
            return text_styles.faint + Style(strike=True)
        if not kind.is_open:
            return text_styles.faint
        if is_dim:
            return text_styles.text if is_current else text_styles.dim
        return text_styles.strong if is_current else text_styles.text

    def _waiting(self, fields: Fields, kind: StatusType) -> Waiting | None:
        """What an open task waits for by its own fields."""
        if not kind.is_open:
            return None
        is_doing = kind is StatusType.IN_PROGRESS
        return waiting_by_fields(
            fields, self.display_context.open_ids, self.display_context.today, is_doing=is_doing
        )

    def _is_nested_in_waiting(self, task: Task, kind: StatusType) -> bool:
        statuses, format, today, open_ids = self.display_context
        is_doing = kind is StatusType.IN_PROGRESS
        return kind.is_open and is_nested_in_waiting(
            task, statuses, format, open_ids, today, is_doing=is_doing
        )

    def _waiting_texts(self, held_back: Waiting, free: int) -> tuple[str, str]:
        """What a task waits for, as a long and a short text: `after Distributions`, `waits`; `from 30 Dec`.

        `free`: the cells of its row that nothing else takes.
        """
        day = (
            f"from {day_text(held_back.start, self.display_context.today)}"
            if held_back.start is not None
            else ""
        )
        if not held_back.tasks:
            return day, day
        count = len(held_back.tasks)
        short = day or ("waits" if count == 1 else f"waits for {count}")
        before, behind = f"{day} after ".lstrip(), f" +{count - 1}" if count > 1 else ""
        name_cells = min(self.width // 2, free - len(before) - len(behind))
        if name_cells < _NAME_CELLS and self.width < _TAGS_FROM:
            return short, short
        text = _without_last_tags(read_fields(held_back.tasks[0], self.display_context.format))
        name = ellipsize(display_text(text), max(name_cells, _NAME_CELLS), cell_len)
        return before + name + behind, short

    def _below(self, below: Progress, is_ready: bool) -> list[Segment]:
        """The progress of the tasks below a parent."""
        if is_ready:
            text = "ready to tick" if self.width >= _TAGS_FROM else "ready"
            return [Segment(f"  {text}", self.text_styles.done), self._count(below)]
        return [
            Segment("  "),
            *(self._bar_and_count(below, 6) if self.width >= _WIDE else [self._count(below)]),
        ]

    def _bar_and_count(self, progress: Progress, cells: int) -> list[Segment]:
        return [*progress_bar(progress, cells, self.text_styles), self._count(progress)]

    def _count(self, progress: Progress) -> Segment:
        count = f"{progress.done}/{progress.total}" if progress.total else "–"
        return Segment(
            f"{count.rjust(COUNT_CELLS)} ",
            self.text_styles.done if progress.is_complete else self.text_styles.dim,
        )

    def _details(self, fields: Fields, kind: StatusType, remark: str, *, has_bar: bool) -> list[Segment]:
        """What is at the right edge: tags, priority, recurrence, the most important date.

        `remark`: what it waits for; empty where it can be begun.
        """
        text_styles = self.text_styles
        parts: list[tuple[str, Style]] = []
        if self.width >= _TAGS_FROM:
            parts += [
                (display_text(tag), text_styles.accent if kind.is_open else text_styles.faint)
                for tag in fields.tags
            ]
        if kind.is_open:
            if fields.priority is not Priority.NONE:
                parts.append((PRIORITY_SIGNS[fields.priority], text_styles.due))
            if fields.recurrence is not None:
                parts.append(("↻", text_styles.dim))
        if remark:
            parts.append((remark, text_styles.dim))
        day = self._day(fields, kind, has_bar=has_bar)
        if day is not None:
            parts.append(day)
        segments: list[Segment] = []
        for text, style in parts:
            segments += [Segment("  ")] * bool(segments) + [Segment(text, style)]
        return segments

    def _day(self, fields: Fields, kind: StatusType, *, has_bar: bool) -> tuple[str, Style] | None:
        """The most important date. `has_bar`: a progress bar shows already that the task is in progress."""
        today, text_styles = self.display_context.today, self.text_styles
        if kind is StatusType.DONE:
            return (day_text(fields.done, today), text_styles.faint) if fields.done else None
        if kind is StatusType.CANCELLED:
            return "cancelled", text_styles.faint
        if fields.due is not None:
            late = fields.due < today
            text = due_text(fields.due, today)
            return text if late or text.startswith(
                "due"
            ) else f"due {text}", text_styles.overdue if late else text_styles.due
        if kind is StatusType.IN_PROGRESS:
            if fields.start is not None and fields.start <= today:
                return f"started {day_text(fields.start, today)}", text_styles.doing
            return None if has_bar else ("in progress", text_styles.doing)
        for field in _OTHER_PLANNED_DATES:
            if (planned := fields.day(field)) is not None:
                label = "" if field is FieldKind.SCHEDULED else f"{field.value} "
                return f"{label}{day_text(planned, today)}", text_styles.dim
        return None


def row_look(
    row: Row,
    progress: NoteProgress,
    fold: str,
    mark: str,
    *,
    is_selected: bool,
    is_context: bool,
    is_glowing: bool,
) -> Hashable:
    """A key for what is drawn of `row`: while the display context stays, equal keys look the same.

    `fold` and `mark` are as for `TaskRowRenderer.draw`, and so are `is_selected` and `is_context`.
    """
    content = row.content
    frame = (row.depth, fold, is_selected, is_context, is_glowing)
    if content is None:
        return None
    if isinstance(content, Section):
        return frame, content.title, progress.of_section(content)
    return frame, content.source, progress.of_task(content) if isinstance(content, Task) else None, mark


def _without_last_tags(fields: Fields) -> str:
    """The description of a task without the tags at its end: those are at the right edge."""
    text = fields.description
    for tag in reversed(fields.tags):
        if text.endswith(f" {tag}"):
            text = text.removesuffix(tag).rstrip()
    return text


def indent(depth: int, width: int) -> int:
    """Cells by which a row of `depth` is indented: at most half of `width`."""
    return INDENT * min(depth, max(0, width // 2 - 12) // INDENT)
