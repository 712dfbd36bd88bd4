"""The report of the progress pane, and how it is drawn. Comes after the first screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text
from roadtui.core.stats.activity import ActivityTimeline, Streak, burn_up, pace, streak
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import display_text
from roadtui.session.reports.report_scope import ReportScope, ScopeLevel
from roadtui.session.reports.summary import forecast_of, odds_text
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.heatmap import draw_heatmap, weeks_set_apart, weeks_that_fit
from roadtui.ui.render import fit_row, pane_heading, progress_bar
from roadtui.ui.styles import TextStyles

WEEKS = 18
"""How far back the pane looks."""
_FEW_WEEKS = 12
"""Below this number of weeks with gaps, more weeks without gaps are shown."""
CHART_ROWS = 6
_AXIS_CELLS = 6
_MIN_WIDTH = 30
_TITLE_CELLS, _LEAST_BAR_CELLS = 24, 8
"""In the one row of a narrow screen."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the pane shows, computed beforehand."""

    title: str
    progress: Progress
    timeline: ActivityTimeline
    today: date
    width: int
    """Cells that the charts were drawn for."""
    streak: Streak
    pace: float
    """Completions a week."""
    forecast: Forecast | NoForecast
    deadline: date | None
    scope_rows: Sequence[str] = ()
    done_rows: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReportPainter:
    """Draws one report in one width."""

    report: Report
    text_styles: TextStyles
    width: int
    has_focus: bool = False

    def summary(self) -> Strip:
        """The most important in one row, for a narrow screen."""
        numbers = [*self._numbers(), *self._outlook()]
        cells = self.width - _cells(numbers) - _TITLE_CELLS
        progress = (
            progress_bar(self.report.progress, min(30, cells), self.text_styles)
            if cells >= _LEAST_BAR_CELLS
            else []
        )
        return fit_row(
            self.width,
            [*numbers, Segment("   ")],
            (display_text(self.report.title), self.text_styles.faint),
            progress,
        )

    def _outlook(self) -> list[Segment]:
        """The forecast, and the streak."""
        report, text_styles = self.report, self.text_styles
        parts: list[Segment] = []
        if isinstance(report.forecast, Forecast):
            half = day_text(report.forecast.half, report.today)
            parts += [Segment("   50 %", text_styles.strong), Segment(f" by {half}", text_styles.dim)]
        if report.streak.current:
            parts += [
                Segment(f"   {report.streak.current}", text_styles.strong),
                Segment("-day streak", text_styles.dim),
            ]
        return parts

    def rows(self) -> list[Strip]:
        """The whole pane."""
        progress, blank = self.report.progress, Strip.blank(self.width)
        strips = [
            fit_row(
                self.width,
                [pane_heading("progress", self.text_styles, has_focus=self.has_focus), Segment("  ")],
                (display_text(self.report.title), self.text_styles.dim),
            ),
            Strip(self._numbers()),
            Strip([Segment(" "), *progress_bar(progress, max(1, self.width - 2), self.text_styles)]),
        ]
        if not progress.total:
            return [
                strips[0],
                fit_row(self.width, [Segment(" ")], ("no tasks here", self.text_styles.dim)),
            ]
        if self.width < _MIN_WIDTH:
            return strips
        return [
            *strips,
            blank,
            *self._burn_up(),
            blank,
            *self._heatmap(),
            blank,
            self._steadiness(),
            blank,
            *self._forecast(),
        ]

    def _numbers(self) -> list[Segment]:
        text_styles, progress = self.text_styles, self.report.progress
        if not progress.total:
            return [Segment(" no tasks here", text_styles.dim)]
        parts = [
            Segment(f" {progress.percent} %", text_styles.done + Style(bold=True)),
            Segment(f"{progress.done} done", text_styles.text),
            Segment(
                f"{progress.in_progress} doing",
                text_styles.doing if progress.in_progress else text_styles.faint,
            ),
            Segment(f"{progress.open} open", text_styles.dim),
        ]
        if progress.cancelled:
            parts.append(Segment(f"{progress.cancelled} cancelled", text_styles.faint))
        return self._spaced(parts)

    def _spaced(self, parts: Sequence[Segment]) -> list[Segment]:
        """`parts` as far apart as they fit; `…` in place of those that do not."""
        fitting, end = list(parts), list[Segment]()
        while len(fitting) > 1 and _cells(fitting, 2) + _cells(end) > self.width:
            fitting.pop()
            end = [Segment(" …", self.text_styles.dim)]
        gap = Segment("   " if _cells(fitting, 3) + _cells(end) <= self.width else "  ")
        return [*[piece for part in fitting for piece in (part, gap)][:-1], *end]

    def _burn_up(self) -> list[Strip]:
        text_styles, report = self.text_styles, self.report
        legend = [
            pane_heading("burn-up", text_styles),
            Segment("   ── ", text_styles.dim),
            Segment("scope", text_styles.dim),
            Segment("   ── ", text_styles.done),
            Segment("done", text_styles.done),
        ]
        strips = [Strip(legend)]
        if not report.done_rows:
            return [*strips, *[Strip.blank(self.width)] * (CHART_ROWS + 1)]
        for at, (scope, done) in enumerate(zip(report.scope_rows, report.done_rows, strict=True)):
            number = str(report.progress.total) if at == 0 else "0" if at == CHART_ROWS - 1 else ""
            axis = Segment(f"{number.rjust(_AXIS_CELLS - 2)}  ", text_styles.faint)
            strips.append(Strip([axis, *_overlay(done, text_styles.done, scope, text_styles.dim)]))
        start = (report.today - timedelta(weeks=WEEKS)).strftime("%b")
        months = [Segment(" " * _AXIS_CELLS), Segment(start, text_styles.faint)]
        gap = max(1, self.width - _AXIS_CELLS - len(start) - len("today"))
        return [*strips, Strip([*months, Segment(" " * gap), Segment("today", text_styles.faint)])]

    def _heatmap(self) -> list[Strip]:
        weeks = weeks_set_apart(self.width, WEEKS)
        if weeks < _FEW_WEEKS:
            weeks = weeks_that_fit(self.width, WEEKS)
        title = Strip([pane_heading(f"last {weeks} weeks", self.text_styles)])
        return [
            title,
            *draw_heatmap(self.report.timeline.done, self.report.today, weeks, self.width, self.text_styles),
        ]

    def _steadiness(self) -> Strip:
        text_styles, report = self.text_styles, self.report
        if not report.timeline.done:
            return fit_row(self.width, [Segment(" ")], ("no done dates yet", text_styles.dim))
        return Strip(
            [
                Segment(f" {report.streak.current or 'no'}", text_styles.strong),
                Segment("-day streak" if report.streak.current else " streak", text_styles.dim),
                Segment(f"   {report.pace:.1f}", text_styles.strong),
                Segment(" a week", text_styles.dim),
                Segment(f"   best {report.streak.longest}", text_styles.faint),
            ]
        )

    def _forecast(self) -> list[Strip]:
        """The dates below each other, at one right edge; else why there are none."""
        text_styles, report = self.text_styles, self.report
        strips = [Strip([pane_heading("forecast", text_styles)])]
        found, today = report.forecast, report.today
        if isinstance(found, NoForecast):
            lines = wrap(found.sentence, max(8, self.width - 1))
            strips += [Strip([Segment(f" {line}", text_styles.dim)]) for line in lines]
        else:
            half = day_text(found.half, today)
            likely = day_text(found.likely, today) if found.likely is not None else ""
            cells = max(len(half), len(likely))
            for start, odds, day in ((" done:", "50 %", half), ("", "80 %", likely)):
                line = [
                    Segment(start.ljust(7), text_styles.dim),
                    Segment(odds, text_styles.strong),
                    Segment(" by " if day else " later than in five years", text_styles.dim),
                    Segment(day.rjust(cells) if day else "", text_styles.strong),
                ]
                strips.append(Strip(line))
        if report.deadline is not None and found.odds is not None:
            style = text_styles.overdue if found.odds < 0.5 else text_styles.done
            text = f"{day_text(report.deadline, today)}: {odds_text(found.odds)}"
            strips.append(fit_row(self.width, [Segment(" deadline ", text_styles.dim)], (text, style)))
        return strips


def chart_cells(width: int) -> int:
    """Cells that a chart has in a pane `width` cells wide."""
    return max(0, width - _AXIS_CELLS)


def _cells(parts: Sequence[Segment], gap: int = 0) -> int:
    """Cells that `parts` take with `gap` cells between them."""
    return sum(cell_len(part.text) + gap for part in parts) - (gap if parts else 0)


def _overlay(front: str, front_style: Style, back: str, back_style: Style) -> list[Segment]:
    """Two drawn rows of the same length, cell by cell; `front` hides `back`."""
    cells = [
        Segment(over, front_style) if over not in " ⠀" else Segment(under, back_style)
        for over, under in zip(front, back, strict=True)
    ]
    return list(Segment.simplify(cells))


_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell, by column and row, from the top (Unicode block U+2800)."""


def draw_line(values: Sequence[float], width: int, height: int, top: float) -> list[str]:
    """One line in braille: `height` rows of `width` cells, `values` spread over the width, from 0 to `top`.

    Steps are joined by upright strokes. The rows hold no colour: lines of the same scale can be laid over
    each other and coloured by the theme.
    """
    if not values or width < 1 or height < 1:
        return [" " * max(0, width)] * max(0, height)
    cells = [[0] * width for _ in range(height)]
    columns, lowest = 2 * width, 4 * height - 1
    before: int | None = None
    for column in range(columns):
        value = values[column * (len(values) - 1) // max(1, columns - 1)]
        dot = lowest - round(min(value, top) / max(top, 1) * lowest)
        last = dot if before is None else before
        for at in range(min(dot, last), max(dot, last) + 1):
            cells[at // 4][column // 2] |= _DOTS[column % 2][at % 4]
        before = dot
    return ["".join(chr(0x2800 + bits) if bits else " " for bits in row) for row in cells]


def draw_report(context: ReportContext, width: int) -> Report:
    """Count and draw what the cursor is on, for a pane `width` cells wide."""
    subject, today = ReportScope.of(context, ScopeLevel.SECTION), context.view.today
    went = subject.timeline
    _, scope, done = burn_up(went, today - timedelta(weeks=WEEKS), today)
    cells = chart_cells(width)
    top = max(scope, default=0)
    return Report(
        subject.title,
        subject.progress,
        went,
        today,
        width,
        streak(went.done, today, subject.grace),
        pace(went.done, today),
        forecast_of(subject.progress, went.done, went.added, today, subject.deadline),
        subject.deadline,
        draw_line(scope, cells, CHART_ROWS, top),
        draw_line(done, cells, CHART_ROWS, top),
    )
