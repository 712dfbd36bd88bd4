"""Our edits and those of others, over time: an undo after a restart, an editor that saves an old buffer."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Start, make_note

NOTE = b"# Plan\r\n- [ ] Alpha\r\n- [ ] Beta\r\n- [ ] Beta\r\n"
ALPHA = NOTE.replace(b"[ ] Alpha", b"[x] Alpha")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make_note(tmp_path, NOTE)


def tick_alpha(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("j ")
    terminal.wait_for("saved")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert note.read_bytes() == ALPHA


def test_undo_works_after_a_restart(start: Start, note: Path) -> None:
    tick_alpha(start, note)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("u")
    terminal.wait_for("Undone")
    assert note.read_bytes() == NOTE
    terminal.send("\x12")
    terminal.wait_for("Redone")
    assert note.read_bytes() == ALPHA


def test_undo_after_a_restart_refuses_where_the_line_moved_on(start: Start, note: Path) -> None:
    tick_alpha(start, note)
    others = ALPHA.replace(b"Alpha", b"Alphabet")
    note.write_bytes(others)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("u")
    terminal.wait_for("no longer in this note")
    assert note.read_bytes() == others


def test_a_tick_that_a_stale_buffer_saves_away_is_made_again(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("j ")
    terminal.wait_until(lambda: note.read_bytes() == ALPHA)
    typed = NOTE + b"typed in the editor\r\n"
    note.write_bytes(typed)
    terminal.wait_until(lambda: note.read_bytes() == typed.replace(b"[ ] Alpha", b"[x] Alpha"))
    terminal.wait_for("re-applied")


def test_an_editor_that_never_lets_go_is_told_of(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("j ")
    for _ in range(4):
        terminal.wait_until(lambda: note.read_bytes() == ALPHA)
        note.write_bytes(NOTE)
    terminal.wait_for("keeps undoing")
    assert note.read_bytes() == NOTE


def test_unticking_elsewhere_later_is_left_alone(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("j ")
    terminal.wait_until(lambda: note.read_bytes() == ALPHA)
    terminal.send("u")
    terminal.wait_for("Undone")
    others = NOTE + b"- [ ] Gamma\r\n"
    note.write_bytes(others)
    terminal.wait_for("Gamma")
    terminal.settle(0.5)
    assert note.read_bytes() == others
