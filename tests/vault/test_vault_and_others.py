"""The model beside other programs: it comes to equal the disk, and none of their bytes is lost."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.core.errors import RoadtuiError
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.single_edits import status_edit

PATHS = st.sampled_from(["a.md", "b.MD", "sub/a.md", "sub/deep/c.md", ".hidden/d.md", "e.txt", "sub"])
LINES = st.sampled_from(
    [
        *(
            b"- [ ] one",
            b"- [ ] two",
            b"  - [x] two",
            b"- [/] three 3",
            b"> - [ ] one",
            b"# Title",
            b"",
            b"```",
        ),
        *(b"\xff\xfe", b"- [ ] caf\xe9", "- [ ] 📚 📅 2026-03-01".encode(), b"[[a]] [[c]]"),
    ]
)
TEXTS = st.builds(
    lambda lines, end: end.join(lines), st.lists(LINES, max_size=6), st.sampled_from([b"\n", b"\r\n", b"\r"])
)
TODAY = date(2026, 3, 14)


def said(snapshot: Snapshot) -> object:
    """All that a snapshot says of the disk.

    What is at or below a path that could not be looked at is kept as it was last seen, and so left out here.
    """
    unknown = tuple(f"{problem.path}/" for problem in snapshot.problems)
    notes = {
        path: (note.digest, note.label, note.progress, [task.source for task in note.note.tasks])
        for path, note in snapshot.notes.items()
        if not f"{path}/".startswith(unknown)
    }
    hubs = {hub: [note.path for note in below] for hub, below in snapshot.hubs().items()}
    return notes, {problem.path for problem in snapshot.problems}, hubs if not unknown else {}


class OtherPrograms(RuleBasedStateMachine):
    """Files are written, moved and deleted, before and after looks and edits of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "vault"
        (self.root / "sub").mkdir(parents=True)
        (self.root / "a.md").write_bytes(b"- [ ] one\r\n  - [ ] two\r\n- [x] three 3\n- [ ] one")
        (self.root / "sub" / "a.md").write_bytes(b"- [ ] one\n[[a]] [[c]]\n- [ ] one\n")
        self.writer = NoteWriter(self.folder / "state")
        self.vault = self.opened()
        self.vault.refresh()
        self.done: list[Edit] = []

    def opened(self) -> Vault:
        return Vault(self.root, Config(), lambda: self.writer)

    def teardown(self) -> None:
        self.writer.close()
        shutil.rmtree(self.folder)

    # What is not possible in this state of the folder is not done.

    @rule(path=PATHS, data=TEXTS)
    def write_in_place(self, path: str, data: bytes) -> None:
        with suppress(OSError):
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)

    @rule(path=PATHS, data=TEXTS)
    def rename_over(self, path: str, data: bytes) -> None:
        with suppress(OSError):
            (self.root / ".~new").write_bytes(data)
            os.replace(self.root / ".~new", self.root / path)

    @rule(path=PATHS, data=TEXTS)
    def append(self, path: str, data: bytes) -> None:
        with suppress(OSError), (self.root / path).open("ab") as note:
            note.write(b"\n" + data)

    @rule(path=PATHS, to=PATHS)
    def move(self, path: str, to: str) -> None:
        with suppress(OSError):
            (self.root / path).rename(self.root / to)

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        with suppress(OSError):
            (self.root / path).unlink()

    @rule(path=PATHS)
    def delete_folder(self, path: str) -> None:
        with suppress(OSError):
            shutil.rmtree(self.root / path)

    @rule(path=PATHS, to=PATHS)
    def link(self, path: str, to: str) -> None:
        with suppress(OSError):
            (self.root / path).symlink_to(self.root / to)

    @rule(excluded=st.sampled_from([[], ["sub/"], ["/a/"], ["b.MD"]]))
    def change_settings(self, excluded: list[str]) -> None:
        folder = self.root / ".obsidian"
        folder.mkdir(exist_ok=True)
        (folder / "app.json").write_text(str({"userIgnoreFilters": excluded}).replace("'", '"'))
        self.vault.reload_settings()

    @rule(paths=st.lists(PATHS.filter(lambda path: path.lower().endswith(".md")), max_size=2))
    def look_at(self, paths: list[str]) -> None:
        self.vault.refresh([path for path in paths if not path.startswith(".")])

    @rule(number=st.integers(0, 99), mark=st.sampled_from("x /"))
    def tick(self, number: int, mark: str) -> None:
        """By what the model showed last, which may be long out of date."""
        snapshot = self.vault.snapshot
        shown = [(note, task) for note in snapshot.roadmaps for task in note.note.tasks]
        if shown:
            note, task = shown[number % len(shown)]
            self.commit(status_edit(snapshot, note, task, mark, TODAY, dates=None))

    @precondition(lambda self: bool(self.done))
    @rule()
    def undo(self) -> None:
        self.commit(self.done.pop())

    def commit(self, edit: Edit) -> None:
        """One byte of the note differs after it, or nothing in the whole vault."""
        before = self.bytes_on_disk()
        try:
            committed = self.vault.commit(edit)
        except RoadtuiError:
            assert self.bytes_on_disk() == before
            return
        after = self.bytes_on_disk()
        assert before.keys() == after.keys()
        changed = {
            os.path.realpath(self.root / path): (before[path], after[path])
            for path in before
            if before[path] != after[path]
        }
        assert len(changed) == (committed.inverse is not None)
        for old, new in changed.values():
            assert len(old) == len(new)
            assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
        if committed.inverse is not None:
            self.done.append(committed.inverse)

    def bytes_on_disk(self) -> dict[str, bytes]:
        files = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}

    @rule()
    def rescan_interval(self) -> None:
        after = self.vault.refresh()
        *_, fresh = self.opened().load()
        assert said(after) == said(fresh)
        assert self.vault.refresh() is after


OtherPrograms.TestCase.settings = settings(stateful_step_count=30)
TestOtherPrograms = OtherPrograms.TestCase
