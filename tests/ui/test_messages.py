"""Messages: what they say, and that one that comes again is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.ui.notifications import ShownMessage, ShownMessages
from tests.ui.conftest import PLAN, Start


def message(text: str, until: float, title: str = "", times: int = 1) -> ShownMessage:
    return ShownMessage(text, title, "error", False, until, times)


def test_repeated_message_is_counted_and_comes_last() -> None:
    shown = ShownMessages()
    assert shown.add(message("a", 5), 0) is None
    assert shown.add(message("b", 6), 1) is None
    assert shown.add(message("a", 7), 2) == [message("b", 6), message("a", 7, times=2)]
    assert shown.add(message("a", 8), 3) == [message("b", 6), message("a", 8, times=3)]
    assert [one.counted_text for one in shown.add(message("b", 9), 4) or []] == ["a  ×3", "b  ×2"]


def test_message_that_is_gone_is_not_counted() -> None:
    shown = ShownMessages()
    assert shown.add(message("a", 5), 0) is None
    assert shown.add(message("a", 10), 5) is None
    assert shown.add(message("a", 15), 6) == [message("a", 15, times=2)]


@pytest.mark.parametrize(
    "other", [message("b", 9), message("a", 9, title="T"), message("a", 9)._replace(severity="warning")]
)
def test_messages_that_differ_stand_beside_each_other(other: ShownMessage) -> None:
    shown = ShownMessages()
    assert shown.add(message("a", 5), 0) is None
    assert shown.add(other, 1) is None


async def test_equal_messages_do_not_pile_up(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("u", "u")
        await user.sees("Nothing to undo.  ×2")
        await user.press("ctrl+r")
        await user.sees("Nothing to redo.")
        await user.press("u")
        await user.sees("Nothing to undo.  ×3")
        assert user.text().count("Nothing to undo") == 1
        assert "Nothing to redo." in user.text()


async def test_message_that_was_clicked_away_stays_away(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("u")
        await user.sees("Nothing to undo.")
        await user.press("ctrl+r", "ctrl+r")
        await user.sees("Nothing to redo.  ×2")
        await user.click(user.app.screen.query("Toast").last(), "to redo")
        await user.until(lambda: "to redo" not in user.text(), "the message is gone")
        await user.press("u")
        await user.sees("Nothing to undo.  ×2")
        assert "to redo" not in user.text()
        await user.press("ctrl+r")
        await user.until(lambda: "Nothing to redo." in user.text(), "it is shown anew")
        assert "to redo.  ×" not in user.text()


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (["j", "j", "d"], "Deleted “Beta”. Press u to undo."),
        (["j", "d", "y"], "Deleted “Alpha” and the 2 tasks below it. Press u to undo."),
        (["j", "j", "m", "m", "d", "y"], "Deleted 2 tasks. Press u to undo."),
        (["d", "y"], "Deleted the heading “One” with 4 tasks. Press u to undo."),
    ],
)
async def test_deleting_says_what_is_gone_and_how_it_comes_back(
    start: Start, plan: Path, keys: list[str], sentence: str
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press(*keys)
        await user.until(lambda: sentence in " ".join(" ".join(user.text().split()).split(" ▌ ")), sentence)
        await user.press("u")
        await user.until(lambda: plan.read_text() == PLAN, "all of it back")


async def test_a_message_that_ends_at_once_is_not_put_on_the_screen(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        user.app.notify("over already", timeout=0.2)
        user.app.notify("still here")
        await user.sees("still here")
        assert "over already" not in user.text()
