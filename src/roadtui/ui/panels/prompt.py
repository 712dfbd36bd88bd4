"""A prompt: one line of text at a row, and below it, while you type, what will come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from roadtui.core.brief import brief
from roadtui.core.errors import RefusedError
from roadtui.ui.drawing import shown
from roadtui.ui.inks import Inks
from roadtui.ui.panels.line_input import LineInput
from roadtui.ui.panels.opening import Opening
from roadtui.ui.panels.panel import Panel, wrapped

_MOST_HINT_LINES = 3
"""A refusal may take this many lines where the pane is narrow."""


class Hint(NamedTuple):
    """What is said of the text so far."""

    words: str
    is_wrong: bool = False
    """Whether it cannot be taken like this."""


class Question(NamedTuple):
    """What is asked for, and what becomes of the answer."""

    sign: str
    """Stands before the line: a box, or the name of a field."""
    hint: Callable[[str], Hint]
    submit: Callable[[str], None]
    """Takes the answer; raises `RefusedError` where it will not do."""
    value: str = ""
    is_box: bool = False
    """Whether the sign is a box, and the words of a task follow."""
    style: Style | None = None
    """Of the sign."""
    placeholder: str = ""
    selects: bool = False
    """Whether typing replaces `value`."""
    submit_and_go_on: Callable[[str], None] | None = None
    """Takes the answer and leaves the prompt open for the next."""
    paste: Callable[[str], None] | None = None
    """Takes several lines that were pasted; the prompt closes. None joins them to one."""


class Prompt(Panel[None], inherit_bindings=False):
    """Asks a `Question`. Closes by itself once the answer is taken."""

    AUTO_FOCUS = "LineInput"
    DEFAULT_CSS = """
    Prompt {
        #line { height: 1; }
        #sign { width: auto; color: $text-muted; background: $panel; }
        #hint { height: 1fr; color: $text-muted; background: $panel; }
        #hint.-wrong { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *Panel.BINDINGS,
        Binding("down,ctrl+j", "submit_and_go_on", "and another", key_display="↓"),
    ]

    def __init__(self, question: Question, opening: Opening, inks: Inks) -> None:
        super().__init__(opening, inks)
        self._question = question
        self._early = ""
        self._pasted: str | None = None
        """Several lines that were pasted and are still to be agreed to."""
        self._hint = question.hint(question.value)
        self._hint_lines = 1
        self._is_turned_down = False
        """Whether enter was pressed on what will not do. Until then a fault is only hinted at."""

    def rows(self) -> ComposeResult:
        """See `Panel`."""
        question = self._question
        with Horizontal(id="line"):
            yield Static(Text(question.sign, question.style or self.inks.dim), id="sign")
            yield LineInput(question.value, question.placeholder, selects=question.selects)
        yield Static("", id="hint")

    def lines(self, width: int) -> int:
        """See `Panel`."""
        return 1 + self._hint_lines

    def set_in(self, cells: int) -> None:
        """See `Panel`."""
        self.query_one("#line").styles.padding = (0, 1, 0, cells)
        self.query_one("#hint").styles.padding = (0, 1, 0, self._hint_indent)
        self._say(self._hint)

    @property
    def _hint_indent(self) -> int:
        """The hint stands below the words of a task, or below the name of a field."""
        return self._opening.indent + (cell_len(self._question.sign) if self._question.is_box else 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this question takes."""
        return action != "submit_and_go_on" or self._question.submit_and_go_on is not None

    def on_mount(self) -> None:
        """Start with what was typed already."""
        if self._early:
            self._line.typed(self._early)

    @property
    def _line(self) -> LineInput:
        return self.query_one(LineInput)

    def typed(self, text: str) -> None:
        """See `Panel`."""
        if not self.is_mounted:
            self._early += text
        elif self.is_attached:
            self._line.typed(text)

    def _say(self, hint: Hint) -> None:
        self._hint = hint
        words = self.query_one("#hint", Static)
        words.set_class(self._is_turned_down, "-wrong")
        width = max(8, self._opening.width - self._hint_indent - 1)
        lines = wrapped(shown(hint.words), width, _MOST_HINT_LINES if self._is_turned_down else 1)
        words.update(Content("\n".join(lines)))
        if len(lines) != self._hint_lines:
            self._hint_lines = len(lines)
            self.place()

    @on(Input.Changed)
    def _look_at(self, message: Input.Changed) -> None:
        self._pasted = None
        self._is_turned_down = False
        self._say(self._question.hint(message.value))

    @on(Input.Submitted)
    def _submit(self) -> None:
        self.action_submit()

    @on(LineInput.LinesPasted)
    def _paste(self, message: LineInput.LinesPasted) -> None:
        if self._question.paste is None or self._line.value.strip():
            self._line.typed(" ".join(message.text.split()))
            return
        lines = [line for line in message.text.splitlines() if line.strip()]
        self._pasted = message.text
        self._say(Hint(f"{len(lines)} lines, from “{brief(lines[0].strip())}” on: enter adds each as a task"))

    def action_submit(self) -> None:
        """Hand the answer over and close; stay where it will not do."""
        take = self._question.submit
        if self._pasted is not None and self._question.paste is not None:
            take = self._question.paste
        if self._hand_over(take):
            self.answer(None)

    def action_submit_and_go_on(self) -> None:
        """Hand the answer over and ask for the next."""
        take = self._question.submit_and_go_on
        if take is not None and self._line.value.strip() and self._hand_over(take):
            self._line.value = ""

    def _hand_over(self, take: Callable[[str], None]) -> bool:
        text = self._line.value.strip() if self._pasted is None else self._pasted
        hint = self._question.hint(text)
        if not hint.is_wrong:
            try:
                take(text)
            except RefusedError as error:
                hint = Hint(str(error), is_wrong=True)
            else:
                return True
        self._is_turned_down = True
        self._say(hint)
        return False
