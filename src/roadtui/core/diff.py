"""The common start and end of two sequences, which need no further comparison. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def common_start(one: Sequence[object], other: Sequence[object]) -> int:
    """The number of equal elements at the start; found by binary search over slices, which is fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """The number of equal elements at the start, and of equal elements at the end of the rest."""
    start = common_start(one, other)
    return start, common_start(one[start:][::-1], other[start:][::-1])
