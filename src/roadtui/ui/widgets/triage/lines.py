"""The lines of the list of the way out, and how each is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text
from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.core.titles import heading_path
from roadtui.core.triage.parts import PartRow
from roadtui.core.triage.plan import Choice, Decision, PartKey
from roadtui.session.triage import words
from roadtui.session.triage.state import WeekTask
from roadtui.session.triage.triage import Weight
from roadtui.ui.render import fit_row, progress_bar, reason_style, status_sign, status_style
from roadtui.ui.styles import TextStyles

_BAR_CELLS = 12
_WITH_BAR, _WITH_WEIGHT = 90, 52
"""Cells from which a row has a bar, and a weight."""
_OPEN_CELLS, _WEIGHT_CELLS = 6, 11
_DECISION_CELLS, _SHORT_DECISION_CELLS = 26, 15
_BESIDE_A_STEP = 8
"""Cells of a row besides the text of a step and its section: its sides, a sign, and what sets them apart."""
_STRUCK = Style(strike=True)


class TextLine(NamedTuple):
    """Words between the rows: a heading, a sentence, or nothing."""

    text: str = ""
    is_strong: bool = False
    is_heading: bool = False


class ColumnHeads(NamedTuple):
    """The titles of the columns of parts."""


class StepLine(NamedTuple):
    """A small step."""

    suggestion: Suggestion
    format: TaskFormat
    statuses: StatusRegistry
    is_ticked: bool = False


class PartLine(NamedTuple):
    """A part to decide about."""

    row: PartRow
    today: date
    weight: Weight | None
    decision: Decision | None
    around: Decision | None
    """The decision about a part around it, which counts where it has none of its own."""
    is_marked: bool = False
    is_split: bool = False


class WeekLine(NamedTuple):
    """A task that the week can be planned with."""

    task: WeekTask
    today: date
    format: TaskFormat
    statuses: StatusRegistry


class DiffLine(NamedTuple):
    """A line of a note as it is, or as it will be."""

    number: int
    text: str
    is_new: bool = False


TriageLine = TextLine | ColumnHeads | StepLine | PartLine | WeekLine | DiffLine

STOPS = StepLine | PartLine | WeekLine
"""The lines that the cursor stops on; of a diff, which has none of them, all others."""


def key_of(line: TriageLine) -> PartKey | str | None:
    """What a line is about, by which the cursor finds it again."""
    if isinstance(line, PartLine):
        return line.row.key
    if isinstance(line, WeekLine):
        return line.task.key
    return line.suggestion.task.source_without_symbol if isinstance(line, StepLine) else None


def draw(line: TriageLine, width: int, text_styles: TextStyles) -> Strip:
    """`line` in exactly `width` cells."""
    match line:
        case TextLine(text, is_strong, is_heading):
            style = (
                text_styles.faint + Style(bold=True)
                if is_heading
                else text_styles.strong
                if is_strong
                else text_styles.dim
            )
            return fit_row(width, [Segment("  ")], (text.upper() if is_heading else text, style))
        case ColumnHeads():
            return _column_heads(width, text_styles)
        case StepLine():
            return _step(line, width, text_styles)
        case PartLine():
            return _part(line, width, text_styles)
        case WeekLine():
            return _week_task(line, width, text_styles)
        case DiffLine():
            return _diff(line, width, text_styles)


def _step(line: StepLine, width: int, text_styles: TextStyles) -> Strip:
    one = line.suggestion
    sign = Segment("● ", text_styles.done) if line.is_ticked else _sign(one, line.statuses, text_styles)
    style = text_styles.faint + _STRUCK if line.is_ticked else text_styles.strong
    where = heading_path(one.task.section) or one.path.rpartition("/")[2].removesuffix(".md")
    text = _text(one, line.format)
    cells = max(8, width // 3, width - cell_len(text) - _BESIDE_A_STEP)
    end = [Segment(f"{ellipsize(display_text(where), cells, cell_len)}  ", text_styles.dim)]
    return fit_row(width, [Segment("  "), sign], (text, style), end)


def _sign(suggestion: Suggestion, statuses: StatusRegistry, text_styles: TextStyles) -> Segment:
    symbol = suggestion.task.status_symbol
    return Segment(status_sign(symbol, statuses), status_style(statuses.type_of(symbol), text_styles))


def _week_task(line: WeekLine, width: int, text_styles: TextStyles) -> Strip:
    task = line.task
    start = [
        Segment("✓ " if task.day is not None else "  ", text_styles.accent),
        _sign(task.suggestion, line.statuses, text_styles),
    ]
    style = text_styles.strong if task.is_chosen else text_styles.text
    if task.day is not None:
        shown, day_style = day_text(task.day, line.today), text_styles.accent
        end = [Segment(f"{shown if task.is_chosen else f'planned {shown}'}  ", day_style)]
        return fit_row(width, start, (_text(task.suggestion, line.format), style), end)
    reason = next(iter(task.suggestion.reasons), None)
    name = task.suggestion.path.rpartition("/")[2].removesuffix(".md")
    where = Segment(f"{ellipsize(display_text(name), 24, cell_len)}  ", text_styles.faint)
    end = [Segment(f"{reason.text}   ", reason_style(reason, text_styles))] if reason is not None else []
    return fit_row(width, start, (_text(task.suggestion, line.format), style), [*end, where], end)


def _text(one: Suggestion, format: TaskFormat) -> str:
    return plain_line(read_fields(one.task.text, format).description or one.task.text)


def _columns(width: int) -> tuple[int, int, int]:
    """Cells of the bar, the weight and the decision; 0 for a column that is left out."""
    decision = _DECISION_CELLS if width >= _WITH_BAR else _SHORT_DECISION_CELLS
    return _BAR_CELLS if width >= _WITH_BAR else 0, _WEIGHT_CELLS if width >= _WITH_WEIGHT else 0, decision


def _column_heads(width: int, text_styles: TextStyles) -> Strip:
    _, weight_cells, decision_cells = _columns(width)
    style = text_styles.faint + Style(bold=True)
    end = [
        Segment("open".rjust(_OPEN_CELLS), text_styles.dim),
        Segment("weighs".rjust(weight_cells) if weight_cells else "", text_styles.dim),
        Segment("  "),
        Segment("DECISION".ljust(decision_cells), style),
    ]
    return fit_row(width, [Segment("  ")], ("ROADMAP AND SECTION", style), end)


def _part(line: PartLine, width: int, text_styles: TextStyles) -> Strip:
    row = line.row
    bar_cells, weight_cells, decision_cells = _columns(width)
    counts = line.decision or line.around
    is_dropped = counts is not None and counts.choice is Choice.DROP
    fold = "▾ " if line.is_split else "▸ " if row.splits_further else "  "
    lead = [
        Segment("✓ " if line.is_marked else "  ", text_styles.accent),
        Segment("  " * row.depth),
        Segment(fold, text_styles.dim),
    ]
    style = text_styles.text if row.depth else text_styles.strong
    end = [
        *(progress_bar(row.progress, bar_cells, text_styles) if bar_cells else ()),
        Segment(f"{row.open:,}".rjust(_OPEN_CELLS), text_styles.dim),
        Segment(words.weight_words(line.weight).rjust(weight_cells) if weight_cells else "", text_styles.dim),
        Segment("  "),
        _decision(line, decision_cells, text_styles),
    ]
    return fit_row(width, lead, (row.title, text_styles.faint + _STRUCK if is_dropped else style), end)


_STYLES: Mapping[Choice, str] = {Choice.KEEP: "done", Choice.LATER: "due", Choice.DROP: "overdue"}


def _decision(line: PartLine, cells: int, text_styles: TextStyles) -> Segment:
    decision = line.decision or line.around
    if decision is None:
        return Segment("·".ljust(cells), text_styles.faint)
    said = words.decision_words(decision, line.today)
    if cell_len(said) > cells and decision.day is not None:
        said = f"later {decision.day:%d %b}".replace(" 0", " ")
    style = text_styles.faint
    if line.decision is not None:
        style = getattr(text_styles, _STYLES[decision.choice]) + Style(bold=True)
    return Segment(ellipsize(said, cells, cell_len).ljust(cells), style)


def _diff(line: DiffLine, width: int, text_styles: TextStyles) -> Strip:
    style = text_styles.done if line.is_new else text_styles.dim
    number = f"{line.number:6,} " if not line.is_new else " " * 7
    return fit_row(
        width,
        [Segment(number, text_styles.faint), Segment("+ " if line.is_new else "- ", style)],
        (display_text(line.text.strip()), style),
    )
