"""Writes the output of commands: results on stdout, as lines or JSON, and reports on stderr.

No output contains control sequences from notes: text of notes is escaped, JSON is ASCII.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import click

from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from roadtui.core.stats.progress import Progress

REFUSED = 1
"""Exit status of a command that was refused; the reason is on stderr."""

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
"""Values that can be written as JSON."""

json_option = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")


def write_lines(lines: Iterable[str]) -> None:
    """Write `lines` to stdout; text of notes in them is escaped already."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def write_json(value: Value | Mapping[str, object]) -> None:
    """Write one JSON document to stdout."""
    import json  # For scripts only; the first screen does without.

    click.echo(json.dumps(value, indent=2))


def report(sentence: str) -> None:
    """Write a sentence to stderr, for the person who called the command."""
    click.echo(f"roadtui: {escape_terminal(sentence)}", err=True)


def report_all(sentences: Iterable[str]) -> None:
    """Write each of `sentences` to stderr."""
    for sentence in sentences:
        report(sentence)


def fail(error: RoadtuiError) -> NoReturn:
    """Report `error`, and end the program with `REFUSED`."""
    report(str(error))
    sys.exit(REFUSED)


def progress_value(progress: Progress) -> dict[str, Value]:
    """Progress in numbers of tasks and in whole percent."""
    return {
        "done": progress.done,
        "in_progress": progress.in_progress,
        "open": progress.open,
        "cancelled": progress.cancelled,
        "total": progress.total,
        "percent": progress.percent,
    }


def day_value(day: date | None) -> str | None:
    """`day` as `YYYY-MM-DD`."""
    return day.isoformat() if day is not None else None
