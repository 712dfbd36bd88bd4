"""Which files a process has open for writing; the test itself is that process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from roadtui.vault.processes import open_for_writing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.mark.parametrize(
    ("flags", "is_found"),
    [
        (os.O_RDONLY, False),
        (os.O_WRONLY, True),
        (os.O_RDWR, True),
        (os.O_WRONLY | os.O_APPEND, True),
        (os.O_RDONLY | os.O_NONBLOCK, False),
    ],
)
def test_only_files_that_are_open_for_writing_are_found(tmp_path: Path, flags: int, is_found: bool) -> None:
    note, other = tmp_path / "Plan.md", tmp_path / "Other.md"
    note.touch()
    other.touch()
    descriptor = os.open(note, flags)
    try:
        assert open_for_writing([note, other], None)[0] == ({note} if is_found else set())
        assert open_for_writing([note], descriptor)[0] == set(), "our own does not count"
        assert open_for_writing([other], None)[0] == set()
    finally:
        os.close(descriptor)
    assert open_for_writing([note], None)[0] == set()


def test_our_own_descriptor_hides_no_other_one(tmp_path: Path) -> None:
    note = tmp_path / "Plan.md"
    with open(note, "wb") as own, open(note, "ab"):
        assert open_for_writing([note], own.fileno())[0] == {note}


def test_a_file_of_the_same_name_elsewhere_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    note, namesake = tmp_path / "Plan.md", tmp_path / "sub" / "Plan.md"
    note.touch()
    with open(namesake, "wb"):
        assert open_for_writing([note], None)[0] == set()
        assert open_for_writing([note, namesake], None)[0] == {namesake}


def test_a_file_that_is_gone_or_was_replaced_is_not_the_one_that_is_open(tmp_path: Path) -> None:
    note = tmp_path / "Plan.md"
    with open(note, "wb"):
        note.unlink()
        assert open_for_writing([note], None)[0] == set()
        note.touch()
        assert open_for_writing([note], None)[0] == set()


def test_nothing_is_found_of_no_files() -> None:
    assert open_for_writing([], None)[0] == set()
