"""Folds, positions and places of an outline, against plain ways to say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.note import ListItem
from roadtui.core.outline import Outline, outline
from roadtui.session.outline.outline_state import OutlineState, changed_rows
from roadtui.session.outline.saved_positions import position_of, restore_position

LINES = st.sampled_from(
    [
        "# H\n",
        "## Sub\n",
        "- [ ] a\n",
        "  - [ ] b\n",
        "    - [x] c\n",
        "- b\n",
        "- [ ] 1. d\n",
        "\n",
        "words\n",
    ]
)
OUTLINES = st.lists(LINES, max_size=25).map(lambda lines: outline(parse("".join(lines))))


def folded_at(rows: Outline, data: st.DataObject) -> OutlineState:
    parents = list(rows.parents)
    folded = data.draw(st.sets(st.sampled_from(parents))) if parents else set()
    return OutlineState(rows, folded)


@given(OUTLINES, st.data())
def test_position_is_that_of_the_nearest_row_that_shows(rows: Outline, data: st.DataObject) -> None:
    state = folded_at(rows, data)
    for row in rows.rows:
        around = {row.index, *rows.ancestors(row.index)}
        expected = max((at for at, shown in enumerate(state.shown) if shown in around), default=0)
        assert state.position(row.index) == expected


@given(OUTLINES, st.integers(-2, 30))
def test_row_of_a_line_is_the_last_that_starts_there_or_above(rows: Outline, line: int) -> None:
    expected = [row.index for row in rows.rows if 0 <= row.line <= line]
    assert rows.at_line(line) == (expected[-1] if expected else None)


@given(OUTLINES)
def test_every_content_has_its_row(rows: Outline) -> None:
    for row in rows.rows:
        if row.content is not None:
            assert rows.row_of(row.content) == row.index


@given(OUTLINES)
def test_fold_all_and_unfold_all(rows: Outline) -> None:
    state = OutlineState(rows)
    state.fold_all()
    assert [rows.rows[at].parent for at in state.shown] == [-1] * len(state.shown)
    state.unfold_all()
    assert state.shown == list(range(len(rows.rows)))


@given(OUTLINES, st.data())
def test_place_comes_back_as_it_was(rows: Outline, data: st.DataObject) -> None:
    state = folded_at(rows, data)
    if state.shown:
        state.leave(data.draw(st.integers(0, len(state.shown) - 1)), 0)
    again = restore_position(position_of(state), rows)
    assert (again.folded, again.cursor, again.shown) == (state.folded, state.cursor, state.shown)
    assert again.scroll == 0


@given(OUTLINES, st.data())
def test_same_note_read_again_changes_nothing(rows: Outline, data: st.DataObject) -> None:
    state = folded_at(rows, data)
    state.leave(0, 0)
    content = [row.content for row in rows.rows]
    again, became = state.followed(Outline(rows.rows, rows.ends))
    assert (again.folded, again.shown) == (state.folded, state.shown)
    assert [became[at] for at in range(len(content))] == list(range(len(content)))
    assert changed_rows(rows, rows, became) == []


def words_at_cursor(state: OutlineState) -> str:
    row = state.outline.rows[state.cursor]
    return row.content.source.strip() if isinstance(row.content, ListItem) else "#"


THREE = "- [ ] a\n  - [ ] b\n- [ ] c\n"


@pytest.mark.parametrize(
    ("cursor", "after", "expected"),
    [
        (0, "- [ ] new\n" + THREE, "- [ ] a"),
        (0, "- [ ] new\n- [ ] newer\n" + THREE, "- [ ] a"),
        (0, "# Title\n" + THREE, "- [ ] a"),
        (0, "- [ ] c\n- [ ] a\n  - [ ] b\n", "- [ ] a"),
        (1, "- [ ] new\n" + THREE, "- [ ] b"),
        (2, "- [ ] new\n" + THREE, "- [ ] c"),
        (1, "- [ ] a\n- [ ] c\n", "- [ ] a"),
        (2, "- [ ] a\n  - [ ] b\n", "- [ ] b"),
        (1, "- [ ] new\n- [ ] a\n- [ ] c\n", "- [ ] a"),
        (0, "  - [ ] b\n- [ ] c\n", "- [ ] b"),
        (2, "- [ ] x\n- [ ] y\n", "- [ ] x"),
    ],
)
def test_cursor_stays_on_its_row_else_goes_to_the_nearest_above(
    cursor: int, after: str, expected: str
) -> None:
    state = OutlineState(outline(parse(THREE)))
    state.leave(cursor, 0)
    now, _ = state.followed(outline(parse(after)))
    assert words_at_cursor(now) == expected


@pytest.mark.parametrize(
    ("scroll", "added", "expected"), [(0, 0, 0), (0, 5, 5), (3, 5, 8), (3, -2, 1), (2, -6, 0)]
)
def test_cursor_keeps_its_distance_to_the_top_of_the_pane(scroll: int, added: int, expected: int) -> None:
    lines = [f"- [ ] task {number}\n" for number in range(10)]
    above = [f"- [ ] new {number}\n" for number in range(max(0, added))] + lines[max(0, -added) :]
    state = OutlineState(outline(parse("".join(lines))))
    state.leave(8, scroll)
    now, became = state.followed(outline(parse("".join(above))))
    assert (words_at_cursor(now), now.scroll) == ("- [ ] task 8", expected)
    assert became[8] == 8 + added


def test_folds_go_along_with_their_rows() -> None:
    state = OutlineState(outline(parse(THREE)), folded=[0])
    now, became = state.followed(outline(parse("- [ ] new\n" + THREE)))
    assert (now.folded, now.shown) == ({1}, [0, 1, 3])
    assert changed_rows(state.outline, now.outline, became) == [0]
