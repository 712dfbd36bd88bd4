"""The live model: loaded, kept in step with the disk; what it refuses, and what it never forgets."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.core.note import Note
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.reader import FileStamp, read_and_parse
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.conftest import Files, put, texts

LONG_AGO = 1_700_000_000


class TestLoad:
    """The first reading of a vault, in batches."""

    @pytest.fixture(autouse=True)
    def _every_note_is_a_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("roadtui.vault.loading.loader.BATCH_SECONDS", -1.0)

    def test_the_first_note_comes_first_and_the_last_snapshot_is_complete(self, files: Files) -> None:
        snapshots = list(files.open().load("sub/B.md"))
        assert [sorted(one.notes) for one in snapshots[:1]] == [["sub/B.md"]]
        assert [one.is_complete for one in snapshots] == [False] * (len(snapshots) - 1) + [True]
        assert sorted(snapshots[-1].notes) == ["A.md", "sub/B.md"]

    @staticmethod
    def _in_the_middle(files: Files) -> tuple[Vault, Iterator[object], str]:
        """A load after its first batch, and the note of that batch."""
        vault = files.open()
        load = vault.load()
        first = next(load)
        return vault, load, next(iter(first.notes))

    def test_an_edit_in_between_stays(self, files: Files) -> None:
        vault, load, path = self._in_the_middle(files)
        put(vault, path, "-")
        list(load)
        assert texts(vault)[path][0].startswith("-")

    def test_what_changes_in_between_is_not_overwritten_by_an_older_look(
        self, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both notes are read, and before they are shown one is deleted and the other changed."""
        monkeypatch.setattr("roadtui.vault.loading.loader.BATCH_SECONDS", 999.0)
        vault = files.open()
        seen: list[str] = []

        def read_and_change(file: Path, limit: int, known: tuple[bytes, Note] | None, *_: object) -> object:
            found = read_and_parse(file, limit, known)
            path = file.relative_to(files.root).as_posix()
            if path not in seen:
                seen.append(path)
                if len(seen) == 2:
                    (files.root / seen[0]).unlink()
                    files.write(seen[1], "- [ ] changed\n")
                    vault.refresh(seen)
            return found

        monkeypatch.setattr("roadtui.vault.vault.read_and_parse", read_and_change)
        *_, last = vault.load()
        assert last.is_complete
        assert texts(vault) == {seen[1]: [" changed"]}

    def test_a_missing_vault_is_said(self, files: Files) -> None:
        shutil.rmtree(files.root)
        with pytest.raises(VaultMissingError, match="is not there"):
            list(files.open().load())


class TestRefresh:
    """Reading again what may have changed."""

    def test_changed_new_and_deleted(self, files: Files) -> None:
        vault = files.loaded()
        files.write("A.md", "- [x] a\n")
        files.write("new/C.md", "- [ ] d\n")
        (files.root / "sub" / "B.md").unlink()
        vault.refresh()
        assert texts(vault) == {"A.md": ["xa"], "new/C.md": [" d"]}

    def test_only_the_paths_that_are_asked_for(self, files: Files) -> None:
        vault = files.loaded()
        files.write("A.md", "")
        files.write("C.md", "- [ ] new")
        (files.root / "sub" / "B.md").unlink()
        vault.refresh(["sub/B.md", "C.md"])
        assert texts(vault) == {"A.md": [" a", "xb"], "C.md": [" new"]}

    def test_nothing_new_is_the_same_snapshot(self, files: Files) -> None:
        vault = files.loaded()
        before = vault.snapshot
        assert vault.refresh() is before
        (files.root / "A.md").touch()
        files.write("no note.txt", "")
        assert vault.refresh() is before
        assert vault.refresh(["A.md", "nowhere.md"]) is before
        assert vault.reload_settings() is before

    def test_what_stayed_is_shared(self, files: Files) -> None:
        vault = files.loaded()
        before = vault.snapshot
        files.write("A.md", "- [ ] other\n")
        after = vault.refresh()
        assert after is not before
        assert after.notes["sub/B.md"] is before.notes["sub/B.md"]
        assert texts(vault)["A.md"] == [" other"]
        assert [task.text for task in before.notes["A.md"].note.tasks] == ["a", "b"], "the old one stays"

    def test_a_note_that_was_only_touched_is_not_read_for_ever(
        self, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault = files.loaded()
        for path in ("A.md", "sub/B.md"):
            os.utime(files.root / path, (LONG_AGO, LONG_AGO))
        vault.refresh()
        monkeypatch.setattr(
            "roadtui.vault.vault.read_and_parse", lambda path, *_: pytest.fail(f"{path} was read again")
        )
        vault.refresh()

    def test_a_change_that_keeps_size_and_time_is_seen(self, files: Files) -> None:
        note = files.root / "A.md"
        vault = files.loaded()
        before = note.stat()
        note.write_bytes(note.read_bytes().replace(b"[ ]", b"[-]"))
        os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
        vault.refresh()
        assert texts(vault)["A.md"][0] == "-a"

    def test_what_cannot_be_read_is_listed_and_the_rest_is_there(self, files: Files) -> None:
        files.write("large.md", b"- [ ] x\n" * 100)
        os.mkfifo(files.root / "pipe.md")
        (files.root / "dangling.md").symlink_to("nowhere.md")
        denied = files.write("denied.md", "- [ ] secret")
        denied.chmod(0)
        vault = files.loaded(Config(max_note_bytes=200))
        assert {"A.md", "sub/B.md"} <= vault.snapshot.notes.keys()
        problems = {problem.path: problem.reason for problem in vault.snapshot.problems}
        assert {"large.md", "pipe.md", "dangling.md"} <= problems.keys()
        assert "too large" in problems["large.md"]
        if not os.access(denied, os.R_OK):
            assert "permission denied" in problems["denied.md"]
        denied.chmod(0o644)
        files.write("large.md", "- [ ] small now\n")
        (files.root / "pipe.md").unlink()
        (files.root / "dangling.md").unlink()
        assert vault.refresh().problems == ()
        assert texts(vault)["large.md"] == [" small now"]

    def test_a_note_that_becomes_unreadable_is_left_out_and_said(self, files: Files) -> None:
        vault = files.loaded(Config(max_note_bytes=100))
        files.write("A.md", b"x" * 101)
        vault.refresh(["A.md"])
        assert "A.md" not in vault.snapshot.notes
        assert [problem.path for problem in vault.snapshot.problems] == ["A.md"]

    @pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf16_is_shown_with_a_label_and_never_written(self, files: Files, codec: str) -> None:
        data = "- [ ] großes Ziel\n".encode(codec)
        note = files.write("A.md", data)
        vault = files.loaded()
        assert vault.snapshot.notes["A.md"].label == "UTF-16"
        assert texts(vault)["A.md"] == [" großes Ziel"]
        with pytest.raises(RefusedError, match=r"A is shown only \(UTF-16\)"):
            put(vault, "A.md", "x")
        assert note.read_bytes() == data
        files.write("A.md", "- [ ] plain again\n")
        vault.refresh()
        assert put(vault, "A.md", "x").snapshot.notes["A.md"].label == ""

    @pytest.mark.parametrize("paths", [None, ["A.md"]], ids=["scan", "event"])
    def test_a_note_that_icloud_took_away_stays_on_screen(
        self, files: Files, paths: list[str] | None
    ) -> None:
        vault = files.loaded()
        data = (files.root / "A.md").read_bytes()
        (files.root / "A.md").rename(files.root / ".A.md.icloud")
        vault.refresh(paths)
        assert vault.snapshot.notes["A.md"].label == "kept in the cloud"
        with pytest.raises(RefusedError, match="shown only"):
            put(vault, "A.md", "x")
        before = vault.snapshot
        assert vault.refresh(["A.md"]) is before
        (files.root / ".A.md.icloud").unlink()
        files.write("A.md", data)
        vault.refresh()
        assert vault.snapshot.notes["A.md"].label == ""
        put(vault, "A.md", "x")

    @pytest.mark.parametrize("is_symbolic", [True, False], ids=["symbolic", "hard"])
    def test_what_links_to_a_changed_note_changes_with_it(self, files: Files, is_symbolic: bool) -> None:
        note, link = files.root / "A.md", files.root / "sub" / "link.md"
        link.symlink_to(note) if is_symbolic else os.link(note, link)
        vault = files.loaded()
        files.write("A.md", "- [x] a\n")
        vault.refresh(["A.md"])
        assert texts(vault)["sub/link.md"] == texts(vault)["A.md"] == ["xa"]
        files.write("new", "- [-] a\n").rename(note)
        vault.refresh(["A.md"])
        assert texts(vault)["sub/link.md"] == (["-a"] if is_symbolic else ["xa"])

    def test_a_note_whose_name_changes_case_alone_is_one_note(
        self, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where both spellings open it, as on macOS and Windows; a hard link stands in for that here."""
        vault = files.loaded()
        os.link(files.root / "A.md", files.root / "a.md")
        vault.refresh(["a.md"])
        assert {"A.md", "a.md"} <= vault.snapshot.notes.keys(), "two names that are both listed are two"
        (files.root / "a.md").unlink()
        vault.refresh(["a.md"])
        os.link(files.root / "A.md", files.root / "a.md")
        monkeypatch.setattr("roadtui.vault.note_updates.os.listdir", lambda folder: ["a.md", "sub"])
        before = vault.snapshot
        vault.refresh(["A.md", "a.md"])
        assert sorted(vault.snapshot.notes) == ["a.md", "sub/B.md"]
        successor = vault.snapshot.successor(before.notes["A.md"], before)
        assert successor is vault.snapshot.notes["a.md"]

    def test_a_note_that_was_never_here_is_listed(self, files: Files) -> None:
        files.write("sub/.Far.md.icloud", "")
        problems = files.loaded().snapshot.problems
        assert [problem.path for problem in problems] == ["sub/Far.md"]

    def test_a_vault_that_went_away_keeps_its_notes_on_screen(self, files: Files) -> None:
        vault = files.loaded()
        before = vault.snapshot
        files.root.rename(files.root.with_name("elsewhere"))
        with pytest.raises(VaultMissingError):
            vault.refresh()
        with pytest.raises(VaultMissingError):
            vault.reload_settings()
        with pytest.raises(VaultMissingError):
            vault.refresh(["A.md", "sub/B.md"])
        assert vault.snapshot is before
        with pytest.raises(VaultMissingError, match=r"^Not changed: the vault folder .* is not there"):
            put(vault, "A.md", "x")
        files.root.with_name("elsewhere").rename(files.root)
        put(vault, "A.md", "x")

    def test_ignored_notes_are_left_out_however_they_are_asked_for(self, files: Files) -> None:
        files.set_up("app.json", {"userIgnoreFilters": ["sub/"]})
        vault = files.loaded()
        vault.refresh(["sub/B.md"])
        assert list(vault.snapshot.notes) == ["A.md"]


class TestLoneNote:
    """One note outside any vault."""

    def test_nothing_around_it_is_looked_at(self, files: Files) -> None:
        vault = files.open(only="A.md")
        *_, last = vault.load("A.md")
        assert list(last.notes) == ["A.md"]
        assert list(vault.refresh(["A.md", "sub/B.md"]).notes) == ["A.md"]
        put(vault, "A.md", "x")
        assert (files.root / "A.md").read_text() == "- [x] a\n- [x] b\n"
        assert list(vault.refresh().notes) == ["A.md"]

    def test_it_is_gone_when_it_is_gone(self, files: Files) -> None:
        vault = files.open(only="A.md")
        vault.refresh()
        (files.root / "A.md").unlink()
        assert vault.refresh().notes == {}


def test_a_change_within_one_step_of_a_coarse_clock_is_found(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both states of the note have one stamp, as on FAT, whose times have steps of two seconds."""

    def coarse(status: os.stat_result) -> FileStamp:
        return FileStamp(status.st_dev, status.st_ino, status.st_size, time.time_ns() // 10**12 * 10**12, 0)

    monkeypatch.setattr(FileStamp, "of", coarse)
    monkeypatch.setattr("roadtui.vault.reader.time_ns", lambda: time.time_ns() // 10**12 * 10**12)
    vault = Vault(files.root, Config(), lambda: NoteWriter(files.state))
    vault.refresh()
    files.write("A.md", "- [x] a\n- [x] b\n")
    note = vault.refresh().notes["A.md"]
    assert [task.status_symbol for task in note.note.tasks] == ["x", "x"]


def test_no_note_goes_when_the_vault_vanishes_while_it_is_read(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(files.root, Config(), lambda: NoteWriter(files.state))
    vault.refresh()

    def read_behind(path: Path, limit: int, known: tuple[bytes, Note] | None = None, *_: object) -> object:
        files.root.rename(files.root.with_name("unmounted"))
        return read_and_parse(path, limit, known)

    monkeypatch.setattr("roadtui.vault.vault.read_and_parse", read_behind)
    with pytest.raises(VaultMissingError):
        vault.refresh(["A.md"])
    assert "A.md" in vault.snapshot.notes
