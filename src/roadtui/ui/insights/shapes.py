"""What lines are drawn from: values that know nothing of what draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from rich.style import Style
from textual.strip import Strip

Point = tuple[float, float]


class Line(NamedTuple):
    """A line through some points, from left to right."""

    points: Sequence[Point]
    ink: Style


class Band(NamedTuple):
    """What lies between two lines over the same places."""

    lower: Sequence[Point]
    upper: Sequence[Point]
    ink: Style


class Plot(Protocol):
    """Draws lines and bands; see `plots.plot`."""

    def __call__(
        self, width: int, height: int, right: float, top: float, shapes: Sequence[Line | Band]
    ) -> list[Strip]:
        """Rows that show `shapes`."""
