"""What a saved frame is of: what the program goes on with where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from roadtui.session.outline.saved_positions import ViewPosition

if TYPE_CHECKING:
    from roadtui.vault.snapshot import Snapshot


class FrameView(NamedTuple):
    """What the program goes on with where a frame stands: what its first keys act on."""

    path: str
    """The open note, in the vault."""
    digest: bytes
    """Content hash of the note."""
    position: ViewPosition

    def encoded(self) -> bytes:
        """The view as the bytes that a frame's file holds."""
        cursor, above, folded = self.position
        parts = self.path, self.digest.hex(), cursor, str(above), *folded
        return "\0".join(parts).encode("utf-8", "surrogateescape")

    @classmethod
    def decoded(cls, data: bytes) -> FrameView | None:
        """The view in the bytes of a frame's file; None if they mean nothing."""
        try:
            path, digest, cursor, above, *folded = data.decode("utf-8", "surrogateescape").split("\0")
            return cls(path, bytes.fromhex(digest), ViewPosition(cursor, int(above), tuple(folded)))
        except ValueError:
            return None


class ShownFrame(NamedTuple):
    """What is on the screen."""

    cells: str
    """The cells, as a terminal takes them."""
    size: tuple[int, int]
    """Columns and rows."""
    view: FrameView
    snapshot: Snapshot
