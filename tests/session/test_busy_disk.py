"""A vault that others change at 2,000 notes a time, or whose disk does not answer: edits go on meanwhile."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from roadtui.config import Config
from roadtui.core.note import Note
from roadtui.session.actions import TaskActions
from roadtui.session.session import VaultSession
from roadtui.vault.reader import read_and_parse
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.session.test_session import RecordingListener

LONG = 30.0
"""Seconds after which a test that waits has failed."""


class Case:
    """A vault with the note `Plan.md` and others, and somebody who ticks."""

    def __init__(self, folder: Path, others: int) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.plan = self.root / "Plan.md"
        self.plan.write_text("- [ ] one\n- [ ] two\n")
        self.others = [self.root / f"{number}.md" for number in range(others)]
        self.write_others(" ")
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "state"))
        self.told = RecordingListener()
        self.session = VaultSession(self.vault, self.told, folder / "state")

    def write_others(self, symbol: str) -> None:
        for path in self.others:
            path.write_text(f"- [{symbol}] a task of {path.name}\n")

    def tick(self, symbol: str) -> asyncio.Future[Any]:
        note = self.vault.snapshot.notes["Plan.md"]
        task = next(note.note.tasks)
        actions = TaskActions.of(self.vault, date(2026, 3, 14))
        return self.session.edits.submit(actions.build("status", note, [task], symbol))


@pytest.fixture
def stop_reads_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], tuple[Event, Event]]:
    """Have one read of a note wait: events that it is reached, and that it may go on."""

    def stop_at(number: int) -> tuple[Event, Event]:
        reached, may_go_on = Event(), Event()
        reads = 0

        def read(path: Path, *rest: Any) -> object:
            nonlocal reads
            reads += 1
            if reads == number:
                reached.set()
                assert may_go_on.wait(LONG)
            return read_and_parse(path, *rest)

        monkeypatch.setattr("roadtui.vault.vault.read_and_parse", read)
        return reached, may_go_on

    return stop_at


@pytest.mark.parametrize("is_loading", [True, False], ids=["first load", "2,000 notes change"])
async def test_a_tick_is_written_while_a_read_of_others_gets_no_answer(
    tmp_path: Path, stop_reads_at: Callable[[int], tuple[Event, Event]], is_loading: bool
) -> None:
    case = Case(tmp_path, 50 if is_loading else 2000)
    if is_loading:
        reached, may_go_on = stop_reads_at(20)
        reading = asyncio.ensure_future(case.session.load("Plan.md"))
    else:
        case.vault.refresh()
        case.write_others("x")
        reached, may_go_on = stop_reads_at(1000)
        reading = asyncio.ensure_future(case.session.refresh(None))
    writing = asyncio.ensure_future(case.session.edits.run())
    try:
        assert await asyncio.to_thread(reached.wait, LONG)
        async with asyncio.timeout(LONG):
            await case.tick("x")
        assert case.plan.read_text() == "- [x] one\n- [ ] two\n"
        assert not reading.done()
        may_go_on.set()
        await reading
    finally:
        may_go_on.set()
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    notes = case.vault.snapshot.notes
    assert notes["Plan.md"].progress.done == 1, "what was read before the tick does not bring it back"
    assert len(notes) == len(case.others) + 1
    if not is_loading:
        assert all(notes[path.name].progress.done == 1 for path in case.others)


async def test_no_parse_is_left_behind_by_a_tick(tmp_path: Path) -> None:
    """Parses are in no cycle: those of earlier states are freed without the cyclic collector."""
    case = Case(tmp_path, 0)
    case.vault.refresh()
    writing = asyncio.ensure_future(case.session.edits.run())

    async def tick(times: int) -> int:
        for number in range(times):
            await case.tick(" x"[number % 2 == 0])
        return sum(isinstance(one, Note) for one in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = await tick(20)
        after = await tick(100)
    finally:
        gc.enable()
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    assert 0 < after <= before + 5
