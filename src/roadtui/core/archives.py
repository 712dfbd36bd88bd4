"""Which folders are archives: kept to look things up, not to work from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class ArchiveRules(NamedTuple):
    """The names and paths of archives, without regard to case."""

    names: frozenset[str] = frozenset()
    """Names of folders at any level."""
    paths: tuple[str, ...] = ()
    """Paths of folders, relative to the vault."""

    @classmethod
    def of(cls, entries: Iterable[str]) -> ArchiveRules:
        """The rules that a config lists: an entry with `/` is a path, any other the name of a folder."""
        all_entries = [entry.casefold() for entry in entries]
        names = (_bare(entry) or entry for entry in all_entries if "/" not in entry)
        paths = (entry.strip("/") for entry in all_entries if "/" in entry)
        return cls(frozenset(names), tuple(filter(None, paths)))

    def hold(self, folder: str) -> bool:
        """Whether `folder`, relative to the vault, is an archive or in one."""
        if not folder:
            return False
        folder = folder.casefold()
        if any(folder == path or folder.startswith(f"{path}/") for path in self.paths):
            return True
        return any(part in self.names or _bare(part) in self.names for part in folder.split("/"))


NO_ARCHIVES = ArchiveRules()


def _bare(name: str) -> str:
    """`name` without what sorts it in front of it: `99 Archive`, `_archive`, `📦 Archive`."""
    at = next((at for at, character in enumerate(name) if character.isalpha()), len(name))
    return name[at:].strip()
