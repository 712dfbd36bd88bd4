"""Keys that are pressed while a screen opens: they are for that screen, and do nothing on the one below."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events


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
