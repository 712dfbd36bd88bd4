"""The note as a tree: headings and tasks, folded and unfolded, ticked."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.note import Note, Task
from roadtui.core.outline import Outline, outline
from roadtui.session.outline.note_positions import NotePositions
from roadtui.session.outline.outline_state import OutlineState, changed_rows
from roadtui.session.outline.pending_outline import PendingOutline
from roadtui.session.outline.saved_positions import ViewPosition
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.glowing_rows import GlowingRows
from roadtui.ui.widgets.outline_tree import SelectableOutline
from roadtui.ui.widgets.rows.badges import RowBadges
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.measure import ColumnMeter
from roadtui.ui.widgets.rows.prepared_row import PreparedRows
from roadtui.ui.widgets.shown_symbols import ShownSymbols
from roadtui.ui.widgets.task_row import RowLook, TaskRowRenderer, indent, row_look
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.session.outline.predicted_outline import Prediction


class TaskTree(SelectableOutline, inherit_bindings=False):
    """The tree of one note."""

    HELP_SCOPE: ClassVar[Scope] = Scope.TREE

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_in(Scope.TREE, Scope.SELECTION, Scope.OUTLINE, Scope.LIST)
    ]

    note: var[VaultNote | None] = var(None)
    display_context: reactive[TaskDisplayContext | None] = reactive(None)
    is_steered: var[bool] = var(False)
    """Whether keys that are pressed in another widget move the cursor."""

    @dataclass(eq=False)
    class ToggleRequested(Message):
        """The user wants to tick or untick tasks."""

        note: VaultNote
        tasks: Sequence[Task]
        seen: Sequence[str]
        """The status symbol of each, as it was on the screen."""

    class PendingChanged(Message):
        """Other status symbols are shown ahead of the note."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._awaits_height = False
        """Whether the note is still to be scrolled, as it was opened before the first layout."""
        self.note_positions = NotePositions()
        """Where the user was in the notes when they were left."""
        self._prepared_rows = PreparedRows()
        self.symbols = ShownSymbols(
            lambda: self.note,
            lambda: self._state.outline,
            self._redrawing,
            lambda: self.post_message(self.PendingChanged()),
        )
        """The status symbols of the rows."""
        self.ahead = PendingOutline(
            lambda: (self.note, self._state),
            self._show_predicted,
            lambda state: self.show(state.note, state.rows, from_outside=state.from_outside),
        )
        """The rows that are shown before the note has them."""
        self._parse: Note | None = None
        """The parse that the rows are of: as long as it is held, the note is not parsed to other objects."""
        self.glowing = GlowingRows(self, self._redrawing)
        """The highlighted rows."""
        self.badges = RowBadges(self._redrawing)
        """What has changed of the rows since the last look."""
        self._meter = ColumnMeter()

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
        if note is before and not self.ahead.is_shown:
            return
        if self.ahead.keeps(note, rows, from_outside=from_outside):
            return
        stays = before is not None and note is not None and before.path == note.path
        self._leave(for_another_note=not stays)
        with self._redrawing():
            self.set_reactive(TaskTree.note, note)
            self._parse = note.note if note is not None else None
            if note is None:
                self._state = OutlineState()
            else:
                self._enter(note, rows or outline(note.note), stays=stays, glows=from_outside)
            self.badges.enter(note, self._state.outline)
        self._return_to_position()
        self.ahead.ended()
        self.post_selection()

    def _show_predicted(self, prediction: Prediction) -> None:
        """Show the rows of `prediction` ahead of the note."""
        assert self.note is not None, "rows are predicted of a note"
        self.store_position()
        had_selection = bool(self._state.selection)
        with self._redrawing():
            self._state = self._state.mapped(prediction.outline, prediction.became)
            self.symbols.follow(self.note.path, prediction.became)
            self.glowing.follow(prediction.became)
            self.badges.follow(prediction.became)
            if prediction.focus is not None:
                self._state.reveal(prediction.focus)
                self._state.cursor = prediction.focus
        self._return_to_position()
        if had_selection:
            self.post_selection()

    def _return_to_position(self) -> None:
        """Scroll and put the cursor to where they were left."""
        self.scroll_to(y=self._state.scroll, animate=False, immediate=True)
        self._select(self._state.position(self._state.cursor))

    def on_unmount(self) -> None:
        """Show nothing any more."""
        self.ahead.close()

    def on_resize(self) -> None:
        """Scroll a note that was opened before the height was known."""
        if self._awaits_height and self.size.height:
            self._awaits_height = False
            if self.note_positions.is_as_opened(self._state, self.current_row):
                self._state.scroll = self._state.scroll_to_cursor(self.size.height)
            self.scroll_to(y=self._state.scroll, animate=False, immediate=True)
            self.keep_in_sight(self.cursor)

    def _enter(self, note: VaultNote, rows: Outline, *, stays: bool, glows: bool) -> None:
        """Restore the position in `note`; `stays`: it is on the screen already."""
        if not stays:
            self.glowing.clear()
            self.badges.clear()
            self.note_positions.enter_another()
        known = self.note_positions.of_this_run(note.path)
        if known is None:
            self._state = self.note_positions.open(note, rows, self.size.height)
            self._awaits_height = not self.size.height
            return
        self._state, became = known.followed(rows)
        self.symbols.follow(note.path, became)
        if stays:
            self.glowing.follow(became)
            self.badges.follow(became)
            if glows:
                self.glowing.add(changed_rows(known.outline, rows, became))

    def rename(self, old: str, new: str) -> None:
        """Keep the position in the note at `old`, which is now at `new`."""
        self.ahead.drop()
        self._leave()
        if self.note is not None and self.note.path == old:
            self.set_reactive(TaskTree.note, replace(self.note, path=new))
        self.note_positions.rename(old, new)
        self.symbols.rename(old, new)

    def _leave(self, *, for_another_note: bool = False) -> None:
        """Store the position in the note that is on the screen. A filter is kept as long as its note is."""
        if self.note is not None and (self._state.shown or self._state is not self._state.unfiltered):
            self.store_position()
            state = self._state.unfiltered if for_another_note else self._state
            self.note_positions.leave(self.note.path, state)

    def restore_positions(self, positions: Mapping[str, ViewPosition]) -> None:
        """Restore the positions of an earlier run, in notes that the user has not moved in since."""
        self.note_positions.use_saved(positions)
        if self.note is None or not self.note_positions.is_as_opened(self._state, self.current_row):
            return
        restored = self.note_positions.restored(self.note.path, self._state.outline)
        if restored is not None:
            self._state = restored
            self.rows_changed()
            self._return_to_position()

    def positions(self) -> dict[str, ViewPosition]:
        """The position in each note that was shown in this run."""
        self._leave()
        return self.note_positions.to_save()

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

    def _looks(self) -> list[Hashable]:
        """A key for each visible row: rows with equal keys look the same."""
        rows = self.rows_on_screen
        if self.note is None or self.display_context is None:
            return [None] * len(rows)
        progress, state = self.note.note_progress, self._state
        columns = self._meter.columns(self.note, self.display_context, self.scrollable_content_region.width)
        return [
            row
            and row_look(
                row,
                progress,
                self._fold_mark(row),
                self.symbols.of_row(row),
                is_selected=row.index in state.selection,
                is_context=state.is_context(row.index),
                is_glowing=row.index in self.glowing,
                badge=self.badges.of_row(row, state),
                columns=columns,
            )
            for row in rows
        ]

    @contextmanager
    def _redrawing(self) -> Iterator[None]:
        """Redraw, at the end, the visible rows that look different than before."""
        looks = self._looks()
        yield
        if self.gap.lines or self.virtual_size.height != len(self._state.shown):
            self.rows_changed()
            return
        top = self.scroll_offset.y
        for at, (before, now) in enumerate(zip(looks, self._looks(), strict=True)):
            if before != now:
                self.refresh_row(top + at)

    # Rows

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        found = self._state.row(row)
        if found is None:
            return None
        return text_styles.glow if found.index in self.glowing else super().row_background(row, text_styles)

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        found = self._state.row(row)
        if found is None or found.content is None or self.note is None or self.display_context is None:
            return Strip.blank(width)
        renderer = TaskRowRenderer(
            self.note.note_progress,
            self.display_context,
            text_styles,
            self._meter.columns(self.note, self.display_context, width),
            self.note.path,
        )
        look = RowLook(
            self._fold_mark(found),
            self.symbols.of_row(found),
            row == self.cursor,
            found.index in self._state.selection,
            self._state.is_context(found.index),
            self.badges.of_row(found, self._state),
        )
        key, prepare = (found.content, found.depth, look), partial(renderer.prepare, found, look)
        return self._prepared_rows.get(renderer, key, prepare).strip(self._state.letters)

    # Actions

    def action_toggle_task(self) -> None:
        """Request that the selected tasks, or the one under the cursor, are ticked or unticked."""
        tasks = [content for content in self.selected if isinstance(content, Task)]
        if self.note is not None and tasks:
            self.post_message(self.ToggleRequested(self.note, tasks, self.symbols.of_tasks(tasks)))

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
            self.post_message(self.ToggleRequested(self.note, [found.content], [self.symbols.of_row(found)]))
