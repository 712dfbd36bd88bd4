"""The history of a repository with known dates, taken by the program as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.history_import import make_repository


def test_every_day_of_a_generated_repository_is_found(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    expected = make_repository(root, commits=300, seed=7)
    (root / ".obsidian").mkdir()
    environment = {
        **os.environ,
        **dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), str(tmp_path / "home")),
        "TZ": "Pacific/Kiritimati",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "roadtui", "history", *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            check=True,
            timeout=120,
        )
        return done.stdout.decode()

    for _ in range(2):
        assert json.loads(run("import", "--json"))["completions"] == len(expected)
        done = _done_by_words(run)
        assert done == {text: day.isoformat() for text, day in expected.items()}
    numbers = json.loads(run("status", "--json"))["done"]
    assert numbers == {"by_own_date": 0, "by_history": len(expected), "without_a_day": 0}


def _done_by_words(run: Callable[..., str]) -> dict[str, str]:
    events = [json.loads(line) for line in run("export").splitlines()]
    found = [event for event in events if event["kind"] == "done"]
    days = {event["words"]: event["day"] for event in found}
    assert len(days) == len(found), "nothing counts twice"
    return days
