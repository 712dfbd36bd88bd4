"""The links between the notes of a vault, in both directions. Time is linear in the links: for a thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from roadtui.core.links import ResolvedLink, linked_name, linked_notes
from roadtui.vault.snapshot import Snapshot


class LinkGraph:
    """Which note links to which in one state of a vault. Links in comments, not being shown, do not count."""

    __slots__ = ("_links", "_sources")

    def __init__(self, links: Mapping[str, Sequence[ResolvedLink]]) -> None:
        """`links`: those of each note, by path; notes without links may be left out."""
        self._links = links
        self._sources: dict[str, list[str]] = {}
        for source, found in links.items():
            for target in linked_notes(found, source):
                self._sources.setdefault(target, []).append(source)

    @classmethod
    def of(cls, snapshot: Snapshot) -> LinkGraph:
        """The graph of `snapshot`; what is known of an earlier one is not resolved again."""
        table = snapshot.links
        return cls(
            {path: table.links(path, note.note) for path, note in snapshot.notes.items() if note.note.links}
        )

    def links(self, path: str) -> Sequence[ResolvedLink]:
        """The links of the note at `path`, in order of the text."""
        return self._links.get(path, ())

    def sources(self, path: str) -> Sequence[str]:
        """The other notes that link to the note at `path`, in no particular order."""
        return self._sources.get(path, ())

    def outgoing(self, path: str) -> Iterator[ResolvedLink]:
        """The first link to each other note, and to each note that does not exist, in order of the text."""
        seen: set[str] = set()
        for link in self.links(path):
            if link.is_dead or link.path not in (None, path):
                key = link.path or f"\0{linked_name(link.link.target).casefold()}"
                if key not in seen:
                    seen.add(key)
                    yield link
