"""Which open tasks are put off, and so left out of the forecast."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.markdown import parse
from roadtui.core.stats.put_off import tasks_put_off
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- [ ] a\n- [ ] b 🛫 2026-03-15\n", [1]),
        ("- [ ] a 🛫 2026-03-14\n- [ ] b [start:: 2026-04-01]\n", [1]),
        ("- [/] begun 🛫 2026-04-01\n- [x] done 🛫 2026-04-01\n- [-] dropped 🛫 2026-04-01\n", []),
        ("- [ ] p 🛫 2026-04-01\n  - [ ] c\n  - plain\n    - [ ] d\n      - [/] begun\n- [ ] e\n", [0, 1, 3]),
        ("- [x] p 🛫 2026-04-01\n  - [ ] c\n", []),
        ("- [ ] p\n  - [ ] c 🛫 2026-04-01\n    - [ ] d\n  - [ ] e\n", [1, 2]),
        ("- [ ] p 🛫 2026-03-01\n  - [ ] c\n", []),
        ("- [ ] a ⏳ 2026-04-01\n- [ ] b 📅 2026-04-01\n- [ ] 🛫 soon\n", []),
    ],
)
def test_put_off_is_what_starts_later_by_itself_or_what_it_is_in(text: str, lines: list[int]) -> None:
    found = tasks_put_off(parse(text).tasks, StatusRegistry(), TaskFormat.EMOJI, TODAY)
    assert [task.line for task in found] == lines


def test_nesting_can_be_as_deep_as_a_note_is_long() -> None:
    text = "- [ ] p 🛫 2026-04-01\n" + "".join(f"{' ' * 2 * depth}- [ ] t\n" for depth in range(1, 2000))
    tasks = list(parse(text).tasks)
    assert tasks[-1] in list(tasks_put_off(tasks[-1:], StatusRegistry(), TaskFormat.EMOJI, TODAY))
