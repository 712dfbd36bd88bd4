"""The base of the program: it begins with the saved frame of the last run, and ends with a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.ui.explaining_app import ExplainingApp
from roadtui.ui.terminal.terminal_app import Result

if TYPE_CHECKING:
    from roadtui.session.frame_view import FrameView
    from roadtui.session.saved_frames import FrameStore
    from roadtui.standing_frame import StandingFrame
    from roadtui.ui.presenters.frame_presenter import FramePresenter
    from roadtui.ui.terminal.frame_takeover import WidgetLine


class SavedFrames(NamedTuple):
    """The saved frames of one vault."""

    make_store: Callable[[], FrameStore]
    """Makes what saves the next one."""
    standing: StandingFrame | None
    """The one that is on the terminal already."""

    @property
    def view(self) -> FrameView | None:
        """What the frame on the terminal shows; None where there is none."""
        if self.standing is None:
            return None
        from roadtui.session.frame_view import FrameView  # Only where there is a frame.

        return FrameView.decoded(self.standing.frame.view)


class FrameApp(ExplainingApp[Result], inherit_bindings=False):
    """An app that begins and ends with a saved frame. What is typed meanwhile is kept."""

    def __init__(self, clock: Clock, keys: Mapping[str, str], frames: SavedFrames | None) -> None:
        """Make the app.

        Args:
            clock: Where day and time come from.
            keys: Those that the config sets, by the id of a command.
            frames: The saved frames; None where none is saved.
        """
        super().__init__(clock, keys)
        self._saved_frames = frames
        self.frame_view = frames.view if frames is not None else None
        """What the saved frame shows that is on the terminal; None where there is none."""
        self.standing = frames.standing if frames is not None else None
        if self.standing is not None:
            self.hold_input()

    def make_frames(self, make_store: Callable[[], FrameStore]) -> FramePresenter:
        """Make what takes over from the saved frame and saves the next one; `make_store`: where."""
        raise NotImplementedError

    @cached_property
    def frames(self) -> FramePresenter | None:
        """Takes over from the saved frame, and saves the next one; None where none is saved."""
        return self.make_frames(self._saved_frames.make_store) if self._saved_frames is not None else None

    @override
    def parts_drawn(self) -> Sequence[Region | WidgetLine] | None:
        return self.frames.parts_drawn() if self.frames is not None else None

    @override
    def takes_key(self) -> bool:
        return self.frames is None or self.frames.takes_key()
