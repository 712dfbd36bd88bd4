"""What was added, removed and done between two states of a vault, against a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from roadtui.core.markdown import content_hash, parse
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.reports.changes_between import TaskChanges, all_changes, changes_between
from roadtui.vault.obsidian import VaultSettings
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import Snapshot, VaultNote

BEFORE = "# One\n- [ ] Alpha\n  - [ ] Beta\n- [x] Gamma\n"


def snapshot(notes: Mapping[str, str]) -> Snapshot:
    statuses = StatusRegistry()
    found = {}
    for path, text in notes.items():
        stamp = FileStamp(0, 0, 0, 0, 0)
        found[path] = VaultNote.of(path, parse(text), stamp, content_hash(text.encode()))
    return Snapshot(Path("/vault"), found, VaultSettings(), statuses)


@pytest.mark.parametrize(
    ("after", "added", "removed", "done"),
    [
        (BEFORE, 0, 0, 0),
        (BEFORE.replace("[ ] Beta", "[x] Beta"), 0, 0, 1),
        (BEFORE.replace("[ ] Beta", "[x] Beta ✅ 2026-11-20"), 0, 0, 1),
        (BEFORE.replace("[ ] Alpha", "[x] Alpha"), 0, 0, 0),
        (BEFORE.replace("[x] Gamma", "[ ] Gamma"), 0, 0, 0),
        (BEFORE + "- [ ] New\n", 1, 0, 0),
        (BEFORE + "- [ ] New\n- [x] New and done\n", 2, 0, 1),
        (BEFORE + "- bullet\n\ntext\n", 0, 0, 0),
        (BEFORE.replace("  - [ ] Beta\n", ""), 0, 1, 0),
        (BEFORE.replace("Beta", "Beta in other words"), 0, 0, 0),
        ("- [ ] Zero\n\n## Two\n- [x] Gamma\n- [ ] Alpha\n  - [x] Beta\n", 1, 0, 1),
        ("", 0, 2, 0),
    ],
)
def test_changes_of_one_note(after: str, added: int, removed: int, done: int) -> None:
    found = all_changes(changes_between(snapshot({"A.md": BEFORE}), snapshot({"A.md": after})))
    assert found == TaskChanges(added, removed, done)


def test_each_note_has_its_own_changes_and_a_moved_task_is_not_new() -> None:
    then = snapshot({"A.md": "- [ ] Moves\n- [ ] Stays\n", "B.md": "- [ ] Here\n", "Same.md": BEFORE})
    now = snapshot(
        {"A.md": "- [ ] Stays\n", "B.md": "- [x] Here\n- [x] Moves\n", "Same.md": BEFORE, "C.md": "- [ ] C\n"}
    )
    found = changes_between(then, now)
    assert found == {"A.md": TaskChanges(), "B.md": TaskChanges(done=2), "C.md": TaskChanges(added=1)}
    assert all_changes(found) == TaskChanges(added=1, done=2)


def test_a_renamed_note_changes_nothing_and_a_deleted_one_takes_its_tasks_along() -> None:
    then = snapshot({"Old.md": "- [ ] Alpha\n- [x] Beta\n", "Gone.md": "- [ ] Gamma\n"})
    now = snapshot({"New.md": "- [ ] Alpha\n- [x] Beta\n"})
    assert all_changes(changes_between(then, now)) == TaskChanges(removed=1)
