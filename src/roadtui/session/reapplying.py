"""Decides which edits that another program has overwritten are re-applied, and when.

Runs in the app's event loop. States of notes are compared in threads, as that takes a tenth of a second for a
long note; git is queried in a thread, too, for no longer than an edit can wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.git.activity import GitWork, git_work
from roadtui.vault.overwrite_guard import Loss, OverwriteGuard, OverwrittenEdit
from roadtui.vault.snapshot import Snapshot

GIT_POLL_SECONDS = 0.25
"""Seconds between two checks whether git is done."""
_GIT_QUIET = 1.0
"""Seconds for which git has to be idle: a stash is often followed by a pull and by `stash pop`."""
_GIT_TIMEOUT = 30.0
"""Seconds after which an edit no longer waits for git; a merge may stay unfinished for days."""


_ANSWER_SECONDS = 0.5
"""Seconds after which an edit no longer waits for an answer: git, or the disk that it is on, may hang."""


class Overwritten(NamedTuple):
    """The overwritten edits that a check has found."""

    to_reapply: Sequence[OverwrittenEdit] = ()
    lost: Sequence[OverwrittenEdit] = ()


class _WaitingForGit(NamedTuple):
    edit: Edit
    since: float
    idle_since: float | None = None


class Reapplier:
    """Guards the edits of one vault, and finds those that are to be re-applied."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[], float],
        work_of: Callable[[Path], GitWork] = git_work,
    ) -> None:
        """Make a reapplier that guards no edit yet.

        Args:
            root: The vault's folder.
            clock: Returns seconds that never step back.
            work_of: Returns what git is doing with the note at a path; called in a thread.
        """
        self._root = root
        self._clock = clock
        self._work_of = work_of
        self._guard = OverwriteGuard()
        self._turn = asyncio.Lock()
        """Held while the guard is changed, in a thread or here."""
        self._waiting: list[_WaitingForGit] = []
        self._has_waiting = asyncio.Event()
        self._unanswered: Thread | None = None
        """The thread of a query that took too long."""
        self._git_checked: list[Edit] = []
        """Overwritten edits for which git is being queried."""

    async def written(self, edit: Edit, part: EditCommit) -> None:
        """Guard `edit`, which was just written; an earlier edit of its note may be overwritten already.

        Whatever is looked for from now on waits until it is guarded.
        """
        moved = edit if edit.path == part.path else replace(edit, path=part.path)
        parts = part.note_before, part.before, part.note, self._clock(), part.hunks
        async with self._turn:
            await asyncio.to_thread(self._guard.guard, moved, *parts)

    def is_watched(self, transaction: Transaction) -> bool:
        """Whether all edits of `transaction` are guarded: the user has not changed the same tasks since."""
        return all(self._guard.is_guarded(edit) for edit in transaction.edits)

    async def refused(self, transaction: Transaction) -> None:
        """Stop guarding the edits of `transaction`."""
        async with self._turn:
            for edit in transaction.edits:
                self._guard.stop_guarding(edit)

    @property
    def paths(self) -> frozenset[str]:
        """The notes whose edits are guarded."""
        return self._guard.paths

    def extend_guard(self, paths: Collection[str]) -> None:
        """Guard the edits of the notes `paths` for longer: their last read is unconfirmed."""
        self._guard.extend(paths, self._clock())

    def unconfirmed_edits(self, paths: Collection[str]) -> list[str]:
        """A sentence for each guarded edit of these notes, whose last read is unconfirmed at the end."""
        return [
            f"{path} kept changing until the end. Check that it contains: {title}."
            for path in sorted(paths)
            for title in self._guard.titles(path)
        ]

    async def look(self, snapshot: Snapshot, in_write: Collection[str] = ()) -> Overwritten:
        """Find the edits that another program has overwritten. Those that git has overwritten wait for it.

        `in_write`: notes that are left out, as `snapshot` may have an edit of ours that is not guarded yet.
        """
        paths = (self._guard.paths & snapshot.notes.keys()) - set(in_write)

        def compare() -> list[OverwrittenEdit]:
            notes = (snapshot.notes[path] for path in paths)
            return [one for note in notes for one in self._guard.overwritten(note, self._clock())]

        async with self._turn:
            overwritten = await asyncio.to_thread(compare) if paths else []
        lost = [one for one in overwritten if one.gave_up]
        candidates = [one for one in overwritten if not one.gave_up]
        self._git_checked += [one.edit for one in candidates]
        to_reapply: list[OverwrittenEdit] = []
        for one in candidates:
            if await self._work(one.edit.path) is GitWork.NONE:
                to_reapply.append(one)
            else:
                self._waiting.append(_WaitingForGit(one.edit, self._clock()))
                self._has_waiting.set()
        for one in candidates:
            self._git_checked.remove(one.edit)
        return Overwritten(to_reapply, lost)

    def left_to_git(self) -> list[str]:
        """A sentence for each edit that still waits for git, as the program ends."""
        left = [*self._git_checked, *(one.edit for one in self._waiting)]
        return [Loss.GIT.sentence(edit.title, edit.path) for edit in left]

    async def wait_for_git(self) -> None:
        """Return when it is time to call `paths_after_git`."""
        await self._has_waiting.wait()
        await asyncio.sleep(GIT_POLL_SECONDS)

    async def paths_after_git(self) -> frozenset[str]:
        """The notes to read again, as git is done with them; call `check_after_git` after that."""
        waiting = []
        for one in self._waiting:
            is_busy = await self._work(one.edit.path) is GitWork.UNDER_WAY
            began = self._clock() if one.idle_since is None else one.idle_since
            waiting.append(one._replace(idle_since=None if is_busy else began))
        self._waiting = waiting
        return frozenset(one.edit.path for one in waiting if self._is_due(one))

    async def check_after_git(self, snapshot: Snapshot) -> Overwritten:
        """Which of the edits that waited for git are to be re-applied, and which are lost."""
        to_reapply: list[OverwrittenEdit] = []
        lost: list[OverwrittenEdit] = []
        due = [one for one in self._waiting if self._is_due(one)]
        self._waiting = [one for one in self._waiting if one not in due]
        if not self._waiting:
            self._has_waiting.clear()
        for one in due:
            note = snapshot.notes.get(one.edit.path)
            if note is None:
                continue
            async with self._turn:
                found = await asyncio.to_thread(self._guard.still_overwritten, one.edit, note, self._clock())
            if found is None:
                continue
            if not found.gave_up and await self._work(one.edit.path) is not GitWork.NONE:
                found = replace(found, loss=Loss.GIT)
            if not found.gave_up:
                to_reapply.append(found)
                continue
            async with self._turn:
                self._guard.stop_guarding(found.edit)
            lost.append(found)
        return Overwritten(to_reapply, lost)

    def _is_due(self, one: _WaitingForGit) -> bool:
        now = self._clock()
        is_quiet = one.idle_since is not None and now - one.idle_since >= _GIT_QUIET
        return is_quiet or now - one.since >= _GIT_TIMEOUT

    async def _work(self, path: str) -> GitWork:
        """What git is doing with the note at `path`; nothing where there is no answer in time.

        A query that hangs is left alone: what waits for a disk cannot be ended, nor may the program's end
        wait for it.
        """
        if self._unanswered is not None and self._unanswered.is_alive():
            return GitWork.NONE
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[GitWork] = loop.create_future()

        def take(work: GitWork) -> None:
            if not answer.done():
                answer.set_result(work)

        def query() -> None:
            work = self._work_of(self._root / path)
            with suppress(RuntimeError):  # The program has ended.
                loop.call_soon_threadsafe(take, work)

        thread = Thread(target=query, daemon=True)
        thread.start()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await answer
        except TimeoutError:
            self._unanswered = thread
            return GitWork.NONE
