"""The base of the full-screen programs: the terminal's driver, and their orderly end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, runtime_checkable

from rich.console import RenderableType
from textual.app import App
from textual.driver import Driver
from textual.geometry import NULL_OFFSET, Offset, Region
from typing_extensions import override

from roadtui.config import Glyphs
from roadtui.ui.terminal.termination import Termination, status_of
from roadtui.ui.workers import start_worker

if TYPE_CHECKING:
    from textual.screen import Screen

    from roadtui.standing_frame import StandingFrame
    from roadtui.ui.terminal.bracketed_paste import PasteDropped
    from roadtui.ui.terminal.frame_takeover import FrameTakeover, WidgetLine
    from roadtui.ui.terminal.lent_terminal import LentTerminal

Result = TypeVar("Result")


@runtime_checkable
class HasTextCursor(Protocol):
    """A widget in which text is typed, as Textual's inputs are."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cell of the screen at which the next character appears."""


_OPENING_WAIT: Final = 0.01
"""Seconds between two checks whether a screen has been opened, or another program has ended."""


class TerminalApp(App[Result]):
    """An app that ends as by its quit key when a signal requests it or when its terminal is gone.

    An unexpected exception ends it with a traceback and a failure status, wherever it was raised.
    """

    glyphs = Glyphs.AUTO
    """The signs that are drawn."""
    _termination: Termination | None = None
    _lent: LentTerminal | None = None
    """Runs another program in the terminal; made with the first one."""
    standing: StandingFrame | None = None
    """The saved frame that stood on the terminal when the program began."""
    _takeover: FrameTakeover | None = None
    _can_quit = False
    _has_crashed = False

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor is put, unseen: where the user types, which input methods go by.

        It is looked up with each paint. Textual's inputs set it when they get the focus, before they are laid
        out, and do not when they move.
        """
        focused = self.focused
        return focused.cursor_screen_offset if isinstance(focused, HasTextCursor) else NULL_OFFSET

    @cursor_position.setter
    def cursor_position(self, offset: Offset) -> None:
        pass

    @override
    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        if sys.platform == "win32":
            return usual
        from textual.drivers.linux_driver import LinuxDriver  # Neither can be imported on Windows.

        from roadtui.ui.terminal.driver import TerminalDriver

        return TerminalDriver if usual is LinuxDriver else usual

    def run_until_ended(self, termination: Termination) -> int:
        """Run in the terminal; return the exit status: 0, 1 after a crash, 128 plus a signal's number."""
        self._termination = termination
        with ExitStack() as self._asking:
            self.run()
        if self._has_crashed or self.return_code:
            return self.return_code or 1
        return status_of(termination.number) if termination.number is not None else 0

    def use_glyphs(self, glyphs: Glyphs) -> None:
        """Draw the signs that `glyphs` names from now on."""
        self.glyphs = glyphs
        if sys.platform != "win32":
            from roadtui.ui.terminal.driver import TerminalDriver  # Imported already, when the app was made.

            if isinstance(self._driver, TerminalDriver):
                self._driver.use_glyphs(glyphs)
                self.refresh(layout=True)

    def on_load(self) -> None:
        """Handle signals as soon as the event loop runs, before the terminal is changed."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._report)

        def ask() -> None:
            if not loop.is_closed():  # The app may have ended meanwhile.
                loop.call_soon_threadsafe(self._quit_if_asked)

        if self._termination is not None:
            self._asking.enter_context(self._termination.asking(ask, self._restore_at_once))

    def abort_messages(self) -> list[str]:
        """Sentences to print if the program ends at once. Must not block."""
        return []

    def _restore_at_once(self) -> None:
        if sys.platform != "win32":
            from roadtui.ui.terminal.driver import TerminalDriver  # Imported already, when the app was made.

            if isinstance(self._driver, TerminalDriver):
                self._driver.restore_at_once()
                self._driver.print_at_once(self.abort_messages())

    # The saved frame

    def frame_stands(self) -> None:
        """The frame `standing` is on the terminal, which is the program's now."""
        if self.standing is not None:
            from roadtui.ui.terminal.frame_takeover import FrameTakeover  # Only where there is a frame.

            self._takeover = FrameTakeover(self.standing.frame.screen, self.standing.size, self.parts_drawn)

    def frame_is_gone(self) -> None:
        """The terminal shows something else now."""
        self._takeover = None

    @property
    def is_taking_over(self) -> bool:
        """Whether cells of the saved frame may still be on the terminal."""
        return self._takeover is not None

    def parts_drawn(self) -> Sequence[Region | WidgetLine] | None:
        """The parts of the screen that are drawn as they are, in place of the saved frame; None for all."""
        return None

    def draw_over_frame(self) -> None:
        """Draw what is to be seen in place of the saved frame by now."""
        if self._takeover is not None:
            self._display(self.screen, None)

    @override
    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        takeover = self._takeover
        if takeover is None or self._batch_count:
            super()._display(screen, renderable)
            return
        super()._display(screen, takeover.update(self))  # type: ignore[arg-type]  # As Textual itself does.
        if takeover.is_over:
            self._takeover = None

    def on_mount(self) -> None:
        """Allow quitting once the first screen is complete: Textual does not end an app cleanly before."""
        self.call_after_refresh(self._first_screen_is_complete)

    def _first_screen_is_complete(self) -> None:
        self._can_quit = True
        self._quit_if_asked()

    def _quit_if_asked(self) -> None:
        if self._can_quit and self._termination is not None and self._termination.number is not None:
            if self._lent is not None:
                self._lent.terminate()
            start_worker(self, self.action_quit, group="quit")

    def on_terminal_closed(self) -> None:
        """End in order, as the terminal is gone (see `driver.TerminalClosed`)."""
        if self._termination is not None:
            self._termination.hang_up()

    async def run_in_foreground(self, command: Sequence[str]) -> int:
        """Run another program in the terminal, and return its exit status; negative for a signal.

        Raises:
            RefusedError: it cannot be started, or the terminal cannot be lent.
        """
        if self._lent is None:
            from roadtui.ui.terminal.lent_terminal import LentTerminal  # Few users need it in most runs.

            self._lent = LentTerminal(self, self._termination)
        return await self._lent.run(command)

    def on_paste_dropped(self, message: PasteDropped) -> None:
        """Say why nothing was pasted (see `bracketed_paste.PasteDropped`)."""
        self.notify(message.reason.value, severity="warning")

    def _report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Crash with an exception that was raised in a task or a callback."""
        error = context.get("exception")
        if isinstance(error, Exception):
            from rich.traceback import Traceback  # Imports a syntax highlighter; hardly ever needed.

            self.panic(Traceback.from_exception(type(error), error, error.__traceback__))
        else:
            loop.default_exception_handler(context)

    @override
    def panic(self, *renderables: RenderableType) -> None:
        """Record the crash, as Textual leaves the return code as it is."""
        self._has_crashed = True
        super().panic(*renderables)

    @override
    def exit(
        self, result: Result | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End the app, with a failure status if it has crashed.

        Waits for a screen that is being opened: Textual does not mount its widgets once the app is ending.
        Waits for a program that the terminal is lent to, too.
        """
        is_lent = self._lent is not None and self._lent.is_running
        if self.is_running and (is_lent or not all(screen.is_mounted for screen in self.screen_stack)):
            self.set_timer(_OPENING_WAIT, partial(self.exit, result, return_code, message))
        else:
            super().exit(result, return_code or self.return_code or 0, message)
