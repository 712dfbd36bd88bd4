"""The real program in a terminal, beside real programs that sync its vault with a folder, or edit its note.

python -m benchmarks.real_programs [--program NAME …] [--ticks NUMBER] [--pause SECONDS]

Each tick of ours turns another task, and each edit of theirs another one in the same note: in the other
folder, or by an editor that reads the note, waits, and saves. A row is right if at the end each of them is in
the note, or in a file that the other program has put beside it, of which the user was told; or if the user
was told that it is gone. Programs that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.leaseless_program import last_words, run_logged
from benchmarks.terminal import Terminal, environment

BETWEEN_READ_AND_SAVE = 0.3
"""Seconds that an editor holds the note's text before it saves."""
HEADS = ("ours", "ours_lost", "ours_told", "theirs", "theirs_lost", "beside", "files", "carried_on")


@dataclass
class Row:
    """What one run came to."""

    program: str
    ours: int = 0
    ours_lost: list[int] = field(default_factory=list)
    """Ticks that are in no file, without a word."""
    ours_told: int = 0
    """Ticks that are not in the note, and the user was told."""
    theirs: int = 0
    theirs_lost: list[int] = field(default_factory=list)
    """Edits that are in no file of the vault."""
    beside: int = 0
    """Edits of anybody that are not in the note, but in a file that the other program put beside it."""
    files: list[str] = field(default_factory=list)
    """The names of those files, of which the user was told."""
    carried_on: list[str] = field(default_factory=list)
    """Temporary files of ours that came to the other folder."""

    @property
    def is_right(self) -> bool:
        """Whether nobody lost anything."""
        return not (self.ours_lost or self.theirs_lost or self.carried_on)


class Folders:
    """The vault, the folder that it is synced with, and the home of the programs that do so."""

    def __init__(self, top: Path) -> None:
        self.home, self.vault, self.other = top / "home", top / "vault", top / "other"
        for folder in (self.home, self.vault / ".obsidian", self.other):
            folder.mkdir(parents=True)
        self.env = environment(self.home)

    def run(self, *command: str | Path) -> None:
        """Run a program to its end, and answer yes. Its exit status is its own affair: files are compared."""
        subprocess.run(
            command,
            env=self.env,
            cwd=self.home,
            input=b"y\n" * 9,
            capture_output=True,
            timeout=60,
            check=False,
        )


class Editing:
    """One program at work: `edit` makes one edit of theirs, and brings what there is to both folders."""

    def __init__(self, folders: Folders, stack: ExitStack) -> None:
        self.folders = folders
        self.start(stack)

    def start(self, stack: ExitStack) -> None:
        """Bring the vault to the other folder."""

    def edit(self, number: int) -> bool:
        """Make one edit; False where the note is not there to be edited."""
        note = self.folders.other / "Plan.md"
        try:
            text = note.read_text()
            note.write_text(text.replace(f"- [ ] theirs {number}\n", f"- [x] theirs {number}\n"))
        except FileNotFoundError:
            return False
        self.sync()
        return True

    def sync(self) -> None:
        """Sync both folders once."""


class OneWay(Editing):
    """A program that copies one way: what is there is fetched, edited, and sent back."""

    command: tuple[str, ...] = ()

    def _copy(self, source: Path, target: Path) -> None:
        self.folders.run(*self.command, f"{source}/", f"{target}/")

    def edit(self, number: int) -> bool:
        """Fetch the vault, edit there, and send it back."""
        self._copy(self.folders.vault, self.folders.other)
        return super().edit(number)

    def sync(self) -> None:
        """Send it back."""
        self._copy(self.folders.other, self.folders.vault)


class Rsync(OneWay):
    """Writes a new file and renames it."""

    command = ("rsync", "-a", "--checksum")


class RsyncInPlace(OneWay):
    """Writes into the note."""

    command = ("rsync", "-a", "--checksum", "--inplace")


class RsyncDelayed(OneWay):
    """Renames all files at the end."""

    command = ("rsync", "-a", "--checksum", "--delay-updates")


class RcloneSync(OneWay):
    """Makes one folder like the other."""

    command = ("rclone", "sync", "--checksum")


class RcloneBisync(Editing):
    """Renames both versions of a conflict."""

    def start(self, stack: ExitStack) -> None:
        """Make its first listings."""
        self.sync("--resync")

    def sync(self, *options: str) -> None:
        """Sync both ways."""
        both = (self.folders.vault, self.folders.other)
        self.folders.run("rclone", "bisync", *both, "--workdir", self.folders.home / "bisync", *options)


class Unison(Editing):
    """Takes the newer version of a conflict, and keeps the other one."""

    def start(self, stack: ExitStack) -> None:
        """Make its archives."""
        self.folders.env["UNISON"] = str(self.folders.home / "unison")
        self.sync()

    def sync(self) -> None:
        """Sync both ways."""
        options = ("-batch", "-auto", "-times", "-ui", "text", "-prefer", "newer", "-copyonconflict")
        # A tick does not change the note's size, which its fast check takes for no change.
        both = (self.folders.vault, self.folders.other)
        self.folders.run("unison", *both, *options, "-fastcheck", "false")


class Syncthing(Editing):
    """Two of them on this machine, which know each other's address."""

    def start(self, stack: ExitStack) -> None:
        """Start both, and wait until the vault is in both folders."""
        homes = [self.folders.home / name for name in ("one", "two")]
        for home in homes:
            self.folders.run("syncthing", "generate", f"--home={home}", "--no-default-folder")
        ids = [
            subprocess.run(
                ["syncthing", f"--home={home}", "--device-id"], capture_output=True, text=True, check=True
            ).stdout.strip()
            for home in homes
        ]
        addresses, ports = [_free_port() for _ in homes], [_free_port() for _ in homes]
        places = (self.folders.vault, self.folders.other)
        for home, place, address, port in zip(homes, places, addresses, ports, strict=True):
            command = ["syncthing", "serve", f"--home={home}", "--no-browser", "--no-restart", "--no-upgrade"]
            command += [f"--gui-address=127.0.0.1:{port}", "--gui-apikey=key"]
            program = subprocess.Popen(command, env=self.folders.env, stdout=subprocess.DEVNULL)
            stack.callback(program.wait, 10)
            stack.callback(program.terminate)
            self._configure(port, place, address, dict(zip(ids, addresses, strict=True)))
        self._ports = ports
        _wait_until(lambda: (self.folders.other / "Plan.md").exists())

    def _configure(self, port: int, place: Path, address: int, devices: dict[str, int]) -> None:
        config = partial(_ask, port, "/rest/config")
        _wait_until(lambda: config() is not None)
        wanted = config()
        assert wanted is not None
        wanted["options"] |= {
            "listenAddresses": [f"tcp://127.0.0.1:{address}"],
            "globalAnnounceEnabled": False,
            "localAnnounceEnabled": False,
            "relaysEnabled": False,
            "natEnabled": False,
            "crashReportingEnabled": False,
            "urAccepted": -1,
        }
        wanted["devices"] = [
            {"deviceID": each, "addresses": [f"tcp://127.0.0.1:{at}"]} for each, at in devices.items()
        ]
        wanted["folders"] = [
            {
                "id": "vault",
                "path": str(place),
                "fsWatcherDelayS": 1,
                "devices": [{"deviceID": each} for each in devices],
            }
        ]
        _ask(port, "/rest/config", wanted)

    def sync(self) -> None:
        """Have the other folder scanned at once; the vault is watched."""
        _ask(self._ports[1], "/rest/db/scan?folder=vault", {})
        time.sleep(1.0)


class Editor(Editing):
    """A program that reads the note, waits, and saves over whatever is there then."""

    def command(self, number: int) -> list[str]:
        """What edits the vault's note."""
        raise NotImplementedError

    def edit(self, number: int) -> bool:
        """Make one edit in the vault itself."""
        self.folders.run(*self.command(number), self.folders.vault / "Plan.md")
        return True


class Vim(Editor):
    """Renames the old note away and writes a new one. Asks before it saves over a changed note: yes."""

    backupcopy = "no"

    def command(self, number: int) -> list[str]:
        """Replace, wait and write."""
        return [
            *("vim", "-Nu", "NONE", "-n", "-es", f"+set backup bdir=/tmp backupcopy={self.backupcopy}"),
            *(f"+%s/\\[ ] theirs {number}$/[x] theirs {number}/",),
            *(f"+sleep {BETWEEN_READ_AND_SAVE * 1000:.0f}m", "+w!", "+q!"),
        ]


class VimInPlace(Vim):
    """Writes into the note."""

    backupcopy = "yes"


class Emacs(Editor):
    """Asks before it saves over a note that was changed: yes."""

    def command(self, number: int) -> list[str]:
        """The same by the functions that its keys call."""
        return ["emacs", "-Q", "--batch", "-l", str(self._script(number))]

    def edit(self, number: int) -> bool:
        """Make one edit in the vault itself."""
        self.folders.run(*self.command(number))
        return True

    def _script(self, number: int) -> Path:
        script = self.folders.home / "edit.el"
        script.write_text(
            "(fset 'yes-or-no-p (lambda (_) t))\n"
            f'(find-file "{self.folders.vault / "Plan.md"}")\n'
            f'(re-search-forward "\\\\[ ] theirs {number}$")\n'
            f'(replace-match "[x] theirs {number}" t t)\n(sleep-for {BETWEEN_READ_AND_SAVE})\n(save-buffer)\n'
        )
        return script


PROGRAMS: dict[str, type[Editing]] = {
    "unison": Unison,
    "rclone bisync": RcloneBisync,
    "rclone sync": RcloneSync,
    "rsync": Rsync,
    "rsync --inplace": RsyncInPlace,
    "rsync --delay-updates": RsyncDelayed,
    "syncthing": Syncthing,
    "vim": Vim,
    "vim backupcopy=yes": VimInPlace,
    "emacs": Emacs,
}


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _ask(port: int, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """The answer of a Syncthing; None while there is none."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"X-API-Key": "key"})
    if body is not None:
        request.method = "POST" if "scan" in path else "PUT"
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = answer.read()
    except (urllib.error.URLError, ConnectionError):
        return None
    parsed: dict[str, Any] = json.loads(found) if found else {}
    return parsed


def _wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("the other program does not get ready")
        time.sleep(0.1)


class Others:
    """Edits of theirs, one after the other, in a process of their own."""

    def __init__(self, editing: Editing, most: int) -> None:
        self._editing = editing
        self._most = most
        self.made = 0

    def run(self, pause: float, is_over: Callable[[], bool]) -> None:
        """Edit until it is over; then bring all there is to both folders."""
        while not is_over() and self.made < self._most:
            if not self._editing.edit(self.made):
                break
            self.made += 1
            time.sleep(random.uniform(0.2, pause))
        for _ in range(5):  # A copy is made in the other folder first, and a sync that failed is made up for.
            time.sleep(1.0)
            self._editing.sync()


def _turned(whose: str, text: str, most: int) -> set[int]:
    lines = set(text.splitlines())
    return {number for number in range(most) if f"- [x] {whose} {number}" in lines}


def run(row: Row, ticks: int, pause: float, top: Path) -> None:
    """Tick beside one program, quit, and fill in its row."""
    folders = Folders(top)
    note, events = folders.vault / "Plan.md", top / "events"
    most = 20 * ticks
    tasks = ("".join(f"- [ ] {whose} {number}\n" for number in range(most)) for whose in ("own", "theirs"))
    note.write_text("# Plan\n\n{}\n## Theirs\n\n{}".format(*tasks))
    for number in range(3):  # Rclone does nothing where all there is was changed.
        (folders.vault / f"Other {number}.md").write_text("Nobody edits this.\n")
    env = environment(folders.home / "ours", PYTHONPATH=os.pathsep.join(sys.path))
    program = [sys.executable, "-m", "benchmarks.real_programs", "--be-program", str(events), str(note)]
    with ExitStack() as stack:
        others = Others(PROGRAMS[row.program](folders, stack), most)
        terminal = stack.enter_context(Terminal(program, columns=120, rows=40, env=env, cwd=top))
        terminal.wait_for("live")
        terminal.settle()
        is_over = False
        editing = Thread(target=others.run, args=(pause, lambda: is_over))
        editing.start()
        terminal.send("j")
        for _ in range(ticks):
            terminal.run_for(random.uniform(0.5, 1.0) * pause)
            terminal.send("j ")
        is_over = True
        while editing.is_alive():
            terminal.run_for(0.1)
        terminal.run_for(4.0)
        terminal.send("q")
        terminal.wait_exit(30)
        words = last_words(terminal.output)
    row.theirs = others.made
    _take_stock(row, folders, events, words, most)


def _take_stock(row: Row, folders: Folders, events: Path, words: str, most: int) -> None:
    log = [json.loads(line) for line in events.read_text().splitlines()]
    told = words + "".join(title for kind, title in log if kind == "notify")
    told += "".join(title for kind, title in log if kind in ("transaction_refused", "edit_lost"))
    asked = {int(title.split("own ")[1].rstrip("”")) for kind, title in log if kind == "submit"}
    note = folders.vault / "Plan.md"
    text = note.read_text() if note.exists() else ""
    copies = [path for path in folders.vault.iterdir() if path.name.startswith("Plan") and path != note]
    copies = [path for path in copies if path.name in told or not text]  # That a note is gone is shown.
    row.files = [path.name for path in copies]
    beside = "".join(path.read_text() for path in copies)
    row.ours = len(asked)
    missing = {"own": asked - _turned("own", text, most)}
    missing["theirs"] = set(range(row.theirs)) - _turned("theirs", text, most)
    in_copies = {whose: numbers & _turned(whose, beside, most) for whose, numbers in missing.items()}
    row.beside = sum(map(len, in_copies.values()))
    gone = missing["own"] - in_copies["own"]
    row.ours_lost = sorted(number for number in gone if f"own {number}”" not in told)
    row.ours_told = len(gone) - len(row.ours_lost)
    row.theirs_lost = sorted(missing["theirs"] - in_copies["theirs"])
    row.carried_on = [path.name for path in folders.other.rglob("*roadtui*")]


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--program", choices=PROGRAMS, nargs="+", default=list(PROGRAMS))
    parser.add_argument("--ticks", type=int, default=25)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two ticks, at most")
    parser.add_argument("--be-program", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be_program:
        run_logged(options.be_program[0], str(options.be_program[1]))
        return
    print(f"{'':6}{'program':24}" + "".join(f"{head:>12}" for head in HEADS))
    for name in options.program:
        if shutil.which(name.split()[0]) is None:
            continue
        row = Row(name)
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as top:
            run(row, options.ticks, options.pause, Path(top))
        values = [getattr(row, head) for head in HEADS]
        numbers = "".join(f"{len(value) if isinstance(value, list) else value:>12}" for value in values)
        details = [f"{head} {getattr(row, head)}" for head in HEADS if "lost" in head and getattr(row, head)]
        print(
            f"{'right' if row.is_right else 'wrong':6}{name:24}{numbers}",
            *details,
            *row.carried_on,
            flush=True,
        )


if __name__ == "__main__":
    main()
