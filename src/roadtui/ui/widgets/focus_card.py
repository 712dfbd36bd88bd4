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
    held: TrackedTask | None
    mark: str
    """The status symbol of the task, which may be ahead of its note."""
    links: tuple[TaskLink, ...]
    reading: TaskDisplayContext
    nothing: EmptyStateText | None = None
    """What to say where there is no task."""


class FocusCard(Widget):
    """As high as what it says. A link is chosen with a click, or with the keys of the screen."""

    DEFAULT_CSS = "FocusCard { width: 1fr; height: auto; background: $background; }"

    inks: var[TextStyles | None] = var(None)
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

    def watch_inks(self) -> None:
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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """See `textual.widget.Widget.get_content_height`."""
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

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(self.visual_style.rich_style)

    def _draw(self, width: int) -> None:
        inks, face = self.inks, self.face
        self._strips = []
        if inks is not None and face is not None and width:
            if face.held is not None:
                self._draw_task(width, face, face.held, inks)
            elif face.nothing is not None:
                self._say(width, face.nothing, inks)
        self.refresh()

    def _say(self, width: int, words: EmptyStateText, inks: TextStyles) -> None:
        self._lines(width, words.title, inks.strong, 2)
        for sentence in words.sentences:
            self._strips.append(Strip.blank(width))
            self._lines(width, sentence, inks.dim, 3)

    def _lines(self, width: int, text: str, style: Style, most: int, lead: str = "") -> None:
        """`text`, set in as far as `lead` is long."""
        indent = " " * len(lead)
        for line in wrapped(text, width - len(lead), most):
            self._strips.append(fit_row(width, [Segment(indent)], (line, style)))

    def _draw_task(self, width: int, face: FocusCardState, held: TrackedTask, inks: TextStyles) -> None:
        fields = read_fields(held.task.text, face.reading.format)
        kind = face.reading.statuses.type_of(face.mark)
        self._lines(width, " › ".join(trail(held.note, held.task)), inks.faint, 2, "  ")
        self._strips.append(Strip.blank(width))
        glyph = Segment(status_sign(face.mark, face.reading.statuses), status_style(kind, inks))
        style = inks.strong if face.state is FocusStatus.OPEN else inks.faint
        words = wrapped(display_text(fields.description) or "…", width - 2, _MOST_LINES)
        self._words = range(len(self._strips), len(self._strips) + len(words))
        for at, line in enumerate(words):
            self._strips.append(fit_row(width, [Segment("  ") if at else glyph], (line, style)))
        self._strips.append(Strip.blank(width))
        if face.state is FocusStatus.OPEN:
            self._draw_reasons(width, held, fields, face.reading, inks)
            self._draw_links(width, face.links, inks)
        else:
            gone = (
                "This task is in no note any more."
                if face.state is FocusStatus.GONE
                else "Not open any more."
            )
            self._lines(width, f"{gone} s goes on to the next, esc leaves.", inks.doing, 2, "  ")

    def _draw_reasons(
        self, width: int, held: TrackedTask, fields: Fields, reading: TaskDisplayContext, inks: TextStyles
    ) -> None:
        facts = [display_text(tag) for tag in fields.tags]
        if fields.due is not None and not any("due" in reason for reason in held.reasons):
            words = due_words(fields.due, reading.today)
            facts.insert(
                0, words if fields.due < reading.today or words.startswith("due") else f"due {words}"
            )
        if fields.recurrence is not None:
            facts.append(f"↻ {display_text(fields.recurrence)}")
        first, *others = [*held.reasons, *facts] or [""]
        is_late = first.startswith(("overdue", "topic overdue")) or first.endswith("late")
        style = inks.overdue if is_late else inks.doing if first == IN_PROGRESS else inks.text
        rest = "".join(f" · {words}" for words in others)
        if len(first) + len(rest) + 2 <= width:
            self._strips.append(Strip([Segment("  "), Segment(first, style), Segment(rest, inks.dim)]))
        else:
            self._lines(width, first, style, 2, "  ")
            self._lines(width, rest.removeprefix(" · "), inks.dim, 2, "  ")

    def _draw_links(self, width: int, links: tuple[TaskLink, ...], inks: TextStyles) -> None:
        if links:
            self._strips.append(Strip.blank(width))
        self._links_from = len(self._strips)
        for number, link in enumerate(links):
            leads = link.path is not None
            style = inks.accent if leads else inks.faint
            strip = fit_row(
                width,
                [
                    Segment("▌ " if leads and number == self.chosen else "  ", inks.accent),
                    Segment("→ ", style),
                ],
                (display_text(link.words), style),
                [] if leads else [Segment(link.remark, inks.faint)],
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

    inks: var[TextStyles | None] = var(None)
    left: var[TimerState | None] = var(None)

    def watch_inks(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_left(self) -> None:
        """Draw the new time."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        inks, left = self.inks, self.left
        if inks is None or left is None:
            return Strip.blank(width, ground)
        is_quiet = left.phase is Phase.REST or not left.is_running
        pen = inks.done if left.phase is Phase.REST else inks.doing if is_quiet else inks.accent
        remark = f"  {left.remark}" if left.remark else ""
        end = [Segment(f"  {left.words:>6}", inks.dim if is_quiet else inks.strong), Segment(remark, pen)]
        cells = max(0, width - 2 - sum(segment.cell_length for segment in end))
        halves = int(left.share * cells * 2)
        full, half = divmod(halves, 2)
        bar = [
            Segment("  "),
            Segment("━" * full + "╸" * half, pen),
            Segment("━" * (cells - full - half), inks.track),
        ]
        return Strip([*bar, *end]).adjust_cell_length(width).apply_style(ground)
