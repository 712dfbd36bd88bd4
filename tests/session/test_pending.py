"""Which tasks the writes that are on their way will close."""

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


@pytest.mark.parametrize(("symbol", "closes"), [("x", True), ("-", True), ("/", False), (" ", False)])
def test_a_task_that_stays_open_is_not_about_to_close(tmp_path: Path, symbol: str, closes: bool) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Plan.md").write_text("- [ ] one\n")
    now = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state")).refresh()
    note = now.notes["Plan.md"]
    (task,) = note.note.tasks
    pending = PendingStatuses()
    pending.add("a write", note, [(task, symbol)], now)
    assert [one.task is task for one in pending.about_to_close(now)] == [True] * closes
