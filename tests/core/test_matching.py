"""Following boxes from one state of some notes to the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.matching import entries, match_tasks, normalized_description


def followed(before: dict[str, str], after: dict[str, str]) -> dict[str, str | None]:
    """For each box now, by its words: what it said before; None for a new one."""
    old = {path: entries(parse(text)) for path, text in before.items()}
    new = {path: entries(parse(text)) for path, text in after.items()}
    origin = match_tasks({path: (old.get(path, ()), new.get(path, ())) for path in old | new})
    said: dict[str, str | None] = {}
    for path, found in new.items():
        for at, entry in enumerate(found):
            if entry.is_checkbox:
                was = origin.get((path, at))
                said[f"{path}:{entry.text}"] = f"{was[0]}:{old[was[0]][was[1]].text}" if was else None
    return said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a ✅ 2026-01-01", "a"),
        ("a 🔁 every day 📅 2026-01-01 ✅ 2026-01-01 ^id", "a 🔁 every day 📅 2026-01-01 ^id"),
        ("a  [completion:: 2026-01-01] b", "a b"),
        ("a ❌ 2026-01-01", "a"),
        ("a (created:: 2026-01-01)", "a (created:: 2026-01-01)"),
        ("✅ not a date", "✅ not a date"),
    ],
)
def test_words_are_what_ticking_leaves_as_it_is(text: str, words: str) -> None:
    assert normalized_description(text) == words


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", {"a": "a", "b": "b"}),
        ("- [ ] a\n- [ ] b\n", "- [x] a ✅ 2026-01-01\n- [x] b ✅ 2026-01-01\n", {"a": "a", "b": "b"}),
        ("- [ ] a\n- [ ] b\n", "- [ ] b\n- [ ] a\n", {"a": "a", "b": "b"}),
        ("- [ ] a\n- [ ] b\n- [ ] c\n", "- [ ] b\n\n# New\n  - [ ] a\n", {"a": "a", "b": "b"}),
        ("- [ ] read the paper\n", "- [ ] new\n- [ ] read that paper\n",
         {"new": None, "read that paper": "read the paper"}),
        ("- [ ] milk\n- [ ] b\n", "- [ ] dairy\n- [ ] b\n", {"dairy": "milk", "b": "b"}),
        # Two were taken away: which of them the new one was, if any, is not known.
        ("- [ ] milk\n- [ ] sugar\n- [ ] b\n", "- [ ] plumber\n- [ ] b\n", {"plumber": None, "b": "b"}),
        # Reworded and in the other order: each is the one that it is most like, not the one in its place.
        ("- [ ] write chapter one\n- [ ] write chapter two\n",
         "- [ ] write the chapter two\n- [x] write the chapter one\n",
         {"write the chapter two": "write chapter two", "write the chapter one": "write chapter one"}),
        ("- [ ] read paper A\n- [ ] read paper B\n", "- [ ] read paper B twice\n",
         {"read paper B twice": "read paper B"}),
        ("- [ ] milk\n- [ ] read the book\n", "- [ ] read this book\n- [ ] dairy\n",
         {"read this book": "read the book", "dairy": "milk"}),
        # Two that are like one: the one that is most like it.
        ("- [ ] read the paper\n", "- [ ] read the papers now\n- [ ] read the papers\n",
         {"read the papers now": None, "read the papers": "read the paper"}),
        ("# B\n- [x] read\n", "# A\n- [ ] new\n# B\n- [x] read\n", {"new": None, "read": "read"}),
        ("- [ ] a 🔁 every day 📅 2026-01-01\n",
         "- [ ] a 🔁 every day 📅 2026-01-02\n- [x] a 🔁 every day 📅 2026-01-01 ✅ 2026-01-01\n",
         {"a 🔁 every day 📅 2026-01-02": None,
          "a 🔁 every day 📅 2026-01-01": "a 🔁 every day 📅 2026-01-01"}),
    ],
)  # fmt: skip
def test_within_a_note(before: str, after: str, expected: dict[str, str | None]) -> None:
    found = followed({"A": before}, {"A": after})
    assert found == {f"A:{now}": was and f"A:{was}" for now, was in expected.items()}


def test_a_subtree_that_leaves_one_note_is_found_in_the_other() -> None:
    before = {"A": "- [ ] a\n  - [ ] b\n- [ ] c\n", "B": "# B\n- [ ] d\n"}
    after = {"A": "- [ ] c\n", "B": "# B\n- [ ] a\n  - [x] b\n- [ ] d\n"}
    assert followed(before, after) == {"A:c": "A:c", "B:a": "A:a", "B:b": "A:b", "B:d": "B:d"}


def test_a_note_under_another_name_keeps_all_its_boxes_in_their_order() -> None:
    text = "- [ ] a\n- [x] twin\n- [ ] twin\n- [ ]\n"
    old, new = entries(parse(text)), entries(parse(text))
    origin = match_tasks({"A": (old, ()), "B": ((), new)})
    assert origin == {("B", at): ("A", at) for at in range(3)}, "an empty box says nothing"


def test_a_new_section_of_the_same_items_takes_nothing_from_the_old_ones() -> None:
    there = "# 1\n- [x] read\n- [x] exercise\n# 2\n- [ ] read\n- [ ] exercise\n"
    old, new = entries(parse(there)), entries(parse(f"# 0\n- [ ] read\n- [ ] exercise\n{there}"))
    origin = match_tasks({"A": (old, new)})
    assert origin == {("A", at + 3): ("A", at) for at in (1, 2, 4, 5)}


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.integers(0, 8))
def test_unique_tasks_are_followed_wherever_they_go(order: list[int], done: set[int], split: int) -> None:
    before = {"A": "".join(f"- [ ] task {number}\n" for number in range(8)), "B": ""}
    lines = [f"- [{'x' if number in done else ' '}] task {number}\n" for number in order]
    found = followed(before, {"A": "".join(lines[:split]), "B": "".join(lines[split:])})
    assert {now.partition(":")[2]: (was or "").partition(":")[2] for now, was in found.items()} == {
        f"task {number}": f"task {number}" for number in range(8)
    }


def test_every_heading_above_a_box_is_an_entry_before_it() -> None:
    found = entries(parse("# One\n## Two\n### Three\n- [ ] a\n- [x] b\n# Four\n# Five\n- [ ] c\n# Last\n"))
    assert [entry.text for entry in found] == [
        "# One",
        "# Two",
        "# Three",
        "a",
        "b",
        "# Four",
        "# Five",
        "c",
    ]


def test_two_headings_before_a_box_tell_it_from_its_twin() -> None:
    """The week's own heading stands above the day's; a new week on top takes nothing from the last one."""
    week = "# Week {}\n## Monday\n- [{}] exercise\n- [{}] read\n"
    before = entries(parse(week.format(1, "x", " ") + week.format(2, " ", "x")))
    after = entries(parse(week.format(3, " ", " ") + week.format(1, "x", " ") + week.format(2, " ", "x")))
    assert match_tasks({"A": (before, after)}) == {("A", at + 4): ("A", at) for at in (2, 3, 6, 7)}
