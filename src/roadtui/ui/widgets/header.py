"""The top line: which vault, whether it is watched, whether the last edit is on disk, how far it all is."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from rich.segment import Segment
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import display_text
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles


class SaveState(Enum):
    """Where the user's last edit is."""

    NOTHING = "nothing"
    UNDER_WAY = "saving"
    WAITING = "waiting to save: the note is busy"
    SAVED = "saved"


class HeaderState(NamedTuple):
    """What a `Header` shows."""

    vault: str
    watching: str = "starting"
    """`live`, `polling` or what is wrong."""
    is_live: bool = False
    saving: SaveState = SaveState.NOTHING
    saved_at: str = ""
    """Time of day of the last save, `12:04:05`."""
    progress: Progress = Progress()


class Header(Widget):
    """One line above the panes, and a blank one where there is space."""

    DEFAULT_CSS = """
    Header { dock: top; height: 2; background: $background; padding: 0 2; }
    """

    text_styles: var[TextStyles | None] = var(None)
    header_state: var[HeaderState | None] = var(None)

    def watch_text_styles(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_header_state(self) -> None:
        """Draw what is new."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if y or self.text_styles is None or self.header_state is None:
            return Strip.blank(width, background)
        start = [Segment("roadtui  ", self.text_styles.accent + self.text_styles.strong.without_color)]
        vault = (display_text(self.header_state.vault), self.text_styles.dim)
        return fit_row(
            width, start, vault, self._right(width, self.text_styles, self.header_state)
        ).apply_style(background)

    def _right(self, width: int, text_styles: TextStyles, header_state: HeaderState) -> list[Segment]:
        live = text_styles.done if header_state.is_live else text_styles.doing
        parts = [[Segment("● ", live), Segment(header_state.watching, live)]]
        if header_state.saving is SaveState.SAVED:
            parts.append(
                [Segment("✓ ", text_styles.done), Segment(f"saved {header_state.saved_at}", text_styles.dim)]
            )
        elif header_state.saving is SaveState.UNDER_WAY:
            parts.append([Segment("saving…", text_styles.doing)])
        elif header_state.saving is SaveState.WAITING:
            parts.append(
                [Segment(header_state.saving.value if width >= 80 else "waiting…", text_styles.doing)]
            )
        progress = header_state.progress
        if progress.total and width >= 50:
            parts.append(
                [
                    Segment(f"{progress.done}/{progress.total}", text_styles.dim),
                    Segment(" · ", text_styles.faint),
                    Segment(f"{progress.percent}%", text_styles.text),
                ]
            )
        segments: list[Segment] = []
        for part in parts:
            segments += [Segment("   ")] * bool(segments) + part
        return segments
