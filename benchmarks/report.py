"""How a result is shown: a value, what it is held against in the same run, the ratio, and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One row of a table."""

    name: str
    measured: float
    unit: str
    goal: str
    against: float | None = None
    """What it is held against, measured in the same run and unit; None if nothing is comparable."""


def show(title: str, against: str, results: Sequence[Result]) -> None:
    """Print ``results`` as a table; ``against`` says what they are held against."""
    print(f"\n{title}")
    print(f"  {'':34}{'measured':>12}{against:>22}{'ratio':>8}   goal")
    for result in results:
        measured = f"{result.measured:.1f} {result.unit}"
        other = "–" if result.against is None else f"{result.against:.1f} {result.unit}"
        ratio = f"{result.measured / result.against:.2f}" if result.against else "–"
        print(f"  {result.name:34}{measured:>12}{other:>22}{ratio:>8}   {result.goal}", flush=True)
