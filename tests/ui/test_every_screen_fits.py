"""All screens and dialogs at all sizes: nothing is cut without a sign, overlaps or leaves the screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from roadtui.ui.app import RoadtuiApp
from tests.ui.conftest import Start, painted_lines, painted_where_seen, settled
from tests.ui.screen_faults import faults
from tests.ui.test_snapshots import NOTE, after, cells, demo, program

__all__ = ["demo"]

SIZES = ((200, 60), (120, 30), (100, 30), (60, 20), (40, 12), (160, 45))
OF_DIALOGS = ((120, 30), (60, 20), (40, 12), (160, 45))
TINY = ((20, 6), (2, 2), (1, 1))
START = SIZES[-1]


class Place(NamedTuple):
    """A screen or a state of one, and how to get there from the tree, and back."""

    keys: tuple[str, ...]
    shows: str = ""
    """Words that are on the screen once it is complete."""
    back: tuple[str, ...] = ("escape",)


SCREENS = {
    "tree": Place((), back=()),
    "heading": Place(("[",), back=()),
    "sidebar": Place(("shift+tab",), back=("tab",)),
    "progress": Place(("tab",), back=("shift+tab",)),
    "help": Place(("?",)),
    "help, filtered": Place(("?", *"task"), back=("escape", "escape")),
    "palette": Place(("ctrl+p",)),
    "palette, filtered": Place(("ctrl+p", *"mo"), "Model card"),
    "settings": Place((",",)),
    "focus": Place(("f",)),
    "time machine": Place(("T",), "since"),
    "insights": Place(("i",), "BURN-UP"),
    "insights, tables": Place(("i", "t"), "at the end of", back=("t", "escape")),
    "find": Place(("ctrl+f",), "NEXT"),
    "find, with results": Place(("ctrl+f", *"model"), "found"),
    "view": Place(("2",), "1 found"),
    "filter": Place(("/", *"is:open le"), " of 91", back=("escape", "escape")),
    "filter, kept": Place(("/", *"is:open le", "enter"), " of 91"),
    "map": Place(("ctrl+g",), "18 links"),
    "way out": Place(("!",), "ONE STEP"),
    "way out, smaller": Place(("!", "tab"), "DECISION"),
    "way out, decided": Place(("!", "tab", "x", "j", "x"), "with this plan"),
    "way out, this week": Place(("!", "tab", "tab"), "THIS WEEK"),
    "changes": Place(("L",), "Nothing has changed"),
    "next": Place(("n",), "LATE"),
    "preview": Place(("v",), "Bayes", back=("v",)),
}
DIALOGS = {
    "status": Place(("s",)),
    "priority": Place(("p",)),
    "add": Place(("a", *"New thing fri")),
    "edit": Place(("e",)),
    "due": Place(("D", *"fri")),
    "no date": Place(("D", *"soon")),
    "tags": Place(("t",)),
    "repeat": Place(("R", *"every")),
    "split": Place(("|",)),
    "heading to add": Place(("H",)),
    "move to": Place(("r", *"gra"), "found"),
    "blocked by": Place(("b",), "found"),
    "capture": Place(("c", *"Buy book fri")),
    "selection": Place(("m", "m", "m")),
    "status of a selection": Place(("m", "m", "s"), back=("escape", "escape")),
    "delete": Place(("[", "d"), "Delete"),
    "message": Place(("y",), "Copied", back=()),
    "backlinks": Place(("B",), "2 found"),
    "messages": Place(("y", "ctrl+l"), "Copied"),
}


async def shown(pilot: Pilot[int], words: str = "") -> None:
    """Wait until nothing is under way, and `words` are on the screen."""
    await settled(pilot, lambda: not words or words in "\n".join(painted_lines(pilot.app.screen)), words)


async def faults_at(app: RoadtuiApp, places: dict[str, Place], sizes: Iterable[tuple[int, int]]) -> list[str]:
    """What is wrong at each of `places` at each of `sizes`."""
    found: dict[str, list[str]] = {}
    async with painted_where_seen(), app.run_test(size=START, notifications=True) as pilot:
        await after()(pilot)
        start = app.dashboard.task_tree.cursor
        for name, place in places.items():
            app.dashboard.task_tree.cursor = start
            await pilot.press(*place.keys)
            await shown(pilot, place.shows)
            for size in sizes:
                await pilot.resize_terminal(*size)
                await shown(pilot)
                for fault in faults(app.screen):
                    found.setdefault(f"{name}: {fault}", []).append(cells(size))
            await pilot.press(*place.back)
            await shown(pilot)
            assert app.screen is app.dashboard, name
        for size in TINY:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            painted_lines(app.screen)
    return [f"{fault} ({', '.join(sizes)})" for fault, sizes in found.items()]


async def test_screens(demo: Path) -> None:
    found = await faults_at(program(demo, NOTE), SCREENS, SIZES)
    assert not found, "\n".join(found)


async def test_dialogs_and_states(demo: Path) -> None:
    found = await faults_at(program(demo, NOTE), DIALOGS, OF_DIALOGS)
    assert not found, "\n".join(found)


OF_OTHER_VAULTS = {
    name: SCREENS[name]._replace(shows="")
    for name in SCREENS
    if name.partition(",")[0] not in ("heading", "settings", "time machine", "view", "filter", "find")
    and name != "way out, decided"
}


@pytest.mark.parametrize(
    "notes",
    [
        {},
        {"Prose.md": "# Prose\n\nNo tasks.\n"},
        {"Plan.md": "# Writing\n\n- [x] Model card ✅ 2026-11-20\n\t- [x] Weak labels\n- [x] DVC\n"},
    ],
    ids=["empty", "without tasks", "all done"],
)
async def test_vaults_in_which_there_is_nothing_to_do(tmp_path: Path, notes: dict[str, str]) -> None:
    for name, text in notes.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = await faults_at(program(tmp_path, next(iter(notes), None)), OF_OTHER_VAULTS, SIZES)
    assert not found, "\n".join(found)


async def test_from_180_columns_on_the_charts_grow_and_the_tree_does_not(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 30)) as user:
        widths = []
        for columns in (179, 180, 187, 193, 240):
            await user.pilot.resize_terminal(columns, 30)
            await user.pilot.pause()
            widths.append((user.home.panes.note.size.width, user.home.panes.progress.size.width))
    trees, charts = zip(*widths, strict=True)
    assert len(set(trees[1:])) == 1
    assert 0 <= trees[1] - trees[0] <= 1
    assert [wider - charts[1] for wider in charts[1:]] == [0, 7, 13, 60]
