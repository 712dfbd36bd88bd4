"""Where a floating dialog stands: on the screen, beside the rows that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.geometry import Region, Size


class MenuSpot(NamedTuple):
    """What a dialog floats beside."""

    rows: Sequence[Region]
    """The rows that stay in sight: the best choice first, the row under the cursor last."""
    x: int
    """Where the dialog begins, if it fits there."""
    area: Region
    """Where it may be; every row is in it."""


def place(sizes: Sequence[Size], spot: MenuSpot) -> Region:
    """The region of a dialog beside `spot`: below its rows where there is space, else above them.

    Args:
        sizes: How large the dialog wants to be; the best size first, the smallest last.
        spot: What it stands beside. Of its rows, only the last one is never covered: where no size fits
            beside it, the dialog gets as many lines as there are on the side with more of them.
    """
    area = spot.area
    for row in spot.rows:
        for size in sizes:
            for y in (row.bottom, row.y - size.height):
                if area.y <= y and y + size.height <= area.bottom:
                    return _across(size, y, spot)
    row, size = spot.rows[-1], sizes[-1]
    below, above = area.bottom - row.bottom, row.y - area.y
    lines = max(1, min(size.height, max(below, above)))
    y = row.bottom if below >= above else row.y - lines
    return _across(Size(size.width, lines), min(max(y, area.y), max(area.y, area.bottom - lines)), spot)


def _across(size: Size, y: int, spot: MenuSpot) -> Region:
    """A region of `size` at the line `y`, as close to the wanted cell as the area allows."""
    width = max(1, min(size.width, spot.area.width))
    x = max(spot.area.x, min(spot.x, spot.area.right - width))
    return Region(x, y, width, size.height)
