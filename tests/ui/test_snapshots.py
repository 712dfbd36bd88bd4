"""How it looks: the demo on a fixed day at three sizes, and the screens that teach.

After a change that is meant, look at the new pictures and accept them with `pytest --snapshot-update`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.resources import folder
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.vault_picker import VaultPickerScreen
from roadtui.ui.widgets.progress_panel import ProgressPane
from roadtui.vault.demo.sample_copy import make_demo
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.ui.conftest import CLOCK, DAY, settled
from tests.ui.fake_actions import FakeActions

Compare = Callable[..., bool]
NOTE = "roadmaps/ML Roadmap.md"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The sample vault as it looks on the fixed day."""
    return make_demo(folder("sample_vault"), tmp_path / "Roadmaps", DAY)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A vault without a note."""
    (tmp_path / "Empty").mkdir()
    return tmp_path / "Empty"


def program(
    root: Path,
    first: str | None = None,
    theme: str = "roadtui-dark",
    edits: FakeActions | None = None,
    clock: Clock = CLOCK,
) -> RoadtuiApp:
    """The program on the vault at `root`, remembering nothing."""
    config = Config(theme=theme)
    vault = Vault(root, config, lambda: NoteWriter(root.parent / "state"))
    return RoadtuiApp(vault, config, clock, first, "~/Vault", actions=edits)


def cells(size: tuple[int, int]) -> str:
    """The name of a size."""
    return f"{size[0]}x{size[1]}"


def after(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Press `keys` once all is read, and wait until the charts are drawn."""

    async def press(pilot: Pilot[int]) -> None:
        home = pilot.app.screen_stack[0]
        assert isinstance(home, DashboardScreen)
        await settled(pilot, lambda: home.header_state is not None and home.header_state.is_live, "all read")
        await pilot.press(*keys)
        pane = home.query_one(ProgressPane)
        await settled(pilot, lambda: pane.report is not None or home.path is None, "the charts")

    return press


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (60, 20), (40, 12)], ids=cells)
def test_demo(snap_compare: Compare, demo: Path, size: tuple[int, int]) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=after("j", "j"))


@pytest.mark.parametrize(
    "keys", [["tab"], ["shift+tab"], ["question_mark"]], ids=["progress", "list", "help"]
)
def test_other_panes_of_a_narrow_screen(snap_compare: Compare, demo: Path, keys: list[str]) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=(60, 20), run_before=after(*keys))


@pytest.mark.parametrize("theme", ["roadtui-light", "roadtui-contrast"])
def test_themes(snap_compare: Compare, demo: Path, theme: str) -> None:
    assert snap_compare(program(demo, NOTE, theme), terminal_size=(160, 45), run_before=after())


def test_hub(snap_compare: Compare, demo: Path) -> None:
    assert snap_compare(program(demo, "Home.md"), terminal_size=(160, 45), run_before=after())


@pytest.mark.parametrize("size", [(100, 30), (40, 12)], ids=cells)
def test_empty_vault(snap_compare: Compare, empty: Path, size: tuple[int, int]) -> None:
    assert snap_compare(program(empty), terminal_size=size, run_before=after())


def test_vault_without_tasks(snap_compare: Compare, empty: Path) -> None:
    (empty / "Words.md").write_text("# Only words\n")
    assert snap_compare(program(empty), terminal_size=(100, 30), run_before=after())


def test_all_done(snap_compare: Compare, empty: Path) -> None:
    (empty / "Plan.md").write_text("# Plan\n- [x] Alpha\n- [x] Beta\n")
    assert snap_compare(program(empty), terminal_size=(100, 30), run_before=after())


def test_too_small(snap_compare: Compare, demo: Path) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=(20, 5))


def test_picker(snap_compare: Compare) -> None:
    app = VaultPickerScreen([Path("/home/me/Vault"), Path("/home/me/Work")])
    assert snap_compare(app, terminal_size=(100, 30))
