"""What the progress pane is about: the row under the cursor, and on the left the note there."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.ui.widgets.progress_panel import ProgressPane
from tests.ui.conftest import Start, User

GARDEN = "# Beds\n- [x] a\n- [x] b\n\n# Trees\n- [x] c\n- [x] d\n- [ ] e 📅 2026-11-25\n"
STUDY = "# Maths\n- [x] f\n\n# Physics\n- [ ] g\n- [ ] h\n- [ ] i\n"


@pytest.fixture
def vault(start: Start) -> Path:
    start.put("Study.md", STUDY)
    start.put("Garden.md", GARDEN)
    return start.root


async def is_about(user: User, title: str, percent: str, size: tuple[int, int]) -> None:
    """Wait until the pane says `title` and `percent`."""

    def text() -> str:
        return "\n".join(user.lines_of(user.home.query_one(ProgressPane)))

    await user.until(lambda: title in text() and f"{percent} %" in text(), f"{title} {percent} % in {size}")


SIZES = [(160, 45), (120, 30), (100, 30)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_with_the_cursor_on_the_left_it_is_the_note_there(
    start: Start, vault: Path, size: tuple[int, int]
) -> None:
    async with start("Garden.md", size) as user:
        await is_about(user, "Beds", "100", size)
        await user.press("shift+tab")
        assert user.sidebar.has_focus
        await is_about(user, "Garden", "80", size)
        assert "Everything is done" not in user.text()
        await user.press("j")
        await is_about(user, "Study", "25", size)
        await user.press("k")
        await is_about(user, "Garden", "80", size)
        await user.press("tab")
        await is_about(user, "Beds", "100", size)


async def test_on_a_task_of_the_left_pane_it_is_the_note_of_the_task(start: Start, vault: Path) -> None:
    size = (160, 45)
    async with start("Study.md", size) as user:
        await user.sees("5 Stuck")
        await user.press("shift+tab", "G", *"kkkkk")  # The last row above the five views is a task.
        await is_about(user, "Garden", "80", size)
        assert user.home.path == "Study.md"


async def test_a_click_changes_sides_too(start: Start, vault: Path) -> None:
    size = (160, 45)
    async with start("Garden.md", size) as user:
        await user.click(user.sidebar, "Garden")
        await is_about(user, "Garden", "80", size)
        await user.click(user.tree, "Trees")
        await is_about(user, "Trees", "66", size)


async def test_the_progress_pane_itself_changes_nothing(start: Start, vault: Path) -> None:
    size = (160, 45)
    async with start("Garden.md", size) as user:
        await user.press("shift+tab", "shift+tab")
        assert user.home.query_one(ProgressPane).has_focus
        await is_about(user, "Garden", "80", size)


async def test_on_a_narrow_screen_it_is_about_the_pane_left_last(start: Start, vault: Path) -> None:
    size = (60, 20)
    async with start("Garden.md", size) as user:
        await user.press("tab")
        await is_about(user, "Beds", "100", size)
        await user.press("tab", "shift+tab")
        await is_about(user, "Garden", "80", size)
