"""The status symbols that a tree shows: those of its note, or ahead of it while a write is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager

from roadtui.core.note import Task
from roadtui.core.outline import Outline, Row
from roadtui.session.outline.outline_state import RowMapping
from roadtui.session.outline.pending_rows import PendingRows
from roadtui.vault.snapshot import VaultNote


class ShownSymbols:
    """The status symbols of one tree, in all notes that it shows one after the other."""

    def __init__(
        self,
        note: Callable[[], VaultNote | None],
        outline: Callable[[], Outline],
        redrawing: Callable[[], AbstractContextManager[None]],
        changed: Callable[[], object],
    ) -> None:
        """Make the symbols of a tree.

        Args:
            note: Gives the note that is shown.
            outline: Gives its rows.
            redrawing: Gives a context at whose end the rows are redrawn that look different than before it.
            changed: Called when other symbols than before are shown ahead of the note.
        """
        self._note = note
        self._outline = outline
        self._redrawing = redrawing
        self._changed = changed
        self._pending = PendingRows()

    def follow(self, path: str, became: RowMapping) -> None:
        """Follow the rows of the note at `path`, which has changed."""
        self._pending.follow(path, became)

    def rename(self, old: str, new: str) -> None:
        """Follow the note at `old`, which is now at `new`."""
        self._pending.rename(old, new)

    def show_pending(self, key: object, note: VaultNote, task: Task, symbol: str) -> None:
        """Show `symbol` for `task` of `note` until `clear_pending(key)`, while it is being written."""
        row = self._outline().row_of(task) if note is self._note() else None
        if row is not None:
            with self._redrawing():
                self._pending.add(key, note.path, row, symbol)
            self._changed()

    def clear_pending(self, key: object) -> None:
        """Show the symbols of the note again, as the write of `key` has ended."""
        with self._redrawing():
            self._pending.clear(key)
        self._changed()

    @property
    def pending(self) -> Mapping[int, str]:
        """The symbols that are shown ahead of the note, by its lines."""
        note = self._note()
        if note is None:
            return {}
        rows = self._outline().rows
        return {rows[row].line: symbol for row, symbol in self._pending.symbols_in(note.path).items()}

    def of_row(self, row: Row) -> str:
        """The symbol of `row`; empty if it is not a task."""
        note = self._note()
        if note is None or not isinstance(row.content, Task):
            return ""
        pending = self._pending.symbol_of(note.path, row.index)
        return pending if pending is not None else row.content.status_symbol

    def of_tasks(self, tasks: Iterable[Task]) -> list[str]:
        """The symbols of `tasks`; those of the note where it is not shown with them."""
        rows = {id(row.content): row for row in self._outline().rows}
        return [self.of_row(rows[id(task)]) if id(task) in rows else task.status_symbol for task in tasks]
