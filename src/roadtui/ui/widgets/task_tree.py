"""The note as a tree: headings and tasks, folded and unfolded, ticked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Outline, Row, outline
from roadtui.ui.inks import Inks
from roadtui.ui.tree_state import NO_ROWS, TreeState
from roadtui.ui.widgets.row_view import RowView
from roadtui.ui.widgets.task_painter import Reading, TaskPainter, indent
from roadtui.vault.snapshot import VaultNote

_GLOW_SECONDS = 1.2


class TaskTree(RowView):
    """One note as a tree."""

    BINDING_GROUP_TITLE = "Tree"
    HELP = """
# Tree

Headings and tasks of one note. A bar shows what is done (green) and what is in progress (amber).

- `space` ticks a task, or unticks it: the note on disk changes at once. `u` takes it back.
- `h` and `l` fold and unfold; `h` on a folded row goes to its parent. `z` folds all, `Z` unfolds all.
- `[` and `]` jump from section to section.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "toggle_task", "tick", id="tick", tooltip="Tick or untick the task under the cursor"
        ),
        Binding("h,left", "fold", "fold, go to parent", id="fold", show=False),
        Binding("l,right", "unfold", "unfold, go to child", id="unfold", show=False),
        Binding("enter", "toggle_fold", "fold", id="toggle_fold", tooltip="Fold or unfold"),
        Binding("z", "fold_all", "fold all", id="fold_all", show=False),
        Binding("Z", "unfold_all", "unfold all", id="unfold_all", show=False),
        Binding("right_square_bracket", "section(1)", "next section", id="next_section", show=False),
        Binding("left_square_bracket", "section(-1)", "previous section", id="previous_section", show=False),
    ]

    note: var[VaultNote | None] = var(None)
    reading: var[Reading | None] = var(None)

    @dataclass
    class ToggleRequested(Message):
        """The user wants a task ticked or unticked."""

        note: VaultNote
        task: Task
        seen: str
        """The mark that was on the screen."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state = TreeState()
        self._states: dict[str, TreeState] = {}
        self._pending: dict[int, str] = {}
        self._glowing: set[int] = set()

    # What is shown

    def show(self, note: VaultNote | None, *, from_outside: bool = False) -> None:
        """Show `note`: where it is the same note in a new state, cursor, folds and scroll stay on their rows.

        Args:
            note: The note as it now is; None for an empty pane.
            from_outside: Whether what differs was done by somebody else, and glows.
        """
        before = self.note
        if note is before:
            return
        self._leave()
        looks = self._looks()
        self.set_reactive(TaskTree.note, note)
        self._pending.clear()
        rows = outline(note.note) if note is not None else NO_ROWS
        known = self._states.get(note.path) if note is not None else None
        if known is None:
            self._state = TreeState(rows)
        else:
            self._state, mapped = known.followed(rows)
            if from_outside and before is not None and note is not None and before.path == note.path:
                self._glow(known.outline, mapped)
        self._draw_changed(looks)
        self.scroll_to(y=self._state.scroll, animate=False, immediate=True)
        self._select(self._state.position(self._state.cursor))

    def rename(self, old: str, new: str) -> None:
        """The note at `old` is now at `new`: remember its place under its new path."""
        self._leave()
        if old in self._states:
            self._states[new] = self._states.pop(old)

    def _leave(self) -> None:
        """Remember where the user was in the note that is on screen."""
        if self.note is not None and self._state.shown:
            self._state.leave(self.cursor, self.scroll_offset.y)
            self._states[self.note.path] = self._state

    def _glow(self, before: Outline, mapped: Mapping[int, int]) -> None:
        """Light up the rows that are not as they were."""
        came_from = {new: old for old, new in mapped.items()}
        for now in self._state.outline.rows:
            old = came_from.get(now.index)
            if isinstance(now.content, ListItem):
                was = before.rows[old].content if old is not None else None
                if not isinstance(was, ListItem) or was.source != now.content.source:
                    self._glowing.add(id(now.content))
        if self._glowing:
            self.set_timer(_GLOW_SECONDS, self._stop_glowing)

    def _stop_glowing(self) -> None:
        looks = self._looks()
        self._glowing.clear()
        self._draw_changed(looks)

    def _looks(self) -> list[Hashable]:
        """What each row in sight looks like, without drawing it."""
        top = self.scroll_offset.y
        return [self._look(position) for position in range(top, top + self.size.height)]

    def _look(self, position: int) -> Hashable:
        row = self._state.row(position)
        if row is None or row.content is None or self.note is None:
            return None
        frame = (row.depth, self._fold_mark(row))
        content = row.content
        if isinstance(content, Section):
            return frame, content.title, self.note.tally.of_section(content)
        below = self.note.tally.of_task(content) if isinstance(content, Task) else None
        return frame, content.source, below, self._pending.get(content.index), id(content) in self._glowing

    def _draw_changed(self, looks: list[Hashable]) -> None:
        """Draw anew the rows in sight that no longer look like `looks`: mostly one or two."""
        if self.virtual_size.height != len(self._state.shown):
            self.rows_changed()
            return
        top = self.scroll_offset.y
        for at, (before, now) in enumerate(zip(looks, self._looks(), strict=True)):
            if before != now:
                self.refresh_row(top + at)

    def _select(self, position: int) -> None:
        """Put the cursor on a row that may have stayed the same number and become another row."""
        before = self.cursor
        self.move_to(position)
        if self.cursor == before:
            self.keep_in_sight(before)
            self.post_message(self.CursorMoved(self))

    # What the cursor is on

    @property
    def current(self) -> Section | ListItem | None:
        """The heading or item under the cursor."""
        row = self._state.row(self.cursor)
        return row.content if row is not None else None

    def go_to_line(self, line: int) -> None:
        """Put the cursor on the row of `line` (from 0), unfolding what hides it."""
        row = self._state.outline.at_line(line)
        if row is not None:
            self._state.reveal(row)
            self.rows_changed()
            self._select(self._state.position(row))

    # Pending ticks

    def mark_pending(self, task: Task, mark: str) -> None:
        """Show `mark` in `task`'s box until the note is shown anew: the write is under way."""
        looks = self._looks()
        self._pending[task.index] = mark
        self._draw_changed(looks)

    def drop_pending(self) -> None:
        """Show what the note says: the write was refused."""
        looks = self._looks()
        self._pending.clear()
        self._draw_changed(looks)

    def _mark(self, task: Task) -> str:
        return self._pending.get(task.index, task.mark)

    # Rows

    def row_count(self) -> int:
        """See `RowView`."""
        return len(self._state.shown)

    def is_stop(self, row: int) -> bool:
        """See `RowView`: blank rows are passed over."""
        found = self._state.row(row)
        return found is not None and found.content is not None

    def row_ground(self, row: int, inks: Inks) -> Style | None:
        """See `RowView`."""
        found = self._state.row(row)
        return inks.glow if found is not None and id(found.content) in self._glowing else None

    def draw_row(self, row: int, width: int, inks: Inks) -> Strip:
        """See `RowView`."""
        found = self._state.row(row)
        if found is None or self.note is None or self.reading is None:
            return Strip.blank(width)
        painter = TaskPainter(self.note.tally, self.reading, inks, width)
        mark = self._mark(found.content) if isinstance(found.content, Task) else ""
        return painter.draw(found, self._fold_mark(found), mark, is_current=row == self.cursor)

    def _fold_mark(self, row: Row) -> str:
        if not self._state.outline.has_children(row.index):
            return " "
        return "▸" if self._state.is_folded(row.index) else "▾"

    # Actions

    def action_toggle_task(self) -> None:
        """Ask for the task under the cursor to be ticked or unticked."""
        if self.note is not None and isinstance(task := self.current, Task):
            self.post_message(self.ToggleRequested(self.note, task, self._mark(task)))

    def _fold(self, rows: Iterable[int], *, folded: bool) -> None:
        """Fold or unfold `rows`; the cursor stays on its row, or goes to the one that hides it."""
        current = self._state.row(self.cursor)
        if current is not None:
            self._state.set_folded(rows, folded=folded)
            self.rows_changed()
            self._select(self._state.position(current.index))

    def action_fold(self) -> None:
        """Fold the row; where there is nothing to fold, go to its parent."""
        row = self._state.row(self.cursor)
        if row is None:
            return
        if self._fold_mark(row) == "▾":
            self._fold([row.index], folded=True)
        elif row.parent >= 0:
            self._select(self._state.position(row.parent))

    def action_unfold(self) -> None:
        """Unfold the row; where it is open, go to its first child."""
        row = self._state.row(self.cursor)
        if row is None:
            return
        if self._state.is_folded(row.index):
            self._fold([row.index], folded=False)
        elif self._state.outline.has_children(row.index):
            self.action_move(1)

    def action_toggle_fold(self) -> None:
        """Fold an open row, unfold a folded one."""
        row = self._state.row(self.cursor)
        if row is not None and self._state.outline.has_children(row.index):
            self._fold([row.index], folded=not self._state.is_folded(row.index))

    def action_fold_all(self) -> None:
        """Fold every row that has something below it."""
        self._fold(self._state.outline.parents, folded=True)

    def action_unfold_all(self) -> None:
        """Unfold every row."""
        self._fold(list(self._state.folded), folded=False)

    def action_section(self, step: int) -> None:
        """Go to the next or previous heading."""
        at = self.cursor + step
        while (row := self._state.row(at)) is not None:
            if isinstance(row.content, Section):
                self._select(at)
                return
            at += step

    def clicked(self, row: int, event: events.Click) -> None:
        """See `RowView`: a click on the fold mark folds, one on the box ticks, two anywhere fold."""
        found = self._state.row(row)
        if found is None:
            return
        mark_at = 1 + indent(found.depth, self.scrollable_content_region.width)
        if event.x <= mark_at + 1 or event.chain == 2:
            self.action_toggle_fold()
        elif mark_at + 2 <= event.x <= mark_at + 3:
            self.action_toggle_task()
