"""The saved frame: what the dashboard showed when the program was left, and everything that this depends on.

The next start writes it to the terminal before it imports anything else, if all of that is as it was. So this
module imports only what Python has loaded or built in, and nothing of the program. A file that is damaged,
of another version or not the user's own is no frame; nothing here waits for anybody, or reports an error.
"""

import os
import sys
from binascii import crc32
from struct import Struct
from time import localtime

from roadtui import __version__

LARGEST = 16 * 1024 * 1024
"""Bytes of a frame's file, and of a file whose content is compared."""
COLUMNS, ROWS = 1_000, 500
"""No frame is kept of a larger screen."""

WHOLE, HEAD, LISTING = b"w", b"h", b"l"
"""What of a path is compared where its stamp is too young: its bytes, its first ones, or a folder's names."""
HEAD_BYTES = 100
"""Of an SQLite database these have a counter of its changes (its file format, 1.3)."""

_MAGIC = b"roadtui frame 1\n"
_SUM = Struct("<I")
_LENGTHS = Struct("<7I")
STAMP = Struct("<QQQqq")
"""Device, inode, size in bytes, modification and change time in nanoseconds."""
_UNSIGNED = (1 << 64) - 1
_NAMES = frozenset(
    {
        *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "UNICODE_VERSION"),
        *("LANG", "LANGUAGE", "TZ", "HOME", "USER", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "WT_SESSION"),
    }
)
_PREFIXES = ("LC_", "TEXTUAL", "ROADTUI", "XDG_", "TERM_", "TTY_", "PYTHON")
"""The variables that what is shown, or what is opened, may depend on."""
_OPENING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)

Stamp = tuple[int, int, int, int, int]
"""What `STAMP` packs."""


class SavedFrame:
    """One saved frame."""

    __slots__ = ("conditions", "dependencies", "screen", "view")

    def __init__(
        self, conditions: bytes, dependencies: "FrameDependencies", screen: bytes, view: bytes
    ) -> None:
        self.conditions = conditions
        """See `conditions_of`."""
        self.dependencies = dependencies
        self.screen = screen
        """The cells, as a terminal takes them."""
        self.view = view
        """What the program goes on with; only it knows what that means."""


class FrameDependencies:
    """The files and folders that a frame depends on, as they were when it was true. Paths are bytes."""

    __slots__ = ("absent", "checks", "folders", "paths", "stamps")

    def __init__(
        self,
        paths: list[bytes],
        stamps: bytes,
        checks: list[tuple[int, bytes, int]],
        folders: list[bytes],
        absent: list[bytes],
    ) -> None:
        self.paths = paths
        """Those that must not have changed."""
        self.stamps = stamps
        """Their stamps, packed one after the other."""
        self.checks = checks
        """Those of `paths`, by index, whose content must be the same too: what of it, and its checksum."""
        self.folders = folders
        """Those that must be folders, whatever is in them."""
        self.absent = absent
        """Those that must not exist."""

    def hold(self) -> bool:
        """Whether everything is as it was."""
        stat = os.stat
        try:
            for path, expected in zip(self.paths, STAMP.iter_unpack(self.stamps), strict=True):
                now = stat(path)
                if (
                    now.st_mtime_ns != expected[3]
                    or now.st_ctime_ns != expected[4]
                    or (now.st_dev & _UNSIGNED, now.st_ino & _UNSIGNED, now.st_size) != expected[:3]
                ):
                    return False
            return (
                all(map(os.path.isdir, self.folders))
                and all(map(_is_absent, self.absent))
                and all(checksum(self.paths[index], kind) == found for index, kind, found in self.checks)
            )
        except (OSError, ValueError):  # ValueError: there are more of the ones than of the others.
            return False


def stamp_of(path: str | bytes) -> Stamp:
    """The stamp of a file or folder, following links; raises OSError."""
    found = os.stat(path)
    return (
        found.st_dev & _UNSIGNED,
        found.st_ino & _UNSIGNED,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )


def checksum(path: bytes, kind: bytes) -> int:
    """The checksum of the content of `path`, as far as `kind` says; raises OSError."""
    if kind == LISTING:
        return crc32(b"\0".join(sorted(os.listdir(path))))
    fd = os.open(path, _OPENING)
    try:
        return crc32(os.read(fd, HEAD_BYTES if kind == HEAD else LARGEST))
    finally:
        os.close(fd)


def _is_absent(path: bytes) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    return False


# Which frame


def conditions_of(arguments: list[str], size: tuple[int, int]) -> bytes:
    """What a frame depends on besides files: the program, its arguments, the terminal, variables, the day.

    Args:
        arguments: Those of the command line.
        size: Columns and rows of the terminal.
    """
    variables = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name in _NAMES or name.startswith(_PREFIXES)
    ]
    program = __version__, sys.executable, sys.version, *sys.path[1:]
    parts = [*program, *_place(arguments, size), *localtime()[:3], *variables]
    return "\0".join(map(str, parts)).encode("utf-8", "surrogateescape")


def _place(arguments: list[str], size: tuple[int, int]) -> list[object]:
    return [os.getcwd(), *size, len(arguments), *arguments]


def frames_folder() -> str:
    """The folder of the frames, in the user's folder for caches."""
    if sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
    return os.path.join(base, "roadtui", "frames")


def file_of(arguments: list[str], size: tuple[int, int]) -> str:
    """The file of the frame for these arguments in this folder and this size of terminal."""
    place = "\0".join(map(str, _place(arguments, size))).encode("utf-8", "surrogateescape")
    return os.path.join(frames_folder(), f"{crc32(place):08x}{crc32(place[::-1]):08x}.frame")


def terminal_size() -> tuple[int, int] | None:
    """Columns and rows of the terminal; None unless it is both stdin and stdout, and ours to use."""
    try:
        if not (os.isatty(0) and os.isatty(1)) or os.fstat(0).st_rdev != os.fstat(1).st_rdev:
            return None
        if os.tcgetpgrp(0) != os.getpgrp():
            return None
        columns, rows = os.get_terminal_size(1)
    except OSError:
        return None
    return (columns, rows) if 0 < columns <= COLUMNS and 0 < rows <= ROWS else None


def find(arguments: list[str], size: tuple[int, int]) -> SavedFrame | None:
    """The frame for this start, if there is one and everything is as it was."""
    try:
        frame = decode(_read(file_of(arguments, size)))
        is_true = frame is not None and frame.conditions == conditions_of(arguments, size)
    except OSError:
        return None
    return frame if frame is not None and is_true and frame.dependencies.hold() else None


# The file


def _read(path: str) -> bytes:
    """The bytes of the file at `path`; raises OSError if it is not a plain file of the user's own."""
    fd = os.open(path, _OPENING | getattr(os, "O_NOFOLLOW", 0))
    try:
        found = os.fstat(fd)
        is_plain = found.st_mode & 0o170000 == 0o100000 and not found.st_mode & 0o022
        if not is_plain or found.st_uid != os.geteuid() or found.st_size > LARGEST:
            raise PermissionError(path)
        return os.read(fd, LARGEST)
    finally:
        os.close(fd)


def encode(frame: SavedFrame) -> bytes:
    """The content of the file of a frame."""
    needed = frame.dependencies
    checks = b"\n".join(b"%d %b %d" % check for check in needed.checks)
    paths, folders, absent = map(b"\0".join, (needed.paths, needed.folders, needed.absent))
    parts = (frame.conditions, paths, needed.stamps, checks, folders, absent, frame.screen)
    body = _LENGTHS.pack(*map(len, parts)) + b"".join(parts) + frame.view
    return _MAGIC + _SUM.pack(crc32(body)) + body


def decode(data: bytes) -> SavedFrame | None:
    """The frame in the content of a file; None if it is damaged or of another version."""
    start = len(_MAGIC) + _SUM.size
    if not data.startswith(_MAGIC) or len(data) < start + _LENGTHS.size:
        return None
    body = data[start:]
    if _SUM.unpack_from(data, len(_MAGIC))[0] != crc32(body):
        return None
    parts = []
    at = _LENGTHS.size
    for length in _LENGTHS.unpack_from(body):
        parts.append(body[at : at + length])
        at += length
    conditions, paths, stamps, checks, folders, absent, screen = parts
    split = [line.split() for line in checks.splitlines()]
    dependencies = FrameDependencies(
        _split(paths),
        stamps,
        [(int(index), kind, int(found)) for index, kind, found in split],
        _split(folders),
        _split(absent),
    )
    return SavedFrame(conditions, dependencies, screen, body[at:])


def _split(paths: bytes) -> list[bytes]:
    return paths.split(b"\0") if paths else []
