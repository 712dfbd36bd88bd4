"""How the insights look: the demo on a fixed day, at several sizes and in two themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from roadtui.resources import folder
from roadtui.ui.screens.insights import InsightsScreen
from roadtui.vault.demo.sample_copy import make_demo
from tests.ui.conftest import DAY, settled
from tests.ui.test_snapshots import NOTE, Compare, after, cells, program

SIZES = [(160, 45), (100, 30), (60, 20)]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The sample vault as it looks on the fixed day."""
    return make_demo(folder("sample_vault"), tmp_path / "Roadmaps", DAY)


def is_drawn(screen: Screen[Any]) -> bool:
    """Whether it shows the charts that were last asked for."""
    return isinstance(screen, InsightsScreen) and not screen.is_waiting


def after_drawing(*keys: str) -> Callable[[Pilot[int]], object]:
    """Press `keys`, of which the first opens the insights, each once the charts before it are drawn."""

    async def press(pilot: Pilot[int]) -> None:
        for key in keys:
            await after(key)(pilot)
            await settled(pilot, lambda: is_drawn(pilot.app.screen), "the insights")

    return press


@pytest.mark.parametrize("theme", ["roadtui-dark", "roadtui-light"])
@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_cards(snap_compare: Compare, demo: Path, size: tuple[int, int], theme: str) -> None:
    app = program(demo, NOTE, theme)
    assert snap_compare(app, terminal_size=size, run_before=after_drawing("i"))


@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_tables(snap_compare: Compare, demo: Path, size: tuple[int, int]) -> None:
    app = program(demo, NOTE)
    assert snap_compare(app, terminal_size=size, run_before=after_drawing("i", "v", "t"))


@pytest.mark.parametrize("steps", range(7))
def test_each_card_of_a_small_screen(snap_compare: Compare, demo: Path, steps: int) -> None:
    app = program(demo, NOTE)
    keys = ["i", *["j"] * steps]
    assert snap_compare(app, terminal_size=(40, 12), run_before=after_drawing(*keys))


def test_of_the_vault_over_a_year(snap_compare: Compare, demo: Path) -> None:
    app = program(demo, NOTE)
    assert snap_compare(app, terminal_size=(160, 45), run_before=after_drawing("i", "v", "y"))


def test_without_dates(snap_compare: Compare, tmp_path: Path) -> None:
    root = tmp_path / "Vault"
    root.mkdir()
    (root / "Plan.md").write_text("# One\n- [x] a\n- [x] b\n# Two\n- [ ] c\n", "utf-8")
    app = program(root, "Plan.md")
    assert snap_compare(app, terminal_size=(160, 45), run_before=after_drawing("i"))
