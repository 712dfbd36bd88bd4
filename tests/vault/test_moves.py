"""Edits of a note that is gone: they wait for it, follow it, or are refused; they never go into a copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.vault.errors import NoteAwayError, NoteBusyError, NoteGoneError
from roadtui.vault.moves import COPY_SECONDS, RETURN_SECONDS
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.conftest import Bench
from tests.vault.stepping import status_edit
from tests.vault.test_conflict_names import COPIES, LIKE_COPIES

NOTE = "- [ ] one\n- [ ] two\n"
PULLED = "- [ ] one\n- [x] two\n"


class Desk:
    """A vault with the note Plan.md, a clock, and an edit of it that is still to be written."""

    def __init__(self, bench: Bench) -> None:
        self.root = bench.root
        self.now = 100.0
        bench.write("Plan.md", NOTE)
        self.vault = Vault(bench.root, Config(), lambda: NoteWriter(bench.state), clock=lambda: self.now)
        self.vault.refresh()
        self.edit = self.tick("Plan.md")

    def tick(self, path: str) -> Edit:
        note = self.vault.snapshot.notes[path]
        task = next(task for task in note.note.tasks if task.text == "one")
        return status_edit(self.vault.snapshot, note, task, "x", date(2026, 3, 14), dates=None)

    def rename(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(exist_ok=True)
        (self.root / old).rename(self.root / new)

    def text(self, path: str) -> str:
        return (self.root / path).read_text()


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    found = Desk(bench)
    yield found
    found.vault.close()


@pytest.mark.parametrize("copy", [*COPIES.values(), *LIKE_COPIES.values()], ids=[*COPIES, *LIKE_COPIES])
@pytest.mark.parametrize("seconds", [0.005, 0.3, 0.9])
@pytest.mark.parametrize("is_seen", [True, False])
def test_an_edit_waits_for_what_a_sync_program_puts_in_its_place(
    desk: Desk, copy: str, seconds: float, is_seen: bool
) -> None:
    desk.rename("Plan.md", copy)
    if is_seen:
        desk.vault.refresh()
    with pytest.raises(NoteAwayError):
        desk.vault.commit(desk.edit)
    desk.vault.refresh()
    desk.now += seconds
    with pytest.raises(NoteAwayError):
        desk.vault.commit(desk.edit)
    (desk.root / "Plan.md").write_text(PULLED)
    assert desk.vault.commit(desk.edit).path == "Plan.md"
    assert desk.text("Plan.md") == PULLED.replace("[ ] one", "[x] one")
    assert desk.text(copy) == NOTE


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_an_edit_never_goes_into_a_conflict_copy(desk: Desk, copy: str) -> None:
    desk.rename("Plan.md", copy)
    desk.vault.refresh()
    desk.now += 3600
    with pytest.raises(NoteGoneError, match="no longer there") as caught:
        desk.vault.commit(desk.edit)
    assert not isinstance(caught.value, NoteBusyError), "it is not waited for any more"
    assert desk.text(copy) == NOTE


@pytest.mark.parametrize("new", ["Project.md", "plan.md", "done/Plan.md", "Planning.md"])
def test_an_edit_follows_a_moved_note_at_once(desk: Desk, new: str) -> None:
    desk.rename("Plan.md", new)
    desk.vault.refresh()
    assert desk.vault.commit(desk.edit).path == new
    assert desk.text(new) == NOTE.replace("[ ] one", "[x] one")


@pytest.mark.parametrize("new", LIKE_COPIES.values(), ids=LIKE_COPIES)
def test_an_edit_follows_to_a_name_that_may_be_a_copys_once_it_stays(desk: Desk, new: str) -> None:
    desk.rename("Plan.md", new)
    desk.vault.refresh()
    desk.now += COPY_SECONDS - 0.1
    with pytest.raises(NoteAwayError):
        desk.vault.commit(desk.edit)
    desk.now += 0.2
    assert desk.vault.commit(desk.edit).path == new


def test_a_move_that_was_not_seen_is_waited_for_and_followed(desk: Desk) -> None:
    desk.rename("Plan.md", "Project.md")
    with pytest.raises(NoteAwayError):
        desk.vault.commit(desk.edit)
    desk.vault.refresh()
    assert desk.vault.commit(desk.edit).path == "Project.md"


def test_an_edit_of_a_deleted_note_is_refused_after_a_moment(desk: Desk) -> None:
    (desk.root / "Plan.md").unlink()
    with pytest.raises(NoteAwayError):
        desk.vault.commit(desk.edit)
    desk.now += RETURN_SECONDS + 0.1
    with pytest.raises(NoteGoneError, match="no longer there") as caught:
        desk.vault.commit(desk.edit)
    assert not isinstance(caught.value, NoteBusyError)


def test_where_a_note_once_was_is_forgotten_when_it_is_back(desk: Desk) -> None:
    """It went to a name that may be a copy's, came back, and is deleted: that copy is not it."""
    desk.rename("Plan.md", "Plan 2.md")
    desk.vault.refresh()
    (desk.root / "Plan.md").write_text(PULLED)
    desk.vault.refresh()
    edit = desk.tick("Plan.md")
    (desk.root / "Plan.md").unlink()
    desk.vault.refresh()
    desk.now += 3600
    with pytest.raises(NoteGoneError, match="no longer there"):
        desk.vault.commit(edit)
    assert desk.text("Plan 2.md") == NOTE


def test_an_undo_goes_to_the_note_and_not_to_its_copy(desk: Desk) -> None:
    undo = desk.vault.commit(desk.edit).inverse
    assert undo is not None
    ticked = desk.text("Plan.md")
    desk.rename("Plan.md", COPIES["Syncthing"])
    desk.vault.refresh()
    with pytest.raises(NoteAwayError):
        desk.vault.commit(undo)
    (desk.root / "Plan.md").write_text(ticked + "- [ ] pulled\n")
    assert desk.vault.commit(undo).path == "Plan.md"
    assert desk.text("Plan.md") == NOTE + "- [ ] pulled\n"
    assert desk.text(COPIES["Syncthing"]) == ticked


def test_a_conflict_copy_is_followed_where_it_is_moved(desk: Desk) -> None:
    desk.rename("Plan.md", COPIES["Dropbox"])
    desk.vault.refresh()
    edit = desk.tick(COPIES["Dropbox"])
    desk.rename(COPIES["Dropbox"], f"old/{COPIES['Dropbox']}")
    desk.vault.refresh()
    assert desk.vault.commit(edit).path == f"old/{COPIES['Dropbox']}"
