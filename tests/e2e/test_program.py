"""The whole program, as its user meets it: started by its name, in a real terminal, on real files."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Start, make_note

NOTE = b"- [ ] Alpha  \r\n  - [ ] Beta\n- [/] Gamma \xf0\x9f\x93\x9a \xff\n\n- [ ] Delta"
"""What a careless writer would change: mixed line ends, blanks at an end, bad UTF-8, no last newline."""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make_note(tmp_path, NOTE)


def test_tick_changes_one_byte_and_undo_gives_it_back(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("Beta")
    terminal.send("j ")
    terminal.wait_until(lambda: note.read_bytes() != NOTE)
    assert note.read_bytes() == NOTE.replace(b"[ ] Beta", b"[x] Beta")
    terminal.send("u")
    terminal.wait_until(lambda: note.read_bytes() == NOTE)


def test_write_from_outside_shows(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("Delta")
    note.write_bytes(NOTE.replace(b"Delta", b"Omega"))
    terminal.wait_for("Omega")
    terminal.settle()
    assert "Delta" not in terminal.text


@pytest.mark.parametrize("key", ["q", "\x11"], ids=["q", "ctrl+q"])
def test_quit_leaves_the_terminal_as_it_was(start: Start, note: Path, key: str) -> None:
    terminal = start(note)
    terminal.wait_for("Alpha")
    assert terminal.left_behind(), "a full-screen program changes the terminal while it runs"
    terminal.send(key)
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    assert note.read_bytes() == NOTE


def test_demo_opens_and_ticks(start: Start) -> None:
    terminal = start("demo", columns=160, rows=45)
    terminal.wait_for("ML Roadmap")
    terminal.wait_for("live")
    assert "saved" not in terminal.text
    terminal.send(" ")  # The next task.
    terminal.wait_for("saved")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_where_the_user_was_is_there_again_after_a_restart(start: Start, note: Path) -> None:
    terminal = start(note)
    terminal.wait_for("Beta")
    terminal.send("h")
    terminal.wait_until(lambda: "○ Beta" not in terminal.text)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    again = start(note.parent)
    again.wait_for("Delta")
    again.wait_until(lambda: "○ Beta" not in again.text)
    assert {path.name for path in note.parent.iterdir()} == {".obsidian", "Plan.md"}


def test_window_too_small_says_so_and_recovers(start: Start, note: Path) -> None:
    terminal = start(note, columns=20, rows=5)
    terminal.wait_for(re.compile("small|larger|wider|bigger"))
    terminal.resize(80, 24)
    terminal.wait_for("Alpha")
    terminal.resize(20, 5)
    terminal.settle()
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert "Traceback" not in terminal.output.decode(errors="replace")


def run_in_pipe(
    program: Path, *arguments: str, env: dict[str, str], cwd: Path
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [program, *arguments], env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=30
    )
    assert b"\x1b" not in done.stdout + done.stderr
    return done


def test_tasks_are_listed_in_a_pipe(program: Path, env: dict[str, str], note: Path) -> None:
    done = run_in_pipe(program, "tasks", env=env, cwd=note.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Plan.md:2  [ ] Beta\n" in done.stdout
    assert done.stdout.count(b"\n") == 4
    assert note.read_bytes() == NOTE


def test_a_task_is_ticked_from_a_script(program: Path, env: dict[str, str], note: Path) -> None:
    done = run_in_pipe(program, "task", "Plan.md:2", "--done", env=env, cwd=note.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    assert note.read_bytes() == NOTE.replace(b"[ ] Beta", b"[x] Beta")


def test_full_screen_without_a_terminal_is_refused_in_words(
    program: Path, env: dict[str, str], note: Path
) -> None:
    done = run_in_pipe(program, note.name, env=env, cwd=note.parent)
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr


def test_the_signs_of_the_config_are_written_from_the_first_screen_on(
    start: Start, env: dict[str, str], tmp_path: Path
) -> None:
    config = Path(env["HOME"]) / ".config" / "roadtui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('glyphs = "ascii"\n')
    terminal = start(make_note(tmp_path, b"- [ ] Alpha\n"))
    terminal.wait_for("o Alpha")
    assert "○".encode() not in terminal.output


def test_a_key_before_the_first_screen_is_no_fault(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, b"- [ ] Alpha\n")
    terminal = start()
    for _ in range(40):
        terminal.send("k")
        terminal.run_for(0.02)
    terminal.wait_for("No vault is open")
    terminal.send("\x1b")
    assert terminal.wait_exit() == 0
    terminal = start(note)
    for _ in range(40):
        terminal.send("j")
        terminal.run_for(0.02)
    terminal.wait_for("live")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert b"Traceback" not in terminal.output
