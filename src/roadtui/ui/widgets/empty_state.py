"""The middle pane where there is no task: a headline, a few sentences, notes to go to."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.strip import Strip

from roadtui.core.terminal_text import shown
from roadtui.session.empty_states import EXAMPLE, Guidance
from roadtui.session.sidebar_items import Roadmap
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import row
from roadtui.ui.styles import Inks
from roadtui.ui.widgets.line_list import RowView
from roadtui.ui.widgets.sidebar import OpenRequested, roadmap_row

_MOST_CELLS = 72
"""Lines longer than this are hard to read."""


class Guide(RowView, inherit_bindings=False):
    """Mounted when there is something to say."""

    DEFAULT_CSS = "Guide { height: 1fr; }"

    BINDING_GROUP_TITLE = "Note"
    HELP = """
This note holds no tasks. Where it leads to roadmaps they are listed: `enter` goes to one.
"""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.EMPTY_STATE, Scope.LIST)]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._guidance = Guidance("")
        self._rows: list[str | Roadmap] = []

    def show(self, guidance: Guidance) -> None:
        """Say something else."""
        if guidance != self._guidance:
            self._guidance = guidance
            self.cursor = 0
            self._lay_out()

    def watch_has_focus(self, focused: bool) -> None:
        """Show whose keys these are, in the headline too."""
        super().watch_has_focus(focused)
        self.refresh_row(0)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        link = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        width = max(16, min(_MOST_CELLS, self.scrollable_content_region.width - 2))
        rows: list[str | Roadmap] = [*wrap(shown(self._guidance.title), width), ""]
        for sentence in self._guidance.sentences:
            rows += [*wrap(shown(sentence), width), ""]
        self._rows = [*rows, *self._guidance.leads_to]
        self.rows_changed()
        self.move_to(self._rows.index(link) if link and link in self._rows else 0)

    def row_count(self) -> int:
        """See `RowView`."""
        return len(self._rows)

    def is_stop(self, row: int) -> bool:
        """See `RowView`: only what one can go to."""
        return isinstance(self._rows[row], Roadmap)

    def draw_row(self, row_: int, width: int, inks: Inks) -> Strip:
        """See `RowView`."""
        found = self._rows[row_]
        if isinstance(found, Roadmap):
            return roadmap_row(found, width, inks, is_current=row_ == self.cursor, is_open=False)
        style = inks.strong if row_ == 0 else inks.accent if found == EXAMPLE else inks.dim
        if row_ == 0 and self.has_focus:
            style += inks.accent
        return row(width, [Segment("   " if found == EXAMPLE else " ")], (found, style))

    def action_open(self) -> None:
        """Go to the roadmap under the cursor."""
        found = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        if isinstance(found, Roadmap):
            self.post_message(OpenRequested(found.path, None))

    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """See `RowView`: a click on a roadmap goes there."""
        self.action_open()
