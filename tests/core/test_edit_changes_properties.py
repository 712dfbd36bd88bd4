"""Whatever is done to whatever note: undo gives every byte back, and only what was asked for is different."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import assume, event, given
from hypothesis import strategies as st

from roadtui.core.edits.edit import Change, Edit, EditResult, apply_edit, rebase
from roadtui.core.edits.insert import AppendToSection, InsertChild, InsertSection, PasteMarkdown
from roadtui.core.edits.move import InsertFromNote, MoveWithinNote
from roadtui.core.edits.set_text import EditTags, SetField
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import ListItem, Note, Task
from roadtui.core.tasks.field_specs import FieldKind
from tests.core.change_strategies import MOVES, PLUGIN, TODAY, changes, contents
from tests.core.edit_helpers import edit_of
from tests.examples import many

MARK = "\ufeff"
"""The byte order mark."""

LINES = st.sampled_from(
    [
        *("- [ ] a", "- [x] b", "* [/] c", "- plain", "+ [ ] d ^id"),
        *("  - [ ] e", "  - [ ] f", "\t- [ ] g", "    - [ ] h", "\t\t- [x] i", "      - j"),
        *("1. [ ] k", "2. [ ] l", "3. [ ] m", "9. [ ] n", "10. [ ] o", "   - [ ] p", "   text", "1) [ ] q"),
        *("> - [ ] r", "> - [x] s", ">   - [ ] t", "> text", "> ", "- [ ] 1. [ ] u"),
        *("# V", "## W", "### X", "", "", "  ", "lazy", "---", "  ```", "```", "%%", "- [ ]", "- [ ] a"),
        *("- [ ] 📅 2026-01-01 - aa", "- [ ] #tag, bb", "- [ ] #tag", "[^1]: - [ ] cc", "<b>"),
        *("- [ ] y 🔁 every day 📅 2026-03-14", "- [ ] z 🏁 delete #tag", "- [x] é ✅ 2026-01-01  "),
    ]
)


@st.composite
def notes(draw: st.DrawFn) -> bytes:
    """Notes of a few lines, with one kind of line end, and maybe without a final one."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    mark = draw(st.sampled_from(["", "", MARK]))
    text = mark + "".join(line + end for line in draw(st.lists(LINES, min_size=1, max_size=14)))
    return (text if draw(st.booleans()) else text[: -len(end)]).encode()


def words(item: ListItem) -> str:
    """What stands behind the marker."""
    return re.sub(r"\A[\s>]*(?:[-+*]|[0-9]+[.)])[ \t]*", "", item.source)


@many()
@given(notes(), st.data())
def test_any_sequence_of_edits_and_undos_returns_the_bytes(data: bytes, chooser: st.DataObject) -> None:
    now = data
    steps: list[EditResult] = []
    for _ in range(chooser.draw(st.integers(1, 4))):
        found = contents(parse(now.decode()))
        if not found:
            break
        content = chooser.draw(st.sampled_from(found))
        change = chooser.draw(changes(content))
        try:
            steps.append(apply_edit(edit_of(change, now, content.line), now))
        except RefusedError as refused:
            event(f"refused: {type(change).__name__}: {str(refused)[:60]}")
            continue
        event(f"made: {type(change).__name__}")
        now = steps[-1].data
    for step in reversed(steps):
        if step.inverse is not None:
            now = apply_edit(step.inverse, now).data
    assert now == data


@st.composite
def requests(draw: st.DrawFn, note: Note) -> tuple[Change, tuple[int, ...]]:
    """Something that can be wanted of a note, and the lines that it is wanted of."""
    anywhere: list[Change] = [
        *(AppendToSection(("new",), "V"), InsertSection("new"), InsertChild(("new",), "\t")),
        *(InsertFromNote("- [ ] one\n", "\t"), PasteMarkdown(f"{MARK}- [ ] one\n- two\n", "\t")),
    ]
    found = contents(note)
    if not found or not draw(st.integers(0, 4)):
        return draw(st.sampled_from(anywhere)), ()
    content = draw(st.sampled_from(found))
    if isinstance(content, ListItem) and draw(st.booleans()):
        return MoveWithinNote("  "), (content.line, draw(st.sampled_from(found)).line)
    return draw(changes(content)), (content.line,)


def states(change: Change, data: bytes, *lines: int) -> list[bytes] | str:
    """The note after a change, after its undo, and after that is undone in turn; or why it was refused."""
    try:
        made = apply_edit(edit_of(change, data, *lines), data)
    except RefusedError as refused:
        return str(refused)
    found = [made.data]
    while made.inverse is not None and len(found) < 3:
        made = apply_edit(made.inverse, made.data)
        found.append(made.data)
    return found


@many()
@given(notes(), st.data())
def test_a_byte_order_mark_changes_no_edit_and_stays_in_front(data: bytes, chooser: st.DataObject) -> None:
    mark = MARK.encode()
    body = data.removeprefix(mark)
    change, lines = chooser.draw(requests(parse(body.decode())))
    plain = states(change, body, *lines)
    expected = plain if isinstance(plain, str) else [mark + state for state in plain]
    assert states(change, mark + body, *lines) == expected
    assert isinstance(plain, str) or not any(mark in state for state in plain)


def test_a_note_with_nothing_but_a_byte_order_mark_gets_its_first_task() -> None:
    mark = MARK.encode()
    assert states(InsertChild(("new",), "\t"), mark) == [
        mark + b"- [ ] new\n",
        mark,
        mark + b"- [ ] new\n",
    ]


@many()
@given(notes(), st.data())
def test_undos_that_were_asked_for_long_ago_are_carried_over(data: bytes, chooser: st.DataObject) -> None:
    """As the vault does it: what we did ourselves in between is known, to the line."""
    now = data
    steps: list[EditResult] = []
    made: list[EditResult] = []

    def take(edit: Edit) -> EditResult:
        seen = {anchor.digest for anchor in edit.anchors} if isinstance(edit.anchors, tuple) else set()
        known = max((after for after, step in enumerate(steps, 1) if step.digest in seen), default=0)
        for step in steps[known:]:
            edit = rebase(edit, step)
        steps.append(apply_edit(edit, now))
        return steps[-1]

    for _ in range(chooser.draw(st.integers(1, 4))):
        found = contents(parse(now.decode()))
        if not found:
            break
        content = chooser.draw(st.sampled_from(found))
        try:
            done = take(edit_of(chooser.draw(changes(content)), now, content.line))
        except RefusedError:
            continue
        if done.inverse is not None:
            made.append(done)
            now = done.data
    for done in reversed(made):
        assert done.inverse is not None
        now = take(done.inverse).data
    assert now == data


@many()
@given(notes(), MOVES, st.data())
def test_a_move_loses_and_changes_nothing(data: bytes, move: Change, chooser: st.DataObject) -> None:
    before = parse(data.decode())
    assume(before.items)
    item = chooser.draw(st.sampled_from(before.items))
    try:
        edit = edit_of(move, data, item.line)
        applied = apply_edit(edit, data)
    except RefusedError:
        return
    assert isinstance(edit.anchors, tuple)
    chosen = edit.anchors[0].content
    after = applied.note
    assert Counter(map(words, before.items)) == Counter(map(words, after.items))
    assert [(s.level, s.title) for s in before.sections] == [(s.level, s.title) for s in after.sections]
    assert stripped(data) == stripped(applied.data)
    family = Counter(
        (words(one), words(one.parent) if one.parent else None)
        for one in before.items
        if one.index != chosen.index
    )
    now = Counter((words(one), words(one.parent) if one.parent else None) for one in after.items)
    assert not family - now


def stripped(data: bytes) -> Counter[str]:
    """The lines without what they are set off by, and without numbers."""
    lines = (line.strip("\r\n \t>\ufeff") for line in split_lines(data.decode()))
    return Counter(re.sub(r"\A(?:[-+*]|[0-9]+[.)])", "", line) for line in lines if line)


@many()
@given(notes(), st.data())
def test_taking_elsewhere_loses_nothing(data: bytes, chooser: st.DataObject) -> None:
    note = parse(data.decode())
    assume(note.items)
    item = chooser.draw(st.sampled_from(note.items))
    target = chooser.draw(st.sampled_from(contents(note)))
    try:
        applied = apply_edit(edit_of(MoveWithinNote("\t"), data, item.line, target.line), data)
    except RefusedError:
        return
    assert stripped(applied.data) == stripped(data)
    assert applied.inverse is None or apply_edit(applied.inverse, applied.data).data == data


WORDS_OF_A_LINE: list[Change] = [
    SetField(FieldKind.DUE, None, PLUGIN),
    SetField(FieldKind.DUE, TODAY, PLUGIN),
    SetField(FieldKind.ID, "i1", PLUGIN, for_plugin=True),
    EditTags(("#new",), ("#tag",), PLUGIN),
    EditTags((), ("#tag",), PLUGIN),
]


def shape(note: Note) -> list[tuple[int, str, int | None]]:
    """The line of each item, its mark, and the item that it is nested in."""
    return [
        (
            item.line,
            item.status_symbol if isinstance(item, Task) else "",
            item.parent.index if item.parent is not None else None,
        )
        for item in note.items
    ]


@many()
@given(notes(), st.sampled_from(WORDS_OF_A_LINE), st.data())
def test_a_field_or_a_tag_makes_nothing_else_of_any_line(
    data: bytes, change: Change, chooser: st.DataObject
) -> None:
    before = parse(data.decode())
    tasks = list(before.tasks)
    assume(tasks)
    task = chooser.draw(st.sampled_from(tasks))
    try:
        made = apply_edit(edit_of(change, data, task.line), data)
    except RefusedError:
        return
    after = parse(made.data.decode())
    assert shape(after) == shape(before)
    lines, was = split_lines(made.data.decode()), split_lines(data.decode())
    del lines[task.line], was[task.line]
    assert lines == was
