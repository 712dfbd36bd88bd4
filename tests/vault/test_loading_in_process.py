"""A big vault is read in processes of its own, with the same result, whatever becomes of them."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

from roadtui.config import Config
from roadtui.core.stats.progress import CountMode
from roadtui.vault.loading import loader, reading_pool, reading_process
from roadtui.vault.loading.reading_process import ReadingProcess
from roadtui.vault.loading.reading_worker import ReadingTask
from roadtui.vault.note_content import USUAL_SETTINGS
from roadtui.vault.note_updates import CachedNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.conftest import Files
from tests.vault.test_note_cache import NOTES, shown

READS = ReadingProcess.read


@pytest.fixture(autouse=True, params=[1, 3])
def _always(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Any vault is worth so many processes."""
    monkeypatch.setattr(loader, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(reading_pool, "number_of_processes", lambda *_: request.param)
    monkeypatch.setattr(loader, "BATCH_SECONDS", 0)


@pytest.fixture
def files(files: Files) -> Files:
    for number, text in enumerate(NOTES):
        files.write(f"sub {number % 2}/{number}.md", text.encode("utf-8", "surrogateescape"))
    files.write("Wide.md", "- [ ] in UTF-16\n".encode("utf-16"))
    files.write("Large.md", b"- [ ] x\n" * 200)
    return files


def started(files: Files, config: Config | None = None) -> Vault:
    settings = config or Config(max_note_bytes=1000)
    return Vault(files.root, settings, lambda: NoteWriter(files.state))


def loaded(files: Files) -> Vault:
    vault = started(files)
    for _ in vault.load():
        pass
    return vault


@pytest.fixture
def expected(files: Files, monkeypatch: pytest.MonkeyPatch) -> object:
    """What is shown of the vault when it is read here."""
    with monkeypatch.context() as here:
        here.setattr(loader, "WORTH_A_PROCESS", 1 << 60)
        return shown(loaded(files).snapshot)


@pytest.fixture
def read_there(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The notes that a process has read."""
    found: list[str] = []

    def read(process: ReadingProcess, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        for batch in READS(process, paths):
            found.extend(one.note.path for one in batch)
            yield batch

    monkeypatch.setattr(ReadingProcess, "read", read)
    return found


def test_the_result_is_the_same(
    files: Files, expected: object, read_there: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit('not this one')\n")
    monkeypatch.chdir(tmp_path)
    snapshot = loaded(files).snapshot
    assert shown(snapshot) == expected
    assert snapshot.is_complete
    assert snapshot.unread == 0
    assert len(read_there) == len(NOTES) + 2, "all but the one in UTF-16, and the one that is too large"
    assert [problem.path for problem in snapshot.problems] == ["Large.md"]


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(1)",
        "print('nothing that was asked for', flush=True)",
        "import pickle, sys; sys.stdout.buffer.write(pickle.dumps([1, 2])[:-2])",
        "import pickle, sys; pickle.dump([('A.md', (1, 2))], sys.stdout.buffer)",
        "import pickle, sys; pickle.dump([('A.md', (b'',) * 7 + (0,))], sys.stdout.buffer)",
        "import pickle, sys; pickle.dump(7, sys.stdout.buffer)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    ],
    ids=["ends", "text", "cut short", "short row", "empty row", "no rows", "killed"],
)
def test_what_a_crashed_process_has_not_read_is_read_here(
    files: Files, expected: object, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(reading_process, "START", program)
    assert shown(loaded(files).snapshot) == expected


def test_where_no_process_can_be_started_all_is_read_here(
    files: Files, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(files.root / "no such program"))
    assert shown(loaded(files).snapshot) == expected


def test_a_load_that_waits_for_its_process_can_be_stopped(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "START", "import time; time.sleep(600)")
    processes: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    start = subprocess.Popen

    def noted(*arguments: Any, **others: Any) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = start(*arguments, **others)
        processes.put(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", noted)
    vault = started(files)
    loading = Thread(target=lambda: list(vault.load()), daemon=True)
    loading.start()
    process = processes.get(timeout=60)
    vault.loader.stop()
    loading.join(60)
    assert not loading.is_alive()
    assert process.poll() is not None
    assert not vault.snapshot.is_complete


def test_a_process_ends_when_nobody_takes_what_it_reads(files: Files) -> None:
    command = [sys.executable, "-I", "-c", reading_process.START, *sys.path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        pickle.dump(ReadingTask(os.fspath(files.root), 1000, USUAL_SETTINGS, ("sub 0/0.md",)), process.stdin)
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_later_read_of_a_note_counts(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = started(files)

    def read(process: ReadingProcess, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        for batch in READS(process, paths):
            files.write("sub 0/0.md", b"- [x] changed meanwhile\n")
            vault.refresh(["sub 0/0.md"])
            yield batch

    monkeypatch.setattr(ReadingProcess, "read", read)
    for _ in vault.load():
        pass
    (task,) = vault.snapshot.notes["sub 0/0.md"].note.tasks
    assert task.text == "changed meanwhile"
    assert vault.snapshot.notes["sub 0/0.md"].progress.done == 1


def test_what_was_counted_by_other_settings_is_counted_here(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = started(files)

    def read(process: ReadingProcess, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        for batch in READS(process, paths):
            vault.use_config(Config(max_note_bytes=1000, count=CountMode.ALL))
            yield batch

    monkeypatch.setattr(ReadingProcess, "read", read)
    for _ in vault.load():
        pass
    other = started(files, Config(max_note_bytes=1000, count=CountMode.ALL))
    for _ in other.load():
        pass
    assert vault.snapshot.is_complete
    assert shown(vault.snapshot) == shown(other.snapshot)


def test_some_cores_read_and_one_is_left_to_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for cores, numbers in ((1, [1, 1, 1]), (2, [1, 1, 1]), (4, [1, 2, 3]), (64, [1, 2, 4])):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: range(cores), raising=False)
        assert [reading_pool.number_of_processes(size, 10) for size in (9, 29, 1_000)] == numbers
