"""Whatever is done to whatever note: undo gives every byte back, and only what was asked for is different."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from roadtui.core.changes.adding import AddAfter, AddInside, AddSection, Paste, Split
from roadtui.core.changes.moving import Delete, Indent, Move, Outdent, TakeTo
from roadtui.core.changes.status import SetStatus
from roadtui.core.changes.text import Retag, Retext, SetField
from roadtui.core.edit import Applied, Change, apply
from roadtui.core.errors import RefusedError
from roadtui.core.fields import FieldKind, Priority
from roadtui.core.locate import Content
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.progress import RollUp
from roadtui.core.status import StatusRegistry
from roadtui.core.task_settings import TaskSettings
from tests.core.changing import edit_of

TODAY = date(2026, 3, 14)
PLUGIN = TaskSettings()

LINES = st.sampled_from(
    [
        *("- [ ] a", "- [x] b", "* [/] c", "- plain", "+ [ ] d ^id"),
        *("  - [ ] e", "  - [ ] f", "\t- [ ] g", "    - [ ] h", "\t\t- [x] i", "      - j"),
        *("1. [ ] k", "2. [ ] l", "3. [ ] m", "9. [ ] n", "10. [ ] o", "   - [ ] p", "   text", "1) [ ] q"),
        *("> - [ ] r", "> - [x] s", ">   - [ ] t", "> text", "> ", "- [ ] 1. [ ] u"),
        *("# V", "## W", "### X", "", "", "  ", "lazy", "---", "  ```", "```", "%%", "- [ ]", "- [ ] a"),
        *("- [ ] y 🔁 every day 📅 2026-03-14", "- [ ] z 🏁 delete #tag", "- [x] é ✅ 2026-01-01  "),
    ]
)


@st.composite
def notes(draw: st.DrawFn) -> bytes:
    """Notes of a few lines, with one kind of line end, and maybe without a final one."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    bom = draw(st.sampled_from(["", "", "\ufeff"]))
    text = bom + "".join(line + end for line in draw(st.lists(LINES, min_size=1, max_size=14)))
    return (text if draw(st.booleans()) else text[: -len(end)]).encode()


MOVES: st.SearchStrategy[Change] = st.sampled_from([Move(1), Move(-1), Indent("\t"), Indent("  "), Outdent()])
TEXTS = st.sampled_from(["new", "1. new", "new 📅 2026-05-05", "# new", "[ ] new", "new %%", "> new"])


@st.composite
def changes(draw: st.DrawFn, content: Content) -> Change:
    """Something that can be wanted of `content`."""
    text = draw(TEXTS)
    if isinstance(content, Section):
        of_section: list[Change] = [
            *(AddInside((text,), "\t"), AddSection(text), Delete(), Retext(content.title, text))
        ]
        return draw(st.sampled_from(of_section))
    if not isinstance(content, Task):
        of_bullet: list[Change] = [AddAfter((text,)), AddInside((text,), "  "), Delete()]
        return draw(MOVES | st.sampled_from(of_bullet))
    status = SetStatus(
        (content.mark,),
        (draw(st.sampled_from("x -/")),),
        TODAY,
        draw(st.sampled_from([None, PLUGIN, PLUGIN._replace(recurrence_on_next_line=True)])),
        StatusRegistry(),
        with_children=draw(st.booleans()),
        roll_up=draw(st.sampled_from(RollUp)),
    )
    others: list[Change] = [
        *(AddAfter((text, "two")), AddInside((text,), "\t"), Delete(), Retext(content.text, text)),
        *(Split(content.text, (text, "b", "c")), Paste("- [ ] one\n  - two\n", "\t"), status, status),
        *(SetField(FieldKind.DUE, TODAY, PLUGIN), SetField(FieldKind.PRIORITY, Priority.HIGH, PLUGIN)),
        Retag(("#new",), ("#tag",), PLUGIN),
    ]
    return draw(MOVES | st.sampled_from(others))


def contents(note: Note) -> list[Content]:
    return [*note.items, *note.sections[1:]]


def words(item: ListItem) -> str:
    """What stands behind the marker."""
    return re.sub(r"\A[\s>\ufeff]*(?:[-+*]|[0-9]+[.)])[ \t]*", "", item.source)


@settings(max_examples=600, deadline=None)
@given(notes(), st.data())
def test_any_sequence_of_edits_and_undos_returns_the_bytes(data: bytes, chooser: st.DataObject) -> None:
    now = data
    steps: list[Applied] = []
    for _ in range(chooser.draw(st.integers(1, 4))):
        found = contents(parse(now.decode()))
        if not found:
            break
        content = chooser.draw(st.sampled_from(found))
        change = chooser.draw(changes(content))
        try:
            steps.append(apply(edit_of(change, now, content.line), now))
        except RefusedError as refused:
            event(f"refused: {type(change).__name__}: {str(refused)[:60]}")
            continue
        event(f"made: {type(change).__name__}")
        now = steps[-1].data
    for step in reversed(steps):
        if step.inverse is not None:
            now = apply(step.inverse, now).data
    assert now == data


@settings(max_examples=600, deadline=None)
@given(notes(), MOVES, st.data())
def test_a_move_loses_and_changes_nothing(data: bytes, move: Change, chooser: st.DataObject) -> None:
    before = parse(data.decode())
    assume(before.items)
    item = chooser.draw(st.sampled_from(before.items))
    try:
        edit = edit_of(move, data, item.line)
        applied = apply(edit, data)
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


@settings(max_examples=300, deadline=None)
@given(notes(), st.data())
def test_taking_elsewhere_loses_nothing(data: bytes, chooser: st.DataObject) -> None:
    note = parse(data.decode())
    assume(note.items)
    item = chooser.draw(st.sampled_from(note.items))
    target = chooser.draw(st.sampled_from(contents(note)))
    try:
        applied = apply(edit_of(TakeTo("\t"), data, item.line, target.line), data)
    except RefusedError:
        return
    assert stripped(applied.data) == stripped(data)
    assert applied.inverse is None or apply(applied.inverse, applied.data).data == data
