"""Following a link and going back, as a user does it in a terminal."""

from pathlib import Path

from tests.e2e.conftest import Start, make_note

HUB = b"# Start\n- [ ] first\n- [ ] see [[Other#Part two]]\n- [ ] new [[Fresh]]\n"
OTHER = b"# Part one\n- [ ] a\n# Part two\n- [ ] b\n"


def test_follow_go_back_create_and_undo(start: Start, tmp_path: Path) -> None:
    note = make_note(tmp_path, HUB)
    note.with_name("Other.md").write_bytes(OTHER)
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send("jj\r")
    terminal.wait_for("Part two")
    terminal.send(" ")  # On a heading: nothing is ticked.
    terminal.send("j ")
    terminal.wait_until(lambda: note.with_name("Other.md").read_bytes() == OTHER.replace(b"[ ] b", b"[x] b"))
    terminal.send("\x7f")
    terminal.wait_for("new Fresh")
    terminal.send("j\r")
    terminal.wait_for("create it")
    terminal.send("y")
    fresh = note.with_name("Fresh.md")
    terminal.wait_until(fresh.exists)
    assert fresh.read_bytes() == b""
    terminal.wait_for("Created Fresh.md")
    terminal.send("u")
    terminal.wait_until(lambda: not fresh.exists())
    terminal.wait_for("new Fresh")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert note.read_bytes() == HUB
    assert sorted(path.name for path in note.parent.iterdir()) == [".obsidian", "Other.md", "Plan.md"]
