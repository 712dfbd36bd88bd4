"""Commands on the state of tasks: tick, status, priority, dates, recurrence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from roadtui.core.dates import MONTHS, WEEKDAYS, day_words, read_date
from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.recurrence import next_dates, read_rule
from roadtui.core.tasks.status import Status, StatusType
from roadtui.session.actions import next_symbol
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import check_writable
from roadtui.ui.commands.structure import below_of
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.menu import MenuDialog, MenuItem
from roadtui.ui.dialogs.prompt import InputHint, PromptDialog, PromptSpec
from roadtui.ui.render import status_sign, status_style
from roadtui.ui.widgets.task_row import PRIORITY_SIGNS
from roadtui.ui.widgets.task_tree import TaskTree

Value = TypeVar("Value")
EXAMPLES = "fri, +2w, 1 dec or 2026-12-01"
_NO_PRIORITY = "none"


# Statuses


def tick(context: CommandContext, asked: TaskTree.ToggleRequested) -> None:
    """Tick or untick, and show it before it is written."""
    try:
        check_writable(asked.note)
        transaction = context.submit(context.edits.toggle(asked.note, asked.tasks, asked.seen))
    except RefusedError as error:
        context.say(str(error), "error")
        return
    statuses = context.reading.statuses
    is_open = [statuses.type_of(seen).is_open for seen in asked.seen]
    for task, seen, opened in zip(asked.tasks, asked.seen, is_open, strict=True):
        stays = any(is_open) and not opened  # Of several, those that are done stay so.
        mark = seen if stays else next_symbol(context.snapshot, task, seen)
        context.tree.show_pending(transaction, asked.note, task, mark)


async def tick_all(context: CommandContext) -> None:
    """Tick or untick tasks with all tasks below them."""
    note, tasks = context.selection.note, context.selection.tasks
    transaction = context.submit(context.edits.toggle_all(note, tasks))
    statuses = context.reading.statuses
    for task in tasks:
        mark = next_symbol(context.snapshot, task, task.status_symbol)
        context.tree.show_pending(transaction, note, task, mark)
        is_done = statuses.type_of(mark) is StatusType.DONE
        mark_below = mark if is_done else statuses.symbol_for(StatusType.TODO) or mark
        for inner in below_of(note.note, task):
            if isinstance(inner, Task):
                kind = statuses.type_of(inner.status_symbol)
                if kind.is_open if is_done else kind is StatusType.DONE:
                    context.tree.show_pending(transaction, note, inner, mark_below)


async def cycle(context: CommandContext) -> None:
    """Give each task its next status."""
    tasks, edits = context.selection.tasks, context.edits
    seen = context.tree.seen(tasks)
    transaction = context.submit(edits.cycle(context.selection.note, tasks, seen))
    for task, mark in zip(tasks, seen, strict=True):
        context.tree.show_pending(transaction, context.selection.note, task, edits.following(mark))


async def doing(context: CommandContext) -> None:
    """Give the tasks the status "in progress"."""
    _give(context, context.selection.tasks, context.reading.statuses.needed_symbol(StatusType.IN_PROGRESS))


async def cancel(context: CommandContext) -> None:
    """Cancel the tasks."""
    _give(context, context.selection.tasks, context.reading.statuses.needed_symbol(StatusType.CANCELLED))


def _give(context: CommandContext, tasks: Sequence[Task], symbol: str) -> None:
    transaction = context.submit(
        context.edits.set_status(context.selection.note, tasks, symbol, context.tree.seen(tasks))
    )
    for task in tasks:
        context.tree.show_pending(transaction, context.selection.note, task, symbol)


async def status(context: CommandContext) -> None:
    """Choose among the statuses of the vault."""
    tasks = context.selection.tasks
    statuses = context.reading.statuses
    seen = [statuses.choice_of(symbol) for symbol in context.tree.seen(tasks)]
    unknown = dict.fromkeys(one for one in seen if not statuses.has(one.symbol))
    choices = [_status_choice(context, found) for found in (*context.edits.statuses(), *unknown)]
    current = common(one.symbol for one in seen)
    menu = MenuDialog(choices, current, context.anchor(AnchorPosition.BELOW), context.text_styles)
    await context.ask(menu, partial(_give, context, tasks))


def _status_choice(context: CommandContext, found: Status) -> MenuItem:
    keys = (found.symbol,) if found.symbol.strip() else ()
    return MenuItem(
        status_sign(found.symbol, context.reading.statuses),
        found.name or "without a name",
        found.symbol,
        keys,
        f"[{found.symbol}]",
        status_style(found.type, context.text_styles),
    )


# Priority


async def priority(context: CommandContext) -> None:
    """Choose a priority."""
    tasks = context.selection.tasks
    choices = [
        MenuItem(f"{PRIORITY_SIGNS[level]} ", level.name.lower(), level.name, style=context.text_styles.due)
        for level in PRIORITY_SIGNS
    ]
    choices.append(MenuItem("· ", _NO_PRIORITY, Priority.NONE.name, ("0", "n")))
    current = common(found.priority.name for found in fields_of(context, tasks))

    def give(name: str) -> None:
        level = Priority[name]
        wanted = None if level is Priority.NONE else level
        context.submit(context.edits.set_priority(context.selection.note, tasks, wanted))

    await context.ask(
        MenuDialog(choices, current, context.anchor(AnchorPosition.BELOW), context.text_styles), give
    )


# Days


async def due(context: CommandContext) -> None:
    """Ask for the due date."""
    await _ask_day(context, FieldKind.DUE, "due", lambda fields: fields.due)


async def scheduled(context: CommandContext) -> None:
    """Ask for the scheduled date."""
    await _ask_day(context, FieldKind.SCHEDULED, "scheduled", lambda fields: fields.scheduled)


async def start_date(context: CommandContext) -> None:
    """Ask for the start date."""
    await _ask_day(context, FieldKind.START, "start", lambda fields: fields.start)


async def _ask_day(
    context: CommandContext, kind: FieldKind, name: str, read: Callable[[Fields], date | None]
) -> None:
    tasks, note, today = context.selection.tasks, context.selection.note, context.reading.today
    now = common(read(fields) for fields in fields_of(context, tasks))

    async def submit(text: str) -> None:
        day = read_date(text, today)
        if text and day is None:
            raise RefusedError(_unreadable(text))
        if len(tasks) > 1 or day != now:
            await context.written(context.edits.set_day(note, tasks, kind, day))

    question = PromptSpec(
        f"{name} ",
        partial(day_hint, today=today, name=name, now=now, count=len(tasks)),
        submit,
        value=now.isoformat() if now else "",
        selects=True,
    )
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


def day_hint(text: str, *, today: date, name: str, now: date | None, count: int = 1) -> InputHint:
    """What `text` means as a day: `fri → Fri 27 Nov 2026, in 4 days`.

    Args:
        text: What was typed so far.
        today: The day.
        name: What the day is called: `due`.
        now: The day that is set; None where there is none, or not the same for all.
        count: For how many tasks it is.
    """
    typed = " ".join(text.split())
    for_all = f", for {count} tasks" if count > 1 else ""
    if not typed:
        return InputHint(f"takes the {name} date away{for_all}" if now or count > 1 else f"try {EXAMPLES}")
    day = read_date(typed, today)
    if day is None:
        return InputHint(_unreadable(typed), is_wrong=True)
    spoken = f"{full_day(day)}, {distance(day, today)}{for_all}"
    if day == now:
        return InputHint(f"{name} {spoken}")
    return InputHint(spoken if typed == day.isoformat() else f"{typed} → {spoken}")


def _unreadable(text: str) -> str:
    return f"“{text}” is not a date. Try {EXAMPLES}."


def full_day(day: date) -> str:
    """`Fri 27 Nov 2026`."""
    return f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


def distance(day: date, today: date) -> str:
    """`in 4 days`, `tomorrow`, `3 weeks ago`; weeks from a month on, months from half a year on."""
    days = abs((day - today).days)
    if days <= 1:
        return day_words(day, today)
    if days < 31:
        distance = f"{days} days"
    elif days < 183:
        distance = quantity(days // 7, "week")
    elif days < 730:
        distance = f"{round(days / 30.44)} months"
    else:
        distance = f"{days // 365} years"
    return f"in {distance}" if day > today else f"{distance} ago"


def fields_of(context: CommandContext, tasks: Iterable[Task]) -> list[Fields]:
    """The fields of each of `tasks`, by the vault's settings."""
    return [read_fields(task.text, context.reading.format) for task in tasks]


def common(values: Iterable[Value]) -> Value | None:
    """The value that all have; None where they differ."""
    first, *others = values
    return first if all(other == first for other in others) else None


_EXAMPLES = "every week, every month on the 1st or every 2 days when done"
_MOST_DAYS = 3


async def repeat(context: CommandContext) -> None:
    """Ask for a recurrence rule."""
    tasks, note, today = context.selection.tasks, context.selection.note, context.reading.today
    found = fields_of(context, tasks)
    now = common(fields.recurrence for fields in found)

    async def submit(text: str) -> None:
        rule = " ".join(text.split()) or None
        if len(tasks) > 1 or rule != now:
            await context.written(context.edits.set_rule(note, tasks, rule))

    hint = partial(rule_hint, today=today, tasks=found, now=now)
    question = PromptSpec("repeat ", hint, submit, value=now or "", selects=True)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


def rule_hint(text: str, *, today: date, tasks: Sequence[Fields], now: str | None) -> InputHint:
    """What `text` means as a rule: `then 27 Nov, 4 Dec, 11 Dec`.

    Args:
        text: What was typed so far.
        today: The day.
        tasks: The fields of the tasks; the dates of the first one are shown.
        now: The rule that is set; None where there is none, or not the same for all.
    """
    typed = " ".join(text.split())
    for_all = f", for {len(tasks)} tasks" if len(tasks) > 1 else ""
    if not typed:
        return InputHint(f"ends the repetition{for_all}" if now or len(tasks) > 1 else f"try {_EXAMPLES}")
    if read_rule(typed) is None:
        return InputHint(f"“{typed}” is not a recurrence rule. Try {_EXAMPLES}.", is_wrong=True)
    days = following_days(typed, tasks[0], today)
    if not days:
        return InputHint(f"does not come again{for_all}")
    spoken = ", ".join(_short_day(day, today) for day in days)
    return InputHint(f"then {spoken}{'' if _days_of(tasks[0]) else '; needs a date (D)'}{for_all}")


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
