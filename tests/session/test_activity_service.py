"""What is listed of the changes since the last look, and how long."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.core.activity.changes import ShownChange
from roadtui.core.errors import RefusedError
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.action_builders.status import set_type
from roadtui.session.activity.activity import Activity
from roadtui.session.activity.activity_service import AWAY_SECONDS, ActivityService
from roadtui.session.activity.words import count_words
from roadtui.session.history_service import HistoryService
from roadtui.vault.commit import commit
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository

PLAN = "# One\n- [ ] a\n- [ ] b\n- [ ] c\n"


class Run:
    """One run of the program on a vault, at a time that the test sets."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.root, self.now, self.seconds = folder / "vault", now, 1_000.0
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "writer"))
        for _ in self.vault.load():
            pass
        clock = Clock(lambda: self.now.date(), lambda: self.now.replace(tzinfo=None), lambda: self.seconds)
        history = HistoryService(self.vault, None, clock.moment, lambda messages: None)
        self.service = ActivityService(self.vault, folder / "state", history, clock, self.hear)
        self.heard = asyncio.Event()

    def hear(self, activity: Activity) -> None:
        self.heard.set()

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[Run]:
        running = asyncio.ensure_future(self.service.run())
        try:
            self.service.vault_changed()
            await self.settled()
            yield self
            await self.service.close(5.0)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def settled(self) -> None:
        """Wait until all that has happened is listed."""
        async with asyncio.timeout(20):
            await self.service._work.join()

    async def write(self, text: str, name: str = "Plan") -> None:
        (self.root / f"{name}.md").write_text(text)
        await self.refresh()

    async def refresh(self) -> None:
        """Read the vault again, and wait until what has changed is listed."""
        self.vault.refresh()
        self.service.vault_changed()
        await self.settled()

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    @property
    def listed(self) -> list[str]:
        """What is listed; in brackets what was seen."""
        words = [
            (f"{one.change.kind.value} {one.change.row.text}", one.is_seen)
            for one in self.service.activity.listed
        ]
        return [f"({text})" if is_seen else text for text, is_seen in words]

    def shown(self, *texts: str) -> list[ShownChange]:
        return [one.change.shown for one in self.service.activity.listed if one.change.row.text in texts]

    @property
    def header(self) -> str:
        activity = self.service.activity
        return count_words(len(activity.unseen), activity.since, self.now.astimezone())


@pytest.fixture
def start(tmp_path: Path) -> Callable[[datetime], Run]:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Plan.md").write_text(PLAN)
    return lambda now: Run(tmp_path, now)


EVENING = datetime(2026, 3, 13, 18, 4, tzinfo=UTC).astimezone()
MORNING = EVENING + timedelta(hours=14)

Start = Callable[[datetime], Run]


async def test_changes_are_listed_at_the_next_start_until_they_were_seen(start: Start) -> None:
    async with start(EVENING).runs() as first:
        assert first.listed == []
    (first.root / "Plan.md").write_text(PLAN.replace("[ ] a", "[x] a").replace("[ ] b", "[x] b"))
    async with start(MORNING).runs() as second:
        assert second.listed == ["done a", "done b"]
        assert second.header == "2 changes since yesterday 18:04"
        second.service.see(second.shown("a"))
        await second.settled()
        assert second.listed == ["(done a)", "done b"]
    async with start(MORNING).runs() as third:
        assert third.listed == ["done b"]
        assert third.header == "1 change since yesterday 18:04"
        third.service.see_all()
        await third.settled()
        assert third.listed == []
    async with start(MORNING).runs() as fourth:
        assert fourth.listed == []


async def test_a_clock_that_was_set_back_hides_nothing_and_names_no_time(start: Start) -> None:
    async with start(MORNING).runs():
        pass
    run = start(EVENING)
    (run.root / "Plan.md").write_text(PLAN.replace("[ ] a", "[x] a"))
    run.vault.refresh()
    async with run.runs():
        assert run.listed == ["done a"]
        assert run.header == "1 change since the last look"


async def test_what_was_seen_stays_listed_until_somebody_was_away(start: Start) -> None:
    async with start(MORNING).runs() as run:
        run.pass_time(60)
        run.service.key_pressed()
        await run.write(PLAN.replace("[ ] a", "[x] a"))
        run.service.see(run.shown("a"))
        await run.settled()
        run.pass_time(AWAY_SECONDS - 1)
        run.service.key_pressed()
        await run.settled()
        assert run.listed == ["(done a)"]
        run.pass_time(AWAY_SECONDS)
        await run.write(PLAN.replace("[ ] a", "[x] a").replace("[ ] b", "[x] b"))
        run.service.key_pressed()
        await run.settled()
        assert run.listed == ["done b"]
        assert run.header == f"1 change since {run.now - timedelta(seconds=AWAY_SECONDS):%H:%M}"


async def test_own_edits_are_not_listed_and_what_they_change_is_seen(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write(PLAN.replace("[ ] a", "[/] a").replace("[ ] b", "[x] b"))
        note = run.vault.snapshot.notes["Plan.md"]
        task = next(iter(note.note.tasks))
        context = ActionContext.of(run.vault, date(2026, 3, 14))
        run.service.changed_here(commit(run.vault, set_type(context, note, [task], type=StatusType.DONE)))
        run.service.vault_changed()
        await run.settled()
        assert run.listed == ["done b"]


async def test_what_was_seen_and_is_changed_again_is_listed_anew(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write(PLAN.replace("[ ] a", "[x] a"))
        run.service.see(run.shown("a"))
        await run.write(PLAN)
        assert run.listed == ["reopened a"]


async def test_what_has_changed_since_it_was_on_the_screen_was_not_seen(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write(PLAN.replace("[ ] a", "[ ] a!").replace("[ ] b", "[x] b"))
        shown = run.shown("a!", "b")
        await run.write(PLAN.replace("[ ] a", "[ ] a!!").replace("[ ] b", "[x] b"))
        run.service.see(shown)
        await run.settled()
        assert run.listed == ["edited a!!", "(done b)"]


async def test_what_comes_in_before_all_is_taken_for_seen_stays_listed(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write(PLAN.replace("[ ] a", "[x] a"))
        (run.root / "Plan.md").write_text(PLAN.replace("[ ] a", "[x] a").replace("[ ] b", "[x] b"))
        run.vault.refresh()
        run.service.vault_changed()
        run.service.see_all()  # The list on the screen has only the first change.
        await run.settled()
        assert run.listed == ["done b"]


async def test_a_change_that_is_taken_back_is_listed_no_more(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write(PLAN.replace("[ ] a", "[x] a").replace("- [ ] b\n", ""))
        assert run.listed == ["done a", "gone b"]
        context = ActionContext.of(run.vault, date(2026, 3, 14))
        changes = [one.change for one in run.service.activity.listed]
        transaction = await run.service.take_back(context, changes)
        run.service.changed_here(commit(run.vault, transaction))
        await run.settled()
        assert run.listed == []
        assert (run.root / "Plan.md").read_text() == PLAN


async def test_what_was_seen_is_taken_back_too_and_what_was_put_back_is_listed_no_more(start: Start) -> None:
    async with start(MORNING).runs() as run:
        text = PLAN.replace("[ ] a", "[x] a").replace("- [ ] b\n", "")
        await run.write(text)
        run.service.see(run.shown("a", "b"))
        await run.write(text.replace("[ ] c", "[x] c"))
        assert run.listed == ["(done a)", "(gone b)", "done c"]
        context = ActionContext.of(run.vault, date(2026, 3, 14))
        changes = [one.change for one in run.service.activity.listed]
        transaction = await run.service.take_back(context, changes)
        run.service.changed_here(commit(run.vault, transaction))
        run.service.taken_back([change.id for change in changes])
        await run.settled()
        assert (run.root / "Plan.md").read_text() == PLAN
        assert run.listed == []


async def test_the_rows_of_a_note_are_marked_and_what_is_gone_has_its_place(start: Start) -> None:
    async with start(MORNING).runs() as run:
        await run.write("# One\n- [x] a\n- [ ] c\n- [ ] new\n")
        note = run.vault.snapshot.notes["Plan.md"]
        marks = run.service.activity.marks(note)
        assert marks is not None
        tasks = {task.text: task for task in note.note.tasks}
        rows = {
            text: marks.rows[task.index].change.kind.value
            for text, task in tasks.items()
            if task.index in marks.rows
        }
        assert rows == {"a": "done", "new": "new"}
        assert {at: [one.change.row.text for one in lost] for at, lost in marks.gone.items()} == {
            tasks["a"].index: ["b"]
        }
        (run.root / "Plan.md").write_text(PLAN)
        assert run.service.activity.marks(run.vault.refresh().notes["Plan.md"]) is None


async def test_authors_follow_and_one_pull_is_one_batch(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "vault")
    repository.commit("2026-03-01", Plan=PLAN, Other="- [ ] d\n")
    run = Run(tmp_path, MORNING)
    async with run.runs():
        repository.git("config", "user.name", "Mira")
        repository.commit("2026-03-02", Plan=PLAN.replace("[ ] a", "[x] a"), Other="- [x] d\n")
        run.vault.refresh()
        run.service.vault_changed()
        await run.settled()
        run.pass_time(60)
        await run.write(PLAN.replace("[ ] a", "[x] a").replace("[ ] c", "[x] c"))
        authors = {one.change.row.text: one.author for one in run.service.activity.listed}
        assert {text: who.kind.value if who else "" for text, who in authors.items()} == {
            "d": "git",
            "a": "git",
            "c": "outside",
        }
        d, a, c = run.service.activity.listed
        assert d.came_with(a)
        assert not a.came_with(c)


async def test_each_of_two_programs_lists_what_the_other_was_first_to_track(start: Start) -> None:
    async with start(MORNING).runs() as one, start(MORNING).runs() as other:
        await one.write(PLAN.replace("[ ] a", "[x] a"))
        await other.refresh()
        assert one.listed == other.listed == ["done a"]
        await other.write(PLAN.replace("[ ] a", "[x] a").replace("[ ] b", "[x] b"))
        await one.refresh()
        assert one.listed == other.listed == ["done a", "done b"]
        other.service.see(other.shown("a"))
        await other.settled()
        await one.refresh()
        assert one.listed == ["done b"]


async def test_a_program_that_has_not_read_the_newest_notes_lists_nothing_untrue(start: Start) -> None:
    async with start(MORNING).runs() as one, start(MORNING).runs() as stale:
        note = one.vault.snapshot.notes["Plan.md"]
        context = ActionContext.of(one.vault, date(2026, 3, 14))
        ticked = commit(
            one.vault, set_type(context, note, [next(iter(note.note.tasks))], type=StatusType.DONE)
        )
        one.service.changed_here(ticked)
        await one.settled()
        await one.write("- [ ] x\n", "New")
        one.service.see_all()
        await one.settled()
        for _ in range(2):
            stale.service.vault_changed()
            await stale.settled()
            assert stale.listed == []
        await one.refresh()
        await stale.refresh()
        assert one.listed == stale.listed == []


async def test_while_another_program_uses_the_file_all_waits_and_nothing_is_lost(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.vault.activity.seen_file._TIMEOUT_SECONDS", 0.0)
    tries = asyncio.Semaphore(0)

    async def wait(seconds: float) -> None:
        tries.release()
        await yield_to_others()

    yield_to_others = partial(asyncio.sleep, 0.001)
    monkeypatch.setattr("roadtui.session.activity.activity_service.sleep", wait)
    async with start(EVENING).runs():
        pass
    (file,) = tmp_path.rglob("*.activity")
    run = start(MORNING)
    (run.root / "Plan.md").write_text(PLAN.replace("[ ] a", "[x] a"))
    run.vault.refresh()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    running = asyncio.ensure_future(run.service.run())
    run.service.vault_changed()
    async with asyncio.timeout(20):
        for _ in range(3):
            await tries.acquire()
    assert run.listed == []
    other.execute("ROLLBACK")
    await run.settled()
    assert run.listed == ["done a"]
    other.execute("BEGIN EXCLUSIVE")
    run.service.see_all()
    async with asyncio.timeout(20):
        await tries.acquire()
        context = ActionContext.of(run.vault, date(2026, 3, 14))
        with pytest.raises(RefusedError, match="Another program is using"):
            await run.service.take_back(context, [run.service.activity.listed[0].change])
    other.execute("ROLLBACK")
    other.close()
    await run.settled()
    assert run.listed == []
    await run.service.close(5.0)
    running.cancel()
