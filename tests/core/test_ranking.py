"""What to do next: each reason, its weight, what is not offered: the table of docs/next.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.next_actions.candidates import (
    SHORTLIST,
    NoteCandidates,
    SuggestionGroup,
)
from roadtui.core.next_actions.collector import find_planned
from roadtui.core.next_actions.ranking import Dependencies, Suggestion
from roadtui.core.next_actions.ranking import rank as rank_candidates
from roadtui.core.note import Note, Task
from roadtui.core.stats.progress import CountMode, count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType

TODAY = date(2026, 3, 14)
STATUSES = StatusRegistry(
    [
        Status("/", "Doing", "x", StatusType.IN_PROGRESS),
        Status("h", "On hold", " ", StatusType.ON_HOLD),
        Status("-", "Dropped", " ", StatusType.CANCELLED),
        Status("i", "Info", " ", StatusType.NON_TASK),
    ]
)


LOOKED_AT: dict[str, Note] = {}
"""The last note that `look` has read at each path."""


def look(
    number: int, text: str, *, is_short: bool = False, count: CountMode = CountMode.LEAVES
) -> NoteCandidates:
    note = parse(text)
    LOOKED_AT[f"{number}.md"] = note
    numbers = count_progress(note, STATUSES, count)
    return find_planned(
        f"{number}.md", note, numbers.parents, STATUSES, TaskFormat.EMOJI, is_short=is_short
    ).candidates


def rank(
    outlooks: Sequence[NoteCandidates], dependencies: Dependencies, today: date, count: int | None = None
) -> list[Suggestion]:
    """The suggestions of notes that `look` has read, with their tasks."""
    found = []
    for one in rank_candidates(outlooks, dependencies, today, count):
        task = LOOKED_AT[one.note.path].items[one.candidate.position]
        assert isinstance(task, Task)
        found.append(one.suggestion(task))
    return found


def ranked(*texts: str, today: date = TODAY, count: int | None = None) -> list[Suggestion]:
    outlooks = [look(number, text) for number, text in enumerate(texts)]
    return rank(outlooks, Dependencies.of(outlooks), today, count)


def words(found: Sequence[Suggestion]) -> list[tuple[str, str]]:
    """The first word of each suggestion, and its reasons."""
    return [(one.task.text.split()[0], ", ".join(reason.text for reason in one.reasons)) for one in found]


def names(found: Sequence[Suggestion]) -> str:
    return " ".join(name for name, _ in words(found))


DONE_LATELY = "## Other\n- [x] z ✅ 2026-03-10\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a\n- [ ] b\n", [("a", ""), ("b", "")]),
        ("- [ ] a\n- [/] b\n", [("b", "in progress"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📅 2026-03-11\n", [("b", "3 days late"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📅 2026-03-13\n", [("b", "1 day late"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📅 2026-03-14\n", [("b", "due today"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📅 2026-03-15\n", [("b", "due tomorrow"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📆 2026-03-17\n", [("b", "due Tue"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📆 2026-03-21\n", [("b", "due 21 Mar"), ("a", "")]),
        ("- [ ] a\n- [ ] b 📅 2026-03-22\n", [("a", ""), ("b", "due 22 Mar")]),
        ("- [ ] a\n- [ ] b [due:: 2027-02-14]\n", [("a", ""), ("b", "due 14 Feb 2027")]),
        ("- [ ] b ⏫ 📅 2026-03-21\n", [("b", "due 21 Mar, high priority")]),
        ("- [ ] b ⏫ 📅 2026-03-22\n", [("b", "high priority, due 22 Mar")]),
        ("- [/] b 📅 2026-03-13\n", [("b", "1 day late, in progress")]),
        ("- [/] b 📅 2026-03-29\n", [("b", "in progress, due 29 Mar")]),
        ("- [ ] a\n- [ ] b ⏫\n", [("b", "high priority"), ("a", "")]),
        ("- [ ] a 🔽\n- [ ] b\n- [ ] c ⏬\n", [("b", ""), ("a", "low priority"), ("c", "lowest priority")]),
        ("- [ ] a\n- [ ] b ⏳ 2026-03-14\n", [("b", "planned today"), ("a", "")]),
        ("- [ ] a\n- [ ] b ⏳ 2026-03-01\n", [("b", "planned 1 Mar"), ("a", "")]),
        ("- [ ] a ⏳ 2026-03-15\n- [ ] b\n", [("b", ""), ("a", "planned tomorrow")]),
        ("- [/] a ⏳ 2026-03-15\n", [("a", "in progress, planned tomorrow")]),
        ("- [ ] a\n- [ ] b 🆔 k\n- [ ] c ⛔ k\n", [("b", "unlocks 1"), ("a", "")]),
        ("- [ ] a 🆔 k\n- [ ] b ⛔ k\n- [/] c ⛔ x, k\n- [x] d ⛔ k\n", [("a", "unlocks 2")]),
        (
            "- [ ] a\n- [ ] b\n- [ ] c 🛫 2026-03-14\n",
            [("a", ""), ("c", "started today"), ("b", "")],
        ),
        ("## Part\n- [ ] a\n- [ ] b\n", [("a", "first open in Part"), ("b", "")]),
        ("## Part\n- [x] z\n- [ ] p ⏫\n  - [ ] a\n- [ ] b\n", [("a", "first open in p"), ("b", "")]),
        ("## Part\n- [ ] p\n  - [/] a\n  - [ ] b\n", [("a", "in progress"), ("b", "")]),
        ("## Part\n- [ ] a 🛫 2026-04-01\n- [ ] b\n", [("b", "")]),
        ("# One\n- [ ] a ⏫\n", [("a", "high priority, first open in One")]),
        ("# One\n- [ ] a ⏫ 📅 2026-03-15\n", [("a", "due tomorrow, high priority")]),
        (
            f"## Old\n- [x] y ✅ 2026-02-07\n- [ ] a\n- [ ] b\n{DONE_LATELY}",
            [("a", "first open in Old, nothing done in this section for 5 weeks"), ("b", "")],
        ),
        (
            "## New\n- [x] z ✅ 2026-03-10\n- [ ] a\n- [ ] b\n"
            "## Old\n- [x] y [completion:: 2026-02-14]\n- [ ] c\n- [ ] d\n",
            [
                ("a", "first open in New"),
                ("c", "nothing done in this section for 4 weeks"),
                ("b", ""),
                ("d", ""),
            ],
        ),
        (
            f"- [ ] a\n{DONE_LATELY}## Old\n- [x] y ✅ 2026-02-07\n- [ ] b\n- [ ] c ⏫\n",
            [("c", "high priority"), ("a", ""), ("b", "nothing done in this section for 5 weeks")],
        ),
        ("- [h] a\n- [ ] b\n", [("b", ""), ("a", "on hold")]),
        ("- [ ] p 📅 2026-03-15\n  - [ ] a\n- [ ] b\n", [("a", "topic due tomorrow"), ("b", "")]),
        (
            "- [ ] p 📅 2026-03-15\n  - [h] a\n- [ ] b\n",
            [("b", ""), ("a", "on hold, topic due tomorrow")],
        ),
        ("- [ ] p 📅 2026-03-15\n  - [ ] a 📅 2027-01-01\n", [("a", "first open in p, due 1 Jan 2027")]),
    ],
)
def test_each_reason_in_its_words_and_weight(text: str, expected: list[tuple[str, str]]) -> None:
    assert words(ranked(text)) == expected
    assert words(ranked(text, count=1)) == expected[:1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- [x] a\n- [-] b\n- [i] c\n",
        "- [-] dropped\n  - [ ] with it\n",
        "- [-] dropped\n  - plain\n    - [/] with it\n",
        "- [-] dropped\n  - [ ] with it\n    - [ ] and with it\n",
        "- [ ] a 🛫 2026-03-15\n",
        "- [ ] p 🛫 2026-03-15\n  - [ ] a\n",
        "- [ ] p 🛫 2026-03-15\n  - [ ] q\n    - [ ] a 🛫 2026-03-01\n",
        "- [ ] a 🆔 k ⛔ l\n- [ ] b 🆔 l ⛔ k\n",
    ],
)
def test_what_is_not_offered(text: str) -> None:
    assert ranked(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [x] a 🆔 k\n- [ ] b ⛔ k\n", "b"),
        ("- [-] a 🆔 k\n- [ ] b ⛔ k\n", "b"),
        ("- [ ] a 🆔 k\n- [ ] b ⛔ k\n", "a"),
        ("- [/] a 🆔 k\n- [/] b ⛔ k\n", "a"),
        ("- [x] a 🆔 k\n- [ ] c 🆔 k\n- [ ] b ⛔ k\n", "c"),
        ("- [ ] b ⛔ nowhere\n", "b"),
        ("- [ ] b 🆔 b ⛔ b\n", "b"),
        ("- [ ] p 🆔 k\n  - [ ] a\n- [ ] b ⛔ k\n", "a"),
        ("- [ ] a 🆔 k\n- [ ] p ⛔ k\n  - [ ] b\n", "a"),
        ("- [x] a 🆔 k\n- [ ] c 🆔 l\n- [ ] b [dependsOn:: k, l]\n", "c"),
    ],
)
def test_a_task_waits_for_the_ids_it_names_as_long_as_one_is_open(text: str, expected: str) -> None:
    assert names(ranked(text)) == expected


def test_ids_are_known_across_the_vault_wherever_one_looks() -> None:
    plan, other = look(0, "- [ ] b ⛔ k\n- [ ] c\n"), look(1, "- [ ] a 🆔 k\n")
    tied = Dependencies.of([plan, other])
    assert names(rank([plan], tied, TODAY)) == "c"
    assert words(rank([other], tied, TODAY)) == [("a", "unlocks 1")]


def test_a_note_looked_at_before_is_ranked_anew_by_what_other_notes_say_now() -> None:
    """What is remembered of a note must not outlive a change of the tasks that it is tied to elsewhere."""
    plan = look(0, "- [ ] b ⛔ k\n- [ ] c\n")
    blocker, done = look(1, "- [ ] a 🆔 k\n"), look(1, "- [x] a 🆔 k\n")
    assert names(rank([plan], Dependencies.of([plan, blocker]), TODAY, 1)) == "c"
    assert names(rank([plan], Dependencies.of([plan, done]), TODAY, 1)) == "b"
    assert names(rank([plan], Dependencies.of([plan, blocker]), TODAY, 1)) == "c"

    named, waiter = look(0, "- [ ] x\n- [ ] y 🆔 k\n"), look(1, "- [ ] w ⛔ k\n")
    assert names(rank([named], Dependencies.of([named]), TODAY, 1)) == "x"
    assert names(rank([named], Dependencies.of([named, waiter]), TODAY, 1)) == "y"
    assert names(rank([named], Dependencies.of([named]), TODAY, 1)) == "x"


def test_of_several_open_tasks_with_one_id_the_first_is_named() -> None:
    first, second = (
        look(0, "- [x] z 🆔 k\n- [ ] a 🆔 k\n- [ ] b 🆔 k\n"),
        look(1, "- [ ] c 🆔 k 📅 2026-01-01\n"),
    )
    assert Dependencies.of([first, second]).open_ids == {"k": "a"}
    assert Dependencies.of([second, first]).open_ids == {"k": "c"}


def test_the_weights_come_in_their_order() -> None:
    """Every task has one reason, and none of those that weigh more; one roadmap each."""
    texts = [
        "- [h] hold",
        "- [ ] first\n- [ ] started 🛫 2026-03-01",
        "- [/] doing",
        "- [ ] far 📅 2026-12-01",
        "- [ ] late 📅 2026-03-13",
        "- [ ] soon 📅 2026-03-16",
        "- [ ] key 🆔 k",
        "- [ ] waits ⛔ k",
        "- [ ] later ⏳ 2026-03-15",
        "- [ ] high ⏫",
        "- [ ] planned ⏳ 2026-03-13",
        f"## Old\n- [x] y ✅ 2026-02-07\n- [ ] neglected\n{DONE_LATELY}",
    ]
    expected = "late soon doing planned high key neglected far first started hold later"
    assert names(ranked(*texts)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [/] a\n- [/] b 📅 2026-03-20\n", "b a"),
        ("- [ ] a 📅 2026-03-16\n- [ ] b 📅 2026-03-15\n", "b a"),
        ("- [ ] a 📅 2026-03-10\n- [ ] b 📅 2026-03-09\n", "b a"),
        ("- [ ] a 📅 2026-03-10\n- [ ] b 📅 2026-03-10 🔼\n", "b a"),
        ("- [ ] a 🔼\n- [ ] b 🔺\n", "b a"),
        ("- [ ] a 🆔 k\n- [ ] b 🆔 l\n- [ ] c ⛔ k, l\n- [ ] d ⛔ l\n", "b a"),
        ("- [ ] n\n- [ ] a 📅 2026-12-02\n- [ ] b 📅 2026-12-01\n", "n b a"),
        ("- [/] a\n- [/] b\n", "a b"),
        ("- [h] a\n- [h] b 📅 2026-03-15\n", "b a"),
    ],
)
def test_where_the_first_reason_is_the_same_the_next_one_decides(text: str, expected: str) -> None:
    assert names(ranked(text)) == expected


GROUPS = {
    SuggestionGroup.DUE: "late and due this week",
    SuggestionGroup.IN_PROGRESS: "in progress",
    SuggestionGroup.NEXT: "the next of each roadmap",
    SuggestionGroup.LATER: "and then",
}


def by_group(*texts: str) -> dict[str, str]:
    """The first words of the suggestions, by the title of their group, in order."""
    found: dict[str, str] = {}
    for one in ranked(*texts):
        title = GROUPS[one.group]
        found[title] = f"{found.get(title, '')} {one.task.text.split()[0]}".strip()
    return found


def test_the_groups_come_in_their_order() -> None:
    plan = "- [ ] a\n- [ ] b\n- [ ] c 📅 2026-03-16\n- [/] d\n- [ ] e ⏳ 2026-03-20\n"
    other = "- [/] f\n- [ ] g\n- [/] h 📅 2026-03-13\n- [ ] i 📅 2026-03-21\n- [ ] j 📅 2026-03-22\n"
    found = by_group(plan, other)
    assert list(found.items()) == [
        ("late and due this week", "h c i"),
        ("in progress", "d f"),
        ("the next of each roadmap", "a g"),
        ("and then", "j b e"),
    ]
    assert by_group("- [ ] a\n") == {"the next of each roadmap": "a"}


def test_a_date_of_a_parent_brings_one_of_its_tasks_forward() -> None:
    dated = "- [ ] p 📅 2026-03-15\n  - [ ] a\n  - [/] b\n  - [ ] c\n  - [/] d\n- [ ] e\n"
    assert by_group(dated) == {
        "late and due this week": "b",
        "in progress": "d",
        "the next of each roadmap": "a",
        "and then": "c e",
    }
    assert by_group("- [ ] p 📅 2026-03-15\n  - [ ] a\n- [ ] q 📅 2026-03-15\n  - [ ] b\n") == {
        "late and due this week": "a b"
    }
    own = "- [ ] p 📅 2026-03-15\n  - [ ] a 📅 2026-03-16\n  - [ ] b 📅 2026-03-16\n"
    assert by_group(own) == {"late and due this week": "a b"}


def test_one_of_each_roadmap_comes_before_the_seconds() -> None:
    assert names(ranked("- [/] a\n- [/] b\n- [ ] c\n- [ ] f\n", "- [ ] d\n- [ ] e\n")) == "a b c d f e"


def test_of_equals_the_roadmap_that_moved_last_comes_first_then_the_one_given_first() -> None:
    moved = "- [x] z ✅ 2026-03-1{}\n- [ ] {}\n"
    assert names(ranked("- [ ] a", moved.format(0, "b"), moved.format(2, "c"), "- [ ] d")) == "c b a d"


@pytest.mark.parametrize(
    ("last", "others", "is_neglected"),
    [(27, 0, False), (28, 0, True), (28, 14, True), (28, 15, False), (400, 3, True)],
)
def test_a_section_is_neglected_while_its_roadmap_moves(last: int, others: int, is_neglected: bool) -> None:
    def done(days: int) -> str:
        return f"- [x] y ✅ {TODAY - timedelta(days)}\n"

    found = ranked(f"## Moves\n{done(others)}- [ ] a\n## Old\n{done(last)}- [ ] b\n")
    assert any("nothing done" in reason.text for reason in found[1].reasons) == is_neglected


def test_a_section_with_a_subsection_that_moves_is_not_neglected() -> None:
    text = "## A\n- [x] y ✅ 2026-01-01\n- [ ] a\n### B\n- [x] z ✅ 2026-03-10\n- [ ] b\n"
    assert names(ranked(text)) == "a b"
    assert all("nothing done" not in reason.text for one in ranked(text) for reason in one.reasons)


def test_only_leaves_are_suggested_whatever_is_counted() -> None:
    one = look(0, "- [/] parent\n  - [ ] leaf\n", count=CountMode.ALL)
    assert names(rank([one], Dependencies.of([one]), TODAY)) == "leaf"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("z ✅ 2026-03-10", 10),
        ("z ✅ 2026-03-10 ^block ", 10),
        ("z [completion:: 2026-03-10]", 10),
        ("z (completion:: 2026-03-10)", 10),
        ("z `code` ✅ 2026-03-10", 10),
        ("z ✅ 2026-03-10 and words", 10),
        ("z ✅ 2026-03-09 ⏫ ✅ 2026-03-10", 9),
        ("z ✅ 2026-03-09 words ✅ 2026-03-10", 10),
        ("z `✅ 2026-03-10`", None),
        ("z [a](b✅2026-03-10)", None),
        ("z completion:: 2026-03-10", None),
        ("z ✅ 2026-03-10T10:00", None),
        ("z ✅ 2026-02-30", None),
    ],
)
def test_the_day_that_a_task_was_done_is_that_of_its_field(words: str, day: int | None) -> None:
    found = look(0, f"- [x] {words}\n").outlook.last_done
    assert found == ({0: date(2026, 3, day)} if day is not None else {})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n- [ ] e\n- [ ] f\n", "a b c d e"),
        (
            "- [ ] a\n- [/] b\n- [ ] c ⏫\n- [ ] d\n- [ ] e\n- [ ] f\n- [ ] g\n- [ ] h\n",
            "a b c d e f g",
        ),
        (
            "- [ ] 1\n- [ ] 2\n- [ ] a\n- [ ] b\n- [ ] c\n# Old\n- [x] y ✅ 2026-01-10\n- [ ] d\n- [ ] e\n"
            "# New\n- [ ] f\n",
            "1 2 a b c d",
        ),
    ],
)
def test_a_short_outlook_keeps_what_can_be_the_first_on_some_day(text: str, kept: str) -> None:
    found = look(0, text, is_short=True).outlook.candidates
    sources = [LOOKED_AT["0.md"].items[candidate.position].source for candidate in found]
    assert " ".join(source.partition("] ")[2].split()[0] for source in sources) == kept


_FIELDS = [
    "",
    "",
    "",
    " ⏫",
    " 🔽",
    " 📅 2026-03-15",
    " 📅 2026-09-01",
    " 🛫 2026-04-01",
    " 🛫 2026-03-01",
    " ⏳ 2026-03-20",
]
_LINES = st.builds(
    "{}- [{}] t{}{}".format,
    st.sampled_from(["", "", "  ", "    "]),
    st.sampled_from("   xx/h-"),
    st.sampled_from([" ✅ 2026-01-10", " ✅ 2026-03-12", "", ""]),
    st.sampled_from([*_FIELDS, " 🆔 k", " 🆔 l", " ⛔ k", " ⛔ l, m"]),
)
_NOTES = st.lists(st.one_of(_LINES, st.sampled_from(["## A", "### B"])), max_size=14).map("\n".join)


@given(st.lists(_NOTES, min_size=1, max_size=3), st.integers(1, SHORTLIST), st.integers(-40, 40))
def test_a_short_outlook_suggests_the_same_on_any_day(notes: list[str], count: int, days: int) -> None:
    whole = [look(number, text) for number, text in enumerate(notes)]
    short = [look(number, text, is_short=True) for number, text in enumerate(notes)]
    day = TODAY + timedelta(days)
    found = [
        [
            (one.path, one.task.line, one.group, one.reasons)
            for one in rank(outlooks, Dependencies.of(outlooks), day, count)
        ]
        for outlooks in (whole, short)
    ]
    assert found[0] == found[1]


@given(st.lists(_NOTES, min_size=1, max_size=3))
def test_each_task_is_suggested_once_and_the_groups_are_in_order(notes: list[str]) -> None:
    found = ranked(*notes)
    assert len({(one.path, one.task.line) for one in found}) == len(found)
    assert all(reason.text for one in found for reason in one.reasons)
    order = list(SuggestionGroup)
    assert [one.group for one in found] == sorted((one.group for one in found), key=order.index)
    paths = [one.path for one in found if one.group is SuggestionGroup.NEXT]
    assert len(set(paths)) == len(paths), "one of each roadmap"


@given(st.lists(_NOTES, min_size=1, max_size=3), st.integers(1, SHORTLIST + 1))
@example(["- [ ] t ✅ 2026-01-10", "- [ ] t ✅ 2026-01-10 🔽\n- [ ] t ✅ 2026-01-10"], 2)
@example(["- [ ] t 🔽\n- [ ] t"], 1)
@example(["- [x] t ✅ 2026-03-12\n- [ ] t\n## B\n- [x] t ✅ 2026-01-10\n- [ ] t\n- [ ] t ⏫"], 1)
def test_a_cut_list_is_the_beginning_of_the_whole_one(notes: list[str], count: int) -> None:
    whole, cut = ranked(*notes), ranked(*notes, count=count)
    assert [(one.path, one.task.line, one.group, one.reasons) for one in cut] == [
        (one.path, one.task.line, one.group, one.reasons) for one in whole[:count]
    ]


def test_the_same_roadmap_is_ranked_anew_when_another_note_frees_or_blocks_its_tasks() -> None:
    """An forecasts is kept while its own note stays as it is; what other notes say of it may change."""
    roadmap = look(0, "- [ ] waits ⛔ k\n- [ ] second 🆔 s\n")
    blocked, freed = look(1, "- [ ] first 🆔 k\n"), look(1, "- [x] first 🆔 k\n")
    awaited = look(1, "- [x] first 🆔 k\n- [ ] other ⛔ s\n")

    def first(other: NoteCandidates) -> str:
        return names(rank([roadmap], Dependencies.of([roadmap, other]), TODAY, 1))

    assert [first(other) for other in (blocked, freed, awaited, blocked)] == [
        "second",
        "waits",
        "second",
        "second",
    ]
