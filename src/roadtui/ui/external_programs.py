"""Opens addresses and notes in other programs: the system's opener, and Obsidian.

Every program gets a list of arguments, never a line for a shell, and an address is percent-encoded: whatever
stands in the name of a note does no harm. Everything here may block for a few seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple
from urllib.parse import quote

from roadtui.core.errors import RefusedError
from roadtui.core.link_targets import is_address
from roadtui.vault.obsidian import known_vaults, uri_of, vault_around

Find = Callable[[str], str | None]
"""Gives the path of a program by its name, as `shutil.which`; None if it is not installed."""

_OBSIDIAN = "obsidian"
"""Obsidian's command-line program (1.12 and later), or Obsidian itself."""
_FAILURE_SECONDS = 3.0
"""Seconds in which an opener reports that it failed; one that runs on has succeeded."""
_FAILURES = (b"not found", b"error", b"not enabled", b"disabled", b"unknown command")
"""What Obsidian's program prints where it could not open a note; its exit status is 0 then, too."""
_SAFE = "!#$%&'()*+,/:;=?@[]~"
"""Characters of an address that stay as they are."""


class Desktop(NamedTuple):
    """What is known of the desktop that the program runs on."""

    platform: str
    """As in `sys.platform`."""
    environment: Mapping[str, str]
    find: Find
    answer_seconds: float = 2.0
    """Seconds in which Obsidian's program has to answer. If it starts Obsidian first, that takes longer."""

    @classmethod
    def here(cls) -> Desktop:
        """The desktop of this process."""
        return cls(sys.platform, os.environ, shutil.which)

    def opener(self) -> list[str]:
        """The program to which an address is added to open it; empty on Windows, which needs none.

        Raises:
            RefusedError: there is no desktop here, or no such program.
        """
        if not self.environment.keys().isdisjoint(("SSH_CONNECTION", "SSH_TTY")):
            raise RefusedError("This terminal is on another machine (ssh), where no window can be opened.")
        if self.platform == "win32":
            return []
        if self.platform == "darwin":
            return ["open"]
        if program := self.find("wslview") if "WSL_DISTRO_NAME" in self.environment else None:
            return [program]
        if self.environment.keys().isdisjoint(("DISPLAY", "WAYLAND_DISPLAY")):
            raise RefusedError("There is no desktop here on which a window could be opened.")
        program = self.find("xdg-open")
        if program is None:
            raise RefusedError("There is no xdg-open here to open it with. Install xdg-utils.")
        return [program]


def open_address(address: str, desktop: Desktop | None = None) -> None:
    """Open `address` with the system's opener.

    Raises:
        RefusedError: it is no address that may be opened, or there is nothing to open it with.
    """
    if not is_address(address):
        raise RefusedError("Only addresses of the web, of mail and of Obsidian are opened.")
    command = (desktop or Desktop.here()).opener()
    encoded = quote(address, safe=_SAFE, errors="replace")
    if not command and sys.platform == "win32":
        os.startfile(encoded)
        return
    process = _start([*command, encoded])
    try:
        status = process.wait(_FAILURE_SECONDS)
    except subprocess.TimeoutExpired:
        return
    if status:
        raise RefusedError(f"It was not opened: {os.path.basename(command[0])} ended with status {status}.")


def open_in_obsidian(root: Path, path: str, subpath: str, desktop: Desktop | None = None) -> None:
    """Open a note in Obsidian: by its command-line program if that answers, else by its address.

    That program cannot name a place in a note: where there is one, the address is opened as well.

    Args:
        root: The folder that `path` is relative to.
        path: The note.
        subpath: `#heading` or `#^block`, at which the note is opened; empty for none.
        desktop: What there is to open it with; None for what is here.

    Raises:
        RefusedError: the note is in no vault, or there is nothing to open it with.
    """
    desktop = desktop or Desktop.here()
    vault = vault_around((root / path).parent)
    if vault is None:
        raise RefusedError(f"{path} is in no vault of Obsidian.")
    path = (root / path).relative_to(vault).as_posix()
    vaults = known_vaults()
    command = obsidian_command(vault, path, vaults, desktop.find)
    is_open = command is not None and _answers(command, desktop.answer_seconds)
    if is_open and not subpath:
        return
    try:
        open_address(uri_of(vault, path, subpath, vaults), desktop)
    except RefusedError:
        if not is_open:
            raise


def obsidian_command(root: Path, path: str, vaults: Sequence[Path], find: Find) -> list[str] | None:
    """Obsidian's command-line program with the arguments that open the note at `path`.

    None if it is not installed, or if the name of the vault does not tell which one is meant.
    """
    program = find(_OBSIDIAN)
    others = [vault for vault in vaults if vault.name == root.name and vault.resolve() != root.resolve()]
    return [program, f"vault={root.name}", "open", f"path={path}"] if program and not others else None


def _answers(command: Sequence[str], seconds: float) -> bool:
    """Whether Obsidian's program opens the note within `seconds`.

    It runs on where it does not: it may have become Obsidian itself.
    """
    with TemporaryFile() as output:
        try:
            process = _start(command, output.fileno())
            status = process.wait(seconds)
        except (RefusedError, subprocess.TimeoutExpired):
            return False
        output.seek(0)
        printed = output.read(10_000).lower()
    return status == 0 and not any(failure in printed for failure in _FAILURES)


def _start(command: Sequence[str], output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a program that goes on when this one ends, and never touches its terminal."""
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL, or a character that cannot be encoded.
        raise RefusedError(f"It was not opened: {os.path.basename(command[0])} cannot be started.") from error
