"""Draws a row of the tree: fold mark, status, name, and fields and progress in columns at the right edge."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from roadtui.core.line_text import LineText, line_text
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Row
from roadtui.core.stats.progress import NoteProgress
from roadtui.core.tasks.field_specs import Priority
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import display_text
from roadtui.ui.render import WAITING_GLYPH, progress_bar, status_sign, status_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.badges import BULLET, STRUCK, Badge
from roadtui.ui.widgets.rows.columns import (
    Column,
    PlacedForm,
    RowColumns,
    Words,
    form_cells,
    place_cells,
)
from roadtui.ui.widgets.rows.day_words import date_forms
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.facts import name_and_tags, task_facts
from roadtui.ui.widgets.rows.name import NameStyle, name_segments
from roadtui.ui.widgets.rows.prepared_row import PreparedRow
from roadtui.ui.widgets.rows.row_parts import BAR, RowLayout, RowParts

INDENT = 2
"""Cells by which each level of the tree is indented."""
COUNT_CELLS = 6
"""Cells of the column `done/total`, where a list has one of fixed width."""
PRIORITY_SIGNS = {
    Priority.HIGHEST: "⇈",
    Priority.HIGH: "↑",
    Priority.MEDIUM: "↗",
    Priority.LOW: "↓",
    Priority.LOWEST: "⇊",
}
_fields_of = lru_cache(maxsize=256)(read_fields)


class _Lead(NamedTuple):
    """What is drawn before the name of a row, and around it."""

    segments: list[Segment]
    badge: Badge | None
    is_lit: bool
    """Whether letters that a filter has matched are lit: not where it only shows where the hits are."""


class RowLook(NamedTuple):
    """How a row is shown, beside what it holds."""

    fold: str
    """Its fold mark, one cell."""
    mark: str
    """The mark in its box, which may be ahead of the note while a write is under way."""
    is_current: bool
    """Whether the cursor stands on it."""
    is_selected: bool
    is_context: bool = False
    """Whether it only shows where the hits of a filter are."""
    badge: Badge | None = None
    """What has changed of it since the last look."""


class TaskRowRenderer(NamedTuple):
    """Draws the rows of one note at one width."""

    note_progress: NoteProgress
    display_context: TaskDisplayContext
    text_styles: TextStyles
    columns: RowColumns
    path: str = ""
    """Of the note, from which its links lead."""

    def prepare(self, tree_row: Row, look: RowLook) -> PreparedRow:
        """What is drawn of a row that is not blank, but for the letters that are lit in it."""
        fold, mark, is_current, is_selected, is_context, badge = look
        content, width = tree_row.content, self.columns.width
        start = [Segment(f" {' ' * indent(tree_row.depth, width)}{fold} ", self.text_styles.faint)]
        if is_selected:
            start = [
                Segment("▌", self.text_styles.accent),
                Segment(start[0].text[1:], self.text_styles.faint),
            ]
        lead = _Lead(start, badge, is_lit=not is_context)
        if isinstance(content, Section):
            return self._section(content, lead)
        if isinstance(content, Task):
            return self._task(content, mark, lead, is_current=is_current)
        style = self._name_style(self.text_styles.dim, is_quiet=True)
        source = content.source if isinstance(content, ListItem) else ""
        return self._row(lead, style, RowParts(source.strip()))

    def _row(self, lead: _Lead, style: NameStyle, parts: RowParts) -> PreparedRow:
        """`lead` and `parts` as a row."""
        columns = self.columns
        at = sum(cell_len(segment.text) for segment in lead.segments)
        layout, line, placed, room = self._layout(at, parts)
        told = self._badge_words(lead.badge, room - cell_len(line.text))
        before = (
            *self._marked(lead, has_words=bool(told)),
            *(Segment(f"{sign.text} ", self._style_of(sign)) for sign in layout.signs),
        )
        after = [*told]
        at = sum(cell_len(one.text) for one in (*before, *name_segments(line, room, style), *told))
        for cell in placed:
            after.append(Segment(" " * (cell.start - at)))
            for words in cell.form:
                if words.text.startswith(BAR.text) and parts.progress is not None:
                    after += progress_bar(parts.progress, cell.cells, self.text_styles)
                else:
                    after.append(Segment(words.text, self._style_of(words)))
            at = cell.start + cell.cells
        after.append(Segment(" " * max(0, columns.width - at)))
        return PreparedRow(before, layout.name, line, room, style, tuple(after), columns.width, lead.is_lit)

    def _layout(self, at: int, parts: RowParts) -> tuple[RowLayout, LineText, list[PlacedForm], int]:
        """The best layout, its name, what stands in its columns, and how many cells the name has.

        `at`: where the row has room for signs and name. The best is the first that shows the name whole, else
        the one that shows the most of it.
        """
        columns = self.columns
        found: list[tuple[RowLayout, LineText, list[PlacedForm], int]] = []
        for layout in parts.layouts(columns):
            line = line_text(layout.name)
            name_at = at + sum(cell_len(sign.text) + 1 for sign in layout.signs)
            name_cells = cell_len(line.text)
            placed = place_cells(columns, layout.cells, name_at + name_cells)
            room = (placed[0].start - columns.gap if placed else columns.width) - name_at
            found.append((layout, line, placed, max(0, room)))
            if name_cells <= room:
                return found[-1]
        return max(found, key=lambda one: one[3])

    def _badge_words(self, badge: Badge | None, free: int) -> list[Segment]:
        """The longest form of `badge` that fits into `free` cells behind the name; none where none does."""
        if badge is None:
            return []
        gap = 2
        form = next((form for form in badge.forms if form_cells(form) + gap <= free), ())
        return (
            [Segment(" " * gap), *(Segment(part.text, self._style_of(part)) for part in form)] if form else []
        )

    def _marked(self, lead: _Lead, *, has_words: bool) -> Iterator[Segment]:
        """What stands before the name, with the sign of a badge in its first cell, unless that is taken."""
        first, *rest = lead.segments
        if lead.badge is not None and first.text.startswith(" "):
            sign = lead.badge.sign
            yield Segment(BULLET if has_words else sign.text, self._style_of(sign))
            first = Segment(first.text[1:], first.style)
        yield first
        yield from rest

    def _style_of(self, words: Words) -> Style:
        if words.style == STRUCK:
            return self.text_styles.faint + Style(strike=True)
        style: Style = getattr(self.text_styles, words.style)
        return style

    def _name_style(self, base: Style, *, is_quiet: bool) -> NameStyle:
        def is_dead(target: str) -> bool:
            return self.display_context.is_dead_link(target, self.path)

        return NameStyle(self.text_styles, base, is_quiet, is_dead)

    def _section(self, section: Section, lead: _Lead) -> PreparedRow:
        progress = self.note_progress.of_section(section)
        is_open = bool(progress.total) and not progress.is_complete and lead.is_lit
        style = self.text_styles.strong if is_open else self.text_styles.dim
        parts = RowParts(section.title, progress=progress if progress.total else None)
        return self._row(lead, self._name_style(style, is_quiet=not is_open), parts)

    def _task(self, task: Task, mark: str, lead: _Lead, *, is_current: bool) -> PreparedRow:
        context = self.display_context
        fields = _fields_of(task.text, context.format)
        depends_on = [id for id in fields.depends_on if id != fields.id]
        facts = task_facts(task, mark, context, self.note_progress, fields.day, depends_on)
        sign = f"{WAITING_GLYPH} " if facts.has_waiting_box else status_sign(mark, context.statuses)
        lead.segments.append(Segment(sign, status_style(facts.kind, self.text_styles)))
        is_dim = facts.is_held or not lead.is_lit
        is_open = facts.kind.is_open
        name, tags = name_and_tags(fields)
        if self.columns.is_narrow or not tags:
            name, tags = fields.description, ()
        parts = RowParts(
            name or "…",
            fields.description if tags else "",
            Words(display_text(" ".join(tags)), "faint" if not is_open else "dim" if is_dim else "accent")
            if tags
            else None,
            tuple(_signs(fields)) if is_open else (),
            date_forms(facts, context.today),
            self.note_progress.of_task(task),
        )
        style = self._text_style(facts.kind, is_dim=is_dim, is_current=is_current)
        name_style = self._name_style(style, is_quiet=is_dim or not is_open)
        return self._row(lead, name_style, parts)

    def _text_style(self, kind: StatusType, *, is_dim: bool, is_current: bool) -> Style:
        text_styles = self.text_styles
        if kind is StatusType.CANCELLED:
            return text_styles.faint + Style(strike=True)
        if not kind.is_open:
            return text_styles.faint
        if is_dim:
            return text_styles.text if is_current else text_styles.dim
        return text_styles.strong if is_current else text_styles.text


def _signs(fields: Fields) -> Iterator[tuple[Column, Words]]:
    if fields.priority is not Priority.NONE:
        yield Column.PRIORITY, Words(PRIORITY_SIGNS[fields.priority], "due")
    if fields.recurrence is not None:
        yield Column.REPEATS, Words("↻", "dim")


def row_look(
    row: Row,
    progress: NoteProgress,
    fold: str,
    mark: str,
    *,
    is_selected: bool,
    is_context: bool,
    is_glowing: bool,
    badge: Badge | None = None,
    columns: RowColumns,
) -> Hashable:
    """A key for what is drawn of `row`: while the display context stays, equal keys look the same.

    `fold` and `mark` are as for `TaskRowRenderer.draw`, and so are `is_selected`, `is_context` and `badge`.
    `columns`: where the columns of the note are.
    """
    content = row.content
    frame = (row.depth, fold, is_selected, is_context, is_glowing, badge, columns)
    if content is None:
        return None
    if isinstance(content, Section):
        return frame, content.title, progress.of_section(content)
    return frame, content.source, progress.of_task(content) if isinstance(content, Task) else None, mark


def indent(depth: int, width: int) -> int:
    """Cells by which a row of `depth` is indented: at most half of `width`."""
    return INDENT * min(depth, max(0, width // 2 - 12) // INDENT)
