"""What was done on branches that were merged: the merge brings it in later than it was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from roadtui.core.matching import MatchKey
from roadtui.vault.git.git import Git
from roadtui.vault.git.log_parser import NOTES, PATCHES, Commit, match_entry, read_commits


@dataclass(frozen=True, slots=True)
class Branches:
    """The trunk, which is what first parents lead to, and what happened beside it."""

    trunk: Sequence[str]
    """Names of commits, the first first."""
    count: int
    """All commits, branches included."""
    roots: frozenset[str]
    """Commits without parents: what they hold was there from the beginning."""
    _ticked: Mapping[tuple[str, str], datetime]
    """By merge and words: when a box was ticked on the branch."""
    _added: Mapping[tuple[str, str], datetime]

    def is_root(self, commit: str) -> bool:
        """Whether nothing is known of what was before `commit`."""
        return commit in self.roots

    def ticked(self, merge: str, words: str) -> datetime | None:
        """When the box of these words was last ticked on what `merge` brought in."""
        return self._ticked.get((merge, words))

    def added(self, merge: str, words: str) -> datetime | None:
        """When the box of these words came on what `merge` brought in."""
        return self._added.get((merge, words))


def read_branches(git: Git, head: str, is_done: Callable[[str], bool]) -> Branches:
    """Read the shape of the history up to `head`, and the patches of what is beside the trunk.

    Raises:
        GitError: git could not be asked.
    """
    parents: dict[str, list[str]] = {}
    for line in git.words("rev-list", "--topo-order", "--reverse", "--parents", head).splitlines():
        name, *above = line.split()
        parents[name] = above
    trunk = [head]
    while parents[trunk[-1]]:
        trunk.append(parents[trunk[-1]][0])
    trunk.reverse()
    merged = _merged_by(trunk, parents)
    ticked: dict[tuple[str, str], datetime] = {}
    added: dict[tuple[str, str], datetime] = {}
    beside = [name for name in parents if name in merged]  # Git writes no patch of those that are merges.
    if beside:
        command = (*PATCHES, "--no-walk=unsorted", "--stdin", "--", NOTES)
        with git.stream(*command, lines=beside) as out:
            for commit in read_commits(out):
                _take(commit, merged[commit.name], is_done, ticked, added)
    roots = frozenset(name for name, above in parents.items() if not above)
    return Branches(trunk, len(parents), roots, ticked, added)


def _merged_by(trunk: Sequence[str], parents: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each commit beside the trunk, the commit of the trunk that brought it in."""
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


def _take(
    commit: Commit,
    merge: str,
    is_done: Callable[[str], bool],
    ticked: dict[tuple[str, str], datetime],
    added: dict[tuple[str, str], datetime],
) -> None:
    when = commit.authored
    if when is None:
        return
    gone = [entry for patch in commit.patches for hunk in patch.hunks for entry in _boxes(hunk.gone)]
    was_done = {entry.text for entry in gone if is_done(entry.status_symbol)}
    was_there = {entry.text for entry in gone}
    for patch in commit.patches:
        for entry in (entry for hunk in patch.hunks for entry in _boxes(hunk.come)):
            if patch.old is not None and is_done(entry.status_symbol) and entry.text not in was_done:
                ticked[merge, entry.text] = when
            if entry.text not in was_there:
                added.setdefault((merge, entry.text), when)


def _boxes(lines: Sequence[bytes]) -> list[MatchKey]:
    return [entry for line in lines if (entry := match_entry(line)) is not None and entry.is_checkbox]
