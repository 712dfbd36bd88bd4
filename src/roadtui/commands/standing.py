"""`roadtui next` and `roadtui status`: where a vault stands, for a script, a login message, a prompt."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from roadtui.commands.json_values import Value
from roadtui.commands.opening import REFUSED, Setting, load_vault, tell_problems
from roadtui.commands.standing_text import (
    COLOURED,
    PLAIN,
    screen,
    short_line,
    standing_value,
    suggestion_lines,
    suggestion_values,
)
from roadtui.config import state_folder
from roadtui.core.display import safe
from roadtui.standing import standing, why_nothing_is_next

if TYPE_CHECKING:
    from roadtui.core.insight import Days
    from roadtui.vault.snapshot import VaultNote
    from roadtui.vault.vault import Vault

_WIDEST = 100
"""Longer lines are no easier to read."""
_SUGGESTIONS = 2
"""How many next steps a status names."""


@click.command("next")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--count", type=click.IntRange(1), default=5, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Write them as JSON.")
@click.pass_obj
def next_command(setting: Setting, path: Path | None, count: int, as_json: bool) -> None:
    """Say what to do next in a vault, a folder or a note, and why."""
    vault, place, below = load_vault(path, setting)
    snapshot = vault.snapshot
    tell_problems(vault)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)
    found = standing(snapshot, below, setting.day, setting.config.count, count, _days(vault))
    if as_json:
        _write_json(suggestion_values(found.suggestions, snapshot.format, setting.day))
    elif found.suggestions:
        _write_lines(suggestion_lines(found.suggestions, snapshot.format))
    else:
        click.echo(f"roadtui: {why_nothing_is_next(found.progress)}", err=True)


@click.command("status")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--short", is_flag=True, help="One line, for a shell prompt.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
@click.pass_obj
def status_command(setting: Setting, path: Path | None, short: bool, as_json: bool) -> None:
    """Show where a vault, a folder or a note stands: how far, what next, and when it will be done.

    Counted are tasks with no others below them, or what `count` in the config says; `tasks --total` counts
    every box.
    """
    if short and as_json:
        raise click.UsageError("Say --short or --json, not both.")
    vault, place, below = load_vault(path, setting)
    snapshot = vault.snapshot
    tell_problems(vault)
    if place.note is not None and place.note not in snapshot.notes:
        sys.exit(REFUSED)
    config = setting.config
    found = standing(
        snapshot, below, setting.day, config.count, _SUGGESTIONS, _days(vault), config.grace_days
    )
    if as_json:
        _write_json(standing_value(found, snapshot.format))
    elif short:
        _write_lines([short_line(found, snapshot.format)])
    else:
        width = min(_WIDEST, get_terminal_size().columns)
        _write_lines(screen(found, snapshot.format, width, COLOURED if _wants_colour() else PLAIN))


def _days(vault: Vault) -> Callable[[Iterable[VaultNote]], Days]:
    """What gives the days that the history knows; it is read only, and not begun by looking at it."""
    from roadtui.vault.history import History  # Not for --help.
    from roadtui.vault.history.place import folder_of

    state = state_folder()
    history = History(state if os.path.isdir(folder_of(state, vault.scope)) else None, vault.scope)

    def days(notes: Iterable[VaultNote]) -> Days:
        try:
            return history.days(notes)
        finally:
            for sentence in history.take_messages():
                click.echo(f"roadtui: {safe(sentence)}", err=True)
            history.close()

    return days


def _wants_colour() -> bool:
    """Whether stdout is a terminal, and nobody asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write_lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _write_json(value: Value) -> None:
    """ASCII only: nothing in it acts on a terminal."""
    click.echo(json.dumps(value, indent=2))
