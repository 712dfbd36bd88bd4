"""Standard streams that lead nowhere, or are full, or have no reader: no command fails because of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from roadtui import streams
from roadtui.cli.main import main
from tests.cli.conftest import PLAN, Shell

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell"),
    pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full"),
]

NEEDED = {
    "task": ["Plan.md:2", "--toggle"],
    "add": ["Buy milk"],
    "history prune": ["--before", "2020-01-01"],
}
"""What a command can't be run without. One that is new, and needs something, has to be added here."""


def commands(group: click.Group = main, path: str = "") -> Iterator[str]:
    """The name of every command, with the groups that it is in."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"


COMMANDS = [*commands(), "--help", "--version", "--no-such-option", "task --help"]


class Program:
    """The program as a shell runs it."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"}

    def usual(self, command: str) -> Result:
        """What it does with all three streams, in this process: each start of another takes much longer."""
        words = [*command.split(), *NEEDED.get(command, [])]
        return CliRunner().invoke(main, words, prog_name="roadtui")

    def run(self, command: str, redirection: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one command, redirected as bash writes it."""
        words = [*command.split(), *NEEDED.get(command, [])]
        return subprocess.run(
            ["bash", "-c", f'"$@" {redirection}', "bash", sys.executable, "-m", "roadtui", *words],
            cwd=self._shell.root,
            env={**self._environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``.git`` of a repository with one commit."""
    root = tmp_path_factory.mktemp("repository")
    (root / "Plan.md").write_text(PLAN)
    subprocess.run(
        "git init -q && git add -A && git -c user.name=a -c user.email=a@example.org commit -qm 1",
        shell=True,
        cwd=root,
        check=True,
    )
    return root / ".git"


@pytest.fixture
def program(shell: Shell, repository: Path) -> Program:
    shutil.copytree(repository, shell.root / ".git")
    return Program(shell)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_fails_because_of_a_stream(program: Program, command: str) -> None:
    usual = program.usual(command)
    assert usual.exception is None or isinstance(usual.exception, SystemExit)
    closed = program.run(command, ">&- 2>&- <&-")
    assert closed.returncode == usual.exit_code
    full = program.run(command, ">/dev/full")
    if usual.stdout:
        assert full.returncode == (usual.exit_code or 1)
        assert full.stderr.endswith("roadtui: The output could not be written: No space left on device.\n")
    assert "Traceback" not in full.stderr
    left = program.run(command, "<&- | true")
    assert "Traceback" not in left.stderr
    assert "Broken pipe" not in left.stderr


@pytest.mark.parametrize("command", ["tasks", "export", "--help", "--no-such-option"])
@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", "2>/dev/full"])
def test_each_stream_may_be_missing(program: Program, command: str, redirection: str) -> None:
    without = program.run(command, redirection)
    assert without.returncode == program.usual(command).exit_code
    assert "Traceback" not in without.stderr


@pytest.mark.parametrize(("status", "ended"), [(0, 1), (1, 1), (3, 3)])
def test_a_status_that_says_what_was_wrong_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int, ended: int
) -> None:
    with open("/dev/full", "wb") as full:
        out = streams.tolerant_text(full.fileno(), "utf-8", "strict", by_lines=False)
        monkeypatch.setattr(sys, "stdout", out)
        print("words")
        assert streams.finish(status) == ended
        assert "No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_what_was_written_to_a_note_is_only_what_was_wished(
    shell: Shell, program: Program, redirection: str
) -> None:
    assert program.run("task", redirection).returncode == 0
    assert (shell.root / "Plan.md").read_text() == PLAN.replace("[ ] one", "[x] one")


def test_a_reader_that_is_slow_gets_everything(shell: Shell) -> None:
    shell.write("Plan.md", "- [ ] x\n" * 20_000)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-m", "roadtui", "tasks", "Plan.md"],
        cwd=shell.root,
        env=environment,
        stdout=writer,
    ) as process:
        os.close(writer)
        with open(reader, "rb") as listing:
            assert listing.read().count(b"\n") == 20_000
    assert process.returncode == 0


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_locale_without_unicode_changes_nothing(shell: Shell, program: Program, locale: str) -> None:
    shell.write("Grüße.md", "- [ ] 📚 café\n")
    ascii_only = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for command in ("tasks", "status", "next"):
        usual, here = program.usual(command), program.run(command, "", **ascii_only)
        assert (here.returncode, here.stdout, here.stderr) == (usual.exit_code, usual.stdout, usual.stderr)
    done = program.run("task Grüße.md:1 --text 📖", "", **ascii_only)
    assert (done.returncode, done.stdout) == (0, "Grüße.md:1  [ ] 📖\n")
    assert (shell.root / "Grüße.md").read_text() == "- [ ] 📖\n"
