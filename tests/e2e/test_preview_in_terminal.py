"""The preview in a real terminal: it shows the note, changes none, and no text of a note controls it."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import Start, make_note

TASKS = 20
NOTE = ("Some **bold** words.\r\n\r\n" + "".join(f"- [ ] Task {n}  \r\n" for n in range(TASKS))).encode()


def test_ticks_while_the_preview_is_open_change_their_bytes_alone(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, NOTE)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("v")
    terminal.wait_for("Some bold words.")
    terminal.send(" j" * TASKS)
    wanted = NOTE.replace(b"[ ]", b"[x]")
    terminal.wait_until(lambda: note.read_bytes() == wanted)
    terminal.wait_until(lambda: terminal.text.count(f"● Task {TASKS - 1}") == 2)
    terminal.send("u" * TASKS)
    terminal.wait_until(lambda: note.read_bytes() == NOTE)
    terminal.wait_until(lambda: terminal.text.count("○ Task 0") >= 2)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_it_is_open_again_at_the_next_start(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, NOTE)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("v")
    terminal.wait_for("Some bold words.")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    start(note).wait_for("Some bold words.")
    assert note.read_bytes() == NOTE


def test_no_text_of_a_note_controls_the_terminal(start: Start, tmp_path: Path) -> None:
    parts = (
        "Words \x1b]52;c;aGk=\x07 here\n",
        "```x\x1b[31m\n\x1bcin code\n```\n",
        "| \x1b[2J | [a\x9b31m](b\x1bc) |\n|---|---|\n| ![\x1b[1m](x\x07) | `\x1b[5m` |\n",
        "> [!\x1b[7m] \x1b[8m\n",
        "- [ ] a\n",
    )
    terminal = start(make_note(tmp_path, "\n".join(parts).encode()))
    terminal.wait_for("live")
    terminal.send("v")
    terminal.wait_for("Words ␛]52;c;aGk=␇ here")
    terminal.settle()
    for sequence in (b"\x1b]52", b"\x1b[2J", b"\x1bc", b"\x1b[5m", b"\x1b[8m", b"\x07", b"\xc2\x9b"):
        assert sequence not in terminal.output.partition(b"Words ")[2]
