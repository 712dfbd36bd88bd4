"""What is kept of one vault from run to run, and what of it is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.session.outline.saved_positions import SavedTheme, SavedViewState, ViewPosition

SOMEWHERE = ViewPosition("a", 2, ("b", "c"))


@pytest.fixture
def memory(tmp_path: Path) -> SavedViewState:
    return SavedViewState(tmp_path / "state", tmp_path / "vault")


def last_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "state" / "vaults").glob("*.last")
    return file


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Plan.md", "Plan.md"),
        ("folder/Plän 📚.MD", "folder/Plän 📚.MD"),
        (" Plan.md", " Plan.md"),
        ("a..b/Plan.md", "a..b/Plan.md"),
        ("", None),
        ("Plan.txt", None),
        ("../Plan.md", None),
        ("folder/../../Plan.md", None),
        ("/etc/Plan.md", None),
    ],
)
def test_last_note_is_a_note_inside_the_vault(
    memory: SavedViewState, tmp_path: Path, written: str, found: str | None
) -> None:
    memory.keep("first.md", {})
    last_file(tmp_path).write_text(f"{written}\n", "utf-8")
    assert memory.last_note() == found


def test_places_are_kept_beside_those_of_other_notes(memory: SavedViewState, tmp_path: Path) -> None:
    memory.keep("A.md", {"A.md": SOMEWHERE, "B.md": SOMEWHERE})
    memory.keep(None, {"B.md": ViewPosition("z", 0, ())})
    assert memory.places() == {"A.md": SOMEWHERE, "B.md": ViewPosition("z", 0, ())}
    assert memory.last_note() == "A.md", "a run in which no note was open forgets none"
    assert SavedViewState(tmp_path / "state", tmp_path / "other").places() == {}


def test_the_place_in_the_last_note_is_read_without_the_others(memory: SavedViewState) -> None:
    assert memory.last_place() == {}
    memory.keep("A.md", {"A.md": SOMEWHERE, "B.md": SOMEWHERE})
    assert memory.last_place() == {"A.md": SOMEWHERE}
    memory.keep("B.md", {})
    assert memory.last_place() == {"B.md": SOMEWHERE}
    memory.keep("C.md", {})
    assert memory.last_place() == {}


def test_the_oldest_places_go_first(memory: SavedViewState) -> None:
    memory.keep(None, {f"{number}.md": SOMEWHERE for number in range(200)})
    memory.keep(None, {"0.md": SOMEWHERE, "new.md": SOMEWHERE})
    kept = memory.places()
    assert len(kept) == 200
    assert {"0.md", "new.md", "2.md", "199.md"} <= kept.keys()
    assert "1.md" not in kept


def test_nothing_but_its_files_is_left(memory: SavedViewState, tmp_path: Path) -> None:
    memory.keep("A.md", {"A.md": SOMEWHERE})
    memory.keep("B.md", {})
    assert sorted(file.suffix for file in (tmp_path / "state" / "vaults").iterdir()) == [
        ".last",
        ".place",
        ".toml",
    ]


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    memory = SavedViewState(tmp_path / "state", tmp_path / "vault")
    memory.keep("A.md", {"A.md": SOMEWHERE})
    assert (memory.last_note(), memory.places()) == (None, {})


@pytest.mark.parametrize(
    ("written", "found"), [(b"", None), (b" \n", None), (b"\xff", None), (b" nord ", "nord")]
)
def test_a_damaged_theme_is_none(tmp_path: Path, written: bytes, found: str | None) -> None:
    (tmp_path / "theme").write_bytes(written)
    assert SavedTheme(tmp_path).read() == found


def test_a_theme_that_is_forgotten_is_none(tmp_path: Path) -> None:
    (tmp_path / "theme").write_text("nord\n")
    SavedTheme(tmp_path).forget()
    assert SavedTheme(tmp_path).read() is None
    SavedTheme(tmp_path).forget()
    SavedTheme(tmp_path / "theme" / "no folder").forget()


@pytest.mark.parametrize("has_preview", [True, False])
def test_whether_the_preview_was_open_is_known(memory: SavedViewState, has_preview: bool) -> None:
    assert not memory.has_preview()
    memory.keep(None, {}, has_preview=has_preview)
    assert memory.has_preview() is has_preview
    assert memory.last_note() is None
    memory.keep("Plan.md", {"Plan.md": SOMEWHERE})
    assert not memory.has_preview()
    memory.keep(None, {})
    assert memory.last_note() == "Plan.md", "a vault that is missing takes nothing away"
    assert memory.places() == {"Plan.md": SOMEWHERE}


@pytest.mark.parametrize(
    "values",
    [
        *("notes = 3", "[notes]\nA = 3", "[notes.A]\ncursor = 1\nabove = 2\nfolded = []"),
        *("[notes.A]\ncursor = 'a'\nabove = '2'\nfolded = []", "[notes.A]\ncursor = 'a'\nabove = 2", "x = ["),
    ],
)
def test_a_damaged_place_is_none(memory: SavedViewState, tmp_path: Path, values: str) -> None:
    memory.keep("Plan.md", {"Plan.md": SOMEWHERE})
    (file,) = (tmp_path / "state" / "vaults").glob("*.toml")
    file.write_text(values)
    assert memory.places() == {}
    assert not memory.has_preview()
    memory.keep(None, {"B.md": SOMEWHERE})
    assert memory.places() == {"B.md": SOMEWHERE}
