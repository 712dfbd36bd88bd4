"""A home and a program for each end-to-end test."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typing_extensions import override

from benchmarks.terminal import Terminal, environment

Start = Callable[..., Terminal]


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until `holds()`, where no terminal is left to wait with."""
    ends_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends_at, f"not so within {seconds:g} s"
        time.sleep(0.01)


@pytest.fixture
def program() -> Path:
    """The program under test: this checkout's, or the installed one that ROADTUI_PROGRAM names."""
    return Path(os.environ.get("ROADTUI_PROGRAM") or Path(sys.executable).with_name("roadtui"))


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The variables of a user who has never run the program."""
    home = tmp_path / "home"
    home.mkdir()
    return environment(home)


def make_note(folder: Path, data: bytes) -> Path:
    """The only note of a new vault in `folder`."""
    vault = folder / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    note = vault / "Plan.md"
    note.write_bytes(data)
    return note


class _NoteTerminal(Terminal):
    """A program that shows a note, with its cursor on the first row before the first key."""

    _is_at_top = False

    @override
    def send(self, keys: str | bytes) -> float:
        if not self._is_at_top:
            self._is_at_top = True
            super().send("g")
        return super().send(keys)


@pytest.fixture
def start(program: Path, env: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start the program in a real terminal, with the given arguments; ended when the test ends.

    A note that is named opens with the cursor on its first row, but not for the second time.
    """
    with ExitStack() as terminals:

        def start(*arguments: str | Path, columns: int = 120, rows: int = 30) -> Terminal:
            is_first = not list(Path(env["HOME"]).rglob("*.last"))
            shows_note = len(arguments) == 1 and str(arguments[0]).endswith(".md")
            kind = _NoteTerminal if is_first and shows_note else Terminal
            terminal = kind([program, *arguments], columns=columns, rows=rows, env=env, cwd=tmp_path)
            return terminals.enter_context(terminal)

        yield start
