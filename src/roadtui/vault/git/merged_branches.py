"""Reads what was done on merged branches: a task is ticked there earlier than the merge brings it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from roadtui.core.matching import MatchKey
from roadtui.vault.git.git import Git
from roadtui.vault.git.log_parser import NOTES, PATCHES, Commit, match_entry, read_commits


@dataclass(frozen=True, slots=True)
class Branches:
    """The trunk, which is the chain of first parents, and what happened on merged branches."""

    trunk: Sequence[str]
    """Names of the commits, oldest first."""
    count: int
    """The number of commits, branches included."""
    roots: frozenset[str]
    """Commits without parents: their tasks count as there from the beginning."""
    _ticked: Mapping[tuple[str, str], datetime]
    """When a task was ticked on a branch, by merge commit and task text."""
    _added: Mapping[tuple[str, str], datetime]
    """When a task was added on a branch, by merge commit and task text."""

    def is_root(self, commit: str) -> bool:
        """Whether `commit` has no parents."""
        return commit in self.roots

    def ticked(self, merge: str, text: str) -> datetime | None:
        """When the task with this text was last ticked on a branch that `merge` brought in, if it was."""
        return self._ticked.get((merge, text))

    def added(self, merge: str, text: str) -> datetime | None:
        """When the task with this text was added on a branch that `merge` brought in, if it was."""
        return self._added.get((merge, text))


def read_branches(git: Git, head: str, is_done: Callable[[str], bool]) -> Branches:
    """Read the commit graph up to `head`, and the patches of the commits beside the trunk.

    Raises:
        GitError: git failed.
    """
    parents: dict[str, list[str]] = {}
    for line in git.ask_text("rev-list", "--topo-order", "--reverse", "--parents", head).splitlines():
        name, *commit_parents = line.split()
        parents[name] = commit_parents
    trunk = [head]
    while parents[trunk[-1]]:
        trunk.append(parents[trunk[-1]][0])
    trunk.reverse()
    merged = _merged_by(trunk, parents)
    ticked: dict[tuple[str, str], datetime] = {}
    added: dict[tuple[str, str], datetime] = {}
    side_commits = [
        name for name in parents if name in merged
    ]  # Git writes no patch of those that are merges.
    if side_commits:
        command = (*PATCHES, "--no-walk=unsorted", "--stdin", "--", NOTES)
        with git.stream(*command, lines=side_commits) as out:
            for commit in read_commits(out):
                _add_commit(commit, merged[commit.name], is_done, ticked, added)
    roots = frozenset(name for name, commit_parents in parents.items() if not commit_parents)
    return Branches(trunk, len(parents), roots, ticked, added)


def _merged_by(trunk: Sequence[str], parents: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each commit beside the trunk, the commit of the trunk that merged it."""
    on_trunk = set(trunk)
    merged: dict[str, str] = {}
    for commit in trunk:
        waiting = list(parents[commit][1:])
        while waiting:
            name = waiting.pop()
            if name not in on_trunk and name not in merged:
                merged[name] = commit
                waiting.extend(parents[name])
    return merged


def _add_commit(
    commit: Commit,
    merge: str,
    is_done: Callable[[str], bool],
    ticked: dict[tuple[str, str], datetime],
    added: dict[tuple[str, str], datetime],
) -> None:
    when = commit.authored
    if when is None:
        return
    removed_entries = [
        entry
        for patch in commit.patches
        for hunk in patch.hunks
        for entry in _task_entries(hunk.removed_lines)
    ]
    done_before = {entry.text for entry in removed_entries if is_done(entry.status_symbol)}
    texts_before = {entry.text for entry in removed_entries}
    for patch in commit.patches:
        for entry in (entry for hunk in patch.hunks for entry in _task_entries(hunk.added_lines)):
            if patch.old is not None and is_done(entry.status_symbol) and entry.text not in done_before:
                ticked[merge, entry.text] = when
            if entry.text not in texts_before:
                added.setdefault((merge, entry.text), when)


def _task_entries(lines: Sequence[bytes]) -> list[MatchKey]:
    return [entry for line in lines if (entry := match_entry(line)) is not None and entry.is_checkbox]
