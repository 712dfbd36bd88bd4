"""The commands: arguments in, the config read once, everything handed on. No command keeps state."""

from __future__ import annotations

import gc

from typing_extensions import override

gc.disable()  # Start-up makes objects that stay: looking through them for garbage takes a tenth of its time.

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadtui import __version__, streams
from roadtui.cli.vault_argument import (
    REFUSED,
    CliContext,
    VaultTarget,
    config_reader,
    fail,
    load_vault,
    make_vault,
    read,
    report_problems,
    resolve_target,
    root_around,
)
from roadtui.config import Config, state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.tasks.status import is_symbol
from roadtui.core.terminal_text import escape_terminal
from roadtui.ui.termination import Termination
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.obsidian import known_vaults

if TYPE_CHECKING:
    from roadtui.vault.vault import Vault

DEMO_NOTE = "roadmaps/ML Roadmap.md"
"""What the demo opens with."""


_ELSEWHERE = {
    **dict.fromkeys(("next", "status"), "roadtui.cli.status"),
    **dict.fromkeys(("task", "add", "undo", "redo"), "roadtui.cli.task"),
    "history": "roadtui.cli.history",
}
"""Commands that are imported when they are called, so that the first screen does not pay for them."""


def _take_options_behind(command: click.Command, options: Sequence[click.Option]) -> None:
    """Let the options of the program stand behind `command`, and behind the commands in it, too."""
    own = {name for param in command.params for name in param.opts}
    command.params += [option for option in options if own.isdisjoint(option.opts)]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _take_options_behind(inner, options)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Put the value of one of the program's options, if it is given, into what every command is given."""
    setting = ctx.obj or CliContext(config_reader())
    ctx.obj = setting if value is None else setting._replace(**{param.name: value})


class _Commands(click.Group):
    """A first word that is no command is a path to open."""

    @override
    def main(self, args: Sequence[str] | None = None, *others: Any, **named: Any) -> Any:
        """Run as the program (`args` is None), no stream can make a command fail."""
        if args is not None:
            streams.escape_unwritable()
            return super().main(args, *others, **named)
        streams.use_utf8()
        streams.prepare()
        try:
            super().main(None, *others, **named)
        except SystemExit as ended:
            sys.exit(streams.finish(ended.code if isinstance(ended.code, int) else 0))

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self.commands, *_ELSEWHERE])

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command: click.Command | None = (
            getattr(import_module(_ELSEWHERE[cmd_name]), f"{cmd_name}_command")
            if cmd_name in _ELSEWHERE
            else super().get_command(ctx, cmd_name)
        )
        if command is not None:
            _take_options_behind(command, [param for param in self.params if isinstance(param, click.Option)])
        return command

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.list_commands(ctx):
            return "open", self.get_command(ctx, "open"), args
        return super().resolve_command(ctx, args)


class _Day(click.ParamType[date]):
    """A day as `YYYY-MM-DD`."""

    name = "YYYY-MM-DD"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is no day; write it as 2026-12-31.", param, ctx)


class _ConfigFile(click.ParamType[Callable[[], Config]]):
    """A config to read instead of the user's."""

    name = "path"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Callable[[], Config]:
        return config_reader(Path(str(value)))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[VAULT|NOTE.md] | COMMAND …",
)
@click.version_option(__version__, "-V", "--version", message="roadtui %(version)s")
@click.option("--today", type=_Day(), expose_value=False, callback=_keep, help="Act as if it were this day.")
@click.option(
    "--config",
    "read_config",
    type=_ConfigFile(),
    expose_value=False,
    callback=_keep,
    help="Read this config instead of yours.",
)
@click.option(
    "--vault",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_keep,
    help="The vault that paths are looked up in.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mission control for the roadmaps in an Obsidian vault.

    Opens the vault or note you name; without a name the vault around this folder, else the one in your
    config, else the one Obsidian had open last. These options can stand behind a command as well.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(open_command)


class _Open(click.Command):
    """What is done where no command is named: its help and its usage are those of the program."""

    @override
    def get_help(self, ctx: click.Context) -> str:
        return main.get_help(ctx.find_root())

    @override
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        named = next((Path(word) for word in args[:1] if not word.startswith("-")), None)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            error.ctx = parent
            assert parent is not None, "it is found by the program's own context"
            _find_what_is_opened(named, parent)  # A name that is nobody's is wrong before all else.
            raise


def _find_what_is_opened(path: Path | None, root: click.Context) -> VaultTarget | None:
    """What to open; an error says what else `path` could have been meant to be."""
    commands = [name for name in main.list_commands(root) if not main.commands.get(name, main).hidden]
    try:
        return resolve_target(path, root.obj, commands=commands)
    except click.UsageError as error:
        error.ctx = root
        raise


@main.command("open", cls=_Open, hidden=True)
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_context
def open_command(ctx: click.Context, path: Path | None = None) -> None:
    """Open a vault or a note, full screen."""
    setting: CliContext = ctx.obj
    root = ctx.find_root()
    root.obj = setting
    place = _find_what_is_opened(path, root)
    _need_terminal(root)
    with Termination() as termination:
        if place is None:
            from roadtui.ui.screens.vault_picker import (
                VaultPickerScreen,  # Only who has no vault pays for it.
            )

            picker = VaultPickerScreen(known_vaults())
            status = picker.run_until_ended(termination)
            if status or picker.return_value is None:
                sys.exit(status)
            if picker.return_value.is_demo:
                sys.exit(_run_demo(setting, termination))
            place = VaultTarget(picker.return_value.path)
        sys.exit(_run(place, setting, termination))


@main.command()
@click.pass_obj
def demo(setting: CliContext) -> None:
    """Look around in a sample vault: a copy in a temporary folder, gone when you leave."""
    _need_terminal()
    with Termination() as termination:
        sys.exit(_run_demo(setting, termination))


def _run_demo(setting: CliContext, termination: Termination) -> int:
    import shutil
    from tempfile import mkdtemp  # Only the demo needs it.

    from roadtui.resources import folder
    from roadtui.vault.demo import make_demo

    with termination.held():
        temporary = Path(mkdtemp(prefix="roadtui-demo-"))
        termination.at_the_end(lambda: shutil.rmtree(temporary, ignore_errors=True))
    try:
        root = make_demo(folder("sample_vault"), temporary / "Roadmaps", setting.day)
    except RoadtuiError as error:
        fail(error)
    place = VaultTarget(root, DEMO_NOTE)
    return _run(place, setting, termination, state=temporary / "state", shown_as="demo vault")


def _run(
    place: VaultTarget,
    setting: CliContext,
    termination: Termination,
    *,
    state: Path | None = None,
    shown_as: str = "",
) -> int:
    from roadtui.clock import Clock  # Not for commands without a screen.
    from roadtui.ui.app import RoadtuiApp

    vault = make_vault(place, setting, state)
    if place.note is not None:
        with suppress(VaultMissingError):  # Told while loading.
            vault.refresh([place.note])
    today = setting.today
    clock = Clock() if today is None else Clock(today=lambda: today)
    app = RoadtuiApp(vault, setting.config, clock, place.note, shown_as, state or state_folder())
    status = app.run_until_ended(termination)
    for sentence in app.notifier.last_words:
        click.echo(f"roadtui: {escape_terminal(sentence)}", err=True)
    if app.return_value:
        click.echo("roadtui: some edits could not be saved: another program held the note.", err=True)
    return app.return_value or status


def _need_terminal(ctx: click.Context | None = None) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "The full screen needs a terminal. `roadtui tasks` and `roadtui task` do without.", ctx
        )


def _only(place: VaultTarget, setting: CliContext) -> Vault:
    """A model of the one note of `place`, by the settings of its vault; excluded notes can be named too."""
    return make_vault(place._replace(is_lone=True), setting)


@main.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
@click.pass_obj
def export(setting: CliContext, path: Path | None, form: str) -> None:
    """Write all that is known of a vault, a folder or a note as one JSON document."""
    from roadtui.cli.export import write_export  # Only this command needs it.
    from roadtui.vault.scan import linkable_files

    vault, place, below = load_vault(path, setting)
    snapshot = vault.snapshot
    write_export(snapshot, below, snapshot.notes if place.is_lone else linkable_files(vault.root), sys.stdout)
    for problem in snapshot.problems:
        click.echo(f"roadtui: left out: {escape_terminal(problem.reason)}", err=True)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)


@main.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--fix", "action", flag_value="fix", default="look", help="Repair garbled text in the notes.")
@click.option("--undo", "action", flag_value="undo", help="Take the last --fix of this vault back.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
@click.pass_obj
def doctor(setting: CliContext, path: Path | None, action: str, as_json: bool) -> None:
    """Find what is wrong in a vault, a folder or a note: garbled text, dead links, bad dates and more.

    Changes nothing without --fix. Ends with status 1 while there are findings.
    """
    from roadtui.cli.doctor import Action, run_doctor, write_json, write_text  # Only this command needs it.

    vault, place, below = load_vault(path, setting)
    try:
        found = run_doctor(
            vault,
            below,
            is_lone=place.is_lone,
            action=Action(action),
            state_folder=state_folder(),
            limit=setting.config.max_note_bytes,
        )
    except RoadtuiError as error:
        fail(error)
    write = write_json if as_json else write_text
    write(found.examination, found.mended, sys.stdout)
    for message in found.messages:
        click.echo(f"roadtui: {escape_terminal(message)}", err=True)
    sys.exit(0 if found.is_well else REFUSED)


@main.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--todo", "which", flag_value="todo", help="Only what is open.")
@click.option("--done", "which", flag_value="done", help="Only what is done.")
@click.option("--status", "symbol", metavar="C", help="Only this character between the brackets.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "tsv", "csv"]), default="text", show_default=True
)
@click.option("--total", is_flag=True, help="Only how many: every box, those with others below them too.")
@click.pass_obj
def tasks(
    setting: CliContext, path: Path | None, which: str | None, symbol: str | None, form: str, total: bool
) -> None:
    """List the tasks of a vault, a folder or a note."""
    from roadtui.cli.tasks import list_tasks, write_listing  # Only this command needs it.

    _need_symbol(symbol)
    place = resolve_target(path, setting)
    if place is None:
        raise click.UsageError("Say which vault, folder or note; there is no vault around this folder.")
    below = place.note or ""
    if place.note is not None:
        vault = _only(place, setting)
    else:
        vault = make_vault(VaultTarget(root_around(place.root, setting)), setting)
        below = place.root.relative_to(vault.root).as_posix() if place.root != vault.root else ""
    snapshot = read(vault, [place.note] if place.note is not None else None)
    found = list_tasks(snapshot, below, which, symbol)
    report_problems(vault)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)
    if total:
        click.echo(len(found))
        return
    write_listing(found, form, sys.stdout)
    if not found and form == "text":
        which_ones = " of that kind" if which or symbol else ""
        click.echo(f"roadtui: There are no tasks{which_ones} here.", err=True)


@main.command()
@click.option("--markdown", "form", flag_value="markdown", help="As Markdown tables.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.pass_obj
def keys(setting: CliContext, form: str | None) -> None:
    """List every key: what it does, where, and the id by which the config sets it."""
    from roadtui.ui.keymap import keys_as_json, keys_as_markdown, keys_as_text  # Brings in Textual's keys.

    listing = {"markdown": keys_as_markdown, "json": keys_as_json}.get(form or "", keys_as_text)
    click.echo(listing(setting.config.keys), nl=False)


def _need_symbol(symbol: str | None) -> None:
    if symbol is not None and not is_symbol(symbol):
        raise click.UsageError("--status takes one character.")
