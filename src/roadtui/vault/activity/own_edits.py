"""What edits of this program have changed, apart from what others have. Reads notes; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple

from roadtui.core.activity.changes import IsDone, SeenAndTracked, TaskChange, changes_between
from roadtui.core.activity.follow import follow, numbered
from roadtui.core.activity.rows import NO_ROWS, TrackedNote, rows_of
from roadtui.core.markdown import content_hash, split_byte_order_mark, split_lines
from roadtui.core.note import Note
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.note_content import ParsedNote
from roadtui.vault.reader import SIZE_LIMIT, decode, read_note
from roadtui.vault.snapshot import Snapshot, VaultNote


class OwnEdit(NamedTuple):
    """What an edit of this program did to one note."""

    path: str
    before: Note
    """The parse of the bytes that it was applied to."""
    digest_before: bytes
    after: Note | None
    """The parse of the note after it; None where that is not at hand, or the note was deleted."""
    digest_after: bytes
    data_after: bytes = b""
    """The bytes of the note after it; empty where they are not at hand."""

    @property
    def rows_after(self) -> TrackedNote:
        """The tasks after it."""
        if self.after is None:
            return NO_ROWS
        return rows_of(self.after, lines_of_data(self.data_after) if self.data_after else None)


def lines_of_data(data: bytes) -> list[str]:
    """The lines of a note, without a byte order mark."""
    return split_lines(split_byte_order_mark(decode(data))[1])


def bytes_on_disk(snapshot: Snapshot, path: str, digest: bytes, size: int = 0) -> bytes | None:
    """The bytes of the file at `path` if they have the content hash `digest`; None if it has changed.

    `size`: how many they were last, as far as known.
    """
    try:
        data = read_note(snapshot.root / path, max(SIZE_LIMIT, size)).data
    except UnreadableNoteError:
        return None
    return data if content_hash(data) == digest else None


def rows_on_disk(snapshot: Snapshot, note: VaultNote, parsed: ParsedNote | None = None) -> TrackedNote | None:
    """The tasks of `note`, with what is below them; None if the file has changed.

    `parsed`: a parse of it, where that is at hand.
    """
    parsed = parsed or note.content.peek()
    data = bytes_on_disk(snapshot, note.path, note.digest, note.stamp.size)
    if data is None or parsed.digest != note.digest:
        return None
    return rows_of(parsed.note, lines_of_data(data))


def is_later(tracked: bytes | None, path: str, edits: Iterable[OwnEdit], snapshot: Snapshot) -> bool:
    """Whether the state of the note at `path` with the hash `tracked` came after all of `edits`."""
    own = [one for one in edits if one.path == path]
    of_edits = {one.digest_before for one in own} | {one.digest_after for one in own}
    if not tracked or tracked in of_edits:
        return False
    return bytes_on_disk(snapshot, path, tracked) is not None


def left_as_written(edits: Sequence[OwnEdit], changes: Iterable[TaskChange], is_done: IsDone) -> set[int]:
    """The tasks of `changes` that `edits` have changed and others have left as they were after that."""
    own: set[tuple[str, str | None, str | None]] = set()
    for path in {edit.path for edit in edits}:
        numbers = count(1)
        of_note = [edit for edit in edits if edit.path == path]
        before = numbered(rows_of(of_note[0].before), numbers.__next__)
        after = follow({path: before}, {path: of_note[-1].rows_after}, (), numbers.__next__)
        states = SeenAndTracked({path: before}, after.notes)
        own |= {(path, *_lines(change)) for change in changes_between(states, is_done)}
    return {one.id for one in changes if (one.path, *_lines(one)) in own}


def _lines(change: TaskChange) -> tuple[str | None, str | None]:
    """The lines before and after."""
    return (
        change.old.source if change.old is not None else None,
        change.new.source if change.new is not None else None,
    )
