"""Which conflict copies are told of when they appear."""

from __future__ import annotations

from roadtui.vault.moves import new_conflict_copies
from roadtui.vault.snapshot import Snapshot
from tests.vault.conftest import Files

SYNCTHING = "A.sync-conflict-20261126-010232-HTGQYWI.md"


def told(before: Snapshot, after: Snapshot) -> list[tuple[str, str]]:
    return [(copy.path, copy.original) for copy in new_conflict_copies(before, after)]


def test_new_copies_of_notes_that_were_there_are_told_in_order(files: Files) -> None:
    before = files.loaded().snapshot
    copies = [f"sub/B{SYNCTHING[1:]}", "A (Ann's conflicted copy 2026-01-31).md", SYNCTHING]
    for path in copies:
        files.write(path, "- [ ] theirs\n")
    after = files.loaded().snapshot
    assert told(before, after) == [
        ("A (Ann's conflicted copy 2026-01-31).md", "A.md"),
        (SYNCTHING, "A.md"),
        (f"sub/B{SYNCTHING[1:]}", "sub/B.md"),
    ]
    assert told(after, after) == told(after, before) == []


def test_what_is_no_copy_of_a_note_that_was_there_is_not_told(files: Files) -> None:
    before = files.loaded().snapshot
    for path in (
        *("New.md", "A copy.md", "A (conflict 1a2b3c).md", f"C{SYNCTHING[1:]}"),
        *(f"sub/{SYNCTHING}", f"B{SYNCTHING[1:]}"),
    ):
        files.write(path, "- [ ] theirs\n")
    assert told(before, files.loaded().snapshot) == []


def test_a_copy_beside_a_note_that_came_with_it_is_not_told(files: Files) -> None:
    before = files.loaded().snapshot
    files.write("C.md", "- [ ] c\n")
    files.write(f"C{SYNCTHING[1:]}", "- [ ] c\n")
    assert told(before, files.loaded().snapshot) == []


def test_the_sentence_names_both_notes_and_the_program(files: Files) -> None:
    before = files.loaded().snapshot
    files.write(f"sub/B{SYNCTHING[1:]}", "- [ ] theirs\n")
    (copy,) = new_conflict_copies(before, files.loaded().snapshot)
    assert copy.message == (
        f"B.md was edited in two places. Syncthing has kept the other version as B{SYNCTHING[1:]}: "
        "see what it has that B.md lacks."
    )
