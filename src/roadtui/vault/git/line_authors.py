"""Finds the commits that brought lines of notes into their present state. Never writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from roadtui.vault.git.git import ANSWER_SECONDS, LOG_OPTIONS, Git
from roadtui.vault.git.log_parser import PATCHES, Commit, PatchedNote, read_commits

_MOST_COMMITS = 500
"""How far back commits are read: what is older was hardly made since the last look."""
_MOST_PATHS = 200
_SECONDS = 4.0
"""The time limit of the log; a repository that takes longer tells nobody."""


class _Enough(Exception):
    """Nothing is left to find; git is ended."""


class NoteLine(NamedTuple):
    """A line of a note that somebody has added, or removed."""

    path: str
    """The note, relative to the vault."""
    line: str
    """Without its line end."""
    is_removed: bool = False

    @property
    def _bytes(self) -> bytes:
        return self.line.encode("utf-8", "surrogateescape")

    def is_in(self, patches: Iterable[PatchedNote]) -> bool | None:
        """Whether `patches`, of one commit, do this; None where they do not touch such a line."""
        added = removed = False
        for patch in patches:
            if self.path not in (patch.old, patch.new):
                continue
            for hunk in patch.hunks:
                added = added or _has(hunk.added_lines, self._bytes)
                removed = removed or _has(hunk.removed_lines, self._bytes)
        if not added and not removed:
            return None
        return removed and not added if self.is_removed else added


class CommitAuthor(NamedTuple):
    """Who made a commit."""

    name: str
    commit: str
    """The commit's short name."""
    at: datetime | None
    """The author's time; None for an invalid date."""


def line_authors(
    git: Git, lines: Collection[NoteLine], is_wanted: Callable[[], bool]
) -> Mapping[NoteLine, CommitAuthor]:
    """Who made the newest commit that touches each of `lines`, where that commit left it as it is.

    A line that was changed since by nobody's commit, or too long ago, is left out. `is_wanted` is called
    repeatedly; False ends the work.

    Raises:
        GitError: git failed, or took too long.
    """
    paths = sorted({one.path for one in lines})[:_MOST_PATHS]
    if not paths or git.head is None:
        return {}
    found: dict[NoteLine, Commit] = {}
    waiting = set(lines)
    command = ("--literal-pathspecs", *PATCHES, "--topo-order", f"-{_MOST_COMMITS}", "--", *paths)
    with suppress(_Enough), git.stream(*command, timeout=_SECONDS) as out:
        for commit in read_commits(out):
            if not waiting or not is_wanted():
                raise _Enough
            for line in [*waiting]:
                made = line.is_in(commit.patches)
                if made is not None:
                    waiting.remove(line)
                if made:
                    found[line] = commit
    authors = dict(_authors(git, list({commit.name: commit for commit in found.values()}.values())))
    return {line: authors[commit.name] for line, commit in found.items() if commit.name in authors}


def _authors(git: Git, commits: Collection[Commit]) -> Iterator[tuple[str, CommitAuthor]]:
    if not commits:
        return
    when = {commit.name: commit.authored for commit in commits}
    command = ("log", "--no-walk=unsorted", "--stdin", "--format=%H%x00%h%x00%an", *LOG_OPTIONS)
    with git.stream(*command, lines=list(when), timeout=ANSWER_SECONDS) as out:
        for line in out.read().splitlines():
            name, short, author = line.decode("utf-8", "replace").split("\0", 2)
            yield name, CommitAuthor(author, short, when.get(name))


def _has(lines: Iterable[bytes], wanted: bytes) -> bool:
    return any(line.rstrip(b"\r\n") == wanted for line in lines)
