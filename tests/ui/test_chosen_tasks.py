"""A task that is chosen for focus: whether it can be, what is said of it, and where its links lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.core.note import ListItem, Section, Task
from roadtui.session.navigation.links import RowLink, row_links
from roadtui.session.tracking.tracked_task import TrackedTask, chosen_task
from roadtui.session.view_model import DashboardModel
from roadtui.vault.snapshot import VaultNote
from tests.ui.test_pane_rendering import TODAY, snapshot_of


def chosen(root: Path, text: str, at: str | None) -> TrackedTask | None:
    """What `f` focuses with the cursor on the row that says `at`; None: no note is open."""
    snapshot = snapshot_of(root, {"Plan.md": text})
    note: VaultNote | None = snapshot.notes["Plan.md"] if at is not None else None
    current: Section | ListItem | None = None
    if note is not None and at is not None:
        items = [item for item in note.note.items if at in item.source]
        current = items[0] if items else note.note.sections[1]
    return chosen_task(DashboardModel.of(snapshot, TODAY, "Plan.md"), note, current)


PLAN = "# One\n- [ ] top\n  - [ ] leaf\n- [x] done\n- plain\n"


@pytest.mark.parametrize(
    ("at", "text"),
    [("leaf", "leaf"), ("top", None), ("done", None), ("plain", None), ("One", None), (None, None)],
)
def test_only_an_open_leaf_is_focused(tmp_path: Path, at: str | None, text: str | None) -> None:
    found = chosen(tmp_path, PLAN, at)
    assert (found.task.text if found is not None else None) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- [/] here\n", "in progress"),
        ("- [ ] here\n", ""),
        ("# Part\n- [ ] here\n", "first open in Part"),
        ("- [ ] here 🛫 2026-03-16\n", "you chose it, though it starts Mon"),
        ("- [ ] here ⛔ k\n- [ ] key 🆔 k\n", "you chose it, though it waits for “key”"),
        (
            "- [ ] here ⛔ k,l\n- [ ] key 🆔 k\n- [ ] lock 🆔 l\n",
            "you chose it, though it waits for “key” and 1 more",
        ),
        ("- [ ] around 🛫 2027-01-01\n  - [ ] here\n", "you chose it, though its parent task waits"),
    ],
)
def test_why_it_may_not_be_the_time_for_it_is_said(tmp_path: Path, text: str, reason: str) -> None:
    found = chosen(tmp_path, text, "here")
    assert found is not None
    assert [one.text for one in found.reasons] == ([reason] if reason else [])


def test_links_of_a_task(tmp_path: Path) -> None:
    notes = {
        "Plan.md": "[[Other]]\n- [ ] see https://a.test/x (https://b.test) [[gone]] [[Other#Part]]"
        " [[Other#One#part]] [[Other]] [[Other]] https://a.test/x [[Other#Nowhere]]\n- [ ] nothing\n",
        "sub/Other.md": "# One\n## Part\n",
    }
    snapshot = snapshot_of(tmp_path, notes)
    note = snapshot.notes["Plan.md"]
    task, other = (item for item in note.note.items if isinstance(item, Task))
    assert row_links(snapshot, note, task) == (
        RowLink("Other#Part", "sub/Other.md"),
        RowLink("Other#One#part", "sub/Other.md"),
        RowLink("Other", "sub/Other.md"),
        RowLink("Other#Nowhere", "sub/Other.md"),
        RowLink("https://a.test/x", None),
        RowLink("https://b.test", None),
        RowLink("gone", None, "not in this vault"),
    )
    assert row_links(snapshot, note, other) == ()
