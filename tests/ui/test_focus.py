"""Focus: one task after the other, its time, and what happens to it elsewhere meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from roadtui.core.note import Task
from roadtui.ui.app import Clock
from roadtui.ui.rooms import Rooms
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.stopwatch import LONGEST_TICK
from roadtui.vault.snapshot import VaultNote
from tests.ui.conftest import Start, User

PLAN = """\
# One
- [ ] Alpha
  - [ ] Beta, see [[Other#Deep]] and [[Nowhere]]
  - [x] Gamma
- [ ] Delta
"""
OTHER = "# Top\n- [ ] Other task\n## Deep\n- [ ] Deep task\n"


@dataclass
class Time:
    """A clock that goes when it is told to."""

    at: datetime = datetime(2026, 11, 22, 12, 4, 5)
    seconds: float = 100.0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at.date(), lambda: self.at, lambda: self.seconds)

    def sleep(self, seconds: float) -> None:
        """The time goes on without the program."""
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds

    def go(self, screen: FocusScreen, seconds: float) -> None:
        """The time goes on with it."""
        while seconds > 0:
            step = min(seconds, LONGEST_TICK / 2)
            self.sleep(step)
            screen.tick()
            seconds -= step


@dataclass
class Book:
    """What was told to the history."""

    entries: list[tuple[str, int, date]] = field(default_factory=list)

    def spent(self, note: VaultNote, task: Task, seconds: int, at: datetime) -> None:
        assert any(each is task for each in note.note.tasks)
        self.entries.append((task.text, seconds, at.date()))


@pytest.fixture
def time(start: Start) -> Time:
    time = Time()
    start.clock = time.clock
    return time


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    book = Book()
    make = Rooms.__init__

    def with_book(self: Rooms, *arguments: object) -> None:
        make(self, *arguments[:-1], lambda: book)  # type: ignore[arg-type]

    monkeypatch.setattr(Rooms, "__init__", with_book)
    return book


async def focus(user: User, *keys: str) -> FocusScreen:
    """Go to focus by `keys`, then `f`."""
    await user.press(*keys, "f")
    await user.until(lambda: isinstance(user.app.screen, FocusScreen), "focus")
    screen = user.app.screen
    assert isinstance(screen, FocusScreen)
    await user.pilot.pause()
    return screen


@pytest.fixture
def vault(start: Start) -> Path:
    start.write(Other=OTHER)
    return start.put("Plan.md", PLAN)


async def test_shows_the_task_under_the_cursor_where_it_stands_and_why(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        assert "Plan › One › Alpha" in user.text()
        assert "○ Beta, see [[Other#Deep]] and [[Nowhere]]" in user.text()
        assert "next in line" in user.text()
        assert "25:00" in user.text()
        assert "Delta" not in user.text()


@pytest.mark.parametrize("keys", [[], ["j"], ["j", "j", "j"]], ids=["heading", "parent", "done"])
async def test_starts_with_the_best_of_the_note_where_the_cursor_is_on_no_open_leaf(
    start: Start, vault: Path, keys: list[str]
) -> None:
    async with start("Plan.md") as user:
        await focus(user, *keys)
        await user.sees("○ Beta")


async def test_done_writes_and_goes_on(start: Start, vault: Path, time: Time, book: Book) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 61)
        await user.press("space")
        await user.sees("○ Delta")
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")
        await user.sees("1 done · 1 min")
        time.go(screen, 5.9)
        await user.press("escape")
        await user.until(
            lambda: (
                book.entries
                == [
                    ("Beta, see [[Other#Deep]] and [[Nowhere]]", 61, date(2026, 11, 22)),
                    ("Delta", 5, date(2026, 11, 22)),
                ]
            ),
            str(book.entries),
        )
        assert vault.read_text() == PLAN.replace("- [ ] Beta", "- [x] Beta")


async def test_skip_leaves_it_open_and_comes_back_when_nothing_else_is_left(
    start: Start, vault: Path
) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        for words in ("○ Delta", "○ Other task", "○ Deep task", "○ Beta"):
            await user.press("s")
            await user.sees(words)
        assert vault.read_text() == PLAN
