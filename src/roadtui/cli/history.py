"""`roadtui history …`: imports from git, exports, prunes and rebuilds the record of when tasks were done."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roadtui.cli.output import Value, day_value, fail, json_option, report_all, write_json, write_lines
from roadtui.cli.vault_argument import CliContext, load_vault, path_argument
from roadtui.config import state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from roadtui.vault.git.git import Git
    from roadtui.vault.git.import_completions import Imported
    from roadtui.vault.history.history import History
    from roadtui.vault.history.summary import HistorySummary
    from roadtui.vault.vault import Vault

_REDRAW_EVERY = 50
"""Commits between two updates of the number on the terminal."""


@click.group("history")
def history_command() -> None:
    """When tasks were done: by their own dates, else as this program recorded it, else by git."""


@history_command.command("import")
@path_argument
@json_option
@click.pass_obj
def import_command(context: CliContext, path: Path | None, as_json: bool) -> None:
    """Import from the vault's git when each task was ticked. A second import counts nothing twice."""
    from roadtui.vault.git.git import Git  # Only this command needs git.

    with _open_history(context, path) as (history, vault):
        imported = _import(Git(vault.root), history, vault)
    if as_json:
        write_json(imported._asdict())
    else:
        write_lines([imported.sentence])


@history_command.command("export")
@path_argument
@click.pass_obj
def export_command(context: CliContext, path: Path | None) -> None:
    """Write every event, all machines' together, as a line of JSON each."""
    from roadtui.vault.history.events import to_json  # Only this command needs it.

    with _open_history(context, path) as (history, _):
        write_lines(map(to_json, history.events()))


@history_command.command("prune")
@path_argument
@click.option("--before", required=True, metavar="YYYY-MM-DD", help="The first day to keep.")
@json_option
@click.pass_obj
def prune_command(context: CliContext, path: Path | None, before: str, as_json: bool) -> None:
    """Forget on which days tasks were done long ago. They stay done."""
    try:
        day = date.fromisoformat(before)
    except ValueError as error:
        raise click.UsageError(f"{escape_terminal(before)} is not a date. Write it as 2026-12-31.") from error
    with _open_history(context, path) as (history, _):
        pruned = history.prune(day)
    if as_json:
        write_json(pruned._asdict())
    else:
        verb = "Forgot" if pruned.events else "There are"
        write_lines([f"{verb} {quantity(pruned.events, 'event')} from before {day}."])


@history_command.command("rebuild")
@path_argument
@json_option
@click.pass_obj
def rebuild_command(context: CliContext, path: Path | None, as_json: bool) -> None:
    """Forget when tasks were done, and import it from git again, if the vault is under git."""
    with _open_history(context, path) as (history, vault):
        git = _repository(vault)  # An error of git ends the command before anything is forgotten.
        aside = history.rebuild()
        imported = _import(git, history, vault) if git is not None else None
    if as_json:
        numbers = imported._asdict() if imported is not None else None
        write_json({"set_aside": [str(file) for file in aside], "git": numbers})
        return
    lines = ["The history is cleared. Tasks with a date in their line keep it."]
    lines += [f"Set aside: {escape_terminal(str(file))}" for file in aside]
    write_lines(lines if imported is None else [*lines, imported.sentence])


@history_command.command("status")
@path_argument
@json_option
@click.pass_obj
def status_command(context: CliContext, path: Path | None, as_json: bool) -> None:
    """Show where the history is, what is in it, and how many completions have a day."""
    from roadtui.vault.history.summary import summarize  # Only this command needs it.

    with _open_history(context, path) as (history, vault):
        summary = summarize(history, vault.snapshot)
    if as_json:
        write_json(history_value(summary))
    else:
        write_lines(map(escape_terminal, history_lines(summary)))


def history_lines(summary: HistorySummary) -> Iterator[str]:
    """The summary as lines of text."""
    yield f"history  {summary.file if summary.file is not None else 'can’t be written; kept in memory only'}"
    yield from (f"with     {file}" for file in summary.others)
    days = f", {summary.first} to {summary.last}" if summary.first is not None else ""
    yield f"events   {summary.events:,}{days}" if summary.events else "events   none"
    done = summary.done_by_own_date + summary.done_by_history + summary.done_without_a_day
    if done:
        yield (
            f"done     {done:,}: {summary.done_by_own_date:,} dated in the notes,"
            f" {summary.done_by_history:,} dated by the history, {summary.done_without_a_day:,} without a day"
        )
    else:
        yield "done     none"
    yield f"focus    {summary.seconds_spent / 3600:.1f} h"


def history_value(summary: HistorySummary) -> Value:
    """The summary for JSON."""
    return {
        "file": str(summary.file) if summary.file is not None else None,
        "others": [str(file) for file in summary.others],
        "events": summary.events,
        "first": day_value(summary.first),
        "last": day_value(summary.last),
        "done": {
            "by_own_date": summary.done_by_own_date,
            "by_history": summary.done_by_history,
            "without_a_day": summary.done_without_a_day,
        },
        "seconds_spent": summary.seconds_spent,
    }


@contextmanager
def _open_history(context: CliContext, path: Path | None) -> Iterator[tuple[History, Vault]]:
    """The history of the vault around `path`, with the present state of the vault recorded."""
    from roadtui.vault.history.history import History  # Not for --help.

    vault, target, _ = load_vault(path, context)
    scope = vault.root / target.note if target.is_lone and target.note is not None else vault.root
    history = History(state_folder(), scope)
    now = datetime.now().astimezone()
    if context.today is not None:
        now = datetime.combine(context.today, now.time()).astimezone()
    try:
        history.record_snapshot(lambda: vault.snapshot, now)
        yield history, vault
    except RoadtuiError as error:
        fail(error)
    finally:
        report_all(history.drain_messages())
        history.close(now)


def _repository(vault: Vault) -> Git | None:
    """The vault's repository; None if the vault is not under git, or has no commit."""
    from roadtui.vault.git.git import Git, NoRepositoryError  # Only the import needs git.

    try:
        git = Git(vault.root)
    except NoRepositoryError:
        return None
    return git if git.head is not None else None


def _import(git: Git, history: History, vault: Vault) -> Imported:
    from roadtui.vault.git.import_completions import import_git  # Only the import needs git.

    with _progress() as show:
        return import_git(git, history, vault.snapshot, show)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A function that shows on a terminal how many commits are read; ctrl+c cancels, as anywhere."""
    is_terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_terminal and (done % _REDRAW_EVERY == 0 or done == total):
            click.echo(f"\r{done:,} of {total:,} commits", err=True, nl=False)

    try:
        yield show
    finally:
        if is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
