"""Writing into notes that other programs are writing at the same moment, without losing a byte of anybody's.

One interface (`strategy`), one file per way of writing, the best first: under a lease, by exchange, in place.
May touch the note, a hidden file beside it for an exchange, and the write-ahead log in the state folder;
nothing else.
"""

from __future__ import annotations

from roadtui.vault.writing.recovery import recover
from roadtui.vault.writing.strategy import (
    RetryPolicy,
    SafetyLevel,
    Strategy,
    Transform,
    UnsuitableError,
    WriteResult,
)
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, RecoveryOutcome
from roadtui.vault.writing.writer import FolderReport, NoteWriter, usual_strategies

__all__ = [
    "FolderReport",
    "NoteWriter",
    "RecoveredEdit",
    "RecoveryOutcome",
    "RetryPolicy",
    "SafetyLevel",
    "Strategy",
    "Transform",
    "UnsuitableError",
    "WriteResult",
    "recover",
    "usual_strategies",
]
