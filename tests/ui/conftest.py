"""A vault, a program on it, and a person in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, NamedTuple

import pytest
import textual.app
import textual.pilot
import textual.screen
from rich.cells import cell_len
from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.outline.saved_positions import SavedViewState
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.user_settings import UserSettings
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.quiet_loop import QuietLoop, QuietPolicy, wait_for_quiet
from tests.ui.fake_actions import FakeActions

DAY = date(2026, 11, 22)
CLOCK = Clock(today=lambda: DAY, now=lambda: datetime(2026, 11, 22, 12, 4, 5))

PATIENCE = 30.0
"""Seconds after which what has not happened never will: only a test that fails waits so long."""
LASTING = ("watch", "write", "history", "activity", "list")
"""Workers that run as long as the program, or their screen."""

DELAYS = (
    "presenters.session_presenter._PAINT_SECONDS",
    "presenters.views_presenter._SECONDS_OF_REST",
    "screens.find._EXCERPT_AFTER",
    "screens.find._VOCABULARY_AFTER",
    "widgets.progress_panel._MOST_DELAY",
    "widgets.progress_panel._REPORT_DELAY",
    "widgets.query.find_results._FIT_AFTER",
)
"""How long the program waits whether there is more to come, before it shows what takes long to work out."""

PLAN = """\
# One
- [ ] Alpha
  - [ ] Beta
  - [x] Gamma
- [ ] Delta

# Two
- [/] Epsilon
- [ ] Zeta
"""


def painted_strips(screen: Screen[Any]) -> list[Strip]:
    """The rows of `screen` as they are painted, with their styles: Textual has no public way but pictures."""
    is_on_top = screen is screen.app.screen
    visible_screen_stack.set(screen.app._background_screens if is_on_top else [])
    return list(screen._compositor.render_strips())


def painted_lines(screen: Screen[Any]) -> list[str]:
    """The text of the rows of `screen` as they are painted."""
    return [strip.text.rstrip() for strip in painted_strips(screen)]


async def settled(pilot: Pilot[int], holds: Callable[[], object] = lambda: True, what: str = "") -> None:
    """Wait until no work is under way that ends, and `holds()`."""
    ends_at = monotonic() + PATIENCE
    while monotonic() < ends_at:
        await pilot.pause()
        if all(one.is_finished for one in pilot.app.workers if one.group not in LASTING) and holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}:\n" + "\n".join(painted_lines(pilot.app.screen)))


@asynccontextmanager
async def painted_where_seen() -> AsyncIterator[None]:
    """Paint after keys and where a test looks, not each frame: most of a test would be that."""
    paint = Screen._compositor_refresh

    def note_what_changed(screen: Screen[Any]) -> None:
        app = screen.app
        if screen is not app.screen:
            return paint(screen)
        screen._dirty_widgets.clear()  # The compositor knows their regions by now.
        _ = screen._compositor.full_map  # As painting does: sizes are known before more is mounted.
        app._display(screen, "")
        app._update_mouse_over(screen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Screen, "_compositor_refresh", note_what_changed)
        yield


class User(NamedTuple):
    """Somebody who sees the screen, presses keys and clicks."""

    pilot: Pilot[int]
    root: Path

    @property
    def app(self) -> RoadtuiApp:
        assert isinstance(self.pilot.app, RoadtuiApp)
        return self.pilot.app

    @property
    def home(self) -> DashboardScreen:
        home = self.app.screen_stack[0]
        assert isinstance(home, DashboardScreen)
        return home

    @property
    def tree(self) -> TaskTree:
        return self.home.query_one(TaskTree)

    @property
    def sidebar(self) -> Sidebar:
        return self.home.query_one(Sidebar)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        self.paint()

    def paint(self) -> None:
        """Paint what has changed since the last time: what cannot be drawn fails here."""
        self.app.screen._compositor.render_update(screen_stack=self.app._background_screens)

    def lines_of(self, widget: Widget) -> list[str]:
        """The rows of `widget` as they are drawn, without blanks at their ends."""
        height = widget.size.height
        return [widget.render_line(y).text.rstrip() for y in range(height)]

    def lines(self) -> list[str]:
        """The whole screen, as it is painted."""
        return painted_lines(self.app.screen)

    def messages(self) -> list[str]:
        """What the line above the keys says: one message, or none."""
        shown = self.app.message_log.shown
        return [shown.counted_text] if shown is not None else []

    def past_messages(self) -> list[str]:
        """All messages so far that can be read again."""
        return [message.counted_text for message in self.app.message_log.kept]

    def text(self) -> str:
        return "\n".join(self.lines())

    async def click(self, widget: Widget, words: str, before: int = 0) -> None:
        """Click on `words` where `widget` shows them; `before`: cells left of them."""
        y, line = next((y, line) for y, line in enumerate(self.lines_of(widget)) if words in line)
        region = widget.content_region.offset - widget.region.offset
        x = cell_len(line[: line.index(words)]) - before
        await self.pilot.click(widget, offset=(x + region.x, y + region.y))

    @property
    def at(self) -> str:
        """The words of the row under the cursor of the tree."""
        line = self.tree.render_line(self.tree.cursor - self.tree.scroll_offset.y).text
        return line.strip("• ").lstrip("▾▸○◐●⊘◌ ").split("  ")[0].strip()

    def row(self, words: str) -> str:
        """The row of the tree that holds `words`."""
        return next(line for line in self.lines_of(self.tree) if words in line)

    async def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Wait until `holds()`."""
        ends_at = monotonic() + PATIENCE
        for turn in count():
            if holds():
                return
            if monotonic() > ends_at:
                break
            if turn % 5 == 4:
                self.paint()  # Some of what is shown is made when it is first painted.
            # A pause would have every widget on the screen say that it is done.
            await asyncio.sleep(min(0.02, 0.002 * (turn + 1)))
        raise AssertionError(f"waited in vain for {what or holds}:\n{self.text()}")

    async def sees(self, words: str) -> None:
        """Wait until `words` are on the screen."""
        await self.until(lambda: words in self.text(), words)

    async def idle(self) -> None:
        """Wait until nothing is under way: no message, no edit, no work in a thread."""
        await self.pilot.pause()
        await self.app.session.edits.finish(60)
        await self.works_no_more()

    async def works_no_more(self) -> None:
        """Wait until no work is under way in a thread; edits may be waiting."""
        await self.pilot.pause()
        await self.until(
            lambda: all(one.is_finished for one in self.app.workers if one.group not in LASTING),
            "the workers",
        )
        await self.pilot.pause()

    async def is_saved(self) -> None:
        """Wait until every edit is on disk."""
        await self.until(lambda: "saved 12:04:05" in self.text(), "a save")
        await self.pilot.pause()


class Start:
    """Opens vaults for one test."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.state = folder / "state"
        self.clock = CLOCK
        self.fake_actions: FakeActions | None = None
        """Takes the edits, where a test is only about what the user touches."""

    def write(self, **notes: str) -> None:
        """Write notes by name."""
        for name, text in notes.items():
            self.put(f"{name}.md", text)

    def put(self, path: str, text: str) -> Path:
        """Write the note at `path`, to the byte."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
        return target

    @asynccontextmanager
    async def __call__(
        self,
        first: str | None = None,
        size: tuple[int, int] = (120, 30),
        config: Config | None = None,
        *,
        waits: bool = True,
        at_top: bool = True,
    ) -> AsyncIterator[User]:
        """Open the vault.

        Args:
            first: The note to open.
            size: Columns and rows.
            config: The user's settings.
            waits: Whether until all is read and watched.
            at_top: Whether with the cursor on the first row and nothing folded, where no position is saved.
        """
        self.root.mkdir(exist_ok=True)
        settings = UserSettings.of(config or Config(), self.state / "settings.toml")
        config = settings.config
        clock = self.clock.monotonic
        vault = Vault(self.root, config, lambda: NoteWriter(self.state), clock=clock)
        if first is not None:
            vault.refresh([first])
        views = self.state / "views.toml"
        known = SavedViewState(self.state, self.root).places()
        app = RoadtuiApp(
            vault, config, self.clock, first, "~/Vault", self.state, self.fake_actions, views, settings
        )
        if self.fake_actions is not None:
            self.fake_actions.attach(app)
        async with painted_where_seen(), app.run_test(size=size, notifications=True) as pilot:
            user = User(pilot, self.root)
            if waits:
                await user.until(lambda: vault.snapshot.is_complete, "the whole vault")
                await user.until(
                    lambda: user.home.header_state is not None and user.home.header_state.is_live, "live"
                )
                await pilot.pause()
            tree = user.tree
            if at_top and tree.note is not None and tree.note.path not in known:
                tree.show_state(OutlineState(tree.outline_state.outline))
                await pilot.pause()
            yield user
            if user.app.is_running:
                user.paint()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """All tests of the screens run in a loop that tells when the program has reacted."""
    return {"quiet": QuietLoop}


async def end_work_and_shut_down(app: App[Any], shut_down: Callable[..., Any] = App._shutdown) -> None:
    """What ends an app after a test: as in a program that ends, no work finds the widgets half gone."""
    app.workers.cancel_all()
    await shut_down(app)


@pytest.fixture(autouse=True, scope="session")
def quick_reactions() -> Iterator[None]:
    """Go on as soon as the program has reacted to a key, not after a while."""
    policy = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(QuietPolicy())  # Pictures are taken in a loop of their own.
    with pytest.MonkeyPatch.context() as patch:
        for module in (textual.app, textual.pilot):
            patch.setattr(module, "wait_for_idle", wait_for_quiet)
        patch.setattr(Pilot, "_wait_for_screen", wait_for_quiet)
        patch.setattr(App, "_shutdown", end_work_and_shut_down)
        patch.setattr(textual.screen, "UPDATE_PERIOD", 0.004)
        for delay in DELAYS:
            patch.setattr(f"roadtui.ui.{delay}", 0.01)
        yield
    asyncio.set_event_loop_policy(policy)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """A vault with nothing in it yet."""
    return Start(tmp_path)


@pytest.fixture
def fake_actions(start: Start) -> FakeActions:
    """What is asked of edits; nothing is written but by it."""
    start.fake_actions = FakeActions()
    return start.fake_actions


@pytest.fixture
def plan(start: Start) -> Path:
    """A note of seven boxes."""
    return start.put("Plan.md", PLAN)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Writes wait until this is set."""
    gate = Event()
    commit = Vault.commit

    def wait_and_commit(*args, **kwargs):  # type: ignore[no-untyped-def]
        assert gate.wait(30)
        return commit(*args, **kwargs)

    monkeypatch.setattr(Vault, "commit", wait_and_commit)
    return gate
