"""What was used more, and more recently, weighs more; the file is a convenience."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from roadtui.session.find.usage import UsageLog

TODAY = date(2026, 11, 26)


def test_uses_add_up_and_fade(tmp_path: Path) -> None:
    log = UsageLog(tmp_path / "usage")
    log.add("often", TODAY)
    log.add("often", TODAY)
    log.add("once", TODAY)
    assert log.weight("often", TODAY) == 2.0
    assert log.weight("once", TODAY) == 1.0
    assert log.weight("never", TODAY) == 0.0
    assert log.weight("often", TODAY + timedelta(14)) == 1.0


def test_uses_are_known_in_the_next_run(tmp_path: Path) -> None:
    UsageLog(tmp_path / "new" / "usage").add("note Plan.md", TODAY)
    assert UsageLog(tmp_path / "new" / "usage").weight("note Plan.md", TODAY) == 1.0


def test_the_least_used_are_dropped(tmp_path: Path) -> None:
    log = UsageLog(tmp_path / "usage")
    log.add("old", TODAY - timedelta(100))
    for number in range(300):
        log.add(f"key {number}", TODAY)
    again = UsageLog(tmp_path / "usage")
    assert again.weight("old", TODAY) == 0.0
    assert again.weight("key 0", TODAY) == 1.0


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"uses": 3}',
        b'{"uses": {"a": 1, "b": [1], "c": ["x", 2], "d": null}}',
        b"\xff",
        b"[" * 10_000,
    ],
)
def test_a_damaged_file_is_as_if_nothing_was_used(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "usage"
    file.write_bytes(damage)
    log = UsageLog(file)
    assert log.weight("a", TODAY) == 0.0
    log.add("a", TODAY)
    assert UsageLog(file).weight("a", TODAY) == 1.0


def test_a_file_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = UsageLog(tmp_path / "file" / "usage")
    log.add("a", TODAY)
    assert log.weight("a", TODAY) == 1.0
