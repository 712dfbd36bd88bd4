"""The top line of an earlier day, on a ground that can't be overlooked."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from roadtui.core.dates import MONTHS, WEEKDAYS
from roadtui.core.progress import Progress
from roadtui.ui.drawing import row


class DayShown(NamedTuple):
    """All that the line says."""

    day: date
    today: date
    position: int
    """Which of the days that there are, from 1."""
    days: int
    then: Progress
    now: Progress
    is_read: bool
    """False while the notes of the day are still on their way."""

    @property
    def words(self) -> str:
        """`Sat 14 Nov 2026, 8 days ago`."""
        day = self.day
        weekday, month = WEEKDAYS[day.weekday()][:3].title(), MONTHS[day.month - 1][:3].title()
        back = (self.today - day).days
        ago = "today" if back == 0 else "yesterday" if back == 1 else f"{back} days ago"
        return f"{weekday} {day.day} {month} {day.year}, {ago}"


class DayBar(Widget):
    """One line; the ground of warnings."""

    DEFAULT_CSS = """
    DayBar {
        dock: top; height: 1; margin: 0 0 1 0; padding: 0 2;
        background: $warning; color: $background; text-style: bold;
    }
    """

    shown: var[DayShown | None] = var(None)

    def watch_shown(self) -> None:
        """Draw what is new."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        shown = self.shown
        if y or shown is None:
            return Strip.blank(width, ground)
        plain = Style(bold=False)
        start = [] if shown.is_read else [Segment("reading… ", plain)]
        counted = ""
        if shown.is_read and shown.then.total:
            counted = f"{shown.then.done}/{shown.then.total} · {shown.then.percent}%"
            if width >= 80:
                counted += f"   now {shown.now.done}/{shown.now.total} · {shown.now.percent}%"
        what = "read only" if width >= 60 else ""
        place = f"{shown.position} of {shown.days}" if width >= 100 else ""
        end = [Segment("   ".join(part for part in (what, place, counted) if part), plain)]
        return row(width, start, (shown.words, Style(bold=True)), end).apply_style(ground)
