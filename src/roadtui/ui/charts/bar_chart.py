"""Counts as columns with ends in eighths of a cell, or as lying bars; plotext's are ragged at this size."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import MONTHS
from roadtui.core.stats.activity import ActiveWeek
from roadtui.ui.styles import TextStyles

AXIS_CELLS = 6
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WIDEST = 4


def columns_that_fit(width: int, weeks: int) -> int:
    """How many of `weeks` columns fit into `width` cells."""
    return max(0, min(weeks, width - AXIS_CELLS))


def draw_columns(
    weeks: Sequence[ActiveWeek], width: int, height: int, text_styles: TextStyles
) -> list[Strip]:
    """The last weeks that fit, a column each, the most named at the left and months below."""
    shown = weeks[len(weeks) - columns_that_fit(width, len(weeks)) :]
    if not shown or height < 2:
        return []
    pitch = min(_WIDEST, max(1, (width - AXIS_CELLS) // len(shown)))
    cells = pitch - (pitch > 1)
    most = max(max(week.done for week in shown), 1)
    rows = height - 1
    strips = []
    for at in range(rows):
        floor = 8 * (rows - 1 - at)
        number = str(most) if at == 0 else "0" if at == rows - 1 else ""
        segments = [Segment(f"{number.rjust(AXIS_CELLS - 2)}  ", text_styles.faint)]
        for week in shown:
            eighths = max(1, round(week.done * 8 * rows / most)) if week.done else 0
            level = min(8, max(0, eighths - floor))
            is_base = at == rows - 1 and not level
            glyph = "▁" if is_base else _EIGHTHS[level]
            segments.append(
                Segment((glyph * cells).ljust(pitch), text_styles.track if is_base else text_styles.done)
            )
        strips.append(Strip(Segment.simplify(segments)))
    return [*strips, Strip([Segment(" " * AXIS_CELLS + _months(shown, pitch), text_styles.faint)])]


def _months(weeks: Sequence[ActiveWeek], pitch: int) -> str:
    """Each month below the first week that begins in it; January with its year."""
    text = ""
    for at, week in enumerate(weeks):
        name = MONTHS[week.monday.month - 1][:3].title()
        if week.monday.month == 1:
            name += f" {week.monday.year}"
        if week.monday.day <= 7 and len(text) <= pitch * at and pitch * at + len(name) <= pitch * len(weeks):
            text = text.ljust(pitch * at) + f"{name} "
    return text


def draw_bars(
    counts: Sequence[tuple[str, int]], width: int, height: int, style: Style, text_styles: TextStyles
) -> list[Strip]:
    """A row for each count: its name, a bar of `style` in proportion to the largest, its number."""
    name_cells = max(cell_len(name) for name, _ in counts)
    most = max(count for _, count in counts)
    digits = len(str(most))
    cells = max(1, width - name_cells - digits - 4)
    strips = []
    for name, count in counts:
        halves = -(-count * 2 * cells // most) if most else 0
        bar = "━" * (halves // 2) + "╸" * (halves % 2)
        number_style = text_styles.text if count else text_styles.faint
        segments = [
            Segment(name.ljust(name_cells + 2), text_styles.dim),
            Segment(bar, style),
            Segment("─" * (cells - len(bar)), text_styles.track),
            Segment(str(count).rjust(digits + 2), number_style),
        ]
        strips.append(Strip(segments))
    return strips[:height]
