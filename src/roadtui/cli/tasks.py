"""`roadtui tasks`: lists tasks for a person, as JSON, or as a table for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from roadtui.cli.output import REFUSED, report, write_json, write_lines
from roadtui.cli.query_option import QueryFilter, query_option
from roadtui.cli.vault_argument import (
    CliContext,
    VaultTarget,
    make_vault,
    needed_target,
    path_argument,
    read,
    report_problems,
    root_around,
)
from roadtui.core.mojibake import repair
from roadtui.core.note import Task
from roadtui.core.tasks.status import StatusRegistry, StatusType, is_symbol
from roadtui.core.terminal_text import escape_terminal
from roadtui.core.titles import heading_path
from roadtui.vault.snapshot import VaultNote


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a listing. The fields' order is that of the columns."""

    path: str
    """Relative to the vault, with `/`."""
    line: int
    """From 1."""
    status: str
    """The status symbol."""
    status_type: str
    heading: str
    """Titles from the outermost heading to the task's own, joined by ` > `; garbled symbols repaired."""
    text: str
    """The text after the checkbox, as it is on disk."""


@click.command("tasks")
@path_argument
@click.option("--todo", "which", flag_value="todo", help="Only what is open.")
@click.option("--done", "which", flag_value="done", help="Only what is done.")
@click.option("--status", "symbol", metavar="C", help="Only this character between the brackets.")
@query_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "tsv", "csv"]), default="text", show_default=True
)
@click.option("--total", is_flag=True, help="Only the number of checkboxes, parents included.")
@click.pass_obj
def tasks_command(
    context: CliContext,
    path: Path | None,
    which: str | None,
    symbol: str | None,
    query: QueryFilter | None,
    form: str,
    total: bool,
) -> None:
    """List the tasks of a vault, a folder or a note."""
    if symbol is not None and not is_symbol(symbol):
        raise click.UsageError("--status takes one character.")
    target = needed_target(path, context)
    below = target.note or ""
    if target.note is not None:
        # With the settings of its vault; a note that Obsidian excludes can be named too.
        vault = make_vault(target._replace(is_lone=True), context)
    else:
        vault = make_vault(VaultTarget(root_around(target.root, context)), context)
        below = target.root.relative_to(vault.root).as_posix() if target.root != vault.root else ""
    snapshot = read(vault, [target.note] if target.note is not None else None)
    if query is not None:
        tasks = query.finds_below(vault, snapshot, below).tasks
    else:
        tasks = [(note, task) for note in snapshot.below(below) for task in note.note.tasks]
    rows = list_tasks(tasks, snapshot.statuses, which, symbol)
    report_problems(vault)
    if target.note is not None and target.note not in snapshot.notes:
        sys.exit(REFUSED)
    if total:
        write_lines([str(len(rows))])
        return
    _write_rows(rows, form)
    if not rows and form == "text":
        which_ones = " of that kind" if which or symbol or query else ""
        report(f"There are no tasks{which_ones} here.")


def list_tasks(
    tasks: Iterable[tuple[VaultNote, Task]], statuses: StatusRegistry, which: str | None, symbol: str | None
) -> list[TaskRow]:
    """The rows of `tasks`, in their order.

    Args:
        tasks: Tasks with their notes.
        statuses: The statuses of the vault.
        which: `todo` for open tasks, `done` for done ones, None for all.
        symbol: Only tasks with this status symbol; None for any.
    """
    rows = []
    for note, task in tasks:
        type = statuses.type_of(task.status_symbol)
        if symbol in (None, task.status_symbol) and (which is None or _is_listed(type, which)):
            heading = heading_path(task.section)
            rows.append(TaskRow(note.path, task.line + 1, task.status_symbol, type.value, heading, task.text))
    return rows


def _is_listed(type: StatusType, which: str) -> bool:
    return type.is_open if which == "todo" else type is StatusType.DONE


def _write_rows(rows: Sequence[TaskRow], form: str) -> None:
    """Write `rows` to stdout as `text`, `json`, `tsv` or `csv`.

    Only `text` shows the text of a task repaired; the other forms are for programs, which need the text on
    disk. JSON escapes control characters, the other forms replace them.
    """
    if form == "json":
        write_json([asdict(row) for row in rows])
    elif form == "text":
        write_lines(_text_lines(rows))
    else:
        import csv  # Only these two forms need it.

        writer = csv.writer(sys.stdout, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
        writer.writerow(TaskRow.__slots__)
        for row in rows:
            writer.writerow(escape_terminal(str(getattr(row, name))) for name in TaskRow.__slots__)


def _text_lines(rows: Sequence[TaskRow]) -> Iterator[str]:
    for row in rows:
        yield escape_terminal(f"{row.path}:{row.line}  [{row.status}] {repair(row.text)}")
