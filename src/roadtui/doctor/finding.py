"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FindingKind(Enum):
    """What is wrong. The values are the words of the JSON output."""

    GARBLED = "garbled"
    DEAD_LINK = "dead-link"
    AMBIGUOUS_LINK = "ambiguous-link"
    CONFLICT_COPY = "conflict-copy"
    MERGE_CONFLICT = "merge-conflict"
    UNREADABLE = "unreadable"
    INVALID_DATE = "invalid-date"
    DUPLICATE_ID = "duplicate-id"
    DEPENDENCY_CYCLE = "dependency-cycle"
    UNKNOWN_DEPENDENCY = "unknown-dependency"
    FRONTMATTER = "frontmatter"
    SETTINGS = "settings"
    WRITING = "writing"
    STATE = "state"
    LEFTOVER = "leftover"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    path: str
    """Relative to the vault, with `/`; empty where it is about the vault itself. Absolute for what is in the
    state folder."""
    line: int | None
    """From 1; None where it is about the whole file."""
    kind: FindingKind
    sentence: str
    """What is wrong and what to do, as found in the notes: not yet safe for a terminal."""

    @property
    def place(self) -> str:
        """`path:line`, as editors and `roadtui task` take it."""
        path = self.path or "(vault)"
        return path if self.line is None else f"{path}:{self.line}"
