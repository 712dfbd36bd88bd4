"""The way out on the screen: its three steps, what its keys do, and that one undo takes it all back."""

from __future__ import annotations

from datetime import timedelta

from roadtui.ui.dialogs.prompt import PromptDialog
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.way_out import WayOutScreen
from tests.ui.conftest import CLOCK, Start, User

TODAY = CLOCK.today()
DONE = "".join(f"- [x] d ✅ {TODAY - timedelta(7 * n)}\n" for n in range(12))
PLAN = """\
# One
- [ ] Entropy
- [ ] a longer one
# Two
- [/] begun lately
- [ ] c
# Three
- [ ] e
"""


async def open_it(user: User) -> WayOutScreen:
    await user.press("exclamation_mark")
    await user.sees("ONE STEP OF TWO MINUTES")
    await user.works_no_more()
    screen = user.app.screen
    assert isinstance(screen, WayOutScreen)
    return screen


async def test_from_the_first_step_to_the_last_line_and_back_by_one_undo(start: Start) -> None:
    path = start.put("Plan.md", PLAN + DONE)
    start.write(Other="- [ ] elsewhere\n")
    async with start("Plan.md") as user:
        screen = await open_it(user)
        text = user.text()
        assert "5 open." in text
        assert "At your pace (1.0 a week) you are done on" in text
        await user.press("x")
        assert user.messages() == ["That is decided in the second step: tab goes on to it."]
        await user.press("enter")
        assert user.messages() == ["Nothing is decided yet."]
        assert "○ Entropy" in user.text()
        await user.press("space")
        await user.until(lambda: "- [x] Entropy" in path.read_text(), "the tick")
        ticked = path.read_bytes()
        await user.sees("Ticked: “Entropy”. u undoes that.")
        await user.works_no_more()

        await user.press("tab", "j", "2", "x")
        await user.works_no_more()
        rows = [
            line.split() for line in user.lines() if line.strip().startswith(("▸ One", "▸ Two", "▸ Three"))
        ]
        assert [row[-1] for row in rows] == ["drop", "drop", "·"]
        assert "3 weeks sooner" in user.text()
        await user.press("l")
        await user.sees("later, from")
        await user.press(*"yesterday", "enter")
        await user.sees("Put off to a later day")
        for _ in "yesterday":
            await user.press("backspace")
        await user.press(*"+2w", "enter")
        later = TODAY + timedelta(14)
        await user.sees("later  from")
        await user.press("up", "k")
        await user.works_no_more()
        assert f"1 gets 🛫 {later}, 1 becomes [-], in 1 note." in user.text()
        await user.press("tab", "space")
        await user.works_no_more()
        assert "In most weeks you finish 1: 1 of 1 chosen." in user.text()

        await user.press("v")
        await user.sees("Plan.md: 3 lines")
        assert path.read_bytes() == ticked, "nothing is written yet"
        await user.press("escape")
        assert user.app.screen is screen
        await user.press("enter")
        await user.until(lambda: isinstance(user.app.screen, DashboardScreen), "the dashboard")
        text = path.read_text()
        assert "- [-] a longer one" in text
        assert f"- [ ] e 🛫 {later}\n" in text
        assert f"- [/] begun lately ⏳ {TODAY}\n" in text
        await user.press("u")
        await user.until(lambda: path.read_bytes() == ticked, "the undo")


async def test_leaving_writes_nothing_and_a_change_from_outside_loses_no_decision(start: Start) -> None:
    path = start.put("Plan.md", PLAN + DONE)
    async with start("Plan.md") as user:
        await open_it(user)
        await user.press("tab", "j", "x", "right", "h")
        await user.works_no_more()
        changed = "# Zero\n- [ ] from elsewhere\n" + PLAN + DONE
        path.write_text(changed)
        await user.sees("Zero")
        await user.works_no_more()
        (row,) = [line for line in user.lines() if "▸ One" in line]
        assert row.split()[-1] == "drop"
        await user.pilot.resize_terminal(40, 12)
        await user.works_no_more()
        assert "2/3" in user.text()
        await user.pilot.resize_terminal(120, 30)
        await user.press("G", "right")
        await user.sees("  e ")
        await user.press("down", "vertical_line")
        await user.until(lambda: isinstance(user.app.screen, PromptDialog), "the parts to split it into")
        await user.press("escape")
        await user.works_no_more()
        await user.press("escape")
        await user.until(lambda: isinstance(user.app.screen, DashboardScreen), "the dashboard")
        await user.sees("Nothing was written: 1 decision is dropped. Open it again")
        assert path.read_text() == changed


async def test_without_history_it_counts_and_where_all_is_done_it_says_so(start: Start) -> None:
    path = start.put("Plan.md", PLAN)
    async with start("Plan.md") as user:
        await open_it(user)
        await user.press("tab", "j", "x")
        await user.works_no_more()
        assert "A forecast appears after five tasks done" in user.text()
        assert "5 open → 3" in user.text()
        (row,) = [line for line in user.lines() if "▸ Two" in line]
        assert "40 %" in row
        path.write_text("- [x] all\n")
        await user.sees("Everything is done here.")
        path.write_text("Nothing yet.\n")
        await user.sees("There are no tasks here.")
