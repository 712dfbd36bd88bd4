"""The vault as git has it of a day: for looking back, never for writing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from roadtui.vault.history.git import LOG_OPTIONS, Git, GitError
from roadtui.vault.history.git_patches import authored
from roadtui.vault.interest import NOTE_SUFFIX


class PastVault:
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
            when = authored(written)
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
