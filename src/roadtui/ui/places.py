"""Where the user was in a note, in a form that outlives the program and edits made while it was not running.

Rows are known by a short fingerprint of their text without its mark, so that neither a tick nor a line added
above loses a fold. No widget in it, and no file: those are `ui.memory`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from roadtui.core.outline import Outline
from roadtui.ui.tree_state import TreeState


class Place(NamedTuple):
    """Cursor, scroll and folds in one note."""

    cursor: str
    """Fingerprint of the row that the cursor is on."""
    above: int
    """Rows between the top of the pane and the cursor."""
    folded: tuple[str, ...]
    """Fingerprints of the rows that are folded."""


def _fingerprints(outline: Outline) -> Iterator[str]:
    """One for each row, no two alike: equal texts are told apart by how many came before."""
    seen: Counter[str] = Counter()
    for key in outline.keys:
        print_ = f"{crc32(key.encode('utf-8', 'surrogatepass')):x}"
        yield f"{print_}.{seen[print_]}" if seen[print_] else print_
        seen[print_] += 1


def place_of(state: TreeState) -> Place:
    """Where the user is in `state`, as of its last `leave`."""
    names = list(_fingerprints(state.outline))
    cursor = names[state.cursor] if state.cursor < len(names) else ""
    above = state.position(state.cursor) - state.scroll
    return Place(cursor, above, tuple(names[row] for row in sorted(state.folded)))


def return_to(place: Place, outline: Outline) -> TreeState:
    """The state of `outline` that is nearest to `place`: what is gone from the note is left out."""
    rows = {name: row for row, name in enumerate(_fingerprints(outline))}
    folded = [rows[name] for name in place.folded if name in rows]
    state = TreeState(outline, folded, rows.get(place.cursor, 0))
    state.scroll = max(0, state.position(state.cursor) - place.above)
    return state
