"""The line that a query is typed in, and the hint below it: what is wrong, or how it may go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.query.completion import Completion, complete, is_unfinished
from roadtui.core.query.syntax import QueryError
from roadtui.core.query.terms import Vocabulary
from roadtui.core.terminal_text import escape_terminal
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import KeyRefused
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_input import LineInput, SafeHighlighter

_USUAL_WIDTH = 500
"""Cells."""


class _ErrorHighlighter(SafeHighlighter):
    """Marks the part of the query that is wrong."""

    error: QueryError | None = None
    style: Style = Style(underline=True)

    @override
    def highlight(self, text: Text) -> None:
        if self.error is not None:
            text.stylize(self.style, self.error.start, max(self.error.end, self.error.start + 1))

    @override
    def __call__(self, text: str | Text) -> Text:
        shown = super().__call__(text)
        self.highlight(shown)
        return shown


class QueryLine(LineInput):
    """A line for a query. `tab` completes it."""

    HELP_SCOPE: ClassVar[Scope] = Scope.FIND_LINE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.FIND_LINE)]

    @dataclass
    class ActionRequested(Message):
        """The user wants to go to the result under the cursor, or to move among the results."""

        action: str
        rows: int = 0
        """How many pages to move by."""

    def __init__(self, value: str, placeholder: str, typed: Callable[[], None]) -> None:
        """Make the line; `typed` is called with each key that changes it, before anything is painted."""
        super().__init__(value, placeholder, selects=False)
        self._typed = typed
        self.vocabulary = Vocabulary()
        """What the vault has to complete with."""
        self._marker = _ErrorHighlighter()
        self.highlighter = self._marker
        self._taken: int | None = None
        """Which of the completions was taken last."""
        self._offered: Sequence[Completion] = ()
        self._before = ""
        """The text before a completion was taken."""

    @property
    @override
    def content_width(self) -> int:
        """The same for all usual queries: with each other width, the whole screen is laid out anew."""
        return max(_USUAL_WIDTH, super().content_width)

    @override
    def replace(self, text: str, start: int, end: int) -> None:
        super().replace(text, start, end)
        self._typed()

    def watch_value(self, value: str) -> None:
        """Scroll back where the text has become shorter than what was scrolled past."""
        most = max(0, cell_len(escape_terminal(value)) + 1 - self.content_size.width)
        if self.scroll_offset.x > most:
            self.scroll_to(most, force=True, animate=False, immediate=True)

    def mark_wrong(self, error: QueryError | None, style: Style) -> None:
        """Mark the part that `error` is about."""
        if error is not self._marker.error:
            self._marker.error, self._marker.style = error, style + Style(underline=True)
            self.refresh()

    # Completion

    @property
    def completions(self) -> Sequence[Completion]:
        """How the word before the cursor may go on; those that `tab` goes through, once it was pressed."""
        if self._taken is None:
            self._offered = complete(self.value, self.cursor_position, self.vocabulary)
        return self._offered

    @property
    def is_unfinished(self) -> bool:
        """Whether what stands before the cursor may be the beginning of a term."""
        return is_unfinished(self.value, self.cursor_position, self.vocabulary)

    @property
    def taken(self) -> int | None:
        """Which of the completions is in the line; None where none was taken."""
        return self._taken

    def action_complete(self, step: int) -> None:
        """Take the first completion; the next one after it, or with -1 the one before."""
        offered = self.completions
        if not offered:
            self.post_message(KeyRefused("There is nothing to complete."))
            return
        if self._taken is None:
            self.take(0 if step > 0 else len(offered) - 1)
        else:
            self.take((self._taken + step) % len(offered))

    def take(self, number: int) -> None:
        """Take one of the completions, instead of the one that was taken before."""
        completion = self.completions[number]
        if self._taken is None:
            self._before = self.value
        self._taken = number
        self.value = self._before[: completion.start] + completion.text + self._before[completion.end :]
        self.cursor_position = completion.start + len(completion.text)

    def end_completion(self, value: str) -> None:
        """Offer other completions from now on, unless `value` is what a completion has made."""
        if self._taken is not None:
            completion = self._offered[self._taken]
            made = self._before[: completion.start] + completion.text + self._before[completion.end :]
            if value != made:
                self._taken = None

    # Requests

    def action_open(self) -> None:
        """Request the result under the cursor."""
        self.post_message(self.ActionRequested("open"))

    def action_into_results(self) -> None:
        """Request to go on in the results."""
        self.post_message(self.ActionRequested("into_results"))

    def action_move_page(self, pages: int) -> None:
        """Request to move in the results."""
        self.post_message(self.ActionRequested("move_page", pages))


class QueryHint(Widget):
    """One line below the query: the sentence about what is wrong, else completions, else a remark."""

    DEFAULT_CSS = "QueryHint { height: 1; }"

    text_styles: var[TextStyles | None] = var(None)

    @dataclass
    class Clicked(Message):
        """A completion was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._error = ""
        self._completions: Sequence[Completion] = ()
        self._taken: int | None = None
        self._remark = ""

    def show(
        self, error: QueryError | None, completions: Sequence[Completion], taken: int | None, remark: str
    ) -> None:
        """Show what applies first: completions for a query that is right so far, the error, the remark."""
        new = (str(error) if error is not None else "", completions, taken, remark)
        if new != (self._error, self._completions, self._taken, self._remark):
            self._error, self._completions, self._taken, self._remark = new
            self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width, background = self.content_size.width, self.visual_style.rich_style
        text_styles = self.text_styles
        if y or text_styles is None:
            return Strip.blank(width, background)
        if self._completions:
            strip = self._completion_row(width, text_styles)
        elif self._error:
            strip = fit_row(width, [Segment(" ")], (self._error, text_styles.overdue))
        else:
            strip = fit_row(width, [Segment(" ")], (self._remark, text_styles.dim))
        return strip.adjust_cell_length(width).apply_style(background)

    def _completion_row(self, width: int, text_styles: TextStyles) -> Strip:
        """As many completions as fit; at the right what the chosen one finds."""
        chosen = self._completions[self._taken or 0]
        help = [Segment(f"{chosen.help} ", text_styles.dim)]
        free = width - 6 - cell_len(chosen.help)
        segments = [Segment(" tab ", text_styles.accent)]
        for at, completion in enumerate(self._completions):
            shown = escape_terminal(completion.text)
            free -= cell_len(shown) + 2
            if at and free < 0:
                break
            is_chosen = at == (self._taken or 0)
            segments.append(Segment(shown, text_styles.strong if is_chosen else text_styles.dim))
            segments.append(Segment("  "))
        return fit_row(width, segments, ("", text_styles.dim), help)

    def on_click(self, event: events.Click) -> None:
        """Complete by a click."""
        if self._completions:
            self.post_message(self.Clicked())
