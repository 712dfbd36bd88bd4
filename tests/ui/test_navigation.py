"""Keys and mouse: moving, folding, going from pane to pane."""

from pathlib import Path

import pytest

from roadtui.session.outline.outline_state import OutlineState
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.progress_panel import ProgressPane
from tests.ui.conftest import PLAN, Start
from tests.ui.fake_actions import FakeActions

MANY = "".join(f"- [ ] Task {number}\n" for number in range(100))


MOVES = [
    (["j"], "Alpha"),
    (["down", "down", "up"], "Alpha"),
    (["G"], "Zeta"),
    (["end"], "Zeta"),
    (["G", "g"], "One"),
    (["G", "home"], "One"),
    (["right_square_bracket"], "Two"),
    (["G", "left_square_bracket"], "Two"),
    (["G", "left_square_bracket", "left_square_bracket"], "One"),
    (["j", "j", "h"], "Alpha"),
    (["j", "l"], "Beta"),
    (["j", "h", "j"], "Delta"),
    (["j", "h", "l", "j"], "Beta"),
    (["j", "left", "right", "j"], "Beta"),
    (["j", "enter", "j"], "Delta"),
    (["j", "enter", "enter", "j"], "Beta"),
    (["j", "j", "z"], "One"),
    (["z", "j"], "Two"),
    (["z", "Z", "j"], "Alpha"),
    (["j", "j", "j", "j", "j"], "Two"),
]
"""Keys, and the row on which they end."""


async def test_keys_of_the_tree(start: Start, plan: Path) -> None:
    async with start("Plan.md", waits=False) as user:
        for keys, at in MOVES:
            user.tree.show_state(OutlineState(user.tree.outline_state.outline))
            await user.press(*keys)
            assert user.at == at, keys


PAGES = [
    (["ctrl+d"], "Task 11"),
    (["ctrl+d", "ctrl+d", "ctrl+u"], "Task 11"),
    (["pagedown"], "Task 22"),
    (["G", "pageup"], "Task 77"),
    (["ctrl+u"], "Task 0"),
]


async def test_pages(start: Start) -> None:
    start.put("Many.md", MANY)
    async with start("Many.md", waits=False) as user:
        assert user.tree.size.height == 23
        for keys, at in PAGES:
            user.tree.show_state(OutlineState(user.tree.outline_state.outline))
            await user.pilot.pause()
            await user.press(*keys)
            assert user.at == at, keys


PANES = {
    (160, 45): ["progress", "sidebar", "tree"],
    (100, 30): ["sidebar", "tree"],
    (60, 20): ["progress", "sidebar", "tree"],
    (40, 12): ["progress", "sidebar", "tree"],
}


@pytest.mark.parametrize("size", PANES, ids=str)
async def test_tab_goes_round_the_panes_and_shows_each(
    start: Start, plan: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size) as user:
        for wanted in PANES[size]:
            await user.press("tab")
            focused = user.app.focused
            assert focused is not None
            assert focused.id == wanted
            assert focused.region.width > 20
        await user.press("shift+tab")
        assert user.app.focused is not None
        assert user.app.focused.id == PANES[size][-2]


@pytest.mark.parametrize("pane", ["sidebar", "tree", "progress"])
async def test_focus_can_be_seen(start: Start, plan: Path, pane: str) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.until(lambda: "FORECAST" in user.text(), "the report")
        widget = user.home.query_one(f"#{pane}")
        widget.focus()
        await user.pilot.pause()
        with_focus = [widget.render_line(y) for y in range(3)]
        user.home.query_one("#sidebar" if pane != "sidebar" else "#tree").focus()
        await user.pilot.pause()
        assert [widget.render_line(y) for y in range(3)] != with_focus


async def test_list_previews_and_enter_goes_into_the_tree(start: Start, plan: Path) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("shift+tab", "k")
        assert user.home.path == "Other.md"
        assert "Omega" in user.text()
        await user.press("enter")
        assert user.tree.has_focus


@pytest.mark.parametrize("words", ["Epsilon", "Delta"])
async def test_next_and_due_lead_to_their_tasks(start: Start, words: str) -> None:
    start.put("Plan.md", PLAN.replace("Delta", "Delta 📅 2026-11-25"))
    start.put("Zoo.md", "- [x] Z\n")
    async with start("Zoo.md") as user:
        await user.click(user.sidebar, words)
        assert user.home.path == "Plan.md"
        assert user.at == words
        assert user.tree.has_focus


async def test_click_moves_box_ticks_mark_folds(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.click(user.tree, "Delta")
        assert user.at == "Delta"
        assert plan.read_text() == PLAN
        await user.click(user.tree, "Alpha", before=4)
        assert not any("Beta" in line for line in user.lines_of(user.tree))
        await user.click(user.tree, "Zeta", before=2)
        await user.until(lambda: plan.read_text() == PLAN.replace("[ ] Zeta", "[x] Zeta"), "the tick")


async def test_each_cell_before_the_words_folds_or_ticks(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        for before, is_shown in ((4, False), (3, True)):
            await user.click(user.tree, "Alpha", before=before)
            shown = any("Beta" in line for line in user.lines_of(user.tree))
            assert shown is is_shown, f"{before} cells before the words"
        assert fake_actions.asked == []
        for before in (2, 1):
            await user.click(user.tree, "Zeta", before=before)
        assert len(fake_actions.asked) == 2
        await user.click(user.tree, "Two", before=1)
        assert len(fake_actions.asked) == 2, "a heading has no box"


async def test_click_on_a_roadmap_opens_it(start: Start, plan: Path) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.click(user.sidebar, "Other")
        assert "○ Omega" in user.text()


async def test_wheel_scrolls(start: Start) -> None:
    start.put("Many.md", MANY)
    async with start("Many.md") as user:
        user.tree.scroll_down(animate=False, immediate=True)
        before = user.tree.scroll_offset.y
        await user.pilot._post_mouse_events([__import__("textual.events").events.MouseScrollDown], user.tree)
        await user.until(lambda: user.tree.scroll_offset.y > before, "scrolling")


async def test_click_on_a_key_presses_it(start: Start, plan: Path) -> None:
    async with start("Plan.md", (220, 60)) as user:
        await user.press("j")
        await user.click(user.home.query_one(KeyFooter), "tick")
        await user.until(lambda: "[x] Alpha" in plan.read_text(), "the tick")
        await user.click(user.home.query_one(KeyFooter), "undo")
        await user.until(lambda: plan.read_text() == PLAN, "the undo")


async def test_progress_is_of_the_note_and_of_the_part_that_the_cursor_is_on(
    start: Start, plan: Path
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        pane = user.home.query_one(ProgressPane)
        for key, part in (
            ("g", "here One 1/3"),
            ("j", "here Alpha 1/2"),
            ("j", "here Alpha 1/2"),
            ("G", "here Two 0/2"),
        ):
            await user.press(key)
            await user.until(lambda part=part: user.lines_of(pane)[3].split() == part.split(), part)  # type: ignore[misc]
            assert user.lines_of(pane)[0] == "PROGRESS  Plan"
            assert user.lines_of(pane)[1].split()[:4] == ["20", "%", "1", "done"]


async def test_a_click_between_two_sections_leaves_the_cursor_where_it_is(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.click(user.tree, "Beta")
        assert user.at == "Beta"
        blank = next(y for y, line in enumerate(user.lines_of(user.tree)) if "Two" in line) - 1
        assert user.lines_of(user.tree)[blank] == ""
        await user.pilot.click(user.tree, offset=(8, blank))
        assert user.at == "Beta"
