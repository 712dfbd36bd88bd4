"""The user's editor in the same terminal: what it is given and may do, and that all is as before then."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Start, make_note, wait_until

NOTE = b"# Top\n- [ ] Alpha\n- [ ] Beta\n- [ ] Gamma\n"
WAIT = "while [ ! -e go ]; do sleep 0.02; done"

Editor = Callable[..., Path]


@pytest.fixture
def editor(tmp_path: Path, env: dict[str, str]) -> Editor:
    """Make the editor `vim` of a shell script, and have VISUAL name it."""

    def make(script: str, name: str = "vim") -> Path:
        program = tmp_path / "my editors" / name
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > arguments\n{script}\n')
        program.chmod(0o755)
        env["VISUAL"] = f"'{program}' -n"
        return program

    return make


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make_note(tmp_path, NOTE)


def test_editor_changes_the_note_at_the_line(
    start: Start, note: Path, editor: Editor, tmp_path: Path
) -> None:
    editor('sed -i "${2#+}s/.*/- [ ] Between\\n&/" "$3"')
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("jj ")  # The tick is on its way to the disk when the editor is asked for.
    terminal.send("E")
    terminal.wait_for("Between")
    assert note.read_bytes() == NOTE.replace(b"- [ ] Beta", b"- [ ] Between\n- [x] Beta")
    assert (tmp_path / "arguments").read_text().splitlines() == ["-n", "+3", str(note)]
    terminal.send(" ")  # The cursor is on its row.
    terminal.wait_until(lambda: b"- [ ] Beta" in note.read_bytes())
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_keys_of_the_editor_are_its_own(start: Start, note: Path, editor: Editor, tmp_path: Path) -> None:
    editor(f"trap 'touch interrupted' INT\necho READY\nread line; echo \"$line\" > typed\n{WAIT}")
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for("READY")
    terminal.send("q x\r")
    terminal.wait_until((tmp_path / "typed").exists)
    terminal.send("\x03")
    terminal.wait_until((tmp_path / "interrupted").exists)
    (tmp_path / "go").touch()
    terminal.wait_for("Gamma")
    assert (tmp_path / "typed").read_text() == "q x\n"
    assert note.read_bytes() == NOTE
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_a_key_that_was_pressed_twice_opens_one_editor(
    start: Start, note: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(f"echo started >> starts\necho READY\n{WAIT}")
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("EE")
    terminal.wait_for("READY")
    (tmp_path / "go").touch()
    terminal.wait_for("Gamma")
    terminal.send("j ")
    terminal.wait_until(lambda: b"[x] Alpha" in note.read_bytes())
    assert (tmp_path / "starts").read_text() == "started\n"


def test_editor_that_fails_is_reported_and_the_terminal_is_as_before(
    start: Start, note: Path, editor: Editor
) -> None:
    editor("stty raw -echo; printf '\\033[?1000h\\033[?2004h'; exit 3")
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for("vim ended with status 3")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


@pytest.mark.parametrize(
    ("visual", "sentence"),
    [
        (None, "No editor is set"),
        ("no-such-editor-here -x", "cannot be started"),
        ("'unclosed", "VISUAL cannot be read"),
    ],
)
def test_without_an_editor_that_is_said(
    start: Start, note: Path, env: dict[str, str], visual: str | None, sentence: str
) -> None:
    if visual is not None:
        env["VISUAL"] = visual
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for(sentence)
    terminal.send("j ")
    terminal.wait_until(lambda: b"[x] Alpha" in note.read_bytes())


def test_editor_moves_the_note(start: Start, note: Path, editor: Editor) -> None:
    editor('mv "$3" "${3%Plan.md}Moved.md"')
    terminal = start(note.parent)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for("Moved")
    terminal.send(" ")
    moved = note.with_name("Moved.md")
    terminal.wait_until(lambda: b"[x] Alpha" in moved.read_bytes())
    assert not note.exists()


def test_editor_deletes_the_note(start: Start, note: Path, editor: Editor) -> None:
    editor('rm "$3"')
    terminal = start(note.parent)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for("Renamed or deleted")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert not note.exists()


def test_the_program_is_told_to_end_while_the_editor_is_open(
    start: Start, note: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(f"trap 'touch ended; exit 1' TERM\necho READY\n{WAIT}")
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("E")
    terminal.wait_for("READY")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    wait_until((tmp_path / "ended").exists)  # The editor may end after the program.
    assert terminal.left_behind() == []
