"""Dates from the vault's git, from the palette: told, counted, and cancelled where nobody wants them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from threading import Event

from roadtui.core.errors import RoadtuiError
from roadtui.ui.dialogs.anchor import BottomAnchor
from roadtui.ui.dialogs.progress import ProgressDialog
from tests.ui.conftest import PLAN, Start


def commit(root: Path, day: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    when = f"{day}T12:00:00+0000"
    for arguments in (["add", "."], [*identity, "commit", "-qm", "x", f"--date={when}"]):
        subprocess.run(["git", "-C", str(root), *arguments], check=True, env={"PATH": "/usr/bin:/bin"})


def repository(start: Start) -> None:
    start.put("Plan.md", PLAN)
    subprocess.run(["git", "init", "-q", str(start.root)], check=True)
    commit(start.root, "2026-11-01")
    start.put("Plan.md", PLAN.replace("[ ] Beta", "[x] Beta"))
    commit(start.root, "2026-11-20")


async def test_dates_come_from_git(start: Start) -> None:
    repository(start)
    async with start("Plan.md", size=(160, 45)) as user:

        def done_this_week() -> str:
            lines = user.lines_of(user.sidebar)
            return next((line.split()[-1] for line in lines if "Done this week" in line), "")

        await user.sees("A forecast appears")
        await user.until(lambda: done_this_week() == "0", "a count")
        await user.press("ctrl+p", *"dates from git")
        await user.sees("Import dates from git")
        await user.press("enter")
        await user.sees("Git dates 1 completion, by 2 commits")
        await user.sees("LAST 18 WEEKS")
        await user.until(lambda: done_this_week() == "1", "the count by the dates from git")


async def test_without_git_a_sentence(start: Start) -> None:
    start.put("Plan.md", PLAN)
    async with start("Plan.md") as user:
        await user.until(lambda: user.app.history.history is not None, "the history")
        user.app.navigator.import_history()
        await user.until(lambda: "git" in user.text().lower(), "a sentence about git")


async def test_a_long_job_shows_how_far_it_is_and_is_cancelled(start: Start) -> None:
    start.put("Plan.md", PLAN)
    was_told = Event()

    def job(tell: object, is_cancelled: object) -> str:
        assert callable(tell)
        assert callable(is_cancelled)
        tell(1200, 5000)
        while not is_cancelled():
            was_told.wait(0.01)
        was_told.set()
        return "done"

    answers: list[str | RoadtuiError | None] = []
    async with start("Plan.md") as user:
        text_styles = user.home.text_styles
        assert text_styles is not None
        panel = ProgressDialog(
            "Counting [b]stars[/b] \x1b[2J", "stars", job, BottomAnchor(user.home.panes.note), text_styles
        )
        user.app.push_screen(panel, answers.append)
        await user.sees("1,200 of 5,000 stars")
        assert "[b]stars[/b]" in user.text()
        await user.press("escape")
        await user.until(was_told.is_set, "the end of the job")
    assert answers == [None]
