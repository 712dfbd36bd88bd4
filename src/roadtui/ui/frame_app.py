"""The base of the program: it begins with the saved frame of the last run, and ends with a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from textual import events
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


class HeldKeys:
    """Keeps keys, between `hold` and `release`, in the order in which they were pressed."""

    def __init__(self) -> None:
        self._is_holding = False
        self._sent: list[events.Key] = []
        """Were on their way to a widget of the screen below: pressed before the new ones."""
        self._new: list[events.Key] = []

    def hold(self) -> None:
        """Keep keys from now on."""
        self._is_holding = True

    def keep_new(self, event: events.Key) -> bool:
        """Keep a key that no widget has had; gives whether it is kept."""
        return self._keep(event, self._new)

    def keep_sent(self, event: events.Key) -> bool:
        """Keep a key that a widget had no use for; gives whether it is kept."""
        return self._keep(event, self._sent)

    def _keep(self, event: events.Key, keys: list[events.Key]) -> bool:
        if self._is_holding:
            keys.append(events.Key(event.key, event.character))
        return self._is_holding

    def release(self) -> Sequence[events.Key]:
        """Keep no more keys; gives those that were kept."""
        self._is_holding = False
        kept = [*self._sent, *self._new]
        self._sent, self._new = [], []
        return kept


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
    """An app that keeps what is typed while a frame stands, or a screen opens, until it can be handled."""

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
        self.held_keys = HeldKeys()
        """Keeps keys that cannot be handled yet."""
        if self.standing is not None:
            self.held_keys.hold()

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

    async def on_ready(self) -> None:
        """Handle what was typed before the first layout."""
        await self.release_keys()

    async def release_keys(self) -> None:
        """Handle the keys that were kept, and keep no more."""
        for key in self.held_keys.release():
            await self.on_event(key)

    @override
    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self.held_keys.keep_new(event):
                return
            if self.frames is not None and not self.frames.takes_key():
                return
        await super().on_event(event)
