"""From a key to what is asked of the edits, with the panel between; no verb where it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from roadtui.ui.command_table import COMMANDS
from tests.ui.conftest import PLAN, Start, User
from tests.ui.fake_actions import FakeActions


async def type_in(user: User, text: str) -> None:
    """Type `text` as a person does, a key at a time."""
    names = {
        " ": "space",
        "#": "number_sign",
        "|": "vertical_line",
        "-": "minus",
        "+": "plus",
        "[": "left_square_bracket",
    }
    await user.press(*(names.get(char, char) for char in text))


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["space"], "toggle Alpha"),
        (["shift+space"], "toggle all Alpha"),
        (["x"], "cycle Alpha"),
        (["w"], "set [/] Alpha"),
        (["X"], "set [-] Alpha"),
        (["s", "minus"], "set [-] Alpha"),
        (["s", "3"], "set [/] Alpha"),
        (["s", "d"], "set [x] Alpha"),
        (["s", "down", "enter"], "set [x] Alpha"),
        (["a", "N", "e", "w", "enter"], "add New after Alpha"),
        (["A", "N", "e", "w", "enter"], "add New in Alpha"),
        (["k", "a", "N", "e", "w", "enter"], "add New first in One"),
        (["k", "A", "N", "e", "w", "enter"], "add New last in One"),
        (["H", "N", "e", "w", "enter"], "section New after One"),
        (["e", "s", "enter"], "retext Alpha: Alphas"),
        (["k", "e", "s", "enter"], "retext One: Ones"),
        (["k", "d", "y"], "delete One"),
        (["vertical_line", "vertical_line", "B", "enter"], "split Alpha: Alpha / B"),
        (["D", "f", "r", "i", "enter"], "due Alpha 2026-11-27"),
        (["S", "t", "o", "m", "enter"], "scheduled Alpha 2026-11-23"),
        (["W", "plus", "2", "w", "enter"], "start Alpha 2026-12-06"),
        (["R", *"every", "space", *"day", "enter"], "repeat Alpha every day"),
        (["p", "1"], "priority Alpha HIGHEST"),
        (["p", "n"], "priority Alpha None"),
        (["t", "m", "l", "enter"], "retag Alpha +#ml -"),
        (["J"], "move Alpha +1"),
        (["j", "K"], "move Beta -1"),
        (["greater_than_sign"], "indent Alpha"),
        (["j", "less_than_sign"], "outdent Beta"),
        (["j", "d"], "delete Beta"),
        (["d", "y"], "delete Alpha"),
        (["d", "enter"], "delete Alpha"),
        (["y"], "copy Alpha"),
        (["c", "H", "i", "enter"], "capture Hi"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
async def test_key_asks_for(
    start: Start, plan: Path, fake_actions: FakeActions, keys: list[str], asked: str
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", *keys)
        await user.pilot.pause()
        assert fake_actions.asked == [asked]


DECLINED = [
    ["a", "N", "escape"],
    ["a", "enter"],
    ["a", "space", "enter"],
    ["e", "enter"],
    ["e", "s", "escape"],
    ["s", "escape"],
    ["d", "n"],
    ["d", "escape"],
    ["D", "enter"],
    ["D", "x", "x", "enter"],
    ["t", "enter"],
    ["p", "q", "escape"],
    ["R", "enter"],
    ["R", "x", "x", "enter"],
    ["r", "escape"],
    ["H", "enter"],
    ["c", "enter"],
]
"""Keys that open something and leave it, or enter what asks for nothing."""


async def test_nothing_is_asked_for_where_the_user_would_rather_not(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        for keys in DECLINED:
            await user.press("g", "j", *keys)
            await user.pilot.pause()
            assert fake_actions.asked == [], keys
            assert user.at == "Alpha", keys
            assert plan.read_text() == PLAN, keys
            for _ in range(2):
                if user.app.screen.is_modal:
                    await user.press("escape")
            assert user.app.screen is user.home, keys


ON_A_HEADING = ("add", "add_inside", "add_section", "capture", "paste", "edit", "delete", "focus_step")
"""What is about the note and can be done on a heading, too."""


async def test_keys_of_tasks_do_nothing_on_a_heading(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    verbs = [one for one in COMMANDS if one.is_about_the_note and one.id not in ON_A_HEADING]
    assert len(verbs) > 20
    async with start("Plan.md") as user:
        for verb in verbs:
            await user.press(verb.key.partition(",")[0])
            await user.pilot.pause()
            assert fake_actions.asked == [], verb.id
            assert user.app.screen is user.home, verb.id
            assert user.at == "One", verb.id


async def test_bar_offers_what_makes_sense(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        assert "s status" not in user.lines()[-1]
        assert "a add" in user.lines()[-1]
        await user.press("j")
        await user.pilot.pause()
        for words in ("s status", "a add", "e edit", "D due"):
            assert words in user.lines()[-1]
        await user.press("s")
        assert user.lines()[-1].split() == ["enter", "choose", "esc", "cancel"]


async def test_note_that_can_only_be_read_offers_no_edits(start: Start, fake_actions: FakeActions) -> None:
    (start.root).mkdir()
    (start.root / "Wide.md").write_bytes("- [ ] Alpha\n".encode("utf-16"))
    async with start("Wide.md") as user:
        await user.press("a", "d", "s", "e")
        assert not user.app.screen.is_modal
        assert "a add" not in user.lines()[-1]


async def test_new_task_gets_the_cursor(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a")
        await type_in(user, "New one")
        await user.press("enter")
        await user.until(lambda: user.at == "New one", "the cursor on it")
        assert plan.read_text() == PLAN.replace("- [ ] Delta", "- [ ] New one\n- [ ] Delta")


async def test_several_tasks_can_be_added_without_closing(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        fake_actions.gate.clear()
        await user.press("j", "j", "a", "o", "n", "e", "down", "t", "w", "o", "down", "t", "r", "i", "enter")
        assert plan.read_text() == PLAN
        assert user.app.screen.is_modal, "the prompt stays until its line is in the note"
        fake_actions.gate.set()
        added = PLAN.replace("Beta\n", "Beta\n  - [ ] one\n  - [ ] two\n  - [ ] tri\n")
        await user.until(lambda: plan.read_text() == added, "all three")
        await user.until(lambda: user.at == "tri", "the cursor on the last")
        assert not user.app.screen.is_modal


async def test_prompt_follows_to_the_task_just_added(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "a", "o", "n", "e", "down")
        await user.until(lambda: user.at == "one", "the first")
        await user.press("t", "w", "o")
        lines = user.lines()
        at = next(y for y, line in enumerate(lines) if "○ two" in line)
        assert "○ one" in lines[at - 1]
        assert "● Gamma" in lines[at + 2]


async def test_refusal_is_said_in_the_prompt_and_the_text_stays(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        fake_actions.refuses = "Not added: this would make a heading of it."
        await user.press("j", "a", "number_sign", "enter")
        assert "Not added: this would make a heading of it." in user.text()
        assert "○ #" in user.text()
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["add # after Alpha"]


async def test_refusal_of_a_key_is_said(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        fake_actions.refuses = "Not moved: it is the last."
        await user.press("j", "J")
        await user.sees("Not moved: it is the last.")


@pytest.mark.parametrize(("key", "sign"), [("space", "●"), ("w", "◐"), ("X", "⊘"), ("shift+space", "●")])
async def test_status_shows_before_it_is_written(
    start: Start, plan: Path, fake_actions: FakeActions, key: str, sign: str
) -> None:
    async with start("Plan.md") as user:
        fake_actions.gate.clear()
        await user.press("j", "j", key)
        assert f"{sign} Beta" in user.row("Beta")


async def test_what_is_typed_before_the_prompt_is_there_goes_into_it(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j")
        for key in ("a", "d", "e", "x", "enter"):
            character = key if len(key) == 1 else None
            user.app.post_message(events.Key(key, character))
        await user.until(lambda: bool(fake_actions.asked), "the task")
        assert fake_actions.asked == ["add dex after Alpha"]


async def test_keys_of_other_panes_stay_out_of_a_prompt(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a", "tab", "u", "q", "question_mark", "ctrl+p", "up", "enter")
        await user.pilot.pause()
        assert user.app.is_running
        assert fake_actions.asked == ["add uq? after Alpha"]


async def test_date_prompt_starts_with_the_date_that_is_set(start: Start, fake_actions: FakeActions) -> None:
    start.put("Plan.md", "- [ ] Alpha 📅 2026-11-25\n")
    async with start("Plan.md", (160, 45)) as user:
        await user.press("D")
        assert "due 2026-11-25" in user.text()
        assert "due Wed 25 Nov 2026, in 3 days" in user.text()
        await user.press("enter")
        assert fake_actions.asked == []
        await user.press("D", "backspace")
        assert "removes the due date" in user.text()
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["due Alpha 📅 2026-11-25 None"]


async def test_copy_and_paste(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "P")
        await user.sees("Nothing is copied yet")
        await user.press("j", "y", "j", "P")
        await user.pilot.pause()
        assert fake_actions.asked == ["copy Beta", r"paste '- [ ] Beta\n'"]
        assert user.app.clipboard == "- [ ] Beta\n"


async def test_lines_pasted_onto_the_tree_become_tasks(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j")
        user.app.post_message(events.Paste("One thing\n  - another\n\n- [x] third\n"))
        await user.until(lambda: bool(fake_actions.asked), "the paste")
        assert fake_actions.asked == [r"paste '- [ ] One thing\n  - [ ] another\n- [x] third\n'"]


async def test_many_pasted_lines_are_asked_about(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        user.app.post_message(events.Paste("line\n" * 21))
        await user.sees("Paste 21 lines as tasks?")
        await user.press("n")
        assert fake_actions.asked == []
        user.app.post_message(events.Paste("line\n" * 21))
        await user.sees("Paste 21 lines as tasks?")
        await user.press("y")
        await user.until(lambda: bool(fake_actions.asked), "the paste")


async def test_lines_pasted_into_a_prompt_are_offered_as_tasks(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a")
        user.app.post_message(events.Paste("one\ntwo\n"))
        await user.sees("2 lines, from “one” on")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == [r"paste '- [ ] one\n- [ ] two\n'"]
        assert not user.app.screen.is_modal


async def test_delete_says_what_goes(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "d")
        assert "Delete “Alpha” and the 2 tasks below it?" in user.text()


async def test_moving_elsewhere_is_found_by_letters(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    start.put("Other.md", "# Far\n- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j", "r", "o", "m", "g", "a")
        await user.sees("1 found")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["refile Alpha to Other.md Omega"]


async def test_nothing_is_moved_into_itself_nor_blocked_by_what_is_done(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "r", "b", "e", "t", "a")
        await user.sees("nothing found")
        await user.press("escape", "b", "g", "a", "m", "m", "a")
        await user.sees("nothing found")
        await user.press("ctrl+u", "d", "e", "l", "t", "a")
        await user.sees("1 found")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["depend Alpha on Plan.md Delta"]


async def test_capture_from_another_pane(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md", (60, 20)) as user:
        await user.press("shift+tab", "c", "H", "i", "enter")
        await user.until(lambda: fake_actions.asked == ["capture Hi"], "the capture")


async def test_palette_lists_verbs_with_their_keys(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "ctrl+p")
        await type_in(user, "due")
        await user.sees("Set the day it is due")
        await user.press("enter")
        await user.until(lambda: user.app.screen.is_modal and "due" in user.text(), "the prompt")
        await user.press("f", "r", "i", "enter")
        await user.until(lambda: fake_actions.asked == ["due Alpha 2026-11-27"], "the date")
