"""Which paths of a vault its owner told Obsidian to leave out. Pure string logic; no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class IgnoreRules(NamedTuple):
    """The filters of `userIgnoreFilters` in Obsidian's `app.json` ("Excluded files").

    A filter is the start of a vault-relative path, or a regular expression between two slashes, looked for
    anywhere in that path. A filter that can't be read leaves nothing out: hiding a note by mistake is the
    worse fault.
    """

    prefixes: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()
    is_flat: bool = False
    """Whether all folders are left out: for a lone note, whose folder is no vault to look through."""
    unreadable: tuple[str, ...] = ()
    """Regular expressions that Python can't read, as they are written, for `doctor` to show."""

    @classmethod
    def of(cls, filters: Iterable[str]) -> IgnoreRules:
        """Read the filters as Obsidian stores them."""
        prefixes: list[str] = []
        patterns: list[re.Pattern[str]] = []
        unreadable: list[str] = []
        for text in filters:
            if len(text) > 2 and text.startswith("/") and text.endswith("/"):
                try:
                    patterns.append(re.compile(text[1:-1]))
                except re.error:
                    unreadable.append(text)
            elif text.strip("/"):
                prefixes.append(text)
        return cls(tuple(prefixes), tuple(patterns), unreadable=tuple(unreadable))

    def leaves_out(self, path: str) -> bool:
        """Whether the note at this vault-relative path, with forward slashes, is left out."""
        if self.is_flat and "/" in path:
            return True
        return path.startswith(self.prefixes) or any(pattern.search(path) for pattern in self.patterns)

    def leaves_out_folder(self, path: str) -> bool:
        """Whether everything below this folder is left out for certain, so that it need not be opened.

        Only a plain prefix can say so: a pattern may match one note of a folder and spare the next.
        """
        return (self.is_flat and bool(path)) or f"{path}/".startswith(self.prefixes)


NOTHING_IGNORED = IgnoreRules()
"""The rules of a vault whose owner excluded nothing."""
