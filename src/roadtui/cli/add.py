"""`roadtui add`: adds tasks to the inbox note or another, which is made if it is missing."""

from __future__ import annotations

from pathlib import Path

import click

from roadtui.cli.output import json_option
from roadtui.cli.vault_argument import CliContext, VaultTarget, notes_of, only_note_called, resolve_target
from roadtui.session.action_builders.text import add_to_note
from roadtui.vault.path_kind import NOTE_SUFFIX


@click.command("add")
@click.argument("text")
@click.option(
    "--note",
    "path",
    metavar="NOTE",
    help="The note, by its path in the vault or its name; made if it is missing.",
)
@click.option("--section", metavar="HEADING", help="The heading to add it below; made if it is missing.")
@json_option
@click.pass_obj
def add_command(context: CliContext, text: str, path: str | None, section: str | None, as_json: bool) -> None:
    """Add a task to the inbox note of your config, or to another; one for each line of TEXT."""
    # Not for --help: it imports the writer.
    from roadtui.cli.transaction_runner import open_runner, write_report

    target = resolve_target(None, context)
    if target is None:
        raise click.UsageError("No vault found here. Pass one with --vault.")
    with open_runner(VaultTarget(target.root), context) as runner:
        lines = [line for line in text.splitlines() if line.strip()] or [text]
        note = _path_of_note(path, runner.root) if path is not None else context.config.inbox
        transaction = add_to_note(runner.actions.context, note, section, lines)
        write_report(runner.run(transaction), as_json=as_json)


def _path_of_note(name: str, root: Path) -> str:
    """The path of the note called `name` in the vault at `root`; if there is none, that of the note to make.

    Raises:
        click.UsageError: several notes are called so.
    """
    if name.lower().endswith(NOTE_SUFFIX):
        return name
    has_suffix = "." in name.rpartition("/")[2]
    return only_note_called(name, notes_of(root)) or (name if has_suffix else f"{name}{NOTE_SUFFIX}")
