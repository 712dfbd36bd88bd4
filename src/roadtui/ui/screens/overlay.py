"""What the screens on top of the dashboard share: its top line, its key bar, its colours, and its vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import var
from textual.screen import Screen
from typing_extensions import override

from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.header import Header, HeaderState

if TYPE_CHECKING:
    from roadtui.ui.screens.dashboard import DashboardScreen


class OverlayScreen(Screen[None], inherit_bindings=False):
    """A screen on top of the dashboard, that shows the same vault. `escape` goes back."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]  # noqa: RUF012 (Textual's own)
    DEFAULT_CSS = """
    OverlayScreen {
        background: $background;
        &.-wide KeyFooter { padding: 0 2; }
        &.-medium Header { height: 1; }
        &.-narrow Header { height: 1; padding: 0 1; }
        HelpPanel {
            width: 42; background: $surface; border-left: none; padding: 1 1 0 1;
            #widget-help { margin: 0; padding: 0; background: $surface; }
            KeyPanel {
                scrollbar-size-vertical: 1; scrollbar-color: $scrollbar; scrollbar-background: $surface;
            }
        }
        &.-narrow HelpPanel {
            split: top; width: 100%; max-width: 100%; height: 75%; padding: 0 1;
            #widget-help { display: none; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    TAKES_EDITS: ClassVar[bool] = True
    """Whether notes can be changed while this is on top, by undo at least."""

    text_styles: var[TextStyles | None] = var(None)
    header_state: var[HeaderState | None] = var(None)
    """How the vault and the last edit are, for the top line."""

    def __init__(self, home: DashboardScreen) -> None:
        """`home`: the dashboard below; what it shows, this shows."""
        super().__init__()
        self.home = home
        self.set_reactive(OverlayScreen.text_styles, home.text_styles)
        self.set_reactive(OverlayScreen.header_state, home.header_state)
        self.view = home.view
        """The vault as it is shown."""

    def content(self) -> ComposeResult:
        """What stands between the top line and the key bar."""
        raise NotImplementedError

    def show(self, view: DashboardModel) -> None:
        """The vault is now as `view` says; called after it has been put into `self.view`."""

    def top(self) -> ComposeResult:
        """The top line."""
        yield Header().data_bind(OverlayScreen.text_styles, OverlayScreen.header_state)

    @override
    def compose(self) -> ComposeResult:
        yield from self.top()
        yield from self.content()
        yield KeyFooter().data_bind(OverlayScreen.text_styles)

    def on_mount(self) -> None:
        """Follow the dashboard."""
        self.watch(self.home, "text_styles", self._take_text_styles, init=False)
        self.watch(self.home, "header_state", self._take_header_state, init=False)
        self.home.view_changed.subscribe(self, self._take_view)

    def _take_text_styles(self, text_styles: TextStyles | None) -> None:
        self.text_styles = text_styles

    def _take_header_state(self, header_state: HeaderState | None) -> None:
        self.header_state = header_state

    def _take_view(self, view: DashboardModel) -> None:
        self.view = view
        self.show(view)

    def put_down(self) -> None:
        """Called before the screen goes, or the program ends with it open."""

    def go_home(self, path: str, line: int | None = None) -> None:
        """Leave for the tree, to the note at `path` and `line` (from 0) of it."""
        self.put_down()
        self.home.open(path, line)
        for screen in reversed(self.app.screen_stack[1:]):
            screen.dismiss()

    def leave(self) -> None:
        """Go back to what is below."""
        if self.app.screen is self:
            self.put_down()
            self.dismiss()

    async def action_leave(self) -> None:
        """Go back; where help is open, close that first."""
        if self.query("HelpPanel"):
            await self.run_action("app.close_help")
        else:
            self.leave()
