"""The status symbols that the rows of notes show before the writes of these are on disk."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.session.outline.outline_state import RowMapping


class _PendingStatus(NamedTuple):
    key: object
    path: str
    row: int
    status_symbol: str


class PendingRows:
    """Status symbols whose writes are under way, by note and row."""

    def __init__(self) -> None:
        self._writes: list[_PendingStatus] = []

    def add(self, key: object, path: str, row: int, status_symbol: str) -> None:
        """Show `status_symbol` on a row of the note at `path` until `clear(key)`."""
        self._writes.append(_PendingStatus(key, path, row, status_symbol))

    def clear(self, key: object) -> None:
        """Show what the notes say, as the write of `key` has ended."""
        self._writes = [write for write in self._writes if write.key is not key]

    def symbol_of(self, path: str, row: int) -> str | None:
        """The symbol that was added last for a row of the note at `path`; None if nothing is pending."""
        found = (write for write in reversed(self._writes) if write.row == row and write.path == path)
        return next((write.status_symbol for write in found), None)

    def symbols_in(self, path: str) -> dict[int, str]:
        """The symbol that was added last for each row of the note at `path` that has one."""
        return {write.row: write.status_symbol for write in self._writes if write.path == path}

    def follow(self, path: str, became: RowMapping) -> None:
        """Follow the rows of the note at `path`, which has changed; rows that are gone are dropped."""
        self._writes = [
            write if write.path != path else write._replace(row=became[write.row])
            for write in self._writes
            if write.path != path or write.row in became
        ]

    def rename(self, old: str, new: str) -> None:
        """Follow the note at `old`, which is now at `new`."""
        self._writes = [write._replace(path=new) if write.path == old else write for write in self._writes]
