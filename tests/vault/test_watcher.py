"""What the watcher makes of reported paths. The sources here are scripted; the folders are real."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from itertools import pairwise
from pathlib import Path

import pytest

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.vault.watch.source import PathBatches, Source, WatchError
from roadtui.vault.watch.watcher import (
    LARGE_BATCH,
    NotesChanged,
    RescanNeeded,
    SettingsChanged,
    VaultEvent,
    Watcher,
    WatchIntervals,
    WatchState,
    WatchStateChanged,
)
from tests.virtual_time import in_virtual_time

LIVE = WatchStateChanged(WatchState.LIVE)
EVERYTHING = RescanNeeded()
NEVER = 3600.0
STILL = WatchIntervals(rescan_interval=NEVER, poll=NEVER, check_root=NEVER, retry=NEVER)
"""Does nothing by the clock: whatever happens has a cause in the test."""
BRISK = WatchIntervals(rescan_interval=NEVER, poll=NEVER, check_root=0.01, retry=NEVER)

Events = AsyncGenerator[VaultEvent, None]


class Script:
    """A source that says what the test puts in; an error ends it."""

    def __init__(self) -> None:
        self.starts = 0
        self.running = 0
        self._lines: asyncio.Queue[frozenset[str] | WatchError] = asyncio.Queue()

    def say(self, *paths: str) -> None:
        self._lines.put_nowait(frozenset(paths))

    def fail(self, reason: str = "No more.") -> None:
        self._lines.put_nowait(WatchError(reason))

    async def source(self, root: Path) -> PathBatches:
        self.starts += 1
        self.running += 1
        try:
            yield frozenset()
            while True:
                line = await self._lines.get()
                if isinstance(line, WatchError):
                    raise line
                yield line
        finally:
            self.running -= 1


async def broken(root: Path) -> PathBatches:
    raise WatchError("Too many folders.")
    yield frozenset()


def following(
    root: Path, source: Source, intervals: WatchIntervals = STILL, *filters: str
) -> AbstractAsyncContextManager[Events]:
    return aclosing(aiter(Watcher(root, IgnoreRules.of(filters), intervals=intervals, source=source)))


async def take(events: Events, count: int = 1) -> list[VaultEvent]:
    return [await anext(events) for _ in range(count)]


def now() -> float:
    """The time of the loop, in seconds."""
    return asyncio.get_running_loop().time()


async def times_of(events: Events, count: int) -> list[float]:
    """When, from now on, each of the next events is told; all of them ask for a look at everything."""
    began = now()
    times = []
    for _ in range(count):
        assert isinstance((await take(events))[0], RescanNeeded)
        times.append(round(now() - began, 6))
    return times


async def silence(events: Events) -> bool:
    """Whether nothing is told for half an hour. Ends the following."""
    try:
        async with asyncio.timeout(NEVER / 2):
            await anext(events)
    except TimeoutError:
        return True
    return False


@in_virtual_time
async def test_begins_with_the_state_and_a_look_at_everything(tmp_path: Path) -> None:
    async with following(tmp_path, Script().source) as events:
        assert await take(events, 2) == [LIVE, EVERYTHING]
        assert await silence(events)


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        (["a.md"], NotesChanged(frozenset({"a.md"}))),
        (["a.md", "d/b.md", "x.png", ".git/c.md"], NotesChanged(frozenset({"a.md", "d/b.md"}))),
        (["folder.md"], EVERYTHING),
        (["a.md", "folder"], EVERYTHING),
        ([""], EVERYTHING),
        (["folder"], EVERYTHING),
        (["gone"], EVERYTHING),
        ([f"{number}.md" for number in range(LARGE_BATCH + 1)], EVERYTHING),
        (
            [f"{number}.md" for number in range(LARGE_BATCH)],
            NotesChanged(frozenset(f"{number}.md" for number in range(LARGE_BATCH))),
        ),
        ([".obsidian/app.json", "a.png"], SettingsChanged(frozenset({".obsidian/app.json"}))),
        ([".obsidian"], SettingsChanged(frozenset({".obsidian"}))),
        ([".d/.Plan.md.icloud", "d/b.md"], NotesChanged(frozenset({"d/b.md"}))),
    ],
)
@in_virtual_time
async def test_what_reported_paths_mean(tmp_path: Path, hints: list[str], told: VaultEvent) -> None:
    for name in ("folder", "folder.md", ".d"):
        (tmp_path / name).mkdir()
    for name in ("x.png", "a.png", ".d/.Plan.md.icloud"):
        (tmp_path / name).touch()
    script = Script()
    async with following(tmp_path, script.source) as events:
        await take(events, 2)
        script.say(*hints)
        assert await take(events) == [told]
        assert await silence(events)


@pytest.mark.parametrize(
    "hints",
    [
        ["x.png", ".~a.md", ".git/index", ".obsidian/workspace.json"],
        ["Archive/a.md", "Archive/2024"],
        ["file"],
    ],
)
@in_virtual_time
async def test_what_is_nothing_to_us_is_not_told(tmp_path: Path, hints: list[str]) -> None:
    (tmp_path / "Archive" / "2024").mkdir(parents=True)
    for name in ("file", "x.png"):
        (tmp_path / name).touch()
    script = Script()
    async with following(tmp_path, script.source, STILL, "Archive/") as events:
        await take(events, 2)
        script.say(*hints)
        assert await silence(events)


@in_virtual_time
async def test_what_happens_meanwhile_is_merged(tmp_path: Path) -> None:
    script = Script()
    async with following(tmp_path, script.source) as events:
        await take(events, 2)
        script.say("a.md")
        script.say("b.md", ".obsidian/app.json")
        script.say("a.md", "c.md")
        await asyncio.sleep(0.01)
        assert await take(events, 2) == [
            SettingsChanged(frozenset({".obsidian/app.json"})),
            NotesChanged(frozenset({"a.md", "b.md", "c.md"})),
        ]


@in_virtual_time
async def test_a_look_at_everything_covers_the_notes_before_it(tmp_path: Path) -> None:
    script = Script()
    watcher = Watcher(tmp_path, intervals=STILL, source=script.source)
    async with aclosing(aiter(watcher)) as events:
        await take(events, 2)
        script.say("a.md")
        await asyncio.sleep(0.01)
        watcher.request_rescan()
        assert await take(events) == [EVERYTHING]
        assert await silence(events)


@in_virtual_time
async def test_looks_around_now_and_then_without_any_hint(tmp_path: Path) -> None:
    intervals = WatchIntervals(rescan_interval=30.0, check_root=2.0)
    async with following(tmp_path, Script().source, intervals) as events:
        assert await take(events, 2) == [LIVE, EVERYTHING]
        assert await times_of(events, 3) == [30.0, 60.0, 90.0]


@in_virtual_time
async def test_what_was_reported_is_known_until_the_next_routine_scan(tmp_path: Path) -> None:
    script = Script()
    watcher = Watcher(tmp_path, intervals=STILL, source=script.source)
    async with aclosing(aiter(watcher)) as events:
        await take(events, 2)
        assert watcher.has_reported(["a.md"])  # The watch has only begun.
        watcher.forget_reports()
        assert not watcher.has_reported(["a.md", "b.md"])
        script.say("b.md")
        await take(events)
        assert watcher.has_reported(["a.md", "b.md"])
        assert not watcher.has_reported(["a.md"])
        script.say("folder that is gone")
        await take(events)
        assert watcher.has_reported(["a.md"])


@pytest.mark.parametrize(("lived", "told"), [(1.0, 1), (60.0, 0)])
@in_virtual_time
async def test_a_restart_asks_the_system_anew(tmp_path: Path, lived: float, told: int) -> None:
    """One that worked for a while is begun again without a word."""
    script = Script()
    watcher = Watcher(tmp_path, intervals=WatchIntervals(rescan_interval=NEVER), source=script.source)
    async with aclosing(aiter(watcher)) as events:
        await take(events, 2)
        await asyncio.sleep(lived)
        watcher.restart()
        seen = [await anext(events)]
        while script.starts < 2 or not isinstance(seen[-1], RescanNeeded):
            seen.append(await anext(events))
        polled = WatchStateChanged(WatchState.POLLING, "The system does not report all changes.")
        assert seen.count(polled) == told
        assert script.running == 1


@in_virtual_time
async def test_polls_where_the_system_reports_nothing(tmp_path: Path) -> None:
    intervals = WatchIntervals(rescan_interval=NEVER, poll=3.0, check_root=1.0, retry=NEVER)
    async with following(tmp_path, broken, intervals) as events:
        assert await take(events) == [WatchStateChanged(WatchState.POLLING, "Too many folders.")]
        assert await times_of(events, 4) == [0.0, 3.0, 6.0, 9.0]


@in_virtual_time
async def test_a_watcher_that_dies_is_begun_again_after_a_wait(tmp_path: Path) -> None:
    script = Script()
    intervals = WatchIntervals(rescan_interval=NEVER, poll=NEVER, check_root=NEVER, retry=5.0)
    async with following(tmp_path, script.source, intervals) as events:
        await take(events, 2)
        began = now()
        script.fail()
        assert await take(events, 2) == [WatchStateChanged(WatchState.POLLING, "No more."), EVERYTHING]
        assert (now() - began, script.starts) == (0.0, 1)
        assert await take(events, 2) == [LIVE, EVERYTHING]
        assert (now() - began, script.starts) == (5.0, 2)


@in_virtual_time
@pytest.mark.parametrize(("lived", "is_reported"), [(4.9, True), (5.0, True), (5.1, False), (600.0, False)])
async def test_one_that_lived_for_a_while_is_begun_again_without_a_word(
    tmp_path: Path, lived: float, is_reported: bool
) -> None:
    script = Script()
    intervals = WatchIntervals(rescan_interval=NEVER, poll=NEVER, check_root=NEVER, retry=5.0)
    async with following(tmp_path, script.source, intervals) as events:
        await take(events, 2)
        await asyncio.sleep(lived)
        script.fail()
        told = await take(events)
        assert told == ([WatchStateChanged(WatchState.POLLING, "No more.")] if is_reported else [EVERYTHING])
        if not is_reported:
            script.say("a.md")
            assert await take(events) == [NotesChanged(frozenset({"a.md"}))]


class Failing:
    """A source that gives up after a while, which can be set, and remembers when it was begun."""

    def __init__(self) -> None:
        self.lives = 0.0
        self.begun: list[float] = []

    async def source(self, root: Path) -> PathBatches:
        self.begun.append(now())
        yield frozenset()
        await asyncio.sleep(self.lives)
        raise WatchError("No.")

    @property
    def waits(self) -> list[float]:
        """Seconds from one start to the next, without the time that it worked."""
        return [later - earlier - self.lives for earlier, later in pairwise(self.begun)]


HOUR = 3600.0
FAR_APART = WatchIntervals(rescan_interval=100 * HOUR, poll=100 * HOUR, check_root=100 * HOUR)


@in_virtual_time
async def test_tries_grow_rarer_up_to_a_minute(tmp_path: Path) -> None:
    failing = Failing()
    async with following(tmp_path, failing.source, FAR_APART) as events:
        while len(failing.begun) < 8:
            await take(events)
    assert failing.waits[:7] == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


@in_virtual_time
async def test_tries_are_frequent_again_after_one_that_worked_for_a_while(tmp_path: Path) -> None:
    failing = Failing()
    async with following(tmp_path, failing.source, FAR_APART) as events:
        while len(failing.begun) < 4:
            await take(events)
        failing.lives = 5.1
        while len(failing.begun) < 6:
            await take(events)
        failing.lives = 0.0
        begun = len(failing.begun)
        while len(failing.begun) < begun + 3:
            await take(events)
    assert failing.waits[begun:] == [5.0, 10.0]


async def replaced_by_another(root: Path) -> None:
    (root.parent / "new").mkdir()
    (root.parent / "new" / "a.md").touch()
    shutil.rmtree(root)
    (root.parent / "new").rename(root)


@in_virtual_time
async def test_a_root_that_is_another_folder_is_followed_anew(tmp_path: Path) -> None:
    root, script = tmp_path / "vault", Script()
    root.mkdir()
    async with following(root, script.source, BRISK) as events:
        await take(events, 2)
        await replaced_by_another(root)
        while script.starts < 2:
            await asyncio.sleep(0.01)
        assert (await take(events))[-1] in (EVERYTHING, WatchStateChanged(WatchState.MISSING, missing(root)))
        script.say("a.md")
        while (await take(events)) != [NotesChanged(frozenset({"a.md"}))]:
            pass
        assert script.running == 1


def missing(root: Path) -> str:
    return f"The vault folder {root} is not there."


@in_virtual_time
async def test_a_vault_that_goes_away_is_missing_until_it_is_back(tmp_path: Path) -> None:
    root, script = tmp_path / "vault", Script()
    root.mkdir()
    watcher = Watcher(root, intervals=BRISK, source=script.source)
    async with aclosing(aiter(watcher)) as events:
        await take(events, 2)
        root.rename(tmp_path / "elsewhere")
        assert await take(events) == [WatchStateChanged(WatchState.MISSING, missing(root))]
        watcher.request_rescan()
        (tmp_path / "elsewhere").rename(root)
        assert await take(events, 2) == [LIVE, EVERYTHING]


@in_virtual_time
async def test_an_empty_folder_in_place_of_the_vault_is_not_the_vault(tmp_path: Path) -> None:
    root, script = tmp_path / "vault", Script()
    root.mkdir()
    (root / "a.md").touch()
    async with following(root, script.source, BRISK) as events:
        await take(events, 2)
        root.rename(tmp_path / "unmounted")
        root.mkdir()
        [told] = await take(events)
        assert isinstance(told, WatchStateChanged)
        assert told.state is WatchState.MISSING
        (root / ".obsidian").mkdir()
        (root / "b.md").touch()
        assert await take(events, 2) == [LIVE, EVERYTHING]


@in_virtual_time
async def test_waits_for_a_vault_that_is_not_there_yet(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    async with following(root, Script().source, BRISK) as events:
        assert await take(events) == [WatchStateChanged(WatchState.MISSING, missing(root))]
        root.mkdir()
        assert await take(events, 2) == [LIVE, EVERYTHING]


@in_virtual_time
async def test_a_hint_at_the_vault_itself_has_its_folder_checked(tmp_path: Path) -> None:
    root, script = tmp_path / "vault", Script()
    root.mkdir()
    async with following(root, script.source) as events:
        await take(events, 2)
        root.rmdir()
        script.say("")
        while await take(events) != [WatchStateChanged(WatchState.MISSING, missing(root))]:
            pass
        assert now() < STILL.check_root, "before it would be checked anyway"


@in_virtual_time
async def test_nothing_is_left_running(tmp_path: Path) -> None:
    script = Script()

    async def follow() -> None:
        async with following(tmp_path, script.source) as events:
            async for _ in events:
                pass

    task = asyncio.create_task(follow())
    while not script.running:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert script.running == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@in_virtual_time
async def test_a_fault_of_ours_is_not_swallowed(tmp_path: Path) -> None:
    async def faulty(root: Path) -> PathBatches:
        yield frozenset()
        raise ZeroDivisionError

    async with following(tmp_path, faulty) as events:
        with pytest.raises(ZeroDivisionError):
            await take(events, 10)
