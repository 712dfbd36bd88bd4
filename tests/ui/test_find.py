"""Finding in the whole vault: as it is typed, in several notes, acted upon, and live."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key, Paste

from roadtui.ui.screens.find import FindScreen
from roadtui.ui.screens.focus import FocusScreen
from tests.ui.conftest import Start, User

PLAN = """\
# One
- [ ] Alpha gradient
  - [ ] Beta 📅 2026-11-20
  - [x] Gamma
- [ ] Delta
"""
OTHER = "---\naliases: [Second]\n---\n# Gradients\n- [/] Doing the gradient\n- [ ] Later #tag\n"


async def open_find(user: User, query: str = "") -> FindScreen:
    await user.press("ctrl+f")
    await user.until(lambda: isinstance(user.app.screen, FindScreen), "the screen")
    await user.press(*query)
    await user.works_no_more()
    screen = user.app.screen
    assert isinstance(screen, FindScreen)
    return screen


async def go_to(user: User, screen: FindScreen, text: str) -> None:
    """Put the cursor on a result."""
    screen.results.focus()
    screen.results.move_to([item.text for item in screen.results.items].index(text))
    await user.pilot.pause()


def found(user: User) -> list[str]:
    """The texts of the results."""
    screen = user.app.screen
    assert isinstance(screen, FindScreen)
    return [item.text for item in screen.results.items]


@pytest.fixture
def vault(start: Start) -> Path:
    start.write(Other=OTHER)
    return start.put("Plan.md", PLAN)


async def test_finds_tasks_headings_and_notes_best_first(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await open_find(user, "grad")
        assert found(user) == ["Gradients", "Alpha gradient", "Doing the gradient"]
        assert "3 found" in user.text()
        row = next(line for line in user.lines() if "Doing the gradient" in line)
        assert "◐ Doing the gradient" in row
        assert "Other › Gradients" in row
        other = next(line for line in user.lines() if "Alpha gradient" in line)
        assert row.index("Other › Gradients") == other.index("Plan › One"), "in a column"


@pytest.mark.parametrize("opened_by", ["ctrl+f", "1"])
async def test_keys_pressed_before_the_screen_is_there_go_into_the_line_and_change_no_note(
    start: Start, vault: Path, opened_by: str
) -> None:
    async with start("Plan.md") as user:
        await user.press("j")
        query = "taxd"  # On the tree these keys ask for tags, add a task, change its status, and delete it.
        for key in (opened_by, *query):
            user.app.post_message(Key(key, key if len(key) == 1 else None))
        await user.until(lambda: isinstance(user.app.screen, FindScreen), "the screen")
        await user.sees(query)
        await user.idle()
        assert vault.read_text() == PLAN


async def test_pasted_lines_become_one_query(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_find(user)
        screen.line.post_message(Paste("alpha\ngradient"))
        await user.sees("1 found")
        assert found(user) == ["Alpha gradient"]


async def test_a_note_is_found_by_its_name_and_its_alias(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await open_find(user, "second")
        assert found(user) == ["Other (Second)"]
        await user.press("enter")
        await user.until(lambda: user.home.path == "Other.md", "the note")


async def test_before_a_query_the_next_actions_and_the_open_note_are_listed(
    start: Start, vault: Path
) -> None:
    async with start("Plan.md") as user:
        await open_find(user)
        lines = [line.strip() for line in user.lines()]
        assert any(line.startswith("NEXT") for line in lines)
        assert any(line.startswith("OPEN IN PLAN") for line in lines)
        assert "Doing the gradient" in found(user)
        assert "Gamma" not in found(user)


async def test_enter_goes_to_the_result_and_escape_leaves_everything_as_it_was(
    start: Start, vault: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j")
        at = user.at
        await open_find(user, "delta")
        await user.press("escape")
        assert user.app.screen is user.home
        assert user.at == at
        await open_find(user, "delta")
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "the tree")
        assert user.at == "Delta"


async def test_wrong_query_is_explained_and_the_last_results_stay(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_find(user, "grad")
        before = found(user)
        screen.line.value = "grad is:opn"
        await user.works_no_more()
        assert "Did you mean `open`?" in user.text()
        assert found(user) == before


_KEYS = {" ": "space", ":": "colon", "-": "minus", "\b": "backspace"}


async def test_results_stay_while_a_term_is_typed_that_finds_nothing_yet(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_find(user, "grad")
        before = found(user)
        for keys in (" is", ":", "d", "\b\b\b\b-"):
            await user.press(*(_KEYS.get(key, key) for key in keys))
            await user.works_no_more()
            assert found(user) == before, screen.line.value
            assert "othing found" not in user.text()
        screen.line.value = "grad nothing"
        await user.works_no_more()
        assert found(user) == []
        assert "nothing found" in user.text()


async def test_the_first_result_of_another_query_is_in_sight(start: Start, vault: Path) -> None:
    start.put("Long.md", "".join(f"- [ ] many {number}\n" for number in range(90)))
    async with start("Plan.md") as user:
        screen = await open_find(user, "many 7")
        screen.line.value = "many"
        await user.sees("90 found")
        await user.pilot.pause(0.2)
        screen.results.scroll_to(y=50, animate=False, immediate=True)
        screen.line.value = "man"
        await user.works_no_more()
        assert screen.results.scroll_offset.y == 0


async def test_tab_completes_and_then_goes_on_to_the_next_completion(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_find(user, "is:do")
        await user.press("tab")
        assert screen.line.value == "is:doing"
        await user.press("tab")
        assert screen.line.value == "is:done"
        await user.works_no_more()
        assert found(user) == ["Gamma"]


async def test_space_in_the_results_ticks_and_undo_takes_it_back(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await open_find(user, "is:open")
        screen = user.app.screen
        assert isinstance(screen, FindScreen)
        await go_to(user, screen, "Delta")
        await user.press("space")
        await user.until(lambda: "- [x] Delta" in vault.read_text(), "the tick")
        await user.until(lambda: "Delta" not in found(user), "the new results")
        await user.press("u")
        await user.until(lambda: vault.read_text() == PLAN, "the undo")


async def test_marked_tasks_of_several_notes_are_one_change(start: Start, vault: Path) -> None:
    other = start.root / "Other.md"
    async with start("Plan.md") as user:
        screen = await open_find(user, "gradient")
        texts = found(user)
        assert {"Doing the gradient", "Alpha gradient"} <= set(texts)
        await go_to(user, screen, "Alpha gradient")
        await user.press("m", "m", "X")
        await user.until(
            lambda: "- [-] Alpha gradient" in vault.read_text() and "- [-] Doing" in other.read_text(),
            "both changes",
        )
        await user.press("u")
        await user.until(lambda: vault.read_text() == PLAN and other.read_text() == OTHER, "one undo")


async def test_due_is_set_for_marked_tasks_of_several_notes(start: Start, vault: Path) -> None:
    other = start.root / "Other.md"
    async with start("Plan.md") as user:
        screen = await open_find(user, "gradient")
        await go_to(user, screen, "Alpha gradient")
        await user.press("m", "m", "D", *"2026-12-01", "enter")
        await user.until(
            lambda: "2026-12-01" in vault.read_text() and "2026-12-01" in other.read_text(), "both changes"
        )


async def test_a_foreign_change_is_shown_and_the_cursor_stays_on_its_task(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        screen = await open_find(user, "is:open")
        await user.press("down", "down")
        before = screen.results.current
        assert before is not None
        vault.write_text(PLAN.replace("# One\n", "# One\n- [ ] New\n"))
        await user.until(lambda: "New" in found(user), "the new task")
        assert screen.results.current is not None
        assert screen.results.current.text == before.text


async def test_focus_works_on_a_result(start: Start, vault: Path) -> None:
    async with start("Plan.md") as user:
        await open_find(user, "delta")
        await user.press("down", "f")
        await user.until(lambda: isinstance(user.app.screen, FocusScreen), "the focus screen")
        await user.sees("Delta")


async def test_surroundings_are_beside_the_results_on_a_wide_screen(start: Start, vault: Path) -> None:
    async with start("Plan.md", size=(140, 30)) as user:
        await open_find(user, "delta")
        await user.sees("Gamma")
    async with start("Plan.md", size=(90, 30)) as user:
        await open_find(user, "delta")
        await user.pilot.pause(0.1)
        assert "Gamma" not in user.text()
