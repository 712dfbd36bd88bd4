"""Reads dates as people type them (`fri`, `+2w`, `1 dec`) and describes dates in words ("2 days late").

English, whatever the locale. Pure: today comes in as an argument.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_NAMED_DAYS = {
    "yesterday": -1,
    **dict.fromkeys(("today", "tod", "now"), 0),
    **dict.fromkeys(("tomorrow", "tom", "tmr", "tmrw"), 1),
}
_NUMBER_WORDS = {
    "a": 1,
    "an": 1,
    **{
        word: number
        for number, word in enumerate(
            (
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ),
            1,
        )
    },
}
# Compiled on first use, not at start-up.
_NUMBER = rf"(?P<number>[0-9]{{1,4}}|{'|'.join(_NUMBER_WORDS)})"
_UNIT = r"(?P<unit>d|days?|w|weeks?|m|months?|y|years?)"
_STEP = rf"(?P<sign>[+-]|in )? ?{_NUMBER} ?{_UNIT}(?P<ago> ago)?"
_BARE_STEP = r"(?P<sign>[+-])(?P<number>[0-9]{1,4})"
_ISO = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DAY_OF_MONTH = (
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})?",
    rf"(?:the )?{_DAY}(?: of)? (?P<month>[a-z]{{3,9}})\.?(?: (?P<year>[0-9]{{4}}))?",
    rf"(?P<month>[a-z]{{3,9}})\.? (?:the )?{_DAY}(?: (?P<year>[0-9]{{4}}))?",
)
_MOST_DATE_WORDS = 5
"""As in `the 1st of December 2027`."""
_AMBIGUOUS = ("now", "tod", "tom")
_BEFORE_DATES = ("by", "due", "on", "till", "until")
_YEARS_TO_LOOK_AHEAD = 8
"""The longest time from one 29 February to the next, over a year such as 2100."""


def read_date(text: str, today: date) -> date | None:
    """The day that `text` names, or None where it names none.

    `fri` is the next Friday after today, `next fri` the Friday of the week after this one (weeks begin on
    Monday); `next month` is the same day of the next month. A day without a year is the next such day, today
    included.
    """
    words = " ".join(text.lower().replace(",", " ").split())
    try:
        for read in (_named, _weekday, _next, _end, _step, _full_or_yearless):
            found = read(words, today)
            if found is not None:
                return found
    except (ValueError, OverflowError):
        return None
    return None


class TrailingDate(NamedTuple):
    """A day that a text ends with."""

    day: date
    before: str
    """The text before it."""
    words: str
    """The words that name the day, with `by` and the like before it."""


def trailing_date(text: str, today: date) -> TrailingDate | None:
    """The day, today or later, that the last words of `text` name, if other words are before them.

    The longest such words count. No date here is what is as likely to mean something else: `tom`, `3 days`.
    """
    words = [*re.finditer(r"\S+", text)]
    for count in range(min(_MOST_DATE_WORDS, len(words) - 1), 0, -1):
        start = words[-count].start()
        named = " ".join(word[0] for word in words[-count:]).lower()
        if named in _AMBIGUOUS or (re.fullmatch(_STEP, named) and not named.startswith(("+", "in "))):
            continue
        day = read_date(named, today)
        if day is None or day < today:
            continue
        if len(words) > count + 1 and words[-count - 1][0].lower() in _BEFORE_DATES:
            start = words[-count - 1].start()
        return TrailingDate(day, text[:start].rstrip(), text[start:].strip())
    return None


def read_full_date(text: str) -> date | None:
    """The day of a text with day, month and year: `2027-01-15`, `15 January 2027`; None for any other."""
    words = " ".join(text.lower().replace(",", " ").split())
    match = _match_day(words)
    if match is None or match["year"] is None:
        return None
    try:
        return date(int(match["year"]), _month(match["month"]), int(match["day"]))
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of a shorter month.

    Raises:
        ValueError: the result is outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _days_in_month(year, month + 1)))


def due_text(due: date, today: date) -> str:
    """A due date in few words: "2 days late", "due today", "due tomorrow", "Tue", "12 Nov", "14 Feb 2027"."""
    late = (today - due).days
    if late > 0:
        return "1 day late" if late == 1 else f"{late} days late"
    words = day_text(due, today)
    return f"due {words}" if words in ("today", "tomorrow") else words


def day_text(day: date, today: date) -> str:
    """A day in few words: "yesterday", "today", "tomorrow", "Tue" for the coming six days, "12 Nov" …"""
    ahead = (day - today).days
    for name in ("yesterday", "today", "tomorrow"):
        if _NAMED_DAYS[name] == ahead:
            return name
    if 0 < ahead < 7:
        return WEEKDAYS[day.weekday()][:3].title()
    words = f"{day.day} {MONTHS[day.month - 1][:3].title()}"
    return words if day.year == today.year else f"{words} {day.year}"


def weekday_text(day: date, today: date) -> str:
    """A day with its weekday: `Fri 27 Nov`, `Thu 14 Jan 2027`."""
    words = f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1][:3].title()}"
    return words if day.year == today.year else f"{words} {day.year}"


def _named(words: str, today: date) -> date | None:
    ahead = _NAMED_DAYS.get(words)
    return None if ahead is None else today + timedelta(ahead)


def _weekday(words: str, today: date) -> date | None:
    number = _position(words, WEEKDAYS)
    return None if number is None else today + timedelta((number - today.weekday() - 1) % 7 + 1)


def _next(words: str, today: date) -> date | None:
    which, _, name = words.partition(" ")
    if which == "this":
        return _weekday(name, today - timedelta(1))
    if which != "next":
        return None
    number = _position(name, WEEKDAYS)
    if number is not None:
        return today + timedelta(7 - today.weekday() + number)
    return _after(today, 1, name) if name in ("week", "month", "year") else None


def _end(words: str, today: date) -> date | None:
    """The last day of a week (Sunday), month or year: `end of month`, `end of next week`."""
    found = re.fullmatch(r"end of (?:(?P<which>the|this|next) )?(?P<unit>week|month|year)", words)
    if found is None:
        return None
    day = _after(today, 1, found["unit"]) if found["which"] == "next" else today
    if found["unit"] == "week":
        return day + timedelta(6 - day.weekday())
    month = day.month if found["unit"] == "month" else 12
    return date(day.year, month, _days_in_month(day.year, month))


def _step(words: str, today: date) -> date | None:
    match = re.fullmatch(_BARE_STEP, words) or re.fullmatch(_STEP, words)
    if match is None:
        return None
    parts = match.groupdict()
    number = _NUMBER_WORDS.get(parts["number"]) or int(parts["number"])
    back = parts["sign"] == "-" or bool(parts.get("ago"))
    return _after(today, -number if back else number, parts.get("unit") or "day")


def _after(today: date, number: int, unit: str) -> date:
    if unit[0] == "d":
        return today + timedelta(number)
    if unit[0] == "w":
        return today + timedelta(7 * number)
    return add_months(today, number if unit[0] == "m" else 12 * number)


def _full_or_yearless(words: str, today: date) -> date | None:
    match = _match_day(words)
    if match is None:
        return None
    month, day = _month(match["month"]), int(match["day"])
    if match["year"] is not None:
        return date(int(match["year"]), month, day)
    for year in range(today.year, today.year + _YEARS_TO_LOOK_AHEAD + 1):
        if day <= _days_in_month(year, month) and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def _match_day(words: str) -> re.Match[str] | None:
    return next(filter(None, (re.fullmatch(form, words) for form in (_ISO, *_DAY_OF_MONTH))), None)


def _month(name: str) -> int:
    """The number of a month given as number or name; raises ValueError for anything else."""
    if name.isdecimal():
        return int(name)
    position = _position(name, MONTHS)
    if position is None:
        raise ValueError(name)
    return position + 1


def _position(name: str, names: tuple[str, ...]) -> int | None:
    """Index in `names` of the first that begins with `name`, which needs three letters or more."""
    if len(name) < 3:
        return None
    return next((number for number, full in enumerate(names) if full.startswith(name)), None)


def _days_in_month(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - timedelta(1)).day
