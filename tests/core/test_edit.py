"""An edit changes what it is about and no other byte; its inverse gives the bytes back, or refuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.digest import digest
from roadtui.core.edit import Edit, SetStatus, apply
from roadtui.core.errors import RefusedError
from roadtui.core.locate import Anchor
from roadtui.core.markdown import parse
from roadtui.core.note import Task
from roadtui.core.task_settings import TaskSettings

TODAY = date(2026, 11, 22)


def tasks_of(data: bytes) -> list[Task]:
    return list(parse(data.decode("utf-8", "surrogateescape")).tasks)


def status(data: bytes, index: int, wanted: str = "x", settings: TaskSettings | None = None) -> Edit:
    """The edit that gives the task at `index` of the note `data` the mark `wanted`."""
    note = parse(data.decode("utf-8", "surrogateescape"))
    task = list(note.tasks)[index]
    return Edit(
        "n.md", "tick", Anchor(note, digest(data), task), SetStatus(task.mark, wanted, TODAY, settings)
    )


LINES = st.sampled_from(
    [
        b"- [ ] one",
        b"- [x] two \xf0\x9f\x93\x9a",
        b"  - [ ] nested  ",
        b"    * [/] deep \xff\xfe",
        b"> - [ ] quoted",
        b"1. [ ] numbered \xf0\x9f\x94\x81 every day \xf0\x9f\x93\x85 2026-01-31",
        b"- [ ] once \xf0\x9f\x8f\x81 delete",
        b"- [ ] with id ^abc",
        b"- [ ] done \xe2\x9c\x85 2026-01-01",
        b"- bullet",
        b"# heading",
        b"text\x00\xe2\x80\xa8more",
        b"",
        b"\t- [ ] tab",
        b"- [ ] 1. [ ] two on a line",
    ]
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
NOTES = st.builds(
    lambda bom, lines, last: bom + b"".join(line + end for line, end in lines) + last,
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.lists(st.tuples(LINES, ENDS), max_size=12),
    LINES,
)


@given(NOTES, st.data())
def test_a_tick_without_dates_changes_one_byte(note: bytes, data: st.DataObject) -> None:
    tasks = tasks_of(note)
    if not tasks:
        return
    index = data.draw(st.integers(0, len(tasks) - 1))
    wanted = data.draw(st.sampled_from("x -/"))
    applied = apply(status(note, index, wanted), note)
    differing = [at for at, (a, b) in enumerate(zip(note, applied.data, strict=True)) if a != b]
    assert len(differing) == (tasks[index].mark != wanted)


@given(NOTES, st.data())
def test_undo_gives_the_bytes_back(note: bytes, data: st.DataObject) -> None:
    tasks = tasks_of(note)
    if not tasks:
        return
    index = data.draw(st.integers(0, len(tasks) - 1))
    settings = data.draw(st.sampled_from([None, TaskSettings(), TaskSettings(recurrence_on_next_line=True)]))
    applied = apply(status(note, index, data.draw(st.sampled_from("x -/")), settings), note)
    if applied.inverse is None:
        assert applied.data == note or not list(applied.note.tasks)
        return
    undone = apply(applied.inverse, applied.data)
    assert undone.data == note
    assert undone.inverse is not None
    assert apply(undone.inverse, note).data == applied.data


@pytest.mark.parametrize("before", [b"", b"# New heading\n\ntext\n", b"- [ ] another\n", b"\r\n\r\n"])
def test_an_undo_finds_its_place_after_lines_came_in_above(before: bytes) -> None:
    note = b"- [ ] one\n- [ ] every \xf0\x9f\x94\x81 every day\n- [ ] three"
    applied = apply(status(note, 1, settings=TaskSettings()), note)
    assert applied.data.count(b"every day") == 2
    assert applied.inverse is not None
    assert apply(applied.inverse, before + applied.data).data == before + note


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (b"- [x] one\n- [-] two\n", "[-] now"),
        (b"- [ ] one\n", "no longer in this note"),
        (b"- [ ] one\n- [ ] two more\n", "no longer in this note"),
        (b"- [ ] one\n```\n- [ ] two\n```\n", "no longer in this note"),
        (b"- [ ] one\n%% - [ ] two %%\n", "no longer in this note"),
    ],
)
def test_what_is_not_as_it_was_seen_is_refused(now: bytes, why: str) -> None:
    edit = status(b"- [ ] one\n- [ ] two\n", 1)
    with pytest.raises(RefusedError, match=why.replace("[", r"\[")):
        apply(edit, now)


def test_what_is_already_as_wanted_is_left_alone() -> None:
    now = b"first\n- [x] one\n"
    applied = apply(status(b"- [ ] one\n", 0), now)
    assert applied.data == now
    assert applied.inverse is None


def test_the_new_line_of_a_repeating_task_ends_as_its_note_does() -> None:
    note = b"- [ ] a\r\n- [ ] b \xf0\x9f\x94\x81 every day"
    applied = apply(status(note, 1, settings=TaskSettings(set_done_date=False)), note)
    assert (
        applied.data == b"- [ ] a\r\n- [ ] b \xf0\x9f\x94\x81 every day\r\n- [x] b \xf0\x9f\x94\x81 every day"
    )


def test_an_undo_refuses_where_its_lines_were_changed() -> None:
    note = b"- [ ] a \xf0\x9f\x94\x81 every day\n- [ ] b\n"
    applied = apply(status(note, 0, settings=TaskSettings()), note)
    assert applied.inverse is not None
    with pytest.raises(RefusedError):
        apply(applied.inverse, applied.data.replace(b"- [x] a", b"- [x] ab"))
