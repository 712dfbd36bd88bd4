"""What two sequences have in common at their ends: the first thing to know before they are compared."""

from __future__ import annotations

from collections.abc import Sequence


def common_start(one: Sequence[object], other: Sequence[object]) -> int:
    """How many first elements are the same, by halving: 100 KB cost a few comparisons of slices."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """How many first elements are the same, and how many last ones behind those."""
    start = common_start(one, other)
    return start, common_start(one[start:][::-1], other[start:][::-1])
