"""A vault as git has it of an earlier day, as the screens show vaults. Reads only; nothing is checked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from roadtui.core.digest import digest
from roadtui.core.ignore import IgnoreRules
from roadtui.core.markdown import parse
from roadtui.core.progress import Count
from roadtui.vault.history.git import Git, GitError, NoRepositoryError
from roadtui.vault.history.past import PastVault
from roadtui.vault.interest import Interest, interest_in
from roadtui.vault.reading import SIZE_LIMIT, decode
from roadtui.vault.signature import Signature
from roadtui.vault.snapshot import Snapshot, VaultNote

NOT_YET = "Look back needs a vault under git, with a commit now and then."


class LookBack:
    """The days that can be gone back to, and the vault on each. Every call may block, and takes its turn."""

    def __init__(self, root: Path, rules: IgnoreRules, count: Count, limit: int = SIZE_LIMIT) -> None:
        """Ask git which days there are.

        Args:
            root: The vault's folder.
            rules: What the vault's owner left out; as of now.
            count: What is counted.
            limit: Larger notes, in bytes, are left out.

        Raises:
            GitError: there is no git, or the vault is in no repository, or nothing was ever committed; or
                what git says.
        """
        try:
            git = Git(root)
        except NoRepositoryError as error:
            raise NoRepositoryError(f"{error} {NOT_YET}") from error
        self._past = PastVault(git)
        self.days = self._past.days
        """The first first."""
        if not self.days:
            raise GitError(f"Nothing was committed yet. {NOT_YET}")
        self._rules = rules
        self._count = count
        self._limit = limit
        self._turn = Lock()

    def at(self, day: date, like: Snapshot, is_wanted: Callable[[], bool]) -> Snapshot | None:
        """The vault at the end of `day`; None where it is no longer wanted when its turn comes.

        Args:
            day: The day.
            like: A state of the vault: its settings hold, and notes that are the same are not read again.
            is_wanted: Asked now and then.

        Raises:
            GitError: git could not be asked.
        """
        with self._turn:
            if not is_wanted():
                return None
            notes: dict[str, VaultNote] = {}
            for path, data in self._past.at(day).items():
                if not is_wanted():
                    return None
                if interest_in(path, self._rules) is Interest.NOTE and len(data) <= self._limit:
                    notes[path] = self._note(path, data, like)
        return replace(like, notes=notes, problems=(), is_complete=True)

    def _note(self, path: str, data: bytes, like: Snapshot) -> VaultNote:
        fingerprint = digest(data)
        known = like.notes.get(path)
        if known is not None and known.digest == fingerprint:
            return known
        note = VaultNote(path, parse(decode(data)), Signature(0, 0, len(data), 0, 0), fingerprint)
        return note.counted(like.statuses, like.format, self._count)
