"""Runs an action of the table on what is selected, after a dialog asked for its argument where it has one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from roadtui.core.dates import MONTHS, WEEKDAYS, day_text, read_date
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.quantity import quantity
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.recurrence import next_dates, read_rule
from roadtui.session.action_requirements import Argument, Requires
from roadtui.session.actions import ACTIONS_BY_ID, TaskAction
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import named
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.hint_line import InputHint
from roadtui.ui.dialogs.menu import MenuDialog
from roadtui.ui.dialogs.prompt import PromptDialog, PromptSpec
from roadtui.ui.widgets.menu_list import MenuItem
from roadtui.ui.widgets.task_row import PRIORITY_SIGNS

Value = TypeVar("Value")
EXAMPLES = "fri, +2w, 1 dec or 2026-12-01"
_RULE_EXAMPLES = "every week, every month on the 1st or every 2 days when done"
_NO_PRIORITY = "none"
_MOST_DAYS = 3


async def run_action(id: str, context: CommandContext) -> None:
    """Do the action `id` to what is selected, with the argument that the user gives in a dialog."""
    action = ACTIONS_BY_ID[id]
    await _ASK[action.argument](context, action)


async def _submit(context: CommandContext, action: TaskAction) -> None:
    contents: Sequence[Section | ListItem] = context.selection.items
    if action.requires is Requires.TASK:
        contents = context.selection.tasks
    elif action.requires is Requires.ROW:
        contents = context.selection.contents
    context.submit(context.actions.build(action.id, context.selection.note, contents))


async def _ask_priority(context: CommandContext, action: TaskAction) -> None:
    tasks, note = context.selection.tasks, context.selection.note
    choices = [
        MenuItem(f"{PRIORITY_SIGNS[level]} ", level.name.lower(), level.name, style=context.text_styles.due)
        for level in PRIORITY_SIGNS
    ]
    choices.append(MenuItem("· ", _NO_PRIORITY, Priority.NONE.name, ("0", "n")))
    current = common(found.priority.name for found in fields_of(context, tasks))

    def submit(name: str) -> None:
        priority = None if name == Priority.NONE.name else Priority[name]
        context.submit(context.actions.build(action.id, note, tasks, priority))

    anchor = context.anchor(AnchorPosition.BELOW)
    title = f"Priority of {named(tasks)}"
    await context.ask(MenuDialog(title, choices, current, anchor, context.text_styles), submit)


async def _ask_day(context: CommandContext, action: TaskAction) -> None:
    kind = action.field
    assert kind is not None, "a day is asked for a date of the tasks"
    tasks, note, today = context.selection.tasks, context.selection.note, context.display_context.today
    now = common(fields.day(kind) for fields in fields_of(context, tasks))

    async def submit(text: str) -> None:
        day = read_date(text, today)
        if text and day is None:
            raise RefusedError(_unreadable(text))
        if len(tasks) > 1 or day != now:
            await context.written(context.actions.build(action.id, note, tasks, day))

    hint = partial(day_hint, today=today, name=kind.value, now=now, count=len(tasks))
    value = now.isoformat() if now else ""
    question = PromptSpec(f"{kind.value} ", hint, submit, value=value, selects=True)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


async def _ask_rule(context: CommandContext, action: TaskAction) -> None:
    tasks, note, today = context.selection.tasks, context.selection.note, context.display_context.today
    found = fields_of(context, tasks)
    now = common(fields.recurrence for fields in found)

    async def submit(text: str) -> None:
        rule = " ".join(text.split()) or None
        if len(tasks) > 1 or rule != now:
            await context.written(context.actions.build(action.id, note, tasks, rule))

    hint = partial(rule_hint, today=today, tasks=found, now=now)
    question = PromptSpec("repeat ", hint, submit, value=now or "", selects=True)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


_ASK: dict[Argument, Callable[[CommandContext, TaskAction], Awaitable[None]]] = {
    Argument.NONE: _submit,
    Argument.DAY: _ask_day,
    Argument.PRIORITY: _ask_priority,
    Argument.RULE: _ask_rule,
}
"""How each kind of argument is asked for; a command with another one needs a handler of its own."""


def day_hint(text: str, *, today: date, name: str, now: date | None, count: int = 1) -> InputHint:
    """The meaning of `text` as a day: `fri → Fri 27 Nov 2026, in 4 days`.

    Args:
        text: The text typed so far.
        today: The day.
        name: The name of the date: `due`.
        now: The present date of the tasks; None where they have none, or not all the same.
        count: The number of tasks.
    """
    typed = " ".join(text.split())
    for_all = f", for {count} tasks" if count > 1 else ""
    if not typed:
        return InputHint(f"removes the {name} date{for_all}" if now or count > 1 else f"try {EXAMPLES}")
    day = read_date(typed, today)
    if day is None:
        return InputHint(_unreadable(typed), is_wrong=True)
    meaning = f"{full_day(day)}, {distance(day, today)}{for_all}"
    if day == now:
        return InputHint(f"{name} {meaning}")
    return InputHint(meaning if typed == day.isoformat() else f"{typed} → {meaning}")


def _unreadable(text: str) -> str:
    return f"“{text}” is not a date. Try {EXAMPLES}."


def full_day(day: date) -> str:
    """`Fri 27 Nov 2026`."""
    return f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


def distance(day: date, today: date) -> str:
    """`in 4 days`, `tomorrow`, `3 weeks ago`; weeks from a month on, months from half a year on."""
    days = abs((day - today).days)
    if days <= 1:
        return day_text(day, today)
    if days < 31:
        words = f"{days} days"
    elif days < 183:
        words = quantity(days // 7, "week")
    elif days < 730:
        words = f"{round(days / 30.44)} months"
    else:
        words = f"{days // 365} years"
    return f"in {words}" if day > today else f"{words} ago"


def fields_of(context: CommandContext, tasks: Iterable[Task]) -> list[Fields]:
    """The fields of each of `tasks`, read in the vault's format."""
    return [read_fields(task.text, context.display_context.format) for task in tasks]


def common(values: Iterable[Value]) -> Value | None:
    """The value that all of `values` are; None where they differ."""
    first, *others = values
    return first if all(other == first for other in others) else None


def rule_hint(text: str, *, today: date, tasks: Sequence[Fields], now: str | None) -> InputHint:
    """The meaning of `text` as a rule: `then 27 Nov, 4 Dec, 11 Dec`.

    Args:
        text: The text typed so far.
        today: The day.
        tasks: The fields of the tasks; the days of the first one are shown.
        now: The present rule of the tasks; None where they have none, or not all the same.
    """
    typed = " ".join(text.split())
    for_all = f", for {len(tasks)} tasks" if len(tasks) > 1 else ""
    if not typed:
        return InputHint(
            f"ends the repetition{for_all}" if now or len(tasks) > 1 else f"try {_RULE_EXAMPLES}"
        )
    if read_rule(typed) is None:
        return InputHint(f"“{typed}” is not a rule for repeating. Try {_RULE_EXAMPLES}.", is_wrong=True)
    days = following_days(typed, tasks[0], today)
    if not days:
        return InputHint(f"does not repeat any more{for_all}")
    shown_days = ", ".join(_short_day(day, today) for day in days)
    return InputHint(f"then {shown_days}{'' if _days_of(tasks[0]) else '; needs a date (D)'}{for_all}")


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
    """The planned days of a task; a rule counts from the first one."""
    return [day for day in (fields.due, fields.scheduled, fields.start) if day is not None]
