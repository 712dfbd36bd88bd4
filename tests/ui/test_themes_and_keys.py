"""Themes and keys."""

from pathlib import Path

import pytest
from textual.color import Color

from roadtui.config import Config
from roadtui.ui.styles import TextStyles
from tests.ui.conftest import Start

THEMES = ["roadtui-light", "nord"]


@pytest.mark.parametrize("theme", THEMES)
async def test_themes_of_the_config_are_put_on(start: Start, plan: Path, theme: str) -> None:
    async with start("Plan.md", config=Config(theme=theme)) as user:
        assert user.app.theme == theme
        assert user.home.text_styles == TextStyles.of_theme(user.app.theme_variables)


async def test_theme_can_be_changed_while_it_runs(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        before = user.home.text_styles
        user.app.theme = "roadtui-light"
        await user.until(lambda: user.home.text_styles != before, "new colours")
        assert user.home.text_styles == TextStyles.of_theme(user.app.theme_variables)
        assert {segment.style.bgcolor for segment in user.tree.render_line(3) if segment.style} == {
            Color.parse(user.app.theme_variables["surface"]).rich_color
        }


async def test_theme_chosen_in_the_palette_is_there_again_in_every_vault(start: Start, plan: Path) -> None:
    for theme in ("roadtui-light", "nord", "roadtui-dark"):
        async with start("Plan.md") as user:
            user.app.theme = theme
            await user.until(
                lambda: user.home.text_styles == TextStyles.of_theme(user.app.theme_variables), "its colours"
            )
            await user.pilot.pause()
        async with start("Plan.md") as user:
            assert user.app.theme == theme


async def test_config_overrules_the_chosen_theme_and_that_is_said(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        user.app.theme = "nord"
        await user.pilot.pause()
    async with start("Plan.md", config=Config(theme="roadtui-light")) as user:
        assert user.app.theme == "roadtui-light"
        user.app.theme = "dracula"
        await user.sees("Your config sets the theme")
    async with start("Plan.md") as user:
        assert user.app.theme == "nord"


@pytest.mark.parametrize("content", [b"", b"no-such-theme\n", b"\xff\xfe"])
async def test_kept_theme_that_means_nothing_is_passed_over(start: Start, plan: Path, content: bytes) -> None:
    start.state.mkdir()
    (start.state / "theme").write_bytes(content)
    async with start("Plan.md") as user:
        assert user.app.theme == "roadtui-dark"
        assert "no-such-theme" not in user.text()


async def test_theme_that_cannot_be_kept_is_put_on_all_the_same(start: Start, plan: Path) -> None:
    (start.state / "theme").mkdir(parents=True)
    async with start("Plan.md") as user:
        user.app.theme = "nord"
        await user.until(
            lambda: user.home.text_styles == TextStyles.of_theme(user.app.theme_variables), "its colours"
        )


async def test_unknown_theme_is_told(start: Start, plan: Path) -> None:
    async with start("Plan.md", config=Config(theme="roadtui-drak")) as user:
        assert user.app.theme == "roadtui-dark"
        await user.sees("roadtui-drak")


async def test_keys_of_the_config_take_the_place_of_the_usual_ones(start: Start, plan: Path) -> None:
    async with start("Plan.md", config=Config(keys={"tick": "t,f5", "down": "n"})) as user:
        await user.press("n", "space", "j")
        assert user.at == "Alpha"
        assert "○ Alpha" in user.text()
        await user.press("t")
        assert "● Alpha" in user.text()
        assert "^l shows 2 more" in " ".join(user.text().split())
        assert "t tick" in user.lines()[-1], "the keys, below the messages"


async def test_unknown_key_ids_are_told(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45), config=Config(keys={"tock": "t", "tick": "t"})) as user:
        await user.sees("Under [keys], tick and tags both have the key t")
        assert "^l shows 1 more" in " ".join(user.text().split())
        await user.press("ctrl+l")
        await user.sees("Unknown command ids under [keys]: tock.")


async def test_palette_opens_takes_letters_and_closes(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("ctrl+p")
        await user.sees("a command, a note, a heading, a task")
        await user.press("q", "u")
        assert user.app.is_running
        await user.sees("Quit")
        await user.press("escape")
        await user.press("j")
        assert user.at == "Alpha"
