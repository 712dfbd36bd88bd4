"""Reading what `git log -p` writes about notes, as it comes: commits, and which lines became which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from roadtui.core.matching import MatchKey, heading, normalized_description
from roadtui.vault.git.git import LOG_OPTIONS

_MARK = b"\0commit "
NOTES = ":(glob,icase)**/*.md"

PATCHES = (
    "log",
    "-p",
    "-U0",
    "--inter-hunk-context=0",
    "--text",
    "--relative",
    "--find-renames",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--submodule=short",
    "--ignore-submodules=all",
    "--diff-algorithm=myers",
    "--date=iso-strict",
    "--format=%x00commit %H %ad",
    *LOG_OPTIONS,
)
"""The command whose output is read here."""

_BOX = re.compile(
    rb"(?:[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)+\[([^\]\r\n]{1,4})\](?=[ \t\r\n]|$)(.*)", re.DOTALL
)
_HEADING = re.compile(rb"[ \t>]{0,9}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t\r\n]*$", re.DOTALL)
_RANGE = re.compile(rb"@@ -([0-9]+)(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass(slots=True)
class LineRange:
    """Lines of one place that became others."""

    start: int
    """Line that the new ones start at, from 0, once the hunks before are made."""
    removed: int
    """How many lines went."""
    gone: list[bytes] = field(default_factory=list)
    come: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class PatchedNote:
    """What became of one note."""

    old: str | None = None
    """None for a new note."""
    new: str | None = None
    """None for one that was deleted."""
    hunks: list[LineRange] = field(default_factory=list)


@dataclass(slots=True)
class Commit:
    """One commit, with what it did to notes."""

    name: str
    authored: datetime | None
    """In the author's own zone, whose day is the one that counts; None where it is no date."""
    patches: list[PatchedNote] = field(default_factory=list)


def read_commits(out: IO[bytes]) -> Iterator[Commit]:
    """The commits that `PATCHES` writes to `out`."""
    commit: Commit | None = None
    patch = PatchedNote()
    left = came = 0
    hunk = LineRange(0, 0)
    for line in out:
        if left or came:
            sign = line[:1]
            if sign == b"-":
                hunk.gone.append(line[1:])
                left -= 1
            elif sign == b"+":
                hunk.come.append(line[1:])
                came -= 1
        elif line.startswith(b"@@ "):
            hunk, left, came = _hunk(line)
            patch.hunks.append(hunk)
        elif line.startswith(_MARK):
            if commit is not None:
                yield commit
            name, written = line[len(_MARK) :].decode("ascii").split(" ", 1)
            commit = Commit(name, author_time(written.strip()))
        elif line.startswith(b"diff --git ") and commit is not None:
            patch = PatchedNote(*_names(line))
            commit.patches.append(patch)
        else:
            _header(line, patch)
    if commit is not None:
        yield commit


def _hunk(line: bytes) -> tuple[LineRange, int, int]:
    found = _RANGE.match(line)
    assert found is not None, "git wrote it"
    _, removed, start, added = (int(number) if number is not None else 1 for number in found.groups())
    return LineRange(start - 1 if added else start, removed), removed, added


def author_time(text: str) -> datetime | None:
    """The author's date of a commit as `--date=iso-strict` writes it; None for one beyond all calendars."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _header(line: bytes, patch: PatchedNote) -> None:
    """Take in a line between `diff --git` and the first hunk."""
    if line.startswith(b"new file mode"):
        patch.old = None
    elif line.startswith(b"deleted file mode"):
        patch.new = None
    elif line.startswith((b"rename from ", b"copy from ")):
        patch.old = _path(line.split(b" from ", 1)[1].rstrip(b"\n"))
    elif line.startswith((b"rename to ", b"copy to ")):
        patch.new = _path(line.split(b" to ", 1)[1].rstrip(b"\n"))


def _names(line: bytes) -> tuple[str | None, str | None]:
    """Both names of `diff --git a/… b/…`, which are the same one unless the lines after it say otherwise."""
    written = line[len(b"diff --git ") :].rstrip(b"\n")
    if written.startswith(b'"'):
        name = _path(written[: (len(written) - 1) // 2])[2:]
    else:
        name = _path(written[2 : (len(written) - 1) // 2])
    return name, name


def _path(written: bytes) -> str:
    """A path as git writes it: in quotes with escapes, where it holds any that a line can't."""
    if written.startswith(b'"'):
        written = re.sub(rb"\\([0-7]{3}|.)", _unescaped, written[1:-1])
    return written.decode("utf-8", "surrogateescape")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _ESCAPES.get(code, code)


def match_entry(line: bytes) -> MatchKey | None:
    """The box or the heading that a line looks like; None for any other."""
    if b"[" in line:
        box = _BOX.match(line)
        if box is not None:
            mark, text = (part.decode("utf-8", "surrogateescape") for part in box.groups())
            return MatchKey(normalized_description(text.strip(" \t\r\n")), mark) if len(mark) == 1 else None
    if b"#" in line:
        found = _HEADING.match(line)
        if found is not None:
            return heading(found[1].decode("utf-8", "surrogateescape"))
    return None
