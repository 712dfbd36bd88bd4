"""Focus: one task after the other, its time, and what happens to it elsewhere meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.timer import Timer

from roadtui.clock import Clock
from roadtui.config import Config, Notify
from roadtui.core.edits.edit import Edit
from roadtui.core.note import Task
from roadtui.session.focus_session import LONGEST_TICK
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.focus_rounds import FocusRounds
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.widgets.focus.timer import FocusTimer
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.history.history import History
from roadtui.vault.snapshot import VaultNote
from tests.ui.conftest import Start, User
from tests.vault.focus_time import seconds_by_day

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
            screen.time.tick()
            seconds -= step


@dataclass
class Book:
    """What was told to the history."""

    entries: list[tuple[str, int, date]] = field(default_factory=list)

    def record_time_spent(self, note: VaultNote, task: Task, seconds: int, at: datetime) -> None:
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

    def spend(rooms: FocusRounds, held: TrackedTask, seconds: int, at: datetime) -> None:
        book.record_time_spent(held.note, held.task, seconds, at)

    monkeypatch.setattr(FocusRounds, "record_time", spend)
    return book


async def focus(user: User, *keys: str) -> FocusScreen:
    """Go to focus by `keys`, then `f`."""
    await user.press(*keys, "f")
    await user.until(lambda: isinstance(user.app.screen, FocusScreen), "focus")
    screen = user.app.screen
    assert isinstance(screen, FocusScreen)
    await user.pilot.pause()
    return screen


def time_left(screen: FocusScreen) -> str:
    """The time that is shown in large digits."""
    left = screen.query_one(FocusTimer).left
    return left.text if left is not None else ""


@pytest.fixture
def vault(start: Start) -> Path:
    start.write(Other=OTHER)
    return start.put("Plan.md", PLAN)


async def test_shows_the_task_under_the_cursor_where_it_stands_and_why(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        assert "Plan › One › Alpha" in user.text()
        assert "○ Beta, see Other > Deep and Nowhere" in user.text()
        assert "first open in Alpha" in user.text()
        assert time_left(screen) == "25:00"
        await user.sees("then: Delta")


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
        await user.press("space")
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")


async def test_only_task_that_is_skipped_stays(start: Start) -> None:
    plan = start.put("Plan.md", "- [ ] Alone\n")
    async with start("Plan.md") as user:
        await focus(user)
        await user.sees("○ Alone")
        await user.press("s")
        await user.idle()
        assert "○ Alone" in user.text()
        await user.press("space")
        await user.until(lambda: plan.read_text() == "- [x] Alone\n", "the tick")
        await user.sees("Everything is done.")


async def test_says_that_what_is_open_waits(start: Start) -> None:
    start.put("Plan.md", "- [ ] Later 🛫 2027-01-01\n")
    async with start("Plan.md") as user:
        await user.press("g")
        screen = await focus(user)
        assert screen.tracked is not None
        assert "you chose it, though it starts 1 Jan 2027" in user.text()
        await user.press("s")
        await user.sees("Nothing can be done now.")


async def test_tick_that_is_undone_is_suggested_again(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        await user.press("space")
        await user.sees("○ Delta")
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")
        await user.press("u")
        await user.until(lambda: "- [ ] Beta" in vault.read_text(), "the undo")
        await user.sees("Undone")
        await user.press("s")
        await user.sees("○ Beta")


@pytest.mark.parametrize("keys", [["space"], ["a", *"Step", "enter"], ["vertical_line", *"|B", "enter"]])
async def test_who_leaves_before_it_is_written_misses_nothing(
    start: Start, vault: Path, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    async with start("Plan.md") as user:
        commit = user.app.vault.commit

        def slow(edit: Edit) -> EditCommit:
            gate.wait(10)
            return commit(edit)

        monkeypatch.setattr(user.app.vault, "commit", slow)
        await focus(user, "j", "j", "j", "j")
        await user.press(*keys, "escape")
        await user.until(lambda: user.app.screen is user.home, "home")
        await user.pilot.pause()
        gate.set()
        await user.is_saved()
        assert vault.read_text() != PLAN


async def test_refused_tick_leaves_the_task_open_and_among_the_suggestions(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        vault.chmod(0o444)
        vault.write_bytes(PLAN.replace("- [ ] Beta", "- [ ] Changed meanwhile, and not the words").encode())
        await user.press("space")
        await user.sees("Not changed")
        assert "not saved" not in user.text()
        assert "[x] Changed" not in vault.read_text()


# Time


async def test_time_is_up_rings_and_rests_and_then_waits(
    start: Start, vault: Path, time: Time, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(focus_minutes=2, break_minutes=1)
    async with start("Plan.md", config=config) as user:
        bells: list[str] = []
        monkeypatch.setattr(user.app, "bell", lambda: bells.append("ring"))
        screen = await focus(user, "j", "j")
        time.go(screen, 120)
        await user.sees("2 minutes are over: Beta, see")
        await user.sees("break · p ends it")
        assert bells == ["ring"]
        time.go(screen, 60)
        await user.sees("The break is over.")
        await user.sees("p starts")
        assert bells == ["ring", "ring"]
        time.go(screen, 300)
        await user.press("p")
        time.go(screen, 7)
        await user.press("escape")
        await user.until(lambda: [entry[1] for entry in book.entries] == [127], str(book.entries))


@pytest.mark.parametrize(
    ("notify", "is_away", "rings", "sends"),
    [
        (Notify.BELL, True, 1, 0),
        (Notify.DESKTOP, False, 1, 0),
        (Notify.DESKTOP, True, 1, 1),
        (Notify.NONE, True, 0, 0),
    ],
)
async def test_tells_as_the_config_says(
    start: Start,
    vault: Path,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
    notify: Notify,
    is_away: bool,
    rings: int,
    sends: int,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        "roadtui.ui.focus_rounds.notify_desktop", lambda sentence, write: sent.append(sentence)
    )
    async with start("Plan.md", config=Config(focus_minutes=1, notify=notify)) as user:
        bells: list[str] = []
        monkeypatch.setattr(user.app, "bell", lambda: bells.append("ring"))
        screen = await focus(user, "j", "j")
        if is_away:
            user.app.post_message(events.AppBlur())
            await user.until(lambda: not user.app.app_focus, "away")
        time.go(screen, 60)
        await user.idle()
        assert (len(bells), len(sent)) == (rings, sends)


async def test_pause_stops_the_time_and_so_does_sleep(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 10)
        await user.press("p")
        await user.sees("paused")
        time.go(screen, 500)
        await user.press("p")
        time.go(screen, 10)
        time.sleep(3600)
        screen.time.tick()
        time.go(screen, 10)
        await user.until(lambda: time_left(screen) == "24:30", time_left(screen))
        await user.press("escape")
        await user.until(lambda: [entry[1] for entry in book.entries] == [30], str(book.entries))


async def test_no_time_passes_while_the_program_is_in_the_background(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 10)
        user.app.app_suspend_signal.publish(user.app)
        time.sleep(LONGEST_TICK - 1)
        user.app.app_resume_signal.publish(user.app)
        await user.pilot.pause()
        time.go(screen, 10)
        await user.press("escape")
        await user.until(lambda: [entry[1] for entry in book.entries] == [20], str(book.entries))


async def test_round_goes_on_after_leaving(start: Start, vault: Path, time: Time, book: Book) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 65)
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.home, "home")
        time.sleep(600)
        screen = await focus(user)
        time.go(screen, 5)
        await user.until(lambda: time_left(screen) == "23:50", time_left(screen))
        assert [entry[1] for entry in book.entries] == [65]


async def test_round_that_is_left_waits_in_the_header_and_is_gone_back_to(
    start: Start, vault: Path, time: Time
) -> None:
    async with start("Plan.md") as user:
        await user.press("C")
        await user.sees("No round is waiting. f starts one.")
        screen = await focus(user, "j", "j", "j", "j")
        await user.sees("then: Beta, see")
        time.go(screen, 7)
        await user.press("escape")
        await user.until(lambda: "⏸ 24:53 Delta" in user.lines()[0], user.lines()[0])
        vault.write_text(f"- [ ] New\n{PLAN}")
        time.sleep(600)
        await user.until(lambda: "New" in user.text(), "the change")
        await user.press("n")
        await user.until(lambda: "⏸ 24:53 Delta" in user.lines()[0], "another screen")
        await user.press("escape", "C")
        await user.until(lambda: isinstance(user.app.screen, FocusScreen), "focus")
        await user.sees("○ Delta")
        assert "⏸" not in user.lines()[0]
        await user.press("space", "escape")
        await user.until(lambda: user.app.screen is user.home, "home")


async def test_break_goes_on_elsewhere_and_its_end_is_told(
    start: Start, vault: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[Callable[[], None]] = []
    async with start("Plan.md", config=Config(focus_minutes=1, break_minutes=2)) as user:
        screen = await focus(user, "j", "j", "j", "j")
        time.go(screen, 60)
        await user.sees("1 minute is over: Delta. A break of 2 min, p ends it.")
        set_interval = user.app.set_interval

        def start_interval(seconds: float, tick: Callable[[], None]) -> Timer:
            ticks.append(tick)
            return set_interval(seconds * 3600, tick)

        monkeypatch.setattr(user.app, "set_interval", start_interval)
        await user.press("escape")
        await user.until(lambda: "break 2:00 Delta" in user.lines()[0], user.lines()[0])
        (tick,) = ticks
        for _ in range(12):
            time.sleep(5)
            tick()
        await user.until(lambda: "break 1:00 Delta" in user.lines()[0], user.lines()[0])
        for _ in range(12):
            time.sleep(5)
            tick()
        await user.sees("The break is over. C goes on with “Delta”.")
        await user.until(lambda: "⏸ 1:00 Delta" in user.lines()[0], user.lines()[0])


async def test_what_is_worked_before_midnight_belongs_to_that_day(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    time.at = datetime(2026, 11, 22, 23, 59, 30)
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 60)
        await user.press("escape")
        await user.until(lambda: len(book.entries) == 2, str(book.entries))
        (_, before, first), (_, after, second) = book.entries
        assert (first, second) == (date(2026, 11, 22), date(2026, 11, 23))
        assert before + after == 60
        assert before in (25, 30)


async def test_history_knows_what_was_spent(start: Start, vault: Path, time: Time) -> None:
    async with start("Plan.md") as user:
        await user.until(lambda: user.app.history.history is not None, "the history")
        screen = await focus(user, "j", "j")
        time.go(screen, 90)
        await user.press("q")
        await user.until(lambda: user.app.return_value is not None, "the end")
    history = History(start.state, start.root)
    assert seconds_by_day(history) == {date(2026, 11, 22): 90}
    history.close()


async def test_quitting_hands_the_time_over(start: Start, vault: Path, time: Time, book: Book) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 42.5)
        await user.press("q")
        await user.until(lambda: len(book.entries) == 1, "the time")
    assert book.entries[0][1] == 42


# What happens elsewhere meanwhile


async def test_task_that_is_ticked_elsewhere_says_so_and_takes_no_more_time(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 10)
        vault.write_text(PLAN.replace("[ ] Beta", "[x] Beta"))
        await user.sees("No longer open. s goes on to the next, esc leaves.")
        time.go(screen, 100)
        assert "space done" not in user.lines()[-1]
        await user.press("s")
        await user.sees("○ Delta")
        await user.press("escape")
        await user.until(lambda: [entry[1] for entry in book.entries] == [10], str(book.entries))


async def test_task_that_is_deleted_says_so_and_comes_back_with_it(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j", "j", "j")
        time.go(screen, 10)
        vault.write_text(PLAN.replace("- [ ] Delta\n", ""))
        await user.sees("This task is no longer in any note.")
        await user.until(lambda: book.entries == [("Delta", 10, date(2026, 11, 22))], str(book.entries))
        vault.write_text(PLAN)
        await user.until(lambda: "no longer in any note" not in user.text(), "the task again")
        assert "○ Delta" in user.text()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda text: f"# Zero\n- [ ] New\n\n{text}", "Plan › One › Alpha"),
        (lambda text: text.replace("  - [ ] Beta", "- [ ] Beta"), "Plan › One"),
        (lambda text: text.replace("# One", "# Uno"), "Plan › Uno › Alpha"),
    ],
    ids=["pushed down", "outdented", "below another heading"],
)
async def test_task_that_moves_is_followed(
    start: Start, vault: Path, time: Time, change: Callable[[str], str], place: str
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        time.go(screen, 10)
        vault.write_text(change(PLAN))
        await user.until(lambda: any(line.strip() == place for line in user.lines()), place)
        assert "○ Beta, see" in user.text()
        await user.press("space")
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")


async def test_task_that_moves_to_another_note_is_followed(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j", "j", "j")
        (start.root / "Other.md").write_text(OTHER + "- [ ] Delta\n")
        vault.write_text(PLAN.replace("- [ ] Delta\n", ""))
        await user.until(lambda: "Other › Top › Deep" in user.text(), "the other note")
        assert "○ Delta" in user.text()


def _has_size(user: User, path: str, size: int) -> bool:
    return user.home.view.snapshot.notes[path].stamp.size == size


async def test_vault_that_changes_elsewhere_does_not_cut_the_time_in_pieces(
    start: Start, vault: Path, time: Time, book: Book
) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        for number in range(3):
            time.go(screen, 1.4)
            more = f"{OTHER}- [ ] More {number}\n"
            start.put("Other.md", more)
            await user.until(partial(_has_size, user, "Other.md", len(more)), "the change")
            await user.pilot.pause()
        await user.press("escape")
        await user.until(lambda: [entry[1] for entry in book.entries] == [4], str(book.entries))


# Verbs


async def test_split_goes_on_with_the_first_part(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j", "j", "j")
        await user.press("vertical_line", *["backspace"] * 5, *"One", "vertical_line", *"Two", "enter")
        await user.until(lambda: "- [ ] One\n- [ ] Two\n" in vault.read_text(), "the parts")
        await user.sees("○ One")
        await user.until(lambda: isinstance(user.app.screen, FocusScreen), "focus")


async def test_step_that_is_added_is_what_one_works_on_next(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j", "j", "j")
        await user.press("a", *"First", "enter")
        await user.until(lambda: "- [ ] Delta\n  - [ ] First\n" in vault.read_text(), "the step")
        await user.sees("○ First")
        assert "Plan › One › Delta" in user.text()
        assert "a step of “Delta”" in user.text()


async def test_edit_keeps_the_task(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j", "j", "j")
        await user.press("e", *"s", "enter")
        await user.until(lambda: "- [ ] Deltas" in vault.read_text(), "the words")
        await user.sees("○ Deltas")


async def test_due_date_shows_among_the_reasons(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j", "j", "j")
        await user.press("D", *"tom", "enter")
        await user.sees("due tomorrow")


# Links


async def test_link_leads_to_the_heading_that_it_names(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        assert "→ Other#Deep" in user.text()
        assert any("→ Nowhere" in line and "not in this vault" in line for line in user.lines())
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "home")
        assert user.home.path == "Other.md"
        await user.pilot.pause()
        assert user.at == "Deep"


async def test_click_on_a_link_opens_it(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await focus(user, "j", "j")
        await user.click(screen.card, "Nowhere", before=-1)
        assert user.app.screen is screen
        await user.click(screen.card, "→ Other#Deep", before=-1)
        await user.until(lambda: user.home.path == "Other.md", "the other note")


async def test_nothing_is_left(start: Start) -> None:
    start.put("Plan.md", "- [x] Done\n")
    async with start("Plan.md") as user:
        await focus(user)
        await user.sees("Everything is done.")
        for words in ("space", "skip", "pause"):
            assert words not in user.lines()[-1]
        await user.press("space", "s", "p", "e", "escape")
        await user.until(lambda: user.app.screen is user.home, "home")


async def test_note_that_can_only_be_read_offers_no_edits_here(start: Start) -> None:
    start.root.mkdir()
    (start.root / "Wide.md").write_bytes("- [ ] Alpha\n".encode("utf-16"))
    async with start("Wide.md") as user:
        await focus(user)
        await user.sees("○ Alpha")
        assert "done" not in user.lines()[-1]
        await user.press("space", "a", "e")
        assert not user.app.screen.is_modal


HOSTILE = "\x1b]52;c;aGk=\x07 \x9b31m \u202eevil [bold]x[/] {@click=app.quit}y"


async def test_hostile_text_is_inert(start: Start, time: Time) -> None:
    start.put("Plan.md", f"# {HOSTILE}\n- [ ] {HOSTILE} [[{HOSTILE}]] https://x.y/{HOSTILE}\n")
    async with start("Plan.md", config=Config(focus_minutes=1)) as user:
        screen = await focus(user, "j")
        time.go(screen, 60)
        await user.sees("1 minute is over")
        assert not set("\x1b\x07\x9b\u202e") & set(user.text())
        assert "[bold]x[/]" in user.text()


@pytest.mark.parametrize("size", [(160, 45), (60, 20), (40, 12), (32, 8)])
async def test_survives_other_sizes(start: Start, vault: Path, size: tuple[int, int]) -> None:
    async with start("Plan.md") as user:
        await focus(user, "j", "j")
        await user.press("e")
        await user.pilot.resize_terminal(*size)
        await user.pilot.pause()
        await user.press("escape")
        await user.pilot.pause()
        assert "Beta" in user.text()
        screen = user.app.screen
        assert isinstance(screen, FocusScreen)
        assert time_left(screen).startswith(("25:00", "24:5"))
