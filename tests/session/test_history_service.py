"""The worker that tells the history of changes: whose each one is, and what the history gives back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.stats.activity import NO_KNOWN_DATES
from roadtui.session.history_service import HistoryService
from roadtui.vault.history.events import Event
from roadtui.vault.history.history import History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


class Case:
    """A vault with one note, its history worker, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "vault", folder / "state"
        self.root.mkdir()
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(self.state))
        self.now = datetime(2026, 3, 14, 12, tzinfo=UTC)
        self.told: list[str] = []
        self.looks = self.looks_waited_for = 0
        self.worker = HistoryService(self.vault, self.state, lambda: self.now, self.hear)
        self.write("- [ ] a\n- [ ] b\n")

    def write(self, text: str) -> None:
        (self.root / "Plan.md").write_text(text)
        self.now += timedelta(days=1)
        self.vault.refresh()

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[None]:
        """The worker takes in what there is, and closes at the end."""
        running = asyncio.ensure_future(self.worker.run())
        try:
            yield
            await self.worker.close(5.0)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    def hear(self, sentences: list[str]) -> None:
        self.told += sentences
        self.looks += 1

    async def taken_in(self) -> None:
        """Wait until one more change is taken in."""
        self.looks_waited_for += 1
        async with asyncio.timeout(10):
            while self.looks < self.looks_waited_for:
                await asyncio.sleep(0.005)

    def events(self) -> list[Event]:
        history = History(self.state, self.root)
        try:
            return history.events()
        finally:
            history.close()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


async def test_each_change_is_told_with_who_made_it(case: Case) -> None:
    async with case.runs():
        for text, change in (
            ("- [ ] a\n- [ ] b\n", case.worker.changed_outside),
            ("- [x] a\n- [ ] b\n", lambda: case.worker.changed_here("Plan.md", is_undo_or_redo=False)),
            ("- [ ] a\n- [ ] b\n", lambda: case.worker.changed_here("Plan.md", is_undo_or_redo=True)),
            ("- [ ] a\n- [x] b\n", case.worker.changed_outside),
        ):
            case.write(text)
            change()
            await case.taken_in()
    assert [(event.kind, event.origin, event.description) for event in case.events()] == [
        ("done", "here", "a"),
        ("reopened", "undone", "a"),
        ("done", "outside", "b"),
    ]


async def test_nothing_is_known_before_the_first_look(case: Case) -> None:
    notes = list(case.vault.snapshot.notes.values())
    assert case.worker.history is None
    assert case.worker.days(notes) is NO_KNOWN_DATES
    assert case.worker.spent(notes) == {}
    assert not case.worker.record_if_new("Plan.md", (), 2)


async def test_what_the_history_knows_is_given_back(case: Case) -> None:
    async with case.runs():
        case.worker.changed_outside()
        await case.taken_in()
        case.write("- [x] a\n- [ ] b\n")
        case.worker.changed_here("Plan.md", is_undo_or_redo=False)
        await case.taken_in()
        note = case.vault.snapshot.notes["Plan.md"]
        a, b = note.note.tasks
        history = case.worker.history
        assert history is not None
        history.record_time_spent(note, b, 60, case.now)
        assert case.worker.days([note]).done == {a: date(2026, 3, 16)}
        assert case.worker.spent([note]) == {b: 60}
        assert [case.worker.record_if_new("Plan.md", (), 2) for _ in range(2)] == [True, False]


async def test_all_news_is_taken_in_before_it_closes(case: Case) -> None:
    async with case.runs():
        case.worker.changed_outside()
        await case.taken_in()
        case.write("- [x] a\n- [ ] b\n")
        case.worker.changed_here("Plan.md", is_undo_or_redo=False)
    assert [event.description for event in case.events()] == ["a"]


@pytest.mark.parametrize(("is_missing", "day"), [(False, date(2026, 3, 25)), (True, date(2026, 3, 20))])
async def test_a_vault_is_watched_until_the_end_unless_it_was_missing(
    case: Case, is_missing: bool, day: date
) -> None:
    """What was done in a vault that was away is dated by its files: nobody looked at it."""
    async with case.runs():
        case.worker.changed_outside()
        await case.taken_in()
        case.now = datetime(2026, 3, 22, 12, tzinfo=UTC)
        if is_missing:
            case.root.rename(case.root.with_name("away"))
    if is_missing:
        case.root.with_name("away").rename(case.root)
    note = case.root / "Plan.md"
    note.write_text("- [x] a\n- [ ] b\n")
    written = datetime(2026, 3, 20, 12, tzinfo=UTC).timestamp()
    os.utime(note, (written, written))
    case.vault.refresh()
    history = History(case.state, case.root, UTC)
    history.record_snapshot(lambda: case.vault.snapshot, datetime(2026, 3, 25, 12, tzinfo=UTC))
    assert [event.date for event in history.events()] == [day]
    history.close()


async def test_what_is_wrong_with_the_history_is_told(case: Case) -> None:
    case.state.write_text("a file where a folder should be")
    async with case.runs():
        case.worker.changed_outside()
        await case.taken_in()
    assert ["The history can't be written" in sentence for sentence in case.told] == [True]
