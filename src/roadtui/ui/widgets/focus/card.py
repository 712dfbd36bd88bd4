"""A task on its own: its heading path, its description, why it was chosen, and its links."""

from __future__ import annotations

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

from roadtui.core.dates import due_text
from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.ranking import Reason, ReasonKind
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.terminal_text import display_text
from roadtui.session.empty_states import EmptyStateText
from roadtui.session.focused_task import FocusStatus
from roadtui.session.navigation.links import RowLink
from roadtui.session.tracking.tracked_task import TrackedTask, breadcrumb
from roadtui.ui.render import fit_row, fitted_path, reason_style, status_sign, status_style, wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext

_DATED = (ReasonKind.LATE, ReasonKind.DUE)
_MOST_LINES = 6
"""The most lines of a description."""


class FocusCardState(NamedTuple):
    """What a `FocusCard` shows."""

    status: FocusStatus
    tracked: TrackedTask | None
    status_symbol: str
    """The status symbol of the task, which may be ahead of its note."""
    links: tuple[RowLink, ...]
    display_context: TaskDisplayContext
    nothing: EmptyStateText | None = None
    """The text in place of a task."""


class FocusCard(Widget):
    """Shows one task, as high as its text. A link is chosen with a click, or with the keys of the screen."""

    DEFAULT_CSS = "FocusCard { width: 1fr; height: auto; background: $background; }"

    text_styles: var[TextStyles | None] = var(None)
    state: var[FocusCardState | None] = var(None)
    chosen: var[int] = var(0)
    """Number of the selected link."""

    class LinkClicked(Message):
        """The user clicked on a link, which is selected now."""

    def __init__(self) -> None:
        super().__init__()
        self._strips: list[Strip] = []
        self._text_rows = range(0)
        self._links_from = 0

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self._draw(self.content_size.width)

    def watch_state(self) -> None:
        """Redraw."""
        self.chosen = 0
        self._draw(self.content_size.width)
        self.refresh(layout=True)

    def watch_chosen(self) -> None:
        """Draw the selected link as such."""
        self._draw(self.content_size.width)

    def on_resize(self) -> None:
        """Wrap the lines to the new width."""
        self._draw(self.content_size.width)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._draw(width)
        return len(self._strips)

    @property
    def targets(self) -> int:
        """How many of the links can be opened; they come first."""
        return sum(link.can_be_opened for link in self.state.links) if self.state is not None else 0

    @property
    def link(self) -> RowLink | None:
        """The selected link, if it can be opened."""
        return self.state.links[self.chosen] if self.state is not None and self.targets else None

    def choose(self, step: int) -> None:
        """Select the link `step` further on."""
        self.chosen = (self.chosen + step) % max(1, self.targets)

    @property
    def text_region(self) -> Region:
        """Where on the screen the description is."""
        area = self.content_region
        return Region(area.x, area.y + self._text_rows.start, area.width, len(self._text_rows))

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(self.visual_style.rich_style)

    def _draw(self, width: int) -> None:
        text_styles, state = self.text_styles, self.state
        self._strips = []
        if text_styles is not None and state is not None and width:
            if state.tracked is not None:
                self._draw_task(width, state, state.tracked, text_styles)
            elif state.nothing is not None:
                self._draw_text(width, state.nothing, text_styles)
        self.refresh()

    def _draw_text(self, width: int, text: EmptyStateText, text_styles: TextStyles) -> None:
        self._lines(width, text.title, text_styles.strong, 2)
        for sentence in text.sentences:
            self._strips.append(Strip.blank(width))
            self._lines(width, sentence, text_styles.dim, 3)

    def _lines(self, width: int, text: str, style: Style, most: int, lead: str = "") -> None:
        """Append `text`, indented by the length of `lead`."""
        indent = " " * len(lead)
        for line in wrapped(text, width - len(lead), most):
            self._strips.append(fit_row(width, [Segment(indent)], (line, style)))

    def _draw_task(
        self, width: int, state: FocusCardState, tracked: TrackedTask, text_styles: TextStyles
    ) -> None:
        fields = read_fields(tracked.task.text, state.display_context.format)
        kind = state.display_context.statuses.type_of(state.status_symbol)
        path = fitted_path(breadcrumb(tracked.note, tracked.task), width - 2)
        self._strips.append(fit_row(width, [Segment("  ")], (path, text_styles.faint)))
        self._strips.append(Strip.blank(width))
        glyph = Segment(
            status_sign(state.status_symbol, state.display_context.statuses), status_style(kind, text_styles)
        )
        style = text_styles.strong if state.status is FocusStatus.OPEN else text_styles.faint
        description = wrapped(plain_line(fields.description) or "…", width - 2, _MOST_LINES)
        self._text_rows = range(len(self._strips), len(self._strips) + len(description))
        for at, line in enumerate(description):
            self._strips.append(fit_row(width, [Segment("  ") if at else glyph], (line, style)))
        self._strips.append(Strip.blank(width))
        if state.status is FocusStatus.OPEN:
            self._draw_reasons(width, tracked, fields, state.display_context, text_styles)
            self._draw_links(width, state.links, text_styles)
        else:
            gone = (
                "This task is no longer in any note."
                if state.status is FocusStatus.GONE
                else "No longer open."
            )
            self._lines(width, f"{gone} s goes on to the next, esc leaves.", text_styles.doing, 2, "  ")

    def _draw_reasons(
        self,
        width: int,
        tracked: TrackedTask,
        fields: Fields,
        display_context: TaskDisplayContext,
        text_styles: TextStyles,
    ) -> None:
        facts = [display_text(tag) for tag in fields.tags]
        if fields.due is not None and not any(reason.kind in _DATED for reason in tracked.reasons):
            due = due_text(fields.due, display_context.today)
            facts.insert(
                0, due if fields.due < display_context.today or due.startswith("due") else f"due {due}"
            )
        if fields.recurrence is not None:
            facts.append(f"↻ {display_text(fields.recurrence)}")
        first, *others = [*tracked.reasons, *map(Reason, facts)] or [Reason("")]
        style = text_styles.text if first.kind is ReasonKind.OTHER else reason_style(first, text_styles)
        rest = "".join(f" · {other.text}" for other in others)
        if len(first.text) + len(rest) + 2 <= width:
            self._strips.append(
                Strip([Segment("  "), Segment(first.text, style), Segment(rest, text_styles.dim)])
            )
        else:
            self._lines(width, first.text, style, 2, "  ")
            self._lines(width, rest.removeprefix(" · "), text_styles.dim, 2, "  ")

    def _draw_links(self, width: int, links: tuple[RowLink, ...], text_styles: TextStyles) -> None:
        if links:
            self._strips.append(Strip.blank(width))
        self._links_from = len(self._strips)
        for number, link in enumerate(links):
            leads = link.can_be_opened
            style = text_styles.accent if leads else text_styles.faint
            strip = fit_row(
                width,
                [
                    Segment("▌ " if leads and number == self.chosen else "  ", text_styles.accent),
                    Segment("→ ", style),
                ],
                (display_text(link.target), style),
                [] if leads else [Segment(link.remark, text_styles.faint)],
            )
            self._strips.append(strip)

    def on_click(self, event: events.Click) -> None:
        """Choose a link."""
        at = event.get_content_offset(self)
        is_open = self.state is not None and self.state.status is FocusStatus.OPEN
        if at is not None and is_open and 0 <= at.y - self._links_from < self.targets:
            self.chosen = at.y - self._links_from
            self.post_message(self.LinkClicked())
