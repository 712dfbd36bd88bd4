"""Finds what has changed since the last look, in threads: the screens show what is known so far.

A look begins with the start of the program, and with the first key after ten minutes without one. What has
changed since the look before is listed until the next one begins.
"""

from __future__ import annotations

import asyncio
from asyncio import sleep
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from roadtui.clock import Clock
from roadtui.core.activity.changes import SeenAndTracked, ShownChange, TaskChange, changes_between
from roadtui.core.activity.rows import NO_ROWS, TrackedNote
from roadtui.core.edits.edit import Transaction
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.activity.activity import NO_ACTIVITY, Activity, ListedChange, TrackedState
from roadtui.session.activity.take_back import seen_before, take_back, text_below_is_unknown
from roadtui.vault.activity.authors import find_authors
from roadtui.vault.activity.own_edits import OwnEdit
from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
from roadtui.vault.activity.seen_store import SeenFileBusyError
from roadtui.vault.history.events import EPOCH
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from roadtui.session.history_service import HistoryService
    from roadtui.vault.commit import TransactionResult

T = TypeVar("T")

AWAY_SECONDS = 600.0
"""Without a key for so long, somebody has been away."""
AT_KEYBOARD_SECONDS = 60.0
"""After a key, somebody sees what is on the screen for so long."""
BUSY_SECONDS = 1.0
"""After so many seconds a file that another program is using is tried again."""
_SAME_BATCH_SECONDS = 2.0
"""What comes in within so many seconds came in together: one pull is found in several steps."""


class ActivityService:
    """What has changed since the last look at one vault. Runs in the event loop."""

    def __init__(
        self,
        vault: Vault,
        state: Path | None,
        history: HistoryService,
        clock: Clock,
        on_change: Callable[[Activity], None],
    ) -> None:
        """Make the service; nothing is read before `run`.

        Args:
            vault: The vault.
            state: The folder in which what was seen is kept; None keeps nothing beyond this run.
            history: Knows what was done on other machines.
            clock: Returns the time, and seconds that never step back.
            on_change: Called in the event loop with each new state.
        """
        self._vault = vault
        self._seen = SeenNotes(state, vault.scope)
        self._history = history
        self._clock = clock
        self._on_change = on_change
        self._work: asyncio.Queue[Callable[[], bool]] = asyncio.Queue()
        self._last_key = clock.monotonic()
        self._last_key_at = clock.moment()
        self._seen_until: datetime | None = None
        """When everything was seen last, with its zone; None if never."""
        self._was: dict[int, TrackedNote] = {}
        """Of each listed task, the note that it was in, as that was seen before the change."""
        self.is_begun = False
        """Whether what has changed is known."""
        self._is_ending = False
        self._batch = 0
        self._batch_at = 0.0
        self.activity = NO_ACTIVITY
        """What is known so far."""

    # What happens

    def vault_changed(self) -> None:
        """The vault was loaded, or another program changed something; the history has recorded it."""
        self._do(self._record)

    def changed_here(self, result: TransactionResult) -> None:
        """A transaction, undo or redo of this program is written: what it changed is seen."""
        edits = []
        for part in result.parts:
            parsed = part.note.content.at_hand
            after = parsed[1] if parsed is not None and parsed[0] == part.note.digest else None
            digest = b"" if part.path not in result.snapshot.notes else part.note.digest
            edits.append(OwnEdit(part.path, part.note_before, part.before, after, digest, part.data))

        def record() -> bool:
            self._seen.record_own(edits, self._vault.snapshot)
            return True

        self._do(record)

    def key_pressed(self) -> None:
        """Somebody is at the keyboard; after ten minutes without a key, another look begins."""
        time, now = self._clock.monotonic(), self._clock.moment()
        was_away = time - self._last_key >= AWAY_SECONDS or now - self._last_key_at >= timedelta(
            seconds=AWAY_SECONDS
        )
        self._last_key, self._last_key_at = time, now
        if was_away and self.is_begun:
            self._do(self._begin_look)
        elif not self.activity.unseen:
            self._seen_until = now

    @property
    def now(self) -> datetime:
        """The present moment, with its zone."""
        return self._clock.moment()

    @property
    def is_at_keyboard(self) -> bool:
        """Whether somebody has pressed a key a moment ago, and so sees what is on the screen."""
        return self._clock.monotonic() - self._last_key < AT_KEYBOARD_SECONDS

    def see(self, shown: Collection[ShownChange]) -> None:
        """What is still as it was `shown` was seen. It stays listed until the next look."""

        def mark() -> bool:
            self._seen.mark_shown(shown, is_done_in(self._vault.snapshot))
            listed = tuple(
                one._replace(is_seen=one.is_seen or one.change.shown in shown) for one in self.activity.listed
            )
            self.activity = replace(self.activity, listed=listed)
            self._save_look()
            return False

        self._do(mark)

    def see_all(self) -> None:
        """Everything that is listed is seen, and is listed no more."""
        shown = {one.change.shown for one in self.activity.listed}

        def mark() -> bool:
            self._seen.mark_shown(shown, is_done_in(self._vault.snapshot))
            left = tuple(one for one in self.activity.listed if one.change.shown not in shown)
            self.activity = replace(self.activity, listed=left)
            self._save_look()
            self.activity = replace(self.activity, since=self._seen_until)
            return True

        self._do(mark)

    async def take_back(self, context: ActionContext, changes: Sequence[TaskChange]) -> Transaction:
        """The transaction that takes `changes` back.

        Raises:
            RefusedError: one of them has changed again, or cannot be taken back.
        """

        def make() -> Transaction:
            paths = {path for change in changes for path in (change.path, change.old_path)}
            states = SeenAndTracked(seen_before(changes, self._was), self._seen.tracked(paths))
            return take_back(context, states, changes)

        return await asyncio.to_thread(make)

    def comes_back_alone(self, change: TaskChange) -> bool:
        """Whether a task that is put back had text below it, perhaps, that is not known."""
        return text_below_is_unknown(change, self._was.get(change.id, NO_ROWS))

    def taken_back(self, ids: Collection[int]) -> None:
        """The changes of the tasks `ids` are taken back: they are listed no more."""

        def drop() -> bool:
            listed = tuple(one for one in self.activity.listed if one.id not in ids)
            self.activity = replace(self.activity, listed=listed)
            return True

        self._do(drop)

    # The work

    def _do(self, work: Callable[[], bool]) -> None:
        self._work.put_nowait(work)

    async def run(self) -> None:
        """Do what is to be done, in its order, for as long as the app runs."""
        while True:
            work = await self._work.get()
            try:
                before = self.activity
                if await self._in_thread(work):
                    await self._in_thread(self._list)
                if self.activity is not before:
                    self._on_change(self.activity)
                    before = self.activity
                # Also after work that has changed nothing: the work before may not have waited for authors.
                if self._work.empty() and any(one.author is None for one in self.activity.listed):
                    await self._in_thread(self._find_authors)
                if self.activity is not before:
                    self._on_change(self.activity)
            finally:
                self._work.task_done()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Do `work`; again and again while another program is using the file of what was seen."""
        while True:
            try:
                return await asyncio.to_thread(work)
            except SeenFileBusyError:
                await sleep(BUSY_SECONDS)

    def _record(self) -> bool:
        has_changed = self._seen.record(self._vault.snapshot)
        if not self.is_begun and self._vault.snapshot.is_complete:
            last = self._seen.last_look
            self.is_begun = has_changed = True
            self._seen_until = EPOCH + timedelta(microseconds=last) if last is not None else None
            self._begin_look()
        return has_changed

    def _begin_look(self) -> bool:
        """List no longer what was seen before."""
        since, now = self._seen_until, self._clock.moment()
        since = since.astimezone(now.tzinfo) if since is not None and since <= now else None
        self.activity = replace(self.activity, since=since, listed=tuple(self.activity.unseen))
        return True

    def _save_look(self) -> None:
        """Save that somebody has looked until now, if everything was seen."""
        if self.is_begun and not self.activity.unseen:
            self._seen_until = self._clock.moment()
            self._seen.save_look((self._seen_until - EPOCH) // timedelta(microseconds=1))

    def _list(self) -> None:
        """List what is not seen, and what was seen in this look and is as it was then."""
        states = self._seen.states
        unseen = changes_between(states, is_done_in(self._vault.snapshot))
        before = {one.id: one for one in self.activity.listed}
        if any(change.id not in before for change in unseen):
            self._count_batch()
        listed: dict[int, ListedChange] = {}
        for change in unseen:
            known = before.get(change.id)
            if known is None or known.change.shown != change.shown:
                listed[change.id] = ListedChange(change, None, False, self._batch)
            else:
                listed[change.id] = known._replace(change=change, is_seen=False)
        was = {one.id: states.seen.get(one.old_path, NO_ROWS) for one in unseen}
        self._was = {**{id: note for id, note in self._was.items() if id in before}, **was}
        seen = [one for one in before.values() if one.is_seen and one.id not in listed]
        notes: dict[str, TrackedState] = {}
        for path in {one.change.path for one in (*listed.values(), *seen)}:
            note = self._vault.snapshot.notes.get(path)
            ids = self._seen.ids_of(path, note.digest) if note is not None else ()
            notes[path] = TrackedState(note.digest if note is not None else b"", ids)
        for one in seen:
            state = notes[one.change.path]
            if one.change.new is None or self._is_as_seen(one.change, state):
                listed[one.id] = one
        ordered = sorted(listed.values(), key=lambda one: one.change.position)
        since = self.activity.since
        if unseen and not self.activity.unseen and self._seen_until is not None:
            since = self._seen_until.astimezone(self._clock.moment().tzinfo)
        self.activity = Activity(since, tuple(ordered), notes)

    def _is_as_seen(self, change: TaskChange, state: TrackedState) -> bool:
        """Whether a task that was seen still has the line that was seen."""
        note = self._vault.snapshot.notes.get(change.path)
        if note is None or change.id not in state.ids or note.digest != state.digest:
            return False
        tasks = [*note.content.peek().note.tasks]
        at = state.ids.index(change.id)
        return at < len(tasks) and change.new is not None and tasks[at].source == change.new.source

    def _count_batch(self) -> None:
        now = self._clock.monotonic()
        self._batch += now - self._batch_at >= _SAME_BATCH_SECONDS
        self._batch_at = now

    def _find_authors(self) -> None:
        unknown = [one.change for one in self.activity.listed if one.author is None]
        if not unknown:
            return
        since, history = self.activity.since, self._history.history
        found = find_authors(
            unknown,
            self._vault.snapshot,
            history,
            since,
            lambda: not self._is_ending,
            self._seen.own_lines,
        )
        listed = tuple(one._replace(author=found.get(one.id, one.author)) for one in self.activity.listed)
        self.activity = replace(self.activity, listed=listed)

    async def close(self, seconds: float) -> None:
        """Save what was seen and when, within `seconds`; what is not saved is told at the next start."""
        self._is_ending = True
        self._seen.end()
        with suppress(TimeoutError, SeenFileBusyError):
            async with asyncio.timeout(seconds):
                await self._work.join()
                if not self._vault.folder.is_missing():
                    await asyncio.to_thread(self._save_look)
        await asyncio.to_thread(self._seen.close)
