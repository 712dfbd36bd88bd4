"""A finished section or roadmap is told once, warmly; again only when it grew; not where it is not wanted."""

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.ui.styles import TextStyles
from tests.ui.conftest import Start, User

PLAN = "# One\n- [x] Alpha\n- [ ] Beta\n\n# Two\n- [ ] Gamma\n"
ONE_IS_FINISHED = "One is finished: all 2 are done. Well done!"


@pytest.fixture
def plan(start: Start) -> Path:
    return start.put("Plan.md", PLAN)


def told(user: User) -> list[str]:
    return [text for text in user.past_messages() if "finished" in text]


async def tick(user: User, words: str) -> None:
    """Tick the task that says `words`, and wait until it is told what came of it."""
    await user.press("g")
    for _ in range(9):
        if user.at != words:
            await user.press("j")
    before = (user.root / "Plan.md").read_bytes()
    await user.press("space")
    await user.until(lambda: (user.root / "Plan.md").read_bytes() != before, "the tick on disk")
    await user.is_saved()
    await user.until(
        lambda: all(worker.is_finished for worker in user.app.workers if worker.group == "celebrate"),
        "what came of it",
    )
    await user.pilot.pause()


async def test_a_finished_section_is_told_and_its_heading_glows(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await tick(user, "Beta")
        assert told(user) == [ONE_IS_FINISHED]
        text_styles = TextStyles.of_theme(user.app.theme_variables)
        heading = next(y for y, line in enumerate(user.lines_of(user.tree)) if "One" in line)
        assert user.tree.row_background(heading, text_styles) == text_styles.glow


async def test_it_is_told_once(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        for _ in range(3):
            await tick(user, "Beta")
        assert told(user) == [ONE_IS_FINISHED]


async def test_it_is_told_again_when_it_has_grown(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await tick(user, "Beta")
        start.put("Plan.md", PLAN.replace("[ ] Beta", "[x] Beta\n- [ ] Delta"))
        await user.sees("Delta")
        await tick(user, "Delta")
        assert told(user) == [ONE_IS_FINISHED, "One is finished: all 3 are done. Well done!"]


async def test_the_last_tick_of_all_tells_of_the_roadmap_alone(start: Start, plan: Path) -> None:
    start.put("Plan.md", PLAN.replace("[ ] Beta", "[x] Beta"))
    async with start("Plan.md") as user:
        await tick(user, "Gamma")
        assert told(user) == ["Plan is completely finished: all 3 are done. Congratulations!"]


async def test_what_is_finished_elsewhere_is_not_told(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        start.put("Plan.md", PLAN.replace("[ ]", "[x]"))
        await user.sees("3/3")
        await user.idle()
        assert told(user) == []


async def test_it_can_be_turned_off(start: Start, plan: Path) -> None:
    async with start("Plan.md", config=Config(celebrate=False)) as user:
        await tick(user, "Beta")
        assert told(user) == []


async def test_a_hostile_heading_is_shown_harmless(start: Start) -> None:
    start.put("Plan.md", "# [bold]\x1b[31mOne[/]\n- [ ] Beta\n# Two\n- [ ] c\n")
    async with start("Plan.md") as user:
        await tick(user, "Beta")
        assert told(user) == ["[bold]␛[31mOne[/] is finished: the one task in it is done. Well done!"]
