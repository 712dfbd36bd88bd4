"""A line that is refused stays in its prompt, with the reason beside it, and turns up nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from roadtui.ui.dialogs.prompt import PromptDialog
from roadtui.ui.widgets.line_input import LineInput
from tests.ui.conftest import PLAN, Start, User
from tests.ui.fake_actions import FakeActions

REASON = "Not changed: on purpose."

PROMPTS = {
    "add": (["j", "a", *"New"], "New"),
    "add inside": (["j", "A", *"New"], "New"),
    "add below a heading": (["a", *"New"], "New"),
    "add a heading": (["H", *"New"], "New"),
    "edit": (["j", "e", *" more"], "Alpha more"),
    "edit a heading": (["e", *" more"], "One more"),
    "split": (["j", "vertical_line", *"|B"], "Alpha|B"),
    "due": (["j", "D", *"fri"], "fri"),
    "scheduled": (["j", "S", *"fri"], "fri"),
    "start": (["j", "W", *"fri"], "fri"),
    "repeat": (["j", "R", *"every day"], "every day"),
    "tags": (["j", "t", *"ml"], "ml"),
    "capture": (["c", *"New"], "New"),
}
"""For each prompt the keys that open it and type into it, and what then stands in it."""


def line(user: User) -> str | None:
    """What stands in the prompt that is open."""
    screen = user.app.screen
    inputs = screen.query(LineInput) if isinstance(screen, PromptDialog) else ()
    return next((one.value for one in inputs), None)


@pytest.mark.parametrize("name", PROMPTS)
async def test_refused_line_stays_until_it_is_taken(
    start: Start, plan: Path, fake_actions: FakeActions, name: str
) -> None:
    keys, typed = PROMPTS[name]
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.fails = True
        await user.press(*keys, "enter")
        await user.sees(REASON)
        assert line(user) == typed
        assert user.text().count(REASON) == 1
        fake_actions.fails = False
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "the prompt to close")
        assert len(fake_actions.asked) == 2
        assert fake_actions.asked[0] == fake_actions.asked[1]


async def test_refused_paste_stays_until_it_is_taken(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "a")
        user.app.screen.query_one(LineInput).post_message(events.Paste("one\ntwo\n"))
        await user.sees("2 lines")
        fake_actions.fails = True
        await user.press("enter")
        await user.sees(REASON)
        fake_actions.fails = False
        await user.press("enter")
        await user.until(lambda: "- [ ] one\n- [ ] two\n" in plan.read_text(), "both lines")
        await user.until(lambda: user.app.screen is user.home, "the prompt to close")


async def test_what_was_refused_does_not_turn_up_in_another_note(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        fake_actions.fails = True
        await user.press("j", "a", *"New", "enter")
        await user.sees(REASON)
        await user.press("escape")
        user.home.open("Other.md")
        await user.sees("Omega")
        await user.press("a")
        assert line(user) == ""


async def test_line_that_markdown_would_read_as_something_else(start: Start, plan: Path) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "a", *"```", "enter")
        await user.until(lambda: "Not " in user.text(), "the reason")
        assert line(user) == "```"
        assert plan.read_text() == PLAN
        assert "saved" not in user.lines()[0]
        await user.press("backspace", "backspace", "backspace", *"New", "enter")
        await user.until(lambda: "- [ ] New\n" in plan.read_text(), "the mended line")
        await user.is_saved()


async def test_keys_behind_enter_are_for_what_is_below(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        await user.press("j", "a", *"New", "enter", "k", "k", "e")
        assert line(user) == "New"
        fake_actions.gate.set()
        await user.until(lambda: line(user) == "Beta", "the words two rows above the new ones")
        assert fake_actions.asked == ["add New after Alpha"]


async def test_keys_behind_enter_are_dropped_where_the_line_is_refused(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        fake_actions.fails = True
        await user.press("j", "a", *"New", "enter", "d")
        fake_actions.gate.set()
        await user.sees(REASON)
        assert line(user) == "New"
        await user.press("s")
        assert line(user) == "News"


async def test_line_refused_while_the_next_is_typed_comes_back_after_it(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        fake_actions.fails = True
        await user.press("j", "a", *"one", "down", *"tw")
        fake_actions.gate.set()
        await user.sees("“one” comes back after this line. Not changed: on purpose.")
        assert line(user) == "tw"
        fake_actions.fails = False
        await user.press("o", "enter")
        await user.until(lambda: line(user) == "one", "the line that was refused")
        await user.sees(REASON)
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "the prompt to close")
        added = [text for text in plan.read_text().splitlines() if text in ("- [ ] two", "- [ ] one")]
        assert added == ["- [ ] two", "- [ ] one"]


async def test_line_refused_before_the_next_is_begun_is_there_again(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.fails = True
        await user.press("j", "a", *"one", "down")
        await user.until(lambda: line(user) == "one", "the line that was refused")
        assert REASON in user.text()


async def test_enter_with_nothing_waits_for_the_lines_before(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        fake_actions.fails = True
        await user.press("j", "a", *"one", "down", "enter")
        fake_actions.gate.set()
        await user.until(lambda: line(user) == "one", "the line that was refused")
        assert REASON in user.text()


async def test_prompt_closed_while_it_saves_tells_of_a_refusal_with_the_whole_line(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    words = "a line that is rather long and would be cut in a title"
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        fake_actions.fails = True
        await user.press("j", "a", *words, "enter")
        await user.sees("saving… esc goes on without waiting")
        await user.press("escape")
        assert user.app.screen is user.home
        fake_actions.gate.set()
        await user.until(lambda: "on purpose" in user.text(), "the message")
        said = " ".join(" ".join(text.split("▌")[-1] for text in user.lines()[-10:]).split())
        assert f"Not saved: “{words}”. {REASON}" in said


async def test_prompt_closed_while_it_saves_is_saved(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.gate.clear()
        await user.press("j", "a", *"one", "down", *"two", "down", "escape")
        assert user.app.screen is user.home
        fake_actions.gate.set()
        await user.until(lambda: "- [ ] one\n- [ ] two\n" in plan.read_text(), "both")


async def test_header_shows_the_last_save_again_after_a_refusal(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "j", "space")
        await user.is_saved()
        plan.write_text(plan.read_text().replace("- [ ] Delta", "- [-] Delta"))
        await user.until(lambda: "⊘ Delta" in user.text(), "the change")
        await user.press("a", *"```", "enter")
        await user.until(lambda: "Not " in user.text(), "the reason")
        assert "saved 12:04:05" in user.lines()[0]
