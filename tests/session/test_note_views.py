"""The tasks blocks of a note as views: their names, their queries, and what is not part of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from roadtui.config import Config
from roadtui.session.find.note_views import views_in_note
from roadtui.session.find.saved_views import SavedView, ViewOrigin
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 11, 26)
NOTE = """\
```tasks
not done
```
# Work
## Today
```tasks
due today
group by path
```
```tasks
(done) AND (path includes {{query.file.path}})
limit 5
```
## Look
```tasks
explain
```
"""


def views(tmp_path: Path, text: str) -> list[SavedView]:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Dash.md").write_text(text, "utf-8")
    snapshot = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state")).refresh()
    return views_in_note(snapshot, snapshot.notes["Dash.md"], 1_000, TODAY)


def test_each_block_is_a_view_named_by_its_heading(tmp_path: Path) -> None:
    assert views(tmp_path, NOTE) == [
        SavedView("Dash", "is:task -is:done -is:cancelled", ViewOrigin.NOTE),
        SavedView("Today", "is:task due:today", ViewOrigin.NOTE, "", ("group by path",)),
        SavedView(
            "Today 2",
            'is:task (((is:done or is:cancelled)) (path:"Dash.md")) limit:5',
            ViewOrigin.NOTE,
        ),
    ]


def test_a_note_that_is_too_large_or_gone_has_no_views(tmp_path: Path) -> None:
    assert views(tmp_path, NOTE + "x" * 1_000) == []
    root = tmp_path / "vault"
    snapshot = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state")).refresh()
    (root / "Dash.md").unlink()
    assert views_in_note(snapshot, snapshot.notes["Dash.md"], 10_000, TODAY) == []
