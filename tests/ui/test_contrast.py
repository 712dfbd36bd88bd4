"""Text can be read and shades told apart in every theme, computed from what is drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from roadtui.resources import folder
from roadtui.ui.styles import TextStyles
from roadtui.ui.themes import DARK, shipped_themes

BROKEN = Theme("faint", primary="#335577", foreground="#555555", background="#222222", surface="#303030")
"""Dark on dark: nothing of it can be read as it is."""
THEMES = {
    theme.name: theme
    for theme in (DARK, BROKEN, *shipped_themes(folder("themes")), *BUILTIN_THEMES.values())
    if not theme.name.startswith("ansi-")  # What the terminal's own colours look like is not known.
}
TEXTS = ("text", "strong", "dim", "faint", "accent", "match", "done", "doing", "due", "overdue")
OWN = (DARK, *shipped_themes(folder("themes")))


def variables(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def luminance(color: RichColor) -> float:
    """By WCAG 2."""
    parts = [part / 255 for part in color.get_truecolor()]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: RichColor, other: RichColor) -> float:
    """The contrast by WCAG 2: from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def foreground(style: Style) -> RichColor:
    assert style.color is not None
    return style.color


def grounds(theme: Theme) -> dict[str, RichColor]:
    """All that text is drawn on."""
    styles = TextStyles.of_theme(variables(theme))
    found = {name: RichColor.parse(variables(theme)[name]) for name in ("surface", "background", "panel")}
    for name in ("cursor", "cursor_away", "glow"):
        color = getattr(styles, name).bgcolor
        assert color is not None
        found[name] = color
    return found


@pytest.mark.parametrize("name", THEMES)
def test_all_text_can_be_read_on_every_ground(name: str) -> None:
    styles = TextStyles.of_theme(variables(THEMES[name]))
    short = {
        (text, ground): round(found, 2)
        for text in TEXTS
        for ground, color in grounds(THEMES[name]).items()
        if (found := ratio(foreground(getattr(styles, text)), color)) < 4.5
    }
    assert short == {}


@pytest.mark.parametrize("name", THEMES)
def test_shades_of_a_heatmap_differ_and_get_stronger(name: str) -> None:
    heat = [foreground(style) for style in TextStyles.of_theme(variables(THEMES[name])).heat]
    assert len(heat) == 5
    assert min(ratio(one, other) for one, other in pairwise(heat)) >= 1.3
    away = [ratio(color, heat[0]) for color in heat]
    assert away == sorted(away), "each is further from an empty day than the one before"


@pytest.mark.parametrize("name", THEMES)
def test_the_row_under_the_cursor_can_be_seen(name: str) -> None:
    found = grounds(THEMES[name])
    assert ratio(found["cursor"], found["surface"]) >= 1.1


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
def test_colours_that_mean_something_stay_apart(theme: Theme) -> None:
    """What is made readable is not made grey: done, doing, overdue and the accent differ from each other."""
    styles = TextStyles.of_theme(variables(theme))
    colors = [
        foreground(getattr(styles, name)).get_truecolor() for name in ("done", "doing", "overdue", "accent")
    ]
    for index, one in enumerate(colors):
        for other in colors[index + 1 :]:
            assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) >= 60
