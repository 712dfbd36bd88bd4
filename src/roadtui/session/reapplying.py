"""Edits that another program has overwritten: which of them to make again, and when.

Runs in the app's event loop; git is asked in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.git.activity import GitWork, git_work
from roadtui.vault.overwrite_guard import Loss, OverwriteGuard, OverwrittenEdit
from roadtui.vault.snapshot import Snapshot

GIT_POLL_SECONDS = 0.25
"""Seconds between two looks whether git is done."""
_GIT_QUIET = 1.0
"""For so long git has to be idle: a stash is often followed by a pull and its way back."""
_GIT_PATIENCE = 30.0
"""Seconds after which the user is told that an edit waits for git; a merge may stay unfinished for days."""


class Overwritten(NamedTuple):
    """What came of looking for overwritten edits."""

    to_reapply: Sequence[OverwrittenEdit] = ()
    lost: Sequence[OverwrittenEdit] = ()


class _WaitingForGit(NamedTuple):
    edit: Edit
    since: float
    idle_since: float | None = None


class Reapplier:
    """Watches the edits of one vault, and finds those that are to be made again."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[], float],
        work_of: Callable[[Path], GitWork] = git_work,
    ) -> None:
        """Make one that watches nothing yet.

        Args:
            root: The vault's folder.
            clock: Gives seconds that never step back.
            work_of: Says what git has to do with the note at a path; called in a thread.
        """
        self._root = root
        self._clock = clock
        self._work_of = work_of
        self._watch = OverwriteGuard()
        self._waiting: list[_WaitingForGit] = []
        self._has_waiting = asyncio.Event()
        self._asked_about: list[Edit] = []
        """Edits that have fallen, while git is asked what to do with them."""

    def written(self, edit: Edit, part: EditCommit) -> None:
        """Watch over `edit`, which was just written; its note may have lost an earlier one already."""
        moved = edit if edit.path == part.path else replace(edit, path=part.path)
        self._watch.guard(moved, part.note_before, part.before, part.note, self._clock(), part.hunks)

    def is_watched(self, step: Transaction) -> bool:
        """Whether the edits of `step` are still to stand: the user has not gone further meanwhile."""
        return all(self._watch.is_guarded(edit) for edit in step.edits)

    def refused(self, step: Transaction) -> None:
        """Watch over the edits of `step` no more."""
        for edit in step.edits:
            self._watch.stop_guarding(edit)

    @property
    def paths(self) -> frozenset[str]:
        """The notes whose edits are watched."""
        return self._watch.paths

    def watch_on(self, paths: Collection[str]) -> None:
        """Go on watching the edits of notes of which it is not known what stands in them."""
        self._watch.extend(paths, self._clock())

    def in_doubt(self, paths: Collection[str]) -> list[str]:
        """A sentence for each watched edit of these notes: the program ends before it is known to stand."""
        return [
            f"{path} kept changing until the end. See whether it has: {title}."
            for path in sorted(paths)
            for title in self._watch.titles(path)
        ]

    async def look(self, snapshot: Snapshot) -> Overwritten:
        """Find what another program has overwritten. While git is at work, what it has put back waits."""
        fallen = [
            one
            for path in self._watch.paths & snapshot.notes.keys()
            for one in self._watch.overwritten(snapshot.notes[path], self._clock())
        ]
        lost = [one for one in fallen if one.gave_up]
        hopeful = [one for one in fallen if not one.gave_up]
        self._asked_about += [one.edit for one in hopeful]
        to_reapply: list[OverwrittenEdit] = []
        for one in hopeful:
            if await self._work(one.edit.path) is GitWork.NONE:
                to_reapply.append(one)
            else:
                self._waiting.append(_WaitingForGit(one.edit, self._clock()))
                self._has_waiting.set()
        for one in hopeful:
            self._asked_about.remove(one.edit)
        return Overwritten(to_reapply, lost)

    def left_to_git(self) -> list[str]:
        """A sentence for each edit that still waits for git, as the program ends."""
        left = [*self._asked_about, *(one.edit for one in self._waiting)]
        return [Loss.GIT.sentence(edit.title, edit.path) for edit in left]

    async def wait_for_git(self) -> None:
        """Return when it is time to ask for `paths_after_git`."""
        await self._has_waiting.wait()
        await asyncio.sleep(GIT_POLL_SECONDS)

    async def paths_after_git(self) -> frozenset[str]:
        """The notes to read again, as git is done with them; then `look_after_git`."""
        waiting = []
        for one in self._waiting:
            is_busy = await self._work(one.edit.path) is GitWork.UNDER_WAY
            began = self._clock() if one.idle_since is None else one.idle_since
            waiting.append(one._replace(idle_since=None if is_busy else began))
        self._waiting = waiting
        return frozenset(one.edit.path for one in waiting if self._is_ripe(one))

    async def look_after_git(self, snapshot: Snapshot) -> Overwritten:
        """What of the edits that waited for git is to be made again, and what is lost."""
        to_reapply: list[OverwrittenEdit] = []
        lost: list[OverwrittenEdit] = []
        ripe = [one for one in self._waiting if self._is_ripe(one)]
        self._waiting = [one for one in self._waiting if one not in ripe]
        if not self._waiting:
            self._has_waiting.clear()
        for one in ripe:
            note = snapshot.notes.get(one.edit.path)
            fallen = (
                self._watch.still_overwritten(one.edit, note, self._clock()) if note is not None else None
            )
            if fallen is None:
                continue
            if fallen.gave_up:
                self._watch.stop_guarding(fallen.edit)
                lost.append(fallen)
            elif await self._work(one.edit.path) is GitWork.NONE:
                to_reapply.append(fallen)
            else:
                self._watch.stop_guarding(fallen.edit)
                lost.append(replace(fallen, loss=Loss.GIT))
        return Overwritten(to_reapply, lost)

    def _is_ripe(self, one: _WaitingForGit) -> bool:
        now = self._clock()
        is_quiet = one.idle_since is not None and now - one.idle_since >= _GIT_QUIET
        return is_quiet or now - one.since >= _GIT_PATIENCE

    async def _work(self, path: str) -> GitWork:
        return await asyncio.to_thread(partial(self._work_of, self._root / path))
