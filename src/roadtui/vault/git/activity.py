"""Detects whether git is changing the notes of a vault, or has restored a note. Only reads.

Looks for the files that git keeps while a command runs, and for the note in git's index, which takes a few
system calls. Git itself is only run in an idle repository, and only for a note that is not as in the index.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

_ANSWER_SECONDS: Final = 0.4
"""The time limit of git here. Where it hangs, a note that is not as in the index is not as checked out."""
_AT_WORK = (
    "index.lock",
    "HEAD.lock",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
    "MERGE_HEAD",
    "MERGE_AUTOSTASH",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
)
"""Files of a git directory while a command runs, or waits for the user to continue it."""
_POINTER = "gitdir: "
"""How a `.git` file of a linked worktree or a submodule begins."""


class GitWork(Enum):
    """What git has to do with the present state of a note."""

    NONE = "none"
    UNDER_WAY = "under way"
    """A command is running, or a merge, rebase or the like is unfinished."""
    CHECKED_OUT = "checked out"
    """Git is idle, and the note is as checked out: a stash or a reset may have restored it."""


def git_work(note: Path) -> GitWork:
    """What git has to do with the present state of the note at this path.

    Blocks for a fraction of a second at most, unless the disk does not respond: it may run git.
    """
    note = Path(os.path.realpath(note))
    worktree = _worktree(note.parent)
    if worktree is None:
        return GitWork.NONE
    root, folder = worktree
    if any(os.path.lexists(folder / name) for name in _AT_WORK):
        return GitWork.UNDER_WAY
    try:
        data = note.read_bytes()
    except OSError:
        return GitWork.NONE
    as_stored = (data, data.replace(b"\r\n", b"\n"))  # `core.autocrlf` stores line feeds alone.
    names = [name for text in as_stored for name in _names(text)]
    is_checked_out = _is_in_index(folder, note.relative_to(root), names) or _is_checked_out(note, names)
    return GitWork.CHECKED_OUT if is_checked_out else GitWork.NONE


def git_folder(folder: Path) -> Path | None:
    """The git directory of the worktree that `folder` is in; None outside a worktree."""
    worktree = _worktree(folder)
    return None if worktree is None else worktree[1]


def _worktree(folder: Path) -> tuple[Path, Path] | None:
    """The top folder of the worktree that `folder` is in, and its git directory."""
    for parent in (folder, *folder.parents):
        entry = parent / ".git"
        if entry.is_dir():
            return parent, entry
        if entry.is_file():
            with suppress(OSError, UnicodeDecodeError):
                text = entry.read_text("utf-8")
                if text.startswith(_POINTER):
                    return parent, parent / text.removeprefix(_POINTER).strip()
                return None
    return None


def _is_in_index(folder: Path, path: Path, names: Iterable[str]) -> bool:
    """Whether the index lists `path` with one of these object names; False also where it is compressed.

    An entry holds the object name, two or four bytes of flags, the path and a NUL.
    """
    try:
        index = (folder / "index").read_bytes()
    except OSError:
        return False
    listed = re.escape(os.fsencode(path.as_posix()))
    return any(
        re.search(re.escape(bytes.fromhex(name)) + b".{2}(?:.{2})?" + listed + b"\0", index, re.DOTALL)
        for name in names
    )


def _is_checked_out(note: Path, names: Iterable[str]) -> bool:
    """Whether the note is as in the index, or as in the commit that is checked out, as git itself says."""
    from roadtui.vault.git.git import Git, GitError  # Only for an overwritten edit; imports subprocess.

    try:
        git = Git(note.parent, _ANSWER_SECONDS)
        known = _ids(
            git.ask(
                "--literal-pathspecs", "ls-files", "--stage", "-z", "--", note.name, timeout=_ANSWER_SECONDS
            )
        )
        with suppress(GitError):  # The repository may have no commit yet.
            known |= _ids(
                git.ask(
                    "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", note.name, timeout=_ANSWER_SECONDS
                )
            )
    except (OSError, GitError):
        return False
    return not known.isdisjoint(name.encode() for name in names)


def _ids(listing: bytes) -> set[bytes]:
    """The object names in the output of `ls-files --stage` or `ls-tree`, which differ in the field."""
    fields = (entry.partition(b"\t")[0].split(b" ") for entry in listing.split(b"\0") if entry)
    return {part for found in fields for part in found if len(part) >= hashlib.sha1().digest_size * 2}


def _names(data: bytes) -> tuple[str, str]:
    """Git's object names of a file with these bytes, in SHA-1 and SHA-256 repositories."""
    stored = b"blob %d\0" % len(data) + data
    names = hashlib.sha1(stored, usedforsecurity=False), hashlib.sha256(stored)
    return names[0].hexdigest(), names[1].hexdigest()
