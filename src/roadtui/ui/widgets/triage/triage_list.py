"""The list of the way out: small steps, parts to decide about, tasks of the week, or lines of notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.triage.plan import PartKey
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.triage.lines import STOPS, DiffLine, TriageLine, draw, key_of

_MOST_COUNT = 999


class TriageList(LineList, inherit_bindings=False):
    """Draws lines; a number that is typed says how many rows the next key is about."""

    HELP_SCOPE: ClassVar[Scope] = Scope.TRIAGE_LIST
    DEFAULT_CSS = "TriageList { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.TRIAGE_LIST)]

    class Counted(Message):
        """Another number was typed."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[TriageLine] = ()
        self._is_diff = False
        self.count = 0
        """The number that was typed; 0 without one."""

    def show(self, lines: Sequence[TriageLine]) -> None:
        """Show `lines`, the cursor on what it was on where that is still there."""
        before = key_of(self._lines[self.cursor]) if self.cursor < len(self._lines) else None
        self._lines = lines
        self._is_diff = any(isinstance(line, DiffLine) for line in lines)
        self.rows_changed()
        at = next(
            (at for at, line in enumerate(lines) if before is not None and key_of(line) == before), None
        )
        self.move_to(self.cursor if at is None else at)
        self.refresh_bindings()

    def show_from_top(self, lines: Sequence[TriageLine]) -> None:
        """Show `lines` of another kind, the cursor on the first."""
        self.count = 0
        self._lines = ()
        self.cursor = 0
        self.show(lines)
        self.scroll_home(animate=False, immediate=True)
        self.move_to(0)

    @property
    def current(self) -> TriageLine | None:
        """The line under the cursor."""
        found = self._lines[self.cursor] if self.cursor < len(self._lines) else None
        return found if isinstance(found, STOPS) else None

    @property
    def keys(self) -> list[PartKey]:
        """What the rows from the cursor on are about: one row, or as many as were typed."""
        stops = [line for line in self._lines[self.cursor :] if isinstance(line, STOPS)]
        keys = (key_of(line) for line in stops[: self.count or 1])
        return [key for key in keys if isinstance(key, PartKey)]

    def on_key(self, event: events.Key) -> None:
        """Take a digit as a part of a number."""
        if event.character is not None and event.character.isdecimal() and event.character.isascii():
            self.count = min(_MOST_COUNT, 10 * self.count + int(event.character))
            self.post_message(self.Counted())
            event.stop()

    @override
    def row_count(self) -> int:
        return len(self._lines)

    @override
    def is_stop(self, row: int) -> bool:
        return self._is_diff or isinstance(self._lines[row], STOPS)

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        return draw(self._lines[row], width, text_styles)
