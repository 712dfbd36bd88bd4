"""Which line of an edited note is which line of before, how it ends, and which one the user is to look at."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.edit import Change
from roadtui.core.edits.insert import (
    AppendToSection,
    InsertAfter,
    InsertChild,
    InsertSection,
    PasteMarkdown,
    SplitTask,
)
from roadtui.core.edits.move import Delete, Indent, MoveSibling, MoveWithinNote
from roadtui.core.edits.patch import NotePatch, PatchLine, Replacement, map_line, matching_lines
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import SetText
from roadtui.core.errors import RefusedError
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from tests.core.edit_helpers import changed, made

TODAY = date(2026, 3, 14)
TICK = SetStatus((" ",), ("x",), TODAY, TaskSettings(), StatusRegistry())


@pytest.mark.parametrize(
    ("change", "before", "lines", "line"),
    [
        (InsertAfter(("b", "c")), "- [ ] a\n  - [ ] d\n", (0,), 2),
        (InsertChild(("b",), "  "), "# T\n\ntext\n", (0,), 4),
        (InsertSection("U"), "# T\n- [ ] a\n", (0,), 3),
        (AppendToSection(("b",), "U"), "# T\n- [ ] a\n", (), 4),
        (PasteMarkdown("b\nc\n", "  "), "- [ ] a\n", (0,), 1),
        (SplitTask("a and b", ("a", "b")), "- [ ] c\n- [ ] a and b\n", (1,), 2),
        (MoveSibling(1), "- [ ] a\n  - [ ] b\n- [ ] c\n", (0,), 1),
        (MoveSibling(-1), "- [ ] a\n- [ ] b\n", (1,), 0),
        (MoveSibling(1), "- [ ] a\n# T\n- [ ] b\n", (0,), 1),
        (Indent("  "), "- [ ] a\n- [ ] b\n", (1,), 1),
        (MoveWithinNote("  "), "- [ ] a\n- [ ] b\n# T\n", (0, 2), 2),
        (Delete(), "- [ ] a\n- [ ] b\n- [ ] c\n", (1,), 1),
        (SetText("a", "b"), "text\n- [ ] a\n", (1,), 1),
    ],
)
def test_an_edit_says_which_line_to_look_at(
    change: Change, before: str, lines: tuple[int, ...], line: int
) -> None:
    assert made(change, before.encode(), *lines).line == line


@pytest.mark.parametrize(
    ("change", "before", "count"),
    [
        (InsertAfter(("b", "c")), "- [ ] a\n", 2),
        (SetText("a", "b"), "- [ ] a\n", 1),
        (MoveSibling(1), "- [ ] a\n- [ ] b\n- [ ] c\n", 1),
        (Delete(), "- [ ] a\n", 0),
    ],
)
def test_an_edit_says_how_many_lines_are_new_there(change: Change, before: str, count: int) -> None:
    assert made(change, before.encode(), 0).count == count


def test_an_edit_that_has_nothing_to_do_says_where_it_looked() -> None:
    assert made(SetStatus(("x",), ("x",), TODAY, None, StatusRegistry()), b"- [ ] a\n- [x] b\n", 1).line == 1
    assert made(Delete(), b"text\n").line == 0


@pytest.mark.parametrize(
    ("seen", "wanted", "origins"),
    [
        (["a", "b", "a"], ["x", "b", "a"], [0, 1, 2]),
        (["a", "b"], ["b", "a"], [1, 0]),
        (["a", "b"], ["a", "a"], [0, 1]),
        (["a", "a", "b"], ["c", "a", "a"], [2, 1, 0]),
        (["a", "b"], ["a", "c"], [0, 1]),
        (["a", "b", "c"], ["x"], [None]),
        (["- [ ] a", "- [ ] b"], ["  1. [ ] b", "> - [ ] a", "new"], [1, 0, None]),
    ],
)
def test_which_line_is_which_after_lines_were_put_back(
    seen: list[str], wanted: list[str], origins: list[int | None]
) -> None:
    assert matching_lines(seen, wanted) == origins


@pytest.mark.parametrize(
    ("change", "before", "line", "after"),
    [
        (InsertAfter(("new",)), "- [ ] a\r\n- [ ] b\n", 0, "- [ ] a\r\n- [ ] new\r\n- [ ] b\n"),
        (InsertAfter(("new",)), "- [ ] a\n- [ ] b\r\n", 0, "- [ ] a\n- [ ] new\n- [ ] b\r\n"),
        (InsertAfter(("new",)), "text\r\n\n- [ ] b", 2, "text\r\n\n- [ ] b\r\n- [ ] new"),
        (MoveSibling(1), "- [ ] a\r\n- [ ] b\n", 0, "- [ ] b\n- [ ] a\r\n"),
        (
            TICK,
            "text\n- [ ] a 🔁 every day 📅 2026-03-14\r\n- [ ] b\n",
            1,
            "text\n- [ ] a 🔁 every day 📅 2026-03-15\r\n"
            "- [x] a 🔁 every day 📅 2026-03-14 ✅ 2026-03-14\r\n- [ ] b\n",
        ),
    ],
)
def test_a_line_keeps_its_end_and_a_new_one_gets_that_of_its_neighbour(
    change: Change, before: str, line: int, after: str
) -> None:
    assert changed(change, before, line) == after


def test_no_two_line_ends_become_one() -> None:
    """`a` ends with CR; right before a blank line that is an LF alone, both would be one CRLF."""
    with pytest.raises(RefusedError, match="the line ends of this note are too mixed"):
        changed(Delete(), "- [ ] a\r- [ ] b\n\n", 1)


def test_where_a_line_is_after_an_edit() -> None:
    """Lines `2` and `3` change places, two are put in above them, `5` is taken away."""
    draft = NotePatch.of(
        [f"{number}\n" for number in range(8)],
        [
            Replacement(1, 0, (PatchLine("new"), PatchLine("new"))),
            Replacement(2, 2, (PatchLine("3", 3), PatchLine("2", 2))),
            Replacement(5, 1),
        ],
    )
    assert draft.text == "0\nnew\nnew\n1\n3\n2\n4\n6\n7\n"
    assert [map_line(draft.hunks, line) for line in range(8)] == [0, 3, 5, 4, 6, None, 7, 8]
