"""Selecting several tasks: what is selected shows, follows its row, and is acted on as one."""

from __future__ import annotations

from pathlib import Path

from roadtui.session.outline.outline_state import RowSelection
from tests.ui.conftest import PLAN, Start, User
from tests.ui.fake_actions import FakeActions


def selected(user: User) -> list[str]:
    """The words of the rows that have the sign."""
    return [line[1:].lstrip(" ▾▸○◐●⊘").split("  ")[0] for line in user.lines_of(user.tree) if line[:1] == "▌"]


def test_marks_follow_their_rows() -> None:
    marks = RowSelection([1, 3, 5], last=5)
    followed = marks.followed({1: 2, 3: 4})
    assert list(followed) == [2, 4]
    assert followed.start_of_range(9) == 9


async def test_marking_moves_on_and_marks_show_without_colour(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "m", "m")
        assert selected(user) == ["Beta", "Gamma"]
        assert user.at == "Delta"
        assert "2 selected" in user.text()
        await user.press("k", "m")
        assert selected(user) == ["Beta"]
        assert "1 selected" in user.text()


async def test_range_goes_from_the_last_mark_to_the_cursor(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "m", "G", "M")
        assert selected(user) == ["Beta", "Gamma", "Delta", "Epsilon", "Zeta"]
        await user.press("escape")
        assert selected(user) == []
        assert "selected" not in user.text()
        await user.press("M")
        assert selected(user) == ["Zeta"]


async def test_range_goes_up_too_and_leaves_out_what_is_folded(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "h", "j", "m", "k", "k", "M")
        assert selected(user) == ["Alpha", "Delta"]


async def test_headings_are_not_selected(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("m", "M")
        assert selected(user) == []
        assert user.tree.cursor == 0


async def test_verb_acts_on_all_that_is_marked(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "j", "m", "j", "m", "k", "k", "x")
        await user.pilot.pause()
        assert fake_actions.asked == ["cycle Beta + Delta"]
        await user.press("D", "f", "r", "i")
        assert ", for 2 tasks" in user.text()
        await user.press("enter", "d")
        assert "Delete 2 tasks?" in user.text()


async def test_tick_of_marked_tasks_is_one_step(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "m", "j", "m", "space")
        assert fake_actions.asked == ["toggle Beta + Delta"]
        assert "● Beta" in user.row("Beta")
        assert "● Delta" in user.row("Delta")


async def test_what_is_inside_another_marked_task_goes_with_it(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "m", "m", "y")
        assert fake_actions.asked == ["copy Alpha"]


async def test_one_task_at_a_time_is_said(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "m", "m", "e")
        await user.sees("one task at a time")
        assert not user.app.screen.is_modal


async def test_marks_stay_on_their_rows_when_the_note_changes(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "m", "G", "m")
        plan.write_text(
            "- [ ] New on top\n" + PLAN.replace("  - [ ] Beta\n", "  - [x] Beta\n  - [ ] New below\n")
        )
        await user.sees("New below")
        assert selected(user) == ["Beta", "Zeta"]
        plan.write_text(PLAN.replace("  - [ ] Beta\n", ""))
        await user.until(lambda: "● Beta" not in user.text(), "it to go")  # A badge may name it.
        assert selected(user) == ["Zeta"]
        await user.sees("1 selected")


async def test_marks_belong_to_their_note(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j", "m")
        user.home.open("Other.md")
        await user.pilot.pause()
        assert "selected" not in user.text()
        user.home.open("Plan.md")
        await user.sees("1 selected")
        assert selected(user) == ["Alpha"]
