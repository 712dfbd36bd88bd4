"""Real changes to real folders: a model that follows the events comes to equal the disk."""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.vault.errors import VaultMissingError
from roadtui.vault.reader import FileStamp
from roadtui.vault.scan import scan
from roadtui.vault.watch.watcher import (
    NotesChanged,
    RescanNeeded,
    SettingsChanged,
    Watcher,
    WatchIntervals,
    WatchState,
    WatchStateChanged,
)

NEVER = 3600.0
EVENTS_ONLY = WatchIntervals(rescan_interval=NEVER, poll=NEVER, check_root=0.05, retry=NEVER)
"""No scan by the clock: what is seen was told."""
WITH_SAFETY_NET = WatchIntervals(
    rescan_interval=0.2, poll=0.2, check_root=0.05, retry=0.05, longest_retry=0.1
)

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs inotify")


class Follower:
    """Does what the vault does with the events, and no more: stats and scans."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.notes: dict[str, FileStamp] = {}
        self.states: list[WatchState] = []
        self.reason = ""
        self.settings: set[str] = set()
        self.touched: set[str] = set()
        self.scans = 0

    async def follow(self, watcher: Watcher) -> None:
        async with aclosing(aiter(watcher)) as events:
            async for event in events:
                match event:
                    case WatchStateChanged(state, reason):
                        self.states.append(state)
                        self.reason = reason
                    case SettingsChanged(paths):
                        self.settings |= paths
                    case NotesChanged(paths):
                        self.touched |= paths
                        self.look(paths)
                    case RescanNeeded():
                        await self.scan()

    def look(self, paths: frozenset[str]) -> None:
        for path in paths:
            try:
                self.notes[path] = FileStamp.of(os.stat(self.root / path))
            except OSError:
                self.notes.pop(path, None)

    def has_notes_in(self, paths: Collection[str]) -> bool:
        return any(note.startswith(f"{path}/") for note in self.notes for path in paths)

    async def scan(self) -> None:
        try:
            self.notes = dict((await asyncio.to_thread(scan, self.root)).notes)
            self.scans += 1
        except VaultMissingError:
            pass

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(8):
            while not reached():
                await asyncio.sleep(0.005)

    async def equals_the_disk(self) -> None:
        def equal() -> bool:
            try:
                return self.notes == scan(self.root).notes
            except VaultMissingError:
                return False

        await self.until(equal)


@asynccontextmanager
async def following(root: Path, intervals: WatchIntervals = EVENTS_ONLY) -> AsyncGenerator[Follower, None]:
    follower = Follower(root)
    watcher = Watcher(root, intervals=intervals, has_notes_in=follower.has_notes_in)
    task = asyncio.create_task(follower.follow(watcher))
    try:
        await follower.until(lambda: follower.scans > 0)
        yield follower
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "d" / "e").mkdir(parents=True)
    for path in ("a.md", "b.md", "d/c.md", "d/e/f.md"):
        (root / path).write_text(f"- [ ] {path}\n")
    return root


def exchange(one: Path, other: Path) -> None:
    """Swap two files in one step (RENAME_EXCHANGE), as our own careful writer does."""
    done: int = ctypes.CDLL(None).renameat2(-100, bytes(one), -100, bytes(other), 2)
    if done != 0:
        pytest.skip("this file system does not exchange")


def write_in_place(root: Path) -> None:
    (root / "a.md").write_text("- [x] in place\n")


def append(root: Path) -> None:
    with (root / "d" / "e" / "f.md").open("a") as note:
        note.write("more\n")


def rename_over(root: Path) -> None:
    (root / ".~new").write_text("- [x] renamed over\n")
    os.replace(root / ".~new", root / "a.md")


def exchange_notes(root: Path) -> None:
    exchange(root / "a.md", root / "d" / "c.md")


def new_note(root: Path) -> None:
    (root / "d" / "new.md").write_text("- [ ] new\n")


def new_empty_note(root: Path) -> None:
    (root / "empty.md").touch()


def delete(root: Path) -> None:
    (root / "a.md").unlink()


def move_note(root: Path) -> None:
    (root / "a.md").rename(root / "d" / "moved.md")


def change_case(root: Path) -> None:
    (root / "a.md").rename(root / "A.md")


def move_folder(root: Path) -> None:
    (root / "d").rename(root / "moved")


def move_folder_in(root: Path) -> None:
    outside = root.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "x.md").touch()
    outside.rename(root / "in")


def move_folder_out(root: Path) -> None:
    (root / "d").rename(root.parent / "out")


def delete_folder(root: Path) -> None:
    shutil.rmtree(root / "d")


def link_folder(root: Path) -> None:
    outside = root.parent / "linked"
    outside.mkdir()
    (outside / "x.md").touch()
    (root / "link").symlink_to(outside)


def exclude_folder(root: Path) -> None:
    (root / "d").rename(root / ".d")


@pytest.mark.parametrize(
    "change",
    [
        write_in_place,
        append,
        rename_over,
        pytest.param(exchange_notes, marks=linux_only),
        new_note,
        new_empty_note,
        delete,
        move_note,
        change_case,
        move_folder,
        move_folder_in,
        move_folder_out,
        delete_folder,
        link_folder,
        exclude_folder,
    ],
)
async def test_a_change_is_seen(vault: Path, change: Callable[[Path], None]) -> None:
    async with following(vault) as follower:
        change(vault)
        await follower.equals_the_disk()
        assert follower.states == [WatchState.LIVE]


@linux_only
async def test_a_moved_folder_is_followed_under_its_new_path(vault: Path) -> None:
    async with following(vault) as follower:
        for name in ("two", "three"):
            (vault / "d").rename(vault / name)
            await follower.equals_the_disk()
            (vault / name / "c.md").write_text(name)
            await follower.equals_the_disk()
            (vault / name).rename(vault / "d")
            await follower.equals_the_disk()
        assert "three/c.md" in follower.touched


async def test_a_folder_that_is_made_readable(vault: Path) -> None:
    (vault / "d").chmod(0)
    try:
        if os.access(vault / "d", os.R_OK):
            pytest.skip("this user reads every folder")
        async with following(vault, WITH_SAFETY_NET) as follower:
            await follower.equals_the_disk()
            assert set(follower.notes) == {"a.md", "b.md"}
            (vault / "d").chmod(0o755)
            await follower.until(lambda: len(follower.notes) == 4)
    finally:
        (vault / "d").chmod(0o755)


async def test_a_vault_that_may_not_be_read_is_not_called_live(vault: Path) -> None:
    vault.chmod(0)
    try:
        if os.access(vault, os.R_OK):
            pytest.skip("this user reads every folder")
        async with following(vault, WITH_SAFETY_NET) as follower:
            assert follower.states == [WatchState.POLLING]
            vault.chmod(0o755)
            await follower.until(lambda: follower.states[-1] is WatchState.LIVE)
            await follower.equals_the_disk()
    finally:
        vault.chmod(0o755)


@linux_only
async def test_a_folder_behind_a_new_link_is_followed(vault: Path) -> None:
    """watchfiles does not watch behind a link that is made later: a scan finds what is there."""
    async with following(vault, WITH_SAFETY_NET) as follower:
        link_folder(vault)
        await follower.equals_the_disk()
        (vault.parent / "linked" / "x.md").write_text("- [ ] outside\n")
        await follower.equals_the_disk()
        (vault / "link").unlink()
        await follower.equals_the_disk()


@linux_only
async def test_two_hundred_nested_folders_at_once(vault: Path) -> None:
    async with following(vault) as follower:
        deepest = vault
        for _ in range(200):
            deepest = deepest / "n"
            deepest.mkdir()
            (deepest / "x.md").touch()
        await follower.equals_the_disk()
        (deepest / "x.md").write_text("- [ ] deep\n")
        await follower.equals_the_disk()
        assert len(follower.notes) == 204


@linux_only
async def test_a_thousand_notes_in_new_folders(vault: Path) -> None:
    async with following(vault) as follower:
        for folder in range(50):
            (vault / f"n{folder}").mkdir()
            for note in range(20):
                (vault / f"n{folder}" / f"{note}.md").touch()
        await follower.equals_the_disk()
        assert len(follower.notes) == 1004


async def test_a_vault_deleted_and_made_again(vault: Path) -> None:
    async with following(vault) as follower:
        shutil.rmtree(vault)
        await follower.until(lambda: follower.states[-1] is WatchState.MISSING)
        assert follower.notes
        vault.mkdir()
        (vault / "again.md").touch()
        await follower.until(lambda: follower.states[-1] is WatchState.LIVE)
        await follower.equals_the_disk()
        assert set(follower.notes) == {"again.md"}
        (vault / "again.md").write_text("- [ ] again\n")
        await follower.equals_the_disk()
        assert follower.states == [WatchState.LIVE, WatchState.MISSING, WatchState.LIVE]


async def test_a_name_that_is_not_utf8(vault: Path) -> None:
    async with following(vault, WITH_SAFETY_NET) as follower:
        odd = os.fsdecode(os.fsencode(vault) + b"/caf\xe9.md")
        Path(odd).touch()
        await follower.equals_the_disk()
        Path(odd).write_text("- [ ] odd\n")
        (vault / "a.md").write_text("- [ ] after\n")
        await follower.equals_the_disk()
        await follower.until(lambda: follower.states[-1] is WatchState.LIVE)


async def test_settings_that_appear_and_change(vault: Path) -> None:
    async with following(vault) as follower:
        plugin = vault / ".obsidian" / "plugins" / "tasks"
        plugin.mkdir(parents=True)
        await follower.until(lambda: bool(follower.settings))
        await asyncio.sleep(0.1)
        (plugin / "data.json").write_text("{}")
        await follower.until(lambda: ".obsidian/plugins/tasks/data.json" in follower.settings)
        assert not follower.touched


@linux_only
async def test_files_that_come_and_go_beside_notes_cost_no_scan(vault: Path) -> None:
    async with following(vault) as follower:
        for _ in range(20):
            (vault / "4913").touch()
            (vault / "4913").unlink()
        (vault / "a.md").write_text("- [ ] done\n")
        await follower.equals_the_disk()
        assert follower.scans == 1


def watched_folders() -> int:
    """How many watches this process holds."""
    held = 0
    for description in Path("/proc/self/fdinfo").iterdir():
        with suppress(FileNotFoundError):
            held += description.read_text().count("inotify wd:")
    return held


@linux_only
async def test_watches_are_given_back(vault: Path) -> None:
    before = watched_folders()
    async with following(vault) as follower:
        held = watched_folders()
        move_folder_out(vault)
        await follower.equals_the_disk()
        await follower.until(lambda: watched_folders() == held - 2)
    for _ in range(200):  # The threads of watchfiles end a moment after they were stopped.
        if watched_folders() == before:
            break
        await asyncio.sleep(0.01)
    assert watched_folders() == before


async def test_a_vault_deleted_and_made_again_at_once(vault: Path) -> None:
    intervals = WatchIntervals(
        rescan_interval=NEVER, poll=NEVER, check_root=NEVER, retry=0.02, longest_retry=0.02
    )
    async with following(vault, intervals) as follower:
        shutil.rmtree(vault)
        vault.mkdir()  # Often under the same inode number.
        (vault / "again.md").touch()
        await follower.equals_the_disk()
        await asyncio.sleep(0.1)
        (vault / "again.md").write_text("- [ ] again\n")
        await follower.equals_the_disk()


@linux_only
async def test_an_overflowing_queue_is_noticed(vault: Path) -> None:
    longest = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if longest > 100_000:
        pytest.skip("the queue is too long to overflow in a quick test")
    async with following(vault) as follower:
        for _ in range(longest // 2):
            (vault / "t.md").touch()
            (vault / "t.md").unlink()
        move_folder(vault)
        (vault / "moved" / "after.md").touch()
        await follower.equals_the_disk()
        (vault / "moved" / "after.md").write_text("- [ ] after\n")
        await follower.equals_the_disk()
        assert "moved/after.md" in follower.touched


NAMES = st.sampled_from(["a.md", "b.md", "d", "d/a.md", "d/e", "d/e/b.md", "x", "x/a.md", ".h", ".h/a.md"])
OPERATIONS = st.one_of(
    st.tuples(st.just("write"), NAMES, st.text("xyz", max_size=3)),
    st.tuples(st.just("mkdir"), NAMES, st.just("")),
    st.tuples(st.just("delete"), NAMES, st.just("")),
    st.tuples(st.just("move"), NAMES, NAMES),
    st.tuples(st.just("link"), NAMES, NAMES),
    st.tuples(st.just("pause"), st.just(""), st.just("")),
)


def operate(root: Path, operation: str, path: str, argument: str) -> None:
    here = root / path
    try:
        match operation:
            case "write":
                here.parent.mkdir(parents=True, exist_ok=True)
                here.write_text(argument)
            case "mkdir":
                here.mkdir(parents=True)
            case "delete" if here.is_dir() and not here.is_symlink():
                shutil.rmtree(here)
            case "delete":
                here.unlink()
            case "move":
                here.rename(root / argument)
            # Not a note that is a link: writes to what it leads to are seen by the next scan only.
            case "link" if not path.endswith(".md"):
                here.symlink_to(root / argument)
    except OSError:
        pass  # Not possible in this state of the folder: the next one then.


@linux_only
@given(st.lists(OPERATIONS, max_size=25))
def test_after_any_changes_the_model_equals_the_disk(operations: list[tuple[str, str, str]]) -> None:
    async def run(root: Path) -> None:
        async with following(root) as follower:
            for operation, path, argument in operations:
                if operation == "pause":
                    await asyncio.sleep(0.015)
                else:
                    operate(root, operation, path, argument)
            await follower.equals_the_disk()
            (root / "last.md").touch()
            await follower.equals_the_disk()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))
