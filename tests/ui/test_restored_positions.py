"""Where the user was is there again after a restart, whatever became of the note meanwhile."""

from pathlib import Path

import pytest

from roadtui.core.note import Task
from roadtui.session.outline.saved_positions import SavedViewState, ViewPosition
from roadtui.ui.app import RoadtuiApp
from tests.ui.conftest import PLAN, Start, painted_lines


async def leave_at_delta(start: Start) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "h", "j")
        assert user.at == "Delta"
        await user.press("q")


async def test_last_note_cursor_and_folds_come_back(start: Start, plan: Path) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    await leave_at_delta(start)
    async with start() as user:
        assert user.home.path == "Plan.md"
        assert user.at == "Delta"
        assert "▸ ○ Alpha" in user.text()
        assert not any("Beta" in line for line in user.lines_of(user.tree))


async def test_the_first_paint_has_the_cursor_there(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave_at_delta(start)
    places: list[tuple[str, bool]] = []

    def user_row(app: RoadtuiApp) -> str:
        content = app.dashboard.task_tree.current
        return content.text if isinstance(content, Task) else ""

    def note_the_cursor(app: RoadtuiApp) -> None:
        tree = app.dashboard.task_tree
        if tree.note is not None:
            places.append((user_row(app), any("▸ ○ Alpha" in line for line in painted_lines(app.screen))))

    monkeypatch.setattr(RoadtuiApp, "post_display_hook", note_the_cursor)
    async with start():
        pass
    assert set(places) == {("Delta", True)}


async def test_edits_made_meanwhile_do_not_confuse_it(start: Start, plan: Path) -> None:
    await leave_at_delta(start)
    edited = PLAN.replace("[ ] Alpha", "[x] Alpha").replace("[ ] Delta", "[/] Delta")
    plan.write_text("# Zero\n- [ ] New\n" + edited)
    async with start() as user:
        assert user.at == "Delta"
        assert "▸ ● Alpha" in user.text()


async def test_notes_that_were_not_open_keep_their_places(start: Start, plan: Path) -> None:
    start.put("Other.md", "- [ ] Omega\n")
    await leave_at_delta(start)
    async with start("Other.md") as user:
        await user.press("q")
    async with start("Plan.md") as user:
        assert user.at == "Delta"


async def test_a_vault_opens_on_its_next_task_and_keeps_what_was_unfolded(start: Start) -> None:
    rest = "".join(f"- [ ] Later {number}\n" for number in range(40))
    start.put("A.md", "- [ ] First of all\n")
    start.put("B.md", f"# Done\n- [x] Gamma\n# Open\n{rest}## Deep\n- [ ] Near\n- [ ] Late 📅 2026-11-20\n")
    async with start(size=(80, 24), at_top=False) as user:
        assert (user.home.path, user.at.split()[0]) == ("B.md", "Late")
        await user.sees("▾ Deep")
        await user.press("g")
        await user.sees("▸ Done")
        await user.press("l", "q")
    async with start(size=(80, 24), at_top=False) as user:
        await user.sees("Gamma")
        assert user.at == "Done"


@pytest.mark.parametrize("damage", ["not = [toml", 'notes = "x"', '[notes]\n"Plan.md" = 3\n', "\0"])
async def test_damaged_memory_is_no_memory(start: Start, plan: Path, damage: str) -> None:
    await leave_at_delta(start)
    for file in (start.state / "vaults").iterdir():
        file.write_text(damage)
    async with start() as user:
        assert user.at == "One"
        assert "Beta" in user.text()


@pytest.mark.parametrize("last", ["../secret.md", "/etc/x.md", "a/../../b.md", "notes.txt", "", "gone.md\n"])
async def test_last_note_outside_the_vault_is_never_opened(start: Start, plan: Path, last: str) -> None:
    (start.root.parent / "secret.md").write_text("- [ ] Secret\n")
    SavedViewState(start.state, start.root).keep(last, {})
    async with start() as user:
        assert user.home.path == "Plan.md"
        assert "Secret" not in user.text()


def test_memory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    memory = SavedViewState(tmp_path / "state", tmp_path)
    memory.keep("Plan.md", {"Plan.md": ViewPosition("a", 1, ("b",))})
    assert memory.last_note() is None
    assert memory.places() == {}


def test_memory_gives_back_what_it_was_given(tmp_path: Path) -> None:
    places = {"a/Ünï “q”.md": ViewPosition("1f", 3, ("2a", "2a.1")), "bad \udcff.md": ViewPosition("", 0, ())}
    SavedViewState(tmp_path, Path("/vault")).keep("a/Ünï “q”.md", places)
    assert SavedViewState(tmp_path, Path("/vault")).places() == places
    assert SavedViewState(tmp_path, Path("/vault")).last_note() == "a/Ünï “q”.md"
    assert SavedViewState(tmp_path, Path("/other")).last_note() is None
