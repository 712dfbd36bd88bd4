"""Saved views: counted in the sidebar, opened by a digit, saved and removed where a query is typed."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.screens.find import FindScreen
from roadtui.ui.widgets.query.query_line import QueryLine
from tests.ui.conftest import Start, User
from tests.ui.test_find import found, open_find

PLAN = "# One\n- [/] Alpha\n- [ ] Beta 📅 2026-11-20\n- [ ] Waits ⛔ k1\n- [ ] First 🆔 k1\n"


@pytest.fixture
def vault(start: Start) -> Path:
    return start.put("Plan.md", PLAN)


def row(user: User, name: str) -> list[str]:
    """The words of the row of a view in the sidebar."""
    line = next(line for line in user.lines_of(user.sidebar) if name in line)
    return line.replace(name, "").split()


async def on_find(user: User) -> FindScreen:
    await user.until(lambda: isinstance(user.app.screen, FindScreen), "the results")
    await user.works_no_more()
    screen = user.app.screen
    assert isinstance(screen, FindScreen)
    return screen


async def test_the_sidebar_counts_what_the_views_find(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await user.works_no_more()
        assert row(user, "Doing") == ["1", "1"]
        assert row(user, "Blocked") == ["2", "1"]
        assert row(user, "Overdue") == ["3", "1"]
        assert row(user, "Stuck") == ["5", "0"]
        vault.write_text(PLAN.replace("[ ] Waits", "[/] Waits"))
        await user.until(lambda: row(user, "Doing") == ["1", "2"], "the new count")


async def test_a_digit_opens_its_view_with_its_query(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await user.works_no_more()
        await user.press("3")
        screen = await on_find(user)
        assert screen.line.value == "is:overdue sort:due"
        assert found(user) == ["Beta"]
        await user.press("escape", "9")
        await user.sees("There is no view 9")


async def test_enter_on_its_row_opens_a_view(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await user.works_no_more()
        await user.click(user.sidebar, "Blocked")
        screen = await on_find(user)
        assert screen.line.value == "is:blocked"
        assert found(user) == ["Waits"]


async def test_a_query_is_saved_under_a_name_and_counted(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await user.works_no_more()
        await open_find(user, "is:open")
        await user.press("ctrl+s", *"All open", "enter")
        await user.until(lambda: (start.state / "views.toml").exists(), "the file")
        await user.press("escape")
        await user.until(lambda: any("All open" in line for line in user.lines_of(user.sidebar)), "the row")
        await user.until(lambda: row(user, "All open") == ["7", "4"], "its count")
        await user.press("7")
        screen = await on_find(user)
        assert screen.line.value == "is:open"
    async with start("Plan.md") as user:
        await user.works_no_more()
        assert row(user, "All open") == ["7", "4"]


async def test_replacing_a_view_asks_first(start: Start, vault: Path) -> None:
    start.state.mkdir()
    file = start.state / "views.toml"
    file.write_text('[views]\nMine = "#mine"\n')
    async with start("Plan.md") as user:
        await user.works_no_more()
        await open_find(user, "is:open")
        await user.press("ctrl+s", *"mine", "enter")
        await user.sees("enter replaces it")
        assert "#mine" in file.read_text()
        await user.press("enter")
        await user.until(lambda: "is:open" in file.read_text(), "the new query")
        assert "#mine" not in file.read_text()


async def test_the_users_own_view_is_removed_after_a_question(start: Start, vault: Path) -> None:
    start.state.mkdir()
    file = start.state / "views.toml"
    file.write_text('[views]\nMine = "#mine"\n')
    async with start("Plan.md") as user:
        await user.works_no_more()
        await user.press("7")
        await on_find(user)
        await user.press("f8")
        assert isinstance(user.app.screen, ConfirmDialog)
        await user.press("y")
        await user.until(lambda: "Mine" not in file.read_text(), "the removal")
        await user.press("escape")
        await user.until(lambda: not any("Mine" in line for line in user.lines_of(user.sidebar)), "the row")


async def test_a_built_in_view_is_not_removed(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await user.works_no_more()
        await user.press("1")
        await on_find(user)
        await user.press("f8")
        assert isinstance(user.app.screen, FindScreen)


async def test_a_wrong_view_of_the_config_is_told_and_listed_as_wrong(start: Start, vault: Path) -> None:
    async with start("Plan.md", config=Config(views={"Late": "duo:<fri"})) as user:
        await user.sees("[views] of the config is wrong")
        await user.works_no_more()
        assert row(user, "Late") == ["7", "wrong"]
        await user.press("7")
        screen = await on_find(user)
        assert screen.line.value == "duo:<fri"
        assert "Did you mean `due:`" in "\n".join(user.lines())


async def test_a_count_that_is_not_begun_before_the_end_leaves_nothing_behind(
    start: Start, vault: Path
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with start("Plan.md") as user:
            for _ in range(2):
                user.home.view_changed.publish(user.home.view)
        gc.collect()
    assert [str(one.message) for one in caught if "never awaited" in str(one.message)] == []


async def test_a_damaged_file_of_views_is_told_and_stays(start: Start, vault: Path) -> None:
    start.state.mkdir()
    file = start.state / "views.toml"
    file.write_text("[views\n")
    async with start("Plan.md") as user:
        await user.sees("is not valid TOML")
        await open_find(user, "is:open")
        await user.press("ctrl+s", *"Mine", "enter")
        await user.pilot.pause(0.1)
        assert file.read_text() == "[views\n"


async def test_a_vault_without_tasks_has_no_views(start: Start) -> None:
    start.write(Words="# Words\n")
    async with start("Words.md") as user:
        await user.works_no_more()
        assert not any("VIEWS" in line for line in user.lines())


async def test_a_tasks_block_of_the_open_note_is_a_view(start: Start, vault: Path) -> None:
    block = "# Dashboard\n- [ ] own\n\n```tasks\nnot done\npath includes Dash\ngroup by path\n```\n"
    start.put("Dash.md", block)

    def counts(user: User) -> list[str]:
        return [line.split()[-1] for line in user.lines_of(user.sidebar) if "7 Dashboard" in line]

    async with start("Dash.md", (160, 45)) as user:
        await user.until(lambda: counts(user) == ["1"], "its count")
        await user.press("7")
        screen = await on_find(user)
        assert screen.query_one(QueryLine).value == 'is:task -is:done -is:cancelled path:"Dash"'
        assert any("group by path" in message for message in user.past_messages())


@pytest.mark.parametrize("is_kept", [False, True])
async def test_the_filter_of_the_tree_is_saved_as_a_view(start: Start, vault: Path, *, is_kept: bool) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("slash", *"beta", *(["enter"] if is_kept else []), "ctrl+s")
        await user.sees("its name")
        await user.press("M", "y", "enter")
        await user.sees("Saved as the view “My”")
        assert (start.state / "views.toml").read_text("utf-8") == '[views]\nMy = "beta"\n'
        await user.press("escape")


async def test_without_a_filter_there_is_nothing_to_save(start: Start, vault: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("ctrl+s")
        await user.sees("There is no filter to save")
