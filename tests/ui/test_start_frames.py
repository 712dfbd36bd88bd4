"""What is painted while the program starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region, Size

from roadtui.ui.app import RoadtuiApp
from roadtui.ui.screens.dashboard import DashboardScreen
from tests.ui.conftest import Start


@pytest.mark.parametrize("width", [60, 100, 130, 160])
async def test_the_first_frame_is_laid_out_as_the_last(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    frames: list[list[Region]] = []

    def regions(app: RoadtuiApp) -> None:
        frames.append([widget.region for widget in app.screen.query("Header, Panes > *, #tree, KeyFooter")])

    monkeypatch.setattr(RoadtuiApp, "post_display_hook", regions)
    async with start("Plan.md", size=(width, 30)):
        pass
    assert frames[0] == frames[-1]


async def test_a_start_lays_the_screen_out_for_its_size_once(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[Size | None] = []
    lay_out = DashboardScreen._refresh_layout

    def count(screen: DashboardScreen, size: Size | None = None, scroll: bool = False) -> None:
        sizes.append(size)
        lay_out(screen, size, scroll)

    monkeypatch.setattr(DashboardScreen, "_refresh_layout", count)
    async with start("Plan.md"):
        pass
    assert len([size for size in sizes if size is not None]) == 1, "the size is taken over once"
