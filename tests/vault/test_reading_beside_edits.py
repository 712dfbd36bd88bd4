"""Reading, parsing and counting hold up no edit and no event loop, and never bring back an older state."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import Any

import pytest

from roadtui.core.note import Note
from roadtui.vault.reader import read_and_parse
from tests.vault.conftest import Files, put, texts

Known = tuple[bytes, Note] | None
LONG_AGO = 1_700_000_000
LONG = 10.0
"""Seconds after which a test that waits has failed."""


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], None]], list[str]]:
    """Call a function with the name of each note that was read, before that is applied; list the names."""

    def watch(after: Callable[[str], None]) -> list[str]:
        names: list[str] = []

        def read(path: Path, limit: int, known: Known = None, *rest: Any) -> object:
            found = read_and_parse(path, limit, known, *rest)
            names.append(path.name)
            after(path.name)
            return found

        monkeypatch.setattr("roadtui.vault.vault.read_and_parse", read)
        return names

    return watch


def test_a_read_that_began_before_an_edit_does_not_undo_it(files: Files, reads: Any) -> None:
    vault = files.loaded()

    def edit(name: str) -> None:
        if name == "A.md" and texts(vault)["A.md"][0] == " a":
            put(vault, "A.md", "x")

    reads(edit)
    files.write("sub/B.md", "- [ ] from outside\n")
    vault.refresh(["A.md", "sub/B.md"])
    assert texts(vault) == {"A.md": ["xa", "xb"], "sub/B.md": [" from outside"]}


def test_a_scan_that_began_before_a_note_was_made_does_not_drop_it(files: Files, reads: Any) -> None:
    vault = files.loaded()

    def make(name: str) -> None:
        if name == "C.md" and "new.md" not in vault.snapshot.notes:
            files.write("new.md", "- [ ] new\n")
            vault.refresh(["new.md"])

    reads(make)
    files.write("C.md", "- [ ] c\n")
    vault.refresh()
    assert "new.md" in vault.snapshot.notes


def test_of_two_reads_the_one_that_began_later_counts(files: Files, reads: Any) -> None:
    vault = files.loaded()
    files.write("A.md", "- [ ] older\n")

    def read_again(name: str) -> None:
        if texts(vault)["A.md"] == [" a", "xb"]:
            files.write("A.md", "- [ ] newer\n")
            reads(lambda name: None)
            vault.refresh(["A.md"])

    reads(read_again)
    vault.refresh(["A.md"])
    assert texts(vault)["A.md"] == [" newer"]


def test_an_edit_overtakes_a_long_read(files: Files, reads: Any) -> None:
    vault = files.loaded()
    is_reading, may_go_on = Event(), Event()

    def wait(name: str) -> None:
        if name == "B.md":
            is_reading.set()
            assert may_go_on.wait(LONG)

    reads(wait)
    files.write("sub/B.md", "- [ ] from outside\n")
    reader = Thread(target=vault.refresh)
    reader.start()
    assert is_reading.wait(LONG)
    put(vault, "A.md", "x")
    assert (files.root / "A.md").read_text(encoding="utf-8") == "- [x] a\n- [x] b\n"
    may_go_on.set()
    reader.join(LONG)
    assert texts(vault) == {"A.md": ["xa", "xb"], "sub/B.md": [" from outside"]}


def test_a_scan_leaves_to_the_load_what_it_is_about_to_read(
    files: Files, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.vault.loading.loader.BATCH_SECONDS", -1.0)
    vault = files.open()
    for number in range(5):
        os.utime(files.write(f"{number}.md", "- [ ] t\n"), (LONG_AGO, LONG_AGO))
    for path in ("A.md", "sub/B.md"):
        os.utime(files.root / path, (LONG_AGO, LONG_AGO))
    names = reads(lambda name: None)
    load = vault.load()
    next(load)
    files.write("later.md", "- [ ] made during the load\n")
    vault.refresh()
    assert "later.md" in vault.snapshot.notes
    unread = vault.snapshot.unread
    *_, last = load
    assert unread == 6
    assert last.unread == 0
    assert last.is_complete
    assert sorted(names) == sorted(set(names)), "each note was read once"


def test_the_newest_note_is_read_first(files: Files, reads: Any) -> None:
    names = reads(lambda name: None)
    for age, path in enumerate(["sub/B.md", "A.md"]):
        os.utime(files.root / path, (LONG_AGO - age, LONG_AGO - age))
    files.write("C.md", "- [ ] just now\n")
    list(files.open().load())
    assert names == ["C.md", "B.md", "A.md"]


def test_what_the_event_loop_asks_for_waits_for_no_lock(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks: list[Any] = []

    def recorded(make: Callable[[], Any]) -> Callable[[], Any]:
        def made() -> Any:
            locks.append(make())
            return locks[-1]

        return made

    monkeypatch.setattr("roadtui.vault.vault.Lock", recorded(Lock))
    monkeypatch.setattr("roadtui.vault.cache.vault_cache.Lock", recorded(Lock))
    monkeypatch.setattr("roadtui.vault.edit_writer.RLock", recorded(RLock))
    vault = files.loaded()
    asked = Event()

    def ask() -> None:
        _ = vault.snapshot, vault.reread_at, vault.scope, vault.rules, vault.dates, vault.writer.is_unsettled
        vault.writer.end_within(9)
        parses.extend(note.note for note in vault.snapshot.notes.values())
        asked.set()

    parses: list[Note] = []
    vault.snapshot.notes["A.md"].content.let_go()
    assert len(locks) == 3
    for lock in locks:
        lock.acquire()
    Thread(target=ask).start()
    was_asked = asked.wait(LONG)
    for lock in locks:
        lock.release()
    assert was_asked
