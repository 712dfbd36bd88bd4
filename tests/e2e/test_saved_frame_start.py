"""Starts with a saved frame: it stands first, keys act on it, and every end restores the terminal."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no frames on Windows")

NOTE = "# Plan\n\n- [ ] Alpha\n- [ ] Beta\n- [ ] Gamma\n"
FRAME_FIRST = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[1;1H"
"""How the output begins where a frame is shown."""
SLOW = """
import os, sys, time
sys.argv[0] = "roadtui"
import roadtui.standing_frame as standing_frame
shown = standing_frame.show_saved(sys.argv[1:])
assert shown is not None, "no frame"
standing_frame.show_saved = lambda _: shown
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "roadtui.cli.main":
            {what}
sys.meta_path.insert(0, Slow())
from roadtui.start import main
main()
"""
"""The program, which does something else before it imports anything that takes time."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def vault(home: Path) -> Path:
    folder = home / "vault"
    (folder / ".obsidian").mkdir(parents=True)
    (folder / "Plan.md").write_text(NOTE)
    time.sleep(4.1)  # What changed shortly before a run is read once more: this is about what did not.
    return folder


@pytest.fixture(scope="module")
def start(home: Path, vault: Path) -> Iterator[Callable[..., Terminal]]:
    """Start the program on the vault, or `code` in place of it; a frame was saved before."""
    env = environment(home)
    program = str(Path(os.environ.get("ROADTUI_PROGRAM") or Path(sys.executable).with_name("roadtui")))

    with ExitStack() as terminals:

        def start(code: str = "", *, columns: int = 100, rows: int = 30) -> Terminal:
            argv = [sys.executable, "-c", code] if code else [program]
            terminal = Terminal([*argv, vault], columns=columns, rows=rows, env=env, cwd=home)
            return terminals.enter_context(terminal)

        leave(start(), home)
        yield start


def leave(terminal: Terminal, home: Path, holds: Callable[[], bool] = lambda: True) -> None:
    """Leave the program once everything is settled: then it has saved a frame, as nothing happens.

    `holds`: has to be true then.
    """
    before = frames(home)
    terminal.wait_until(lambda: frames(home) != before)
    assert holds()
    terminal.send("q")
    assert terminal.wait_exit() == 0


def frames(home: Path) -> set[int]:
    """The frames that are saved, by their inodes."""
    return {file.stat().st_ino for file in (home / ".cache" / "roadtui" / "frames").glob("*.frame")}


Start = Callable[..., Terminal]


def slow(what: str) -> str:
    return SLOW.format(what=what)


def stands(terminal: Terminal) -> None:
    """Wait until the frame stands, which nothing but the frame can be."""
    terminal.wait_for("Alpha")
    terminal.wait_for("palette")  # In the last row.
    assert terminal.output.startswith(FRAME_FIRST)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_restores_the_terminal(start: Start, number: signal.Signals) -> None:
    terminal = start(slow("time.sleep(30)"))
    stands(terminal)
    os.kill(terminal.pid, number)
    assert terminal.wait_exit() == -number
    assert terminal.left_behind() == []


@pytest.mark.parametrize(
    ("what", "status", "said"), [("raise RuntimeError('broken')", 1, "broken"), ("sys.exit(3)", 3, "")]
)
def test_an_end_before_the_program_begins_restores_the_terminal(
    start: Start, what: str, status: int, said: str
) -> None:
    terminal = start(slow(what))
    assert terminal.wait_exit() == status
    assert terminal.output.startswith(FRAME_FIRST)
    assert terminal.left_behind() == []
    assert said in terminal.output.decode().rpartition("\x1b[?1049l")[2]


def test_stopped_it_gives_the_terminal_back_and_begins_anew(start: Start, home: Path) -> None:
    terminal = start(slow("os.kill(os.getpid(), 20)"))
    terminal.wait_until(lambda: is_stopped(terminal.pid))
    terminal.run_for(0.1)
    assert terminal.output.startswith(FRAME_FIRST)
    assert terminal.left_behind() == []
    os.kill(terminal.pid, signal.SIGCONT)
    leave(terminal, home)
    assert terminal.left_behind() == []


def is_stopped(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None


def test_it_stands_before_anything_is_imported_and_is_taken_over_without_a_change(
    start: Start, home: Path
) -> None:
    terminal = start(slow("time.sleep(0.3)"))
    stands(terminal)
    frame = terminal.lines
    leave(terminal, home, lambda: terminal.lines == frame)
    assert terminal.output.count(b"\x1b[?1049h") == 1
    assert terminal.left_behind() == []


def test_what_is_typed_while_it_stands_acts_on_what_it_shows(start: Start, vault: Path, home: Path) -> None:
    terminal = start()
    stands(terminal)
    terminal.send("j ")
    terminal.wait_for("saved")
    assert (vault / "Plan.md").read_text() == NOTE.replace("[ ] Beta", "[x] Beta")
    terminal.settle(2.0)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    terminal = start()
    stands(terminal)
    assert "● Beta" in terminal.text
    assert "saved" not in terminal.text
    assert "undo" not in terminal.lines[-2]
    leave(terminal, home)


def test_what_is_typed_is_dropped_where_the_note_has_changed_meanwhile(
    start: Start, vault: Path, home: Path
) -> None:
    note = vault / "Plan.md"
    time.sleep(4.1)
    leave(start(), home)
    changed = note.read_text().replace("# Plan", "- [ ] Earlier\n\n# Plan")
    terminal = start(slow(f"time.sleep(0.3); open({str(note)!r}, 'w').write({changed!r})"))
    stands(terminal)
    terminal.send(" ")
    terminal.wait_for("Earlier")
    terminal.settle()
    assert note.read_text() == changed
    leave(terminal, home)
    assert terminal.left_behind() == []


def test_another_size_meanwhile_is_drawn_anew(start: Start) -> None:
    terminal = start(slow("time.sleep(0.5)"))
    stands(terminal)
    terminal.resize(80, 24)
    terminal.wait_until(lambda: b"\x1b[?2004h" in terminal.output)
    terminal.settle(2.0)
    assert "help" in terminal.lines[23]
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
