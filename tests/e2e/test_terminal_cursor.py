"""The terminal's cursor stands where one types, in cells: input methods show there what is being composed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.e2e.conftest import Start, make_note


def begin(terminal: Terminal, keys: str) -> tuple[int, int]:
    """Press `keys`, which open a line; where the cursor is in it."""
    terminal.send(keys)
    terminal.wait_until(lambda: terminal.cursor != (0, 0))
    terminal.settle()
    return terminal.cursor


@pytest.mark.parametrize("keys", ["a", "\x06", "\x10"], ids=["add", "find", "palette"])
def test_cursor_is_where_the_next_character_appears(start: Start, tmp_path: Path, keys: str) -> None:
    terminal = start(make_note(tmp_path, b"# Plan\n- [ ] Alpha\n"))
    terminal.wait_for("live")
    terminal.settle()
    assert terminal.cursor == (0, 0), "nothing is typed"
    column, row = begin(terminal, keys)
    terminal.send("x日本é")
    terminal.wait_for("x日")
    terminal.settle()
    assert terminal.cursor == (column + 6, row)
    assert "x日" in terminal.lines[row]
    terminal.send("\x1b[D\x1b[D")
    terminal.settle()
    assert terminal.cursor == (column + 3, row), "two characters to the left, three cells"
    terminal.send("\x1b")
    terminal.settle()
    if terminal.cursor != (0, 0):  # The find screen drops the query first.
        terminal.send("\x1b")
        terminal.settle()
    assert terminal.cursor == (0, 0), "nothing is typed any more"
