"""Every key that is bound where the user is either does something that can be seen, or says why not."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.strip import Strip

from roadtui.ui.command_table import COMMANDS_BY_ID, Command
from roadtui.ui.key_refusals import key_refusal
from tests.ui.conftest import Start, User, painted_strips
from tests.ui.fake_actions import FakeActions

SEEN_ELSEWHERE = {
    "editor",
    "help",
    "insights_close",
    "messages",
    "obsidian",
    "palette",
    "settings",
    "suspend",
}
"""Ids of commands that leave a screen, or open one or a list, which other tests see."""

NOTE = """\
# One
- [ ] Alpha
  - [x] Beta
- bullet

# Two
- [ ] see [[Other]]
"""


def commands_here(user: User) -> list[Command]:
    """The commands that are bound where the focus is, whether they can be run or not."""
    nodes = (user.app.screen.focused or user.app.screen).ancestors_with_self
    bindings = [one for node in nodes for one in getattr(type(node), "BINDINGS", ())]
    ids = dict.fromkeys(one.id for one in bindings if isinstance(one, Binding) and one.id in COMMANDS_BY_ID)
    return [COMMANDS_BY_ID[id] for id in ids if id is not None]


def is_seen_elsewhere(command: Command) -> bool:
    """Whether it opens a screen or a dialog, or ends the program."""
    opens = command.opens or command.is_about_the_note or command.id.startswith("view_")
    return bool(opens) or "quit" in command.id or command.id in SEEN_ELSEWHERE


async def walk(user: User, line: int | None = None) -> None:
    """Press each key that is bound here; in the tree, each on the row of `line`."""
    screen, focused = user.app.screen, user.app.screen.focused
    commands = commands_here(user)
    opens = {first_key(command) for command in commands if is_seen_elsewhere(command)}
    for key in dict.fromkeys(map(first_key, commands)):
        if line is not None:
            user.tree.go_to_line(line)
        reason = key_refusal(user.app, key, {})
        if reason is not None:
            assert reason.endswith("."), (key, reason)
        elif key not in opens:
            await user.pilot.pause()
            before = painted_strips(screen)
            await user.press(key)
            await user.until(partial(is_painted_anew, screen, before), f"what {key} does")
            if screen.focused is not focused:
                screen.set_focus(focused)
            user.app.message_log.dismiss()


def first_key(command: Command) -> str:
    return command.key.partition(",")[0]


def is_painted_anew(screen: Screen[Any], before: list[Strip]) -> bool:
    return painted_strips(screen) != before


async def test_in_the_tree(start: Start, fake_actions: FakeActions) -> None:
    start.write(Plan=NOTE, Other="- [ ] elsewhere\n")
    async with start("Plan.md") as user:
        for line in (0, 2, 3, 6):
            await walk(user, line)


@pytest.mark.parametrize("keys", [["shift+tab"], ["tab"], ["v", "tab"], []], ids=str)
async def test_in_other_panes(start: Start, fake_actions: FakeActions, keys: list[str]) -> None:
    start.write(Plan=NOTE, Empty="Nothing here.\n")
    async with start("Plan.md" if keys else "Empty.md", (160, 45)) as user:
        await user.press(*keys)
        await user.idle()
        await walk(user)


@pytest.mark.parametrize("key", ["n", "ctrl+g", "f", "i"])
async def test_on_other_screens(start: Start, fake_actions: FakeActions, key: str) -> None:
    start.write(Plan=NOTE, Other="- [ ] elsewhere\n")
    async with start("Plan.md") as user:
        await user.press(key)
        await user.idle()
        screen = user.app.screen
        for command in commands_here(user):
            assert user.app.screen is screen
            reason = key_refusal(user.app, first_key(command), {})
            assert reason is None or reason.endswith("."), command.id


async def test_what_is_said(start: Start, fake_actions: FakeActions) -> None:
    start.write(Plan=NOTE)
    async with start("Plan.md") as user:
        await user.press("space")
        assert user.messages() == ["Only tasks are ticked; this is a heading."]
        await user.press("s")
        assert user.messages() == ["“status” is for tasks; this is a heading."]
        await user.press("s")
        assert user.messages() == ["“status” is for tasks; this is a heading. ×2"]
        await user.press("j")
        assert user.messages() == [], "the row is another one"
        await user.press("escape")
        assert user.messages() == ["No filter is on, and no rows are selected."]
        await user.press("G", "j")
        assert user.messages() == ["This is the last row."]
        await user.press("shift+tab", "e")
        assert user.messages() == ["e (edit) works in the tree."]
        await user.press("escape")
        assert user.messages() == ["There is nothing to close."]
        await user.press("home", "enter")
        assert user.messages() == ["There is nothing to open."], "on the heading above all notes"
        await user.press("ctrl+k")
        assert user.messages() == [], "bound nowhere"
