"""What is due, and what comes next."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.agenda import Step, due_tasks, first_step, in_order
from roadtui.core.fields import TaskFormat
from roadtui.core.markdown import parse
from roadtui.core.progress import Count, tally
from roadtui.core.status import Status, StatusRegistry, StatusType

STATUSES = StatusRegistry(
    [
        Status("/", "Doing", "x", StatusType.IN_PROGRESS),
        Status("h", "On hold", " ", StatusType.ON_HOLD),
        Status("-", "Dropped", " ", StatusType.CANCELLED),
        Status("i", "Info", " ", StatusType.NON_TASK),
    ]
)


def step(text: str, count: Count = Count.LEAVES) -> tuple[int, str] | None:
    note = parse(text)
    found = first_step("n.md", note, tally(note, STATUSES, count), STATUSES)
    return None if found is None else (found.task.line, found.reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("- [x] a\n- [-] b\n- [i] c\n", None),
        ("- [x] a\n- [ ] b\n- [ ] c\n", (1, "next in line")),
        ("- [ ] a\n- [ ] b\n- [/] c\n- [/] d\n", (2, "in progress")),
        ("- [ ] parent\n  - [x] a\n  - [ ] leaf\n", (2, "next in line")),
        ("- [/] parent\n  - [ ] leaf\n", (1, "next in line")),
        ("- [h] waits\n- [ ] b\n", (1, "next in line")),
        ("- [h] waits\n", (0, "on hold")),
        ("- [-] dropped\n  - [ ] with it\n- [ ] b\n", (2, "next in line")),
        ("- [-] dropped\n  - plain\n    - [/] with it\n", None),
        ("- [?] unknown\n", (0, "next in line")),
    ],
)
def test_the_next_step_of_a_note(text: str, expected: tuple[int, str] | None) -> None:
    assert step(text) == expected


def test_the_next_step_is_a_leaf_whatever_is_counted() -> None:
    assert step("- [ ] parent\n  - [ ] leaf\n", Count.ALL) == (1, "next in line")


def test_what_is_under_way_comes_first_and_what_waits_last() -> None:
    task = next(parse("- [ ] a").tasks)
    steps = [
        Step(str(n), task, reason) for n, reason in enumerate(("on hold", "next in line", "in progress") * 2)
    ]
    assert [one.path for one in in_order(steps)] == ["2", "5", "1", "4", "0", "3"]


def test_due_are_the_open_tasks_with_a_day_in_either_form() -> None:
    note = parse(
        "- [ ] a 📅 2026-03-01\n- [x] b 📅 2026-03-02\n- [/] c [due:: 2026-03-03]\n- [ ] d 🗓️2026-03-04\n"
        "- [ ] e 📅 2026-13-01\n- [ ] f ⏳ 2026-03-05\n- [-] g 📆 2026-03-06\n- [h] h 📆 2026-03-07 #tag\n"
        "- [ ] i 📅\n"
    )
    for format in TaskFormat:
        found = due_tasks("n.md", note, STATUSES, format)
        assert [(due.task.line, due.day) for due in found] == [
            (0, date(2026, 3, 1)),
            (2, date(2026, 3, 3)),
            (3, date(2026, 3, 4)),
            (7, date(2026, 3, 7)),
        ]
