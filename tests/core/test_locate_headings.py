"""A heading that an edit is about is found again in a note that has changed, or the edit is refused."""

from __future__ import annotations

import pytest

from roadtui.core.edits.edit import Change, apply_edit
from roadtui.core.edits.insert import InsertChild, InsertSection
from roadtui.core.edits.move import Delete
from roadtui.core.edits.set_text import SetText
from roadtui.core.errors import RefusedError
from tests.core.edit_helpers import edit_of

NOTE = "# Plan\n- [ ] a\n## Later\n- [ ] b\n# Done\n## Later\n- [x] c\n"


@pytest.mark.parametrize(
    ("change", "line", "now", "expected"),
    [
        (
            SetText("Plan", "Road"),
            0,
            "new\n\n# Plan\n- [x] a\n# Other\n",
            "new\n\n# Road\n- [x] a\n# Other\n",
        ),
        (InsertChild(("new",), "\t"), 0, "# Other\n# Plan\n", "# Other\n# Plan\n- [ ] new\n"),
        (
            InsertChild(("new",), "\t"),
            5,
            "# Done\n## Later\n- [x] c\n# Plan\n## Later\n",
            "# Done\n## Later\n- [x] c\n- [ ] new\n# Plan\n## Later\n",
        ),
        (
            Delete(),
            2,
            "# Plan\n## Later\n- [x] b\n- [ ] and more\n# Done\n## Later\n",
            "# Plan\n# Done\n## Later\n",
        ),
    ],
    ids=["moved down", "behind a new one", "the one below the same heading", "with all that is in it now"],
)
def test_a_heading_is_found_by_its_title_and_those_above_it(
    change: Change, line: int, now: str, expected: str
) -> None:
    assert apply_edit(edit_of(change, NOTE.encode(), line), now.encode()).data.decode() == expected


@pytest.mark.parametrize(
    ("line", "now", "says"),
    [
        (0, "# Plans\n", "the heading “Plan” is no longer in this note."),
        (0, "- [ ] a\n", "the heading “Plan” is no longer in this note."),
        (2, "# Other\n## Later\n# Done\n## Later\n", "the heading “Later” is no longer in this note."),
        (0, "# Plan\n# Plan\n", "the heading “Plan” can't be distinguished from others of the same name."),
        (
            2,
            "# Plan\n## Later\n# Plan\n## Later\n",
            "the heading “Later” can't be distinguished from others of the same name.",
        ),
    ],
    ids=["reworded", "gone", "elsewhere", "twice", "twice below the same"],
)
@pytest.mark.parametrize("change", [Delete(), InsertSection("new")], ids=["delete", "add"])
def test_it_is_refused_where_it_is_gone_or_not_the_only_one(
    change: Change, line: int, now: str, says: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        apply_edit(edit_of(change, NOTE.encode(), line), now.encode())
    assert str(refused.value) == f"Not changed: this note changed, and {says}"


def test_of_two_that_were_there_none_is_taken_for_the_one_that_is_left() -> None:
    """Nobody knows which of them was deleted."""
    twice = b"# Plan\n- [ ] a\n# Plan\n- [ ] b\n"
    for line in (0, 2):
        with pytest.raises(RefusedError, match="can't be distinguished from others"):
            apply_edit(edit_of(Delete(), twice, line), b"# Plan\n- [ ] a\n")
    assert apply_edit(edit_of(Delete(), twice, 2), twice).data == b"# Plan\n- [ ] a\n"
