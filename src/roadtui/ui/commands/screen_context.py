"""What commands have in common on the screens that show tasks without a tree."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import override

from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import Selection
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext


class TaskScreen(Protocol):
    """A screen that shows tasks."""

    @property
    def display_context(self) -> TaskDisplayContext:
        """The statuses, the field format and the day by which tasks are read."""

    @property
    def text_styles(self) -> TextStyles | None:
        """The text styles of the theme."""


class ScreenContext(CommandContext):
    """The context of the commands on tasks of a screen, in its look."""

    def __init__(self, screen: TaskScreen, below: CommandContext, selection: Selection) -> None:
        """`below`: the context of the dashboard."""
        super().__init__(below.pane, below.host, selection)
        self._shown_on = screen

    @property
    @override
    def display_context(self) -> TaskDisplayContext:
        return self._shown_on.display_context

    @property
    @override
    def text_styles(self) -> TextStyles:
        text_styles = self._shown_on.text_styles
        assert text_styles is not None, "set before the first key"
        return text_styles
