"""Short titles and heading paths, by which messages and lists name a task. Pure."""

from __future__ import annotations

from roadtui.core.mojibake import repair
from roadtui.core.note import Section
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import escape_terminal

MOST_CHARACTERS = 40


def short_title(text: str) -> str:
    """The description of the task with `text` behind its checkbox, at most `MOST_CHARACTERS` long.

    Mojibake is repaired and control characters are escaped, so that it is safe for a terminal.
    """
    title = escape_terminal(repair(read_fields(text).description or text))
    return title if len(title) <= MOST_CHARACTERS else f"{title[: MOST_CHARACTERS - 1].rstrip()}…"


def heading_path(section: Section) -> str:
    """The headings from the outermost to `section`, mojibake repaired, joined by ` > `."""
    return repair(" > ".join(section.heading_path))
