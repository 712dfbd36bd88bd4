"""What is said while something is typed, and what is asked before something goes; no screen is needed."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.input_text import as_tasks, count_lines
from roadtui.core.markdown import parse
from roadtui.core.note import ListItem, Note, Section
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.ui.commands.arguments import common, day_hint, distance, following_days, full_day, rule_hint
from roadtui.ui.commands.structure import below_of, delete_question
from roadtui.ui.commands.text import changed_tags, split_parts, typed_tags

DAY = date(2026, 11, 22)
EXAMPLES = "every week, every month on the 1st or every 2 days when done"


def hint(text: str, *tasks: str, now: str | None = None) -> tuple[str, bool]:
    fields = [read_fields(task, TaskFormat.EMOJI) for task in tasks]
    found = rule_hint(text, today=DAY, tasks=fields, now=now)
    return found.text, found.is_wrong


@pytest.mark.parametrize(
    ("text", "tasks", "now", "words"),
    [
        ("", ["a"], None, f"try {EXAMPLES}"),
        ("  ", ["a"], "every week", "ends the repetition"),
        ("", ["a", "b"], None, "ends the repetition, for 2 tasks"),
        ("every week", ["a 📅 2026-11-20"], None, "then 27 Nov, 4 Dec, 11 Dec"),
        ("every  week", ["a ⏳ 2026-12-20"], None, "then 27 Dec, 3 Jan 2027, 10 Jan 2027"),
        ("every day", ["a 🛫 2026-11-20"], None, "then 21 Nov, 22 Nov, 23 Nov"),
        ("every day", ["a 📅 2026-11-01 ⏳ 2026-12-01 🛫 2026-12-24"], None, "then 2 Nov, 3 Nov, 4 Nov"),
        ("every week", ["a"], None, "then 29 Nov, 6 Dec, 13 Dec; needs a date (D)"),
        ("every 2 days when done", ["a 📅 2026-11-01"], None, "then 24 Nov, 26 Nov, 28 Nov"),
        ("every week", ["a 📅 2026-11-20", "b"], None, "then 27 Nov, 4 Dec, 11 Dec, for 2 tasks"),
    ],
)
def test_a_rule_while_it_is_typed(text: str, tasks: list[str], now: str | None, words: str) -> None:
    assert hint(text, *tasks, now=now) == (words, False)


def test_what_is_no_rule_is_said() -> None:
    assert hint("sometimes", "a") == (f"“sometimes” is not a rule for repeating. Try {EXAMPLES}.", True)


def test_the_days_of_a_rule_end_where_the_calendar_does() -> None:
    fields = read_fields("a 📅 9999-12-30", TaskFormat.EMOJI)
    assert following_days("every day", fields, DAY) == [date(9999, 12, 31)]


@pytest.mark.parametrize(
    ("text", "now", "count", "words"),
    [
        ("", date(2026, 12, 1), 1, "removes the due date"),
        ("", None, 2, "removes the due date, for 2 tasks"),
        (" ", None, 1, "try fri, +2w, 1 dec or 2026-12-01"),
        ("2026-12-01", date(2026, 12, 1), 1, "due Tue 1 Dec 2026, in 9 days"),
        ("1 dec", None, 3, "1 dec → Tue 1 Dec 2026, in 9 days, for 3 tasks"),
        ("next  week", None, 1, "next week → Sun 29 Nov 2026, in 7 days"),
    ],
)
def test_a_day_while_it_is_typed(text: str, now: date | None, count: int, words: str) -> None:
    assert day_hint(text, today=DAY, name="due", now=now, count=count).text == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        *((0, "today"), (1, "tomorrow"), (-1, "yesterday"), (2, "in 2 days"), (-2, "2 days ago")),
        *((30, "in 30 days"), (31, "in 4 weeks"), (182, "in 26 weeks"), (183, "in 6 months")),
        *((729, "in 24 months"), (730, "in 2 years"), (-1095, "3 years ago")),
    ],
)
def test_how_far_a_day_is(days: int, words: str) -> None:
    assert distance(date.fromordinal(DAY.toordinal() + days), DAY) == words


def test_a_day_in_full_and_what_all_have_in_common() -> None:
    assert full_day(date(2026, 1, 5)) == "Mon 5 Jan 2026"
    assert (common([1]), common([1, 1]), common([1, 2]), common([None, None])) == (1, 1, None, None)


NOTE = parse(
    "# One\n- [ ] a\n  - [ ] b\n    - plain\n  - [x] c\n- [ ] d\n- bullet\n"
    "# Two\n## Inner\n- [ ] e\n# Three\nwords\n"
)


def named(note: Note, *names: str) -> list[Section | ListItem]:
    found: list[Section | ListItem] = []
    for name in names:
        found += [section for section in note.sections if section.title == name]
        found += [item for item in note.items if item.source.strip().endswith(name)]
    return found


@pytest.mark.parametrize(
    ("names", "question"),
    [
        (["d"], None),
        (["bullet"], None),
        (["a"], "Delete “a” and the 2 tasks below it?"),
        (["b"], "Delete “b”?"),
        (["d", "c"], "Delete 2 tasks?"),
        (["d", "bullet"], "Delete 2 items?"),
        (["a", "d"], "Delete 2 tasks and the 2 tasks below them?"),
        (["One"], "Delete the heading “One” and everything below it: 4 tasks?"),
        (["Two"], "Delete the heading “Two” and everything below it: 1 task?"),
        (["Three"], "Delete the heading “Three” and everything below it?"),
    ],
)
def test_what_is_asked_before_something_is_deleted(names: list[str], question: str | None) -> None:
    assert delete_question(NOTE, named(NOTE, *names)) == question


def test_what_is_inside_an_item() -> None:
    inside = {
        item.source.strip(): [inner.source.strip() for inner in below_of(NOTE, item)] for item in NOTE.items
    }
    assert inside["- [ ] a"] == ["- [ ] b", "- plain", "- [x] c"]
    assert inside["- [ ] b"] == ["- plain"]
    assert inside["- bullet"] == inside["- [ ] d"] == inside["- [ ] e"] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a|b", ["a", "b"]),
        (" a | | b |", ["a", "b"]),
        ("`a|b` | [[c|d]]", ["`a|b`", "[[c|d]]"]),
    ],
)
def test_parts_between_bars(text: str, parts: list[str]) -> None:
    assert split_parts(text) == parts


@pytest.mark.parametrize(
    ("before", "text", "added", "removed"),
    [
        (["#a"], "a", [], []),
        (["#a"], "A", [], []),
        (["#a", "#b"], "b, c  ##c", ["#c"], ["#a"]),
        ([], "", [], []),
        (["#a"], "", [], ["#a"]),
    ],
)
def test_tags_that_come_and_go(before: list[str], text: str, added: list[str], removed: list[str]) -> None:
    assert changed_tags(before, text) == (added, removed)


def test_tags_are_known_with_and_without_their_sign() -> None:
    assert typed_tags("ml #ML,later") == ["#ml", "#later"]


@pytest.mark.parametrize(
    ("text", "tasks", "count"),
    [
        ("", "", 0),
        (" \n\n", "", 0),
        ("a\n\n  b\n", "- [ ] a\n  - [ ] b\n", 2),
        ("* a\n2) b\n- [x] c\n- [y]d\n- [x]", "* [ ] a\n2) [ ] b\n- [x] c\n- [ ] [y]d\n- [x]\n", 5),
        ("-a\n- ", "- [ ] -a\n- [ ] -\n", 2),
    ],
)
def test_lines_become_tasks(text: str, tasks: str, count: int) -> None:
    assert (as_tasks(text), count_lines(text)) == (tasks, count)
