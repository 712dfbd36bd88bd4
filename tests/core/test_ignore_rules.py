from __future__ import annotations

import pytest

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules


@pytest.mark.parametrize(
    ("filters", "path", "left_out"),
    [
        ([], "a.md", False),
        (["Archive/"], "Archive/old.md", True),
        (["Archive/"], "Archive.md", False),
        (["Archive/"], "Work/Archive/old.md", False),
        (["Archive"], "Archives/old.md", True),
        (["Work/old.md"], "Work/old.md", True),
        (["archive/"], "Archive/old.md", False),
        (["a.md"], "axmd", False),
        ([r"/\.draft\.md$/"], "Work/plan.draft.md", True),
        ([r"/\.draft\.md$/"], "Work/plan.md", False),
        (["/Archive/"], "Work/Archive/old.md", True),
        (["/^Archive/"], "Work/Archive/old.md", False),
        (["/^x/", "Archive/"], "Archive/old.md", True),
        (["", "/", "//"], "a.md", False),
        (["/broken(/"], "broken(", False),
        (["Odd"], "Odd\udcff.md", True),
    ],
)
def test_what_the_owner_excluded_is_left_out(filters: list[str], path: str, left_out: bool) -> None:
    assert IgnoreRules.of(filters).leaves_out(path) is left_out


@pytest.mark.parametrize(
    ("filters", "folder", "left_out"),
    [
        (["Archive/"], "Archive", True),
        (["Archive/"], "Archive/2024", True),
        (["Archive/2024/"], "Archive", False),
        (["Archive"], "Archives", True),
        (["Archive/old.md"], "Archive", False),
        (["/Archive/"], "Archive", False),
        ([], "Archive", False),
    ],
)
def test_a_folder_is_passed_over_only_if_all_of_it_is_left_out(
    filters: list[str], folder: str, left_out: bool
) -> None:
    assert IgnoreRules.of(filters).leaves_out_folder(folder) is left_out


def test_an_unreadable_expression_is_kept_for_the_report() -> None:
    assert IgnoreRules.of(["/a(/", "b/"]).unreadable == ("/a(/",)


def test_nothing_is_ignored_without_filters() -> None:
    assert IgnoreRules.of([]) == NOTHING_IGNORED
