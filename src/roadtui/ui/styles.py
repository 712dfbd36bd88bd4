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
        """The styles of a Textual theme; mixed from its colours where the theme does not define them.

        Text has a contrast of 4.5:1 or more on each ground that it is drawn on, the cursor's row included;
        a colour with less is blended with black or white. Neighbouring shades of `heat` differ by 1.3:1.
        A theme in the terminal's own colours is taken as it is: what these look like is not known.
        """
        surface, background, panel = (
            Color.parse(variables[name]) for name in ("surface", "background", "panel")
        )
        primary, done = Color.parse(variables["primary"]), Color.parse(variables["success"])
        text = Color.parse(variables["foreground"])
        extreme = max(_EXTREMES, key=lambda color: contrast(color, surface))

        def theme_color(name: str, fallback: Color) -> Color:
            return Color.parse(variables[name]) if name in variables else fallback

        def ground(color: Color) -> Color:
            """`color`, near enough to the ground of the panes to be read on."""
            steps = (color.blend(surface, step / _STEPS) for step in range(_STEPS))
            return next((one for one in steps if contrast(extreme, one) >= _ON_A_CURSOR), surface)

        cursor = ground(theme_color("cursor", surface.blend(primary, 0.25)))
        glow = ground(theme_color("glow", surface.blend(done, 0.3)))
        cursor_away = surface.blend(cursor, 0.4)
        grounds = [_luminance(color) for color in (surface, background, panel, cursor, cursor_away, glow)]

        def legible(color: Color, *, bold: bool = False) -> Style:
            shown = color if color.ansi is not None else _legible(color, extreme, grounds)
            return Style(color=shown.rich_color, bold=bold or None)

        track = theme_color("track", surface.blend(text, 0.2))
        heat = [theme_color(f"heat-{level}", surface.blend(done, level / 4)) for level in (1, 2, 3, 4)]
        return cls(
            text=legible(text),
            strong=legible(text, bold=True),
            dim=legible(theme_color("dim", surface.blend(text, 0.65))),
            faint=legible(theme_color("faint", surface.blend(text, 0.5))),
            accent=legible(primary),
            match=legible(primary, bold=True),
            done=legible(done),
            doing=legible(Color.parse(variables["warning"])),
            due=legible(Color.parse(variables["warning"])),
            overdue=legible(Color.parse(variables["error"])),
            track=Style(color=track.rich_color),
            heat=tuple(Style(color=color.rich_color) for color in _distinct([track, *heat], extreme)),
            cursor=Style(bgcolor=cursor.rich_color),
            cursor_away=Style(bgcolor=cursor_away.rich_color),
            glow=Style(bgcolor=glow.rich_color),
        )


_LEAST_CONTRAST = 4.5
"""The contrast that WCAG 2 requires of text."""
_ON_A_CURSOR = 7.0
"""The contrast that a row's ground leaves to black or white, so that colours stay apart on it."""
_LEAST_STEP = 1.3
"""The contrast between neighbouring shades of a heatmap."""
_STEPS = 20
_EXTREMES = Color(0, 0, 0), Color(255, 255, 255)


def _legible(color: Color, extreme: Color, grounds: Sequence[float]) -> Color:
    """`color`, blended with `extreme` until it can be read on each ground, given by its luminance."""
    for step in range(_STEPS):
        mixed = color.blend(extreme, step / _STEPS)
        luminance = _luminance(mixed)
        if all(_ratio(luminance, ground) >= _LEAST_CONTRAST for ground in grounds):
            return mixed
    return extreme


def _distinct(shades: Sequence[Color], extreme: Color) -> list[Color]:
    """`shades`, each blended with `extreme` until it has the least step from the one before it."""
    found = [shades[0]]
    for shade in shades[1:]:
        away = _luminance(extreme) > _luminance(found[-1])
        for step in range(_STEPS + 1):
            mixed = shade.blend(extreme, step / _STEPS)
            is_further = (_luminance(mixed) > _luminance(found[-1])) is away
            if is_further and contrast(mixed, found[-1]) >= _LEAST_STEP:
                break
        found.append(mixed)
    return found


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21, as WCAG 2 defines it."""
    return _ratio(_luminance(one), _luminance(other))


def _ratio(one: float, other: float) -> float:
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
