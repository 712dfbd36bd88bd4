"""Which statuses there are to choose from, and which character stands for done, cancelled and so on."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.edit import EditTarget
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.markdown import parse, split_lines
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.status import (
    DEFAULT_STATUSES,
    PLUGIN_STATUSES,
    Status,
    StatusRegistry,
    StatusType,
    is_symbol,
)
from tests.core.edit_helpers import changed

TODAY = date(2026, 3, 14)
DONE, TODO = StatusType.DONE, StatusType.TODO
DOING, CANCELLED = StatusType.IN_PROGRESS, StatusType.CANCELLED


def status(symbol: str, type: StatusType) -> Status:
    return Status(symbol, "", " ", type)


@pytest.mark.parametrize(
    ("statuses", "type", "symbol"),
    [
        (DEFAULT_STATUSES, DONE, "x"),
        (DEFAULT_STATUSES, TODO, " "),
        (DEFAULT_STATUSES, DOING, "/"),
        (DEFAULT_STATUSES, CANCELLED, "-"),
        (DEFAULT_STATUSES, StatusType.ON_HOLD, None),
        ([status("d", DONE)], DONE, "x"),
        ([status("c", CANCELLED), status("-", CANCELLED)], CANCELLED, "-"),
        ([status("c", CANCELLED), status("k", CANCELLED)], CANCELLED, "c"),
        ([status("-", StatusType.NON_TASK)], CANCELLED, None),
        ([status("x", CANCELLED), status("v", DONE)], DONE, "v"),
        ([status(" ", StatusType.ON_HOLD), status("o", TODO)], TODO, "o"),
        ([], DOING, None),
    ],
)
def test_the_usual_character_stands_for_a_type_where_it_has_it_else_the_first(
    statuses: list[Status], type: StatusType, symbol: str | None
) -> None:
    assert StatusRegistry(statuses).symbol_for(type) == symbol


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("x", True),
        (" ", True),
        ("é", True),
        ("📌", True),
        ("", False),
        ("xx", False),
        ("\n", False),
        ("\x1b", False),
    ],
)
def test_what_may_stand_in_a_box(text: str, is_one: bool) -> None:
    assert is_symbol(text) is is_one


@pytest.mark.parametrize(
    ("parent", "ticked", "roll_up", "expected"),
    [
        (" ", "x", RollUp.COMPLETE, ["x", "x"]),
        ("/", " ", RollUp.BOTH, [" "]),
        ("x", " ", RollUp.COMPLETE, [" "]),
        ("x", " ", RollUp.BOTH, [" ", " "]),
        ("-", "x", RollUp.BOTH, ["x"]),
        (" ", "-", RollUp.BOTH, ["-"]),
    ],
)
def test_what_a_child_makes_of_its_parent(
    parent: str, ticked: str, roll_up: RollUp, expected: list[str]
) -> None:
    text = f"- [{parent}] a\n\t- [{'x' if ticked == ' ' else ' '}] b\n"
    note = parse(text)
    child = list(note.tasks)[1]
    change = SetStatus(
        (child.status_symbol,), (ticked,), TODAY, None, StatusRegistry(PLUGIN_STATUSES), roll_up=roll_up
    )
    found = change.replacements(EditTarget(note, split_lines(text), (child,)))
    assert [line.text.strip()[3] for one in found for line in one.lines] == expected


def test_a_bullet_between_tasks_is_no_parent_and_stays() -> None:
    before = "- [ ] a\n\t- b\n\t\t- [ ] c\n\t- d\n"
    tick = SetStatus((" ",), ("x",), TODAY, None, StatusRegistry(PLUGIN_STATUSES), roll_up=RollUp.COMPLETE)
    assert changed(tick, before, 2) == before.replace("[ ]", "[x]")


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ("xx", "x"),
        ("x-", "x"),
        ("xn", "x"),
        ("xv", "x"),
        ("-x", "x"),
        ("x ", " "),
        ("x/", " "),
        ("xh", " "),
        ("--", " "),
        ("n-", " "),
    ],
)
def test_only_children_that_count_hold_up_their_parent(children: str, expected: str) -> None:
    statuses = StatusRegistry(
        [
            *PLUGIN_STATUSES,
            status("n", StatusType.NON_TASK),
            status("h", StatusType.ON_HOLD),
            status("v", DONE),
        ]
    )
    before = "- [ ] a\n" + "".join(f"\t- [{symbol}] b\n" for symbol in (" ", *children[1:]))
    change = SetStatus((" ",), (children[0],), TODAY, None, statuses, roll_up=RollUp.COMPLETE)
    after = changed(change, before, 1)
    assert after.splitlines()[0] == f"- [{expected}] a"


def test_a_child_completes_its_parents_up_to_the_outermost() -> None:
    before = "- [ ] a\n\t- [ ] b\n\t\t- [ ] c\n\t- [x] d\n"
    tick = SetStatus((" ",), ("x",), TODAY, None, StatusRegistry(PLUGIN_STATUSES), roll_up=RollUp.COMPLETE)
    assert changed(tick, before, 2) == before.replace("[ ]", "[x]")


@pytest.mark.parametrize(
    ("seen", "symbol", "before", "after"),
    [
        (" ", "x", "- [ ] a\n\t- [-] b\n\t- [/] c\n", "- [x] a\n\t- [-] b\n\t- [x] c\n"),
        (
            "x",
            " ",
            "- [x] a\n\t- [-] b\n\t- [/] c\n\t- [x] d\n",
            "- [ ] a\n\t- [-] b\n\t- [/] c\n\t- [ ] d\n",
        ),
    ],
)
def test_a_tick_with_its_children_leaves_cancelled_and_begun_ones(
    seen: str, symbol: str, before: str, after: str
) -> None:
    statuses = StatusRegistry(PLUGIN_STATUSES)
    assert (
        changed(SetStatus((seen,), (symbol,), TODAY, None, statuses, with_children=True), before, 0) == after
    )


def test_a_parent_that_gets_a_status_itself_is_not_rolled_up() -> None:
    statuses = StatusRegistry(PLUGIN_STATUSES)
    begin = SetStatus(("x", " "), ("/", "/"), TODAY, None, statuses, roll_up=RollUp.BOTH)
    assert changed(begin, "- [x] a\n\t- [ ] b\n", 0, 1) == "- [/] a\n\t- [/] b\n"


def test_what_follows_from_a_tick_has_the_vaults_own_characters() -> None:
    statuses = StatusRegistry(
        [status(" ", StatusType.ON_HOLD), status("o", TODO), status("x", DOING), status("v", DONE)]
    )
    text = "- [o] a\n\t- [o] b\n"

    def marks(task: int, wanted: str, text: str, *, with_children: bool) -> list[str]:
        note = parse(text)
        found = list(note.tasks)[task]
        change = SetStatus(
            (found.status_symbol,),
            (wanted,),
            TODAY,
            None,
            statuses,
            with_children=with_children,
            roll_up=RollUp.BOTH,
        )
        wanted_lines = change.replacements(EditTarget(note, split_lines(text), (found,)))
        return [line.text.strip()[3] for one in wanted_lines for line in one.lines]

    assert marks(1, "v", text, with_children=False) == ["v", "v"]
    assert marks(1, "o", text.replace("[o]", "[v]"), with_children=False) == ["o", "o"]
    assert marks(0, "o", text.replace("[o]", "[v]"), with_children=True) == ["o", "o"]


def test_each_status_is_offered_once() -> None:
    offered = [(one.symbol, one.name) for one in StatusRegistry().choices()]
    assert offered == [(" ", "Todo"), ("x", "Done"), ("/", "In Progress"), ("-", "Cancelled")]


def test_statuses_that_differ_in_more_than_case_are_all_offered() -> None:
    statuses = [
        Status("i", "Idea", "x", StatusType.TODO),
        Status("I", "Info", "x", StatusType.TODO),
        Status("X", "Checked", " ", StatusType.DONE),
        Status("e", "Empty", " ", StatusType.EMPTY),
        Status("b", "Idea", "x", StatusType.TODO),
    ]
    assert "".join(one.symbol for one in StatusRegistry(statuses).choices()) == "iIXb x"


@pytest.mark.parametrize(
    ("registry", "symbol", "expected"),
    [
        (StatusRegistry(), "X", "Done"),
        (StatusRegistry(), "x", "Done"),
        (StatusRegistry(), "?", "Unknown"),
        (StatusRegistry(PLUGIN_STATUSES), "X", "Unknown"),
    ],
)
def test_what_a_symbol_stands_for(registry: StatusRegistry, symbol: str, expected: str) -> None:
    found = registry.choice_of(symbol)
    assert found.name == expected
    assert (found in registry.choices()) == (expected != "Unknown")
