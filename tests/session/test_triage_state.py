"""What is decided on the way out, what it lists, and its words; without a screen."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.triage.parts import Depth
from roadtui.core.triage.plan import Choice, Decision, PartKey
from roadtui.session.triage import words
from roadtui.session.triage.scope import TriageScope
from roadtui.session.triage.state import TriageState, TriageStep
from roadtui.session.triage.triage import Triage
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 3, 14)
DONE = "".join(f"- [x] d ✅ {TODAY - timedelta(7 * n)}\n" for n in range(12))
PLAN = """\
# One
- [ ] p
  - [ ] a 📅 2026-03-15
  - [ ] b ⏳ 2026-03-16
- [ ] c
## Deep
- [ ] d ⏳ 2026-04-16
# Two
- [ ] e
- [ ] f
"""
DROP, KEEP = Decision(Choice.DROP), Decision(Choice.KEEP)
LATER = Decision(Choice.LATER, date(2026, 4, 1))


class Place:
    """A vault of one note, and the state of its way out."""

    def __init__(self, root: Path, text: str) -> None:
        self.root = root / "vault"
        self.root.mkdir()
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(root / "state"))
        self.write(text)
        triage = self.triage()
        self.state = TriageState(triage, triage.suggestions())

    def write(self, text: str) -> None:
        (self.root / "Plan.md").write_text(text, encoding="utf-8")
        self.vault.refresh()

    def triage(self) -> Triage:
        return Triage(TriageScope.of(self.vault.snapshot, ""), TODAY)

    def follow(self, text: str) -> None:
        self.write(text)
        triage = self.triage()
        self.state.follow(triage, triage.suggestions())

    def key(self, title: str) -> PartKey:
        (row,) = [row for row in self.state.rows if row.title == title]
        return row.key

    def rows(self) -> list[str]:
        """The parts, each with what counts for it."""
        found = []
        for row in self.state.rows:
            decision = self.state.plan.get(row.key) or self.state.decision_around(row)
            found.append(f"{row.title} {decision.choice.value if decision else '·'}")
        return found

    def week(self) -> list[str]:
        return [
            f"{one.suggestion.task.text.split()[0]} {one.day or '·'}{'!' if one.is_chosen else ''}"
            for one in self.state.week
        ]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, PLAN + DONE)


def test_a_decision_counts_for_what_is_inside_and_the_same_key_takes_it_back(place: Place) -> None:
    state = place.state
    assert place.rows() == ["Plan ·", "One ·", "Two ·"]
    state.decide([PartKey("Plan.md")], DROP)
    state.decide([place.key("Two")], KEEP)
    assert state.split_further(place.key("One"))
    assert place.rows() == ["Plan drop", "One drop", "Deep drop", "Two keep"]
    assert state.split_further(place.key("One"))
    assert place.rows() == ["Plan drop", "One drop", "p drop", "c drop", "Deep drop", "Two keep"]
    assert not state.split_further(place.key("One"))
    state.decide([PartKey("Plan.md")], DROP)
    assert place.rows()[0] == "Plan ·"
    assert state.join(place.key("One"))
    assert not state.join(place.key("One"))
    assert place.rows() == ["Plan ·", "One ·", "Two keep"]


def test_what_is_marked_is_decided_together_and_unmarked(place: Place) -> None:
    state = place.state
    for title in ("One", "Two"):
        state.toggle_mark(place.key(title))
    state.decide(sorted(state.marked), LATER)
    assert place.rows() == ["Plan ·", "One later", "Two later"]
    assert not state.marked


def test_the_week_offers_what_can_be_done_and_spreads_what_is_chosen(place: Place) -> None:
    state = place.state
    assert place.week() == ["b 2026-03-16", "a ·", "c ·", "e ·", "f ·"]
    keys = {one.suggestion.task.text.split()[0]: one.key for one in state.week}
    for name in "eac":
        state.toggle_chosen(keys[name])
    assert place.week() == ["b 2026-03-16", "a 2026-03-15!", "c 2026-03-18!", "e 2026-03-14!", "f ·"]
    assert state.planned_count == 4
    state.toggle_chosen(keys["e"])
    state.decide([place.key("Two")], DROP)
    assert place.week() == ["b 2026-03-16", "a 2026-03-14!", "c 2026-03-17!"]
    (one,) = state.to_write()
    assert {task.text.split()[0]: day.isoformat() for task, day in one.planned.items()} == {
        "a": "2026-03-14",
        "c": "2026-03-17",
    }
    assert [changed.task.text for changed in one.changed] == ["e", "f"]


def test_decisions_stay_while_the_vault_changes(place: Place) -> None:
    state = place.state
    chosen = next(one.key for one in state.week if one.suggestion.task.text == "c")
    state.toggle_chosen(chosen)
    state.decide([place.key("Two")], DROP)
    state.decide([place.key("One")], LATER)
    state.toggle_mark(place.key("Two"))
    place.follow("new\n# Zero\n- [ ] z\n" + PLAN.replace("# One", "# First") + DONE)
    assert place.rows() == ["Plan ·", "Zero ·", "First ·", "Two drop"]
    assert [row.key in state.marked for row in state.rows] == [False, False, False, True]
    assert "c 2026-03-14!" in place.week()
    assert state.is_split(PartKey("Plan.md")) is Depth.SECTIONS


def test_the_first_step_is_the_smallest_unless_nothing_can_be_begun(place: Place) -> None:
    assert place.state.step is TriageStep.ONE_STEP
    assert [one.task.text.split()[0] for one in place.state.small_steps] == ["a", "c", "e", "f"]
    place.follow("- [ ] waits 🛫 2026-05-01\n")
    waiting = TriageState(place.triage(), ())
    assert (waiting.step, waiting.small_steps) == (TriageStep.SMALLER, [])


def test_what_is_said(place: Place) -> None:
    triage = place.state.triage
    plan = {PartKey("Plan.md", ("Two",)): LATER}
    forecasts = triage.forecasts(plan)
    assert words.how_much(triage) == "6 open."
    assert words.when_done(triage, forecasts.now) == "At your pace (1.0 a week) you are done on 25 Apr."
    assert words.sooner(forecasts) == "2 weeks sooner"
    assert words.left_words(forecasts) == "6 open → 6, 2 of them put off"
    assert [words.capacity_words(*numbers) for numbers in ((9, 6), (2, 6), (0, None))] == [
        "You plan 9; in most weeks you finish 6.",
        "In most weeks you finish 6: 2 of 6 chosen.",
        "No history yet says what a week holds. Three are a good start.",
    ]
    assert [words.percent(odds) for odds in (None, 0.0, 0.085, 0.714, 1.0)] == [
        "",
        "under 1 %",
        "8 %",
        "71 %",
        "over 99 %",
    ]
    place.follow(PLAN.replace("- [ ] e", "- [ ] e 🛫 2026-04-01"))
    assert words.how_much(place.state.triage) == "6 open, 1 of them put off."
    place.follow(DONE)
    assert words.how_much(place.state.triage) == "Everything is done here."


@pytest.mark.parametrize(
    ("before", "line", "after", "dropped"),
    [
        ("- [ ] x\n- [ ] t\n", 1, "- [ ] new\n- [ ] x\n- [ ] t\n", ["t"]),
        ("- [ ] x\n- [ ] t\n", 1, "- [ ] t\n- [ ] x\n- [ ] t\n", []),
        ("- [ ] same\n- [ ] x\n- [ ] same\n", 0, "- [ ] x\n- [ ] same\n", []),
        ("- [ ] A\n  - [ ] t\n- [ ] B\n  - [ ] t\n", 1, "- [ ] B\n  - [ ] t\n- [ ] A\n  - [ ] t\n", []),
        ("# P\n- [ ] a\n", 0, "# P\n- [ ] secret\n# P\n- [ ] a\n", []),
        ("# P\n- [ ] a\n# P\n- [ ] b\n", 0, "# P\n- [ ] b\n# P\n- [ ] a\n", []),
    ],
)
def test_a_decision_never_moves_to_an_equal_line(
    tmp_path: Path, before: str, line: int, after: str, dropped: list[str]
) -> None:
    place = Place(tmp_path, before)
    parts = place.state.triage.parts[0]
    part = next(part for part in parts.by_key.values() if part.line == line)
    place.state.decide([parts.key_of[part]], DROP)
    place.follow(after)
    changed = place.state.triage.changed(place.state.plan)
    assert [change.task.text for change in changed] == dropped
