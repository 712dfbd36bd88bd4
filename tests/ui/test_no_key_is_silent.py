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
from tests.ui.test_changes_of_others import CHANGED, after_a_while, open_list

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
    screen = user.app.screen
    nodes = [
        node
        for node in (screen.focused or screen).ancestors_with_self
        if node is not user.app or not screen.is_modal
    ]
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


PLACES = {
    "next": ("n",),
    "map": ("ctrl+g",),
    "focus": ("f",),
    "insights": ("i",),
    "way out": ("exclamation_mark",),
    "query": ("ctrl+f",),
    "results": ("ctrl+f", "a", "down"),
    "filter": ("slash", "a"),
    "settings": ("comma",),
    "help": ("question_mark",),
    "statuses": ("s",),
    "question": ("d",),
}
"""The keys that lead from a task to other screens, and to dialogs."""


async def go_to(user: User, keys: tuple[str, ...]) -> Screen[Any]:
    """Leave all screens, and go where `keys` lead from the first task."""
    for _ in range(4):
        if user.app.screen is not user.home or user.home.is_typing:
            await user.press("escape")
            await user.works_no_more()
    user.home.panes.focus_note()
    user.tree.go_to_line(1)
    await user.press(*keys)
    await user.works_no_more()
    user.app.message_log.dismiss()
    await user.pilot.pause()
    return user.app.screen


@pytest.mark.parametrize("places", [[*PLACES][:7], [*PLACES][7:]], ids=" ".join)
async def test_on_other_screens(start: Start, fake_actions: FakeActions, places: list[str]) -> None:
    start.write(Plan=NOTE, Other="- [ ] elsewhere\n[[Plan]]\n")
    async with start("Plan.md") as user:
        for place in places:
            screen = await go_to(user, PLACES[place])
            focused = screen.focused
            for key in dict.fromkeys(map(first_key, commands_here(user))):
                if key in ("q", "ctrl+q", "ctrl+c", "ctrl+z"):
                    continue
                if user.app.screen is not screen or screen.focused is not focused:
                    screen = await go_to(user, PLACES[place])
                    focused = screen.focused
                reason = key_refusal(user.app, key, {})
                assert reason is None or reason.endswith("."), (place, key, reason)
                before = painted_strips(screen)
                await user.press(key)
                await user.until(
                    lambda here=screen, then=before: (  # type: ignore[misc]
                        user.app.screen is not here or is_painted_anew(here, then)
                    ),
                    f"what {key} does: {place}",
                )
                user.app.message_log.dismiss()
                await user.pilot.pause()


@pytest.mark.parametrize("changes", [{"Plan": CHANGED}, {}], ids=["some", "none"])
async def test_in_the_list_of_changes(start: Start, changes: dict[str, str]) -> None:
    async with after_a_while(start, **changes) as user:
        screen = await open_list(user)
        commands = [one for one in commands_here(user) if not is_seen_elsewhere(one)]
        is_last = {"changes_seen": 2, "change_take_back": 1}  # After that there are fewer changes.
        for command in sorted(commands, key=lambda one: is_last.get(one.id, 0)):
            if user.app.screen is not screen:
                screen = await open_list(user)
            key = first_key(command)
            reason = key_refusal(user.app, key, {})
            assert reason is None or reason.endswith("."), (key, reason)
            before = painted_strips(screen)
            await user.press(key)
            await user.until(
                lambda here=screen, then=before: (  # type: ignore[misc]
                    user.app.screen is not here or is_painted_anew(here, then)
                ),
                f"what {key} does",
            )
            while user.app.screen is not user.home:
                await user.press("escape")
                await user.works_no_more()
            user.app.message_log.dismiss()


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
        await user.press("tab", "ctrl+s")
        assert user.messages() == ["There is no filter to save: / opens one."]
        await user.press("question_mark")
        assert "save the filter" not in user.text(), "the help has what can be done here"
        await user.press("escape", "shift+tab")
        await user.press("home", "enter")
        assert user.messages() == ["There is nothing to open."], "on the heading above all notes"
        await user.press("ctrl+k")
        assert user.messages() == [], "bound nowhere"
