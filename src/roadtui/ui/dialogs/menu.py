"""A short list of choices that floats beside its row, each with keys of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.floating import FloatingDialog
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.menu_list import MenuItem, MenuList, keys_of_choices


class MenuDialog(FloatingDialog[str], inherit_bindings=False):
    """Dismissed with the answer of the choice."""

    AUTO_FOCUS = "MenuList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(
        self,
        title: str,
        choices: Sequence[MenuItem],
        current: str | None,
        anchor: DialogAnchor,
        text_styles: TextStyles,
    ) -> None:
        """Make a menu.

        Args:
            title: What is chosen, and of what: `Status of “Distributions”`.
            choices: The rows.
            current: The answer that is in force; None where several are.
            anchor: What it floats beside.
            text_styles: The text styles of the theme.
        """
        super().__init__(title, anchor, text_styles)
        self._by_key = by_key = keys_of_choices(choices)
        numbers = [
            str(number) if by_key.get(str(number)) is choice else ""
            for number, choice in enumerate(choices, 1)
        ]
        self._list = MenuList(choices, current, by_key, numbers)
        self._list.text_styles = text_styles

    @override
    def content(self) -> ComposeResult:
        yield self._list

    @property
    @override
    def size_wanted(self) -> Size:
        return Size(self._list.width_wanted, self._list.row_count())

    @on(MenuList.Chosen)
    def _choose(self, message: MenuList.Chosen) -> None:
        self.answer(message.choice.answer)
