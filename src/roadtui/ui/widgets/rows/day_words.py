"""Says in words what a row has to say of its task: due when, done when, what it waits for. Pure.

Each has several forms, longest first, so that a row can take the one that leaves its name whole. A word or a
sign for what kind of day it is stays in every form, unless the checkbox says it already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from roadtui.core.dates import MONTHS, WEEKDAYS, day_text
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import ellipsize
from roadtui.ui.render import WAITING_GLYPH
from roadtui.ui.widgets.rows.columns import CellForms, Form, Words, form_cells

_NAME_CELLS = (40, 24, 16, 12, 8)
"""How long the name of a task that is waited for is in the forms of what waits for it."""
_JOINT, _SPACE = Words(" · ", "dim"), Words(" ", "dim")
READY_GLYPH, DUE_GLYPH, PLANNED_GLYPH, START_GLYPH, DONE_GLYPH, DOING_GLYPH = "✓!~≥✓◐"
"""What stands for "ready", "due", "planned", "from", "done" and "started" in a narrow pane."""


class TaskFacts(NamedTuple):
    """What the row of a task has to say in its date column."""

    kind: StatusType
    waits_for: tuple[str, ...] = ()
    """The names of the open tasks that have to be done first."""
    waits_until: date | None = None
    is_held: bool = False
    """Whether it waits, be it for what a task around it waits for."""
    has_waiting_box: bool = False
    """Whether its checkbox shows that it waits."""
    is_ready: bool = False
    """Whether all that is left to do of it is to tick it."""
    has_bar: bool = False
    """Whether a bar shows that it is in progress."""
    due: date | None = None
    started: date | None = None
    planned: tuple[str, date] | None = None
    """The word for what is planned on a day, and that day."""
    done: date | None = None
    cancelled: date | None = None


@lru_cache(maxsize=512)
def date_forms(facts: TaskFacts, today: date) -> CellForms:
    """What the row of a task says in its date column, from the longest form to the shortest."""
    state_words, state_signs = _state_forms(facts, today)
    day_words, day_signs = _day_forms(facts, today)
    if facts.has_waiting_box and day_words:
        state_words = [*state_words, ()]
    in_words = _combined(state_words, day_words, _JOINT)
    # Where there is no room for both, what it waits for matters more.
    last: list[Form] = [()] if state_signs and any(state_signs) else []
    shortest = form_cells(in_words[-1]) if in_words else 0
    in_signs = [
        form
        for form in _combined([*state_words, *state_signs], [*day_words, *day_signs, *last], _SPACE)
        if form_cells(form) < shortest
    ]
    return CellForms((*in_words, *in_signs), len(in_words))


def _combined(states: list[Form], days: list[Form], joint: Words) -> list[Form]:
    """Both side by side, longest first, each shorter than the one before."""
    both = [
        (*state, joint, *day) if state and day else (*state, *day)
        for state in states or [()]
        for day in days or [()]
    ]
    kept: list[Form] = []
    for form in sorted(both, key=form_cells, reverse=True):
        if (form or len(both) > 1) and (not kept or form_cells(form) < form_cells(kept[-1])):
            kept.append(form)
    return kept


# The state of a task: it waits, or is ready.


def _state_forms(facts: TaskFacts, today: date) -> tuple[list[Form], list[Form]]:
    """Forms in words, and forms that are signs."""
    if facts.is_ready:
        words: list[Form] = [(Words("ready to tick", "done"),), (Words("ready", "done"),)]
        return words, [(Words(READY_GLYPH, "done"),)]
    if not facts.is_held:
        return [], []
    sign = "" if facts.has_waiting_box else WAITING_GLYPH
    texts = [f"{sign} {text}".strip() for text in _waiting_texts(facts, today)]
    signs = [f"{sign}{START_GLYPH}{_short_day(facts.waits_until, today)}"] if facts.waits_until else []
    if not texts:
        texts = [sign]
    return [_dim(text) for text in texts], [_dim(text) for text in (*signs, sign)]


def _dim(text: str) -> Form:
    return (Words(text, "dim"),) if text else ()


def _waiting_texts(facts: TaskFacts, today: date) -> Iterator[str]:
    day = f"from {day_text(facts.waits_until, today)}" if facts.waits_until is not None else ""
    count = len(facts.waits_for)
    if count:
        more = f" +{count - 1}" if count > 1 else ""
        text = ""
        for cells in _NAME_CELLS:
            name = ellipsize(facts.waits_for[0], cells, cell_len)
            text = f"{day} after {name}{more}".lstrip()
            yield text
        short = day or ("waits" if count == 1 else f"waits for {count}")
        if cell_len(short) < cell_len(text):
            yield short
    elif day:
        yield day


# The most important day of a task.


def _day_forms(facts: TaskFacts, today: date) -> tuple[list[Form], list[Form]]:
    """Forms in words, and forms that are signs."""
    if facts.kind is StatusType.DONE:
        return _day("done", DONE_GLYPH, facts.done, today, "faint") if facts.done else ([], [])
    if facts.kind is StatusType.CANCELLED:
        days = [f"cancelled {day_text(facts.cancelled, today)}"] if facts.cancelled else []
        # The checkbox says it, too: the words go before a name is cut.
        return [_faint(text) for text in (*days, "cancelled", "")], []
    if facts.due is not None:
        return _due(facts.due, today)
    if facts.kind is StatusType.IN_PROGRESS:
        if facts.started is not None:
            words, signs = _day("started", DOING_GLYPH, facts.started, today, "doing")
            return [*words, (Words(f"since {_short_day(facts.started, today)}", "doing"),)], signs
        return ([], []) if facts.has_bar else ([(Words("in progress", "doing"),), ()], [])
    if facts.planned is not None:
        return _day(facts.planned[0], PLANNED_GLYPH, facts.planned[1], today, "dim")
    return [], []


def _faint(text: str) -> Form:
    return (Words(text, "faint"),) if text else ()


def _day(word: str, sign: str, day: date, today: date, style: str) -> tuple[list[Form], list[Form]]:
    short = _short_day(day, today)
    in_words: list[Form] = [(Words(f"{word} {text}", style),) for text in (day_text(day, today), short)]
    return in_words, [(Words(f"{sign}{short}", style),)]


def _due(due: date, today: date) -> tuple[list[Form], list[Form]]:
    late = (today - due).days
    if late <= 0:
        return _day("due", DUE_GLYPH, due, today, "due")
    days = "1 day late" if late == 1 else f"{late:,} days late"
    texts = (f"due {_calendar_day(due, today)} · {days}", days)
    return [(Words(text, "overdue"),) for text in texts], [
        (Words(text, "overdue"),) for text in (f"{late}d late", f"{DUE_GLYPH}{late}d")
    ]


def _short_day(day: date | None, today: date) -> str:
    """A day in at most eight cells: `today`, `Fri`, `12 Nov`, `Feb 2027`."""
    if day is None:
        return ""
    if day == today:
        return "today"
    if 0 < (day - today).days < 7:
        return WEEKDAYS[day.weekday()][:3].title()
    words = _calendar_day(day, today)
    return words if day.year == today.year else words.partition(" ")[2]


def _calendar_day(day: date, today: date) -> str:
    words = f"{day.day} {MONTHS[day.month - 1][:3].title()}"
    return words if day.year == today.year else f"{words} {day.year}"
