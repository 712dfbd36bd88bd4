"""Where there is nothing to show: what is the matter, and what can be done next."""

import os
from pathlib import Path

import pytest

from tests.ui.conftest import PLAN, Start

SIZES = [(160, 45), (100, 30), (60, 20), (40, 12)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_empty_vault_shows_what_a_task_looks_like(start: Start, size: tuple[int, int]) -> None:
    async with start(size=size) as user:
        await user.sees("No notes here yet.")
        await user.sees("- [ ] Learn one thing")
        start.put("Plan.md", PLAN)
        await user.until(lambda: user.at == "Epsilon", "the tree, with the cursor on what is next")
        assert "No notes here yet." not in user.text()
        await user.press("k")
        assert user.at == "Two"


async def test_vault_without_tasks_says_how_many_notes_were_read(start: Start) -> None:
    start.write(One="# Only words\n", Two="- a bullet\n")
    async with start() as user:
        await user.sees("No tasks here yet.")
        await user.sees("2 notes were read")
        await user.sees("- [ ] Learn one thing")


async def test_words_that_lead_nowhere_are_not_gone_to(start: Start) -> None:
    async with start() as user:
        await user.sees("No notes here yet.")
        guide = user.home.query_one("#guide")
        guide.focus()
        await user.press("enter", "l")
        assert guide.has_focus
        await user.sees("No notes here yet.")


async def test_hub_says_what_it_leads_to(start: Start, plan: Path) -> None:
    start.write(Home="[[Plan]] and [[Other]]\n", Other="- [x] Omega\n")
    async with start("Home.md") as user:
        await user.sees("has no tasks of its own")
        lines = user.lines_of(user.home.query_one("#guide"))
        assert sum("%" in line for line in lines) == 2
        await user.until(lambda: "33 %" in user.text(), "the progress of both together")
        await user.press("G", "enter")
        assert user.home.path == "Plan.md"
        assert user.tree.has_focus
        assert user.at == "Epsilon"


async def test_keys_go_on_in_the_hub_that_was_opened_from_a_roadmap(start: Start, plan: Path) -> None:
    start.write(Home="[[Plan]] and [[Other]]\n", Other="- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j")
        user.home.open("Home.md")
        await user.sees("has no tasks of its own")
        await user.press("G", "enter")
        assert user.home.path == "Plan.md"
        assert user.tree.has_focus


async def test_ready_click_in_a_hub_opens_the_roadmap(start: Start, plan: Path) -> None:
    start.write(Home="[[Plan]] and [[Other]]\n", Other="- [x] Omega\n")
    async with start("Home.md") as user:
        await user.sees("has no tasks of its own")
        await user.click(user.home.query_one("#guide"), "Plan")
        assert user.home.path == "Plan.md"


async def test_all_done_is_said(start: Start) -> None:
    start.write(Plan="- [x] Alpha\n- [-] Beta\n")
    async with start("Plan.md") as user:
        await user.sees("Everything is done.")
        assert "100%" in user.text()


async def test_note_that_lost_its_tasks_says_so_and_shows_them_again(start: Start, plan: Path) -> None:
    start.write(Other="- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j", "j")
        plan.write_text("# Only words\n")
        await user.sees("This note has no tasks.")
        plan.write_text(PLAN)
        await user.until(lambda: "Beta" in user.text(), "the tasks")
        await user.press("j")
        assert user.tree.has_focus


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe")
async def test_notes_that_cannot_be_read_are_counted_and_named(start: Start, plan: Path) -> None:
    os.mkfifo(start.root / "Pipe.md")
    start.put("Huge.md", "- [ ] x\n" * 2_000_000)
    async with start("Plan.md", (160, 45)) as user:
        await user.sees("PROBLEMS  2")
        assert any("Huge.md" in line for line in user.lines_of(user.sidebar))
        await user.click(user.sidebar, "Pipe.md")
        await user.sees("Pipe.md: It is not a regular file.")


async def test_unreadable_note_that_was_asked_for_says_why(start: Start, plan: Path) -> None:
    start.put("Huge.md", "- [ ] x\n" * 2_000_000)
    async with start("Huge.md") as user:
        await user.sees("This note cannot be shown.")
        await user.sees("too large")


@pytest.mark.parametrize("size", [(20, 5), (31, 24), (80, 7)], ids=str)
async def test_small_terminal_says_one_sentence_and_takes_no_keys(
    start: Start, plan: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size, waits=False, at_top=False) as user:
        await user.pilot.pause()
        words = " ".join(user.text().split())
        assert words == f"Too small: {size[0]}×{size[1]}. roadtui needs 32×8."
        await user.press("j", "space", "u")
        await user.pilot.resize_terminal(80, 24)
        await user.sees("Alpha")
        assert user.at == "Epsilon"
        assert plan.read_text() == PLAN
        await user.pilot.resize_terminal(*size)
        await user.press("q")
        await user.until(lambda: user.app.return_value == 0, "the end")
