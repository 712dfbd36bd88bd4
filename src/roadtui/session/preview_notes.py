"""Opens notes for the preview: reads the text, divides it, and says which links lead somewhere.

The snapshot of a vault does not hold the text of its notes. Calls block: they are meant for a thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.links import LinkResolver
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Note
from roadtui.core.preview.chunks import NoteLines
from roadtui.vault.reader import read_note, shown_text
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.preview.block_parser import PreviewParser


class PreviewNote(NamedTuple):
    """A note that is open in the preview."""

    path: str
    digest: bytes
    """Content hash of the bytes that were read."""
    note: Note
    parser: PreviewParser
    resolver: LinkResolver

    def leads_somewhere(self, target: str) -> bool:
        """Whether the link `target` of the note leads to a note of the vault."""
        return self.resolver.resolve(target, self.path) is not None


def prepare() -> None:
    """Import what reads Markdown, and read some, so that the first preview need not. For a thread."""
    from roadtui.core.preview.block_parser import PreviewParser  # Not before there is time for it.

    text = "- [ ] **a** [[b]] `c`\n"
    note_lines = NoteLines(text, parse(text))
    parser = PreviewParser(note_lines)
    for chunk in note_lines.chunks:
        parser.blocks(chunk)


class PreviewNotes:
    """Opens notes for the preview."""

    def __init__(self, limit: int) -> None:
        """`limit`: notes larger than this, in bytes, are not read."""
        self._limit = limit

    def open(self, snapshot: Snapshot, note: VaultNote) -> PreviewNote:
        """Read `note` of `snapshot`.

        Raises:
            UnreadableNoteError: the note cannot be read.
        """
        # In the thread that this runs in: markdown-it takes a key's time to import.
        from roadtui.core.preview.block_parser import PreviewParser

        data = read_note(snapshot.root / note.path, self._limit).data
        digest = content_hash(data)
        text = shown_text(data)
        # A note that has changed since it was parsed will be shown once more when the vault is read again.
        parsed = note.note if digest == note.digest else parse(text)
        parser = PreviewParser(NoteLines(text, parsed))
        return PreviewNote(note.path, digest, parsed, parser, snapshot.links.resolver)

    def is_current(self, opened: PreviewNote, snapshot: Snapshot, note: VaultNote) -> bool:
        """Whether `opened` is `note` as `snapshot` has it, with the same links leading somewhere."""
        if (opened.path, opened.digest) != (note.path, note.digest):
            return False
        return opened.resolver is snapshot.links.resolver
