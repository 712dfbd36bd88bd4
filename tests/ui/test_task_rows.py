"""Rows of tasks that can't be begun yet, and of statuses that nobody registered, at every width."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.style import Style

from roadtui.ui.widgets.menu_list import MenuList
from tests.ui.conftest import Start, User

WAITING = """\
# One
- [ ] Gradient Descent 🆔 gd
- [ ] Convexity ⛔ gd
- [ ] Regularization ⛔ gd,by
- [ ] Later 🛫 2026-12-30
- [ ] Both 🛫 2026-12-30 ⛔ by
- [/] Doing it ⛔ gd
- [/] Begun early 🛫 2026-12-30
- [?] Which book ⛔ gd
- [ ] Parent ⛔ gd
  - [ ] Child
  - [x] Done child
- [ ] Not waiting ⛔ nobody
- [x] Was waiting ⛔ gd
- [ ] Bayes #book 🆔 by
"""
SIZES = [(160, 45), (100, 30), (60, 24), (40, 24), (32, 24)]


def words_style(user: User, words: str) -> Style | None:
    """How `words` are drawn in the tree."""
    tree = user.tree
    strips = (tree.render_line(y) for y in range(tree.size.height))
    return next(segment.style for strip in strips for segment in strip if segment.text.startswith(words))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_waits_looks_it_at_every_width(start: Start, size: tuple[int, int]) -> None:
    start.put("Plan.md", WAITING)
    async with start("Plan.md", size) as user:
        await user.press("G")
        text_styles = user.home.text_styles
        assert text_styles is not None
        for words in ("Convexity", "Regul", "Later", "Both", "Parent", "Child"):
            assert f"⊙ {words}" in user.text(), words
            style = words_style(user, words)
            assert style is not None
            assert style.color == text_styles.dim.color, words
        for words in ("○ Gradient", "◐ Begun", "○ Not waiting", "● Was waiting", "○ Bayes"):
            assert words in user.text()
            assert "⊙" not in user.row(words), words
        for words in ("◐ Doing it", "? Which bo"):
            assert "⊙" in user.row(words), words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (
            (160, 45),
            {
                "Convexity": "after Gradient Descent",
                "Regularization": "after Gradient Descent +1",
                "Later": "from 30 Dec",
                "Both": "from 30 Dec after Bayes",
                "Doing it": "⊙ after Gradient Descent · in progress",
                "Which book": "⊙ after Gradient Descent",
            },
        ),
        (
            (40, 24),
            {
                "Convexity": "after Gradient De…",
                "Later": "from 30 Dec",
                "Both": "from 30 Dec after Bayes",
                "Doing it": "⊙ after Gradient De…",
                "Which book": "⊙ after Gradien…",
            },
        ),
    ],
)
async def test_what_waits_says_for_what(start: Start, size: tuple[int, int], words: dict[str, str]) -> None:
    start.put("Plan.md", WAITING)
    async with start("Plan.md", size) as user:
        await user.press("G")
        for task, expected in words.items():
            assert user.row(task[:9]).endswith(expected), user.row(task[:9])


async def test_what_waits_in_another_note_is_free_once_that_is_done(start: Start, plan: Path) -> None:
    start.put("Plan.md", "- [ ] Waits ⛔ k\n")
    other = start.put("Other.md", "- [ ] First of all 🆔 k\n")
    async with start("Plan.md") as user:
        assert user.row("Waits").endswith("after First of all")
        other.write_text("- [x] First of all 🆔 k\n")
        await user.until(lambda: "○ Waits" in user.row("Waits"), "it to be free")
        assert "after" not in user.row("Waits")


async def test_dataview_fields_make_it_wait_too(start: Start) -> None:
    start.put(
        "Plan.md", "- [ ] First [id:: k]\n- [ ] Second [dependsOn:: k]\n- [ ] Third (start:: 2026-12-30)\n"
    )
    async with start("Plan.md") as user:
        assert user.row("⊙ Second").endswith("after First")
        assert user.row("⊙ Third").endswith("from 30 Dec")


@pytest.mark.parametrize(
    ("symbol", "sign"),
    [
        ("?", "? T"),
        ("!", "! T"),
        ("a", "a T"),
        (">", "> T"),
        ("漢", "漢T"),
        ("\u00a0", "� T"),
        ("\u200b", "� T"),
    ],
)
async def test_unknown_status_shows_its_own_character(start: Start, symbol: str, sign: str) -> None:
    start.put("Plan.md", f"- [{symbol}] Task\n- [ ] Plain\n")
    async with start("Plan.md", (60, 20)) as user:
        assert f" {sign}ask" in user.text()
        assert "○ Plain" in user.text()
        await user.press("s")
        ticked = [line for line in user.lines() if "✓" in line]
        assert len(ticked) == 1
        assert "Unknown" in ticked[0]


async def test_registered_status_that_would_look_like_to_do_shows_its_own_character(start: Start) -> None:
    start.put(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    custom = [
        {"symbol": "!", "name": "Important", "nextStatusSymbol": "x", "type": "TODO"},
        {"symbol": "c", "name": "Dropped", "nextStatusSymbol": " ", "type": "CANCELLED"},
    ]
    settings = {"statusSettings": {"coreStatuses": [], "customStatuses": custom}}
    start.put(".obsidian/plugins/obsidian-tasks-plugin/data.json", json.dumps(settings))
    start.put("Plan.md", "- [!] Now\n- [c] Never\n- [X] Big\n")
    async with start("Plan.md") as user:
        assert "! Now" in user.text()
        assert "⊘ Never" in user.text()
        assert "X Big" in user.text(), "the plugin knows no X: it is to do there"
        await user.press("s")
        rows = [" ".join(line.split()) for line in user.lines_of(user.app.screen.query_one(MenuList))]
        assert [row for row in rows if "✓" in row] == ["✓ ! Important [!] 1"]


@pytest.mark.parametrize(
    ("mark", "name"), [(" ", "Todo"), ("x", "Done"), ("X", "Done"), ("/", "In Progress")]
)
async def test_status_menu_lists_each_once_and_ticks_the_one_that_holds(
    start: Start, mark: str, name: str
) -> None:
    start.put("Plan.md", f"- [{mark}] Task\n")
    async with start("Plan.md") as user:
        await user.press("s")
        rows = [" ".join(line.split()) for line in user.lines_of(user.app.screen.query_one(MenuList))]
        assert len(rows) == 4
        assert [row for row in rows if row.startswith("✓")] == [row for row in rows if f" {name} " in row]


async def test_status_menu_of_several_lists_their_unknown_ones_and_ticks_none(start: Start) -> None:
    plan = start.put("Plan.md", "- [?] A\n- [!] B\n- [?] C\n")
    async with start("Plan.md") as user:
        await user.press("m", "m", "m", "s")
        rows = [" ".join(line.split()) for line in user.lines_of(user.app.screen.query_one(MenuList))]
        assert rows[-2:] == ["? Unknown [?] 5", "! Unknown [!] 6"]
        assert not any("✓" in row for row in rows)
        await user.press("6")
        await user.until(lambda: plan.read_text() == "- [!] A\n- [!] B\n- [!] C\n", "one status for all")


async def test_cycling_goes_on_from_a_capital_x(start: Start) -> None:
    plan = start.put("Plan.md", "- [X] Task\n")
    async with start("Plan.md") as user:
        await user.press("x")
        await user.until(lambda: plan.read_text() == "- [/] Task\n", "the status after done")


async def test_places_to_pick_from_show_it_too(start: Start) -> None:
    start.put("Plan.md", "- [ ] Task\n- [?] Query\n")
    async with start("Plan.md") as user:
        await user.press("b")
        await user.sees("? Query")


@pytest.mark.parametrize("above", ["- [ ] New\n", "# Zero\n- [ ] New\n\n", "- [ ] New\n- [ ] Newer\n"])
async def test_cursor_on_the_first_row_stays_on_it_when_something_is_put_in_above(
    start: Start, above: str
) -> None:
    plan = start.put("Plan.md", "- [ ] First\n- [ ] Second\n")
    async with start("Plan.md") as user:
        assert user.at == "First"
        plan.write_text(above + plan.read_text())
        await user.sees("New")
        assert user.at == "First"
        await user.press("space")
        await user.until(lambda: "- [x] First" in plan.read_text(), "the tick on the row that was meant")
        assert "- [ ] New" in plan.read_text()
