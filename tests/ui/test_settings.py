"""The settings on the screen: what a row says in each width, and that a change shows at once and lasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.stats.progress import CountMode
from roadtui.settings import SETTINGS, SETTINGS_BY_NAME
from roadtui.ui.widgets.settings_list import draw_setting
from roadtui.user_settings import UserSettings
from tests.ui.conftest import Start, User
from tests.ui.drawn_colours import TEXT_STYLES


def drawn(settings: UserSettings, name: str, width: int) -> str:
    strip = draw_setting(settings, SETTINGS_BY_NAME[name], width, TEXT_STYLES, is_current=False)
    assert strip.cell_length == width
    return strip.text


def test_a_row_says_what_fits(tmp_path: Path) -> None:
    settings = UserSettings.of(Config(inbox="notes/My Inbox.md"), None)
    settings.change("count", "all")
    assert drawn(settings, "count", 92).split("  ")[0] == " count"
    for words in ("all", "What is counted", "here"):
        assert words in drawn(settings, "count", 92)
    assert "What is counted" not in drawn(settings, "count", 60)
    assert drawn(settings, "count", 60).rstrip().endswith("here")
    assert drawn(settings, "count", 36).split() == ["count", "all"]
    assert "notes/My Inbox.md" in drawn(settings, "inbox", 60)
    assert drawn(settings, "inbox", 60).rstrip().endswith("config.toml")
    assert "notes/My Inbox.md" in drawn(settings, "inbox", 36)
    assert "notes/My I…" in drawn(settings, "inbox", 28)


@pytest.mark.parametrize("width", [24, 36, 60, 92, 102])
def test_columns_stand_in_line_and_what_is_cut_has_a_sign(width: int) -> None:
    settings = UserSettings.of(Config(), None)
    rows = [drawn(settings, setting.name, width) for setting in SETTINGS]
    starts = {
        row.index(setting.shown(setting.default)[:3], 16) for row, setting in zip(rows, SETTINGS, strict=True)
    }
    assert starts == {17}
    if width >= 92:
        for row, setting in zip(rows, SETTINGS, strict=True):
            assert setting.plain_meaning in row or "…" in row


async def go_to(user: User, name: str) -> None:
    """Open the settings at `name`."""
    await user.press("comma")
    await user.sees("Settings")
    await user.press("g", *["j"] * list(SETTINGS_BY_NAME).index(name))


async def test_a_change_shows_beside_the_list_and_lasts(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.until(lambda: "1/6" in user.text() or "1/5" in user.text(), "what is counted")
        before = user.home.view.progress.total
        await go_to(user, "count")
        await user.press("space")
        await user.until(lambda: user.home.view.progress.total == before + 1, "the parent is counted")
        await user.sees("set here; the default is leaves")
        await user.press("left")
        await user.until(lambda: user.home.view.progress.total == before, "it is not")
        await user.press("space", "escape")
        await user.until(lambda: user.app.screen is user.home, "the end of the settings")
        assert user.tree.has_focus
    assert (start.state / "settings.toml").read_text() == 'count = "all"\n'
    async with start("Plan.md", (160, 45)) as user:
        assert user.home.view.progress.total == before + 1
        await go_to(user, "count")
        await user.press("r")
        await user.until(lambda: user.home.view.progress.total == before, "the default")
    assert (start.state / "settings.toml").read_text() == ""


async def test_a_value_is_typed_and_what_is_wrong_is_said(start: Start, plan: Path) -> None:
    start.put("Templates/Week.md", "- [ ] Template\n")
    async with start("Plan.md", (160, 45)) as user:
        assert any("Week" in line for line in user.lines_of(user.sidebar))
        await go_to(user, "hidden")
        await user.press("enter", *"Templates", "enter")
        await user.until(lambda: not any("Week" in line for line in user.lines_of(user.sidebar)), "it goes")
        await user.press("escape")
        await go_to(user, "grace_days")
        await user.press("enter", "backspace", "9", "enter")
        await user.sees("must be 0 to 6")
        await user.press("escape")
        await user.sees("the default")
        await user.press("enter", *"3", "enter")
        await user.sees("set here; the default is 0")
    assert UserSettings.read(start.state / "none", start.state / "settings.toml").config == Config(
        hidden=("Templates",), grace_days=3
    )


async def test_the_theme_changes_as_it_is_chosen_and_the_config_has_the_last_word(
    start: Start, plan: Path
) -> None:
    async with start("Plan.md", (100, 30), config=Config(count=CountMode.ALL)) as user:
        await go_to(user, "theme")
        assert user.app.theme == "roadtui-dark"
        await user.press("right")
        await user.until(lambda: user.app.theme == "roadtui-light", "the next theme")
        await user.press("enter")
        await user.sees("the name of a theme")
        assert user.app.theme == "roadtui-light"
        await user.press(*"nord")
        await user.until(lambda: user.app.theme == "nord", "it is shown already")
        await user.press("escape")
        await user.until(lambda: user.app.theme == "roadtui-light", "it was not taken")
        await user.press("j", "j", "space")
        await user.sees("config.toml sets count: it can be changed there.")
    assert (start.state / "settings.toml").read_text() == 'theme = "roadtui-light"\n'


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=str)
async def test_all_can_be_reached_where_it_covers_the_screen(
    start: Start, plan: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size) as user:
        await user.press("comma")
        await user.sees("Settings")
        await user.press("G")
        await user.sees("views")
        await user.press("enter")
        await user.sees("views can be set in config.toml")


async def test_what_is_wrong_with_the_file_is_told(start: Start, plan: Path) -> None:
    start.state.mkdir()
    (start.state / "settings.toml").write_text("count = \n")
    async with start("Plan.md", (160, 45), waits=False) as user:
        await user.until(lambda: "settings are ignored" in " ".join(user.messages()), "the message")


async def test_a_theme_that_an_earlier_version_saved_is_taken_over(start: Start, plan: Path) -> None:
    start.state.mkdir()
    (start.state / "theme").write_text("nord\n")
    async with start("Plan.md") as user:
        assert user.app.theme == "nord"
    assert (start.state / "settings.toml").read_text() == 'theme = "nord"\n'
    assert not (start.state / "theme").exists()
