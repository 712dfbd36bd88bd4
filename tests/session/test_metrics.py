"""Every number of the insights is what a plain script counts in the files."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from roadtui.config import Config
from roadtui.core.dates import add_months
from roadtui.core.stats.forecast import Forecast, Week, forecast
from roadtui.core.stats.progress import CountMode, counted
from roadtui.resources import folder
from roadtui.session.reports.metrics import Metrics, MetricsService, TimeSpan
from roadtui.session.reports.report_scope import ScopeLevel
from roadtui.session.view_model import DashboardModel, ReportContext
from roadtui.ui.charts.cache import PageCache, PageRequest
from roadtui.ui.charts.cards import CARDS
from roadtui.ui.charts.cards.ages import AgesCard
from roadtui.ui.charts.cards.burn_up import BurnUpCard
from roadtui.ui.charts.cards.forecast import ForecastCard
from roadtui.ui.charts.cards.sections import SectionsCard
from roadtui.ui.charts.cards.weekdays import WeekdaysCard
from roadtui.ui.charts.cards.weeks import WeeksCard
from roadtui.ui.charts.cards.year import YearCard
from roadtui.ui.charts.layout import PageStyle
from roadtui.ui.charts.plotext_lines import plot
from roadtui.vault.demo.sample_copy import make_demo
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.cli.test_status_command import generate, leaves
from tests.session.records import Records
from tests.ui.drawn_colours import TEXT_STYLES

SAMPLE_DAY = date(2026, 11, 22)
NEW_YEAR = date(2027, 1, 2)
LEAP_DAY = date(2028, 2, 29)
GROUND = TEXT_STYLES.cursor


class Leaf(NamedTuple):
    status_symbol: str
    done: date | None
    added: date | None


def naive_leaves(root: Path, only: str | None = None) -> list[Leaf]:
    """The tasks that count, with their days, by splitting words at signs."""

    def day(sign: str, body: str) -> date | None:
        return date.fromisoformat(body.split(sign)[1].split()[0]) if sign in body else None

    found = []
    for path, mark, body in leaves(root):
        if mark in "x/ " and only in (None, path):
            done, added = day("✅", body) if mark == "x" else None, day("➕", body)
            if mark == "x":  # There before it was done, and from the beginning if nobody knows when that was.
                added = min(done, added) if done and added else None
            found.append(Leaf(mark, done, added))
    return found


def context(root: Path, today: date, note: str | None = None) -> ReportContext:
    vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "state"))
    list(vault.load())
    view = DashboardModel.of(vault.snapshot, today, note)
    return ReportContext(view, vault.snapshot.notes[note] if note else None, None, CountMode.LEAVES)


def numbers(root: Path, today: date, note: str | None = None) -> MetricsService:
    return MetricsService(context(root, today, note))


def check(facts: Metrics, found: list[Leaf], today: date, start: date) -> None:
    """Hold each card against what `found` says."""
    days = [start + timedelta(n) for n in range((today - start).days + 1)]
    done = Counter(leaf.done for leaf in found if leaf.done)

    def scope(day: date) -> int:
        return sum(leaf.added is None or leaf.added <= day for leaf in found)

    def done_by(day: date) -> int:
        return sum(leaf.status_symbol == "x" and (leaf.done is None or leaf.done <= day) for leaf in found)

    ends = [day for day in days if day in (start, today) or (day + timedelta(1)).day == 1]
    assert BurnUpCard().table(facts).rows == [(str(d), str(scope(d)), str(done_by(d))) for d in ends]
    in_span = sum(done[day] for day in days)
    assert [said.value for said in BurnUpCard().metrics(facts)][:3] == [
        f"{sum(leaf.status_symbol == 'x' for leaf in found)}/{len(found)}",
        str(in_span),
        f"+{scope(today) - scope(start)}",
    ]

    monday = start - timedelta(start.weekday())
    weeks = []
    while monday <= today:
        weeks.append(
            (
                str(monday),
                str(sum(done[monday + timedelta(n)] for n in range(7) if monday + timedelta(n) <= today)),
            )
        )
        monday += timedelta(7)
    assert WeeksCard().table(facts).rows == weeks
    assert [said.value for said in WeeksCard().metrics(facts)] == [
        weeks[-1][1],
        f"{in_span * 7 / len(days):.1f}",
        str(max(int(count) for _, count in weeks)),
    ]

    by_weekday = [sum(done[day] for day in days if day.weekday() == n) for n in range(7)]
    assert [int(count) for _, count in WeekdaysCard().table(facts).rows] == by_weekday

    first = today - timedelta(52 * 7 + today.weekday())
    year = [first + timedelta(n) for n in range((today - first).days + 1)]
    assert YearCard().table(facts).rows == [
        (
            month,
            str(sum(done[day] for day in year if f"{day:%Y-%m}" == month)),
            str(sum(done[day] > 0 for day in year if f"{day:%Y-%m}" == month)),
        )
        for month in dict.fromkeys(f"{day:%Y-%m}" for day in year)
    ]
    assert [said.value for said in YearCard().metrics(facts)] == [
        str(sum(done[day] for day in year)),
        str(sum(done[day] > 0 for day in year)),
        *naive_streaks(done, today),
    ]

    ages = [0] * 7
    for leaf in found:
        if leaf.status_symbol != "x":
            limits = [7, 30, 91, 182, 365]
            age = (today - leaf.added).days if leaf.added else None
            ages[6 if age is None else sum(age >= limit for limit in limits)] += 1
    assert [int(count) for _, count in AgesCard().table(facts).rows] == ages
    check_forecast(facts, found, done, today)


def naive_streaks(done: Counter[date], today: date) -> tuple[str, str]:
    runs, run = [0], 0
    first = min([*done, today])
    for n in range((today - first).days + 1):
        run = run + 1 if done[first + timedelta(n)] else 0
        runs.append(run)
    current = runs[-1] if done[today] else runs[-2] if len(runs) > 1 else 0
    return f"{current}-day" if current else "no", f"{max(runs)}-day"


def check_forecast(facts: Metrics, found: list[Leaf], done: Counter[date], today: date) -> None:
    added = Counter(leaf.added for leaf in found if leaf.added)
    first = min([*done, *added], default=today)
    weeks = []
    for back in range(min(12, ((today - first).days + 1) // 7), 0, -1):
        days = [today - timedelta(7 * back - 1 - n) for n in range(7)]
        grown = [added[day] if (day - first).days >= 7 else 0 for day in days]
        weeks.append(Week(tuple(done[day] for day in days), tuple(grown)))
    left = sum(leaf.status_symbol != "x" for leaf in found)
    before = sum(count for day, count in done.items() if day <= today) - sum(sum(week.done) for week in weeks)
    expected = forecast(weeks, left, today, facts.deadline, done_before=before if len(weeks) < 12 else 0)
    assert facts.forecast == expected
    if isinstance(expected, Forecast):
        last = ForecastCard().table(facts).rows[-1]
        assert last == (str(expected.fan[-1].day), *map(str, expected.fan[-1].left))


def naive_start(span: TimeSpan, found: list[Leaf], today: date) -> date:
    if span is not TimeSpan.ALL:
        return add_months(today, -span.value) + timedelta(1)
    happened = [day for leaf in found for day in (leaf.done, leaf.added) if day]
    return min([*happened, today - timedelta(28)]) if happened else add_months(today, -12)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(folder("sample_vault"), tmp_path_factory.mktemp("sample") / "Roadmaps", SAMPLE_DAY)


@pytest.mark.parametrize("span", list(TimeSpan), ids=lambda span: span.label)
def test_the_sample_vault(sample: Path, span: TimeSpan) -> None:
    found = naive_leaves(sample)
    facts = numbers(sample, SAMPLE_DAY).metrics(ScopeLevel.VAULT, span)
    check(facts, found, SAMPLE_DAY, naive_start(span, found, SAMPLE_DAY))


@pytest.mark.parametrize("note", ["roadmaps/ML Roadmap.md", "Inbox.md"])
def test_a_note_of_the_sample_vault(sample: Path, note: str) -> None:
    found = naive_leaves(sample, note)
    facts = numbers(sample, SAMPLE_DAY, note).metrics(ScopeLevel.NOTE, TimeSpan.HALF)
    check(facts, found, SAMPLE_DAY, naive_start(TimeSpan.HALF, found, SAMPLE_DAY))


def test_roadmaps_side_by_side(sample: Path) -> None:
    facts = numbers(sample, SAMPLE_DAY).metrics(ScopeLevel.VAULT, TimeSpan.HALF)
    counted: dict[str, list[str]] = {}
    for path, mark, _ in leaves(sample):
        if mark in "x/ ":
            counted.setdefault(Path(path).stem, []).append(mark)
    told = {row[0]: [int(number) for number in row[2:]] for row in SectionsCard().table(facts).rows}
    assert told == {
        name: [marks.count("x"), marks.count("/"), marks.count(" "), len(marks)]
        for name, marks in counted.items()
    }


@pytest.mark.parametrize("today", [SAMPLE_DAY, NEW_YEAR, LEAP_DAY], ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_a_generated_vault(tmp_path: Path, seed: int, today: date) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    generate(root, seed, today)
    found = naive_leaves(root)
    made = numbers(root, today)
    for span in TimeSpan:
        check(made.metrics(ScopeLevel.VAULT, span), found, today, naive_start(span, found, today))


@pytest.mark.parametrize("size", [(156, 42), (120, 40), (98, 27), (60, 17), (40, 10), (32, 5)], ids=str)
@pytest.mark.parametrize("as_tables", [False, True], ids=["cards", "tables"])
def test_each_row_has_the_width_of_the_paper_and_no_number_is_lost(
    sample: Path, size: tuple[int, int], as_tables: bool
) -> None:
    paper = PageStyle(*size, TEXT_STYLES, GROUND, GROUND)
    made = PageCache(context(sample, SAMPLE_DAY, "roadmaps/ML Roadmap.md"))
    page = made.page(PageRequest(ScopeLevel.NOTE, TimeSpan.HALF, as_tables, paper), plot)
    assert {strip.cell_length for strip in page.strips} == {size[0]}
    text = "\n".join(strip.text for strip in page.strips)
    facts = made.numbers.metrics(ScopeLevel.NOTE, TimeSpan.HALF)
    for card in CARDS:
        assert card.title.upper() in text
        if not card.empty_message(facts):
            assert card.metrics(facts)[0].value in text
    for name, count in WeekdaysCard().table(facts).rows:
        assert any(
            line.split()[:1] == [name] and count in line.split() for line in map(_tail, text.splitlines())
        )


def _tail(line: str) -> str:
    """The last card of a row of cards."""
    return line[
        max(line.rfind(name) for name in (" Mon", " Tue", " Wed", " Thu", " Fri", " Sat", " Sun")) + 1 :
    ]


def test_time_in_focus_is_that_of_the_tasks_that_are_shown(sample: Path) -> None:
    vault = Vault(sample, Config(), lambda: NoteWriter(sample / "state"))
    snapshot = vault.refresh()
    note = next(note for note in snapshot.roadmaps if note.progress.total > 2)
    first, second, *_ = counted(note.note.tasks, note.note_progress, snapshot.statuses, CountMode.LEAVES)
    spent = {first: 3600, second: 65}
    view = DashboardModel.of(snapshot, SAMPLE_DAY, note.path)
    made = MetricsService(ReportContext(view, note, None, CountMode.LEAVES, Records(seconds=spent)))
    assert made.metrics(ScopeLevel.NOTE, TimeSpan.HALF).seconds == 3665
    assert numbers(sample, SAMPLE_DAY, note.path).metrics(ScopeLevel.NOTE, TimeSpan.HALF).seconds == 0
