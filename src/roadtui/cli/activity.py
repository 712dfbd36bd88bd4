"""`roadtui activity`: what has changed since the last look, or since a day, and who it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from roadtui.cli.output import Value, day_value, fail, json_option, write_json, write_lines
from roadtui.cli.recorded_dates import RecordedDates
from roadtui.cli.vault_argument import CliContext, LoadedVault, load_vault, path_argument, report_problems
from roadtui.config import state_folder
from roadtui.core.dates import WEEKDAYS, day_text, read_date
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.mojibake import repair
from roadtui.core.quantity import quantity
from roadtui.core.stats.forecast import Forecast
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from roadtui.session.activity.report import ActivityEntry
    from roadtui.session.triage.triage import Triage
    from roadtui.vault.activity.seen_notes import SeenFileTrouble
    from roadtui.vault.history.history import History

_FIRST_LOOK = (
    "This is the first look at this vault: what changes from now on is told the next time."
    " Of a vault under git, --since DAY tells what has changed before."
)


class _Found(NamedTuple):
    """What the command has found."""

    entries: Sequence[ActivityEntry]
    since: datetime | date | None
    """When somebody looked last, or the day that was named; None where that is not known."""
    is_first: bool = False
    """Whether the vault was never looked at before."""


@click.command("activity")
@path_argument
@click.option("--since", metavar="DAY", help="The first day: monday, 2026-12-01, yesterday.")
@click.option("--seen", is_flag=True, help="Take all of it for seen, once it is listed.")
@json_option
@click.pass_obj
def activity_command(
    context: CliContext, path: Path | None, since: str | None, seen: bool, as_json: bool
) -> None:
    """List what has changed in a vault, folder or note, who it was, and when all will be done.

    Without --since, it is what has changed since you last looked, here or on the screen. With it, it is what
    differs from the beginning of that day, as git has it; without git, what the history has recorded.
    """
    loaded = load_vault(path, context)
    report_problems(loaded.vault)
    loaded.check_note()
    now = datetime.combine(context.day, datetime.now().time()).astimezone()
    day = _day(since, context.day) if since is not None else None
    try:
        found = _since_the_last_look(loaded, now, seen=seen) if day is None else _since_day(loaded, day)
    except RoadtuiError as error:
        fail(error)
    triage = _triage(loaded, context)
    if as_json:
        write_json(_value(found, triage))
    else:
        write_lines(_report(found, triage, now))


def _day(typed: str, today: date) -> date:
    """The day that was named; one of the last seven where a weekday is."""
    day = read_date(typed, today)
    if (
        day is not None
        and day > today
        and any(name.startswith(typed.strip().casefold()) for name in WEEKDAYS)
    ):
        day -= timedelta(7)
    if day is None or day > today:
        raise click.UsageError(
            f"“{escape_terminal(typed)}” is not a day in the past. Write monday or 2026-12-01."
        )
    return day


# What has changed


def _since_the_last_look(loaded: LoadedVault, now: datetime, *, seen: bool) -> _Found:
    from roadtui.session.activity.report import entries_of_changes  # Not for --help.
    from roadtui.vault.activity.authors import find_authors
    from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
    from roadtui.vault.history.events import EPOCH

    snapshot, is_wanted = loaded.snapshot, _wanted(loaded)
    notes = SeenNotes(state_folder(), loaded.vault.scope)
    try:
        is_first = not notes.is_recorded
        notes.record(snapshot, is_hurried=True)
        _refuse_lost(notes.trouble)
        last = notes.last_look
        at = EPOCH + timedelta(microseconds=last) if last is not None else None
        is_done = is_done_in(snapshot)
        changes = [change for change in notes.changes(is_done) if is_wanted(change.path)]
        history = _history(loaded)
        authors = find_authors(changes, snapshot, history, at, own_lines=notes.own_lines)
        entries = entries_of_changes(changes, authors, snapshot)
        if seen or is_first:
            notes.mark({change.id for change in changes}, is_done)
            if not notes.changes(is_done):
                notes.save_look((now - EPOCH) // timedelta(microseconds=1))
        _refuse_lost(notes.trouble)
        return _Found(entries, at.astimezone() if at is not None else None, is_first)
    finally:
        notes.close()


def _refuse_lost(trouble: SeenFileTrouble) -> None:
    """Check that what was seen is known. Raises RefusedError."""
    if trouble.fault:
        raise RefusedError(
            f"What has changed since the last look is not known: {trouble.fault}."
            " Of a vault under git, --since DAY needs no such file."
        )
    if trouble.set_aside is not None:
        raise RefusedError(
            "What has changed since the last look is not known: the list of what was seen was damaged,"
            f" and is set aside as {trouble.set_aside}. What changes from now on is told the next time."
        )


def _since_day(loaded: LoadedVault, day: date) -> _Found:
    from roadtui.session.activity.report import entries_of_changes, entries_of_events  # Not for --help.
    from roadtui.vault.activity.authors import find_authors
    from roadtui.vault.activity.past import changes_since
    from roadtui.vault.git.git import NoRepositoryError

    snapshot, is_wanted = loaded.snapshot, _wanted(loaded)
    history = _history(loaded)
    try:
        changes = changes_since(snapshot, day, is_wanted)
    except NoRepositoryError:
        events = entries_of_events(history.machine_events(), day)
        return _Found([entry for entry in events if is_wanted(entry.path)], day)
    authors = find_authors(changes, snapshot, history, None)
    return _Found(entries_of_changes(changes, authors, snapshot), day)


def _history(loaded: LoadedVault) -> History:
    return RecordedDates(loaded.vault).history


def _wanted(loaded: LoadedVault) -> Callable[[str], bool]:
    below = loaded.below
    return lambda path: not below or path == below or path.startswith(f"{below}/")


def _triage(loaded: LoadedVault, context: CliContext) -> Triage:
    from roadtui.session.triage.scope import TriageScope  # Not for --help.
    from roadtui.session.triage.triage import Triage

    scope = TriageScope.of(loaded.snapshot, loaded.below)
    return Triage(scope, context.day, RecordedDates(loaded.vault).days)


# As text


def _report(found: _Found, triage: Triage, now: datetime) -> Iterator[str]:
    from roadtui.session.activity.report import by_note_and_time  # Not for --help.
    from roadtui.session.triage import words as triage_words

    if found.is_first:
        yield _FIRST_LOOK
    else:
        headline = _headline(found, now)
        yield f"{headline[0].upper()}{headline[1:]}."
    for path, entries in groupby(by_note_and_time(found.entries), key=lambda entry: entry.path):
        yield ""
        yield escape_terminal(path)
        yield from _rows(list(entries), now)
    yield ""
    yield f"{triage_words.how_much(triage)}{_how_fast(found, triage.today)}"
    if triage_words.has_open(triage):
        yield triage_words.when_done(triage, triage.forecasts({}).now)


def _how_fast(found: _Found, today: date) -> str:
    """How many were done, and in how many days; empty where that is not known."""
    if found.since is None or isinstance(found.since, datetime):
        return ""
    done = sum(entry.word == "done" for entry in found.entries)
    days = (today - found.since).days + 1
    return f" {done:,} done in {quantity(days, 'day')}." if done else ""


def _headline(found: _Found, now: datetime) -> str:
    from roadtui.session.activity.words import count_words  # Not for --help.

    count = len(found.entries)
    if found.since is None or isinstance(found.since, datetime):
        return count_words(count, found.since, now)
    return f"{quantity(count, 'change')} since {day_text(found.since, now.date())}"


def _rows(entries: Sequence[ActivityEntry], now: datetime) -> Iterator[str]:
    from roadtui.session.activity.words import author_words, moment_words  # Not for --help.

    times = [moment_words(entry.at, now) for entry in entries]
    cells = max(map(len, times))
    for entry, time in zip(entries, times, strict=True):
        commit = f" {entry.author.commit}" if entry.author.commit else ""
        line = f"{entry.line}" if entry.line is not None else ""
        text = escape_terminal(repair(entry.text))
        who = f"{author_words(entry.author)}{commit}"
        yield f"  {time.ljust(cells)}  {line:>5}  {entry.word:8}  {text} · {who}"


# As JSON


def _value(found: _Found, triage: Triage) -> dict[str, Value]:
    forecast = triage.forecasts({}).now
    since = found.since
    return {
        "since": since.isoformat() if since is not None else None,
        "is_first_look": found.is_first,
        "changes": [
            {
                "change": entry.word,
                "path": entry.path,
                "line": entry.line,
                "heading": [repair(title) for title in entry.heading_path],
                "text": entry.text,
                "at": entry.at.astimezone().isoformat(timespec="seconds") if entry.at is not None else None,
                "by": entry.author.kind.value,
                "name": entry.author.name or None,
                "commit": entry.author.commit or None,
                "before": entry.before,
                "after": entry.after,
            }
            for entry in found.entries
        ],
        "open": triage.progress.open + triage.progress.in_progress,
        "pace": triage.pace,
        "half": day_value(forecast.half) if isinstance(forecast, Forecast) else None,
    }
