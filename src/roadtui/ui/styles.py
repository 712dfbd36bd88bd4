"""The colours that mean something, as styles that rows are drawn with. Made once per theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.style import Style
from textual.color import Color


class TextStyles(NamedTuple):
    """One style for each meaning. None sets a ground, but for the last three, which are grounds only."""

    text: Style
    strong: Style
    dim: Style
    """Words beside the point: dates, folders, reasons."""
    faint: Style
    """Small caps and finished things."""
    accent: Style
    done: Style
    doing: Style
    due: Style
    overdue: Style
    track: Style
    """The part of a bar that is still to do."""
    heat: tuple[Style, ...]
    """Shades of a heatmap from nothing to most."""
    cursor: Style
    cursor_away: Style
    """The cursor of a pane that has not the focus."""
    glow: Style
    """A row that changed from outside."""

    @classmethod
    def of_theme(cls, variables: Mapping[str, str]) -> TextStyles:
        """The styles of a Textual theme; mixed from its colours where the theme does not define them."""
        ground = Color.parse(variables["surface"])
        text = Color.parse(variables["foreground"])
        done = Color.parse(variables["success"])

        def ink(name: str, fallback: Color) -> Color:
            return Color.parse(variables[name]) if name in variables else fallback

        def pen(color: Color, *, bold: bool = False) -> Style:
            return Style(color=color.rich_color, bold=bold or None)

        def word(name: str) -> Style:
            return pen(_legible(Color.parse(variables[name]), ground, text))

        track = ink("track", ground.blend(text, 0.2))
        cursor = ink("cursor", ground.blend(Color.parse(variables["primary"]), 0.25))
        heats = [ink(f"heat-{level}", ground.blend(done, level / 4)) for level in (1, 2, 3, 4)]
        return cls(
            text=pen(text),
            strong=pen(text, bold=True),
            dim=pen(ink("dim", ground.blend(text, 0.65))),
            faint=pen(ink("faint", ground.blend(text, 0.5))),
            accent=word("primary"),
            done=word("success"),
            doing=word("warning"),
            due=word("warning"),
            overdue=word("error"),
            track=pen(track),
            heat=tuple(pen(color) for color in (track, *heats)),
            cursor=Style(bgcolor=cursor.rich_color),
            cursor_away=Style(bgcolor=ground.blend(cursor, 0.4).rich_color),
            glow=Style(bgcolor=ink("glow", ground.blend(done, 0.3)).rich_color),
        )


_LEAST_CONTRAST = 3.0
"""WCAG 2 asks as much of large text and of signs."""


def _legible(color: Color, ground: Color, text: Color) -> Color:
    """`color`, moved towards that of `text` as far as it takes to be read on `ground`."""
    for step in range(10):
        mixed = color.blend(text, step / 10)
        if _contrast(mixed, ground) >= _LEAST_CONTRAST:
            return mixed
    return text


def _contrast(one: Color, other: Color) -> float:
    """From 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
