"""The ```` ```tasks ```` blocks of a note as views, as far as their instructions have a counterpart."""

from __future__ import annotations

from datetime import date

from roadtui.core.query.tasks_block import find_tasks_blocks, map_block
from roadtui.core.titles import heading_path
from roadtui.session.find.saved_views import SavedView, ViewOrigin, query_problem
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.reader import read_note, shown_text
from roadtui.vault.snapshot import Snapshot, VaultNote


def views_in_note(snapshot: Snapshot, note: VaultNote, limit: int, today: date) -> list[SavedView]:
    """The views of the tasks blocks in `note`, in order. Reads the note: for a thread.

    A view has the name of the heading that its block is below; of several with one name, the others have a
    number. Blocks of which nothing has a counterpart are left out.

    Args:
        snapshot: The vault.
        note: The note.
        limit: A larger note, in bytes, is not read.
        today: The day by which the queries are read.
    """
    try:
        text = shown_text(read_note(snapshot.root / note.path, limit).data)
    except UnreadableNoteError:
        return []
    found: list[SavedView] = []
    names: set[str] = set()
    for block in find_tasks_blocks(text):
        mapped = map_block(block, note.path)
        if not mapped.query:
            continue
        above = [section for section in note.note.sections if section.line <= block.line]
        title = heading_path(above[-1]).rpartition(" > ")[2] if above else ""
        name = title or note.name
        number = 2
        while name in names:
            name = f"{title or note.name} {number}"
            number += 1
        names.add(name)
        problem = query_problem(mapped.query, today)
        found.append(SavedView(name, mapped.query, ViewOrigin.NOTE, problem, mapped.unmapped))
    return found
