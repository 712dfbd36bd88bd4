"""Messages that are shown for a while: one that comes again is counted, not shown a second time."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual.app import App
from textual.notifications import SeverityLevel

from roadtui.core.terminal_text import display_text


class ShownMessage(NamedTuple):
    """A message on the screen."""

    text: str
    title: str
    severity: SeverityLevel
    markup: bool
    until: float
    """When it goes, in seconds of a clock that only grows."""
    times: int = 1
    """How often it came."""

    @property
    def counted_text(self) -> str:
        """The text, with how often it came where that is more than once."""
        return self.text if self.times == 1 else f"{self.text}  ×{self.times}"

    @property
    def shown_text(self) -> str:
        """What the user reads of it: the title, where it has one, and the counted text."""
        return "\n".join(filter(None, (self.title, self.counted_text)))

    def says_the_same_as(self, other: ShownMessage) -> bool:
        """Whether a user would read the same in both."""
        return (self.text, self.title, self.severity) == (other.text, other.title, other.severity)


class ShownMessages:
    """What is on the screen now, the oldest first."""

    def __init__(self) -> None:
        self._shown: list[ShownMessage] = []

    def add(self, message: ShownMessage, now: float) -> list[ShownMessage] | None:
        """Add `message`, which came at the time `now`.

        Gives all that are to be shown in place of those on the screen where `message` is one of them already,
        with it as the last; None where it is a new one to be shown beside them.
        """
        others = [one for one in self._shown if one.until > now]
        same = next((one for one in others if one.says_the_same_as(message)), None)
        if same is None:
            self._shown = [*others, message]
            return None
        others.remove(same)
        self._shown = [*others, message._replace(times=same.times + 1)]
        return list(self._shown)

    def dismiss(self, shown_text: str) -> None:
        """Forget the messages that the user has taken from the screen, which read `shown_text` there."""
        self._shown = [one for one in self._shown if one.shown_text != shown_text]


class Notifier:
    """Shows sentences to the user; what is shown while the program ends is kept for after it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.is_ending = False
        """Whether the screen goes before a message on it can be read."""
        self.exit_messages: list[str] = []
        """Sentences to print once the screen is gone."""

    def show(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Show `sentence` for a while. It may hold text of notes: that is made safe to display."""
        if self.is_ending and severity != "information":
            self.exit_messages.append(sentence)
        timeout = 5 if severity == "information" else 10
        self._app.notify(display_text(sentence), severity=severity, timeout=timeout, markup=False)
