"""The time of a round of focus: a thin bar, and what is left in figures."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from rich.segment import Segment
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from roadtui.ui.inks import Inks
from roadtui.ui.stopwatch import Phase, Stopwatch


class TimeLeft(NamedTuple):
    """What the line shows; equal ones look the same."""

    phase: Phase
    seconds_left: int
    share: float
    """Of the phase that has gone, to a hundredth."""
    is_running: bool

    @classmethod
    def of(cls, watch: Stopwatch) -> TimeLeft:
        """How `watch` stands."""
        share = round(watch.gone / watch.length, 2) if watch.length else 0.0
        return cls(watch.phase, ceil(watch.left), share, watch.is_running)

    @property
    def words(self) -> str:
        """`24:13`, with what is said of it."""
        minutes, seconds = divmod(self.seconds_left, 60)
        return f"{minutes}:{seconds:02}"

    @property
    def remark(self) -> str:
        """What is said beside the time; empty where it simply runs."""
        if self.phase is Phase.REST:
            return "break"
        return "" if self.is_running else ("paused" if self.share else "p starts")


class TimerLine(Widget):
    """One line."""

    DEFAULT_CSS = "TimerLine { width: 1fr; height: 1; background: $background; }"

    inks: var[Inks | None] = var(None)
    left: var[TimeLeft | None] = var(None)

    def watch_inks(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_left(self) -> None:
        """Draw the new time."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        inks, left = self.inks, self.left
        if inks is None or left is None:
            return Strip.blank(width, ground)
        is_quiet = left.phase is Phase.REST or not left.is_running
        pen = inks.done if left.phase is Phase.REST else inks.doing if is_quiet else inks.accent
        remark = f"  {left.remark}" if left.remark else ""
        end = [Segment(f"  {left.words:>6}", inks.dim if is_quiet else inks.strong), Segment(remark, pen)]
        cells = max(0, width - 2 - sum(segment.cell_length for segment in end))
        halves = int(left.share * cells * 2)
        full, half = divmod(halves, 2)
        bar = [
            Segment("  "),
            Segment("━" * full + "╸" * half, pen),
            Segment("━" * (cells - full - half), inks.track),
        ]
        return Strip([*bar, *end]).adjust_cell_length(width).apply_style(ground)
