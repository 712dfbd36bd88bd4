"""Panels stay at their row, in the pane, whatever happens around them; what they show is harmless."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.geometry import Region

from roadtui.core.edits.input_text import as_tasks
from roadtui.ui.commands.arguments import day_hint, distance
from roadtui.ui.commands.text import changed_tags, split_parts, typed_tags
from roadtui.ui.dialogs.prompt import PromptDialog
from roadtui.ui.render import wrapped
from tests.ui.conftest import DAY, PLAN, Start, User
from tests.ui.fake_actions import FakeActions
from tests.ui.test_hostile_text import HOSTILE, WIDE

SIZES = [(100, 30), (60, 20), (40, 12)]


def below(user: User, words: str) -> str:
    """The line of the screen below the one that holds `words`."""
    lines = user.lines()
    return lines[next(y for y, line in enumerate(lines) if words in line) + 1]


def floats_beside_the_row(user: User, box: Region, size: tuple[int, int]) -> None:
    """The row under the cursor is in sight, and `box` on the screen, above the line of the messages."""
    row = user.tree.content_region.y + user.tree.cursor - user.tree.scroll_offset.y
    assert Region(0, 0, size[0], size[1] - 2).contains_region(box), box
    assert user.tree.region.contains_point((user.tree.region.x, row))
    assert not box.y <= row < box.bottom, (box, row)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_panels_are_inside_the_pane_and_leave_no_trace(
    start: Start, fake_actions: FakeActions, size: tuple[int, int]
) -> None:
    tasks = "".join(f"- [ ] Task {number}\n  - [ ] Part {number}\n" for number in range(30))
    start.put("Long.md", f"# Long\n{tasks}")
    async with start("Long.md", size) as user:
        for place in (("g", "j"), ("G", "k")):
            await user.press(*place)
            before, at = user.lines_of(user.tree), user.at
            for key in ("a", "A", "e", "D", "s", "p", "d", "r"):
                await user.press(key)
                await user.pilot.pause()
                assert user.app.screen.is_modal
                box = user.app.screen.query_one("#dialog").region
                if key in ("s", "p", "d", "r"):
                    floats_beside_the_row(user, box, size)
                    assert user.lines_of(user.tree) == before, "no row has moved"
                else:
                    assert user.tree.region.contains_region(box), (key, box, user.tree.region)
                assert all(cell_len(line) <= size[0] for line in user.lines())
                await user.press("escape")
                await user.pilot.pause()
                assert user.at == at
                assert user.lines_of(user.tree) == before


async def test_edit_stands_on_the_row(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j")
        before = user.lines()
        y = next(y for y, line in enumerate(before) if "Beta" in line)
        await user.press("e")
        lines = user.lines()
        assert lines[y][: lines[y].index("Beta")].replace("▾", " ") == before[y][: before[y].index("Beta")]
        assert "not changed yet" in lines[y + 1]
        assert "Gamma" in lines[y + 2]


async def test_new_task_is_typed_where_it_will_be(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a", "N")
        assert "○ N" in below(user, "Gamma")
        await user.press("escape", "A", "N")
        gamma = next(line for line in user.lines() if "Gamma" in line)
        assert below(user, "Gamma").index("○ N") == gamma.index("● Gamma")
        await user.press("escape", "k", "a", "N")
        assert "○ N" in below(user, "▾ One")


async def test_panel_follows_its_row(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "D", "f", "r", "i")
        assert "due fri" in below(user, "Beta")
        plan.write_text("- [ ] New on top\n- [ ] Another\n" + PLAN)
        await user.sees("New on top")
        await user.pilot.pause()
        assert "due fri" in below(user, "Beta")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["due Beta 2026-11-27"]


async def test_panel_stays_when_the_terminal_changes(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "j", "D", "f", "r", "i")
        for size in ((60, 20), (40, 12), (100, 30)):
            await user.pilot.resize_terminal(*size)
            await user.idle()
            assert "due fri" in below(user, "○ Beta")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["due Beta 2026-11-27"]


async def test_menu_stays_beside_its_row_when_the_terminal_changes(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("G", "s")
        for size in ((60, 20), (40, 12), (200, 60)):
            await user.pilot.resize_terminal(*size)
            await user.idle()
            floats_beside_the_row(user, user.app.screen.query_one("#dialog").region, size)
            assert "Status of “Zeta”" in user.text()
        await user.press("2")
        assert fake_actions.asked == ["set [x] Zeta"]


async def test_question_about_several_rows_covers_none_of_them(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "m", "m", "m", "k", "k", "d")
        assert "Delete 3 tasks?" in user.text()
        assert all(name in user.text() for name in ("○ Beta", "● Gamma", "○ Delta"))
        await user.press("j", "enter")
        assert not user.app.screen.is_modal
        assert fake_actions.asked == []


async def test_click_beside_a_panel_closes_it(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "s")
        await user.pilot.click(offset=(5, 20))
        assert not user.app.screen.is_modal
        assert fake_actions.asked == []


async def test_click_chooses(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "s")
        y = next(y for y, line in enumerate(user.lines()) if "Cancelled" in line)
        await user.pilot.click(offset=(user.lines()[y].index("Cancelled"), y))
        await user.pilot.pause()
        assert fake_actions.asked == ["set [-] Alpha"]


async def test_menu_shows_what_holds_now(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("G", "k", "s")
        assert "✓ ◐ In Progress" in user.text()
        assert "✓ ○" not in user.text()


@pytest.mark.parametrize("key", ["e", "d"])
async def test_hostile_and_wide_text_is_inert(start: Start, fake_actions: FakeActions, key: str) -> None:
    texts = [*HOSTILE, *WIDE[:2]]
    tasks = "".join(f"- [ ] {text}\n  - [ ] {text}\n" for text in texts)
    start.put("Bad.md", f"# Head [red] {HOSTILE[0]}\n{tasks}")
    async with start("Bad.md", (100, 45)) as user:
        for _ in texts:
            await user.press("j", key)
            await user.pilot.pause()
            assert user.app.screen.is_modal
            found = user.text()
            assert all(char.isprintable() or char in "\n\u200d" for char in found)
            assert all(cell_len(line) <= 100 for line in user.lines())
            await user.press("escape", "j")


async def test_hostile_names_of_statuses_are_inert(start: Start, fake_actions: FakeActions) -> None:
    start.put(
        ".obsidian/plugins/obsidian-tasks-plugin/data.json",
        '{"statusSettings": {"customStatuses": [{"symbol": "!", "name": "\\u001b[31m[bold]x",'
        ' "nextStatusSymbol": " ", "type": "TODO"}]}}',
    )
    start.put(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    start.put("Plan.md", "- [ ] Alpha\n")
    async with start("Plan.md") as user:
        await user.press("s")
        assert "␛[31m[bold]x" in user.text()


async def test_edit_keeps_what_cannot_be_shown(start: Start, fake_actions: FakeActions) -> None:
    note = start.put("Plan.md", "- [ ] Alpha \u202e\x1b end\n")
    async with start("Plan.md") as user:
        await user.press("e", "s", "enter")
        await user.until(lambda: bool(fake_actions.asked), "the edit")
        await user.until(lambda: note.read_text() == "- [ ] Alpha \u202e\x1b ends\n", "the same characters")


async def test_long_text_scrolls(start: Start, fake_actions: FakeActions) -> None:
    start.put("Plan.md", f"- [ ] {'word ' * 40}END\n")
    async with start("Plan.md", (60, 20)) as user:
        await user.press("e")
        assert "END" in user.text()
        await user.press("home")
        assert "END" not in user.text()
        assert "○ word" in user.text()


async def test_pasting_one_line_into_a_prompt(start: Start, plan: Path, fake_actions: FakeActions) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "a")
        user.app.post_message(events.Paste("  one line\n"))
        await user.sees("○   one line")
        await user.press("enter")
        await user.pilot.pause()
        assert fake_actions.asked == ["add one line after Alpha"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fri", "fri → Fri 27 Nov 2026, in 5 days"),
        ("+2w", "+2w → Sun 6 Dec 2026, in 14 days"),
        ("today", "today → Sun 22 Nov 2026, today"),
        ("2026-12-01", "Tue 1 Dec 2026, in 9 days"),
        ("yesterday", "yesterday → Sat 21 Nov 2026, yesterday"),
        ("", "try fri, +2w, 1 dec or 2026-12-01"),
        ("2026-02-30", "“2026-02-30” is not a date. Try fri, +2w, 1 dec or 2026-12-01."),
    ],
)
def test_day_while_it_is_typed(text: str, words: str) -> None:
    assert day_hint(text, today=DAY, name="due", now=None).text == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 19), "3 days ago"),
        (date(2026, 12, 23), "in 4 weeks"),
        (date(2027, 10, 22), "in 11 months"),
        (date(2020, 11, 22), "6 years ago"),
    ],
)
def test_distance_in_words(day: date, words: str) -> None:
    assert distance(day, DAY) == words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one | two|three", ["one", "two", "three"]),
        ("see [[note|alias]] | then", ["see [[note|alias]]", "then"]),
        ("| one || ", ["one"]),
        ("one", ["one"]),
    ],
)
def test_parts_between_bars(text: str, parts: list[str]) -> None:
    assert split_parts(text) == parts


def test_tags_as_they_are_typed() -> None:
    assert typed_tags("ml, #later  ml") == ["#ml", "#later"]
    assert changed_tags(["#a", "#b"], "b c") == (["#c"], ["#a"])


async def test_word_that_is_no_tag_is_turned_down(
    start: Start, plan: Path, fake_actions: FakeActions
) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "t", "a", "exclamation_mark", "enter")
        assert "#a! is not a tag" in user.text()
        assert fake_actions.asked == []


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("one\n\n  two\n", "- [ ] one\n  - [ ] two\n"),
        ("- [x] done\n* star\n3. third\n", "- [x] done\n* [ ] star\n3. [ ] third\n"),
        ("1. [ ] kept\n-no item\n", "1. [ ] kept\n- [ ] -no item\n"),
        ("\tdeep\r\n", "\t- [ ] deep\n"),
    ],
)
def test_any_lines_become_tasks(text: str, tasks: str) -> None:
    assert as_tasks(text) == tasks


def test_what_is_left_out_of_a_question_shows() -> None:
    assert wrapped("one two three", 7, 2) == ["one two", "three"]
    assert wrapped("one two three four", 7, 2) == ["one two", "three …"]
    assert wrapped("漢字漢字漢字", 7, 2) == ["漢字漢…"]


async def test_keys_that_come_after_a_prompt_is_taken_away_do_nothing(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("a")
        gone = user.app.screen
        assert isinstance(gone, PromptDialog)
        await user.press("escape")
        await user.until(lambda: not gone.children, "the prompt to be taken away")
        await gone.action_cancel()
        gone.action_submit_and_go_on()
        await user.pilot.pause()
        assert user.app.return_code is None
