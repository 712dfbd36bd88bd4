"""The messages that several modules share: requests of widgets and screens to the screen or the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from roadtui.session.tracking.tracked_task import TrackedTask


class AllSubmitted(Message):
    """The last message before the program ends: handled after those that were posted before it."""


@dataclass(eq=False)
class PasteRequested(Message):
    """Text was pasted onto the tree: it becomes tasks below the cursor."""

    text: str


@dataclass(eq=False)
class LinkRequested(Message):
    """A request to follow a link: to its note, or to its address in another program.

    Any widget may post it; the app handles it.
    """

    source_path: str
    """The path of the note that contains the link."""
    target: str
    """The target as it is written, percent-decoded and without its alias: `note#heading`, `#^block`; or an
    address such as `https://…`."""


class RowMoved(Message):
    """The cursor is on another row, or its row is at another position on the screen."""


@dataclass(eq=False)
class OpenScreen(Message):
    """A request to open another screen on top."""

    opens: str
    """The screen, as `Command.opens` names it."""
    tracked: TrackedTask | None = None
    """The task to focus; None for the one under the cursor, or the best suggestion."""
    query: str = ""
    """What to find."""


@dataclass(eq=False)
class KeyRefused(Message):
    """A key could do nothing, for a reason that the widget knows only when it is pressed."""

    reason: str


class PreviewClosed(Message):
    """A request to close the preview, from the preview itself."""
