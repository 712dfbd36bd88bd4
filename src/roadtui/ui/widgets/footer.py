"""The footer: the last message, and below it the keys of the focused pane, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.ui.command import RowKind
from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.message_app import MessageApp
from roadtui.ui.notifications import ShownMessage
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.message_line import message_lines

FOOTER_LINES = 2

_ALWAYS = ("leave", "help", "palette")
"""Ids of the commands that lead to everything else; all but the last are shown however narrow the line is."""
_LEAST = 3
"""So many others are worth more than the palette."""
_HIGH = 16
"""Lines of a screen from which on there is one more for a long fault."""
_NARROW = 60
"""Cells below which less is left between two keys."""


class FooterHint(NamedTuple):
    """A key that does something now."""

    id: str
    """Of its command."""
    key: str
    """As it is shown."""
    binding: Binding

    @property
    def label(self) -> str:
        """What it does, in a word or two."""
        return self.binding.description

    @property
    def cells(self) -> int:
        """How wide it is."""
        return cell_len(self.key) + 1 + cell_len(self.label)


def ranked_hints(hints: Iterable[FooterHint], kind: RowKind) -> list[FooterHint]:
    """The keys that are shown where they act on a row of this `kind`, the most important first.

    A command with several keys is shown once, with the first of them.
    """
    first: dict[str, FooterHint] = {}
    for hint in hints:
        if hint.id in COMMANDS_BY_ID:
            first.setdefault(hint.binding.action, hint)
    worth = {id(hint): COMMANDS_BY_ID[hint.id].rank(kind) for hint in first.values()}
    shown = [hint for hint in first.values() if worth[id(hint)]]
    return sorted(shown, key=lambda hint: -worth[id(hint)])


def fitting_hints(ranked: Sequence[FooterHint], width: int) -> list[FooterHint]:
    """Those of the `ranked` keys that fit into `width` cells as they are, and at the end those to all others.

    One that is too long gives way to shorter ones after it. The palette gives way to the best few.
    """
    always = [hint for id in _ALWAYS for hint in ranked if hint.id == id]
    but_palette = [hint for hint in always if hint.id != _ALWAYS[-1]]
    others = [hint for hint in ranked if hint not in always]
    for last in (always, but_palette):
        chosen = _greedy(others, width, last)
        if len(chosen) >= min(_LEAST, len(others)):
            return [*chosen, *last]
    return [*_greedy(others, width, but_palette), *but_palette]


def _greedy(others: Sequence[FooterHint], width: int, last: Sequence[FooterHint]) -> list[FooterHint]:
    between = _between(width)
    left = width + between - sum(hint.cells + between for hint in last)
    chosen = []
    for hint in others:
        if hint.cells + between <= left:
            chosen.append(hint)
            left -= hint.cells + between
    return chosen


def _between(width: int) -> int:
    return 2 if width < _NARROW else 3


class KeyFooter(Widget):
    """Two lines: a message, and keys. A fault that needs two lines of its own gets them where there is room.

    Elsewhere a message that needs both lines, or the only one there is, stands in place of the keys.

    Keys that do not fit are left out, except those for help and palette. A click on a key presses it; a click
    on the message opens all that there were.
    """

    DEFAULT_CSS = """
    KeyFooter {
        dock: bottom; height: 2; background: $background; padding: 0 1;
        &.-tall { height: 3; }
    }
    """

    text_styles: reactive[TextStyles | None] = reactive(None)
    message: reactive[ShownMessage | None] = reactive(None)
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
        """Make room for the new message."""
        self._make_room()

    def on_resize(self) -> None:
        """Make room for the message at the new width."""
        self._make_room()

    def _make_room(self) -> None:
        """Add a line for a fault that has to be read, and that would hide the keys for a while."""
        message, styles = self.message, self.text_styles
        is_tall = (
            message is not None
            and message.kind.is_fault
            and styles is not None
            and not self.screen.is_modal
            and self.app.size.height >= _HIGH
            and len(self._said(message, self.content_size.width, styles)) > 1
        )
        self.set_class(is_tall, "-tall")

    def _refresh_keys(self) -> None:
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if self.text_styles is None:
            return Strip.blank(width, background)
        said = self._said(self.message, width, self.text_styles) if self.message is not None else []
        is_last = y == self.size.height - 1
        if is_last and len(said) <= y:
            return self._keys(width, self.text_styles).apply_style(background)
        if is_last:
            self._spans = []
        line = said[y] if y < len(said) else Strip([])
        return line.adjust_cell_length(width).apply_style(background)

    def _said(self, message: ShownMessage, width: int, text_styles: TextStyles) -> list[Strip]:
        bindings = (active.binding for active in self.screen.active_bindings.values() if active.enabled)
        keys = (self.app.get_key_display(one) for one in bindings if one.id == "messages")
        return message_lines(message, width, text_styles, next(keys, "") if message.unread else "")

    def _keys(self, width: int, text_styles: TextStyles) -> Strip:
        self._spans = []
        segments: list[Segment] = []
        at = 0
        between = _between(width)
        for hint in fitting_hints(ranked_hints(self._hints(), self._row_kind), width):
            segments += [
                Segment(hint.key, text_styles.accent + text_styles.strong.without_color),
                Segment(f" {hint.label}{' ' * between}", text_styles.dim),
            ]
            self._spans.append((at, at + hint.cells, hint.binding))
            at += hint.cells + between
        return Strip(segments).adjust_cell_length(width)

    def _hints(self) -> list[FooterHint]:
        """The keys that do something now."""
        return [
            FooterHint(active.binding.id or "", self.app.get_key_display(active.binding), active.binding)
            for active in self.screen.active_bindings.values()
            if active.binding.show and active.enabled
        ]

    @property
    def _row_kind(self) -> RowKind:
        kind = getattr(self.screen.focused, "row_kind", RowKind.OTHER)
        return kind if isinstance(kind, RowKind) else RowKind.OTHER

    async def on_click(self, event: events.Click) -> None:
        """Run the command of the key under the pointer, or open the messages."""
        if self.message is not None and (event.y < self.size.height - 1 or not self._spans):
            await self.run_action("app.messages")
            return
        for start, end, binding in self._spans:
            if start <= event.x - self.styles.padding.left < end:
                self.app.simulate_key(binding.key.partition(",")[0])
