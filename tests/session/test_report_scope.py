"""What a report is about and what its cards say: the vault, a note, a hub, a section, a task; to the word."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from roadtui.core.dates import day_text
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.stats.activity import KnownDates
from roadtui.core.stats.progress import CountMode
from roadtui.session.reports.metrics import Metrics, MetricsService, TimeSpan
from roadtui.session.reports.report_scope import ReportScope, ScopeLevel
from roadtui.session.view_model import DashboardModel, ReportContext
from roadtui.ui.charts.card import Card, ChartArea
from roadtui.ui.charts.cards import CARDS
from roadtui.ui.charts.cards.ages import AgesCard
from roadtui.ui.charts.cards.burn_up import BurnUpCard
from roadtui.ui.charts.cards.forecast import ForecastCard
from roadtui.ui.charts.cards.sections import SectionsCard
from roadtui.ui.charts.cards.weekdays import WeekdaysCard
from roadtui.ui.charts.cards.weeks import WeeksCard
from roadtui.ui.charts.cards.year import YearCard
from roadtui.vault.snapshot import Snapshot, VaultNote
from tests.session.records import Records
from tests.ui.drawn_colours import TEXT_STYLES
from tests.ui.test_pane_rendering import snapshot_of

TODAY = date(2026, 3, 14)
PLAN = """\
---
deadline: 2026-09-09
---
- [ ] loose
# One
- [x] a
- [ ] p 📅 2026-05-05
  - [x] p1
  - [ ] p2
    - plain
## Deep
- [ ] q
  - [/] q1
# Two
- [x] b
# Empty
words
"""


def content_at(note: VaultNote, name: str | None) -> Section | ListItem | None:
    """The heading or item whose words begin with `name`."""
    if name is None:
        return None
    for section in note.note.sections[1:]:
        if section.title == name:
            return section
    for item in note.note.items:
        words = item.text if isinstance(item, Task) else item.source.strip("- \n")
        if words.split()[0] == name:
            return item
    raise AssertionError(name)


def subject(
    snapshot: Snapshot, path: str | None, at: str | None, scope: ScopeLevel, **known: object
) -> ReportScope:
    note = snapshot.notes[path] if path is not None else None
    view = DashboardModel.of(snapshot, TODAY, path)
    content = content_at(note, at) if note is not None else None
    return ReportScope.of(ReportContext(view, note, content, CountMode.LEAVES, **known), scope)  # type: ignore[arg-type]


def told(found: ReportScope) -> tuple[str, str, list[str], list[str]]:
    """Title, progress, the tasks that count, and the parts."""
    return (
        found.title,
        f"{found.progress.done}/{found.progress.total}",
        [task.text.split()[0] for task in found.list_tasks()],
        [f"{share.title} {share.progress.done}/{share.progress.total}" for share in found.shares],
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, ("Plan", "3/6", ["loose", "a", "p1", "p2", "q1", "b"], ["Plan 0/1", "One 2/4", "Two 1/1"])),
        ("One", ("One", "2/4", ["a", "p1", "p2", "q1"], ["p 1/2", "q 0/1"])),
        ("a", ("One", "2/4", ["a", "p1", "p2", "q1"], ["p 1/2", "q 0/1"])),
        ("p", ("p", "1/2", ["p1", "p2"], [])),
        ("p2", ("p", "1/2", ["p1", "p2"], [])),
        ("plain", ("p", "1/2", ["p1", "p2"], [])),
        ("Deep", ("Deep", "0/1", ["q1"], ["q 0/1"])),
        ("q1", ("q", "0/1", ["q1"], [])),
        ("b", ("Two", "1/1", ["b"], [])),
        ("Two", ("Two", "1/1", ["b"], [])),
        ("loose", ("Plan", "3/6", ["loose", "a", "p1", "p2", "q1", "b"], ["Plan 0/1", "One 2/4", "Two 1/1"])),
        ("Empty", ("Empty", "0/0", [], [])),
    ],
)
def test_the_part_under_the_cursor(
    tmp_path: Path, at: str | None, expected: tuple[str, str, list[str], list[str]]
) -> None:
    snapshot = snapshot_of(tmp_path, {"Plan.md": PLAN})
    assert told(subject(snapshot, "Plan.md", at, ScopeLevel.SECTION)) == expected


@pytest.mark.parametrize(
    ("at", "deadline"),
    [
        (None, date(2026, 9, 9)),
        ("One", date(2026, 9, 9)),
        ("p", date(2026, 5, 5)),
        ("p2", date(2026, 5, 5)),
        ("q1", date(2026, 9, 9)),
    ],
)
def test_the_deadline_of_a_part(tmp_path: Path, at: str | None, deadline: date) -> None:
    snapshot = snapshot_of(tmp_path, {"Plan.md": PLAN})
    assert subject(snapshot, "Plan.md", at, ScopeLevel.SECTION).deadline == deadline


def test_sections_below_one_are_its_parts(tmp_path: Path) -> None:
    text = "# One\n## A\n- [x] a\n## B\n- [ ] b\n  - [ ] c\n## None\nwords\n# Two\n- [ ] d\n"
    snapshot = snapshot_of(tmp_path, {"Plan.md": text})
    assert told(subject(snapshot, "Plan.md", "One", ScopeLevel.SECTION))[3] == ["A 1/1", "B 0/1"]
    assert told(subject(snapshot, "Plan.md", None, ScopeLevel.NOTE))[3] == ["One 1/2", "Two 0/1"]


def test_note_vault_and_hub(tmp_path: Path) -> None:
    notes = {
        "Hub.md": "[[A]] [[B]]",
        "A.md": "- [x] a\n",
        "B.md": "- [ ] b\n",
        "C.md": "- [ ] c\n",
        "D.md": "words",
    }
    snapshot = snapshot_of(tmp_path, notes)
    shares = ["A 1/1", "B 0/1", "C 0/1"]
    for path in ("A.md", "Hub.md", None):
        title, progress, tasks, found = told(subject(snapshot, path, None, ScopeLevel.VAULT))
        assert (title, progress, sorted(tasks), found) == ("vault", "1/3", ["a", "b", "c"], shares)
    assert told(subject(snapshot, None, None, ScopeLevel.SECTION))[0] == "vault"
    assert told(subject(snapshot, "A.md", "a", ScopeLevel.NOTE)) == ("A", "1/1", ["a"], [])
    hub = ("Hub", "1/2", ["a", "b"], ["A 1/1", "B 0/1"])
    assert told(subject(snapshot, "Hub.md", None, ScopeLevel.NOTE)) == hub
    assert told(subject(snapshot, "Hub.md", None, ScopeLevel.SECTION)) == hub
    assert subject(snapshot, "Hub.md", None, ScopeLevel.NOTE).deadline is None


def test_what_the_history_knows_is_asked_for_the_notes_it_is_about(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {"A.md": "- [x] a\n- [ ] a2\n", "B.md": "- [x] b\n"})
    asked: list[list[str]] = []
    tasks = {task.text: task for note in snapshot.notes.values() for task in note.note.tasks}

    def days_of(notes: list[VaultNote]) -> KnownDates:
        asked.append([note.path for note in notes])
        return KnownDates({tasks["a"]: TODAY}, {})

    spent = {tasks["a"]: 60, tasks["b"]: 600}
    found = subject(snapshot, "A.md", None, ScopeLevel.NOTE, records=Records(days_of, spent), grace=3)
    assert asked == [["A.md"]]
    assert (found.timeline.done, found.seconds, found.grace) == ({TODAY: 1}, 60, 3)
    assert subject(snapshot, "A.md", None, ScopeLevel.NOTE).timeline.done == {}
    assert subject(snapshot, "A.md", None, ScopeLevel.NOTE).seconds == 0


# Cards


def facts(tmp_path: Path, text: str, span: TimeSpan = TimeSpan.MONTH, **known: object) -> Metrics:
    snapshot = snapshot_of(tmp_path, {"Plan.md": text})
    view = DashboardModel.of(snapshot, TODAY, "Plan.md")
    context = ReportContext(view, snapshot.notes["Plan.md"], None, CountMode.LEAVES, **known)  # type: ignore[arg-type]
    return MetricsService(context).metrics(ScopeLevel.NOTE, span)


def says(card: Card, found: Metrics) -> list[str]:
    return [f"{one.value} {one.label}" for one in card.metrics(found)]


def done_before(*days: int) -> str:
    return "".join(f"- [x] d ✅ {TODAY - timedelta(day)}\n" for day in days)


def test_what_the_cards_say(tmp_path: Path) -> None:
    text = (
        "# One\n" + done_before(0, 1, 1, 40) + "- [x] undated\n"
        f"# Two\n- [ ] old ➕ {TODAY - timedelta(200)}\n- [ ] new ➕ {TODAY}\n- [/] doing\n# Three\n- [x] c\n"
    )
    found = facts(tmp_path, text)
    assert says(BurnUpCard(), found) == ["6/9 done", "3 in 1 month", "+1 scope", "2 without a date"]
    assert says(WeeksCard(), found) == ["3 this week", "0.8 on average", "3 best, 9 Mar"]
    assert says(YearCard(), found) == ["4 done", "3 active days", "2-day streak", "2-day longest"]
    assert says(SectionsCard(), found) == ["3 parts", "2 finished", "1 with nothing done"]
    assert says(WeekdaysCard(), found) == ["3 in 1 month", "Fri busiest"]
    assert says(AgesCard(), found) == ["3 open", "1 for more than half a year"]
    assert says(ForecastCard(), found) == []
    assert ForecastCard().empty_message(found).startswith("A forecast appears after five tasks")


def test_singular_equal_days_and_time_in_focus(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {"Plan.md": done_before(0) + "- [ ] a\n"})
    tasks = list(snapshot.notes["Plan.md"].note.tasks)
    view = DashboardModel.of(snapshot, TODAY, "Plan.md")
    for seconds, words in ((59, []), (60, ["1 min in focus"]), (3600 * 2 + 300, ["2 h 5 min in focus"])):
        spent = {tasks[0]: seconds}
        records = Records(seconds=spent)
        context = ReportContext(view, snapshot.notes["Plan.md"], None, CountMode.LEAVES, records)
        found = MetricsService(context).metrics(ScopeLevel.NOTE, TimeSpan.MONTH)
        assert says(YearCard(), found) == ["1 done", "1 active day", "1-day streak", "1-day longest", *words]
    assert says(BurnUpCard(), found) == ["1/2 done", "1 in 1 month", "+0 scope"]
    tied = facts(tmp_path, done_before(0, 1) + "- [ ] a\n")
    assert says(WeekdaysCard(), tied) == ["2 in 1 month"]
    none = facts(tmp_path, "- [ ] a\n")
    assert says(WeekdaysCard(), none) == ["0 in 1 month"]
    one_part = facts(tmp_path, "- [ ] p\n  - [ ] a\n")
    assert says(SectionsCard(), one_part) == ["1 part", "0 finished", "1 with nothing done"]


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("words\n", dict.fromkeys((card.title for card in CARDS), "There are no tasks here.")),
        ("- [-] a\n", dict.fromkeys((card.title for card in CARDS), "There are no tasks here.")),
        ("- [ ] a\n", {"activity by day": "No dates yet", "age of open tasks": "No creation dates yet"}),
        (
            "- [x] a\n",
            {"age of open tasks": "Nothing is open.", "side by side": "There is nothing to compare"},
        ),
        (
            done_before(0) + f"- [ ] a ➕ {TODAY}\n- [ ] b\n",
            {"activity by day": "", "age of open tasks": ""},
        ),
    ],
)
def test_what_a_card_says_where_it_has_no_picture(tmp_path: Path, text: str, lacking: dict[str, str]) -> None:
    found = facts(tmp_path, text)
    for card in CARDS:
        if card.title in lacking:
            words = card.empty_message(found)
            assert words.startswith(lacking[card.title])
            assert bool(words) is bool(lacking[card.title])


def test_a_forecast_says_its_days_and_whether_the_deadline_will_be_made(tmp_path: Path) -> None:
    history = done_before(*range(0, 70))
    for deadline, is_late in (("2026-03-15", True), ("2026-12-31", False)):
        found = facts(tmp_path, f"---\ndeadline: {deadline}\n---\n{history}" + "- [ ] a\n" * 20)
        half, likely, due = ForecastCard().metrics(found)
        assert (half.label, likely.label) == ("even odds", "4 in 5")
        assert due.value == day_text(date.fromisoformat(deadline), TODAY)
        assert due.label.startswith("deadline, ")
        assert due.is_late is is_late
        assert ForecastCard().empty_message(found) == ""
        rows = ForecastCard().table(found).rows
        assert 2 <= len(rows) <= 14
        assert rows[-1][1:] == tuple(map(str, found.forecast.fan[-1].left))  # type: ignore[union-attr]


def drawn(card: Card, found: Metrics, width: int, height: int) -> list[str]:
    return [strip.text.rstrip() for strip in card.draw(found, ChartArea(width, height, TEXT_STYLES, None))]


def test_bars_are_in_proportion_to_the_most(tmp_path: Path) -> None:
    found = facts(tmp_path, done_before(0, 0, 0, 0, 1, 1, 2) + "- [ ] a\n")
    assert drawn(WeekdaysCard(), found, 20, 7) == [
        "Mon  ────────────  0",
        "Tue  ────────────  0",
        "Wed  ────────────  0",
        "Thu  ━━━─────────  1",
        "Fri  ━━━━━━──────  2",
        "Sat  ━━━━━━━━━━━━  4",
        "Sun  ────────────  0",
    ]
    assert len(drawn(WeekdaysCard(), found, 20, 3)) == 3


def test_parts_that_have_no_room_are_counted(tmp_path: Path) -> None:
    text = "".join(f"# S{at}\n- [{'x' if at < 2 else ' '}] a\n" for at in range(5))
    found = facts(tmp_path, text)
    whole = drawn(SectionsCard(), found, 40, 5)
    assert whole[0] == f"S0{' ' * 17}━━━━━━━━━━ 100 %  1/1"
    assert [line.split()[0] for line in whole] == ["S0", "S1", "S2", "S3", "S4"]
    assert drawn(SectionsCard(), found, 40, 9) == whole
    assert [line.split()[0] for line in drawn(SectionsCard(), found, 40, 4)] == ["S0", "S1", "S2", "…"]
    assert drawn(SectionsCard(), found, 40, 4)[-1] == "… and 2 more"


@pytest.mark.parametrize(
    ("span", "start"),
    [
        (TimeSpan.MONTH, date(2026, 2, 15)),
        (TimeSpan.QUARTER, date(2025, 12, 15)),
        (TimeSpan.HALF, date(2025, 9, 15)),
        (TimeSpan.YEAR, date(2025, 3, 15)),
        (TimeSpan.ALL, date(2026, 2, 14)),
    ],
)
def test_where_a_span_begins(tmp_path: Path, span: TimeSpan, start: date) -> None:
    found = facts(tmp_path, done_before(0, 3, -5), span)
    assert (found.start, found.burn_up.start) == (start, start)
    assert found.weeks[0].monday <= start
    assert (start - found.weeks[0].monday).days < 7


def test_all_begins_with_the_first_thing_that_happened_or_a_year_ago(tmp_path: Path) -> None:
    assert facts(tmp_path, done_before(100), TimeSpan.ALL).start == TODAY - timedelta(100)
    assert facts(tmp_path, "- [ ] a\n", TimeSpan.ALL).start == date(2025, 3, 14)
    assert [span.in_label for span in TimeSpan] == [
        *("in 1 month", "in 3 months", "in 6 months", "in a year", "with a date")
    ]
