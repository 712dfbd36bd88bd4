"""Text of a note as one line of a screen shows it: its inline Markdown rendered, safe for a terminal. Pure.

What is found, copied and edited is the Markdown itself; `LineText` says where its characters are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from roadtui.core.inline_parser import parse_inline
from roadtui.core.styled_text import TextSpan
from roadtui.core.terminal_text import display_text

_MOST_CHARACTERS = 2_000
"""The most of a text that is rendered: no row is as long."""


class LineText(NamedTuple):
    """One line."""

    text: str
    """The text of all spans."""
    spans: tuple[TextSpan, ...]
    """`source` counts in the Markdown as `display_text` shows it, in which a filter looks for its words."""
    links: tuple[str, ...] = ()
    """The targets of the links in it that lead to notes."""

    def positions(self, found: Iterable[int]) -> list[int]:
        """Where the characters at `found` in the Markdown are in `text`, for those that are shown."""
        wanted = sorted(found)
        if not wanted or (self.spans[0].source == 0 and len(self.spans) == 1):
            return wanted
        shown: list[int] = []
        at = 0
        for span in self.spans:
            if span.source >= 0:
                end = span.source + len(span.text)
                shown += [at + one - span.source for one in wanted if span.source <= one < end]
            at += len(span.text)
        return shown


@lru_cache(maxsize=1024)
def line_text(markdown: str) -> LineText:
    """The text of a task or heading as a line shows it; as written where nothing of it would be seen."""
    written = display_text(markdown)
    parsed = parse_inline(written[:_MOST_CHARACTERS])
    spans = tuple(
        span if "\n" not in span.text else span._replace(text=span.text.replace("\n", " "))
        for span in parsed.spans
    )
    text = "".join(span.text for span in spans)
    if not text.strip():
        return LineText(written, (TextSpan(written, source=0),) if written else ())
    if len(written) > _MOST_CHARACTERS:
        rest = written[_MOST_CHARACTERS:]
        text, spans = text + rest, (*spans, TextSpan(rest, source=_MOST_CHARACTERS))
    return LineText(text, spans, parsed.links)


def plain_line(markdown: str) -> str:
    """The text of a task or heading without its Markdown: `see [[Why]]` reads `see Why`."""
    return line_text(markdown).text
