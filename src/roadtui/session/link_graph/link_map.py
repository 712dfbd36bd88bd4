"""The map of linked roadmaps: a tree of which note leads where. Time is linear in the links: for a thread.

At the top are the hubs and roadmaps that nothing on the map links to, and one note of each cycle that is not
reached otherwise; below each note are those it links to, in the order of its text. The links of a note are
shown once, as near to the top as they can be: wherever else the note is linked, it is a leaf. So there are
never more rows than links and notes.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from roadtui.core.links import linked_name
from roadtui.core.outline import Outline, Row, row_ends
from roadtui.core.stats.progress import NO_PROGRESS, Progress
from roadtui.session.link_graph.graph import LinkGraph
from roadtui.session.sidebar_items import roadmap_entry
from roadtui.vault.snapshot import Snapshot, VaultNote

_UNFOLDED_ROWS = 60
"""A map of at most so many rows starts unfolded."""


class EntryKind(Enum):
    """What a row of the map stands for."""

    NOTE = "note"
    """A note with its links below it."""
    ABOVE = "above"
    """A note whose links are shown further up."""
    BELOW = "below"
    """A note whose links are shown further down."""
    CYCLE = "cycle"
    """A note that the row stands inside of: the link closes a cycle."""
    DEAD = "dead"
    """A link to a note that does not exist."""
    UNLINKED = "unlinked"
    """The row around the roadmaps without links."""


class MapEntry(NamedTuple):
    """One row of the map."""

    kind: EntryKind
    name: str
    path: str
    """The note; for a dead link, the note that the link is in; empty for the row of those without links."""
    line: int
    """The line of the link in the note of the row around this one, from 0; -1 at the top."""
    row_key: str
    """Unlike that of all other rows, and the same in a later state of the vault."""
    folder: str = ""
    progress: Progress = NO_PROGRESS.note
    """Of a hub, that of the roadmaps it leads to."""
    is_hub: bool = False
    incoming: int = 0
    """How many other notes link to the note."""
    outgoing: int = 0
    """How many other notes it links to."""


class LinkMap(NamedTuple):
    """The map of one state of a vault."""

    outline: Outline[MapEntry]
    rows_by_path: Mapping[str, int]
    """The row of each note that has its links below it."""
    hubs: int
    roadmaps: int
    links: int
    """How many links lead from one note to another."""
    cycles: int
    dead: int

    @property
    def folded(self) -> list[int]:
        """The rows that start folded: in a large map those below the first two levels."""
        rows = self.outline.rows
        if len(rows) <= _UNFOLDED_ROWS:
            return []
        return [
            index
            for index in self.outline.parents
            if rows[index].depth or (entry := rows[index].content) is None or not entry.path
        ]


def link_map(
    snapshot: Snapshot,
    hubs: Mapping[str, list[VaultNote]],
    list_files: Callable[[], Iterable[str]] | None = None,
) -> LinkMap:
    """The map of `snapshot`.

    Args:
        snapshot: The vault.
        hubs: The roadmaps that each hub leads to.
        list_files: Lists every file that a link can lead to; None to look for them on disk.
    """
    return _Builder(snapshot, hubs, LinkGraph.of(snapshot, list_files)).build()


class _Child(NamedTuple):
    """A link of a note."""

    path: str | None
    """None for a dead link."""
    name: str
    line: int


class _Place(NamedTuple):
    """A row of the map before it is known what comes after it."""

    child: _Child | None
    """None for the row around the roadmaps without links."""
    source: str
    """The note that the link is in; empty at the top."""
    parent: int
    depth: int


class _Builder:
    """Builds one map."""

    def __init__(self, snapshot: Snapshot, hubs: Mapping[str, list[VaultNote]], graph: LinkGraph) -> None:
        self._notes = snapshot.notes
        self._hubs = hubs
        self._graph = graph
        listed = sorted([*(self._notes[path] for path in hubs), *snapshot.roadmaps], key=self._order)
        self._listed = [note.path for note in listed]
        """The hubs and roadmaps, in the order in which they stand at the top."""
        with_tasks = [path for path, note in self._notes.items() if note.has_tasks]
        self._leading = _reached([*self._listed, *with_tasks], self._graph.sources)
        """The notes from which a roadmap can be reached: of all others no links are shown."""
        self._children: dict[str, list[_Child]] = {}
        self._facts: dict[str, tuple[str, Progress, bool, int, int]] = {}
        self._shown = _reached(self._listed, self._leads_to)
        """The notes that have their links below them somewhere on the map."""
        self._source_of: dict[str, str] = {}
        """For each of them, the note that it then stands below; empty at the top."""

    def _order(self, note: VaultNote) -> tuple[object, ...]:
        return note.path not in self._hubs, note.folder.casefold(), note.name.casefold(), note.path

    def build(self) -> LinkMap:
        """The map."""
        linked = {target for path in self._shown for target in self._leads_to(path)}
        self._expand(path for path in self._listed if path not in linked)
        for path in self._firsts_of_cycles():
            self._expand([path])
        return self._finished(list(self._places()))

    def _children_of(self, path: str) -> list[_Child]:
        """The links of the note at `path`, in the order of its text."""
        if path not in self._children:
            self._children[path] = [
                _Child(
                    link.path,
                    self._notes[link.path].name if link.path else linked_name(link.link.target),
                    link.link.line,
                )
                for link in self._graph.outgoing(path)
            ]
        return self._children[path]

    def _leads_to(self, path: str) -> list[str]:
        """The notes that the note at `path` links to, and from which a roadmap can be reached."""
        return [child.path for child in self._children_of(path) if child.path in self._leading]

    def _expand(self, tops: Iterable[str]) -> None:
        """Put `tops` at the top, and all that can be reached from them as near to the top as it can be."""
        queue = deque(tops)
        self._source_of.update(dict.fromkeys(queue, ""))
        while queue:
            source = queue.popleft()
            for path in self._leads_to(source):
                if path not in self._source_of:
                    self._source_of[path] = source
                    queue.append(path)

    def _firsts_of_cycles(self) -> Iterator[str]:
        """A note of each cycle that no other note leads to. The caller expands each before the next.

        The note that a depth-first search leaves last is in such a cycle (Kosaraju); of the notes in it, the
        one that is listed first is taken.
        """
        rank = {path: at for at, path in enumerate(self._listed)}
        left = [path for path in self._listed if path not in self._source_of]
        for path in reversed(_in_order_of_leaving(left, self._leads_to)):
            if path not in self._source_of:
                around = _reached([path], self._shown_sources)
                yield min(around & rank.keys(), key=rank.__getitem__)

    def _shown_sources(self, path: str) -> list[str]:
        return [source for source in self._graph.sources(path) if source in self._shown]

    def _places(self) -> Iterator[_Place]:
        """The rows in order: each note is followed by what it links to; roadmaps without links come last."""
        tops = [path for path in self._listed if self._source_of[path] == ""]
        unlinked = [path for path in tops if not self._children_of(path) and not self._graph.sources(path)]
        alone = set(unlinked)
        waiting = [self._at_top(path, -1) for path in reversed(tops) if path not in alone]
        count = 0
        while waiting:
            place = waiting.pop()
            yield place
            assert place.child is not None, "the unlinked ones come last"
            path = place.child.path
            if path is not None and self._source_of.get(path) == place.source:
                children = self._children_of(path)
                waiting += [_Place(child, path, count, place.depth + 1) for child in reversed(children)]
            count += 1
        if unlinked:
            yield _Place(None, "", -1, 0)
            yield from (self._at_top(path, count) for path in unlinked)

    def _at_top(self, path: str, parent: int) -> _Place:
        return _Place(_Child(path, self._notes[path].name, -1), "", parent, 0 if parent < 0 else 1)

    def _finished(self, places: list[_Place]) -> LinkMap:
        """The map with its rows at `places`."""
        rows_by_path = {
            place.child.path: index
            for index, place in enumerate(places)
            if place.child is not None
            and place.child.path is not None
            and self._source_of.get(place.child.path) == place.source
        }
        ends = row_ends([place.parent for place in places])
        rows = tuple(
            Row(index, self._entry(index, place, rows_by_path, ends), place.depth, place.parent)
            for index, place in enumerate(places)
        )
        kinds = Counter(row.content.kind for row in rows if row.content is not None)
        links = sum(1 for row in rows if row.depth and row.content and row.content.line >= 0)
        return LinkMap(
            Outline(rows, ends),
            rows_by_path,
            hubs=len(self._hubs),
            roadmaps=len(self._listed) - len(self._hubs),
            links=links - kinds[EntryKind.DEAD],
            cycles=kinds[EntryKind.CYCLE],
            dead=kinds[EntryKind.DEAD],
        )

    def _entry(
        self, index: int, place: _Place, rows_by_path: Mapping[str, int], ends: Sequence[int]
    ) -> MapEntry:
        child, source = place.child, place.source
        if child is None:
            return MapEntry(EntryKind.UNLINKED, "not linked", "", -1, "")
        if child.path is None:
            key = f"{source}\0\0{child.name.casefold()}"
            return MapEntry(EntryKind.DEAD, child.name, source, child.line, key)
        at = rows_by_path.get(child.path, index)
        if at == index:
            kind = EntryKind.NOTE
        elif at > index:
            kind = EntryKind.BELOW
        else:
            kind = EntryKind.CYCLE if index < ends[at] else EntryKind.ABOVE
        return MapEntry(
            kind, child.name, child.path, child.line, f"{source}\0{child.path}", *self._facts_of(child.path)
        )

    def _facts_of(self, path: str) -> tuple[str, Progress, bool, int, int]:
        """What all rows of the note at `path` show alike: the fields of `MapEntry` from `folder` on."""
        facts = self._facts.get(path)
        if facts is None:
            note = self._notes[path]
            shown = roadmap_entry(note, self._hubs)
            outgoing = sum(1 for child in self._children_of(path) if child.path is not None)
            facts = note.folder, shown.progress, shown.is_hub, len(self._graph.sources(path)), outgoing
            self._facts[path] = facts
        return facts


def _reached(start: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """`start`, and all that can be reached from them over `following`."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for path in following(waiting.pop()):
            if path not in reached:
                reached.add(path)
                waiting.append(path)
    return reached


def _in_order_of_leaving(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> list[str]:
    """All that can be reached from `starts`, in the order in which a depth-first search leaves it."""
    entered: set[str] = set()
    left: list[str] = []
    for start in starts:
        if start in entered:
            continue
        entered.add(start)
        path = [(start, iter(following(start)))]
        while path:
            note, targets = path[-1]
            target = next((one for one in targets if one not in entered), None)
            if target is None:
                left.append(note)
                path.pop()
            else:
                entered.add(target)
                path.append((target, iter(following(target))))
    return left
