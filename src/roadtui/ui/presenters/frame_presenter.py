"""Takes over from the saved frame of the last run without a flash, and saves the next one.

A frame is saved where the dashboard shows nothing but the vault: when nothing has happened for a while, and
as the program ends. By the same rule the frame that stands at a start is replaced.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from textual.geometry import Region
from textual.timer import Timer

from roadtui.session.history_service import HistoryService
from roadtui.ui.notifications import MessageLog
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.terminal.terminal_app import TerminalApp
from roadtui.ui.widgets.header import SaveState

if TYPE_CHECKING:
    from roadtui.session.frame_view import FrameView, ShownFrame
    from roadtui.session.saved_frames import FrameStore
    from roadtui.ui.presenters.views_presenter import ViewsPresenter
    from roadtui.ui.terminal.frame_takeover import WidgetLine

_LOOK_SECONDS: Final = 0.04
_MOST_SECONDS: Final = 3.0
"""So long the frame stands at most before all of it is drawn, finished or not."""
_REACTION_SECONDS: Final = 0.2
"""So long after the frame was replaced, a key is still one that was typed at the sight of the frame."""
_IDLE_SECONDS: Final = 1.0
"""Seconds without a key or a change until the frame is saved."""
_MOST_IDLE_SECONDS: Final = 20.0
"""Seconds between two looks whether the vault is read by now, at most: they get rarer."""
_LIVE: Final = ("live", "polling")
"""What the header says where the vault is followed."""


class FramePresenter:
    """The saved frame before, and the one after this run."""

    def __init__(
        self,
        app: TerminalApp[Any],
        dashboard: DashboardScreen,
        history: HistoryService,
        messages: MessageLog,
        views: Callable[[], ViewsPresenter],
        make_store: Callable[[], FrameStore],
        view: FrameView | None,
    ) -> None:
        """Make a presenter.

        Args:
            app: The program.
            dashboard: What is saved and shown.
            history: Has to have recorded what is shown.
            messages: Are no part of a frame.
            views: Gives the views in the sidebar, which have to be counted.
            make_store: Makes what saves frames.
            view: What the frame on the terminal shows; None where there is none.
        """
        self._app = app
        self._dashboard = dashboard
        self._history = history
        self._messages = messages
        self._views = views
        self._make_store = make_store
        self._view = view
        self._has_keys = False
        self._keys_act = False
        self._at_first_key: tuple[int, int, int] | None = None
        """Position of the cursor, scroll and number of rows of the tree, when the first key came."""
        self._draws_note = False
        self._until = 0.0
        self._looking: Timer | None = None
        self._trusted_from = math.inf if view is not None else 0.0
        """From then on keys are typed by somebody who has seen the screen, and not only the frame."""
        self._idle: Timer | None = None
        self._idle_from = 0.0
        """When something happened last."""
        self._tries = 0
        self._saved: ShownFrame | None = None

    @cached_property
    def _store(self) -> FrameStore:
        return self._make_store()

    # Taking over

    def start(self) -> None:
        """Draw over the frame that stands on the terminal when that is right; save a new one when idle."""
        if self._app.is_taking_over:
            self._until = asyncio.get_running_loop().time() + _MOST_SECONDS
            self._looking = self._app.set_interval(_LOOK_SECONDS, self._look)
        else:
            self._frame_is_over()
        for signal in (
            self._dashboard.view_changed,
            self._dashboard.report.changed,
            self._dashboard.header.changed,
        ):
            signal.subscribe(self._dashboard, lambda _: self.restart_idle())
        self.restart_idle()

    def _look(self) -> None:
        self._draws_note = self._has_keys
        self._app.draw_over_frame()
        if not self._app.is_taking_over and self._looking is not None:
            self._looking.stop()
            self._frame_is_over()

    def _frame_is_over(self) -> None:
        if self._view is not None:
            self._trusted_from = asyncio.get_running_loop().time() + _REACTION_SECONDS

    def takes_key(self) -> bool:
        """Whether a key acts: not on another note, or another row of it, than the frame shows."""
        self.restart_idle()
        if asyncio.get_running_loop().time() >= self._trusted_from:
            return True  # There may be no tree yet.
        if not self._has_keys:
            self._has_keys = True
            self._at_first_key = self._tree_looks()
            self._keys_act = self._shows_the_same()
        return self._keys_act

    def _shows_the_same(self) -> bool:
        """Whether the tree shows the note of the frame, with its cursor and its folds."""
        from roadtui.session.outline.saved_positions import position_of  # The tree has imported it.

        tree, view = self._dashboard.task_tree, self._view
        if view is None or tree.note is None or tree.current_row != tree.outline_state.cursor:
            return False
        position = position_of(tree.outline_state)._replace(above=view.position.above)
        return (tree.note.path, tree.note.digest, position) == view

    def parts_drawn(self) -> Sequence[Region | WidgetLine] | None:
        """The parts of the screen that are drawn in place of the frame; None for all of it."""
        dashboard = self._dashboard
        if self._until and asyncio.get_running_loop().time() > self._until:
            return None
        if self._is_disturbed() or self._is_settled():
            return None
        if not self._has_keys:
            return ()
        if not self._draws_note:
            return self._moved_rows()
        return [dashboard.panes.note.region, dashboard.query_one("KeyFooter").region]

    def _tree_looks(self) -> tuple[int, int, int]:
        tree = self._dashboard.task_tree
        return tree.cursor, tree.scroll_offset.y, tree.row_count()

    def _moved_rows(self) -> Sequence[WidgetLine]:
        """The two rows that the first key has moved the cursor between, where it has done nothing else.

        They are drawn in a few milliseconds, and the rest of the note a moment later.
        """
        now, before = self._tree_looks(), self._at_first_key
        if before is None or now[0] == before[0] or now[1:] != before[1:]:
            return ()
        from roadtui.ui.terminal.frame_takeover import WidgetLine  # A frame stands, so it is imported.

        tree = self._dashboard.task_tree
        lines = (cursor - now[1] for cursor in (before[0], now[0]))
        return [WidgetLine(tree, line) for line in lines if 0 <= line < tree.size.height]

    def _is_disturbed(self) -> bool:
        """Whether there is something to be seen that no frame shows."""
        dashboard, header = self._dashboard, self._dashboard.header.state
        if not self._until:
            return False  # The screen is not complete.
        tree, view = dashboard.task_tree, self._view
        return (
            self._app.screen is not dashboard
            or self._messages.shown is not None
            or not tree.has_focus
            or bool(tree.glowing)
            or view is None
            or tree.note is None
            or tree.note.digest != view.digest
            or header.saving is not SaveState.NOTHING
        )

    def _is_settled(self) -> bool:
        """Whether all that the dashboard shows of the vault is read, recorded and drawn."""
        dashboard = self._dashboard
        header, snapshot = dashboard.header.state, dashboard.view.snapshot
        return (
            snapshot.is_complete
            and header.watching in _LIVE
            and self._history.is_recorded
            and self._views().is_up_to_date
            and dashboard.panes.progress.is_up_to_date
        )

    # Saving

    def restart_idle(self) -> None:
        """Something has happened."""
        self._idle_from = asyncio.get_running_loop().time()
        self._tries = 0
        if self._idle is None:
            self._idle = self._app.set_timer(_IDLE_SECONDS, self._save_when_idle)

    async def _save_when_idle(self) -> None:
        self._idle = None
        left = self._idle_from + _IDLE_SECONDS - asyncio.get_running_loop().time()
        if left <= 0 and (self._app.is_taking_over or not self._is_settled()):
            self._tries += 1
            left = min(self._tries * _IDLE_SECONDS, _MOST_IDLE_SECONDS)
        if left > 0:
            self._idle = self._app.set_timer(left, self._save_when_idle)
            return
        if self._messages.shown is not None:
            return
        header = self._dashboard.header.state
        if header.saving is SaveState.NOTHING and self._is_plain():
            shown = self._shown()
            if shown is not None and shown != self._saved:
                self._saved = shown
                await asyncio.to_thread(self._store.save, shown, self._views().are_saved)

    def capture(self) -> None:
        """Remember what is shown as the program ends, without what the next start does not show."""
        self._saved = None
        if self._is_plain():
            self._messages.dismiss()
            self._dashboard.header.update(saving=SaveState.NOTHING, saved_at="")
            self._saved = self._shown()

    def save(self) -> None:
        """Save what was captured, once the terminal is restored."""
        if self._saved is not None:
            self._store.save(self._saved, self._views().are_saved)

    def _is_plain(self) -> bool:
        """Whether the dashboard shows the vault alone: nothing is selected, filtered or on its way."""
        dashboard, header = self._dashboard, self._dashboard.header.state
        if self._app.screen is not dashboard or not self._is_settled():
            return False
        tree = dashboard.task_tree
        return (
            tree.has_focus
            and dashboard.panes.preview is None
            and not tree.outline_state.selection
            and tree.outline_state is tree.outline_state.unfiltered
            and not (tree.symbols.pending or tree.ahead.is_shown or tree.glowing or tree.gap.lines)
            and not dashboard.is_typing
            and header.round is None
            and header.saving in (SaveState.NOTHING, SaveState.SAVED)
            and not any(note.label for note in dashboard.view.snapshot.notes.values())
        )

    def _shown_view(self) -> FrameView | None:
        from roadtui.session.frame_view import FrameView
        from roadtui.session.outline.saved_positions import position_of  # The tree has imported it.

        tree = self._dashboard.task_tree
        if tree.note is None:
            return None
        tree.store_position()
        return FrameView(tree.note.path, tree.note.digest, position_of(tree.outline_state))

    def _shown(self) -> ShownFrame | None:
        from roadtui.session.frame_view import ShownFrame  # After the first screen.
        from roadtui.ui.terminal.frame_takeover import cells_of

        view = self._shown_view()
        if view is None:
            return None
        cells = "".join(cells.placed_text for cells in cells_of(self._dashboard))
        columns, rows = self._app.size
        return ShownFrame(cells, (columns, rows), view, self._dashboard.view.snapshot)
