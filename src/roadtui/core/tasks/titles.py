"""What names a task where it is shown: few of its words, and the headings above it."""

from __future__ import annotations

from roadtui.core.mojibake import repair
from roadtui.core.note import Section
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import escape_terminal

MOST_CHARACTERS = 40


def short_title(text: str) -> str:
    """The words of the task whose text behind the box is `text`, without its fields, cut with `…`.

    Nothing in them acts on a terminal.
    """
    words = escape_terminal(repair(read_fields(text).description or text))
    return words if len(words) <= MOST_CHARACTERS else f"{words[: MOST_CHARACTERS - 1].rstrip()}…"


def heading_path(section: Section) -> str:
    """The headings from the outermost to `section`, garbled symbols repaired, joined by ` > `."""
    return repair(" > ".join(section.heading_path))
