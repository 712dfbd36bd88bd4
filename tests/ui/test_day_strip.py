"""The strip of days of the time machine, against tables: which days it shows, and what it says of since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.session.reports.changes_between import TaskChanges
from roadtui.ui.widgets.past.day_cells import LEAST_CELLS, draw_days
from roadtui.ui.widgets.past.since_words import fitting_words
from tests.ui.drawn_colours import TEXT_STYLES

DAYS = [
    date.fromisoformat(f"2026-{day}")
    for day in ("09-29", "09-30", "10-31", "11-02", "11-03", "11-12", "11-21")
]
OVER_NEW_YEAR = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]


@pytest.mark.parametrize(
    ("days", "chosen", "width", "months", "line"),
    [
        (DAYS, 6, 30, "  Sep    Oct Nov", "  29 30  31   2  3 12[21]"),
        (DAYS, 0, 30, "  Sep    Oct Nov", " [29]30  31   2  3 12 21"),
        (DAYS, 1, 30, "  Sep    Oct Nov", "  29[30] 31   2  3 12 21"),
        (DAYS, 2, 15, "  Sep Oct Nov", "… 30 [31]  2 …"),
        (DAYS, 3, 15, "  Oct Nov", "… 31 [ 2] 3 …"),
        (DAYS, 6, 15, "  Nov", "…  2  3 12[21]"),
        (OVER_NEW_YEAR, 1, 30, "  Dec    Jan 2027", "  30[31]  1  2  3"),
        (DAYS[-1:], 0, 30, "  Nov", " [21]"),
    ],
)
def test_months_stand_above_the_days(
    days: list[date], chosen: int, width: int, months: str, line: str
) -> None:
    drawn = draw_days(days, chosen, width, TEXT_STYLES, months_above=True)
    assert (drawn.months.text.rstrip(), drawn.days.text.rstrip()) == (months, line)


@pytest.mark.parametrize(
    ("chosen", "width", "line"),
    [
        (6, 40, "  Sep 29 30 Oct 31 Nov  2  3 12[21]"),
        (0, 40, "  Sep[29]30 Oct 31 Nov  2  3 12 21"),
        (1, 40, "  Sep 29[30]Oct 31 Nov  2  3 12 21"),
        (6, 20, "… Nov  2  3 12[21]"),
        (2, 20, "  Sep 29 30 Oct[31]…"),
        (3, 20, "… Oct 31 Nov[ 2] 3 …"),
        (6, 10, "… Nov[21]"),
        (6, 6, "[21]"),
    ],
)
def test_months_stand_between_the_days(chosen: int, width: int, line: str) -> None:
    drawn = draw_days(DAYS, chosen, width, TEXT_STYLES, months_above=False)
    assert not drawn.months.text.strip()
    assert drawn.days.text.rstrip() == line


@given(
    st.sets(st.integers(0, 900), min_size=1, max_size=90),
    st.integers(0, 89),
    st.integers(4, 170),
    st.booleans(),
)
def test_lines_are_as_wide_as_asked_for_and_the_chosen_day_is_in_view(
    offsets: set[int], chosen: int, width: int, months_above: bool
) -> None:
    days = [date(2026, 1, 1) + timedelta(offset) for offset in sorted(offsets)]
    chosen %= len(days)
    drawn = draw_days(days, chosen, width, TEXT_STYLES, months_above=months_above)
    for strip in (drawn.months, drawn.days):
        assert strip.cell_length == len(strip.text) == width
    text = drawn.days.text
    assert f"[{days[chosen].day:2}]" in text
    assert drawn.day_at(text.index("[")) == chosen
    if width < LEAST_CELLS:
        return
    in_view = [place for place in drawn.places if "…" not in text[place.start : place.end]]
    for place in in_view:
        assert text[place.start : place.end].strip(" []") == str(days[place.at].day)
    at = [place.at for place in in_view]
    assert at == list(range(at[0], at[-1] + 1))
    assert drawn.day_at(0) == (at[0] - 1 if at[0] else None)
    assert text.rstrip().endswith("…") is (at[-1] + 1 < len(days))
    assert drawn.day_at(len(text.rstrip()) - 1) == min(at[-1] + 1, len(days) - 1)
    assert drawn.day_at(len(text.rstrip())) is None


@pytest.mark.parametrize(
    ("changes", "width", "words"),
    [
        (TaskChanges(5, 0, 12), 40, "since then: +5 tasks, 12 done"),
        (TaskChanges(5, 0, 12), 29, "since then: +5 tasks, 12 done"),
        (TaskChanges(5, 0, 12), 28, "since: +5, 12 done"),
        (TaskChanges(5, 0, 12), 14, "+5, 12 done"),
        (TaskChanges(5, 0, 12), 8, "+5, 12 …"),
        (TaskChanges(1, 2, 0), 40, "since then: +1 task, 2 removed"),
        (TaskChanges(1, 2, 3), 40, "since then: +1 task, 2 removed, 3 done"),
        (TaskChanges(1, 2, 3), 30, "since then: +1 task, 3 done"),
        (TaskChanges(0, 2, 0), 14, "2 removed"),
        (TaskChanges(0, 0, 1), 40, "since then: 1 done"),
        (TaskChanges(), 40, "since then: nothing added or done"),
        (TaskChanges(), 20, "since: nothing new"),
        (TaskChanges(), 14, "nothing new"),
        (TaskChanges(1_200, 0, 1_000), 60, "since then: +1,200 tasks, 1,000 done"),
    ],
)
def test_since_then_takes_the_longest_words_that_fit(changes: TaskChanges, width: int, words: str) -> None:
    assert fitting_words(changes, width) == words


@pytest.mark.parametrize(
    ("name", "changes", "width", "words"),
    [
        ("Plan", TaskChanges(1, 0, 3), 40, "in Plan: +1 task, 3 done"),
        ("Plan", TaskChanges(1, 0, 3), 22, "in Plan: +1, 3 done"),
        ("A long name of a note", TaskChanges(1, 0, 3), 30, "in A long na…: +1 task, 3 done"),
        ("A long name of a note", TaskChanges(1, 0, 3), 14, ""),
        ("Plan", TaskChanges(), 40, "in Plan: nothing added or done"),
    ],
)
def test_the_open_note_is_named_where_there_is_room(
    name: str, changes: TaskChanges, width: int, words: str
) -> None:
    assert fitting_words(changes, width, name) == words
