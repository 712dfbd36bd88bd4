"""First screen, key, memory and idling of other programs for tasks in a terminal, beside ours and a bare app.

``make bench-peers`` installs each program into an environment of its own, which is kept for the next time in
``.peers/``, gives it 200 tasks, and runs all of them in turn, each in a real pty of 160x45. A program that
cannot be installed or started is named and left out. vit needs Taskwarrior, which is not a Python package.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks import notes
from benchmarks.first_screen import ROOT, Samples, take
from benchmarks.report import Result, show
from benchmarks.terminal import TerminalError, environment

ROUNDS = 5
TASKS = 200
FIRST = "Task 001"
"""The name of the first task of each program."""
ENVIRONMENTS = ROOT / ".peers"


class Peer(NamedTuple):
    """Another program."""

    package: str
    version: str
    arguments: tuple[str, ...]
    """The name of its command, and what follows it; `HOME` in them is the home folder."""
    sign: str
    """What shows that its first screen has tasks on it."""
    prepare: Callable[[Path, Path, dict[str, str]], None]
    """Gives it its tasks: with the folder of its commands, the home folder and the variables."""


def _run(command: Sequence[str | Path], variables: dict[str, str], stdin: str | None = None) -> None:
    subprocess.run(command, env=variables, input=stdin, text=True, check=True, capture_output=True)


def _dooit(commands: Path, home: Path, variables: dict[str, str]) -> None:
    code = (
        "from dooit.api import Todo, Workspace, manager\n"
        f"manager.connect({str(home / 'dooit.db')!r})\n"
        "workspace = Workspace(description='Roadmap')\n"
        "workspace.save()\n"
        f"for number in range(1, {TASKS + 1}):\n"
        "    Workspace(description=f'Task {number:03}').save()\n"
    )
    _run([commands / "python", "-c", code], variables)


def _kanban(commands: Path, home: Path, variables: dict[str, str]) -> None:
    _run([commands / "ktui", "board", "create", "Roadmap", "--set-active"], variables)
    for number in range(1, 26):  # One call each, and no more fit on its screen.
        _run([commands / "ktui", "task", "create", f"Task {number:03}"], variables)


def _vit(commands: Path, home: Path, variables: dict[str, str]) -> None:
    if shutil.which("task") is None:
        raise FileNotFoundError("Taskwarrior, the command `task`, is not installed")
    (home / ".vit").mkdir()
    (home / ".vit" / "config.ini").write_text("[vit]\n", encoding="utf-8")
    (home / ".taskrc").write_text("confirmation=off\nnews.version=99\n", encoding="utf-8")
    found = [{"description": f"Task {number:03}", "status": "pending"} for number in range(1, TASKS + 1)]
    _run(["task", "import", "-"], variables, json.dumps(found))


def _posting(commands: Path, home: Path, variables: dict[str, str]) -> None:
    folder = home / "collection"
    folder.mkdir()
    for number in range(1, TASKS + 1):
        request = f"name: Task {number:03}\nmethod: GET\nurl: http://localhost/{number}\n"
        (folder / f"task{number:03}.posting.yaml").write_text(request, encoding="utf-8")


PEERS = (
    Peer("vit", "2.3.4", ("vit",), FIRST, _vit),
    Peer("dooit", "3.3.4", ("dooit", "--db", "HOME/dooit.db"), FIRST, _dooit),
    Peer("kanban-tui", "0.21.2", ("ktui",), FIRST, _kanban),
    Peer("posting", "2.11.1", ("posting", "--collection", "HOME/collection"), FIRST, _posting),
)


@dataclass
class _Runner:
    """A program that takes its turns."""

    name: str
    arguments: tuple[str, ...]
    sign: str
    variables: dict[str, str]
    samples: Samples

    def take_turn(self, *, is_warm_up: bool) -> None:
        take(Samples() if is_warm_up else self.samples, self.arguments, self.sign, self.variables)


def _installed(peer: Peer) -> Path:
    """The folder of the commands of `peer`, in an environment that has nothing else."""
    folder = ENVIRONMENTS / f"{peer.package}-{peer.version}"
    commands = folder / "bin"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        python = str(commands / "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"{peer.package}=={peer.version}"], check=True, stderr=subprocess.DEVNULL)
        _run([python, "-m", "compileall", "-q", str(folder / "lib")], environment(folder))
        (folder / "installed").touch()
    return commands


def _ready(peer: Peer, home: Path) -> _Runner:
    commands = _installed(peer)
    home.mkdir()
    variables = environment(home, XDG_CONFIG_HOME=str(home / ".config"), XDG_DATA_HOME=str(home / ".local"))
    peer.prepare(commands, home, variables)
    arguments = tuple(part.replace("HOME", str(home)) for part in peer.arguments)
    return _Runner(
        f"{peer.package} {peer.version}",
        (str(commands / arguments[0]), *arguments[1:]),
        peer.sign,
        variables,
        Samples(),
    )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        note = notes.write_vault(Path(folder, "vault"))
        variables = environment(Path(folder), PYTHONPATH=str(ROOT))
        python = sys.executable
        bare = _Runner("bare", (python, "-m", "benchmarks.bare_app"), "row 0001", variables, Samples())
        ours = _Runner(
            "roadtui", (python, "-m", "roadtui", str(note)), notes.FIRST_TASK, variables, Samples()
        )
        runners = [bare, ours]
        for peer in PEERS:
            try:
                runner = _ready(peer, Path(folder, peer.package))
                runner.take_turn(is_warm_up=True)
            except (OSError, subprocess.CalledProcessError, TerminalError) as error:
                reason = str(error).splitlines()[0].rstrip(":")
                print(f"{peer.package} is left out: {reason}", file=sys.stderr)
            else:
                runners.append(runner)
        for runner in (bare, ours):
            runner.take_turn(is_warm_up=True)
        for _ in range(ROUNDS):
            for runner in runners:
                runner.take_turn(is_warm_up=False)
    _report(bare, runners[1:])


def _report(bare: _Runner, others: Sequence[_Runner]) -> None:
    rows: tuple[tuple[str, str, float, Callable[[Samples], list[float]]], ...] = (
        ("first screen", "ms", 1e3, lambda samples: samples.first),
        ("key to last byte", "ms", 1e3, lambda samples: samples.key),
        ("memory", "MB", 1, lambda samples: samples.memory),
        ("idle", "% of a core", 1e2, lambda samples: samples.idle),
    )
    for name, unit, factor, of in rows:
        held_against = statistics.median(of(bare.samples)) * factor
        results = [
            Result(one.name, statistics.median(of(one.samples)) * factor, unit, "", held_against)
            for one in others
        ]
        show(f"{name}, 160x45, medians of {ROUNDS} starts", "bare Textual app", results)


if __name__ == "__main__":
    main()
