"""Finds and opens the vault, folder or note that a command is about; used by every command that names one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from roadtui.cli.output import REFUSED, fail, report_all
from roadtui.config import Config, cache_folder, config_file, own_settings_file, state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import escape_terminal
from roadtui.user_settings import UserSettings
from roadtui.vault.obsidian import known_vaults, vault_around
from roadtui.vault.path_kind import NOTE_SUFFIX

if TYPE_CHECKING:
    from roadtui.standing_frame import StandingFrame
    from roadtui.vault.cache.note_cache import NoteCache
    from roadtui.vault.snapshot import Snapshot
    from roadtui.vault.vault import Vault
    from roadtui.vault.writing import NoteWriter

path_argument = click.argument("path", type=click.Path(path_type=Path), required=False)
"""The vault, folder or note that a command is about."""


def settings_reader(path: Path | None = None) -> Callable[[], UserSettings]:
    """A function that reads the config at `path` alone, else all of the user's settings, on its first call.

    A call raises click.UsageError if the config cannot be read, or has an invalid setting. What is wrong with
    the program's own file is reported.
    """

    @cache
    def read() -> UserSettings:
        try:
            own_file = own_settings_file() if path is None else None
            settings = UserSettings.read(path or config_file(), own_file)
        except RoadtuiError as error:
            raise click.UsageError(escape_terminal(str(error))) from error
        report_all(settings.problems)
        return settings

    return read


class CliContext(NamedTuple):
    """The values of the program's own options, for every command. Fields are named like the options."""

    read_settings: Callable[[], UserSettings]
    """Reads the settings; made by `settings_reader`."""
    today: date | None = None
    """The day to act on; None asks the clock."""
    vault: Path | None = None
    """The vault named on the command line."""
    standing: StandingFrame | None = None
    """The saved frame that is on the terminal already."""

    @property
    def settings(self) -> UserSettings:
        """The user's settings; raises click.UsageError as `settings_reader` says."""
        return self.read_settings()

    @property
    def config(self) -> Config:
        """The values of the settings; raises click.UsageError as `settings_reader` says."""
        return self.settings.config

    @property
    def day(self) -> date:
        """The day to act on."""
        return self.today or date.today()


class VaultTarget(NamedTuple):
    """A vault, and the note in it that a command is about, if it is not about the whole vault."""

    root: Path
    note: str | None = None
    """Relative to `root`, with `/`."""
    is_lone: bool = False
    """Whether `note` is read alone, without the other notes of the vault."""


def resolve_target(
    path: Path | None, context: CliContext, *, wants_note: bool = False, commands: Iterable[str] = ()
) -> VaultTarget | None:
    """The vault or note to open; None if no path is named and no vault is known.

    A note can be named without its `.md`, and by its name alone if no other note of its vault has the name.

    Args:
        path: The path or name that the user passed; None for the default vault.
        context: The program's options.
        wants_note: Whether to prefer a note to a folder with the same name.
        commands: Names of commands, to be suggested in the message if nothing is found.

    Raises:
        click.UsageError: `path` or the vault in `context` does not exist; several notes have the name; or
            `path` is neither a folder nor a note.
    """
    here = _vault_here()
    if context.vault is not None and not os.path.exists(context.vault):
        raise click.UsageError(_not_there(context.vault, "folder or note", [Path()], ()))
    if path is None:
        path = context.vault or here or context.config.vault or next(iter(known_vaults()), None)
        if path is None:
            return None
    bases = [base for base in (Path(), context.vault, here) if base is not None]
    names = [path] if path.suffix.lower() == NOTE_SUFFIX else [path, Path(f"{path}{NOTE_SUFFIX}")]
    there = [base / name for name in names for base in bases if os.path.exists(base / name)]
    if wants_note:
        there.sort(key=os.path.isdir)
    found = next(iter(there), None)
    if found is None and (root := context.vault or here) is not None and os.path.isdir(root):
        note = only_note_called(path.as_posix(), notes_of(root))
        found = root / note if note is not None else None
    if found is None:
        kind = "note" if wants_note else "folder or note"
        raise click.UsageError(_not_there(path, kind, bases, commands))
    if os.path.isdir(found):
        return VaultTarget(found.resolve())
    if not os.path.isfile(found) or found.suffix.lower() != NOTE_SUFFIX:
        raise click.UsageError(
            f"“{escape_terminal(str(path))}” is neither a folder nor a note (a file that ends in .md)."
        )
    return _target_of_note(found, context)


def only_note_called(name: str, paths: Iterable[str]) -> str | None:
    """The only note of `paths` that is called `name`, with or without its folders, with or without `.md`.

    Ignores case, as Obsidian does in links. None if no note is called `name`.

    Raises:
        click.UsageError: several notes are called `name`.
    """
    full_name = name.casefold().removesuffix(NOTE_SUFFIX) + NOTE_SUFFIX
    found = sorted(path for path in paths if f"/{path.casefold()}".endswith(f"/{full_name}"))
    exact = [path for path in found if path.casefold() == full_name]
    if len(found) > 1 and len(exact) != 1:
        listed = ", ".join(escape_terminal(path) for path in found)
        raise click.UsageError(f"“{escape_terminal(name)}” could be any of these notes; name one: {listed}.")
    return next(iter(exact or found), None)


def notes_of(root: Path) -> Iterator[str]:
    """The notes of the vault at `root`, relative to it."""
    from roadtui.vault.scan import scan  # Only for a name that is not a path.

    try:
        yield from scan(root).notes
    except RoadtuiError as error:
        fail(error)


def _not_there(path: Path, kind: str, bases: Sequence[Path], commands: Iterable[str]) -> str:
    """The message that nothing is called `path`, with the most similar name."""
    from difflib import get_close_matches  # Only for an unknown name.

    known = list(commands)
    kinds = f"command, {kind}" if known else kind
    for base in bases:
        with suppress(OSError):
            known += [str(path.with_name(entry.name)) for entry in os.scandir((base / path).parent)]
    by_name = {name.casefold().removesuffix(NOTE_SUFFIX): name for name in reversed(known) if name[:1] != "."}
    close = get_close_matches(str(path).casefold().removesuffix(NOTE_SUFFIX), by_name, n=1)
    meant = f" Did you mean “{escape_terminal(by_name[close[0]])}”?" if close else ""
    return f"There is no {kinds} called “{escape_terminal(str(path))}”.{meant}"


def _target_of_note(found: Path, context: CliContext) -> VaultTarget:
    """The note in the vault around its path or, if there is none, around the file that its link leads to."""
    note = found.resolve()
    for location in (found.parent.resolve() / found.name, note):
        root = context.vault.resolve() if context.vault is not None else vault_around(location.parent)
        if root is not None and location.is_relative_to(root):
            return VaultTarget(root, location.relative_to(root).as_posix())
    return VaultTarget(note.parent, note.name, is_lone=True)


def _vault_here() -> Path | None:
    """The vault around the working folder; None if there is none."""
    try:
        return vault_around(Path.cwd())
    except OSError:  # The working folder was deleted.
        return None


def root_around(folder: Path, context: CliContext) -> Path:
    """The vault that `folder` is in, else `folder` itself."""
    named = context.vault.resolve() if context.vault is not None else None
    if named is not None and folder.is_relative_to(named):
        return named
    return vault_around(folder) or folder


def make_vault(target: VaultTarget, context: CliContext, state: Path | None = None) -> Vault:
    """The vault of `target`, not read yet. Its writer keeps its log in `state`, else in the user's folder."""
    from roadtui.vault.vault import Vault  # Not for --help.

    def make_writer() -> NoteWriter:
        from roadtui.vault.writing import NoteWriter  # With the first edit: the first screen needs none.

        return NoteWriter(state or state_folder())

    def had_notes() -> bool:
        from roadtui.vault.writing.past_runs import had_notes  # It brings in sqlite3; hardly ever asked.

        return had_notes(state or state_folder(), target.root)

    only = target.note if target.is_lone else None

    def open_cache() -> NoteCache | None:
        if only is not None:
            return None
        from roadtui.vault.cache.note_cache import NoteCache  # Not before the first screen.

        return NoteCache(cache_folder(), target.root)

    return Vault(target.root, context.config, make_writer, only, had_notes, open_cache=open_cache)


def needed_target(path: Path | None, context: CliContext) -> VaultTarget:
    """The result of `resolve_target`; raises click.UsageError if no vault is known."""
    target = resolve_target(path, context)
    if target is None:
        raise click.UsageError("No vault found here. Pass a vault, folder or note, or try `roadtui demo`.")
    return target


class LoadedVault(NamedTuple):
    """A vault, read whole for links and ids across notes, and the part of it that a command is about."""

    vault: Vault
    target: VaultTarget
    below: str
    """A note or folder, relative to the vault; empty for all of it."""

    @property
    def snapshot(self) -> Snapshot:
        """The notes."""
        return self.vault.snapshot

    def check_note(self) -> None:
        """End the program with `REFUSED` if the note that the command is about could not be read."""
        if self.target.note is not None and self.target.note not in self.snapshot.notes:
            sys.exit(REFUSED)


def load_vault(path: Path | None, context: CliContext) -> LoadedVault:
    """Read the vault around `path`."""
    found = find_vault(path, context)
    read(found.vault)
    return found


def find_vault(path: Path | None, context: CliContext) -> LoadedVault:
    """The vault around `path`, not read yet."""
    target = needed_target(path, context)
    root = target.root if target.note is not None else vault_around(target.root) or target.root
    below = target.note or ("" if root == target.root else target.root.relative_to(root).as_posix())
    vault = make_vault(VaultTarget(root, target.note, target.is_lone), context)
    return LoadedVault(vault, target, below)


def kept_lines(
    path: Path | None,
    context: CliContext,
    question: Iterable[Hashable],
    answer: Callable[[LoadedVault], list[str]],
) -> list[str]:
    """The lines that a command prints about the vault around `path`: as before, where nothing has changed.

    Args:
        path: The path that the user passed.
        context: The program's options.
        question: The command, and its arguments that the lines depend on.
        answer: Makes the lines of a vault that is read. No lines are not kept: there may be more to be said.
    """
    from roadtui.vault.cache.result_cache import ResultCache  # For commands of prompts.

    found = find_vault(path, context)
    kept = ResultCache(cache_folder(), found.vault, (found.below, *question), context.day)
    known = kept.lines()
    if known is not None:
        return known
    read(found.vault)
    report_problems(found.vault)
    found.check_note()
    lines = answer(found)
    if lines:
        kept.save(lines, found.snapshot)
    return lines


def read(vault: Vault, paths: Iterable[str] | None = None) -> Snapshot:
    """Read `paths`, or the whole vault, and record for later runs that the vault had notes."""
    from roadtui.vault.root import save_folder_with_notes  # Only for a command that reads.

    try:
        if paths is not None:
            snapshot = vault.refresh(paths)
        else:
            for _ in vault.load():
                pass
            snapshot = vault.snapshot
            # What the command finds out about the day is saved, too, after its output.
            click.get_current_context().call_on_close(partial(vault.cache.save, is_hurried=True))
    except RoadtuiError as error:
        fail(error)
    if snapshot.notes:
        save_folder_with_notes(state_folder(), vault.root)
    return snapshot


def report_problems(vault: Vault) -> None:
    """Report the warnings about the settings of `vault`, and which notes were left out."""
    report_all(vault.snapshot.settings.warnings)
    report_all(f"left out: {problem.path}: {problem.reason}" for problem in vault.snapshot.problems)
