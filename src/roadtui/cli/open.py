"""`roadtui`, `roadtui VAULT` and `roadtui demo`: the full screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic_ns, time_ns
from typing import TYPE_CHECKING, Any

import click
from typing_extensions import override

from roadtui.cli.output import fail, report, report_all
from roadtui.cli.vault_argument import CliContext, VaultTarget, make_vault, path_argument, resolve_target
from roadtui.config import state_folder, views_file
from roadtui.core.errors import RoadtuiError
from roadtui.ui.terminal.termination import Termination
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.obsidian import known_vaults

if TYPE_CHECKING:
    from roadtui.session.saved_frames import FrameStore
    from roadtui.vault.history.history import History
    from roadtui.vault.snapshot import Snapshot

DEMO_NOTE = "roadmaps/ML Roadmap.md"
"""The note that the demo opens with."""

_TRIES, _SECONDS_BETWEEN_TRIES = 20, 0.05
"""How often, and how far apart, it is tried to delete the demo's folder."""


class _Open(click.Command):
    """The command that runs where no command is named: its help and its usage are those of the program."""

    @override
    def get_help(self, ctx: click.Context) -> str:
        root = ctx.find_root()
        return root.command.get_help(root)

    @override
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        named = next((Path(word) for word in args[:1] if not word.startswith("-")), None)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            error.ctx = parent
            assert parent is not None, "the program's own context finds this command"
            _resolve(named, parent)  # An unknown name is reported before other errors.
            raise


def _resolve(path: Path | None, root: click.Context) -> VaultTarget | None:
    """The vault or note to open; an error suggests the command that `path` may be a misspelling of."""
    program = root.command
    assert isinstance(program, click.Group)
    commands = [name for name in program.list_commands(root) if name != "open"]
    try:
        return resolve_target(path, root.obj, commands=commands)
    except click.UsageError as error:
        error.ctx = root
        raise


@click.command("open", cls=_Open, hidden=True)
@path_argument
@click.pass_context
def open_command(ctx: click.Context, path: Path | None = None) -> None:
    """Open a vault or a note, full screen."""
    context: CliContext = ctx.obj
    root = ctx.find_root()
    root.obj = context
    target = _resolve(path, root)
    need_terminal(root)
    with Termination() as termination:
        if context.standing is not None:
            termination.at_the_end(context.standing.restore)
        if target is None:
            from roadtui.ui.screens.vault_picker import VaultPickerScreen  # Only where no vault is known.

            picker = VaultPickerScreen(known_vaults())
            status = picker.run_until_ended(termination)
            if status or picker.return_value is None:
                sys.exit(status)
            if picker.return_value.is_demo:
                sys.exit(run_demo(context, termination))
            target = VaultTarget(picker.return_value.path)
            sys.exit(run_app(target, context, termination))
        sys.exit(run_app(target, context, termination, named=path, keeps_frames=True))


@click.command("demo")
@click.pass_obj
def demo_command(context: CliContext) -> None:
    """Look around in a sample vault: a copy in a temporary folder, gone when you leave."""
    need_terminal()
    with Termination() as termination:
        sys.exit(run_demo(context, termination))


def run_demo(context: CliContext, termination: Termination) -> int:
    """Run the app on a copy of the sample vault, and delete the copy in the end; return the exit status."""
    from tempfile import mkdtemp  # Only the demo needs it.

    from roadtui.resources import folder
    from roadtui.vault.demo.sample_copy import make_demo

    with termination.held():
        temporary = Path(mkdtemp(prefix="roadtui-demo-"))
        termination.at_the_end(lambda: _delete(temporary))
    try:
        root = make_demo(folder("sample_vault"), temporary / "Roadmaps", context.day)
    except RoadtuiError as error:
        fail(error)
    target = VaultTarget(root, DEMO_NOTE)

    def begin_history(history: History, snapshot: Snapshot) -> None:
        from roadtui.vault.demo.focus_rounds import record_focus_rounds  # After the first screen.

        record_focus_rounds(history, snapshot, context.day)

    return run_app(
        target,
        context,
        termination,
        state=temporary / "state",
        shown_as="demo vault",
        begin_history=begin_history,
    )


def _delete(folder: Path) -> None:
    """Delete `folder`; git, which outlives a program that is killed, may write into it for a moment more."""
    import shutil  # Only the demo needs it.
    from time import sleep

    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        sleep(_SECONDS_BETWEEN_TRIES)


def run_app(
    target: VaultTarget,
    context: CliContext,
    termination: Termination,
    *,
    state: Path | None = None,
    shown_as: str = "",
    named: Path | None = None,
    keeps_frames: bool = False,
    begin_history: Callable[[History, Snapshot], None] | None = None,
) -> int:
    """Run the app on `target` until the user leaves it; return the exit status.

    Args:
        target: The vault, and the note to open in it.
        context: The program's options.
        termination: Ends the app when a signal asks for that.
        state: The state folder; None for the user's.
        shown_as: The name of the vault in the header; empty for its path.
        named: The path that the user passed.
        keeps_frames: Whether the screen is saved for the next start with the same arguments.
        begin_history: Records more in the history once the vault was recorded for the first time.
    """
    from roadtui.clock import Clock  # Not for --help.
    from roadtui.ui.app import RoadtuiApp
    from roadtui.ui.frame_app import SavedFrames

    began = time_ns(), monotonic_ns()
    vault = make_vault(target, context, state)
    if target.note is not None:
        with suppress(VaultMissingError):  # The app reports it while it loads the vault.
            vault.refresh([target.note])
    today = context.today
    clock = Clock() if today is None else Clock(today=lambda: today)
    views = state / "views.toml" if state is not None else views_file()
    settings = context.settings if state is None else context.settings.unsaved()

    def make_frames() -> FrameStore:
        from roadtui.cli.start_files import start_files  # After the first screen.
        from roadtui.session.frame_dependencies import ProgramStart
        from roadtui.session.saved_frames import FrameStore

        return FrameStore(
            vault,
            settings,
            views,
            sys.argv[1:],
            lambda: start_files(named, context, target),
            ProgramStart(*began),
        )

    app = RoadtuiApp(
        vault,
        context.config,
        clock,
        target.note,
        shown_as,
        state or state_folder(),
        views_file=views,
        settings=settings,
        frames=SavedFrames(make_frames, context.standing)
        if keeps_frames and sys.platform != "win32"
        else None,
    )
    app.history.begin_with = begin_history
    status = app.run_until_ended(termination)
    if app.frames is not None:
        app.frames.save()
    report_all(app.notifier.exit_messages)
    if app.return_value:
        report("some edits could not be saved: another program held the note.")
    return app.return_value or status


def need_terminal(ctx: click.Context | None = None) -> None:
    """Raise click.UsageError if there is no terminal to show the full screen on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "The full screen needs a terminal. `roadtui tasks` and `roadtui task` work without one.", ctx
        )
