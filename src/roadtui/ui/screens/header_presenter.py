"""Shows the state of the vault and of the last edit in the header, for the screens on top of it, too."""

from __future__ import annotations

from typing import Any

from textual.signal import Signal

from roadtui.ui.screens.framed import FramedScreen
from roadtui.ui.widgets.header import HeaderState


class HeaderPresenter:
    """What the headers of the program show."""

    def __init__(self, screen: FramedScreen, first: HeaderState) -> None:
        """Show `first` in the header of `screen`, which is not composed yet."""
        self._screen = screen
        self.state = first
        """What is shown."""
        self.changed: Signal[HeaderState] = Signal(screen, "header changed")
        """Published with each new `state`."""
        screen.set_reactive(FramedScreen.header_state, first)

    def update(self, **changes: Any) -> None:
        """Show `changes` of the `HeaderState`."""
        self.state = self._screen.header_state = self.state._replace(**changes)
        self.changed.publish(self.state)
