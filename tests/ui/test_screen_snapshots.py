"""How the screens on top of the dashboard look. See `test_snapshots` for how to accept a meant change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roadtui.session.focus_session import Phase
from roadtui.ui.dialogs.finder import FinderResults
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.screens.link_map import LinkMapTree
from roadtui.ui.screens.time_machine import ReadOnlyTree
from roadtui.ui.widgets.suggestion_list import SuggestionList
from tests.ui.conftest import CLOCK, painted_lines, settled
from tests.ui.test_snapshots import NOTE, Compare, after, cells, demo, program
from tests.vault.repositories import Repository

__all__ = ["demo"]

SIZES = [(160, 45), (100, 30), (60, 20)]


@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_next(snap_compare: Compare, demo: Path, size: tuple[int, int]) -> None:
    press = after("n")

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        await settled(pilot, lambda: pilot.app.screen.query_one(SuggestionList).current, "suggestions")
        await pilot.press("j")
        await settled(pilot)

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
@pytest.mark.parametrize("keys", ["", "mo"], ids=["commands", "found"])
def test_palette(snap_compare: Compare, demo: Path, size: tuple[int, int], keys: str) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=after("ctrl+p", *keys))


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
        await settled(pilot, lambda: isinstance(pilot.app.screen, FocusScreen), "the focus screen")
        screen = pilot.app.screen
        assert isinstance(screen, FocusScreen)
        timer = screen.focus_session.timer
        timer.stop(0)
        timer.start(0)
        timer.phase, timer.elapsed = (Phase.BREAK, 60) if state == "break" else (Phase.WORK, 600)
        screen.time.tick()
        if state == "add":
            await pilot.press("a", *"Plot it")
        if state == "gone":
            lines = note.read_text().splitlines(keepends=True)
            note.write_text("".join(lines[:line] + lines[line + 1 :]))
            words = "no longer in any note"
            await settled(pilot, lambda: words in "".join(painted_lines(screen)), words)
        await settled(pilot)

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
        await settled(
            pilot, lambda: any(tree.note for tree in pilot.app.screen.query(ReadOnlyTree)), "the note"
        )

    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=press_and_wait)


def links(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Open the map of links, wait for its rows, and press `keys`."""
    press = after("ctrl+g")

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        await settled(pilot, lambda: any(t.row_count() for t in pilot.app.screen.query(LinkMapTree)), "links")
        await pilot.press(*keys)
        await settled(pilot)

    return press_and_wait


@pytest.fixture
def linked(demo: Path) -> Path:
    """The sample vault with a cycle, and with links to notes that do not exist."""
    with (demo / "roadmaps/VANITY.md").open("a", encoding="utf-8") as note:
        note.write("\nAfter [[ML Roadmap]] comes [[Deep Learning]] or [[Home]].\n")
    with (demo / "Home.md").open("a", encoding="utf-8") as note:
        note.write("\nSome day: [[Writing, and all that belongs to it when there is time]].\n")
    return demo


@pytest.mark.parametrize(
    ("size", "theme"),
    [*((size, "roadtui-dark") for size in SIZES), ((100, 30), "roadtui-light")],
    ids=lambda value: value if isinstance(value, str) else cells(value),
)
def test_links(snap_compare: Compare, linked: Path, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(program(linked, NOTE, theme), terminal_size=size, run_before=links("j"))


def test_no_links(snap_compare: Compare, tmp_path: Path) -> None:
    root = tmp_path / "Vault"
    root.mkdir()
    (root / "Plan.md").write_text("- [ ] a\n")
    assert snap_compare(program(root, "Plan.md"), terminal_size=(60, 20), run_before=links())


@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_backlinks(snap_compare: Compare, linked: Path, size: tuple[int, int]) -> None:
    press = after("B")

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        await settled(
            pilot, lambda: any(f.row_count() for f in pilot.app.screen.query(FinderResults)), "links"
        )

    assert snap_compare(program(linked, NOTE), terminal_size=size, run_before=press_and_wait)
