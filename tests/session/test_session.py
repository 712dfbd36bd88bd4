"""The session without a screen: overwritten edits, notes in doubt, the undo list, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.errors import RoadtuiError
from roadtui.session.actions import TaskActions
from roadtui.session.history_service import HistoryService
from roadtui.session.listener import TransactionOrigin, WriteKind, WriteRequest
from roadtui.session.session import VaultSession
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.errors import NoteAwayError
from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.overwrite_guard import GUARD_SECONDS, MOST_REDOS, Loss, OverwrittenEdit
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.watch.source import PathBatches, WatchError
from roadtui.vault.watch.watcher import Watcher, WatchIntervals
from roadtui.vault.writing import NoteWriter
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.vault.faulty_sqlite import BUSY, DAMAGED, MOMENTARY, failing
from tests.vault.repositories import Repository

OLD = b"- [ ] one\n- [ ] two\n- [ ] three\n"


class RecordingListener:
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
        self.path: str | None = None

    def view(self, snapshot: Snapshot) -> Snapshot:
        return snapshot

    def open_path(self) -> str | None:
        return self.path

    def vault_changed(self, view: Snapshot, origin: TransactionOrigin) -> None:
        self.shown.append(view)

    async def ready_for_write(self) -> None: ...

    def transaction_saved(
        self, request: WriteRequest, result: TransactionResult, view: Snapshot | None
    ) -> None:
        self.saved.append((request.kind, request.transaction.title))

    def transaction_waits(self, request: WriteRequest, error: RoadtuiError) -> None: ...

    def transaction_refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        self.refused.append(str(error))

    def reapply_pending(self, request: WriteRequest, overwritten: OverwrittenEdit) -> None:
        self.pending += [f"{mark}{task.text}" for task, mark in overwritten.symbols]

    def reapply_dropped(self, request: WriteRequest) -> None:
        self.dropped.append(request.transaction.title)

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        self.lost.append((edit.title, loss))

    def found(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def nothing_to_undo(self, kind: WriteKind) -> None:
        self.nothing.append(kind)

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        self.watching.append(f"{words}{' (live)' if is_live else ''}")


class Client:
    """A vault, its session, and somebody who ticks. Nothing is watched: what is looked at is said."""

    def __init__(self, folder: Path) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_bytes(OLD)
        self.vault = Vault(self.note.parent, Config(), lambda: NoteWriter(folder / "state"))
        self.vault.refresh()
        self.told = RecordingListener()
        self.now = 0.0
        """Seconds of the session's clock: only a test moves it."""
        self.session = VaultSession(self.vault, self.told, folder / "state", clock=lambda: self.now)

    def press(self, text: str, symbol: str) -> None:
        note = self.vault.snapshot.notes["Plan.md"]
        task = next(task for task in note.note.tasks if task.text == text)
        self.session.edits.submit(
            TaskActions.of(self.vault, date(2026, 3, 14)).build("status", note, [task], symbol)
        )

    async def turn(self, text: str) -> None:
        self.press(text, "x")
        await self.session.edits.finish(10)

    async def look(self) -> None:
        await self.session.refresh(["Plan.md"])
        await self.session.edits.finish(10)

    def marks(self) -> str:
        return "".join(chr(line[3]) for line in self.note.read_bytes().splitlines())

    async def undo(self) -> None:
        self.session.edits.undo()
        await self.session.edits.finish(10)

    async def redo(self) -> None:
        self.session.edits.redo()
        await self.session.edits.finish(10)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


async def beside(*work: Awaitable[None], then: Callable[[], Awaitable[None]]) -> None:
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await then()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_an_edit_that_fell_just_before_our_next_one_is_made_again(client: Client) -> None:
    """The next write reads the stale text itself: to the watcher nothing has changed after it."""

    async def story() -> None:
        await client.turn("one")
        client.note.write_bytes(OLD)
        await client.turn("two")
        assert client.marks() == "xx "
        assert client.told.saved[-1] == (WriteKind.REAPPLY, "tick “one”")

    await beside(client.session.edits.run(), then=story)


async def test_an_edit_that_was_told_as_not_saved_is_not_written_after_the_end(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, loop = asyncio.Event(), asyncio.get_running_loop()

    def away(self: Vault, edit: Edit) -> EditCommit:
        loop.call_soon_threadsafe(waits.set)
        raise NoteAwayError(client.note, "Plan.md is not there just now.")

    client.press("one", "x")
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "commit", away)
        running = asyncio.ensure_future(client.session.edits.run())
        await waits.wait()
        ending = await client.session.close()
    assert ending.unsaved == ["tick “one”"]
    await running
    assert client.note.read_bytes() == OLD


async def test_an_undo_leaves_the_other_edits_watched(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        await client.turn("two")
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.marks() == "x  "
        client.note.write_bytes(OLD + b"- [ ] typed\n")
        await client.look()
        assert client.marks() == "x   "

    await beside(client.session.edits.run(), then=story)


async def test_an_undo_that_is_saved_away_is_made_again(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        ticked = client.note.read_bytes()
        client.session.edits.undo()
        await client.session.edits.finish(10)
        client.note.write_bytes(ticked + b"- [ ] typed\n")
        await client.look()
        assert client.note.read_bytes() == OLD + b"- [ ] typed\n"

    await beside(client.session.edits.run(), then=story)


async def test_an_edit_is_not_made_again_once_the_user_has_gone_further(client: Client) -> None:
    await beside(client.session.edits.run(), then=lambda: client.turn("one"))
    client.note.write_bytes(OLD)
    client.press("one", " ")
    await client.session.refresh(["Plan.md"])  # Asks for the tick again, behind the untick.
    await beside(client.session.edits.run(), then=client.look)
    assert client.marks() == "   "


async def test_our_own_next_edit_is_not_taken_for_that_of_another_program(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note is read again after an edit is on disk, and before the session is told of it."""
    is_on_disk, may_end = Event(), Event()

    def slow_commit(vault: Vault, transaction: Transaction) -> TransactionResult:
        done = commit(vault, transaction)
        is_on_disk.set()
        may_end.wait(10)
        return done

    async def story() -> None:
        await client.turn("one")
        monkeypatch.setattr("roadtui.vault.commit.commit", slow_commit)
        client.press("one", " ")
        await asyncio.to_thread(is_on_disk.wait, 10)
        (client.note.parent / "Other.md").write_text("- [ ] of another program\n")
        await client.session.refresh(["Other.md"])
        may_end.set()
        await client.session.edits.finish(10)
        assert client.told.pending == []
        assert client.marks() == "   "
        client.note.write_bytes(OLD.replace(b"[ ] one", b"[x] one"))
        await client.look()
        assert client.told.pending == [" one"], "that is another program's"

    await beside(client.session.edits.run(), then=story)


async def test_it_is_told_after_a_few_times(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        for _ in range(MOST_REDOS + 1):
            assert client.marks() == "x  "
            assert client.told.lost == []
            client.note.write_bytes(OLD)
            await client.look()
        assert client.told.lost == [("tick “one”", Loss.KEEPS_BEING_OVERWRITTEN)]
        assert client.marks() == "   "

    await beside(client.session.edits.run(), then=story)


async def test_a_note_in_doubt_holds_up_no_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lease(self: FileSystem, fd: int, kind: Lease) -> bool:
        raise OSError("no leases")

    monkeypatch.setattr(FileSystem, "lease", lease)

    async def until(what: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not what():
                await asyncio.sleep(0.01)

    async def story() -> None:
        await until(lambda: client.vault.snapshot.is_complete)
        await client.session.refresh(None)
        other = client.note.with_name("Other.md")
        client.note.write_bytes(b"")
        await until(lambda: client.vault.reread_at is not None)
        other.write_bytes(b"- [ ] news\n")
        await until(lambda: "Other.md" in client.vault.snapshot.notes)
        assert client.vault.reread_at is not None, "it came before the second look"
        assert client.vault.snapshot.notes["Plan.md"].has_tasks
        await until(lambda: not client.vault.snapshot.notes["Plan.md"].has_tasks)

    await client.session.load(None)
    await beside(client.session.watch(), then=story)


async def test_a_vault_that_is_gone_is_told_and_nothing_forgotten(client: Client) -> None:
    before = client.vault.snapshot
    client.note.parent.rename(client.note.parent.with_name("elsewhere"))
    await client.session.refresh(["Plan.md"])
    await client.session.load("Plan.md")
    assert client.told.watching[-2:] == [
        "vault is missing",
        f"The vault folder {client.vault.root} is not there.",
    ]
    assert client.vault.snapshot is before


async def test_an_edit_that_was_made_again_is_undone_once(client: Client) -> None:
    """It is one step to the user, however often another program saved it away."""

    async def story() -> None:
        await client.turn("one")
        await client.turn("two")
        client.note.write_bytes(OLD.replace(b"- [ ] one", b"- [x] one"))
        await client.look()
        assert client.marks() == "xx "
        assert client.told.saved[-1] == (WriteKind.REAPPLY, "tick “two”")
        await client.undo()
        assert (client.marks(), client.told.nothing) == ("x  ", [])
        await client.undo()
        assert (client.marks(), client.told.nothing) == ("   ", [])
        await client.undo()
        assert (client.marks(), client.told.nothing) == ("   ", [WriteKind.UNDO])
        await client.redo()
        await client.redo()
        assert client.marks() == "xx "

    await beside(client.session.edits.run(), then=story)


async def test_after_a_new_edit_nothing_that_was_undone_can_be_made_again(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        await client.undo()
        await client.turn("two")
        await client.redo()
        assert (client.marks(), client.told.nothing) == (" x ", [WriteKind.REDO])
        await client.undo()
        await client.redo()
        assert client.marks() == " x "

    await beside(client.session.edits.run(), then=story)


async def test_an_edit_that_changes_nothing_leaves_undo_and_redo_as_they_were(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        await client.turn("two")
        await client.undo()
        client.press("one", "x")
        await client.session.edits.finish(10)
        await client.redo()
        assert (client.marks(), client.told.nothing) == ("xx ", [])
        await client.undo()
        await client.undo()
        assert client.marks() == "   "

    await beside(client.session.edits.run(), then=story)


async def test_what_was_redone_can_be_undone_again(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        await client.turn("two")
        for _ in range(2):
            await client.undo()
            await client.undo()
            assert client.marks() == "   "
            await client.redo()
            await client.redo()
            assert client.marks() == "xx "
        assert client.told.nothing == []

    await beside(client.session.edits.run(), then=story)


async def test_a_step_that_is_refused_can_not_be_undone(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        client.press("two", "x")
        client.note.write_bytes(client.note.read_bytes().replace(b"two", b"2"))
        await client.session.edits.finish(10)
        assert len(client.told.refused) == 1
        await client.undo()
        assert client.note.read_bytes() == OLD.replace(b"two", b"2")

    await beside(client.session.edits.run(), then=story)


@pytest.mark.parametrize("name", [*MOMENTARY, *DAMAGED])
async def test_whatever_is_wrong_with_the_undo_list_edits_are_written(client: Client, name: str) -> None:
    """It is told once, and what was done in this run can still be undone in it."""

    async def then() -> None:
        with failing({**MOMENTARY, **DAMAGED}[name], 1, lasts=True):
            await client.turn("one")
            await client.turn("two")
            assert client.marks() == "xx "
            [told] = [
                sentence for sentence in client.told.sentences if "can't be undone after you quit" in sentence
            ]
            assert "undo.sqlite" in told
            for _ in range(2):
                client.session.edits.undo()
                await client.session.edits.finish(10)
            assert client.marks() == "   "
            client.session.edits.undo()
            await client.session.edits.finish(10)
            assert "Nothing was undone" in client.told.sentences[-1]
        await client.turn("three")
        assert client.marks() == "  x"

    await beside(client.session.edits.run(), then=then)


async def test_what_waited_for_the_undo_list_can_be_undone_in_the_next_run(
    client: Client, tmp_path: Path
) -> None:
    async def turn_and_leave(text: str) -> None:
        await client.turn(text)
        await client.session.close()

    await beside(client.session.edits.run(), then=lambda: turn_and_leave("one"))
    client.session = VaultSession(client.vault, client.told, tmp_path / "state")
    with failing(BUSY, 1, lasts=True):
        await beside(client.session.edits.run(), then=lambda: client.turn("two"))
    await client.session.close()
    later = VaultSession(client.vault, client.told, tmp_path / "state")

    async def undo_twice() -> None:
        for expected in ("x  ", "   "):
            later.edits.undo()
            await later.edits.finish(10)
            assert client.marks() == expected

    await beside(later.edits.run(), then=undo_twice)


async def test_edits_and_undos_are_refused_while_the_vault_is_missing_and_possible_after(
    client: Client,
) -> None:
    root = client.vault.root

    async def then() -> None:
        await client.turn("one")
        root.rename(root.with_name("away"))
        root.mkdir()
        await client.turn("two")
        client.session.edits.undo()
        await client.session.edits.finish(10)
        client.session.edits.submit(
            TaskActions.of(client.vault, date(2026, 3, 14)).build("capture", None, [], ["call the bank"])
        )
        await client.session.edits.finish(10)
        assert len(client.told.refused) == 3
        assert all("is missing" in sentence for sentence in client.told.refused)
        assert list(root.iterdir()) == []
        assert client.told.watching[-1] == "vault is missing"
        root.rmdir()
        root.with_name("away").rename(root)
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.marks() == "   ", "the undo that was refused is made now"

    await beside(client.session.edits.run(), then=then)


async def test_an_undo_that_is_refused_for_good_is_not_put_back(client: Client) -> None:
    async def then() -> None:
        await client.turn("one")
        await client.turn("two")
        client.note.write_bytes(b"- [ ] one\n- [x] TWO\n- [ ] three\n")
        for _ in range(2):
            client.session.edits.undo()
            await client.session.edits.finish(10)
        assert len(client.told.refused) == 1, "the second one was about the step before"
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.told.nothing == [WriteKind.UNDO]

    await beside(client.session.edits.run(), then=then)


async def test_what_is_not_written_when_it_closes_is_named_and_an_undo_can_be_asked_for_again(
    client: Client, tmp_path: Path
) -> None:
    async def then() -> None:
        await client.turn("one")
        with client.note.open("r+"):
            client.session.edits.undo()
            client.press("two", "x")
            client.session.end_within(0.1)
            assert not await client.session.edits.finish(0.2)
            found, unsaved = await client.session.close(0.5)
        assert (found, unsaved) == ([], ["tick “one”", "tick “two”"])
        assert client.marks() == "x  "

    await beside(client.session.edits.run(), then=then)
    later = VaultSession(client.vault, client.told, tmp_path / "state")

    async def undo() -> None:
        later.edits.undo()
        await later.edits.finish(10)
        assert client.marks() == "   "

    await beside(later.edits.run(), then=undo)


async def test_what_a_crash_left_is_settled_once_the_vault_is_back(client: Client, tmp_path: Path) -> None:
    new = OLD.replace(b"one", b"another")
    WriteAheadLog(tmp_path / "state").record(WalRecord(client.note, OLD, new)).leave()
    client.note.write_bytes(new[:9] + OLD[9 : len(OLD)])
    root = client.vault.root
    root.rename(root.with_name("away"))

    async def then() -> None:
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.told.sentences == []
        root.with_name("away").rename(root)
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert ["Plan.md" in sentence for sentence in client.told.sentences] == [True]

    await beside(client.session.edits.run(), then=then)


async def test_a_doubt_about_a_note_of_a_missing_vault_is_dropped(client: Client) -> None:
    client.note.write_bytes(b"")
    await client.session.refresh(["Plan.md"])
    client.vault.root.rename(client.vault.root.with_name("away"))
    await client.session.refresh(["Plan.md"])
    assert client.vault.reread_at is None, "nothing is looked at again and again"
    client.vault.root.with_name("away").rename(client.vault.root)
    client.note.write_bytes(OLD)
    await client.session.refresh(None)
    assert len(list(client.vault.snapshot.notes["Plan.md"].note.tasks)) == 3


async def test_an_overwritten_tick_is_shown_as_it_will_be(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        client.note.write_bytes(OLD.replace(b"- [", b"* ["))
        await client.look()
        assert client.told.pending == ["xone"]
        assert client.note.read_bytes() == OLD.replace(b"- [", b"* [").replace(b"[ ] one", b"[x] one")

    await beside(client.session.edits.run(), then=story)


async def test_a_pending_tick_that_is_not_made_again_is_shown_no_more(client: Client) -> None:
    await beside(client.session.edits.run(), then=lambda: client.turn("one"))
    client.note.write_bytes(OLD)
    client.press("one", " ")
    await client.session.refresh(["Plan.md"])
    await beside(client.session.edits.run(), then=client.look)
    assert client.told.dropped == ["tick “one”"]


async def test_after_a_few_seconds_a_line_that_falls_back_was_meant(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        client.now += GUARD_SECONDS + 0.1
        client.note.write_bytes(OLD)
        await client.look()
        assert client.marks() == "   "

    await beside(client.session.edits.run(), then=story)


async def test_an_edit_made_again_is_one_step_to_undo(client: Client) -> None:
    """Undone twice, the step before it is taken back, not the same one once more."""

    async def story() -> None:
        await client.turn("one")
        await client.turn("two")
        client.note.write_bytes(OLD.replace(b"[ ] one", b"[x] one"))
        await client.look()
        assert client.marks() == "xx "
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.marks() == "x  "
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.marks() == "   "
        client.session.edits.undo()
        await client.session.edits.finish(10)
        assert client.told.nothing == [WriteKind.UNDO]

    await beside(client.session.edits.run(), then=story)


async def test_a_new_edit_leaves_nothing_to_make_again(client: Client) -> None:
    async def story() -> None:
        await client.turn("one")
        client.session.edits.undo()
        await client.turn("two")
        client.session.edits.redo()
        await client.session.edits.finish(10)
        assert client.marks() == " x "
        assert client.told.nothing == [WriteKind.REDO]

    await beside(client.session.edits.run(), then=story)


class Told(HistoryService):
    """A history worker that notes down what it is told."""

    def __init__(self, client: Client) -> None:
        super().__init__(client.vault, None, lambda: datetime.now(UTC), lambda _: None)
        self.told: list[str] = []

    def changed_here(self, path: str, *, is_undo_or_redo: bool) -> None:
        self.told.append(f"{path}{' taken back' if is_undo_or_redo else ''}")

    def changed_outside(self) -> None:
        self.told.append("outside")


async def test_the_history_is_told_of_each_change_and_whose_it_is(client: Client, tmp_path: Path) -> None:
    history = Told(client)
    client.session = VaultSession(
        client.vault, client.told, tmp_path / "state", history, clock=lambda: client.now
    )

    async def story() -> None:
        await client.session.load(None)
        await client.turn("one")
        await client.turn("one")
        await client.undo()
        await client.redo()
        await client.look()
        client.note.write_bytes(client.note.read_bytes() + b"- [ ] typed\n")
        await client.look()

    await beside(client.session.edits.run(), then=story)
    assert history.told == ["outside", "Plan.md", "Plan.md taken back", "Plan.md taken back", "outside"]


async def test_waiting_for_the_last_edit_ends_in_time(client: Client) -> None:
    client.press("one", "x")
    assert client.session.edits.to_save == 1
    assert not await client.session.edits.finish(0.01), "nobody writes"
    await beside(client.session.edits.run(), then=lambda: client.turn("two"))
    assert await client.session.edits.finish(0.01)
    assert client.session.edits.to_save == 0


class TestGit:
    """Git puts a note back in the middle of its work: that is no old copy of an editor."""

    @pytest.fixture
    def repository(self, client: Client) -> Repository:
        found = Repository(client.note.parent)
        found.commit("2026-01-01")
        return found

    async def test_a_stash_is_left_alone_and_gives_the_tick_back(
        self, client: Client, repository: Repository
    ) -> None:
        async def story() -> None:
            await client.turn("one")
            client.note.write_bytes(client.note.read_bytes() + b"- [ ] typed elsewhere\n")
            await client.look()
            ticked = client.note.read_bytes()
            repository.git("stash")
            await client.look()
            assert client.note.read_bytes() == OLD
            repository.git("stash", "pop")
            await client.look()
            assert client.note.read_bytes() == ticked
            assert client.told.lost == []

        await beside(client.session.edits.run(), then=story)

    @pytest.mark.parametrize("is_ahead", [True, False], ids=["rebase", "fast-forward"])
    async def test_a_pull_in_between_keeps_the_tick_and_what_else_was_not_committed(
        self, client: Client, repository: Repository, tmp_path: Path, is_ahead: bool
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
                while not client.told.watching:
                    await asyncio.sleep(0.01)
            await client.turn("one")
            if is_ahead:
                repository.write("Ours.md", "- [ ] not committed\n")
            ticked = client.note.read_bytes()
            await asyncio.to_thread(repository.git, "pull", "-q", "--rebase", "--autostash")
            await client.session.refresh(None)
            await client.session.edits.finish(10)
            assert client.note.read_bytes() == ticked
            assert "Theirs.md" in client.vault.snapshot.notes
            assert repository.git("stash", "list") == ""
            assert (client.told.lost, client.told.refused) == ([], [])

        await beside(client.session.edits.run(), client.session.watch(), then=story)


async def test_a_watcher_that_lost_changes_begins_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """watchfiles says nothing of folders beyond the system's limit before it is started again."""
    starts = 0

    async def limited(root: Path) -> PathBatches:
        nonlocal starts
        starts += 1
        if starts > 1:
            raise WatchError("Too many folders.")
        yield frozenset()
        await asyncio.Event().wait()

    intervals = WatchIntervals(rescan_interval=0.05, check_root=0.05)
    monkeypatch.setattr(
        "roadtui.vault.watch.watcher.Watcher", partial(Watcher, intervals=intervals, source=limited)
    )

    async def story() -> None:
        async with asyncio.timeout(20):
            while client.told.watching != ["live (live)"]:
                await asyncio.sleep(0.01)
            while client.told.watching[-1] != "polling":
                with (client.note.parent / "Other.md").open("a") as other:
                    other.write("- [ ] unreported\n")
                await asyncio.sleep(0.1)
        assert "Other.md" in client.vault.snapshot.notes

    await beside(client.session.watch(), then=story)


async def test_the_note_on_the_screen_is_looked_at_even_if_nothing_is_reported(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(root: Path) -> PathBatches:
        yield frozenset()
        await asyncio.Event().wait()

    monkeypatch.setattr("roadtui.vault.watch.watcher.Watcher", partial(Watcher, source=silent))
    monkeypatch.setattr("roadtui.session.follower.OPEN_NOTE_WAIT", 0.02)
    client.told.path = "Plan.md"

    async def story() -> None:
        async with asyncio.timeout(20):
            while not client.told.watching:
                await asyncio.sleep(0.01)
            client.note.write_bytes(OLD.replace(b"[ ] one", b"[x] one"))
            while not client.told.shown:
                await asyncio.sleep(0.01)
        assert [task.status_symbol for task in client.told.shown[-1].notes["Plan.md"].note.tasks] == [
            "x",
            " ",
            " ",
        ]

    await beside(client.session.watch(), then=story)
