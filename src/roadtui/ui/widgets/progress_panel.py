"""The progress pane: progress, activity and pace of what the cursor is on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.refusal import ExplainsRefusals, scroll_refusal
from roadtui.ui.styles import TextStyles

if TYPE_CHECKING:
    from roadtui.ui.charts.progress_report import Report

_REPORT_DELAY = 0.12
"""Seconds without a move of the cursor before its progress is computed: charts never delay a key."""
_MOST_DELAY = 0.5
"""Seconds; the delay is longer where a report takes long, as in a note of 100,000 tasks."""


class ProgressPane(ExplainsRefusals, ScrollView, can_focus=True, inherit_bindings=False):
    """Totals, burn-up, heatmap, streak and pace; on a narrow screen one line."""

    DEFAULT_CSS = """
    ProgressPane { background: $surface; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 0; }
    """

    HELP_SCOPE: ClassVar[Scope] = Scope.PROGRESS

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.PROGRESS)]

    text_styles: var[TextStyles | None] = var(None)
    report: var[Report | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strips: list[Strip] = []
        self._draw: Callable[[Size], Report] | None = None
        self._timer: Timer | None = None
        self._drawn: Callable[[Size], Report] | None = None
        self._is_working = False
        self._is_next_wanted = False
        """Whether another report is wanted once the one that is computed is there."""
        self._delay = _REPORT_DELAY

    @property
    def is_up_to_date(self) -> bool:
        """Whether what is shown is the result of the last `show`."""
        return self._drawn is self._draw

    def show(self, draw: Callable[[Size], Report] | None) -> None:
        """Show the result of `draw` for the size of the pane, unless this is called again within a moment.

        It is called in a thread. None empties the pane.
        """
        self._draw = draw
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(self._delay, self._request)

    def _request(self) -> None:
        if self._draw is None:
            self.report = self._drawn = None
        elif self._is_working:  # A thread cannot be stopped: several would hold up the keys together.
            self._is_next_wanted = True
        else:
            self._work_out(self._draw, self.scrollable_content_region.size)

    @work(group="report")
    async def _work_out(self, draw: Callable[[Size], Report], size: Size) -> None:
        self._is_working, self._is_next_wanted = True, False
        started = perf_counter()
        try:
            report = await asyncio.to_thread(draw, size)
        finally:
            self._is_working = False
            self._delay = min(_MOST_DELAY, max(_REPORT_DELAY, 2 * (perf_counter() - started)))
        if not self.is_attached:
            return
        if draw is self._draw:
            self.report = report
            self._drawn = draw
        elif self._is_next_wanted:
            self._request()

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self._rebuild()

    def watch_report(self) -> None:
        """Redraw."""
        self._rebuild()

    def watch_has_focus(self, _focused: bool) -> None:
        """Show whether the pane has the focus."""
        self._rebuild()

    def on_resize(self) -> None:
        """Fit the report to the new size at once, then draw charts for it."""
        self._rebuild()
        if self._draw is not None:
            self.show(self._draw)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action.startswith("scroll_"):
            return scroll_refusal(self, down=action in ("scroll_down", "scroll_end"))
        return super().refusal(action, parameters)

    def _rebuild(self) -> None:
        if self.text_styles is None or self.report is None:
            self._strips = []
        else:
            from roadtui.ui.charts.report_painter import ReportPainter  # The first screen has no report yet.

            width = self.scrollable_content_region.width
            painter = ReportPainter(self.report, self.text_styles, width, self.has_focus)
            self._strips = [painter.summary()] if self.size.height == 1 else painter.rows()
        self.virtual_size = Size(0, len(self._strips))
        self.refresh()

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        if self._strips:
            return super().render_lines(crop)
        # Blank until the first report is worked out, so that one line is like all.
        return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        strip = self._strips[at] if 0 <= at < len(self._strips) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(self.visual_style.rich_style)
