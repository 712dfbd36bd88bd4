"""Reads past states of the vault from git, one for each day with a commit. Never writes."""

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
    """The notes in the git repository by day. Every call may block."""

    def __init__(self, git: Git) -> None:
        """Read the days of the commits.

        Raises:
            GitError: git failed.
        """
        self._git = git
        self._commits: dict[date, str] = {}
        head = git.head
        if head is None:
            return
        log = git.ask_text(
            "log", "--first-parent", "--reverse", "--date=iso-strict", "--format=%H %ad", *LOG_OPTIONS, head
        )
        for line in log.splitlines():
            name, _, written = line.partition(" ")
            when = author_time(written)
            if when is not None:
                self._commits[when.date()] = name

    @property
    def days(self) -> tuple[date, ...]:
        """The days with a commit, by author time, in ascending order."""
        return tuple(sorted(self._commits))

    def at(self, day: date) -> Mapping[str, bytes]:
        """The bytes of the notes at the end of `day`, by vault-relative path; empty before the first commit.

        Raises:
            GitError: git failed.
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
                    raise GitError("Git failed: a note of that day is not in this repository.")
                found.append(out.read(int(header[2])))
                out.read(1)
        return found


NOT_YET = "The time machine needs a vault under git, with regular commits."


class TimeMachine:
    """Snapshots of the vault on past days. Thread-safe; every call may block."""

    def __init__(self, root: Path, rules: IgnoreRules, count: CountMode, limit: int = SIZE_LIMIT) -> None:
        """Read the days of the commits.

        Args:
            root: The vault's folder.
            rules: Obsidian's excluded files, as of now.
            count: Which tasks are counted.
            limit: Notes larger than this, in bytes, are left out.

        Raises:
            GitError: git is not installed or failed, the vault is not in a repository, or there is no commit.
        """
        try:
            git = Git(root)
        except NoRepositoryError as error:
            raise NoRepositoryError(f"{error} {NOT_YET}") from error
        self._past = GitVault(git)
        self.days = self._past.days
        """The days with a commit, in ascending order."""
        if not self.days:
            raise GitError(f"There is no commit yet. {NOT_YET}")
        self._rules = rules
        self._count = count
        self._limit = limit
        self._turn = Lock()

    def at(self, day: date, like: Snapshot, is_wanted: Callable[[], bool]) -> Snapshot | None:
        """The snapshot of the vault at the end of `day`; None where it is no longer needed.

        Args:
            day: The day.
            like: A snapshot whose settings are used; its notes are reused where the bytes are the same.
            is_wanted: Called repeatedly; False cancels the work.

        Raises:
            GitError: git failed.
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
        digest = content_hash(data)
        known = like.notes.get(path)
        if known is not None and known.digest == digest:
            return known
        settings = like.count_settings._replace(mode=self._count)
        stamp = FileStamp(0, 0, len(data), 0, 0)
        return VaultNote.of(path, parse(decode(data)), stamp, digest, settings)
