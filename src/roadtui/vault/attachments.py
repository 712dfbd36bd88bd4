"""What a link can lead to besides notes: every file of a vault. Reads folders, never files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from roadtui.vault.scanning import folders_of


def linkable_files(root: Path) -> Iterator[str]:
    """Paths of all files below `root` that Obsidian can link to, relative to it, with `/`.

    The owner's excluded files are among them: Obsidian leaves them out of lists, not out of links. Folders
    that cannot be opened are passed over; a scan of the notes reports them.

    Raises:
        VaultMissingError: the vault's folder is not there.
    """
    for folder in folders_of(root):
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                names = [
                    entry.name for entry in entries if not entry.name.startswith(".") and entry.is_file()
                ]
        except OSError:
            continue
        yield from (prefix + name for name in names)
