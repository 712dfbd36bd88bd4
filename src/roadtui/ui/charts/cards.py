"""The cards of the insights: each says its numbers in words, and shows them as a picture or as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_words
from roadtui.core.stats.activity import streak_length, weekly
from roadtui.core.stats.forecast import FAN, Forecast, NoForecast
from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import display_text
from roadtui.session.metrics import Metrics
from roadtui.session.summary import odds_words
from roadtui.ui.charts.bar_chart import columns_that_fit, draw_columns
from roadtui.ui.charts.heatmap import draw_heatmap, weeks_that_fit
from roadtui.ui.charts.line_charts import Plotter, draw_burn_up, draw_fan
from roadtui.ui.render import fit_row, progress_bar
from roadtui.ui.styles import TextStyles

YEAR_WEEKS = 53
_MINUTE = 60
NO_DATES = (
    "No dates yet: ticks made here are remembered from now on; "
    "`roadtui history import` finds older ones in git."
)
NO_TASKS = "Nothing to do here."
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
AGE_NAMES = (
    "under a week",
    "up to a month",
    "up to 3 months",
    "up to 6 months",
    "up to a year",
    "over a year",
    "not known",
)


class Metric(NamedTuple):
    """One number and what it is a number of."""

    value: str
    label: str
    is_late: bool = False


class CardTable(NamedTuple):
    """The numbers of a card, for those who see no pictures."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class ChartArea(NamedTuple):
    """What a picture is drawn in."""

    width: int
    height: int
    text_styles: TextStyles
    plot: Plotter | None
    """None until what draws lines is at hand."""


class Card(NamedTuple):
    """One question about time, and its answer."""

    title: str
    says: Callable[[Metrics], Sequence[Metric]]
    draw: Callable[[Metrics, ChartArea], list[Strip]]
    table: Callable[[Metrics], CardTable]
    lacks: Callable[[Metrics], str]
    """A sentence in place of the picture; empty where there is one."""
    legend: Callable[[Metrics, ChartArea], list[Segment]]
    """What the picture shows, beside the title."""


def _lacks_tasks(facts: Metrics) -> str:
    return "" if facts.progress.total else NO_TASKS


def _lacks_dates(facts: Metrics) -> str:
    if not facts.progress.total:
        return NO_TASKS
    return "" if facts.course.done else NO_DATES


def _no_legend(_facts: Metrics, _room: ChartArea) -> list[Segment]:
    return []


def _count(number: int, one: str, several: str) -> Metric:
    return Metric(str(number), one if number == 1 else several)


# Burn-up


def _says_burn_up(facts: Metrics) -> list[Metric]:
    grown = facts.burn_up.scope[-1] - facts.burn_up.scope[0]
    said = [
        Metric(f"{facts.progress.done}/{facts.progress.total}", "done"),
        Metric(str(facts.done_in_span), facts.span.in_words),
        Metric(f"+{grown}", "scope"),
    ]
    undated = facts.course.done_undated
    return [*said, Metric(str(undated), "without a date")] if undated else said


def _draw_burn_up(facts: Metrics, area: ChartArea) -> list[Strip]:
    return draw_burn_up(facts, area.width, area.height, area.text_styles, area.plot)


def _legend_burn_up(_facts: Metrics, area: ChartArea) -> list[Segment]:
    dim, done = area.text_styles.dim, area.text_styles.done
    return [Segment("─ scope", dim), Segment("  ─ done", done)]


def _table_burn_up(facts: Metrics) -> CardTable:
    """The last day of each month, and today."""
    burn_up = facts.burn_up
    days = [date.fromordinal(burn_up.start.toordinal() + at) for at in range(len(burn_up.scope))]
    rows = [
        (_full(day), str(scope), str(done))
        for day, scope, done in zip(days, burn_up.scope, burn_up.done, strict=True)
        if day in (days[0], facts.today) or date.fromordinal(day.toordinal() + 1).day == 1
    ]
    return CardTable(("at the end of", "tasks", "done"), rows)


# Forecast


def _says_forecast(facts: Metrics) -> list[Metric]:
    found, today = facts.forecast, facts.today
    said = []
    if isinstance(found, Forecast):
        said += [Metric("50 %", f"by {day_words(found.half, today)}"), Metric("80 %", _likely(found, today))]
    if facts.deadline is not None and found.odds is not None:
        is_late = found.odds < 0.5
        said.append(Metric(day_words(facts.deadline, today), f"deadline, {odds_words(found.odds)}", is_late))
    return said


def _likely(found: Forecast, today: date) -> str:
    return "later than in five years" if found.likely is None else f"by {day_words(found.likely, today)}"


def _lacks_forecast(facts: Metrics) -> str:
    if not facts.progress.total:
        return NO_TASKS
    return facts.forecast.sentence if isinstance(facts.forecast, NoForecast) else ""


def _draw_fan(facts: Metrics, area: ChartArea) -> list[Strip]:
    assert isinstance(facts.forecast, Forecast)
    return draw_fan(facts, facts.forecast, area.width, area.height, area.text_styles, area.plot)


def _legend_forecast(_facts: Metrics, area: ChartArea) -> list[Segment]:
    text_styles = area.text_styles
    return [
        Segment("─ left", text_styles.text),
        Segment(" ─ median", text_styles.accent),
        Segment(" ⣿", text_styles.faint),
        Segment(" 1 in 2", text_styles.dim),
        Segment(" ⣿", text_styles.track),
        Segment(" 4 in 5", text_styles.dim),
    ]


def _table_forecast(facts: Metrics) -> CardTable:
    headers = ("left after", *(f"{share * 100:.0f} %" for share in FAN))
    if isinstance(facts.forecast, NoForecast):
        return CardTable(headers, [])
    fan = facts.forecast.fan
    step = max(1, len(fan) // 12)
    points = [*fan[:-1:step], fan[-1]]
    return CardTable(headers, [(_full(point.day), *map(str, point.left)) for point in points])


# Completions per week


def _says_weeks(facts: Metrics) -> list[Metric]:
    best = max(facts.weeks, key=lambda week: week.done)
    average = facts.done_in_span * 7 / len(facts.burn_up.done)
    return [
        Metric(str(facts.weeks[-1].done), "this week"),
        Metric(f"{average:.1f}", "on average"),
        Metric(str(best.done), f"best, {day_words(best.monday, facts.today)}"),
    ]


def _draw_weeks(facts: Metrics, area: ChartArea) -> list[Strip]:
    return draw_columns(facts.weeks, area.width, area.height, area.text_styles)


def _legend_weeks(facts: Metrics, area: ChartArea) -> list[Segment]:
    return [
        Segment(
            _last_weeks(columns_that_fit(area.width, len(facts.weeks)), len(facts.weeks)),
            area.text_styles.faint,
        )
    ]


def _last_weeks(shown: int, of: int) -> str:
    return f"{of} weeks" if shown == of else f"… last {shown} of {of} weeks"


def _table_weeks(facts: Metrics) -> CardTable:
    return CardTable(("week from", "done"), [(_full(week.monday), str(week.done)) for week in facts.weeks])


# A year of days


def _says_year(facts: Metrics) -> list[Metric]:
    first = facts.today.toordinal() - facts.today.weekday() - 7 * (YEAR_WEEKS - 1)
    year = {
        day: n
        for day, n in facts.course.done.items()
        if n and first <= day.toordinal() <= facts.today.toordinal()
    }
    return [
        Metric(str(sum(year.values())), "done"),
        Metric(str(len(year)), "active day" if len(year) == 1 else "active days"),
        Metric(streak_length(facts.streak.current), "streak"),
        Metric(streak_length(facts.streak.longest), "longest"),
        *([Metric(_duration(facts.seconds), "in focus")] if facts.seconds >= _MINUTE else []),
    ]


def _duration(seconds: int) -> str:
    """`2 h 5 min`."""
    hours, minutes = divmod(seconds // _MINUTE, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _draw_year(facts: Metrics, area: ChartArea) -> list[Strip]:
    weeks = weeks_that_fit(area.width, YEAR_WEEKS)
    return draw_heatmap(facts.course.done, facts.today, weeks, area.width, area.text_styles)


def _legend_year(_facts: Metrics, area: ChartArea) -> list[Segment]:
    return [Segment(_last_weeks(weeks_that_fit(area.width, YEAR_WEEKS), YEAR_WEEKS), area.text_styles.faint)]


def _table_year(facts: Metrics) -> CardTable:
    """By month; a table of days would be one of 371 rows."""
    weeks = weekly(facts.course.done, facts.today, YEAR_WEEKS)
    first = weeks[0].monday
    months: dict[tuple[int, int], list[int]] = {}
    for ordinal in range(first.toordinal(), facts.today.toordinal() + 1):
        day = date.fromordinal(ordinal)
        months.setdefault((day.year, day.month), []).append(facts.course.done.get(day, 0))
    rows = [
        (date(year, month, 1).strftime("%Y-%m"), str(sum(counts)), str(sum(map(bool, counts))))
        for (year, month), counts in months.items()
    ]
    return CardTable(("month", "done", "active days"), rows)


# Sections side by side


def _says_shares(facts: Metrics) -> list[Metric]:
    complete = sum(share.progress.is_complete for share in facts.shares)
    untouched = sum(not share.progress.done for share in facts.shares)
    return [
        _count(len(facts.shares), "part", "parts"),
        Metric(str(complete), "finished"),
        Metric(str(untouched), "without a tick"),
    ]


def _lacks_shares(facts: Metrics) -> str:
    return "" if facts.shares else _lacks_tasks(facts) or "There are no parts here to compare."


def _draw_shares(facts: Metrics, area: ChartArea) -> list[Strip]:
    digits = max(len(str(share.progress.total)) for share in facts.shares)
    cells = max(4, min(24, area.width // 4))
    numbers = 2 * digits + 1
    shares = list(facts.shares)
    hidden = max(0, len(shares) - area.height)
    if hidden:
        shares = shares[: max(0, area.height - 1)]
    strips = []
    for share in shares:
        progress = share.progress
        ink = area.text_styles.faint if progress.is_complete else area.text_styles.text
        end = [
            *progress_bar(progress, cells, area.text_styles),
            Segment(f" {progress.percent:3} %", ink),
            Segment(f"  {progress.done}/{progress.total}".rjust(numbers + 2), area.text_styles.dim),
        ]
        strips.append(
            fit_row(area.width, [], (display_text(share.title), ink), end, end[1 - len(end) :][-2:])
        )
    if hidden:
        words = f"… and {len(facts.shares) - len(shares)} more"
        strips.append(fit_row(area.width, [], (words, area.text_styles.faint)))
    return strips


def _table_shares(facts: Metrics) -> CardTable:
    def numbers(progress: Progress) -> tuple[str, ...]:
        return (
            f"{progress.percent} %",
            str(progress.done),
            str(progress.in_progress),
            str(progress.open),
            str(progress.total),
        )

    rows = [(display_text(share.title), *numbers(share.progress)) for share in facts.shares]
    return CardTable(("part", "percent", "done", "doing", "open", "of"), rows)


# Weekdays


def _says_weekdays(facts: Metrics) -> list[Metric]:
    most = max(facts.weekdays)
    best = [name for name, count in zip(WEEKDAYS, facts.weekdays, strict=True) if count == most]
    said = [Metric(str(facts.done_in_span), facts.span.in_words)]
    return [*said, Metric(best[0], "busiest")] if most and len(best) == 1 else said


def _draw_weekdays(facts: Metrics, area: ChartArea) -> list[Strip]:
    return _bars(list(zip(WEEKDAYS, facts.weekdays, strict=True)), area, area.text_styles.done)


def _table_weekdays(facts: Metrics) -> CardTable:
    return CardTable(
        ("weekday", "done"), [(n, str(c)) for n, c in zip(WEEKDAYS, facts.weekdays, strict=True)]
    )


# Ages


def _ages(facts: Metrics) -> list[tuple[str, int]]:
    return list(zip(AGE_NAMES, (*facts.ages.counts, facts.ages.unknown), strict=True))


def _says_ages(facts: Metrics) -> list[Metric]:
    old = sum(facts.ages.counts[-2:])
    return [Metric(str(facts.left), "open"), Metric(str(old), "for more than half a year")]


def _lacks_ages(facts: Metrics) -> str:
    if not facts.left:
        return _lacks_tasks(facts) or "Nothing is open."
    if facts.ages.unknown == facts.left:
        return "Nobody knows since when these are there: a created date says so, or the history from now on."
    return ""


def _draw_ages(facts: Metrics, area: ChartArea) -> list[Strip]:
    return _bars(_ages(facts), area, area.text_styles.accent)


def _table_ages(facts: Metrics) -> CardTable:
    return CardTable(("there for", "open"), [(name, str(count)) for name, count in _ages(facts)])


def _bars(counts: Sequence[tuple[str, int]], area: ChartArea, ink: Style) -> list[Strip]:
    """A row for each: name, bar in proportion to the most, number."""
    names = max(cell_len(name) for name, _ in counts)
    most = max(count for _, count in counts)
    digits = len(str(most))
    cells = max(1, area.width - names - digits - 4)
    strips = []
    for name, count in counts:
        halves = -(-count * 2 * cells // most) if most else 0
        drawn = "━" * (halves // 2) + "╸" * (halves % 2)
        strips.append(
            Strip(
                [
                    Segment(name.ljust(names + 2), area.text_styles.dim),
                    Segment(drawn, ink),
                    Segment("─" * (cells - len(drawn)), area.text_styles.track),
                    Segment(
                        str(count).rjust(digits + 2),
                        area.text_styles.text if count else area.text_styles.faint,
                    ),
                ]
            )
        )
    return strips[: area.height]


def _full(day: date) -> str:
    return day.isoformat()


BURN_UP = Card("burn-up", _says_burn_up, _draw_burn_up, _table_burn_up, _lacks_tasks, _legend_burn_up)
FORECAST = Card("forecast", _says_forecast, _draw_fan, _table_forecast, _lacks_forecast, _legend_forecast)
YEAR = Card("a year of days", _says_year, _draw_year, _table_year, _lacks_dates, _legend_year)
WEEKS = Card("completions per week", _says_weeks, _draw_weeks, _table_weeks, _lacks_dates, _legend_weeks)
PER_WEEKDAY = Card("weekdays", _says_weekdays, _draw_weekdays, _table_weekdays, _lacks_dates, _no_legend)
SHARES = Card("side by side", _says_shares, _draw_shares, _table_shares, _lacks_shares, _no_legend)
AGES = Card("age of what is open", _says_ages, _draw_ages, _table_ages, _lacks_ages, _no_legend)
CARDS = (BURN_UP, FORECAST, YEAR, WEEKS, PER_WEEKDAY, SHARES, AGES)
"""In the order in which they are looked at."""
