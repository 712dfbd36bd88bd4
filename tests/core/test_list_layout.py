"""How the line of an item begins, and how its lines are set in and out with it."""

from __future__ import annotations

import pytest

from roadtui.core.edits.list_layout import ListMarker, moved, nested_prefix, shifted, usual_marker, usual_unit
from roadtui.core.markdown import parse

ROOT, SET_IN, TAB, QUOTED = (
    ListMarker("", "", "-", " "),
    ListMarker("", "  ", "-", " "),
    ListMarker("", "\t", "-", " "),
    ListMarker("> ", "", "-", " "),
)


@pytest.mark.parametrize(
    ("lead", "lines", "prefix", "expected"),
    [
        (ROOT, ["- a", "  text", "", "  more"], "  ", ["  - a", "    text", "", "    more"]),
        (SET_IN, ["  - a", "   b", "lazy"], "    ", ["    - a", "     b", "    lazy"]),
        (TAB, ["\t- a", "      b", "  "], " ", [" - a", "   b", "  "]),
        (QUOTED, ["> - a", ">", "> ", "> b"], ">> ", [">> - a", ">>", ">> ", ">> b"]),
        (ListMarker(">> ", "", "-", " "), [">> - a", "> lazy", "text"], "> ", ["> - a", "> lazy", "> text"]),
    ],
)
def test_the_lines_of_an_item_keep_their_distance_to_it(
    lead: ListMarker, lines: list[str], prefix: str, expected: list[str]
) -> None:
    assert moved(lines, lead, prefix) == expected


@pytest.mark.parametrize(
    ("lead", "by", "lines", "expected"),
    [
        (ROOT, 1, ["   a", "", "  ", "x", "\ty"], ["    a", "", "  ", "x", "\ty"]),
        (ROOT, -1, ["   a", " b", "c"], ["  a", "b", "c"]),
        (ROOT, -2, ["   a", " b"], [" a", " b"]),
        (QUOTED, 1, [">   a", "ab c"], [">    a", "ab c"]),
    ],
)
def test_what_is_below_follows_a_marker_that_gets_longer_or_shorter(
    lead: ListMarker, by: int, lines: list[str], expected: list[str]
) -> None:
    assert shifted(lines, lead, by) == expected


@pytest.mark.parametrize(
    ("lead", "column"),
    [
        (ROOT, 2),
        (ListMarker("", "", "-", ""), 2),
        (ListMarker("", "", "-", "  "), 3),
        (ListMarker("", "", "-", "    "), 5),
        (ListMarker("", "", "-", "     "), 2),
        (ListMarker("", "", "-", "\t"), 4),
        (ListMarker("> ", "\t", "10.", "  "), 9),
    ],
)
def test_the_column_of_the_text(lead: ListMarker, column: int) -> None:
    assert lead.text_column == column


@pytest.mark.parametrize(
    ("marker", "number", "expected"),
    [("9.", 10, "10."), ("10)", 9, "9)"), ("09.", 10, "10."), ("010.", 9, "009.")],
)
def test_a_number_is_as_long_as_it_was_only_where_it_is_padded(
    marker: str, number: int, expected: str
) -> None:
    assert ListMarker("", "", marker, " ").numbered(number).marker == expected


@pytest.mark.parametrize(
    ("parent", "unit", "expected"),
    [
        (ROOT, "\t", "\t"),
        (QUOTED, "  ", ">   "),
        (ListMarker("", "", "100.", " "), "\t", "\t\t"),
        (ListMarker("", "", "100.", " "), "  ", "     "),
    ],
)
def test_what_is_nested_is_set_in_by_a_unit_or_as_much_as_it_takes(
    parent: ListMarker, unit: str, expected: str
) -> None:
    assert nested_prefix(parent, unit) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("- a\n", "default"),
        ("- a\n  - b\n  - c\n- d\n\t- e\n", "  "),
        ("- a\n\t- b\n\t- c\n- d\n  - e\n", "\t"),
        ("> - a\n>     - b\n", "    "),
        ("- [ ] 1. [ ] two\n", "default"),
        (" - a\n\t- b\n", "default"),
    ],
)
def test_the_usual_unit_of_a_note(text: str, unit: str) -> None:
    assert usual_unit(parse(text), "default") == unit


@pytest.mark.parametrize(
    ("text", "marker"), [("", "-"), ("1. a\n", "-"), ("* a\n- b\n* c\n1. d\n2. e\n3. f\n", "*")]
)
def test_the_usual_bullet_of_items(text: str, marker: str) -> None:
    assert usual_marker(parse(text).items) == marker
