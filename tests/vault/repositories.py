"""Git repositories with known dates, for the tests of the history."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass
class Repository:
    """A folder under git, with nothing of the user's around."""

    root: Path

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "x")
        self.git("config", "user.email", "x@localhost")

    def git(self, *arguments: str, date: str = "2026-01-01T12:00:00+00:00") -> str:
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": "2026-12-31T12:00:00+00:00",
        }
        done = subprocess.run(
            ["git", "-C", self.root, *arguments], env=environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def write(self, path: str, text: str | bytes) -> None:
        note = self.root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, when: str | datetime, **notes: str) -> str:
        """Write notes (by name without `.md`) and commit all there is, at an author's date."""
        for name, text in notes.items():
            self.write(f"{name}.md", text)
        self.git("add", "-A")
        date = when.isoformat() if isinstance(when, datetime) else when
        if len(date) == len("2026-01-01"):
            date += "T12:00:00+00:00"
        self.git("commit", "-q", "--allow-empty", "-m", "x", date=date)
        return self.git("rev-parse", "HEAD").strip()
