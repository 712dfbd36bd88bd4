"""An endless account of what may have changed in a vault, whatever the platform loses.

The system's notifications are hints: they can be late, merged, dropped without a word, or end. So a hint says
no more than "look at this path", anything unclear says "look at everything", and everything is looked at from
time to time in any case. This module looks at no note itself; whoever follows it scans and reads, best in a
thread.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from roadtui.core.ignore import NOTHING_IGNORED, IgnoreRules
from roadtui.vault.scanning import NOTE_SUFFIX, FolderId, folder_id
from roadtui.vault.sources import Hint, Source, WatchError, watchfiles_source

_LARGE_BATCH = 100
"""More hints than this at once: some may have been dropped, and one scan costs less than so many reads."""


class WatchState(Enum):
    """How the vault is being watched."""

    LIVE = "live"
    POLLING = "polling"
    """The system reports nothing; everything is looked at every few seconds."""
    MISSING = "missing"
    """The vault's folder is gone. Write nothing, forget nothing: it may come back."""


@dataclass(frozen=True, slots=True)
class NotesTouched:
    """The notes at these vault-relative paths may be new, changed or gone."""

    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class SettingsTouched:
    """Obsidian's settings of this vault, or those of a plugin, may have changed."""


@dataclass(frozen=True, slots=True)
class LookAtEverything:
    """Anything may have changed: scan the vault."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The vault is watched in another way from now on."""

    state: WatchState
    reason: str = ""
    """Why, in words for the user; empty when all is well."""


VaultEvent = NotesTouched | SettingsTouched | LookAtEverything | StateChanged


class Interest(Enum):
    """What a change at a path means to us."""

    NOTE = "note"
    SETTINGS = "settings"
    FOLDER = "folder"
    """Nothing by itself; everything below it if it is, or was, a folder."""
    NONE = "none"


def interest_in(path: str, ignored: IgnoreRules = NOTHING_IGNORED) -> Interest:
    """What a change at a vault-relative path means. Looks at the name only."""
    parts = path.split("/")
    if parts[0] == ".obsidian":
        return _interest_in_settings(parts[1:])
    if any(part.startswith(".") for part in parts[:-1]):
        return Interest.NONE
    if parts[-1].startswith("."):
        return Interest.FOLDER if path.endswith(".md.icloud") else Interest.NONE
    if path.lower().endswith(NOTE_SUFFIX):
        return Interest.NONE if ignored.leaves_out(path) else Interest.NOTE
    return Interest.NONE if ignored.leaves_out_folder(path) else Interest.FOLDER


def _interest_in_settings(parts: list[str]) -> Interest:
    match parts:
        case [] | ["plugins"] | ["plugins", _] | ["plugins", _, "data.json"]:
            return Interest.SETTINGS
        case [name] if name.endswith(".json"):
            return Interest.SETTINGS
        case _:
            return Interest.NONE


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to do what, in seconds."""

    look_around: float = 30.0
    """Between two looks at everything, notifications or not."""
    poll: float = 3.0
    """The same while there are no notifications."""
    check_root: float = 2.0
    """Between two looks whether the vault's folder is still the same."""
    retry: float = 5.0
    """Before notifications are asked for again; doubles up to `look_around`."""


DEFAULT_PACE = Pace()


class Watcher:
    """Follow a vault: `async for event in Watcher(root)`. One follower at a time, in one event loop.

    Nothing is lost between two steps of the follower: what happens meanwhile is gathered and merged.
    """

    def __init__(
        self,
        root: Path,
        ignored: IgnoreRules = NOTHING_IGNORED,
        *,
        pace: Pace = DEFAULT_PACE,
        source: Source = watchfiles_source,
    ) -> None:
        self._root = root
        self._ignored = ignored
        self._pace = pace
        self._source = source
        self._mailbox = _Mailbox()

    async def __aiter__(self) -> AsyncGenerator[VaultEvent, None]:
        supervisor = asyncio.create_task(self._supervise())
        supervisor.add_done_callback(lambda _: self._mailbox.close())
        try:
            while (event := await self._mailbox.take()) is not None:
                yield event
            await supervisor
        finally:
            supervisor.cancel()
            with suppress(asyncio.CancelledError):
                await supervisor

    def look_at_everything(self) -> None:
        """Ask for a `LookAtEverything`, as when the terminal gets the focus."""
        self._mailbox.put_everything()

    async def _supervise(self) -> None:
        while True:
            root_id = await self._wait_for_root()
            following = asyncio.create_task(self._follow())
            try:
                await self._stay_while(root_id, following)
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following

    async def _wait_for_root(self) -> FolderId:
        while (found := folder_id(self._root)) is None:
            self._mailbox.put_state(WatchState.MISSING, f"The vault folder {self._root} is not there.")
            await asyncio.sleep(self._pace.check_root)
        return found

    async def _stay_while(self, root_id: FolderId, following: asyncio.Task[None]) -> None:
        clock = asyncio.get_running_loop().time
        looked = clock()
        while folder_id(self._root) == root_id:
            await asyncio.wait([following], timeout=self._pace.check_root)
            if following.done():
                following.result()
            if clock() - looked >= self._pace.look_around:
                looked = clock()
                self._mailbox.put_everything()

    async def _follow(self) -> None:
        while True:
            try:
                async for hints in self._source(self._root):
                    self._mailbox.put_state(WatchState.LIVE)
                    if hints:
                        self._digest(hints)
                    else:
                        self._mailbox.put_everything()
                reason = "The system stopped reporting changes."
            except WatchError as error:
                reason = str(error)
            if folder_id(self._root) is None:
                return
            self._mailbox.put_state(WatchState.POLLING, reason)
            await self._poll(self._pace.retry)

    async def _poll(self, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while True:
            self._mailbox.put_everything()
            if clock() >= end:
                return
            await asyncio.sleep(self._pace.poll)

    def _digest(self, hints: Iterable[Hint]) -> None:
        notes: set[str] = set()
        for hint in hints:
            interest = interest_in(hint.path, self._ignored)
            if interest is Interest.SETTINGS:
                self._mailbox.put_settings()
            elif interest is not Interest.NONE and self._concerns_a_folder(hint, interest):
                self._mailbox.put_everything()
            elif interest is Interest.NOTE:
                notes.add(hint.path)
        if len(notes) > _LARGE_BATCH:
            self._mailbox.put_everything()
        elif notes:
            self._mailbox.put_notes(notes)

    def _concerns_a_folder(self, hint: Hint, interest: Interest) -> bool:
        if hint.is_folder is not None or interest is Interest.NOTE:
            return bool(hint.is_folder)
        return not os.path.isfile(os.path.join(self._root, hint.path))


class _Mailbox:
    """What is to be told next, merged while nobody asks."""

    def __init__(self) -> None:
        self._state: StateChanged | None = None
        self._told: WatchState | None = None
        self._settings = False
        self._everything = False
        self._notes: set[str] = set()
        self._closed = False
        self._news = asyncio.Event()

    def put_state(self, state: WatchState, reason: str = "") -> None:
        current = self._state.state if self._state else self._told
        if state is not current:
            self._state = StateChanged(state, reason)
            self._news.set()

    def put_settings(self) -> None:
        self._settings = True
        self._news.set()

    def put_everything(self) -> None:
        self._everything = True
        self._news.set()

    def put_notes(self, paths: Iterable[str]) -> None:
        self._notes.update(paths)
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def take(self) -> VaultEvent | None:
        """The next event; None once closed and empty."""
        while True:
            await self._news.wait()
            event = self._next()
            if event is not None or self._closed:
                return event
            self._news.clear()

    def _next(self) -> VaultEvent | None:
        if self._state is not None:
            told, self._state = self._state, None
            self._told = told.state
            return told
        if self._settings:
            self._settings = False
            return SettingsTouched()
        if self._everything:
            self._everything = False
            self._notes.clear()
            return LookAtEverything()
        if self._notes:
            paths = frozenset(self._notes)
            self._notes.clear()
            return NotesTouched(paths)
        return None
