"""Parses the output of `git log -p` for notes, line by line: commits, and the lines that they replace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from roadtui.core.matching import MatchKey, heading, normalized_description
from roadtui.vault.git.git import LOG_OPTIONS

_COMMIT_START = b"\0commit "
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
"""The git command whose output is parsed here."""

_TASK = re.compile(
    rb"(?:[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)+\[([^\]\r\n]{1,4})\](?=[ \t\r\n]|$)(.*)", re.DOTALL
)
_HEADING = re.compile(rb"[ \t>]{0,9}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t\r\n]*$", re.DOTALL)
_RANGE = re.compile(rb"@@ -([0-9]+)(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass(slots=True)
class LineRange:
    """One hunk: consecutive lines that were replaced by others."""

    start: int
    """The first of the new lines, from 0, after the previous hunks are applied."""
    removed_count: int
    """The number of removed lines."""
    removed_lines: list[bytes] = field(default_factory=list)
    added_lines: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class PatchedNote:
    """The changes of one note in a commit."""

    old: str | None = None
    """The path before the commit; None for a new note."""
    new: str | None = None
    """The path after the commit; None for a deleted note."""
    hunks: list[LineRange] = field(default_factory=list)


@dataclass(slots=True)
class Commit:
    """One commit, with its changes of notes."""

    name: str
    authored: datetime | None
    """The author's time in the author's own zone, whose day counts; None for an invalid date."""
    patches: list[PatchedNote] = field(default_factory=list)


def read_commits(out: IO[bytes]) -> Iterator[Commit]:
    """The commits in `out`, the output of `PATCHES`."""
    commit: Commit | None = None
    patch = PatchedNote()
    removals_left = additions_left = 0
    hunk = LineRange(0, 0)
    for line in out:
        if removals_left or additions_left:
            sign = line[:1]
            if sign == b"-":
                hunk.removed_lines.append(line[1:])
                removals_left -= 1
            elif sign == b"+":
                hunk.added_lines.append(line[1:])
                additions_left -= 1
        elif line.startswith(b"@@ "):
            hunk, removals_left, additions_left = _read_range(line)
            patch.hunks.append(hunk)
        elif line.startswith(_COMMIT_START):
            if commit is not None:
                yield commit
            name, written = line[len(_COMMIT_START) :].decode("ascii").split(" ", 1)
            commit = Commit(name, author_time(written.strip()))
        elif line.startswith(b"diff --git ") and commit is not None:
            patch = PatchedNote(*_names(line))
            commit.patches.append(patch)
        else:
            _read_header(line, patch)
    if commit is not None:
        yield commit


def _read_range(line: bytes) -> tuple[LineRange, int, int]:
    found = _RANGE.match(line)
    assert found is not None, "git writes a range"
    _, removed_count, start, added = (int(number) if number is not None else 1 for number in found.groups())
    return LineRange(start - 1 if added else start, removed_count), removed_count, added


def author_time(text: str) -> datetime | None:
    """The author's time of a commit, as `--date=iso-strict` writes it; None if `datetime` cannot hold it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read_header(line: bytes, patch: PatchedNote) -> None:
    """Read a line between `diff --git` and the first hunk into `patch`."""
    if line.startswith(b"new file mode"):
        patch.old = None
    elif line.startswith(b"deleted file mode"):
        patch.new = None
    elif line.startswith((b"rename from ", b"copy from ")):
        patch.old = _path(line.split(b" from ", 1)[1].rstrip(b"\n"))
    elif line.startswith((b"rename to ", b"copy to ")):
        patch.new = _path(line.split(b" to ", 1)[1].rstrip(b"\n"))


def _names(line: bytes) -> tuple[str | None, str | None]:
    """Both paths of `diff --git a/… b/…`, which are equal unless the following lines name others."""
    written = line[len(b"diff --git ") :].rstrip(b"\n")
    if written.startswith(b'"'):
        name = _path(written[: (len(written) - 1) // 2])[2:]
    else:
        name = _path(written[2 : (len(written) - 1) // 2])
    return name, name


def _path(written: bytes) -> str:
    """The path in git's notation: in quotes with escapes, if it has characters that a line cannot hold."""
    if written.startswith(b'"'):
        written = re.sub(rb"\\([0-7]{3}|.)", _unescaped, written[1:-1])
    return written.decode("utf-8", "surrogateescape")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _ESCAPES.get(code, code)


def match_entry(line: bytes) -> MatchKey | None:
    """The task or heading on a line, regardless of context such as code blocks; None for any other line."""
    if b"[" in line:
        task_match = _TASK.match(line)
        if task_match is not None:
            symbol, text = (part.decode("utf-8", "surrogateescape") for part in task_match.groups())
            return (
                MatchKey(normalized_description(text.strip(" \t\r\n")), symbol) if len(symbol) == 1 else None
            )
    if b"#" in line:
        found = _HEADING.match(line)
        if found is not None:
            return heading(found[1].decode("utf-8", "surrogateescape"))
    return None
