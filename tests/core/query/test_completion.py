"""What is offered while a query is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.query.completion import MOST, complete, is_unfinished
from roadtui.core.query.terms import Vocabulary

VOCABULARY = Vocabulary(
    ("ml", "ml/ops", "work"),
    ("ML Roadmap.md", "Sub folder/B.md"),
    ("1. Theory", "Deep (x)"),
    ("Todo", "In Progress"),
)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("du", ["due:"]),
        ("un", ["unlocks:"]),
        ("lim", ["limit:"]),
        ("ov", ["is:overdue"]),
        ("is:o", ["is:open", "is:overdue"]),
        ("-is:rea", ["-is:ready"]),
        ("(is:op", ["(is:open"]),
        ("due:<to", ["due:<today", "due:<tomorrow"]),
        ("#m", ["#ml", "#ml/ops"]),
        ("#OPS", ["#ml/ops"]),
        ("a path:sub", ['a path:"Sub folder/B.md"']),
        ('a path:"Sub f', ['a path:"Sub folder/B.md"']),
        ("section:deep", ['section:"Deep (x)"']),
        ("status:in", ['status:"In Progress"']),
        ("sort:-du", ["sort:-due", "sort:-scheduled"]),
        ("priority:>hi", ["priority:>highest", "priority:>high"]),
        ("o", []),
        ("op", ["is:open"]),
        ("p", ["priority:", "path:"]),
        ("-un", ["-unlocks:"]),
        ("DU", ["due:"]),
        ("sort:ur", ["sort:urgency"]),
        ("sort:-r", []),
        ("sort:urg", ["sort:urgency"]),
        ("sort:x", []),
        ("#s", []),
        ("#ps", ["#ml/ops"]),
        ("#p", []),
        ("is:open", []),
        ("gradient", []),
        ("nothing:x", []),
        ('"du', []),
        ("", []),
    ],
)
def test_what_is_offered(typed: str, offered: list[str]) -> None:
    found = complete(typed, len(typed), VOCABULARY)
    assert [typed[: each.start] + each.text + typed[each.end :] for each in found] == offered


def test_only_what_is_before_the_cursor_is_completed() -> None:
    typed = "is:op gradient"
    [only] = complete(typed, 5, VOCABULARY)
    assert typed[: only.start] + only.text + typed[only.end :] == "is:open gradient"


@given(st.text(alphabet='ab :"#-(<>=isdue)', max_size=30), st.integers(0, 30))
def test_any_text_can_be_completed(typed: str, cursor: int) -> None:
    found = complete(typed, min(cursor, len(typed)), VOCABULARY)
    assert len(found) <= MOST
    assert all(0 <= each.start <= each.end <= len(typed) for each in found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("i", True),
        ("is", True),
        ("is:", True),
        ("is:op", True),
        ("is:open", False),
        ("gradient du", True),
        ("(has", True),
        ("sor", True),
        ("is:open -", True),
        ("-is", True),
        ("-(", False),
        ("#m", True),
        ("#nothing", False),
        ("status:in", True),
        ("due:<2026-12-24", False),
        ("isa", False),
        ("gradient", False),
        ('"is', False),
        ("is:open ", False),
        ("", False),
    ],
)
def test_what_may_be_the_beginning_of_a_term(typed: str, expected: bool) -> None:
    assert is_unfinished(typed, len(typed), VOCABULARY) is expected
