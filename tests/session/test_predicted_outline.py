"""What the rows will be once an edit is written, and keys that are typed ahead of their writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadtui.core.edits.edit import Change, Edit, EditResult, Transaction, apply_edit, rebase
from roadtui.core.edits.insert import InsertAfter, InsertChild, PasteMarkdown
from roadtui.core.edits.locate import Anchor
from roadtui.core.edits.move import Delete, Indent, MoveSibling, Outdent
from roadtui.core.edits.set_text import SetField, SetText
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.outline import Outline, outline, row_ends
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import TaskSettings
from roadtui.session.outline.edit_prediction import predict
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.outline.predicted_outline import Prediction, is_predicted

NOTE = """\
# Title

## A

- [ ] a1
  - [ ] a2
    - [ ] a3
  - [ ] a4
- [ ] a5

## B

## C

- [ ] c1
- list of
  - [ ] c2
- [ ] c3
  - [ ] c4
"""
CHANGES: dict[str, Change] = {
    "down": MoveSibling(1),
    "up": MoveSibling(-1),
    "indent": Indent("  "),
    "outdent": Outdent(),
    "delete": Delete(),
    "add": InsertAfter(("new one",)),
    "child": InsertChild(("new child",), "  "),
    "due": SetField(FieldKind.DUE, date(2026, 12, 1), TaskSettings()),
}
KEYS = ("down", "up", "indent", "outdent", "delete", "due")
"""The changes after which the next key need not wait, unless it is for the same row as a date."""


def edit_of(note: Note, text: str, changed: Section | ListItem | None, change: Change) -> Transaction:
    anchors = (Anchor(note, content_hash(text.encode()), changed),) if changed is not None else ()
    return Transaction.of(Edit("N.md", "edit", anchors, change))


def row_named(rows: Outline, name: str) -> Section | ListItem:
    return next(
        row.content for row in rows.rows if row.content is not None and row.content.row_key.endswith(name)
    )


def look(rows: Outline) -> list[tuple[int, str]]:
    """What is seen of the rows: how deep each is, and its text. Blank rows are not predicted anew."""
    return [(row.depth, text_of(row.content)) for row in rows.rows if row.content is not None]


def text_of(content: Section | ListItem | None) -> str:
    if content is None:
        return ""
    if isinstance(content, Section):
        return f"# {content.title}"
    return content.text if isinstance(content, Task) else content.source.strip()


def predicted(text: str, name: str | None, change: Change) -> Prediction | None:
    note = parse(text)
    rows = outline(note)
    content = row_named(rows, name) if name is not None else None
    return predict(edit_of(note, text, content, change), note, rows)


def written(text: str, name: str | None, change: Change) -> Outline:
    note = parse(text)
    content = row_named(outline(note), name) if name is not None else None
    return outline(apply_edit(edit_of(note, text, content, change).edits[0], text.encode()).note)


ROWS = ("a1", "a2", "a3", "a4", "a5", "c1", "list of", "c2", "c3", "c4")


@pytest.mark.parametrize("key", CHANGES)
def test_the_predicted_rows_are_those_of_the_written_note(key: str) -> None:
    told = 0
    for name in ROWS:
        try:
            expected = written(NOTE, name, CHANGES[key])
        except RefusedError:
            continue
        found = predicted(NOTE, name, CHANGES[key])
        if name in ("c2", "list of") and key in ("delete", "outdent", "due"):
            continue  # A bullet with no task inside it any more loses its row; a bullet has no date.
        assert found is not None, name
        assert look(found.outline) == look(expected), name
        assert found.outline.ends == row_ends([row.parent for row in found.outline.rows]), name
        assert [row.index for row in found.outline.rows] == list(range(len(found.outline.rows))), name
        told += 1
    assert told > 2


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("# A", Delete()),
        ("# C", Delete()),
        ("# A", InsertChild(("new",), "  ", is_first=True)),
        ("# A", InsertChild(("new",), "  ")),
        ("# Title", InsertChild(("new",), "  ")),
        (None, InsertChild(("new",), "  ")),
        ("a2", PasteMarkdown("- [ ] p1\n  - [x] p2\n- [ ] p3\n", "  ")),
        ("a2", PasteMarkdown("one\ntwo\n", "  ")),
        ("# A", PasteMarkdown("- [ ] p1\n", "  ")),
        ("a5", SetText("a5", "another text 📅 2026-12-01")),
    ],
)
def test_the_same_for_headings_and_texts(name: str | None, change: Change) -> None:
    found = predicted(NOTE, name, change)
    assert found is not None
    assert look(found.outline) == look(written(NOTE, name, change))
    assert found.outline.ends == row_ends([row.parent for row in found.outline.rows])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a1", Indent("  ")),
        ("a1", Outdent()),
        ("a3", MoveSibling(1)),
        ("c3", MoveSibling(1)),
        ("# A", MoveSibling(1)),
        ("a5", SetText("seen otherwise", "text")),
        ("a5", InsertAfter(("```",))),
        ("a5", PasteMarkdown("# heading\n\n- [ ] task\n", "  ")),
    ],
)
def test_nothing_is_predicted_of_what_will_be_refused(name: str, change: Change) -> None:
    assert predicted(NOTE, name, change) is None
    with pytest.raises(RefusedError):
        written(NOTE, name, change)


def test_beside_bullets_without_rows_no_move_is_predicted() -> None:
    text = "- [ ] one\n- plain\n- [ ] two\n  - plain inside\n"
    assert predicted(text, "one", MoveSibling(1)) is None
    assert predicted(text, "two", Indent("  ")) is None
    assert predicted(text, "two", Delete()) is not None


def test_another_state_of_the_note_is_not_predicted() -> None:
    note, other = parse(NOTE), parse(NOTE)
    rows = outline(note)
    edit = edit_of(other, NOTE, row_named(outline(other), "a5"), Delete())
    assert predict(edit, note, rows) is None


def test_moved_rows_keep_their_contents_and_new_ones_are_of_no_note() -> None:
    note = parse(NOTE)
    before = outline(note)
    content = row_named(before, "a2")
    found = predict(edit_of(note, NOTE, content, MoveSibling(1)), note, before)
    assert found is not None
    row = found.outline.row_of(content)
    assert row is not None
    assert found.outline.rows[row].content is content
    assert not any(is_predicted(row.content) for row in found.outline.rows)
    added = predict(edit_of(note, NOTE, content, InsertAfter(("x",))), note, before)
    assert added is not None
    assert added.focus is not None
    new = added.outline.rows[added.focus].content
    assert is_predicted(new)
    assert all(new is not item for item in note.items)


# Typed fast, and slowly


@dataclass
class Typist:
    """Types keys at the row under the cursor of one note, and has them written at once or later."""

    text: str
    waits: bool
    """Whether each key is written before the next one is typed."""
    state: OutlineState = field(init=False)
    note: Note = field(init=False)
    edits: list[Edit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.note = parse(self.text)
        self.state = OutlineState(outline(self.note))

    def go_to(self, name: str) -> None:
        row = self.state.outline.row_of(row_named(self.state.outline, name))
        assert row is not None
        self.state.cursor = row

    def type(self, key: str) -> None:
        row = self.state.outline.rows[self.state.cursor]
        if is_predicted(row.content) or (key == "delete" and self.state.outline.has_children(row.index)):
            self.settle()
            row = self.state.outline.rows[self.state.cursor]
        if not isinstance(row.content, ListItem):
            return
        edit = edit_of(self.note, self.text, row.content, CHANGES[key])
        found = predict(edit, self.note, self.state.outline)
        self.edits.append(edit.edits[0])
        if found is not None:
            self.state = self.state.mapped(found.outline, found.became)
        if self.waits:
            self.settle()

    def settle(self) -> None:
        """Have everything written as the queue does it, and show the note itself."""
        made: list[EditResult] = []
        for edit in self.edits:
            for own in made:
                edit = rebase(edit, own)
            try:
                result = apply_edit(edit, self.text.encode())
            except RefusedError:
                continue
            self.text = result.data.decode()
            made.append(result)
        self.edits.clear()
        self.note = parse(self.text)
        self.state, _ = self.state.followed(outline(self.note))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ROWS), st.lists(st.sampled_from(KEYS), max_size=7))
def test_keys_typed_fast_do_what_they_do_when_typed_slowly(name: str, keys: list[str]) -> None:
    text = NOTE.replace("- list of", "- [ ] list of")  # A bullet loses its row with its last task.
    fast, slow = Typist(text, waits=False), Typist(text, waits=True)
    for typist in (fast, slow):
        typist.go_to(name)
        for key in keys:
            typist.type(key)
        typist.settle()
    assert fast.text == slow.text
