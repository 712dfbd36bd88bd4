"""What has changed in notes since they were seen."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.activity.follow import follow, numbered
from roadtui.core.activity.rows import rows_of
from roadtui.core.markdown import parse
from tests.core.followed_notes import FollowedNotes

PLAN = """\
# Maths
- [ ] Algebra
  - [ ] Vectors
  - [ ] Matrices
- [x] Sets
# Models
- [ ] Trees
- [ ] Forests
- [ ] Boosting
"""


def changed(old: str, new: str) -> str:
    assert old in PLAN
    return PLAN.replace(old, new)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAN, []),
        (PLAN.replace("\n", "\r\n"), []),
        (PLAN.replace("  - ", "\t* "), []),
        (PLAN.replace("- [ ] Trees", "- [ ] Trees  ") + "\nA sentence.\n", []),
        (changed("- [ ] Trees", "- [x] Trees ✅ 2026-03-14"), ["done: Trees ✅ 2026-03-14"]),
        (changed("- [x] Sets", "- [ ] Sets"), ["reopened: Sets"]),
        (changed("- [ ] Trees", "- [/] Trees"), ["edited: Trees"]),
        (changed("- [ ] Trees", "- [ ] Trees 📅 2026-04-01"), ["edited: Trees 📅 2026-04-01"]),
        (changed("Boosting", "Boosted trees"), ["edited: Boosted trees"]),
        (changed("- [ ] Forests\n", ""), ["gone: Forests"]),
        (changed("- [ ] Forests\n", "- [ ] Bagging\n- [ ] Forests\n"), ["new: Bagging"]),
        (changed("- [ ] Forests\n", "- [ ] Forests\n- [ ] Forests\n"), ["new: Forests"]),
        (changed("# Models", "# More models"), []),
        (changed("- [ ] Forests", "# New heading\n- [ ] Forests"), []),
        (changed("# Models\n", ""), []),
        (changed("- [ ] Trees\n- [ ] Forests\n", "- [ ] Forests\n- [ ] Trees\n"), ["moved: Forests"]),
        (changed("- [x] Sets\n# Models\n", "# Models\n- [x] Sets\n"), ["moved: Sets"]),
        (changed("- [x] Sets", "  - [x] Sets"), ["moved: Sets"]),
        (changed("  - [ ] Matrices", "- [ ] Matrices"), ["moved: Matrices"]),
        (changed("- [x] Sets\n", "") + "- [ ] Sets\n", ["reopened: Sets"]),
    ],
)
def test_a_change_is_told_once_and_what_is_no_change_is_not(text: str, words: list[str]) -> None:
    assert FollowedNotes(plan=PLAN).write(plan=text) == words


def test_what_moves_with_the_task_around_it_has_not_moved() -> None:
    subtree = "- [ ] Algebra\n  - [ ] Vectors\n  - [ ] Matrices\n"
    notes = FollowedNotes(plan=PLAN, other="- [ ] else\n")
    assert notes.write(plan=changed(subtree, "") + subtree) == ["moved: Algebra"]
    notes.see_all()
    assert notes.write(plan=changed(subtree, ""), other="- [ ] else\n" + subtree) == [
        "moved: Algebra (plan → other)"
    ]


def test_a_list_in_another_order_has_the_fewest_moves() -> None:
    notes = FollowedNotes(plan="".join(f"- [ ] {name}\n" for name in "abcdefg"))
    assert notes.write(plan="".join(f"- [ ] {name}\n" for name in "gabdcef")) == ["moved: g", "moved: d"]


def test_a_task_in_another_note_has_moved_and_a_copy_is_new() -> None:
    notes = FollowedNotes(plan=PLAN, other="- [ ] else\n")
    assert notes.write(other="- [ ] else\n- [ ] Trees\n") == ["new: Trees"]
    notes.see_all()
    notes.write(plan=changed("- [ ] Boosting\n", ""))
    assert notes.write(other="- [ ] else\n- [ ] Trees\n- [ ] Boosting\n") == [
        "moved: Boosting (plan → other)"
    ]


def test_a_renamed_note_has_no_changes_but_those_of_its_tasks() -> None:
    notes = FollowedNotes(plan=PLAN)
    notes.write(plan=changed("[ ] Trees", "[x] Trees"))
    assert notes.write(plan=None, renamed=changed("[ ] Trees", "[x] Trees")) == ["done: Trees"]
    assert notes.changes[0].path == "renamed"
    assert not notes.changes[0].is_from_elsewhere


def test_a_note_that_is_gone_and_then_there_under_another_name_is_renamed() -> None:
    notes = FollowedNotes(plan=PLAN, other="- [ ] else\n")
    assert len(notes.write(plan=None)) == 7
    assert notes.write(renamed=changed("[ ] Trees", "[x] Trees").replace("Boosting", "Boosted")) == [
        "done: Trees",
        "edited: Boosted",
    ]
    assert {one.path for one in notes.changes} == {"renamed"}
    notes.see_all()
    assert notes.write(renamed=None) != []
    assert "moved: Forests (renamed → other)" in notes.write(other="- [ ] else\n- [ ] Forests\n")
    assert notes.write(again=PLAN.replace("- [ ] Forests\n", "")) == [
        "reopened: Trees",
        "edited: Boosting",
        "moved: Forests (again → other)",
    ]


def test_a_move_below_another_heading_with_the_same_text_is_told() -> None:
    text = "# Week\n- [ ] a\n- [ ] b\n# Week\n- [ ] c\n"
    notes = FollowedNotes(plan=text)
    moved = "# Week\n- [ ] a\n# Week\n- [ ] b\n- [ ] c\n"
    assert notes.write(plan=moved) == ["moved: b"]
    assert notes.write(plan=text) == []
    assert notes.write(plan=moved) == ["moved: b"]
    notes.see_all()
    assert notes.write(plan="# Week\n- [ ] new\n" + moved) == ["new: new"], "whichever of them is new"


def test_a_note_that_is_gone_takes_its_tasks_with_it_until_it_is_back() -> None:
    notes = FollowedNotes(plan=PLAN)
    assert len(notes.write(plan=None)) == 7
    assert notes.write(plan=PLAN) == []


def test_what_was_taken_back_before_it_was_seen_is_no_change() -> None:
    notes = FollowedNotes(plan=PLAN)
    notes.write(plan=changed("[ ] Trees", "[x] Trees"))
    notes.write(plan=changed("- [ ] Trees\n- [ ] Forests\n", "- [ ] Forests\n- [ ] Trees\n"))
    notes.write(plan=changed("- [ ] Boosting\n", "- [ ] Boosting\n- [ ] Stacking\n"))
    assert notes.write(plan=PLAN) == []


def test_what_is_seen_is_no_change_any_more_and_the_others_stay() -> None:
    notes = FollowedNotes(plan=PLAN, other="- [ ] else\n")
    notes.write(
        plan="# Maths\n- [x] Sets\n- [ ] Algebra\n  - [x] Vectors\n# Models\n- [ ] Forests\n- [ ] New\n",
        other="- [ ] else\n- [ ] Boosting\n",
    )
    left = notes.words()
    assert sorted(left) == [
        "done: Vectors",
        "gone: Matrices",
        "gone: Trees",
        "moved: Boosting (plan → other)",
        "moved: Sets",
        "new: New",
    ]
    while left:
        notes.see({notes.changes[0].id})
        assert notes.words() == left[1:]
        left = notes.words()
    assert notes.states.seen["plan"] == notes.states.tracked["plan"]


def test_what_was_seen_and_changes_again_is_told_again() -> None:
    notes = FollowedNotes(plan=PLAN)
    notes.write(plan=changed("[ ] Trees", "[x] Trees"))
    notes.see_all()
    assert notes.write(plan=changed("[ ] Trees", "[x] Trees 📅 2026-04-01")) == [
        "edited: Trees 📅 2026-04-01"
    ]


def test_a_lost_line_is_told_before_the_one_that_it_stood_before() -> None:
    notes = FollowedNotes(plan=PLAN)
    notes.write(plan=changed("- [ ] Trees\n", "").replace("- [ ] Boosting\n", ""))
    assert [(one.row.wording, one.place) for one in notes.changes] == [("Trees", 4), ("Boosting", 5)]


@given(
    st.lists(
        st.sampled_from(["# A", "## B", "- [ ] one", "  - [x] one", "- word", "    - [/] two"]), max_size=9
    )
)
def test_the_tasks_of_a_new_note_have_the_numbers_that_following_them_would_give(lines: list[str]) -> None:
    note = rows_of(parse("\n".join(lines)))
    ids, same_ids = count(7), count(7)
    followed = follow({}, {"": note}, (), lambda: next(ids))
    assert numbered(note, lambda: next(same_ids)) == followed.notes.get("", note)
