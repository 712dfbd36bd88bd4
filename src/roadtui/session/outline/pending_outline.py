"""The rows of the open note as its queued edits will leave them, until these are written. Uses no widget.

While an edit is pending whose rows are shown ahead of the note, later states of the note are held back, so
that of several edits made in quick succession none seems to be undone in between. With the last one the note
itself is shown again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Outline, Row
from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Transaction
    from roadtui.session.outline.predicted_outline import Prediction

_MOST_PENDING = 8
"""With so many edits pending, the next one waits: the writer knows how to follow this many of its own."""
MOST_HELD = 1.0
"""Seconds for which a later state of the note is held back while no write of the user's ends."""


class NoteState(NamedTuple):
    """One state of a note, to be shown."""

    note: VaultNote
    rows: Outline | None
    """None where they are still to be made."""
    from_outside: bool = False
    """Whether somebody else has changed it."""


class PendingOutline:
    """What one tree shows ahead of its note. Call in the event loop."""

    def __init__(
        self,
        shown: Callable[[], tuple[VaultNote | None, OutlineState]],
        enter: Callable[[Prediction], None],
        show: Callable[[NoteState], None],
    ) -> None:
        """Make one that shows nothing ahead.

        Args:
            shown: Gives the note in the tree and its rows as they are shown.
            enter: Shows predicted rows in place of those that are shown.
            show: Shows a state of the note in their place; calls `ended`.
        """
        self._shown = shown
        self._enter = enter
        self._show = show
        self._base: NoteState | None = None
        """The note that the predicted rows were made from; None where none are shown."""
        self._held: NoteState | None = None
        self._pending: list[Transaction] = []
        self._afterwards: list[Callable[[], None]] = []
        self._ended = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the rows in the tree are ahead of its note."""
        return self._base is not None

    @property
    def is_full(self) -> bool:
        """Whether a further edit has to wait until those before it are written."""
        return len(self._pending) >= _MOST_PENDING

    def begin(self, transaction: Transaction, *, stays: bool = False) -> bool:
        """Show what `transaction`, which is queued, will make of the rows, until `end`.

        False where that cannot be told, or a filter is on: it is shown once it is written. `stays`: whether
        the cursor stays on its row, and does not go to one that is added.
        """
        note, state = self._shown()
        if note is None or note.label or state.unfiltered is not state or self.is_full:
            return False
        from roadtui.session.outline.edit_prediction import predict  # With the first edit.

        prediction = predict(transaction, note.note, state.outline)
        if prediction is None:
            return False
        if self._base is None:
            self._base = NoteState(note, state.outline)
            self._ended.clear()
        self._pending.append(transaction)
        self._enter(prediction._replace(focus=None) if stays else prediction)
        return True

    def end(self, transaction: Transaction) -> None:
        """Take `transaction` for written or refused; if it was the last one, `settle` shows the note."""
        self._pending = [one for one in self._pending if one is not transaction]
        if self._timer is not None:
            self._start_timer()

    def keeps(self, note: VaultNote | None, rows: Outline | None, *, from_outside: bool) -> bool:
        """Whether `note`, which is now to be shown, is held back until the pending edits have ended."""
        base = self._base
        if base is None:
            return False
        if note is None or note.path != base.note.path:
            self._pending.clear()
        if note is None or not self._pending:
            return False
        if note is not base.note or self._held is not None:
            is_outside = from_outside or (self._held is not None and self._held.from_outside)
            self._held = NoteState(note, rows, is_outside)
            if self._timer is None:
                self._start_timer()
        return True

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(MOST_HELD, self.drop)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def settle(self) -> None:
        """Show the note itself, if all pending edits have ended and it is not shown yet."""
        if self._base is not None and not self._pending:
            self._show(self._held or self._base)

    def drop(self) -> None:
        """Show the note itself now; pending edits are shown when they are written."""
        self._pending.clear()
        self.settle()

    def ended(self) -> None:
        """Take it that the tree shows a note itself again."""
        self._stop_timer()
        self._base = self._held = None
        self._ended.set()
        afterwards, self._afterwards = self._afterwards, []
        for call in afterwards:
            call()

    def close(self) -> None:
        """Show nothing any more: the tree is gone."""
        self._stop_timer()
        self._pending.clear()
        self._base = self._held = None
        self._ended.set()

    def afterwards(self, call: Callable[[], None]) -> None:
        """Call `call` once the tree shows the note itself; now, if it does."""
        if self._base is None:
            call()
        else:
            self._afterwards.append(call)

    async def settled(self, seconds: float) -> bool:
        """Wait until the tree shows the note itself, but no longer than `seconds`; gives whether it does."""
        try:
            async with asyncio.timeout(seconds):
                while self._base is not None:
                    await self._ended.wait()
        except TimeoutError:
            return False
        return True


def are_same_rows(before: Outline, rows: Sequence[Row], after: Outline, rows_after: Sequence[Row]) -> bool:
    """Whether `rows_after` are certainly what `rows`, which were shown ahead of the note, stood for.

    Each must have the text that was shown; and the outlines the same shape, or that text must be unique.
    """
    if len(rows) != len(rows_after):
        return False
    texts = [_text(row.content) for row in rows]
    if texts != [_text(row.content) for row in rows_after]:
        return False
    around = [_texts_around(before, row) for row in rows]
    if around != [_texts_around(after, row) for row in rows_after]:
        return False
    if before.ends == after.ends and [row.index for row in rows] == [row.index for row in rows_after]:
        return True
    found = [_text(row.content) for row in after.rows]
    return all(found.count(text) == 1 for text in texts)


def _texts_around(outline: Outline, row: Row) -> list[str]:
    return [_text(outline.rows[index].content) for index in outline.ancestors(row.index)]


def _text(content: Section | ListItem | None) -> str:
    if isinstance(content, Section):
        return f"# {content.title}"
    if isinstance(content, Task):
        return f"[] {content.text}"
    return content.source.strip() if content is not None else ""
