"""A prompt: one line of input at a row, and below it a hint on the text so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Offset
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import display_text
from roadtui.core.titles import short_title
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.dialogs.field_offer import FieldOffer, FindOffer
from roadtui.ui.dialogs.hint_line import HintLine, InputHint
from roadtui.ui.dialogs.prompt_line import PromptLine
from roadtui.ui.mounting import has_children
from roadtui.ui.styles import TextStyles
from roadtui.ui.terminal.ordered_input_app import handle_again
from roadtui.ui.terminal.typed_input import TypedInput
from roadtui.ui.widgets.line_input import lines_with_text
from roadtui.ui.workers import start_worker

_SAVING_SHOWS_AFTER = 0.3
"""Seconds; most answers are saved sooner, and no message is shown."""
_SAVING = "saving… esc goes on without waiting"

SubmitAnswer = Callable[[str], Awaitable[None]]
"""Submits an answer: returns once it is in the note, raises `RoadtuiError` if it is refused."""


class PromptSpec(NamedTuple):
    """What a prompt shows, and the callbacks that submit its answer."""

    sign: str
    """Shown before the input: a checkbox, or the name of a field."""
    hint: Callable[[str], InputHint]
    submit: SubmitAnswer
    """Submits the answer."""
    value: str = ""
    is_box: bool = False
    """Whether the sign is a checkbox, and the description of a task follows."""
    style: Style | None = None
    """Of the sign."""
    placeholder: str = ""
    selects: bool = False
    """Whether typing replaces `value`."""
    cursor: int | None = None
    """Where in `value` typing goes on; None for its end."""
    submit_and_go_on: SubmitAnswer | None = None
    """Submits the answer while the next is typed; answers are submitted in their order."""
    paste: SubmitAnswer | None = None
    """Submits several lines that were pasted. None joins them to one."""
    offer: FindOffer | None = None
    """The field that the last words of a text name, which a key takes out of it."""


class _RefusedLine(NamedTuple):
    """A line that was refused while the next one was typed."""

    text: str
    reason: str


class PromptDialog(InlineDialog[None], inherit_bindings=False):
    """Asks for what a `PromptSpec` describes. Closes once the answer is saved; a refused one stays."""

    AUTO_FOCUS = "PromptLine"
    DEFAULT_CSS = """
    PromptDialog {
        #line { height: 1; }
        #sign { width: auto; color: $text-muted; background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG, Scope.PROMPT)]

    def __init__(self, spec: PromptSpec, anchor: DialogAnchor, text_styles: TextStyles) -> None:
        super().__init__(anchor, text_styles)
        self._spec = spec
        self._pasted: str | None = None
        """Several lines that were pasted and are still to be confirmed."""
        self._line = PromptLine(
            spec.value, spec.placeholder, selects=spec.selects, takes_lines=spec.paste is not None
        )
        if spec.cursor is not None:
            self._line.cursor_position = spec.cursor
        self._offer = FieldOffer(spec.offer) if spec.offer is not None else None
        self._hint = HintLine(spec.hint(spec.value).text, self.place, id="hint")
        self._shows_saving = False
        """Whether the hint shows that saving takes long."""
        self._looks_closed = False
        """Whether the answer is shown in the note already, and the prompt is hidden while it is saved."""
        self._refused_lines: list[_RefusedLine] = []
        """Refused lines that are shown again once the current one is submitted."""

    @override
    def rows(self) -> ComposeResult:
        spec = self._spec
        with Horizontal(id="line"):
            yield Static(Text(spec.sign, spec.style or self.text_styles.dim), id="sign")
            yield self._line
            if self._offer is not None:
                yield self._offer
        yield self._hint

    @override
    def lines(self, width: int) -> int:
        return 1 + self._hint.lines

    @override
    def set_indent(self, cells: int) -> None:
        self.query_one("#line").styles.padding = (0, 1, 0, cells)
        sign = cell_len(self._spec.sign) if self._spec.is_box else 0
        # Below the description of a task, or below the name of a field.
        self._hint.lay_out(cells + sign, self._anchor.width)
        self._follow_offer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of this prompt."""
        if action == "take_offer":
            return self._offer is not None and self._offer.is_there
        return action != "submit_and_go_on" or self._spec.submit_and_go_on is not None

    @on(Input.Changed)
    def _follow_text(self, message: Input.Changed) -> None:
        if message.value != self._line.value:
            return  # A line that was refused has come back since.
        self._pasted = None
        self._hint.show(self._spec.hint(message.value).text)
        self._follow_offer()

    def action_take_offer(self) -> None:
        """Take the words that name a field out of the text; the next time, put them back."""
        offer = self._offer
        if offer is not None and not self._line.is_held:
            self._line.value = offer.take(self._line.value)
            self._line.action_end()
            self._hint.show(self._spec.hint(self._line.value).text)
            self._follow_offer()

    def _follow_offer(self) -> None:
        """Show the field that the text names: beside it, or where that is too narrow in place of the hint."""
        offer = self._offer
        if offer is not None:
            cells = self._anchor.width - self._anchor.indent - cell_len(self._spec.sign) - 1
            fits = offer.follow(self._line.value, cells)
            if not fits and offer.words and not self._hint.is_refusal:
                self._hint.show(offer.words)
            self.refresh_bindings()

    def _answer(self) -> str:
        text, offer = self._line.value.strip(), self._offer
        return offer.with_field(text) if offer is not None else text

    @on(PromptLine.LinesPasted)
    def _paste(self, message: PromptLine.LinesPasted) -> None:
        lines = lines_with_text(message.text)
        self._pasted = message.text
        self._hint.show(
            f"{len(lines)} lines, from “{short_title(lines[0].strip())}” on: enter adds each as a task"
        )

    @on(Input.Submitted)
    def action_submit(self) -> None:
        """Submit the answer, and close once it is in the note."""
        submit, text = self._spec.submit, self._answer()
        if self._pasted is not None and self._spec.paste is not None:
            submit, text = self._spec.paste, self._pasted
        if self._refuses(text):
            self._line.release()
        else:
            self._line.hold()
            # The app's worker, not the prompt's: closing the prompt does not cancel it.
            start_worker(self.app, self._close_when_submitted, submit, text)

    def action_submit_and_go_on(self) -> None:
        """Submit the answer, and ask for the next."""
        if not has_children(self):
            return
        submit, text = self._spec.submit_and_go_on, self._answer()
        if submit is not None and text and not self._refuses(text):
            if self._offer is not None:
                self._offer.clear()
            self._line.value = ""
            self._show_refused_line()
            start_worker(self.app, self._submit_in_background, submit, text)

    def _refuses(self, text: str) -> bool:
        """Whether `text` is refused before it is submitted; shows why."""
        hint = self._spec.hint(text)
        if hint.is_wrong:
            self._hint.show_refusal(hint.text)
        return hint.is_wrong

    async def _close_when_submitted(self, submit: SubmitAnswer, text: str) -> None:
        saving = self.set_timer(_SAVING_SHOWS_AFTER, self._show_saving)
        reason = await _refusal(submit, text)
        saving.stop()
        self._shows_saving = False
        if not self.is_attached:
            self._notify_refused(text, reason)
        elif reason is not None:
            self._look_open()
            self._line.release()
            self._hint.show_refusal(reason)
        elif self._refused_lines:
            self._look_open()
            self._line.release()
            self._show_refused_line()
        else:
            await self._leave()

    @override
    def look_closed(self) -> None:
        if self._line.is_held and not self._looks_closed:
            self._looks_closed = True
            self._footer.display = False
            # Below the screen: a hidden line would lose the focus, and the keys that it keeps.
            self.query_one("#dialog").styles.offset = Offset(0, self.size.height)
            self._anchor.close()

    def _look_open(self) -> None:
        """Show the prompt again where it was hidden."""
        if self._looks_closed:
            self._looks_closed = False
            self._footer.display = True
            self.place()

    @override
    def place(self) -> None:
        if not self._looks_closed:
            super().place()

    async def _show_saving(self) -> None:
        if self._looks_closed and not self._refused_lines:
            await self._leave()  # A refusal is told by a message.
            return
        self._look_open()
        self._shows_saving = True
        self._hint.show(_SAVING)

    @override
    async def action_cancel(self) -> None:
        """Close; what was submitted is saved all the same."""
        if self._line.is_held and not self._shows_saving:  # To the user it is closed already.
            await self._leave(events.Key("escape", None))
        else:
            await super().action_cancel()

    async def _leave(self, *last: TypedInput) -> None:
        """Close; what was kept, and then `last`, is for what is below the prompt."""
        kept = self._line.release()
        self.answer(None)
        handle_again(self.app, [*kept, *last])

    async def _submit_in_background(self, submit: SubmitAnswer, text: str) -> None:
        reason = await _refusal(submit, text)
        if not self.is_attached:
            self._notify_refused(text, reason)
        elif reason is not None:
            self._refused_lines.append(_RefusedLine(text, reason))
            if self._line.value.strip() or self._line.is_held:
                self._hint.show_refusal(f"“{short_title(text)}” comes back after this line. {reason}")
            else:
                self._show_refused_line()

    def _show_refused_line(self) -> None:
        """Put the first line that was refused into the input again, with the reason."""
        if self._refused_lines:
            text, reason = self._refused_lines.pop(0)
            if self._offer is not None:
                self._offer.clear()
            with self.prevent(Input.Changed):
                self._line.value = text
            self._line.action_end()
            self._hint.show_refusal(reason)

    def _notify_refused(self, text: str, reason: str | None) -> None:
        """Notify that `text` was refused, as the prompt was closed before."""
        if reason is not None:
            self.app.notify(display_text(f"Not saved: “{text}”. {reason}"), severity="error", markup=False)


async def _refusal(submit: SubmitAnswer, text: str) -> str | None:
    """Why `text` is refused; None once it is saved."""
    try:
        await submit(text)
    except RoadtuiError as error:
        return str(error)
    return None
