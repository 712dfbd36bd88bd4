"""The top line: which vault, whether it is watched, whether the last edit is on disk, how far it all is."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from rich.segment import Segment
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import shown
from roadtui.ui.render import row
from roadtui.ui.styles import Inks


class Saving(Enum):
    """Where the user's last edit is."""

    NOTHING = "nothing"
    UNDER_WAY = "saving"
    WAITING = "waiting to save: the note is busy"
    SAVED = "saved"


class Standing(NamedTuple):
    """All that the top line says."""

    vault: str
    watching: str = "starting"
    """`live`, `polling` or what is wrong."""
    is_live: bool = False
    saving: Saving = Saving.NOTHING
    saved_at: str = ""
    """Time of day of the last save, `12:04:05`."""
    progress: Progress = Progress()


class TopBar(Widget):
    """One line of ground, above the panes."""

    DEFAULT_CSS = """
    TopBar { dock: top; height: 2; background: $background; padding: 0 2; }
    """

    inks: var[Inks | None] = var(None)
    standing: var[Standing | None] = var(None)

    def watch_inks(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_standing(self) -> None:
        """Draw what is new."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        if y or self.inks is None or self.standing is None:
            return Strip.blank(width, ground)
        start = [Segment("roadtui  ", self.inks.accent + self.inks.strong.without_color)]
        vault = (shown(self.standing.vault), self.inks.dim)
        return row(width, start, vault, self._right(width, self.inks, self.standing)).apply_style(ground)

    def _right(self, width: int, inks: Inks, standing: Standing) -> list[Segment]:
        live = inks.done if standing.is_live else inks.doing
        parts = [[Segment("● ", live), Segment(standing.watching, live)]]
        if standing.saving is Saving.SAVED:
            parts.append([Segment("✓ ", inks.done), Segment(f"saved {standing.saved_at}", inks.dim)])
        elif standing.saving is Saving.UNDER_WAY:
            parts.append([Segment("saving…", inks.doing)])
        elif standing.saving is Saving.WAITING:
            parts.append([Segment(standing.saving.value if width >= 80 else "waiting…", inks.doing)])
        progress = standing.progress
        if progress.total and width >= 50:
            parts.append(
                [
                    Segment(f"{progress.done}/{progress.total}", inks.dim),
                    Segment(" · ", inks.faint),
                    Segment(f"{progress.percent}%", inks.text),
                ]
            )
        segments: list[Segment] = []
        for part in parts:
            segments += [Segment("   ")] * bool(segments) + part
        return segments
