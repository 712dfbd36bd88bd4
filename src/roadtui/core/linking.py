"""Where a link leads: links resolved as Obsidian resolves them, over the notes' paths alone."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from unicodedata import normalize


class LinkResolver:
    """The paths of one vault, ready to be linked to. Case does not matter, nor does `.md`."""

    __slots__ = ("_by_name", "_by_path")

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_path: dict[str, str] = {}
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            key = _key(path)
            self._by_path.setdefault(key, path)
            self._by_name[posixpath.basename(key)].append(path)

    def resolve(self, target: str, source: str) -> str | None:
        """The path of the note that `target`, standing in the note `source`, names; None where there is none.

        By full path first, then relative to the folder of `source`, then by the end of the path: of several,
        the one whose path is the shortest text (Obsidian: `getFirstLinkpathDest`).
        """
        found = self.candidates(target, source)
        return found[0] if found else None

    def candidates(self, target: str, source: str) -> list[str]:
        """Every note that `target` may mean, the one that Obsidian opens first."""
        return [path for _, path in self._ranked(target, source)]

    def rivals(self, target: str, source: str) -> list[str]:
        """The notes that `target` may mean with equal right: several only where their paths are equally long.

        A full path and a note that is named from the folder of `source` have no rival.
        """
        found = self._ranked(target, source)
        return [path for rank, path in found if rank == found[0][0]]

    def _ranked(self, target: str, source: str) -> list[tuple[_Rank, str]]:
        name = target.partition("#")[0].partition("^")[0].strip()
        if not name:
            return [(_BEST, source)]
        folder = posixpath.dirname(source)
        if name.startswith(("./", "../")):
            joined = posixpath.normpath(posixpath.join(folder, name))
            exact = self._by_path.get(_key(joined))
            return [(_BEST, exact)] if exact is not None else []
        key = _key(name.lstrip("/"))
        exact = self._by_path.get(key)
        relative = _key(posixpath.join(folder, name.lstrip("/")))
        among = self._by_name.get(posixpath.basename(key), ())
        return sorted(
            (_Rank(path != exact, _key(path) != relative, _length(path)), path)
            for path in among
            if _ends_with(_key(path), key)
        )


class _Rank(NamedTuple):
    """What decides which of several notes a link leads to; the smallest wins."""

    is_not_exact: bool
    is_not_beside: bool
    length: int


_BEST = _Rank(is_not_exact=False, is_not_beside=False, length=0)


def _length(path: str) -> int:
    """How long `path` is for Obsidian, which counts UTF-16."""
    return len(path) + sum(char > "\uffff" for char in path)


def _key(path: str) -> str:
    # In lower case and not case-folded: `Maße` and `Masse` are two notes. Composed: macOS takes `é` apart.
    return (path if path.isascii() else normalize("NFC", path)).lower().removesuffix(".md")


def _ends_with(path: str, ending: str) -> bool:
    return path == ending or path.endswith(f"/{ending}")


def reachable(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    """Every note that `start` leads to over `links`, itself left out. Cycles are harmless."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target in links.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen - {start}
