"""Shows the state of the vault and of the user's edits: in the dashboard, its header, and messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.core.errors import RoadtuiError
from roadtui.session.listener import SessionListener, TransactionOrigin, WriteKind, WriteRequest
from roadtui.session.view_model import DashboardModel
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.widgets.header import Reading, SaveState
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.workers import start_worker
from roadtui.vault.errors import NoteAwayError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit
    from roadtui.session.milestones import MilestoneLog
    from roadtui.ui.presenters.activity_presenter import ActivityPresenter
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.overwrite_guard import Loss, OverwrittenEdit

_PAINT_SECONDS: Final = 0.05
"""So long a write waits at most until its edit is painted as pending: done at the same time, both take twice
as long, as the writer parses the note."""

_FRAMES: Final = 2
"""So many paints show an edit: the key bar may be in the first, and the tree in the second."""


class SessionPresenter(SessionListener[DashboardModel]):
    """Shows on the dashboard what the session reports."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        notifier: Notifier,
        clock: Clock,
        *,
        milestones: MilestoneLog,
        celebrates: bool,
        is_saving: Callable[[], bool],
        recorded: Callable[[], None],
        make_activity: Callable[[], ActivityPresenter],
    ) -> None:
        """Make a listener.

        Args:
            app: Runs the work that goes on in the background.
            dashboard: Shows the vault, and in its header the state of the last edit.
            notifier: Shows sentences.
            clock: Returns today, and the time of a save.
            milestones: Records which finished sections were celebrated.
            celebrates: Whether they are.
            is_saving: Whether there are edits that are neither saved nor refused.
            recorded: Called when the history knows more than before.
            make_activity: Makes what shows the changes since the last look; called once, after the load.
        """
        self._app = app
        self._dashboard = dashboard
        self._notifier = notifier
        self._clock = clock
        self._milestones = milestones
        self.celebrates = celebrates
        """Whether sections that a tick finishes are told of."""
        self._is_saving = is_saving
        self._recorded = recorded
        self._make_activity = make_activity
        self._waiting: WriteRequest | None = None
        """The request about which the message "is in use" was shown last."""

    @cached_property
    def activity(self) -> ActivityPresenter:
        """Shows what has changed since the last look."""
        return self._make_activity()

    async def close_activity(self, seconds: float) -> None:
        """Save within `seconds` what was seen, if anything was recorded of it."""
        if "activity" in self.__dict__:
            await self.activity.close(seconds)

    # The vault

    @override
    def view(self, snapshot: Snapshot) -> DashboardModel:
        return DashboardModel.of(snapshot, self._clock.today(), self._dashboard.path)

    @override
    def open_path(self) -> str | None:
        return self._dashboard.path

    @override
    def vault_changed(self, view: DashboardModel, origin: TransactionOrigin) -> None:
        self._dashboard.show(view, from_outside=origin is TransactionOrigin.OUTSIDE)
        read, unread = len(view.snapshot.notes), view.snapshot.unread
        reading = Reading(read, read + unread) if unread and not view.snapshot.is_complete else None
        self._dashboard.header.update(progress=view.progress, reading=reading)

    @override
    def watching_changed(self, words: str, *, is_live: bool) -> None:
        self._dashboard.header.update(watching=words, is_live=is_live)

    def history_changed(self, messages: list[str]) -> None:
        """Refresh the reports after the history was updated; show its messages."""
        self._dashboard.report.show()
        for message in messages:
            self._notifier.show(message, "warning")
        self._recorded()
        self.activity.vault_changed()

    # Edits

    def show_saving(self) -> None:
        """Show that an edit is on its way to the disk."""
        self._dashboard.header.update(saving=SaveState.UNDER_WAY)

    @override
    async def ready_for_write(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAINT_SECONDS):
                for _ in range(_FRAMES):
                    painted = asyncio.Event()
                    if self._app.call_after_refresh(painted.set):
                        await painted.wait()

    @override
    def transaction_saved(
        self, request: WriteRequest, result: TransactionResult, view: DashboardModel | None
    ) -> None:
        self.activity.changed_here(result)
        self._clear_pending(request, is_written=True)
        self._show_saved(saved_at=self._clock.now().strftime("%H:%M:%S"))
        note = result.snapshot.notes.get(result.path)
        was_open = self._dashboard.path == result.path
        self._dashboard.note.written(result.path, note)
        if view is not None:
            if request.kind is WriteKind.DO and self.celebrates:
                paths = [edit.path for edit in request.transaction.edits]
                before = self._dashboard.view.snapshot
                start_worker(
                    self._app,
                    self._celebrate,
                    self._milestones,
                    before,
                    view.snapshot,
                    paths,
                    group="celebrate",
                )
            self.vault_changed(view, TransactionOrigin.HERE)
        self._dashboard.task_tree.ahead.settle()
        if request.kind is WriteKind.REAPPLY:
            self._notifier.show(
                f"Another program overwrote this with an old copy; re-applied: {request.transaction.title}"
            )
        elif request.kind is not WriteKind.DO:
            verb = "Undone" if request.kind is WriteKind.UNDO else "Redone"
            if note is not None:
                show = self._dashboard.note.show_line if was_open else self._dashboard.open
                show(result.path, result.line)
                self._notifier.show_edit(f"{verb}: {request.transaction.title}")
            else:
                if was_open:
                    self._dashboard.note.leave_deleted_note()
                self._notifier.show_edit(
                    f"{verb}: {request.transaction.title}. {result.path}, created for it, is deleted again."
                )

    @override
    def transaction_waits(self, request: WriteRequest, error: RoadtuiError) -> None:
        self._dashboard.header.update(saving=SaveState.WAITING)
        if self._waiting is not request and not isinstance(error, NoteAwayError):
            self._waiting = request
            path = request.transaction.edits[0].path
            self._notifier.show(
                f"{path} is in use by another program. Your change is saved as soon as the note is free."
            )

    @override
    def transaction_refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        self._clear_pending(request)
        self._show_saved()
        if request.kind is not WriteKind.DO:  # For `DO`, the submitter shows the error.
            self._notifier.show(str(error), "error")

    @override
    def reapply_pending(self, request: WriteRequest, overwritten: OverwrittenEdit) -> None:
        dashboard, key = self._dashboard, request.transaction
        dashboard.pending.add(key, overwritten.note, overwritten.symbols, dashboard.view.snapshot)
        for task, symbol in overwritten.symbols:
            dashboard.task_tree.symbols.show_pending(key, overwritten.note, task, symbol)

    @override
    def reapply_dropped(self, request: WriteRequest) -> None:
        self._clear_pending(request)

    @override
    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        self._notifier.show(loss.sentence(edit.title, edit.path), "error")

    @override
    def found(self, sentence: str) -> None:
        self._notifier.show(sentence, "warning")

    @override
    def nothing_to_undo(self, kind: WriteKind) -> None:
        self._notifier.hint(f"Nothing to {'undo' if kind is WriteKind.UNDO else 'redo'}.")

    def _clear_pending(self, request: WriteRequest, *, is_written: bool = False) -> None:
        """Show what the notes say, as the write of `request` has ended. `is_written`: it is shown next."""
        dashboard, key = self._dashboard, request.transaction
        tree = dashboard.task_tree
        tree.ahead.end(key)
        if is_written:
            tree.ahead.afterwards(lambda: tree.symbols.clear_pending(key))
        else:
            tree.symbols.clear_pending(key)
            tree.ahead.settle()
        if dashboard.pending.clear(request.transaction) and not is_written:
            dashboard.view_changed.publish(dashboard.view)

    def _show_saved(self, saved_at: str = "") -> None:
        """Show in the header whether all edits are saved, after one is written (at `saved_at`) or refused.

        After a refused edit, the time of the last one that was saved is shown again.
        """
        saved_at = saved_at or self._dashboard.header.state.saved_at
        over = SaveState.SAVED if saved_at else SaveState.NOTHING
        saving = SaveState.UNDER_WAY if self._is_saving() else over
        self._dashboard.header.update(saving=saving, saved_at=saved_at)

    async def _celebrate(
        self, milestones: MilestoneLog, before: Snapshot, after: Snapshot, paths: list[str]
    ) -> None:
        from roadtui.session.milestones import new_milestones  # The first screen needs none.

        found = new_milestones(before, after, paths, milestones)
        for milestone in await asyncio.to_thread(list, found):
            self._notifier.show(milestone.sentence)
            for tree in self._dashboard.query(TaskTree):  # None where the program is ending.
                tree.glowing.highlight(milestone.sections, tree.outline_state.outline)
