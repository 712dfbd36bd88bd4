"""The shipped folders are found, or the user is told what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import roadtui.resources
from roadtui.core.errors import RoadtuiError
from roadtui.resources import folder


def test_a_checkout_has_them_at_its_top() -> None:
    assert (folder("sample_vault") / "Home.md").is_file()
    assert folder("themes").is_dir()


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "roadtui"
    (package / "themes").mkdir(parents=True)
    monkeypatch.setattr(roadtui.resources, "__file__", str(package / "resources.py"))
    assert folder("themes") == package / "themes"
    with pytest.raises(RoadtuiError, match="Install roadtui again"):
        folder("sample_vault")
