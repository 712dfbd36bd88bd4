"""What the progress pane is about: the open note, and the part of it under the cursor."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.geometry import Size

from roadtui.core.note import Section
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.progress_report import Report, draw_report
from roadtui.ui.widgets.progress_panel import ProgressPane
from tests.ui.conftest import Start, User

GARDEN = "# Beds\n- [x] a\n- [x] b\n\n# Trees\n- [x] c\n- [x] d\n- [ ] e 📅 2026-11-25\n"
STUDY = "# Maths\n- [x] f\n\n# Physics\n- [ ] g\n- [ ] h\n- [ ] i\n"


@pytest.fixture
def vault(start: Start) -> Path:
    start.put("Study.md", STUDY)
    start.put("Garden.md", GARDEN)
    return start.root


async def is_about(user: User, title: str, percent: str, here: str = "") -> None:
    """Wait until the pane says `title` and `percent`, and `here` for the part under the cursor."""

    def text() -> str:
        return "\n".join(user.lines_of(user.home.query_one(ProgressPane)))

    def holds() -> bool:
        return title in text() and f"{percent} %" in text() and f"here {here}" in text() + "here "

    await user.until(holds, f"{title} {percent} % {here}")


async def test_the_note_stays_while_the_cursor_moves_in_it(start: Start, vault: Path) -> None:
    async with start("Garden.md", (160, 45)) as user:
        await is_about(user, "Garden", "80", "Beds")
        await user.click(user.tree, "Trees")
        await is_about(user, "Garden", "80", "Trees")
        await user.click(user.sidebar, "Garden")
        await is_about(user, "Garden", "80")
        await user.until(lambda: "here Trees" not in user.text(), "no part")


@pytest.mark.parametrize("size", [(160, 45), (120, 30), (100, 30)], ids=str)
async def test_with_the_cursor_on_the_left_it_is_the_note_there(
    start: Start, vault: Path, size: tuple[int, int]
) -> None:
    async with start("Garden.md", size) as user:
        await is_about(user, "Garden", "80")
        await user.press("shift+tab")
        assert user.sidebar.has_focus
        await user.press("j")
        await is_about(user, "Study", "25")
        await user.press("k")
        await is_about(user, "Garden", "80")


async def test_on_a_task_of_the_left_pane_it_is_the_note_of_the_task(start: Start, vault: Path) -> None:
    async with start("Study.md", (160, 45)) as user:
        await user.sees("5 Stuck")
        await user.press("shift+tab", "g", *"jjj")  # The first row below the two notes is a task.
        await is_about(user, "Garden", "80")
        assert user.home.path == "Study.md"


async def test_on_the_heading_of_the_roadmaps_it_is_the_vault(start: Start, vault: Path) -> None:
    async with start("Garden.md", (160, 45)) as user:
        await user.press("shift+tab", "g")
        await is_about(user, "vault", "55")
        await user.press("shift+tab")
        assert user.home.query_one(ProgressPane).has_focus
        await is_about(user, "vault", "55")
        await user.press("tab", "j")
        await is_about(user, "Garden", "80")


async def test_on_a_narrow_screen_it_is_about_the_pane_left_last(start: Start, vault: Path) -> None:
    async with start("Garden.md", (60, 20)) as user:
        await user.press("tab")
        await is_about(user, "Garden", "80", "Beds")
        await user.press("tab", "j", "shift+tab")
        await is_about(user, "Study", "25")


async def test_reports_are_computed_one_after_the_other_and_the_last_is_shown(
    start: Start, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    may_end = threading.Event()

    def computes(context: ReportContext, size: Size) -> Report:
        title = context.content.title if isinstance(context.content, Section) else ""
        computed.append(title)
        if title == "Trees":
            assert may_end.wait(30)
        return draw_report(context, size)

    async with start("Garden.md", (160, 45)) as user:
        await is_about(user, "Garden", "80", "Beds")
        monkeypatch.setattr("roadtui.ui.charts.progress_report.draw_report", computes)
        user.tree.go_to_line(4)
        await user.until(lambda: computed == ["Trees"], "the first")
        user.tree.go_to_line(0)
        await user.pilot.pause()
        assert computed == ["Trees"], "no other thread takes time from the keys"
        may_end.set()
        await user.until(lambda: computed == ["Trees", "Beds"], "the last")
        await is_about(user, "Garden", "80", "Beds")
