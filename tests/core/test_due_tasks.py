"""What is due."""

from __future__ import annotations

from datetime import date

from roadtui.core.markdown import parse
from roadtui.core.next_actions.collector import find_planned
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType

STATUSES = StatusRegistry(
    [
        Status("/", "Doing", "x", StatusType.IN_PROGRESS),
        Status("h", "On hold", " ", StatusType.ON_HOLD),
        Status("-", "Dropped", " ", StatusType.CANCELLED),
    ]
)


def test_due_are_the_open_tasks_with_a_day_in_either_form() -> None:
    note = parse(
        "- [ ] a 📅 2026-03-01\n- [x] b 📅 2026-03-02\n- [/] c [due:: 2026-03-03]\n- [ ] d 🗓️2026-03-04\n"
        "- [ ] e 📅 2026-13-01\n- [ ] f ⏳ 2026-03-05\n- [-] g 📆 2026-03-06\n- [h] h 📆 2026-03-07 #tag\n"
        "- [ ] i 📅\n"
    )
    for format in TaskFormat:
        found = find_planned("n.md", note, (), STATUSES, format).due
        assert [(due.task.line, due.day) for due in found] == [
            (0, date(2026, 3, 1)),
            (2, date(2026, 3, 3)),
            (3, date(2026, 3, 4)),
            (7, date(2026, 3, 7)),
        ]
