"""Reads the small files that hold settings or what is remembered. Knows nothing of what is in them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

LARGEST: Final = 8 * 1024 * 1024
"""Bytes; far more than any settings need."""
_WITHOUT_WAITING: Final = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def read_plain_file(path: Path) -> bytes:
    """The bytes of the file at `path`. Waits for nobody: a pipe or a device is refused, not read.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read, is no plain file, or is larger than `LARGEST`; `strerror` says which.
    """
    try:
        fd = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ENODEV):
            raise _not_plain(path) from error
        raise
    try:
        kind = stat.S_IFMT(os.fstat(fd).st_mode)
        if kind == stat.S_IFDIR:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if kind != stat.S_IFREG:
            raise _not_plain(path)
        with open(fd, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    finally:
        os.close(fd)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, f"Larger than {LARGEST >> 20} MiB", os.fspath(path))
    return data


def write_plain_file(path: Path, text: str) -> None:
    """Write a file completely or not at all; its folder is created if it is missing.

    Raises:
        OSError: the file cannot be written; the old one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _not_plain(path: Path) -> OSError:
    return OSError(errno.EINVAL, "Not a plain file but a pipe, a socket or a device", os.fspath(path))
