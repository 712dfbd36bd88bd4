"""Draws the report of the progress pane. Comes after the first screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text, due_text
from roadtui.core.stats.activity import streak_length
from roadtui.core.stats.forecast import Forecast, NoForecast, NoForecastReason
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import display_text
from roadtui.session.reports.report_scope import Breakdown
from roadtui.session.reports.summary import odds_in_words
from roadtui.ui.charts.braille import overlay
from roadtui.ui.charts.heatmap import draw_heatmap, weeks_set_apart, weeks_that_fit
from roadtui.ui.charts.progress_report import AXIS_CELLS, Report, weeks_shown
from roadtui.ui.render import fit_row, pane_heading, progress_bar, wrapped
from roadtui.ui.styles import TextStyles

_FEW_WEEKS = 12
"""Below this number of weeks with gaps, more weeks without gaps are shown."""
_MIN_WIDTH = 30
_TITLE_CELLS, _LEAST_BAR_CELLS = 24, 8
"""In the one row of a narrow screen."""
_PART_BAR_CELLS = 6
_MOST_DUE = 5
_MOST_LINES = 6
"""Of a sentence."""
_LEAST_PACE = 0.5
"""A lower pace says nothing."""


@dataclass(frozen=True, slots=True)
class ReportPainter:
    """Draws one report in one width."""

    report: Report
    text_styles: TextStyles
    width: int
    has_focus: bool = False

    def summary(self) -> Strip:
        """The most important in one row, for a narrow screen."""
        counts = self._numbers()
        if isinstance(
            self.report.forecast, Forecast
        ):  # Worth more than counts, which stand above the tree too.
            counts = counts[:1]
        numbers = [Segment(" "), *counts]
        for part in self._outlook():
            if _cells(numbers) + _cells(part) < self.width:
                numbers += part
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

    def _outlook(self) -> Iterator[Sequence[Segment]]:
        """The forecast, the deadline, and the streak, each with space before it."""
        report, text_styles = self.report, self.text_styles
        if isinstance(report.forecast, Forecast):
            half = day_text(report.forecast.half, report.today)
            yield Segment(f"   {half}", text_styles.strong), Segment(" even odds", text_styles.dim)
            yield [*self._deadline_words()]
        if report.streak.current:
            yield (
                Segment(f"   {report.streak.current}", text_styles.strong),
                Segment("-day streak", text_styles.dim),
            )

    def _deadline_words(self) -> Iterator[Segment]:
        """The deadline and its odds, for a line; nothing where there is none."""
        report, text_styles = self.report, self.text_styles
        odds = report.forecast.odds
        if report.deadline is None or odds is None or report.progress.is_complete:
            return
        style = text_styles.overdue if odds < 0.5 else text_styles.done
        text = f"deadline {day_text(report.deadline, report.today)} {odds_in_words(odds)}"
        yield Segment(f"   {text}", style)

    def rows(self) -> list[Strip]:
        """The whole pane."""
        progress, blank = self.report.progress, Strip.blank(self.width)
        title = fit_row(
            self.width,
            [pane_heading("progress", self.text_styles, has_focus=self.has_focus), Segment("  ")],
            (display_text(self.report.title), self.text_styles.dim),
        )
        if not progress.total:
            return [title, fit_row(self.width, [], ("no tasks here", self.text_styles.dim))]
        strips = [
            title,
            Strip(self._numbers()),
            Strip(progress_bar(progress, max(1, self.width), self.text_styles)),
            self._here(),
        ]
        if self.width < _MIN_WIDTH:
            return strips
        left: list[list[Strip]] = []
        for section in self._sections():
            if len(strips) + 1 + len(section) <= self.report.size.height:
                strips += [blank, *section]
            else:
                left.append(section)
        return [*strips, *self._below(left, self.report.size.height - len(strips))]

    def _below(self, sections: Sequence[Sequence[Strip]], rows: int) -> Iterator[Strip]:
        """The `sections` that do not fit into the `rows` left: to scroll to, and never cut in two."""
        if sections:
            for at in range(max(0, rows)):
                is_last = at == rows - 1
                yield Strip([Segment("… more below", self.text_styles.faint)] if is_last else [])
        for number, section in enumerate(sections):
            if number:
                yield Strip.blank(self.width)
            yield from section

    def _sections(self) -> Iterator[list[Strip]]:
        """What stands below the progress, each with its heading."""
        yield self._forecast()
        if self.report.has_recent_days:
            yield self._burn_up()
            yield self._heatmap()
            yield from self._steadiness()
            if self.report.has_room_for_parts:
                yield self._parts()
            return
        if self.report.shares:
            yield [*self._parts(), *self._most_left()]
        if self.report.due:
            yield self._due()

    # Progress

    def _numbers(self) -> list[Segment]:
        text_styles, progress = self.text_styles, self.report.progress
        if not progress.total:
            return [Segment("no tasks here", text_styles.dim)]
        parts = [
            Segment(f"{progress.percent} %", text_styles.done + Style(bold=True)),
            Segment(f"{progress.done} done", text_styles.text),
            Segment(f"{progress.in_progress} doing", text_styles.doing),
            Segment(f"{progress.open} open", text_styles.dim),
            Segment(f"{progress.cancelled} cancelled", text_styles.faint),
        ]
        counts = (1, 1, progress.in_progress, progress.open, progress.cancelled)
        return self._spaced([part for part, count in zip(parts, counts, strict=True) if count])

    def _spaced(self, parts: Sequence[Segment]) -> list[Segment]:
        """`parts` as far apart as they fit; `…` in place of those that do not."""
        fitting, end = list(parts), list[Segment]()
        while len(fitting) > 1 and _cells(fitting, 2) + _cells(end) > self.width:
            fitting.pop()
            end = [Segment(" …", self.text_styles.dim)]
        gap = Segment("   " if _cells(fitting, 3) + _cells(end) <= self.width else "  ")
        return [*[piece for part in fitting for piece in (part, gap)][:-1], *end]

    def _here(self) -> Strip:
        """The part under the cursor; a blank row without one, so that nothing below moves."""
        here = self.report.here
        if here is None:
            return Strip.blank(self.width)
        start = [Segment("here ", self.text_styles.faint)]
        end = [Segment(_count(here), self.text_styles.dim)]
        return fit_row(self.width, start, (display_text(here.title), self.text_styles.dim), end)

    # Forecast

    def _forecast(self) -> list[Strip]:
        """The dates below each other, at one right edge; else why there are none."""
        text_styles, report, found = self.text_styles, self.report, self.report.forecast
        heading = Strip([pane_heading("forecast", text_styles)])
        if isinstance(found, NoForecast):
            return [heading, *self._sentence(self._why_not(found)), *self._deadline(0)]
        half, today = day_text(found.half, report.today), report.today
        likely = day_text(found.likely, today) if found.likely is not None else "over five years"
        cells = max(len(half), len(likely))
        lines = [
            Strip([Segment(day.rjust(cells), style), Segment(f"  {odds}", text_styles.dim)])
            for day, odds, style in (
                (half, "even odds", text_styles.strong),
                (likely, "4 in 5", text_styles.text),
            )
        ]
        if report.put_off:
            lines += self._sentence(f"without {report.put_off} put off")
        return [heading, *lines, *self._deadline(cells)]

    def _why_not(self, found: NoForecast) -> str:
        """Why there is no forecast; for a finished note, since when it is."""
        report = self.report
        if found.reason is NoForecastReason.NOTHING_LEFT and report.timeline.done:
            last = day_text(max(report.timeline.done), report.today)
            return f"Everything is done, the last of it {last if last in _NAMED else f'on {last}'}."
        return found.sentence

    def _deadline(self, cells: int) -> list[Strip]:
        """The deadline and its odds: below the dates where it fits into their `cells`."""
        report, text_styles = self.report, self.text_styles
        if report.deadline is None or report.progress.is_complete:
            return []
        odds = report.forecast.odds
        text = f"deadline {day_text(report.deadline, report.today)}".rjust(cells)
        if odds is None:
            return [fit_row(self.width, [], (text, text_styles.dim))]
        style = text_styles.overdue if odds < 0.5 else text_styles.done
        return [fit_row(self.width, [], (f"{text}  {odds_in_words(odds)}", style))]

    def _sentence(self, text: str) -> list[Strip]:
        lines = wrapped(text, max(8, self.width), _MOST_LINES)
        return [Strip([Segment(line, self.text_styles.dim)]) for line in lines]

    # With a history

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
        last = len(report.done_rows) - 1
        for at, (scope, done) in enumerate(zip(report.scope_rows, report.done_rows, strict=True)):
            number = str(report.progress.total) if at == 0 else "0" if at == last else ""
            axis = Segment(f"{number.rjust(AXIS_CELLS - 2)}  ", text_styles.faint)
            strips.append(Strip([axis, *overlay(done, text_styles.done, scope, text_styles.dim)]))
        start = (report.today - timedelta(weeks=weeks_shown(report.size.width))).strftime("%b")
        months = [Segment(" " * AXIS_CELLS), Segment(start, text_styles.faint)]
        gap = max(1, self.width - AXIS_CELLS - len(start) - len("today"))
        return [*strips, Strip([*months, Segment(" " * gap), Segment("today", text_styles.faint)])]

    def _heatmap(self) -> list[Strip]:
        most = weeks_shown(self.report.size.width)
        weeks = weeks_set_apart(self.width, most)
        if weeks < _FEW_WEEKS:
            weeks = weeks_that_fit(self.width, most)
        title = Strip([pane_heading(f"last {weeks} weeks", self.text_styles)])
        return [
            title,
            *draw_heatmap(self.report.timeline.done, self.report.today, weeks, self.width, self.text_styles),
        ]

    def _steadiness(self) -> Iterator[list[Strip]]:
        """The streak and the pace, as far as they say something."""
        text_styles, report = self.text_styles, self.report
        run, longest = report.streak.current, report.streak.longest
        parts = [
            (run > 0, streak_length(run), " streak", text_styles.strong),
            (report.pace >= _LEAST_PACE, f"{report.pace:.1f}", " a week", text_styles.strong),
            (longest > max(1, run), "best", f" {longest}", text_styles.faint),
        ]
        segments: list[Segment] = []
        for is_shown, value, label, style in parts:
            if is_shown:
                segments += [Segment("   ")] * bool(segments)
                segments += [Segment(value, style), Segment(label, text_styles.dim)]
        if segments:
            yield [Strip(segments)]

    # Without a history

    def _parts(self) -> list[Strip]:
        """The parts side by side; no bars where nothing is begun."""
        report, text_styles = self.report, self.text_styles
        is_begun = report.progress.done or report.progress.in_progress
        bar_cells = _PART_BAR_CELLS if is_begun else 0
        cells = max(len(_count(share)) for share in report.shares)
        strips = [Strip([pane_heading("side by side", text_styles)])]
        for share in report.shares:
            style = text_styles.faint if share.progress.is_complete else text_styles.text
            bar = progress_bar(share.progress, bar_cells, text_styles)
            end = [*bar, Segment(f"  {_count(share).rjust(cells)}", text_styles.dim)]
            strips.append(fit_row(self.width, [], (display_text(share.title), style), end))
        return strips

    def _most_left(self) -> list[Strip]:
        """The part in which most is left."""
        shares, text_styles = self.report.shares, self.text_styles
        most = max(shares, key=_left)
        if len(shares) < 2 or not _left(most):
            return []
        start = [Segment("most left ", text_styles.faint)]
        end = [Segment(f"{_left(most)} open", text_styles.dim)]
        return [
            Strip.blank(self.width),
            fit_row(self.width, start, (display_text(most.title), text_styles.dim), end),
        ]

    def _due(self) -> list[Strip]:
        report, text_styles = self.report, self.text_styles
        strips = [Strip([pane_heading("due", text_styles)])]
        for due in report.due[:_MOST_DUE]:
            style = text_styles.overdue if due.day < report.today else text_styles.due
            end = [Segment(due_text(due.day, report.today).removeprefix("due "), style)]
            name = display_text(read_fields(due.task.text).description)
            strips.append(fit_row(self.width, [], (name, text_styles.text), end))
        return strips


_NAMED = ("today", "yesterday")


def _count(share: Breakdown) -> str:
    return f"{share.progress.done}/{share.progress.total}"


def _left(share: Breakdown) -> int:
    return share.progress.open + share.progress.in_progress


def _cells(parts: Sequence[Segment], gap: int = 0) -> int:
    """Cells that `parts` take with `gap` cells between them."""
    return sum(cell_len(part.text) + gap for part in parts) - (gap if parts else 0)
