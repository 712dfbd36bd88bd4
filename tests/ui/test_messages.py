"""Messages: one at a time, the latest; counted where it comes again; what they say, and how they fit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from roadtui.clock import Clock
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.notifications import MessageKind, MessageLog, ShownMessage
from roadtui.ui.styles import TextStyles
from roadtui.ui.themes import DARK
from roadtui.ui.widgets.message_line import message_lines
from tests.ui.conftest import PLAN, Start

INFORMATION, EDIT, HINT, WARNING, ERROR = MessageKind


class Log:
    """A log and the time that it goes by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.changes = 0
        clock = Clock(now=lambda: datetime(2026, 11, 22, 12, 4, 5), monotonic=lambda: self.now)
        self.log = MessageLog(clock, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.log.drop_expired()

    @property
    def text(self) -> str:
        return self.log.shown.counted_text if self.log.shown is not None else ""


def test_the_latest_wins_and_equal_ones_are_counted() -> None:
    on = Log()
    on.log.add("a", INFORMATION)
    on.log.add("b", INFORMATION)
    assert on.text == "b"
    on.log.add("b", INFORMATION)
    on.log.add("b", INFORMATION)
    assert on.text == "b ×3"
    on.log.add("b", WARNING)
    assert on.text == "b", "another sign"
    on.wait(60)
    on.log.add("b", WARNING)
    assert on.text == "b", "the one before is gone"
    assert [one.counted_text for one in on.log.kept] == ["a", "b ×3", "b", "b"]


@pytest.mark.parametrize(
    ("text", "kind", "seconds"),
    [
        ("short", INFORMATION, 5),
        ("short", ERROR, 10),
        ("long " * 60, INFORMATION, 27),
        ("long " * 60, ERROR, 27),
    ],
)
def test_faults_and_long_texts_are_shown_for_longer(text: str, kind: MessageKind, seconds: float) -> None:
    on = Log()
    on.log.add(text, kind)
    on.wait(seconds - 0.2)
    assert on.text
    on.wait(0.4)
    assert not on.text


def test_a_hint_goes_with_the_next_key_and_what_stood_there_is_back() -> None:
    on = Log()
    on.log.add("not saved", ERROR)
    on.log.add("last row", HINT)
    assert on.text == "last row"
    on.log.key_pressed()
    assert on.text == "not saved"
    on.log.add("last row", HINT)
    assert on.text == "last row ×2"
    on.log.key_pressed()
    on.log.key_pressed()
    on.log.add("last row", HINT)
    assert on.text == "last row", "another key was between"
    on.log.add("saved", EDIT)
    assert on.text == "saved"
    assert [one.text for one in on.log.kept] == ["not saved", "saved"], "a hint is not kept"


def test_what_an_edit_did_goes_with_the_next_edit() -> None:
    on = Log()
    on.log.add("Deleted", EDIT)
    on.log.key_pressed()
    assert on.text == "Deleted"
    on.log.edit_begins()
    assert on.log.shown is None
    on.log.add("not saved", ERROR)
    on.log.edit_begins()
    assert on.text == "not saved"


def test_a_fault_tells_of_those_before_it_that_nobody_had_time_to_read() -> None:
    on = Log()
    for text in ("a", "b", "b", "c"):
        on.log.add(text, WARNING)
    assert on.log.shown is not None
    assert (on.text, on.log.shown.unread) == ("c", 2)
    on.log.dismiss()
    on.log.add("d", ERROR)
    assert on.log.shown.unread == 0, "all were listed"
    on.wait(60)
    on.log.add("e", ERROR)
    assert on.log.shown.unread == 0, "there was time to read it"
    on.log.add("saved", EDIT)
    on.log.add("f", ERROR)
    assert on.log.shown.unread == 0, "the user has gone on since"


def test_nothing_is_reported_that_changes_nothing() -> None:
    on = Log()
    on.log.key_pressed()
    on.log.edit_begins()
    on.wait(5)
    assert on.changes == 0


LONG = "Deleted “A task with quite a long name” and the 2 tasks below it · u takes it back"


@pytest.mark.parametrize(
    ("text", "kind", "width", "lines"),
    [
        ("Copied “Alpha”", INFORMATION, 40, ["Copied “Alpha”"]),
        ("Deleted “Alpha” · u takes it back", EDIT, 40, ["✓ Deleted “Alpha” · u takes it back"]),
        (LONG, EDIT, 60, ["✓ Deleted “A task with quite a long name”… · u takes it back"]),
        (LONG, EDIT, 38, ["✓ Deleted “A task w… · u takes it back"]),
        (LONG, EDIT, 30, ["✓ Deleted “A task with quite …"]),
        ("Plan.md is in use", WARNING, 40, ["! Plan.md is in use"]),
        ("It is gone. Press u to have it back.", ERROR, 22, ["✗ It is gone. Press u", "  to have it back."]),
        ("one two three four five six seven", ERROR, 12, ["✗ one two", "  three fou…"]),
        ("There is nothing inside it.", HINT, 40, ["There is nothing inside it."]),
    ],
)
def test_how_a_message_fits(text: str, kind: MessageKind, width: int, lines: list[str]) -> None:
    styles = TextStyles.of_theme(DARK.to_color_system().generate())
    found = message_lines(ShownMessage(text, kind, 9, "12:04"), width, styles, "^l")
    assert [strip.text for strip in found] == lines
    assert all(strip.cell_length <= width for strip in found)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Plan.md is in use", 40, ["! Plan.md is in use · ^l shows 2 more"]),
        ("Plan.md is in use by others", 40, ["! Plan.md is in use by others · ^l shows", "  2 more"]),
        (
            "Plan.md is in use " * 5,
            40,
            ["! Plan.md is in use Plan.md is in use", "  Plan.md is in use P… · ^l shows 2 more"],
        ),
        ("Plan.md is in use " * 5, 30, ["! Plan.md is in use Plan.md is", "  in use Plan.md is in use Pl…"]),
    ],
)
def test_how_a_fault_with_others_before_it_fits(text: str, width: int, lines: list[str]) -> None:
    styles = TextStyles.of_theme(DARK.to_color_system().generate())
    message = ShownMessage(text.strip(), WARNING, 9, "12:04", unread=2)
    assert [strip.text for strip in message_lines(message, width, styles, "^l")] == lines


@pytest.mark.parametrize("size", [(160, 45), (60, 20), (40, 12)])
async def test_messages_are_above_the_keys_and_move_nothing(
    start: Start, plan: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size) as user:
        await user.idle()
        before, keys = user.lines_of(user.tree), user.lines()[-1]
        user.app.notify("something new", severity="warning")
        await user.pilot.pause()
        lines = user.lines()
        assert lines[-2].strip() == "! something new"
        assert lines[-1][:12] == keys[:12], "the keys"
        user.app.notify("much that has to be read " * 9, severity="error")
        await user.pilot.pause()
        lines = user.lines()
        has_room = size[1] > 12
        assert "much that" in lines[-3 if has_room else -2]
        assert (lines[-1][:12] == keys[:12]) is has_room, "the keys, or the second line"
        assert user.lines_of(user.tree) == (before[:-1] if has_room else before)
        assert user.tree.region.bottom <= size[1] - (3 if has_room else 2)
        for key in ("n", "f", "i", "ctrl+f", "ctrl+g"):
            await user.press(key)
            await user.pilot.pause()
            assert any("much that" in line for line in user.lines()[-3:]), key
            await user.press("escape")
        assert not user.app.screen.query("Toast")


async def test_equal_messages_are_counted_and_go_when_something_else_is_pressed(
    start: Start, plan: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("u", "u")
        await user.sees("Nothing to undo. ×2")
        await user.press("j")
        await user.until(lambda: "Nothing to undo" not in user.text(), "the hint is gone")


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (["j", "j", "d"], "Deleted “Beta” · u takes it back"),
        (["j", "d", "y"], "Deleted “Alpha” and the 2 tasks below it · u takes it back"),
        (["j", "j", "m", "m", "d", "y"], "Deleted 2 tasks · u takes it back"),
        (["d", "y"], "Deleted the heading “One” with 4 tasks · u takes it back"),
    ],
)
async def test_deleting_says_what_is_gone_and_how_it_comes_back(
    start: Start, plan: Path, keys: list[str], sentence: str
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press(*keys)
        await user.sees(f"✓ {sentence}")
        await user.press("u")
        await user.until(lambda: plan.read_text() == PLAN, "all of it back")
        await user.until(lambda: sentence not in user.text(), "it is undone")


async def test_the_last_messages_can_be_read_again(start: Start, plan: Path) -> None:
    async with start("Plan.md", (60, 20)) as user:
        await user.press("ctrl+l")
        await user.sees("There were no messages yet.")
        user.app.notify("the first one, which has so many words that a line is not enough for all of them")
        user.app.notify("the second one", severity="error")
        await user.press("ctrl+l")
        await user.sees("12:04 ✗ the second one")
        assert "not enough" in user.text()
        assert "of them" in user.text()
        await user.press("escape")
        assert not user.app.screen.is_modal
        user.app.notify("a third")
        await user.pilot.pause()
        await user.pilot.click(offset=(3, 18))
        await user.sees("12:04   a third")


async def test_a_message_without_time_left_does_not_block(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        assert isinstance(user.app, RoadtuiApp)
        user.app.notify("over already", timeout=0)
        await user.until(lambda: "over already" not in user.text(), "it is over")
        user.app.notify("still here")
        await user.sees("still here")
