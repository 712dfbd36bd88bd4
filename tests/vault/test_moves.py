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
from tests.vault.conftest import Files
from tests.vault.single_edits import status_edit
from tests.vault.test_conflict_names import COPIES, LIKE_COPIES

NOTE = "- [ ] one\n- [ ] two\n"
PULLED = "- [ ] one\n- [x] two\n"


class Case:
    """A vault with the note Plan.md, a clock, and an edit of it that is still to be written."""

    def __init__(self, files: Files) -> None:
        self.root = files.root
        self.now = 100.0
        files.write("Plan.md", NOTE)
        self.vault = Vault(files.root, Config(), lambda: NoteWriter(files.state), clock=lambda: self.now)
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
def case(files: Files) -> Iterator[Case]:
    found = Case(files)
    yield found
    found.vault.close()


@pytest.mark.parametrize("copy", [*COPIES.values(), *LIKE_COPIES.values()], ids=[*COPIES, *LIKE_COPIES])
@pytest.mark.parametrize("seconds", [0.005, 0.3, 0.9])
@pytest.mark.parametrize("is_seen", [True, False])
def test_an_edit_waits_for_what_a_sync_program_puts_in_its_place(
    case: Case, copy: str, seconds: float, is_seen: bool
) -> None:
    case.rename("Plan.md", copy)
    if is_seen:
        case.vault.refresh()
    with pytest.raises(NoteAwayError):
        case.vault.commit(case.edit)
    case.vault.refresh()
    case.now += seconds
    with pytest.raises(NoteAwayError):
        case.vault.commit(case.edit)
    (case.root / "Plan.md").write_text(PULLED)
    assert case.vault.commit(case.edit).path == "Plan.md"
    assert case.text("Plan.md") == PULLED.replace("[ ] one", "[x] one")
    assert case.text(copy) == NOTE


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_an_edit_never_goes_into_a_conflict_copy(case: Case, copy: str) -> None:
    case.rename("Plan.md", copy)
    case.vault.refresh()
    case.now += 3600
    with pytest.raises(NoteGoneError, match="no longer there") as caught:
        case.vault.commit(case.edit)
    assert not isinstance(caught.value, NoteBusyError), "it is not waited for any more"
    assert case.text(copy) == NOTE


@pytest.mark.parametrize("new", ["Project.md", "plan.md", "done/Plan.md", "Planning.md"])
def test_an_edit_follows_a_moved_note_at_once(case: Case, new: str) -> None:
    case.rename("Plan.md", new)
    case.vault.refresh()
    assert case.vault.commit(case.edit).path == new
    assert case.text(new) == NOTE.replace("[ ] one", "[x] one")


@pytest.mark.parametrize("new", LIKE_COPIES.values(), ids=LIKE_COPIES)
def test_an_edit_follows_to_a_name_that_may_be_a_copys_once_it_stays(case: Case, new: str) -> None:
    case.rename("Plan.md", new)
    case.vault.refresh()
    case.now += COPY_SECONDS - 0.1
    with pytest.raises(NoteAwayError):
        case.vault.commit(case.edit)
    case.now += 0.2
    assert case.vault.commit(case.edit).path == new


def test_a_move_that_was_not_seen_is_waited_for_and_followed(case: Case) -> None:
    case.rename("Plan.md", "Project.md")
    with pytest.raises(NoteAwayError):
        case.vault.commit(case.edit)
    case.vault.refresh()
    assert case.vault.commit(case.edit).path == "Project.md"


def test_an_edit_of_a_deleted_note_is_refused_after_a_moment(case: Case) -> None:
    (case.root / "Plan.md").unlink()
    with pytest.raises(NoteAwayError):
        case.vault.commit(case.edit)
    case.now += RETURN_SECONDS + 0.1
    with pytest.raises(NoteGoneError, match="no longer there") as caught:
        case.vault.commit(case.edit)
    assert not isinstance(caught.value, NoteBusyError)


def test_where_a_note_once_was_is_forgotten_when_it_is_back(case: Case) -> None:
    """It went to a name that may be a copy's, came back, and is deleted: that copy is not it."""
    case.rename("Plan.md", "Plan 2.md")
    case.vault.refresh()
    (case.root / "Plan.md").write_text(PULLED)
    case.vault.refresh()
    edit = case.tick("Plan.md")
    (case.root / "Plan.md").unlink()
    case.vault.refresh()
    case.now += 3600
    with pytest.raises(NoteGoneError, match="no longer there"):
        case.vault.commit(edit)
    assert case.text("Plan 2.md") == NOTE


def test_an_undo_goes_to_the_note_and_not_to_its_copy(case: Case) -> None:
    undo = case.vault.commit(case.edit).inverse
    assert undo is not None
    ticked = case.text("Plan.md")
    case.rename("Plan.md", COPIES["Syncthing"])
    case.vault.refresh()
    with pytest.raises(NoteAwayError):
        case.vault.commit(undo)
    (case.root / "Plan.md").write_text(ticked + "- [ ] pulled\n")
    assert case.vault.commit(undo).path == "Plan.md"
    assert case.text("Plan.md") == NOTE + "- [ ] pulled\n"
    assert case.text(COPIES["Syncthing"]) == ticked


def test_a_conflict_copy_is_followed_where_it_is_moved(case: Case) -> None:
    case.rename("Plan.md", COPIES["Dropbox"])
    case.vault.refresh()
    edit = case.tick(COPIES["Dropbox"])
    case.rename(COPIES["Dropbox"], f"old/{COPIES['Dropbox']}")
    case.vault.refresh()
    assert case.vault.commit(edit).path == f"old/{COPIES['Dropbox']}"
