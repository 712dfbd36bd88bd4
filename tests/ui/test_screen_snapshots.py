"""How the screens on top of the dashboard look. See `test_snapshots` for how to accept a meant change."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from roadtui.session.focus_session import Phase
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.screens.time_machine import ReadOnlyTree, TimeMachineScreen
from roadtui.ui.widgets.suggestion_list import SuggestionList
from tests.ui.conftest import CLOCK, painted_lines
from tests.ui.test_snapshots import NOTE, Compare, after, cells, demo, program
from tests.vault.repositories import Repository

__all__ = ["demo"]

SIZES = [(160, 45), (100, 30), (60, 20)]


@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_next(snap_compare: Compare, demo: Path, size: tuple[int, int]) -> None:
    press = after("n")

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        for _ in range(200):
            if pilot.app.screen.query_one(SuggestionList).current:
                break
            await pilot.pause(0.01)
        await pilot.press("j")
        await pilot.pause()

    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=press_and_wait)


@pytest.mark.parametrize("size", SIZES, ids=cells)
@pytest.mark.parametrize("theme", ["roadtui-dark", "roadtui-light"])
def test_find(snap_compare: Compare, demo: Path, size: tuple[int, int], theme: str) -> None:
    press = after("ctrl+f", *"grad")
    assert snap_compare(program(demo, NOTE, theme), terminal_size=size, run_before=press)


@pytest.mark.parametrize(
    "keys",
    [[], [*"is:opn "], [*"is:do"], [*"is:open #", "down", "m", "m"]],
    ids=["nothing", "wrong", "completion", "marked"],
)
def test_states_of_find(snap_compare: Compare, demo: Path, keys: list[str]) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=(100, 30), run_before=after("ctrl+f", *keys))


@pytest.mark.parametrize("size", SIZES, ids=cells)
@pytest.mark.parametrize("state", ["work", "break", "add", "gone"])
def test_focus(snap_compare: Compare, demo: Path, size: tuple[int, int], state: str) -> None:
    note = demo / "roadmaps/SuperVised Learning.md"
    line = next(at for at, words in enumerate(note.read_text().splitlines()) if "Calibrate a forest" in words)
    press = after()

    async def focus(pilot: Pilot[int]) -> None:
        await press(pilot)
        pilot.app.screen.task_tree.go_to_line(line)  # type: ignore[attr-defined]
        await pilot.press("f")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, FocusScreen)
        watch = screen.focus_session.watch
        watch.stop(0)
        watch.start(0)
        watch.phase, watch.gone = (Phase.REST, 60) if state == "break" else (Phase.WORK, 600)
        screen.tick()
        if state == "add":
            await pilot.press("a", *"Plot it")
        if state == "gone":
            lines = note.read_text().splitlines(keepends=True)
            note.write_text("".join(lines[:line] + lines[line + 1 :]))
            for _ in range(300):
                if "no note any more" in "".join(painted_lines(screen)):
                    break
                await pilot.pause(0.01)
        await pilot.pause(0.1)

    assert snap_compare(
        program(demo, "roadmaps/SuperVised Learning.md", clock=CLOCK._replace(monotonic=lambda: 0.0)),
        terminal_size=size,
        run_before=focus,
    )


@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_past(snap_compare: Compare, demo: Path, size: tuple[int, int]) -> None:
    repository = Repository(demo)
    text = (demo / NOTE).read_text()
    repository.commit("2026-11-12")
    (demo / NOTE).write_text(text.replace("- [x] Bayes", "- [ ] Bayes"))
    repository.commit("2026-11-17")
    (demo / NOTE).write_text(text)
    press = after("j", "j", "T")

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        for _ in range(300):
            screen = pilot.app.screen
            if isinstance(screen, TimeMachineScreen) and any(
                tree.note for tree in screen.query(ReadOnlyTree)
            ):
                break
            await pilot.pause(0.01)
        await pilot.pause(0.1)

    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=press_and_wait)
