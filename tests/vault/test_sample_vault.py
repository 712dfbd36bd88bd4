"""The sample vault tells the story that the demo and the README's picture rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from roadtui.core.mojibake import find_garbled, repair
from roadtui.resources import folder

VAULT = folder("sample_vault")
NOTES = {path.stem: path.read_text(encoding="utf-8") for path in VAULT.rglob("*.md")}
ML, SUPERVISED, VANITY = "ML Roadmap", "SuperVised Learning", "VANITY"
UNSUPERVISED = "Unsupervised Learning - Complete Roadmap (Obsidian Tasklist)"
FOUND = "ML Roadmap (as found)"
TODAY = date(2026, 11, 22)
"""The newest done date: the day that the demo moves to today."""

TASK = re.compile(r"^( *)- \[(.)\] (.*)$", re.MULTILINE)
DONE = re.compile(r"✅ (\S+)")


def leaves(text: str) -> list[tuple[str, str]]:
    """Mark and text of the tasks without tasks below them."""
    tasks = [match.groups() for match in TASK.finditer(text)]
    return [(task[1], task[2]) for task, below in pairwise([*tasks, ("", "", "")]) if below[0] <= task[0]]


def counts(text: str) -> Counter[str]:
    return Counter(mark for mark, _ in leaves(text))


def days_of(sign: str) -> list[int]:
    """Days from today of every date behind `sign` in an open task."""
    return sorted(
        (date.fromisoformat(day) - TODAY).days
        for text in NOTES.values()
        for mark, body in leaves(text)
        if mark in " /"
        for day in re.findall(f"{sign} (\\S+)", body)
    )


@pytest.mark.parametrize(
    ("name", "done", "doing", "total"),
    [(ML, 35, 2, 64), (SUPERVISED, 48, 0, 60), (UNSUPERVISED, 6, 0, 52), (VANITY, 0, 0, 34)],
)
def test_progress_of_each_roadmap(name: str, done: int, doing: int, total: int) -> None:
    marks = counts(NOTES[name])
    assert (marks["x"], marks["/"], marks.total() - marks["-"]) == (done, doing, total)


def test_progress_of_each_section() -> None:
    sections = [counts(section) for section in NOTES[ML].split("\n## ")[1:]]
    assert [(marks["x"], marks.total()) for marks in sections] == [
        (8, 13),
        (10, 15),
        (9, 17),
        (4, 14),
        (4, 5),
    ]


def test_done_dates_fill_half_a_year_and_end_in_a_streak() -> None:
    done = [
        date.fromisoformat(day)
        for text in NOTES.values()
        for _, body in leaves(text)
        for day in DONE.findall(body)
    ]
    days = {(TODAY - day).days for day in done}
    assert len(done) == 92
    assert min(days) == 0
    assert 25 * 7 < max(days) < 27 * 7
    holiday = {(TODAY - date(2026, 8, day)).days for day in range(8, 22)}
    assert not days & holiday
    assert set(range(6)) < days
    assert 6 not in days
    every_done_leaf = sum(counts(text)["x"] for text in NOTES.values())
    assert len(done) == every_done_leaf


def test_something_is_late_something_is_near_and_nothing_started_in_the_future() -> None:
    due = days_of("📅")
    assert due[:2] == [-2, 2]
    assert len(due) >= 6
    assert max(days_of("🛫")) <= 0


def test_one_task_waits_for_another() -> None:
    everything = "\n".join(NOTES.values())
    is_done = {
        found[1]: mark == "x"
        for _, mark, body in TASK.findall(everything)
        if (found := re.search(r"🆔 (\w+)", body))
    }
    waiting = [
        is_done[name] for _, _, body in TASK.findall(everything) for name in re.findall(r"⛔ (\w+)", body)
    ]
    assert sorted(waiting) == [False, True]


def test_every_link_leads_somewhere() -> None:
    for text in NOTES.values():
        for target in re.findall(r"\[\[([^\]|#\\]+)", text):
            assert target in NOTES


def test_the_note_as_found_is_damaged_and_reads_like_the_mended_one() -> None:
    raw = (VAULT / "archive" / f"{FOUND}.md").read_bytes().decode()
    assert raw.startswith("```\n")
    assert "[[VANITY]] , [[SuperVised Learning]], [[" in raw
    assert "  - [ ] Gradient Descent  \n" in raw
    assert len(find_garbled(raw)) == 5
    headings = re.compile(r"^## .*$", re.MULTILINE)
    assert headings.findall(repair(raw)) == headings.findall(NOTES[ML])


def test_no_other_note_is_damaged() -> None:
    for name, text in NOTES.items():
        assert name == FOUND or not re.search(r"[ \t]$", text, re.MULTILINE), name
        assert name == FOUND or not find_garbled(text), name


def test_obsidian_opens_it_with_the_tasks_plugin_on() -> None:
    settings = VAULT / ".obsidian"
    json.loads((settings / "app.json").read_bytes())
    assert "obsidian-tasks-plugin" in json.loads((settings / "community-plugins.json").read_bytes())
    tasks = json.loads((settings / "plugins" / "obsidian-tasks-plugin" / "data.json").read_bytes())
    assert tasks["setDoneDate"] is True
