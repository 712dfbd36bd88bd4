"""The terminal's cursor is put where the user types, in every line of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.ui.screens.vault_picker import VaultPickerScreen
from roadtui.ui.widgets.line_input import LineInput
from tests.ui.conftest import Start, User


def before_cursor(user: User, count: int) -> str:
    """The cells before the cursor, as they are drawn."""
    x, y = user.app.cursor_position
    return user.lines()[y].ljust(200)[max(0, x - count) : x]


@pytest.mark.parametrize(
    "keys",
    [["a"], ["e"], ["D"], ["slash"], ["ctrl+f"], ["ctrl+p"], ["R"], ["c"], ["f", "a"]],
    ids=["add", "edit", "date", "filter", "find", "palette", "finder", "capture", "focus"],
)
async def test_cursor_is_behind_what_is_typed(start: Start, plan: Path, keys: list[str]) -> None:
    async with start("Plan.md") as user:
        assert user.app.cursor_position == (0, 0)
        await user.press("j", "j")
        for key in keys:
            await user.press(key)
            await user.pilot.pause()
        await user.press(*"xyz")
        await user.until(lambda: before_cursor(user, 3) == "xyz", before_cursor(user, 30))
        await user.press("left")
        await user.until(lambda: before_cursor(user, 2) == "xy", before_cursor(user, 30))
        line = user.app.focused
        assert isinstance(line, LineInput)
        line.insert_text("q" * 150)
        await user.until(lambda: before_cursor(user, 5) == "qqqqq", "the cursor at the end of a long text")


async def test_cursor_of_the_vault_picker() -> None:
    app = VaultPickerScreen([])
    async with app.run_test() as pilot:
        assert app.cursor_position == (0, 0)
        await pilot.press("tab", *"ab")
        start = app.cursor_position
        await pilot.press(*"日")
        assert app.cursor_position - start == (2, 0)
