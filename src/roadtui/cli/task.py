"""`roadtui task`: changes tasks without a screen. Its options are the actions of `session.actions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from roadtui.cli.output import json_option, write_lines
from roadtui.cli.task_arguments import (
    METAVARS,
    BadReferenceError,
    count_nested,
    note_target,
    only_one,
    parse_reference,
    read_argument,
    tasks_on,
)
from roadtui.cli.vault_argument import CliContext
from roadtui.core.errors import RefusedError
from roadtui.core.tasks.status import is_symbol
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.action_requirements import Argument
from roadtui.session.actions import ACTIONS, ACTIONS_BY_ID, TaskAction

if TYPE_CHECKING:
    from roadtui.core.note import Task
    from roadtui.vault.snapshot import VaultNote

WITHOUT_OPTION = {
    "tick": "--toggle does it to each task by its own status, which is plainer in a script",
    "doing": "--status takes the vault's character for it",
    "cycle": "--status takes the character of the status",
    "section": "it is done to a heading, and a reference names tasks",
    "capture": "roadtui add",
}
"""The actions that `roadtui task` has no option for, and why."""

OPTIONS = tuple(action for action in ACTIONS if action.id not in WITHOUT_OPTION)
_ACROSS_NOTES = (Argument.TASK, Argument.LOCATION)
"""Arguments that name other notes. For others, only the one note is read, which Obsidian may exclude."""

Command = Callable[..., Any]


def _action_options(command: Command) -> Command:
    """Give `command` an option for each action."""
    for action in reversed(OPTIONS):
        name = f"--{action.id.replace('_', '-')}"
        if action.argument is Argument.NONE:
            option = click.option(name, action.id, is_flag=True, help=action.summary)
        else:
            option = click.option(name, action.id, metavar=METAVARS[action.argument], help=action.summary)
        command = option(command)
    return command


@click.command("task")
@click.argument("reference", metavar="NOTE.md:LINE[,LINE|A-B…]")
@_action_options
@click.option("--yes", is_flag=True, help="With --delete: delete what is nested in it, too.")
@json_option
@click.pass_obj
def task_command(
    context: CliContext, /, reference: str, yes: bool, as_json: bool, **options: str | bool | None
) -> None:
    """Change tasks, named by note and lines (from 1). All of them are changed, or none."""
    action, text = _chosen_action(options)
    try:
        path, lines = parse_reference(reference)
    except BadReferenceError as error:
        raise click.UsageError(str(error)) from error
    target = note_target(path, context)
    if action.argument not in _ACROSS_NOTES:
        target = target._replace(is_lone=True)

    # Not for --help: it imports the writer.
    from roadtui.cli.transaction_runner import open_runner, write_report

    with open_runner(target, context) as runner:
        note = runner.note(target.note or "")
        tasks = tasks_on(note, lines)
        if action.build is None:
            write_lines(map(escape_terminal, runner.actions.copied_text(note, tasks).splitlines()))
            return
        if action.is_single:
            only_one(tasks)
        if action.id == "delete" and not yes:
            _check_nothing_is_nested(note, tasks)
        arguments = []
        if action.argument is not Argument.NONE:
            arguments.append(read_argument(action.argument, text, runner, context))
        transaction = runner.actions.build(action.id, note, tasks, *arguments)
        write_report(runner.run(transaction, [line - 1 for line in lines]), as_json=as_json)


def _chosen_action(options: dict[str, str | bool | None]) -> tuple[TaskAction, str]:
    """The one action that is asked for, and the text of its argument."""
    chosen = [(id, value) for id, value in options.items() if value is not None and value is not False]
    if len(chosen) != 1:
        raise click.UsageError("Choose one action: --toggle, --done, --todo, --status C … (see --help).")
    ((id, value),) = chosen
    text = value if isinstance(value, str) else ""
    if id == "status" and not is_symbol(text):
        raise click.UsageError("--status takes one character.")
    return ACTIONS_BY_ID[id], text


def _check_nothing_is_nested(note: VaultNote, tasks: list[Task]) -> None:
    if nested := count_nested(note, tasks):
        more, them = ("1 more is", "it") if nested == 1 else (f"{nested} more are", "them")
        raise RefusedError(f"Not deleted: {more} nested in it. Add --yes to delete {them}, too.")
