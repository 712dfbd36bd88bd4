"""Commands that change tasks without a screen: `task`, `add`, `undo` and `redo`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadtui.cli.vault_argument import (
    CliContext,
    VaultTarget,
    fail,
    make_vault,
    notes_of,
    only_note_called,
    resolve_target,
)
from roadtui.config import state_folder
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.tasks.status import is_symbol
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.path_kind import NOTE_SUFFIX

if TYPE_CHECKING:
    from roadtui.cli.transaction_runner import TaskReport, TransactionRunner
    from roadtui.core.edits.edit import Transaction
    from roadtui.core.note import Section, Task
    from roadtui.vault.snapshot import VaultNote

_FLAGS = (
    ("toggle", "Tick or untick."),
    ("toggle-all", "Tick or untick, with all that is nested below."),
    ("done", "Tick: the vault's status for done, [x] where it has that."),
    ("todo", "Untick: the vault's status for what is to do, mostly [ ]."),
    ("cancel", "Drop: the vault's status for cancelled, mostly [-]."),
    ("delete", "Take the line away; --yes where others are nested in it."),
    ("up", "Move before the one above it."),
    ("down", "Move behind the one below it."),
    ("indent", "Nest in the one above it."),
    ("outdent", "Take out of the one that it is nested in."),
    ("copy", "Write the task and all below it as Markdown; changes nothing."),
)
_VALUES = (
    ("status", "C", "Put this character between the brackets; the vault says what it means."),
    ("due", "DAY", "Due date: 2026-12-01, tomorrow, fri, +2w, none."),
    ("scheduled", "DAY", "Scheduled date."),
    ("start", "DAY", "Start date."),
    ("priority", "P", "highest, high, medium, low, lowest or none."),
    ("repeat", "RULE", "Repeat, such as `every 2 weeks`; none ends it."),
    ("tag", "TAGS", "Add tags."),
    ("untag", "TAGS", "Take tags away."),
    ("wait-for", "REF", "Have it wait for another task, NOTE.md:LINE."),
    ("text", "TEXT", "Other words."),
    ("split", "LINES", "Several tasks in its place, one for each line."),
    ("add", "TEXT", "A new task behind it, one for each line."),
    ("child", "TEXT", "A new task nested in it, one for each line."),
    ("paste", "MARKDOWN", "A list, or lines, behind it."),
    ("move-to", "NOTE.md[#HEADING]", "Take it elsewhere, with all below it."),
)

_ACROSS_NOTES = ("wait_for", "move_to")
"""What reaches into other notes; else the note alone is read, and may be one that Obsidian excludes."""

Command = Callable[..., Any]


def _actions(command: Command) -> Command:
    """Give `command` an option for each thing that can be done."""
    for name, sign, words in reversed(_VALUES):
        command = click.option(f"--{name}", metavar=sign, help=words)(command)
    for name, words in reversed(_FLAGS):
        command = click.option(f"--{name}", is_flag=True, help=words)(command)
    return command


@click.command("task")
@click.argument("ref", metavar="NOTE.md:LINE[,LINE|A-B…]")
@_actions
@click.option("--yes", is_flag=True, help="Delete what is nested, too.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
@click.pass_obj
def task_command(
    setting: CliContext, /, ref: str, yes: bool, as_json: bool, **actions: str | bool | None
) -> None:
    """Change tasks, named by note and lines (from 1). All of them are changed, or none."""
    from roadtui.cli.tasks import BadReferenceError, parse_reference  # Not for --help.

    verb, value = _chosen(actions)
    try:
        path, lines = parse_reference(ref)
    except BadReferenceError as error:
        raise click.UsageError(str(error)) from error
    place = _note_place(path, setting)
    is_alone = verb not in _ACROSS_NOTES
    with _runner(place._replace(is_lone=is_alone or place.is_lone), setting) as runner:
        from roadtui.cli.transaction_runner import tasks_on

        note = runner.note(place.note or "")
        tasks = tasks_on(note, lines)
        if verb == "copy":
            sys.stdout.writelines(
                f"{escape_terminal(line)}\n" for line in runner.edits().copy(note, tasks).splitlines()
            )
            return
        outcome = runner.take(
            _step(runner, note, tasks, verb, value, yes=yes, setting=setting), _from_0(lines)
        )
        _tell(outcome, as_json=as_json)


def _from_0(lines: list[int]) -> list[int]:
    return [line - 1 for line in lines]


def _chosen(actions: dict[str, str | bool | None]) -> tuple[str, str]:
    """The one thing that is asked for, and its value; a name with `_`."""
    chosen = [(name, value) for name, value in actions.items() if value is not None and value is not False]
    if len(chosen) != 1:
        raise click.UsageError("Say one thing to do: --toggle, --done, --todo, --status C … (see --help).")
    ((name, value),) = chosen
    text = value if isinstance(value, str) else ""
    if name == "status" and not is_symbol(text):
        raise click.UsageError("--status takes one character.")
    return name, text


def _step(
    runner: TransactionRunner,
    note: VaultNote,
    tasks: list[Task],
    verb: str,
    value: str,
    *,
    yes: bool,
    setting: CliContext,
) -> Transaction:
    # Not for --help: it brings in the writer.
    from roadtui.cli.transaction_runner import VERBS, holds_others, only_one

    if verb == "wait_for":
        other, task_there = _named_task(runner, value, setting)
        return runner.edits().depend(note, only_one(tasks), other, task_there)
    if verb == "move_to":
        target, heading = _target(runner, value, setting)
        return runner.edits().refile(note, tasks, target, heading)
    if verb == "delete" and not yes and (nested := holds_others(note, tasks)):
        more, them = ("1 more is", "it") if nested == 1 else (f"{nested} more are", "them")
        raise RefusedError(f"Not deleted: {more} nested in it. Say --yes to delete {them}, too.")
    return VERBS[verb](runner.edits(), note, tasks, value)


def _named_task(runner: TransactionRunner, ref: str, setting: CliContext) -> tuple[VaultNote, Task]:
    from roadtui.cli.tasks import parse_reference  # Not for --help.
    from roadtui.cli.transaction_runner import only_one, tasks_on

    path, lines = parse_reference(ref)
    note = runner.note(_same_vault(path, runner, setting))
    return note, only_one(tasks_on(note, lines))


def _target(runner: TransactionRunner, value: str, setting: CliContext) -> tuple[VaultNote, Section | None]:
    from roadtui.cli.transaction_runner import section_called  # Not for --help: it brings in the writer.

    path, _, title = value.partition("#")
    note = runner.note(_same_vault(path, runner, setting))
    return note, section_called(note, title) if title else None


def _same_vault(path: str, runner: TransactionRunner, setting: CliContext) -> str:
    """`path` relative to the vault of `runner`."""
    place = _note_place(path, setting)
    if place.root != runner.root or place.note is None:
        raise RefusedError(f"“{escape_terminal(path)}” is in another vault.")
    return place.note


def _note_place(path: str, setting: CliContext) -> VaultTarget:
    place = resolve_target(Path(path), setting, wants_note=True)
    if place is None or place.note is None:
        raise click.UsageError(f"“{escape_terminal(path)}” is no note.")
    return place


@click.command("add")
@click.argument("text")
@click.option(
    "--note",
    "path",
    metavar="NOTE",
    help="The note, by its path in the vault or its name; made if it is missing.",
)
@click.option("--section", metavar="HEADING", help="The heading to add it below; made if it is missing.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
@click.pass_obj
def add_command(setting: CliContext, text: str, path: str | None, section: str | None, as_json: bool) -> None:
    """Add a task to the inbox note of your config, or to another; one for each line of TEXT."""
    place = resolve_target(None, setting)
    if place is None:
        raise click.UsageError("Say which vault with --vault; there is no vault around this folder.")
    with _runner(VaultTarget(place.root), setting) as runner:
        lines = [line for line in text.splitlines() if line.strip()] or [text]
        note = _note_to_add_to(path, runner.root) if path is not None else setting.config.inbox
        _tell(runner.take(runner.edits().add_to(note, section, *lines)), as_json=as_json)


def _note_to_add_to(name: str, root: Path) -> str:
    """The path of the note called `name` in the vault at `root`, or of the one to make where there is none.

    Raises:
        click.UsageError: several notes are called so.
    """
    if name.lower().endswith(NOTE_SUFFIX):
        return name
    has_suffix = "." in name.rpartition("/")[2]
    return only_note_called(name, notes_of(root)) or (name if has_suffix else f"{name}{NOTE_SUFFIX}")


@click.command("undo")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
@click.pass_obj
def undo_command(setting: CliContext, path: Path | None, as_json: bool) -> None:
    """Take the last change in a vault back, whether it was made here or on the screen."""
    _take_back("undo", path, setting, as_json=as_json)


@click.command("redo")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
@click.pass_obj
def redo_command(setting: CliContext, path: Path | None, as_json: bool) -> None:
    """Make the last undone change again."""
    _take_back("redo", path, setting, as_json=as_json)


def _take_back(stack: str, path: Path | None, setting: CliContext, *, as_json: bool) -> None:
    place = resolve_target(path, setting)
    if place is None:
        raise click.UsageError("Say which vault or note; there is no vault around this folder.")
    with _runner(place, setting) as runner:
        from roadtui.vault.undo_log import UndoDirection  # Not for --help: it brings in SQLite.

        said = "Undone" if stack == UndoDirection.UNDO.value else "Done again"
        _tell(runner.take_back(UndoDirection(stack)), as_json=as_json, said=said)


@contextmanager
def _runner(place: VaultTarget, setting: CliContext) -> Iterator[TransactionRunner]:
    """What takes steps in the vault of `place`; tells what it finds, and ends the program on an error."""
    # Not for --help: they bring in the writer.
    from roadtui.cli.transaction_runner import TransactionRunner
    from roadtui.vault.root import save_folder_with_notes

    vault = make_vault(place, setting)
    runner = TransactionRunner(vault, state_folder(), setting.day)
    found: list[str] = []
    try:
        try:
            found = vault.writer.recover(state_folder())
            yield runner
            save_folder_with_notes(state_folder(), vault.root)
        finally:
            for sentence in (*found, *runner.close()):
                click.echo(f"roadtui: {escape_terminal(sentence)}", err=True)
    except RoadtuiError as error:
        fail(error)


def _tell(outcome: TaskReport, *, as_json: bool, said: str = "") -> None:
    """Write the outcome; `said`: what was done with the step, before its title, where that need be said."""
    from roadtui.cli.transaction_runner import write_outcome  # Not for --help: it brings in the writer.

    write_outcome(outcome, sys.stdout, as_json=as_json, said=said)
