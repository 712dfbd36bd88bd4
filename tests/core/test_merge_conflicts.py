"""Merge conflicts in a note: found where all markers are there in order; no edit reaches across them."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.edits.edit import Change, apply_edit
from roadtui.core.edits.insert import AppendToSection, InsertAfter, InsertChild, PasteMarkdown
from roadtui.core.edits.move import Delete, Indent, MoveSibling, MoveWithinNote, Outdent
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import SetText
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from tests.core.change_strategies import changes, contents
from tests.core.edit_helpers import changed, edit_of


def markers_of(text: str) -> list[tuple[int, ...]]:
    return [conflict.markers for conflict in parse(text).conflicts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", [(0, 2, 4)]),
        ("<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> other\r\n", [(0, 2, 4)]),
        ("<<<<<<< HEAD\na\n||||||| 1a2b3c\no\n=======\nb\n>>>>>>> other\n", [(0, 2, 4, 6)]),
        ("<<<<<<<\n=======\n>>>>>>>", [(0, 1, 2)]),
        ("<<<<<<< .mine\n=======\n>>>>>>> .r2\n# x\n<<<<<<< A\n=======\n>>>>>>> B\n", [(0, 1, 2), (4, 5, 6)]),
        ("---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n---\n", [(1, 3, 5)]),
        ("<<<<<<< HEAD\n```\na\n```\n=======\n```\nb\n```\n>>>>>>> other\n", [(0, 4, 8)]),
        ("<<<<<<< HEAD\nTitle\n=======\na\n=======\nb\n>>>>>>> other\n", [(0, 2, 4, 6)]),
        ("<<<<<<< no end\na\n<<<<<<< HEAD\n=======\n>>>>>>> other\n", [(2, 3, 4)]),
        ("<<<<<<< A\na\n=======\n<<<<<<< no separator\nb\n>>>>>>> B\n", [(0, 2, 3, 5)]),
        ("<<<<<<< A\na\n=======\n<<<<<<<<< no end\n>>>>>>> B\n>>>>>>>>> b\n", [(0, 2, 3, 4)]),
        ("<<<<<<< A\na\n|||||||\n=========\n=======\n>>>>>>>> B\n>>>>>>> B\n", [(0, 2, 4, 6)]),
        # As a recursive merge writes it: the common base was itself merged, with longer markers.
        (
            "<<<<<<< HEAD\na\n||||||| merged common ancestors\n<<<<<<<<< Temporary merge branch 1\nb\n"
            "||||||||| 1a2b3c\nc\n=========\nd\n>>>>>>>>> Temporary merge branch 2\n=======\ne\n>>>>>>> x\n",
            [(0, 2, 3, 5, 7, 9, 10, 12)],
        ),
        # A conflict that was committed, and then in conflict again.
        (
            "<<<<<<< A\n<<<<<<< C\na\n=======\nb\n>>>>>>> D\n=======\nc\n>>>>>>> B\n",
            [(0, 1, 3, 5, 6, 8)],
        ),
        (
            "<<<<<<< A\na\n=======\n<<<<<<< C\nb\n=======\nc\n>>>>>>> D\n>>>>>>> B\n",
            [(0, 2, 3, 5, 7, 8)],
        ),
        # A block of code is closed by a fence as long as its own, with nothing after it.
        ("````\n<<<<<<< A\n```\n=======\n````\n>>>>>>> B\n", [(1, 3, 5)]),
        ("```\n```x\n<<<<<<< A\n```\n=======\n>>>>>>> B\n", [(2, 4, 5)]),
        ("```\n```  \n<<<<<<< A\n=======\n>>>>>>> B\n", [(2, 3, 4)]),
        ("- [ ] a\n  ```\n<<<<<<< A\n  b\n=======\n  c\n>>>>>>> B\n  ```\n", [(2, 4, 6)]),
    ],
)  # fmt: skip
def test_conflicts_are_found(text: str, expected: list[tuple[int, ...]]) -> None:
    assert markers_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n\n>>>>>>> seven quotes\n",
        "<<<<<<< HEAD\na\n>>>>>>> other\n",
        "=======\n<<<<<<< HEAD\n>>>>>>> other\n",
        "<<<<<<< HEAD\na\n=======\nb\n",
        "<<<<<<<< eight\n========\n>>>>>>>> eight\n",
        "<<<<<<<HEAD\n=======\n>>>>>>>other\n",
        "  <<<<<<< HEAD\n  =======\n  >>>>>>> other\n",
        "```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n```\n",
        "~~~ text\n<<<<<<< HEAD\n=======\n>>>>>>> other\n~~~\n",
        "Title\n=======\n",
        "Title\n=======\n\n<<<<<<< HEAD\na\n\n>>>>>>> other\n",
        "<<<<<<< HEAD\na\n=========\nb\n>>>>>>> other\n",
        "<<<<<<<<< not inside any\na\n=========\nb\n>>>>>>>>> other\n",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert markers_of(text) == []


PLAN = """\
# Plan
- [ ] above
- [ ] beside
<<<<<<< HEAD
- [/] task
- [ ] from main
||||||| base
- [ ] task
=======
- [x] task
- [ ] from other
>>>>>>> other
- [ ] below
  - [ ] inside
- [ ] last

## End
- [ ] far
"""
BLOCK = "- [ ] below\n  - [ ] inside\n"
ABOVE, BESIDE, TASK, FROM_MAIN, FROM_OTHER, BELOW, LAST, END = 1, 2, 4, 5, 10, 12, 14, 16


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (MoveSibling(1), [BESIDE]),
        (MoveSibling(-1), [BELOW]),
        (MoveSibling(-1), [TASK]),
        (MoveSibling(1), [FROM_MAIN]),
        (MoveSibling(1), [FROM_OTHER]),
        (Indent("  "), [TASK]),
        (Indent("  "), [BELOW]),
        (Indent("  "), [BESIDE]),  # the marker below it, which goes on its text for Markdown, would be set in
        (InsertAfter(("new",)), [FROM_MAIN]),
        (InsertAfter(("new",)), [BESIDE]),
        (InsertChild(("new",), "  "), [BESIDE]),
        (PasteMarkdown("- [ ] one\n- [ ] two\n", "  "), [FROM_MAIN]),
        (Delete(), [FROM_MAIN]),
        (Delete(), [0]),
        (MoveWithinNote("  "), [ABOVE, END]),
        (MoveWithinNote("  "), [TASK, LAST]),
        (MoveWithinNote("  "), [FROM_OTHER, FROM_MAIN]),
    ],
)
def test_nothing_reaches_across_the_markers(change: Change, lines: list[int]) -> None:
    data = PLAN.encode()
    with pytest.raises(RefusedError, match=r"merge conflict is not resolved yet \(lines 4 to 12\)"):
        apply_edit(edit_of(change, data, *lines), data)


@pytest.mark.parametrize(
    ("change", "line", "seen", "wanted"),
    [
        (PasteMarkdown("- [ ] one", "  "), FROM_OTHER, "from other\n", "from other\n- [ ] one\n"),
        (Delete(), FROM_OTHER, "- [ ] from other\n", ""),
        (MoveSibling(-1), LAST, f"{BLOCK}- [ ] last\n", f"- [ ] last\n{BLOCK}"),
        (Indent("  "), LAST, "- [ ] last\n", "  - [ ] last\n"),
        (Outdent(), 13, "  - [ ] inside\n", "- [ ] inside\n"),
        (InsertAfter(("new",)), TASK, "- [/] task\n", "- [/] task\n- [ ] new\n"),
        (InsertAfter(("new",)), ABOVE, "- [ ] above\n", "- [ ] above\n- [ ] new\n"),
        (AppendToSection(("new",), "End"), END, "- [ ] far\n", "- [ ] far\n- [ ] new\n"),
        (Delete(), TASK, "- [/] task\n", ""),
        (Delete(), END, "\n## End\n- [ ] far\n", "\n"),
        (SetText("from main", "words"), FROM_MAIN, "from main", "words"),
    ],
)  # fmt: skip
def test_edits_that_stay_on_one_side_are_made(change: Change, line: int, seen: str, wanted: str) -> None:
    assert changed(change, PLAN, line) == PLAN.replace(seen, wanted)


@pytest.mark.parametrize("line", [ABOVE, TASK, FROM_MAIN, FROM_OTHER, BELOW])
def test_tasks_beside_and_inside_a_conflict_are_ticked(line: int) -> None:
    seen = PLAN.split("\n")[line]
    status = SetStatus((seen[3],), ("-",), date(2026, 3, 14), None, StatusRegistry())
    lines = PLAN.split("\n")
    lines[line] = f"- [-]{seen[5:]}"
    assert changed(status, PLAN, line) == "\n".join(lines)


def test_the_next_occurrence_stays_on_its_side() -> None:
    text = PLAN.replace("from main", "from main 🔁 every day 📅 2026-03-14")
    status = SetStatus((" ",), ("x",), date(2026, 3, 14), TaskSettings(), StatusRegistry())
    next_one = "- [ ] from main 🔁 every day 📅 2026-03-15\n"
    assert next_one + "- [x] from main" in changed(status, text, FROM_MAIN)


def test_a_section_that_holds_the_last_marker_is_not_deleted() -> None:
    with pytest.raises(RefusedError, match="merge conflict is not resolved yet"):
        changed(Delete(), "<<<<<<< A\n# T\n=======\n# U\n>>>>>>> B\n", 3)


def test_what_is_nested_across_the_markers_already_hinders_no_edit_elsewhere() -> None:
    text = "- [ ] a\n<<<<<<< A\n  - [ ] b\n=======\n  - [ ] c\n>>>>>>> B\n\n# T\n- [ ] d\n"
    assert [item.parent.line if item.parent else None for item in parse(text).items] == [None, 0, 0, None]
    assert changed(InsertAfter(("new",)), text, 8) == f"{text}- [ ] new\n"


def test_what_is_anchored_nowhere_is_added_outside_the_sides_only() -> None:
    assert changed(AppendToSection(("new",), "End"), PLAN) == f"{PLAN}- [ ] new\n"
    inside = PLAN.replace("- [/] task\n", "- [/] task\n## Side\n- [ ] s\n## Main\n")
    with pytest.raises(RefusedError, match="merge conflict is not resolved yet"):
        changed(AppendToSection(("new",), "Side"), inside)


def test_lists_are_not_counted_on_across_the_sides() -> None:
    text = "1. [ ] a\n<<<<<<< A\n2. [ ] b\n=======\n2. [ ] c\n>>>>>>> B\n3. [ ] d\n4. [ ] e\n"
    assert changed(InsertAfter(("new",)), text, 6) == text.replace("3. [ ] d\n", "3. [ ] d\n4. [ ] new\n")


NESTED = """\
- [ ] above
<<<<<<< HEAD
- [ ] ours
||||||| merged common ancestors
<<<<<<<<< Temporary merge branch 1
- [ ] first
||||||||| 1a2b3c
- [ ] base
=========
- [ ] second
>>>>>>>>> Temporary merge branch 2
=======
- [ ] theirs
>>>>>>> other
- [ ] below
"""


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (MoveSibling(1), 0),
        *product([MoveSibling(1), MoveSibling(-1), Indent("  ")], [2, 5, 7, 9, 12]),
        (MoveSibling(-1), 14),
        (Indent("  "), 14),
    ],
)
def test_nothing_moves_across_the_markers_of_a_nested_conflict(change: Change, line: int) -> None:
    with pytest.raises(RefusedError):
        changed(change, NESTED, line)


def test_many_nested_conflicts_take_no_longer_than_as_many_lines() -> None:
    depth = 20_000
    text = "<<<<<<< A\n" * depth + "=======\n>>>>>>> B\n" * depth
    (conflict,) = parse(text).conflicts
    assert len(conflict.markers) == 3 * depth
    assert parse("<<<<<<< A\n" * depth + "=======\n" + ">>>>>>> B\n" * depth).conflicts


def sides(text: str) -> list[str]:
    """The words of each part of a note between its markers, in any order."""
    parts: list[list[str]] = []
    part: list[str] = []
    for line in text.split("\n"):
        if line[:7] in ("<" * 7, "|" * 7, "=" * 7, ">" * 7):
            parts += [part, [line]]
            part = []
        else:
            part.append(line.strip(" -*1234567890.>[]x/"))
    return ["|".join(sorted(one)) for one in [*parts, part]]


@given(st.data())
def test_whatever_is_done_elsewhere_the_sides_stay(data: st.DataObject) -> None:
    """An edit changes one part of the note at most, and no marker."""
    content = data.draw(st.sampled_from(contents(parse(PLAN))))
    change = data.draw(changes(content))
    try:
        after = apply_edit(edit_of(change, PLAN.encode(), content.line), PLAN.encode()).data.decode()
    except RefusedError:
        return
    before, now = sides(PLAN), sides(after)
    assert len(before) == len(now)
    assert sum(one != other for one, other in zip(before, now, strict=True)) <= 1
