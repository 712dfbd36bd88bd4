"""The real program where there are no leases, beside a program that edits the same note all the time."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from benchmarks.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")

LEASELESS = """
import errno, fcntl, os
real = fcntl.fcntl

def without_leases(fd, command, *rest):
    if command == fcntl.F_SETLEASE:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return real(fd, command, *rest)

fcntl.fcntl = without_leases
from roadtui.cli.main import main
main()
"""
LONGEST_END = 5.0
"""Seconds that no end takes, even on a busy machine: writing alone would wait as long for others."""
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
NOTE = "# Plan\n\n" + "".join(f"- [ ] {name}\n" for name in NAMES) + "\n## Theirs\n\n"


def append(note: Path, line: str) -> None:
    with note.open("a") as file:
        file.write(line)


def rename(note: Path, line: str) -> None:
    new = note.with_name("their file")
    new.write_text(note.read_text() + line)
    new.rename(note)


def rewrite(note: Path, line: str) -> None:
    with note.open("r+") as file:
        text = file.read()
        file.seek(0)
        file.truncate()
        file.write(text + line)


class Others:
    """A program that adds a line to the note thirty times a second."""

    def __init__(self, note: Path, way: Callable[[Path, str], None]) -> None:
        self.lines: list[str] = []
        self._note, self._way = note, way
        self._stop = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Others:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(1 / 30):
            line = f"- theirs {len(self.lines)}\n"
            self._way(self._note, line)
            self.lines.append(line)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    (tmp_path / "vault" / ".obsidian").mkdir(parents=True)
    note = tmp_path / "vault" / "Plan.md"
    note.write_text(NOTE)
    return note


@pytest.fixture
def terminal(env: dict[str, str], tmp_path: Path, note: Path) -> Iterator[Terminal]:
    program: list[str | Path] = [sys.executable, "-c", LEASELESS, note]
    with Terminal(program, columns=120, rows=40, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("Alpha")
        terminal.wait_for("live")
        terminal.settle()
        yield terminal


@pytest.mark.parametrize("way", [append, rename, rewrite])
def test_nothing_of_anybody_is_lost_and_nothing_stays(
    terminal: Terminal, note: Path, way: Callable[[Path, str], None]
) -> None:
    with Others(note, way) as others:
        terminal.wait_until(lambda: bool(others.lines))
        for _ in NAMES[:4]:
            terminal.send(" j")
        terminal.wait_until(lambda: note.read_text().count("[x]") == 4)
        terminal.send("D")
        terminal.wait_for("try fri")
        terminal.send("2026-12-01\r")
        terminal.wait_until(lambda: "2026-12-01" in note.read_text() and "enter done" not in terminal.text)
        terminal.send("j q")
        asked = time.perf_counter()
        assert terminal.wait_exit() == 0
        took = time.perf_counter() - asked
    lines = note.read_text().splitlines(keepends=True)
    assert [lines.count(line) for line in others.lines] == [1] * len(others.lines)
    assert lines[2:8] == [
        *(f"- [x] {name}\n" for name in NAMES[:4]),
        "- [ ] Epsilon 📅 2026-12-01\n",
        "- [x] Zeta\n",
    ]
    assert sorted(os.listdir(note.parent)) == [".obsidian", "Plan.md"]
    assert took < LONGEST_END


def test_edits_that_cannot_be_saved_are_named_when_the_screen_is_gone(terminal: Terminal, note: Path) -> None:
    """Somebody has the note open for writing all the time; one byte would be written all the same."""
    with note.open("r+"):
        terminal.send("D")
        terminal.wait_for("try fri")
        terminal.send("2026-12-01\r")
        terminal.wait_for("in use")
        terminal.send("\x1b")
        terminal.settle()
        terminal.send("jd")
        terminal.settle()
        asked = time.perf_counter()
        terminal.send("q")
        assert terminal.wait_exit() == 1
        assert time.perf_counter() - asked < LONGEST_END
    told = terminal.output.decode().rpartition("\x1b[?1049l")[2]
    assert "Not saved: due 2026-12-01 for “Alpha”." in told
    assert "Not saved: delete “Beta”." in told
    assert note.read_text() == NOTE


def test_what_a_killed_run_leaves_is_settled_by_the_next(
    terminal: Terminal, env: dict[str, str], tmp_path: Path, note: Path
) -> None:
    with Others(note, append) as others:
        terminal.send("D")
        terminal.wait_for("try fri")
        terminal.send("2026-12-01\r")
        terminal.wait_until(lambda: "2026-12-01" in note.read_text())
        os.kill(terminal.pid, signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    program: list[str | Path] = [sys.executable, "-c", LEASELESS, note]
    with Terminal(program, columns=120, rows=40, env=env, cwd=tmp_path) as again:
        again.wait_for("live")
        again.settle()
        again.send(" ")
        again.wait_until(lambda: "- [x] Alpha" in note.read_text())
        again.send("q")
        assert again.wait_exit() == 0
    text = note.read_text()
    assert all(text.count(line) == 1 for line in others.lines)
    state = Path(env["HOME"]) / ".local" / "state" / "roadtui"
    assert [path for path in state.rglob("*") if path.parent.name in ("journal", "exchange")] == []
    assert sorted(os.listdir(note.parent)) == [".obsidian", "Plan.md"]
