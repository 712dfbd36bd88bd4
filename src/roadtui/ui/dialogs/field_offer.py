"""A field that the last words of a line name: shown beside the line, and taken out of it by a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.cells import cell_len
from textual.widgets import Static


class OfferedField(NamedTuple):
    """A field that the last words of a text name."""

    text: str
    """The text without these words."""
    words: str
    label: str
    """How the field is shown: `due Fri 27 Nov`."""
    written: str
    """The field as it is written behind the text."""


_GAP = 4
"""Cells between a text, its cursor included, and the field."""

FindOffer = Callable[[str], OfferedField | None]
"""Finds the field that the last words of a text name."""


class FieldOffer(Static):
    """Shows the field that can be taken, or that was."""

    DEFAULT_CSS = """
    FieldOffer {
        width: auto; height: 1; padding: 0 0 0 2;
        color: $text-muted; background: $panel;
        &.-taken { color: $text-warning; }
    }
    """

    def __init__(self, find: FindOffer) -> None:
        super().__init__("", markup=False)
        self._find = find
        self._offered: OfferedField | None = None
        self._taken: OfferedField | None = None
        """The field that is written behind the text."""

    @property
    def is_there(self) -> bool:
        """Whether a field can be taken, or given back."""
        return self._offered is not None or self._taken is not None

    @property
    def words(self) -> str:
        """What is shown."""
        if self._offered is not None:
            return f"{self._offered.label} · tab takes it"
        return f"{self._taken.label} · tab gives it back" if self._taken is not None else ""

    def follow(self, text: str, cells: int) -> bool:
        """Show what `text` names, if that fits beside it in `cells`; return whether it does."""
        self._offered = self._find(text)
        self.set_class(self._offered is None and self._taken is not None, "-taken")
        self.display = cell_len(text) + cell_len(self.words) + _GAP <= cells
        self.update(self.words)
        return self.display

    def take(self, text: str) -> str:
        """Take the field out of `text`, or put the words of the one that was taken back; the new text."""
        if self._offered is not None:
            self._taken = self._offered
            return f"{self._offered.text} "
        if self._taken is None:
            return text
        words, self._taken = self._taken.words, None
        return f"{text.rstrip()} {words}".lstrip()

    def clear(self) -> None:
        """Forget what was taken: the next line is another one."""
        self._taken = None

    def with_field(self, text: str) -> str:
        """`text` with the field that was taken; empty without a text."""
        return f"{text} {self._taken.written}" if text and self._taken is not None else text
