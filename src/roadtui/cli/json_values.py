"""What commands write as JSON, where several write the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from roadtui.core.stats.progress import Progress

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
"""What is written as JSON."""


def progress_value(progress: Progress) -> dict[str, Value]:
    """How far something is, in numbers of tasks and in whole percent."""
    return {
        "done": progress.done,
        "in_progress": progress.in_progress,
        "open": progress.open,
        "cancelled": progress.cancelled,
        "total": progress.total,
        "percent": progress.percent,
    }


def day_value(day: date | None) -> str | None:
    """`day` as `YYYY-MM-DD`."""
    return day.isoformat() if day is not None else None
