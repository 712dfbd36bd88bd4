"""One task alone: where it stands, its words, why it was chosen, what it links to."""

from __future__ import annotations

from enum import Enum
from math import ceil
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.dates import due_words
from roadtui.core.next_actions.ranking import IN_PROGRESS
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.terminal_text import display_text
from roadtui.session.empty_states import EmptyStateText
from roadtui.session.focus_session import Phase, PomodoroTimer
from roadtui.session.tracked_task import TaskLink, TrackedTask, trail
from roadtui.ui.render import fit_row, status_sign, status_style, wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.task_row import TaskDisplayContext

_MOST_LINES = 6
"""Lines that the words of a task may take."""


class FocusStatus(Enum):
    """What there is to work on."""

    OPEN = "open"
    DONE = "done"
    """It was ticked, or dropped, somewhere else."""
    GONE = "gone"
    """It is in no note any more."""
    NOTHING = "nothing"
    """There is no task to suggest."""


class FocusCardState(NamedTuple):
    """All that the card shows."""

    state: FocusStatus
    tracked: TrackedTask | None
    status_symbol: str
    """The status symbol of the task, which may be ahead of its note."""
    links: tuple[TaskLink, ...]
    reading: TaskDisplayContext
    nothing: EmptyStateText | None = None
    """What to say where there is no task."""


class FocusCard(Widget):
    """As high as what it says. A link is chosen with a click, or with the keys of the screen."""

    DEFAULT_CSS = "FocusCard { width: 1fr; height: auto; background: $background; }"

    text_styles: var[TextStyles | None] = var(None)
    face: var[FocusCardState | None] = var(None)
    chosen: var[int] = var(0)
    """Which of the links is meant."""

    class LinkClicked(Message):
        """The user clicked on the link that is now meant."""

    def __init__(self) -> None:
        super().__init__()
        self._strips: list[Strip] = []
        self._words = range(0)
        self._links_from = 0

    def watch_text_styles(self) -> None:
        """Draw in the new colours."""
        self._draw(self.content_size.width)

    def watch_face(self) -> None:
        """Draw what is new."""
        self.chosen = 0
        self._draw(self.content_size.width)
        self.refresh(layout=True)

    def watch_chosen(self) -> None:
        """Draw the other link as the one that is meant."""
        self._draw(self.content_size.width)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw(self.content_size.width)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._draw(width)
        return len(self._strips)

    @property
    def targets(self) -> int:
        """How many of the links lead to a note; they come first."""
        return sum(link.path is not None for link in self.face.links) if self.face is not None else 0

    @property
    def link(self) -> TaskLink | None:
        """The link that is meant, where it leads to a note."""
        return self.face.links[self.chosen] if self.face is not None and self.targets else None

    def choose(self, step: int) -> None:
        """Mean another link."""
        self.chosen = (self.chosen + step) % max(1, self.targets)

    @property
    def words_region(self) -> Region:
        """Where on the screen the words are."""
        area = self.content_region
        return Region(area.x, area.y + self._words.start, area.width, len(self._words))

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(self.visual_style.rich_style)

    def _draw(self, width: int) -> None:
        text_styles, face = self.text_styles, self.face
        self._strips = []
        if text_styles is not None and face is not None and width:
            if face.tracked is not None:
                self._draw_task(width, face, face.tracked, text_styles)
            elif face.nothing is not None:
                self._say(width, face.nothing, text_styles)
        self.refresh()

    def _say(self, width: int, words: EmptyStateText, text_styles: TextStyles) -> None:
        self._lines(width, words.title, text_styles.strong, 2)
        for sentence in words.sentences:
            self._strips.append(Strip.blank(width))
            self._lines(width, sentence, text_styles.dim, 3)

    def _lines(self, width: int, text: str, style: Style, most: int, lead: str = "") -> None:
        """`text`, set in as far as `lead` is long."""
        indent = " " * len(lead)
        for line in wrapped(text, width - len(lead), most):
            self._strips.append(fit_row(width, [Segment(indent)], (line, style)))

    def _draw_task(
        self, width: int, face: FocusCardState, tracked: TrackedTask, text_styles: TextStyles
    ) -> None:
        fields = read_fields(tracked.task.text, face.reading.format)
        kind = face.reading.statuses.type_of(face.status_symbol)
        self._lines(width, " › ".join(trail(tracked.note, tracked.task)), text_styles.faint, 2, "  ")
        self._strips.append(Strip.blank(width))
        glyph = Segment(
            status_sign(face.status_symbol, face.reading.statuses), status_style(kind, text_styles)
        )
        style = text_styles.strong if face.state is FocusStatus.OPEN else text_styles.faint
        words = wrapped(display_text(fields.description) or "…", width - 2, _MOST_LINES)
        self._words = range(len(self._strips), len(self._strips) + len(words))
        for at, line in enumerate(words):
            self._strips.append(fit_row(width, [Segment("  ") if at else glyph], (line, style)))
        self._strips.append(Strip.blank(width))
        if face.state is FocusStatus.OPEN:
            self._draw_reasons(width, tracked, fields, face.reading, text_styles)
            self._draw_links(width, face.links, text_styles)
        else:
            gone = (
                "This task is in no note any more."
                if face.state is FocusStatus.GONE
                else "Not open any more."
            )
            self._lines(width, f"{gone} s goes on to the next, esc leaves.", text_styles.doing, 2, "  ")

    def _draw_reasons(
        self,
        width: int,
        tracked: TrackedTask,
        fields: Fields,
        reading: TaskDisplayContext,
        text_styles: TextStyles,
    ) -> None:
        facts = [display_text(tag) for tag in fields.tags]
        if fields.due is not None and not any("due" in reason for reason in tracked.reasons):
            words = due_words(fields.due, reading.today)
            facts.insert(
                0, words if fields.due < reading.today or words.startswith("due") else f"due {words}"
            )
        if fields.recurrence is not None:
            facts.append(f"↻ {display_text(fields.recurrence)}")
        first, *others = [*tracked.reasons, *facts] or [""]
        is_late = first.startswith(("overdue", "topic overdue")) or first.endswith("late")
        style = (
            text_styles.overdue
            if is_late
            else text_styles.doing
            if first == IN_PROGRESS
            else text_styles.text
        )
        rest = "".join(f" · {words}" for words in others)
        if len(first) + len(rest) + 2 <= width:
            self._strips.append(Strip([Segment("  "), Segment(first, style), Segment(rest, text_styles.dim)]))
        else:
            self._lines(width, first, style, 2, "  ")
            self._lines(width, rest.removeprefix(" · "), text_styles.dim, 2, "  ")

    def _draw_links(self, width: int, links: tuple[TaskLink, ...], text_styles: TextStyles) -> None:
        if links:
            self._strips.append(Strip.blank(width))
        self._links_from = len(self._strips)
        for number, link in enumerate(links):
            leads = link.path is not None
            style = text_styles.accent if leads else text_styles.faint
            strip = fit_row(
                width,
                [
                    Segment("▌ " if leads and number == self.chosen else "  ", text_styles.accent),
                    Segment("→ ", style),
                ],
                (display_text(link.words), style),
                [] if leads else [Segment(link.remark, text_styles.faint)],
            )
            self._strips.append(strip)

    def on_click(self, event: events.Click) -> None:
        """Choose a link."""
        at = event.get_content_offset(self)
        is_open = self.face is not None and self.face.state is FocusStatus.OPEN
        if at is not None and is_open and 0 <= at.y - self._links_from < self.targets:
            self.chosen = at.y - self._links_from
            self.post_message(self.LinkClicked())


class TimerState(NamedTuple):
    """What the line shows; equal ones look the same."""

    phase: Phase
    seconds_left: int
    share: float
    """Of the phase that has gone, to a hundredth."""
    is_running: bool

    @classmethod
    def of(cls, watch: PomodoroTimer) -> TimerState:
        """How `watch` stands."""
        share = round(watch.gone / watch.length, 2) if watch.length else 0.0
        return cls(watch.phase, ceil(watch.left), share, watch.is_running)

    @property
    def words(self) -> str:
        """`24:13`, with what is said of it."""
        minutes, seconds = divmod(self.seconds_left, 60)
        return f"{minutes}:{seconds:02}"

    @property
    def remark(self) -> str:
        """What is said beside the time; empty where it simply runs."""
        if self.phase is Phase.REST:
            return "break"
        return "" if self.is_running else ("paused" if self.share else "p starts")


class TimerBar(Widget):
    """One line."""

    DEFAULT_CSS = "TimerBar { width: 1fr; height: 1; background: $background; }"

    text_styles: var[TextStyles | None] = var(None)
    left: var[TimerState | None] = var(None)

    def watch_text_styles(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_left(self) -> None:
        """Draw the new time."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        ground = self.visual_style.rich_style
        text_styles, left = self.text_styles, self.left
        if text_styles is None or left is None:
            return Strip.blank(width, ground)
        is_quiet = left.phase is Phase.REST or not left.is_running
        pen = (
            text_styles.done
            if left.phase is Phase.REST
            else text_styles.doing
            if is_quiet
            else text_styles.accent
        )
        remark = f"  {left.remark}" if left.remark else ""
        end = [
            Segment(f"  {left.words:>6}", text_styles.dim if is_quiet else text_styles.strong),
            Segment(remark, pen),
        ]
        cells = max(0, width - 2 - sum(segment.cell_length for segment in end))
        halves = int(left.share * cells * 2)
        full, half = divmod(halves, 2)
        bar = [
            Segment("  "),
            Segment("━" * full + "╸" * half, pen),
            Segment("━" * (cells - full - half), text_styles.track),
        ]
        return Strip([*bar, *end]).adjust_cell_length(width).apply_style(ground)
