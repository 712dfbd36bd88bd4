"""What is ticked is remembered on its day: here, elsewhere, between two runs; taken back, it is forgotten."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from roadtui.clock import Clock
from roadtui.vault.history.history import History
from tests.ui.conftest import DAY, PLAN, Start, User


@pytest.fixture
def plan(start: Start) -> Path:
    return start.put("Plan.md", PLAN)


def days_of(start: Start) -> dict[str, date]:
    """The days that the journal knows, by the words of the event."""
    history = History(start.state, start.root)
    done: dict[str, date] = {}
    for event in history.events():
        if event.kind == "done" and event.date is not None:
            done[event.description] = event.date
        elif event.kind in ("reopened", "restored"):
            done.pop(event.description, None)
    history.close()
    return done


async def quit_well(user: User) -> None:
    await user.press("q")
    await user.until(lambda: user.app.return_value is not None, "the end")


async def test_a_tick_here_is_dated_and_counted_in_the_pane(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 45)) as user:
        await user.until(lambda: "A forecast appears" in user.text(), "the pane")
        await user.press("j", "j", "space")
        await user.is_saved()
        await user.sees("1-day streak")
        await quit_well(user)
    assert plan.read_text() == PLAN.replace("[ ] Beta", "[x] Beta")
    assert days_of(start) == {"Beta": DAY}


async def test_what_is_taken_back_was_not_done(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 45)) as user:
        await user.press("j", "j", "space")
        await user.is_saved()
        await user.sees("1-day streak")
        await user.press("u")
        await user.until(lambda: "1-day streak" not in user.text(), "no streak")
        await quit_well(user)
    assert days_of(start) == {}


async def test_what_others_did_is_noticed_also_between_two_runs(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 45)) as user:
        plan.write_text(PLAN.replace("[ ] Zeta", "[x] Zeta"))
        await user.sees("● Zeta")
        await quit_well(user)
    assert days_of(start).keys() == {"Zeta"}
    plan.write_text(plan.read_text().replace("[ ] Delta", "[x] Delta"))
    async with start("Plan.md", size=(160, 45)) as user:
        await user.sees("● Delta")
        await user.until(lambda: "Delta" in days_of(start), "the journal")
        await quit_well(user)
    assert days_of(start).keys() == {"Zeta", "Delta"}


async def test_what_is_done_while_the_disk_is_elsewhere_is_dated_by_its_note(
    start: Start, plan: Path
) -> None:
    """The vault was missing when the program was left: it was not watched up to then."""
    now = [datetime(2026, 11, 22, 12, 4, 5)]
    start.clock = Clock(today=lambda: now[0].date(), now=lambda: now[0])
    away = start.root.with_name("away")
    async with start("Plan.md", size=(160, 45)) as user:
        await user.sees("A forecast appears")
        start.root.rename(away)
        start.root.mkdir()
        await user.sees("vault is missing")
        now[0] = datetime(2026, 11, 26, 9)
        await quit_well(user)
    start.root.rmdir()
    away.rename(start.root)
    plan.write_text(PLAN.replace("[ ] Delta", "[x] Delta"))
    written = datetime(2026, 11, 24, 9).timestamp()
    os.utime(plan, (written, written))
    now[0] = datetime(2026, 11, 27, 9)
    async with start("Plan.md", size=(160, 45)) as user:
        await user.until(lambda: "Delta" in days_of(start), "the journal")
        await quit_well(user)
    assert days_of(start) == {"Delta": date(2026, 11, 24)}


async def test_what_was_done_before_is_on_no_day(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 45)) as user:
        await user.sees("A forecast appears")
        await quit_well(user)
    assert days_of(start) == {}
