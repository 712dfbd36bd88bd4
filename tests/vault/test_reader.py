"""Reading notes: every byte, whole, and never a hang."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.reader import FileStamp, decode, encode, is_utf16, read_note

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="leases exist on Linux only")


class QuietSystem(FileSystem):
    """Counts waits instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0

    def sleep(self, seconds: float) -> None:
        self.waits += 1


class LeaselessSystem(QuietSystem):
    """A file system without leases."""

    def lease(self, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, "no leases")


@given(st.binary())
def test_text_and_bytes_are_exact_inverses(data: bytes) -> None:
    assert encode(decode(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"- [ ] a\r\n- [ ] b\r- [ ] c\n",
        b"\xef\xbb\xbf# Title",
        b"no final newline",
        b"\xff\xfe\x00\x80 not UTF-8",
        b"nul\0inside",
        "form\ffeed and line\u2028separator".encode(),
    ],
)
def test_every_byte_arrives(tmp_path: Path, data: bytes) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(data)
    found = read_note(note)
    assert found.data == data
    assert found.stamp == FileStamp.of(note.stat())


def test_a_byte_order_mark_stays_in_the_text() -> None:
    assert decode(b"\xef\xbb\xbf# Title") == "\ufeff# Title"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\ufeff- [ ] a".encode("utf-16-le"), True),
        ("\ufeff- [ ] a".encode("utf-16-be"), True),
        ("- [ ] no mark".encode("utf-16-le"), True),
        ("- [ ] no mark".encode("utf-16-be"), True),
        ("- [ ] é 📚".encode(), False),
        (b"", False),
        (b"\0\0\0\0\0\0", False),
        (b"a\0b nul in text", False),
    ],
)
def test_utf16_is_told_apart(data: bytes, expected: bool) -> None:
    assert is_utf16(data) is expected


def refused(path: Path, limit: int = 1000) -> UnreadableNoteError:
    with pytest.raises(UnreadableNoteError) as caught:
        read_note(path, limit, QuietSystem())
    return caught.value


def test_a_pipe_is_refused_without_hanging(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    error = refused(tmp_path / "pipe.md")
    assert error.reason is Unreadable.NOT_A_FILE
    assert str(error) == "pipe.md is not a plain file (a folder, a pipe or a device)."


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "large.md").write_bytes(b"x" * 1001)
    assert refused(tmp_path / "folder.md").reason is Unreadable.NOT_A_FILE
    assert refused(tmp_path / "loop.md").reason is Unreadable.FAILED
    assert refused(tmp_path / "dangling.md").reason is Unreadable.GONE
    assert refused(tmp_path / "missing.md").reason is Unreadable.GONE
    assert refused(tmp_path / "large.md").reason is Unreadable.TOO_LARGE


def test_a_note_as_large_as_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_bytes(b"x" * 1000)
    assert len(read_note(tmp_path / "note.md", 1000).data) == 1000


def test_permission_denied_is_said(tmp_path: Path) -> None:
    class Denying(QuietSystem):
        def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "note.md").touch()
    with pytest.raises(UnreadableNoteError, match=r"note\.md may not be read: permission denied"):
        read_note(tmp_path / "note.md", system=Denying())


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"text")
    (tmp_path / "link.md").symlink_to("real.md")
    assert read_note(tmp_path / "link.md").data == b"text"


@linux_only
def test_a_lease_proves_that_nobody_is_writing(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"text")
    assert not read_note(note).torn_risk
    with note.open("ab"):
        assert read_note(note, system=QuietSystem()).torn_risk
    assert read_note(note, system=LeaselessSystem()).torn_risk


@linux_only
def test_the_lease_is_given_back(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"text")
    read_note(note)
    os.close(os.open(note, os.O_WRONLY | os.O_NONBLOCK))


@linux_only
def test_a_note_under_a_write_lease_is_busy_at_last(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"text")
    system = QuietSystem()
    fd = os.open(note, os.O_RDWR)
    try:
        assert system.lease(fd, Lease.WRITE)
        assert refused(note).reason is Unreadable.BUSY
    finally:
        os.close(fd)


def test_a_note_that_changes_during_the_read_is_read_again(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"old text")

    class Interrupted(LeaselessSystem):
        def pread(self, fd: int, count: int, offset: int) -> bytes:
            data = super().pread(fd, count, offset)
            if not self.waits:
                note.write_bytes(b"new and longer text")
            return data

    system = Interrupted()
    found = read_note(note, system=system)
    assert found.data == b"new and longer text"
    assert system.waits == 1


def test_a_read_that_ends_early_is_made_again(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"some text")

    class EndsEarly(LeaselessSystem):
        def pread(self, fd: int, count: int, offset: int) -> bytes:
            data = super().pread(fd, count, offset)
            return data if self.waits else data[: max(0, 4 - offset)]

    system = EndsEarly()
    assert read_note(note, system=system).data == b"some text"
    assert system.waits == 1


def test_the_signature_of_a_moving_note_is_out_of_date(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"text")

    class Restless(LeaselessSystem):
        def pread(self, fd: int, count: int, offset: int) -> bytes:
            data = super().pread(fd, count, offset)
            with note.open("ab") as other:
                other.write(b"+")
            return data

    found = read_note(note, system=Restless())
    assert found.torn_risk
    assert found.stamp != FileStamp.of(note.stat())


@linux_only
def test_no_read_is_torn_beside_a_truncating_writer(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    whole = b"- [ ] line\n" * 500
    note.write_bytes(whole)
    program = (
        "import sys\n"
        "for _ in range(2000):\n"
        "    with open(sys.argv[1], 'wb', buffering=0) as note:\n"
        "        note.write(b'- [ ] line\\n' * 250); note.write(b'- [ ] line\\n' * 250)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(note)]) as writer:
        proven = 0
        while writer.poll() is None:
            found = read_note(note)
            if not found.torn_risk:
                proven += 1
                assert found.data == whole
    assert writer.returncode == 0
    assert proven


@linux_only
def test_reading_works_on_any_thread(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(b"text")
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(read_note(note).torn_risk))
    thread.start()
    thread.join()
    assert found == [False]
