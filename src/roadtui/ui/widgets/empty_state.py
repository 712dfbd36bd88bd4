"""The text in place of the tree: a headline, a few sentences, and links to notes."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.empty_states import EXAMPLE, EmptyStateText
from roadtui.session.sidebar_items import SidebarNote
from roadtui.ui.command import RowKind
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.sidebar import OpenRequested, roadmap_row

_MOST_CELLS = 72
"""Lines longer than this are hard to read."""


class EmptyState(LineList, inherit_bindings=False):
    """Shown in place of the tree where a note has no tasks."""

    DEFAULT_CSS = "EmptyState { height: 1fr; }"

    HELP_SCOPE: ClassVar[Scope] = Scope.EMPTY_STATE
    row_kind: ClassVar[RowKind] = RowKind.EMPTY

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.EMPTY_STATE, Scope.LIST)]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._guidance = EmptyStateText("")
        self._rows: list[str | SidebarNote] = []

    def show(self, guidance: EmptyStateText) -> None:
        """Show another text."""
        if guidance != self._guidance:
            self._guidance = guidance
            self.cursor = 0
            self._lay_out()

    def watch_has_focus(self, focused: bool) -> None:
        """Show whether the pane has the focus, in the headline too."""
        super().watch_has_focus(focused)
        self.refresh_row(0)

    def on_resize(self) -> None:
        """Wrap the lines to the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        link = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        width = max(16, min(_MOST_CELLS, self.scrollable_content_region.width - 2))
        rows: list[str | SidebarNote] = [*wrap(display_text(self._guidance.title), width), ""]
        for sentence in self._guidance.sentences:
            rows += [*wrap(display_text(sentence), width), ""]
        self._rows = [*rows, *self._guidance.leads_to]
        self.rows_changed()
        self.move_to(self._rows.index(link) if link and link in self._rows else 0)

    @override
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def is_stop(self, row: int) -> bool:
        """True for links."""
        return isinstance(self._rows[row], SidebarNote)

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        found = self._rows[row_]
        if isinstance(found, SidebarNote):
            return roadmap_row(found, width, text_styles, is_current=row_ == self.cursor, is_open=False)
        style = (
            text_styles.strong if row_ == 0 else text_styles.accent if found == EXAMPLE else text_styles.dim
        )
        if row_ == 0 and self.has_focus:
            style += text_styles.accent
        return fit_row(width, [Segment("   " if found == EXAMPLE else " ")], (found, style))

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "open" and not (self.cursor < len(self._rows) and self.is_stop(self.cursor)):
            return "There is nothing to open here."
        return super().refusal(action, parameters)

    def action_open(self) -> None:
        """Open the roadmap under the cursor."""
        found = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        if isinstance(found, SidebarNote):
            self.post_message(OpenRequested(found.path, None))

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Open the roadmap."""
        self.action_open()
