"""The help: which keys it lists, in what parts and columns, what it finds, and that it opens and closes."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from roadtui.config import Config
from roadtui.ui.command_table import FOCUS_CHAINS, Command, Scope, commands_in
from roadtui.ui.help_page import PANES, HelpPart, help_parts, in_columns, matching
from roadtui.ui.keymap import keys_of, shown_key
from tests.ui.conftest import Start
from tests.ui.drawn_colours import TEXT_STYLES

TREE_KEYS = {command.id for command in commands_in(*FOCUS_CHAINS[0])}


def keys_as_set(command: Command) -> list[str]:
    return [command.display or shown_key(key) for key in keys_of(command, {})]


def parts_of(scope: Scope = Scope.TREE, live: set[str] | None = None) -> list[HelpPart]:
    return help_parts(scope, TREE_KEYS if live is None else live, keys_as_set)


def rows(parts: list[HelpPart]) -> dict[str, str]:
    return {row.shown_keys: row.words for part in parts for row in part.rows}


def lines(parts: list[HelpPart], width: int, height: int = 100) -> list[str]:
    return ["".join(one.text for one in line) for line in in_columns(parts, width, height, TEXT_STYLES)]


def test_parts_are_by_intent_and_what_belongs_together_shares_a_row() -> None:
    assert [part.title for part in parts_of()] == ["Move", "Tick", "Write", "Plan", "See"]
    shown = rows(parts_of())
    assert shown["j k"] == "down, up"
    assert shown["z Z"] == "fold, unfold all"
    assert shown["ctrl+d ctrl+u"] == "half a page"
    assert shown["[ ]"] == "section before, after"
    assert shown["enter"] == "follow a link, else fold"
    assert shown["D S W"] == "due, planned, from"
    assert shown["1–9"] == "views"


@pytest.mark.parametrize(
    "chain", [chain for chain in FOCUS_CHAINS if chain[0] in PANES], ids=lambda chain: chain[0].name
)
def test_every_key_of_every_pane_is_listed_once(chain: tuple[Scope, ...]) -> None:
    bound = [command for command in commands_in(*chain) if not command.is_system]
    listed = [
        key
        for part in help_parts(chain[0], {command.id for command in bound}, lambda one: [one.id])
        for row in part.rows
        for key in row.keys
    ]
    assert sorted(listed) == sorted(command.id for command in bound)


def test_the_first_row_is_how_to_move() -> None:
    assert parts_of()[0].rows[0].words == "down, up"


def test_a_key_for_another_row_is_listed_and_marked_and_one_for_another_state_is_not() -> None:
    gone = {"tick", "status", "due", "scheduled", "start_date", "filter_next", "filter_previous", "unmark"}
    on_heading = TREE_KEYS - gone
    found = {row.words: row.is_live for part in parts_of(live=on_heading) for row in part.rows}
    assert found["choose a status"] is False
    assert found["due, planned, from"] is False
    assert found["tick, untick"] is False
    assert found["down, up"] is True
    assert "deselect" not in found
    assert "next hit" not in " ".join(found)


def test_keys_that_belong_together_are_listed_together_on_the_first_row_too() -> None:
    on_first = TREE_KEYS - {
        "up",
        "first",
        "half_page_up",
        "page_up",
        "previous_section",
        "tick",
        "toggle_fold",
    }
    found = {
        row.shown_keys: (row.words, row.is_live) for part in parts_of(live=on_first) for row in part.rows
    }
    assert found["j k"] == ("down, up", True)
    assert found["g G"] == ("first, last", True)
    assert found["[ ]"] == ("section before, after", True)
    assert found["enter"] == ("follow a link, else fold", True)
    assert found["space"] == ("tick, untick", False)


def test_keys_of_the_config_are_shown() -> None:
    parts = help_parts(Scope.TREE, TREE_KEYS, lambda one: keys_of(one, {"down": "n", "view_3": "f3"}))
    shown = rows(parts)
    assert shown["n k"] == "down, up"
    assert shown["1 2 f3 4 5 6 7 8 9"] == "views"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D", ["due, planned, from"]),
        ("2", ["views"]),
        ("ctrl+d", ["half a page"]),
        ("fold", ["fold, unfold", "fold, unfold all", "follow a link, else fold"]),
        ("  FOLD  all", ["fold, unfold all"]),
        ("editor", ["in Obsidian, in your editor"]),
        ("milk", []),
    ],
)
def test_rows_are_found_by_key_and_by_word(text: str, found: list[str]) -> None:
    assert [row.words for part in matching(parts_of(), text) for row in part.rows] == found


def test_nothing_typed_finds_all() -> None:
    assert matching(parts_of(), " ") == parts_of()


@pytest.mark.parametrize(
    ("width", "height", "columns"),
    [(36, 9, 1), (54, 15, 1), (90, 24, 2), (118, 40, 3), (118, 36, 3), (190, 22, 4), (190, 21, 5)],
)
def test_as_many_columns_as_fit(width: int, height: int, columns: int) -> None:
    shown = lines(parts_of(), width, height)
    titles = {part.title.upper() for part in parts_of()}
    assert len([word for word in shown[0].split() if word in titles]) == columns
    assert {cell_len(line) for line in shown} == {cell_len(shown[0])}, "all lines are as wide"
    assert cell_len(shown[0]) <= width


@pytest.mark.parametrize("width", [54, 90, 118])
def test_where_there_is_room_all_is_shown_in_full_and_in_columns(width: int) -> None:
    shown = lines(parts_of(), width)
    starts = set()
    for key, words in rows(parts_of()).items():
        (line,) = [line for line in shown if f" {key}  {words} " in f" {line} "]
        starts.add(f" {line} ".index(f" {key}  {words} ") + len(key) + 3)
    columns = len([word for word in shown[0].split() if word.isupper()])
    assert len(starts) == columns


@pytest.mark.parametrize("width", [12, 20, 36])
def test_what_is_cut_has_a_sign(width: int) -> None:
    shown = lines(parts_of(), width)
    parts = parts_of()
    assert len(shown) == sum(len(part.rows) + 2 for part in parts) - 1
    words = [row.words for part in parts for row in part.rows]
    said = [line for line in shown if line.strip() and not line.strip().isupper()]
    assert all(any(one in line for one in words) or "…" in line for line in said)


@pytest.mark.parametrize("size", [(160, 45), (40, 12)], ids=str)
async def test_it_opens_filters_and_closes_over_the_screen(
    start: Start, plan: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size, config=Config(keys={"tick": "f5"})) as user:
        for closing in ("question_mark", "escape"):
            await user.press("question_mark")
            await user.sees("Keys  of the tree")
            await user.sees("MOVE")
            await user.press("t", "i", "c", "k")
            await user.sees("f5  tick, untick")
            assert "MOVE" not in user.text()
            await user.press(closing)
            await user.until(lambda: user.app.screen is user.home, "the end of the help")
            assert "Alpha" in user.text()
            assert user.tree.has_focus
        await user.press("question_mark")
        await user.sees("MOVE")
        before = user.text()
        await user.press("pagedown")
        await user.until(lambda: (user.text() != before) == (size[1] < 40), "a page of what does not fit")


async def test_it_is_of_the_pane_with_the_focus(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        for pane in ("the progress", "the roadmaps"):
            await user.press("tab", "question_mark")
            await user.sees(f"Keys  of {pane}")
            await user.press("escape")
        await user.press("i", "question_mark")
        await user.sees("Keys  of the insights")


async def test_what_needs_a_row_is_not_listed_where_there_is_none(start: Start) -> None:
    async with start(size=(160, 45)) as user:
        await user.press("question_mark")
        await user.sees("an empty note")
        text = user.text()
        assert all(words in text for words in ("capture", "settings", "^f  find", "what is next"))
        assert not any(words in text for words in ("add after", "indent", "priority", "choose a status"))
        assert user.lines()[-1].split() == ["esc", "close"]
