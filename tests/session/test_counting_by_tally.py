"""Counting what a query finds in a note that is not read: the same number as by asking each item, or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Task
from roadtui.core.query.items import QueryContext, QueryNote, items_of, note_item
from roadtui.core.query.query import read_query
from roadtui.core.stats.activity import KnownDates
from roadtui.core.tasks.field_specs import FIELD_SPECS, FieldKind, TaskFormat
from roadtui.session.find.search import tally_of
from roadtui.vault.note_content import USUAL_SETTINGS
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

TODAY = date(2026, 11, 26)
DAYS = [TODAY + timedelta(days) for days in (-40, -8, -4, -1, 0, 1, 9)]
PATH = "area/Plan.md"

_TERMS = [
    *(f"is:{state}" for state in ("open", "todo", "doing", "done", "cancelled", "blocked", "waiting")),
    *("is:ready", "is:overdue", "is:stuck", "is:leaf", "is:parent", "is:task", "is:heading"),
    *("due:today", "due:<today", "start:>today", "scheduled:this-week", "scheduled:<=+6d", "cancelled:2026"),
    *("done:this-week", "done:<=yesterday", "done:>yesterday", "created:last-month", "changed:today"),
    *("#one", "status:/", "status:done", "status:todo", "priority:>=high", "priority:none", "path:area"),
    *("path:elsewhere", "section:part", "has:due", "has:tag", "has:id", "has:repeat", "has:subtasks"),
    *("unlocks:>0", "id:b1", "word", '"word two"'),
]
_FIELDS = st.one_of(
    st.builds(
        lambda kind, day, is_emoji: (
            f"{FIELD_SPECS[kind].signs[0]} {day}"
            if is_emoji
            else f"[{FIELD_SPECS[kind].dataview_key}:: {day}]"
        ),
        st.sampled_from([kind for kind in FieldKind if kind.is_date]),
        st.sampled_from([*DAYS, "2026-02-30"]),
        st.booleans(),
    ),
    st.sampled_from(
        ["🆔 b1", "⛔ b1", "⛔ b2", "🔺", "🔁 every day", "#one", "`📅 2026-11-01`", "ü", "word two"]
    ),
)
_LINES = st.one_of(
    st.builds(
        lambda depth, symbol, fields: f"{'  ' * depth}- [{symbol}] word {' '.join(fields)}",
        st.integers(0, 2),
        st.sampled_from(" x/-?>"),
        st.lists(_FIELDS, max_size=3),
    ),
    st.sampled_from(["# Part", "- word", "  - word 📅 2026-11-20", "", "```", "> - [ ] word"]),
)
_QUERIES = st.recursive(
    st.sampled_from(_TERMS),
    lambda parts: st.one_of(
        st.builds("({} {})".format, parts, parts),
        st.builds("({} or {})".format, parts, parts),
        st.builds("-({})".format, parts),
    ),
    max_leaves=3,
)


def counts(text: str, query: str, recorded: list[date], *, is_stuck: bool = False) -> tuple[int | None, int]:
    """How many items of a note match: by its tally, and by asking each of them.

    `recorded` has the days in the history of the first tasks of the note.
    """
    note = VaultNote.of(PATH, parse(text), FileStamp(0, 0, 0, 0, 0), content_hash(text.encode()))
    parsed = note.content.parsed
    asked = QueryNote(PATH, parsed.note, parsed.progress)
    days: dict[Task, date] = dict(zip(parsed.note.tasks, recorded, strict=False))
    context = QueryContext(
        TODAY,
        USUAL_SETTINGS.statuses,
        TaskFormat.EMOJI,
        {"b1": "word"},
        {"b1": 1},
        lambda _: is_stuck,
        lambda _: KnownDates(days, {}),
    )
    read = read_query(query, TODAY)
    found = [note_item(asked, TaskFormat.EMOJI)] if read.has_words else []
    found += items_of(asked, TaskFormat.EMOJI)
    return read.count(tally_of(note), context), sum(read.matches(item, context) for item in found)


@given(
    st.lists(_LINES, max_size=8).map("\n".join),
    _QUERIES,
    st.lists(st.sampled_from(DAYS), max_size=3),
    st.booleans(),
)
def test_a_count_by_the_tally_is_the_number_of_items_that_match(
    text: str, query: str, recorded: list[date], is_stuck: bool
) -> None:
    by_tally, by_items = counts(text, query, recorded, is_stuck=is_stuck)
    assert by_tally in (None, by_items)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("is:doing", 1),
        ("is:overdue sort:due", 1),
        ("is:open", 3),
        ("is:blocked", 0),
        ("is:stuck", 0),
        ("done:this-week sort:-done", 0),
        ("is:open scheduled:<=+6d sort:scheduled", 0),
    ],
)
def test_the_built_in_views_need_no_reading_of_a_common_note(query: str, number: int) -> None:
    text = "# Part\n- [/] word\n- [ ] two 📅 2026-11-20\n- [ ] three\n- [x] four ✅ 2026-11-01\n"
    assert counts(text, query, []) == (number, number)
