"""The card "side by side"."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.reports.metrics import Metrics
from roadtui.session.reports.report_scope import Breakdown
from roadtui.ui.charts.card import Card, CardTable, ChartArea, Metric, Slot
from roadtui.ui.render import fit_row, progress_bar


class SectionsCard(Card):
    """How far is each section, or each roadmap of the vault?"""

    title = "side by side"
    medium = Slot(3)
    wide = Slot(2, (48,))

    @override
    def empty_message(self, data: Metrics) -> str:
        return "" if data.shares else super().empty_message(data) or "There is nothing to compare here."

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        complete = sum(share.progress.is_complete for share in data.shares)
        untouched = sum(not share.progress.done for share in data.shares)
        return [
            Metric(str(len(data.shares)), "part" if len(data.shares) == 1 else "parts"),
            Metric(str(complete), "finished"),
            Metric(str(untouched), "with nothing done"),
        ]

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        digits = max(len(str(share.progress.total)) for share in data.shares)
        shares = list(data.shares)
        hidden = max(0, len(shares) - area.height)
        if hidden:
            shares = shares[: max(0, area.height - 1)]
        strips = [_row(share, area, 2 * digits + 1) for share in shares]
        if hidden:
            more = f"… and {len(data.shares) - len(shares)} more"
            strips.append(fit_row(area.width, [], (more, area.text_styles.faint)))
        return strips

    @override
    def table(self, data: Metrics) -> CardTable:
        headers = ("part", "percent", "done", "doing", "open", "of")
        return CardTable(headers, [_numbers(share) for share in data.shares])


def _row(share: Breakdown, area: ChartArea, number_cells: int) -> Strip:
    progress, styles = share.progress, area.text_styles
    style = styles.faint if progress.is_complete else styles.text
    percent = Segment(f" {progress.percent:3} %", style)
    numbers = Segment(f"  {progress.done}/{progress.total}".rjust(number_cells + 2), styles.dim)
    bar = progress_bar(progress, max(4, min(24, area.width // 4)), styles)
    title = (display_text(share.title), style)
    return fit_row(area.width, [], title, [*bar, percent, numbers], [percent, numbers])


def _numbers(share: Breakdown) -> tuple[str, ...]:
    progress = share.progress
    counts = (progress.done, progress.in_progress, progress.open, progress.total)
    return (display_text(share.title), f"{progress.percent} %", *map(str, counts))
