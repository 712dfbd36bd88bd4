"""An edit that was asked for in an older state of the vault goes to the note it was meant for, or nowhere."""

from __future__ import annotations

import pytest

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.vault.commit import commit
from roadtui.vault.errors import NoteGoneError
from roadtui.vault.vault import Vault
from tests.vault.conftest import TODAY, Files, put, task_in
from tests.vault.single_edits import edits_of, status_edit


def tick(vault: Vault, path: str) -> Edit:
    """The edit that ticks the first task of a note, as it is seen now."""
    snapshot = vault.snapshot
    return status_edit(snapshot, snapshot.notes[path], task_in(vault, path), "x", TODAY, dates=None)


def test_it_follows_its_note_to_another_name(files: Files) -> None:
    vault = files.loaded()
    edit = tick(vault, "A.md")
    (files.root / "A.md").rename(files.root / "C.md")
    vault.refresh()
    assert vault.commit(edit).path == "C.md"
    assert (files.root / "C.md").read_text() == "- [x] a\n- [x] b\n"
    assert not (files.root / "A.md").exists()


def test_it_follows_through_two_names(files: Files) -> None:
    vault = files.loaded()
    edit = tick(vault, "A.md")
    for old, new in (("A.md", "C.md"), ("C.md", "D.md")):
        (files.root / old).rename(files.root / new)
        vault.refresh()
    assert vault.commit(edit).path == "D.md"


def test_it_stays_where_there_is_a_note_of_its_name_again(files: Files) -> None:
    """A sync service moves a note aside and puts another version in its place."""
    vault = files.loaded()
    edit = tick(vault, "A.md")
    (files.root / "A.md").rename(files.root / "A copy.md")
    vault.refresh()
    files.write("A.md", "- [ ] a\n- [ ] b\n- [ ] pulled\n")
    vault.refresh()
    assert vault.commit(edit).path == "A.md"
    assert (files.root / "A.md").read_text() == "- [x] a\n- [ ] b\n- [ ] pulled\n"
    assert (files.root / "A copy.md").read_text() == "- [ ] a\n- [x] b\n"


def test_it_is_refused_where_its_note_is_gone(files: Files) -> None:
    vault = files.loaded()
    edit = tick(vault, "A.md")
    files.write("other.md", "- [ ] a\n")
    (files.root / "A.md").unlink()
    vault.refresh()
    with pytest.raises(NoteGoneError, match=r"A\.md"):
        vault.commit(edit)
    assert (files.root / "other.md").read_text() == "- [ ] a\n"


def test_it_is_refused_where_its_note_may_be_either_of_two(files: Files) -> None:
    vault = files.loaded()
    edit = tick(vault, "A.md")
    data = (files.root / "A.md").read_bytes()
    for path in ("C.md", "D.md"):
        files.write(path, data)
    (files.root / "A.md").unlink()
    vault.refresh()
    with pytest.raises(NoteGoneError):
        vault.commit(edit)
    assert [(files.root / path).read_bytes() for path in ("C.md", "D.md")] == [data, data]


def test_a_note_that_another_program_put_back_can_be_ticked_again(files: Files) -> None:
    """As `git restore` does: our own step is known, but the note is no longer as that left it."""
    files.turn_plugin_on()
    before = files.write("A.md", "- [ ] a\n- [ ] b\n").read_bytes()
    vault = files.loaded()
    for _ in range(2):
        put(vault, "A.md", "x")
        assert (files.root / "A.md").read_text() == "- [x] a ✅ 2026-03-14\n- [ ] b\n"
        files.write("A.md", before)
        vault.refresh()


def test_a_task_between_its_copies_is_told_from_them_although_a_move_of_it_was_undone(files: Files) -> None:
    """Only what we did after the user saw the note is followed, not what led there."""
    text = "- [ ] a\n  - [ ] c\n- [ ] a\n"
    files.write("A.md", text)
    vault = files.loaded()
    note = vault.snapshot.notes["A.md"]
    moved = edits_of(vault.snapshot, TODAY).build("down", note, [task_in(vault, "A.md")])
    (part,) = commit(vault, moved).inverses
    commit(vault, Transaction.of(part[0]))
    assert (files.root / "A.md").read_text() == text
    edit = tick(vault, "A.md")
    files.write("A.md", f"{text}- [ ] added by another program\n")
    vault.refresh()
    vault.commit(edit)
    assert (files.root / "A.md").read_text() == (
        "- [x] a\n  - [ ] c\n- [ ] a\n- [ ] added by another program\n"
    )
