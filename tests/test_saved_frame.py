"""The file of a saved frame, whatever is in its place; and whether the frame holds, whatever has changed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roadtui import saved_frame
from roadtui.saved_frame import (
    HEAD,
    LISTING,
    STAMP,
    WHOLE,
    FrameDependencies,
    SavedFrame,
    checksum,
    conditions_of,
    decode,
    encode,
    file_of,
    find,
    stamp_of,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no frames on Windows")

ARGUMENTS = ["--vault", "notes"]
SIZE = (160, 45)
SCREEN = b"\x1b[1;1HAlpha"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user, and the working folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def vault(home: Path) -> Path:
    folder = home / "notes"
    (folder / "area").mkdir(parents=True)
    (folder / "Plan.md").write_text("- [ ] Alpha\n")
    (folder / "area" / "Other.md").write_text("- [ ] Beta\n")
    (folder / ".obsidian").mkdir()
    (home / "elsewhere").mkdir()
    (folder / "linked").symlink_to(home / "elsewhere")
    return folder


def depending_on(vault: Path) -> FrameDependencies:
    """The dependencies on a vault of two notes, a folder and a link, without any check of contents."""
    names = ["", "area", "linked", "Plan.md", "area/Other.md"]
    paths = [os.fsencode(vault / name) for name in names]
    stamps = b"".join(STAMP.pack(*stamp_of(path)) for path in paths)
    absent = [os.fsencode(vault.parent / ".obsidian"), os.fsencode(vault.parent / "config.toml")]
    return FrameDependencies(paths, stamps, [], [os.fsencode(vault / ".obsidian")], absent)


def save(frame: SavedFrame) -> Path:
    """Save a frame for `ARGUMENTS` and `SIZE`; its file."""
    file = Path(file_of(ARGUMENTS, SIZE))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(encode(frame))
    file.chmod(0o600)
    return file


def frame_of(vault: Path) -> SavedFrame:
    return SavedFrame(conditions_of(ARGUMENTS, SIZE), depending_on(vault), SCREEN, b"view\0x")


def test_a_frame_is_found_as_it_was_saved(vault: Path) -> None:
    save(frame_of(vault))
    found = find(ARGUMENTS, SIZE)
    assert found is not None
    assert (found.screen, found.view) == (SCREEN, b"view\0x")


def replace(path: Path, text: str) -> None:
    beside = path.with_name("x.tmp")
    beside.write_text(text)
    beside.replace(path)


def write_back_in_time(path: Path) -> None:
    before = path.stat()
    path.write_text("- [x] Alpha\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def link_elsewhere(vault: Path) -> None:
    (vault.parent / "third").mkdir()
    (vault / "linked").unlink()
    (vault / "linked").symlink_to(vault.parent / "third")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a note of the same size": lambda vault: (vault / "Plan.md").write_text("- [x] Alpha\n"),
    "a note of the same size and time": lambda vault: write_back_in_time(vault / "Plan.md"),
    "a longer note": lambda vault: (vault / "Plan.md").write_text("- [x] Alpha and more\n"),
    "a note replaced": lambda vault: replace(vault / "Plan.md", "- [x] Alpha\n"),
    "a note in a folder": lambda vault: (vault / "area" / "Other.md").write_text("- [x] Beta\n"),
    "a new note": lambda vault: (vault / "area" / "New.md").write_text(""),
    "a note deleted": lambda vault: (vault / "area" / "Other.md").unlink(),
    "a note renamed": lambda vault: (vault / "Plan.md").rename(vault / "Plans.md"),
    "a folder renamed": lambda vault: (vault / "area").rename(vault / "areas"),
    "a link that leads elsewhere": link_elsewhere,
    "a note where a link leads": lambda vault: (vault.parent / "elsewhere" / "New.md").write_text(""),
    "a config": lambda vault: (vault.parent / "config.toml").write_text(""),
    "another vault around it": lambda vault: (vault.parent / ".obsidian").mkdir(),
    "no vault any more": lambda vault: (vault / ".obsidian").rmdir(),
    "the vault renamed": lambda vault: vault.rename(vault.with_name("other")),
    "no right to look into a folder": lambda vault: (vault / "area").chmod(0o700),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_frame_after_a_change(vault: Path, change: Callable[[Path], object]) -> None:
    save(frame_of(vault))
    wait_for_next_stamp(vault)
    change(vault)
    assert find(ARGUMENTS, SIZE) is None


def wait_for_next_stamp(folder: Path) -> None:
    """Wait until a file written now has another time than all before."""
    probe = folder.parent / "probe"
    probe.write_text("")
    first = probe.stat().st_mtime_ns
    while probe.stat().st_mtime_ns == first:
        probe.write_text("")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TERM", "dumb"),
        ("COLORTERM", ""),
        ("NO_COLOR", "1"),
        ("LC_ALL", "C"),
        ("XDG_STATE_HOME", "/x"),
        ("TZ", "UTC+9"),
    ],
)
def test_no_frame_in_another_environment(
    vault: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    save(frame_of(vault))
    monkeypatch.setenv(name, value)
    assert find(ARGUMENTS, SIZE) is None


def test_no_frame_for_another_start(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = save(frame_of(vault))
    assert find(["--vault", "other"], SIZE) is None
    assert find(ARGUMENTS, (100, 30)) is None
    monkeypatch.setattr(saved_frame, "__version__", "0")
    assert find(ARGUMENTS, SIZE) is None
    monkeypatch.undo()
    monkeypatch.chdir(vault)
    assert file.exists()
    assert find(ARGUMENTS, SIZE) is None


def test_no_frame_on_another_day(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(frame_of(vault))
    monkeypatch.setattr(saved_frame, "localtime", lambda: (2040, 1, 1, 0, 0, 0, 0, 0, 0))
    assert find(ARGUMENTS, SIZE) is None


@pytest.mark.parametrize("kind", [WHOLE, HEAD, LISTING])
def test_what_has_a_young_stamp_is_compared_by_its_content(vault: Path, kind: bytes) -> None:
    frame = frame_of(vault)
    path = vault / ("area" if kind == LISTING else "Plan.md")
    index = frame.dependencies.paths.index(os.fsencode(path))
    found = checksum(os.fsencode(path), kind)
    frame.dependencies.checks.append((index, kind, found))
    save(frame)
    assert find(ARGUMENTS, SIZE) is not None
    frame.dependencies.checks[:] = [(index, kind, found ^ 1)]
    save(frame)
    assert find(ARGUMENTS, SIZE) is None


def test_a_damaged_frame_is_none(vault: Path) -> None:
    data = encode(frame_of(vault))
    assert decode(data) is not None
    for length in range(0, len(data), 7):
        assert decode(data[:length]) is None
    for at in range(0, len(data), 5):
        assert decode(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]) is None
    assert decode(data.replace(b"frame 1", b"frame 2", 1)) is None
    assert decode(data + b"x") is None


def put_fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def put_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def put_link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


IN_ITS_PLACE: dict[str, Callable[[Path], object]] = {
    "a pipe": put_fifo,
    "a folder": put_folder,
    "a link": put_link,
    "others may write it": lambda file: file.chmod(0o620),
    "huge": lambda file: os.truncate(file, saved_frame.LARGEST + 1),
    "empty": lambda file: os.truncate(file, 0),
    "nothing": lambda file: file.unlink(),
}


@pytest.mark.parametrize("put", IN_ITS_PLACE.values(), ids=IN_ITS_PLACE.keys())
def test_what_is_no_frame_of_the_users_own_is_not_shown(vault: Path, put: Callable[[Path], object]) -> None:
    put(save(frame_of(vault)))
    assert find(ARGUMENTS, SIZE) is None


def test_a_frame_of_another_user_is_not_shown(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(frame_of(vault))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert find(ARGUMENTS, SIZE) is None
