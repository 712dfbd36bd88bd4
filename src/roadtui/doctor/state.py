"""The state folder: whether what the program has to remember can be kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from roadtui.doctor.finding import Finding, Kind
from roadtui.vault.system import SYSTEM, System, opened, write_all
from roadtui.vault.writing.target import scratch_file

_ROOM = 4096
"""Bytes that there has to be room for."""


def state_findings(folder: Path, system: System = SYSTEM) -> Iterator[Finding]:
    """What keeps the program from writing the state folder `folder`, or a file in it."""
    place = str(folder)
    try:
        system.make_folder(folder)
        with scratch_file(system, folder) as scratch, opened(system, scratch, os.O_WRONLY) as fd:
            write_all(system, fd, bytes(_ROOM), 0)
    except OSError as error:
        sentence = (
            f"The state folder can't be written ({error.strerror}): only changes of one byte, such as ticks,"
            " are made, nothing can be undone later, and nothing is remembered. Make it writable, or set"
            " XDG_STATE_HOME to another folder."
        )
        yield Finding(place, None, Kind.STATE, sentence)
        return
    for file in sorted([*folder.glob("*.sqlite"), *folder.glob("history/*/*.sqlite")]):
        if not os.access(file, os.W_OK):
            sentence = (
                "You may not write it, so it remembers nothing new. Give it to your user, or delete it."
            )
            yield Finding(str(file), None, Kind.STATE, sentence)
