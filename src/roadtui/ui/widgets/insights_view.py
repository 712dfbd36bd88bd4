"""The body of the insights: a page that was drawn beforehand, scrolled from card to card."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.insights.pages import Page


class InsightsView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a page. Keys go from one row of cards, or table, to the next; the wheel goes by lines."""

    DEFAULT_CSS = """
    InsightsView {
        background: $background; overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 0;
    }
    """

    BINDING_GROUP_TITLE = "Insights"
    HELP = """
How it went, and when it will be done.

- `v` `n` `s`: the vault, the note, or the section under the cursor.
- `1` `3` `6` `y` `a`: one, three, six months, a year, all.
- `t`: the same as plain tables.
"""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.INSIGHTS_PAGE)]

    page: var[Page | None] = var(None, always_update=True)

    def watch_page(self) -> None:
        """Draw what is new."""
        self.virtual_size = Size(0, len(self.page.strips) if self.page is not None else 0)
        self.refresh()
        self.screen.refresh_bindings()

    @property
    def is_longer(self) -> bool:
        """Whether there is more than is in sight."""
        return self.page is not None and len(self.page.strips) > self.size.height

    def step(self, steps: int) -> None:
        """Go to where the next thing begins, or by less than a screen where that is further away."""
        if self.page is None:
            return
        top = self.scroll_offset.y
        beyond = [stop for stop in self.page.stops if (stop > top if steps > 0 else stop < top)]
        target = (min(beyond) if steps > 0 else max(beyond)) if beyond else top + steps
        reach = self.scrollable_content_region.height
        if abs(target - top) > reach + 1:  # One more for the gap above the next card.
            target = top + steps * max(1, reach - 1)
        self.scroll_to(y=target, animate=False)

    def action_go_to_top(self) -> None:
        """Go to the first row."""
        self.scroll_home(animate=False)

    def action_go_to_end(self) -> None:
        """Go to the last row."""
        self.scroll_end(animate=False)

    def action_page(self, pages: int) -> None:
        """Go by the height of the screen."""
        height = self.scrollable_content_region.height
        self.scroll_to(y=self.scroll_offset.y + pages * max(1, height - 1), animate=False)

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.scrollable_content_region.width
        ground = self.visual_style.rich_style
        at = y + self.scroll_offset.y
        strips = self.page.strips if self.page is not None else ()
        strip = strips[at] if 0 <= at < len(strips) else Strip.blank(width, ground)
        return strip.adjust_cell_length(width, ground)
