"""The text styles of a theme, by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.style import Style
from textual.color import Color


class TextStyles(NamedTuple):
    """One style for each meaning. The last three set only a background, the others none."""

    text: Style
    strong: Style
    dim: Style
    """Less important text: dates, folders, reasons."""
    faint: Style
    """Headings of panes, and finished tasks."""
    accent: Style
    match: Style
    """Letters that a search has found."""
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
    """The cursor of a pane without the focus."""
    glow: Style
    """A row that changed from outside."""

    @classmethod
    def of_theme(cls, variables: Mapping[str, str]) -> TextStyles:
        """The styles of a Textual theme; mixed from its colours where the theme does not define them."""
        background = Color.parse(variables["surface"])
        text = Color.parse(variables["foreground"])
        primary = Color.parse(variables["primary"])
        done = Color.parse(variables["success"])

        def theme_color(name: str, fallback: Color) -> Color:
            return Color.parse(variables[name]) if name in variables else fallback

        def foreground(color: Color, *, bold: bool = False) -> Style:
            return Style(color=color.rich_color, bold=bold or None)

        def legible(name: str) -> Style:
            return foreground(_legible(Color.parse(variables[name]), text, [background], _LEAST_CONTRAST))

        track = theme_color("track", background.blend(text, 0.2))
        cursor = theme_color("cursor", background.blend(primary, 0.25))
        match = _legible(primary, text, [background, cursor], _LEAST_CONTRAST_OF_TEXT)
        heats = [theme_color(f"heat-{level}", background.blend(done, level / 4)) for level in (1, 2, 3, 4)]
        return cls(
            text=foreground(text),
            strong=foreground(text, bold=True),
            dim=foreground(theme_color("dim", background.blend(text, 0.65))),
            faint=foreground(theme_color("faint", background.blend(text, 0.5))),
            accent=legible("primary"),
            match=foreground(match, bold=True),
            done=legible("success"),
            doing=legible("warning"),
            due=legible("warning"),
            overdue=legible("error"),
            track=foreground(track),
            heat=tuple(foreground(color) for color in (track, *heats)),
            cursor=Style(bgcolor=cursor.rich_color),
            cursor_away=Style(bgcolor=background.blend(cursor, 0.4).rich_color),
            glow=Style(bgcolor=theme_color("glow", background.blend(done, 0.3)).rich_color),
        )


_LEAST_CONTRAST = 3.0
"""The contrast that WCAG 2 requires of large text and graphics."""


_LEAST_CONTRAST_OF_TEXT = 4.5
"""The contrast that WCAG 2 requires of text."""


def _legible(color: Color, text: Color, backgrounds: Sequence[Color], contrast: float) -> Color:
    """`color`, blended with that of `text` until it has `contrast` on each of `backgrounds`."""
    for step in range(10):
        mixed = color.blend(text, step / 10)
        if all(_contrast(mixed, background) >= contrast for background in backgrounds):
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
