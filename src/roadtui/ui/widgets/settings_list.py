"""The rows of the settings: each with its name, its value, what it means, and where its value comes from."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.settings import SETTINGS, Setting
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.user_settings import SettingOrigin, UserSettings

_NAME_CELLS = max(len(setting.name) for setting in SETTINGS) + 2
_VALUE_CELLS = 16
_LEAST_MEANING = 24
_PLACES_FROM = 44
"""Cells of a row from which on it says where its value comes from."""


class SettingsList(LineList, inherit_bindings=False):
    """All settings, with a cursor."""

    DEFAULT_CSS = """
    SettingsList { background: $panel; height: 1fr; overflow-y: auto; scrollbar-background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LIST)]

    class Picked(Message):
        """A double click on a row."""

    def __init__(self, settings: UserSettings) -> None:
        super().__init__()
        self.styles.max_height = len(SETTINGS)
        self._settings = settings

    @property
    def setting(self) -> Setting:
        """The setting under the cursor."""
        return SETTINGS[self.cursor]

    @override
    def row_count(self) -> int:
        return len(SETTINGS)

    @property
    @override
    def has_keys(self) -> bool:
        """True: a value that is typed is that of the row under the cursor."""
        return True

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        return draw_setting(self._settings, SETTINGS[row], width, text_styles, is_current=row == self.cursor)

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        if is_double:
            self.post_message(self.Picked())


def draw_setting(
    settings: UserSettings, setting: Setting, width: int, text_styles: TextStyles, *, is_current: bool
) -> Strip:
    """One row of `width` cells: columns of fixed widths, and what it means where there is room for that."""
    origin = settings.origin(setting.name)
    places = max(cell_len(settings.place(each.name)) for each in SETTINGS)
    place = places if width >= _PLACES_FROM + places else 0
    left = width - 1 - _NAME_CELLS - (place + 3 if place else 0)
    meaning = left - _VALUE_CELLS - 2
    has_meaning = meaning >= _LEAST_MEANING
    value_cells = _VALUE_CELLS if has_meaning else max(0, left)
    value = display_text(setting.shown(settings.value(setting.name)))
    is_fixed = bool(settings.refusal(setting.name))
    style = text_styles.dim if is_fixed else text_styles.text
    value_style = text_styles.accent if origin is SettingOrigin.OWN else style
    bold = Style(bold=True) if is_current else Style()
    segments = [
        Segment(" "),
        Segment(_column(setting.name, _NAME_CELLS), style + bold),
        Segment(_column(value, value_cells), value_style + bold),
    ]
    if has_meaning:
        segments.append(Segment("  " + _column(setting.plain_meaning, meaning), text_styles.dim))
    if place:
        text = settings.place(setting.name)
        segments.append(Segment(" " * (2 + place - cell_len(text)) + text + " ", text_styles.dim))
    return Strip(segments).adjust_cell_length(width)


def _column(text: str, cells: int) -> str:
    shown = ellipsize(text, cells, cell_len)
    return shown + " " * (cells - cell_len(shown))
