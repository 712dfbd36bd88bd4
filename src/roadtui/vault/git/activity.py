"""Detects whether git is changing the notes of a vault, or has restored a note. Only reads.

Looks for the files that git keeps while a command runs, which takes a few system calls. Git itself is only
run in an idle repository, and only for one note.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from enum import Enum
from pathlib import Path

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
    """What git has to do with the present state of the note at this path. Blocks: it may run git."""
    note = Path(os.path.realpath(note))
    folder = git_folder(note.parent)
    if folder is None:
        return GitWork.NONE
    if any(os.path.lexists(folder / name) for name in _AT_WORK):
        return GitWork.UNDER_WAY
    return GitWork.CHECKED_OUT if _is_checked_out(note) else GitWork.NONE


def git_folder(folder: Path) -> Path | None:
    """The git directory of the worktree that `folder` is in; None outside a worktree."""
    for parent in (folder, *folder.parents):
        entry = parent / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():
            with suppress(OSError, UnicodeDecodeError):
                text = entry.read_text("utf-8")
                return parent / text.removeprefix(_POINTER).strip() if text.startswith(_POINTER) else None
    return None


def _is_checked_out(note: Path) -> bool:
    """Whether the note is as in the index, or as in the commit that is checked out."""
    from roadtui.vault.git.git import (  # Only for an overwritten edit; imports subprocess.
        ANSWER_SECONDS,
        Git,
        GitError,
    )

    try:
        data = note.read_bytes()
        git = Git(note.parent)
        known = _ids(
            git.ask(
                "--literal-pathspecs", "ls-files", "--stage", "-z", "--", note.name, timeout=ANSWER_SECONDS
            )
        )
        with suppress(GitError):  # The repository may have no commit yet.
            known |= _ids(
                git.ask(
                    "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", note.name, timeout=ANSWER_SECONDS
                )
            )
    except (OSError, GitError):
        return False
    as_stored = (data, data.replace(b"\r\n", b"\n"))  # `core.autocrlf` stores line feeds alone.
    return not known.isdisjoint(name for text in as_stored for name in _names(text))


def _ids(listing: bytes) -> set[bytes]:
    """The object names in the output of `ls-files --stage` or `ls-tree`, which differ in the field."""
    fields = (entry.partition(b"\t")[0].split(b" ") for entry in listing.split(b"\0") if entry)
    return {part for found in fields for part in found if len(part) >= hashlib.sha1().digest_size * 2}


def _names(data: bytes) -> tuple[bytes, bytes]:
    """Git's object names of a file with these bytes, in SHA-1 and SHA-256 repositories."""
    stored = b"blob %d\0" % len(data) + data
    names = hashlib.sha1(stored, usedforsecurity=False), hashlib.sha256(stored)
    return names[0].hexdigest().encode(), names[1].hexdigest().encode()
