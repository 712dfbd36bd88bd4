"""The cache of notes: a later start shows with it what it shows without it, whatever happened between."""

from __future__ import annotations

import gc
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from weakref import ref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadtui.config import Config
from roadtui.core.markdown import parse
from roadtui.core.stats.progress import CountMode
from roadtui.core.tasks.status import Status, StatusType
from roadtui.session.sidebar_items import sidebar_entries
from roadtui.vault.cache.note_cache import NoteCache
from roadtui.vault.cache.note_rows import row_of
from roadtui.vault.reader import read_and_parse
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.conftest import Files, put

TODAY = date(2026, 3, 14)
LONG_AGO = 1_700_000_000
ALL = Config(count=CountMode.ALL)
OWN_STATUS = Config(statuses=(Status("/", "Waits", "x", StatusType.ON_HOLD),))
NOTES = [
    "- [ ] a\n- [x] b ✅ 2026-03-01\n",
    "---\nhidden: true\naliases: [Other]\n---\n# H\n- [/] c 📅 2026-03-16\n  - [ ] d ⏫ 🆔 k\n",
    "# One\n- [ ] e ⛔ k\n- [-] f\n  - [ ] g\n## Two\n- [x] h ✅ 2026-01-10\n- [ ] i 🛫 2026-04-01\n",
    "[[A]] and [[sub/B]] and [x](C.md#Two)\n",
    "",
    "- [ ] un\udc80even\n",
    "---\ndeadline: 2026-12-01\n---\n- [h] j [due:: 2026-03-10] [id:: z]\n",
]
PATHS = ["A.md", "sub/B.md", "C.md", "Hub.md"]


class CachedFiles(Files):
    """A vault folder whose model has a cache."""

    @property
    def cache(self) -> NoteCache:
        return NoteCache(self.state / "cache", self.root)

    def started(self, config: Config | None = None) -> Vault:
        """A start of the program; the cache is saved as at its end."""
        vault = self.without_end(config)
        shown(vault.snapshot)
        vault.cache.save(is_hurried=True)
        return vault

    def without_end(self, config: Config | None = None) -> Vault:
        vault = Vault(
            self.root, config or Config(), lambda: NoteWriter(self.state), open_cache=lambda: self.cache
        )
        for _ in vault.load():
            pass
        return vault

    def uncached(self, config: Config | None = None) -> Vault:
        return self.loaded(config)

    def put_old(self, path: str, text: str, at: int) -> None:
        """Write a note as if that was long ago, so that its stamp is trusted."""
        note = self.write(path, text.encode("utf-8", "surrogateescape"))
        os.utime(note, (at, at))


@pytest.fixture
def cached(tmp_path: Path) -> CachedFiles:
    return make(tmp_path)


def make(folder: Path) -> CachedFiles:
    found = CachedFiles(folder / "vault", folder / "state")
    found.root.mkdir(parents=True)
    for number, (path, text) in enumerate(zip(PATHS, NOTES, strict=False)):
        found.put_old(path, text, LONG_AGO + number)
    return found


def shown(snapshot: Snapshot) -> list[object]:
    """Everything that lists, sums and commands show of a vault, without the identity of tasks."""
    notes = [
        (
            note.path,
            note.digest,
            note.progress,
            note.content.summary.checkboxes,
            note.frontmatter,
            note.names,
            note.is_hidden,
            note.deadline,
            note.content.links,
            note.content.summary.ids,
            dict(note.content.summary.symbols),
            note.content.summary.kinds,
            note.due,
            note.candidates.outlook,
            note.note_progress.sections,
            note.note_progress.parents,
            [item.source for item in note.note.items],
        )
        for note in snapshot.below("")
    ]
    entries = []
    for entry in sidebar_entries(snapshot, snapshot.hubs(), TODAY):
        task = getattr(entry, "task", None)
        entries.append(entry if task is None else (entry[0], task.line, entry[2:]))
    return [notes, entries, snapshot.progress, snapshot.dependencies]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the notes that were read and parsed, in order."""
    names: list[str] = []

    def read(path: Path, *rest: Any) -> object:
        names.append(path.name)
        return read_and_parse(path, *rest)

    monkeypatch.setattr("roadtui.vault.vault.read_and_parse", read)
    return names


def test_a_later_start_reads_only_what_has_changed(cached: CachedFiles, reads: list[str]) -> None:
    cached.started()
    assert sorted(reads) == ["A.md", "B.md", "C.md", "Hub.md"]
    reads.clear()
    assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)
    reads.clear()
    cached.started()
    assert reads == []
    cached.put_old("C.md", NOTES[0], LONG_AGO + 9)
    vault = cached.started()
    assert reads == ["C.md"]
    assert vault.snapshot.is_complete
    assert vault.snapshot.unread == 0


def test_a_note_that_was_written_just_before_it_was_read_is_read_again(
    cached: CachedFiles, reads: list[str]
) -> None:
    """A second write in the same tick of the clock would leave the same stamp (racily clean)."""
    cached.write("New.md", "- [ ] new\n")
    cached.started()
    reads.clear()
    cached.started()
    assert reads == ["New.md"]


def test_what_the_program_writes_is_in_the_cache_too(cached: CachedFiles) -> None:
    vault = cached.started()
    put(vault, "A.md", "x")
    os.utime(cached.root / "A.md", (LONG_AGO + 5, LONG_AGO + 5))
    vault.refresh()
    vault.cache.save(is_hurried=True)
    assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)


@pytest.mark.parametrize("config", [ALL, OWN_STATUS], ids=["count", "statuses"])
def test_a_cache_that_counts_by_other_settings_is_ignored(cached: CachedFiles, config: Config) -> None:
    cached.started()
    assert shown(cached.started(config).snapshot) == shown(cached.uncached(config).snapshot)
    assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)


def test_notes_that_are_gone_leave_the_cache(cached: CachedFiles) -> None:
    cached.started()
    (cached.root / "A.md").unlink()
    cached.started()
    with sqlite3.connect(cached.cache.file) as database:
        assert [row for (row,) in database.execute("SELECT path FROM note ORDER BY path")] == [
            b"C.md",
            b"Hub.md",
            b"sub/B.md",
        ]


def overwrite(data: bytes) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes(data)

    return write


def change_version(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE made_for SET key = 'another'")
        database.execute("UPDATE note SET body = '[]'")


def change_rows(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE note SET body = CAST(replace(body, '1', '2') AS BLOB), due = X'00'")


def change_layout(column: str, value: bytes) -> Callable[[Path], None]:
    """Rows as another state of the program may have written them, checksum included."""
    columns: dict[str, Any] = {column: value}

    def change(file: Path) -> None:
        with sqlite3.connect(file) as database:
            for raw in database.execute("SELECT * FROM note").fetchall():
                row = row_of(raw)
                assert row is not None
                changed = row._replace(**columns)
                database.execute("DELETE FROM note WHERE path = ?", (row.path,))
                changed = changed._replace(sum=changed.checksum())
                database.execute("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", changed)

    return change


def make_older(file: Path) -> None:
    """A version of the program with another column."""
    change_version(file)
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE note DROP COLUMN due")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def lead_elsewhere(file: Path) -> None:
    other = file.with_name("other")
    file.rename(other)
    file.symlink_to(other)


DAMAGE = {
    "empty": overwrite(b""),
    "text": overwrite(b"no database\n" * 99),
    "cut": cut,
    "another version": change_version,
    "another version with other columns": make_older,
    "other rows": change_rows,
    "a shorter head": change_layout("head", b"1"),
    "candidates that are none": change_layout("first", b"[]"),
    "candidates that are no JSON": change_layout("first", b"[1"),
    "other tables": lambda file: sqlite3.connect(file).execute("DROP TABLE note").connection.close(),
    "readable by others": lambda file: file.chmod(0o644),
    "not readable": lambda file: file.chmod(0),
    "a link": lead_elsewhere,
    "a folder": lambda file: (file.unlink(), file.mkdir())[1],
    "read-only": lambda file: file.parent.chmod(0o500),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_cache_that_cannot_be_used_is_ignored(cached: CachedFiles, damage: Callable[[Path], None]) -> None:
    cached.started()
    damage(cached.cache.file)
    try:
        for _ in range(2):
            assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)
    finally:
        cached.cache.file.parent.chmod(0o700)


def test_a_damaged_cache_is_made_anew(cached: CachedFiles, reads: list[str]) -> None:
    cached.started()
    cached.cache.file.write_bytes(b"no database" * 999)
    cached.started()
    reads.clear()
    cached.started()
    assert reads == []


def test_a_cache_of_another_version_is_made_anew(cached: CachedFiles, reads: list[str]) -> None:
    cached.started()
    make_older(cached.cache.file)
    cached.started()
    reads.clear()
    cached.started()
    assert reads == []


def test_only_the_user_can_read_the_cache(cached: CachedFiles) -> None:
    os.umask(os.umask(0))
    cached.started()
    file = cached.cache.file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_two_programs_use_the_cache_at_a_time(cached: CachedFiles, reads: list[str]) -> None:
    one, other = cached.started(), cached.started()
    cached.put_old("A.md", NOTES[2], LONG_AGO + 20)
    for vault in (one, other):
        vault.refresh()
    cached.put_old("C.md", NOTES[1], LONG_AGO + 21)
    one.refresh()
    one.cache.save(is_hurried=True)
    other.cache.save(is_hurried=True)
    reads.clear()
    assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)


# Parses that were let go


def test_a_task_of_a_note_that_changed_unseen_is_not_edited(cached: CachedFiles) -> None:
    """Its parse would be that of the newer bytes, in which another task may have its place."""
    cached.started()
    vault = cached.without_end()
    note = vault.snapshot.notes["A.md"]
    assert not note.content.is_at_hand, "as only its summary was read"
    task = next(note.note.tasks)
    note.content.let_go()
    del note
    cached.write("A.md", "- [ ] other\n- [ ] a\n")
    with pytest.raises(Exception, match="has just been changed"):
        vault.snapshot.notes["A.md"].anchor(task)
    vault.refresh()
    assert [task.text for task in vault.snapshot.notes["A.md"].note.tasks] == ["other", "a"]


def test_a_note_that_changes_unseen_and_back_has_its_parse_again(cached: CachedFiles) -> None:
    cached.started()
    vault = cached.without_end()
    usual = (cached.root / "A.md").read_bytes()
    cached.write("A.md", "- [ ] other\n")
    assert [task.text for task in vault.snapshot.notes["A.md"].note.tasks] == ["other"]
    cached.write("A.md", usual)
    vault.refresh()
    note = vault.snapshot.notes["A.md"]
    assert [task.text for task in note.note.tasks] == ["a", "b ✅ 2026-03-01"]
    put(vault, "A.md", "x")
    assert (cached.root / "A.md").read_text("utf-8").startswith("- [x] a\n")


def test_a_note_that_is_gone_unseen_suggests_nothing(cached: CachedFiles) -> None:
    cached.started()
    vault = cached.without_end()
    for path in PATHS:
        (cached.root / path).unlink()
    snapshot = vault.snapshot
    assert snapshot.suggestions(snapshot.roadmaps, TODAY, 3) == []
    assert not [
        entry for entry in sidebar_entries(snapshot, snapshot.hubs(), TODAY) if hasattr(entry, "task")
    ]


def test_a_parse_stays_the_same_while_anybody_holds_it(cached: CachedFiles) -> None:
    note = cached.started().snapshot.notes["A.md"]
    parsed = note.note
    note.content.let_go()
    assert note.note is parsed


def test_few_parses_are_kept(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.md").write_text("- [ ] a\n" * 10)
    vault = Vault(tmp_path, Config(), lambda: NoteWriter(tmp_path / "state"), most_items_kept=50)
    for _ in vault.load():
        pass
    for _ in range(2):
        for note in vault.snapshot.notes.values():
            assert len(note.note.items) == 10
        at_hand = [note for note in vault.snapshot.notes.values() if note.content.is_at_hand]
        assert len(at_hand) <= 5


# Anything, in any order

STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from([*PATHS, "D.md"]), st.sampled_from(NOTES)),
    st.tuples(st.just("write now"), st.sampled_from(PATHS), st.sampled_from(NOTES)),
    st.tuples(st.just("delete"), st.sampled_from(PATHS), st.just("")),
    st.tuples(st.just("move"), st.sampled_from(PATHS), st.sampled_from(["E.md", "sub/F.md"])),
    st.tuples(st.just("tick"), st.sampled_from(PATHS), st.just("")),
    st.tuples(st.just("start"), st.just(""), st.sampled_from(["", "all", "status"])),
    st.tuples(st.just("scan"), st.just(""), st.just("")),
    st.tuples(st.just("damage"), st.just(""), st.sampled_from(["flip", "cut", "rows"])),
)
CONFIGS = {"": Config(), "all": ALL, "status": OWN_STATUS}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12), st.integers(0, 10**6))
def test_whatever_happens_a_start_shows_what_is_on_disk(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]], seed: int
) -> None:
    cached = make(tmp_path_factory.mktemp("any"))
    draw = Random(seed)
    vault = cached.started()
    for number, (step, path, what) in enumerate(steps, 100):
        note = cached.root / path
        match step:
            case "write":
                cached.put_old(path, what, LONG_AGO + number)
            case "write now":
                cached.write(path, what.encode("utf-8", "surrogateescape"))
            case "delete":
                note.unlink(missing_ok=True)
            case "move" if note.exists():
                (cached.root / what).parent.mkdir(exist_ok=True)
                note.rename(cached.root / what)
            case "tick":
                vault.refresh()
                if path in vault.snapshot.notes and any(vault.snapshot.notes[path].note.tasks):
                    put(vault, path, "x")
            case "scan":
                vault.refresh()
            case "damage" if cached.cache.file.exists():
                spoil(cached.cache.file, what, draw)
            case "start":
                vault.cache.save(is_hurried=True)
                vault = cached.started(CONFIGS[what])
                assert shown(vault.snapshot) == shown(cached.uncached(CONFIGS[what]).snapshot)
    vault.cache.save(is_hurried=True)
    assert shown(cached.started().snapshot) == shown(cached.uncached().snapshot)


def spoil(file: Path, how: str, draw: Random) -> None:
    if how == "rows":
        with suppress(sqlite3.Error, ValueError):  # It may be spoilt already.
            change_rows(file)
        return
    data = bytearray(file.read_bytes())
    if how == "cut":
        del data[draw.randrange(len(data) + 1) :]
    for _ in range(draw.randint(1, 30) if data else 0):
        data[draw.randrange(len(data))] = draw.randrange(256)
    file.write_bytes(data)


def test_parses_that_nobody_needs_are_freed_at_once() -> None:
    """The collector of cycles hardly runs while the program does: a parse must not need it."""
    text = "# H\n\n- [ ] a [[A]]\n\t- [x] b\n> - [ ] c\n\n%% [[C]] %%\n"
    gc.disable()
    try:
        parsed = ref(parse(text))
    finally:
        gc.enable()
    assert parsed() is None
    gc.collect()
    gc.disable()
    try:
        parse(text)
        assert gc.collect() == 0
    finally:
        gc.enable()
