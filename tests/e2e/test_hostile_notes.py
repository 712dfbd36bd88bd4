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
