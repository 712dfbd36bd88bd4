from __future__ import annotations

import os
from pathlib import Path

from roadtui.vault.reader import FileStamp

SECOND = 1_000_000_000


def test_a_write_of_the_same_length_changes_the_signature(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("- [ ] a")
    before = FileStamp.of(os.stat(note))
    os.utime(note, ns=(0, before.mtime_ns - SECOND))
    assert FileStamp.of(os.stat(note)) != before


def test_a_replaced_file_with_the_same_times_has_another_signature(tmp_path: Path) -> None:
    note, other = tmp_path / "a.md", tmp_path / "b.md"
    note.write_text("- [ ] a")
    other.write_text("- [x] a")
    before = FileStamp.of(os.stat(note))
    os.utime(other, ns=(before.mtime_ns, before.mtime_ns))
    os.replace(other, note)
    assert FileStamp.of(os.stat(note)) != before


def test_a_file_that_was_just_written_is_read_once_more() -> None:
    signature = FileStamp(1, 1, 10, mtime_ns=100 * SECOND, ctime_ns=100 * SECOND)
    assert signature.is_racy(read_at_ns=100 * SECOND)
    assert signature.is_racy(read_at_ns=102 * SECOND - 1)
    assert not signature.is_racy(read_at_ns=102 * SECOND)
    assert signature.is_racy(read_at_ns=99 * SECOND)
    assert not signature.is_racy(read_at_ns=90 * SECOND)
