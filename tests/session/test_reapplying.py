"""What becomes of overwritten edits while git is at work, and after it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.session.actions import TaskActions
from roadtui.session.reapplying import Overwritten, Reapplier
from roadtui.vault.git.activity import GitWork, git_work
from roadtui.vault.overwrite_guard import Loss
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository

OLD = b"- [ ] one\n- [ ] two\n"
NEW = OLD.replace(b"[ ] one", b"[x] one")


class Case:
    """A vault in which the first task was just ticked, and git, which does what a test says."""

    def __init__(self, folder: Path) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_bytes(OLD)
        self.vault = Vault(self.note.parent, Config(), lambda: NoteWriter(folder / "state"))
        self.now = 0.0
        self.work: GitWork | None = None
        """None: what git itself says."""
        self.reapplier = Reapplier(
            self.note.parent, lambda: self.now, lambda note: self.work or git_work(note)
        )

    async def tick(self) -> Edit:
        note = self.vault.refresh().notes["Plan.md"]
        task = next(note.note.tasks)
        (edit,) = TaskActions.of(self.vault, date(2026, 3, 14)).build("status", note, [task], "x").edits
        await self.reapplier.written(edit, self.vault.commit(edit))
        assert self.note.read_bytes() == NEW
        return edit

    async def look(self, data: bytes | None = None) -> Overwritten:
        if data is not None:
            self.note.write_bytes(data)
        return await self.reapplier.look(self.vault.refresh(["Plan.md"]))

    async def after_git(self, seconds: float) -> Overwritten:
        """Looks again now, and when git has been idle for so long."""
        assert await self.reapplier.paths_after_git() == frozenset()
        self.now += seconds
        assert await self.reapplier.paths_after_git() == {"Plan.md"}
        return await self.reapplier.check_after_git(self.vault.refresh(["Plan.md"]))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.mark.parametrize(
    "commands",
    [
        ["stash"],
        ["checkout -- Plan.md"],
        ["commit -qam new", "reset -q --hard HEAD~1"],
        ["checkout -qf other"],
    ],
)
async def test_what_git_has_put_back_for_good_is_told_and_not_made_again(
    case: Case, commands: Sequence[str]
) -> None:
    repository = Repository(case.note.parent)
    repository.commit("2026-01-01")
    repository.git("branch", "other")
    await case.tick()
    for command in commands:
        repository.git(*command.split())
    assert await case.look() == ([], [])
    found = await case.after_git(1.5)
    assert [(one.edit.title, one.loss) for one in found.lost] == [("tick “one”", Loss.GIT)]
    assert not found.to_reapply
    assert await case.look(OLD + b"typed\n") == ([], []), "told once, and not watched any more"


async def test_what_an_editor_put_back_in_a_repository_is_made_again(case: Case) -> None:
    repository = Repository(case.note.parent)
    repository.commit("2026-01-01")
    await case.tick()
    found = await case.look(OLD + b"- [ ] typed\n")
    assert [one.edit.title for one in found.to_reapply] == ["tick “one”"]


HANGS = {
    "sleeps": "sleep 20",
    "cannot be ended": "setsid sleep 5 & wait",  # What has left the group that is killed holds the output.
}


@pytest.fixture(params=list(HANGS.values()), ids=list(HANGS))
def hanging_git(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], None]:
    """Makes git hang from now on."""

    def hang() -> None:
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{request.param}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    return hang


async def test_an_edit_does_not_wait_for_a_git_that_hangs(
    case: Case, hanging_git: Callable[[], None]
) -> None:
    Repository(case.note.parent).commit("2026-01-01")
    hanging_git()
    await case.tick()
    for typed in (b"typed\n", b"typed\nmore\n"):
        began = time.monotonic()
        found = await case.look(OLD + typed)
        assert [one.edit.title for one in found.to_reapply] == ["tick “one”"]
        assert time.monotonic() - began < 2
        await case.reapplier.written(found.to_reapply[0].edit, case.vault.commit(found.to_reapply[0].edit))


async def test_a_git_that_has_not_answered_is_not_queried_again(case: Case) -> None:
    answers, queries = Event(), 0

    def work_of(_note: Path) -> GitWork:
        nonlocal queries
        queries += 1
        answers.wait(30)
        return GitWork.NONE

    case.reapplier = Reapplier(case.note.parent, lambda: case.now, work_of)
    await case.tick()
    for typed in (b"typed\n", b"typed\nmore\n"):
        (found,) = (await case.look(OLD + typed)).to_reapply
        await case.reapplier.written(found.edit, case.vault.commit(found.edit))
    answers.set()
    assert queries == 1


async def test_what_git_has_put_back_is_known_although_git_hangs(
    case: Case, hanging_git: Callable[[], None]
) -> None:
    repository = Repository(case.note.parent)
    repository.commit("2026-01-01")
    await case.tick()
    repository.git("stash")
    hanging_git()
    assert await case.look() == ([], [])
    found = await case.after_git(1.5)
    assert [(one.edit.title, one.loss) for one in found.lost] == [("tick “one”", Loss.GIT)]


async def test_what_fell_while_git_was_at_work_is_made_again_after_it(case: Case) -> None:
    await case.tick()
    case.work = GitWork.UNDER_WAY
    assert await case.look(OLD + b"- [ ] pulled\n") == ([], [])
    case.now += 2.0
    assert await case.reapplier.paths_after_git() == frozenset(), "git is still at work"
    case.work = GitWork.NONE
    found = await case.after_git(1.5)
    (again,) = found.to_reapply
    part = case.vault.commit(again.edit)
    await case.reapplier.written(again.edit, part)
    assert case.note.read_bytes() == NEW + b"- [ ] pulled\n"
    assert [one.times for one in (await case.look(OLD)).to_reapply] == [2], "it is watched on"


async def test_what_git_gives_back_itself_needs_nothing(case: Case) -> None:
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    case.note.write_bytes(NEW)
    case.work = GitWork.NONE
    assert await case.after_git(1.5) == ([], [])


async def test_a_pause_between_two_commands_of_git_is_not_its_end(case: Case) -> None:
    await case.tick()
    case.work = GitWork.CHECKED_OUT
    await case.look(OLD)
    assert await case.reapplier.paths_after_git() == frozenset()
    case.now, case.work = 0.9, GitWork.UNDER_WAY
    assert await case.reapplier.paths_after_git() == frozenset()
    case.now, case.work = 1.8, GitWork.CHECKED_OUT
    assert await case.reapplier.paths_after_git() == frozenset(), "it has only just become idle"


async def test_a_merge_that_stays_unfinished_is_told_at_last(case: Case) -> None:
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    assert case.reapplier.left_to_git(), "told where the program ends before that"
    found = await case.after_git(31.0)
    assert [one.loss for one in found.lost] == [Loss.GIT]
    assert case.reapplier.left_to_git() == []


async def test_what_was_told_as_lost_after_git_is_not_doubted_again_at_the_end(case: Case) -> None:
    note = case.vault.refresh().notes["Plan.md"]
    actions = TaskActions.of(case.vault, date(2026, 3, 14))
    (edit,) = actions.build("add", note, [next(note.note.tasks)], ["new"]).edits
    await case.reapplier.written(edit, case.vault.commit(edit))
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    case.note.write_bytes(OLD + b"- [ ] theirs\n")
    found = await case.after_git(31.0)
    assert [one.loss for one in found.lost] == [Loss.MAY_BE_INTENDED]
    assert case.reapplier.unconfirmed_edits(["Plan.md"]) == []


async def test_an_edit_that_git_is_still_asked_about_at_the_end_is_told(case: Case) -> None:
    answers = Event()

    def work_of(_note: Path) -> GitWork:
        answers.wait(30)
        return GitWork.NONE

    case.reapplier = Reapplier(case.note.parent, lambda: case.now, work_of)
    await case.tick()
    looking = asyncio.create_task(case.look(OLD))
    while not case.reapplier.left_to_git():
        await asyncio.sleep(0.01)
    answers.set()
    assert len((await looking).to_reapply) == 1
    assert case.reapplier.left_to_git() == []


async def test_the_user_who_went_further_meanwhile_hears_no_more_of_it(case: Case) -> None:
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    note = case.vault.snapshot.notes["Plan.md"]
    cancelled = (
        TaskActions.of(case.vault, date(2026, 3, 14))
        .build("status", note, [next(note.note.tasks)], "-")
        .edits[0]
    )
    await case.reapplier.written(cancelled, case.vault.commit(cancelled))
    assert await case.after_git(31.0) == ([], [])


@pytest.mark.parametrize(("work", "seconds"), [(GitWork.NONE, 1.0), (GitWork.UNDER_WAY, 30.0)])
async def test_how_long_git_is_waited_for(case: Case, work: GitWork, seconds: float) -> None:
    """A second after its end, or half a minute while it does not end."""
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    case.work = work
    assert await case.reapplier.paths_after_git() == frozenset()
    case.now = seconds - 0.01
    assert await case.reapplier.paths_after_git() == frozenset()
    case.now = seconds
    assert await case.reapplier.paths_after_git() == {"Plan.md"}


async def test_a_note_that_git_took_away_needs_nothing(case: Case) -> None:
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    case.note.unlink()
    case.now = 31.0
    assert await case.reapplier.paths_after_git() == {"Plan.md"}
    assert await case.reapplier.check_after_git(case.vault.refresh()) == ([], [])
    assert case.reapplier.left_to_git() == []


async def test_git_is_asked_again_only_while_an_edit_waits_for_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.session.reapplying.GIT_POLL_SECONDS", 0.0)

    async def is_asked() -> bool:
        waiting = asyncio.ensure_future(case.reapplier.wait_for_git())
        for _ in range(10):
            await asyncio.sleep(0)
        is_done = waiting.done()
        waiting.cancel()
        return is_done

    assert not await is_asked()
    await case.tick()
    case.work = GitWork.UNDER_WAY
    await case.look(OLD)
    assert await is_asked()
    assert await case.reapplier.check_after_git(case.vault.snapshot) == ([], []), "it is not time yet"
    assert await is_asked()
    case.now = 31.0
    await case.reapplier.check_after_git(case.vault.snapshot)
    assert not await is_asked()
