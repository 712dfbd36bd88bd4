"""A roadmap changed with the keyboard alone, down to the bytes, and taken back step by step."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from roadtui.vault.note_content import ParsedNotes
from tests.ui.conftest import PLAN, Start, User

CANCELLED_IS_C = """{"statusSettings": {"coreStatuses": [], "customStatuses": [
    {"symbol": "c", "name": "Dropped", "nextStatusSymbol": " ", "type": "CANCELLED"}]}}"""


def write(path: Path, text: str) -> None:
    """Write `text` to a file in a folder that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def undo(user: User, plan: Path, before: str) -> None:
    """Take one step back and see the note as it was."""
    await user.press("u")
    await user.until(lambda: plan.read_text() == before, "the step taken back")


async def test_adding_editing_and_deleting(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "a", "O", "n", "e", "down", "T", "w", "o", "enter")
        two = PLAN.replace("Beta\n", "Beta\n  - [ ] One\n  - [ ] Two\n")
        await user.until(lambda: plan.read_text() == two, "two tasks")
        await user.until(lambda: user.at == "Two", "the cursor on it")
        await user.press("e", "s", "enter")
        await user.until(lambda: plan.read_text() == two.replace("[ ] Two", "[ ] Twos"), "the words")
        await user.sees("○ Twos")
        await user.press("d")
        one = PLAN.replace("Beta\n", "Beta\n  - [ ] One\n")
        await user.until(lambda: plan.read_text() == one, "one to go")
        await undo(user, plan, two.replace("[ ] Two", "[ ] Twos"))
        await undo(user, plan, two)
        await undo(user, plan, one)
        await undo(user, plan, PLAN)


async def test_drop_and_doing_give_the_vaults_own_statuses(start: Start, plan: Path) -> None:
    write(plan.parent / ".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    write(plan.parent / ".obsidian/plugins/obsidian-tasks-plugin/data.json", CANCELLED_IS_C)
    async with start("Plan.md") as user:
        await user.press("j", "X")
        dropped = PLAN.replace("[ ] Alpha", "[c] Alpha ❌ 2026-11-22")
        await user.until(lambda: plan.read_text() == dropped, "the status for cancelled")
        await user.press("w")
        await user.sees("This vault has no status for tasks in progress.")
        assert plan.read_text() == dropped


async def test_tags_are_the_same_in_any_case(start: Start, plan: Path) -> None:
    plan.write_text(PLAN.replace("Alpha", "Alpha `#code` #Foo"))
    async with start("Plan.md") as user:
        await user.press("j", "t", "f", "o", "o", "enter")
        await user.press("t", *"bar", "enter")
        after = PLAN.replace("Alpha", "Alpha `#code` #Foo #bar")
        await user.until(lambda: plan.read_text() == after, "one new tag")


async def test_moving_several_and_dates(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "j", "j", "K")
        moved = PLAN.replace("  - [ ] Beta\n  - [x] Gamma\n", "  - [x] Gamma\n  - [ ] Beta\n")
        await user.until(lambda: plan.read_text() == moved, "the move")
        await user.until(lambda: user.at == "Gamma", "the cursor with it")
        await user.press("g", "j", "d", "y")
        await user.until(lambda: "Alpha" not in plan.read_text(), "the subtree to go")
        await undo(user, plan, moved)
        await user.press("g", "j", "j", "m", "m", "D", "f", "r", "i", "enter")
        dated = moved.replace("Gamma", "Gamma 📅 2026-11-27").replace("Beta", "Beta 📅 2026-11-27")
        await user.until(lambda: plan.read_text() == dated, "both dates")
        await undo(user, plan, moved)


async def test_refiling_to_another_note_goes_back_as_one_step(start: Start, plan: Path) -> None:
    other = start.put("Other.md", "# Far\n- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j", "j", "r", "f", "a", "r")
        await user.sees("§ Far")
        await user.press("enter")
        await user.until(lambda: "Beta" in other.read_text(), "it there")
        await user.until(lambda: "Beta" not in plan.read_text(), "it gone here")
        await undo(user, plan, PLAN)
        await user.until(lambda: other.read_text() == "# Far\n- [ ] Omega\n", "both notes as they were")


async def test_copied_subtree_is_pasted(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "y", "G", "P")
        await user.until(lambda: plan.read_text().count("Beta") == 2, "the copy")
        assert plan.read_text() == PLAN + "- [ ] Alpha\n  - [ ] Beta\n  - [x] Gamma\n"


async def test_undoing_a_capture_takes_the_note_that_was_made_for_it_away(start: Start, plan: Path) -> None:
    inbox = start.root / "Inbox.md"
    async with start("Plan.md") as user:
        await user.press("c", *"buy", "enter")
        await user.until(lambda: inbox.exists() and inbox.read_text() == "- [ ] buy\n", "the capture")
        await user.is_saved()
        await user.until(lambda: "Inbox" in "".join(user.lines_of(user.sidebar)), "the note on the left")
        await user.press("u")
        await user.until(lambda: not inbox.exists(), "the note is gone")
        await user.sees("created for it, is")
        await user.until(lambda: "Inbox" not in "".join(user.lines_of(user.sidebar)), "gone on the left")
        assert user.home.path == "Plan.md"
        await user.press("ctrl+r")
        await user.until(lambda: inbox.exists() and inbox.read_text() == "- [ ] buy\n", "it is back")
        await user.until(lambda: user.home.path == "Inbox.md", "the note is open")
        await user.press("u")
        await user.until(lambda: not inbox.exists(), "the open note is gone")
        await user.until(lambda: user.home.path == "Plan.md", "another note is open")
        await user.press("c", *"sell", "enter")
        await user.until(lambda: inbox.exists() and inbox.read_text() == "- [ ] sell\n", "another capture")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [ ] Alpha ⏫ 📅 2026-11-20 ^id\n", "- [ ] Alpha beta ⏫ 📅 2026-11-20 ^id\n"),
        ("- [ ] Alpha [due:: 2026-11-20] #ml\n", "- [ ] Alpha [due:: 2026-11-20] #ml beta\n"),
        ("- [ ] Alpha #ml  [due:: 2026-11-20]\n", "- [ ] Alpha #ml beta  [due:: 2026-11-20]\n"),
        ("- [ ] Alpha\n", "- [ ] Alpha beta\n"),
    ],
)
async def test_typing_goes_on_where_the_words_of_a_task_end(start: Start, before: str, after: str) -> None:
    path = start.put("Plan.md", before)
    async with start("Plan.md") as user:
        await user.press("e", *" beta", "enter")
        await user.until(lambda: path.read_text() == after, after)


async def test_a_text_that_loses_a_field_says_so(start: Start) -> None:
    path = start.put("Plan.md", "- [ ] Alpha ⏫ 📅 2026-11-20\n")
    async with start("Plan.md") as user:
        await user.press("e", "end", "X")
        await user.sees("no due date any more")
        await user.press("backspace")
        await user.sees("not changed yet")
        await user.press("escape")
        assert path.read_text() == "- [ ] Alpha ⏫ 📅 2026-11-20\n"


async def test_rows_stay_those_of_their_note_when_other_notes_are_read(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = ParsedNotes.__init__
    monkeypatch.setattr(ParsedNotes, "__init__", lambda self, root, limit, *_: make(self, root, limit, 5))
    for number in range(6):
        start.put(f"Other {number}.md", "".join(f"- [ ] o{number} {line}\n" for line in range(9)))
    async with start("Plan.md") as user:
        await user.press("n")
        await user.works_no_more()
        await user.press("escape", "j")
        gc.collect()
        assert user.at == "Alpha"
        await user.press("d")
        await user.sees("Delete “Alpha” and the 2 tasks below it?")
        assert plan.read_text() == PLAN
