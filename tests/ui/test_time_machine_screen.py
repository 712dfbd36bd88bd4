"""The time machine: days of a vault under git, to look at and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from roadtui.ui.screens.time_machine import ReadOnlyTree, TimeMachineScreen
from roadtui.ui.widgets.past.day_strip import DayStrip
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.vault.git.time_machine import GitVault
from tests.ui.conftest import Start, User
from tests.vault.repositories import Repository

FIRST = "# One\n- [ ] Alpha\n  - [ ] Beta\n- [ ] Delta\n"
SECOND = FIRST.replace("[ ] Beta", "[x] Beta")
THIRD = "# Zero\n- [ ] New\n\n" + SECOND.replace("[ ] Delta", "[x] Delta")


@pytest.fixture
def repository(start: Start) -> Repository:
    """Three days of one note; a second note came on the second day, a third went with the last."""
    repository = Repository(start.root)
    repository.commit("2026-11-10", Plan=FIRST, Gone="- [ ] Gone since\n")
    repository.commit("2026-11-14", Plan=SECOND, Other="- [ ] Came later\n")
    (start.root / "Gone.md").unlink()
    repository.commit("2026-11-20", Plan=THIRD)
    return repository


def past(user: User) -> TimeMachineScreen:
    screen = user.app.screen
    assert isinstance(screen, TimeMachineScreen)
    return screen


async def look_back(user: User, *keys: str) -> ReadOnlyTree:
    await user.press(*(keys or ("T",)))
    await user.until(lambda: isinstance(user.app.screen, TimeMachineScreen), "the past")
    await user.until(lambda: any(tree.note for tree in past(user).query(ReadOnlyTree)), "a note of that day")
    await user.pilot.pause()
    return past(user).query_one(ReadOnlyTree)


def everything(root: Path) -> Mapping[str, bytes]:
    """All files of the vault and of its repository that reading has no business with."""
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2026-11-21", "2026-11-22"], "Sat 21 Nov 2026, yesterday"),
        (["2026-11-22", "2026-11-23"], "Mon 23 Nov 2026"),
    ],
)
async def test_it_opens_on_the_last_day_before_today_else_on_the_last_of_all(
    start: Start, days: list[str], words: str
) -> None:
    repository = Repository(start.root)
    for day in days:
        repository.commit(day, Plan=f"- [ ] {day}\n")
    async with start("Plan.md") as user:
        await look_back(user)
        assert user.lines()[0].startswith(f"  {words}")


async def test_steps_from_day_to_day_and_back_to_now(start: Start, repository: Repository) -> None:
    before = everything(start.root)
    async with start("Plan.md") as user:
        tree = await look_back(user)
        assert user.lines()[0].startswith("  Fri 20 Nov 2026, 2 days ago")
        assert "● Delta" in "\n".join(user.lines_of(tree))
        await user.press("left_square_bracket")
        await user.sees("Sat 14 Nov 2026, 8 days ago")
        await user.until(lambda: "○ Delta" in user.text(), "the day")
        assert "● Beta" in user.text()
        await user.press("left_square_bracket")
        await user.until(lambda: "○ Beta" in user.text(), "the first day")
        await user.press("left_square_bracket")
        await user.sees("This is the first day in git.")
        await user.press("right_square_bracket", "right_square_bracket")
        await user.until(lambda: "● Delta" in user.text(), "the last day")
        await user.press("right_square_bracket")
        await user.until(lambda: user.app.screen is user.home, "now")
    after = everything(start.root)
    assert after == before


async def test_strip_shows_the_days_and_what_happened_since_and_a_click_goes_there(
    start: Start, repository: Repository
) -> None:
    async with start("Plan.md") as user:
        tree = await look_back(user)
        await user.sees("10 14[20]")
        await user.sees("since then: nothing added or done")
        await user.sees("in Plan: nothing added or done")
        strip = past(user).query_one(DayStrip)
        await user.click(strip, "10")
        await user.sees("[10]14 20")
        await user.sees("since then: +2 tasks, 1 removed, 2 done")
        await user.sees("in Plan: +1 task, 2 done")
        assert "○ Beta" in "\n".join(user.lines_of(tree))
        await user.click(strip, "14")
        await user.sees("10[14]20")
        await user.sees("since then: +1 task, 1 removed, 1 done")
        await user.sees("in Plan: +1 task, 1 done")
        start.put("Plan.md", THIRD.replace("[ ] New", "[x] New"))
        await user.sees("since then: +1 task, 1 removed, 2 done")
        await user.sees("in Plan: +1 task, 2 done")


async def test_a_bracket_means_one_thing_and_t_alone_looks_back(start: Start, repository: Repository) -> None:
    async with start("Plan.md") as user:
        for _ in range(3):
            await user.press("right_square_bracket", "left_square_bracket", "tab")
            await user.idle()
            assert user.app.screen is user.home
        await look_back(user, "T")


async def test_cursor_and_folds_go_along_and_stay_as_they_were(start: Start, repository: Repository) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "j", "h", "j")
        assert user.at == "Delta"
        tree = await look_back(user)
        for key in ("left_square_bracket", "left_square_bracket"):
            await user.press(key)
            await user.idle()
        current = tree.current
        assert getattr(current, "text", "") == "Delta"
        assert "Beta" not in "\n".join(user.lines_of(tree))
        await user.press("g", "Z", "escape")
        await user.until(lambda: user.app.screen is user.home, "now")
        assert user.at == "Delta"
        assert "Beta" not in "\n".join(user.lines_of(user.tree))


async def test_nothing_can_be_changed(start: Start, repository: Repository) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.is_saved()
        before = everything(start.root)
        tree = await look_back(user)
        bar = user.lines()[-1]
        assert bar.split()[:4] == ["[", "earlier", "]", "later"]
        assert "esc back" in bar
        assert "undo" not in bar
        keys = ["space", "x", "a", "e", "d", "w", "X", "s", "J", "K", "A", "H", "D", "u", "ctrl+r", "P", "c"]
        await user.press("j", *keys)
        await user.click(tree, "Beta", before=2)
        await user.idle()
        assert isinstance(user.app.screen, TimeMachineScreen)
        assert everything(start.root) == before


async def test_list_of_notes_is_that_of_the_day(start: Start, repository: Repository) -> None:
    async with start("Plan.md") as user:
        await look_back(user)
        await user.press("left_square_bracket", "left_square_bracket")
        await user.until(lambda: "Gone" in user.text(), "the first day")
        sidebar = past(user).query_one(Sidebar)
        await user.until(lambda: "Other" not in "\n".join(user.lines_of(sidebar)), "the notes of that day")
        await user.press("tab", "k")
        await user.sees("○ Gone since")
        await user.press("right_square_bracket", "right_square_bracket")
        await user.sees("Gone.md did not exist on this day.")


async def test_vault_without_git_says_so(start: Start) -> None:
    start.put("Plan.md", FIRST)
    async with start("Plan.md") as user:
        await user.press("T")
        await user.sees("needs a vault under git")
        assert user.app.screen is user.home


async def test_repository_without_commits_says_so(start: Start) -> None:
    Repository(start.root)
    start.put("Plan.md", FIRST)
    async with start("Plan.md") as user:
        await user.press("T")
        await user.sees("There is no commit yet.")


async def test_slow_git_says_what_it_does_and_can_be_left(
    start: Start, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    read = GitVault.at

    def slow(self: GitVault, day: date) -> Mapping[str, bytes]:
        gate.wait(10)
        return read(self, day)

    monkeypatch.setattr(GitVault, "at", slow)
    async with start("Plan.md") as user:
        await user.press("T")
        await user.sees("reading… Fri 20 Nov 2026")
        await user.press("left_square_bracket", "left_square_bracket")
        await user.sees("reading… Tue 10 Nov 2026")
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.home, "now")
        gate.set()
        await user.press("j")
        assert user.at == "New"


async def test_what_was_written_outside_meanwhile_is_there_on_return(
    start: Start, repository: Repository
) -> None:
    async with start("Plan.md") as user:
        await look_back(user)
        start.put("Plan.md", THIRD + "- [ ] Written meanwhile\n")
        await user.until(lambda: "now 2/4" in user.text() or "now 2/5" in user.text(), "the count of now")
        assert "Written meanwhile" not in user.text()
        await user.press("escape")
        await user.sees("Written meanwhile")


@pytest.mark.parametrize("size", [(160, 45), (60, 20), (40, 12), (32, 8)])
async def test_survives_other_sizes(start: Start, repository: Repository, size: tuple[int, int]) -> None:
    async with start("Plan.md") as user:
        await look_back(user)
        await user.pilot.resize_terminal(*size)
        await user.press("j")
        await user.pilot.pause()
        assert "20 Nov 2026" in user.lines()[0]
        assert "○ New" in user.text()
