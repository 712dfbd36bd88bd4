"""Where the user is in a note that is opened: as in this run, as in the one before, or as it opens."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from roadtui.core.markdown import content_hash, parse
from roadtui.core.outline import Outline, outline
from roadtui.session.outline.note_positions import NotePositions
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.outline.saved_positions import ViewPosition, position_of
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

TEXT = "# One\n" + "".join(f"- [ ] {number}\n" for number in range(30))


def note_at(path: str) -> tuple[VaultNote, Outline]:
    note = parse(TEXT)
    return VaultNote.of(path, note, FileStamp(0, 0, 0, 0, 0), content_hash(TEXT.encode())), outline(note)


def saved(cursor: int) -> Mapping[str, ViewPosition]:
    """Positions of a run in which the cursor was left on a row of `A.md`."""
    return {"A.md": position_of(OutlineState(note_at("A.md")[1], cursor=cursor))}


@pytest.fixture
def positions() -> NotePositions:
    found = NotePositions()
    found.opening_state = lambda note, rows: OutlineState(rows, cursor=20)
    return found


def test_a_new_note_opens_with_its_cursor_in_sight(positions: NotePositions) -> None:
    state = positions.open(*note_at("A.md"), height=10)
    assert state.cursor == 20
    assert state.scroll <= 20 < state.scroll + 10
    assert positions.is_as_opened(state, 20)
    assert not positions.is_as_opened(state, 19), "the cursor was moved"
    state.set_folded([0], folded=True)
    assert not positions.is_as_opened(state, 20), "it was folded"


def test_what_was_saved_comes_before_how_it_opens(positions: NotePositions) -> None:
    positions.use_saved(saved(cursor=5))
    note, rows = note_at("A.md")
    state = positions.open(note, rows, height=10)
    assert state.cursor == 5
    assert not positions.is_as_opened(state, 5), "the user has been in it"
    assert positions.open(*note_at("B.md"), height=10).cursor == 20


def test_a_note_is_as_it_was_left_and_keeps_that_when_it_is_renamed(positions: NotePositions) -> None:
    note, rows = note_at("A.md")
    state = positions.open(note, rows, height=10)
    positions.leave("A.md", state)
    assert positions.of_this_run("A.md") is state
    positions.rename("A.md", "B.md")
    assert (positions.of_this_run("A.md"), positions.of_this_run("B.md")) == (None, state)
    assert positions.to_save() == {"B.md": position_of(state)}


def test_another_note_on_the_screen_is_not_taken_for_the_one_that_was_opened(
    positions: NotePositions,
) -> None:
    state = positions.open(*note_at("A.md"), height=10)
    positions.enter_another()
    assert not positions.is_as_opened(state, 20)
