"""Data into drawn charts. plotext is imported on the first use: it takes 80 ms that no key should wait for.

plotext keeps one figure for the whole program, so only one chart may be drawn at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

_one_at_a_time = Lock()


def draw_line(values: Sequence[float], width: int, height: int, top: float) -> list[str]:
    """One line in braille: `height` rows of `width` cells, its values spread over the width, from 0 to `top`.

    The rows hold no colour: lines of the same scale are laid over each other and coloured by the theme.
    """
    import plotext

    if not values or width < 2 or height < 1:
        return [" " * max(0, width)] * max(0, height)
    with _one_at_a_time:
        figure = plotext.figure
        figure.clear()
        figure.plot_size(width, height)
        figure.axes(False)
        points = list(values) * 2 if len(values) == 1 else list(values)
        signal = figure.signal(list(range(len(points))), points, marker="braille")
        signal.lines()
        figure.draw(signal)
        figure.ruler("y").lim(0, max(top, 1))
        for axis in ("x", "y"):
            figure.ruler(axis).frequency(0)
        drawn = plotext.uncolorize(figure.build().string())
    rows = [row.ljust(width)[:width] for row in drawn.splitlines()[:height]]
    return rows + [" " * width] * (height - len(rows))
