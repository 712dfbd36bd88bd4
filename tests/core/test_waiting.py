"""Which open tasks can't be begun yet, and what they wait for."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.markdown import parse
from roadtui.core.next_actions.waiting import Waiting, is_nested_in_waiting, waiting_by_fields
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry

TODAY = date(2026, 3, 14)
OPEN = {"k": "Distributions", "l": "Bayes"}


@pytest.mark.parametrize(
    ("text", "is_doing", "expected"),
    [
        ("a", False, None),
        ("a ⛔ k", False, Waiting(("Distributions",), None)),
        ("a ⛔ k", True, Waiting(("Distributions",), None)),
        ("a ⛔ l,k", False, Waiting(("Bayes", "Distributions"), None)),
        ("a ⛔ gone,k", False, Waiting(("Distributions",), None)),
        ("a ⛔ gone", False, None),
        ("a 🆔 k ⛔ k", False, None),
        ("a [dependsOn:: k]", False, Waiting(("Distributions",), None)),
        ("a 🛫 2026-03-15", False, Waiting((), date(2026, 3, 15))),
        ("a 🛫 2026-03-15", True, None),
        ("a 🛫 2026-03-14", False, None),
        ("a [start:: 2026-04-01]", False, Waiting((), date(2026, 4, 1))),
        ("a ⏳ 2026-04-01", False, None),
        ("a ⛔ k 🛫 2026-04-01", False, Waiting(("Distributions",), date(2026, 4, 1))),
    ],
)
def test_what_a_task_waits_for(text: str, is_doing: bool, expected: Waiting | None) -> None:
    assert waiting_by_fields(read_fields(text), OPEN, TODAY, is_doing=is_doing) == expected


@pytest.mark.parametrize(
    ("text", "is_doing", "expected"),
    [
        ("- [ ] p\n  - [ ] t\n", False, False),
        ("- [ ] p ⛔ k\n  - [ ] t\n", False, True),
        ("- [ ] p ⛔ k\n  - plain\n    - [ ] t\n", False, True),
        ("- [ ] p [start:: 2026-04-01]\n  - [ ] q\n    - [ ] t\n", False, True),
        ("- [ ] p 🛫 2026-04-01\n  - [ ] t\n", True, False),
        ("- [x] p ⛔ k\n  - [ ] t\n", False, False),
        ("- [ ] p ⛔ gone\n  - [ ] t\n", False, False),
        ("- [ ] p\n  - [ ] t ⛔ k\n", False, False),
    ],
)
def test_a_task_waits_with_those_around_it(text: str, is_doing: bool, expected: bool) -> None:
    task = list(parse(text).tasks)[-1]
    found = is_nested_in_waiting(task, StatusRegistry(), TaskFormat.EMOJI, OPEN, TODAY, is_doing=is_doing)
    assert found is expected
