"""The snapshot of a vault: all notes at one moment, as an immutable value that screens draw and compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from roadtui.core.archives import NO_ARCHIVES, ArchiveRules
from roadtui.core.errors import RefusedError
from roadtui.core.links import LinkCache, LinkTable, linked_notes, reachable
from roadtui.core.next_actions.candidates import SHORTLIST, DueTask, NoteCandidates
from roadtui.core.next_actions.collector import find_planned
from roadtui.core.next_actions.ranking import Dependencies, RankedTask, Suggestion, rank
from roadtui.core.note import ListItem, Note, Section
from roadtui.core.stats.progress import CountMode, NoteProgress, Progress, add_up
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.vault.errors import Problem
from roadtui.vault.note_content import (
    USUAL_SETTINGS,
    CountSettings,
    DueDate,
    NoteContent,
    ParsedNote,
    ParsedNotes,
    summarize_note,
    task_at,
)
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
    content: NoteContent
    """What is known by its bytes."""
    stamp: FileStamp
    """The file's stamp when these bytes were first read."""
    label: str = ""
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""

    @classmethod
    def of(
        cls,
        path: str,
        note: Note,
        stamp: FileStamp,
        digest: bytes,
        settings: CountSettings = USUAL_SETTINGS,
        notes: ParsedNotes | None = None,
        label: str = "",
        *,
        is_one_of_many: bool = False,
    ) -> VaultNote:
        """The note at `path` with the parse `note`, counted by `settings`.

        `notes`: reads the parse again when it was let go; None keeps it for good. `is_one_of_many`: see
        `NoteContent`.
        """
        summary, progress = summarize_note(path, note, settings)
        parsed = ParsedNote(note, digest, progress)
        content = NoteContent(path, digest, summary, settings, parsed, notes, is_one_of_many=is_one_of_many)
        return cls(path, content, stamp, label)

    def counted(self, settings: CountSettings, notes: ParsedNotes | None) -> VaultNote:
        """The same note with its tasks counted by other settings. May read its file."""
        parsed = self.content.peek()
        if (
            not parsed.digest and self.digest
        ):  # It cannot be read now; whoever scans the vault finds that too.
            return self
        return VaultNote.of(
            self.path,
            parsed.note,
            self.stamp,
            parsed.digest,
            settings,
            notes,
            self.label,
            is_one_of_many=True,
        )

    @property
    def digest(self) -> bytes:
        """Content hash of the note's bytes."""
        return self.content.digest

    @property
    def note(self) -> Note:
        """The parse of the note; see `vault.note_content`. May read the file."""
        return self.content.parsed.note

    @property
    def note_progress(self) -> NoteProgress:
        """The progress of the note, its sections and its tasks with subtasks. May read the file."""
        return self.content.parsed.progress

    @property
    def candidates(self) -> NoteCandidates:
        """The candidates for the next action; a short list."""
        return self.content.summary.candidates

    @property
    def due(self) -> tuple[DueDate, ...]:
        """The due dates of the open tasks, in order of lines."""
        return self.content.summary.due

    @property
    def is_parse_current(self) -> bool:
        """Whether `note` is the parse of the bytes that are summarized. May read the file."""
        return self.content.parsed.digest == self.digest

    def due_task(self, due: DueDate) -> DueTask | None:
        """The task with one of the dates of `due`; None if the note has changed. May read the file."""
        task = task_at(self.note, due.position, due.line) if self.is_parse_current else None
        return DueTask(self.path, task, due.day) if task is not None else None

    @property
    def frontmatter(self) -> str | None:
        """See `Note.frontmatter`."""
        return self.content.summary.frontmatter

    def is_same_as(self, other: VaultNote) -> bool:
        """Whether both have the same bytes, label and file."""
        return (
            self.digest == other.digest
            and not self.content.is_stale
            and self.label == other.label
            and self.stamp.file == other.stamp.file
        )

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

        return read_properties(self.frontmatter)

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
        return self.frontmatter is not None and key in self.frontmatter.lower()

    @property
    def progress(self) -> Progress:
        """The progress of the note's own tasks."""
        return self.content.summary.progress

    @property
    def has_tasks(self) -> bool:
        """Whether the note has any task."""
        return self.content.summary.checkboxes > 0

    def resembles(self, other: VaultNote) -> bool:
        """Whether the note may be `other` after some edits: they share an item or a heading."""
        if self.digest == other.digest:
            return True
        mine, theirs = (
            {item.source for item in one.note.items} | {section.title for section in one.note.sections[1:]}
            for one in (self, other)
        )
        return not mine.isdisjoint(theirs)

    def anchor(self, content: Section | ListItem) -> Anchor:
        """An anchor for a task, bullet or heading of this note, by which an edit finds it again.

        Raises:
            RefusedError: the parse was let go, and the note has changed since; or `content` is not of this
                state of the note, and another line might be taken for it.
        """
        from roadtui.core.edits.locate import (
            Anchor,  # Not for the first screen: imports difflib.
        )

        parsed = self.content.parsed
        if parsed.digest != self.digest:  # `content` is of other bytes than this parse, whatever they say.
            raise RefusedError(f"{self.name} has just been changed. Check it and try again.")
        if not _is_in(parsed.note, content):
            raise RefusedError("Not changed: this row is not in the note. Try again.")
        return Anchor(parsed.note, self.digest, content)


def _is_in(note: Note, content: Section | ListItem) -> bool:
    """Whether `content` is of `note`, or of another parse of the same bytes."""
    of_note = note.sections if isinstance(content, Section) else note.items
    if not 0 <= content.index < len(of_note):
        return False
    found = of_note[content.index]
    return found is content or (
        type(found) is type(content) and (found.line, found.row_key) == (content.line, content.row_key)
    )


class _Listing:
    """What is computed of one snapshot when it is first asked for. Two threads may both compute it."""

    __slots__ = ("dependencies", "listed", "roadmaps")

    def __init__(self) -> None:
        self.listed: list[VaultNote] | None = None
        self.roadmaps: list[VaultNote] | None = None
        self.dependencies: Dependencies | None = None


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
    _listing: _Listing = field(default_factory=_Listing, init=False, repr=False)

    @property
    def format(self) -> TaskFormat:
        """How the vault writes the fields of its tasks."""
        plugin = self.settings.tasks_plugin
        return TaskFormat.EMOJI if plugin is None else plugin.task_format

    @property
    def count_settings(self) -> CountSettings:
        """What the numbers of its notes depend on."""
        return CountSettings(self.statuses, self.format, self.count_mode)

    @property
    def roadmaps(self) -> Sequence[VaultNote]:
        """The notes with tasks that are not hidden, sorted by folder and name."""
        found = self._listing.roadmaps
        if found is None:
            found = self._listing.roadmaps = [note for note in self.listed_notes if note.has_tasks]
        return found

    @property
    def listed_notes(self) -> Sequence[VaultNote]:
        """The notes that are not hidden, with tasks or without, sorted by folder and name."""
        found = self._listing.listed
        if found is None:
            found = [note for note in self.notes.values() if not self._hides(note)]
            found.sort(key=list_key)
            self._listing.listed = found
        return found

    def _hides(self, note: VaultNote) -> bool:
        if self.hidden and any(note.path == path or note.path.startswith(f"{path}/") for path in self.hidden):
            return True
        return note.is_hidden

    @property
    def suggested_roadmaps(self) -> Sequence[VaultNote]:
        """The roadmaps from which tasks are suggested: those outside archives."""
        return self.outside_archives(self.roadmaps)

    def outside_archives(self, notes: Iterable[VaultNote]) -> list[VaultNote]:
        """Those of `notes` that are in no archive."""
        held: dict[str, bool] = {}
        found = []
        for note in notes:
            folder = note.folder
            if folder not in held:
                held[folder] = self.archives.hold(folder)
            if not held[folder]:
                found.append(note)
        return found

    def below(self, path: str) -> list[VaultNote]:
        """The notes at or below `path` (empty: all), in order of paths."""
        found = [p for p in self.notes if not path or p == path or p.startswith(f"{path}/")]
        return [self.notes[p] for p in sorted(found)]

    def suggestions(self, notes: Iterable[VaultNote], today: date, count: int) -> list[Suggestion]:
        """The next actions in `notes`, best first; `count` is at most `candidates.SHORTLIST`."""
        by_path = {note.path: note for note in notes}
        candidates = (note.candidates for note in by_path.values())
        return _with_tasks(rank(candidates, self.dependencies, today, count), by_path)

    def all_suggestions(
        self, notes: Iterable[VaultNote], today: date, count: int | None = None
    ) -> list[Suggestion]:
        """The next actions in `notes`, of any number. Reads every task: too slow for each change."""
        if count is not None and count <= SHORTLIST:
            return self.suggestions(notes, today, count)
        by_path = {note.path: note for note in notes}
        full = []
        for note in by_path.values():
            parsed = note.content.peek()
            full.append(
                find_planned(
                    note.path, parsed.note, parsed.progress.parents, self.statuses, self.format
                ).candidates
            )
        return _with_tasks(rank(full, self.dependencies, today, count), by_path)

    @property
    def dependencies(self) -> Dependencies:
        """The dependencies between the tasks of the whole vault."""
        found = self._listing.dependencies
        if found is None:
            found = Dependencies.of(note.candidates for note in self.notes.values())
            self._listing.dependencies = found
        return found

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
        with_links = {
            path: note.content
            for path, note in self.notes.items()
            if not note.has_tasks and note.content.links
        }
        if not with_links:
            return {}
        table = self.links
        links = {path: linked_notes(table.links(path, content), path) for path, content in with_links.items()}
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


def list_key(note: VaultNote) -> tuple[str, str, str]:
    """By folder and name, without regard to case: the order in which notes are listed."""
    return _list_key(note.path)


@lru_cache(maxsize=20_000)
def _list_key(path: str) -> tuple[str, str, str]:
    folder, _, name = path.rpartition("/")
    return folder.casefold(), name[: -len(NOTE_SUFFIX)].casefold(), path


def _with_tasks(ranked: Iterable[RankedTask], notes: Mapping[str, VaultNote]) -> list[Suggestion]:
    """The suggestions of `ranked`, without those of notes that have changed meanwhile."""
    found = []
    for one in ranked:
        note = notes[one.note.path]
        task = task_at(note.note, one.candidate.position) if note.is_parse_current else None
        if task is not None:
            found.append(one.suggestion(task))
    return found
