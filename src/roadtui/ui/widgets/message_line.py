"""Draws a message in one line, or in two where it has to be read whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.terminal_text import ellipsize
from roadtui.ui.notifications import MessageKind, ShownMessage
from roadtui.ui.render import wrapped
from roadtui.ui.styles import TextStyles

_MOST_LINES = 2
_BREAK = " · "
"""Before what can be done about it: `Deleted “Old idea” · u takes it back`."""
_LEAST_CELLS = 16
"""Of a long sentence, at least so much is shown beside what can be done about it."""


def message_lines(message: ShownMessage, width: int, text_styles: TextStyles, list_key: str) -> list[Strip]:
    """`message` in lines of at most `width` cells, the longer ones cut with `…`.

    `list_key` lists the messages, as a fault with others before it says; empty where it can't.
    """
    sign, style = message_sign(message.kind, text_styles)
    start = [Segment(sign, style)] if sign else []
    most = max(1, width - cell_len(sign))
    text = message.counted_text
    plain = text_styles.dim if message.kind is MessageKind.HINT else text_styles.text
    others = f"{_BREAK}{list_key} shows {message.unread} more" if message.unread and list_key else ""
    if message.kind.has_to_be_read and cell_len(text + others) > most:
        lines = _wrapped(text, others, most)
        indent = Segment(" " * cell_len(sign))
        return [
            Strip([*(start if not at else [indent]), Segment(line, plain)]) for at, line in enumerate(lines)
        ]
    return [Strip([*start, *_fitted(text + others, most, plain, text_styles.dim)])]


def message_sign(kind: MessageKind, text_styles: TextStyles) -> tuple[str, Style]:
    """What stands before a message of this kind: a sign and a blank, or nothing."""
    return {
        MessageKind.INFORMATION: ("", text_styles.text),
        MessageKind.EDIT: ("✓ ", text_styles.done),
        MessageKind.HINT: ("", text_styles.dim),
        MessageKind.WARNING: ("! ", text_styles.due),
        MessageKind.ERROR: ("✗ ", text_styles.overdue),
    }[kind]


def _wrapped(text: str, others: str, cells: int) -> list[str]:
    """`text` in lines of `cells` cells, and after it where `others` are, as long as `text` can be read."""
    whole = wrapped(text + others, cells, _MOST_LINES)
    if " ".join(whole) == text + others:
        return whole
    *lines, last = wrapped(text, cells, _MOST_LINES)
    left = cells - cell_len(others)
    return [*lines, f"{ellipsize(last, left, cell_len)}{others}" if left >= _LEAST_CELLS else last]


def _fitted(text: str, cells: int, plain: Style, dim: Style) -> Sequence[Segment]:
    """`text` in `cells` cells. What can be done is quiet, and is there as long as the rest can be read."""
    what, _, can_be_done = text.rpartition(_BREAK)
    left = cells - cell_len(f"{_BREAK}{can_be_done}")
    if not what or (cell_len(what) > left and left < _LEAST_CELLS):
        return [Segment(ellipsize(text, cells, cell_len), plain)]
    return [Segment(ellipsize(what, left, cell_len), plain), Segment(f"{_BREAK}{can_be_done}", dim)]
