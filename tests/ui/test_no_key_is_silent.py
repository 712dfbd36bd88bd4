"""Every key that is bound where the user is either does something that can be seen, or says why not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.binding import Binding

from roadtui.ui.command_table import COMMANDS, COMMANDS_BY_ID
from roadtui.ui.key_refusals import key_refusal
from roadtui.ui.screens.dashboard import DashboardScreen
from tests.ui.conftest import Start, User
from tests.ui.fake_actions import FakeActions

LEFT_OUT = {"quit", "quit_always", "interrupt", "suspend", "editor", "obsidian", "insights_close"}
"""Ids of commands that leave the program, or the screen, or start another program."""

NOTE = """\
# One
- [ ] Alpha
  - [x] Beta
- bullet

# Two
- [ ] see [[Other]]
"""


def bound_keys(user: User) -> Sequence[str]:
    """The first key of each command that is bound where the focus is, whether it can be run or not."""
    nodes = (user.app.screen.focused or user.app.screen).ancestors_with_self
    bindings = [
        one for node in nodes for one in getattr(type(node), "BINDINGS", ()) if isinstance(one, Binding)
    ]
    ids = dict.fromkeys(one.id for one in bindings if one.id in COMMANDS_BY_ID and one.id not in LEFT_OUT)
    return list(dict.fromkeys(COMMANDS_BY_ID[id].key.partition(",")[0] for id in ids if id is not None))


async def walk(user: User, fake_actions: FakeActions) -> None:
    """Press each key that is bound here, from the same place."""
    screen, focused = user.app.screen, user.app.screen.focused
    silent = []
    for key in bound_keys(user):
        reason = key_refusal(user.app, key, {})
        if reason is not None:
            assert reason.endswith("."), (key, reason)
            continue
        before, asked = user.lines(), len(fake_actions.asked)
        await user.press(key)
        for _ in range(100):
            if user.lines() != before or user.app.screen is not screen or len(fake_actions.asked) != asked:
                break
            await user.pilot.pause(0.01)
        else:
            silent.append(key)
        while user.app.screen is not screen:
            await user.press("escape")
            await user.pilot.pause()
        if user.app.screen.focused is not focused and focused is not None:
            focused.focus()
            await user.pilot.pause()
        user.app.message_log.dismiss()
        await user.pilot.pause()
    assert not silent


@pytest.mark.parametrize("line", [0, 2, 3, 6], ids=["heading", "done", "bullet", "last"])
async def test_in_the_tree(start: Start, fake_actions: FakeActions, line: int) -> None:
    start.write(Plan=NOTE, Other="- [ ] elsewhere\n")
    async with start("Plan.md", (160, 45)) as user:
        user.tree.go_to_line(line)
        await walk(user, fake_actions)


@pytest.mark.parametrize("pane", ["sidebar", "progress", "preview", "empty note"])
async def test_in_other_panes(start: Start, fake_actions: FakeActions, pane: str) -> None:
    start.write(Plan=NOTE, Empty="Nothing here.\n")
    async with start("Empty.md" if pane == "empty note" else "Plan.md", (160, 45)) as user:
        if pane == "preview":
            await user.press("v", "tab")
        elif pane != "empty note":
            await user.press("shift+tab" if pane == "sidebar" else "tab")
        await user.idle()
        await walk(user, fake_actions)


@pytest.mark.parametrize("key", ["n", "ctrl+g", "f", "i", "ctrl+f"])
async def test_on_other_screens(start: Start, fake_actions: FakeActions, key: str) -> None:
    start.write(Plan=NOTE, Other="- [ ] elsewhere\n")
    async with start("Plan.md", (160, 45)) as user:
        await user.press(key)
        await user.idle()
        if key == "ctrl+f":
            await user.press("a", "down")
        await user.idle()
        assert not isinstance(user.app.screen, DashboardScreen)
        await walk(user, fake_actions)


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
        assert user.messages() == ["There is nothing to close."]
        await user.press("G", "j")
        assert user.messages() == ["This is the last row."]
        await user.press("shift+tab", "e")
        assert user.messages() == ["e (edit) works in the tree."]
        await user.press("ctrl+k")
        assert user.messages() == [], "bound nowhere"


def test_every_command_has_words_for_where_it_works() -> None:
    assert all(command.label for command in COMMANDS)
