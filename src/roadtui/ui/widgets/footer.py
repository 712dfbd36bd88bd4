"""The bottom line: the keys that do something here, by their worth. A click presses the key."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.styles import TextStyles


class KeyFooter(Widget):
    """One line; what does not fit is left out, but for the last two: help and palette."""

    DEFAULT_CSS = """
    KeyFooter { dock: bottom; height: 1; background: $background; padding: 0 1; }
    """

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, Binding]] = []

    def on_mount(self) -> None:
        """Follow the focus: each pane has keys of its own."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def watch_text_styles(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        self._spans = []
        if y or self.text_styles is None:
            return Strip.blank(width, background)
        segments: list[Segment] = []
        at = 0
        for binding, key in self._fitting(width):
            cells = cell_len(key) + 1 + cell_len(binding.description)
            segments += [
                Segment(key, self.text_styles.accent + self.text_styles.strong.without_color),
                Segment(f" {binding.description}   ", self.text_styles.dim),
            ]
            self._spans.append((at, at + cells, binding))
            at += cells + 3
        return Strip(segments).adjust_cell_length(width).apply_style(background)

    def _fitting(self, width: int) -> list[tuple[Binding, str]]:
        shown = [
            (active.binding, self.app.get_key_display(active.binding))
            for active in self.screen.active_bindings.values()
            if active.binding.show and active.enabled
        ]
        unique = list({binding.action: (binding, key) for binding, key in reversed(shown)}.values())[::-1]
        unique.sort(key=lambda pair: _worth(pair[0]), reverse=True)
        last = [pair for pair in unique if pair[0].id in ("help", "palette")]
        first = [pair for pair in unique if pair not in last]

        def cells(pairs: list[tuple[Binding, str]]) -> int:
            return sum(cell_len(key) + cell_len(binding.description) + 4 for binding, key in pairs) - 3

        while first and cells([*first, *last]) > width:
            first.pop()
        return [*first, *last] if cells([*first, *last]) <= width else last[:1]

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        for start, end, binding in self._spans:
            if start <= event.x - self.styles.padding.left < end:
                self.app.simulate_key(binding.key.partition(",")[0])


def _worth(binding: Binding) -> int:
    command = COMMANDS_BY_ID.get(binding.id or "")
    return command.footer if command is not None else 0
