"""The vault as git has it of a day: for looking back, never for writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.markdown import content_hash, parse
from roadtui.core.stats.progress import CountMode
from roadtui.vault.git.git import LOG_OPTIONS, Git, GitError, NoRepositoryError
from roadtui.vault.git.log_parser import author_time
from roadtui.vault.path_kind import NOTE_SUFFIX, PathKind, path_kind
from roadtui.vault.reader import SIZE_LIMIT, FileStamp, decode
from roadtui.vault.snapshot import Snapshot, VaultNote


class GitVault:
    """The days that git has states of, and those states. Every call may block."""

    def __init__(self, git: Git) -> None:
        """Read which days there are.

        Raises:
            GitError: git could not be asked.
        """
        self._git = git
        self._commits: dict[date, str] = {}
        head = git.head
        if head is None:
            return
        log = git.words(
            "log", "--first-parent", "--reverse", "--date=iso-strict", "--format=%H %ad", *LOG_OPTIONS, head
        )
        for line in log.splitlines():
            name, _, written = line.partition(" ")
            when = author_time(written)
            if when is not None:
                self._commits[when.date()] = name

    @property
    def days(self) -> tuple[date, ...]:
        """The days with a state of their own, the first first: those of the author of each commit."""
        return tuple(sorted(self._commits))

    def at(self, day: date) -> Mapping[str, bytes]:
        """The notes at the end of `day` by path, relative to the vault; none before the first commit.

        Raises:
            GitError: git could not be asked.
        """
        last = max((each for each in self._commits if each <= day), default=None)
        if last is None:
            return {}
        listed = self._git.ask("ls-tree", "-r", "-z", self._commits[last])
        names: dict[str, str] = {}
        for entry in listed.split(b"\0")[:-1]:
            about, _, path = entry.partition(b"\t")
            mode, _, name = about.split(b" ")
            note = path.decode("utf-8", "surrogateescape")
            if mode.startswith(b"100") and note.lower().endswith(NOTE_SUFFIX):
                names[note] = name.decode("ascii")
        return dict(zip(names, self._contents(list(names.values())), strict=True))

    def _contents(self, names: list[str]) -> list[bytes]:
        found: list[bytes] = []
        if not names:
            return found
        with self._git.stream("cat-file", "--batch", lines=names) as out:
            for _ in names:
                header = out.readline().split()
                if len(header) != 3:
                    raise GitError("Git could not be asked: a note of that day is not in this repository.")
                found.append(out.read(int(header[2])))
                out.read(1)
        return found


NOT_YET = "Look back needs a vault under git, with a commit now and then."


class TimeMachine:
    """The days that can be gone back to, and the vault on each. Every call may block, and takes its turn."""

    def __init__(self, root: Path, rules: IgnoreRules, count: CountMode, limit: int = SIZE_LIMIT) -> None:
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
        self._past = GitVault(git)
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
                if path_kind(path, self._rules) is PathKind.NOTE and len(data) <= self._limit:
                    notes[path] = self._note(path, data, like)
        return replace(like, notes=notes, problems=(), is_complete=True)

    def _note(self, path: str, data: bytes, like: Snapshot) -> VaultNote:
        fingerprint = content_hash(data)
        known = like.notes.get(path)
        if known is not None and known.digest == fingerprint:
            return known
        note = VaultNote(path, parse(decode(data)), FileStamp(0, 0, len(data), 0, 0), fingerprint)
        return note.counted(like.statuses, like.format, self._count)
