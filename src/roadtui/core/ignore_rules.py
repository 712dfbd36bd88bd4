"""Obsidian's excluded files: which paths of a vault the user's settings leave out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class IgnoreRules(NamedTuple):
    """The filters of `userIgnoreFilters` in Obsidian's `app.json` ("Excluded files").

    A filter is the start of a vault-relative path, or a regular expression between two slashes that matches
    anywhere in the path. An invalid filter excludes nothing: hiding a note by mistake is the worse fault.
    """

    prefixes: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()
    is_flat: bool = False
    """Whether all subfolders are excluded: for a single note opened outside a vault."""
    unreadable: tuple[str, ...] = ()
    """Regular expressions that are not valid in Python, as they are written, for `doctor`."""

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
        """Whether everything in this folder is left out for certain, so that it need not be opened.

        Only a prefix can exclude a whole folder: a pattern may match one note in it and not the next.
        """
        return (self.is_flat and bool(path)) or f"{path}/".startswith(self.prefixes)


NOTHING_IGNORED = IgnoreRules()
"""The rules of a vault without excluded files."""
