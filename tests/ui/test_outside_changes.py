"""What another program does to an open vault: it shows by itself, and the user stays where he is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.conftest import CLOCK, PLAN, Start, User

LONG = "".join(
    f"# Part {part}\n"
    + "".join(f"- [ ] Task {part}-{number}\n  - [ ] Below {part}-{number}\n" for number in range(9))
    for part in range(6)
)


def in_place(note: Path, text: str) -> None:
    note.write_text(text)


def by_rename(note: Path, text: str) -> None:
    beside = note.with_name(".new")
    beside.write_text(text)
    beside.replace(note)


async def settle_at(user: User, words: str) -> int:
    """Put the cursor on `words`, deep in the note; gives its distance to the top of the pane."""
    line = LONG.split("\n").index(f"- [ ] {words}")
    user.tree.go_to_line(line)
    await user.press("k", "k", "k", "j", "j", "j")
    assert user.at == words
    assert user.tree.scroll_offset.y > 0
    return user.tree.cursor - user.tree.scroll_offset.y


@pytest.mark.parametrize("write", [in_place, by_rename])
async def test_cursor_folds_and_scroll_stay_on_their_tasks(
    start: Start, write: Callable[[Path, str], None]
) -> None:
    note = start.put("Plan.md", LONG)
    async with start("Plan.md") as user:
        user.tree.go_to_line(LONG.split("\n").index("- [ ] Task 3-2"))
        await user.press("h")
        before = await settle_at(user, "Task 3-4")
        write(note, "# Before\n- [ ] New\n- [ ] Newer\n\n" + LONG.replace("- [ ] Task 3-3", "- [x] Task 3-3"))
        await user.until(lambda: "● Task 3-3" in user.text(), "the change")
        assert user.at == "Task 3-4"
        assert user.tree.cursor - user.tree.scroll_offset.y == before
        assert "▸ ○ Task 3-2" in user.row("Task 3-2")
        assert "Below 3-2" not in user.text()


async def test_cursor_goes_to_the_row_above_where_its_own_is_gone(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "j", "j")
        assert user.at == "Delta"
        plan.write_text(PLAN.replace("- [ ] Delta\n", ""))
        await user.until(lambda: "○ Delta" not in user.text(), "the change")  # A badge may name it.
        assert user.at == "Gamma"


async def test_changed_row_glows_and_stops(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        before = user.tree.render_line(4)
        plan.write_text(PLAN.replace("[ ] Delta", "[x] Delta"))
        await user.until(lambda: "● Delta" in user.text(), "the change")
        glowing = {segment.style.bgcolor for segment in user.tree.render_line(4) if segment.style}
        calm = {segment.style.bgcolor for segment in user.tree.render_line(3) if segment.style}
        assert glowing != calm
        await user.until(
            lambda: {segment.style.bgcolor for segment in user.tree.render_line(4) if segment.style} == calm,
            "the end of the glow",
        )
        assert before.text != user.tree.render_line(4).text


async def test_own_tick_does_not_glow(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.is_saved()
        await user.press("j")
        grounds = [
            {segment.style.bgcolor for segment in user.tree.render_line(y) if segment.style} for y in (1, 3)
        ]
        assert grounds[0] == grounds[1]


async def test_renamed_note_stays_open_where_it_was(start: Start) -> None:
    note = start.put("Plan.md", LONG)
    start.put("Other.md", "- [ ] Other\n")
    async with start("Plan.md") as user:
        before = await settle_at(user, "Task 3-4")
        note.rename(note.with_name("Project.md"))
        await user.until(lambda: user.home.path == "Project.md", "the new name")
        await user.sees("Project ")
        assert user.at == "Task 3-4"
        assert user.tree.cursor - user.tree.scroll_offset.y == before


async def test_moved_folder_takes_the_open_note_along(start: Start) -> None:
    start.put("old/Plan.md", PLAN)
    async with start("old/Plan.md") as user:
        await user.press("j", "j")
        (user.root / "old").rename(user.root / "new")
        await user.until(lambda: user.home.path == "new/Plan.md", "the new folder")
        assert user.at == "Beta"


@pytest.mark.parametrize("new", [None, "Plan.md..path1", "Plan.sync-conflict-20261126-010232-HTGQYWI.md"])
async def test_a_note_that_is_gone_is_said_and_shown_as_it_was_until_it_is_back(
    start: Start, plan: Path, new: str | None
) -> None:
    other = start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j")
        if new is None:
            plan.unlink()
        else:
            plan.rename(plan.with_name(new))
        await user.sees("read only: gone")
        await user.sees("Renamed or deleted: shown as it was.")
        assert "○ Alpha" in user.row("Alpha")
        await user.press("space")
        await user.sees("it is gone")
        assert "○ Alpha" in user.row("Alpha")
        assert other.read_text() == "- [ ] Omega\n"
        plan.write_text(PLAN)
        await user.until(lambda: "Renamed or deleted" not in user.text(), "the note")
        assert user.at == "Alpha"
        await user.press("space")
        await user.until(lambda: plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha"), "the tick")


async def test_a_tick_while_a_sync_program_swaps_the_note_is_written_into_the_note(
    start: Start, plan: Path
) -> None:
    copy = plan.with_name("Plan (conflicted copy 2026-01-31 120000).md")
    start.clock = CLOCK._replace(monotonic=lambda: 0.0)
    async with start("Plan.md") as user:
        plan.rename(copy)
        await user.press("j", "space")
        await user.until(lambda: any("(conf" in line for line in user.lines_of(user.sidebar)), "the copy")
        assert user.home.path == "Plan.md"
        plan.write_text(PLAN + "- [ ] Pulled\n")
        await user.sees("Pulled")
        await user.is_saved()
        assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha") + "- [ ] Pulled\n"
        assert copy.read_text() == PLAN
        assert "● Alpha" in user.row("Alpha")


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("Plan.sync-conflict-20261126-010232-HTGQYWI.md", "Syncthing"),
        ("Plan (conflict #2_on_2026-11-26).md", "Unison"),
        ("Plan (conflicted copy 2026-01-31 120000).md", "A sync service"),
    ],
)
async def test_a_conflict_copy_that_another_program_makes_is_told(
    start: Start, plan: Path, name: str, maker: str
) -> None:
    start.put("Old.md", PLAN)
    start.put("Old.sync-conflict-20251126-010232-HTGQYWI.md", PLAN)
    async with start("Plan.md") as user:
        plan.with_name("Fresh.sync-conflict-20261126-010232-HTGQYWI.md").write_text(PLAN)
        plan.with_name(name).write_text(PLAN)
        sentence = f"Plan.md was edited in two places. {maker} has kept the other version as {name}"
        await user.until(lambda: any(sentence in said for said in user.past_messages()), "the message")
        assert not [said for said in user.past_messages() if "Old" in said or "Fresh" in said]


async def test_created_note_is_listed(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        start.put("new/Fresh.md", "- [x] Done\n")
        await user.until(lambda: any("Fresh" in line for line in user.lines_of(user.sidebar)), "the new note")
        assert user.home.path == "Plan.md"


async def test_cursor_of_the_list_stays_when_something_else_changes(start: Start, plan: Path) -> None:
    due = start.put("Other.md", "- [ ] Omega 📅 2026-11-25\n")
    async with start("Plan.md") as user:
        await user.press("shift+tab")
        while "Omega" not in user.sidebar.render_line(user.sidebar.cursor).text:
            before = user.sidebar.cursor
            await user.press("j")
            assert user.sidebar.cursor > before
        assert "Omega" in user.sidebar.render_line(user.sidebar.cursor).text
        plan.write_text(PLAN.replace("[ ] Alpha", "[x] Alpha"))
        await user.until(lambda: "● Alpha" in user.text(), "the change")
        assert "Omega" in user.sidebar.render_line(user.sidebar.cursor).text
        assert due.read_text().startswith("- [ ]")


async def test_vault_that_goes_away_is_told_and_comes_back(start: Start, plan: Path, tmp_path: Path) -> None:
    async with start("Plan.md") as user:
        user.root.rename(tmp_path / "away")
        await user.sees("vault is missing")
        await user.press("j", "space")
        await user.sees("Not changed: the vault folder")
        os.rename(tmp_path / "away", user.root)
        await user.until(lambda: "● live" in user.text(), "the vault")
        assert "○ Alpha" in user.text()
        assert plan.read_text() == PLAN


async def test_merge_conflict_is_said_in_the_title_and_moves_stop_at_it(start: Start) -> None:
    text = "- [ ] one\n<<<<<<< HEAD\n- [ ] two\n=======\n- [x] two\n>>>>>>> other\n"
    note = start.put("Plan.md", text)
    async with start("Plan.md") as user:
        assert "merge conflict in line 2" in user.text()
        await user.press("J")
        said = (
            "✗ Not changed: a merge conflict is not resolved yet (lines 2 to 6), and this would reach across "
            "its markers. Resolve it in an editor first."
        )
        await user.until(lambda: said in " ".join(user.text().split()), said)
        await user.press("space")
        await user.until(lambda: note.read_text() == text.replace("[ ] one", "[x] one"), "the tick")
        note.write_text("- [x] one\n- [ ] two\n")
        await user.until(lambda: "merge conflict in" not in user.text(), "its end")
