"""What differs from what was seen of a vault, from run to run."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.action_builders.status import set_type
from roadtui.vault.activity.own_edits import OwnEdit
from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


class Program:
    """One run of the program on a vault."""

    def __init__(self, root: Path, state: Path | None) -> None:
        self.vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "writer"))
        self.seen = SeenNotes(state, root)
        for _ in self.vault.load():
            pass

    def told(self) -> list[str]:
        """What has changed, once the vault is read again."""
        snapshot = self.vault.refresh()
        self.seen.record(snapshot, is_hurried=True)
        return [f"{one.kind.value}: {one.row.wording}" for one in self.seen.changes(is_done_in(snapshot))]

    def see(self, *texts: str) -> None:
        is_done = is_done_in(self.vault.snapshot)
        changes = self.seen.changes(is_done)
        self.seen.mark({one.id for one in changes if not texts or one.row.wording in texts}, is_done)

    def tick(self, path: str, at: int) -> TransactionResult:
        note = self.vault.snapshot.notes[path]
        task = [*note.note.tasks][at]
        context = ActionContext.of(self.vault, date(2026, 3, 14))
        return commit(self.vault, set_type(context, note, [task], type=StatusType.DONE))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Plan.md").write_text("# One\n- [ ] a\n- [ ] b\n- [ ] c\n")
    (root / "Other.md").write_text("- [ ] d\n")
    return root


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def own_edits(result: TransactionResult) -> list[OwnEdit]:
    return [
        OwnEdit(part.path, part.note_before, part.before, part.note.note, part.note.digest)
        for part in result.parts
    ]


def seen_file(state: Path) -> Path:
    (file,) = state.glob("history/*/*.activity")
    return file


def test_nothing_has_changed_when_a_vault_is_opened_for_the_first_time(root: Path, state: Path) -> None:
    assert Program(root, state).told() == []
    assert Program(root, None).told() == []


def test_what_changes_between_two_runs_is_told_until_it_was_seen(root: Path, state: Path) -> None:
    Program(root, state).told()
    (root / "Plan.md").write_text("# One\n- [x] a\n- [ ] b\n- [ ] c\n- [ ] new\n")
    assert Program(root, state).told() == ["done: a", "new: new"]
    again = Program(root, state)
    assert again.told() == ["done: a", "new: new"]
    again.see("a")
    assert Program(root, state).told() == ["new: new"]
    again.see()
    assert Program(root, state).told() == []


def test_a_new_note_is_all_new_and_a_conflict_copy_is_not(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "New.md").write_text("- [ ] x\n- [x] y\n")
    (root / "Plan (conflicted copy 2026-03-14).md").write_text("- [ ] a\n- [ ] b\n- [ ] c\n")
    assert program.told() == ["new: x", "new: y"]


def test_a_note_that_cannot_be_read_has_not_changed(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "Plan.md").unlink()
    os.symlink("Plan.md", root / "Plan.md")
    assert program.told() == []


def test_a_renamed_note_and_a_note_in_an_older_state_of_the_disk(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "Plan.md").rename(root / "Plan 2.md")
    assert program.told() == []
    (root / "Plan 2.md").write_text("# One\n- [x] a\n- [ ] b\n- [ ] c\n")
    os.utime(root / "Plan 2.md", (1, 1))  # A clock that was set back.
    assert program.told() == ["done: a"]


def test_own_edits_are_seen_and_what_others_did_to_the_same_note_is_not(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "Plan.md").write_text("# One\n- [ ] a\n- [x] b\n- [ ] c\n- [ ] new\n")
    result = program.tick("Plan.md", 0)  # The program has not read yet what the others did.
    program.seen.record_own(own_edits(result), program.vault.snapshot)
    assert (root / "Plan.md").read_text().startswith("# One\n- [x] a\n- [x] b\n")
    assert program.told() == ["done: b", "new: new"]


def test_own_edits_of_a_row_that_others_changed_show_that_it_was_seen(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "Plan.md").write_text("# One\n- [ ] a!\n- [x] b\n- [ ] c\n")
    assert program.told() == ["edited: a!", "done: b"]
    result = program.tick("Plan.md", 0)
    program.seen.record_own(own_edits(result), program.vault.snapshot)
    assert program.told() == ["done: b"]


def test_what_others_did_after_an_own_edit_and_was_read_first_is_told_at_once(
    root: Path, state: Path
) -> None:
    program = Program(root, state)
    program.told()
    result = program.tick("Plan.md", 0)
    text = (root / "Plan.md").read_text()
    (root / "Plan.md").write_text(text.replace("[ ] b", "[x] b"))
    assert program.told() == ["done: a", "done: b"]
    program.seen.record_own(own_edits(result), program.vault.snapshot)
    is_done = is_done_in(program.vault.snapshot)
    assert [one.row.wording for one in program.seen.changes(is_done)] == ["b"], "before anything else happens"
    assert program.told() == ["done: b"]


def test_what_others_did_to_the_row_of_an_own_edit_after_it_is_told(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    result = program.tick("Plan.md", 0)
    (root / "Plan.md").write_text("# One\n- [x] a!\n- [ ] b\n- [ ] c\n")
    program.told()
    program.seen.record_own(own_edits(result), program.vault.snapshot)
    assert program.told() == ["done: a!"]


def test_what_has_changed_since_it_was_shown_was_not_seen(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    (root / "Plan.md").write_text("# One\n- [ ] a!\n- [x] b\n- [ ] c\n")
    program.told()
    is_done = is_done_in(program.vault.snapshot)
    shown = {one.shown for one in program.seen.changes(is_done)}
    (root / "Plan.md").write_text("# One\n- [ ] a!!\n- [x] b\n- [ ] c\n")
    program.told()
    program.seen.mark_shown(shown, is_done)
    assert program.told() == ["edited: a!!"]


def test_what_another_program_of_this_machine_saw_is_seen(root: Path, state: Path) -> None:
    one, other = Program(root, state), Program(root, state)
    one.told()
    (root / "Plan.md").write_text("# One\n- [x] a\n- [ ] b\n- [x] c\n")
    assert one.told() == other.told() == ["done: a", "done: c"]
    one.see("a")
    assert other.told() == ["done: c"]


def test_two_machines_see_each_other_s_changes_and_not_their_own(root: Path, tmp_path: Path) -> None:
    here, there = Program(root, tmp_path / "here"), Program(root, tmp_path / "there")
    here.told()
    there.told()
    result = here.tick("Plan.md", 0)
    here.seen.record_own(own_edits(result), here.vault.snapshot)
    assert here.told() == []
    assert there.told() == ["done: a"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_read_the_file(root: Path, state: Path) -> None:
    Program(root, state).told()
    assert stat.S_IMODE(seen_file(state).stat().st_mode) == 0o600


def test_a_damaged_file_is_set_aside_and_everything_counts_as_seen(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    program.seen.close()
    file = seen_file(state)
    file.write_bytes(b"damaged" * 1_000)
    (root / "Plan.md").write_text("# One\n- [x] a\n")
    program = Program(root, state)
    assert program.told() == []
    assert program.seen.trouble.set_aside is not None
    assert program.seen.trouble.set_aside.read_bytes() == b"damaged" * 1_000
    (root / "Plan.md").write_text("# One\n- [x] a\n- [ ] z\n")
    assert Program(root, state).told() == ["new: z"]


def test_a_row_that_cannot_be_read_sets_the_file_aside(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    program.seen.close()
    with sqlite3.connect(seen_file(state)) as database:
        database.execute("UPDATE note SET tracked = ?", (b"\0\1\2",))
    database.close()
    (root / "Plan.md").write_text("# One\n- [x] a\n")
    assert Program(root, state).told() == []


def test_a_file_of_a_newer_program_is_left_as_it_is(root: Path, state: Path) -> None:
    program = Program(root, state)
    program.told()
    program.seen.close()
    with sqlite3.connect(seen_file(state)) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = seen_file(state).read_bytes()
    assert Program(root, state).told() == []
    assert seen_file(state).read_bytes() == before


def test_unchanged_notes_are_not_parsed_again(
    root: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Program(root, state).told()
    (root / "Plan.md").write_text("# One\n- [x] a\n- [ ] b\n- [ ] c\n")
    Program(root, state).told()
    monkeypatch.setattr("roadtui.vault.activity.seen_notes.rows_of", lambda note: pytest.fail("parsed"))
    assert Program(root, state).told() == ["done: a"]
