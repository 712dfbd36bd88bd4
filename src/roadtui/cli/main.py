"""The program `roadtui`: its own options, and the table of its commands.

Each command is in a module of this package, which is imported when the command is called. The options are
read once and passed to it as a `CliContext`. No command keeps state.
"""

from __future__ import annotations

import gc

from typing_extensions import override

gc.disable()  # Start-up makes objects that stay: collecting garbage would take a tenth of its time.

import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roadtui import __version__, streams
from roadtui.cli.vault_argument import CliContext, settings_reader
from roadtui.user_settings import UserSettings

if TYPE_CHECKING:
    from roadtui.standing_frame import StandingFrame

_MODULES = {
    **dict.fromkeys(("open", "demo"), "open"),
    **dict.fromkeys(("undo", "redo"), "undo"),
    **dict.fromkeys(("next", "status"), "status"),
    **{
        name: name
        for name in (
            "activity",
            "add",
            "doctor",
            "export",
            "history",
            "keys",
            "links",
            "task",
            "tasks",
            "triage",
        )
    },
}
"""The module of each command, which has it as `<name>_command`."""


def _accept_options_after(command: click.Command, options: Sequence[click.Option]) -> None:
    """Accept the options of the program after `command` and its subcommands as well."""
    own = {name for param in command.params for name in param.opts}
    command.params += [option for option in options if own.isdisjoint(option.opts)]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _accept_options_after(inner, options)


def _set_in_context(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Put the value of one of the program's options, if it is given, into the `CliContext`."""
    context = ctx.obj or CliContext(settings_reader())
    ctx.obj = context if value is None else context._replace(**{param.name: value})


class _Program(click.Group):
    """A group that takes its first argument for a path to open if it is not the name of a command."""

    @override
    def main(self, args: Sequence[str] | None = None, *others: Any, **named: Any) -> Any:
        """Run a command. As the program (`args` is None), no stream can make the command fail."""
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
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. What it prints when it fails does not go to a screen that is about to vanish."""
        try:
            return super().invoke(ctx)
        except BaseException:
            if isinstance(ctx.obj, CliContext) and ctx.obj.standing is not None:
                ctx.obj.standing.restore()
            raise

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"roadtui.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        options = [param for param in self.params if isinstance(param, click.Option)]
        _accept_options_after(command, options)
        return command

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _MODULES:
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
            self.fail(f"{value} is not a date. Write it as 2026-12-31.", param, ctx)


class _ConfigFile(click.ParamType[Callable[[], UserSettings]]):
    """A config to read instead of the user's."""

    name = "path"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Callable[[], UserSettings]:
        return settings_reader(Path(str(value)))


@click.group(
    cls=_Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[VAULT|NOTE.md] | COMMAND …",
)
@click.version_option(__version__, "-V", "--version", message="roadtui %(version)s")
@click.option(
    "--today", type=_Day(), expose_value=False, callback=_set_in_context, help="Take this day for today."
)
@click.option(
    "--config",
    "read_settings",
    type=_ConfigFile(),
    expose_value=False,
    callback=_set_in_context,
    help="Read this config instead of yours.",
)
@click.option(
    "--vault",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_set_in_context,
    help="The vault that paths are looked up in.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mission control for the roadmaps in an Obsidian vault.

    Opens the vault or note you name; without a name the vault around this folder, else the one in your
    config, else the one Obsidian had open last. These options can follow a command as well.
    """
    if ctx.invoked_subcommand is None:
        open_command = main.get_command(ctx, "open")
        assert open_command is not None, "it is in the table"
        ctx.invoke(open_command)


def run(standing: StandingFrame | None) -> None:
    """Run the program. `standing`: the saved frame that is on the terminal already, if there is one."""
    main(obj=CliContext(settings_reader(), standing=standing) if standing is not None else None)
