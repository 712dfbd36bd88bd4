"""Short titles and heading paths, by which messages and lists name a task. Pure."""

from __future__ import annotations

from roadtui.core.line_text import plain_line
from roadtui.core.mojibake import repair
from roadtui.core.note import Section
from roadtui.core.tasks.fields import read_fields

MOST_CHARACTERS = 40


def short_title(text: str) -> str:
    """The description of the task with `text` behind its checkbox, at most `MOST_CHARACTERS` long.

    Its Markdown is rendered, mojibake is repaired and control characters are escaped: safe for a terminal.
    """
    title = plain_line(read_fields(text).description or text)
    return title if len(title) <= MOST_CHARACTERS else f"{title[: MOST_CHARACTERS - 1].rstrip()}…"


def heading_path(section: Section) -> str:
    """The headings from the outermost to `section`, mojibake repaired, joined by ` > `."""
    return repair(" > ".join(section.heading_path))
