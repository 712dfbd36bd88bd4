"""A disk that is full when the frame or the cache is saved: the earlier one stays, or none is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from roadtui.config import Config
from roadtui.session import saved_frames
from roadtui.vault.cache.note_cache import NoteCache
from roadtui.vault.reader import read_and_parse
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have no largest size there")

LONG_AGO = 1_700_000_000


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file of this process can have more than `most` bytes: what is written beyond them fails."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_frame_that_does_not_fit_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_frames, "frames_folder", lambda: str(tmp_path / "frames"))
    file = tmp_path / "frames" / "one"
    saved_frames._write(str(file), b"earlier")
    with full_disk(4096), pytest.raises(OSError, match="too large"):
        saved_frames._write(str(file), b"later" * 4096)
    assert [path.name for path in file.parent.iterdir()] == ["one"]
    assert file.read_bytes() == b"earlier"


@pytest.mark.parametrize("most", [0, 3000, 20_000, 50_000])
def test_a_cache_that_does_not_fit_changes_nothing_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    for number in range(300):
        note = root / f"{number}.md"
        note.write_text(f"- [ ] one {number}\n- [x] two [[{number + 1}]]\n")
        os.utime(note, (LONG_AGO, LONG_AGO))
    read: list[str] = []

    def count(path: Path, *rest: Any) -> object:
        read.append(path.name)
        return read_and_parse(path, *rest)

    monkeypatch.setattr("roadtui.vault.vault.read_and_parse", count)

    def loaded() -> Vault:
        vault = Vault(
            root,
            Config(),
            lambda: NoteWriter(tmp_path / "state"),
            open_cache=lambda: NoteCache(tmp_path / "cache", root),
        )
        for _ in vault.load():
            pass
        return vault

    first = loaded()
    with full_disk(most):
        first.cache.save()
    read.clear()
    later = loaded().snapshot
    assert read, "not all of it was saved"
    assert later.progress == first.snapshot.progress
    assert {path: note.digest for path, note in later.notes.items()} == {
        path: note.digest for path, note in first.snapshot.notes.items()
    }
    loaded().cache.save()
    read.clear()
    loaded()
    assert read == [], "it is saved once there is room"
