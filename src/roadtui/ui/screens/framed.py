"""What the screens of a vault share: a line on top, the keys at the bottom, the theme."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.reactive import var
from textual.screen import Screen
from textual.signal import Signal
from textual.strip import Strip
from typing_extensions import override

from roadtui.ui.refusal import ExplainsRefusals
from roadtui.ui.styles import TextStyles
from roadtui.ui.terminal.terminal_app import TerminalApp
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.header import Header, HeaderState


class FramedScreen(ExplainsRefusals, Screen[None], inherit_bindings=False):
    """A screen with a header, a footer, and the content of its subclass between them."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (an instance variable to Textual)
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
        (150, "-vast"),
        (180, "-ultrawide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-high")]  # noqa: RUF012 (an instance variable to Textual)
    DEFAULT_CSS = """
    FramedScreen {
        background: $background;
        &.-wide KeyFooter, &.-vast KeyFooter, &.-ultrawide KeyFooter { padding: 0 2; }
        &.-medium Header { height: 1; }
        &.-narrow Header { height: 1; padding: 0 1; }
    }
    """

    text_styles: var[TextStyles | None] = var(None)
    header_state: var[HeaderState | None] = var(None)
    """The state of the vault and of the last edit, for the header."""

    _reported_size: Size | None = None
    """The size that the classes are set for."""

    def top(self) -> ComposeResult:
        """The line on top; the header of the vault, unless a subclass has another."""
        yield Header().data_bind(FramedScreen.text_styles, FramedScreen.header_state)

    def content(self) -> ComposeResult:
        """What is shown between the line on top and the footer."""
        raise NotImplementedError

    @override
    def compose(self) -> ComposeResult:
        self._use_size()
        self.use_theme()
        yield from self.top()
        yield from self.content()
        yield KeyFooter().data_bind(FramedScreen.text_styles)

    def _use_size(self) -> None:
        """Set the classes of the size before the first layout: Textual sets them only after it."""
        self._reported_size = size = self.app.size
        for breakpoints, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS or [], size.height),
        ):
            fitting = [name for least, name in breakpoints if least <= extent][-1:]
            for _, name in breakpoints:
                self.set_class(name in fitting, name, update=False)

    @override
    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            # Textual reports the size of a new screen up to three times; each costs a layout and a paint.
            if event.size == self._reported_size == self.size:
                return
            self._reported_size = event.size
        await super().on_event(event)

    @override
    def _compositor_refresh(self) -> None:
        app = self.app
        if not (isinstance(app, TerminalApp) and app.is_taking_over and self is app.screen):
            super()._compositor_refresh()
            return
        # Not all of the screen is drawn yet, and what is drawn depends on the frame that stands there.
        self._dirty_widgets.clear()
        self._compositor._dirty_regions.clear()
        app.draw_over_frame()

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        # A screen draws only its background: all its lines are alike.
        return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.use_theme())

    def use_theme(self) -> None:
        """Take the text styles from the theme of the app."""
        self.text_styles = TextStyles.of_theme(self.app.theme_variables)


class HeaderPresenter:
    """What the headers of the program show."""

    def __init__(self, screen: FramedScreen, first: HeaderState) -> None:
        """Show `first` in the header of `screen`, which is not composed yet."""
        self._screen = screen
        self.state = first
        """What is shown."""
        self.changed: Signal[HeaderState] = Signal(screen, "header changed")
        """Published with each new `state`."""
        screen.set_reactive(FramedScreen.header_state, first)

    def update(self, **changes: Any) -> None:
        """Show `changes` of the `HeaderState`."""
        self.state = self._screen.header_state = self.state._replace(**changes)
        self.changed.publish(self.state)
