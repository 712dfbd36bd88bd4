"""The task of the focus screen: which one it is while the vault changes. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from roadtui.core.next_actions.ranking import Reason
from roadtui.core.note import Task
from roadtui.core.titles import short_title
from roadtui.session.focus_session import FocusQueue, FocusSession
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.session.tracking.tracked_task import TrackedTask, first_open_leaf, reasons_for, track
from roadtui.session.view_model import DashboardModel
from roadtui.vault.snapshot import Snapshot, VaultNote


class FocusStatus(Enum):
    """The state of the task that is focused on."""

    OPEN = "open"
    DONE = "done"
    """It was ticked or cancelled elsewhere."""
    GONE = "gone"
    """It is in no note any more."""
    NOTHING = "nothing"
    """There is no task to suggest."""


class FocusedTask:
    """One task after the other, for each of which a session counts time while it is open."""

    def __init__(
        self,
        session: FocusSession,
        pending: PendingStatuses,
        tracked: TrackedTask | None,
        scope: str | None,
        notes: Mapping[str, VaultNote],
    ) -> None:
        """Begin without counting time; `work_on` starts that.

        Args:
            session: Counts the time.
            pending: The status symbols that are about to be re-applied.
            tracked: The first task; None where it is still to be chosen.
            scope: Path of the note from which suggestions come first; None for all roadmaps alike.
            notes: The notes of the vault as it is.
        """
        self.tracked = tracked
        """The task; its last state where it is gone."""
        self.status = FocusStatus.OPEN if tracked is not None else FocusStatus.NOTHING
        self.queue = FocusQueue(scope)
        """What is not to be suggested again."""
        self._session = session
        self._pending = pending
        self._notes = notes

    @property
    def is_open(self) -> bool:
        """Whether there is a task, and it is open."""
        return self.status is FocusStatus.OPEN

    def work_on(
        self, tracked: TrackedTask | None, now: Snapshot, status: FocusStatus = FocusStatus.OPEN
    ) -> None:
        """Work from now on on `tracked`, which is of the vault `now`, or on its first open subtask."""
        if tracked is None:
            status = FocusStatus.NOTHING
        elif status is FocusStatus.OPEN:
            leaf = first_open_leaf(tracked.note, tracked.task, now)
            if leaf is None or not self._will_be_open(leaf, now):
                status = FocusStatus.DONE
            elif leaf is not tracked.task:
                reason = Reason(f"a step of “{short_title(tracked.task.text)}”")
                tracked = TrackedTask(tracked.note, leaf, (reason,))
        self._session.work_on(tracked if status is FocusStatus.OPEN else None)
        self.tracked, self.status = tracked, status

    def _will_be_open(self, task: Task, now: Snapshot) -> bool:
        """Whether `task` is open once what other programs have overwritten is re-applied."""
        return now.statuses.type_of(self._pending.symbol_of(task)).is_open

    def follow(self, view: DashboardModel) -> bool:
        """Follow the task to where it is in `view`.

        Returns whether it is to be shown anew: not where there is none, or the next one is on its way.
        """
        now, notes = view.snapshot, self._notes
        self._notes = now.notes
        self.queue.follow(notes, now, self._pending.symbol_of)
        if self.tracked is None:
            return False
        tracked = track([self.tracked], notes, now)[0]
        if tracked is None:
            self.work_on(self.tracked, now, FocusStatus.GONE)
        elif tracked in self.queue:
            self.tracked = tracked
            return False
        elif (
            self.is_open
            and self._will_be_open(tracked.task, now)
            and first_open_leaf(tracked.note, tracked.task, now) is tracked.task
        ):
            reasons = reasons_for(tracked, view)
            self.tracked = tracked._replace(reasons=tracked.reasons if reasons is None else reasons)
            self._session.follow(self.tracked)
        else:
            self.work_on(tracked, now)
        return True

    def follow_split(self, note: VaultNote, line: int, now: Snapshot) -> bool:
        """Go on with the first part of the task, if it was split; returns whether it was.

        `note` is as it was written, with the cursor on `line`; `now` is the vault with it.
        """
        tracked = self.tracked
        if tracked is None or now.notes.get(note.path) is not note:
            return False
        if track([tracked], self._notes, now)[0] is not None:
            return False
        by_line = {task.line: task for task in note.note.tasks}
        first = by_line.get(tracked.task.line, by_line.get(line))
        if first is None:
            return False
        self._notes = now.notes
        self.work_on(TrackedTask(note, first, tracked.reasons), now)
        return True
