"""The sentences of a triage, for screens and commands. Text of notes in them is safe for a terminal."""

from __future__ import annotations

from datetime import date

from roadtui.core.dates import day_text
from roadtui.core.mojibake import repair
from roadtui.core.quantity import quantity
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import display_text
from roadtui.core.triage.plan import Choice, Decision
from roadtui.session.triage.triage import PlanForecasts, Triage, Weight

_ALL_DONE, _NO_TASKS = "Everything is done here.", "There are no tasks here."


def how_much(triage: Triage) -> str:
    """How much is open: `64 open here, 237 in all.`; what is put off apart."""
    progress = triage.progress
    total = progress.open + progress.in_progress
    if not total:
        return nothing_open(progress)
    main = triage.scope.main
    parts = [f"{total:,} open"]
    if main is not None and len(triage.notes) > 1:
        here = main.progress.open + main.progress.in_progress
        parts = [f"{here:,} open here", f"{total:,} in all"]
    put_off = triage.remaining().put_off
    if put_off:
        parts.append(f"{put_off:,} of them put off")
    return f"{', '.join(parts)}."


def has_open(triage: Triage) -> bool:
    """Whether anything is open: else there is nothing to foresee."""
    return bool(triage.progress.open + triage.progress.in_progress)


def nothing_open(progress: Progress) -> str:
    """Why nothing is open: all is done, or there are no tasks at all."""
    return _ALL_DONE if progress.done or progress.cancelled else _NO_TASKS


def when_done(triage: Triage, found: Forecast | NoForecast) -> str:
    """When all is done at the pace of now, or why nobody can say."""
    if isinstance(found, NoForecast):
        return found.sentence
    return f"At your pace ({triage.pace:.1f} a week) you are done on {date_words(found, triage.today)}."


def date_words(found: Forecast | NoForecast, today: date) -> str:
    """The day by which half of the runs are done; a few words where there is none."""
    return day_text(found.half, today) if isinstance(found, Forecast) else "no date"


def sooner(forecasts: PlanForecasts) -> str:
    """`14 weeks sooner`, `2 days later`; empty where nothing moves, or a date is missing."""
    days = forecasts.days_sooner
    if not days:
        return ""
    return f"{span(abs(days))} {'sooner' if days > 0 else 'later'}"


def span(days: int) -> str:
    """A number of days in words: `3 days`, from a week on `2 weeks`."""
    return quantity(days, "day") if days < 7 else quantity(days // 7, "week")


def weight_words(weight: Weight | None) -> str:
    """`+2 weeks`; without a date its share of what is left, `31 %`; empty for what is put off."""
    if weight is None:
        return ""
    if weight.days is None:
        return f"{max(1, round(100 * weight.share))} %"
    return f"+{span(weight.days)}" if weight.days else ""


def percent(odds: float | None) -> str:
    """Odds in percent, never 0 or 100, as a forecast is no promise; empty where they are not known."""
    if odds is None:
        return ""
    return "under 1 %" if odds < 0.01 else "over 99 %" if odds > 0.99 else f"{int(100 * odds)} %"


def deadline_words(forecasts: PlanForecasts, today: date, *, names_note: bool) -> str:
    """The deadline with its day, and the name of its note; empty without one."""
    found = forecasts.deadline
    if found is None:
        return ""
    whose = f"{shown(found.note.name)}, " if names_note else ""
    return f"{whose}deadline {day_text(found.day, today)}"


def decision_words(decision: Decision, today: date) -> str:
    """`keep`, `later  from 1 Jan`, `drop`."""
    if decision.choice is Choice.LATER and decision.day is not None:
        return f"later  from {day_text(decision.day, today)}"
    return decision.choice.value


def left_words(forecasts: PlanForecasts) -> str:
    """What the plan makes of it by counts, where no date can say it: `45 open → 40, 12 of them put off`."""
    now, then = forecasts.left_now, forecasts.left_then
    put_off = f", {then.put_off:,} of them put off" if then.put_off else ""
    return f"{sum(now):,} open → {sum(then):,}{put_off}"


def capacity_words(chosen: int, capacity: int | None) -> str:
    """What a week holds, against what is chosen for it."""
    if capacity is None:
        return "No history yet says what a week holds. Three are a good start."
    if chosen > capacity:
        return f"You plan {chosen}; in most weeks you finish {capacity}."
    return f"In most weeks you finish {capacity}: {chosen} of {capacity} chosen."


def shown(text: str) -> str:
    """Text of a note, repaired and safe for a terminal."""
    return display_text(repair(text))


def lines(count: int) -> str:
    """`27 lines`."""
    return quantity(count, "line")
