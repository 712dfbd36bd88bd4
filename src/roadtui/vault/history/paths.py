"""The paths of event logs: a folder for each vault, with a file for each machine."""

from __future__ import annotations

import json
import os
import platform
import re
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

from roadtui.settings_file import read_plain_file, write_plain_file

SUFFIX = ".sqlite"
_NAMES = "machines.json"


def folder_of(state_folder: Path, vault: Path) -> Path:
    """The folder for the event logs of the vault at `vault`; it is not created here."""
    known_by = blake2b(os.fsencode(vault), digest_size=4).hexdigest()
    return state_folder / "history" / f"{_in_a_file_name(vault.name)}-{known_by}"


def own_file(state_folder: Path, vault: Path) -> Path:
    """The event log that this machine writes.

    Raises:
        OSError: the state folder cannot be used.
    """
    return folder_of(state_folder, vault) / f"{_name_of_machine(state_folder / 'history')}{SUFFIX}"


def other_files(own: Path) -> list[Path]:
    """The event logs of other machines, which are beside `own`."""
    try:
        return sorted(file for file in own.parent.iterdir() if file.suffix == SUFFIX and file != own)
    except OSError:
        return []


def machine_name(file: Path) -> str:
    """The name of the machine whose event log is in `file`, as people know it."""
    return re.sub(r"-[0-9a-f]{8}\Z", "", file.stem) or file.stem


def _name_of_machine(folder: Path) -> str:
    """A name that is unique to this machine, even if this folder was copied from another one."""
    host = platform.node() or "machine"
    file = folder / _NAMES
    names: dict[str, str] = {}
    # A file that cannot be read is not replaced. AttributeError: it does not hold a JSON object.
    with suppress(FileNotFoundError, ValueError, RecursionError, AttributeError):
        read = json.loads(read_plain_file(file))
        names = {key: name for key, name in read.items() if isinstance(name, str)}
    name = names.get(host, "")
    if not re.fullmatch(r"[\w.-]+", name):
        name = names[host] = f"{_in_a_file_name(host)}-{uuid4().hex[:8]}"
        write_plain_file(file, json.dumps(names, indent=2))
    return name


def _in_a_file_name(text: str) -> str:
    return re.sub(r"[^\w-]+", "_", text, flags=re.ASCII).strip("_")[:40] or "vault"
