"""The filter in a real terminal: typed, stepped through, acted on and dropped; no key is lost or misread."""

from __future__ import annotations

from pathlib import Path

from benchmarks.terminal import Terminal
from tests.e2e.conftest import Start, make_note

NOTE = b"""# One
- [ ] Alpha
  - [ ] Beta
  - [x] Gamma
- [ ] Delta

# Two
- [/] Epsilon
- [ ] Zeta
"""


def tree_of(terminal: Terminal) -> list[str]:
    """The rows of the tree."""
    return [line[34:80].rstrip() for line in terminal.lines[3:15]]


def test_a_filter_is_typed_stepped_through_acted_on_and_dropped(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, NOTE)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("jh")
    terminal.wait_for("▸ ○ Alpha")
    before = tree_of(terminal)
    terminal.send("/")
    terminal.wait_for("due:<fri")
    terminal.send("eta")
    terminal.wait_for("2 of 8")
    terminal.send("\x1b[B")
    terminal.wait_for("2/2")
    terminal.send("\r")
    terminal.wait_for("/ eta · 2/2 · esc")
    terminal.send(" ")
    terminal.wait_for("saved")
    assert note.read_bytes() == NOTE.replace(b"[ ] Zeta", b"[x] Zeta")
    terminal.send("u")
    terminal.wait_for("Undone")
    terminal.send("\x1b")
    terminal.wait_for("▸ ○ Alpha")
    after = tree_of(terminal)
    assert after == before
    assert note.read_bytes() == NOTE
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_keys_that_come_at_once_are_taken_in_their_order(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, NOTE)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("/bexa\x7f\x7fta\r ")
    terminal.wait_for("saved")
    assert note.read_bytes() == NOTE.replace(b"[ ] Beta", b"[x] Beta")
    terminal.send("/\x15" + "(" * 1_000)
    terminal.wait_for("At most 50 parentheses")
    terminal.settle(0.5)
    terminal.wait_for("go there")
    terminal.send("\x1b")
    terminal.wait_until(lambda: "go there" not in terminal.text)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert note.read_bytes() == NOTE.replace(b"[ ] Beta", b"[x] Beta")
