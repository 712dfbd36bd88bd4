"""`roadtui next` and `roadtui status`: next actions and the summary of a vault, for a person or a script."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from shutil import get_terminal_size

import click

from roadtui.cli.output import (
    Value,
    day_value,
    json_option,
    progress_value,
    report,
    write_json,
    write_lines,
)
from roadtui.cli.query_option import FoundTasks, QueryFilter, query_option
from roadtui.cli.recorded_dates import RecordedDates
from roadtui.cli.summary_text import COLOURED, PLAIN, screen, short_line, shown_text, task_text
from roadtui.cli.vault_argument import (
    CliContext,
    LoadedVault,
    kept_lines,
    load_vault,
    path_argument,
    report_problems,
)
from roadtui.core.mojibake import repair
from roadtui.core.next_actions.candidates import urgency
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.titles import heading_path
from roadtui.session.reports.summary import VaultSummary, next_steps, summarize, why_nothing_is_next

_WIDEST = 100
"""Cells of a line; longer lines are not easier to read."""
_SUGGESTIONS = 2
"""How many next actions a status names."""


@click.command("next")
@path_argument
@click.option("--count", type=click.IntRange(1), default=5, show_default=True, help="How many.")
@query_option
@json_option
@click.pass_obj
def next_command(
    context: CliContext, path: Path | None, count: int, query: QueryFilter | None, as_json: bool
) -> None:
    """List what to do next in a vault, a folder or a note, and why."""
    if query is None and not as_json:
        lines = kept_lines(path, context, ["next", count], lambda it: _next_lines(it, context.day, count))
        write_lines(lines)
        return
    loaded = load_vault(path, context)
    vault, snapshot = loaded.vault, loaded.snapshot
    report_problems(vault)
    loaded.check_note()
    most = count if query is None else None
    found = next_steps(snapshot, loaded.below, context.day, most)
    suggestions = found.suggestions
    if query is not None:
        suggestions = tuple(_filtered(suggestions, query.finds(loaded)))[:count]
    if as_json:
        write_json(suggestion_values(suggestions, snapshot.format, context.day))
    elif suggestions:
        write_lines(suggestion_lines(suggestions, snapshot.format))
    elif found.suggestions:
        report("None of the tasks that the query finds can be done next.")
    else:
        report(why_nothing_is_next(found.progress))


def _next_lines(loaded: LoadedVault, today: date, count: int) -> list[str]:
    """What is next, a line each; where nothing is, that is reported."""
    found = next_steps(loaded.snapshot, loaded.below, today, count)
    if not found.suggestions:
        report(why_nothing_is_next(found.progress))
    return [*suggestion_lines(found.suggestions, loaded.snapshot.format)]


def _filtered(suggestions: Iterable[Suggestion], found: FoundTasks) -> Iterator[Suggestion]:
    """The `suggestions` that were `found`; in the order of the query, if it says how to sort."""
    by_task = {id(suggestion.task): suggestion for suggestion in suggestions}
    ids = found.ids
    if not found.is_sorted:
        return (suggestion for task, suggestion in by_task.items() if task in ids)
    return (by_task[id(task)] for _, task in found.tasks if id(task) in by_task)


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
        raise click.UsageError("Use --short or --json, not both.")
    if short:
        write_lines(kept_lines(path, context, ["status"], lambda it: [_short_line(it, context.day)]))
        return
    loaded = load_vault(path, context)
    vault, snapshot = loaded.vault, loaded.snapshot
    report_problems(vault)
    loaded.check_note()
    config = context.config
    found = summarize(
        snapshot,
        loaded.below,
        context.day,
        config.count,
        _SUGGESTIONS,
        RecordedDates(vault).days,
        config.grace_days,
    )
    if as_json:
        write_json(summary_value(found, snapshot.format))
    else:
        width = min(_WIDEST, get_terminal_size().columns)
        write_lines(screen(found, snapshot.format, width, COLOURED if has_colour() else PLAIN))


def _short_line(loaded: LoadedVault, today: date) -> str:
    steps = next_steps(loaded.snapshot, loaded.below, today, 1)
    return short_line(steps.progress, steps.suggestions, loaded.snapshot.format)


def has_colour() -> bool:
    """Whether stdout is a terminal that shows colours, and the user wants them (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def suggestion_lines(found: Sequence[Suggestion], format: TaskFormat) -> Iterator[str]:
    """`Plan.md:12  Distributions — in progress, unlocks 2`."""
    for one in found:
        where = f"{shown_text(one.path)}:{one.task.line + 1}"
        reasons = ", ".join(reason.text for reason in one.reasons)
        yield f"{where}  {task_text(one.task, format)}{f' — {reasons}' if reasons else ''}"


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
        "group": one.group.value,
        "reasons": [reason.text for reason in one.reasons],
        "urgency": round(urgency(fields, today), 2),
    }


def summary_value(summary: VaultSummary, format: TaskFormat) -> Value:
    """The summary as JSON data."""
    return {
        "name": summary.name,
        "today": summary.today.isoformat(),
        "progress": progress_value(summary.progress),
        "count": summary.count.value,
        "boxes": summary.checkboxes,
        "roadmaps": [{"path": note.path, **progress_value(note.progress)} for note in summary.roadmaps],
        "next": suggestion_values(summary.suggestions, format, summary.today),
        "due": [
            {"path": due.path, "line": due.task.line + 1, "due": due.day.isoformat(), "text": due.task.text}
            for due in summary.due
        ],
        "streak": {"current": summary.streak.current, "longest": summary.streak.longest},
        "pace": summary.pace,
        "done_undated": summary.done_undated,
        "put_off": summary.put_off,
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
