"""How the screens on top of the dashboard look. See `test_snapshots` for how to accept a meant change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roadtui.core.activity.changes import ChangeKind, TaskChange
from roadtui.session.activity import activity_service
from roadtui.session.focus_session import Phase
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.dialogs.finder import FinderResults
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.screens.link_map import LinkMapTree
from roadtui.ui.screens.time_machine import ReadOnlyTree
from roadtui.ui.widgets.changes.change_list import ChangeList
from roadtui.ui.widgets.suggestion_list import SuggestionList
from roadtui.vault.activity.authors import Author, AuthorKind
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


def authors_of(changes: Collection[TaskChange], *_: object) -> dict[int, Author]:
    """Mira has ticked yesterday, an agent has done all else today; what is new is from elsewhere."""
    morning = CLOCK.now().astimezone()
    people = {
        ChangeKind.DONE: Author(AuthorKind.GIT, "Mira", "c0d86d8", morning - timedelta(hours=18)),
        ChangeKind.NEW: Author(at=morning),
    }
    agent = Author(AuthorKind.GIT, "Planning agent", "1f3a9b2", morning - timedelta(hours=2))
    return {change.id: people.get(change.kind, agent) for change in changes}


@pytest.mark.parametrize("size", SIZES, ids=cells)
@pytest.mark.parametrize("keys", ["L", "", "LjT"], ids=["list", "badges", "question"])
def test_changes_of_others(
    snap_compare: Compare, demo: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], keys: str
) -> None:
    monkeypatch.setattr(activity_service, "find_authors", authors_of)
    monkeypatch.setattr(activity_service.ActivityService, "see", lambda *_: None)
    note, other = demo / NOTE, demo / "roadmaps/SuperVised Learning.md"
    press = after()

    async def change(pilot: Pilot[int]) -> None:
        await press(pilot)
        app = pilot.app
        assert isinstance(app, RoadtuiApp)
        service = app.presenter.activity.service
        await settled(pilot, lambda: service.is_begun, "the first look")
        text = note.read_text().replace("- [x] Bayes", "- [ ] Bayes")
        lines = text.replace("- [ ] ", "- [x] ", 1).splitlines(keepends=True)
        at = [at for at, line in enumerate(lines) if "- [ ]" in line]
        lines[at[4]] = lines[at[4]].rstrip("\n") + " with examples\n"
        lines.insert(at[3], lines[at[3]].partition("- [ ]")[0] + "- [ ] A new one\n")
        del lines[at[5] + 1]
        note.write_text("".join(lines))
        other.write_text(other.read_text().replace("- [ ] ", "- [x] ", 2))
        tree = app.dashboard.task_tree

        def is_told() -> bool:
            paths = {one.change.path for one in service.activity.listed if one.author is not None}
            return len(paths) == 2 and bool(tree.badges) and not tree.glowing

        await settled(pilot, is_told, "who it was")
        if keys:
            await pilot.press("L")
            await settled(pilot, lambda: any(one.current for one in app.screen.query(ChangeList)), "the list")
            await pilot.press(*keys[1:])
        await settled(pilot)

    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=change)


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
