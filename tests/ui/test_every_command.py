"""Whatever is typed, on whatever row: an edit or a sentence, a sound note, and a way back to its bytes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events

from roadtui.core.markdown import parse
from roadtui.ui.command_table import COMMANDS
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.widgets.line_input import LineInput
from tests.ui.conftest import Start, User

VERBS = [command for command in COMMANDS if command.is_about_the_note and command.id != "focus_step"]

HOSTILE = {
    "escape sequence": "\x1b[31mred\x1b]0;title\x07",
    "very long": "long " * 400,
    "right to left": "\u202eabc שלום \u2066x",
    "brackets": "[x] [ ] ]] [[a|b]] [link](url",
    "ordered with text": "1. one",
    "task": "- [ ] inner",
    "heading": "# ",
    "comment": "%%",
    "fence": "```",
    "no date": "📅 2026-02-30",
    "surrogate": "\udcff",
    "markup": "[bold]x[/] $accent",
}
PROMPTS = ("a", "A", "e", "H", "c", "D", "R", "t", "vertical_line")
NOTE = "# One\n- [ ] first\n  - [ ] target\n\n```\n- [ ] no task\n```\n\n## Two\n- [ ] last\n  more of it\n"


async def leave(user: User) -> None:
    """Close whatever is open; a panel that does not close is a failure."""
    for _ in range(3):
        if isinstance(user.app.screen, InlineDialog):
            await user.press("escape")
    assert not user.app.screen.is_modal


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
async def test_no_text_in_any_prompt_breaks_the_note(start: Start, text: str) -> None:
    path = start.put("Plan.md", NOTE)
    async with start("Plan.md") as user:
        for key in PROMPTS:
            user.tree.go_to_line(2)
            await user.press(key)
            assert isinstance(user.app.screen, InlineDialog), key
            user.app.screen.query_one(LineInput).value = text
            await user.press("enter")
            await user.pilot.pause()
            await leave(user)
            await user.app.session.edits.finish(60)
            await user.pilot.pause()
            note = parse(path.read_bytes().decode("utf-8", "surrogateescape"))
            titles = [section.title for section in note.sections[1:]]
            last = next(task for task in note.tasks if task.text == "last")
            assert (titles[0], titles.count("Two"), last.parent) == ("One", 1, None), (key, titles)
            assert not any(task.text == "no task" for task in note.tasks), key
        for _ in PROMPTS:
            await user.press("u")
        await user.app.session.edits.finish(60)
        assert path.read_bytes() == NOTE.encode()


ROWS = {
    "bullet with tasks": ("- bullet\n  - [ ] x\n", 0),
    "task in a callout": ("> [!note]\n> - [ ] quoted\n> - [ ] other\n", 1),
    "two items on one line": ("- [ ] 1. double\n- [ ] x\n", 0),
    "CR": ("- [ ] a\r- [ ] b\r", 0),
    "empty box": ("- [ ]\n- [ ] x", 0),
}


@pytest.mark.parametrize("row", ROWS)
async def test_every_verb_on_every_kind_of_row_is_an_edit_or_a_sentence(start: Start, row: str) -> None:
    text, line = ROWS[row]
    path = start.put("Plan.md", text)
    start.put("Other.md", "- [ ] elsewhere\n")
    async with start("Plan.md") as user:
        for verb in VERBS:
            user.tree.go_to_line(line)
            await user.press(verb.key.partition(",")[0])
            if isinstance(user.app.screen, InlineDialog):
                for line_input in user.app.screen.query(LineInput):
                    line_input.insert_text(
                        "fri" if verb.id in ("due", "scheduled", "start_date") else "every day | b"
                    )
                await user.idle()
                await user.press("enter")
                await user.idle()
            await leave(user)
            await user.app.session.edits.finish(60)
            await user.pilot.pause()
        for _ in VERBS:
            await user.press("u")
        await user.app.session.edits.finish(60)
        assert path.read_bytes() == text.encode()


async def test_terminal_that_shrinks_and_grows_in_a_prompt_keeps_what_is_typed(
    start: Start, plan: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a", "N", "e", "w")
        for size in ((60, 20), (20, 5), (32, 8), (160, 45), (40, 12)):
            await user.pilot.resize_terminal(*size)
            await user.pilot.pause()
        await user.press("enter")
        await user.until(lambda: "- [ ] New\n" in plan.read_text(), "the task")


async def test_note_that_another_program_writes_while_the_prompt_is_open(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "e", "s")
        for number in range(5):
            plan.write_text(f"- [ ] new {number}\n" + plan.read_text())
            await user.sees(f"new {number}")
        await user.press("enter")
        await user.until(lambda: "  - [ ] Betas\n" in plan.read_text(), "the words")
        assert plan.read_text().count("new") == 5


@pytest.mark.parametrize(
    ("key", "steps"),
    [("a", 6), ("s", 6), ("c", 6), ("n", 4), ("n", 9), ("f", 6), ("f", 9), ("ctrl+p", 0), ("ctrl+p", 6)],
)
async def test_quitting_while_a_screen_opens_is_no_crash(start: Start, key: str, steps: int) -> None:
    start.put("Plan.md", NOTE)
    async with start("Plan.md") as user:
        user.tree.go_to_line(2)
        await user.idle()
        user.app.post_message(events.Key(key, None))
        for _ in range(steps):
            await asyncio.sleep(0)
        user.app.exit(0)
        await user.until(lambda: not user.app.is_running, "the end")
    assert user.app.return_code == 0
