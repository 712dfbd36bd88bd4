"""The rows of a menu: a sign, a name, a remark, and the key that chooses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList

MENU_INDENT = 3
"""Cells before the sign of a row, with space for the mark of the one that is in force."""
_END = 2
"""Blank cells after a row."""


class MenuItem(NamedTuple):
    """One row of a menu."""

    sign: str
    """Two cells, or nothing."""
    text: str
    answer: str
    keys: tuple[str, ...] = ()
    """Characters that choose it, beside its number."""
    note: str = ""
    """A remark, shown dim."""
    style: Style | None = None
    """Of the sign."""


def keys_of_choices(choices: Sequence[MenuItem]) -> dict[str, MenuItem]:
    """The choices by character: their own keys take precedence over numbers, those over first letters."""
    found: dict[str, MenuItem] = {}
    for choice in choices:
        for key in choice.keys:
            found.setdefault(key, choice)
    for number, choice in enumerate(choices[:9], 1):
        found.setdefault(str(number), choice)
    for choice in choices:
        found.setdefault(choice.text[:1].lower(), choice)
    return found


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

    def __init__(
        self,
        choices: Sequence[MenuItem],
        current: str | None,
        by_key: Mapping[str, MenuItem],
        shown: Sequence[str],
    ) -> None:
        """Make the rows.

        Args:
            choices: One for each row.
            current: The answer that is in force; None for none, or several.
            by_key: The choices by the characters that choose them.
            shown: The key that is shown on each row; empty for none.
        """
        super().__init__()
        self._choices = choices
        self._current = current
        self._by_key = by_key
        self._shown = shown

    def on_mount(self) -> None:
        """Start on the choice that is in force."""
        self.rows_changed()
        answers = [choice.answer for choice in self._choices]
        if self._current in answers:
            self.move_to(answers.index(self._current))

    def show_keys(self, shown: Sequence[str]) -> None:
        """Show these keys on the rows."""
        self._shown = shown
        self.refresh()

    @property
    def width_wanted(self) -> int:
        """Cells in which no row is cut."""
        return max(
            MENU_INDENT
            + cell_len(f"{choice.sign}{display_text(choice.text)}")
            + 4
            + cell_len(display_text(choice.note))
            + 3
            + _END
            for choice in self._choices
        )

    @override
    def row_count(self) -> int:
        return len(self._choices)

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        choice = self._choices[row_]
        mark = "✓" if choice.answer == self._current else " "
        style = text_styles.strong if row_ == self.cursor else text_styles.text
        start = [
            Segment(f"{mark:>{MENU_INDENT - 1}} ", text_styles.accent),
            Segment(choice.sign, choice.style or text_styles.dim),
        ]
        end = [
            Segment(display_text(choice.note), text_styles.dim),
            Segment(f"{self._shown[row_]:>3}{' ' * _END}", text_styles.accent),
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
