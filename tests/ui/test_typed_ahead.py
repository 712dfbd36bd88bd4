"""Whatever is typed and pasted ahead takes effect in its order, however busy the program is meanwhile."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from textual import events
from textual.keys import _character_to_key

from tests.ui.conftest import Start

NOTE = "# Plan\n\n- [ ] Alpha\n- [ ] Beta\n"
ENTER, DOWN, BACK, CLEAR, ESC = "<enter>", "<down>", "<backspace>", "<ctrl+u>", "<escape>"


def inputs(text: str) -> list[events.Event]:
    """The events of a text with keys in `<…>`, and pasted lines in `{…}`, separated by `|`."""
    made: list[events.Event] = []
    while text:
        if text[0] in "<{":
            part, _, text = text[1:].partition(">" if text[0] == "<" else "}")
            is_paste = "|" in part
            made.append(events.Paste(part.replace("|", "\n")) if is_paste else events.Key(part, None))
        else:
            made.append(events.Key(_character_to_key(text[0]), text[0]))
            text = text[1:]
    return made


@pytest.mark.parametrize(
    ("typed", "tasks"),
    [
        (f"aOne{ENTER}e!{ENTER}", ["Alpha", "One!", "Beta"]),
        (f"a{{One|Two|}}{ENTER}e!{ENTER}", ["Alpha", "One!", "Two", "Beta"]),
        (f"aOne{ENTER}a{{Two|Three|}}{ENTER}e!{ENTER}", ["Alpha", "One", "Two!", "Three", "Beta"]),
        (f"a{ENTER}e!{ENTER}", ["Alpha!", "Beta"]),
        (f"a{ESC}e!{ENTER}", ["Alpha!", "Beta"]),
        (
            f"aOnex{BACK}{DOWN}Two{DOWN}Threx{BACK}e{ENTER}je!{ENTER}",
            ["Alpha", "One", "Two", "Three", "Beta!"],
        ),
        (f"e{CLEAR}One{ENTER}je{CLEAR}Two{ENTER}", ["One", "Two"]),
        (f"aOne{ENTER}aTwo{ENTER}aThree{ENTER}", ["Alpha", "One", "Two", "Three", "Beta"]),
        (f"aO{{n|}}e{ENTER}", ["Alpha", "One", "Beta"]),
    ],
)
async def test_all_is_done_in_the_order_in_which_it_was_typed(
    start: Start, typed: str, tasks: list[str]
) -> None:
    pauses = Random(typed)
    note = start.put("Plan.md", NOTE)
    wanted = "# Plan\n\n" + "".join(f"- [ ] {task}\n" for task in tasks)
    async with start("Plan.md") as user:
        await user.press("j")
        for event in inputs(typed):
            user.app.post_message(event)
            if (
                pauses.random() < 0.6
            ):  # The next one comes while this one is on its way from widget to widget.
                await asyncio.sleep(pauses.choice((0, 0, 0.001, 0.005, 0.03)))
        try:
            await user.until(lambda: note.read_text() == wanted, "all to be done")
        finally:
            assert note.read_text() == wanted
        await user.until(lambda: user.app.screen is user.home, "the prompt to close")
