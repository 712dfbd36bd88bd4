"""The base of the dialogs: a few lines at a row, above everything else, that take all keys."""

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
    """Asks one thing. Dismissed with the answer, or with None if it is cancelled."""

    AUTO_FOCUS = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (an instance variable to Textual)
    DEFAULT_CSS = """
    InlineDialog {
        background: transparent;
        #dialog { position: absolute; background: $panel; height: 1; width: 1; overflow: hidden; }
        &.-wide KeyFooter { padding: 0 2; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(self, anchor: DialogAnchor, text_styles: TextStyles) -> None:
        super().__init__()
        self._anchor = anchor
        self.text_styles = text_styles
        self._footer = KeyFooter()
        self._footer.text_styles = text_styles

    def rows(self) -> ComposeResult:
        """The content of the dialog."""
        raise NotImplementedError

    def lines(self, width: int) -> int:
        """How many lines the content takes in `width` cells."""
        raise NotImplementedError

    def set_indent(self, cells: int) -> None:
        """Indent the content by `cells`, as far as the text of the row."""

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield from self.rows()
        yield self._footer

    def on_mount(self) -> None:
        """Open."""
        self.place()

    def place(self) -> None:
        """Move to where the anchor is now."""
        if not self.is_attached:
            return  # The program ends, and the content is gone.
        box = self.query_one("#dialog")
        region = self._anchor.open(self.lines(self._anchor.width))
        box.styles.offset = region.offset
        box.styles.width, box.styles.height = region.size
        self.set_indent(self._anchor.indent)

    def on_unmount(self) -> None:
        """Close the gap that the anchor opened."""
        self._anchor.close()

    async def on_click(self, event: events.Click) -> None:
        """Cancel by a click beside the dialog."""
        at = event.screen_offset
        if not any(found.region.contains_point(at) for found in (self.query_one("#dialog"), self._footer)):
            await self.action_cancel()

    def look_closed(self) -> None:
        """Show what is below as if the dialog was closed, where it only waits until its answer is saved."""

    async def action_cancel(self) -> None:
        """Close without an answer."""
        self.answer(None)

    def answer(self, answer: Answer | None) -> None:
        """Close with `answer`; later calls do nothing."""
        if self.app.screen is self:
            self.dismiss(answer)
