"""The finding: a problem in the vault or around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FindingKind(Enum):
    """The kinds of problems. The values are those of the JSON output."""

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
    """One problem, and where it is."""

    path: str
    """Relative to the vault, with `/`; empty for the vault itself; absolute for files of the state folder."""
    line: int | None
    """From 1; None for the whole file."""
    kind: FindingKind
    sentence: str
    """What is wrong and what to do; may hold text of notes, which is not yet safe for a terminal."""

    @property
    def location(self) -> str:
        """`path:line`, as editors and `roadtui task` accept it."""
        path = self.path or "(vault)"
        return path if self.line is None else f"{path}:{self.line}"
