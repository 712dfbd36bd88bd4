"""An edit that was asked for in an older state of the vault goes to the note it was meant for, or nowhere."""

from __future__ import annotations

import pytest

from roadtui.core.edits.edit import Edit
from roadtui.vault.errors import NoteGoneError
from roadtui.vault.vault import Vault
from tests.vault.conftest import TODAY, Bench, put, task_in
from tests.vault.stepping import status_edit


def tick(vault: Vault, path: str) -> Edit:
    """The edit that ticks the first task of a note, as it is seen now."""
    snapshot = vault.snapshot
    return status_edit(snapshot, snapshot.notes[path], task_in(vault, path), "x", TODAY, dates=None)


def test_it_follows_its_note_to_another_name(bench: Bench) -> None:
    vault = bench.loaded()
    edit = tick(vault, "A.md")
    (bench.root / "A.md").rename(bench.root / "C.md")
    vault.refresh()
    assert vault.commit(edit).path == "C.md"
    assert (bench.root / "C.md").read_text() == "- [x] a\n- [x] b\n"
    assert not (bench.root / "A.md").exists()


def test_it_follows_through_two_names(bench: Bench) -> None:
    vault = bench.loaded()
    edit = tick(vault, "A.md")
    for old, new in (("A.md", "C.md"), ("C.md", "D.md")):
        (bench.root / old).rename(bench.root / new)
        vault.refresh()
    assert vault.commit(edit).path == "D.md"


def test_it_stays_where_there_is_a_note_of_its_name_again(bench: Bench) -> None:
    """A sync service moves a note aside and puts another version in its place."""
    vault = bench.loaded()
    edit = tick(vault, "A.md")
    (bench.root / "A.md").rename(bench.root / "A copy.md")
    vault.refresh()
    bench.write("A.md", "- [ ] a\n- [ ] b\n- [ ] pulled\n")
    vault.refresh()
    assert vault.commit(edit).path == "A.md"
    assert (bench.root / "A.md").read_text() == "- [x] a\n- [ ] b\n- [ ] pulled\n"
    assert (bench.root / "A copy.md").read_text() == "- [ ] a\n- [x] b\n"


def test_it_is_refused_where_its_note_is_gone(bench: Bench) -> None:
    vault = bench.loaded()
    edit = tick(vault, "A.md")
    bench.write("other.md", "- [ ] a\n")
    (bench.root / "A.md").unlink()
    vault.refresh()
    with pytest.raises(NoteGoneError, match=r"A\.md"):
        vault.commit(edit)
    assert (bench.root / "other.md").read_text() == "- [ ] a\n"


def test_it_is_refused_where_its_note_may_be_either_of_two(bench: Bench) -> None:
    vault = bench.loaded()
    edit = tick(vault, "A.md")
    data = (bench.root / "A.md").read_bytes()
    for path in ("C.md", "D.md"):
        bench.write(path, data)
    (bench.root / "A.md").unlink()
    vault.refresh()
    with pytest.raises(NoteGoneError):
        vault.commit(edit)
    assert [(bench.root / path).read_bytes() for path in ("C.md", "D.md")] == [data, data]


def test_a_note_that_another_program_put_back_can_be_ticked_again(bench: Bench) -> None:
    """As `git restore` does: our own step is known, but the note is no longer as that left it."""
    bench.turn_plugin_on()
    before = bench.write("A.md", "- [ ] a\n- [ ] b\n").read_bytes()
    vault = bench.loaded()
    for _ in range(2):
        put(vault, "A.md", "x")
        assert (bench.root / "A.md").read_text() == "- [x] a ✅ 2026-03-14\n- [ ] b\n"
        bench.write("A.md", before)
        vault.refresh()
