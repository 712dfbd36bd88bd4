"""A note may hold anything. Whatever screen or command shows it, the terminal gets text and nothing else."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Start

PAYLOADS = {
    "clipboard (OSC 52)": "\x1b]52;c;UFdORUQ=\x07",
    "title (OSC 0)": "\x1b]0;PWNED\x1b\\",
    "clear screen (CSI)": "\x1b[2J\x1b[31mPWNED",
    "8-bit CSI (C1)": "\x9b31mPWNED",
    "8-bit OSC (C1)": "\x9d0;PWNED\x9c",
    "device status (DSR)": "\x1b[6n",
    "backspaces": "PW\b\bNED",
    "carriage return and bell": "a\x0bb\x0cc\x07",
    "bidi override": "\u202egnp.exe\u2066x\u2069\u200f",
    "lone byte": "\udcff\udc9b31m",
    "delete": "a\x7fb",
}
ACTED_ON = [text.encode("utf-8", "surrogateescape") for text in PAYLOADS.values()] + [
    b"\x1b]52",
    b"\x1b]0;PWNED",
    b"\x1b[31mPWNED",
    b"\x1b[6n",
    b"\xc2\x9b",
    b"\xc2\x9d",
    b"\x9b31m",
    "\u202e".encode(),
    "\u2066".encode(),
    "\u200f".encode(),
    b"\x7f",
]
"""What must never be among the bytes that a terminal gets."""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / ".obsidian").mkdir(parents=True)
    lines = ["# Heading [bold red]MARKUP[/] [@click=app.quit]quit[/]"]
    for name, payload in PAYLOADS.items():
        lines += [
            f"## {name} {payload}",
            f"- [ ] {name} {payload} end #tag{payload} 📅 2026-11-20",
            f"- [x] b{payload}",
        ]
    note = root / "Hostile\x1b]0;PWNED\x07 [red]$(touch pwned)\u202e.md"
    note.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    (root / "unreadable\x1b[31mPWNED.md").mkdir()
    return root


def inert(output: bytes) -> list[bytes]:
    return [payload for payload in ACTED_ON if payload in output]


@pytest.mark.parametrize(("columns", "rows"), [(160, 45), (100, 30), (60, 20)])
def test_every_screen_shows_text_and_nothing_else(start: Start, vault: Path, columns: int, rows: int) -> None:
    terminal = start("--today", "2026-11-22", vault, columns=columns, rows=rows)
    terminal.wait_for("MARKUP")
    assert "[bold red]" in terminal.text
    for keys in ("jj", " ", "u", "z", "Z", "G", "g", "\t", "jjjjjj", "\r", "\t", "?", "?", "\x10", "\x1b"):
        terminal.send(keys)
        terminal.settle(0.15)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert inert(terminal.output) == []
    assert not (vault / "pwned").exists()
    assert terminal.left_behind() == []


def test_the_guide_names_roadmaps_as_text(start: Start, vault: Path) -> None:
    names = ["One \x9b31mPWNED\u202e", "Two \x07\x9d0;PWNED\x9c [red]"]
    for name in names:
        (vault / f"{name}.md").write_text("- [ ] a step\n")
    hub = vault / "Index\x9b31mPWNED \x1b]0;PWNED\x07.md"
    hub.write_text("One [[One \x9b31mPWNED\u202e]] and [two](Two%20%07%C2%9D0;PWNED%C2%9C%20%5Bred%5D.md)\n")
    terminal = start(hub)
    terminal.wait_for("has no tasks of its own")
    for keys in ("j", "j", "k", "\r"):
        terminal.send(keys)
        terminal.settle(0.15)
    terminal.wait_for("a step")  # It was opened from the guide.
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert inert(terminal.output) == []


@pytest.mark.parametrize("name", ["a\x9b31mPWNED [red]", "b\x1b]52;c;UFdORUQ=\x07", "c\u202e\x7f\udc9b31m"])
def test_a_vault_is_named_as_text(start: Start, tmp_path: Path, name: str) -> None:
    (tmp_path / name / ".obsidian").mkdir(parents=True)
    terminal = start(tmp_path / name, columns=160)
    terminal.wait_for("No notes here yet")
    terminal.send("?")
    terminal.wait_for("of an empty note")
    terminal.send("\x1b")
    terminal.settle()
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert inert(terminal.output) == []


def test_what_is_typed_for_a_vault_comes_back_as_text(start: Start) -> None:
    terminal = start()
    terminal.wait_for("sample")
    terminal.settle()
    terminal.send("\tnowhere \u202e\x1b[200~\u009b31mPWNED [red]\u2066\x1b[201~\r")
    terminal.wait_for("no such folder")
    terminal.send("\x11")
    terminal.wait_exit()
    assert inert(terminal.output) == []
    assert terminal.left_behind() == []


def test_a_message_on_the_screen_quotes_nothing_that_acts(start: Start, tmp_path: Path) -> None:
    note = tmp_path / "Plan.md"
    payload = " ".join(PAYLOADS.values()).encode("utf-8", "surrogateescape")
    note.write_bytes(b"- [ ] quoted " + payload + b" [@click=app.quit]x[/]\n- [ ] other\n")
    terminal = start(note)
    terminal.wait_for("live")
    terminal.send(" ")
    terminal.wait_for("saved")
    note.write_bytes(b"- [ ] other\n")
    terminal.wait_until(lambda: "quoted" not in terminal.text)
    terminal.send("u")
    terminal.wait_for("no longer in this note")
    assert "quoted" in terminal.text
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert inert(terminal.output) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        ("doctor",),
        ("doctor", "--json"),
        ("doctor", "--fix"),
        ("doctor", "--undo"),
        ("tasks", "--total"),
        ("tasks", "--status", "\u202e"),
        ("tasks", "nowhere \x1b[31mPWNED \u202e"),
        ("task", "nowhere \x1b[31mPWNED \u202e.md:1"),
        ("--vault", "nowhere \x9b31mPWNED", "tasks", "note.md"),
        ("--config", "hostile.toml", "tasks"),
        ("no such \x1b]0;PWNED\x07 command",),
    ],
    ids=" ".join,
)
def test_no_command_says_anything_that_acts(
    program: Path, env: dict[str, str], vault: Path, arguments: tuple[str, ...]
) -> None:
    (vault / "Broken \x9b31mPWNED.md").write_text("- [ ] x 📅 2026-99-99 \x1b[31mPWNED [[nowhere \u202e]]\n")
    (vault / "hostile.toml").write_text('"\\u001b[31mPWNED\\u202e" = "\\u009b31mPWNED"\n')
    ran = subprocess.run([program, *arguments], env=env, cwd=vault, capture_output=True, check=False)
    assert ran.stdout or ran.stderr
    assert inert(ran.stdout + ran.stderr) == []
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [("tasks",), ("tasks", "--format", "tsv"), ("tasks", "--format", "csv"), ("tasks", "--format", "json")],
)
def test_commands_print_text_and_nothing_else(
    program: Path, env: dict[str, str], vault: Path, arguments: tuple[str, ...]
) -> None:
    ran = subprocess.run([program, *arguments, vault], env=env, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert b"MARKUP" in ran.stdout or b"clipboard" in ran.stdout
    assert inert(ran.stdout + ran.stderr) == []


def test_a_refusal_quotes_nothing_that_acts(program: Path, env: dict[str, str], vault: Path) -> None:
    (note,) = (path for path in vault.iterdir() if path.is_file())
    ran = subprocess.run(
        [program, "task", f"{note}:1", "--toggle"], env=env, capture_output=True, check=False
    )
    assert ran.returncode == 1
    assert inert(ran.stdout + ran.stderr) == []
    assert b"Traceback" not in ran.stderr
