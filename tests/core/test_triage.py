"""Triage: which tasks a plan changes, the list of parts, the smallest step, and what a week holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from roadtui.core.markdown import parse
from roadtui.core.next_actions.candidates import SuggestionGroup
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.stats.progress import count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType
from roadtui.core.triage.effect import changed_tasks
from roadtui.core.triage.parts import Depth, NoteParts, Split
from roadtui.core.triage.plan import Choice, Decision, PartKey
from roadtui.core.triage.smallest import smallest_first
from roadtui.core.triage.week import capacity, days_for

TODAY = date(2026, 3, 14)
STATUSES = StatusRegistry(
    [
        Status("/", "Doing", "x", StatusType.IN_PROGRESS),
        Status("h", "On hold", " ", StatusType.ON_HOLD),
        Status("-", "Dropped", " ", StatusType.CANCELLED),
    ]
)
NOTE = """\
- [ ] loose
# One
- [ ] p
  - [ ] p1
  - [x] p2
- [ ] q
  - [ ] q1
    - [/] q11
  - [-] q2
## Deep
- [ ] r
# Two
- [ ] s
- [ ] s
# Three
- [x] t
"""
LATER = Decision(Choice.LATER, date(2026, 4, 14))
LATEST = Decision(Choice.LATER, date(2026, 5, 14))
DROP, KEEP = Decision(Choice.DROP), Decision(Choice.KEEP)


def parts_of(text: str) -> NoteParts:
    note = parse(text)
    return NoteParts("Plan.md", "Plan", note, count_progress(note, STATUSES), STATUSES)


def key_of(parts: NoteParts, name: str) -> PartKey:
    """The key of the part with this title; `note` is the whole note."""
    if name == "note":
        return PartKey(parts.path)
    return next(key for key in parts.by_key if key.text and key.text[-1].endswith(name))


@pytest.mark.parametrize(
    ("plan", "changed"),
    [
        ({}, {}),
        ({"note": KEEP}, {}),
        ({"One": DROP}, {"p1": DROP, "q": DROP, "q1": DROP, "q11": DROP, "r": DROP}),
        ({"Deep": LATER}, {"r": LATER}),
        ({"One": DROP, "Deep": KEEP}, {"p1": DROP, "q": DROP, "q1": DROP, "q11": DROP}),
        ({"One": DROP, "q1": KEEP}, {"p1": DROP, "r": DROP}),
        ({"One": LATER, "q11": DROP}, {"p1": LATER, "q": LATER, "q1": LATER, "q11": DROP, "r": LATER}),
        ({"One": DROP, "q11": LATER}, {"p1": DROP, "q11": LATER, "r": DROP}),
        ({"One": LATER, "q11": LATEST}, {"p1": LATER, "q11": LATEST, "r": LATER}),
        ({"note": DROP, "One": KEEP, "q1": LATER}, {"loose": DROP, "q1": LATER, "q11": LATER, "s": DROP}),
        ({"Three": DROP}, {}),
        ({"q2": DROP}, {}),
    ],
    ids=str,
)
def test_the_innermost_decision_counts_and_a_parent_goes_with_all_that_is_open_in_it(
    plan: Mapping[str, Decision], changed: Mapping[str, Decision]
) -> None:
    parts = parts_of(NOTE)
    keyed = {key_of(parts, name): decision for name, decision in plan.items()}
    found = changed_tasks(parts, keyed)
    assert {task.text: decision for task, decision in found} == changed
    assert [task.line for task, _ in found] == sorted(task.line for task, _ in found)


def test_a_decision_follows_its_part_through_changes_of_the_note() -> None:
    parts = parts_of(NOTE)
    plan = {key_of(parts, "Two"): DROP, key_of(parts, "p1"): LATER, PartKey("Other.md"): DROP}
    changed = parts_of("# Zero\n- [ ] z\n" + NOTE.replace("- [ ] p1", "- [/] p1").replace("# One\n", ""))
    found = [(task.text, decision) for task, decision in changed_tasks(changed, plan)]
    assert found == [("p1", LATER), ("s", DROP), ("s", DROP)]
    assert changed_tasks(parts_of(NOTE.replace("# Two", "# Two and a half")), plan)[1:] == []


@pytest.mark.parametrize(
    ("split", "rows"),
    [
        ({}, ["Plan 6 +"]),
        ({"note": Depth.SECTIONS}, ["Plan 6 +", "  One 3 +", "  Two 2 +"]),
        ({"note": Depth.ALL}, ["Plan 6", "  loose 1", "  One 3 +", "  Two 2 +"]),
        (
            {"note": Depth.SECTIONS, "One": Depth.ALL, "q": Depth.ALL},
            ["Plan 6 +", "  One 3", "    p 1 +", "    q 1", "      q1 1 +", "    Deep 1 +", "  Two 2 +"],
        ),
    ],
    ids=str,
)
def test_the_rows_are_the_open_parts_as_far_as_they_are_split(
    split: Mapping[str, Depth], rows: list[str]
) -> None:
    parts = parts_of(NOTE + "# Four\n- [-] w\n")
    keyed: Split = {key_of(parts, name): depth for name, depth in split.items()}
    shown = [
        f"{'  ' * row.depth}{row.title} {row.open}{' +' if row.splits_further else ''}"
        for row in parts.rows(keyed)
    ]
    assert shown == rows


def test_a_part_is_split_level_by_level_until_nothing_more_is_in_it() -> None:
    parts = parts_of(NOTE)
    split: Split | None = {}
    levels = []
    while split is not None:
        levels.append(len(list(parts.rows(split))))
        split = parts.split_further(PartKey(parts.path), split)
    assert levels == [1, 3, 4]
    assert parts.split_further(key_of(parts, "r"), {}) is None
    assert parts.split_further(PartKey("gone"), {}) is None


def test_one_heading_around_everything_is_no_part() -> None:
    parts = parts_of("# All\n## One\n- [ ] a\n## Two\n- [ ] b\n")
    rows = parts.rows({PartKey(parts.path): Depth.SECTIONS})
    assert [row.title for row in rows] == ["Plan", "One", "Two"]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("- [ ] Learn Linear Algebra\n- [ ] Entropy\n- [ ] GANs\n", "Entropy GANs Learn"),
        ("- [ ] [[VANITY]]\n- [ ] read two chapters #book\n- [ ] a - b\n", "a read [[VANITY]]"),
        ("- [ ] one two\n- [h] held\n- [ ] a ⏳ 2026-03-15\n- [/] b ⏳ 2026-03-15\n", "b one"),
        ("- [h] held\n  - [ ] inside\n- [ ] c ⏳ 2026-03-14 📅 2026-03-20\n", "c"),
        ("", ""),
    ],
)
def test_the_smallest_step_has_the_fewest_words_and_leads_nowhere_else(text: str, order: str) -> None:
    tasks = [task for task in parse(text).tasks if task.text != "held" or task.parent]
    found = [Suggestion("Plan.md", task, (), SuggestionGroup.NEXT) for task in tasks]
    sorted_ones = smallest_first(found, STATUSES, TaskFormat.EMOJI, TODAY)
    assert " ".join(one.task.text.split()[0] for one in sorted_ones) == order


@pytest.mark.parametrize(
    ("weekly", "expected"),
    [
        ([], None),
        ([9, 9], None),
        ([5, 0, 0, 0, 5], None),
        ([9, 6, 7, 8, 6, 9, 12, 6, 3, 7, 9, 2], 6),
        ([1, 0, 0, 0, 0, 1, 1], 1),
        ([4, 4, 4], 4),
    ],
)
def test_a_week_holds_what_is_done_in_four_of_five(weekly: list[int], expected: int | None) -> None:
    done = {TODAY - timedelta(weeks=back): count for back, count in enumerate(reversed(weekly))}
    if weekly:  # On the first day of the first week, so that it is known as a whole.
        done[TODAY - timedelta(weeks=len(weekly) - 1, days=6)] = done.pop(
            TODAY - timedelta(weeks=len(weekly) - 1)
        )
    assert capacity(done, TODAY) == expected


@pytest.mark.parametrize(
    ("due", "days"),
    [
        ([None], [0]),
        ([None] * 3, [0, 2, 4]),
        ([None] * 9, [0, 0, 1, 2, 3, 3, 4, 5, 6]),
        ([None, 1, -3], [0, 1, 4]),
    ],
)
def test_the_few_are_spread_over_the_coming_week(due: list[int | None], days: list[int]) -> None:
    by = [TODAY + timedelta(day) if day is not None else None for day in due]
    assert [(day - TODAY).days for day in days_for(by, TODAY)] == days
