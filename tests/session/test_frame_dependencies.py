"""A frame is saved only where it can be proved that what is shown is what is on disk."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roadtui.cli.start_files import start_files
from roadtui.cli.vault_argument import CliContext, make_vault, resolve_target, settings_reader
from roadtui.config import views_file
from roadtui.saved_frame import file_of, find, frames_folder
from roadtui.session.frame_dependencies import ProgramStart
from roadtui.session.frame_view import FrameView, ShownFrame
from roadtui.session.outline.saved_positions import ViewPosition
from roadtui.session.saved_frames import FrameStore
from roadtui.vault.vault import Vault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no frames on Windows")

SIZE = (100, 30)
SECOND = 1_000_000_000
VIEW = FrameView("Plan.md", b"\x01\x02", ViewPosition("a1.2", 3, ("b", "c")))


class Run:
    """A run of the program on a vault, which it has read; a frame of it can be saved."""

    def __init__(self, *, began: int = 0, named: Path | None = None) -> None:
        """`began`: when, in seconds from now; all files are older than that where it is in the future."""
        start = ProgramStart(time.time_ns() + began * SECOND, time.monotonic_ns() + began * SECOND)
        context = CliContext(settings_reader())
        target = resolve_target(named, context)
        assert target is not None
        self.vault: Vault = make_vault(target, context)
        for _ in self.vault.load():
            pass
        arguments = [str(named)] if named is not None else []
        self.store = FrameStore(
            self.vault,
            context.settings,
            views_file(),
            arguments,
            lambda: start_files(named, context, target),
            start,
        )
        self.arguments = arguments

    def save(self) -> bool:
        """Save a frame."""
        shown = ShownFrame("\x1b[1;1Hcells", SIZE, VIEW, self.vault.snapshot)
        return self.store.save(shown, lambda: True)

    def is_found(self) -> bool:
        """Whether the next start shows a frame."""
        return find(self.arguments, SIZE) is not None


@pytest.fixture(autouse=True)
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "vault"
    (folder / ".obsidian").mkdir(parents=True)
    (folder / "area").mkdir()
    (folder / "Plan.md").write_text("- [ ] Alpha\n")
    (folder / "area" / "Other.md").write_text("- [ ] Beta\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("began", [0, 60])
def test_what_is_shown_of_files_young_or_old_is_saved_and_found(began: int) -> None:
    run = Run(began=began)
    assert run.save()
    assert run.is_found()
    found = find([], SIZE)
    assert found is not None
    assert FrameView.decoded(found.view) == VIEW
    file = Path(file_of([], SIZE))
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


CHANGES: dict[str, Callable[[Path], object]] = {
    "a note": lambda vault: (vault / "Plan.md").write_text("- [x] Alpha\n"),
    "a new note": lambda vault: (vault / "area" / "New.md").write_text(""),
    "a note deleted": lambda vault: (vault / "Plan.md").unlink(),
    "settings of Obsidian": lambda vault: (vault / ".obsidian" / "app.json").write_text('{"tabSize": 3}'),
    "a config": lambda vault: write(
        Path(os.environ["XDG_CONFIG_HOME"], "roadtui", "config.toml"), "grace_days = 2"
    ),
    "no vault here any more": lambda vault: (vault / ".obsidian").rmdir(),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_nothing_is_saved_where_something_else_is_on_disk_by_then(
    vault: Path, change: Callable[[Path], object]
) -> None:
    run = Run()
    change(vault)
    assert not run.save()
    assert not run.is_found()


def test_an_old_note_that_changes_later_is_noticed_at_the_start(vault: Path) -> None:
    run = Run(began=60)
    assert run.save()
    (vault / "Plan.md").write_text("- [x] Alpha\n")
    assert not run.is_found()


def test_an_edit_within_the_same_tick_of_the_clock_is_noticed_by_the_content(vault: Path) -> None:
    note = vault / "Plan.md"
    run = Run()
    assert run.save()
    before = note.stat()
    note.write_text("- [x] Alpha\n")
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not run.is_found()


def test_a_clock_that_was_set_tells_nothing_of_ages() -> None:
    run = Run()
    run.store._start = run.store._start._replace(wall=run.store._start.wall - 3600 * SECOND)
    assert not run.save()


def test_where_frames_are_off_none_is_saved_and_all_are_removed() -> None:
    assert Run().save()
    other = Path(frames_folder(), "other.frame")
    other.write_text("of another folder")
    write(Path(os.environ["XDG_CONFIG_HOME"], "roadtui", "config.toml"), "saved_frame = false\n")
    assert not Run().save()
    assert list(Path(frames_folder()).iterdir()) == []


def test_only_the_last_few_frames_are_kept() -> None:
    run = Run()
    assert run.save()
    for number in range(20):
        Path(frames_folder(), f"{number}.frame").write_text("older")
    assert run.save()
    assert len(list(Path(frames_folder()).iterdir())) == 12
    assert run.is_found()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_is_no_error() -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"])
    cache.mkdir()
    cache.chmod(0o500)
    assert not Run().save()
    cache.chmod(0o700)


def test_a_file_in_place_of_the_cache_is_no_error() -> None:
    write(Path(os.environ["XDG_CACHE_HOME"], "roadtui"), "a file")
    assert not Run().save()


def test_a_note_is_found_by_its_path_and_by_what_is_around_it(vault: Path, tmp_path: Path) -> None:
    named = vault / "Plan.md"
    run = Run(named=named)
    assert run.save()
    assert run.is_found()
    (vault / ".obsidian").rename(vault / "obsidian")
    assert not run.is_found()


def test_a_note_without_its_suffix_is_not_looked_up_at_a_start() -> None:
    assert not Run(named=Path("Plan")).save()


def test_the_vault_of_the_config_is_left_by_a_vault_around_the_folder(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Path(os.environ["XDG_CONFIG_HOME"], "roadtui", "config.toml"), f'vault = "{vault}"\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    run = Run()
    assert run.save()
    assert run.is_found()
    (elsewhere / ".obsidian").mkdir()
    assert not run.is_found()


def test_the_last_vault_of_obsidian_is_asked_for_again(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "darwin":
        pytest.skip("its list is elsewhere")
    listed = Path(os.environ["XDG_CONFIG_HOME"], "obsidian", "obsidian.json")
    write(listed, f'{{"vaults": {{"1": {{"path": "{vault}", "ts": 2}}}}}}')
    monkeypatch.chdir(tmp_path)
    run = Run()
    assert run.save()
    assert run.is_found()
    write(listed, '{"vaults": {}}')
    assert not run.is_found()
