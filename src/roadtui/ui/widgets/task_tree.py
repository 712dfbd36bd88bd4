"""The note as a tree: headings and tasks, folded and unfolded, ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Outline, Row, follow, outline
from roadtui.ui.inks import Inks
from roadtui.ui.widgets.row_view import RowView
from roadtui.ui.widgets.task_painter import Reading, TaskPainter, indent
from roadtui.vault.snapshot import VaultNote

_GLOW_SECONDS = 1.2


@dataclass(slots=True)
class Place:
    """Where the user is in one note: kept while other notes are shown."""

    outline: Outline
    folded: set[int] = field(default_factory=set)
    cursor: int = 0
    """Index of a row of `outline`."""
    scroll: int = 0


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
        self._place = Place(Outline((), ()))
        self._places: dict[str, Place] = {}
        self._shown: list[int] = []
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
        self.set_reactive(TaskTree.note, note)
        self._pending.clear()
        if note is None:
            self._place = Place(Outline((), ()))
            self._redraw()
            return
        rows = outline(note.note)
        known = self._places.get(note.path)
        if known is None:
            self._place = Place(rows)
            self._redraw()
            self.set_reactive(RowView.cursor, 0)
            self.scroll_to(y=0, animate=False, immediate=True)
            self._select(0)
        else:
            self._follow(known, rows, glow=from_outside and before is not None and before.path == note.path)

    def rename(self, old: str, new: str) -> None:
        """The note at `old` is now at `new`: remember its place under its new path."""
        self._leave()
        if old in self._places:
            self._places[new] = self._places.pop(old)

    def _leave(self) -> None:
        """Remember where the user was in the note that is on screen."""
        if self.note is not None and self._place.outline.rows:
            self._place.cursor = self._row_index(self.cursor)
            self._place.scroll = self.scroll_offset.y
            self._places[self.note.path] = self._place

    def _follow(self, known: Place, rows: Outline, *, glow: bool) -> None:
        """Come back to `known` in a note whose rows are now `rows`."""
        mapped = follow(known.outline, rows)
        folded = {mapped[index] for index in known.folded if index in mapped}
        offset = self._screen_offset(known)
        cursor = self._surviving(known, mapped)
        if glow:
            self._glow(known.outline, rows, mapped)
        self._place = Place(rows, folded, cursor)
        self._redraw()
        position = self._position(cursor)
        self.scroll_to(y=max(0, position - offset), animate=False, immediate=True)
        self._select(position)

    def _screen_offset(self, place: Place) -> int:
        """How far below the top of the pane the cursor of `place` was."""
        shown_rows = place.outline.visible(place.folded)
        position = shown_rows.index(place.cursor) if place.cursor in shown_rows else 0
        return position - place.scroll

    def _surviving(self, place: Place, mapped: dict[int, int]) -> int:
        """The new row of the cursor's row; of the nearest row above that is still there where it is gone."""
        return next((mapped[index] for index in range(place.cursor, -1, -1) if index in mapped), 0)

    def _glow(self, before: Outline, after: Outline, mapped: dict[int, int]) -> None:
        came_from = {new: old for old, new in mapped.items()}
        for at, now in enumerate(after.rows):
            old = came_from.get(at)
            if isinstance(now.content, ListItem) and (
                old is None or _source(before.rows[old]) != now.content.source
            ):
                self._glowing.add(id(now.content))
        if self._glowing:
            self.set_timer(_GLOW_SECONDS, self._stop_glowing)

    def _stop_glowing(self) -> None:
        self._glowing.clear()
        self.refresh()

    def _redraw(self) -> None:
        self._shown = self._place.outline.visible(self._place.folded)
        self.rows_changed()

    def _select(self, position: int) -> None:
        """Put the cursor on a row that may have stayed the same number and become another row."""
        before = self.cursor
        self.move_to(position)
        if self.cursor == before:
            self.keep_in_sight(before)
            self.post_message(self.CursorMoved(self))

    def _row_index(self, position: int) -> int:
        return self._shown[position] if 0 <= position < len(self._shown) else 0

    def _position(self, index: int) -> int:
        """Where a row, or the nearest open row around it, stands among the rows that show."""
        hidden_by = {index, *self._place.outline.ancestors(index)}
        return max((at for at, shown_index in enumerate(self._shown) if shown_index in hidden_by), default=0)

    # What the cursor is on

    @property
    def current(self) -> Section | ListItem | None:
        """The heading or item under the cursor."""
        found = self._current_row
        return found.content if found is not None else None

    @property
    def _current_row(self) -> Row | None:
        if not self._shown:
            return None
        return self._place.outline.rows[self._row_index(self.cursor)]

    def go_to_line(self, line: int) -> None:
        """Put the cursor on the row of `line` (from 0), unfolding what hides it."""
        index = self._place.outline.at_line(line)
        if index is None:
            return
        self._place.folded -= set(self._place.outline.ancestors(index))
        self._redraw()
        self._select(self._position(index))

    # Pending ticks

    def mark_pending(self, task: Task, mark: str) -> None:
        """Show `mark` in `task`'s box until the note is shown anew: the write is under way."""
        self._pending[task.index] = mark
        self.refresh()

    def drop_pending(self) -> None:
        """Show what the note says: the write was refused."""
        self._pending.clear()
        self.refresh()

    def _mark(self, task: Task) -> str:
        return self._pending.get(task.index, task.mark)

    # Rows

    def row_count(self) -> int:
        """See `RowView`."""
        return len(self._shown)

    def is_stop(self, row: int) -> bool:
        """See `RowView`: blank rows are passed over."""
        return self._place.outline.rows[self._shown[row]].content is not None

    def row_ground(self, row: int, inks: Inks) -> Style | None:
        """See `RowView`."""
        content = self._place.outline.rows[self._shown[row]].content
        return inks.glow if id(content) in self._glowing else None

    def draw_row(self, row: int, width: int, inks: Inks) -> Strip:
        """See `RowView`."""
        index = self._shown[row]
        tree_row = self._place.outline.rows[index]
        if self.note is None or self.reading is None:
            return Strip.blank(width)
        fold = " "
        if self._place.outline.has_children(index):
            fold = "▸" if index in self._place.folded else "▾"
        painter = TaskPainter(self.note.tally, self.reading, inks, width)
        mark = self._mark(tree_row.content) if isinstance(tree_row.content, Task) else ""
        return painter.draw(tree_row, fold, mark, is_current=row == self.cursor)

    # Actions

    def action_toggle_task(self) -> None:
        """Ask for the task under the cursor to be ticked or unticked."""
        if self.note is not None and isinstance(task := self.current, Task):
            self.post_message(self.ToggleRequested(self.note, task, self._mark(task)))

    def _set_folded(self, indexes: Iterable[int], *, folded: bool) -> None:
        current = self._row_index(self.cursor)
        if folded:
            self._place.folded.update(indexes)
        else:
            self._place.folded.difference_update(indexes)
        self._redraw()
        self._select(self._position(current))

    def action_fold(self) -> None:
        """Fold the row; where there is nothing to fold, go to its parent."""
        current = self._row_index(self.cursor)
        if self._place.outline.has_children(current) and current not in self._place.folded:
            self._set_folded([current], folded=True)
        elif (parent := self._place.outline.rows[current].parent) >= 0:
            self._select(self._position(parent))

    def action_unfold(self) -> None:
        """Unfold the row; where it is open, go to its first child."""
        current = self._row_index(self.cursor)
        if current in self._place.folded:
            self._set_folded([current], folded=False)
        elif self._shown and self._place.outline.has_children(current):
            self.action_move(1)

    def action_toggle_fold(self) -> None:
        """Fold an open row, unfold a folded one."""
        current = self._row_index(self.cursor)
        if self._shown and self._place.outline.has_children(current):
            self._set_folded([current], folded=current not in self._place.folded)

    def action_fold_all(self) -> None:
        """Fold every row that has something below it."""
        self._set_folded(self._place.outline.parents, folded=True)

    def action_unfold_all(self) -> None:
        """Unfold every row."""
        self._set_folded(list(self._place.folded), folded=False)

    def action_section(self, step: int) -> None:
        """Go to the next or previous heading."""
        at = self.cursor + step
        while 0 <= at < len(self._shown):
            if isinstance(self._place.outline.rows[self._shown[at]].content, Section):
                self._select(at)
                return
            at += step

    def clicked(self, row: int, event: events.Click) -> None:
        """See `RowView`: a click on the fold mark folds, one on the box ticks, two anywhere fold."""
        index = self._shown[row]
        tree_row = self._place.outline.rows[index]
        mark_at = 1 + indent(tree_row.depth, self.scrollable_content_region.width)
        if self._place.outline.has_children(index) and (event.x <= mark_at + 1 or event.chain == 2):
            self.action_toggle_fold()
        elif isinstance(tree_row.content, Task) and mark_at + 2 <= event.x <= mark_at + 3:
            self.action_toggle_task()


def _source(tree_row: Row) -> str | None:
    return tree_row.content.source if isinstance(tree_row.content, ListItem) else None
