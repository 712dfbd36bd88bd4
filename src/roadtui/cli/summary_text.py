"""The summary of a vault as text: one line for a shell prompt, or one screen for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from roadtui.core.dates import day_text, due_text
from roadtui.core.mojibake import repair
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.stats.activity import streak_length
from roadtui.core.stats.forecast import NoForecast
from roadtui.core.stats.progress import CountMode, Progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import ellipsize, escape_terminal
from roadtui.session.reports.summary import VaultSummary, odds_text

MOST_ROADMAPS = 10
"""The most roadmaps that one screen lists; if there are more, those in progress come first."""
_MOST_DUE = 3
_BAR_CELLS = 14
_LABEL_CELLS = 10
_SHORT_CELLS = 40


class AnsiStyles(NamedTuple):
    """The codes (SGR) before and after text that has a style; all empty without colour."""

    done: str = ""
    doing: str = ""
    late: str = ""
    dim: str = ""
    strong: str = ""
    end: str = ""


PLAIN = AnsiStyles()
COLOURED = AnsiStyles("\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m")


def short_line(progress: Progress, suggestions: Sequence[Suggestion], format: TaskFormat) -> str:
    """`17/64 26% ▸ Distributions`, for a shell prompt."""
    if not progress.total:
        return "no tasks"
    numbers = f"{progress.done}/{progress.total} {progress.percent}%"
    if not suggestions:
        return numbers
    return f"{numbers} ▸ {_fitting(task_text(suggestions[0].task, format), _SHORT_CELLS)}"


def screen(summary: VaultSummary, format: TaskFormat, width: int, styles: AnsiStyles) -> Iterator[str]:
    """The summary in one screen, line by line, none wider than `width` cells."""
    progress = summary.progress
    name = _fitting(shown_text(summary.name), max(8, width - 24))
    if not progress.total:
        yield f"{styles.strong}{name}{styles.end}  no tasks"
        return
    yield f"{styles.strong}{name}{styles.end}  {progress.done}/{progress.total} · {progress.percent}%"
    yield _bar(progress, width, styles)
    if len(summary.roadmaps) > 1:
        yield ""
        yield from _roadmaps(summary, width, styles)
    yield ""
    for fact in _facts(summary, format):
        for at, line in enumerate(fact.lines(max(1, width - _LABEL_CELLS))):
            label = "" if at else fact.label
            yield f"{styles.dim}{label.ljust(_LABEL_CELLS)}{styles.end}{_styled(line, fact.style, styles)}"


class _Fact(NamedTuple):
    """A line below the bars: a label, text of a note, and words of the program."""

    label: str
    quoted: str = ""
    """Text of a note; it is cut where it is too long."""
    words: str = ""
    """Words of the program; they are wrapped and never cut."""
    style: str = ""

    def lines(self, cells: int) -> Iterator[str]:
        """One line if it fits in `cells`, else the words below the text of the note."""
        whole = " — ".join(filter(None, (self.quoted, self.words)))
        if cell_len(whole) <= cells:
            yield whole
            return
        if self.quoted:
            yield _fitting(self.quoted, cells)
        yield from _wrapped(self.words, cells)


def _wrapped(text: str, cells: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and cell_len(longer) > cells:
            yield _fitting(line, cells)
            longer = word
        line = longer
    if line:
        yield _fitting(line, cells)


def _styled(text: str, style: str, styles: AnsiStyles) -> str:
    code = getattr(styles, style) if style else ""
    return f"{code}{text}{styles.end}" if code else text


def _roadmaps(summary: VaultSummary, width: int, styles: AnsiStyles) -> Iterator[str]:
    listed = summary.roadmaps
    if len(listed) > MOST_ROADMAPS:
        by_start = sorted(listed, key=lambda note: not (0 < note.progress.done < note.progress.total))
        listed = tuple(by_start[:MOST_ROADMAPS])
    digits = max(len(str(note.progress.total)) for note in listed)
    bar_cells = min(_BAR_CELLS, max(4, width // 5))
    numbers_cells = 2 * digits + 1
    names = [shown_text(note.name) for note in listed]
    left_cells = max(4, width - bar_cells - numbers_cells - 9)
    name_cells = min(left_cells, max(map(cell_len, names)))
    for note, whole in zip(listed, names, strict=True):
        progress = note.progress
        name = _fitting(whole, name_cells)
        done = f"{progress.done}/{progress.total}".rjust(numbers_cells)
        percent = f"{progress.percent:3}%" if progress.total else "    "
        yield (
            f"{name}{' ' * (name_cells - cell_len(name))} {_bar(progress, bar_cells, styles)}"
            f"  {_styled(percent, 'done' if progress.is_complete else '', styles)}"
            f"  {styles.dim}{done}{styles.end}"
        )
    if len(listed) < len(summary.roadmaps):
        yield f"{styles.dim}and {len(summary.roadmaps) - len(listed)} more{styles.end}"


def _bar(progress: Progress, cells: int, styles: AnsiStyles) -> str:
    """A bar of done, in progress and open; distinct without colour too, and full only when all is done."""
    total = progress.total or 1
    done = max(1, progress.done * cells // total) if progress.done else 0
    doing = min(max(1, progress.in_progress * cells // total), cells - done) if progress.in_progress else 0
    return (
        f"{_styled('━' * done, 'done', styles)}{_styled('╍' * doing, 'doing', styles)}"
        f"{styles.dim}{'─' * (cells - done - doing)}{styles.end}"
    )


def _facts(summary: VaultSummary, format: TaskFormat) -> Iterator[_Fact]:
    """The lines below the bars."""
    for label, one in zip(("next", ""), summary.suggestions, strict=False):
        parts = [reason.text for reason in one.reasons[:1]]
        if len(summary.roadmaps) > 1:
            parts.append(shown_text(_name(one.path)))
        yield _Fact(label, task_text(one.task, format), " · ".join(parts))
    for label, due in zip(("due", *[""] * _MOST_DUE), summary.due[:_MOST_DUE], strict=False):
        words = f"{due_text(due.day, summary.today)}: {task_text(due.task, format)}"
        yield _Fact(label, words, style="late" if due.day < summary.today else "")
    yield _Fact("pace", words=pace_text(summary))
    for label, text in zip(("forecast", "deadline"), forecast_text(summary), strict=False):
        yield _Fact(label, words=text)
    if summary.checkboxes != summary.progress.total:
        yield _Fact("counted", words=counted_text(summary))


def counted_text(summary: VaultSummary) -> str:
    """How many of the checkboxes are counted; `roadtui tasks --total` counts all of them."""
    left_out = "cancelled ones" if summary.count is CountMode.ALL else "parents and cancelled ones"
    checkboxes = quantity(summary.checkboxes, "checkbox", "checkboxes")
    return f"{summary.progress.total} of {checkboxes}, without {left_out}"


def pace_text(summary: VaultSummary) -> str:
    """Streak and pace, and how many done tasks neither can count."""
    words = [f"{streak_length(summary.streak.current)} streak"]
    if summary.pace:
        words.append(f"{summary.pace:.1f} a week")
    elif not summary.done_undated:
        words.append("nothing done lately")
    if summary.done_undated:
        words.append(f"{summary.done_undated} done without a date")
    return " · ".join(words)


def forecast_text(summary: VaultSummary) -> Iterator[str]:
    """The forecast, or why there is none; then the odds of the deadline, if there is one."""
    found, today = summary.forecast, summary.today
    if isinstance(found, NoForecast):
        yield found.sentence
    else:
        likely = "later than in five years" if found.likely is None else f"by {day_text(found.likely, today)}"
        without = f" · without {summary.put_off} put off" if summary.put_off else ""
        yield f"done: 50 % by {day_text(found.half, today)} · 80 % {likely}{without}"
    if summary.deadline is not None and found.odds is not None:
        yield f"{day_text(summary.deadline, today)}: {odds_text(found.odds)}"


def shown_text(text: str) -> str:
    """Text of a note, repaired, and escaped for a terminal."""
    return escape_terminal(repair(text))


def task_text(task: Task, format: TaskFormat) -> str:
    """The description of `task`, repaired and escaped."""
    return shown_text(read_fields(task.text, format).description or task.text)


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _fitting(text: str, cells: int) -> str:
    return ellipsize(text, max(1, cells), cell_len)
