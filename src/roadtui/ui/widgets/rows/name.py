"""Draws the name of a row: its Markdown rendered, cut with `…`, the letters that a filter has found lit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from roadtui.core.line_text import LineText
from roadtui.core.styled_text import Look, TextSpan
from roadtui.core.terminal_text import ellipsize
from roadtui.ui.render import lit_segments
from roadtui.ui.styles import TextStyles

_QUIET, _TAG, _ADDRESS = int(Look.QUIET), int(Look.TAG), int(Look.ADDRESS)
_HIGHLIGHT, _CODE = int(Look.HIGHLIGHT), int(Look.CODE)
_ATTRIBUTES = (
    (int(Look.STRONG), Style(bold=True)),
    (int(Look.EMPHASIS), Style(italic=True)),
    (int(Look.STRUCK), Style(strike=True)),
)
_UNDERLINED = Style(underline=True)


class NameStyle(NamedTuple):
    """How the name of one row is drawn."""

    text_styles: TextStyles
    base: Style
    is_quiet: bool
    """Whether the row steps back: then nothing in its name has a colour of its own."""
    is_dead: Callable[[str], bool]
    """Whether the target of a link leads nowhere."""

    def of_span(self, span: TextSpan, links: Sequence[str]) -> Style:
        """The style of one piece of the name."""
        look, text_styles, style = int(span.look), self.text_styles, self.base
        if not look and span.link < 0:
            return style
        if look & _QUIET and not self.is_quiet:
            style += text_styles.dim
        if look & _TAG and not self.is_quiet:
            style += text_styles.accent
        if span.link >= 0:
            if self.is_dead(links[span.link]):
                style += text_styles.dim
            elif not self.is_quiet:
                style += text_styles.accent
            style += _UNDERLINED
        elif look & _ADDRESS:
            style += _UNDERLINED
        if look & _HIGHLIGHT:
            style += text_styles.glow
        if look & _CODE:
            style += text_styles.cursor
        for one, attribute in _ATTRIBUTES:
            if look & one:
                style += attribute
        return style


def name_segments(
    line: LineText, cells: int, style: NameStyle, positions: Sequence[int] = ()
) -> list[Segment]:
    """`line` in at most `cells` cells, with the characters at `positions` of its text lit."""
    text = ellipsize(line.text, cells, cell_len)
    uncut = len(text) if text == line.text else len(text) - 1
    segments: list[Segment] = []
    at = 0
    for span in line.spans:
        part = text[at : at + len(span.text)]
        if not part:
            break
        lit = [one - at for one in positions if at <= one < uncut]
        segments += lit_segments(part, style.of_span(span, line.links), lit, style.text_styles.match)
        at += len(span.text)
    return segments
