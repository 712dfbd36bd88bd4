"""Whether git is changing the notes of a vault just now, or has put one back. Only reads.

Looks for the files that git keeps while it is at work, which takes a few calls; git itself is asked only in a
repository in which it is idle, and only for one note.
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
"""What a git directory holds while a command runs, or has stopped half way for the user to go on."""
_POINTER = "gitdir: "
"""How a `.git` file of a linked worktree or a submodule begins."""


class GitWork(Enum):
    """What git has to do with a note as it is now."""

    NONE = "none"
    UNDER_WAY = "under way"
    """A command is running, or a merge, rebase or the like is to be finished."""
    CHECKED_OUT = "checked out"
    """Git is idle, and the note says what git has checked out: a stash or a reset may have put it back."""


def git_work(note: Path) -> GitWork:
    """What git has to do with the note at this path. Blocks: it may run git."""
    note = Path(os.path.realpath(note))
    folder = git_folder(note.parent)
    if folder is None:
        return GitWork.NONE
    if any(os.path.lexists(folder / name) for name in _AT_WORK):
        return GitWork.UNDER_WAY
    return GitWork.CHECKED_OUT if _is_checked_out(note) else GitWork.NONE


def git_folder(folder: Path) -> Path | None:
    """The git directory of the worktree that `folder` is in; None where it is in none."""
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
    """Whether the note is what is in the index, or in the commit that is checked out."""
    # Only where an edit fell.
    from roadtui.vault.git.git import (  # Seldom asked, and it brings in subprocess.
        ANSWER_SECONDS,
        Git,
        GitError,
    )

    try:
        data = note.read_bytes()
        git = Git(note.parent)
        known = _ids(
            git.ask(
                "--literal-pathspecs", "ls-files", "--stage", "-z", "--", note.name, patience=ANSWER_SECONDS
            )
        )
        with suppress(GitError):  # There is no commit yet.
            known |= _ids(
                git.ask(
                    "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", note.name, patience=ANSWER_SECONDS
                )
            )
    except (OSError, GitError):
        return False
    as_stored = (data, data.replace(b"\r\n", b"\n"))  # `core.autocrlf` stores line feeds alone.
    return not known.isdisjoint(name for text in as_stored for name in _names(text))


def _ids(listing: bytes) -> set[bytes]:
    """The object names in what `ls-files --stage` or `ls-tree` gives, which differ in the field before it."""
    fields = (entry.partition(b"\t")[0].split(b" ") for entry in listing.split(b"\0") if entry)
    return {part for found in fields for part in found if len(part) >= hashlib.sha1().digest_size * 2}


def _names(data: bytes) -> tuple[bytes, bytes]:
    """What git calls a file with these bytes, in a repository of either format."""
    stored = b"blob %d\0" % len(data) + data
    names = hashlib.sha1(stored, usedforsecurity=False), hashlib.sha256(stored)
    return names[0].hexdigest().encode(), names[1].hexdigest().encode()
