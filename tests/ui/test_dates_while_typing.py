"""A date at the end of a new task is offered while it is typed, and taken by a key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.ui.commands.text import offered_due
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from tests.ui.conftest import PLAN, Start

TODAY = date(2026, 11, 22)


def offered(text: str, format: TaskFormat = TaskFormat.EMOJI) -> tuple[str, str, str] | None:
    found = offered_due(text, TaskDisplayContext(StatusRegistry(), format, TODAY))
    return (found.text, found.label, found.written) if found is not None else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Buy book fri", ("Buy book", "due Fri 27 Nov", "📅 2026-11-27")),
        ("Buy #shop book end of month", ("Buy #shop book", "due Mon 30 Nov", "📅 2026-11-30")),
        ("Buy book", None),
        ("Buy book 📅 2026-12-01", None),
        ("Buy book ⏳ 2026-12-01", None),
        ("Buy book 📅 2026-12-01 fri", None),
        ("Buy book ⏫ fri", ("Buy book ⏫", "due Fri 27 Nov", "📅 2026-11-27")),
        ("Water 🔁 every 2 weeks on fri", None),
    ],
)
def test_a_due_date_is_offered_unless_the_words_belong_to_a_field(
    text: str, expected: tuple[str, str, str] | None
) -> None:
    assert offered(text) == expected


def test_it_is_written_in_the_format_of_the_vault() -> None:
    found = offered("Buy book 2026-12-01", TaskFormat.DATAVIEW)
    assert found == ("Buy book", "due Tue 1 Dec", "[due:: 2026-12-01]")


async def test_tab_takes_the_date_out_of_the_text_and_gives_it_back(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "a", *"Buy book by fri")
        await user.sees("Buy book by fri")
        await user.sees("due Fri 27 Nov · tab takes it")
        await user.press("tab")
        await user.sees("due Fri 27 Nov · tab gives it back")
        assert "by fri" not in user.text()
        await user.press("tab")
        await user.sees("Buy book by fri")
        await user.press("tab", *"and pen", "down")
        await user.press(*"Call her tomorrow", "enter")
        added = "  - [ ] Buy book and pen 📅 2026-11-27\n  - [ ] Call her tomorrow\n"
        await user.until(lambda: plan.read_text() == PLAN.replace("Beta\n", f"Beta\n{added}"), "both")
        await user.press("A", *"Inside +2w", "tab", "enter")
        await user.until(lambda: "    - [ ] Inside 📅 2026-12-06\n" in plan.read_text(), "the step")
        await user.press("c", *"Later 25.12.", "tab", "enter")
        inbox = plan.parent / "Inbox.md"
        await user.until(lambda: inbox.exists() and "Later 📅 2026-12-25" in inbox.read_text(), "the inbox")
