"""A question to be answered by yes or no, beside the rows that it is about."""

from __future__ import annotations

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
from roadtui.ui.widgets.menu_list import MenuItem, MenuList

_YES, _NO = "yes", "no"


class ConfirmList(MenuList, inherit_bindings=False):
    """The two answers. Only the keys of the question give one of them, not every first letter."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LIST)]


class ConfirmDialog(FloatingDialog[bool], inherit_bindings=False):
    """Dismissed with True for yes, and None for no."""

    AUTO_FOCUS = "ConfirmList"
    DEFAULT_CSS = "ConfirmDialog #title { color: $foreground; text-style: bold; }"
    LINES_OF_TITLE = 3
    CELLS_OF_TITLE = 64
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.CONFIRM, Scope.DIALOG)]

    def __init__(
        self, question: str, yes: str, no: str, anchor: DialogAnchor, text_styles: TextStyles
    ) -> None:
        """`yes` and `no`: the effect of each answer, in a word or two."""
        super().__init__(question, anchor, text_styles)
        self._answers = (MenuItem("", yes, _YES), MenuItem("", no, _NO))

    @override
    def content(self) -> ComposeResult:
        found = ConfirmList(self._answers, None, {}, ("", ""))
        found.text_styles = self.text_styles
        yield found

    def on_mount(self) -> None:
        """Show the keys, as they are set in the config."""
        bindings = [active.binding for active in self.active_bindings.values()]
        shown = {one.id: self.app.get_key_display(one) for one in reversed(bindings)}
        self.query_one(ConfirmList).show_keys([shown.get("confirm_yes", ""), shown.get("confirm_no", "")])

    @property
    @override
    def size_wanted(self) -> Size:
        return Size(self.query_one(ConfirmList).width_wanted, len(self._answers))

    @on(ConfirmList.Chosen)
    def _choose(self, message: MenuList.Chosen) -> None:
        self.answer(message.choice.answer == _YES or None)

    def action_choose(self) -> None:
        """Give the answer under the cursor."""
        self.query_one(ConfirmList).action_choose()

    def action_say_yes(self) -> None:
        """Answer yes."""
        self.answer(True)
