"""A short list of choices, each with keys of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList


class MenuItem(NamedTuple):
    """One row of a menu."""

    sign: str
    """Two cells."""
    text: str
    answer: str
    keys: tuple[str, ...] = ()
    """Characters that choose it, beside its number."""
    note: str = ""
    """A remark, shown dim."""
    style: Style | None = None
    """Of the sign."""


class MenuList(LineList, inherit_bindings=False):
    """The rows of a menu."""

    DEFAULT_CSS = (
        "MenuList { background: $panel; height: 1fr; overflow-y: auto; scrollbar-background: $panel; }"
    )

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.MENU, Scope.LIST)]

    @dataclass
    class Chosen(Message):
        """The user has made a choice."""

        choice: MenuItem

    def __init__(self, choices: Sequence[MenuItem], current: str | None) -> None:
        """`current`: the answer that is in force."""
        super().__init__()
        self._choices = choices
        self._current = current
        self._indent = 1
        self._by_key = _keys(choices)

    def on_mount(self) -> None:
        """Start on the choice that is in force."""
        self.rows_changed()
        answers = [choice.answer for choice in self._choices]
        if self._current in answers:
            self.move_to(answers.index(self._current))

    def set_indent(self, cells: int) -> None:
        """Start the rows at `cells`."""
        self._indent = cells
        self.refresh()

    @override
    def row_count(self) -> int:
        return len(self._choices)

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        choice = self._choices[row_]
        is_current = choice.answer == self._current
        style = text_styles.strong if row_ == self.cursor else text_styles.text
        start = [
            Segment(" " * max(0, self._indent - 2)),
            Segment("✓ " if is_current else "  ", text_styles.accent),
            Segment(choice.sign, choice.style or text_styles.dim),
        ]
        number = str(row_ + 1) if self._by_key.get(str(row_ + 1)) is choice else ""
        end = [
            Segment(f"{display_text(choice.note)}  ", text_styles.dim),
            Segment(f"{number:1} ", text_styles.accent),
        ]
        return fit_row(width, start, (display_text(choice.text), style), end)

    def on_key(self, event: events.Key) -> None:
        """Choose by a character. The keys of a choice take precedence over those that move the cursor."""
        found = self._by_key.get(event.character or "") if event.is_printable else None
        if found is not None and event.key not in ("space",):
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(found))

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        self.post_message(self.Chosen(self._choices[self.cursor]))

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        self.action_choose()


def _keys(choices: Sequence[MenuItem]) -> dict[str, MenuItem]:
    """Which character chooses what: their own come first, then numbers, then first letters."""
    found: dict[str, MenuItem] = {}
    for choice in choices:
        for key in choice.keys:
            found.setdefault(key, choice)
    for number, choice in enumerate(choices[:9], 1):
        found.setdefault(str(number), choice)
    for choice in choices:
        found.setdefault(choice.text[:1].lower(), choice)
    return found


class MenuDialog(InlineDialog[str], inherit_bindings=False):
    """Dismissed with the answer of the choice."""

    AUTO_FOCUS = "MenuList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(
        self, choices: Sequence[MenuItem], current: str | None, anchor: DialogAnchor, text_styles: TextStyles
    ) -> None:
        """`current`: the answer that is in force; None where several are."""
        super().__init__(anchor, text_styles)
        self._choices = choices
        self._current = current

    @override
    def rows(self) -> ComposeResult:
        choices = MenuList(self._choices, self._current)
        choices.text_styles = self.text_styles
        yield choices

    @override
    def lines(self, width: int) -> int:
        return len(self._choices)

    @override
    def set_indent(self, cells: int) -> None:
        self.query_one(MenuList).set_indent(cells)

    @on(MenuList.Chosen)
    def _choose(self, message: MenuList.Chosen) -> None:
        self.answer(message.choice.answer)

    @override
    def typed(self, text: str) -> None:
        """A key that was pressed before the menu opened chooses too."""
        found = _keys(self._choices).get(text)
        if found is not None:
            self.answer(found.answer)
