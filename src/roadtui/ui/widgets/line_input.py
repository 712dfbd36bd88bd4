"""The input of the dialogs: one line, safe to display, in which keys take effect in their order."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.geometry import Offset, Region
from textual.widgets import Input
from typing_extensions import override

from roadtui.core.terminal_text import ellipsize, escape_terminal
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.terminal.ordered_input_app import handle_again
from roadtui.ui.terminal.typed_input import TypedInput, stop


def lines_with_text(text: str) -> list[str]:
    """The lines of `text` that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


class SafeHighlighter(Highlighter):
    """Replaces each character that would act on the terminal by one that is safe to display."""

    @override
    def __call__(self, text: str | Text) -> Text:
        plain = text if isinstance(text, str) else text.plain
        return Text(escape_terminal(plain), no_wrap=True, overflow="ignore", end="")

    @override
    def highlight(self, text: Text) -> None:
        pass


class SafeInput(Input, inherit_bindings=False):
    """A line of text that is safe to display, and knows the cell in which it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [*Input.BINDINGS]  # Not those that scroll a widget.

    @property
    @override
    def cursor_screen_offset(self) -> Offset:
        """The cell of the cursor. Textual's is one further at the end of the text."""
        before = cell_len(escape_terminal(self.value[: self.cursor_position]))
        area = self.content_region
        return Offset(area.x + before - self.scroll_offset.x, area.y)


class LineInput(SafeInput):
    """A line of text in a dialog."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus {
        height: 1; width: 1fr; border: none; padding: 0; background: $panel; background-tint: transparent;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LINE_INPUT)]

    def __init__(self, value: str, placeholder: str, *, selects: bool) -> None:
        """Make the input.

        Args:
            value: The text at first.
            placeholder: Shown while there is no text.
            selects: Whether typing replaces `value`.
        """
        super().__init__(
            value, placeholder, highlighter=SafeHighlighter(), select_on_focus=selects, compact=True
        )
        self.cursor_blink = False
        self._whole_placeholder = placeholder

    def runs_at_once(self, node: DOMNode) -> bool:
        """Whether the keys of `node` are run here: those whose effect the next character depends on."""
        return node is self

    async def on_key(self, event: events.Key) -> None:
        """Run the binding of a key at once, which otherwise waits until the characters after it are inserted.

        What comes after the line has lost the focus is passed on.
        """
        if self.app.focused is not self:
            self._pass_on(event)
        elif not event.is_printable:
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.enabled and self.runs_at_once(active.node):
                stop(event)
                await self.app.run_action(active.binding.action, active.node)

    async def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted."""
        if self.app.focused is self:
            stop(event)
            self.paste(event.text)
        else:
            self._pass_on(event)

    def _pass_on(self, event: TypedInput) -> None:
        stop(event)
        handle_again(self.app, [event])

    def paste(self, text: str) -> None:
        """Insert `text` at the cursor; its lines are joined to one."""
        lines = lines_with_text(text)
        self.insert_text(lines[0] if len(lines) == 1 else " ".join(text.split()))

    def insert_text(self, text: str) -> None:
        """Insert `text` at the cursor, in place of what is selected."""
        self.replace(text, *self.selection)

    def on_resize(self) -> None:
        """Show the cursor, and as much of the text before it as there is space for; else the placeholder."""
        self.placeholder = ellipsize(self._whole_placeholder, self.content_size.width, cell_len)
        self.scroll_to(0, force=True, animate=False)
        before = cell_len(self.value[: self.cursor_position])
        self.scroll_to_region(Region(before, 0, 1, 1), force=True, animate=False)


class FinderLine(LineInput):
    """The line of a finder: what `enter` does is about the row under the cursor, not about the text."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.FINDER_LINE)]
