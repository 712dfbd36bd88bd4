"""Where a note and a vault open that the user has not been in before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from roadtui.core.note import Section, Task
from roadtui.core.outline import outline
from roadtui.session.outline.opening_state import opening_state
from roadtui.session.tracking.open_note import note_to_open
from roadtui.vault.snapshot import Snapshot
from tests.ui.test_pane_rendering import snapshot_of

TODAY = date(2026, 3, 14)


def opened(snapshot: Snapshot) -> tuple[str, list[str]]:
    """The first word under the cursor, and those of the folded rows."""
    note = snapshot.notes["Plan.md"]
    rows = outline(note.note)
    state = opening_state(note, rows, snapshot, TODAY)
    names = [
        row.content.title
        if isinstance(row.content, Section)
        else row.content.text.split()[0]
        if isinstance(row.content, Task)
        else ""
        for row in rows.rows
    ]
    return names[state.cursor], [names[row] for row in sorted(state.folded)]


@pytest.mark.parametrize(
    ("text", "cursor", "folded"),
    [
        ("# One\n- [x] a\n# Two\n- [ ] b\n  - [ ] c\n", "c", ["One"]),
        ("# All\n## One\n- [x] a\n## Two\n- [x] b\n", "All", ["One", "Two"]),
        ("# One\n- [x] a\n  - [x] b\n- [ ] ready\n  - [x] c\n- [/] d\n", "d", ["a"]),
        ("- [ ] a\n- [ ] b 📅 2026-03-13\n", "b", []),
        ("# Cancelled\n- [-] a\n# Two\n- [ ] b ⛔ x\n- [ ] c 🆔 x\n", "c", []),
    ],
)
def test_a_note_opens_on_its_next_task_with_what_is_finished_folded(
    tmp_path: Path, text: str, cursor: str, folded: list[str]
) -> None:
    snapshot = snapshot_of(tmp_path, {"Plan.md": text, "Other.md": "- [ ] x 🔺\n"})
    assert opened(snapshot) == (cursor, folded)


def test_the_note_with_the_best_next_action_is_opened(tmp_path: Path) -> None:
    notes = {"A.md": "- [ ] a\n", "B.md": "- [/] b\n", "C.md": "words\n"}
    assert note_to_open(snapshot_of(tmp_path, notes), TODAY) == "B.md"


@pytest.mark.parametrize(
    ("notes", "path"),
    [
        ({"A.md": "words\n", "B.md": "- [x] b\n"}, "B.md"),
        ({"B.md": "words\n"}, "B.md"),
        ({}, None),
    ],
)
def test_where_nothing_is_next_it_is_the_first_roadmap(
    tmp_path: Path, notes: dict[str, str], path: str | None
) -> None:
    assert note_to_open(snapshot_of(tmp_path, notes), TODAY) == path


def test_no_note_is_opened_before_all_are_read(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {"A.md": "- [ ] a\n"})
    assert note_to_open(replace(snapshot, is_complete=False), TODAY) is None


@pytest.mark.parametrize(
    ("line", "height", "top"),
    [(3, 10, 0), (7, 10, 5), (20, 10, 14), (20, 0, 0)],
)
def test_the_cursor_is_in_sight_below_its_section(tmp_path: Path, line: int, height: int, top: int) -> None:
    text = "# One\n" + "- [ ] a\n" * 3 + "# Two\n" + "- [ ] b\n" * 30
    snapshot = snapshot_of(tmp_path, {"Plan.md": text})
    note = snapshot.notes["Plan.md"]
    state = opening_state(note, outline(note.note), snapshot, TODAY)
    state.cursor = line
    assert state.scroll_to_cursor(height) == top
