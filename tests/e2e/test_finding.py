"""Finding in the whole vault and a saved view, in a real terminal, from the keys to the bytes."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start, make_note

PLAN = b"# Plan\n- [ ] Alpha gradient\n- [ ] Beta\n"
OTHER = b"- [/] Doing the gradient\n- [ ] Later\n"


def test_find_tick_undo_go_there_and_save_a_view(start: Start, tmp_path: Path, env: dict[str, str]) -> None:
    note = make_note(tmp_path, PLAN)
    other = note.with_name("Other.md")
    other.write_bytes(OTHER)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("\x06")
    terminal.wait_for("OPEN IN PLAN")
    terminal.send("gradient")
    terminal.wait_for("2 found")
    terminal.send("\x13")
    terminal.wait_for("its name")
    terminal.send("Slopes\r")
    saved = Path(env["HOME"]) / ".config" / "roadtui" / "views.toml"
    terminal.wait_until(lambda: saved.exists() and "gradient" in saved.read_text())
    terminal.settle()
    terminal.send("\x1b[B")
    terminal.settle()
    terminal.send("\x1b[A")
    terminal.settle()
    terminal.send("m")
    terminal.settle()
    terminal.send("m")
    terminal.settle()
    terminal.send(" ")
    terminal.wait_until(lambda: b"[x] Alpha" in note.read_bytes() and b"[x] Doing" in other.read_bytes())
    terminal.send("u")
    terminal.wait_until(lambda: note.read_bytes() == PLAN and other.read_bytes() == OTHER)
    terminal.settle()
    terminal.send("\x1b")
    terminal.settle()
    terminal.send("\x1b")
    terminal.wait_for("Slopes")
    terminal.send("7")
    terminal.wait_for("2 found")
    terminal.send("\r")
    terminal.settle()
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert note.read_bytes() == PLAN
