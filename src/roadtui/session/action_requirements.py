"""What an action or a command works on, and the argument that it needs.

A module of its own because the keys of the first screen need it, and that screen does not load the actions.
"""

from __future__ import annotations

from enum import Enum


class Requires(Enum):
    """What has to be under the cursor, or selected, for an action or a command to be offered."""

    NOTHING = "nothing"
    NOTE = "note"
    """A note that can be written."""
    ROW = "row"
    """A heading or an item of one."""
    LINK = "link"
    """A heading or an item with a link; the note may be one that cannot be written."""
    ITEM = "item"
    TASK = "task"


class Argument(Enum):
    """What an action needs besides the items that it changes."""

    NONE = "none"
    DAY = "day"
    """A date, or None to remove it."""
    PRIORITY = "priority"
    """A `Priority`, or None to remove it."""
    STATUS = "status"
    """A status symbol."""
    RULE = "rule"
    """A recurrence rule as text, or None to remove it."""
    TAGS = "tags"
    """Tags, with or without their `#`."""
    TEXT = "text"
    """One line of text."""
    LINES = "lines"
    """Several lines of text, each for a task of its own."""
    MARKDOWN = "markdown"
    """Text as it is pasted."""
    TASK = "task"
    """A `Location` whose content is a task."""
    LOCATION = "location"
    """A `Location` to move items to."""
