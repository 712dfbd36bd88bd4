"""What the commands share: which vault is meant, opening it, refusing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from roadtui.config import Config, config_file, load_config, state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.obsidian import known_vaults, vault_around
from roadtui.vault.path_kind import NOTE_SUFFIX

if TYPE_CHECKING:
    from roadtui.vault.snapshot import Snapshot
    from roadtui.vault.vault import Vault
    from roadtui.vault.writing import NoteWriter

REFUSED = 1
"""Exit status: it was not done, for the reason on stderr."""


def config_reader(path: Path | None = None) -> Callable[[], Config]:
    """What gives the config at `path`, else the user's. It is read at the first call: another may be named.

    A call raises click.UsageError where the config cannot be read, or says what means nothing.
    """

    @cache
    def read() -> Config:
        try:
            return load_config(path or config_file())
        except RoadtuiError as error:
            raise click.UsageError(escape_terminal(str(error))) from error

    return read


class CliContext(NamedTuple):
    """What every command is given. Its fields have the names of the program's options."""

    read_config: Callable[[], Config]
    """See `config_reader`."""
    today: date | None = None
    """The day to act on; None asks the clock."""
    vault: Path | None = None
    """The vault named on the command line."""

    @property
    def config(self) -> Config:
        """The user's settings; raises what `read_config` does."""
        return self.read_config()

    @property
    def day(self) -> date:
        """The day to act on, now."""
        return self.today or date.today()


class VaultTarget(NamedTuple):
    """A vault, and the one note that is meant in it, if one is."""

    root: Path
    note: str | None = None
    """Relative to `root`, with `/`."""
    is_lone: bool = False
    """Whether `note` is in no vault, and nothing around it is looked at."""


def resolve_target(
    path: Path | None, setting: CliContext, *, wants_note: bool = False, commands: Iterable[str] = ()
) -> VaultTarget | None:
    """What to open. None where no path is named and no vault is known.

    A note can be named without its `.md`, and by its name alone where no other of its vault has it.

    Args:
        path: What the user names; None for the vault that is meant without a name.
        setting: What every command is given.
        wants_note: Whether a note is meant where a folder has the same name.
        commands: What else the name could have stood for; for the message where there is nothing like it.

    Raises:
        click.UsageError: nothing is called so, or like the named vault; several notes are called so; or it
            is neither a folder nor a note.
    """
    here = _vault_here()
    if setting.vault is not None and not os.path.exists(setting.vault):
        raise click.UsageError(_not_there(setting.vault, "folder or note", [Path()], ()))
    if path is None:
        path = setting.vault or here or setting.config.vault or next(iter(known_vaults()), None)
        if path is None:
            return None
    bases = [base for base in (Path(), setting.vault, here) if base is not None]
    names = [path] if path.suffix.lower() == NOTE_SUFFIX else [path, Path(f"{path}{NOTE_SUFFIX}")]
    there = [base / name for name in names for base in bases if os.path.exists(base / name)]
    if wants_note:
        there.sort(key=os.path.isdir)
    found = next(iter(there), None)
    if found is None and (root := setting.vault or here) is not None and os.path.isdir(root):
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
    return _place_of_note(found, setting)


def only_note_called(name: str, paths: Iterable[str]) -> str | None:
    """The one of the notes `paths` that is called `name`, with folders or without, with `.md` or without.

    In any case of letters, as Obsidian resolves a link; None where none is called so.

    Raises:
        click.UsageError: several are.
    """
    wanted = name.casefold().removesuffix(NOTE_SUFFIX) + NOTE_SUFFIX
    found = sorted(path for path in paths if f"/{path.casefold()}".endswith(f"/{wanted}"))
    exact = [path for path in found if path.casefold() == wanted]
    if len(found) > 1 and len(exact) != 1:
        listed = ", ".join(escape_terminal(path) for path in found)
        raise click.UsageError(f"“{escape_terminal(name)}” could be any of these notes; name one: {listed}.")
    return next(iter(exact or found), None)


def notes_of(root: Path) -> Iterator[str]:
    """The notes of the vault at `root`, relative to it."""
    from roadtui.vault.scan import scan  # Only for a name that is no path.

    try:
        yield from scan(root).notes
    except RoadtuiError as error:
        fail(error)


def _not_there(path: Path, kind: str, bases: Sequence[Path], commands: Iterable[str]) -> str:
    """That nothing is called `path`, and what may have been meant."""
    from difflib import get_close_matches  # Only for a name that is nobody's.

    known = list(commands)
    kinds = f"command, {kind}" if known else kind
    for base in bases:
        with suppress(OSError):
            known += [str(path.with_name(entry.name)) for entry in os.scandir((base / path).parent)]
    by_name = {name.casefold().removesuffix(NOTE_SUFFIX): name for name in reversed(known) if name[:1] != "."}
    close = get_close_matches(str(path).casefold().removesuffix(NOTE_SUFFIX), by_name, n=1)
    meant = f" Did you mean “{escape_terminal(by_name[close[0]])}”?" if close else ""
    return f"There is no {kinds} called “{escape_terminal(str(path))}”.{meant}"


def _place_of_note(found: Path, setting: CliContext) -> VaultTarget:
    """The note in its vault: where it is named, or else, if it is a link, where that leads."""
    note = found.resolve()
    for place in (found.parent.resolve() / found.name, note):
        root = setting.vault.resolve() if setting.vault is not None else vault_around(place.parent)
        if root is not None and place.is_relative_to(root):
            return VaultTarget(root, place.relative_to(root).as_posix())
    return VaultTarget(note.parent, note.name, is_lone=True)


def _vault_here() -> Path | None:
    """The vault around the working folder."""
    try:
        return vault_around(Path.cwd())
    except OSError:  # The working folder was deleted.
        return None


def root_around(folder: Path, setting: CliContext) -> Path:
    """The vault that `folder` is in or is."""
    named = setting.vault.resolve() if setting.vault is not None else None
    if named is not None and folder.is_relative_to(named):
        return named
    return vault_around(folder) or folder


def make_vault(place: VaultTarget, setting: CliContext, state: Path | None = None) -> Vault:
    """A model of the vault at `place`; its writer keeps its journal in `state`, else in the user's."""
    from roadtui.vault.vault import Vault  # Not for --help.

    def make_writer() -> NoteWriter:
        from roadtui.vault.writing import NoteWriter  # With the first edit: the first screen needs none.

        return NoteWriter(state or state_folder())

    def had_notes() -> bool:
        from roadtui.vault.writing.past_runs import had_notes  # It brings in sqlite3; hardly ever asked.

        return had_notes(state or state_folder(), place.root)

    only = place.note if place.is_lone else None
    return Vault(place.root, setting.config, make_writer, only, had_notes)


def load_vault(path: Path | None, setting: CliContext) -> tuple[Vault, VaultTarget, str]:
    """The vault around `path`, read whole as links and ids reach across notes; the place; what is meant.

    That is a note or folder relative to the vault, empty for all of it.
    """
    place = resolve_target(path, setting)
    if place is None:
        raise click.UsageError("Say which vault, folder or note; there is no vault around this folder.")
    root = place.root if place.note is not None else vault_around(place.root) or place.root
    below = place.note or ("" if root == place.root else place.root.relative_to(root).as_posix())
    vault = make_vault(VaultTarget(root, place.note, place.is_lone), setting)
    read(vault)
    return vault, place, below


def read(vault: Vault, paths: Iterable[str] | None = None) -> Snapshot:
    """Read `paths`, or the whole vault, for a command; a later run knows that there were notes in it."""
    from roadtui.vault.root import save_folder_with_notes  # With what it is about, as above.

    try:
        snapshot = vault.refresh(paths)
    except RoadtuiError as error:
        fail(error)
    if snapshot.notes:
        save_folder_with_notes(state_folder(), vault.root)
    return snapshot


def fail(error: RoadtuiError) -> NoReturn:
    """Say why it was not done, and end with `REFUSED`."""
    click.echo(f"roadtui: {escape_terminal(str(error))}", err=True)
    sys.exit(REFUSED)


def report_problems(vault: Vault) -> None:
    """Say on stderr what was left out."""
    for warning in vault.snapshot.settings.warnings:
        click.echo(f"roadtui: {escape_terminal(warning)}", err=True)
    for problem in vault.snapshot.problems:
        click.echo(f"roadtui: left out: {escape_terminal(f'{problem.path}: {problem.reason}')}", err=True)
