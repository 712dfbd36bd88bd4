"""The top line: which vault, whether it is watched, whether the last edit is on disk, how far it all is."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.stats.progress import Progress
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.command_table import WAITING_ROUND
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles


class SaveState(Enum):
    """Where the user's last edit is."""

    NOTHING = "nothing"
    UNDER_WAY = "saving"
    WAITING = "waiting to save: the note is busy"
    SAVED = "saved"


class WaitingRound(NamedTuple):
    """A round of focus that the user has left before its end."""

    time: str
    """The time left: `24:53`."""
    title: str
    """The task, safe for a terminal; empty if there is none."""
    is_break: bool = False
    """Whether it is the break, which goes on."""


class Reading(NamedTuple):
    """How far the first read of a vault is."""

    read: int
    """Notes that were read."""
    total: int


class ChangesSinceLook(NamedTuple):
    """What has changed since the last look."""

    number: int
    words: str
    """`7 changes since yesterday 18:04`"""
    short: str
    """`7 changes`"""
    is_seen: bool = False
    """Whether all of it was on the screen."""


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
    round: WaitingRound | None = None
    reading: Reading | None = None
    """How far the first read of the vault is; None once all is read."""
    changes: ChangesSinceLook | None = None
    """None where nothing has changed."""


_LEAST_WIDTH = 40
"""Cells below which the header does not say that something has changed."""
_WITH_CHANGES = 110
"""Cells from which the header says since when something has changed."""
_LEAST_NAME = 8
"""Cells of the name of the vault beside a round that waits; with fewer it is left out."""
_ROUND_GAP = 4


class Header(Widget):
    """One line above the panes, and a blank one where there is space."""

    DEFAULT_CSS = """
    Header { dock: top; height: 2; background: $background; padding: 0 2; }
    """

    text_styles: reactive[TextStyles | None] = reactive(None)
    header_state: reactive[HeaderState | None] = reactive(None)

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if y or self.text_styles is None or self.header_state is None:
            return Strip.blank(width, background)
        return header_line(width, self.header_state, self.text_styles).apply_style(background)

    def on_click(self) -> None:
        """Go on with the round that waits."""
        if self.header_state is not None and self.header_state.round is not None:
            self.call_later(self.run_action, f"app.open_screen('{WAITING_ROUND}')")


def header_line(width: int, header_state: HeaderState, text_styles: TextStyles) -> Strip:
    """The line of `width` cells that shows `header_state`."""
    start = [Segment("roadtui  ", text_styles.accent + text_styles.strong.without_color)]
    vault = (display_text(header_state.vault), text_styles.dim)
    right = _right(width, text_styles, header_state)
    if header_state.round is None:
        return fit_row(width, start, vault, right)
    free = width - sum(segment.cell_length for segment in (*start, *right)) - 1
    return _with_round(width, start, vault, header_state.round, right, free, text_styles)


def _right(width: int, text_styles: TextStyles, header_state: HeaderState) -> list[Segment]:
    live = text_styles.done if header_state.is_live else text_styles.doing
    parts = [[Segment("● ", live), Segment(header_state.watching, live)]]
    if (reading := header_state.reading) is not None:
        words = f"reading {reading.read:,} of {reading.total:,}" if width >= 80 else f"{reading.read:,}…"
        parts = [[Segment(words, text_styles.doing)]]
    if (changes := header_state.changes) is not None and width >= _LEAST_WIDTH:
        words = changes.words if width >= _WITH_CHANGES else changes.short
        style = text_styles.dim if changes.is_seen else text_styles.accent
        parts.append([Segment(words if width >= 80 else f"•{changes.number:,}", style)])
    if header_state.saving is SaveState.SAVED:
        parts.append(
            [Segment("✓ ", text_styles.done), Segment(f"saved {header_state.saved_at}", text_styles.dim)]
        )
    elif header_state.saving is SaveState.UNDER_WAY:
        parts.append([Segment("saving…", text_styles.doing)])
    elif header_state.saving is SaveState.WAITING:
        parts.append([Segment(header_state.saving.value if width >= 80 else "waiting…", text_styles.doing)])
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


def _with_round(
    width: int,
    start: list[Segment],
    vault: tuple[str, Style],
    waiting: WaitingRound,
    right: list[Segment],
    free: int,
    text_styles: TextStyles,
) -> Strip:
    """The line with the round that waits: the vault's name gives way to it where both don't fit in `free`."""
    style = text_styles.done if waiting.is_break else text_styles.doing
    time = Segment(f"{'break' if waiting.is_break else '⏸'} {waiting.time} ", style)
    needed = time.cell_length + cell_len(waiting.title)
    space = free - needed - _ROUND_GAP
    if space >= _LEAST_NAME:
        name = ellipsize(vault[0], space, cell_len)
        start = [*start, Segment(name, vault[1]), Segment(" " * _ROUND_GAP)]
    elif free < needed:
        start = []
    return fit_row(width, [*start, time], (waiting.title, text_styles.dim), right)
