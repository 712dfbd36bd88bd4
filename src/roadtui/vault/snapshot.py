"""The snapshot of a vault: all notes at one moment, as an immutable value that screens draw and compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from roadtui.core.archives import NO_ARCHIVES, ArchiveRules
from roadtui.core.errors import RefusedError
from roadtui.core.links import LinkCache, LinkTable, linked_notes, reachable
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
"""A note without tasks is a hub if it links to at least this many roadmaps or hubs."""


@dataclass(frozen=True, slots=True, eq=False)
class VaultNote:
    """One note of a vault as it was last read."""

    path: str
    """Relative to the vault, with `/`."""
    note: Note
    stamp: FileStamp
    """The file's stamp when these bytes were first read."""
    digest: bytes
    """Content hash of the note's bytes."""
    note_progress: NoteProgress = NO_PROGRESS
    """The progress of the note, its sections and its tasks with subtasks."""
    label: str = ""
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""
    due: tuple[DueTask, ...] = ()
    """The open tasks with a due date."""
    candidates: NoteCandidates = NO_CANDIDATES
    """The candidates for the next action; a short list."""

    def counted(self, statuses: StatusRegistry, format: TaskFormat, count: CountMode) -> VaultNote:
        """The same note with its tasks counted by other statuses or settings."""
        note_progress = count_progress(self.note, statuses, count)
        due = due_tasks(self.path, self.note, statuses, format)
        candidates = find_candidates(self.path, self.note, note_progress, statuses, format, is_short=True)
        return replace(self, note_progress=note_progress, due=tuple(due), candidates=candidates)

    def is_same_as(self, other: VaultNote) -> bool:
        """Whether both have the same parse, label and file."""
        return self.note is other.note and self.label == other.label and self.stamp.file == other.stamp.file

    @property
    def name(self) -> str:
        """The name of the note in Obsidian: its file name without `.md`."""
        return self.path.rpartition("/")[2][: -len(NOTE_SUFFIX)]

    @property
    def folder(self) -> str:
        """The folder of the note, relative to the vault; empty for the vault's own folder."""
        return self.path.rpartition("/")[0]

    @property
    def properties(self) -> Properties:
        """The properties in the frontmatter; read on first use."""
        from roadtui.vault.properties import (
            read_properties,  # Needed for few notes; imports a YAML library.
        )

        return read_properties(self.note.frontmatter)

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which a search finds the note: its own name and its aliases (Obsidian)."""
        return (self.name, *self.properties.aliases) if self._may_have_property("alias") else (self.name,)

    @property
    def is_hidden(self) -> bool:
        """Whether the note is hidden from the list of roadmaps by its property `hidden: true`."""
        return self._may_have_property("hidden") and self.properties.hidden

    @property
    def deadline(self) -> date | None:
        """The day by which the roadmap is to be finished (property `deadline: 2027-02-14`)."""
        return self.properties.deadline if self._may_have_property("deadline") else None

    def _may_have_property(self, key: str) -> bool:
        """Whether the frontmatter may have the property `key`: a cheap check that avoids parsing YAML."""
        return self.note.frontmatter is not None and key in self.note.frontmatter.lower()

    @property
    def progress(self) -> Progress:
        """The progress of the note's own tasks."""
        return self.note_progress.note

    @property
    def has_tasks(self) -> bool:
        """Whether the note has any task."""
        return next(self.note.tasks, None) is not None

    def resembles(self, other: VaultNote) -> bool:
        """Whether the note may be `other` after some edits: they share an item or a heading."""
        mine, theirs = (
            {item.source for item in one.note.items} | {section.title for section in one.note.sections[1:]}
            for one in (self, other)
        )
        return not mine.isdisjoint(theirs)

    def anchor(self, content: Section | ListItem) -> Anchor:
        """An anchor for a task, bullet or heading of this note, by which an edit finds it again.

        Raises:
            RefusedError: `content` is not of this state of the note: another line might be taken for it.
        """
        of_note = self.note.sections if isinstance(content, Section) else self.note.items
        if not (0 <= content.index < len(of_note) and of_note[content.index] is content):
            raise RefusedError("Not changed: this row is not in the note. Try again.")
        from roadtui.core.edits.locate import (
            Anchor,  # Not for the first screen: imports difflib.
        )

        return Anchor(self.note, self.digest, content)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All notes of a vault at one moment. Each change makes a new snapshot that shares unchanged notes."""

    root: Path
    notes: Mapping[str, VaultNote]
    """By path."""
    settings: VaultSettings
    statuses: StatusRegistry
    problems: tuple[Problem, ...] = ()
    is_complete: bool = True
    """False during the first load."""
    unread: int = 0
    """The notes that were found and are not read yet, during the first load."""
    hidden: tuple[str, ...] = ()
    """Notes and folders that the user's config hides from the list of roadmaps."""
    count_mode: CountMode = CountMode.LEAVES
    """Which tasks are counted."""
    archives: ArchiveRules = NO_ARCHIVES
    """The folders from which nothing is suggested."""
    _link_cache: LinkCache = field(default_factory=LinkCache, repr=False)
    """Shared with the snapshots that are made from this one."""

    @property
    def format(self) -> TaskFormat:
        """How the vault writes the fields of its tasks."""
        plugin = self.settings.tasks_plugin
        return TaskFormat.EMOJI if plugin is None else plugin.task_format

    @property
    def roadmaps(self) -> list[VaultNote]:
        """The notes with tasks that are not hidden, sorted by folder and name."""
        return [note for note in self.listed_notes if note.has_tasks]

    @property
    def listed_notes(self) -> list[VaultNote]:
        """The notes that are not hidden, with tasks or without, sorted by folder and name."""
        found = [note for note in self.notes.values() if not self._hides(note)]
        return sorted(found, key=lambda note: (note.folder.casefold(), note.name.casefold(), note.path))

    def _hides(self, note: VaultNote) -> bool:
        by_config = any(note.path == path or note.path.startswith(f"{path}/") for path in self.hidden)
        return by_config or note.is_hidden

    @property
    def suggested_roadmaps(self) -> list[VaultNote]:
        """The roadmaps from which tasks are suggested: those outside archives."""
        return [note for note in self.roadmaps if not self.archives.hold(note.folder)]

    def below(self, path: str) -> list[VaultNote]:
        """The notes at or below `path` (empty: all), in order of paths."""
        found = [p for p in self.notes if not path or p == path or p.startswith(f"{path}/")]
        return [self.notes[p] for p in sorted(found)]

    def suggestions(self, notes: Iterable[VaultNote], today: date, count: int) -> list[Suggestion]:
        """The next actions in `notes`, best first; `count` is at most `candidates.SHORTLIST`."""
        return rank((note.candidates for note in notes), self.dependencies, today, count)

    def all_suggestions(
        self, notes: Iterable[VaultNote], today: date, count: int | None = None
    ) -> list[Suggestion]:
        """The next actions in `notes`, of any number. Reads every task: too slow for each change."""
        full = (
            find_candidates(note.path, note.note, note.note_progress, self.statuses, self.format)
            for note in notes
        )
        return rank(full, self.dependencies, today, count)

    @property
    def dependencies(self) -> Dependencies:
        """The dependencies between the tasks of the whole vault."""
        return Dependencies.of(note.candidates for note in self.notes.values())

    @property
    def progress(self) -> Progress:
        """The progress of the whole vault."""
        return add_up(note.progress for note in self.notes.values())

    def successor(self, gone: VaultNote, before: Snapshot) -> VaultNote | None:
        """The note that `gone`, a note of `before`, was moved to: the same file, else the same bytes.

        None where there are several, or where the file was deleted and a new one got its inode. The new path
        may already be in `before`. A conflict copy is never the successor of its note.
        """
        from roadtui.vault.watch.conflict_names import (
            sure_conflict_name,  # Not on the way to the first screen.
        )

        is_copy = sure_conflict_name(gone.path) is not None
        others = [note for path, note in self.notes.items() if is_copy or sure_conflict_name(path) is None]
        same_file = [note for note in others if note.stamp.file == gone.stamp.file]
        new = [note for note in others if note.path not in before.notes]
        same_bytes = [note for note in new if note.digest == gone.digest]
        found = [note for note in same_file if note.resembles(gone)] or same_bytes
        return found[0] if len(found) == 1 else None

    @property
    def links(self) -> LinkTable:
        """The links of the notes, resolved when they are first asked for."""
        return self._link_cache.table(self.notes)

    def hubs(self) -> dict[str, list[VaultNote]]:
        """The roadmaps of each hub: a note without tasks that links to at least two roadmaps or hubs.

        A hub of hubs has all of their roadmaps, each once. Cycles are allowed. Links in comments do not
        count, as they are not shown. Time is linear in the links and in the results.
        """
        table = self.links
        links = {
            path: linked_notes(table.links(path, note.note), path)
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
        """The notes of `links` that are hubs, directly or by links to hubs."""
        linked_from: defaultdict[str, list[str]] = defaultdict(list)
        for path, targets in links.items():
            for target in targets:
                linked_from[target].append(path)
        links_needed = dict.fromkeys(links, _HUB_LINKS)
        hubs: list[str] = []
        queue = [path for path, note in self.notes.items() if note.has_tasks]
        while queue:
            for path in linked_from[queue.pop()]:
                links_needed[path] -= 1
                if links_needed[path] == 0:
                    hubs.append(path)
                    queue.append(path)
        return hubs
