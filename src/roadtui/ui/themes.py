"""Themes: the one that is on the start path stands here, the others are TOML files in `themes/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual.theme import Theme

DARK = Theme(
    name="roadtui-dark",
    primary="#8aadf4",
    secondary="#6b7280",
    accent="#8aadf4",
    foreground="#d8dce4",
    background="#15171c",
    surface="#1a1d23",
    panel="#252930",
    success="#7fb685",
    warning="#e0b060",
    error="#e07a6a",
    dark=True,
    variables={
        "dim": "#8a919e",
        "faint": "#6b7280",
        "track": "#3a3f4a",
        "cursor": "#2a3140",
        "glow": "#3d4a2f",
        "heat-1": "#35523a",
        "heat-2": "#4b7a52",
        "heat-3": "#66a06f",
        "heat-4": "#8fce98",
        "scrollbar": "#3a3f4a",
        "footer-key-foreground": "#8aadf4",
    },
)


def shipped_themes(folder: Path) -> Iterator[Theme]:
    """The themes in `folder`, a TOML file each: the fields of Textual's `Theme`, `[variables]` below them."""
    import tomllib  # Read after the first paint, when the user may look at the list of themes.

    for file in sorted(folder.glob("*.toml")):
        values = tomllib.loads(file.read_text("utf-8"))
        values["variables"].setdefault("scrollbar", values["variables"]["track"])
        yield Theme(name=file.stem, **values)
