"""What widgets and screens ask of what holds them: the messages that more than one module reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from roadtui.session.tracked_task import TrackedTask


class AllSubmitted(Message):
    """The last message before the program ends: handled after those that were posted before it."""


@dataclass(eq=False)
class PasteRequested(Message):
    """Text was pasted onto the tree: it becomes tasks below the cursor."""

    text: str


class RowMoved(Message):
    """The row under the cursor is another one, or at another place of the screen."""


class ScreenName(Enum):
    """The screens that open on top of the dashboard."""

    NEXT = "next"
    FOCUS = "focus"
    PAST = "past"


@dataclass(eq=False)
class OpenScreen(Message):
    """The user wants to go to another screen."""

    name: ScreenName
    tracked: TrackedTask | None = None
    """The task to focus; None for the one under the cursor, or the best suggestion."""
