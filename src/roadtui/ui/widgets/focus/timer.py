"""The time that is left of a phase: large where there is space, with a bar of the share that has passed."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.session.focus_session import Phase, PomodoroTimer
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.focus.block_digits import LARGE_ROWS, SMALL_ROWS, block_digits


class TimerState(NamedTuple):
    """What a `FocusTimer` shows."""

    phase: Phase
    seconds_left: int
    share: float
    """The share of the phase that has passed, rounded to a hundredth."""
    is_running: bool

    @classmethod
    def of(cls, timer: PomodoroTimer) -> TimerState:
        """The state of `timer`."""
        share = round(timer.elapsed / timer.length, 2) if timer.length else 0.0
        return cls(timer.phase, ceil(timer.remaining), share, timer.is_running)

    @property
    def text(self) -> str:
        """The time left: `24:13`."""
        minutes, seconds = divmod(self.seconds_left, 60)
        return f"{minutes}:{seconds:02}"

    @property
    def remark(self) -> str:
        """The text beside the time; empty while the timer runs."""
        if self.phase is Phase.BREAK:
            return "break · p ends it"
        return "" if self.is_running else ("paused · p goes on" if self.share else "p starts")


class FocusTimer(Widget):
    """One line, or the time in large digits with a bar below it, as high as the widget is."""

    DEFAULT_CSS = "FocusTimer { width: 1fr; height: 1; background: $surface; }"

    text_styles: reactive[TextStyles | None] = reactive(None)
    left: reactive[TimerState | None] = reactive(None)

    @override
    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        background = self.visual_style.rich_style
        if self.text_styles is None or self.left is None:
            return Strip.blank(width, background)
        lines = timer_lines(self.left, width, height, self.text_styles)
        strip = lines[y] if y < len(lines) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(background)


def timer_lines(left: TimerState, width: int, height: int, text_styles: TextStyles) -> list[Strip]:
    """The time left in `height` lines: large digits, a line for a remark, the bar; else all in one line."""
    is_quiet = left.phase is Phase.BREAK or not left.is_running
    style = (
        text_styles.done
        if left.phase is Phase.BREAK
        else text_styles.doing
        if is_quiet
        else text_styles.accent
    )
    rows = next((rows for rows in (LARGE_ROWS, SMALL_ROWS) if rows + 2 <= height), 0)
    digits = block_digits(left.text, rows) if rows else []
    if not rows or 2 + len(digits[0]) > width:
        remark = f"  {left.remark}" if left.remark else ""
        time_style = text_styles.dim if is_quiet else text_styles.strong
        end = [Segment(f"  {left.text:>6}", time_style), Segment(remark, style)]
        cells = width - 2 - sum(segment.cell_length for segment in end)
        return [Strip([Segment("  "), *_bar(left.share, cells, style, text_styles), *end])]
    time_style = style if is_quiet else text_styles.text
    lines = [Strip([Segment("  "), Segment(line, time_style)]) for line in digits]
    if left.remark and len(digits[0]) + len(left.remark) + 5 <= width:
        lines[-1] = Strip([*lines[-1], Segment("   "), Segment(left.remark, style)])
        below = Strip([])
    else:
        below = Strip([Segment("  "), Segment(left.remark, style)])
    return [*lines, below, Strip([Segment("  "), *_bar(left.share, width - 4, style, text_styles)])]


def _bar(share: float, cells: int, style: Style, text_styles: TextStyles) -> list[Segment]:
    cells = max(0, cells)
    full, half = divmod(int(share * cells * 2), 2)
    return [
        Segment("━" * full + "╾" * half, style),
        Segment("─" * (cells - full - half), text_styles.track),
    ]
