"""Finding a task again, step by step of the cascade, which rather refuses than takes a wrong line."""

from __future__ import annotations

import pytest

from benchmarks.refinding import Outcome, run
from roadtui.core.edits.locate import Anchor, locate
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse


def find(before: str, line: int, now: str) -> int:
    """The line in `now` of the task that stood on `line` of `before`."""
    note = parse(before)
    task = next(task for task in note.tasks if task.line == line)
    anchor = Anchor(note, content_hash(before.encode()), task)
    return locate(anchor, parse(now), content_hash(now.encode())).line


def refusal(before: str, line: int, now: str) -> str:
    with pytest.raises(RefusedError) as caught:
        find(before, line, now)
    return str(caught.value)


def lines(*texts: str) -> str:
    return "".join(f"{text}\n" for text in texts)


def test_in_unchanged_bytes_each_copy_is_itself() -> None:
    note = lines("- [ ] a", "- [ ] a", "- [ ] a ^id", "- [ ] b ^id")
    assert [find(note, line, note) for line in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("before", "line", "now", "found"),
    [
        pytest.param(lines("- [ ] a", "- [ ] b"), 0, lines("# T", "- [ ] b", "- [ ] a"), 2, id="moved down"),
        pytest.param(lines("- [ ] a"), 0, lines("- [ ] p", "\t1. [ ] a"), 1, id="nested, another marker"),
        pytest.param(
            lines("# A", "- [ ] a", "# B"), 1, lines("# A", "# B", "- [ ] a"), 2, id="other section"
        ),
        pytest.param(lines("- [ ] a"), 0, lines("> - [x] a"), 0, id="now in a quote, and ticked"),
        pytest.param(lines("- [ ] a ^i"), 0, lines("- [ ] x", "- [ ] reworded ^i"), 1, id="block id"),
        pytest.param(
            lines("- [ ] a ^i-1"), 0, lines("- [ ] a", "- [ ] a ^i-1  "), 1, id="id, blanks behind it"
        ),
        pytest.param(
            lines("- [ ] a ^i", "- [ ] a ^j"), 1, lines("- [ ] a ^j", "- [ ] a ^i"), 0, id="copies with ids"
        ),
        pytest.param(
            lines("- [ ] x", "- [ ] a", "- [ ] a"),
            1,
            lines("- [ ] y", "- [ ] a", "- [ ] a"),
            1,
            id="the first of two copies, right after a line that was reworded",
        ),
        pytest.param(lines("- [ ] a"), 0, lines("- [ ] a "), 0, id="a blank at its end"),
        pytest.param(lines("- [ ] a  b"), 0, lines("- x", "* [ ] a b"), 1, id="blanks inside it"),
        pytest.param(lines("- [ ] *a* \\_b"), 0, lines("- [ ] _a_ _b"), 0, id="emphasis and escapes"),
        pytest.param(
            lines("* [ ] a", "* [ ] b", "* [ ] a"),
            2,
            lines("- [ ] a", "- [ ] b", "- [ ] a"),
            2,
            id="one of two copies, all with another marker",
        ),
    ],
)
def test_found_where_it_is_now(before: str, line: int, now: str, found: int) -> None:
    assert find(before, line, now) == found


@pytest.mark.parametrize(
    ("before", "line", "now", "says"),
    [
        pytest.param(lines("- [ ] a"), 0, lines("- [ ] b"), "“a” is no longer in this note", id="deleted"),
        pytest.param(lines("- [ ] a"), 0, lines("- a"), "“a” is no longer", id="its box taken away"),
        pytest.param(lines("- [ ] a"), 0, lines("- [ ] a b"), "“a” is no longer", id="reworded"),
        pytest.param(lines("- [ ] a"), 0, lines("```", "- [ ] a", "```"), "no longer", id="in a code fence"),
        pytest.param(lines("- [ ] a"), 0, lines("%%", "- [ ] a", "%%"), "no longer", id="in a comment"),
        pytest.param(lines("- [ ] a"), 0, "", "“a” is no longer in this note", id="emptied note"),
        pytest.param(
            lines("- [ ] a ^i"),
            0,
            lines("- [ ] a ^i", "- [ ] a ^i"),
            "the id ^i now stands in 2 places",
            id="id twice",
        ),
        pytest.param(lines("- [ ] a ^i"), 0, lines("- [ ] a"), "is no longer", id="id gone, and so the text"),
        pytest.param(lines("- [ ] a\x1b[31m"), 0, lines("- [ ] b"), "“a␛[31m”", id="nothing for a terminal"),
        pytest.param(
            lines("- [ ] " + "x" * 99), 0, lines("- [ ] b"), f"“{'x' * 39}…”", id="long text is cut"
        ),
    ],
)
def test_refused_where_it_is_gone(before: str, line: int, now: str, says: str) -> None:
    assert says in refusal(before, line, now)


COPIES = lines(
    "# A", "- [ ] one", "- [ ] same", "- [ ] two", "# B", "- [ ] three", "- [ ] same", "- [ ] four"
)


@pytest.mark.parametrize(
    ("line", "now", "found"),
    [
        pytest.param(6, COPIES.replace("- [ ] one\n", "- [ ] one\n- [ ] new\n"), 7, id="a line added above"),
        pytest.param(2, COPIES.replace("- [ ] four\n", ""), 2, id="a line deleted below"),
        pytest.param(6, COPIES.replace("[ ] three", "[x] three"), 6, id="a neighbour ticked"),
        pytest.param(6, COPIES.replace("[ ] same", "[x] same"), 6, id="the copies ticked"),
        pytest.param(2, COPIES + "- [ ] same\n", 2, id="a third copy, neighbours kept"),
        pytest.param(6, COPIES.replace("- [ ] two\n", "- [ ] 2\n- [ ] same\n"), 7, id="a third copy above"),
    ],
)
def test_a_copy_is_found_where_place_and_company_agree(line: int, now: str, found: int) -> None:
    assert find(COPIES, line, now) == found


def test_an_empty_box_is_found_between_its_neighbours() -> None:
    assert find(lines("- [ ] a", "- [ ] ", "- [ ] b"), 1, lines("- x", "- [x] a", "- [ ] ", "- [ ] b")) == 2


@pytest.mark.parametrize(
    ("before", "line", "now"),
    [
        pytest.param(
            COPIES, 2, COPIES.replace("- [ ] same\n", "", 1), id="this copy is gone, the other is still there"
        ),
        pytest.param(COPIES, 2, COPIES.replace("# A", "# C"), id="its heading is another"),
        pytest.param(
            COPIES,
            2,
            COPIES.replace("- [ ] same\n", "- [ ] same\n- [ ] same\n", 1),
            id="pasted beside itself",
        ),
        pytest.param(
            lines("- [ ] p", "  - [ ] s", "- [ ] q", "  - [ ] s"),
            1,
            lines("- [ ] r", "  - [ ] s", "- [ ] q", "  - [ ] s"),
            id="its parent is another",
        ),
        pytest.param(
            lines("- [ ] a", "- [ ] s", "- [ ] b", "- [ ] s"),
            1,
            lines("- [ ] a", "- [ ] s", "- [ ] b", "- [ ] s", "- [ ] s"),
            id="another copy below the same parent",
        ),
        pytest.param(
            lines("# A", "- [ ] p", "- [ ] s", "- [ ] q", "# B", "- [ ] p", "- [ ] s", "- [ ] r"),
            2,
            lines("# A", "- [ ] p", "- [ ] s", "- [ ] q", "# B", "- [ ] p", "- [ ] s", "- [ ] r", "- [ ] s"),
            id="another has the same line above it",
        ),
        pytest.param(lines("- [ ] ", "- [ ] b"), 0, lines("- [ ] b", "- [ ] "), id="empty text says nothing"),
        pytest.param(lines("- [ ] a"), 0, lines("- [ ] a", "# B", "- [ ] a"), id="one became two at the end"),
    ],
)
def test_a_copy_that_could_be_another_is_refused(before: str, line: int, now: str) -> None:
    assert "can't be distinguished from its copies" in refusal(before, line, now)


def test_a_diff_that_would_take_long_is_not_tried() -> None:
    old = lines(*(f"- [ ] {n % 7}" for n in range(3000)))
    new = lines("- [ ] new", *(f"- [ ] {n % 7}" for n in range(3, 3003)), "- [ ] 0")
    assert "can't be distinguished" in refusal(old, 1500, new)


def test_few_wrong_lines_in_random_changes() -> None:
    few, many = run(4_000, 0.05, seed=5), run(2_000, 0.4, seed=5)
    assert few[Outcome.WRONG] <= 3
    assert many[Outcome.WRONG] <= 6
    assert few[Outcome.FOUND] > 0.88 * few.total(), "refusing everything is no art"
    assert many[Outcome.FOUND] > 0.7 * many.total()
