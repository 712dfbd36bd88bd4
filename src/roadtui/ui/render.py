"""Pieces that every pane is drawn from: rows of styled text that fit, progress bars, status signs.

Text of notes is passed through `display_text` first: repaired, and without control characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.line_text import line_text
from roadtui.core.next_actions.ranking import Reason, ReasonKind
from roadtui.core.stats.progress import Progress
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text, ellipsize, graphemes
from roadtui.ui.styles import TextStyles

STATUS_GLYPHS = {
    StatusType.TODO: "○",
    StatusType.IN_PROGRESS: "◐",
    StatusType.ON_HOLD: "◌",
    StatusType.DONE: "●",
    StatusType.CANCELLED: "⊘",
    StatusType.NON_TASK: "·",
    StatusType.EMPTY: "○",
}


NOTE_GLYPH, HEADING_GLYPH = "≡", "§"
"""What stands before a note and a heading in lists of several kinds."""
WAITING_GLYPH = "⊙"
"""Sign of a task to do that cannot be started yet."""
_NO_GLYPH = "�"
_LEAST_TITLE = 6
"""The fewest cells that a title of a path is cut to."""


def status_sign(symbol: str, statuses: StatusRegistry) -> str:
    """The sign of the status symbol `symbol`, two cells wide.

    The glyph of its type; a symbol other than ` ` whose type has the glyph of `[ ]` is shown itself.
    """
    kind = statuses.type_of(symbol)
    glyph = STATUS_GLYPHS[kind]
    if symbol != " " and glyph == STATUS_GLYPHS[StatusType.TODO]:
        own = display_text(symbol)
        glyph = own if own.strip() and cell_len(own) in (1, 2) else _NO_GLYPH
    return f"{glyph} " if cell_len(glyph) == 1 else glyph


def status_style(kind: StatusType, text_styles: TextStyles) -> Style:
    """The style of the glyph of a status."""
    if kind is StatusType.DONE:
        return text_styles.done
    if kind is StatusType.IN_PROGRESS:
        return text_styles.doing
    return text_styles.dim if kind.is_open else text_styles.faint


def reason_style(reason: Reason, text_styles: TextStyles) -> Style:
    """The style of a reason to do a task."""
    if reason.kind is ReasonKind.LATE:
        return text_styles.overdue
    if reason.kind is ReasonKind.DUE:
        return text_styles.due
    return text_styles.doing if reason.kind is ReasonKind.IN_PROGRESS else text_styles.dim


def fit_row(
    width: int,
    start: Sequence[Segment],
    text: tuple[str, Style],
    *ends: Sequence[Segment],
    matched: tuple[Sequence[int], Style] | None = None,
) -> Strip:
    """One row of `width` cells: `start`, `text` cut to the space left with `…`, and an end at the right edge.

    The end is the first of `ends` that leaves space for at least a few cells of `text`; without one, nothing.
    `matched`: positions in `text`, and the style that they are drawn in on top of its own.
    """
    shown, style = text
    before = _cells(start)
    least = before + min(8, cell_len(shown))
    end = next((some for some in ends if least + _cells(some) < width), ())
    after = _cells(end)
    most = max(0, width - before - after - (1 if after else 0))
    shown = ellipsize(shown, most, cell_len)
    gap = max(0, width - before - cell_len(shown) - after)
    positions, lit = matched if matched is not None else ((), style)
    segments = [*start, *lit_segments(shown, style, positions, lit), Segment(" " * gap), *end]
    return Strip(segments, before + cell_len(shown) + gap + after).crop(0, width)


def fit_markdown_row(
    width: int,
    start: Sequence[Segment],
    text: tuple[str, Style],
    *ends: Sequence[Segment],
    matched: tuple[Sequence[int], Style] | None = None,
) -> Strip:
    """As `fit_row`, for `text` that is Markdown: shown rendered. `matched` counts in the Markdown."""
    markdown, style = text
    line = line_text(markdown)
    lit = (line.positions(matched[0]), matched[1]) if matched is not None else None
    return fit_row(width, start, (line.text, style), *ends, matched=lit)


def lit_segments(text: str, style: Style, positions: Sequence[int], lit: Style) -> list[Segment]:
    """`text` with the characters at `positions` lit, each with all that is drawn in the same cell."""
    if not positions:
        return [Segment(text, style)]
    wanted = set(positions)
    segments = []
    start = at = 0
    was_lit = False
    for cluster in text if text.isascii() else graphemes(text):
        after = at + len(cluster)
        is_lit = not wanted.isdisjoint(range(at, after))
        if is_lit is not was_lit:
            if at > start:
                segments.append(Segment(text[start:at], style + lit if was_lit else style))
            start, was_lit = at, is_lit
        at = after
    return [*segments, Segment(text[start:], style + lit if was_lit else style)]


def _cells(segments: Sequence[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)


def progress_bar(progress: Progress, cells: int, text_styles: TextStyles) -> list[Segment]:
    """A thin bar of `cells` cells: done, then in progress, dashed in a second shade, then a thinner line.

    Drawn in half cells; the first progress always shows, and the bar is full only when all is done.
    """
    styles = (text_styles.done, text_styles.doing, text_styles.track)
    return [
        Segment(text, styles[part])
        for text, part in _bar_parts(progress.done, progress.in_progress, progress.total, cells)
    ]


@lru_cache(1_000)
def _bar_parts(done: int, doing: int, total: int, cells: int) -> Sequence[tuple[str, int]]:
    """A bar as texts, each with what it stands for: done, in progress or left, from 0."""
    halves = cells * 2
    done_halves = _halves(done, total or 1, halves)
    doing_halves = min(_halves(doing, total or 1, halves), halves - done_halves)
    shown: list[tuple[str, int]] = []
    for at in range(cells):
        left, right = (_part(2 * at + half, done_halves, doing_halves) for half in (0, 1))
        glyph = _BAR_GLYPHS[left] if left == right else "╾" if right == _LEFT else "╸"
        if shown and shown[-1][1] == left:
            shown[-1] = shown[-1][0] + glyph, left
        else:
            shown.append((glyph, left))
    return shown


_LEFT = 2
_BAR_GLYPHS = ("━", "╍", "─")
"""Of what is done, in progress and left: they differ without colours, too."""


def _halves(number: int, total: int, halves: int) -> int:
    if not number:
        return 0
    return max(1, number * halves // total)


def _part(half: int, done: int, doing: int) -> int:
    if half < done:
        return 0
    return 1 if half < done + doing else _LEFT


def percent(progress: Progress) -> str:
    """`26%`, right-aligned in four cells; blank if there are no tasks."""
    return f"{progress.percent:3}%" if progress.total else "    "


def pane_heading(text: str, text_styles: TextStyles, *, has_focus: bool = False) -> Segment:
    """A heading of a pane, in capitals; bright in the pane with the focus."""
    return Segment(text.upper(), (text_styles.accent if has_focus else text_styles.faint) + Style(bold=True))


def fitted_path(titles: Sequence[str], cells: int) -> str:
    """`A › B › C` in at most `cells` cells: titles in the middle give way first, then the first one.

    The last one, which is next to what is shown, is cut only where it does not fit alone.
    """
    text = " › ".join(titles)
    if cell_len(text) <= cells or not titles:
        return text
    first, last = titles[0], titles[-1]
    for at in range(1, len(titles) - 1):  # This one is cut, and those before it are left out.
        before, after = [first, "…"] if at > 1 else [first], titles[at + 1 :]
        space = cells - cell_len(" › ".join([*before, "", *after]))
        if space >= _LEAST_TITLE:
            return " › ".join([*before, ellipsize(titles[at], space, cell_len), *after])
        text = " › ".join([first, "…", *after])
        if cell_len(text) <= cells:
            return text
    space = cells - cell_len(f" › {last}")
    if len(titles) > 1 and space > 0:
        # A first title that would fit is cut all the same, as a sign that others are left out.
        shown = min(space, cell_len(first) - 1)
        return f"{ellipsize(first, shown if shown >= _LEAST_TITLE else 1, cell_len)} › {last}"
    return ellipsize(last, cells, cell_len)


def wrapped(text: str, cells: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `cells` cells; text that does not fit is cut with `…`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= cells or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [ellipsize(line, cells, cell_len) for line in lines]
