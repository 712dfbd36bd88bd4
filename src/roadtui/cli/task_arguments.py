"""Parses the arguments of `roadtui task`: which tasks to change, and the argument of the action."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadtui.cli.vault_argument import CliContext, VaultTarget, resolve_target
from roadtui.core.dates import read_date
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.field_specs import Priority
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.action_builders.context import Location
from roadtui.session.action_requirements import Argument
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from datetime import date

    from roadtui.cli.transaction_runner import TransactionRunner

METAVARS = {
    Argument.DAY: "DAY",
    Argument.PRIORITY: "P",
    Argument.STATUS: "C",
    Argument.RULE: "RULE",
    Argument.TAGS: "TAGS",
    Argument.TEXT: "TEXT",
    Argument.LINES: "LINES",
    Argument.MARKDOWN: "MARKDOWN",
    Argument.TASK: "REF",
    Argument.LOCATION: "NOTE.md[#HEADING]",
}
"""How the help names the value of an option, by the argument of its action."""

_NO_VALUE = "none"
"""The value that removes a date, a priority or a rule."""
_LINES = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*")
_MOST_LINES = 100_000


class BadReferenceError(RoadtuiError):
    """A reference that is not `NOTE.md:LINE[,LINE|A-B…]`."""


def parse_reference(reference: str) -> tuple[str, list[int]]:
    """Split `NOTE.md:3,7-9` into the note and its lines, from 1, in order and each once.

    Raises:
        BadReferenceError: no valid list of lines follows the last colon.
    """
    path, _, text = reference.rpartition(":")
    if not path or not _LINES.fullmatch(text):
        raise BadReferenceError(
            f"“{escape_terminal(reference)}” names no lines; write NOTE.md:3 or NOTE.md:3,7-9."
        )
    lines: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        if not 1 <= start <= end:
            raise BadReferenceError(f"“{part}” is not a line or a range of lines. Lines count from 1.")
        if end - start >= _MOST_LINES:
            raise BadReferenceError(f"“{part}” is more lines than any note has.")
        lines.update(range(start, end + 1))
    return path, sorted(lines)


def note_target(path: str, context: CliContext) -> VaultTarget:
    """The note that `path` names; raises click.UsageError if it names none."""
    target = resolve_target(Path(path), context, wants_note=True)
    if target is None or target.note is None:
        raise click.UsageError(f"“{escape_terminal(path)}” is not a note.")
    return target


def tasks_on(note: VaultNote, lines: Sequence[int]) -> list[Task]:
    """The tasks on `lines` (from 1) of `note`; raises RefusedError if a line is not a task."""
    by_line = {task.line: task for task in reversed(list(note.note.tasks))}
    missing = next((line for line in lines if line - 1 not in by_line), None)
    if missing is not None:
        raise RefusedError(f"Nothing changed: line {missing} is not a task.")
    return [by_line[line - 1] for line in lines]


def only_one(tasks: Sequence[Task]) -> Task:
    """The one task of `tasks`; raises RefusedError if there are several."""
    if len(tasks) != 1:
        raise RefusedError("This works on one task at a time. Name one line.")
    return tasks[0]


def count_nested(note: VaultNote, tasks: Sequence[Task]) -> int:
    """How many items are nested in `tasks` that are not among them."""
    chosen: set[ListItem] = set(tasks)
    return sum(item not in chosen and not chosen.isdisjoint(item.ancestors) for item in note.note.items)


def read_argument(argument: Argument, text: str, runner: TransactionRunner, context: CliContext) -> Any:
    """The value that `text` stands for as `argument`.

    Raises:
        RefusedError: `text` is not a valid value.
        BadReferenceError: `text` names no task.
        click.UsageError: `text` names no note.
    """
    if argument in (Argument.TASK, Argument.LOCATION):
        read = _task if argument is Argument.TASK else _location
        return read(text, runner, context)
    return _READERS.get(argument, _unchanged)(text, context.day)


def _unchanged(text: str, _today: date) -> str:
    return text


def _day(text: str, today: date) -> date | None:
    if text == _NO_VALUE:
        return None
    day = read_date(text, today)
    if day is None:
        raise RefusedError(
            f"“{escape_terminal(text)}” is not a date. Write 2026-12-01, tomorrow, fri, +2w or none."
        )
    return day


def _priority(text: str, _today: date) -> Priority | None:
    if text == _NO_VALUE:
        return None
    try:
        return Priority[text.upper()]
    except KeyError:
        raise RefusedError(
            f"“{escape_terminal(text)}” is not a priority. Use highest, high, medium, low, lowest or none."
        ) from None


def _rule(text: str, _today: date) -> str | None:
    return None if text == _NO_VALUE else text


def _lines(text: str, _today: date) -> list[str]:
    return text.splitlines()


def _tags(text: str, _today: date) -> list[str]:
    return text.split()


_READERS: dict[Argument, Callable[[str, date], Any]] = {
    Argument.DAY: _day,
    Argument.PRIORITY: _priority,
    Argument.RULE: _rule,
    Argument.LINES: _lines,
    Argument.TAGS: _tags,
}


def _task(reference: str, runner: TransactionRunner, context: CliContext) -> Location:
    path, lines = parse_reference(reference)
    note = runner.note(_in_same_vault(path, runner, context))
    return Location(note, only_one(tasks_on(note, lines)))


def _location(text: str, runner: TransactionRunner, context: CliContext) -> Location:
    path, _, title = text.partition("#")
    note = runner.note(_in_same_vault(path, runner, context))
    return Location(note, _section_called(note, title) if title else None)


def _in_same_vault(path: str, runner: TransactionRunner, context: CliContext) -> str:
    """`path` relative to the vault of `runner`."""
    target = note_target(path, context)
    if target.root != runner.root or target.note is None:
        raise RefusedError(f"“{escape_terminal(path)}” is in another vault.")
    return target.note


def _section_called(note: VaultNote, title: str) -> Section:
    """The section of `note` with this title, ignoring case, as it is shown or as it is on disk.

    Raises:
        RefusedError: no section has the title, or several have it.
    """
    key = title.strip().casefold()
    found = [
        section
        for section in note.note.sections[1:]
        if key in (section.title.casefold(), repair(section.title).casefold())
    ]
    if len(found) != 1:
        how_many = f"{len(found)} headings are" if found else "No heading is"
        raise RefusedError(f"{how_many} called “{escape_terminal(title)}” in {note.name}.")
    return found[0]
