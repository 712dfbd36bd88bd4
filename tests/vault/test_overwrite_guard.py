"""An editor with an old buffer saves our tick away: the tick is made again, a few times, then told."""

from dataclasses import replace
from datetime import date

import pytest

from roadtui.core.edits.edit import Edit, EditResult, apply_edit
from roadtui.core.edits.insert import InsertAfter, InsertChild
from roadtui.core.edits.move import Delete, Indent, MoveSibling
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import SetText
from roadtui.core.markdown import content_hash, parse
from roadtui.core.tasks.status import StatusRegistry
from roadtui.vault.overwrite_guard import GUARD_SECONDS, MOST_REDOS, Loss, OverwriteGuard
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

OLD = b"# Plan\n- [ ] one\n- [ ] two\n"
TODAY = date(2026, 11, 22)


def note_of(data: bytes) -> VaultNote:
    return VaultNote.of("Plan.md", parse(data.decode()), FileStamp(0, 0, len(data), 0, 0), content_hash(data))


def tick(data: bytes, text: str) -> Edit:
    note = note_of(data)
    task = next(task for task in note.note.tasks if task.text == text)
    return Edit("Plan.md", f"tick {text}", (note.anchor(task),), change(" ", "x"))


def change(seen: str, wanted: str) -> SetStatus:
    return SetStatus((seen,), (wanted,), TODAY, None, StatusRegistry())


def write(watch: OverwriteGuard, edit: Edit, data: bytes, now: float = 0.0) -> EditResult:
    applied = apply_edit(edit, data)
    watch.guard(edit, applied.note_before, content_hash(data), note_of(applied.data), now, applied.hunks)
    return applied


def test_a_line_that_falls_back_is_made_again() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    stale = OLD + b"typed meanwhile\n"
    (overwritten,) = watch.overwritten(note_of(stale), now=2.0)
    assert not overwritten.gave_up
    assert apply_edit(overwritten.edit, stale).data == stale.replace(b"- [ ] one", b"- [x] one")


@pytest.mark.parametrize(
    ("now_on_disk", "seconds", "why"),
    [
        (OLD.replace(b"- [ ] one", b"- [x] one"), 1.0, "the tick is there"),
        (OLD.replace(b"- [ ] one", b"- [-] one"), 1.0, "somebody gave it another status"),
        (OLD.replace(b"- [ ] one\n", b""), 1.0, "somebody deleted it"),
        (OLD, GUARD_SECONDS + 0.1, "after so long, somebody unticked it"),
    ],
)
def test_what_somebody_meant_is_left_alone(now_on_disk: bytes, seconds: float, why: str) -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    assert list(watch.overwritten(note_of(now_on_disk), now=seconds)) == [], why


def test_an_undo_is_not_taken_for_a_stale_buffer() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD)
    assert ticked.inverse is not None
    write(watch, ticked.inverse, ticked.data, now=0.5)
    assert list(watch.overwritten(note_of(OLD + b"typed\n"), now=1.0)) == []


def test_an_edit_of_several_tasks_takes_back_what_one_had_before() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD)
    note = note_of(ticked.data)
    both = tuple(note.anchor(task) for task in note.note.tasks)
    change = SetStatus(("x", " "), (" ", "-"), TODAY, None, StatusRegistry())
    later = write(watch, Edit("Plan.md", "change both", both, change), ticked.data, now=0.5)
    assert list(watch.overwritten(note_of(later.data), now=0.6)) == []
    assert list(watch.overwritten(note_of(later.data + b"typed\n"), now=1.0)) == []


def test_an_edit_elsewhere_does_not_hide_that_a_line_fell_back() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    later = write(watch, tick(OLD, "two"), OLD, now=0.5)
    (overwritten,) = watch.overwritten(note_of(later.data), now=0.6)
    assert apply_edit(overwritten.edit, later.data).data == OLD.replace(b"[ ]", b"[x]")


def test_an_undo_that_is_saved_away_is_made_again() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD)
    assert ticked.inverse is not None
    write(watch, ticked.inverse, ticked.data, now=0.5)
    (overwritten,) = watch.overwritten(note_of(ticked.data + b"typed\n"), now=1.0)
    assert apply_edit(overwritten.edit, ticked.data + b"typed\n").data == OLD + b"typed\n"


def test_a_redo_that_has_nothing_but_the_whole_note_to_hold_on_to_is_made_again() -> None:
    empty = b"text\n"
    added = apply_edit(Edit("Plan.md", "add", (), InsertChild(("new",), "  ")), empty)
    assert added.inverse is not None
    redo = apply_edit(added.inverse, added.data).inverse
    assert redo is not None
    watch = OverwriteGuard()
    write(watch, redo, empty)
    (overwritten,) = watch.overwritten(note_of(empty), now=1.0)
    assert apply_edit(overwritten.edit, empty).data == added.data


def test_unticking_at_once_is_not_taken_for_a_stale_buffer() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD).data
    note = note_of(ticked)
    task = next(note.note.tasks)
    untick = Edit("Plan.md", "untick", (note.anchor(task),), change("x", " "))
    write(watch, untick, ticked, now=0.5)
    assert list(watch.overwritten(note_of(OLD + b"typed\n"), now=1.0)) == []


def test_it_is_told_after_a_few_times() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    for time in range(MOST_REDOS):
        (overwritten,) = watch.overwritten(note_of(OLD), now=float(time))
        assert not overwritten.gave_up
        write(watch, overwritten.edit, OLD, now=float(time))
    (last,) = watch.overwritten(note_of(OLD), now=float(MOST_REDOS))
    assert last.gave_up
    assert list(watch.overwritten(note_of(OLD), now=float(MOST_REDOS))) == []


def test_it_is_asked_for_once_until_it_is_made_again() -> None:
    """Their next edits come before ours is on disk: that is one loss, not four."""
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    (overwritten,) = watch.overwritten(note_of(OLD), now=1.0)
    for number in range(9):
        assert list(watch.overwritten(note_of(OLD + b"typed %d\n" % number), now=1.0)) == []
    write(watch, overwritten.edit, OLD, now=1.5)
    (again,) = watch.overwritten(note_of(OLD), now=2.0)
    assert again.times == 2


def test_one_that_waits_long_for_its_turn_goes_on_being_counted() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    (overwritten,) = watch.overwritten(note_of(OLD), now=1.0)
    late = 1.0 + 2 * GUARD_SECONDS
    assert list(watch.overwritten(note_of(OLD + b"typed"), now=late)) == []
    write(watch, overwritten.edit, OLD, now=late)
    (again,) = watch.overwritten(note_of(OLD), now=late + 1)
    assert again.times == 2


def test_one_that_was_refused_is_watched_no_more() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    (overwritten,) = watch.overwritten(note_of(OLD), now=1.0)
    assert watch.is_guarded(overwritten.edit)
    watch.stop_guarding(overwritten.edit)
    assert not watch.is_guarded(overwritten.edit)
    assert watch.paths == frozenset()


def test_each_edit_is_watched_for_itself() -> None:
    watch = OverwriteGuard()
    one = write(watch, tick(OLD, "one"), OLD)
    write(watch, replace(tick(OLD, "two"), title="tick two"), one.data)
    half = OLD.replace(b"- [ ] one", b"- [x] one")
    assert [overwritten.edit.title for overwritten in watch.overwritten(note_of(half), now=1.0)] == [
        "tick two"
    ]


def test_copies_are_watched_each_for_itself() -> None:
    watch = OverwriteGuard()
    copies = b"- [ ] same\n- [ ] same\n"
    note = note_of(copies)
    edits = [Edit("Plan.md", "tick", (note.anchor(task),), change(" ", "x")) for task in note.note.tasks]
    one = write(watch, edits[0], copies)
    write(watch, edits[1], one.data)
    assert len(list(watch.overwritten(note_of(copies), now=1.0))) == 2


def test_an_edit_that_leaves_its_own_line_alone_is_made_again_only_where_all_is_as_before() -> None:
    """Lines below it come and go for many reasons; that its line is as it was says nothing."""
    watch = OverwriteGuard()
    edit = Edit(
        "Plan.md", "add", (note_of(OLD).anchor(next(note_of(OLD).note.tasks)),), InsertAfter(("new",))
    )
    added = write(watch, edit, OLD)
    assert list(watch.overwritten(note_of(added.data + b"typed\n"), now=1.0)) == []
    (overwritten,) = watch.overwritten(note_of(OLD), now=1.0)
    assert b"- [ ] new\n" in apply_edit(overwritten.edit, OLD).data


def test_a_move_between_copies_is_not_made_again_when_somebody_else_writes() -> None:
    watch = OverwriteGuard()
    old = b"- [ ] one\n  first\n- [ ] one\n"
    note = note_of(old)
    move = Edit("Plan.md", "move down", (note.anchor(note.note.items[0]),), MoveSibling(1))
    moved = write(watch, move, old)
    assert moved.data == b"- [ ] one\n- [ ] one\n  first\n"
    assert list(watch.overwritten(note_of(moved.data + b"typed\n"), now=1.0)) == []


def test_what_we_took_back_ourselves_is_not_made_again() -> None:
    watch = OverwriteGuard()
    edit = Edit(
        "Plan.md", "add", (note_of(OLD).anchor(next(note_of(OLD).note.tasks)),), InsertAfter(("new",))
    )
    added = write(watch, edit, OLD)
    assert added.inverse is not None
    write(watch, added.inverse, added.data, now=0.5)
    assert list(watch.overwritten(note_of(OLD), now=1.0)) == []


def test_a_task_with_a_field_between_its_words_is_watched_as_any_other() -> None:
    data = "- [ ] call 📅 2026-01-01 mum\n".encode()
    watch = OverwriteGuard()
    text = "call 📅 2026-01-01 mum"
    ticked = write(watch, tick(data, text), data)
    note = note_of(ticked.data)
    untick = Edit("Plan.md", "untick", (note.anchor(next(note.note.tasks)),), change("x", " "))
    write(watch, untick, ticked.data, now=0.5)
    assert list(watch.overwritten(note_of(data + b"typed\n"), now=1.0)) == []


def add_after(data: bytes, text: str, new: str) -> Edit:
    note = note_of(data)
    task = next(task for task in note.note.tasks if task.text == text)
    return Edit("Plan.md", f"add {new}", (note.anchor(task),), InsertAfter((new,)))


FORMS = [
    ("* [ ] one", "- [ ] one"),
    ("+ [ ] one", "* [ ] one"),
    ("1. [ ] one", "3. [ ] one"),
    ("1) [ ] one", "1. [ ] one"),
    ("- a\n  - [ ] one", "- a\n    - [ ] one"),
    ("- a\n\t- [ ] one", "- a\n    - [ ] one"),
    ("- [ ] one  ", "- [ ] one"),
    ("-   [ ] one", "- [ ] one"),
    ("- [ ] one   more", "- [ ] one more"),
    ("- [ ] *one*", "- [ ] _one_"),
    ("- [ ] o_ne", "- [ ] o\\_ne"),
    (">- [ ] one", "> - [ ] one"),
    ("- [ ] one\r\n- [ ] two", "- [ ] one\n- [ ] two"),
    ("* [ ] one\n* [ ] one", "- [ ] one\n- [ ] one"),
]


@pytest.mark.parametrize(("old", "formatted"), FORMS)
def test_a_formatter_that_wrote_the_old_text_in_its_own_form_is_noticed(old: str, formatted: str) -> None:
    watch = OverwriteGuard()
    data, stale = f"# Plan\n\n{old}\n".encode(), f"# Plan\n\n{formatted}\n".encode()
    note = note_of(data)
    first = next(task for task in note.note.tasks)
    write(watch, Edit("Plan.md", "tick", (note.anchor(first),), change(" ", "x")), data)
    (overwritten,) = watch.overwritten(note_of(stale), now=1.0)
    assert not overwritten.gave_up
    assert [(task.text, mark) for task, mark in overwritten.symbols] == [
        (next(note_of(stale).note.tasks).text, "x")
    ]
    assert apply_edit(overwritten.edit, stale).data == stale.replace(b"[ ]", b"[x]", 1)


@pytest.mark.parametrize(("old", "formatted"), FORMS)
def test_an_undo_that_a_formatter_overwrites_is_made_again_in_the_new_form(old: str, formatted: str) -> None:
    watch = OverwriteGuard()
    data = f"# Plan\n\n{old}\n".encode()
    note = note_of(data)
    first = next(task for task in note.note.tasks)
    ticked = write(watch, Edit("Plan.md", "tick", (note.anchor(first),), change(" ", "x")), data)
    assert ticked.inverse is not None
    write(watch, ticked.inverse, ticked.data, now=0.5)
    stale = f"# Plan\n\n{formatted}\n".replace("[ ]", "[x]", 1).encode()
    (overwritten,) = watch.overwritten(note_of(stale), now=1.0)
    assert [mark for _, mark in overwritten.symbols] == [" "]
    assert apply_edit(overwritten.edit, stale).data == stale.replace(b"[x]", b"[ ]", 1)


def test_a_formatter_that_keeps_the_tick_is_left_alone() -> None:
    watch = OverwriteGuard()
    data = b"* [ ] one\n* [ ] two\n"
    write(watch, tick(data, "one"), data)
    assert list(watch.overwritten(note_of(b"- [x] one\n- [ ] two\n"), now=1.0)) == []


def test_of_several_tasks_those_that_fell_back_are_made_again() -> None:
    watch = OverwriteGuard()
    note = note_of(OLD)
    both = tuple(note.anchor(task) for task in note.note.tasks)
    status = SetStatus((" ", " "), ("x", "x"), TODAY, None, StatusRegistry())
    write(watch, Edit("Plan.md", "tick both", both, status), OLD)
    stale = b"# Plan\n- [x] one\ntyped\n- [ ] two\n"
    (overwritten,) = watch.overwritten(note_of(stale), now=1.0)
    assert [task.text for task, _ in overwritten.symbols] == ["two"]
    assert apply_edit(overwritten.edit, stale).data == stale.replace(b"[ ] two", b"[x] two")


def test_added_lines_that_a_formatter_overwrites_are_made_again() -> None:
    watch = OverwriteGuard()
    data = b"* [ ] one\n* [ ] two\n"
    write(watch, add_after(data, "one", "new"), data)
    stale = b"- [ ] one\n- [ ] two\n"
    (overwritten,) = watch.overwritten(note_of(stale), now=1.0)
    assert not overwritten.gave_up
    assert apply_edit(overwritten.edit, stale).data == b"- [ ] one\n- [ ] new\n- [ ] two\n"


def test_added_lines_that_vanish_while_others_change_are_told() -> None:
    """Somebody may have taken them away: they are not put back."""
    watch = OverwriteGuard()
    write(watch, add_after(OLD, "one", "new"), OLD)
    (overwritten,) = watch.overwritten(note_of(OLD + b"- [ ] typed\n"), now=1.0)
    assert overwritten.loss is Loss.MAY_BE_INTENDED
    assert list(watch.overwritten(note_of(OLD + b"- [ ] typed\n- [ ] more\n"), now=1.0)) == [], "told once"


def delete(data: bytes, text: str) -> Edit:
    note = note_of(data)
    task = next(task for task in note.note.tasks if task.text == text)
    return Edit("Plan.md", f"delete {text}", (note.anchor(task),), Delete())


def test_a_deleted_line_that_is_back_while_others_change_is_told() -> None:
    watch = OverwriteGuard()
    write(watch, delete(OLD, "one"), OLD)
    (fallen,) = watch.overwritten(note_of(OLD + b"- [ ] theirs\n"), now=1.0)
    assert fallen.loss is Loss.MAY_BE_INTENDED


def test_a_deleted_line_that_we_have_added_again_is_not_told() -> None:
    watch = OverwriteGuard()
    deleted = write(watch, delete(OLD, "one"), OLD)
    theirs = deleted.data + b"- [ ] theirs\n"
    added = write(watch, add_after(theirs, "two", "one"), theirs, now=0.5)
    assert list(watch.overwritten(note_of(added.data + b"- [ ] more of theirs\n"), now=1.0)) == []


def test_an_indented_line_that_is_back_while_others_change_is_told() -> None:
    watch, note = OverwriteGuard(), note_of(OLD)
    two = next(task for task in note.note.tasks if task.text == "two")
    indented = write(watch, Edit("Plan.md", "indent two", (note.anchor(two),), Indent("  ")), OLD)
    assert list(watch.overwritten(note_of(indented.data + b"- [ ] theirs\n"), now=0.5)) == []
    (fallen,) = watch.overwritten(note_of(OLD + b"- [ ] theirs\n"), now=1.0)
    assert fallen.loss is Loss.MAY_BE_INTENDED


def test_added_lines_that_we_have_changed_ourselves_have_not_vanished() -> None:
    watch = OverwriteGuard()
    added = write(watch, add_after(OLD, "one", "new"), OLD)
    note = note_of(added.data)
    new = next(task for task in note.note.tasks if task.text == "new")
    reworded = Edit("Plan.md", "reword", (note.anchor(new),), SetText("new", "newer"))
    later = write(watch, reworded, added.data, now=0.5)
    assert list(watch.overwritten(note_of(later.data), now=0.6)) == []
    assert list(watch.overwritten(note_of(later.data + b"- [ ] typed\n"), now=0.7)) == []


def test_a_tick_of_an_added_line_does_not_let_it_vanish() -> None:
    watch = OverwriteGuard()
    added = write(watch, add_after(OLD, "one", "new"), OLD)
    dated = added.data.replace(b"- [ ] new", "- [x] new ✅ 2026-11-22".encode())
    assert list(watch.overwritten(note_of(dated), now=1.0)) == []


def test_a_tick_stays_watched_when_lines_are_added_at_its_task() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD)
    later = write(watch, add_after(ticked.data, "one", "new"), ticked.data, now=0.5)
    stale = later.data.replace(b"[x]", b"[ ]")
    assert [overwritten.edit.title for overwritten in watch.overwritten(note_of(stale), now=1.0)] == [
        "tick one"
    ]


def test_what_stands_again_by_itself_is_watched_on() -> None:
    watch = OverwriteGuard()
    ticked = write(watch, tick(OLD, "one"), OLD)
    (overwritten,) = watch.overwritten(note_of(OLD), now=1.0)
    assert watch.still_overwritten(overwritten.edit, note_of(ticked.data), now=9.0) is None
    (again,) = watch.overwritten(note_of(OLD), now=10.0)
    assert watch.still_overwritten(again.edit, note_of(OLD), now=20.0) is not None
    assert again.times == 2


def test_an_edit_is_watched_on_while_it_is_in_doubt_what_its_note_says() -> None:
    watch = OverwriteGuard()
    write(watch, tick(OLD, "one"), OLD)
    for now in (1.0, 2.0, 3.0, 4.0):
        watch.extend({"Plan.md"}, now)
    assert len(list(watch.overwritten(note_of(OLD), now=5.0))) == 1
    write(watch, tick(OLD, "two"), OLD, now=10.0)
    watch.extend({"Another.md"}, 12.9)
    assert list(watch.overwritten(note_of(OLD), now=13.1)) == []
