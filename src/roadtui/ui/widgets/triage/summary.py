"""The lines above the list of the way out: its steps, and what becomes of the date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.dates import day_text
from roadtui.core.stats.forecast import Forecast
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.session.triage import words
from roadtui.session.triage.state import TriageState, TriageStep
from roadtui.session.triage.triage import PlanForecasts
from roadtui.ui.render import fit_row, wrapped
from roadtui.ui.styles import TextStyles

_NARROW = 48
"""Cells below which the plan is named in one word."""
_SPACIOUS = 90
"""Cells from which a blank line stands above what the plan does."""


def bar_line(width: int, title: str, step: TriageStep, text_styles: TextStyles) -> Strip:
    """The line on top: what it is about, and the steps, the present one lit; in a narrow one, only that."""
    start = [Segment("The way out  ", text_styles.accent + Style(bold=True))]
    steps = [
        Segment(
            f"{number} {one.value}{'' if one is list(TriageStep)[-1] else '   '}",
            text_styles.strong if one is step else text_styles.dim,
        )
        for number, one in enumerate(TriageStep, 1)
    ]
    at = f"{list(TriageStep).index(step) + 1}/3"
    here = [Segment(f"{at} {step.value}", text_styles.strong)]
    least = [Segment(at, text_styles.strong)]
    return fit_row(width, start, (display_text(title), text_styles.dim), steps, here, least)


class TriageBar(Widget):
    """The line on top of the way out."""

    DEFAULT_CSS = "TriageBar { dock: top; height: 2; background: $background; padding: 0 2; }"

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._step = TriageStep.ONE_STEP

    def show(self, title: str, step: TriageStep) -> None:
        """Show `title` and `step`."""
        self._title, self._step = title, step
        self.refresh()

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width, background = self.content_size.width, self.visual_style.rich_style
        if y or self.text_styles is None:
            return Strip.blank(width, background)
        return bar_line(width, self._title, self._step, self.text_styles).apply_style(background)


class ChangeLine(Static):
    """What would be written: in two lines at most, in one on a low screen."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="change", markup=False)
        self._text = text

    def show(self, text: str) -> None:
        """Show `text`, which is wrapped to the present width."""
        self._text = text
        most = 1 if self.screen.has_class("-short") else 2
        self.update("\n".join(wrapped(text, self.content_size.width, most)) if text else "")

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        self.show(self._text)


class TriageSummary(Widget):
    """How much is open and when it is done, as things are and by the plan."""

    DEFAULT_CSS = "TriageSummary { height: auto; background: $surface; padding: 1 2; }"

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self) -> None:
        super().__init__()
        self._state: TriageState | None = None
        self._is_current = True
        self._lines: Sequence[Sequence[Segment]] = ()

    def show(self, state: TriageState, *, is_current: bool) -> None:
        """Show the numbers of `state`; dimmed where they are not those of its plan yet."""
        self._state, self._is_current = state, is_current
        self._draw()

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self._draw()

    def on_resize(self) -> None:
        """Redraw for the new width."""
        self._draw()

    def _draw(self) -> None:
        if self._state is None or self.text_styles is None or not self.content_size.width:
            return
        before = len(self._lines)
        draw = short_summary_lines if self.screen.has_class("-short") else summary_lines
        self._lines = list(
            draw(self._state, self.content_size.width, self.text_styles, is_current=self._is_current)
        )
        self.refresh(layout=len(self._lines) != before)

    @override
    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines) or 2

    @override
    def render_line(self, y: int) -> Strip:
        width, background = self.content_size.width, self.visual_style.rich_style
        line = self._lines[y] if y < len(self._lines) else ()
        return Strip(line).adjust_cell_length(width).apply_style(background)


def summary_lines(
    state: TriageState, width: int, text_styles: TextStyles, *, is_current: bool
) -> Iterator[Sequence[Segment]]:
    """The lines of the summary, none wider than `width` cells."""
    triage, forecasts = state.triage, state.forecasts
    much = words.how_much(triage)
    when = words.when_done(triage, forecasts.now) if forecasts is not None and words.has_open(triage) else ""
    if cell_len(f"{much}  {when}") <= width:
        yield [Segment(much, text_styles.strong), Segment(f"  {when}", text_styles.text)]
    else:
        for text, style in ((much, text_styles.strong), (when, text_styles.text)):
            yield from ([Segment(line, style)] for line in wrapped(text, width, 2))
    if state.step is TriageStep.WEEK:
        text = words.capacity_words(state.planned_count, triage.capacity)
        is_much = triage.capacity is not None and state.planned_count > triage.capacity
        style = text_styles.due if is_much else text_styles.text
        yield from ([Segment(line, style)] for line in wrapped(text, width, 2))
    if forecasts is not None and (state.plan or state.step is TriageStep.SMALLER) and words.has_open(triage):
        if width >= _SPACIOUS:
            yield []
        yield from _what_if(state, width, text_styles, is_current=is_current)


def short_summary_lines(
    state: TriageState, width: int, text_styles: TextStyles, *, is_current: bool
) -> Iterator[Sequence[Segment]]:
    """Two lines at most, for a low terminal: what is open, then what the plan or the week makes of it."""
    triage, forecasts = state.triage, state.forecasts
    much = words.how_much(triage)
    bold = text_styles.done + Style(bold=True) if is_current else text_styles.dim
    if forecasts is None or not words.has_open(triage):
        yield [Segment(ellipsize(much, width, cell_len), text_styles.strong)]
        return
    total = triage.progress.open + triage.progress.in_progress
    when = words.date_words(forecasts.now, triage.today)
    yield [Segment(f"{total:,} open", text_styles.strong), Segment(f"  done on {when}", text_styles.text)]
    if state.step is TriageStep.WEEK:
        text = words.capacity_words(state.planned_count, triage.capacity)
        yield [Segment(ellipsize(text, width, cell_len), text_styles.text)]
    elif state.plan:
        line = [Segment("plan: ", text_styles.dim), *_plan_date(state, text_styles, bold)]
        odds = _odds(forecasts, text_styles, bold)
        used = sum(segment.cell_length for segment in (*line, *odds))
        yield [*line, Segment("  "), *odds] if odds and used + 2 <= width else line


def _plan_date(state: TriageState, text_styles: TextStyles, style: Style) -> list[Segment]:
    """The date by the plan, and by how much that is sooner; without a date, what is left."""
    triage, forecasts = state.triage, state.forecasts
    if forecasts is not None and isinstance(forecasts.then, Forecast):
        day = day_text(forecasts.then.half, triage.today)
        return [Segment(day, style), Segment(f"  {words.sooner(forecasts)}", style + Style(bold=False))]
    return [Segment(words.left_words(forecasts), style)] if forecasts is not None else []


def _odds(forecasts: PlanForecasts, text_styles: TextStyles, style: Style) -> list[Segment]:
    """The odds of the deadline now and by the plan; empty where they are not known."""
    deadline = forecasts.deadline
    if deadline is None or (deadline.now is None and deadline.then is None):
        return []
    was = text_styles.overdue if (deadline.now or 0) < 0.5 else text_styles.done
    return [
        Segment(words.percent(deadline.now) or "–", was),
        Segment(" → ", text_styles.dim),
        Segment(words.percent(deadline.then) or "–", style),
    ]


def _what_if(
    state: TriageState, width: int, text_styles: TextStyles, *, is_current: bool
) -> Iterator[Sequence[Segment]]:
    triage, forecasts = state.triage, state.forecasts
    assert forecasts is not None, "asked before"
    today = triage.today
    bold = text_styles.done + Style(bold=True) if is_current else text_styles.dim
    cells = len("one more a week: ")
    label = "with this plan:" if width >= _NARROW else "plan:"
    if width < _NARROW:
        cells = len(label) + 1
    odds = _odds(forecasts, text_styles, bold)
    named = words.deadline_words(forecasts, today, names_note=len(triage.notes) > 1)
    if odds:
        odds = [Segment(f"{named}  ", text_styles.dim), *odds]
    line = [Segment(label.ljust(cells), text_styles.dim), *_plan_date(state, text_styles, bold)]
    used = sum(segment.cell_length for segment in line)
    if odds and used + 6 + sum(segment.cell_length for segment in odds) <= width:
        yield [*line, Segment("      "), *odds]
    else:
        yield line
        if odds:
            yield odds
    if isinstance(forecasts.one_more, Forecast) and isinstance(forecasts.then, Forecast):
        yield [
            Segment("one more a week: ", text_styles.faint),
            Segment(day_text(forecasts.one_more.half, today), text_styles.dim),
        ]
