"""What can be wrong with a screen at some size: text cut without a sign, columns that jump, overlaps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.geometry import Region
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.widget import Widget
from textual.widgets import Input, Static

import roadtui
from roadtui.resources import folder
from roadtui.ui.widgets.line_list import LineList

WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_BAR = re.compile(r"[━╍─╸╾]{3,}")
_COUNT = re.compile(r"(?:\d+/\d+|\d+%)$")
_DAY = re.compile(
    r"(?:done|due|started|planned|from|[✓◐!~≥])[ ]?(?:today|yesterday|tomorrow|(?:\d+ )?[A-Z][a-z]{2})"
    r"(?: \d{4})?$|\d+ days? late$|\d+d late$"
)


def faults(screen: Screen[Any]) -> list[str]:
    """What is wrong with `screen` as it is painted, a line each."""
    leaves = dict(_leaves(screen))
    found = [*_overlaps(leaves), *_beyond(screen), *_too_long(leaves)]
    for widget, region in leaves.items():
        lines = [widget.render_line(y) for y in range(min(region.height, widget.size.height))]
        if isinstance(widget, Input):
            if widget.value:  # It scrolls.
                continue
            lines = [line.crop(0, widget.content_size.width) for line in lines]
        found += [
            f"{_name(widget)} has a row that is too wide: {line.text!r}"
            for line in lines
            if line.cell_length > widget.size.width
        ]
        texts = [line.text for line in lines]
        found += [f"{_name(widget)} cuts {word!r} in {text!r}" for word, text in _cut(texts)]
        if isinstance(widget, LineList):
            found += [f"{_name(widget)}: {text}" for text in _jumping(texts)]
    return found


def _name(widget: Widget) -> str:
    return f"{type(widget).__name__}{f'#{widget.id}' if widget.id else ''}"


def _leaves(screen: Screen[Any]) -> Iterator[tuple[Widget, Region]]:
    """The widgets that draw something, with the part of them that is on the screen."""
    for widget, (region, clip) in screen._compositor.visible_widgets.items():
        shown = region.intersection(clip)
        is_leaf = not any(child.display and child.visible for child in widget.children)
        if is_leaf and shown.area and not isinstance(widget, (Screen, ScrollBar)):
            yield widget, shown


def _overlaps(leaves: dict[Widget, Region]) -> Iterator[str]:
    for (one, region), (other, other_region) in combinations(leaves.items(), 2):
        if region.overlaps(other_region):
            yield f"{_name(one)} {region} and {_name(other)} {other_region} overlap"


def _beyond(screen: Screen[Any]) -> Iterator[str]:
    """What is not wholly on the screen, and cannot be scrolled there."""
    for widget in screen.query("*"):
        region = widget.region
        is_scrolled = any(
            isinstance(node, Widget) and node is not screen and node.max_scroll_y > 0
            for node in widget.ancestors
        )
        if widget.display and region.area and not is_scrolled and not screen.region.contains_region(region):
            yield f"{_name(widget)} at {region} is not on the screen of {screen.size}"


def _too_long(leaves: dict[Widget, Region]) -> Iterator[str]:
    """Texts whose last lines are not shown; they can't be scrolled to."""
    for widget, region in leaves.items():
        if isinstance(widget, Static) and widget.styles.overflow_y == "hidden":
            size = widget.content_size
            needed = widget.get_content_height(size, widget.screen.size, size.width)
            if needed > min(size.height, region.height):
                yield f"{_name(widget)} has {needed} lines, and {size.height} are shown"


def _cut(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        for match in WORD.finditer(line):
            if match[0] not in words_of_the_program() and line[match.end() : match.end() + 1] != "…":
                yield match[0], line.strip()


def _jumping(lines: list[str]) -> Iterator[str]:
    """Columns that are not at the same cells in all rows of a list."""
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for line in (line.rstrip(" ▁▂▃▄▅▆▇█") for line in lines):
        bar, count = _BAR.search(line), _COUNT.search(line)
        if bar is not None:
            places["bar"].add((cell_len(line[: bar.start()]), len(bar[0])))
        if count is not None:
            places["number"].add((cell_len(line), 0))
            line = line[: (bar or count).start()].rstrip()
        if _DAY.search(line):
            places["day beside a number" if count else "day"].add((cell_len(line), 0))
    for column, found in places.items():
        if len(found) > 1:
            yield f"the column of the {column} is at {sorted(found)}"


@cache
def words_of_the_program() -> frozenset[str]:
    """The words that the program and the sample vault have whole."""
    source = Path(roadtui.__file__).parent
    texts = (
        path.read_text("utf-8") for path in (*source.rglob("*.py"), *folder("sample_vault").rglob("*.md"))
    )
    words = {word for text in texts for word in WORD.findall(text)}
    words |= {"pgdn", "pgup"}  # Textual's names of keys.
    return frozenset(form for word in words for form in (word, word.capitalize(), word.upper(), word.lower()))
