"""The footer: the last message, and below it the keys of the focused pane, the most important first."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.message_app import MessageApp
from roadtui.ui.notifications import ShownMessage
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.message_line import message_lines

FOOTER_LINES = 2


class KeyFooter(Widget):
    """Two lines: a message, and keys. A message that needs both lines stands before the keys.

    Keys that do not fit are left out, except those for help and palette. A click on a key presses it; a click
    on the message opens all that there were.
    """

    DEFAULT_CSS = """
    KeyFooter { dock: bottom; height: 2; background: $background; padding: 0 1; }
    """

    text_styles: var[TextStyles | None] = var(None)
    message: var[ShownMessage | None] = var(None)
    """What is said, if anything is."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, Binding]] = []

    def on_mount(self) -> None:
        """Follow the focus, as each pane has keys of its own, and what is said."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._refresh_keys())
        if isinstance(self.app, MessageApp):
            self.message = self.app.message_log.shown
            self.app.message_changed.subscribe(self, self._show, immediate=True)

    def _show(self, message: ShownMessage | None) -> None:
        self.message = message

    def watch_message(self) -> None:
        """Redraw with the new message."""
        self.refresh()

    def _refresh_keys(self) -> None:
        self.refresh(Region(0, 1, self.size.width, 1))

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if self.text_styles is None:
            return Strip.blank(width, background)
        said = message_lines(self.message, width, self.text_styles) if self.message is not None else []
        if y == 1 and len(said) <= y:
            return self._keys(width, self.text_styles).apply_style(background)
        if y == 1:
            self._spans = []
        line = said[y] if y < len(said) else Strip([])
        return line.adjust_cell_length(width).apply_style(background)

    def _keys(self, width: int, text_styles: TextStyles) -> Strip:
        self._spans = []
        segments: list[Segment] = []
        at = 0
        for binding, key in self._fitting(width):
            cells = cell_len(key) + 1 + cell_len(binding.description)
            segments += [
                Segment(key, text_styles.accent + text_styles.strong.without_color),
                Segment(f" {binding.description}   ", text_styles.dim),
            ]
            self._spans.append((at, at + cells, binding))
            at += cells + 3
        return Strip(segments).adjust_cell_length(width)

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
        """Run the command of the key under the pointer, or open the messages."""
        if event.y == 0 and self.message is not None:
            await self.run_action("app.messages")
        if event.y == 0:
            return
        for start, end, binding in self._spans:
            if start <= event.x - self.styles.padding.left < end:
                self.app.simulate_key(binding.key.partition(",")[0])


def _worth(binding: Binding) -> int:
    command = COMMANDS_BY_ID.get(binding.id or "")
    return command.footer if command is not None else 0
