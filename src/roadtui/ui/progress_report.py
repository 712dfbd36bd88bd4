"""The report of the progress pane, and how it is drawn. Comes after the first screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.insight import Course, cumulative, pace, streak, week_grid
from roadtui.core.progress import Progress
from roadtui.ui.drawing import bar, label, row, shown
from roadtui.ui.inks import Inks

WEEKS = 18
"""How far back the pane looks."""
CHART_ROWS = 6
_AXIS_CELLS = 6
_MIN_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Report:
    """All that the pane says, worked out beforehand."""

    title: str
    progress: Progress
    course: Course
    today: date
    width: int
    """Cells that the charts were drawn for."""
    scope_rows: Sequence[str] = ()
    done_rows: Sequence[str] = ()


def burn_up(course: Course, today: date) -> tuple[list[int], list[int]]:
    """Scope and done on each day of the last `WEEKS` weeks."""
    start = today - timedelta(weeks=WEEKS)
    scope = cumulative(course.added, start, today, course.added_undated)
    return scope, cumulative(course.done, start, today, course.done_undated)


@dataclass(frozen=True, slots=True)
class ReportPainter:
    """Draws one report in one width."""

    report: Report
    inks: Inks
    width: int
    has_focus: bool = False

    def summary(self) -> Strip:
        """Everything in one row, for a narrow screen."""
        numbers = self._numbers()
        cells = max(0, min(30, self.width - 60))
        progress = bar(self.report.progress, cells, self.inks) if cells else []
        return row(
            self.width, [*numbers, Segment("  ")], (shown(self.report.title), self.inks.faint), progress
        )

    def rows(self) -> list[Strip]:
        """The whole pane."""
        progress, blank = self.report.progress, Strip.blank(self.width)
        strips = [
            row(
                self.width,
                [label("progress", self.inks, has_focus=self.has_focus), Segment("  ")],
                (shown(self.report.title), self.inks.dim),
            ),
            Strip(self._numbers()),
            Strip([Segment(" "), *bar(progress, max(1, self.width - 2), self.inks)]),
        ]
        if not progress.total:
            return [strips[0], row(self.width, [Segment(" ")], ("nothing to do here", self.inks.dim))]
        if self.width < _MIN_WIDTH:
            return strips
        return [*strips, blank, *self._burn_up(), blank, *self._heatmap(), blank, self._steadiness()]

    def _numbers(self) -> list[Segment]:
        inks, progress = self.inks, self.report.progress
        if not progress.total:
            return [Segment(" nothing to do here", inks.dim)]
        parts = [
            Segment(f" {progress.percent} %", inks.done + Style(bold=True)),
            Segment(f"   {progress.done} done", inks.text),
            Segment(f"   {progress.in_progress} doing", inks.doing if progress.in_progress else inks.faint),
            Segment(f"   {progress.open} open", inks.dim),
        ]
        if progress.cancelled:
            parts.append(Segment(f"   {progress.cancelled} dropped", inks.faint))
        return parts

    def _burn_up(self) -> list[Strip]:
        inks, report = self.inks, self.report
        legend = [
            label("burn-up", inks),
            Segment("   ── ", inks.dim),
            Segment("scope", inks.dim),
            Segment("   ── ", inks.done),
            Segment("done", inks.done),
        ]
        strips = [Strip(legend)]
        if not report.done_rows:
            return [*strips, *[Strip.blank(self.width)] * (CHART_ROWS + 1)]
        for at, (scope, done) in enumerate(zip(report.scope_rows, report.done_rows, strict=True)):
            number = str(report.progress.total) if at == 0 else "0" if at == CHART_ROWS - 1 else ""
            axis = Segment(f"{number.rjust(_AXIS_CELLS - 2)}  ", inks.faint)
            strips.append(Strip([axis, *_overlay(done, inks.done, scope, inks.dim)]))
        start = (report.today - timedelta(weeks=WEEKS)).strftime("%b")
        months = [Segment(" " * _AXIS_CELLS), Segment(start, inks.faint)]
        gap = max(1, self.width - _AXIS_CELLS - len(start) - len("today"))
        return [*strips, Strip([*months, Segment(" " * gap), Segment("today", inks.faint)])]

    def _heatmap(self) -> list[Strip]:
        inks, today = self.inks, self.report.today
        weeks = min(WEEKS, (self.width - _AXIS_CELLS) // 2)
        grid = week_grid(self.report.course.done, today, weeks)
        most = max((number for days in grid for number in days if number), default=0)
        strips = [Strip([label(f"last {weeks} weeks", inks)]), Strip([self._months(weeks)])]
        for weekday, days in enumerate(grid):
            name = ("Mon", "", "Wed", "", "Fri", "", "Sun")[weekday]
            cells = [Segment(f" {name.ljust(_AXIS_CELLS - 1)}", inks.faint)]
            for number in days:
                cells.append(Segment("  " if number is None else "■ ", inks.heat[_shade(number or 0, most)]))
            strips.append(Strip(cells))
        return strips

    def _months(self, weeks: int) -> Segment:
        monday = self.report.today - timedelta(days=self.report.today.weekday(), weeks=weeks - 1)
        text = ""
        for week in range(weeks):
            first_day = monday + timedelta(weeks=week)
            starts_month = first_day.day <= 7
            if starts_month and len(text) <= 2 * week:
                text = text.ljust(2 * week) + first_day.strftime("%b ")
        return Segment(" " * _AXIS_CELLS + text, self.inks.faint)

    def _steadiness(self) -> Strip:
        inks, days = self.inks, self.report.course.done
        if not days:
            return row(self.width, [Segment(" ")], ("no done dates yet", inks.dim))
        runs = streak(days, self.report.today)
        return Strip(
            [
                Segment(f" {runs.current}", inks.strong),
                Segment("-day streak", inks.dim),
                Segment(f"   {pace(days, self.report.today):.1f}", inks.strong),
                Segment(" a week", inks.dim),
                Segment(f"   best {runs.longest}", inks.faint),
            ]
        )


def chart_cells(width: int) -> int:
    """Cells that a chart has in a pane `width` cells wide."""
    return max(0, width - _AXIS_CELLS)


def _shade(number: int, most: int) -> int:
    """0 for nothing, 1 to 4 for quarters of the most."""
    return 0 if not number else min(4, 1 + (number - 1) * 4 // max(1, most))


def _overlay(front: str, front_style: Style, back: str, back_style: Style) -> list[Segment]:
    """Two drawn rows of the same length, cell by cell; `front` hides `back`."""
    cells = [
        Segment(over, front_style) if over not in " ⠀" else Segment(under, back_style)
        for over, under in zip(front, back, strict=True)
    ]
    return list(Segment.simplify(cells))
