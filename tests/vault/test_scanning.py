from __future__ import annotations

from pathlib import Path

from roadtui.vault.scanning import scan


def test_finds_notes_at_every_depth(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "x.md").touch()
    (tmp_path / "a" / "b" / "y.md").touch()
    (tmp_path / "a" / "picture.png").touch()
    assert set(scan(tmp_path).notes) == {"x.md", "a/b/y.md"}
