"""Going back through where the user was, while notes are edited, moved and deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.outline import outline
from roadtui.session.navigation.navigation_history import NavigationHistory, VisitedPlace
from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


class Walk:
    """A vault of three notes, and a user who goes from one to another."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        for name in "abc":
            (self.root / f"{name}.md").write_text(f"# {name}\n- [ ] one of {name}\n- [ ] two of {name}\n")
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "state"))
        self.vault.refresh()
        self.history = NavigationHistory()
        self.here = self.place("a.md")

    def place(self, path: str, cursor: int = 0) -> VisitedPlace:
        return VisitedPlace(path, OutlineState(outline(self.vault.snapshot.notes[path].note), (), cursor))

    def go(self, path: str, cursor: int = 0) -> None:
        self.history.record(self.here)
        self.here = self.place(path, cursor)

    def back(self) -> str | None:
        return self._arrive(self.history.back(self.here, self.vault.snapshot))

    def forward(self) -> str | None:
        return self._arrive(self.history.forward(self.here, self.vault.snapshot))

    def _arrive(self, place: VisitedPlace | None) -> str | None:
        self.here = place or self.here
        return f"{place.path} {place.state.cursor}" if place is not None else None

    def refresh(self, time: float) -> None:
        before = self.vault.snapshot
        self.history.follow(before, self.vault.refresh(), time)


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    return Walk(tmp_path)


def test_back_and_forward(walk: Walk) -> None:
    walk.go("b.md", 1)
    walk.go("c.md")
    assert [walk.back(), walk.back(), walk.back()] == ["b.md 1", "a.md 0", None]
    assert [walk.forward(), walk.forward(), walk.forward()] == ["b.md 1", "c.md 0", None]
    assert walk.back() == "b.md 1"
    walk.go("a.md", 2)
    assert walk.forward() is None, "a jump ends what was ahead"
    assert [walk.back(), walk.back()] == ["b.md 1", "a.md 0"]


def test_a_place_that_the_user_is_at_is_passed_over(walk: Walk) -> None:
    walk.history.record(walk.here)
    walk.history.record(walk.here)
    assert walk.back() is None


def test_the_oldest_places_are_dropped(walk: Walk) -> None:
    for _ in range(60):
        walk.go("b.md", 1)
        walk.go("a.md", 1)
    steps = 0
    while walk.back() is not None:
        steps += 1
    assert steps == 100


def test_a_moved_note_is_followed_and_a_deleted_one_forgotten(walk: Walk) -> None:
    walk.go("b.md", 1)
    walk.go("c.md")
    (walk.root / "sub").mkdir()
    (walk.root / "b.md").rename(walk.root / "sub" / "moved.md")
    (walk.root / "a.md").unlink()
    walk.refresh(1.0)
    assert [walk.back(), walk.back()] == ["sub/moved.md 1", None]


def test_places_to_go_forward_to_are_followed_as_well(walk: Walk) -> None:
    walk.go("b.md", 1)
    walk.go("c.md", 2)
    assert [walk.back(), walk.back()] == ["b.md 1", "a.md 0"]
    (walk.root / "c.md").rename(walk.root / "moved.md")
    walk.refresh(1.0)
    assert [walk.forward(), walk.forward()] == ["b.md 1", "moved.md 2"]


def test_a_note_that_is_back_is_gone_back_to(walk: Walk) -> None:
    walk.go("b.md", 1)
    text = (walk.root / "a.md").read_bytes()
    (walk.root / "a.md").unlink()
    walk.refresh(1.0)
    (walk.root / "a.md").write_bytes(text)
    walk.refresh(2.0)
    (walk.root / "copy.md").write_bytes(text)
    walk.refresh(3.0)
    assert walk.back() == "a.md 0"


def test_a_note_that_was_never_there_is_passed_over(walk: Walk) -> None:
    place = walk.place("a.md")
    place.path = "never.md"
    walk.history.record(place)
    walk.refresh(1.0)
    assert walk.back() is None


def test_without_a_place_of_its_own_nothing_is_kept_to_go_forward_to(walk: Walk) -> None:
    walk.history.record(walk.here)
    found = walk.history.back(None, walk.vault.snapshot)
    assert found is walk.here
    assert walk.forward() is None


@pytest.mark.parametrize(
    ("path", "cursor", "is_same_state", "is_at"),
    [("a.md", 0, True, True), ("a.md", 1, True, False), ("a.md", 0, False, False), ("b.md", 0, True, False)],
)
def test_two_places_are_one_where_the_cursor_is_on_one_row_of_one_state(
    walk: Walk, path: str, cursor: int, is_same_state: bool, is_at: bool
) -> None:
    one = walk.place("a.md")
    state = OutlineState(one.state.outline, (), cursor) if is_same_state else walk.place("a.md").state
    assert one.is_at(VisitedPlace(path, state)) is is_at
