"""What `roadtui status` draws: the bar, cell by cell, and what is late."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.cli.summary_text import PLAIN, AnsiStyles, screen
from roadtui.config import Config
from roadtui.core.stats.activity import NO_KNOWN_DATES
from roadtui.core.stats.progress import CountMode
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.session.reports.summary import summarize
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.cli.conftest import Shell

TODAY = date(2026, 3, 14)


def snapshot_of(shell: Shell, text: str) -> Snapshot:
    shell.write("Plan.md", text)
    vault = Vault(shell.root, Config(), lambda: NoteWriter(shell.state))
    return vault.refresh()


def drawn(shell: Shell, text: str, width: int = 40, pens: AnsiStyles = PLAIN) -> list[str]:
    found = summarize(
        snapshot_of(shell, text), "Plan.md", TODAY, CountMode.LEAVES, 3, lambda _: NO_KNOWN_DATES, 0
    )
    return list(screen(found, TaskFormat.EMOJI, width, pens))


@pytest.mark.parametrize(
    ("done", "doing", "left", "bar"),
    [
        (0, 0, 4, "──────────"),
        (4, 0, 0, "━━━━━━━━━━"),
        (0, 4, 0, "╍╍╍╍╍╍╍╍╍╍"),
        (1, 1, 2, "━━╍╍──────"),
        (2, 2, 0, "━━━━━╍╍╍╍╍"),
        (1, 0, 99, "━─────────"),
        (0, 1, 99, "╍─────────"),
        (1, 1, 98, "━╍────────"),
        (99, 0, 1, "━━━━━━━━━─"),
        (98, 1, 1, "━━━━━━━━━╍"),
        (99, 1, 0, "━━━━━━━━━╍"),
        (1, 99, 0, "━╍╍╍╍╍╍╍╍╍"),
    ],
)
def test_bar_is_full_only_when_all_is_done_and_shows_the_least(
    shell: Shell, done: int, doing: int, left: int, bar: str
) -> None:
    text = "- [x] a\n" * done + "- [/] b\n" * doing + "- [ ] c\n" * left
    assert drawn(shell, text, 10)[1] == bar


@pytest.mark.parametrize(
    ("day", "is_late"), [("2026-03-13", True), ("2026-03-14", False), ("2026-03-15", False)]
)
def test_what_is_late_stands_out(shell: Shell, day: str, is_late: bool) -> None:
    pens = PLAIN._replace(late="<late>", end="</>")
    line = next(line for line in drawn(shell, f"- [ ] a 📅 {day}\n", 60, pens) if line.startswith("due"))
    assert ("<late>" in line) is is_late


@pytest.mark.parametrize(
    ("day", "is_reported"),
    [("2026-03-01", True), ("2026-03-14", True), ("2026-03-28", True), ("2026-03-29", False)],
)
def test_what_is_due_within_two_weeks_is_told(shell: Shell, day: str, is_reported: bool) -> None:
    assert any(line.startswith("due") for line in drawn(shell, f"- [ ] a 📅 {day}\n", 60)) is is_reported
