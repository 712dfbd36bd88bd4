"""Status symbols whose writes are under way, and the selection of rows, against plain models."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.session.outline.outline_state import RowSelection
from roadtui.session.outline.pending_rows import PendingRows

PATHS = ("A.md", "B.md")
ROWS = range(4)
MAPPINGS = st.dictionaries(st.sampled_from(ROWS), st.sampled_from(ROWS))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("kl"), st.sampled_from(PATHS), st.sampled_from(ROWS)),
        st.tuples(st.just("clear"), st.sampled_from("kl")),
        st.tuples(st.just("follow"), st.sampled_from(PATHS), MAPPINGS),
        st.tuples(st.just("rename"), st.permutations(PATHS)),
    ),
    max_size=12,
)


def shown(pending: PendingRows) -> dict[tuple[str, int], str]:
    symbols = {(path, row): pending.symbol_of(path, row) for path in PATHS for row in ROWS}
    return {place: symbol for place, symbol in symbols.items() if symbol is not None}


@given(STEPS)
def test_the_last_symbol_of_a_row_is_shown_until_its_write_has_ended(steps: list[tuple[object, ...]]) -> None:
    pending = PendingRows()
    writes: list[tuple[object, str, int, str]] = []
    for number, step in enumerate(steps):
        match step:
            case ("add", key, str(path), int(row)):
                pending.add(key, path, row, str(number))
                writes.append((key, path, row, str(number)))
            case ("clear", key):
                pending.clear(key)
                writes = [write for write in writes if write[0] != key]
            case ("follow", str(path), Mapping() as became):
                pending.follow(path, became)
                writes = [
                    (key, at, became[row] if at == path else row, symbol)
                    for key, at, row, symbol in writes
                    if at != path or row in became
                ]
            case ("rename", (str(old), str(new))):
                pending.rename(old, new)
                writes = [(key, new if at == old else at, row, symbol) for key, at, row, symbol in writes]
        assert shown(pending) == {(path, row): symbol for _, path, row, symbol in writes}


@given(st.lists(st.sampled_from(ROWS), max_size=8), MAPPINGS)
def test_a_row_that_is_toggled_twice_is_not_selected(toggled: list[int], became: dict[int, int]) -> None:
    selection = RowSelection()
    for row in toggled:
        selection.toggle(row)
    expected = sorted(row for row in set(toggled) if toggled.count(row) % 2)
    assert list(selection) == expected
    assert (len(selection), bool(selection)) == (len(expected), bool(expected))
    assert [row in selection for row in ROWS] == [row in expected for row in ROWS]
    followed = selection.followed(became)
    assert list(followed) == sorted({became[row] for row in expected if row in became})
    last = toggled[-1] if toggled else 9
    assert selection.start_of_range(9) == last
    assert followed.start_of_range(9) == became.get(last, 9)


@pytest.mark.parametrize("rows", [[], [2], [1, 3]])
def test_a_range_that_is_added_ends_where_the_next_one_starts(rows: list[int]) -> None:
    selection = RowSelection()
    selection.toggle(1)
    selection.add(rows, 2)
    assert list(selection) == sorted({1, *rows})
    assert selection.start_of_range(9) == 2
    selection.clear()
    assert list(selection) == []
    assert selection.start_of_range(9) == 9
