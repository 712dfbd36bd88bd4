"""Edits and what takes them back: every byte outside an edit stays, and undo gives all of them back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from roadtui.core.edits.edit import (
    Change,
    Edit,
    EditResult,
    RestoreLines,
    WholeNoteAnchor,
    apply_edit,
    rebase,
)
from roadtui.core.edits.insert import AppendToSection, InsertAfter
from roadtui.core.edits.locate import Anchor
from roadtui.core.edits.move import Delete
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import SetText
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from tests.core.edit_helpers import edit_of
from tests.examples import many

TODAY = date(2026, 3, 14)
PLUGIN = TaskSettings()
MARK = b"\xef\xbb\xbf"


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def anchor_in(data: bytes, number: int) -> Anchor:
    note = parse(text_of(data))
    return Anchor(note, content_hash(data), list(note.tasks)[number])


def set_status(
    data: bytes, number: int, wanted: str, dates: TaskSettings | None = None, seen: str | None = None
) -> Edit:
    anchor = anchor_in(data, number)
    assert isinstance(anchor.content, Task)
    change = SetStatus((seen or anchor.content.status_symbol,), (wanted,), TODAY, dates, StatusRegistry())
    return Edit("n.md", "tick", (anchor,), change)


def undo_of(applied: EditResult) -> Edit:
    assert applied.inverse is not None
    return applied.inverse


def refusal(edit: Edit, data: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        apply_edit(edit, data)
    return str(caught.value)


PIECES = st.sampled_from(
    [
        *(
            b"- [ ] a",
            b"- [x] a",
            b"* [/] b",
            b"+ [-] c",
            b"1. [ ] d",
            b"2) [X] e",
            b"- [?] f",
            b"- [ ]",
            b"- [ ] ",
        ),
        *(b"  - [ ] a", b"\t- [ ] a", b"    - [ ] nested  ", b"> - [ ] quoted", b"> > - [x] a", b"> [!todo]"),
        *(b"- [ ] 1. [ ] twice", b"- plain", b"# Title", b"Setext", b"---", b"", b"  ", b"text"),
        *(b"```", b"- [ ] a ^id", b"%%", b"<!--", b"-->", b"\xef\xbb\xbf- [ ] a", b"\x00", b"- [ ] \x00nul"),
        *(b"- [ ] \xff\xfe", b"- [\xff] e", b"\xe2\x80\xa8", b"- [ ] a\x0cb", "- [ ] 📚 é\u2028".encode()),
        *("- [ ] a 📅 2026-01-31".encode(), "- [ ] a 🔁 every month 📅 2026-01-31".encode()),
        *(
            "- [x] a ✅ 2026-01-01".encode(),
            "- [ ] a 🔁 every day ➕ 2026-01-01 ^b".encode(),
            "- [📌] p".encode(),
        ),
        *("- [ ] 🏁 delete".encode(), "  - [ ] a 🔁 every week 🏁 delete".encode()),
    ]
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


@st.composite
def notes(draw: st.DrawFn) -> bytes:
    """Notes as bytes: any line ends, with and without a byte order mark and a final newline."""
    bom = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    pieces = draw(st.lists(st.tuples(PIECES | st.binary(max_size=4), ENDS), min_size=1, max_size=12))
    return bom + b"".join(text + end for text, end in pieces)[: None if draw(st.booleans()) else -1]


MARKS = st.sampled_from("x /-!X?>📌é\u00a0]")
DATES = st.sampled_from(
    [
        None,
        PLUGIN,
        TaskSettings(recurrence_on_next_line=True, set_created_date=True),
        TaskSettings(task_format=TaskFormat.DATAVIEW, global_filter="a"),
    ]
)


@many()
@given(notes(), st.integers(0, 30), MARKS, DATES)
def test_undo_gives_every_byte_back(
    data: bytes, number: int, wanted: str, dates: TaskSettings | None
) -> None:
    tasks = list(parse(text_of(data)).tasks)
    assume(tasks)
    edit = set_status(data, number % len(tasks), wanted, dates)
    try:
        done = apply_edit(edit, data)
    except RefusedError:
        return  # A task with 🏁 delete that holds others; see below.
    assert done.digest == content_hash(done.data)
    if done.inverse is None:
        assert done.data == data
        return
    undone = apply_edit(done.inverse, done.data)
    assert undone.data == data
    assert apply_edit(undo_of(undone), data).data == done.data


@many()
@given(notes(), st.integers(0, 30), MARKS)
def test_without_dates_only_the_mark_differs(data: bytes, number: int, wanted: str) -> None:
    tasks = list(parse(text_of(data)).tasks)
    assume(tasks)
    task = tasks[number % len(tasks)]
    done = apply_edit(set_status(data, number % len(tasks), wanted), data)
    before, after = text_of(data), text_of(done.data)
    assert len(before) == len(after)
    differing = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert differing == ([] if task.status_symbol == wanted else [(task.status_symbol, wanted)])
    if differing:
        assert (done.line, done.count) == (task.line, 1)


@many()
@given(notes(), st.integers(0, 30), DATES)
@example(b"- [ ]\n-->\n2) [X] e", 0, TaskSettings())
def test_a_tick_is_seen_in_the_new_note(data: bytes, number: int, dates: TaskSettings | None) -> None:
    tasks = list(parse(text_of(data)).tasks)
    assume(tasks and b"delete" not in data)
    try:
        done = apply_edit(set_status(data, number % len(tasks), "x", dates), data)
    except RefusedError:
        # A date would be the first text of the item, and what follows would become part of it.
        assert dates is not None
        assert not tasks[number % len(tasks)].text
        return
    marks = [
        task.status_symbol for task in done.note.tasks if done.line <= task.line < done.line + done.count
    ]
    assert done.inverse is None or "x" in marks


def with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@many()
@given(notes(), st.integers(0, 30), DATES, notes())
@example(b"\xef\xbb\xbf- [ ] a\n2) [X] e\n- [ ] a", 1, None, b"2) [X] e\r\n")
def test_an_undo_in_a_changed_note_is_right_or_refused(
    data: bytes, number: int, dates: TaskSettings | None, added: bytes
) -> None:
    """Whatever stands above the lines of the edit now, undo puts back just them."""
    tasks = list(parse(text_of(data)).tasks)
    assume(tasks)
    try:
        done = apply_edit(set_status(data, number % len(tasks), "x", dates), data)
        assume(done.inverse is not None)
        undone = apply_edit(undo_of(done), added + b"\n" + done.data)
    except RefusedError:
        return
    restored = undo_of(done).change
    assert isinstance(restored, RestoreLines)
    lost = [line for line in text_of(added).split() if line not in text_of(undone.data)]
    assert lost == []
    # Where the line reads as it did already, it keeps the line end that another program gave it.
    now = with_lf(text_of(undone.data))
    assert all(with_lf("".join(part.original)) in now for part in restored.parts)


PLAIN = b"- [ ] a\r\n  - [/] b\r- [ ] c"


def test_one_byte() -> None:
    done = apply_edit(set_status(PLAIN, 1, "x"), PLAIN)
    assert done.data == b"- [ ] a\r\n  - [x] b\r- [ ] c"
    assert (done.line, done.count) == (1, 1)


def test_a_mark_that_is_as_wanted_is_left() -> None:
    edit = set_status(PLAIN, 0, "x")
    done = apply_edit(edit, b"- [x] a\r\n  - [/] b\r- [ ] c")
    assert (done.data, done.inverse) == (b"- [x] a\r\n  - [/] b\r- [ ] c", None)


def test_a_mark_that_changed_elsewhere_is_refused_and_shown() -> None:
    assert (
        refusal(set_status(PLAIN, 0, "x"), PLAIN.replace(b"[ ] a", b"[-] a"))
        == "Not changed: this task is [-] now; it was [ ] when you pressed the key."
    )
    assert "[␛] now" in refusal(set_status(PLAIN, 0, "x"), PLAIN.replace(b"[ ] a", b"[\x1b] a"))


def test_a_press_ahead_of_the_disk_says_which_mark_was_seen() -> None:
    done = apply_edit(set_status(PLAIN, 0, " ", seen="x"), PLAIN.replace(b"[ ] a", b"[x] a"))
    assert done.data == PLAIN


def test_a_task_that_is_now_code_is_refused() -> None:
    assert "no longer in this note" in refusal(set_status(PLAIN, 0, "x"), b"```\n" + PLAIN + b"\n```\n")


def test_a_done_date_comes_and_goes_with_its_line_end() -> None:
    done = apply_edit(set_status(PLAIN, 2, "x", PLUGIN), PLAIN)
    assert done.data == PLAIN.replace(b"[ ] c", "[x] c ✅ 2026-03-14".encode())
    again = apply_edit(set_status(done.data, 2, " ", PLUGIN), done.data)
    assert again.data == PLAIN


@pytest.mark.parametrize(
    ("before", "after", "on_next_line"),
    [
        (
            "- [ ] a 🔁 every day 📅 2026-03-14\r\n- [ ] b",
            "- [ ] a 🔁 every day 📅 2026-03-15\r\n"
            "- [x] a 🔁 every day 📅 2026-03-14 ✅ 2026-03-14\r\n- [ ] b",
            False,
        ),
        (
            "# T\r- [ ] a 🔁 every day 📅 2026-03-14",
            "# T\r- [x] a 🔁 every day 📅 2026-03-14 ✅ 2026-03-14\r- [ ] a 🔁 every day 📅 2026-03-15",
            True,
        ),
        (
            "- [ ] a 🔁 every day 📅 2026-03-14",
            "- [ ] a 🔁 every day 📅 2026-03-15\n- [x] a 🔁 every day 📅 2026-03-14 ✅ 2026-03-14",
            False,
        ),
    ],
    ids=["crlf", "last line, cr, next line", "only line"],
)
def test_a_repeating_task_is_two_lines_and_one_undo(before: str, after: str, on_next_line: bool) -> None:
    data = before.encode()
    done = apply_edit(set_status(data, 0, "x", TaskSettings(recurrence_on_next_line=on_next_line)), data)
    assert text_of(done.data) == after
    assert done.count == 2
    assert apply_edit(undo_of(done), done.data).data == data


class TestDeleteWhenDone:
    """🏁 delete: the tick takes the line away."""

    NOTE = "- [ ] a\n- [ ] b 🏁 delete\n- [ ] c\n".encode()
    LAST = "- [ ] a\n- [ ] b 🏁 delete".encode()
    ONLY = "- [ ] b 🏁 delete\r\n".encode()

    @pytest.mark.parametrize(
        ("data", "number", "left"),
        [(NOTE, 1, b"- [ ] a\n- [ ] c\n"), (LAST, 1, b"- [ ] a\n"), (ONLY, 0, b"")],
        ids=["middle", "last", "only"],
    )
    def test_undo_and_redo(self, data: bytes, number: int, left: bytes) -> None:
        done = apply_edit(set_status(data, number, "x", PLUGIN), data)
        assert (done.data, done.count) == (left, 0)
        undone = apply_edit(undo_of(done), left)
        assert undone.data == data
        assert apply_edit(undo_of(undone), data).data == left

    def test_undo_finds_the_gap_where_it_is_now(self) -> None:
        done = apply_edit(set_status(self.NOTE, 1, "x", PLUGIN), self.NOTE)
        assert apply_edit(undo_of(done), b"# T\n" + done.data).data == b"# T\n" + self.NOTE

    @pytest.mark.parametrize(
        ("data", "number", "now"),
        [
            pytest.param(NOTE, 1, b"- [ ] a\n- [ ] new\n- [ ] c\n", id="something stands there"),
            pytest.param(NOTE, 1, b"- [ ] c\n- [ ] a\n", id="what was around it is elsewhere"),
            pytest.param(LAST, 1, b"- [ ] a", id="the line above has lost its end"),
            pytest.param(ONLY, 0, b"text\n", id="the emptied note is no longer empty"),
        ],
    )
    def test_undo_is_refused_where_the_gap_is_not_as_it_was(
        self, data: bytes, number: int, now: bytes
    ) -> None:
        done = apply_edit(set_status(data, number, "x", PLUGIN), data)
        assert "Not undone" in refusal(undo_of(done), now)

    @pytest.mark.parametrize(
        "below",
        ["  - [ ] child\n", "\t- bullet\n", "  more text\n", "  ```\n"],
        ids=["task", "bullet", "text", "code"],
    )
    def test_what_is_nested_is_not_orphaned(self, below: str) -> None:
        data = f"- [ ] b 🏁 delete\n{below}".encode()
        assert "nested in it would be left alone" in refusal(set_status(data, 0, "x", PLUGIN), data)

    @pytest.mark.parametrize("below", ["- [ ] next\n", "\n", "# T\n", "text\n", "> quote\n", ">   deep\n"])
    def test_what_stands_below_it_does_not_hinder(self, below: str) -> None:
        data = f"- [ ] b 🏁 delete\n{below}".encode()
        assert apply_edit(set_status(data, 0, "x", PLUGIN), data).data == below.encode()


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (b"- [ ] a\n- [x] b!\n", "no longer in this note"),
        (b"- [ ] a\n- [-] b\n", "Not undone"),
        (b"- [ ] a\n* [-] b\n", "Not undone"),
        (b"", "no longer in this note"),
    ],
    ids=["reworded", "another mark", "another mark and marker", "emptied"],
)
def test_undo_is_refused_where_the_line_moved_on(now: bytes, says: str) -> None:
    done = apply_edit(set_status(b"- [ ] a\n- [ ] b\n", 1, "x"), b"- [ ] a\n- [ ] b\n")
    assert says in refusal(undo_of(done), now)


@pytest.mark.parametrize(
    ("before", "seen", "now"),
    [
        ("* [ ] b\n", "* [x] b\n", "- [x] b\n"),
        ("1. [ ] b\n", "1. [x] b\n", "3. [x] b\n"),
        ("1. [ ] b\n", "1. [x] b\n", "1) [x] b\n"),
        ("- a\n  - [ ] b\n", "- a\n  - [x] b\n", "- a\n    - [x] b\n"),
        ("- [ ] b  \n", "- [x] b  \n", "- [x] b\n"),
        ("-   [ ] b\n", "-   [x] b\n", "- [x] b\n"),
        ("- [ ] b\n", "- [x] b\n", "- [x] b\r\n"),
        ("- [ ] b\n", "- [x] b\n", "- [x] b"),
        ("> - [ ] b\n", "> - [x] b\n", ">- [x] b\n"),
        ("- [ ] _b_ 2\\. c\n", "- [x] _b_ 2\\. c\n", "- [x] *b* 2. c\n"),
        ("- [ ] b  c\n", "- [X] b  c\n", "- [x] b c\n"),
    ],
)
def test_undo_is_made_in_a_form_that_a_formatter_gave_the_line(before: str, seen: str, now: str) -> None:
    """Undone is what the edit did; what the formatter did stays."""
    number = 0
    mark = "X" if "[X]" in seen else "x"
    done = apply_edit(set_status(before.encode(), number, mark), before.encode())
    assert done.data.decode() == seen
    undone = apply_edit(undo_of(done), now.encode())
    assert undone.data.decode() == now.replace("[x]", "[ ]")
    assert undone.inverse is not None
    assert apply_edit(undone.inverse, undone.data).data.decode() == now


def test_undo_of_a_recurring_task_takes_the_next_one_away_in_its_new_form() -> None:
    before = "* [ ] b 🔁 every day 📅 2026-03-14\n* [ ] c\n"
    done = apply_edit(set_status(before.encode(), 0, "x", PLUGIN), before.encode())
    now = done.data.decode().replace("* ", "- ")
    assert apply_edit(undo_of(done), now.encode()).data.decode() == before.replace("* ", "- ")


def test_undo_of_a_deletion_puts_the_line_back_in_the_form_of_its_neighbours() -> None:
    before = "* [ ] a\n* [ ] b 🏁 delete\n* [ ] c\n"
    done = apply_edit(set_status(before.encode(), 1, "x", PLUGIN), before.encode())
    assert done.data.decode() == "* [ ] a\n* [ ] c\n"
    assert apply_edit(undo_of(done), b"- [ ] a\n- [ ] c\n").data.decode() == before.replace("* ", "- ")


def test_undo_follows_the_line_to_another_place() -> None:
    done = apply_edit(set_status(b"- [ ] a\n- [ ] b\n", 1, "x"), b"- [ ] a\n- [ ] b\n")
    assert apply_edit(undo_of(done), b"- [x] b\n# T\n- [x] a\n").data == b"- [ ] b\n# T\n- [x] a\n"


COPIES = "- [ ] a 🔁 every day 📅 2026-03-14\n- [ ] b\n- [ ] b\n- [ ] b\n".encode()


def test_presses_faster_than_the_disk_reach_the_lines_they_were_meant_for() -> None:
    """Each edit is made in the state that the screen showed, before the first of them was on disk."""
    edits = [set_status(COPIES, number, "x", PLUGIN) for number in (2, 0, 3)]
    edits.append(set_status(COPIES, 3, " ", PLUGIN, seen="x"))
    data = COPIES
    steps: list[EditResult] = []
    for edit in edits:
        for made in steps:
            edit = rebase(edit, made)
        steps.append(apply_edit(edit, data))
        data = steps[-1].data
    done = "✅ 2026-03-14"
    assert text_of(data) == (
        "- [ ] a 🔁 every day 📅 2026-03-15\n"
        f"- [x] a 🔁 every day 📅 2026-03-14 {done}\n"
        f"- [ ] b\n- [x] b {done}\n- [ ] b\n"
    )


def test_an_edit_of_what_became_two_lines_is_of_the_one_that_was_done() -> None:
    first, second = set_status(COPIES, 0, "x", PLUGIN), set_status(COPIES, 0, " ", PLUGIN, seen="x")
    made = apply_edit(first, COPIES)
    again = apply_edit(rebase(second, made), made.data)
    assert text_of(again.data).startswith(
        "- [ ] a 🔁 every day 📅 2026-03-15\n- [ ] a 🔁 every day 📅 2026-03-14\n- [ ] b\n"
    )


def test_an_edit_of_what_was_deleted_is_not_guessed() -> None:
    data = "- [ ] a 🏁 delete\n- [ ] b\n".encode()
    made = apply_edit(set_status(data, 0, "x", PLUGIN), data)
    second = set_status(data, 0, " ", PLUGIN, seen="x")
    assert rebase(second, made) is second
    assert "no longer" in refusal(second, made.data)


def test_an_edit_names_the_one_task_that_it_is_about() -> None:
    note = parse("- [ ] a\n- plain\n")
    task, bullet = (Anchor(note, b"", item) for item in note.items)

    def task_of(*anchors: Anchor) -> Task | None:
        return Edit("n.md", "change", anchors, RestoreLines(())).task

    assert task_of(task) is note.items[0]
    assert [task_of(bullet), task_of(task, bullet), task_of()] == [None, None, None]
    assert Edit("n.md", "undo", WholeNoteAnchor(b""), RestoreLines(())).task is None


def test_a_heading_is_carried_over_to_where_it_is_now() -> None:
    """Neither of two headings of one name could be found by its words."""
    data = b"- [ ] a\n# T\n# T\n"
    above = apply_edit(edit_of(InsertAfter(("new",)), data, 0), data)
    carried = rebase(edit_of(SetText("T", "U"), data, 2), above)
    assert apply_edit(carried, above.data).data == b"- [ ] a\n- [ ] new\n# T\n# U\n"


def test_what_is_no_edit_of_a_task_or_changed_nothing_carries_nothing_over() -> None:
    data = b"text\n"
    made = apply_edit(edit_of(AppendToSection(("new",), "T"), data), data)
    undo = apply_edit(edit_of(Delete(), made.data, 2), made.data).inverse
    assert undo is not None
    assert undo.anchors == WholeNoteAnchor(content_hash(data + b"\n"))
    assert rebase(undo, made) is undo
    tick = set_status(PLAIN, 0, "x")
    nothing = apply_edit(set_status(PLAIN, 1, "/"), PLAIN)
    assert rebase(tick, nothing) is tick


@pytest.mark.parametrize(
    ("change", "data", "line"),
    [
        (SetText("a", "b"), b"- a\n", 0),
        (SetText("T", "U"), b"# T\n", 0),
        (SetText("T", "U"), b"text\n# S\n# T\n", 2),
        (Delete(), b"- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n", 1),
    ],
)
def test_an_edit_can_be_taken_back_although_the_note_changed_elsewhere(
    change: Change, data: bytes, line: int
) -> None:
    made = apply_edit(edit_of(change, data, line), data)
    assert (
        apply_edit(undo_of(made), b"more\n\n" + made.data + b"\nmore\n").data
        == b"more\n\n" + data + b"\nmore\n"
    )


@pytest.mark.parametrize(
    ("neighbour", "says"),
    [(b"- [ ] a\n", "“a” is no longer in this note"), (b"- [ ] c\n", "these lines have been changed since")],
)
def test_lines_are_put_back_only_where_both_their_neighbours_are_as_they_were(
    neighbour: bytes, says: str
) -> None:
    data = b"- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n"
    made = apply_edit(edit_of(Delete(), data, 1), data)
    other = made.data.replace(neighbour, neighbour.replace(b"\n", b" and more\n"))
    assert says in refusal(undo_of(made), other)
    further = made.data.replace(b"- [ ] d\n", b"- [ ] d and more\n")
    assert apply_edit(undo_of(made), further).data == data.replace(b"- [ ] d\n", b"- [ ] d and more\n")


def test_an_edit_of_another_state_is_left_alone() -> None:
    made = apply_edit(set_status(COPIES, 1, "x"), COPIES)
    other = set_status(COPIES + b"\n", 1, "x")
    assert rebase(other, made) is other


@many()
@given(notes(), st.integers(0, 30), st.integers(0, 30), DATES)
def test_a_carried_over_edit_is_of_the_same_line(
    data: bytes, one: int, other: int, dates: TaskSettings | None
) -> None:
    tasks = list(parse(text_of(data)).tasks)
    assume(tasks)
    one, other = one % len(tasks), other % len(tasks)
    try:
        made = apply_edit(set_status(data, one, "x", dates), data)
    except RefusedError:
        return
    edit = set_status(data, other, "-", None)
    carried = rebase(edit, made)
    if carried is edit or carried.task is None:
        return
    if tasks[one].line != tasks[other].line:
        assert carried.task.source == tasks[other].source
    assert carried.task.symbol_index == tasks[other].symbol_index


def test_a_deletion_before_a_line_that_would_run_on_now_is_not_undone() -> None:
    before = b"- [ ] x\n- [ ] y\n- [ ] z"
    deleted = apply_edit(edit_of(Delete(), before, 0, 2), before)
    assert deleted.data == b"- [ ] y\n"
    assert deleted.inverse is not None
    with pytest.raises(RefusedError, match="Not undone"):
        apply_edit(deleted.inverse, b"* [ ] y\nmore\n")


@pytest.mark.parametrize(
    ("mark", "mark_now"), [(MARK, MARK), (MARK, b""), (b"", MARK)], ids=["kept", "taken away", "added"]
)
def test_a_deletion_is_undone_whether_or_not_the_file_has_a_byte_order_mark_since(
    mark: bytes, mark_now: bytes
) -> None:
    before = mark + b"- [ ] x\n- [ ] y\n- [ ] z\n"
    deleted = apply_edit(edit_of(Delete(), before, 0, 2), before)
    assert deleted.data == mark + b"- [ ] y\n"
    assert deleted.inverse is not None
    undone = apply_edit(deleted.inverse, mark_now + b"- [ ] y\n")
    assert undone.data == mark_now + b"- [ ] x\n- [ ] y\n- [ ] z\n"


def test_no_other_line_gives_the_file_a_byte_order_mark() -> None:
    data = "- ```\n\ufefftext\n".encode()
    with pytest.raises(RefusedError, match="invisible character"):
        apply_edit(edit_of(Delete(), data, 0), data)
