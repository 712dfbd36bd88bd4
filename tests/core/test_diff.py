"""Equal starts and ends of two sequences, against a look at one element after another."""

from __future__ import annotations

from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.diff import common_ends, common_start


def naive_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@given(st.text("ab", max_size=9), st.text("ab", max_size=9), st.text("ab", max_size=9), st.text("ab"))
def test_what_is_equal_at_both_ends(start: str, middle: str, other_middle: str, end: str) -> None:
    one, other = start + middle + end, start + other_middle + end
    at_start = naive_start(one, other)
    assert common_start(one, other) == at_start >= len(start)
    at_end = naive_start(one[at_start:][::-1], other[at_start:][::-1])
    assert common_ends(one, other) == (at_start, at_end)
