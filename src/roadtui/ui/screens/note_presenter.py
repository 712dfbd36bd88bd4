"""Shows the open note in its pane while the vault changes, and leads back to where the user was."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.timer import Timer

from roadtui.core.outline import Outline
from roadtui.session.outline.opening_state import opening_state
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.tracking.open_note import ShownNote
from roadtui.session.view_model import DashboardModel
from roadtui.ui.messages import KeyRefused
from roadtui.ui.widgets.panes import Panes
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.session.empty_states import EmptyStateText
    from roadtui.session.navigation.navigation_history import NavigationHistory, VisitedPlace


class NotePresenter:
    """Which note is open, and where the user was before."""

    def __init__(
        self,
        screen: Screen[Any],
        panes: Callable[[], Panes],
        view: DashboardModel,
        first: str | None,
        inbox: str,
        clock: Callable[[], float],
        shown: Callable[[], None],
        check_again: Callable[[], None],
    ) -> None:
        """Make a presenter.

        Args:
            screen: The screen of the panes.
            panes: Gives the panes; not asked before the screen is composed.
            view: What is known of the vault already.
            first: Path of the note to show; None for the one with the best next action.
            inbox: Path of the note that quick capture writes.
            clock: Gives seconds that never step back.
            shown: Called when another note is shown, or the same in a new state.
            check_again: Called after a while in which a note that is gone may have come back.
        """
        self._screen = screen
        self._panes = panes
        self.view = view
        """The vault as the note is shown in it."""
        self._shown_note = ShownNote(first)
        self.inbox = inbox
        """Path of the note that quick capture writes."""
        self._clock = clock
        self._shown = shown
        self._check_again = check_again
        self._next_check: Timer | None = None
        self._has_jumped = False
        self._before_preview: VisitedPlace | None = None
        """Where the user was before the sidebar showed another note; None if it has not."""

    @property
    def path(self) -> str | None:
        """Path of the open note."""
        return self._shown_note.path

    @property
    def note(self) -> VaultNote | None:
        """The open note as it is, or as it was last seen."""
        return self._shown_note.note_in(self.view.snapshot)

    # The vault

    def follow(self, view: DashboardModel) -> None:
        """Follow the open note into the vault as it is now; `show` shows it."""
        before, self.view = self.view.snapshot, view
        self._follow_moves(before)
        self._shown_note.choose(view.snapshot, view.today)

    def _follow_moves(self, before: Snapshot) -> None:
        """Follow the open note when it is moved; look again later where it is gone and may come back."""
        time = self._clock()
        if self._has_jumped:
            self._visited.follow(before, self.view.snapshot, time)
        renamed = self._shown_note.follow(before, self.view.snapshot, time)
        if renamed is not None:
            self._panes().note.task_tree.rename(renamed.old, renamed.new)
        if self._next_check is not None:
            self._next_check.stop()
        seconds = self._shown_note.next_check(time)
        self._next_check = self._screen.set_timer(seconds, self._check_again) if seconds is not None else None

    def written(self, path: str, note: VaultNote | None) -> None:
        """A transaction of the user has changed `note`, or deleted it (None). Call before it is shown."""
        self._shown_note.written(path, note)

    def show(self, *, from_outside: bool = False) -> None:
        """Show the open note as it is now; `from_outside`: what has changed is highlighted."""
        note = self.note
        rows = self.view.rows_of(note) if note is not None else None
        panes = self._panes()
        panes.note.task_tree.note_positions.opening_state = self._opening_state
        panes.note.show(note, rows, self._empty_text(note), from_outside=from_outside)
        self._shown()

    def _opening_state(self, note: VaultNote, rows: Outline) -> OutlineState:
        """How `note` is shown where the user has not been in it before."""
        return opening_state(note, rows, self.view.snapshot, self.view.today)

    def _empty_text(self, note: VaultNote | None) -> EmptyStateText | None:
        """The text in place of the tree; None where the tree has something to show."""
        if note is not None and (note.has_tasks or self._shown_note.is_missed):
            return None
        from roadtui.session.empty_states import empty_note_text  # Most vaults never need it.

        return empty_note_text(self.view, self.path, self.inbox, is_begun=self._shown_note.is_begun)

    # Going to notes

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it. `go_back` leads back to here."""
        if path != self.path or line is not None:
            place = self._leave()
            if place is not None:
                self._record(place)
        self.show_line(path, line)

    def show_line(self, path: str, line: int | None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it, as after a small move."""
        self._go_to(path)
        panes = self._panes()
        panes.sidebar.choose(path)
        if line is not None:
            panes.note.task_tree.go_to_line(line)
        preview = panes.preview
        if preview is None or not self._screen.is_current or not preview.view.has_focus:
            panes.focus_note()  # Who reads in the preview follows links there.

    def preview(self, path: str) -> None:
        """Show the note at `path` while the cursor passes it in the sidebar: this is no jump yet."""
        if path != self.path:
            self._before_preview = self._before_preview or self._place()
            self._go_to(path)

    def end_preview(self) -> None:
        """The note has the focus again: if it is another one than before the sidebar, that was a jump."""
        before, self._before_preview = self._before_preview, None
        if before is not None and before.path != self.path:
            self._record(before)

    def _go_to(self, path: str) -> None:
        self._shown_note.go_to(path)
        self.show()

    # Going back

    @cached_property
    def _visited(self) -> NavigationHistory:
        """Where the user was, to go back to."""
        from roadtui.session.navigation.navigation_history import NavigationHistory  # With the first jump.

        return NavigationHistory()

    def _leave(self) -> VisitedPlace | None:
        """The place that the user leaves: the one before the sidebar showed other notes, if it did."""
        place, self._before_preview = self._before_preview or self._place(), None
        return place

    def _place(self) -> VisitedPlace | None:
        """Where the user is; None where no note is shown."""
        tree = self._panes().note.task_tree
        if tree.note is None:
            return None
        from roadtui.session.navigation.navigation_history import VisitedPlace  # With the first jump.

        tree.store_position()
        return VisitedPlace(tree.note.path, tree.outline_state.copy())

    def _record(self, left: VisitedPlace) -> None:
        self._has_jumped = True
        self._visited.record(left)

    def go_back(self) -> None:
        """Go back to where the user was before the last jump."""
        self._return(self._visited.back, "Nothing to go back to.")

    def go_forward(self) -> None:
        """Go to where the user was before going back."""
        self._return(self._visited.forward, "Nothing to go forward to.")

    def leave_deleted_note(self) -> None:
        """Go back to where the user was before the open note was created."""
        place = self._visited.back(None, self.view.snapshot)
        if place is not None:
            self._return_to(place)

    def _return(
        self, step: Callable[[VisitedPlace | None, Snapshot], VisitedPlace | None], nothing: str
    ) -> None:
        snapshot = self.view.snapshot
        self._visited.follow(snapshot, snapshot, self._clock())
        place = step(self._leave(), snapshot)
        if place is None:
            self._screen.post_message(KeyRefused(nothing))
        else:
            self._return_to(place)

    def _return_to(self, place: VisitedPlace) -> None:
        """Restore cursor, folds and scroll of `place`; where its note is filtered, only the cursor."""
        self.show_line(place.path, None)
        tree = self._panes().note.task_tree
        state, _ = place.state.followed(tree.outline_state.outline)
        if tree.outline_state is not tree.outline_state.unfiltered:
            tree.go_to_row(state.cursor)
        else:
            state.selection = tree.outline_state.selection
            tree.show_state(state)
