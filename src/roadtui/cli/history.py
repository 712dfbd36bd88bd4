"""`roadtui history …`: when things were done, taken from git, exported, pruned, begun anew.

Part of the command line that `cli` reads at every start: each command imports itself what does its work.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roadtui.cli.vault_argument import CliContext, fail, load_vault
from roadtui.config import state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from roadtui.vault.git.git import Git
    from roadtui.vault.git.import_completions import Imported
    from roadtui.vault.history import History
    from roadtui.vault.vault import Vault

_REDRAW_EVERY = 50
"""Commits between two numbers on the screen."""


_path = click.argument("path", type=click.Path(path_type=Path), required=False)
_as_json = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")


@click.group("history")
def history_command() -> None:
    """When things were done: by the tasks' own dates, else as this program saw it, else by git."""


@history_command.command("import")
@_path
@_as_json
@click.pass_obj
def import_command(setting: CliContext, path: Path | None, as_json: bool) -> None:
    """Take from the vault's git when each task was ticked. Doing it again counts nothing twice."""
    from roadtui.vault.git.git import Git  # Only this command needs git.

    with _history(setting, path) as (found, vault):
        imported = _import(Git(vault.root), found, vault)
    if as_json:
        click.echo(json.dumps(imported._asdict(), indent=2))
    else:
        click.echo(imported.sentence)


@history_command.command("export")
@_path
@click.pass_obj
def export_command(setting: CliContext, path: Path | None) -> None:
    """Write every event, all machines' together, as a line of JSON each."""
    from roadtui.vault.history.events import to_json  # Only this command needs it.

    with _history(setting, path) as (found, _):
        for event in found.events():
            click.echo(to_json(event))


@history_command.command()
@_path
@click.option("--before", required=True, metavar="YYYY-MM-DD", help="The first day to keep.")
@_as_json
@click.pass_obj
def prune(setting: CliContext, path: Path | None, before: str, as_json: bool) -> None:
    """Forget on which days things were done that are long past. What is done stays done."""
    try:
        day = date.fromisoformat(before)
    except ValueError as error:
        raise click.UsageError(f"{escape_terminal(before)} is no day; write it as 2026-12-31.") from error
    with _history(setting, path) as (found, _):
        pruned = found.prune(day)
    if as_json:
        click.echo(json.dumps(pruned._asdict(), indent=2))
    else:
        verb = "Forgot" if pruned.events else "There are"
        click.echo(f"{verb} {quantity(pruned.events, 'event')} from before {day}.")


@history_command.command()
@_path
@_as_json
@click.pass_obj
def rebuild(setting: CliContext, path: Path | None, as_json: bool) -> None:
    """Forget when things were done, and take it from git again, if the vault is under git."""
    with _history(setting, path) as (found, vault):
        git = _repository(vault)  # What git complains of is said before anything is forgotten.
        aside = found.rebuild()
        imported = _import(git, found, vault) if git is not None else None
    if as_json:
        numbers = imported._asdict() if imported is not None else None
        click.echo(json.dumps({"set_aside": [str(file) for file in aside], "git": numbers}, indent=2))
        return
    click.echo("The history begins anew. Tasks with a date of their own keep it.")
    for file in aside:
        click.echo(f"Set aside: {escape_terminal(str(file))}")
    if imported is not None:
        click.echo(imported.sentence)


@history_command.command()
@_path
@_as_json
@click.pass_obj
def status(setting: CliContext, path: Path | None, as_json: bool) -> None:
    """Say where the history is, what is in it, and how many completions have a day."""
    from roadtui.vault.history.summary import summarize  # Only this command needs it.

    with _history(setting, path) as (found, vault):
        summary = summarize(found, vault.snapshot)
    if as_json:
        click.echo(json.dumps(summary.document(), indent=2))
    else:
        for line in summary.lines():
            click.echo(escape_terminal(line))


@contextmanager
def _history(setting: CliContext, path: Path | None) -> Iterator[tuple[History, Vault]]:
    """The history of the vault around `path`, that has seen how it is now."""
    from roadtui.vault.history import History  # Not for --help.

    vault, place, _ = load_vault(path, setting)
    whose = vault.root / place.note if place.is_lone and place.note is not None else vault.root
    found = History(state_folder(), whose)
    now = datetime.now().astimezone()
    if setting.today is not None:
        now = datetime.combine(setting.today, now.time()).astimezone()
    try:
        found.record_snapshot(lambda: vault.snapshot, now)
        yield found, vault
    except RoadtuiError as error:
        fail(error)
    finally:
        for sentence in found.drain_messages():
            click.echo(f"roadtui: {escape_terminal(sentence)}", err=True)
        found.close(now)


def _repository(vault: Vault) -> Git | None:
    """The vault's repository; None where there is none, or no commit in it."""
    from roadtui.vault.git.git import Git, NoRepositoryError  # Only the import needs git.

    try:
        git = Git(vault.root)
    except NoRepositoryError:
        return None
    return git if git.head is not None else None


def _import(git: Git, found: History, vault: Vault) -> Imported:
    from roadtui.vault.git.import_completions import import_git  # Only the import needs git.

    with _progress() as tell:
        return import_git(git, found, vault.snapshot, tell)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """What tells how far it is, on a terminal; ctrl+c cancels, as anywhere."""
    is_terminal = sys.stderr.isatty()

    def tell(done: int, total: int) -> None:
        if is_terminal and (done % _REDRAW_EVERY == 0 or done == total):
            click.echo(f"\r{done:,} of {total:,} commits", err=True, nl=False)

    try:
        yield tell
    finally:
        if is_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
