"""A panel: a few lines at a row, above everything else. While it is there only its keys are listened to."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter

Answer = TypeVar("Answer")


class InlineDialog(ModalScreen[Answer], Generic[Answer], inherit_bindings=False):
    """Asks one thing. Dismissed with the answer, or with None where the user would rather not."""

    AUTO_FOCUS = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (an instance variable to Textual)
    DEFAULT_CSS = """
    InlineDialog {
        background: transparent;
        #panel { position: absolute; background: $panel; height: 1; width: 1; overflow: hidden; }
        &.-wide KeyFooter { padding: 0 2; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(self, opening: DialogAnchor, text_styles: TextStyles) -> None:
        super().__init__()
        self._opening = opening
        self.text_styles = text_styles
        self._bar = KeyFooter()
        self._bar.text_styles = text_styles

    def rows(self) -> ComposeResult:
        """What stands in the panel."""
        raise NotImplementedError

    def lines(self, width: int) -> int:
        """How many lines it wants in `width` cells."""
        raise NotImplementedError

    def set_in(self, cells: int) -> None:
        """Called with how far the words of the row are set in."""

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="panel"):
            yield from self.rows()
        yield self._bar

    def on_mount(self) -> None:
        """Open."""
        self.place()

    def place(self) -> None:
        """Stand where the opening is, as it is now. Nothing is in the panel where the program ends."""
        if not self.is_attached:
            return
        box = self.query_one("#panel")
        region = self._opening.open(self.lines(self._opening.width))
        box.styles.offset = region.offset
        box.styles.width, box.styles.height = region.size
        self.set_in(self._opening.indent)

    def on_unmount(self) -> None:
        """Give the room back."""
        self._opening.close()

    def on_click(self, event: events.Click) -> None:
        """A click beside the panel means no."""
        at = event.screen_offset
        if not any(found.region.contains_point(at) for found in (self.query_one("#panel"), self._bar)):
            self.action_cancel()

    def typed(self, text: str) -> None:
        """Take what was typed before the panel was there to take it."""

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.answer(None)

    def answer(self, answer: Answer | None) -> None:
        """Close with `answer`; two keys in a hurry close once."""
        if self.app.screen is self:
            self.dismiss(answer)
