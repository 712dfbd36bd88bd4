"""Other programs edit the note while we tick: the short form of `benchmarks/hostile_writers.py`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from benchmarks.hostile_writers import Row, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")


@pytest.mark.parametrize("kind", ["in place", "rename", "append", "held"])
@pytest.mark.parametrize(
    ("mode", "refused", "ticks"),
    [
        ("marks", None, 20),
        ("lengths", None, 15),
        ("marks", "write lease", 5),
        ("lengths", "write lease", 5),
        ("marks", "lease", 8),
        ("lengths", "lease", 5),
    ],
)
def test_both_edits_are_kept(tmp_path: Path, kind: str, mode: str, refused: str | None, ticks: int) -> None:
    row = Row(kind, mode)
    asyncio.run(run(row, ticks, refused, tmp_path))
    assert row.ticks + row.told >= ticks
    assert row.ticks > 0
    assert row.edits > 0
    assert (row.theirs_lost, row.broken, row.torn, row.lost_silently) == (0, 0, 0, 0)
    assert row.told_copies == row.conflicts
    assert row.leftovers == 0
    assert row.leave_took < 4
    # Who reads and writes through one descriptor saves no stale text: a lease shuts it out for the while.
    # Without leases, one byte is written between its reading and its writing too, and is made again.
    is_shut_out = kind != "held" or mode != "marks" or refused != "lease"
    if kind != "rename" and not (kind == "in place" and refused) and is_shut_out:
        assert row.made_again + row.told == 0
