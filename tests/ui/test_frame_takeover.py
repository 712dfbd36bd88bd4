"""Over a saved frame only what differs is written, and only where the program has drawn it already."""

import re
from collections.abc import Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widgets import Static
from typing_extensions import override

from roadtui.ui.terminal.frame_takeover import FrameTakeover, WidgetLine, cells_of

SIZE = (20, 3)


class Rows(App[None]):
    """Three rows."""

    CSS = "Static { height: 1; }"

    @override
    def compose(self) -> ComposeResult:
        yield from (Static(name, id=name) for name in ("one", "two", "three"))


def written(takeover: FrameTakeover, app: App[Any]) -> str:
    """The text that is written, without its styles."""
    update = takeover.update(app)
    return re.sub(r"\x1b\[[\d;]*m", "", update.render_segments(app.console)) if update is not None else ""


def standing(app: App[Any]) -> bytes:
    return "".join(cells.placed_text for cells in cells_of(app.screen)).encode()


async def test_only_what_differs_is_written() -> None:
    app = Rows()
    parts: Sequence[Region | WidgetLine] | None = ()
    async with app.run_test(size=SIZE) as pilot:
        takeover = FrameTakeover(standing(app), SIZE, lambda: parts)
        app.query_one("#two", Static).update("other")
        await pilot.pause()
        assert written(takeover, app) == ""
        parts = [Region(0, 0, 20, 1), WidgetLine(app.query_one("#three"), 0)]
        assert written(takeover, app) == ""
        assert not takeover.is_over
        parts = [WidgetLine(app.query_one("#two"), 0)]
        assert written(takeover, app).rstrip() == "\x1b[2;1Hother"
        assert written(takeover, app) == "", "it stands there by now"
        app.query_one("#three", Static).update("last")
        await pilot.pause()
        parts = None
        assert written(takeover, app).rstrip() == "\x1b[3;1Hlast"
        assert takeover.is_over


async def test_in_another_size_everything_is_written() -> None:
    app = Rows()
    async with app.run_test(size=SIZE) as pilot:
        takeover = FrameTakeover(standing(app), SIZE, lambda: ())
        await pilot.resize_terminal(10, 3)
        await pilot.pause()
        assert all(name in written(takeover, app) for name in ("one", "two", "three"))
        assert takeover.is_over


async def test_cells_of_another_width_are_written() -> None:
    app = Rows()
    async with app.run_test(size=SIZE):
        takeover = FrameTakeover(b"\x1b[1;1Hone\x1b[1;4H  \x1b[2;1Hother", SIZE, lambda: None)
        assert [part.strip() for part in written(takeover, app).split("\x1b") if part] == [
            "[1;1Hone",
            "[2;1Htwo",
            "[3;1Hthree",
        ]
