from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.vault.note_updates import (
    STAYS_SECONDS,
    TIMEOUT_SECONDS,
    ReadSize,
    UnconfirmedRead,
    confirm_read,
    retry_later,
)

KNOWN = ReadSize(size=100, tasks=5, digest=1)
SHORT = ReadSize(size=60, tasks=3, digest=2)


@pytest.mark.parametrize(
    ("known", "read"),
    [
        (None, ReadSize(0, 0)),
        (None, KNOWN),
        (KNOWN, KNOWN),
        (KNOWN, ReadSize(100, 5, 9)),
        (KNOWN, ReadSize(120, 6, 9)),
        (ReadSize(0, 0), ReadSize(0, 0)),
    ],
)
def test_a_read_that_lacks_nothing_is_accepted(known: ReadSize | None, read: ReadSize) -> None:
    assert confirm_read(known, read, None, now=7.0) is None


@pytest.mark.parametrize("read", [ReadSize(0, 0), ReadSize(99, 5), ReadSize(200, 4), SHORT])
def test_a_read_that_lacks_something_is_doubted_for_a_second(read: ReadSize) -> None:
    assert confirm_read(KNOWN, read, None, now=7.0) == UnconfirmedRead(read, reread_at=8.0, until=12.0)


def test_the_same_short_read_is_accepted_once_it_has_stayed() -> None:
    first = confirm_read(KNOWN, SHORT, None, now=0.0)
    assert confirm_read(KNOWN, SHORT, first, now=0.9) == first
    assert confirm_read(KNOWN, SHORT, first, now=1.0) is None


def test_a_note_that_comes_back_whole_is_accepted_at_once() -> None:
    assert confirm_read(KNOWN, KNOWN, confirm_read(KNOWN, ReadSize(0, 0), None, now=0.0), now=0.1) is None


def test_another_short_read_has_to_stay_as_well() -> None:
    first = confirm_read(KNOWN, ReadSize(0, 0), None, now=0.0)
    second = confirm_read(KNOWN, SHORT, first, now=0.8)
    assert second == UnconfirmedRead(SHORT, reread_at=1.8, until=5.0)
    assert confirm_read(KNOWN, SHORT, second, now=1.1) == second


@given(st.lists(st.tuples(st.floats(0.01, 3.0), st.integers(0, 99)), max_size=30))
def test_doubt_ends_in_time_and_never_within_a_second(reads: list[tuple[float, int]]) -> None:
    now = 0.0
    earlier = None
    began = None
    for step, size in reads:
        now += step
        left = confirm_read(KNOWN, ReadSize(size, 0, size), earlier, now)
        if began is None:
            assert left is not None
            began = now
        elif left is None:
            assert now - began >= STAYS_SECONDS - 1e-9
            return
        else:
            assert now < left.reread_at <= left.until
            assert now - began < TIMEOUT_SECONDS
        earlier = left


@pytest.mark.parametrize(("now", "is_doubted"), [(4.9, True), (5.0, False), (5.1, False)])
def test_a_note_that_keeps_changing_is_accepted_after_five_seconds(now: float, is_doubted: bool) -> None:
    first = confirm_read(KNOWN, ReadSize(0, 0), None, now=0.0)
    left = confirm_read(KNOWN, SHORT, first, now)
    assert left == (UnconfirmedRead(SHORT, reread_at=5.0, until=5.0) if is_doubted else None)


def test_a_note_that_cannot_be_read_is_waited_for_five_seconds() -> None:
    first = retry_later(None, now=10.0)
    assert first is not None
    assert (first.reread_at, first.until) == (11.0, 15.0)
    second = retry_later(first, now=14.5)
    assert second is not None
    assert (second.reread_at, second.until) == (15.0, 15.0)
    assert retry_later(second, now=15.0) is None


def test_a_short_read_behind_one_that_failed_has_to_stay_as_well() -> None:
    held = retry_later(None, now=0.0)
    assert confirm_read(KNOWN, SHORT, held, now=1.0) == UnconfirmedRead(SHORT, reread_at=2.0, until=5.0)
