"""Which note is open: it is followed when it is moved, kept when it is gone, never swapped for its copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.session.tracking.open_note import GONE, ShownNote
from roadtui.vault.moves import COPY_SECONDS, RETURN_SECONDS
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.test_conflict_names import COPIES, LIKE_COPIES

NOTE = "# Plan\n- [ ] one\n"
PULLED = "# Plan\n- [x] one\n- [ ] pulled\n"


class Case:
    """A vault with two notes, one of them open, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.write("Plan.md", NOTE)
        self.write("Other.md", "- [ ] other\n")
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "state"))
        self.seen: Snapshot = self.vault.refresh()
        self.now = 100.0
        self.open = ShownNote("Plan.md")

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)

    def rename(self, old: str, new: str) -> None:
        (self.root / old).rename(self.root / new)

    def look(self, seconds: float = 0.0) -> tuple[str | None, str, str]:
        """What is shown `seconds` later: path, label, and the text of its last task."""
        self.now += seconds
        before, self.seen = self.seen, self.vault.refresh()
        self.open.follow(before, self.seen, self.now)
        note = self.open.note_in(self.seen)
        assert note is not None
        return self.open.path, note.label, list(note.note.tasks)[-1].text


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.mark.parametrize("copy", [*COPIES.values(), *LIKE_COPIES.values(), "Plan.md..path1", "Plan.md~"])
@pytest.mark.parametrize("gap", [0.0, 0.005, 0.05, 0.3, 0.9])
def test_a_note_that_comes_back_soon_was_never_away(case: Case, copy: str, gap: float) -> None:
    case.rename("Plan.md", copy)
    assert case.look() == ("Plan.md", "", "one")
    assert case.look(gap) == ("Plan.md", "", "one")
    case.write("Plan.md", PULLED)
    assert case.look() == ("Plan.md", "", "pulled")
    assert case.look(3600) == ("Plan.md", "", "pulled")


@pytest.mark.parametrize("copy", [*COPIES.values(), "Plan.md..path1"])
def test_a_note_of_which_only_a_copy_is_left_is_gone_until_it_is_back(case: Case, copy: str) -> None:
    case.rename("Plan.md", copy)
    case.look()
    assert case.look(RETURN_SECONDS) == ("Plan.md", GONE, "one")
    assert case.look(3600) == ("Plan.md", GONE, "one")
    case.write("Plan.md", PULLED)
    assert case.look() == ("Plan.md", "", "pulled")


@pytest.mark.parametrize("copy", LIKE_COPIES.values(), ids=LIKE_COPIES)
def test_a_name_that_may_be_a_copys_is_followed_later_and_left_again(case: Case, copy: str) -> None:
    case.rename("Plan.md", copy)
    case.look()
    assert case.look(COPY_SECONDS - 0.1) == ("Plan.md", "", "one")
    assert case.look(0.1) == (copy, "", "one")
    assert case.look(600) == (copy, "", "one")
    case.write("Plan.md", PULLED)
    assert case.look() == ("Plan.md", "", "pulled")


def test_any_followed_note_is_left_again_where_something_like_it_is_back(case: Case) -> None:
    case.rename("Plan.md", "Project.md")
    assert case.look() == ("Project.md", "", "one")
    case.write("Plan.md", PULLED)
    assert case.look(5) == ("Plan.md", "", "pulled")


@pytest.mark.parametrize(("text", "seconds"), [("- [ ] new\n", 5), (PULLED, 61)])
def test_another_note_at_the_old_path_is_another_note(case: Case, text: str, seconds: float) -> None:
    case.rename("Plan.md", "Project.md")
    case.look()
    case.write("Plan.md", text)
    assert case.look(seconds) == ("Project.md", "", "one")


def test_a_note_that_is_opened_instead_stays_open(case: Case) -> None:
    case.rename("Plan.md", COPIES["Syncthing"])
    case.look()
    case.open.go_to("Other.md")
    case.write("Plan.md", PULLED)
    assert case.look() == ("Other.md", "", "other")


def test_it_asks_to_be_looked_at_when_something_will_differ(case: Case) -> None:
    assert case.open.next_check(case.now) is None
    case.rename("Plan.md", "Plan 2.md")
    case.look()
    assert case.open.next_check(case.now) == RETURN_SECONDS
    case.look(RETURN_SECONDS)
    assert case.open.next_check(case.now) == COPY_SECONDS - RETURN_SECONDS
    case.look(COPY_SECONDS - RETURN_SECONDS)
    assert case.open.next_check(case.now) is None
