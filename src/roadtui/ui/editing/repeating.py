"""When a task comes again: a rule in words, and the days that follow from it while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from roadtui.core.dates import MONTHS
from roadtui.core.fields import FieldKind, Fields
from roadtui.core.recurrence import next_dates, read_rule
from roadtui.ui.editing.desk import Desk
from roadtui.ui.editing.state import common, fields_of
from roadtui.ui.panels.opening import Where
from roadtui.ui.panels.prompt import Hint, Prompt, Question

_EXAMPLES = "every week, every month on the 1st or every 2 days when done"
_MOST_DAYS = 3


async def repeat(desk: Desk) -> None:
    """Give the selected tasks a rule, or take theirs away."""
    tasks, note, today = desk.tasks, desk.note, desk.reading.today
    found = fields_of(desk, tasks)
    now = common(fields.recurrence for fields in found)

    async def submit(text: str) -> None:
        rule = " ".join(text.split()) or None
        if len(tasks) > 1 or rule != now:
            await desk.written(desk.edits.set_rule(note, tasks, rule))

    hint = partial(rule_hint, today=today, tasks=found, now=now)
    question = Question("repeat ", hint, submit, value=now or "", selects=True)
    await desk.ask(Prompt(question, desk.opening(Where.BELOW), desk.inks))


def rule_hint(text: str, *, today: date, tasks: Sequence[Fields], now: str | None) -> Hint:
    """What `text` means as a rule: `then 27 Nov, 4 Dec, 11 Dec`.

    Args:
        text: What was typed so far.
        today: The day.
        tasks: What the tasks say that it is for; the first one's days are shown.
        now: The rule that is set; None where there is none, or not the same for all.
    """
    words = " ".join(text.split())
    for_all = f", for {len(tasks)} tasks" if len(tasks) > 1 else ""
    if not words:
        return Hint(f"ends the repetition{for_all}" if now or len(tasks) > 1 else f"try {_EXAMPLES}")
    if read_rule(words) is None:
        return Hint(f"“{words}” is no rule that I know. Try {_EXAMPLES}.", is_wrong=True)
    days = following_days(words, tasks[0], today)
    if not days:
        return Hint(f"does not come again{for_all}")
    spoken = ", ".join(_short_day(day, today) for day in days)
    return Hint(f"then {spoken}{'' if _days_of(tasks[0]) else '; needs a date (D)'}{for_all}")


def following_days(rule: str, fields: Fields, today: date) -> list[date]:
    """The next days of a task that repeats by `rule`, each time done on its day; the first of them.

    It counts from its due, else its scheduled, else its start date (Tasks plugin), else from today.
    """
    own = next(iter(_days_of(fields)), today)
    days: list[date] = []
    while len(days) < _MOST_DAYS:
        last, done = (days[-1], days[-1]) if days else (own, today)
        follows = (next_dates(rule, {FieldKind.DUE: last}, done) or {}).get(FieldKind.DUE)
        if follows is None:
            break
        days.append(follows)
    return days


def _short_day(day: date, today: date) -> str:
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()}{year}"


def _days_of(fields: Fields) -> list[date]:
    """The days of a task, the one that a rule counts from first."""
    return [day for day in (fields.due, fields.scheduled, fields.start) if day is not None]
