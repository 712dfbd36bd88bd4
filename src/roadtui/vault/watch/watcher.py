"""Reports what may have changed in a vault, and makes up for what the system's notifications lose.

Notifications can be late, merged, silently dropped, or end. So a changed path means "read this path again",
anything unclear means "scan the vault", and a scan is requested from time to time in any case. No note is
read here: the user of the watcher scans and reads, preferably in a thread.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.path_kind import PathKind, path_kind
from roadtui.vault.root import FolderId, VaultRoot, folder_id
from roadtui.vault.watch.source import Source, WatchError, changed_paths

LARGE_BATCH = 100
"""More notes than this at once: some may have been dropped, and one scan costs less than so many reads."""

_LOST = "The system does not report all changes."


class WatchState(Enum):
    """How the vault is being watched."""

    LIVE = "live"
    POLLING = "polling"
    """The system reports nothing; the vault is scanned every few seconds."""
    MISSING = "missing"
    """The vault's folder is gone (see `VaultRoot`). Write nothing and drop no note: it may come back."""


@dataclass(frozen=True, slots=True)
class NotesChanged:
    """The notes at these vault-relative paths may be new, changed or gone."""

    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """These files or folders of Obsidian's settings may be new, changed or gone."""

    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class RescanNeeded:
    """Anything may have changed: scan the vault."""

    is_routine: bool = False
    """Whether this is a periodic scan, and nothing is known to have changed."""


@dataclass(frozen=True, slots=True)
class WatchStateChanged:
    """The way in which the vault is watched has changed."""

    state: WatchState
    reason: str = ""
    """A sentence for the user about the cause; empty while the vault is watched live."""


VaultEvent = NotesChanged | SettingsChanged | RescanNeeded | WatchStateChanged


@dataclass(frozen=True, slots=True)
class WatchIntervals:
    """Intervals of the watcher, in seconds."""

    rescan_interval: float = 30.0
    """Between two routine scans while there are notifications."""
    poll: float = 3.0
    """Between two routine scans while there are none."""
    check_root: float = 2.0
    """Between two checks that the vault's folder is still the same."""
    retry: float = 5.0
    """Before notifications are requested again; doubles with each attempt, up to `longest_retry`."""
    longest_retry: float = 60.0


DEFAULT_INTERVALS = WatchIntervals()


class Watcher:
    """Watches a vault: `async for event in Watcher(root)`. To be iterated once, in one event loop.

    The first event is a `WatchStateChanged`; a `RescanNeeded` follows whenever notifications begin, so no
    earlier change is missed. Events are merged while the consumer is busy. While the vault is missing, only
    its return is reported. Watching ends when the generator is closed, or the task that runs it is cancelled.
    """

    def __init__(
        self,
        root: Path,
        ignored: IgnoreRules = NOTHING_IGNORED,
        *,
        intervals: WatchIntervals = DEFAULT_INTERVALS,
        source: Source = changed_paths,
        folder: VaultRoot | None = None,
        has_notes_in: Callable[[Collection[str]], bool] = bool,
    ) -> None:
        """Make a watcher of the vault at `root`.

        Args:
            root: The vault's folder.
            ignored: The paths that the vault's owner excluded.
            intervals: The intervals of scans, checks and retries.
            source: Yields the system's notifications.
            folder: Determines whether the vault is missing; shared with its model, so that both agree.
            has_notes_in: Whether the model has a note in a folder at one of these paths, which are gone;
                called in a thread.
        """
        self._root = root
        self._folder = folder or VaultRoot(root)
        self._ignored = ignored
        self._intervals = intervals
        self._source = source
        self._has_notes_in = has_notes_in
        self._wake = asyncio.Event()
        self._events = _EventBuffer()
        self._pumping: asyncio.Task[str] | None = None
        self._reported: set[str] = set()
        """Notes that the system reported since the last routine scan."""
        self._has_reported_all = True
        """Whether a full scan was requested since then, so that every note counts as reported."""

    async def __aiter__(self) -> AsyncGenerator[VaultEvent, None]:
        watching = asyncio.create_task(self._watch())
        watching.add_done_callback(lambda _: self._events.close())
        try:
            while (event := await self._events.take()) is not None:
                yield event
            await watching
        finally:
            await _stop(watching)

    def request_rescan(self) -> None:
        """Emit a `RescanNeeded`, for example when the terminal gets the focus."""
        self._events.put_everything()
        self._wake.set()

    def has_reported(self, paths: Iterable[str]) -> bool:
        """Whether the system reported one of these notes, or a folder, since the last routine scan."""
        return self._has_reported_all or not self._reported.isdisjoint(paths)

    def forget_reports(self) -> None:
        """Clear the reports that `has_reported` checks."""
        self._reported.clear()
        self._has_reported_all = False

    def restart(self) -> None:
        """Request the system's notifications anew, as some were lost; poll if the system refuses them now."""
        if self._pumping is not None:
            self._pumping.cancel()

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        wait = self._intervals.retry
        while True:
            root_id = await self._wait_for_root()
            began = clock()
            reason = await self._follow(root_id)
            if reason is None:
                continue
            if clock() - began > self._intervals.retry:
                wait = self._intervals.retry
                continue  # It worked for a while: begin again at once, without reporting it.
            self._events.put_state(WatchState.POLLING, reason)
            self._events.put_everything()
            await self._poll(root_id, wait)
            wait = min(2 * wait, self._intervals.longest_retry)

    async def _wait_for_root(self) -> FolderId:
        while True:
            try:
                return await asyncio.to_thread(self._folder.find)
            except VaultMissingError as error:
                self._events.put_state(WatchState.MISSING, str(error))
            await asyncio.sleep(self._intervals.check_root)

    async def _follow(self, root_id: FolderId) -> str | None:
        """Pass on notifications; return why they ended, or None once the root is gone or replaced."""
        pumping = self._pumping = asyncio.create_task(self._pump())
        try:
            same = await self._root_stays(root_id, pumping, self._intervals.rescan_interval)
            if not same:
                return None
            return _LOST if pumping.cancelled() else pumping.result()
        finally:
            await _stop(pumping)

    async def _poll(self, root_id: FolderId, seconds: float) -> None:
        """Request scans for `seconds`, until notifications are to be requested again."""
        waiting = asyncio.create_task(asyncio.sleep(seconds))
        try:
            await self._root_stays(root_id, waiting, self._intervals.poll)
        finally:
            await _stop(waiting)

    async def _root_stays(
        self, root_id: FolderId, until: asyncio.Task[object], rescan_interval: float
    ) -> bool:
        """Request scans every `rescan_interval` seconds until the task ends; whether the root stayed."""
        clock = asyncio.get_running_loop().time
        last_scan = clock()
        until.add_done_callback(lambda _: self._wake.set())
        while await asyncio.to_thread(folder_id, self._root) == root_id:
            if until.done():
                return True
            # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes as the wait ends.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._intervals.check_root, rescan_interval)):
                    await self._wake.wait()
            self._wake.clear()
            if clock() - last_scan >= rescan_interval:
                last_scan = clock()
                self._events.put_everything(is_routine=True)
        return False

    async def _pump(self) -> str:
        try:
            async with aclosing(self._source(self._root)) as batches:
                async for paths in batches:
                    self._events.put_state(WatchState.LIVE)
                    if paths:
                        await self._classify(paths)
                    else:
                        self._put_everything()
        except WatchError as error:
            return str(error)
        return "The system stopped reporting changes."

    async def _classify(self, paths: Iterable[str]) -> None:
        """Emit the events for paths that may have changed."""
        kinds: dict[PathKind, set[str]] = {kind: set() for kind in PathKind}
        for path in paths:
            kinds[path_kind(path, self._ignored)].add(path)
            if not path:
                self._wake.set()
        notes, others = kinds[PathKind.NOTE], kinds[PathKind.FOLDER]
        is_unclear = len(notes) > LARGE_BATCH or await asyncio.to_thread(self._has_folder, notes, others)
        self._events.put_settings(kinds[PathKind.SETTINGS])
        if is_unclear:
            self._put_everything()
        else:
            self._reported |= notes
            self._events.put_notes(notes)

    def _put_everything(self) -> None:
        self._has_reported_all = True
        self._events.put_everything()

    def _has_folder(self, notes: Iterable[str], others: Iterable[str]) -> bool:
        """Whether a folder is at one of these paths, or was one with notes in it."""
        files = {path: os.path.join(self._root, path) for path in (*notes, *others)}
        if any(os.path.isdir(file) for file in files.values()):
            return True
        gone = [path for path in others if not os.path.lexists(files[path])]
        return bool(gone) and self._has_notes_in(gone)


async def _stop(task: asyncio.Task[object]) -> None:
    task.cancel()
    await asyncio.wait([task])


class _EventBuffer:
    """The next events, merged until they are taken."""

    def __init__(self) -> None:
        self._last: WatchStateChanged | None = None
        self._state: WatchStateChanged | None = None
        self._settings: set[str] = set()
        self._notes: set[str] = set()
        self._everything: RescanNeeded | None = None
        self._closed = False
        self._has_events = asyncio.Event()

    def put_state(self, state: WatchState, reason: str = "") -> None:
        self._state = WatchStateChanged(state, reason)
        self._has_events.set()

    def put_settings(self, paths: Iterable[str]) -> None:
        self._settings.update(paths)
        self._has_events.set()

    def put_notes(self, paths: Iterable[str]) -> None:
        self._notes.update(paths)
        self._has_events.set()

    def put_everything(self, *, is_routine: bool = False) -> None:
        if self._everything is None or self._everything.is_routine:
            self._everything = RescanNeeded(is_routine)
        self._has_events.set()

    def close(self) -> None:
        self._closed = True
        self._has_events.set()

    async def take(self) -> VaultEvent | None:
        """The next event; None once closed and empty."""
        while (event := self._next()) is None and not self._closed:
            self._has_events.clear()
            await self._has_events.wait()
        return event

    def _next(self) -> VaultEvent | None:
        state, self._state = self._state, None
        if state is not None and state != self._last:
            self._last = state
            return state
        if self._last is not None and self._last.state is WatchState.MISSING:
            return None
        if self._settings:
            settings, self._settings = self._settings, set()
            return SettingsChanged(frozenset(settings))
        if self._everything is not None:
            everything, self._everything = self._everything, None
            self._notes.clear()  # A scan finds them as well.
            return everything
        if self._notes:
            notes, self._notes = self._notes, set()
            return NotesChanged(frozenset(notes))
        return None
