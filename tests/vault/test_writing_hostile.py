"""Other programs edit the note while we tick: the short form of `benchmarks/hostile_writers.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "hostile_writers.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")


@pytest.mark.parametrize("kind", ["in place", "rename", "append", "held"])
@pytest.mark.parametrize(("refused", "ticks"), [(None, 300), ("write lease", 40)])
def test_both_edits_are_kept(tmp_path: Path, kind: str, refused: str | None, ticks: int) -> None:
    command = [sys.executable, str(PROGRAM), str(ticks), "--only", kind, "--json"]
    if refused:
        command += ["--refuse", refused]
    (row,) = json.loads(subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout)
    assert row["ticks"] + row["busy"] == ticks
    assert row["ticks"] > 0
    assert row["edits"] > 0
    assert (row["theirs_lost"], row["broken"], row["torn"]) == (0, 0, 0)
    # Who reads before our tick and writes that back after it takes our tick with it, and no way of writing
    # prevents that: the vault watches for it (`vault/stale.py`). A lease shuts out who keeps the note open.
    if kind != "rename" and not (kind == "in place" and refused):
        assert row["ours_lost"] == 0
