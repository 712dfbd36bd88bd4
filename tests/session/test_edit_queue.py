"""The queue of edits by itself: their order, their results, and what is left of them at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.session.actions import TaskActions
from roadtui.session.edit_queue import EditQueue
from roadtui.session.listener import WriteKind, WriteRequest
from roadtui.vault import commit as commit_module
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.errors import NoteAwayError, NoteBusyError, WriteFailedError
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.session.test_session import RecordingListener
from tests.virtual_time import in_virtual_time


class WaitingListener(RecordingListener):
    """Remembers at which time a transaction had to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def transaction_waits(self, request: WriteRequest, error: RoadtuiError) -> None:
        self.waits.append(asyncio.get_running_loop().time())


class Observer:
    """Remembers what was written and refused, and how many transactions were left to save then."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.superseded = False

    def is_superseded(self, transaction: Transaction) -> bool:
        return self.superseded

    async def written(self, request: WriteRequest, result: TransactionResult, view: Snapshot) -> None:
        assert view is result.snapshot
        self.ended.append(f"{request.kind.value} {request.transaction.title}")

    async def refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        self.ended.append(f"refused {request.kind.value}")

    async def held_up(self) -> None: ...


class Case:
    """A note of three tasks, and a queue that writes to it."""

    def __init__(self, folder: Path) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_text("- [ ] a\n- [ ] b\n- [ ] c\n")
        self.vault = Vault(self.note.parent, Config(), lambda: NoteWriter(folder / "state"))
        self.vault.refresh()
        self.told = WaitingListener()
        self.seen = Observer()
        self.queue: EditQueue[Snapshot] = EditQueue(self.vault, self.told, self.seen, None)

    def tick(self, text: str, symbol: str = "x") -> Transaction:
        note = self.vault.snapshot.notes["Plan.md"]
        task = next(task for task in note.note.tasks if task.text == text)
        return TaskActions.of(self.vault, date(2026, 3, 14)).build("status", note, [task], symbol)

    def marks(self) -> str:
        return "".join(line[3] for line in self.note.read_text().splitlines())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EditQueue[Snapshot]]:
        running = asyncio.ensure_future(self.queue.run())
        try:
            yield self.queue
        finally:
            running.cancel()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def failing(
    monkeypatch: pytest.MonkeyPatch, error: Callable[[], RoadtuiError], times: int
) -> list[Transaction]:
    """Have the first `times` commits fail; gives those that are tried."""
    tried: list[Transaction] = []

    def fail_first(vault: Vault, transaction: Transaction) -> TransactionResult:
        tried.append(transaction)
        if len(tried) <= times:
            raise error()
        return commit(vault, transaction)

    monkeypatch.setattr(commit_module, "commit", fail_first)
    return tried


@in_virtual_time
async def test_transactions_are_written_in_order_and_counted_until_they_are(case: Case) -> None:
    async with case.running() as queue:
        results = [queue.submit(case.tick(text)) for text in "abc"]
        assert queue.to_save == 3
        assert await queue.finish(10)
        assert queue.to_save == 0
        assert case.marks() == "xxx"
        assert [await result is not None for result in results] == [True] * 3
        assert case.seen.ended == ["do tick “a”", "do tick “b”", "do tick “c”"]
        assert queue.last_written is case.vault.snapshot


@in_virtual_time
async def test_undo_and_redo_are_not_counted_and_end_where_there_is_nothing(case: Case) -> None:
    async with case.running() as queue:
        await queue.submit(case.tick("a"))
        undone = queue.undo()
        assert queue.to_save == 0
        assert await undone is not None
        assert case.marks() == "   "
        assert await queue.undo() is None
        assert await queue.redo() is not None
        assert case.marks() == "x  "
        assert await queue.redo() is None
        assert case.told.nothing == [WriteKind.UNDO, WriteKind.REDO]
        assert case.seen.ended == ["do tick “a”", "undo tick “a”", "redo tick “a”"]


@in_virtual_time
async def test_a_refused_transaction_says_so_and_the_next_is_written(case: Case) -> None:
    async with case.running() as queue:
        stale = case.tick("a")
        case.note.write_text("- [ ] other\n- [ ] b\n- [ ] c\n")
        refused, written = queue.submit(stale), queue.submit(case.tick("b"))
        with pytest.raises(RefusedError):
            await refused
        assert await written is not None
        assert (queue.to_save, case.marks()) == (0, " x ")
        assert case.seen.ended == ["refused do", "do tick “b”"]


@in_virtual_time
async def test_a_refused_undo_can_be_asked_for_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    async with case.running() as queue:
        await queue.submit(case.tick("a"))
        tried = failing(monkeypatch, lambda: WriteFailedError(Path("Plan.md"), "The disk is full."), 1)
        with pytest.raises(WriteFailedError, match="full"):
            await queue.undo()
        assert case.seen.ended[-1] == "refused undo"
        assert queue.to_save == 0
        assert await queue.undo() is not None
        assert case.marks() == "   "
        assert len(tried) == 2


@pytest.mark.parametrize(
    ("error", "pause"),
    [(NoteBusyError(Path("Plan.md"), "is busy"), 0.5), (NoteAwayError(Path("Plan.md"), "is away"), 0.1)],
    ids=["busy", "away"],
)
@in_virtual_time
async def test_a_note_that_is_held_is_tried_again(
    case: Case, monkeypatch: pytest.MonkeyPatch, error: NoteBusyError, pause: float
) -> None:
    tried = failing(monkeypatch, lambda: error, 3)
    async with case.running() as queue:
        begun = asyncio.get_running_loop().time()
        first, second = queue.submit(case.tick("a")), queue.submit(case.tick("b"))
        assert await first is not None
        assert case.told.waits == pytest.approx([begun, begun + pause, begun + 2 * pause])
        assert await second is not None
        assert len(tried) == 5
        assert case.marks() == "xx "


@in_virtual_time
async def test_an_edit_that_is_made_again_is_no_step_of_its_own(case: Case) -> None:
    async with case.running() as queue:
        await queue.submit(case.tick("a"))
        queue.reapply(WriteRequest(case.tick("b"), WriteKind.REAPPLY))
        assert queue.to_save == 0
        await queue.finish(10)
        assert (case.marks(), queue.to_save) == ("xx ", 0)
        await queue.undo()
        assert case.marks() == " x "
        assert await queue.undo() is None


@in_virtual_time
async def test_an_edit_that_is_out_of_date_is_not_made_again(case: Case) -> None:
    case.seen.superseded = True
    async with case.running() as queue:
        queue.reapply(WriteRequest(case.tick("b"), WriteKind.REAPPLY))
        await queue.finish(10)
        assert case.told.dropped == ["tick “b”"]
        assert case.seen.ended == []
        await queue.submit(case.tick("a"))
        assert case.marks() == "x  ", "what the user does now is no edit that is made again"


@in_virtual_time
async def test_the_end_names_what_is_not_written(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, lambda: NoteBusyError(Path("Plan.md"), "is busy"), 1000)
    async with case.running() as queue:
        results = [queue.submit(case.tick("a")), queue.submit(case.tick("b", "/")), queue.undo()]
        assert not await queue.finish(3)
        assert await queue.close() == ["tick “a”", "set in progress “b”", "undo"]
        assert [result.cancelled() for result in results] == [True] * 3
        assert case.marks() == "   "


@in_virtual_time
async def test_an_undo_that_the_end_overtakes_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path)
    case.queue = EditQueue(case.vault, case.told, case.seen, tmp_path / "state")
    async with case.running() as queue:
        await queue.submit(case.tick("a"))
        tried = failing(monkeypatch, lambda: NoteBusyError(Path("Plan.md"), "is busy"), 1000)
        queue.undo()
        assert not await queue.finish(1)
        assert await queue.close() == ["tick “a”"]
        assert len(tried) in (2, 3)
    monkeypatch.setattr(commit_module, "commit", commit)
    case.queue = EditQueue(case.vault, case.told, case.seen, tmp_path / "state")
    async with case.running() as queue:
        assert await queue.undo() is not None
        assert case.marks() == "   "
        await queue.close()


@in_virtual_time
async def test_a_program_that_ends_at_once_names_what_is_under_way_first(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, lambda: NoteBusyError(Path("Plan.md"), "is busy"), 1000)
    async with case.running() as queue:
        queue.submit(case.tick("a"))
        await asyncio.sleep(1)
        queue.submit(case.tick("b"))
        assert queue.give_up() == ["tick “a”", "tick “b”"]
        await asyncio.sleep(5)
        assert case.marks() == "   "


@in_virtual_time
async def test_nothing_is_left_of_an_empty_queue(case: Case) -> None:
    async with case.running() as queue:
        await queue.submit(case.tick("a"))
        assert await queue.finish(0)
        assert queue.give_up() == []
        assert await queue.close() == []
