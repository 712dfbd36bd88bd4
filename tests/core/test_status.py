"""Which statuses there are to choose from."""

from __future__ import annotations

import pytest

from roadtui.core.status import PLUGIN_STATUSES, Status, StatusRegistry, StatusType


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
