"""The keeper without a screen: what it does about edits that other programs save away, and notes in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.core.errors import RoadtuiError
from roadtui.session.actions import TaskActions
from roadtui.session.history_service import HistoryService
from roadtui.session.session import TransactionOrigin, VaultSession, WriteKind, WriteRequest
from roadtui.vault.commit import TransactionResult
from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.overwrite_guard import MOST_REDOS, WATCH_SECONDS, Loss, OverwrittenEdit
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.vault.faulty_sqlite import BUSY, DAMAGED, MOMENTARY, failing
from tests.vault.repositories import Repository

OLD = b"- [ ] one\n- [ ] two\n- [ ] three\n"


class Audience:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.saved: list[tuple[WriteKind, str]] = []
        self.shown: list[Snapshot] = []
        self.refused: list[str] = []
        self.lost: list[tuple[str, Loss]] = []
        self.pending: list[str] = []
        self.dropped: list[str] = []
        self.nothing: list[WriteKind] = []
        self.watching: list[str] = []
        self.sentences: list[str] = []

    def view(self, snapshot: Snapshot) -> Snapshot:
        return snapshot

    def vault_changed(self, view: Snapshot, origin: TransactionOrigin) -> None:
        self.shown.append(view)

    def step_saved(self, job: WriteRequest, done: TransactionResult, view: Snapshot | None) -> None:
        self.saved.append((job.direction, job.step.title))

    def step_waits(self, job: WriteRequest, error: RoadtuiError) -> None: ...

    def step_refused(self, job: WriteRequest, error: RoadtuiError) -> None:
        self.refused.append(str(error))

    def step_pending(self, job: WriteRequest, fallen: OverwrittenEdit) -> None:
        self.pending += [f"{mark}{task.text}" for task, mark in fallen.marks]

    def step_dropped(self, job: WriteRequest) -> None:
        self.dropped.append(job.step.title)

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        self.lost.append((edit.title, loss))

    def found(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def nothing_left(self, direction: WriteKind) -> None:
        self.nothing.append(direction)

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        self.watching.append(f"{words}{' (live)' if is_live else ''}")


class Desk:
    """A vault, its keeper, and somebody who ticks. Nothing is watched: what is looked at is said."""

    def __init__(self, folder: Path) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_bytes(OLD)
        self.vault = Vault(self.note.parent, Config(), lambda: NoteWriter(folder / "state"))
        self.vault.refresh()
        self.told = Audience()
        self.now = 0.0
        """Seconds of the keeper's clock: only a test moves it."""
        self.keeper = VaultSession(self.vault, self.told, folder / "state", clock=lambda: self.now)

    def press(self, text: str, symbol: str) -> None:
        note = self.vault.snapshot.notes["Plan.md"]
        task = next(task for task in note.note.tasks if task.text == text)
        self.keeper.submit(
            TaskActions.of(self.vault, date(2026, 3, 14)).build("status", note, [task], symbol)
        )

    async def turn(self, text: str) -> None:
        self.press(text, "x")
        await self.keeper.finish(10)

    async def look(self) -> None:
        await self.keeper.refresh(["Plan.md"])
        await self.keeper.finish(10)

    def marks(self) -> str:
        return "".join(chr(line[3]) for line in self.note.read_bytes().splitlines())

    async def undo(self) -> None:
        self.keeper.undo()
        await self.keeper.finish(10)

    async def redo(self) -> None:
        self.keeper.redo()
        await self.keeper.finish(10)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def beside(*work: Awaitable[None], then: Callable[[], Awaitable[None]]) -> None:
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await then()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_an_edit_that_fell_just_before_our_next_one_is_made_again(desk: Desk) -> None:
    """The next write reads the stale text itself: to the watcher nothing has changed after it."""

    async def story() -> None:
        await desk.turn("one")
        desk.note.write_bytes(OLD)
        await desk.turn("two")
        assert desk.marks() == "xx "
        assert desk.told.saved[-1] == (WriteKind.AGAIN, "tick “one”")

    await beside(desk.keeper.write(), then=story)


async def test_an_undo_leaves_the_other_edits_watched(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        await desk.turn("two")
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.marks() == "x  "
        desk.note.write_bytes(OLD + b"- [ ] typed\n")
        await desk.look()
        assert desk.marks() == "x   "

    await beside(desk.keeper.write(), then=story)


async def test_an_undo_that_is_saved_away_is_made_again(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        ticked = desk.note.read_bytes()
        desk.keeper.undo()
        await desk.keeper.finish(10)
        desk.note.write_bytes(ticked + b"- [ ] typed\n")
        await desk.look()
        assert desk.note.read_bytes() == OLD + b"- [ ] typed\n"

    await beside(desk.keeper.write(), then=story)


async def test_an_edit_is_not_made_again_once_the_user_has_gone_further(desk: Desk) -> None:
    await beside(desk.keeper.write(), then=lambda: desk.turn("one"))
    desk.note.write_bytes(OLD)
    desk.press("one", " ")
    await desk.keeper.refresh(["Plan.md"])  # Asks for the tick again, behind the untick.
    await beside(desk.keeper.write(), then=desk.look)
    assert desk.marks() == "   "


async def test_it_is_told_after_a_few_times(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        for _ in range(MOST_REDOS + 1):
            assert desk.marks() == "x  "
            assert desk.told.lost == []
            desk.note.write_bytes(OLD)
            await desk.look()
        assert desk.told.lost == [("tick “one”", Loss.KEEPS_FALLING)]
        assert desk.marks() == "   "

    await beside(desk.keeper.write(), then=story)


async def test_a_note_in_doubt_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def lease(self: FileSystem, fd: int, kind: Lease) -> bool:
        raise OSError("no leases")

    monkeypatch.setattr(FileSystem, "lease", lease)

    async def until(what: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not what():
                await asyncio.sleep(0.01)

    async def story() -> None:
        await until(lambda: desk.vault.snapshot.is_complete)
        await desk.keeper.refresh(None)
        other = desk.note.with_name("Other.md")
        desk.note.write_bytes(b"")
        await until(lambda: desk.vault.look_again_at is not None)
        other.write_bytes(b"- [ ] news\n")
        await until(lambda: "Other.md" in desk.vault.snapshot.notes)
        assert desk.vault.look_again_at is not None, "it came before the second look"
        assert desk.vault.snapshot.notes["Plan.md"].has_tasks
        await until(lambda: not desk.vault.snapshot.notes["Plan.md"].has_tasks)

    await desk.keeper.load(None)
    await beside(desk.keeper.watch(), then=story)


async def test_a_vault_that_is_gone_is_told_and_nothing_forgotten(desk: Desk) -> None:
    before = desk.vault.snapshot
    desk.note.parent.rename(desk.note.parent.with_name("elsewhere"))
    await desk.keeper.refresh(["Plan.md"])
    await desk.keeper.load("Plan.md")
    assert desk.told.watching[-2:] == [
        "vault is missing",
        f"The vault folder {desk.vault.root} is not there.",
    ]
    assert desk.vault.snapshot is before


async def test_an_edit_that_was_made_again_is_undone_once(desk: Desk) -> None:
    """It is one step to the user, however often another program saved it away."""

    async def story() -> None:
        await desk.turn("one")
        await desk.turn("two")
        desk.note.write_bytes(OLD.replace(b"- [ ] one", b"- [x] one"))
        await desk.look()
        assert desk.marks() == "xx "
        assert desk.told.saved[-1] == (WriteKind.AGAIN, "tick “two”")
        await desk.undo()
        assert (desk.marks(), desk.told.nothing) == ("x  ", [])
        await desk.undo()
        assert (desk.marks(), desk.told.nothing) == ("   ", [])
        await desk.undo()
        assert (desk.marks(), desk.told.nothing) == ("   ", [WriteKind.UNDO])
        await desk.redo()
        await desk.redo()
        assert desk.marks() == "xx "

    await beside(desk.keeper.write(), then=story)


async def test_after_a_new_edit_nothing_that_was_undone_can_be_made_again(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        await desk.undo()
        await desk.turn("two")
        await desk.redo()
        assert (desk.marks(), desk.told.nothing) == (" x ", [WriteKind.REDO])
        await desk.undo()
        await desk.redo()
        assert desk.marks() == " x "

    await beside(desk.keeper.write(), then=story)


async def test_an_edit_that_changes_nothing_leaves_undo_and_redo_as_they_were(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        await desk.turn("two")
        await desk.undo()
        desk.press("one", "x")
        await desk.keeper.finish(10)
        await desk.redo()
        assert (desk.marks(), desk.told.nothing) == ("xx ", [])
        await desk.undo()
        await desk.undo()
        assert desk.marks() == "   "

    await beside(desk.keeper.write(), then=story)


async def test_what_was_redone_can_be_undone_again(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        await desk.turn("two")
        for _ in range(2):
            await desk.undo()
            await desk.undo()
            assert desk.marks() == "   "
            await desk.redo()
            await desk.redo()
            assert desk.marks() == "xx "
        assert desk.told.nothing == []

    await beside(desk.keeper.write(), then=story)


async def test_a_step_that_is_refused_can_not_be_undone(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        desk.press("two", "x")
        desk.note.write_bytes(desk.note.read_bytes().replace(b"two", b"2"))
        await desk.keeper.finish(10)
        assert len(desk.told.refused) == 1
        await desk.undo()
        assert desk.note.read_bytes() == OLD.replace(b"two", b"2")

    await beside(desk.keeper.write(), then=story)


@pytest.mark.parametrize("name", [*MOMENTARY, *DAMAGED])
async def test_whatever_is_wrong_with_the_undo_list_edits_are_written(desk: Desk, name: str) -> None:
    """It is told once, and what was done in this run can still be undone in it."""

    async def then() -> None:
        with failing({**MOMENTARY, **DAMAGED}[name], 1, lasts=True):
            await desk.turn("one")
            await desk.turn("two")
            assert desk.marks() == "xx "
            [told] = [
                sentence for sentence in desk.told.sentences if "can't be undone after you quit" in sentence
            ]
            assert "undo.sqlite" in told
            for _ in range(2):
                desk.keeper.undo()
                await desk.keeper.finish(10)
            assert desk.marks() == "   "
            desk.keeper.undo()
            await desk.keeper.finish(10)
            assert "Nothing was undone" in desk.told.sentences[-1]
        await desk.turn("three")
        assert desk.marks() == "  x"

    await beside(desk.keeper.write(), then=then)


async def test_what_waited_for_the_undo_list_can_be_undone_in_the_next_run(
    desk: Desk, tmp_path: Path
) -> None:
    async def turn_and_leave(text: str) -> None:
        await desk.turn(text)
        await desk.keeper.close()

    await beside(desk.keeper.write(), then=lambda: turn_and_leave("one"))
    desk.keeper = VaultSession(desk.vault, desk.told, tmp_path / "state")
    with failing(BUSY, 1, lasts=True):
        await beside(desk.keeper.write(), then=lambda: desk.turn("two"))
    await desk.keeper.close()
    later = VaultSession(desk.vault, desk.told, tmp_path / "state")

    async def undo_twice() -> None:
        for expected in ("x  ", "   "):
            later.undo()
            await later.finish(10)
            assert desk.marks() == expected

    await beside(later.write(), then=undo_twice)


async def test_edits_and_undos_are_refused_while_the_vault_is_missing_and_possible_after(desk: Desk) -> None:
    root = desk.vault.root

    async def then() -> None:
        await desk.turn("one")
        root.rename(root.with_name("away"))
        root.mkdir()
        await desk.turn("two")
        desk.keeper.undo()
        await desk.keeper.finish(10)
        desk.keeper.submit(
            TaskActions.of(desk.vault, date(2026, 3, 14)).build("capture", None, [], ["call the bank"])
        )
        await desk.keeper.finish(10)
        assert len(desk.told.refused) == 3
        assert all("is missing" in sentence for sentence in desk.told.refused)
        assert list(root.iterdir()) == []
        assert desk.told.watching[-1] == "vault is missing"
        root.rmdir()
        root.with_name("away").rename(root)
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.marks() == "   ", "the undo that was refused is made now"

    await beside(desk.keeper.write(), then=then)


async def test_an_undo_that_is_refused_for_good_is_not_put_back(desk: Desk) -> None:
    async def then() -> None:
        await desk.turn("one")
        await desk.turn("two")
        desk.note.write_bytes(b"- [ ] one\n- [x] TWO\n- [ ] three\n")
        for _ in range(2):
            desk.keeper.undo()
            await desk.keeper.finish(10)
        assert len(desk.told.refused) == 1, "the second one was about the step before"
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.told.nothing == [WriteKind.UNDO]

    await beside(desk.keeper.write(), then=then)


async def test_what_is_not_written_when_it_closes_is_named_and_an_undo_can_be_asked_for_again(
    desk: Desk, tmp_path: Path
) -> None:
    async def then() -> None:
        await desk.turn("one")
        with desk.note.open("r+"):
            desk.keeper.undo()
            desk.press("two", "x")
            desk.keeper.end_within(0.1)
            assert not await desk.keeper.finish(0.2)
            found, unsaved = await desk.keeper.close(0.5)
        assert (found, unsaved) == ([], ["tick “one”", "tick “two”"])
        assert desk.marks() == "x  "

    await beside(desk.keeper.write(), then=then)
    later = VaultSession(desk.vault, desk.told, tmp_path / "state")

    async def undo() -> None:
        later.undo()
        await later.finish(10)
        assert desk.marks() == "   "

    await beside(later.write(), then=undo)


async def test_what_a_crash_left_is_settled_once_the_vault_is_back(desk: Desk, tmp_path: Path) -> None:
    new = OLD.replace(b"one", b"another")
    WriteAheadLog(tmp_path / "state").record(WalRecord(desk.note, OLD, new)).leave()
    desk.note.write_bytes(new[:9] + OLD[9 : len(OLD)])
    root = desk.vault.root
    root.rename(root.with_name("away"))

    async def then() -> None:
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.told.sentences == []
        root.with_name("away").rename(root)
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert ["Plan.md" in sentence for sentence in desk.told.sentences] == [True]

    await beside(desk.keeper.write(), then=then)


async def test_a_doubt_about_a_note_of_a_missing_vault_is_dropped(desk: Desk) -> None:
    desk.note.write_bytes(b"")
    await desk.keeper.refresh(["Plan.md"])
    desk.vault.root.rename(desk.vault.root.with_name("away"))
    await desk.keeper.refresh(["Plan.md"])
    assert desk.vault.look_again_at is None, "nothing is looked at again and again"
    desk.vault.root.with_name("away").rename(desk.vault.root)
    desk.note.write_bytes(OLD)
    await desk.keeper.refresh(None)
    assert len(list(desk.vault.snapshot.notes["Plan.md"].note.tasks)) == 3


async def test_an_overwritten_tick_is_shown_as_it_will_be(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        desk.note.write_bytes(OLD.replace(b"- [", b"* ["))
        await desk.look()
        assert desk.told.pending == ["xone"]
        assert desk.note.read_bytes() == OLD.replace(b"- [", b"* [").replace(b"[ ] one", b"[x] one")

    await beside(desk.keeper.write(), then=story)


async def test_a_pending_tick_that_is_not_made_again_is_shown_no_more(desk: Desk) -> None:
    await beside(desk.keeper.write(), then=lambda: desk.turn("one"))
    desk.note.write_bytes(OLD)
    desk.press("one", " ")
    await desk.keeper.refresh(["Plan.md"])
    await beside(desk.keeper.write(), then=desk.look)
    assert desk.told.dropped == ["tick “one”"]


async def test_after_a_few_seconds_a_line_that_falls_back_was_meant(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        desk.now += WATCH_SECONDS + 0.1
        desk.note.write_bytes(OLD)
        await desk.look()
        assert desk.marks() == "   "

    await beside(desk.keeper.write(), then=story)


async def test_an_edit_made_again_is_one_step_to_undo(desk: Desk) -> None:
    """Undone twice, the step before it is taken back, not the same one once more."""

    async def story() -> None:
        await desk.turn("one")
        await desk.turn("two")
        desk.note.write_bytes(OLD.replace(b"[ ] one", b"[x] one"))
        await desk.look()
        assert desk.marks() == "xx "
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.marks() == "x  "
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.marks() == "   "
        desk.keeper.undo()
        await desk.keeper.finish(10)
        assert desk.told.nothing == [WriteKind.UNDO]

    await beside(desk.keeper.write(), then=story)


async def test_a_new_edit_leaves_nothing_to_make_again(desk: Desk) -> None:
    async def story() -> None:
        await desk.turn("one")
        desk.keeper.undo()
        await desk.turn("two")
        desk.keeper.redo()
        await desk.keeper.finish(10)
        assert desk.marks() == " x "
        assert desk.told.nothing == [WriteKind.REDO]

    await beside(desk.keeper.write(), then=story)


class Told(HistoryService):
    """A history worker that notes down what it is told."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.vault, None, lambda: datetime.now(UTC), lambda _: None)
        self.told: list[str] = []

    def changed_here(self, path: str, *, is_taken_back: bool) -> None:
        self.told.append(f"{path}{' taken back' if is_taken_back else ''}")

    def changed_outside(self) -> None:
        self.told.append("outside")


async def test_the_history_is_told_of_each_change_and_whose_it_is(desk: Desk, tmp_path: Path) -> None:
    history = Told(desk)
    desk.keeper = VaultSession(desk.vault, desk.told, tmp_path / "state", history, clock=lambda: desk.now)

    async def story() -> None:
        await desk.keeper.load(None)
        await desk.turn("one")
        await desk.turn("one")
        await desk.undo()
        await desk.redo()
        await desk.look()
        desk.note.write_bytes(desk.note.read_bytes() + b"- [ ] typed\n")
        await desk.look()

    await beside(desk.keeper.write(), then=story)
    assert history.told == ["outside", "Plan.md", "Plan.md taken back", "Plan.md taken back", "outside"]


async def test_waiting_for_the_last_edit_ends_in_time(desk: Desk) -> None:
    desk.press("one", "x")
    assert not await desk.keeper.finish(0.01), "nobody writes"
    await beside(desk.keeper.write(), then=lambda: desk.turn("two"))
    assert await desk.keeper.finish(0.01)


class TestGit:
    """Git puts a note back in the middle of its work: that is no old copy of an editor."""

    @pytest.fixture
    def repository(self, desk: Desk) -> Repository:
        found = Repository(desk.note.parent)
        found.commit("2026-01-01")
        return found

    async def test_a_stash_is_left_alone_and_gives_the_tick_back(
        self, desk: Desk, repository: Repository
    ) -> None:
        async def story() -> None:
            await desk.turn("one")
            desk.note.write_bytes(desk.note.read_bytes() + b"- [ ] typed elsewhere\n")
            await desk.look()
            ticked = desk.note.read_bytes()
            repository.git("stash")
            await desk.look()
            assert desk.note.read_bytes() == OLD
            repository.git("stash", "pop")
            await desk.look()
            assert desk.note.read_bytes() == ticked
            assert desk.told.lost == []

        await beside(desk.keeper.write(), then=story)

    @pytest.mark.parametrize("is_ahead", [True, False], ids=["rebase", "fast-forward"])
    async def test_a_pull_in_between_keeps_the_tick_and_what_else_was_not_committed(
        self, desk: Desk, repository: Repository, tmp_path: Path, is_ahead: bool
    ) -> None:
        shared = tmp_path / "shared.git"
        repository.git("clone", "-q", "--bare", str(repository.root), str(shared))
        repository.git("remote", "add", "origin", str(shared))
        repository.git("fetch", "-q", "origin")
        repository.git("branch", "-q", "--set-upstream-to=origin/main")
        repository.git("clone", "-q", str(shared), str(tmp_path / "other"))
        other = Repository(tmp_path / "other")
        other.commit("2026-01-02", Theirs="- [ ] theirs\n")
        other.git("push", "-q", "origin", "HEAD:main")
        if is_ahead:
            repository.commit("2026-01-03", Ours="- [ ] ours\n")

        async def story() -> None:
            async with asyncio.timeout(20):
                while not desk.told.watching:
                    await asyncio.sleep(0.01)
            await desk.turn("one")
            if is_ahead:
                repository.write("Ours.md", "- [ ] not committed\n")
            ticked = desk.note.read_bytes()
            await asyncio.to_thread(repository.git, "pull", "-q", "--rebase", "--autostash")
            await desk.keeper.refresh(None)
            await desk.keeper.finish(10)
            assert desk.note.read_bytes() == ticked
            assert "Theirs.md" in desk.vault.snapshot.notes
            assert repository.git("stash", "list") == ""
            assert (desk.told.lost, desk.told.refused) == ([], [])

        await beside(desk.keeper.write(), desk.keeper.watch(), then=story)
