"""The vault as it was at one moment: an immutable value that the screens draw and compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from roadtui.core.links import LinkResolver, reachable
from roadtui.core.next_actions.candidates import (
    NO_CANDIDATES,
    DueTask,
    NoteCandidates,
    due_tasks,
    find_candidates,
)
from roadtui.core.next_actions.ranking import Dependencies, Suggestion, rank
from roadtui.core.note import ListItem, Note, Section
from roadtui.core.stats.progress import NO_PROGRESS, CountMode, NoteProgress, Progress, add_up, count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.vault.errors import Problem
from roadtui.vault.obsidian import VaultSettings
from roadtui.vault.path_kind import NOTE_SUFFIX
from roadtui.vault.reader import FileStamp

if TYPE_CHECKING:
    from roadtui.core.edits.locate import Anchor
    from roadtui.vault.properties import Properties

_HUB_LINKS = 2
"""A note that mentions one roadmap is a note; one that leads to several is a hub."""


@dataclass(frozen=True, slots=True, eq=False)
class VaultNote:
    """One note of a vault as it was last read."""

    path: str
    """Relative to the vault, with `/`."""
    note: Note
    signature: FileStamp
    """Of the file, when these bytes were first read in it."""
    digest: bytes
    tally: NoteProgress = NO_PROGRESS
    label: str = ""
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""
    due: tuple[DueTask, ...] = ()
    """Its open tasks that have a due date."""
    candidates: NoteCandidates = NO_CANDIDATES
    """What of it could be suggested next (`core.candidates`, short)."""

    def counted(self, statuses: StatusRegistry, format: TaskFormat, count: CountMode) -> VaultNote:
        """The same note, read by other statuses or settings."""
        numbers = count_progress(self.note, statuses, count)
        due = due_tasks(self.path, self.note, statuses, format)
        candidates = find_candidates(self.path, self.note, numbers, statuses, format, is_short=True)
        return replace(self, tally=numbers, due=tuple(due), candidates=candidates)

    def is_same_as(self, other: VaultNote) -> bool:
        """Whether it says the same, and is the same file."""
        return (
            self.note is other.note
            and self.label == other.label
            and self.signature.file == other.signature.file
        )

    @property
    def name(self) -> str:
        """What Obsidian calls the note: its file name without `.md`."""
        return self.path.rpartition("/")[2][: -len(NOTE_SUFFIX)]

    @property
    def folder(self) -> str:
        """The folder it is in, relative to the vault; empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def metadata(self) -> Properties:
        """What its frontmatter says; read when it is first asked for."""
        from roadtui.vault.properties import (
            read_metadata,  # Few notes make us ask; takes a YAML library along.
        )

        return read_metadata(self.note.frontmatter)

    @property
    def names(self) -> tuple[str, ...]:
        """What a search for the note to link to finds it by: its name, and its aliases (Obsidian)."""
        return (self.name, *self.metadata.aliases) if self._may_say("alias") else (self.name,)

    @property
    def is_hidden(self) -> bool:
        """Whether it asks to stay out of the list of roadmaps (`hidden: true`)."""
        return self._may_say("hidden") and self.metadata.hidden

    @property
    def deadline(self) -> date | None:
        """The day by which it is to be finished (`deadline: 2027-02-14`)."""
        return self.metadata.deadline if self._may_say("deadline") else None

    def _may_say(self, key: str) -> bool:
        """Whether `key` can be in the frontmatter: spares a vault of 10,000 notes the reading of YAML."""
        return self.note.frontmatter is not None and key in self.note.frontmatter.lower()

    @property
    def progress(self) -> Progress:
        """How far the note is by its own tasks."""
        return self.tally.note

    @property
    def has_tasks(self) -> bool:
        """Whether there is any box in it."""
        return next(self.note.tasks, None) is not None

    def resembles(self, other: VaultNote) -> bool:
        """Whether it may be `other` after some edits: they share an item or a heading."""
        mine, theirs = (
            {item.source for item in one.note.items} | {section.title for section in one.note.sections[1:]}
            for one in (self, other)
        )
        return not mine.isdisjoint(theirs)

    def anchor(self, content: Section | ListItem) -> Anchor:
        """A task, a bullet or a heading as it is seen here, to be found again when an edit is written."""
        from roadtui.core.edits.locate import (
            Anchor,  # Not on the way to the first screen: it brings in difflib.
        )

        return Anchor(self.note, self.digest, content)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All notes of a vault at one moment. A change makes a new snapshot that shares what stayed."""

    root: Path
    notes: Mapping[str, VaultNote]
    """By path."""
    settings: VaultSettings
    statuses: StatusRegistry
    problems: tuple[Problem, ...] = ()
    is_complete: bool = True
    """False while the first load is still under way."""
    hidden: tuple[str, ...] = ()
    """Notes and folders that the user's config keeps out of the list of roadmaps."""

    @property
    def format(self) -> TaskFormat:
        """How the vault writes the fields of its tasks."""
        plugin = self.settings.tasks_plugin
        return TaskFormat.EMOJI if plugin is None else plugin.task_format

    @property
    def roadmaps(self) -> list[VaultNote]:
        """The notes that hold tasks, by folder and name; without the hidden ones."""
        found = [note for note in self.notes.values() if note.has_tasks and not self._hides(note)]
        return sorted(found, key=lambda note: (note.folder.casefold(), note.name.casefold(), note.path))

    def _hides(self, note: VaultNote) -> bool:
        by_config = any(note.path == path or note.path.startswith(f"{path}/") for path in self.hidden)
        return by_config or note.is_hidden

    def below(self, path: str) -> list[VaultNote]:
        """The notes at or below `path` (empty: all), in order of paths."""
        found = [p for p in self.notes if not path or p == path or p.startswith(f"{path}/")]
        return [self.notes[p] for p in sorted(found)]

    def suggestions(self, among: Iterable[VaultNote], today: date, count: int) -> list[Suggestion]:
        """What to do next in the notes `among`, best first; right for up to `core.candidates.HEADS`."""
        return rank((note.candidates for note in among), self.dependencies, today, count)

    def all_suggestions(
        self, among: Iterable[VaultNote], today: date, count: int | None = None
    ) -> list[Suggestion]:
        """The same to any depth: looks at every task of `among`, so not for each change of the vault."""
        full = (
            find_candidates(note.path, note.note, note.tally, self.statuses, self.format) for note in among
        )
        return rank(full, self.dependencies, today, count)

    @property
    def dependencies(self) -> Dependencies:
        """How the tasks of the whole vault wait for one another."""
        return Dependencies.of(note.candidates for note in self.notes.values())

    @property
    def progress(self) -> Progress:
        """How far the whole vault is."""
        return add_up(note.progress for note in self.notes.values())

    def successor(self, gone: VaultNote, before: Snapshot) -> VaultNote | None:
        """Where a note of `before` that left its path is now: the same file, else the same bytes.

        None where there are several, or where the file was deleted and its number given to a new one. The new
        path may have been seen before the old one was missed. A conflict copy of a note is not the note.
        """
        from roadtui.vault.watch.conflict_names import (
            sure_conflict_name,  # Not on the way to the first screen.
        )

        is_copy = sure_conflict_name(gone.path) is not None
        others = [note for path, note in self.notes.items() if is_copy or sure_conflict_name(path) is None]
        same_file = [note for note in others if note.signature.file == gone.signature.file]
        new = [note for note in others if note.path not in before.notes]
        same_bytes = [note for note in new if note.digest == gone.digest]
        found = [note for note in same_file if note.resembles(gone)] or same_bytes
        return found[0] if len(found) == 1 else None

    def hubs(self) -> dict[str, list[VaultNote]]:
        """The roadmaps below each hub: a note without tasks that links to at least two roadmaps or hubs.

        A hub of hubs rolls up what they lead to; each roadmap once. Cycles are harmless. Links in comments
        make no hub: they are not shown. Time is linear in the links, and in what the hubs lead to.
        """
        resolver = LinkResolver(self.notes)
        links = {
            path: [target for target in self._targets(note, resolver) if target != path]
            for path, note in self.notes.items()
            if note.note.links and not note.has_tasks
        }
        from_hubs = {path: links[path] for path in self._linking_to_several(links)}
        below = {path: map(self.notes.__getitem__, reachable(path, from_hubs)) for path in from_hubs}
        return {
            path: sorted((note for note in found if note.has_tasks), key=lambda note: note.path)
            for path, found in below.items()
        }

    def _linking_to_several(self, links: Mapping[str, Sequence[str]]) -> list[str]:
        """Which notes of `links` are hubs, directly or by links to hubs."""
        linked_from: defaultdict[str, list[str]] = defaultdict(list)
        for path, targets in links.items():
            for target in targets:
                linked_from[target].append(path)
        missing = dict.fromkeys(links, _HUB_LINKS)
        hubs: list[str] = []
        waiting = [path for path, note in self.notes.items() if note.has_tasks]
        while waiting:
            for path in linked_from[waiting.pop()]:
                missing[path] -= 1
                if missing[path] == 0:
                    hubs.append(path)
                    waiting.append(path)
        return hubs

    def _targets(self, note: VaultNote, resolver: LinkResolver) -> list[str]:
        resolved: Iterable[str | None] = (
            resolver.resolve(link.target, note.path) for link in note.note.links if not link.in_comment
        )
        return [path for path in dict.fromkeys(resolved) if path is not None]
