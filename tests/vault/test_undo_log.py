"""Undo after a restart: the same bytes back, or a visible refusal; a damaged log stands in nobody's way."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from roadtui.core.changes.status import SetStatus
from roadtui.core.digest import digest
from roadtui.core.edit import Applied, Edit, apply
from roadtui.core.errors import RefusedError
from roadtui.core.locate import Anchor
from roadtui.core.markdown import parse
from roadtui.core.status import StatusRegistry
from roadtui.core.task_settings import TaskSettings
from roadtui.vault import undo_log
from roadtui.vault.undo_log import Stack, UndoLog

OLD = b"\xef\xbb\xbf# Plan\r\n- [ ] one \xff\r\n- [ ] two \xf0\x9f\x94\x81 every day\r\n- [ ] one \xff"


def ticked(data: bytes, index: int) -> Applied:
    note = parse(data.decode("utf-8", "surrogateescape"))
    task = list(note.tasks)[index]
    change = SetStatus((" ",), ("x",), date(2026, 11, 22), TaskSettings(), StatusRegistry())
    return apply(Edit("Pl\udcffan.md", "tick", (Anchor(note, digest(data), task),), change), data)


def kept(folder: Path, applied: Applied, vault: str = "vault") -> None:
    assert applied.inverse is not None
    log = UndoLog(folder, Path(vault))
    log.push(Stack.UNDO, "tick", [(applied.inverse, applied.data)])
    log.close()


def popped(folder: Path) -> Edit:
    step = UndoLog(folder, Path("vault")).pop(Stack.UNDO)
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
    assert apply(edit, applied.data).data == OLD


def test_the_place_is_found_again_in_a_note_that_moved_on(tmp_path: Path) -> None:
    applied = ticked(OLD, 1)
    kept(tmp_path, applied)
    edit = popped(tmp_path)
    assert apply(edit, b"first\n" + applied.data).data == b"first\n" + OLD


def test_it_refuses_where_the_line_was_changed(tmp_path: Path) -> None:
    applied = ticked(OLD, 1)
    kept(tmp_path, applied)
    edit = popped(tmp_path)
    with pytest.raises(RefusedError):
        apply(edit, applied.data.replace(b"two", b"three"))


def test_the_newest_comes_first_and_only_once(tmp_path: Path) -> None:
    first, second = ticked(OLD, 0), ticked(OLD, 1)
    kept(tmp_path, first)
    kept(tmp_path, second)
    log = UndoLog(tmp_path, Path("vault"))
    undone = [log.pop(Stack.UNDO), log.pop(Stack.UNDO), log.pop(Stack.UNDO)]
    anchors = [step.edits[0].anchors if step is not None else None for step in undone]
    digests = [held[0].digest if isinstance(held, tuple) else None for held in anchors]
    assert digests == [second.digest, first.digest, None]


def test_vaults_and_stacks_are_kept_apart(tmp_path: Path) -> None:
    kept(tmp_path, ticked(OLD, 0), "one")
    assert UndoLog(tmp_path, Path("other")).pop(Stack.UNDO) is None
    log = UndoLog(tmp_path, Path("one"))
    assert log.pop(Stack.REDO) is None
    log.clear(Stack.REDO)
    assert log.pop(Stack.UNDO) is not None


def test_what_is_cleared_is_gone_from_one_stack_of_one_vault(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    for vault in ("one", "other"):
        for stack in Stack:
            log = UndoLog(tmp_path, Path(vault))
            log.push(stack, f"{stack.value} of {vault}", [(applied.inverse, applied.data)])
            log.close()
    UndoLog(tmp_path, Path("one")).clear(Stack.REDO)
    left = [UndoLog(tmp_path, Path(vault)).pop(stack) for vault in ("one", "other") for stack in Stack]
    assert [step and step.title for step in left] == ["undo of one", None, "undo of other", "redo of other"]


def test_a_log_that_was_closed_opens_again(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log = UndoLog(tmp_path, Path("vault"))
    log.push(Stack.UNDO, "tick", [(applied.inverse, applied.data)])
    log.close()
    log.close()
    assert log.pop(Stack.UNDO) is not None
    assert log.pop(Stack.UNDO) is None


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo_log, "MOST_ENTRIES", 2)
    for _ in range(4):
        kept(tmp_path, ticked(OLD, 0))
    log = UndoLog(tmp_path, Path("vault"))
    assert [log.pop(Stack.UNDO) is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_log_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "undo.sqlite").write_bytes(damage)
    applied = ticked(OLD, 0)
    kept(tmp_path, applied)
    assert UndoLog(tmp_path, Path("vault")).pop(Stack.UNDO) is not None


def test_without_a_state_folder_undo_lasts_as_long_as_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = UndoLog(tmp_path / "file" / "below", Path("vault"))
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log.push(Stack.UNDO, "tick", [(applied.inverse, applied.data)])
    assert log.pop(Stack.UNDO) is not None


def test_only_an_inverse_is_kept_and_only_with_its_own_note(tmp_path: Path) -> None:
    applied = ticked(OLD, 0)
    assert applied.inverse is not None
    log = UndoLog(tmp_path, Path("vault"))
    with pytest.raises(ValueError, match="with the note that it is anchored in"):
        log.push(Stack.UNDO, "tick", [(applied.inverse, OLD)])
    assert log.pop(Stack.UNDO) is None


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
    assert apply(edit, ticked(OLD, 1).data).data == OLD
    assert UndoLog(tmp_path, Path("vault")).pop(Stack.UNDO) is None
