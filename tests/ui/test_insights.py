"""The insights full screen: what keys and clicks choose, what is said where nothing can be drawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from roadtui.session.reports.metrics import MetricsService
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.insights import InsightsScreen
from roadtui.ui.widgets.insights_view import InsightsBar, InsightsView
from tests.ui.conftest import DAY, Start, User

DATED = "\n".join(
    [
        "# One",
        *(f"- [x] Step {n} ➕ {DAY - timedelta(100)} ✅ {DAY - timedelta(3 * n)}" for n in range(20)),
        "# Two",
        *(f"- [ ] Later {n} ➕ {DAY - timedelta(10 * n)}" for n in range(8)),
    ]
)


@pytest.fixture
def dated(start: Start) -> Path:
    """A note of 28 tasks, 20 of which were done over the last two months."""
    return start.put("Plan.md", DATED)


@asynccontextmanager
async def insights(start: Start, first: str, size: tuple[int, int] = (160, 45)) -> AsyncIterator[User]:
    """The insights, drawn."""
    async with start(first, size) as user:
        await user.press("i")
        await drawn(user)
        yield user


async def drawn(user: User) -> None:
    """Wait until what was last wished for is on screen."""

    def is_drawn() -> bool:
        screen = user.app.screen
        return isinstance(screen, InsightsScreen) and not screen.is_waiting

    await user.pilot.pause()
    await user.until(is_drawn, "the charts")
    await user.pilot.pause()


async def test_all_cards_are_there_in_one_sight(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md") as user:
        text = user.text()
        for title in (
            "BURN-UP",
            "FORECAST",
            "ACTIVITY BY DAY",
            "COMPLETIONS PER WEEK",
            "WEEKDAYS",
            "SIDE BY SIDE",
            "AGE OF OPEN TASKS",
        ):
            assert title in text
        assert "20/28 done" in text
        assert any("⠀" < glyph <= "⣿" for glyph in text), "lines are drawn in braille"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("1", "in 1 month"),
        ("3", "in 3 months"),
        ("6", "in 6 months"),
        ("y", "in a year"),
        ("a", "with a date"),
    ],
)
async def test_a_key_chooses_how_far_to_look_back(start: Start, dated: Path, key: str, words: str) -> None:
    days = {"1": 31, "3": 92}.get(key, 1000)
    count = sum(3 * n < days for n in range(20))
    async with insights(start, "Plan.md") as user:
        await user.press(key)
        await drawn(user)
        assert f"{count} {words}" in user.text()


@pytest.mark.parametrize(
    ("key", "title", "numbers"), [("v", "vault", "20/29"), ("n", "Plan", "20/28"), ("s", "One", "20/20")]
)
async def test_a_key_chooses_what_it_is_about(
    start: Start, dated: Path, key: str, title: str, numbers: str
) -> None:
    start.put("Other.md", "- [ ] one\n")
    async with insights(start, "Plan.md") as user:
        await user.press(key)
        await drawn(user)
        assert user.lines()[0].split()[1] == title
        assert f"{numbers} done" in user.text()


async def test_a_click_chooses_too(start: Start, dated: Path) -> None:
    start.put("Other.md", "- [ ] one\n")
    async with insights(start, "Plan.md") as user:
        bar = user.app.screen.query_one(InsightsBar)
        await user.click(bar, "vault ")
        await drawn(user)
        assert "20/29 done" in user.text()
        await user.click(bar, "year")
        await drawn(user)
        assert "in a year" in user.text()


async def test_the_same_as_tables(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md", (60, 20)) as user:
        await user.press("t")
        await drawn(user)
        lines = user.lines()
        assert lines[1:4] == [
            " BURN-UP",
            " 20/28 done; 20 in 6 months; +28 scope",
            " at the end of   tasks  done",
        ]
        assert lines[4].split() == ["2026-05-23", "0", "0"]
        await user.press("G")
        await user.pilot.pause()
        assert "not known" in user.text()
        await user.press("t")
        await drawn(user)
        assert "1/7" in user.text()


async def test_on_a_narrow_screen_one_card_at_a_time(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md", (40, 12)) as user:
        for number, title in enumerate(
            ("BURN-UP", "FORECAST", "ACTIVITY BY DAY", "COMPLETIONS", "WEEKDAYS"), 1
        ):
            assert user.lines()[1].split()[0] == title.split()[0]
            assert f"{number}/7" in user.lines()[1]
            await user.press("j")
            await user.pilot.pause()
        await user.press("k", "k")
        await user.pilot.pause()
        assert "4/7" in user.lines()[1]


@pytest.mark.parametrize("key", ["escape", "i", "q"])
async def test_it_is_left_by_key(start: Start, dated: Path, key: str) -> None:
    async with insights(start, "Plan.md") as user:
        await user.press(key)
        await user.pilot.pause()
        assert isinstance(user.app.screen, DashboardScreen)
        assert user.tree.has_focus


async def test_it_follows_what_changes_on_disk(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md") as user:
        start.put("Plan.md", DATED.replace("- [ ] Later 0", f"- [x] ✅ {DAY} Later 0"))
        await user.sees("21/28 done")


async def test_without_dates_it_says_what_helps(start: Start) -> None:
    start.put("Plan.md", "# One\n- [x] a\n- [x] b\n- [ ] c\n")
    async with insights(start, "Plan.md", (100, 60)) as user:
        text = " ".join(user.text().split())
        assert text.count("ticks made here") == 1
        assert "A forecast appears after five tasks" in text
        assert "2/3 done" in text


async def test_where_nothing_is_to_do_it_says_so(start: Start) -> None:
    start.put("Words.md", "# Words\nonly\n")
    async with insights(start, "Words.md") as user:
        assert "There are no tasks here." in user.text()


async def test_an_empty_vault_is_no_trouble(start: Start) -> None:
    async with start(None, (100, 30)) as user:
        await user.press("i", "t", "v", "s", "y", "a", "j", "k", "G", "g")
        await drawn(user)
        assert "There are no tasks here." in user.text()


async def test_hostile_titles_are_harmless(start: Start) -> None:
    title = "[red]\x1b[2J\x07 [/nope] \u202eabc"
    start.put("Plan.md", f"# {title}\n- [x] a ✅ 2026-11-01\n- [ ] b\n# Two\n- [ ] c\n")
    async with insights(start, "Plan.md") as user:
        for keys in (["n"], ["s"], ["v"], ["t"]):
            await user.press(*keys)
            await drawn(user)
            assert not {"\x1b", "\x07", "\u202e"} & set(user.text())
        await user.press("t", "s")
        await drawn(user)
        assert "[red]␛[2J" in user.text()


async def test_keys_never_wait_for_the_counting(
    start: Start, dated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()
    facts: Callable[..., object] = MetricsService.metrics

    def wait(*args: object) -> object:
        assert gate.wait(10)
        return facts(*args)

    monkeypatch.setattr(MetricsService, "metrics", wait)
    async with start("Plan.md") as user:
        try:
            await asyncio.wait_for(user.press("i", "v", "1", "t", "escape"), 5)
            await user.pilot.pause()
            assert isinstance(user.app.screen, DashboardScreen)
        finally:
            gate.set()


async def test_a_page_is_drawn_once(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md") as user:
        view = user.app.screen.query_one(InsightsView)
        first = view.page
        await user.press("y")
        await drawn(user)
        assert view.page is not first
        await user.press("6")
        assert view.page is first


@pytest.mark.parametrize(
    "ask", [InsightsScreen.on_resize, InsightsScreen.use_theme, InsightsScreen.watch_as_tables]
)
async def test_asked_to_draw_when_it_is_gone_it_does_nothing(
    start: Start, dated: Path, ask: Callable[[InsightsScreen], None]
) -> None:
    async with insights(start, "Plan.md") as user:
        gone = user.app.screen
        assert isinstance(gone, InsightsScreen)
        await user.press("escape")
        await user.until(lambda: not gone.children, "the screen to be taken away")
        ask(gone)
        gone.request()  # What `ask` has put off until the screen would have been drawn.
        gone.check_action("step", ())
        await user.pilot.pause()


@pytest.mark.parametrize("steps", range(0, 24, 3))
async def test_quit_while_it_opens_is_no_crash(start: Start, dated: Path, steps: int) -> None:
    async with start("Plan.md") as user:
        user.app.action_open_screen("insights.InsightsScreen")
        for _ in range(steps):
            await asyncio.sleep(0)
        user.app.exit(0)
        await user.until(lambda: not user.app.is_running, "the end")
    assert user.app.return_code == 0


async def test_keys_that_scroll_no_further_are_not_in_the_footer(start: Start, dated: Path) -> None:
    async with insights(start, "Plan.md", (40, 12)) as user:
        assert "j next" in user.text()
        await user.press("G")
        assert "j next" not in user.text()
        await user.press("g")
        assert "j next" in user.text()
