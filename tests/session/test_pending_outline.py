"""Which rows are shown while edits are pending: those that they will leave, and then those of the note."""

from __future__ import annotations

import asyncio

import pytest

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.edits.move import Delete, MoveSibling
from roadtui.core.markdown import content_hash, parse
from roadtui.core.outline import Outline, outline
from roadtui.session.outline import pending_outline
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.outline.pending_outline import NoteState, PendingOutline, are_same_rows
from roadtui.session.outline.predicted_outline import Prediction
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

TEXT = "- [ ] one\n- [ ] two\n- [ ] three\n"


def note_of(text: str, path: str = "N.md") -> VaultNote:
    return VaultNote.of(path, parse(text), FileStamp(0, 0, 0, 0, 0), content_hash(text.encode()))


class Shown:
    """A tree without a screen."""

    def __init__(self) -> None:
        self.note = note_of(TEXT)
        self.state = OutlineState(outline(self.note.note))
        self.ahead = PendingOutline(lambda: (self.note, self.state), self._enter, self._show)

    def _enter(self, prediction: Prediction) -> None:
        self.state = self.state.mapped(prediction.outline, prediction.became)

    def _show(self, state: NoteState) -> None:
        self.show(state.note)

    def show(self, note: VaultNote) -> None:
        if not self.ahead.keeps(note, None, from_outside=False):
            self.note, self.state = note, OutlineState(outline(note.note))
            self.ahead.ended()

    def delete(self, *rows: int) -> Transaction:
        contents = [self.state.outline.rows[row].content for row in rows]
        anchors = tuple(self.note.anchor(content) for content in contents if content is not None)
        transaction = Transaction.of(Edit("N.md", "delete", anchors, Delete()))
        self.ahead.begin(transaction)
        return transaction

    @property
    def texts(self) -> str:
        return " ".join(row.content.row_key[5:] for row in self.state.outline.rows if row.content is not None)


async def test_later_states_are_held_back_until_the_last_edit_has_ended() -> None:
    shown = Shown()
    first, second = shown.delete(0), shown.delete(0)
    assert shown.texts == "three"
    shown.ahead.end(first)
    shown.show(note_of("- [ ] two\n- [ ] three\n"))
    shown.ahead.settle()
    assert (shown.texts, shown.ahead.is_shown) == ("three", True)
    shown.ahead.end(second)
    shown.show(note_of("- [ ] three\n- [ ] from elsewhere\n"))
    assert (shown.texts, shown.ahead.is_shown) == ("three from elsewhere", False)


async def test_of_a_refused_edit_the_note_is_shown_again_and_what_waits_is_called() -> None:
    shown, called = Shown(), list[str]()
    transaction = shown.delete(1)
    shown.ahead.afterwards(lambda: called.append("then"))
    waiting = asyncio.create_task(shown.ahead.settled(5))
    await asyncio.sleep(0)
    assert not called
    shown.ahead.end(transaction)
    shown.ahead.settle()
    assert (shown.texts, called, await waiting) == ("one two three", ["then"], True)


async def test_a_state_is_held_back_for_a_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_outline, "MOST_HELD", 0.01)
    shown = Shown()
    shown.delete(0)
    assert not await shown.ahead.settled(0.05)  # Nothing is held back: the edit stays shown.
    shown.show(note_of(TEXT + "- [ ] from elsewhere\n"))
    assert shown.texts == "two three"
    assert await shown.ahead.settled(5)
    assert shown.texts == "one two three from elsewhere"


async def test_another_note_is_shown_at_once_and_only_so_many_edits_ahead() -> None:
    shown = Shown()
    content = shown.state.outline.rows[0].content
    assert content is not None
    for _ in range(20):
        for step in (1, -1):
            edit = Edit("N.md", "move", (shown.note.anchor(content),), MoveSibling(step))
            is_full = shown.ahead.is_full
            assert shown.ahead.begin(Transaction.of(edit)) is not is_full
    assert shown.ahead.is_full
    shown.show(note_of("- [ ] other\n", "Other.md"))
    assert (shown.texts, shown.ahead.is_shown) == ("other", False)


async def test_nothing_is_shown_ahead_of_a_note_that_cannot_be_written() -> None:
    shown = Shown()
    shown.note = VaultNote.of("N.md", shown.note.note, shown.note.stamp, shown.note.digest, label="UTF-16")
    shown.delete(0)
    assert (shown.texts, shown.ahead.is_shown) == ("one two three", False)


@pytest.mark.parametrize(
    ("before", "after", "row", "is_same"),
    [
        ("- [ ] a\n- [ ] b\n", "* [ ] a\n* [ ] b\n", 1, True),
        ("- [ ] a\n- [ ] b\n", "- [ ] a\n- [ ] c\n", 1, False),
        ("- [ ] a\n- [ ] b\n", "- [ ] b\n- [ ] a\n- [ ] c\n", 1, False),
        ("- [ ] a\n- [ ] a\n", "- [ ] a\n- [ ] a\n- [ ] a\n", 1, False),
        ("- [ ] a\n- [ ] a\n", "- [ ] a\n- [ ] a\n", 1, True),
        (
            "- [ ] A\n  - [ ] t\n- [ ] B\n  - [ ] t\n",
            "- [ ] B\n  - [ ] t\n- [ ] A\n  - [ ] t\n",
            1,
            False,
        ),
    ],
)
def test_a_row_is_only_taken_for_the_one_that_was_shown_if_that_is_certain(
    before: str, after: str, row: int, *, is_same: bool
) -> None:
    def rows_of(text: str) -> Outline:
        return outline(parse(text))

    one, other = rows_of(before), rows_of(after)
    assert are_same_rows(one, [one.rows[row]], other, [other.rows[row]]) is is_same
