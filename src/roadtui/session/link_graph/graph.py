"""The links between the notes of a vault, in both directions. Time is linear in the links: for a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from roadtui.core.links import LinkResolver, ResolvedLink, linked_name, linked_notes
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.scan import linkable_files
from roadtui.vault.snapshot import Snapshot


class LinkGraph:
    """Which note links to which in one state of a vault. Links in comments, not being shown, do not count."""

    __slots__ = ("_files", "_links", "_list_files", "_sources")

    def __init__(
        self, links: Mapping[str, Sequence[ResolvedLink]], list_files: Callable[[], Iterable[str]]
    ) -> None:
        """Make a graph.

        Args:
            links: Those of each note, by path; notes without links may be left out.
            list_files: Lists every file that a link can lead to; asked with the first link to no note.
        """
        self._links = links
        self._list_files = list_files
        self._files: LinkResolver | None = None
        self._sources: dict[str, list[str]] = {}
        for source, found in links.items():
            for target in linked_notes(found, source):
                self._sources.setdefault(target, []).append(source)

    @classmethod
    def of(cls, snapshot: Snapshot, list_files: Callable[[], Iterable[str]] | None = None) -> LinkGraph:
        """The graph of `snapshot`; what is known of an earlier one is not resolved again.

        `list_files`: lists every file that a link can lead to; None to look for them on disk.
        """
        table = snapshot.links
        return cls(
            {
                path: table.links(path, note.content)
                for path, note in snapshot.notes.items()
                if note.content.links
            },
            list_files or partial(_files_of, snapshot.root),
        )

    def links(self, path: str) -> Sequence[ResolvedLink]:
        """The links of the note at `path`, in order of the text."""
        return self._links.get(path, ())

    def is_dead(self, source: str, link: ResolvedLink) -> bool:
        """Whether `link`, in the note `source`, leads to no note and to no other file of the vault."""
        if link.path is not None:
            return False
        if self._files is None:
            self._files = LinkResolver(self._list_files())
        return self._files.resolve(link.link.target, source) is None

    def sources(self, path: str) -> Sequence[str]:
        """The other notes that link to the note at `path`, in no particular order."""
        return self._sources.get(path, ())

    def outgoing(self, path: str) -> Iterator[ResolvedLink]:
        """The first link to each other note, and to each that does not exist, in order of the text."""
        seen: set[str] = set()
        for link in self.links(path):
            if link.path not in (None, path) or self.is_dead(path, link):
                key = link.path or f"\0{linked_name(link.link.target).casefold()}"
                if key not in seen:
                    seen.add(key)
                    yield link


def _files_of(root: Path) -> list[str]:
    with suppress(VaultMissingError):  # Others report it.
        return list(linkable_files(root))
    return []
