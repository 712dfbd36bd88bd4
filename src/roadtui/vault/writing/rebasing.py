"""An edit that was made for one text, put into a text that another program has changed meanwhile.

To find the place of an edit anew takes the longer the longer the note is, and a program that writes all the
time does not wait for it. The two edits are merged instead, line by line, which takes a moment; what was
written so is proven afterwards by asking the edit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import NoteGoneError, WriteFailedError
from roadtui.vault.writing.strategy import ProposedWrite, Transform, WriteResult
from roadtui.vault.writing.three_way_merge import merge

ENDING: Final = 64
"""Bytes at the end of a text that show, where they stand nowhere else in it, that another is whole."""


class PendingEdit:
    """An edit that is tried until it is written, and what it made of the note when it was tried last."""

    def __init__(self, transform: Transform, *, may_rebase: bool = True) -> None:
        """`may_rebase`: whether to merge it into texts that it was not asked about."""
        self._transform = transform
        self._may_rebase = may_rebase
        self._asked: ProposedWrite | None = None
        """What it made of the last text that it was asked about."""
        self.last: ProposedWrite | None = None
        """What it came to; None before it was tried."""

    def propose(self, now: bytes, *, may_rebase: bool) -> ProposedWrite:
        """What becomes of the bytes that the note holds `now`; asks the edit where they cannot be merged."""
        proposal = self.rebase(now) if may_rebase else None
        if proposal is None:
            proposal = self.last = self._asked = ProposedWrite.of(self._transform, now)
        return proposal

    def rebase(self, now: bytes) -> ProposedWrite | None:
        """What becomes of them without asking the edit; None where they cannot be merged.

        It depends on nothing but `now` and the text that the edit was asked about, which the log holds.
        """
        if not self._may_rebase or self._asked is None or self.last is None:
            return None
        if may_be_cut_short(now, self.last.base):
            return None
        proposal = rebased(self._asked, now)
        self.last = proposal or self.last
        return proposal

    def was_asked(self, base: bytes) -> bool:
        """Whether it was asked about `base`, and not merged into it."""
        return self._asked is not None and self._asked.base == base


def may_be_cut_short(now: bytes, before: bytes) -> bool:
    """Whether `now` may be the first part of what somebody is writing over `before`.

    A text that has lost bytes is not, if it ends as that did.
    """
    ending = before[-ENDING:]
    is_unique = before.find(ending) == len(before) - len(ending)
    return len(now) < len(before) and not (is_unique and now.endswith(ending))


def rebased(proposal: ProposedWrite, now: bytes) -> ProposedWrite | None:
    """`proposal` for the bytes that the note holds `now`; None where the edit has to be asked."""
    if now == proposal.base:
        return proposal
    if proposal.refusal is not None or proposal.is_nothing:
        return None
    merged = merge(proposal.base, proposal.new, now)
    return ProposedWrite(now, merged) if merged is not None and merged != now else None


def write_proven(
    path: Path, transform: Transform, write: Callable[[Path, PendingEdit], WriteResult]
) -> WriteResult:
    """Let `write` write. An edit that it has merged is asked afterwards, and written anew if it differs.

    Raises:
        RefusedError: the edit is refused; nothing of it is in the note.
        WriteFailedError: as `write`; or the edit is in the note, and could not be taken out of it.
    """
    edit = PendingEdit(transform)
    written = write(path, edit)
    if edit.was_asked(written.before):
        return written
    asked = ProposedWrite.of(transform, written.before)
    if asked.refusal is None and asked.new == written.after:
        return written
    _take_out(written, write)
    if asked.refusal is not None:
        raise asked.refusal
    return write(path, PendingEdit(transform, may_rebase=False))


def _take_out(written: WriteResult, write: Callable[[Path, PendingEdit], WriteResult]) -> None:
    def without(now: bytes) -> bytes:
        rest = merge(written.after, now, written.before)
        if rest is None:
            raise RefusedError("Another program has changed the same lines.")
        return rest

    try:
        write(written.path, PendingEdit(without, may_rebase=False))
    except NoteGoneError:
        pass
    except (RefusedError, WriteFailedError) as error:
        raise WriteFailedError(
            written.path,
            f"{written.path.name} was changed by another program while an edit was written into it. "
            "Check it before you go on: the edit may be in the wrong place.",
        ) from error
