"""What is saved of the screen from run to run: small files in the state folder.

For each vault, the last note and the user's position in each note; for all vaults, the theme. The last note,
the position in it and the theme are read before the first paint, so they are in plain files of their own. The
files are a convenience: where they cannot be read or written, the program goes on without them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from zlib import crc32

from roadtui.core.markdown import content_hash
from roadtui.core.outline import Outline
from roadtui.session.outline.outline_state import OutlineState
from roadtui.settings_file import read_plain_file


class ViewPosition(NamedTuple):
    """Cursor, scroll and folds in one note."""

    cursor: str
    """Fingerprint of the row that the cursor is on."""
    above: int
    """Rows between the top of the pane and the cursor."""
    folded: tuple[str, ...]
    """Fingerprints of the rows that are folded."""


def _fingerprints(outline: Outline) -> Iterator[str]:
    """A unique fingerprint for each row; equal texts differ by the number of equal ones before them."""
    seen: Counter[str] = Counter()
    for key in outline.keys:
        print_ = f"{crc32(key.encode('utf-8', 'surrogatepass')):x}"
        yield f"{print_}.{seen[print_]}" if seen[print_] else print_
        seen[print_] += 1


def position_of(state: OutlineState) -> ViewPosition:
    """Where the user is in `state`, as of its last `leave`."""
    names = list(_fingerprints(state.outline))
    cursor = names[state.cursor] if state.cursor < len(names) else ""
    above = state.position(state.cursor) - state.scroll
    return ViewPosition(cursor, above, tuple(names[row] for row in sorted(state.folded)))


def restore_position(saved: ViewPosition, outline: Outline) -> OutlineState:
    """The state of `outline` that is nearest to `saved`; rows that are gone are left out."""
    rows = {name: row for row, name in enumerate(_fingerprints(outline))}
    folded = [rows[name] for name in saved.folded if name in rows]
    state = OutlineState(outline, folded, rows.get(saved.cursor, 0))
    state.scroll = max(0, state.position(state.cursor) - saved.above)
    return state


_MOST_NOTES = 200
"""Positions in more notes than this are not kept; the oldest are dropped first."""


def vault_file(folder: Path, root: Path, suffix: str) -> Path:
    """The file of one vault that ends in `suffix`, in the program's state folder `folder`."""
    name = content_hash(os.fsencode(root)).hex()[:16]
    return folder / "vaults" / f"{name}{suffix}"


class SavedViewState:
    """Reads and writes the saved files of one vault."""

    def __init__(self, folder: Path, root: Path) -> None:
        """`folder`: the program's state folder; `root`: the vault's."""
        self._root = root
        self._last = vault_file(folder, root, ".last")
        self._place = vault_file(folder, root, ".place")
        self._places = vault_file(folder, root, ".toml")

    def last_note(self) -> str | None:
        """Path in the vault of the note that was open last; None if it is unknown."""
        try:
            path = read_plain_file(self._last).decode("utf-8", "surrogateescape").strip("\n")
        except OSError:
            return None
        parts = PurePosixPath(path).parts
        return path if path.lower().endswith(".md") and not {"..", "/"}.intersection(parts) else None

    def last_place(self) -> dict[str, ViewPosition]:
        """The user's position in the note that was open last, by its path; empty if it is unknown.

        It is in a plain file as well: it is read before the first paint.
        """
        try:
            lines = read_plain_file(self._place).decode("utf-8", "surrogateescape").split("\n")
            path, cursor, above, folded = lines[:4]
            return {path: ViewPosition(cursor, int(above), tuple(folded.split()))}
        except (OSError, ValueError):
            return {}

    def places(self) -> dict[str, ViewPosition]:
        """The user's position in each note, by its path."""
        notes = self._values().get("notes")
        found = {path: _position(value) for path, value in notes.items()} if isinstance(notes, dict) else {}
        return {path: place for path, place in found.items() if place is not None}

    def has_preview(self) -> bool:
        """Whether the preview was open."""
        return self._values().get("preview") is True

    def _values(self) -> dict[str, Any]:
        import tomllib  # Read after the first paint.

        try:
            return tomllib.loads(read_plain_file(self._places).decode("utf-8", "surrogateescape"))
        except (OSError, ValueError, RecursionError):
            return {}

    def keep(
        self, last: str | None, places: Mapping[str, ViewPosition], *, has_preview: bool = False
    ) -> None:
        """Save the last note, if there is one, and `places`, in addition to those saved before.

        `has_preview`: whether the preview is open.

        Each file is written whole or not at all.
        """
        import tomli_w  # At the end of a run.

        known = {path: place for path, place in self.places().items() if path not in places}
        all_places = list((known | dict(places)).items())[-_MOST_NOTES:]
        notes = {path: place._asdict() for path, place in all_places}
        with suppress(OSError):
            self._last.parent.mkdir(parents=True, exist_ok=True)
            if last is not None:  # None while the vault is missing, or not read yet.
                _replace(self._last, f"{last}\n")
                _replace(self._place, _as_lines(last, dict(all_places).get(last)))
            values = {"vault": str(self._root), "preview": has_preview, "notes": notes}
            _replace(self._places, tomli_w.dumps(values))


def _as_lines(path: str, place: ViewPosition | None) -> str:
    """The place in the note at `path`, a value a line; empty where none is known."""
    if place is None:
        return ""
    return "\n".join((path, place.cursor, str(place.above), " ".join(place.folded)))


class SavedTheme:
    """The file in which earlier versions saved the theme that was chosen last, for all vaults."""

    def __init__(self, folder: Path) -> None:
        """`folder`: the program's state folder."""
        self._file = self.file_in(folder)

    @staticmethod
    def file_in(folder: Path) -> Path:
        """The file in the program's state folder `folder`."""
        return folder / "theme"

    def read(self) -> str | None:
        """The name of the theme; None if none is saved."""
        try:
            return self._file.read_text("utf-8").strip() or None
        except (OSError, ValueError):
            return None

    def forget(self) -> None:
        """Remove the file: the settings hold the choice now."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)


def _position(value: object) -> ViewPosition | None:
    match value:
        case {"cursor": str(cursor), "above": int(above), "folded": [*folded]}:
            return ViewPosition(cursor, above, tuple(str(name) for name in folded))
        case _:
            return None


def _replace(path: Path, text: str) -> None:
    """Write `text` to the file, unless that is what it holds: then it has not changed for a saved frame."""
    data = text.encode("utf-8", "surrogateescape")
    with suppress(OSError):
        if read_plain_file(path) == data:
            return
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
