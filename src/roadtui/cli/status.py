"""`roadtui next` and `roadtui status`: next actions and the summary of a vault, for a person or a script."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from roadtui.cli.output import (
    Value,
    day_value,
    json_option,
    progress_value,
    report,
    report_all,
    write_json,
    write_lines,
)
from roadtui.cli.summary_text import COLOURED, PLAIN, screen, short_line, shown_text, task_text
from roadtui.cli.vault_argument import CliContext, load_vault, path_argument, report_problems
from roadtui.config import state_folder
from roadtui.core.mojibake import repair
from roadtui.core.next_actions.candidates import urgency
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.titles import heading_path
from roadtui.session.summary import VaultSummary, summarize, why_nothing_is_next

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates
    from roadtui.vault.snapshot import VaultNote
    from roadtui.vault.vault import Vault

_WIDEST = 100
"""Cells of a line; longer lines are not easier to read."""
_SUGGESTIONS = 2
"""How many next actions a status names."""


@click.command("next")
@path_argument
@click.option("--count", type=click.IntRange(1), default=5, show_default=True, help="How many.")
@json_option
@click.pass_obj
def next_command(context: CliContext, path: Path | None, count: int, as_json: bool) -> None:
    """List what to do next in a vault, a folder or a note, and why."""
    loaded = load_vault(path, context)
    vault, snapshot = loaded.vault, loaded.snapshot
    report_problems(vault)
    loaded.check_note()
    found = summarize(snapshot, loaded.below, context.day, context.config.count, count, _days(vault))
    if as_json:
        write_json(suggestion_values(found.suggestions, snapshot.format, context.day))
    elif found.suggestions:
        write_lines(suggestion_lines(found.suggestions, snapshot.format))
    else:
        report(why_nothing_is_next(found.progress))


@click.command("status")
@path_argument
@click.option("--short", is_flag=True, help="One line, for a shell prompt.")
@json_option
@click.pass_obj
def status_command(context: CliContext, path: Path | None, short: bool, as_json: bool) -> None:
    """Show how far a vault, a folder or a note is, what is next, and when it will be done.

    It counts tasks with no others inside them, or what `count` in the config says; `tasks --total` counts
    every checkbox.
    """
    if short and as_json:
        raise click.UsageError("Say --short or --json, not both.")
    loaded = load_vault(path, context)
    vault, snapshot = loaded.vault, loaded.snapshot
    report_problems(vault)
    loaded.check_note()
    config = context.config
    found = summarize(
        snapshot, loaded.below, context.day, config.count, _SUGGESTIONS, _days(vault), config.grace_days
    )
    if as_json:
        write_json(summary_value(found, snapshot.format))
    elif short:
        write_lines([short_line(found, snapshot.format)])
    else:
        width = min(_WIDEST, get_terminal_size().columns)
        write_lines(screen(found, snapshot.format, width, COLOURED if has_colour() else PLAIN))


def _days(vault: Vault) -> Callable[[Iterable[VaultNote]], KnownDates]:
    """A function that returns the recorded dates of notes. The history is only read, and not created."""
    from roadtui.vault.history import History  # Not for --help.
    from roadtui.vault.history.paths import folder_of

    state = state_folder()
    history = History(state if os.path.isdir(folder_of(state, vault.scope)) else None, vault.scope)

    def days(notes: Iterable[VaultNote]) -> KnownDates:
        try:
            return history.known_dates(notes)
        finally:
            report_all(history.drain_messages())
            history.close()

    return days


def has_colour() -> bool:
    """Whether stdout is a terminal that shows colours, and the user wants them (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def suggestion_lines(found: Sequence[Suggestion], format: TaskFormat) -> Iterator[str]:
    """`Plan.md:12  Distributions — in progress, unlocks 1 other`."""
    for one in found:
        where = f"{shown_text(one.path)}:{one.task.line + 1}"
        yield f"{where}  {task_text(one.task, format)} — {', '.join(one.reasons)}"


def suggestion_values(found: Sequence[Suggestion], format: TaskFormat, today: date) -> list[Value]:
    """Suggestions as JSON data."""
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


def summary_value(summary: VaultSummary, format: TaskFormat) -> Value:
    """The summary as JSON data."""
    return {
        "name": summary.name,
        "today": summary.today.isoformat(),
        "progress": progress_value(summary.progress),
        "count": summary.count.value,
        "boxes": summary.boxes,
        "roadmaps": [{"path": note.path, **progress_value(note.progress)} for note in summary.roadmaps],
        "next": suggestion_values(summary.suggestions, format, summary.today),
        "due": [
            {"path": due.path, "line": due.task.line + 1, "due": due.day.isoformat(), "text": due.task.text}
            for due in summary.due
        ],
        "streak": {"current": summary.streak.current, "longest": summary.streak.longest},
        "pace": summary.pace,
        "done_undated": summary.done_undated,
        "forecast": _forecast_value(summary.forecast),
        "deadline": day_value(summary.deadline),
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
