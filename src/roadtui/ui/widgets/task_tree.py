"""The note as a tree: headings and tasks, folded and unfolded, ticked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.timer import Timer
from typing_extensions import override

from roadtui.core.links import may_have_links
from roadtui.core.note import Section, Task
from roadtui.core.outline import Outline, Row, outline
from roadtui.session.outline.outline_state import OutlineState, RowMapping, changed_rows
from roadtui.session.outline.saved_positions import ViewPosition, position_of, restore_position
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.outline_tree import SelectableOutline
from roadtui.ui.widgets.task_row import TaskDisplayContext, TaskRowRenderer, indent
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.session.navigation.navigation_history import VisitedPlace

_GLOW_SECONDS = 1.2


class _PendingStatus(NamedTuple):
    """A status that is shown before its write is on disk."""

    key: object
    path: str
    row: int
    status_symbol: str


def _mapped(writes: Iterable[_PendingStatus], path: str, became: RowMapping) -> Iterator[_PendingStatus]:
    """`writes` with the rows that they have after the note at `path` has changed."""
    for write in writes:
        if write.path != path:
            yield write
        elif write.row in became:
            yield write._replace(row=became[write.row])


class TaskTree(SelectableOutline, inherit_bindings=False):
    """The tree of one note."""

    BINDING_GROUP_TITLE = "Tree"
    HELP = """
Headings and tasks of one note. A bar shows what is done (green) and what is in progress (amber).

- `space` ticks a task, or unticks it: the note on disk changes at once. `u` undoes it.
- `h` and `l` fold and unfold; `h` on a folded row goes to its parent. `z` folds all, `Z` unfolds all.
- `enter` follows the link of a row, and folds a row without one. `backspace` goes back, `F` forward again.
- `[` and `]` jump from section to section.
- `m` selects a row, `M` all rows down to the cursor: the next command applies to all. `esc` deselects them.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_in(Scope.TREE, Scope.SELECTION, Scope.OUTLINE, Scope.LIST)
    ]

    note: var[VaultNote | None] = var(None)
    display_context: var[TaskDisplayContext | None] = var(None)
    is_steered: var[bool] = var(False)
    """Whether keys that are pressed in another widget move the cursor."""

    @dataclass(eq=False)
    class ToggleRequested(Message):
        """The user wants to tick or untick tasks."""

        note: VaultNote
        tasks: Sequence[Task]
        seen: Sequence[str]
        """The status symbol of each, as it was on the screen."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._states: dict[str, OutlineState] = {}
        self._positions: Mapping[str, ViewPosition] = {}
        self._pending: list[_PendingStatus] = []
        self._glowing: set[int] = set()
        self._glow_timer: Timer | None = None

    # What is shown

    def show(
        self, note: VaultNote | None, rows: Outline | None = None, *, from_outside: bool = False
    ) -> None:
        """Show `note`: where it is the same note in a new state, cursor, folds and scroll stay on their rows.

        Args:
            note: The note as it now is; None for an empty pane.
            rows: Its outline, where it is made already.
            from_outside: Whether what differs was done by somebody else, and glows.
        """
        before = self.note
        if note is before:
            return
        stays = before is not None and note is not None and before.path == note.path
        self._leave(for_another_note=not stays)
        looks = self._looks()
        self.set_reactive(TaskTree.note, note)
        if note is None:
            self._state = OutlineState()
        else:
            self._enter(note, rows or outline(note.note), stays=stays, glows=from_outside)
        self._draw_changed(looks)
        self._return_to_position()
        self.post_selection()

    def _return_to_position(self) -> None:
        """Scroll and put the cursor to where they were left."""
        self.scroll_to(y=self._state.scroll, animate=False, immediate=True)
        self._select(self._state.position(self._state.cursor))

    def _enter(self, note: VaultNote, rows: Outline, *, stays: bool, glows: bool) -> None:
        """Restore the position in `note`; `stays`: it is on the screen already."""
        if not stays:
            self._glowing.clear()
        known = self._states.get(note.path)
        if known is None:
            position = self._positions.get(note.path)
            self._state = restore_position(position, rows) if position is not None else OutlineState(rows)
            return
        self._state, became = known.followed(rows)
        self._pending = list(_mapped(self._pending, note.path, became))
        if stays:
            self._glowing = {became[row] for row in self._glowing if row in became}
            if glows:
                self._glow(changed_rows(known.outline, rows, became))

    @property
    def may_have_links(self) -> bool:
        """Whether the row under the cursor may have a link."""
        return (
            self.note is not None
            and self.current is not None
            and may_have_links(self.note.note, self.current)
        )

    def rename(self, old: str, new: str) -> None:
        """Keep the position in the note at `old`, which is now at `new`."""
        self._leave()
        if self.note is not None and self.note.path == old:
            self.set_reactive(TaskTree.note, replace(self.note, path=new))
        if old in self._states:
            self._states[new] = self._states.pop(old)
        self._pending = [write._replace(path=new) if write.path == old else write for write in self._pending]

    def _leave(self, *, for_another_note: bool = False) -> None:
        """Store the position in the note that is on the screen. A filter is kept as long as its note is."""
        if self.note is not None and (self._state.shown or self._state is not self._state.unfiltered):
            self._state.leave(self.cursor, self.scroll_offset.y)
            self._states[self.note.path] = self._state.unfiltered if for_another_note else self._state

    def restore_positions(self, positions: Mapping[str, ViewPosition]) -> None:
        """Restore the positions of an earlier run, in notes that the user has not moved in since."""
        self._positions = positions
        position = positions.get(self.note.path) if self.note is not None else None
        if position is None or self.cursor or self._state.folded or self._state is not self._state.unfiltered:
            return
        self._state = restore_position(position, self._state.outline)
        self.rows_changed()
        self._return_to_position()

    @property
    def place(self) -> VisitedPlace | None:
        """Where the user is, to go back to it later; None where no note is shown."""
        if self.note is None:
            return None
        from roadtui.session.navigation.navigation_history import VisitedPlace  # With the first jump.

        self._state.leave(self.cursor, self.scroll_offset.y)
        return VisitedPlace(self.note.path, self._state.copy())

    def return_to(self, place: VisitedPlace) -> None:
        """Restore cursor, folds and scroll of `place`, which is in the note that is shown.

        Where the note is filtered, only the cursor.
        """
        state, _ = place.state.followed(self._state.outline)
        if self._state is not self._state.unfiltered:
            self.go_to_row(state.cursor)
            return
        state.selection = self._state.selection
        self._state = state
        self.rows_changed()
        self._return_to_position()

    def positions(self) -> dict[str, ViewPosition]:
        """The position in each note that was shown in this run."""
        self._leave()
        return {path: position_of(state.unfiltered) for path, state in self._states.items()}

    # Filtering

    @property
    def outline_state(self) -> OutlineState:
        """Which rows are shown; with the position as it was stored last."""
        return self._state

    def store_position(self) -> None:
        """Store in the state where the cursor and the scroll are now."""
        self._state.leave(self.cursor, self.scroll_offset.y)

    def show_state(self, state: OutlineState, *, exactly: bool = False) -> None:
        """Show the note with the rows and at the position of `state`.

        `exactly`: scrolled as it was left, even where the cursor is out of sight.
        """
        self._state = state
        self.rows_changed()
        self._return_to_position()
        if exactly:
            self.scroll_to(y=state.scroll, animate=False, immediate=True)
        if state.selection:
            self.post_selection()

    @property
    @override
    def has_keys(self) -> bool:
        return self.has_focus or self.is_steered

    def watch_is_steered(self) -> None:
        """Show the cursor as one that keys move, or not."""
        self.refresh_row(self.cursor)

    # Pending and changed rows

    def highlight(self, sections: Iterable[Section]) -> None:
        """Highlight the headings of `sections` for a moment, if they are on the screen."""
        looks = self._looks()
        found = (self._state.row_of(section) for section in sections)
        self._glow(row for row in found if row is not None)
        self._draw_changed(looks)

    def _glow(self, rows: Iterable[int]) -> None:
        """Highlight `rows` for a moment."""
        self._glowing.update(rows)
        if self._glowing:
            if self._glow_timer is not None:
                self._glow_timer.stop()
            self._glow_timer = self.set_timer(_GLOW_SECONDS, self._stop_glowing)

    def _stop_glowing(self) -> None:
        looks = self._looks()
        self._glowing.clear()
        self._draw_changed(looks)

    def show_pending(self, key: object, note: VaultNote, task: Task, mark: str) -> None:
        """Show the status symbol `mark` for `task` until `clear_pending(key)`, while it is being written."""
        row = self._state.row_of(task) if note is self.note else None
        if row is not None:
            looks = self._looks()
            self._pending.append(_PendingStatus(key, note.path, row, mark))
            self._draw_changed(looks)

    def clear_pending(self, key: object) -> None:
        """Show the status symbols of the note again, as the write of `key` has ended."""
        looks = self._looks()
        self._pending = [write for write in self._pending if write.key is not key]
        self._draw_changed(looks)

    def _mark(self, row: Row) -> str:
        """The status symbol shown for `row`, which may be ahead of the note; empty if it is not a task."""
        if self.note is None or not isinstance(row.content, Task):
            return ""
        for write in reversed(self._pending):
            if write.row == row.index and write.path == self.note.path:
                return write.status_symbol
        return row.content.status_symbol

    def _looks(self) -> list[Hashable]:
        """A key for each visible row: rows with equal keys look the same."""
        top = self.scroll_offset.y
        return [self._look(position) for position in range(top, top + self.size.height)]

    def _look(self, position: int) -> Hashable:
        row = self._state.row(position)
        if row is None or row.content is None or self.note is None:
            return None
        frame = (
            row.depth,
            self._fold_mark(row),
            row.index in self._state.selection,
            self._state.is_context(row.index),
        )
        content = row.content
        if isinstance(content, Section):
            return (
                frame,
                content.title,
                self.note.note_progress.of_section(content),
                row.index in self._glowing,
            )
        below = self.note.note_progress.of_task(content) if isinstance(content, Task) else None
        return frame, content.source, below, self._mark(row), row.index in self._glowing

    def _draw_changed(self, looks: list[Hashable]) -> None:
        """Redraw the visible rows that no longer look like `looks`."""
        if self.gap.lines or self.virtual_size.height != len(self._state.shown):
            self.rows_changed()
            return
        top = self.scroll_offset.y
        for at, (before, now) in enumerate(zip(looks, self._looks(), strict=True)):
            if before != now:
                self.refresh_row(top + at)

    def watch_display_context(self) -> None:
        """Redraw with the new statuses, or for the new day."""
        self.refresh()

    # Rows

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        found = self._state.row(row)
        if found is None:
            return None
        return text_styles.glow if found.index in self._glowing else super().row_background(row, text_styles)

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        found = self._state.row(row)
        if found is None or self.note is None or self.display_context is None:
            return Strip.blank(width)
        painter = TaskRowRenderer(
            self.note.note_progress, self.display_context, text_styles, width, self._state.letters
        )
        return painter.draw(
            found,
            self._fold_mark(found),
            self._mark(found),
            is_current=row == self.cursor,
            is_selected=found.index in self._state.selection,
            is_context=self._state.is_context(found.index),
        )

    # Actions

    def action_toggle_task(self) -> None:
        """Request that the selected tasks, or the one under the cursor, are ticked or unticked."""
        tasks = [content for content in self.selected if isinstance(content, Task)]
        if self.note is not None and tasks:
            self.post_message(self.ToggleRequested(self.note, tasks, self.seen(tasks)))

    def seen(self, tasks: Iterable[Task]) -> list[str]:
        """The status symbols of `tasks` as they are shown, which may be ahead of the note."""
        rows = {id(row.content): row for row in self._state.outline.rows}
        return [self._mark(rows[id(task)]) if id(task) in rows else task.status_symbol for task in tasks]

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Fold by a click on the fold mark or a double click, tick by a click on the checkbox."""
        found = self._state.row(row)
        if found is None:
            return
        symbol_index = 1 + indent(found.depth, self.scrollable_content_region.width)
        if x <= symbol_index + 1 or is_double:
            self.action_toggle_fold()
        elif (
            symbol_index + 2 <= x <= symbol_index + 3
            and self.note is not None
            and isinstance(found.content, Task)
        ):
            self.post_message(self.ToggleRequested(self.note, [found.content], [self._mark(found)]))
