"""Edits are shown before they are written, and corrected where they are refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest

from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.session.outline.predicted_outline import PredictedTask
from roadtui.ui.command_table import COMMANDS
from roadtui.ui.commands.selection import TreeSelection
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.widgets.line_input import LineInput
from tests.ui.conftest import PLAN, Start, User

VERBS = [command for command in COMMANDS if command.is_about_the_note and command.id != "focus_step"]
NEW = "- [ ] New\n"


def rows(user: User) -> list[str]:
    """The names of the rows in the tree, with a blank for each level."""
    outline = user.tree.outline_state.outline.rows
    return [f"{' ' * row.depth}{row.content.text}" for row in outline if isinstance(row.content, Task)]


async def test_keys_typed_ahead_are_shown_at_once_and_then_written(
    start: Start, plan: Path, gate: Event
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "J")
        assert rows(user)[:4] == [" Delta", " Alpha", "  Beta", "  Gamma"]
        assert user.at == "Alpha"
        await user.press("greater_than_sign", "J", "space")
        shown = rows(user)
        assert shown[:4] == [" Delta", "  Alpha", "   Beta", "   Gamma"]
        assert "● Alpha" in user.row("Alpha")
        assert plan.read_text() == PLAN
        gate.set()
        await user.idle()
        assert rows(user) == shown
        assert user.at == "Alpha"
        assert "- [ ] Delta\n  - [x] Alpha\n    - [ ] Beta\n" in plan.read_text()
        assert any("last one here" in message for message in user.past_messages())


async def test_an_added_row_is_shown_at_once_and_the_next_key_is_for_it(
    start: Start, plan: Path, gate: Event
) -> None:
    async with start("Plan.md") as user:
        user.tree.go_to_line(4)
        await user.press("a", *"New", "enter")
        await user.sees("○ New")
        assert "a add" in user.text()
        assert "enter closes" not in user.text()
        assert (user.at, plan.read_text()) == ("New", PLAN)
        note, current = user.tree.note, user.tree.current
        assert note is not None
        assert current is not None
        with pytest.raises(RefusedError):
            note.anchor(current)
        await user.press("d")
        gate.set()
        await user.idle()
        await user.until(lambda: plan.read_text() == PLAN, "the new row to be deleted again")
        await user.idle()
        assert "New" not in rows(user)


async def test_what_is_refused_is_shown_as_it_is_with_the_reason(
    start: Start, plan: Path, gate: Event
) -> None:
    changed = PLAN.replace("Delta", "Another")
    async with start("Plan.md") as user:
        user.tree.go_to_line(4)
        await user.press("K")
        assert rows(user)[0] == " Delta"
        plan.write_text(changed)
        gate.set()
        await user.sees("no longer in this note")
        await user.sees("Another")
        assert rows(user)[:2] == [" Alpha", "  Beta"]
        assert plan.read_text() == changed


async def test_an_outside_change_is_shown_though_an_edit_still_waits(
    start: Start, plan: Path, gate: Event
) -> None:
    async with start("Plan.md") as user:
        user.tree.go_to_line(4)
        await user.press("K")
        plan.write_text(PLAN + "- [ ] From elsewhere\n")
        user.app.session.rescan()
        await user.sees("From elsewhere")
        assert not gate.is_set()
        assert rows(user)[0] == " Alpha"
        gate.set()
        await user.idle()
        assert rows(user)[0] == " Delta"
        assert rows(user)[-1] == " From elsewhere"


async def test_every_command_on_a_row_just_added_is_for_that_row_alone(
    start: Start, plan: Path, gate: Event
) -> None:
    gate.set()
    before = [line for line in PLAN.splitlines() if line]
    async with start("Plan.md") as user:
        user.home.commands.context.copied = NEW
        for verb in VERBS:
            user.tree.go_to_line(4)
            gate.clear()
            await user.press("P")
            assert isinstance(user.tree.current, PredictedTask), verb.id
            selection = TreeSelection(user.tree)
            for name in ("at", "rows", "selected", "items", "contents", "content", "tasks", "task"):
                with pytest.raises(RefusedError):
                    getattr(selection, name)
            asyncio.get_running_loop().call_later(0.02, gate.set)
            await user.press(verb.key.partition(",")[0])
            if isinstance(user.app.screen, InlineDialog):
                for line in user.app.screen.query(LineInput):
                    line.value = "x"
                await user.press("enter")
                await user.idle()
                if isinstance(user.app.screen, InlineDialog):
                    await user.press("escape")
            await user.idle()
            lines = plan.read_text().splitlines()
            assert [line for line in lines if line and line in before] == before, verb.id
            for _ in range(6):
                if plan.read_text() != PLAN:
                    await user.press("u")
                    await user.idle()
            assert plan.read_text() == PLAN, verb.id
