"""How panels and marks look at three sizes. See `test_snapshots` for how to accept a change that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from roadtui.ui.app import RoadtuiApp
from roadtui.ui.dialogs.finder import FinderResults
from tests.ui.conftest import settled
from tests.ui.fake_actions import FakeActions
from tests.ui.test_snapshots import NOTE, Compare, after, cells, demo, program

__all__ = ["demo"]

STATES = {
    "add": ("a", "N", "e", "w"),
    "edit": ("e",),
    "date": ("D", "f", "r", "i"),
    "status": ("s",),
    "picker": ("r", "g", "r", "a"),
    "confirm": ("k", "k", "k", "k", "d"),
    "marks": ("k", "m", "j", "m"),
}


def shows_results(found: FinderResults) -> bool:
    """Whether it shows what was found, and how many that is."""
    return found.row_count() > 0 and bool(found.screen.query_one("#count", Static).content)


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (60, 20)], ids=cells)
@pytest.mark.parametrize("keys", STATES.values(), ids=STATES.keys())
def test_panels(snap_compare: Compare, demo: Path, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    fake_actions = FakeActions()
    app: RoadtuiApp = program(demo, NOTE, edits=fake_actions)
    fake_actions.attach(app)
    press = after(*"jjjjj", *keys)

    async def press_and_wait(pilot: Pilot[int]) -> None:
        await press(pilot)
        await settled(
            pilot, lambda: all(map(shows_results, app.screen.query(FinderResults))), "what is found"
        )
        assert app.screen.is_modal == (keys != STATES["marks"]), "the panel is open"

    assert snap_compare(app, terminal_size=size, run_before=press_and_wait)
