"""`roadtui undo` and `roadtui redo`: undo and redo of changes, made by a command or on the screen."""

from __future__ import annotations

from pathlib import Path

import click

from roadtui.cli.output import json_option
from roadtui.cli.vault_argument import CliContext, needed_target, path_argument


@click.command("undo")
@path_argument
@json_option
@click.pass_obj
def undo_command(context: CliContext, path: Path | None, as_json: bool) -> None:
    """Undo the last change in a vault, whether a command or the screen made it."""
    _undo_or_redo("undo", "Undone", path, context, as_json=as_json)


@click.command("redo")
@path_argument
@json_option
@click.pass_obj
def redo_command(context: CliContext, path: Path | None, as_json: bool) -> None:
    """Redo the change that was undone last."""
    _undo_or_redo("redo", "Redone", path, context, as_json=as_json)


def _undo_or_redo(
    direction: str, done: str, path: Path | None, context: CliContext, *, as_json: bool
) -> None:
    # Not for --help: they import the writer and SQLite.
    from roadtui.cli.transaction_runner import open_runner, write_report
    from roadtui.vault.undo_log import UndoDirection

    with open_runner(needed_target(path, context), context) as runner:
        write_report(runner.undo_or_redo(UndoDirection(direction)), as_json=as_json, done=done)
