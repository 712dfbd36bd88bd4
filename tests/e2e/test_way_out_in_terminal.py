"""From a note of 64 open tasks to a plan, in a real terminal, in fewer than forty keys."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.conftest import Start, make_note

ROADMAP = Path(__file__).parents[2] / "sample_vault" / "roadmaps" / "ML Roadmap.md"


def test_the_note_as_found_becomes_a_plan_and_one_undo_takes_it_back(start: Start, tmp_path: Path) -> None:
    text = re.sub(
        r"(?m)\[.\] |(?: [✅🛫⛔⏳📅] ?[\w-]+)+$",
        lambda found: "[ ] " if found[0][0] == "[" else "",
        ROADMAP.read_text("utf-8"),
    )
    note = make_note(tmp_path, text.encode())
    terminal = start(note)
    terminal.wait_for("live")
    pressed = 0

    def press(keys: str) -> None:
        nonlocal pressed
        pressed += 1
        terminal.send(keys)
        terminal.settle()

    press("!")
    terminal.wait_for("64 open")
    terminal.wait_for("TWO MINUTES")
    press(" ")
    terminal.wait_until(lambda: note.read_bytes().count(b"[x]") == 1)
    ticked = note.read_bytes()
    terminal.wait_for("63 open")
    press("\t")
    terminal.wait_for("DECISION")
    for keys in ("j", "k", "k", "l"):
        press(keys)
    terminal.wait_for("later, from")
    press("\r")
    terminal.wait_for("63 open → ")
    press("x")
    terminal.wait_for("become [-]")
    assert note.read_bytes() == ticked
    for keys in ("\t", " ", " ", " "):
        press(keys)
    terminal.wait_for("3 get ⏳")
    press("\r")
    terminal.wait_until(lambda: b"[-]" in note.read_bytes())
    assert pressed < 40
    old, new = ticked.splitlines(), note.read_bytes().splitlines()
    assert len(old) == len(new)
    changed = [line for line, was in zip(new, old, strict=True) if line != was]
    assert all(b"[-]" in line or "🛫".encode() in line or "⏳".encode() in line for line in changed)
    terminal.settle()
    terminal.send("u")
    terminal.wait_until(lambda: note.read_bytes() == ticked)
    terminal.settle()
    terminal.send("q")
    assert terminal.wait_exit() == 0
