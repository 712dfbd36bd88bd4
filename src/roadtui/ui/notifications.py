"""Messages in the line above the keys: the latest is shown for a while, and all can be read again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from textual.notifications import SeverityLevel

from roadtui.clock import Clock
from roadtui.core.terminal_text import display_text

_MOST_KEPT = 100
"""So many messages can be read again."""
_LEAST_SECONDS, _SECONDS_OF_FAULTS = 5.0, 10.0
"""How long a message is shown at least; longer where something went wrong."""
_LETTERS_A_SECOND = 12
"""How fast the line is read, by somebody who has to notice it first."""


class MessageKind(Enum):
    """What a message is about: its sign and its colour, and when it goes."""

    INFORMATION = "information"
    EDIT = "edit"
    """What an edit has done. Goes with the next edit: another one is undone then."""
    HINT = "hint"
    """Why the last key did nothing. Goes with the next key, and is not kept."""
    WARNING = "warning"
    ERROR = "error"

    @property
    def is_fault(self) -> bool:
        """Whether something went wrong: it is shown for longer."""
        return self in (MessageKind.WARNING, MessageKind.ERROR)

    @property
    def has_to_be_read(self) -> bool:
        """Whether it is shown in two lines rather than cut."""
        return self.is_fault or self is MessageKind.HINT


class ShownMessage(NamedTuple):
    """A message that is, or was, on the screen."""

    text: str
    kind: MessageKind
    until: float
    """When it goes, in seconds of a clock that only grows."""
    at: str
    """The time of day at which it came last, `12:04`."""
    times: int = 1
    """How often it came."""
    unread: int = 0
    """Of a fault: so many others came before it, each shown for too short a time to be read."""

    @property
    def counted_text(self) -> str:
        """The text, with how often it came where that is more than once."""
        return self.text if self.times == 1 else f"{self.text} ×{self.times}"

    def says_the_same_as(self, other: ShownMessage | None) -> bool:
        """Whether a user would read the same in both."""
        return other is not None and (self.text, self.kind) == (other.text, other.kind)


class MessageLog:
    """The messages of one run: which is to be shown now, and those before it."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        """`changed`: called when another message is to be shown than before, or none."""
        self._clock = clock
        self._changed = changed
        self._last: ShownMessage | None = None
        self._hint: ShownMessage | None = None
        self._hint_before: ShownMessage | None = None
        """The hint that the last key took away: the same one after it is counted."""
        self._kept: deque[ShownMessage] = deque(maxlen=_MOST_KEPT)

    @property
    def shown(self) -> ShownMessage | None:
        """The message to show. A hint stands before any other, which is there again when the hint goes."""
        return self._hint or self._last

    @property
    def kept(self) -> Sequence[ShownMessage]:
        """The messages that can be read again, the oldest first."""
        return self._kept

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the message goes by itself; None where none is shown."""
        return max(0.0, self.shown.until - self._clock.monotonic()) if self.shown is not None else None

    def add(self, text: str, kind: MessageKind, seconds: float | None = None) -> None:
        """Show `text`, which is safe to display, in place of what is shown.

        Args:
            text: One or more sentences, on one line.
            kind: What it is about.
            seconds: For how long; None for as long as it takes to notice and to read it.
        """
        text = " ".join(text.split())
        if seconds is None:
            seconds = max(
                _SECONDS_OF_FAULTS if kind.is_fault else _LEAST_SECONDS, 2 + len(text) / _LETTERS_A_SECOND
            )
        at = f"{self._clock.now():%H:%M}"
        new = ShownMessage(text, kind, self._clock.monotonic() + seconds, at)
        if kind is MessageKind.HINT:
            before = self._hint or self._hint_before
            self._hint = self._counted(new, before)
        else:
            self._hint, before = None, self._last
            if before is not None and before.kind.is_fault and kind.is_fault:
                new = new._replace(unread=before.unread + (not new.says_the_same_as(before)))
            self._last = self._counted(new, before)
            if self._last.times > 1 and self._kept:
                self._kept.pop()
            self._kept.append(self._last)
        self._changed()

    @staticmethod
    def _counted(new: ShownMessage, before: ShownMessage | None) -> ShownMessage:
        return new._replace(times=before.times + 1) if before and new.says_the_same_as(before) else new

    def key_pressed(self) -> None:
        """Take a hint away, which was about the key before."""
        self._hint_before, self._hint = self._hint, None
        if self._hint_before is not None:
            self._changed()

    def edit_begins(self) -> None:
        """Take away what the edit before has done."""
        if self._last is not None and self._last.kind is MessageKind.EDIT:
            self._last = None
            self._changed()

    def dismiss(self) -> None:
        """Take away what is shown: the user has read it."""
        self._last = self._hint = None
        self._changed()

    def drop_expired(self) -> None:
        """Take away what was shown for long enough."""
        now, before = self._clock.monotonic(), self.shown
        if self._hint is not None and self._hint.until <= now:
            self._hint = None
        if self._last is not None and self._last.until <= now:
            self._last = None
        if self.shown is not before:
            self._changed()


class Notifier:
    """Shows sentences to the user; what is shown while the program ends is kept for after it."""

    def __init__(self, log: MessageLog) -> None:
        self._log = log
        self.is_ending = False
        """Whether the screen goes before a message on it can be read."""
        self.exit_messages: list[str] = []
        """Sentences to print once the screen is gone."""

    def show(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Show `sentence` for a while. It may hold text of notes: that is made safe to display."""
        if self.is_ending and severity != "information":
            self.exit_messages.append(sentence)
        self._log.add(display_text(sentence), MessageKind(severity))

    def show_edit(self, sentence: str) -> None:
        """Show what an edit has done, until the next edit."""
        self._log.add(display_text(sentence), MessageKind.EDIT)

    def hint(self, sentence: str) -> None:
        """Show why a key did nothing, until the next key."""
        self._log.add(display_text(sentence), MessageKind.HINT)

    def edit_begins(self) -> None:
        """Take away what the edit before has done: a next one is on its way."""
        self._log.edit_begins()
