"""Which edits the guard against stale buffers watches, in which note, and for how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from roadtui.core.edits.edit import Edit, EditResult, apply_edit
from roadtui.core.edits.insert import InsertAfter
from roadtui.core.markdown import content_hash, parse
from roadtui.vault.overwrite_guard import GUARD_SECONDS, OverwriteGuard
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote
from tests.vault.test_overwrite_guard import OLD, change

TICKED = OLD.replace(b"- [ ] one", b"- [x] one")


def note_at(path: str, data: bytes) -> VaultNote:
    return VaultNote.of(path, parse(data.decode()), FileStamp(0, 0, len(data), 0, 0), content_hash(data))


def edit_at(path: str, data: bytes, seen: str, wanted: str) -> Edit:
    """An edit of the task “one”."""
    note = note_at(path, data)
    task = next(task for task in note.note.tasks if task.text == "one")
    return Edit(path, f"set [{wanted}]", (note.anchor(task),), change(seen, wanted))


def write(watch: OverwriteGuard, edit: Edit, data: bytes, now: float = 0.0) -> EditResult:
    applied = apply_edit(edit, data)
    note = note_at(edit.path, applied.data)
    watch.guard(edit, applied.note_before, content_hash(data), note, now, applied.hunks)
    return applied


@pytest.mark.parametrize(("seconds", "count"), [(0.0, 1), (GUARD_SECONDS, 1), (GUARD_SECONDS + 0.01, 0)])
def test_an_edit_is_watched_for_three_seconds(seconds: float, count: int) -> None:
    watch = OverwriteGuard()
    write(watch, edit_at("A.md", OLD, " ", "x"), OLD, now=10.0)
    assert len(list(watch.overwritten(note_at("A.md", OLD), now=10.0 + seconds))) == count


def test_the_same_words_in_two_notes_are_two_tasks() -> None:
    watch = OverwriteGuard()
    for path in ("A.md", "B.md"):
        write(watch, edit_at(path, OLD, " ", "x"), OLD)
    assert watch.paths == {"A.md", "B.md"}
    assert [len(list(watch.overwritten(note_at(path, OLD), now=1.0))) for path in ("A.md", "B.md")] == [1, 1]


def test_an_untick_in_another_note_takes_nothing_back_here() -> None:
    watch = OverwriteGuard()
    write(watch, edit_at("A.md", OLD, " ", "x"), OLD)
    write(watch, edit_at("B.md", TICKED, "x", " "), TICKED, now=0.5)
    assert len(list(watch.overwritten(note_at("A.md", OLD), now=1.0))) == 1


def test_another_note_that_becomes_what_this_one_was_takes_nothing_back_here() -> None:
    watch = OverwriteGuard()
    note = note_at("A.md", OLD)
    add = Edit("A.md", "add", (note.anchor(next(note.note.tasks)),), InsertAfter(("new",)))
    write(watch, add, OLD)
    added = apply_edit(replace(add, path="B.md"), OLD)
    assert added.inverse is not None
    write(watch, replace(added.inverse, path="B.md"), added.data, now=0.5)
    assert [overwritten.edit.title for overwritten in watch.overwritten(note_at("A.md", OLD), now=1.0)] == [
        "add"
    ]


def test_what_changed_nothing_is_not_watched() -> None:
    watch = OverwriteGuard()
    write(watch, edit_at("A.md", TICKED, " ", "x"), TICKED)
    assert watch.paths == frozenset()
    assert list(watch.overwritten(note_at("A.md", TICKED), now=1.0)) == []


def test_a_fall_in_one_note_is_none_in_another() -> None:
    watch = OverwriteGuard()
    write(watch, edit_at("A.md", OLD, " ", "x"), OLD)
    assert list(watch.overwritten(note_at("B.md", OLD), now=1.0)) == []
