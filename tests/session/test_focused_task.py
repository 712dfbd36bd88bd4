"""Which task is focused on while the vault changes, and for which of them time is counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from roadtui.clock import Clock
from roadtui.session.focus_session import FocusSession, PomodoroTimer
from roadtui.session.focused_task import FocusedTask, FocusStatus
from roadtui.session.tracking.pending import PendingStatuses
from tests.session.test_tracked_task import TODAY, Files

PLAN = "# One\n- [ ] a\n- [ ] b\n  - [ ] c\n"


class Focused:
    """A task of a vault, and a session that counts its time."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder, A=PLAN)
        self.seconds = 0.0
        self.spent: list[str] = []
        clock = Clock(lambda: TODAY, lambda: datetime(2026, 3, 14, 12), lambda: self.seconds)
        self.session = FocusSession(
            PomodoroTimer(1500, 300),
            clock,
            lambda tracked, _seconds, _until: self.spent.append(tracked.task.text),
        )
        self.pending = PendingStatuses()
        self.task = FocusedTask(self.session, self.pending, None, "A.md", self.files.now.notes)

    def work_on(self, text: str) -> None:
        self.task.work_on(self.files.tracked(text), self.files.now)

    def write(self, text: str) -> bool:
        self.files.write(A=text)
        return self.task.follow(self.files.view)

    @property
    def shown(self) -> tuple[str, FocusStatus]:
        tracked = self.task.tracked
        return (tracked.task.text if tracked is not None else "", self.task.status)

    @property
    def counted(self) -> str | None:
        """The task that the next seconds are spent on."""
        self.session.tick()
        self.seconds += 5
        self.session.tick()
        before = len(self.spent)
        self.session.record()
        return self.spent[before] if len(self.spent) > before else None


@pytest.fixture
def focused(tmp_path: Path) -> Focused:
    return Focused(tmp_path)


def test_a_task_with_open_subtasks_gives_way_to_the_first_of_them(focused: Focused) -> None:
    assert focused.shown == ("", FocusStatus.NOTHING)
    focused.work_on("b")
    assert focused.shown == ("c", FocusStatus.OPEN)
    assert focused.counted == "c"


@pytest.mark.parametrize(
    ("text", "shown", "counted"),
    [
        ("words\n" + PLAN, ("a", FocusStatus.OPEN), "a"),
        (PLAN.replace("[ ] a", "[x] a"), ("a", FocusStatus.DONE), None),
        (PLAN.replace("- [ ] a\n", ""), ("a", FocusStatus.GONE), None),
        (PLAN.replace("- [ ] a\n", "- [ ] a\n  - [ ] step\n"), ("step", FocusStatus.OPEN), "step"),
    ],
)
def test_it_is_followed_into_the_changed_note(
    focused: Focused, text: str, shown: tuple[str, FocusStatus], counted: str | None
) -> None:
    focused.work_on("a")
    assert focused.write(text)
    assert focused.shown == shown
    assert focused.counted == counted


def test_a_task_that_is_about_to_be_ticked_again_is_not_open(focused: Focused) -> None:
    tracked = focused.files.tracked("a")
    focused.pending.add("a write", tracked.note, [(tracked.task, "x")], focused.files.now)
    focused.work_on("a")
    assert focused.shown == ("a", FocusStatus.DONE)


def test_nothing_is_shown_anew_while_the_next_one_is_on_its_way(focused: Focused) -> None:
    focused.work_on("a")
    assert focused.task.tracked is not None
    focused.task.queue.tick(focused.task.tracked)
    assert not focused.write(PLAN.replace("[ ] a", "[x] a"))


def test_a_task_that_is_split_goes_on_with_its_first_part(focused: Focused) -> None:
    focused.work_on("a")
    now = focused.files.write(A=PLAN.replace("- [ ] a\n", "- [ ] first\n- [ ] second\n"))
    assert focused.task.follow_split(now.notes["A.md"], 1, now)
    assert focused.shown == ("first", FocusStatus.OPEN)
    assert focused.counted == "first"


def test_an_edit_of_another_task_is_no_split(focused: Focused) -> None:
    focused.work_on("a")
    now = focused.files.write(A=PLAN.replace("[ ] c", "[x] c"))
    assert not focused.task.follow_split(now.notes["A.md"], 3, now)
    assert focused.shown == ("a", FocusStatus.OPEN)
