"""Which folders are archives."""

from __future__ import annotations

import pytest

from roadtui.config import ARCHIVES
from roadtui.core.archives import ArchiveRules


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("", False),
        ("archive", True),
        ("Archive", True),
        ("work/ARCHIVE/2024", True),
        ("99 Archive", True),
        ("4. Archives", True),
        ("_archive", True),
        ("📦 Archive", True),
        ("Papierkorb", True),
        ("architecture", False),
        ("Old English", False),
        ("golden", False),
        ("Projects/done", True),
        ("2024", False),
    ],
)
def test_archives_are_known_by_their_names_at_any_level(folder: str, expected: bool) -> None:
    assert ArchiveRules.of(ARCHIVES).hold(folder) is expected


@pytest.mark.parametrize(
    ("entries", "folder", "expected"),
    [
        (["Later"], "work/later", True),
        (["2019"], "2019", True),
        (["work/Ideas"], "work/ideas/deep", True),
        (["work/ideas/"], "work/ideas", True),
        (["work/ideas"], "ideas", False),
        (["/ideas"], "ideas", True),
        (["/ideas"], "work/ideas", False),
        (["/"], "work", False),
        ([], "archive", False),
    ],
)
def test_a_name_is_any_folder_and_a_path_one(entries: list[str], folder: str, expected: bool) -> None:
    assert ArchiveRules.of(entries).hold(folder) is expected
