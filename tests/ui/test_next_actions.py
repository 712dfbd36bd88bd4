"""The list of what can be done next: reasons, order, ticking from it, and changes from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.screens.next_actions import NextActionsScreen
from tests.ui.conftest import Start, User

PLAN = """\
# One
- [ ] Alpha
  - [ ] Beta 📅 2026-11-24 ⏫
  - [x] Gamma
- [ ] Delta
"""
OTHER = "- [/] Doing it\n- [ ] Later\n- [ ] Waits ⛔ abc\n- [ ] First 🆔 abc\n"


async def open_next(user: User) -> NextActionsScreen:
    await user.press("n")
    await user.until(lambda: isinstance(user.app.screen, NextActionsScreen), "the list")
    screen = user.app.screen
    assert isinstance(screen, NextActionsScreen)
    await user.until(lambda: screen.listing.row_count() > 1, "what is in it")
    await user.pilot.pause()
    return screen


def words(screen: NextActionsScreen) -> list[str]:
    """The tasks that are listed."""
    return [held.task.text.split(" 📅")[0].split(" 🆔")[0] for held in screen.listing.suggestions]


@pytest.fixture
def vault(start: Start) -> Path:
    start.write(Other=OTHER)
    return start.put("Plan.md", PLAN)


async def test_lists_what_is_due_and_in_progress_then_the_best_of_each_roadmap_with_all_reasons(
    start: Start, vault: Path
) -> None:
    async with start("Plan.md") as user:
        screen = await open_next(user)
        assert words(screen) == ["Beta", "Doing it", "First", "Delta", "Later"]
        lines = [line.strip() for line in user.lines()]
        titles = ["LATE AND DUE THIS WEEK", "IN PROGRESS", "THE NEXT OF EACH ROADMAP", "AND THEN"]
        assert [line for line in lines if line in titles] == titles
        beta = next(at for at, line in enumerate(lines) if "Beta" in line)
        assert lines[beta].endswith("due Tue")
        assert lines[beta + 1].startswith("Plan › One › Alpha")
        assert lines[beta + 1].endswith("high priority")
        assert "Waits" not in user.text()
        assert user.text().lower().count("in progress") == 1


async def test_space_ticks_there_and_then(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_next(user)
        await user.press("space")
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")
        await user.until(lambda: words(screen) == ["Doing it", "First", "Delta", "Later"], str(words(screen)))
        assert vault.read_text() == PLAN.replace("[ ] Beta", "[x] Beta")
        await user.press("u")
        await user.until(lambda: "Beta" in words(screen), "the undo")


async def test_tick_that_is_refused_is_taken_back(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_next(user)
        assert screen.listing.current is not None
        vault.write_text(PLAN.replace("Beta", "Quite another thing"))
        await user.press("space")
        await user.sees("Not changed")
        assert "not saved" not in user.text()
        await user.until(lambda: "○ Quite another thing" in user.text(), "the task as it is")


async def test_enter_goes_to_the_task(start: Start, vault: Path) -> None:
    async with start("Other.md") as user:
        await open_next(user)
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "home")
        await user.pilot.pause()
        assert (user.home.path, user.at) == ("Plan.md", "Beta")


async def test_focus_goes_on_in_the_order_of_the_list(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await open_next(user)
        await user.press("f")
        await user.until(lambda: isinstance(user.app.screen, FocusScreen), "focus")
        await user.sees("○ Beta")
        await user.press("s")
        await user.sees("◐ Doing it")
        await user.press("escape")
        await user.until(lambda: isinstance(user.app.screen, NextActionsScreen), "the list")


async def test_link_from_focus_leads_past_the_list_to_the_note(start: Start) -> None:
    start.write(Plan="- [ ] See [[Other]]\n", Other="# Top\nNo tasks\n")
    async with start("Plan.md") as user:
        await open_next(user)
        await user.press("f")
        await user.sees("→ Other")
        await user.press("o")
        await user.until(lambda: user.app.screen is user.home, "home")
        assert user.home.path == "Other.md"


async def test_escape_closes_help_first(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_next(user)
        await user.press("question_mark")
        await user.sees("Keys  of what is next")
        await user.press("escape")
        await user.until(lambda: user.app.screen is screen, "no help")
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.home, "home")


async def test_cursor_stays_on_its_task_when_the_vault_changes(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_next(user)
        await user.press("j", "j", "j")
        assert screen.listing.current is not None
        assert screen.listing.current.task.text == "Delta"
        start.put("Another.md", "- [/] New\n")
        await user.until(lambda: "New" in words(screen), "the new note")
        assert screen.listing.current.task.text == "Delta"


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        ({}, "No tasks here yet."),
        ({"Plan": "# Nothing\n"}, "No tasks here yet."),
        ({"Plan": "- [x] Done\n"}, "Everything is done."),
        ({"Plan": "- [ ] Later 🛫 2027-01-01\n"}, "Nothing can be done now."),
    ],
)
async def test_says_why_there_is_nothing(start: Start, notes: dict[str, str], sentence: str) -> None:
    start.write(**notes)
    async with start() as user:
        await open_next(user)
        assert sentence in user.text()
        assert "tick" not in user.lines()[-1]
        await user.press("space", "enter", "f", "j", "escape")
        await user.until(lambda: user.app.screen is user.home, "home")


async def test_click_on_a_box_ticks_and_two_on_a_row_open(start: Start, vault: Path) -> None:
    async with start("Other.md") as user:
        screen = await open_next(user)
        await user.click(screen.listing, "Beta", before=2)
        await user.until(lambda: "- [x] Beta" in vault.read_text(), "the tick")
        await user.until(lambda: "Beta" not in words(screen), "the list")
        await user.pilot.click(screen.listing, offset=(8, 1), times=2)
        await user.until(lambda: user.app.screen is user.home, "home")


async def test_hostile_text_is_inert(start: Start) -> None:
    hostile = "\x1b]52;c;aGk=\x07 \x9b31m \u202eevil [bold]x[/]"
    start.put("Plan.md", f"# {hostile}\n- [ ] {hostile}\n  - [ ] {hostile}\n")
    async with start("Plan.md") as user:
        await open_next(user)
        assert not set("\x1b\x07\x9b\u202e") & set(user.text())
        assert "[bold]x[/]" in user.text()


@pytest.mark.parametrize("size", [(160, 45), (60, 20), (40, 12), (32, 8)])
async def test_survives_other_sizes(start: Start, vault: Path, size: tuple[int, int]) -> None:
    async with start("Plan.md") as user:
        await open_next(user)
        await user.pilot.resize_terminal(*size)
        await user.press("j")
        await user.pilot.pause()
        assert "Doing it" in user.text()
