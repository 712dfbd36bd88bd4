"""The live model: loaded, kept in step with the disk, edited; what it refuses, and what it never forgets."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.core.progress import Count
from roadtui.core.status import Status, StatusType
from roadtui.vault import edits
from roadtui.vault.errors import NoteGoneError, VaultMissingError
from roadtui.vault.obsidian import TASKS_PLUGIN
from roadtui.vault.system import Lease, System
from roadtui.vault.vault import Committed, Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 3, 14)
LONG_AGO = 1_700_000_000


@dataclass
class Bench:
    """A vault folder and its model."""

    root: Path
    state: Path

    def open(self, config: Config | None = None, only: str | None = None) -> Vault:
        return Vault(self.root, config or Config(), lambda: NoteWriter(self.state), only)

    def loaded(self, config: Config | None = None) -> Vault:
        vault = self.open(config)
        vault.refresh()
        return vault

    def write(self, path: str, data: str | bytes) -> Path:
        note = self.root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(data.encode() if isinstance(data, str) else data)
        return note

    def set_up(self, path: str, settings: object) -> None:
        self.write(f".obsidian/{path}", json.dumps(settings))

    def turn_plugin_on(self, settings: object = None) -> None:
        self.set_up("community-plugins.json", [TASKS_PLUGIN])
        self.set_up(f"plugins/{TASKS_PLUGIN}/data.json", settings or {})


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    found = Bench(tmp_path / "vault", tmp_path / "state")
    found.root.mkdir()
    found.write("A.md", "- [ ] a\n- [x] b\n")
    found.write("sub/B.md", "- [ ] c\n")
    return found


def texts(vault: Vault) -> dict[str, list[str]]:
    notes = vault.snapshot.notes
    return {path: [f"{task.mark}{task.text}" for task in notes[path].note.tasks] for path in sorted(notes)}


def task_in(vault: Vault, path: str, number: int = 0) -> Task:
    return list(vault.snapshot.notes[path].note.tasks)[number]


def put(vault: Vault, path: str, symbol: str, number: int = 0) -> Committed:
    task = task_in(vault, path, number)
    snapshot = vault.snapshot
    edit = edits.set_status(snapshot, snapshot.notes[path], task, symbol, TODAY, dates=vault.dates)
    return vault.commit(edit)


@pytest.fixture
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system where nothing proves that nobody is writing."""

    def lease(self: System, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, "no leases")

    monkeypatch.setattr(System, "lease", lease)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("roadtui.vault.vault.monotonic", clock)
    return clock


class TestLoad:
    """The first reading of a vault, in batches."""

    @pytest.fixture(autouse=True)
    def _every_note_is_a_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("roadtui.vault.vault._BATCH_SECONDS", -1.0)

    def test_the_first_note_comes_first_and_the_last_snapshot_is_complete(self, bench: Bench) -> None:
        snapshots = list(bench.open().load("sub/B.md"))
        assert [sorted(one.notes) for one in snapshots[:1]] == [["sub/B.md"]]
        assert [one.is_complete for one in snapshots] == [False] * (len(snapshots) - 1) + [True]
        assert sorted(snapshots[-1].notes) == ["A.md", "sub/B.md"]

    @staticmethod
    def _in_the_middle(bench: Bench) -> tuple[Vault, Iterator[object], str]:
        """A load after its first batch, and the note of that batch."""
        vault = bench.open()
        load = vault.load()
        first = next(load)
        return vault, load, next(iter(first.notes))

    def test_an_edit_in_between_stays(self, bench: Bench) -> None:
        vault, load, path = self._in_the_middle(bench)
        put(vault, path, "-")
        list(load)
        assert texts(vault)[path][0].startswith("-")

    def test_what_changes_in_between_is_not_overwritten_by_an_older_look(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both notes are read, and before they are shown one is deleted and the other changed."""
        monkeypatch.setattr("roadtui.vault.vault._BATCH_SECONDS", 999.0)
        vault = bench.open()
        look = vault._look
        seen: list[str] = []

        def look_and_change(path: str, known: object) -> object:
            found = look(path, None)
            if path not in seen:
                seen.append(path)
                if len(seen) == 2:
                    (bench.root / seen[0]).unlink()
                    bench.write(seen[1], "- [ ] changed\n")
                    vault.refresh(seen)
            return found

        monkeypatch.setattr(vault, "_look", look_and_change)
        *_, last = vault.load()
        assert last.is_complete
        assert texts(vault) == {seen[1]: [" changed"]}

    def test_a_missing_vault_is_said(self, bench: Bench) -> None:
        shutil.rmtree(bench.root)
        with pytest.raises(VaultMissingError, match="is not there"):
            list(bench.open().load())


class TestRefresh:
    """Reading again what may have changed."""

    def test_changed_new_and_deleted(self, bench: Bench) -> None:
        vault = bench.loaded()
        bench.write("A.md", "- [x] a\n")
        bench.write("new/C.md", "- [ ] d\n")
        (bench.root / "sub" / "B.md").unlink()
        vault.refresh()
        assert texts(vault) == {"A.md": ["xa"], "new/C.md": [" d"]}

    def test_only_the_paths_that_are_asked_for(self, bench: Bench) -> None:
        vault = bench.loaded()
        bench.write("A.md", "")
        bench.write("C.md", "- [ ] new")
        (bench.root / "sub" / "B.md").unlink()
        vault.refresh(["sub/B.md", "C.md"])
        assert texts(vault) == {"A.md": [" a", "xb"], "C.md": [" new"]}

    def test_nothing_new_is_the_same_snapshot(self, bench: Bench) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        assert vault.refresh() is before
        (bench.root / "A.md").touch()
        bench.write("no note.txt", "")
        assert vault.refresh() is before
        assert vault.refresh(["A.md", "nowhere.md"]) is before
        assert vault.reload_settings() is before

    def test_what_stayed_is_shared(self, bench: Bench) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        bench.write("A.md", "- [ ] other\n")
        after = vault.refresh()
        assert after is not before
        assert after.notes["sub/B.md"] is before.notes["sub/B.md"]
        assert texts(vault)["A.md"] == [" other"]
        assert [task.text for task in before.notes["A.md"].note.tasks] == ["a", "b"], "the old one stays"

    def test_a_note_that_was_only_touched_is_not_read_for_ever(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vault = bench.loaded()
        for path in ("A.md", "sub/B.md"):
            os.utime(bench.root / path, (LONG_AGO, LONG_AGO))
        vault.refresh()
        monkeypatch.setattr(vault, "_look", lambda path, known: pytest.fail(f"{path} was read again"))
        vault.refresh()

    def test_a_change_that_keeps_size_and_time_is_seen(self, bench: Bench) -> None:
        note = bench.root / "A.md"
        vault = bench.loaded()
        before = note.stat()
        note.write_bytes(note.read_bytes().replace(b"[ ]", b"[-]"))
        os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
        vault.refresh()
        assert texts(vault)["A.md"][0] == "-a"

    def test_what_cannot_be_read_is_listed_and_the_rest_is_there(self, bench: Bench) -> None:
        bench.write("large.md", b"- [ ] x\n" * 100)
        os.mkfifo(bench.root / "pipe.md")
        (bench.root / "dangling.md").symlink_to("nowhere.md")
        denied = bench.write("denied.md", "- [ ] secret")
        denied.chmod(0)
        vault = bench.loaded(Config(max_note_bytes=200))
        assert {"A.md", "sub/B.md"} <= vault.snapshot.notes.keys()
        problems = {problem.path: problem.reason for problem in vault.snapshot.problems}
        assert {"large.md", "pipe.md", "dangling.md"} <= problems.keys()
        assert "too large" in problems["large.md"]
        if not os.access(denied, os.R_OK):
            assert "permission denied" in problems["denied.md"]
        denied.chmod(0o644)
        bench.write("large.md", "- [ ] small now\n")
        (bench.root / "pipe.md").unlink()
        (bench.root / "dangling.md").unlink()
        assert vault.refresh().problems == ()
        assert texts(vault)["large.md"] == [" small now"]

    def test_a_note_that_becomes_unreadable_is_left_out_and_said(self, bench: Bench) -> None:
        vault = bench.loaded(Config(max_note_bytes=100))
        bench.write("A.md", b"x" * 101)
        vault.refresh(["A.md"])
        assert "A.md" not in vault.snapshot.notes
        assert [problem.path for problem in vault.snapshot.problems] == ["A.md"]

    @pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf16_is_shown_with_a_label_and_never_written(self, bench: Bench, codec: str) -> None:
        data = "- [ ] großes Ziel\n".encode(codec)
        note = bench.write("A.md", data)
        vault = bench.loaded()
        assert vault.snapshot.notes["A.md"].label == "UTF-16"
        assert texts(vault)["A.md"] == [" großes Ziel"]
        with pytest.raises(RefusedError, match=r"A is shown only \(UTF-16\)"):
            put(vault, "A.md", "x")
        assert note.read_bytes() == data
        bench.write("A.md", "- [ ] plain again\n")
        vault.refresh()
        assert put(vault, "A.md", "x").snapshot.notes["A.md"].label == ""

    @pytest.mark.parametrize("paths", [None, ["A.md"]], ids=["scan", "event"])
    def test_a_note_that_icloud_took_away_stays_on_screen(
        self, bench: Bench, paths: list[str] | None
    ) -> None:
        vault = bench.loaded()
        data = (bench.root / "A.md").read_bytes()
        (bench.root / "A.md").rename(bench.root / ".A.md.icloud")
        vault.refresh(paths)
        assert vault.snapshot.notes["A.md"].label == "kept in the cloud"
        with pytest.raises(RefusedError, match="shown only"):
            put(vault, "A.md", "x")
        before = vault.snapshot
        assert vault.refresh(["A.md"]) is before
        (bench.root / ".A.md.icloud").unlink()
        bench.write("A.md", data)
        vault.refresh()
        assert vault.snapshot.notes["A.md"].label == ""
        put(vault, "A.md", "x")

    def test_a_note_that_was_never_here_is_listed(self, bench: Bench) -> None:
        bench.write("sub/.Far.md.icloud", "")
        problems = bench.loaded().snapshot.problems
        assert [problem.path for problem in problems] == ["sub/Far.md"]

    def test_a_vault_that_went_away_keeps_its_notes_on_screen(self, bench: Bench) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        bench.root.rename(bench.root.with_name("elsewhere"))
        with pytest.raises(VaultMissingError):
            vault.refresh()
        with pytest.raises(VaultMissingError):
            vault.reload_settings()
        assert vault.refresh(["A.md", "sub/B.md"]) is before
        with pytest.raises(NoteGoneError, match="is not there now"):
            put(vault, "A.md", "x")
        bench.root.with_name("elsewhere").rename(bench.root)
        put(vault, "A.md", "x")

    def test_ignored_notes_are_left_out_however_they_are_asked_for(self, bench: Bench) -> None:
        bench.set_up("app.json", {"userIgnoreFilters": ["sub/"]})
        vault = bench.loaded()
        vault.refresh(["sub/B.md"])
        assert list(vault.snapshot.notes) == ["A.md"]


@pytest.mark.usefixtures("no_leases")
class TestTornReads:
    """Where there are no leases, an emptied or shrunk note is not believed at once."""

    def test_an_emptied_note_waits_a_second(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        assert vault.look_again_at is None
        before = vault.snapshot
        bench.write("A.md", "")
        assert vault.refresh() is before
        assert vault.look_again_at == (clock.now + 1, frozenset(["A.md"]))
        clock.now += 0.5
        assert vault.refresh(["A.md"]) is before
        clock.now += 0.6
        vault.refresh(["A.md"])
        assert texts(vault)["A.md"] == []
        assert vault.look_again_at is None

    def test_a_note_that_comes_back_was_never_gone(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        data = (bench.root / "A.md").read_bytes()
        bench.write("A.md", data[:5])
        vault.refresh(["A.md"])
        bench.write("A.md", data)
        assert vault.refresh(["A.md"]) is before
        assert vault.look_again_at is None

    def test_a_doubtful_note_that_is_deleted_is_not_looked_for_again(
        self, bench: Bench, clock: Clock
    ) -> None:
        vault = bench.loaded()
        for paths in (["A.md"], None):
            bench.write("A.md", "- [ ] a\n- [ ] b\n- [ ] c\n")
            vault.refresh()
            bench.write("A.md", "")
            vault.refresh()
            assert vault.look_again_at is not None
            (bench.root / "A.md").unlink()
            vault.refresh(paths)
            assert vault.look_again_at is None
            assert "A.md" not in vault.snapshot.notes

    def test_nor_is_one_that_is_now_excluded_or_gone_with_its_vault(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        bench.write("A.md", "")
        vault.refresh()
        bench.set_up("app.json", {"userIgnoreFilters": ["A.md"]})
        vault.reload_settings()
        assert vault.look_again_at is None
        bench.write("sub/B.md", "")
        vault.refresh()
        shutil.rmtree(bench.root)
        vault.refresh(["sub/B.md"])
        assert vault.look_again_at is None

    def test_an_edit_settles_the_doubt(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        note = bench.write("A.md", "- [ ] a\n")
        os.utime(note, (LONG_AGO, LONG_AGO))
        vault.refresh()
        assert vault.look_again_at is not None
        put(vault, "A.md", "x")
        assert vault.look_again_at is None
        assert texts(vault)["A.md"] == ["xa"]


class TestBusy:
    """Another program holds a note so that nobody can open it."""

    @pytest.fixture(autouse=True)
    def _held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held: set[str] = set()
        really = System.open

        def open_unless_held(system: System, path: str | Path, flags: int, mode: int = 0o600) -> int:
            if Path(path).name in self.held:
                raise BlockingIOError(errno.EAGAIN, "held")
            return really(system, path, flags, mode)

        monkeypatch.setattr(System, "open", open_unless_held)
        monkeypatch.setattr(System, "sleep", lambda *_: None)

    def test_what_is_known_of_it_stays_and_it_is_looked_at_again(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        bench.write("A.md", "- [ ] longer than before\n")
        self.held.add("A.md")
        assert vault.refresh() is before
        assert vault.look_again_at == (clock.now + 1, frozenset(["A.md"]))
        self.held.clear()
        vault.refresh(["A.md"])
        assert texts(vault)["A.md"] == [" longer than before"]
        assert vault.look_again_at is None

    def test_a_new_one_is_listed_until_it_can_be_read(self, bench: Bench, clock: Clock) -> None:
        self.held.add("A.md")
        vault = bench.loaded()
        assert [problem.reason for problem in vault.snapshot.problems] == [
            "A.md is being written by another program."
        ]
        self.held.clear()
        assert vault.refresh(["A.md"]).problems == ()
        assert "A.md" in vault.snapshot.notes

    def test_nobody_waits_for_ever(self, bench: Bench, clock: Clock) -> None:
        vault = bench.loaded()
        self.held.add("A.md")
        looks = 0
        vault.refresh(["A.md"])
        while (again := vault.look_again_at) is not None:
            clock.now = again[0]
            vault.refresh(again[1])
            looks += 1
        assert looks == 5
        assert "A.md" in vault.snapshot.notes


class TestCommit:
    """Writing an edit."""

    def test_one_byte_and_the_model_follows(self, bench: Bench) -> None:
        vault = bench.loaded()
        done = put(vault, "A.md", "x")
        assert (bench.root / "A.md").read_bytes() == b"- [x] a\n- [x] b\n"
        assert done.snapshot is vault.snapshot
        assert (done.path, done.line, done.lines) == ("A.md", 0, 1)
        assert done.snapshot.notes["A.md"].progress.done == 2
        assert vault.refresh() is done.snapshot

    def test_an_edit_from_outside_at_the_same_time_is_kept(self, bench: Bench) -> None:
        vault = bench.loaded()
        bench.write("A.md", "# New\n- [ ] other\n- [ ] a\n- [x] b\n")
        done = put(vault, "A.md", "x")
        assert (bench.root / "A.md").read_text() == "# New\n- [ ] other\n- [x] a\n- [x] b\n"
        assert done.line == 2
        assert texts(vault)["A.md"] == [" other", "xa", "xb"]

    def test_a_mark_that_is_as_wanted_changes_nothing(self, bench: Bench) -> None:
        vault = bench.loaded()
        before = vault.snapshot
        done = put(vault, "A.md", "x", 1)
        assert done.inverse is None
        assert done.snapshot is before

    def test_a_refusal_writes_nothing(self, bench: Bench) -> None:
        vault = bench.loaded()
        note = bench.write("A.md", "- [ ] a\n- [ ] b\n- [ ] a\n")
        with pytest.raises(RefusedError):
            put(vault, "A.md", "x")
        assert note.read_text() == "- [ ] a\n- [ ] b\n- [ ] a\n"

    def test_a_note_that_is_gone_is_said(self, bench: Bench) -> None:
        vault = bench.loaded()
        (bench.root / "A.md").unlink()
        with pytest.raises(NoteGoneError):
            put(vault, "A.md", "x")
        assert not (bench.root / "A.md").exists()

    def test_undo_and_redo(self, bench: Bench) -> None:
        before = (bench.root / "A.md").read_bytes()
        bench.turn_plugin_on()
        vault = bench.loaded()
        done = put(vault, "A.md", "x")
        after = (bench.root / "A.md").read_bytes()
        assert after != before
        assert done.inverse is not None
        undone = vault.commit(done.inverse)
        assert (bench.root / "A.md").read_bytes() == before
        assert undone.inverse is not None
        vault.commit(undone.inverse)
        assert (bench.root / "A.md").read_bytes() == after

    def test_presses_ahead_of_the_disk(self, bench: Bench) -> None:
        """With done dates a line differs after each press; still each press reaches the line it was for."""
        bench.turn_plugin_on()
        bench.write("A.md", "- [ ] same\n- [ ] same\n- [ ] same\n")
        vault = bench.loaded()
        snapshot = vault.snapshot
        note = snapshot.notes["A.md"]
        presses = [
            edits.set_status(
                snapshot, note, task_in(vault, "A.md", number), mark, TODAY, dates=vault.dates, seen=seen
            )
            for number, seen, mark in [(1, " ", "x"), (0, " ", "x"), (1, "x", " "), (2, " ", "-")]
        ]
        for press in presses:
            vault.commit(press)
        assert texts(vault)["A.md"] == ["xsame ✅ 2026-03-14", " same", "-same ❌ 2026-03-14"]

    def test_the_writer_is_made_for_the_first_edit_and_once(self, bench: Bench) -> None:
        made: list[NoteWriter] = []

        def make() -> NoteWriter:
            made.append(NoteWriter(bench.state))
            return made[-1]

        vault = Vault(bench.root, Config(), make)
        vault.refresh()
        assert made == []
        put(vault, "A.md", "x")
        put(vault, "A.md", " ")
        assert len(made) == 1


class TestSettings:
    """Obsidian's settings and the user's."""

    def test_they_are_followed_live(self, bench: Bench) -> None:
        bench.write("A.md", "- [d] a\n- [ ] b\n")
        vault = bench.loaded()
        assert vault.dates is None
        assert vault.snapshot.notes["A.md"].progress.done == 0
        symbol = {"symbol": "d", "name": "Done!", "nextStatusSymbol": " ", "type": "DONE"}
        bench.turn_plugin_on({"statusSettings": {"customStatuses": [symbol]}, "setDoneDate": False})
        bench.set_up("app.json", {"userIgnoreFilters": ["sub/"]})
        after = vault.reload_settings()
        assert after.notes["A.md"].progress.done == 1
        assert "sub/B.md" not in after.notes
        assert vault.rules.leaves_out("sub/B.md")
        assert vault.dates is not None
        assert not vault.dates.set_done_date
        assert vault.reload_settings() is after

    @pytest.mark.parametrize(
        ("plugin", "wanted", "written"),
        [
            (None, None, "- [x] a\n"),
            (None, False, "- [x] a\n"),
            (None, True, "- [x] a ✅ 2026-03-14\n"),
            ({}, None, "- [x] a ✅ 2026-03-14\n"),
            ({"setDoneDate": False}, None, "- [x] a\n"),
            ({"setDoneDate": False}, True, "- [x] a ✅ 2026-03-14\n"),
            ({}, False, "- [x] a\n"),
            ({"taskFormat": "dataview"}, None, "- [x] a  [completion:: 2026-03-14]\n"),
        ],
    )
    def test_a_done_date_is_written_where_plugin_or_config_says_so(
        self, bench: Bench, plugin: object, wanted: bool | None, written: str
    ) -> None:
        if plugin is not None:
            bench.turn_plugin_on(plugin)
        bench.write("A.md", "- [ ] a\n")
        put(bench.loaded(Config(done_dates=wanted)), "A.md", "x")
        assert (bench.root / "A.md").read_text() == written

    def test_statuses_of_the_config_win_and_get_dates_too(self, bench: Bench) -> None:
        bench.turn_plugin_on()
        config = Config(statuses=(Status("!", "Shipped", " ", StatusType.DONE),))
        vault = bench.loaded(config)
        assert vault.snapshot.statuses.type_of("!") is StatusType.DONE
        put(vault, "A.md", "!")
        assert (bench.root / "A.md").read_text() == "- [!] a ✅ 2026-03-14\n- [x] b\n"

    def test_what_is_counted(self, bench: Bench) -> None:
        bench.write("A.md", "- [x] parent\n  - [ ] leaf\n")
        assert bench.loaded().snapshot.notes["A.md"].progress.total == 1
        assert bench.loaded(Config(count=Count.ALL)).snapshot.notes["A.md"].progress.total == 2


class TestLoneNote:
    """One note outside any vault."""

    def test_nothing_around_it_is_looked_at(self, bench: Bench) -> None:
        vault = bench.open(only="A.md")
        *_, last = vault.load("A.md")
        assert list(last.notes) == ["A.md"]
        assert list(vault.refresh(["A.md", "sub/B.md"]).notes) == ["A.md"]
        put(vault, "A.md", "x")
        assert (bench.root / "A.md").read_text() == "- [x] a\n- [x] b\n"
        assert list(vault.refresh().notes) == ["A.md"]

    def test_it_is_gone_when_it_is_gone(self, bench: Bench) -> None:
        vault = bench.open(only="A.md")
        vault.refresh()
        (bench.root / "A.md").unlink()
        assert vault.refresh().notes == {}
