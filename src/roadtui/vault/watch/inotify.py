"""Notifications on Linux, straight from the kernel: nothing is spent while nothing happens.

watchfiles has to look for news a hundred times a second to be nearly as quick, which costs 0.33 % of a
processor at rest. And it does not pass on that the kernel's queue overflowed, that the limit on watched
folders was reached, or a name that is not UTF-8. Here each of these is seen, and folders that a scan leaves
out are not watched at all.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.path_kind import SETTINGS_FOLDER, PathKind, path_kind
from roadtui.vault.scan import folders_of
from roadtui.vault.watch.source import Hints, RawEvent, WatchError

GATHER_SECONDS = 0.005
"""How long to wait for more after the first event: a save is several of them."""

_MODIFY = 0x2
_ATTRIB = 0x4
_CLOSE_WRITE = 0x8
_MOVED_FROM = 0x40
_MOVED_TO = 0x80
_CREATE = 0x100
_DELETE = 0x200
_DELETE_SELF = 0x400
_MOVE_SELF = 0x800
_UNMOUNT = 0x2000
_QUEUE_OVERFLOW = 0x4000
_IGNORED = 0x8000
_ONLY_FOLDERS = 0x1000000
_IS_FOLDER = 0x40000000

_APPEARED = _CREATE | _MOVED_TO
_VANISHED = _DELETE | _MOVED_FROM
_SELF_GONE = _DELETE_SELF | _MOVE_SELF | _UNMOUNT
_WANTED = _MODIFY | _ATTRIB | _CLOSE_WRITE | _APPEARED | _VANISHED | _DELETE_SELF | _MOVE_SELF | _ONLY_FOLDERS

_HEADER = struct.Struct("iIII")
_READ_BYTES = 1 << 16
"""About 2,000 events, which take some 6 ms; in a flood the screen gets its turn between two reads."""


async def hints(root: Path, ignored: IgnoreRules) -> Hints:
    """Watch the folders below `root` that a scan visits, and Obsidian's settings (see `Source`)."""
    watch = _Inotify(root, ignored)
    try:
        await asyncio.to_thread(watch.cover)
        yield frozenset()
        while True:
            await _readable(watch.fd)
            await asyncio.sleep(GATHER_SECONDS)
            found = frozenset(watch.read())
            if any(hint.is_folder for hint in found):
                await asyncio.to_thread(watch.cover)
            if found:
                yield found
    except VaultMissingError as error:
        raise WatchError(str(error)) from error
    finally:
        watch.close()


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    loop.add_reader(fd, news.set)
    try:
        await news.wait()
    finally:
        loop.remove_reader(fd)


class _Inotify:
    """One inotify instance and the folders it watches. `cover` may run in a thread beside the rest."""

    def __init__(self, root: Path, ignored: IgnoreRules) -> None:
        self._root = root
        self._ignored = ignored
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._folders: dict[int, str] = {}
        self._guard = threading.Lock()
        self._closed = False
        self.fd: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd < 0:
            raise _watch_error(ctypes.get_errno())

    def cover(self) -> None:
        """Watch every folder that is there, under the path it has now.

        A folder may get folders of its own before it is watched, so look again until there is none unwatched.
        Raises `WatchError` where the system's limit is reached.
        """
        while True:
            known = self._folders
            found = (*folders_of(self._root, self._ignored), *_settings_folders(self._root))
            with self._guard:
                if self._closed:
                    return  # Its number may be another file's by now.
                self._folders = {watch: path for path in found if (watch := self._add(path)) is not None}
                for watch in known.keys() - self._folders.keys():
                    self._libc.inotify_rm_watch(self.fd, watch)
            if self._folders.keys() <= known.keys():
                return

    def close(self) -> None:
        """Give the instance back, once no thread is in the middle of using it."""
        with self._guard:
            self._closed = True
            os.close(self.fd)

    def read(self) -> Iterator[RawEvent]:
        """The next of what the kernel has to tell, without what is of no interest."""
        try:
            data = os.read(self.fd, _READ_BYTES)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            watch, mask, _, length = _HEADER.unpack_from(data, at)
            at += _HEADER.size + length
            name = os.fsdecode(data[at - length : at].rstrip(b"\0"))
            hint = self._hint(watch, mask, name)
            if hint is not None:
                yield hint

    def _hint(self, watch: int, mask: int, name: str) -> RawEvent | None:
        folder = self._folders.get(watch)
        if mask & _QUEUE_OVERFLOW:
            return RawEvent("", is_folder=True)
        if folder is None or mask & _IGNORED:
            return None
        if mask & _SELF_GONE or not name:
            return RawEvent(folder, is_folder=True)
        path = f"{folder}/{name}" if folder else name
        if path_kind(path, self._ignored) is PathKind.NONE:
            return None
        return RawEvent(path, self._is_folder(path, mask))

    def _is_folder(self, path: str, mask: int) -> bool:
        if mask & _IS_FOLDER:
            return True
        # The kernel calls a link to a folder a file.
        if mask & _APPEARED:
            return os.path.isdir(os.path.join(self._root, path))
        return bool(mask & _VANISHED) and path in self._folders.values()

    def _add(self, folder: str) -> int | None:
        path = os.fsencode(os.path.join(self._root, folder))
        watch: int = self._libc.inotify_add_watch(self.fd, path, _WANTED)
        if watch >= 0:
            return watch
        code = ctypes.get_errno()
        if folder and code in (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP):
            return None  # Gone again, or not ours to read: a scan says so.
        raise _watch_error(code)


def _settings_folders(root: Path) -> Iterator[str]:
    """Obsidian's settings folders of a vault: its own, and one per plugin."""
    yield SETTINGS_FOLDER
    plugins = f"{SETTINGS_FOLDER}/plugins"
    yield plugins
    try:
        names = os.listdir(os.path.join(root, plugins))
    except OSError:
        return
    yield from (f"{plugins}/{name}" for name in names)


def _watch_error(code: int) -> WatchError:
    if code == errno.ENOSPC:
        return WatchError("Too many folders are watched: raise the sysctl fs.inotify.max_user_watches.")
    if code in (errno.EMFILE, errno.ENFILE):
        return WatchError("Too many programs watch files: raise the sysctl fs.inotify.max_user_instances.")
    return WatchError(f"The system does not report changes ({os.strerror(code)}).")
