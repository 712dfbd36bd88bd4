"""An endless account of what may have changed in a vault, whatever the platform loses.

The system's notifications are hints: they can be late, merged, dropped without a word, or end. So a hint says
no more than "look at this path", anything unclear says "look at everything", and everything is looked at from
time to time in any case. No note is read here; whoever follows scans and reads, best in a thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.path_kind import PathKind, path_kind
from roadtui.vault.root import FolderId, VaultRoot, folder_id
from roadtui.vault.watch.source import Hints, RawEvent, Source, WatchError

__all__ = ["Hints", "RawEvent", "Source", "WatchError", "system_source"]


def system_source() -> Source:
    """The best source on this platform."""
    # Imported here because nothing is watched before the first screen stands.
    if sys.platform == "linux":
        from roadtui.vault.watch.inotify import hints
    else:
        from roadtui.vault.watch.watchfiles import hints
    return hints


LARGE_BATCH = 100
"""More notes than this at once: some may have been dropped, and one scan costs less than so many looks."""


class WatchState(Enum):
    """How the vault is being watched."""

    LIVE = "live"
    POLLING = "polling"
    """The system reports nothing; everything is looked at every few seconds."""
    MISSING = "missing"
    """The vault's folder is gone (see `VaultRoot`). Write nothing, forget nothing: it may come back."""


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


@dataclass(frozen=True, slots=True)
class WatchStateChanged:
    """The vault is watched in another way from now on."""

    state: WatchState
    reason: str = ""
    """Why, in words for the user; empty when all is well."""


VaultEvent = NotesChanged | SettingsChanged | RescanNeeded | WatchStateChanged


@dataclass(frozen=True, slots=True)
class WatchIntervals:
    """How often to do what, in seconds."""

    look_around: float = 30.0
    """Between two looks at everything, notifications or not."""
    poll: float = 3.0
    """The same while there are no notifications."""
    check_root: float = 2.0
    """Between two checks that the vault's folder is still the same."""
    retry: float = 5.0
    """Before notifications are asked for again; doubles from try to try, up to `longest_retry`."""
    longest_retry: float = 60.0


DEFAULT_PACE = WatchIntervals()


class Watcher:
    """Follow a vault: `async for event in Watcher(root)`. One follower, in one event loop, once.

    First comes a `WatchStateChanged`; a `RescanNeeded` follows whenever notifications begin, so nothing
    that happened before them is missed. What happens while the follower is busy is gathered and merged. While
    the vault is missing nothing but its return is told. The watching ends when the generator is closed, or
    the task that runs it is cancelled.
    """

    def __init__(
        self,
        root: Path,
        ignored: IgnoreRules = NOTHING_IGNORED,
        *,
        pace: WatchIntervals = DEFAULT_PACE,
        source: Source | None = None,
        folder: VaultRoot | None = None,
    ) -> None:
        """Make a watcher of the vault at `root`.

        Args:
            root: The vault's folder.
            ignored: What its owner excluded.
            pace: How often to do what.
            source: Gives the system's notifications; None for those of this system.
            folder: Says whether the vault is there, so that its model and its watcher agree.
        """
        self._root = root
        self._folder = folder or VaultRoot(root)
        self._ignored = ignored
        self._pace = pace
        self._source = source
        self._stir = asyncio.Event()
        self._mailbox = _EventBuffer()

    async def __aiter__(self) -> AsyncGenerator[VaultEvent, None]:
        watching = asyncio.create_task(self._watch())
        watching.add_done_callback(lambda _: self._mailbox.close())
        try:
            while (event := await self._mailbox.take()) is not None:
                yield event
            await watching
        finally:
            await _stop(watching)

    def look_at_everything(self) -> None:
        """Ask for a `RescanNeeded`, as when the terminal gets the focus or a scan met a missing vault."""
        self._mailbox.put_everything()
        self._stir.set()

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        wait = self._pace.retry
        while True:
            root_id = await self._wait_for_root()
            began = clock()
            reason = await self._follow(root_id)
            if reason is None:
                continue
            if clock() - began > self._pace.retry:
                wait = self._pace.retry
                continue  # It worked for a while: begin again at once, without a word.
            self._mailbox.put_state(WatchState.POLLING, reason)
            self._mailbox.put_everything()
            await self._poll(root_id, wait)
            wait = min(2 * wait, self._pace.longest_retry)

    async def _wait_for_root(self) -> FolderId:
        while True:
            try:
                return await asyncio.to_thread(self._folder.find)
            except VaultMissingError as error:
                self._mailbox.put_state(WatchState.MISSING, str(error))
            await asyncio.sleep(self._pace.check_root)

    async def _follow(self, root_id: FolderId) -> str | None:
        """Pass on notifications; returns why they ended, or None once the root is gone or another."""
        pumping = asyncio.create_task(self._pump())
        try:
            same = await self._root_stays(root_id, pumping, self._pace.look_around)
            return pumping.result() if same else None
        finally:
            await _stop(pumping)

    async def _poll(self, root_id: FolderId, seconds: float) -> None:
        """Look at everything again and again, until notifications are to be asked for once more."""
        waiting = asyncio.create_task(asyncio.sleep(seconds))
        try:
            await self._root_stays(root_id, waiting, self._pace.poll)
        finally:
            await _stop(waiting)

    async def _root_stays(self, root_id: FolderId, until: asyncio.Task[object], look_around: float) -> bool:
        """Look at everything now and then; returns whether the root was the same until the task's end."""
        clock = asyncio.get_running_loop().time
        looked = clock()
        until.add_done_callback(lambda _: self._stir.set())
        while await asyncio.to_thread(folder_id, self._root) == root_id:
            if until.done():
                return True
            # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes as the wait ends.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._pace.check_root, look_around)):
                    await self._stir.wait()
            self._stir.clear()
            if clock() - looked >= look_around:
                looked = clock()
                self._mailbox.put_everything()
        return False

    async def _pump(self) -> str:
        source = self._source or system_source()
        try:
            async with aclosing(source(self._root, self._ignored)) as news:
                async for hints in news:
                    self._mailbox.put_state(WatchState.LIVE)
                    if hints:
                        await self._digest(hints)
                    else:
                        self._mailbox.put_everything()
        except WatchError as error:
            return str(error)
        return "The system stopped reporting changes."

    async def _digest(self, hints: Iterable[RawEvent]) -> None:
        notes: set[str] = set()
        settings: set[str] = set()
        unclear: set[str] = set()
        everything = False
        for path, is_folder in hints:
            interest = path_kind(path, self._ignored)
            if interest is PathKind.SETTINGS:
                settings.add(path)
            elif interest is PathKind.NONE:
                continue
            elif is_folder:
                everything = True
            elif interest is PathKind.NOTE:
                notes.add(path)
            elif is_folder is None:
                unclear.add(path)
            if not path:
                self._stir.set()
        if unclear and not everything:
            everything = await asyncio.to_thread(self._any_folder, unclear)
        self._mailbox.put_settings(settings)
        if everything or len(notes) > LARGE_BATCH:
            self._mailbox.put_everything()
        else:
            self._mailbox.put_notes(notes)

    def _any_folder(self, paths: Iterable[str]) -> bool:
        """Whether a folder is at one of these paths, or may have been: no file is there."""
        return not all(os.path.isfile(os.path.join(self._root, path)) for path in paths)


async def _stop(task: asyncio.Task[object]) -> None:
    task.cancel()
    await asyncio.wait([task])


class _EventBuffer:
    """What is to be told next, merged while nobody asks."""

    def __init__(self) -> None:
        self._told: WatchStateChanged | None = None
        self._state: WatchStateChanged | None = None
        self._settings: set[str] = set()
        self._notes: set[str] = set()
        self._everything = False
        self._closed = False
        self._news = asyncio.Event()

    def put_state(self, state: WatchState, reason: str = "") -> None:
        self._state = WatchStateChanged(state, reason)
        self._news.set()

    def put_settings(self, paths: Iterable[str]) -> None:
        self._settings.update(paths)
        self._news.set()

    def put_notes(self, paths: Iterable[str]) -> None:
        self._notes.update(paths)
        self._news.set()

    def put_everything(self) -> None:
        self._everything = True
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def take(self) -> VaultEvent | None:
        """The next event; None once closed and empty."""
        while (event := self._next()) is None and not self._closed:
            self._news.clear()
            await self._news.wait()
        return event

    def _next(self) -> VaultEvent | None:
        state, self._state = self._state, None
        if state is not None and state != self._told:
            self._told = state
            return state
        if self._told is not None and self._told.state is WatchState.MISSING:
            return None
        if self._settings:
            settings, self._settings = self._settings, set()
            return SettingsChanged(frozenset(settings))
        if self._everything:
            self._everything = False
            self._notes.clear()  # A scan finds them as well.
            return RescanNeeded()
        if self._notes:
            notes, self._notes = self._notes, set()
            return NotesChanged(frozenset(notes))
        return None
