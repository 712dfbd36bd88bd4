"""Finds files that a process has open for writing, on Linux (proc(5)); used where there are no leases."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Final

_PROCESSES: Final = b"/proc"
_EVERY_PROCESS: Final = b"pid:[4026531836]"
"""The initial process namespace, which always has this number. In another namespace (a container), outside
processes are not visible."""


def open_for_writing(paths: Collection[Path], own: int | None) -> tuple[frozenset[Path], bool]:
    """The files among `paths` that a process has open for writing, and whether all processes were checked.

    Args:
        paths: The files.
        own: A descriptor of this process that does not count.
    """
    by_name: dict[bytes, list[Path]] = defaultdict(list)
    for path in paths:
        by_name[os.fsencode(path.name)].append(path)
    found: set[Path] = set()
    are_all_seen = _sees_every_process()
    ourselves = (b"%d" % os.getpid(), b"%d" % own) if own is not None else None
    for process in names_of(_PROCESSES):
        if not process.isdigit():
            continue
        folder = b"%b/%b" % (_PROCESSES, process)
        try:
            descriptors = os.listdir(folder + b"/fd")
        except (FileNotFoundError, ProcessLookupError):  # The process has ended.
            continue
        except OSError:  # A process of another user.
            are_all_seen = False
            continue
        for descriptor in descriptors:
            if (process, descriptor) == ourselves:
                continue
            try:
                # Reading the link does not access the file system it leads to, which may not respond.
                name = os.readlink(folder + b"/fd/" + descriptor).rpartition(b"/")[2]
                for path in by_name.get(name, ()):
                    if _is_of(folder, descriptor, path):
                        found.add(path)
            except OSError:
                continue
    return frozenset(found), are_all_seen


def _sees_every_process() -> bool:
    try:
        return os.readlink(_PROCESSES + b"/self/ns/pid") == _EVERY_PROCESS
    except OSError:
        return False


def names_of(folder: bytes) -> list[bytes]:
    """The names in a folder; empty if it cannot be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _is_of(process: bytes, descriptor: bytes, path: Path) -> bool:
    """Whether the descriptor is the file at `path`, open for writing."""
    if not os.path.samestat(os.stat(process + b"/fd/" + descriptor), os.lstat(path)):
        return False
    with open(process + b"/fdinfo/" + descriptor, "rb") as status:
        flags = next((line.split()[1] for line in status if line.startswith(b"flags:")), b"0")
    return int(flags, 8) & os.O_ACCMODE != os.O_RDONLY
