"""Recurrence rules such as `every 2 weeks on Monday when done`, and the dates of the next occurrence.

The grammar is the one that the Tasks plugin reads through rrule.js: upper and lower case are equal, invalid
text at the end is ignored, invalid text at the start makes the rule invalid. python-dateutil does the
arithmetic. Pure: today comes in as an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from itertools import islice

from roadtui.core.dates import MONTHS, WEEKDAYS, add_months, read_full_date
from roadtui.core.tasks.field_specs import FieldKind

_ORDER_OF_REFERENCE = (FieldKind.DUE, FieldKind.SCHEDULED, FieldKind.START)
_ORDER_WITHOUT_SCHEDULED = (FieldKind.DUE, FieldKind.START, FieldKind.SCHEDULED)


class Frequency(Enum):
    """The unit by which a rule recurs; the values are dateutil's frequencies."""

    YEAR = 0
    MONTH = 1
    WEEK = 2
    DAY = 3


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week in a rule."""

    number: int
    """Monday is 0."""
    nth: int | None = None
    """2 for the second of the month, -1 for the last; None for each of them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule. Where a tuple is empty, the reference date decides."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[Weekday, ...] = ()
    month_days: tuple[int, ...] = ()
    """Days of the month from 1; -1 is the last."""
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    """Weeks of the year (ISO)."""
    count: int | None = None
    until: date | None = None
    when_done: bool = False
    """Whether the next date counts from the day the task is done, not from the task's own date."""

    @property
    def is_plain_months(self) -> bool:
        """Whether the rule recurs by months or years, on the reference date's day of the month."""
        names_a_day = self.weekdays or self.month_days or self.months or self.weeks
        return self.frequency in (Frequency.MONTH, Frequency.YEAR) and not names_a_day


def read_rule(text: str) -> Rule | None:
    """The recurrence rule in `text`, or None where it is invalid."""
    written = text.strip()
    plain = re.sub(r" when done\Z", "", written, flags=re.IGNORECASE)
    try:
        rule = _Reader(plain).rule()
    except _UnreadableError:
        return None
    return replace(rule, when_done=plain != written)


def next_dates(
    text: str, dates: Mapping[FieldKind, date | None], today: date, *, drop_scheduled: bool = False
) -> dict[FieldKind, date | None] | None:
    """The dates of the next occurrence, or None where the rule is invalid or has ended.

    The reference date is due, else scheduled, else start; the other dates keep their distance to it.

    Args:
        text: The rule.
        dates: The start, scheduled and due dates that the task has. An invalid date (30 February) is None
            and stays None; if it is the reference date, there is no next occurrence.
        today: The reference date of a rule `when done`, and of a task without dates.
        drop_scheduled: The plugin's `removeScheduledDateOnRecurrence`: start takes precedence over scheduled
            as reference date, and the scheduled date is dropped if another date remains.
    """
    rule = read_rule(text)
    order = _ORDER_WITHOUT_SCHEDULED if drop_scheduled else _ORDER_OF_REFERENCE
    kind = next((kind for kind in order if kind in dates), None)
    reference = today if kind is None else dates[kind]
    if rule is None or reference is None:
        return None
    follows = next_date(rule, today if rule.when_done else reference)
    if follows is None:
        return None
    try:
        moved = {kind: day and day + (follows - reference) for kind, day in dates.items()}
    except OverflowError:
        return None
    if drop_scheduled and len(moved) > 1:
        moved.pop(FieldKind.SCHEDULED, None)
    return moved


def next_date(rule: Rule, reference: date) -> date | None:
    """The first day of `rule`, started on `reference`, after `reference`; None where the rule has ended.

    A plain month or year rule falls on the last valid day of a shorter month: 31 January, then 28 February.
    """
    if rule.month_days and min(map(abs, rule.month_days)) > 31:
        return None
    days = _plain_months(rule, reference) if rule.is_plain_months else _occurrences(rule, reference)
    try:
        follows = next((day for day in islice(days, rule.count) if day > reference), None)
    except (ValueError, OverflowError):  # beyond the year 9999
        return None
    return follows if follows is None or rule.until is None or follows <= rule.until else None


def _plain_months(rule: Rule, reference: date) -> Iterator[date]:
    yield reference
    yield add_months(reference, rule.interval * (12 if rule.frequency is Frequency.YEAR else 1))


def _occurrences(rule: Rule, reference: date) -> Iterator[date]:
    # dateutil is imported when the first recurring task is done, not at start-up.
    from dateutil.rrule import rrule, weekday

    occurrences = rrule(
        rule.frequency.value,
        dtstart=datetime.combine(reference, time()),
        interval=rule.interval,
        byweekday=[weekday(day.number, day.nth) for day in rule.weekdays] or None,
        bymonthday=rule.month_days or None,
        bymonth=rule.months or None,
        byweekno=rule.weeks or None,
    )
    return (when.date() for when in occurrences)


class _Word(Enum):
    """The kinds of tokens in a rule."""

    EVERY = "every"
    UNIT = "unit"
    WEEKDAY = "weekday"
    MONTH = "month"
    NUMBER = "number"
    ORDINAL = "ordinal"
    LAST = "last"
    WORKDAYS = "workdays"
    WEEKEND = "weekend"
    ON = "on"
    THE = "the"
    AT = "at"
    COMMA = "comma"
    FOR = "for"
    UNTIL = "until"
    END = "end"


def _spellings() -> dict[str, tuple[_Word, int]]:
    words: dict[str, tuple[_Word, int]] = {
        "every": (_Word.EVERY, 0),
        "on": (_Word.ON, 0),
        "in": (_Word.ON, 0),
        "the": (_Word.THE, 0),
        "at": (_Word.AT, 0),
        "for": (_Word.FOR, 0),
        "until": (_Word.UNTIL, 0),
        "til": (_Word.UNTIL, 0),
        "first": (_Word.ORDINAL, 1),
        "second": (_Word.ORDINAL, 2),
        "third": (_Word.ORDINAL, 3),
        "last": (_Word.LAST, 0),
    }
    for plural in ("", "s"):
        words |= {frequency.name.lower() + plural: (_Word.UNIT, frequency.value) for frequency in Frequency}
        words |= {"weekday" + plural: (_Word.WORKDAYS, 0), "weekend" + plural: (_Word.WEEKEND, 0)}
    for number, name in enumerate(WEEKDAYS):
        words |= {name[:length]: (_Word.WEEKDAY, number) for length in (2, 3, len(name))}
    for number, name in enumerate(MONTHS, start=1):
        words |= {name[:length]: (_Word.MONTH, number) for length in (3, len(name))}
    words |= {"tues": (_Word.WEEKDAY, 1), "thur": (_Word.WEEKDAY, 3), "sept": (_Word.MONTH, 9)}
    return words


_SPELLINGS = _spellings()
_LONGEST_SPELLING = max(map(len, _SPELLINGS))
_COMMA = re.compile(r"(?:(?:,|and|or)\s*)+")
_NUMBER = re.compile(r"([1-9][0-9]{0,4})(\.|th|nd|rd|st)?")
_WORKDAYS = tuple(Weekday(number) for number in range(5))
_WEEKEND = (Weekday(5), Weekday(6))
_LARGEST_ORDINAL = 366


class _UnreadableError(Exception):
    """The text is not a valid rule."""


class _Reader:
    """Parses one rule from left to right, with one token of lookahead."""

    __slots__ = ("_at", "_text", "_value", "_word")

    def __init__(self, text: str) -> None:
        self._text = text.lower()
        self._at = 0
        self._word = _Word.END
        self._value = 0
        self._advance()

    def rule(self) -> Rule:
        """`every [n] <unit> [on …] [at …] [until …|for …]`; raises _UnreadableError."""
        self._expect(_Word.EVERY)
        interval = self._value if self._word is _Word.NUMBER else 1
        self._accept(_Word.NUMBER)
        rule = replace(self._unit(), interval=interval)
        rule = self._on(rule)
        self._hours()
        return self._limit(rule)

    def _unit(self) -> Rule:
        word, value = self._word, self._value
        if word is _Word.WEEKDAY:
            return Rule(Frequency.WEEK, weekdays=tuple(map(Weekday, self._list(_Word.WEEKDAY))))
        if word is _Word.MONTH:
            return Rule(Frequency.YEAR, months=self._list(_Word.MONTH))
        self._advance()
        if word is _Word.UNIT:
            return Rule(Frequency(value))
        if word is _Word.WORKDAYS:
            return Rule(Frequency.WEEK, weekdays=_WORKDAYS)
        if word is _Word.WEEKEND:
            return Rule(Frequency.WEEK, weekdays=_WEEKEND)
        raise _UnreadableError

    def _on(self, rule: Rule) -> Rule:
        """`on the 15th`, `on the last Friday`, `on Monday, Friday`, `in January`, `in week 20`, and more."""
        if not self._accept_any(_Word.ON, _Word.THE):
            return rule
        self._accept(_Word.THE)
        while True:
            extended = self._on_part(rule)
            if extended is None:
                return rule
            rule = extended
            if not self._accept_any(_Word.COMMA, _Word.THE, _Word.ON):
                return rule

    def _on_part(self, rule: Rule) -> Rule | None:
        nth = self._nth()
        word, value = self._word, self._value
        if nth is not None and word is not _Word.WEEKDAY:
            if word is _Word.UNIT and value == Frequency.DAY.value:
                self._advance()
            return replace(rule, month_days=(*rule.month_days, nth))
        if word is _Word.UNIT and value == Frequency.WEEK.value:
            self._advance()
            return replace(rule, weeks=self._list(_Word.NUMBER))
        changes = {
            _Word.WEEKDAY: replace(rule, weekdays=(*rule.weekdays, Weekday(value, nth))),
            _Word.MONTH: replace(rule, months=(*rule.months, value)),
            _Word.WORKDAYS: replace(rule, weekdays=rule.weekdays or _WORKDAYS),
            _Word.WEEKEND: replace(rule, weekdays=rule.weekdays or _WEEKEND),
        }
        if word not in changes:
            return None
        self._advance()
        return changes[word]

    def _nth(self) -> int | None:
        """`15th`, `first`, `last`, `second last`."""
        if self._accept(_Word.LAST):
            return -1
        if self._word is not _Word.ORDINAL:
            return None
        nth = self._value
        if nth > _LARGEST_ORDINAL:
            raise _UnreadableError
        self._advance()
        return -nth if self._accept(_Word.LAST) else nth

    def _hours(self) -> None:
        """`at 9, 17`: read and ignored, as tasks have no hours."""
        while self._accept(_Word.AT):
            self._list(_Word.NUMBER)

    def _limit(self, rule: Rule) -> Rule:
        if self._word is _Word.UNTIL:
            until = read_full_date(self._text[self._at :])
            if until is None:
                raise _UnreadableError
            return replace(rule, until=until)
        if self._accept(_Word.FOR):
            count = self._value
            self._expect(_Word.NUMBER)
            return replace(rule, count=count)
        return rule

    def _list(self, word: _Word) -> tuple[int, ...]:
        values = []
        while True:
            values.append(self._value)
            self._expect(word)
            if not self._accept(_Word.COMMA):
                return tuple(values)

    def _expect(self, word: _Word) -> None:
        if not self._accept(word):
            raise _UnreadableError

    def _accept_any(self, *words: _Word) -> bool:
        return any(self._accept(word) for word in words)

    def _accept(self, word: _Word) -> bool:
        if self._word is not word:
            return False
        self._advance()
        return True

    def _advance(self) -> None:
        """Read the next token, the longest that matches; `_Word.END` where none matches."""
        while self._text[self._at : self._at + 1] == " ":
            self._at += 1
        comma = _COMMA.match(self._text, self._at)
        number = _NUMBER.match(self._text, self._at)
        if comma is not None:
            self._word, self._at = _Word.COMMA, comma.end()
            return
        if number is not None:
            self._word = _Word.NUMBER if number[2] is None else _Word.ORDINAL
            self._value, self._at = int(number[1]), number.end()
            return
        for length in range(_LONGEST_SPELLING, 1, -1):
            spelling = self._text[self._at : self._at + length]
            if len(spelling) == length and spelling in _SPELLINGS:
                self._word, self._value = _SPELLINGS[spelling]
                self._at += length
                return
        self._word = _Word.END
