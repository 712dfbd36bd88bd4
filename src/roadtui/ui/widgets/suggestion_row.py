"""Draws the two rows of a next action: its name and why it was chosen, and where it is."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.candidates import SuggestionGroup
from roadtui.core.next_actions.ranking import Reason, ReasonKind
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusType
from roadtui.session.tracking.tracked_task import TrackedTask, breadcrumb
from roadtui.ui.render import STATUS_GLYPHS, fit_row, fitted_path, reason_style, status_sign, status_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext

_INDENT = 4
"""Cells before a name and a location."""
_LEAST_LOCATION = 8
"""Cells of the location that are left beside the first reason."""


class SuggestionRowRenderer(NamedTuple):
    """Draws next actions at one width. The first reason is beside the name, where both fit, else below it."""

    display_context: TaskDisplayContext
    text_styles: TextStyles
    width: int

    def name_row(self, tracked: TrackedTask, *, is_current: bool, is_ticked: bool) -> Strip:
        """The name, and the first reason unless it would cut the name; `is_ticked`: it is shown as done."""
        text_styles, statuses = self.text_styles, self.display_context.statuses
        symbol = tracked.task.status_symbol
        kind = StatusType.DONE if is_ticked else statuses.type_of(symbol)
        sign = f"{STATUS_GLYPHS[kind]} " if is_ticked else status_sign(symbol, statuses)
        start = [
            Segment("▌" if is_current else " ", text_styles.accent),
            Segment(f" {sign}", status_style(kind, text_styles)),
        ]
        style = text_styles.faint if is_ticked else text_styles.strong if is_current else text_styles.text
        beside, _ = self._reasons(tracked)
        end = [Segment(f"{reason.text} ", reason_style(reason, text_styles)) for reason in beside]
        return fit_row(self.width, start, (self._name(tracked), style), end)

    def location_row(self, tracked: TrackedTask) -> Strip:
        """Where the task is, and the reasons that are not beside its name.

        The location gives way to the first reason, the other reasons to the location.
        """
        text_styles, indent = self.text_styles, [Segment(" " * _INDENT)]
        beside, below = self._reasons(tracked)
        path = breadcrumb(tracked.note, tracked.task)
        location = " › ".join(path)
        space = self.width - _INDENT - 2
        end: list[Segment] = []
        if not beside and below:
            first, *below = below
            style = reason_style(first, text_styles)
            if cell_len(first.text) + _LEAST_LOCATION > space:
                return fit_row(self.width, indent, (first.text, style))
            end.append(Segment(first.text, style))
        space -= cell_len(location)
        for reason in below:
            text = f" · {reason.text}" if end else reason.text
            if sum(segment.cell_length for segment in end) + cell_len(text) > space:
                break
            end.append(Segment(text, text_styles.dim))
        if end:
            end.append(Segment(" "))
        taken = sum(segment.cell_length for segment in end) + bool(end)
        location = fitted_path(path, self.width - _INDENT - taken)
        return fit_row(self.width, indent, (location, text_styles.faint), end)

    def _name(self, tracked: TrackedTask) -> str:
        return plain_line(read_fields(tracked.task.text, self.display_context.format).description) or "…"

    def _reasons(self, tracked: TrackedTask) -> tuple[list[Reason], list[Reason]]:
        """The reasons beside the name, at most one, and those below it."""
        is_said = tracked.group is SuggestionGroup.IN_PROGRESS  # By the heading of the group.
        reasons = [one for one in tracked.reasons if not (is_said and one.kind is ReasonKind.IN_PROGRESS)]
        if reasons and _INDENT + cell_len(self._name(tracked)) + cell_len(reasons[0].text) + 2 <= self.width:
            return reasons[:1], reasons[1:]
        return [], reasons
