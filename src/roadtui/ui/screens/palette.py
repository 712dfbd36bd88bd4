"""The palette: everything that can be run or gone to, by its name, in one list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.find.palette import Palette, PaletteResult
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import KeyRefused
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.line_input import FinderLine
from roadtui.ui.widgets.palette_list import PaletteList

_SLICE = 0.006
"""Seconds that the vault is searched between two keys."""


class PaletteScreen(ModalScreen[PaletteResult], inherit_bindings=False):
    """Dismissed with what was picked, or with None."""

    AUTO_FOCUS = "LineInput"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012 (an instance variable to Textual)
    DEFAULT_CSS = """
    PaletteScreen {
        align: center top;
        background: transparent;
        #palette {
            width: 80; max-width: 100%; height: 22; max-height: 100%; margin: 2 0 1 0;
            background: $panel; padding: 1 0;
        }
        #line { height: 2; padding: 0 2 0 1; }
        #sign { width: 2; color: $text-muted; background: $panel; }
        #count { width: auto; color: $text-muted; background: $panel; }
        &.-short #palette { margin: 0; padding: 0; height: 100%; }
        &.-short #line { height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG, Scope.FINDER)]

    def __init__(
        self,
        palette: Palette,
        statuses: StatusRegistry,
        text_styles: TextStyles,
        placeholder: str = "a command, a note, a heading, a task",
        on_highlighted: Callable[[PaletteResult], None] | None = None,
    ) -> None:
        """Make the screen.

        Args:
            palette: What is listed.
            statuses: The statuses of the vault, for the signs of tasks.
            text_styles: The text styles of the theme.
            placeholder: What can be typed.
            on_highlighted: Called with each result that the cursor comes to.
        """
        super().__init__()
        self._palette = palette
        self._placeholder = placeholder
        self._on_highlighted = on_highlighted
        self._searching: asyncio.Task[None] | None = None
        self._picks_best = False
        """Whether enter was pressed before the search was over: then the best of all is picked."""
        self._list = PaletteList(statuses)
        self._list.text_styles = text_styles
        self._footer = KeyFooter()
        self._footer.text_styles = text_styles

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            with Horizontal(id="line"):
                yield Static("›", id="sign")
                yield FinderLine("", self._placeholder, selects=False)
                yield Static("", id="count")
            yield self._list
        yield self._footer

    def on_mount(self) -> None:
        """List what is used most, and follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self._show()

    def _use_theme(self) -> None:
        styles = TextStyles.of_theme(self.app.theme_variables)
        self._list.text_styles = self._footer.text_styles = styles

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._palette.ask(message.value)
        self._picks_best = False
        self._list.move_to(0)
        is_finished = self._palette.advance(_SLICE)
        self._show()
        if not is_finished and not self._is_searching:
            self._searching = asyncio.create_task(self._search_on())

    @property
    def _is_searching(self) -> bool:
        return self._searching is not None and not self._searching.done()

    async def _search_on(self) -> None:
        """Search the vault in slices, between which keys are handled, and show what is found."""
        is_finished = False
        while not is_finished and self.is_attached:
            await asyncio.sleep(0)
            is_finished = self._palette.advance(_SLICE)
        if self.is_attached:
            self._show()
            if self._picks_best:
                self._answer(self._list.current)

    def _show(self) -> None:
        results = self._palette.results
        self._list.show(results, self._palette.query)
        self.query_one("#count", Static).update(Content("" if results else "nothing found"))
        self._highlighted()  # The first row may be another one.

    def action_move(self, rows: int) -> None:
        """Move the cursor in the list."""
        reason = self._list.refusal("move", (rows,))
        if reason is None:
            self._list.action_move(rows)
        else:
            self.post_message(KeyRefused(reason))

    @on(PaletteList.CursorMoved)
    def _highlighted(self) -> None:
        if self._on_highlighted is not None and self._list.current is not None:
            self._on_highlighted(self._list.current)

    @on(Input.Submitted)
    @on(PaletteList.Picked)
    def _pick(self) -> None:
        self._picks_best = self._is_searching
        if not self._picks_best:
            self._answer(self._list.current)

    def action_cancel(self) -> None:
        """Close it; nothing is run."""
        self._answer(None)

    def on_click(self, event: events.Click) -> None:
        """Close it by a click beside it."""
        box = self.query_one("#palette")
        if not any(each.region.contains_point(event.screen_offset) for each in (box, self._footer)):
            self.action_cancel()

    def _answer(self, result: PaletteResult | None) -> None:
        if self.app.screen is self:
            if result is not None:
                self._palette.used(result)
            self.dismiss(result)
