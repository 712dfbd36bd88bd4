from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.vault.provisional import PATIENCE_SECONDS, STAYS_SECONDS, Doubt, Extent, doubt

KNOWN = Extent(size=100, tasks=5, digest=1)
SHORT = Extent(size=60, tasks=3, digest=2)


@pytest.mark.parametrize(
    ("known", "read"),
    [
        (None, Extent(0, 0)),
        (None, KNOWN),
        (KNOWN, KNOWN),
        (KNOWN, Extent(100, 5, 9)),
        (KNOWN, Extent(120, 6, 9)),
        (Extent(0, 0), Extent(0, 0)),
    ],
)
def test_a_read_that_lacks_nothing_is_accepted(known: Extent | None, read: Extent) -> None:
    assert doubt(known, read, None, now=7.0) is None


@pytest.mark.parametrize("read", [Extent(0, 0), Extent(99, 5), Extent(200, 4), SHORT])
def test_a_read_that_lacks_something_is_doubted_for_a_second(read: Extent) -> None:
    assert doubt(KNOWN, read, None, now=7.0) == Doubt(read, look_at=8.0, until=12.0)


def test_the_same_short_read_is_accepted_once_it_has_stayed() -> None:
    first = doubt(KNOWN, SHORT, None, now=0.0)
    assert doubt(KNOWN, SHORT, first, now=0.9) == first
    assert doubt(KNOWN, SHORT, first, now=1.0) is None


def test_a_note_that_comes_back_whole_is_accepted_at_once() -> None:
    assert doubt(KNOWN, KNOWN, doubt(KNOWN, Extent(0, 0), None, now=0.0), now=0.1) is None


def test_another_short_read_has_to_stay_as_well() -> None:
    first = doubt(KNOWN, Extent(0, 0), None, now=0.0)
    second = doubt(KNOWN, SHORT, first, now=0.8)
    assert second == Doubt(SHORT, look_at=1.8, until=5.0)
    assert doubt(KNOWN, SHORT, second, now=1.1) == second


@given(st.lists(st.tuples(st.floats(0.01, 3.0), st.integers(0, 99)), max_size=30))
def test_doubt_ends_in_time_and_never_within_a_second(reads: list[tuple[float, int]]) -> None:
    now = 0.0
    earlier = None
    began = None
    for step, size in reads:
        now += step
        left = doubt(KNOWN, Extent(size, 0, size), earlier, now)
        if began is None:
            assert left is not None
            began = now
        elif left is None:
            assert now - began >= STAYS_SECONDS - 1e-9
            return
        else:
            assert now < left.look_at <= left.until
            assert now - began < PATIENCE_SECONDS
        earlier = left
