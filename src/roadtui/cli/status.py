"""`roadtui next` and `roadtui status`: where a vault stands, for a script, a login message, a prompt."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NamedTuple

import click
from rich.cells import cell_len

from roadtui.cli.json_values import Value, day_value, progress_value
from roadtui.cli.vault_argument import REFUSED, CliContext, load_vault, report_problems
from roadtui.config import state_folder
from roadtui.core.dates import day_words, due_words
from roadtui.core.mojibake import repair
from roadtui.core.next_actions.candidates import urgency
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.stats.activity import streak_length
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.stats.progress import CountMode, Progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.titles import heading_path
from roadtui.core.terminal_text import ellipsize, escape_terminal
from roadtui.session.summary import VaultSummary, odds_words, summarize, why_nothing_is_next

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates
    from roadtui.vault.snapshot import VaultNote
    from roadtui.vault.vault import Vault


MOST_ROADMAPS = 10
"""How many roadmaps one screen lists; of more, those that are under way come first."""
_MOST_DUE = 3
_BAR_CELLS = 14
_LABEL_CELLS = 10
_SHORT_CELLS = 40


class AnsiStyles(NamedTuple):
    """What stands before and behind text to colour it (SGR codes); all empty without colour."""

    done: str = ""
    doing: str = ""
    late: str = ""
    dim: str = ""
    strong: str = ""
    end: str = ""


PLAIN = AnsiStyles()
COLOURED = AnsiStyles("\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m")


def short_line(standing: VaultSummary, format: TaskFormat) -> str:
    """`17/64 26% ▸ Distributions`, for a shell prompt."""
    progress = standing.progress
    if not progress.total:
        return "no tasks"
    numbers = f"{progress.done}/{progress.total} {progress.percent}%"
    if not standing.suggestions:
        return numbers
    return f"{numbers} ▸ {_fitting(_words(standing.suggestions[0].task, format), _SHORT_CELLS)}"


def screen(standing: VaultSummary, format: TaskFormat, width: int, pens: AnsiStyles) -> Iterator[str]:
    """The standing in one screen, line by line, none wider than `width` cells."""
    progress = standing.progress
    name = _fitting(_shown(standing.name), max(8, width - 24))
    if not progress.total:
        yield f"{pens.strong}{name}{pens.end}  no tasks"
        return
    yield f"{pens.strong}{name}{pens.end}  {progress.done}/{progress.total} · {progress.percent}%"
    yield _bar(progress, width, pens)
    if len(standing.roadmaps) > 1:
        yield ""
        yield from _roadmaps(standing, width, pens)
    yield ""
    for fact in _facts(standing, format):
        for at, line in enumerate(fact.lines(max(1, width - _LABEL_CELLS))):
            label = "" if at else fact.label
            yield f"{pens.dim}{label.ljust(_LABEL_CELLS)}{pens.end}{_inked(line, fact.pen, pens)}"


class _Fact(NamedTuple):
    """What stands below the bars: text of a note, which is cut where it is too long, and our own words."""

    label: str
    quoted: str = ""
    """The text of a note."""
    said: str = ""
    """Our own words; they are wrapped and never cut."""
    pen: str = ""

    def lines(self, cells: int) -> Iterator[str]:
        """In one line where there is room, else our own words below those of the note."""
        whole = " — ".join(filter(None, (self.quoted, self.said)))
        if cell_len(whole) <= cells:
            yield whole
            return
        if self.quoted:
            yield _fitting(self.quoted, cells)
        yield from _wrapped(self.said, cells)


def _wrapped(text: str, cells: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and cell_len(longer) > cells:
            yield _fitting(line, cells)
            longer = word
        line = longer
    if line:
        yield _fitting(line, cells)


def _inked(text: str, pen: str, pens: AnsiStyles) -> str:
    code = getattr(pens, pen) if pen else ""
    return f"{code}{text}{pens.end}" if code else text


def _roadmaps(standing: VaultSummary, width: int, pens: AnsiStyles) -> Iterator[str]:
    listed = standing.roadmaps
    if len(listed) > MOST_ROADMAPS:
        by_start = sorted(listed, key=lambda note: not (0 < note.progress.done < note.progress.total))
        listed = tuple(by_start[:MOST_ROADMAPS])
    digits = max(len(str(note.progress.total)) for note in listed)
    bar_cells = min(_BAR_CELLS, max(4, width // 5))
    numbers_cells = 2 * digits + 1
    names = [_shown(note.name) for note in listed]
    room = max(4, width - bar_cells - numbers_cells - 9)
    name_cells = min(room, max(map(cell_len, names)))
    for note, whole in zip(listed, names, strict=True):
        progress = note.progress
        name = _fitting(whole, name_cells)
        done = f"{progress.done}/{progress.total}".rjust(numbers_cells)
        percent = f"{progress.percent:3}%" if progress.total else "    "
        yield (
            f"{name}{' ' * (name_cells - cell_len(name))} {_bar(progress, bar_cells, pens)}"
            f"  {_inked(percent, 'done' if progress.is_complete else '', pens)}  {pens.dim}{done}{pens.end}"
        )
    if len(listed) < len(standing.roadmaps):
        yield f"{pens.dim}and {len(standing.roadmaps) - len(listed)} more{pens.end}"


def _bar(progress: Progress, cells: int, pens: AnsiStyles) -> str:
    """Done, then in progress, then what is left; told apart without colour, full only when all is done."""
    total = progress.total or 1
    done = max(1, progress.done * cells // total) if progress.done else 0
    doing = min(max(1, progress.in_progress * cells // total), cells - done) if progress.in_progress else 0
    return (
        f"{_inked('━' * done, 'done', pens)}{_inked('╍' * doing, 'doing', pens)}"
        f"{pens.dim}{'─' * (cells - done - doing)}{pens.end}"
    )


def _facts(standing: VaultSummary, format: TaskFormat) -> Iterator[_Fact]:
    """What stands below the bars."""
    for label, one in zip(("next", ""), standing.suggestions, strict=False):
        place = "" if len(standing.roadmaps) == 1 else f" · {_shown(_name(one.path))}"
        yield _Fact(label, _words(one.task, format), f"{one.reason}{place}")
    for label, due in zip(("due", *[""] * _MOST_DUE), standing.due[:_MOST_DUE], strict=False):
        words = f"{due_words(due.day, standing.today)}: {_words(due.task, format)}"
        yield _Fact(label, words, pen="late" if due.day < standing.today else "")
    yield _Fact("pace", said=pace_words(standing))
    for label, text in zip(("forecast", "deadline"), forecast_words(standing), strict=False):
        yield _Fact(label, said=text)
    if standing.boxes != standing.progress.total:
        yield _Fact("counted", said=counted_words(standing))


def counted_words(standing: VaultSummary) -> str:
    """Which of the boxes are counted, as `roadtui tasks --total` counts all of them."""
    left_out = "dropped ones" if standing.count is CountMode.ALL else "parents and dropped ones"
    return f"{standing.progress.total} of {quantity(standing.boxes, 'box', 'boxes')}, without {left_out}"


def pace_words(standing: VaultSummary) -> str:
    """Streak and pace, and what neither can count."""
    words = [f"{streak_length(standing.streak.current)} streak"]
    if standing.pace:
        words.append(f"{standing.pace:.1f} a week")
    elif not standing.done_undated:
        words.append("nothing done lately")
    if standing.done_undated:
        words.append(f"{standing.done_undated} done without a date")
    return " · ".join(words)


def forecast_words(standing: VaultSummary) -> Iterator[str]:
    """The dates, or why there are none; then the odds of the deadline, where there is one."""
    found, today = standing.forecast, standing.today
    if isinstance(found, NoForecast):
        yield found.sentence
    else:
        likely = (
            "later than in five years" if found.likely is None else f"by {day_words(found.likely, today)}"
        )
        yield f"done: 50 % by {day_words(found.half, today)} · 80 % {likely}"
    if standing.deadline is not None and found.odds is not None:
        yield f"{day_words(standing.deadline, today)}: {odds_words(found.odds)}"


def suggestion_lines(found: Sequence[Suggestion], format: TaskFormat) -> Iterator[str]:
    """`Plan.md:12  Distributions — in progress, unlocks 1 other`."""
    for one in found:
        yield f"{_shown(one.path)}:{one.task.line + 1}  {_words(one.task, format)} — {', '.join(one.reasons)}"


def suggestion_values(found: Sequence[Suggestion], format: TaskFormat, today: date) -> list[Value]:
    """Suggestions as plain data."""
    return [_suggestion_value(one, format, today) for one in found]


def _suggestion_value(one: Suggestion, format: TaskFormat, today: date) -> Value:
    fields = read_fields(one.task.text, format)
    return {
        "path": one.path,
        "line": one.task.line + 1,
        "text": one.task.text,
        "description": repair(fields.description),
        "heading": heading_path(one.task.section),
        "reasons": one.reasons,
        "urgency": round(urgency(fields, today), 2),
    }


def standing_value(standing: VaultSummary, format: TaskFormat) -> Value:
    """The standing as plain data."""
    return {
        "name": standing.name,
        "today": standing.today.isoformat(),
        "progress": progress_value(standing.progress),
        "count": standing.count.value,
        "boxes": standing.boxes,
        "roadmaps": [{"path": note.path, **progress_value(note.progress)} for note in standing.roadmaps],
        "next": suggestion_values(standing.suggestions, format, standing.today),
        "due": [
            {"path": due.path, "line": due.task.line + 1, "due": due.day.isoformat(), "text": due.task.text}
            for due in standing.due
        ],
        "streak": {"current": standing.streak.current, "longest": standing.streak.longest},
        "pace": standing.pace,
        "done_undated": standing.done_undated,
        "forecast": _forecast_value(standing.forecast),
        "deadline": day_value(standing.deadline),
    }


def _forecast_value(found: Forecast | NoForecast) -> Value:
    if isinstance(found, NoForecast):
        return {"half": None, "likely": None, "odds": found.odds, "why": found.reason.value}
    return {
        "half": found.half.isoformat(),
        "likely": day_value(found.likely),
        "odds": found.odds,
        "why": None,
    }


def _shown(text: str) -> str:
    return escape_terminal(repair(text))


def _words(task: Task, format: TaskFormat) -> str:
    return _shown(read_fields(task.text, format).description or task.text)


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _fitting(text: str, cells: int) -> str:
    return ellipsize(text, max(1, cells), cell_len)


_WIDEST = 100
"""Longer lines are no easier to read."""
_SUGGESTIONS = 2
"""How many next steps a status names."""


@click.command("next")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--count", type=click.IntRange(1), default=5, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Write them as JSON.")
@click.pass_obj
def next_command(setting: CliContext, path: Path | None, count: int, as_json: bool) -> None:
    """Say what to do next in a vault, a folder or a note, and why."""
    vault, place, below = load_vault(path, setting)
    snapshot = vault.snapshot
    report_problems(vault)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)
    found = summarize(snapshot, below, setting.day, setting.config.count, count, _days(vault))
    if as_json:
        _write_json(suggestion_values(found.suggestions, snapshot.format, setting.day))
    elif found.suggestions:
        _write_lines(suggestion_lines(found.suggestions, snapshot.format))
    else:
        click.echo(f"roadtui: {why_nothing_is_next(found.progress)}", err=True)


@click.command("status")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--short", is_flag=True, help="One line, for a shell prompt.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
@click.pass_obj
def status_command(setting: CliContext, path: Path | None, short: bool, as_json: bool) -> None:
    """Show where a vault, a folder or a note stands: how far, what next, and when it will be done.

    Counted are tasks with no others below them, or what `count` in the config says; `tasks --total` counts
    every box.
    """
    if short and as_json:
        raise click.UsageError("Say --short or --json, not both.")
    vault, place, below = load_vault(path, setting)
    snapshot = vault.snapshot
    report_problems(vault)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)
    config = setting.config
    found = summarize(
        snapshot, below, setting.day, config.count, _SUGGESTIONS, _days(vault), config.grace_days
    )
    if as_json:
        _write_json(standing_value(found, snapshot.format))
    elif short:
        _write_lines([short_line(found, snapshot.format)])
    else:
        width = min(_WIDEST, get_terminal_size().columns)
        _write_lines(screen(found, snapshot.format, width, COLOURED if _wants_colour() else PLAIN))


def _days(vault: Vault) -> Callable[[Iterable[VaultNote]], KnownDates]:
    """What gives the days that the history knows; it is read only, and not begun by looking at it."""
    from roadtui.vault.history import History  # Not for --help.
    from roadtui.vault.history.paths import folder_of

    state = state_folder()
    history = History(state if os.path.isdir(folder_of(state, vault.scope)) else None, vault.scope)

    def days(notes: Iterable[VaultNote]) -> KnownDates:
        try:
            return history.known_dates(notes)
        finally:
            for sentence in history.drain_messages():
                click.echo(f"roadtui: {escape_terminal(sentence)}", err=True)
            history.close()

    return days


def _wants_colour() -> bool:
    """Whether stdout is a terminal, and nobody asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write_lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _write_json(value: Value) -> None:
    """ASCII only: nothing in it acts on a terminal."""
    click.echo(json.dumps(value, indent=2))
