"""What decides which vault or note a start opens, so that a saved frame is of the same one. Reads folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import click

from roadtui.cli.vault_argument import CliContext, VaultTarget, resolve_target
from roadtui.session.frame_dependencies import StartFiles
from roadtui.vault.obsidian import SETTINGS_FOLDER, list_of_vaults, listed_vaults


class _NoAnswerError(Exception):
    """It depends on more than is looked at here."""


def start_files(named: Path | None, context: CliContext, target: VaultTarget) -> StartFiles | None:
    """What decides that a start opens `target`; None where that takes more than a few looks at the disk.

    Args:
        named: The path that the user passed.
        context: The program's options.
        target: What was opened.
    """
    files = StartFiles([], [], [])
    try:
        if resolve_target(named, context) != target:
            return None
        _add(files, named, context, target)
    except (OSError, click.UsageError, _NoAnswerError):
        return None
    return files


def _add(files: StartFiles, named: Path | None, context: CliContext, target: VaultTarget) -> None:
    if context.vault is not None:
        files.stamped.append(os.fspath(context.vault))
    path = named or context.vault
    if path is None:
        if _add_vault_around(files, Path.cwd()) is not None:
            return
        path = context.config.vault  # The config is a part of every frame.
        if path is None:
            path = next(iter(listed_vaults()), None)
            files.stamped.append(os.fspath(list_of_vaults()))
    if path is None or not os.path.exists(path):
        _give_up()
    files.stamped.append(os.fspath(path))
    if target.note is None:
        if path.resolve() != target.root:
            _give_up()
        return
    for folder in dict.fromkeys((path.parent.resolve(), path.resolve().parent)):
        if context.vault is None:
            _add_vault_around(files, folder)


def _add_vault_around(files: StartFiles, folder: Path) -> Path | None:
    """Add the folders by which the vault around `folder` is found; gives the vault."""
    for one in (folder, *folder.parents):
        settings = one / SETTINGS_FOLDER
        if os.path.isdir(settings):
            files.folders.append(os.fspath(settings))
            return one
        if os.path.lexists(settings):
            _give_up()
        files.absent.append(os.fspath(settings))
    return None


def _give_up() -> NoReturn:
    raise _NoAnswerError
