"""Takes pasted text out of what a terminal sends: bounded, and over at some time, whatever is sent.

Textual's own parser collects it for as long as no end is sent, and takes every key for a part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final

from textual import events
from textual.message import Message

START: Final = "\x1b[200~"
END: Final = "\x1b[201~"
MOST_CHARACTERS: Final = 200_000
"""Characters of a text that can be pasted, some 5,000 tasks."""
SLOW_SECONDS: Final = 2.0
SLOW_CHARACTERS: Final = 200
"""Who sends fewer characters than this in `SLOW_SECONDS` types, and does not paste any more."""
LATE_SECONDS: Final = 60.0
"""How long the rest of a text without an end is expected, as after a pause of the network."""
MOST_TYPED: Final = 32
"""Characters that come at once when keys are pressed. More of them, without an escape, are such a rest."""


class DropReason(Enum):
    """Why a pasted text was dropped, as a sentence for the user."""

    TOO_LONG = f"Nothing was pasted: the text is longer than {MOST_CHARACTERS:,} characters."
    NO_END = "Nothing was pasted: the terminal did not send the end of the text."


class PasteDropped(Message):
    """A text was pasted that is not given to the app."""

    def __init__(self, reason: DropReason) -> None:
        super().__init__()
        self.reason = reason


class BracketedPaste:
    """Separates pasted texts from the other input of a terminal."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds that never step back."""
        self._clock = clock
        self.is_open = False
        """Whether the end of a pasted text has still to come."""
        self._ending = ""
        """The last characters, in which the next ones may complete a start or an end."""
        self._parts: list[str] = []
        self._length = 0
        self._since = 0.0
        self._sent_since = 0
        self._given_up: float | None = None
        """When a text without an end was dropped."""

    def feed(self, text: str) -> Iterator[str | Message]:
        """Split what was sent: text for a parser of keys, with the marks of a paste, and pasted texts."""
        text = self._without_late_rest(text)
        self._sent_since += len(text)
        while text:
            mark = END if self.is_open else START
            known = len(self._ending)
            before, found, after = (self._ending + text).partition(mark)
            passed = (before + found)[known:]
            self._ending = "" if found else before[1 - len(mark) :]
            if self.is_open:
                self._collect(passed)
                if found:
                    yield from self._finished()
            else:
                yield passed
                if found:
                    self._open()
            text = after

    def tick(self) -> Iterator[str | Message]:
        """The same when nothing was sent; call it several times a second while `is_open`."""
        if self.is_open and self._clock() - self._since >= SLOW_SECONDS:
            if self._sent_since < SLOW_CHARACTERS:
                self._close()
                self._given_up = self._clock()
                yield END
                yield PasteDropped(DropReason.NO_END)
            self._since, self._sent_since = self._clock(), 0

    def _without_late_rest(self, text: str) -> str:
        """What was sent, without what belongs to a text that was dropped: as keys it would do anything."""
        if self._given_up is None or self._clock() - self._given_up >= LATE_SECONDS:
            return text
        if END in text:
            self._given_up = None
            return text.partition(END)[2]
        return "" if len(text) > MOST_TYPED and "\x1b" not in text else text

    def _open(self) -> None:
        self.is_open = True
        self._parts, self._length = [], 0
        self._since, self._sent_since = self._clock(), 0

    def _collect(self, text: str) -> None:
        self._length += len(text)
        if self._length <= MOST_CHARACTERS + len(END):
            self._parts.append(text)
        else:
            self._parts.clear()

    def _finished(self) -> Iterator[str | Message]:
        text, length = "".join(self._parts)[: -len(END)], self._length - len(END)
        self._close()
        yield END
        if length > MOST_CHARACTERS:
            yield PasteDropped(DropReason.TOO_LONG)
        else:
            yield events.Paste(text.replace("\x00", ""))  # As Textual does.

    def _close(self) -> None:
        self.is_open = False
        self._ending = ""
        self._parts = []
