"""A vault folder and its model, for the tests of this room."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.note import Task
from roadtui.vault import processes
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.obsidian import TASKS_PLUGIN
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.single_edits import status_edit

TODAY = date(2026, 3, 14)


@dataclass
class Files:
    """A vault folder and its model."""

    root: Path
    state: Path

    def open(self, config: Config | None = None, only: str | None = None) -> Vault:
        return Vault(self.root, config or Config(), lambda: NoteWriter(self.state), only)

    def loaded(self, config: Config | None = None) -> Vault:
        vault = self.open(config)
        vault.refresh()
        return vault

    def write(self, path: str, data: str | bytes) -> Path:
        note = self.root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(data.encode() if isinstance(data, str) else data)
        return note

    def set_up(self, path: str, settings: object) -> None:
        self.write(f".obsidian/{path}", json.dumps(settings))

    def turn_plugin_on(self, settings: object = None) -> None:
        self.set_up("community-plugins.json", [TASKS_PLUGIN])
        self.set_up(f"plugins/{TASKS_PLUGIN}/data.json", settings or {})


@pytest.fixture
def own_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look in this process alone for who has a file open: looking at all of them takes most of a test."""
    monkeypatch.setattr(processes, "names_of", lambda folder: [b"%d" % os.getpid()])


@pytest.fixture
def files(tmp_path: Path) -> Files:
    found = Files(tmp_path / "vault", tmp_path / "state")
    found.root.mkdir()
    found.write("A.md", "- [ ] a\n- [x] b\n")
    found.write("sub/B.md", "- [ ] c\n")
    return found


def texts(vault: Vault) -> dict[str, list[str]]:
    notes = vault.snapshot.notes
    return {
        path: [f"{task.status_symbol}{task.text}" for task in notes[path].note.tasks]
        for path in sorted(notes)
    }


def task_in(vault: Vault, path: str, number: int = 0) -> Task:
    return list(vault.snapshot.notes[path].note.tasks)[number]


def put(vault: Vault, path: str, symbol: str, number: int = 0) -> EditCommit:
    task = task_in(vault, path, number)
    snapshot = vault.snapshot
    edit = status_edit(snapshot, snapshot.notes[path], task, symbol, TODAY, dates=vault.dates)
    return vault.commit(edit)
