"""The saved frame: never shown where anything has changed; how soon it stands, against a bare app.

`python -m benchmarks saved_frame` edits a vault a thousand times in all ways that programs have:
before, while and after a frame of it is saved. Each time it starts, and a frame that is shown must say what
is on disk. Then the whole program starts in a real terminal.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

import pyte

from benchmarks import notes, vaults
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from roadtui import saved_frame
from roadtui.cli.start_files import start_files
from roadtui.cli.vault_argument import CliContext, make_vault, resolve_target, settings_reader
from roadtui.config import state_folder, views_file
from roadtui.session.find.saved_views import SavedViews
from roadtui.session.frame_dependencies import ProgramStart
from roadtui.session.frame_view import FrameView, ShownFrame
from roadtui.session.outline.saved_positions import ViewPosition
from roadtui.session.saved_frames import FrameStore

STARTS = 1_000
ROUNDS = 5
BIG_VAULT = 10_000
LONGEST_LOAD = 600
"""Seconds that it may take to read a vault."""
SIZE = (160, 45)
CURSOR_ROW = "2a3140"
"""The background of the row that the cursor is on."""

STARTED = b"\x1b[?2004h"
"""Of what a Textual app writes when it takes the terminal."""

ROOT = Path(__file__).parent.parent


Edit = Callable[[], object]

# Whether a frame ever lies


class EditedVault:
    """A vault, and everything else that the dashboard depends on, edited from outside."""

    def __init__(self, home: Path, seed: int) -> None:
        self.draw = random.Random(seed)
        self.home = home
        self.root = home / "vault"
        self.config = home / ".config" / "roadtui"
        vaults.make_vault(self.root, notes=40, bytes=40_000, seed=seed)
        plugin = self.root / ".obsidian" / "plugins" / "obsidian-tasks-plugin"
        plugin.mkdir(parents=True)
        (self.root / ".obsidian" / "community-plugins.json").write_text('["obsidian-tasks-plugin"]')
        self.config.mkdir(parents=True)
        for name in ("one", "two"):
            (home / name).mkdir()
            (home / name / f"{name}.md").write_text(f"- [ ] {name}\n")
        (self.root / "linked").symlink_to(home / "one")
        self.number = 0

    def note(self) -> Path:
        """Any note."""
        return self.draw.choice(sorted(self.root.rglob("*.md")))

    def edits(self) -> dict[str, Callable[[], object]]:
        """All ways to edit, by name."""
        obsidian = self.root / ".obsidian"
        plugin = obsidian / "plugins" / "obsidian-tasks-plugin" / "data.json"
        return {
            "nothing": lambda: None,
            "in place, same size": self._tick,
            "in place, time set back": lambda: self._tick(back=True),
            "longer": lambda: self._append(self.note()),
            "replaced": self._replace,
            "replaced, time copied": lambda: self._replace(copied=True),
            "new note": lambda: self._new(self.note().parent),
            "note deleted": self._delete,
            "note renamed": lambda: self._rename(self.note()),
            "notes swapped": self._swap,
            "folder renamed": lambda: self._rename(self.note().parent),
            "note where a link leads": lambda: self._append(self.draw.choice(self._linked())),
            "link that leads elsewhere": self._relink,
            "config": lambda: self._write(
                self.config / "config.toml", f"grace_days = {self.draw.randrange(6)}\n"
            ),
            "settings": lambda: self._write(
                self.config / "settings.toml", f"focus_minutes = {self.draw.randint(1, 60)}\n"
            ),
            "views": lambda: self._write(
                self.config / "views.toml", f'[views]\nV{self.draw.randrange(99)} = "is:open"\n'
            ),
            "settings of Obsidian": lambda: self._write(
                obsidian / "app.json", f'{{"tabSize": {self.draw.randint(1, 9)}}}'
            ),
            "settings of Tasks": lambda: self._write(plugin, f'{{"globalFilter": "#{self.draw.random()}"}}'),
        }

    def state(self) -> str:
        """A fingerprint of everything that is edited, as it is on disk."""
        found = blake2b(digest_size=16)
        for folder in (self.root, self.config):
            for path in sorted(self._walk(folder)):
                found.update(os.fsencode(path) + b"\0" + path.read_bytes() + b"\0")
        return found.hexdigest()

    def _walk(self, folder: Path) -> Iterator[Path]:
        for where, _, names in os.walk(folder, followlinks=True):
            yield from (Path(where, name) for name in names)

    def _linked(self) -> list[Path]:
        return sorted((self.root / "linked").iterdir())

    def _tick(self, *, back: bool = False) -> None:
        path = self.note()
        before = path.stat()
        text = path.read_text()
        at = text.find("- [")
        if at < 0:
            return
        mark = "x" if text[at + 3] == " " else " "
        with open(path, "r+") as file:
            file.write(text[: at + 3] + mark + text[at + 4 :])
        if back:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _append(self, path: Path) -> None:
        with open(path, "a") as file:
            file.write(f"- [ ] {self.draw.random()}\n")

    def _replace(self, *, copied: bool = False) -> None:
        path = self.note()
        beside = path.with_name(".beside")
        text = path.read_text()
        beside.write_text(text.swapcase())
        if copied:
            shutil.copystat(path, beside)
        beside.replace(path)

    def _new(self, folder: Path) -> None:
        self.number += 1
        (folder / f"new {self.number}.md").write_text("- [ ] new\n")

    def _delete(self) -> None:
        paths = sorted(self.root.rglob("*.md"))
        if len(paths) > 20:
            self.draw.choice(paths).unlink()

    def _rename(self, path: Path) -> None:
        self.number += 1
        if path != self.root and not path.is_symlink():
            path.rename(path.with_name(f"{path.stem[:12]} {self.number}{path.suffix}"))

    def _swap(self) -> None:
        one, other = self.note(), self.note()
        if one != other:
            beside = one.with_name(".swapped")
            one.rename(beside)
            other.rename(one)
            beside.rename(other)

    def _relink(self) -> None:
        link = self.root / "linked"
        target = self.home / ("two" if link.resolve().name == "one" else "one")
        link.unlink()
        link.symlink_to(target)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)


def read_and_save(vault: EditedVault, between: Edit, beside: Edit) -> bool:
    """Read the vault as a run of the program does, and save a frame of its state; whether it was saved.

    Args:
        vault: The vault.
        between: Called when all is read, before it is saved.
        beside: Called in a thread while it is saved.
    """
    start = ProgramStart(time.time_ns(), time.monotonic_ns())
    context = CliContext(settings_reader())
    target = resolve_target(None, context)
    assert target is not None
    settings = context.settings
    views = SavedViews(context.config.views, views_file())
    views.load()
    shown_state = vault.state()
    model = make_vault(target, context)
    for _ in model.load():
        pass
    if vault.state() != shown_state:
        raise AssertionError("nobody else edits")
    between()
    first = next(iter(model.snapshot.notes.values()))
    view = FrameView(first.path, first.digest, ViewPosition("", 0, ()))
    store = FrameStore(model, settings, views_file(), [], lambda: start_files(None, context, target), start)
    thread = threading.Thread(target=beside)
    thread.start()
    shown = ShownFrame(f"\x1b[1;1H{shown_state}", SIZE, view, model.snapshot)
    was_saved = store.save(shown, views.is_up_to_date)
    thread.join()
    return was_saved


@contextmanager
def user(home: Path) -> Iterator[None]:
    """Be the user whose home is `home`, in the vault there."""
    before = Path.cwd()
    variables = environment(home, XDG_CACHE_HOME=str(home / "cache"))
    with patch.dict(os.environ, variables, clear=True):
        os.chdir(home / "vault")
        try:
            yield
        finally:
            os.chdir(before)


def starts_after_edits(count: int = STARTS, seed: int = 1) -> tuple[int, Counter[str], list[str]]:
    """Start `count` times after edits; frames shown, what happened, and the edits that were lied about."""
    happened: Counter[str] = Counter()
    lies: list[str] = []
    shown = 0
    with tempfile.TemporaryDirectory() as folder:
        vault = EditedVault(Path(folder), seed)
        with user(Path(folder)):
            state_folder().mkdir(parents=True)
            for _ in range(count):
                edits = vault.edits()
                name = vault.draw.choice(sorted(edits))
                when = vault.draw.choice(("between", "beside", "after", "after", "after"))
                pause = vault.draw.choice((0.0, 0.0, 0.001, 0.003, 0.01))

                def edit(edit: Callable[[], object] = edits[name], pause: float = pause) -> None:
                    time.sleep(pause)
                    edit()

                def nothing() -> None:
                    pass

                was_saved = read_and_save(
                    vault, edit if when == "between" else nothing, edit if when == "beside" else nothing
                )
                if when == "after":
                    edit()
                frame = saved_frame.find([], SIZE)
                happened[f"{name}: {'saved' if was_saved else 'not saved'}"] += 1
                if frame is not None:
                    shown += 1
                    happened[f"{name}: shown"] += 1
                    if frame.screen.decode() != f"\x1b[1;1H{vault.state()}":
                        lies.append(f"{name}, {when}")
                for file in Path(saved_frame.frames_folder()).glob("*"):
                    file.unlink()
    return shown, happened, lies


# How soon it is there


class Replayed:
    """When what a program wrote had which effect on the screen."""

    def __init__(self, terminal: Terminal) -> None:
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self._screen)
        self._terminal = terminal

    def first(self, holds: Callable[[pyte.Screen], bool]) -> float:
        """Seconds from the start of the program until `holds`; infinite if it never does."""
        for chunk in self._terminal.chunks:
            self._stream.feed(chunk.data.replace(b"\x1b[<u", b""))
            if holds(self._screen):
                return chunk.at - self._terminal.started
        return float("inf")


def cursor_row(screen: pyte.Screen) -> int | None:
    """The row of the tree that the cursor is on."""
    rows = (row for row in range(SIZE[1]) if screen.buffer[row][60].bg == CURSOR_ROW)
    return next(rows, None)


def measure(
    argv: list[str], env: dict[str, str], sign: str, key: str, acted: Callable[[pyte.Screen], bool]
) -> tuple[float, float, float]:
    """Seconds to the first full screen, until a key acts that is typed at once, and from `q` to the end."""
    with Terminal(argv, env=env, cwd=ROOT) as terminal:
        terminal.send(key)
        terminal.wait_for(sign, 60)
        terminal.wait_until(lambda: STARTED in terminal.output, 60)
        terminal.settle(1.5, 60)
        first = Replayed(terminal).first(lambda screen: sign in "\n".join(screen.display))
        acts = Replayed(terminal).first(acted)
        asked = terminal.send("\x11" if "benchmarks.bare_app" in argv else "q")
        terminal.wait_exit(30)
        return first, acts, time.perf_counter() - asked


def leave_when_saved(program: list[str], env: dict[str, str], home: Path) -> None:
    """Run the program until it has saved a frame, as nothing happens any more, and leave it."""

    def saved() -> set[int]:
        return {file.stat().st_ino for file in (home / ".cache" / "roadtui" / "frames").glob("*.frame")}

    before = saved()
    with Terminal(program, env=env, cwd=ROOT) as terminal:
        terminal.wait_until(lambda: saved() != before, LONGEST_LOAD)
        terminal.send("q")
        terminal.wait_exit(60)


def speed(note: Path, title: str, sign: str) -> None:
    """Measure later starts on a note or vault, and print them against a bare app."""
    home = note.parent if note.parent.name != "vault" else note.parent.parent
    env = environment(home, PYTHONPATH=str(ROOT))
    program = [str(Path(sys.executable).with_name("roadtui")), str(note)]
    bare = [sys.executable, "-m", "benchmarks.bare_app"]
    time.sleep(5)  # The files are old then.
    leave_when_saved(program, env, home)
    ours: list[tuple[float, float, float]] = []
    theirs: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS):
        row: list[int | None] = []

        def moved(screen: pyte.Screen, row: list[int | None] = row) -> bool:
            now = cursor_row(screen)
            if now is not None and not row:
                row.append(now)
            return now is not None and bool(row) and now != row[0]

        leave_when_saved(program, env, home)
        ours.append(measure(program, env, sign, "j" if len(ours) % 2 == 0 else "k", moved))
        theirs.append(measure(bare, env, "row 0001", "j", lambda screen: bool(screen.buffer[1][0].reverse)))
    names = "first full screen, later start", "a key typed at once acts", "q until the end"
    goals = "ratio ≤ 0.15", "ratio ≤ 1.25", "ratio ≤ 1"
    show(
        f"{title}, 160x45, medians of {ROUNDS} starts",
        "bare Textual app",
        [
            Result(
                name,
                statistics.median(one[at] for one in ours) * 1e3,
                "ms",
                goals[at],
                statistics.median(one[at] for one in theirs) * 1e3,
            )
            for at, name in enumerate(names)
        ],
    )


def main() -> None:
    """Start a thousand times after edits, then measure."""
    shown, happened, lies = starts_after_edits()
    print(
        f"\n{STARTS} starts after edits from outside: {shown} frames shown, {len(lies)} not what is on disk"
    )
    for lie in lies:
        print(f"  {lie}")
    for what, number in sorted(happened.items()):
        print(f"  {number:5} {what}")
    with tempfile.TemporaryDirectory() as folder:
        speed(notes.write_vault(Path(folder, "vault")), "The seed-like note", notes.FIRST_TASK)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "vault")
        vaults.make_vault(root, BIG_VAULT, 50_000_000, 1)
        (root / ".obsidian").mkdir()
        speed(root, f"A vault of {BIG_VAULT:,} notes", "%")


if __name__ == "__main__":
    main()
