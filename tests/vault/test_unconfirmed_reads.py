"""What the model makes of a note that another program is in the middle of writing, or keeps to itself."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from roadtui.vault.errors import VaultMissingError
from roadtui.vault.file_system import FileSystem, Lease
from tests.vault.conftest import Files, put, texts

LONG_AGO = 1_700_000_000


@pytest.fixture
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system where nothing proves that nobody is writing."""

    def lease(self: FileSystem, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, "no leases")

    monkeypatch.setattr(FileSystem, "lease", lease)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("roadtui.vault.note_updates.monotonic", clock)
    return clock


@pytest.mark.usefixtures("no_leases")
class TestTornReads:
    """Where there are no leases, an emptied or shrunk note is not believed at once."""

    def test_an_emptied_note_waits_a_second(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        assert vault.reread_at is None
        before = vault.snapshot
        files.write("A.md", "")
        assert vault.refresh() is before
        assert vault.reread_at == (clock.now + 1, frozenset(["A.md"]))
        clock.now += 0.5
        assert vault.refresh(["A.md"]) is before
        clock.now += 0.6
        vault.refresh(["A.md"])
        assert texts(vault)["A.md"] == []
        assert vault.reread_at is None

    def test_a_note_that_comes_back_was_never_gone(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        before = vault.snapshot
        data = (files.root / "A.md").read_bytes()
        files.write("A.md", data[:5])
        vault.refresh(["A.md"])
        files.write("A.md", data)
        assert vault.refresh(["A.md"]) is before
        assert vault.reread_at is None

    def test_a_doubtful_note_that_is_deleted_is_not_looked_for_again(
        self, files: Files, clock: Clock
    ) -> None:
        vault = files.loaded()
        for paths in (["A.md"], None):
            files.write("A.md", "- [ ] a\n- [ ] b\n- [ ] c\n")
            vault.refresh()
            files.write("A.md", "")
            vault.refresh()
            assert vault.reread_at is not None
            (files.root / "A.md").unlink()
            vault.refresh(paths)
            assert vault.reread_at is None
            assert "A.md" not in vault.snapshot.notes

    def test_nor_is_one_that_is_now_excluded_or_gone_with_its_vault(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        files.write("A.md", "")
        vault.refresh()
        files.set_up("app.json", {"userIgnoreFilters": ["A.md"]})
        vault.reload_settings()
        assert vault.reread_at is None
        files.write("sub/B.md", "")
        vault.refresh()
        shutil.rmtree(files.root)
        with pytest.raises(VaultMissingError):
            vault.refresh(["sub/B.md"])
        assert vault.reread_at is None

    def test_an_edit_settles_the_doubt(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        note = files.write("A.md", "- [ ] a\n")
        os.utime(note, (LONG_AGO, LONG_AGO))
        vault.refresh()
        assert vault.reread_at is not None
        put(vault, "A.md", "x")
        assert vault.reread_at is None
        assert texts(vault)["A.md"] == ["xa"]


class TestBusy:
    """Another program holds a note so that nobody can open it."""

    @pytest.fixture(autouse=True)
    def _held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held: set[str] = set()
        really = FileSystem.open

        def open_unless_held(system: FileSystem, path: str | Path, flags: int, mode: int = 0o600) -> int:
            if Path(path).name in self.held:
                raise BlockingIOError(errno.EAGAIN, "held")
            return really(system, path, flags, mode)

        monkeypatch.setattr(FileSystem, "open", open_unless_held)
        monkeypatch.setattr(FileSystem, "sleep", lambda *_: None)

    def test_what_is_known_of_it_stays_and_it_is_looked_at_again(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        before = vault.snapshot
        files.write("A.md", "- [ ] longer than before\n")
        self.held.add("A.md")
        assert vault.refresh() is before
        assert vault.reread_at == (clock.now + 1, frozenset(["A.md"]))
        self.held.clear()
        vault.refresh(["A.md"])
        assert texts(vault)["A.md"] == [" longer than before"]
        assert vault.reread_at is None

    def test_a_new_one_is_listed_until_it_can_be_read(self, files: Files, clock: Clock) -> None:
        self.held.add("A.md")
        vault = files.loaded()
        assert [problem.reason for problem in vault.snapshot.problems] == [
            "A.md is being written by another program."
        ]
        self.held.clear()
        assert vault.refresh(["A.md"]).problems == ()
        assert "A.md" in vault.snapshot.notes

    def test_nobody_waits_for_ever(self, files: Files, clock: Clock) -> None:
        vault = files.loaded()
        self.held.add("A.md")
        looks = 0
        vault.refresh(["A.md"])
        while (again := vault.reread_at) is not None:
            clock.now = again[0]
            vault.refresh(again[1])
            looks += 1
        assert looks == 5
        assert "A.md" in vault.snapshot.notes
