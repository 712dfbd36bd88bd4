"""A focus session: its timer, the tasks completed, and the callback that receives the time spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.next_actions.candidates import MOST_SUGGESTED
from roadtui.core.note import Task
from roadtui.session.tracking.tracked_task import TrackedTask, first_not_in, track, track_suggestion
from roadtui.session.view_model import DashboardModel
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.clock import Clock


LONGEST_TICK = 10.0
"""Ticks that are further apart than this, in seconds, mean that the program was not running between them."""


class Phase(Enum):
    """The phases of a round."""

    WORK = "work"
    BREAK = "break"


class PomodoroTimer:
    """Counts down one phase at a time while it runs, and adds up the time worked."""

    def __init__(self, work_seconds: float, break_seconds: float) -> None:
        """Make a stopped timer for `work_seconds` of work and a break of `break_seconds` (0: no break)."""
        self._lengths = {Phase.WORK: work_seconds, Phase.BREAK: break_seconds}
        self._begun_length: float | None = None
        """Seconds that the phase takes, where they have been set anew since it began."""
        self.phase = Phase.WORK
        self.elapsed = 0.0
        """Seconds of the phase that have passed."""
        self.worked = 0.0
        """Seconds worked since the last `take_worked_seconds`."""
        self._last: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether time passes."""
        return self._last is not None

    @property
    def length(self) -> float:
        """Seconds that the phase takes."""
        return self._lengths[self.phase] if self._begun_length is None else self._begun_length

    def set_lengths(self, work_seconds: float, break_seconds: float) -> None:
        """Take so long for every phase that has not begun."""
        self._begun_length = self.length if self.elapsed else None
        self._lengths = {Phase.WORK: work_seconds, Phase.BREAK: break_seconds}

    @property
    def remaining(self) -> float:
        """Seconds of the phase that are still to come."""
        return self.length - self.elapsed

    def start(self, now: float) -> None:
        """Let time pass from `now` on."""
        if self._last is None:
            self._last = now

    def stop(self, now: float) -> None:
        """Stop the timer at `now`; a phase that is over at this moment ends with the next tick."""
        self._pass(now)
        self._last = None

    def tick(self, now: float) -> Phase | None:
        """Advance the timer to `now`; return the phase that has just ended, if one has.

        A break follows work by itself. After the break, the timer waits for `start`.
        """
        self._pass(now)
        if self._last is None or self.remaining > 0:
            return None
        ended = self.phase
        self.phase = Phase.BREAK if ended is Phase.WORK and self._lengths[Phase.BREAK] else Phase.WORK
        self.elapsed, self._begun_length = 0.0, None
        if self.phase is Phase.WORK:
            self._last = None
        return ended

    def start_round(self, now: float) -> None:
        """End the break and begin the next round."""
        self.phase, self.elapsed, self._last = Phase.WORK, 0.0, now
        self._begun_length = None

    def take_worked_seconds(self) -> int:
        """Whole seconds worked since the last call."""
        seconds, self.worked = int(self.worked), 0.0
        return seconds

    def _pass(self, now: float) -> None:
        if self._last is None:
            return
        passed = now - self._last
        self._last = now
        if not 0 <= passed <= LONGEST_TICK:
            return
        passed = min(passed, max(0.0, self.remaining))
        self.elapsed += passed
        if self.phase is Phase.WORK:
            self.worked += passed


RecordTime = Callable[[TrackedTask, int, datetime], None]
"""Records the seconds that were spent on a task, up to a moment."""


class FocusSession:
    """Runs the timer while there is a task to work on, and the user has not paused it."""

    def __init__(self, timer: PomodoroTimer, clock: Clock, record_time: RecordTime) -> None:
        self.timer = timer
        self.done = 0
        """Number of tasks ticked."""
        self._clock = clock
        self._record_time = record_time
        self._seconds = 0
        self._moment = clock.moment()
        """The moment of the last tick or record."""
        self._tracked: TrackedTask | None = None
        self._is_paused = False

    @property
    def summary_text(self) -> str:
        """`2 done · 31 min`; empty at the start."""
        minutes = (self._seconds + int(self.timer.worked)) // 60
        texts = [f"{self.done} done"] * bool(self.done) + [f"{minutes} min"] * bool(minutes)
        return " · ".join(texts)

    def work_on(self, tracked: TrackedTask | None) -> None:
        """Count time for `tracked` from now on; None stops the timer. A break continues in either case."""
        self.record()
        self._tracked = tracked
        self._run()

    def follow(self, tracked: TrackedTask) -> None:
        """Replace the task by its state after a change of the vault."""
        self._tracked = tracked

    def tick(self) -> Phase | None:
        """Advance the timer to now; return the phase that has just ended, if one has."""
        if self._clock.moment().date() != self._moment.date():
            self._report_time()  # What was worked before midnight belongs to that day.
        self._moment = self._clock.moment()
        ended = self.timer.tick(self._clock.monotonic())
        if ended is not None:
            self._is_paused = self.timer.phase is Phase.WORK
            self._run()
        return ended

    def toggle_pause(self) -> None:
        """Pause or resume; in a break, go back to work."""
        if self.timer.phase is Phase.BREAK:
            self._is_paused = False
            self.timer.start_round(self._clock.monotonic())
        else:
            self._is_paused = not self._is_paused
        self._run()

    def suspend(self) -> None:
        """Stop the timer: the program is suspended, or the user leaves."""
        self.timer.stop(self._clock.monotonic())

    def resume(self) -> None:
        """Let the timer run again, unless it is paused or there is not a task."""
        self._run()

    def record(self) -> None:
        """Pass the time spent so far to the callback."""
        self.suspend()
        self._moment = self._clock.moment()
        self._report_time()
        self._run()

    def _report_time(self) -> None:
        seconds = self.timer.take_worked_seconds()
        self._seconds += seconds
        if seconds and self._tracked is not None:
            self._record_time(self._tracked, seconds, self._moment)

    def _run(self) -> None:
        if self.timer.phase is Phase.BREAK or (self._tracked is not None and not self._is_paused):
            self.timer.start(self._clock.monotonic())
        else:
            self.suspend()


class _Ticked(NamedTuple):
    tracked: TrackedTask
    was_done: bool = False
    """Whether the tick has been seen in the note; before that, it is still being written."""


class FocusQueue:
    """Tasks that are not to be suggested again, followed through the changes of the vault."""

    def __init__(self, scope: str | None) -> None:
        """`scope`: path of the note from which suggestions come first; None for all roadmaps alike."""
        self._scope = scope
        self._skipped: list[TrackedTask] = []
        self._ticked: list[_Ticked] = []

    def tick(self, tracked: TrackedTask) -> None:
        """Note that `tracked` was ticked."""
        self._ticked.append(_Ticked(tracked))

    def untick(self, tracked: TrackedTask) -> None:
        """Note that `tracked` is still open: the tick was refused."""
        self._ticked = [one for one in self._ticked if one.tracked.task.text != tracked.task.text]

    def skip(self, tracked: TrackedTask) -> None:
        """Note that `tracked` was skipped and is still open."""
        self._skipped.append(tracked)

    def __contains__(self, tracked: TrackedTask) -> bool:
        return any(one.task is tracked.task for one in (*self._skipped, *self._all_ticked))

    @property
    def _all_ticked(self) -> list[TrackedTask]:
        return [ticked.tracked for ticked in self._ticked]

    def follow(self, notes: Mapping[str, VaultNote], now: Snapshot, symbol_of: Callable[[Task], str]) -> None:
        """Follow the tasks from `notes` to `now`. A task whose tick was undone can be suggested again.

        `symbol_of` gives the status symbol that a task will have once overwritten edits are re-applied.
        """
        self._skipped = [one for one in track(self._skipped, notes, now) if one is not None]
        ticked = []
        for one, tracked in zip(self._ticked, track(self._all_ticked, notes, now), strict=True):
            is_done = tracked is not None and not now.statuses.type_of(symbol_of(tracked.task)).is_open
            if tracked is not None and (is_done or not one.was_done):
                ticked.append(_Ticked(tracked, is_done))
        self._ticked = ticked

    def following(self, view: DashboardModel, closing: Sequence[TrackedTask] = ()) -> TrackedTask | None:
        """The best suggestion that was neither ticked nor skipped; without one, a skipped task.

        `closing`: tasks that pending writes are about to close.
        """
        return self.finder(view, closing)()

    def finder(
        self, view: DashboardModel, closing: Sequence[TrackedTask] = ()
    ) -> Callable[[], TrackedTask | None]:
        """What finds the one `following`, in any thread: not to be suggested is what is not now."""
        return partial(self._following, view, [*self._all_ticked, *closing], self._skipped[:])

    def _following(
        self, view: DashboardModel, ticked: list[TrackedTask], skipped: list[TrackedTask]
    ) -> TrackedTask | None:
        found = self._first(view, [*skipped, *ticked])
        if found is None and skipped:
            found = self._first(view, [skipped[-1], *ticked]) or self._first(view, ticked)
        return found

    def unskip(self, tracked: TrackedTask) -> None:
        """Note that `tracked` is worked on: it no longer counts as skipped."""
        self._skipped = [one for one in self._skipped if one.task is not tracked.task]

    def _first(self, view: DashboardModel, passed: list[TrackedTask]) -> TrackedTask | None:
        snapshot = view.snapshot
        note = snapshot.notes.get(self._scope) if self._scope is not None else None
        found = None
        if note is not None:
            found = first_not_in(snapshot.all_suggestions([note], view.today), passed)
        for suggest in (partial(snapshot.suggestions, count=MOST_SUGGESTED), snapshot.all_suggestions):
            # The first few are known already; all of a vault of 10,000 notes take seconds.
            found = found or first_not_in(suggest(snapshot.suggested_roadmaps, view.today), passed)
        return track_suggestion(snapshot, found) if found is not None else None
