"""Undo after a restart: the same bytes back, or a visible refusal; a damaged log stands in nobody's way."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from roadtui.core.edits.edit import Edit, EditResult, apply_edit
from roadtui.core.edits.locate import Anchor
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from roadtui.vault import undo_log
from roadtui.vault.state_database import DatabaseFile, connect, set_aside, transaction
from roadtui.vault.undo_log import UndoDirection, UndoLog, UndoLogError
from tests.vault.faulty_sqlite import BUSY, DAMAGED, MOMENTARY, error_of, failing

OLD = b"\xef\xbb\xbf# Plan\r\n- [ ] one \xff\r\n- [ ] two \xf0\x9f\x94\x81 every day\r\n- [ ] one \xff"


def ticked(data: bytes, index: int) -> EditResult:
    note = parse(data.decode("utf-8", "surrogateescape"))
    task = list(note.tasks)[index]
    change = SetStatus((" ",), ("x",), date(2026, 11, 22), TaskSettings(), StatusRegistry())
    return apply_edit(Edit("Pl\udcffan.md", "tick", (Anchor(note, content_hash(data), task),), change), data)


def kept(folder: Path, applied: EditResult, vault: str = "vault") -> None:
    assert applied.inverse is not None
    log = UndoLog(folder, Path(vault))
    log.record("tick", [(applied.inverse, applied.data)])
    log.close()


def popped(folder: Path) -> Edit:
    step = UndoLog(folder, Path("vault")).pop(UndoDirection.UNDO)
    assert step is not None
    assert step.title == "tick"
    (edit,) = step.edits
    return edit


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_tick_is_undone_after_a_restart(tmp_path: Path, index: int) -> None:
    applied = ticked(OLD, index)
    kept(tmp_path, applied)
    edit = popped(tmp_path)
    assert edit.path == "Pl\udcffan.md"
    assert apply_edit(edit, applied.data).data == OLD


def test_the_place_is_found_again_in_a_note_that_moved_on(tmp_path: Path) -> None:
    applied = ticked(OLD, 1)
    kept(tmp_path, applied)
    edit = popped(tmp_path)
    assert apply_edit(edit, b"first\n" + applied.data).data == b"first\n" + OLD


def test_it_refuses_where_the_line_was_changed(tmp_path: Path) -> None:
    applied = ticked(OLD, 1)
    kept(tmp_path, applied)
    edit = popped(tmp_path)
    with pytest.raises(RefusedError):
        apply_edit(edit, applied.data.replace(b"two", b"three"))


def test_the_newest_comes_first_and_only_once(tmp_path: Path) -> None:
    first, second = ticked(OLD, 0), ticked(OLD, 1)
    kept(tmp_path, first)
    kept(tmp_path, second)
    log = UndoLog(tmp_path, Path("vault"))
    undone = [log.pop(UndoDirection.UNDO), log.pop(UndoDirection.UNDO), log.pop(UndoDirection.UNDO)]
    anchors = [step.edits[0].anchors if step is not None else None for step in undone]
    digests = [held[0].digest if isinstance(held, tuple) else None for held in anchors]
    assert digests == [second.digest, first.digest, None]


def test_vaults_and_stacks_are_kept_apart(tmp_path: Path) -> None:
    kept(tmp_path, ticked(OLD, 0), "one")
    assert UndoLog(tmp_path, Path("other")).pop(UndoDirection.UNDO) is None
    log = UndoLog(tmp_path, Path("one"))
    assert log.pop(UndoDirection.REDO) is None
    assert log.pop(UndoDirection.UNDO) is not None


def test_a_new_edit_clears_what_could_be_redone_in_its_own_vault_alone(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    inverses = [(applied.inverse, applied.data)]
    for vault in ("one", "other"):
        for stack in UndoDirection:
            log = UndoLog(tmp_path, Path(vault))
            took_back = next(other for other in UndoDirection if other is not stack)
            log.record(f"{stack.value} of {vault}", inverses, took_back)
            log.close()
    UndoLog(tmp_path, Path("one")).record("edit in one", inverses)
    left = [
        UndoLog(tmp_path, Path(vault)).pop(stack) for vault in ("one", "other") for stack in UndoDirection
    ]
    assert [step and step.title for step in left] == ["edit in one", None, "undo of other", "redo of other"]


def test_a_log_that_was_closed_opens_again(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log = UndoLog(tmp_path, Path("vault"))
    log.record("tick", [(applied.inverse, applied.data)])
    log.close()
    log.close()
    assert log.pop(UndoDirection.UNDO) is not None
    assert log.pop(UndoDirection.UNDO) is None


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo_log, "MOST_ENTRIES", 2)
    for _ in range(4):
        kept(tmp_path, ticked(OLD, 0))
    log = UndoLog(tmp_path, Path("vault"))
    assert [log.pop(UndoDirection.UNDO) is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_log_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "undo.sqlite").write_bytes(damage)
    applied = ticked(OLD, 0)
    kept(tmp_path, applied)
    assert UndoLog(tmp_path, Path("vault")).pop(UndoDirection.UNDO) is not None


def test_without_a_state_folder_undo_lasts_as_long_as_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = UndoLog(tmp_path / "file" / "below", Path("vault"))
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log.record("tick", [(applied.inverse, applied.data)])
    assert log.pop(UndoDirection.UNDO) is not None


def test_vaults_whose_steps_alternate_keep_as_many_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_log, "MOST_ENTRIES", 3)
    for _ in range(5):
        for vault in ("one", "other", "third"):
            kept(tmp_path, ticked(OLD, 0), vault)
    for vault in ("one", "other", "third"):
        log = UndoLog(tmp_path, Path(vault))
        assert [log.pop(UndoDirection.UNDO) is not None for _ in range(4)] == [True] * 3 + [False], vault
        log.close()


def push(log: UndoLog, index: int, *, clears_redo: bool = False) -> None:
    applied = ticked(OLD, index)
    assert applied.inverse is not None
    took_back = None if clears_redo else UndoDirection.REDO
    log.record(f"tick {index}", [(applied.inverse, applied.data)], took_back)


def titles(folder: Path, stack: UndoDirection = UndoDirection.UNDO) -> list[str]:
    """What can be undone in a later run, the newest first."""
    log = UndoLog(folder, Path("vault"))
    found = []
    while (step := log.pop(stack)) is not None:
        found.append(step.title)
    log.close()
    return found


def files(folder: Path) -> set[str]:
    """What is in the state folder, but for what SQLite keeps beside an open database."""
    return {file.name for file in folder.iterdir() if not file.name.endswith(("-wal", "-shm", "-journal"))}


@pytest.mark.parametrize("lasts", [False, True])
@pytest.mark.parametrize("name", MOMENTARY)
def test_a_list_that_fails_at_any_call_is_left_alone_and_the_step_told(
    tmp_path: Path, name: str, lasts: bool
) -> None:
    for at in count(1):
        folder = tmp_path / f"{at}"
        kept(folder, ticked(OLD, 0))
        log = UndoLog(folder, Path("vault"), keeps_in_memory=False)
        with failing(MOMENTARY[name], at, lasts=lasts) as faults:
            push(log, 1)
            told = log.drain_messages()
            log.close()
        assert not [file for file in files(folder) if "damaged" in file]
        later = titles(folder)
        assert later[-1] == "tick", "what was kept before is still there"
        if not faults.is_met:
            assert later == ["tick 1", "tick"]
            assert told == []
            assert at > 5, "every call had its turn"
            return
        is_kept = "tick 1" in later
        assert is_kept or [sentence.startswith("This change can't be undone: ") for sentence in told] == [
            True
        ]


@pytest.mark.parametrize("name", MOMENTARY)
def test_undoing_says_why_it_is_not_possible_now_and_is_later(tmp_path: Path, name: str) -> None:
    for at in count(1):
        folder = tmp_path / f"{at}"
        kept(folder, ticked(OLD, 0))
        log = UndoLog(folder, Path("vault"), keeps_in_memory=False)
        with failing(MOMENTARY[name], at, lasts=True) as faults:
            try:
                step = log.pop(UndoDirection.UNDO)
            except UndoLogError as error:
                assert str(error).startswith("Nothing was undone: ")  # noqa: PT017 - not at every call
                step = None
            log.close()
        assert (step is None) == (titles(folder) == ["tick"]), "undone once, now or later"
        if not faults.is_met:
            assert step is not None
            return


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_list_is_numbered_told_and_begun_anew(tmp_path: Path, name: str) -> None:
    for at in count(1):
        folder = tmp_path / f"{at}"
        kept(folder, ticked(OLD, 0))
        log = UndoLog(folder, Path("vault"))
        with failing(DAMAGED[name], at, lasts=False) as faults:
            push(log, 1)
            told = log.drain_messages()
            log.close()
        if not faults.is_met:
            return
        assert files(folder) >= {"undo.sqlite", "undo.damaged-1"}
        assert [str(folder / "undo.damaged-1") in sentence for sentence in told] == [True]
        assert titles(folder) == ["tick 1"]


def test_nobody_else_writes_while_a_transaction_only_reads(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite"
    with closing(connect(file, 0.0)) as ours, closing(connect(file, 0.0)) as theirs:
        ours.execute("CREATE TABLE step (title)")
        with transaction(ours), pytest.raises(sqlite3.OperationalError, match="locked"):
            theirs.execute("INSERT INTO step VALUES ('theirs')")


def test_a_damaged_list_takes_the_files_beside_it_along(tmp_path: Path) -> None:
    for name in ("undo.sqlite", "undo.sqlite-wal", "undo.sqlite-shm"):
        (tmp_path / name).write_text(name)
    set_aside(tmp_path / "undo.sqlite")
    expected = {"undo.damaged-1", "undo.damaged-1-wal", "undo.damaged-1-shm"}
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_damaged_lists_are_numbered(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / "undo.sqlite").write_bytes(f"no database {number}".encode() * 100)
        kept(tmp_path, ticked(OLD, 0))
        assert (tmp_path / f"undo.damaged-{number}").read_bytes().startswith(f"no database {number}".encode())


def test_a_list_that_another_process_sets_aside_meanwhile_is_not_set_aside_again(tmp_path: Path) -> None:
    kept(tmp_path, ticked(OLD, 0))
    set_aside_here: list[Path] = []
    file = DatabaseFile(tmp_path / "undo.sqlite", set_aside_here.append)
    file.open(Path.read_bytes)
    (tmp_path / "undo.sqlite").rename(tmp_path / "undo.damaged-1")
    kept(tmp_path, ticked(OLD, 1))
    assert file.replace_damaged(error_of(DAMAGED["corrupt"])), "it is used from now on"
    assert set_aside_here == []
    assert files(tmp_path) == {"undo.sqlite", "undo.damaged-1"}


def test_a_step_made_while_the_list_is_busy_can_be_undone_once_it_is_free(tmp_path: Path) -> None:
    kept(tmp_path, ticked(OLD, 0))
    log = UndoLog(tmp_path, Path("vault"), keeps_in_memory=False)
    with failing(BUSY, 1, lasts=True):
        push(log, 1)
        push(log, 2)
        log.close()
    [told] = log.drain_messages()
    assert told.startswith(
        "This change can't be undone until the undo list can be written again: another program"
    )
    assert titles(tmp_path) == ["tick 2", "tick 1", "tick"]
    assert list((tmp_path / "undo-waiting").iterdir()) == []


def test_what_the_list_could_not_take_is_in_it_if_it_can_at_the_end(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    with failing(sqlite3.SQLITE_FULL, 1, lasts=True):
        push(log, 1)
        push(log, 2)
    log.close()
    assert titles(tmp_path) == ["tick 2", "tick 1"]


def test_what_the_list_could_not_take_for_a_moment_is_in_it_once(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    with failing(sqlite3.SQLITE_FULL, 1, lasts=True):
        push(log, 0)
    push(log, 1)
    push(log, 2)
    log.close()
    assert titles(tmp_path) == ["tick 2", "tick 1", "tick 0"]


def test_damaged_files_of_waiting_steps_stand_in_nobodys_way(tmp_path: Path) -> None:
    folder = tmp_path / "undo-waiting"
    folder.mkdir(parents=True)
    for name in ("00000001-a.json", "note.json", "00000002-b.json"):
        (folder / name).write_text("[1, 2")
    with failing(BUSY, 1, lasts=True):
        log = UndoLog(tmp_path, Path("vault"), keeps_in_memory=False)
        push(log, 1)
        push(log, 2)
    assert titles(tmp_path) == ["tick 2", "tick 1"]


def test_in_one_run_a_step_can_be_undone_while_the_list_is_out_of_reach(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    with failing(BUSY, 1, lasts=True):
        push(log, 1)
        push(log, 2)
        assert [step.title for _ in range(2) if (step := log.pop(UndoDirection.UNDO)) is not None] == [
            "tick 2",
            "tick 1",
        ]
        with pytest.raises(UndoLogError):
            log.pop(UndoDirection.UNDO)
    assert titles(tmp_path) == [], "undone once is undone"


def test_a_new_step_that_waits_clears_what_could_be_redone(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log.record("redo", [(applied.inverse, applied.data)], UndoDirection.UNDO)
    with failing(BUSY, 1, lasts=True):
        log.close()
        push(log, 1, clears_redo=True)
        assert log.pop(UndoDirection.REDO) is None
    log.close()
    assert titles(tmp_path, UndoDirection.REDO) == []


def test_a_new_step_clears_what_could_be_redone(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log.record("redo", [(applied.inverse, applied.data)], UndoDirection.UNDO)
    push(log, 1)
    step = log.pop(UndoDirection.REDO)
    assert step is not None, "a step alone clears nothing"
    log.put_back()
    push(log, 2, clears_redo=True)
    assert log.pop(UndoDirection.REDO) is None


def test_a_step_that_could_not_be_made_is_put_back(tmp_path: Path) -> None:
    kept(tmp_path, ticked(OLD, 0))
    log = UndoLog(tmp_path, Path("vault"))
    assert log.pop(UndoDirection.UNDO) is not None
    log.put_back()
    log.close()
    assert apply_edit(popped(tmp_path), ticked(OLD, 0).data).data == OLD


def test_a_fault_that_lasts_is_told_once_and_a_new_one_again(tmp_path: Path) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    told = []
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, BUSY):
        with failing(code, 1, lasts=True):
            push(log, 0)
            log.close()
        told.append(len(log.drain_messages()))
    assert told == [1, 0, 1, 1]
    push(log, 1)
    assert log.drain_messages() == []
    with failing(BUSY, 1, lasts=True):
        log.close()
        push(log, 0)
    assert len(log.drain_messages()) == 1, "it worked in between"


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/full")])
def test_what_is_no_file_in_place_of_the_list_is_told(tmp_path: Path, put: Callable[[Path], None]) -> None:
    put(tmp_path / "undo.sqlite")
    log = UndoLog(tmp_path, Path("vault"), keeps_in_memory=False)
    push(log, 0)
    [sentence] = log.drain_messages()
    assert f"{tmp_path / 'undo.sqlite'} can't be used (it is not a plain file)" in sentence
    with pytest.raises(UndoLogError, match=r"undo\.sqlite"):
        log.pop(UndoDirection.UNDO)
    assert [path.name for path in tmp_path.iterdir()] == ["undo.sqlite"]


@pytest.mark.parametrize("goes", [Path.unlink, lambda path: path.rename(path.with_name("elsewhere"))])
def test_a_list_that_goes_while_it_is_open_is_begun_anew(
    tmp_path: Path, goes: Callable[[Path], None]
) -> None:
    log = UndoLog(tmp_path, Path("vault"))
    push(log, 0)
    goes(tmp_path / "undo.sqlite")
    push(log, 1)
    log.close()
    assert log.drain_messages() == []
    later = UndoLog(tmp_path, Path("vault"))
    assert later.pop(UndoDirection.UNDO) is not None
    assert later.pop(UndoDirection.UNDO) is None


def test_only_an_inverse_is_kept_and_only_with_its_own_note(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log = UndoLog(tmp_path, Path("vault"))
    with pytest.raises(ValueError, match="with the note that it is anchored in"):
        log.record("tick", [(applied.inverse, OLD)])
    assert log.pop(UndoDirection.UNDO) is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE edit SET lines = '[]'",
        "UPDATE edit SET lines = 'not json'",
        "UPDATE edit SET anchors = '[[\"item\", 99]]'",
        "UPDATE edit SET anchors = '[]'",
        "UPDATE edit SET note = x'00'",
        "UPDATE step SET title = '{'",
        "DELETE FROM edit",
    ],
)
def test_a_damaged_step_is_passed_over(tmp_path: Path, damage: str) -> None:
    below = ticked(OLD, 0)
    kept(tmp_path, below)
    with closing(sqlite3.connect(tmp_path / "undo.sqlite")) as database, database:
        database.execute("CREATE TEMP TABLE whole AS SELECT * FROM edit")
        database.execute(damage)
    kept(tmp_path, ticked(OLD, 1))
    edit = popped(tmp_path)
    assert apply_edit(edit, ticked(OLD, 1).data).data == OLD
    assert UndoLog(tmp_path, Path("vault")).pop(UndoDirection.UNDO) is None


def test_what_is_below_a_damaged_step_can_be_undone(tmp_path: Path) -> None:
    for index in (0, 1):
        kept(tmp_path, ticked(OLD, index))
    with closing(sqlite3.connect(tmp_path / "undo.sqlite")) as database, database:
        database.execute("UPDATE edit SET lines = 'not json' WHERE step = (SELECT max(id) FROM step)")
    assert apply_edit(popped(tmp_path), ticked(OLD, 0).data).data == OLD


def test_a_step_that_changed_nothing_is_none_and_leaves_what_can_be_redone(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    kept(tmp_path, applied)
    log = UndoLog(tmp_path, Path("vault"))
    log.record("nothing", [])
    undone = log.pop(UndoDirection.UNDO)
    assert undone is not None
    assert undone.title == "tick"
    log.record("tick", [(applied.inverse, applied.data)], UndoDirection.UNDO)
    log.record("nothing", [])
    assert log.pop(UndoDirection.REDO) is not None
    assert log.pop(UndoDirection.UNDO) is None
    log.close()
