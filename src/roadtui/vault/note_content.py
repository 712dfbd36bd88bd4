"""What is known of a note by its bytes: a summary that is always there, and a parse that may be read again.

Lists, sums and rankings of a whole vault need the summaries alone. The parses of the notes that were looked
at last are kept; any other is read again from its file when it is asked for. That file may have changed
since: then the parse is that of the newer bytes, and has their hash. Takes no lock, as the event loop asks
for parses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from weakref import ReferenceType, ref

from roadtui.core.markdown import content_hash, parse
from roadtui.core.next_actions.candidates import NoteCandidates
from roadtui.core.next_actions.collector import find_planned
from roadtui.core.note import Link, Note, Task
from roadtui.core.patterns import LazyPattern
from roadtui.core.stats.activity import ActivityTimeline, activity_timeline
from roadtui.core.stats.progress import (
    NO_PROGRESS,
    CountMode,
    NoteProgress,
    Progress,
    count_progress,
    counted,
)
from roadtui.core.tasks.field_specs import FIELD_SPECS, FieldKind, TaskFormat, markers_of
from roadtui.core.tasks.fields import possible_kinds, read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.reader import read_note, shown_text

MOST_ITEMS_KEPT = 40_000
"""List items of the parses that are kept: some 25 MB. Smaller vaults are kept whole."""

_START = markers_of(FieldKind.START)
_ID_MARKERS = markers_of(FieldKind.ID)
_ID = LazyPattern(rf"(?:{'|'.join(_ID_MARKERS)})\ufe0f? *{FIELD_SPECS[FieldKind.ID].pattern}")


class DueDate(NamedTuple):
    """The due date of an open task."""

    day: date
    line: int
    """The line of the task, from 0."""
    position: int
    """`Task.index`."""


class NoteFacts(NamedTuple):
    """What of a summary few ask for: the links and ids in a note, and its activity."""

    links: tuple[Link, ...]
    """See `Note.links`."""
    ids: tuple[str, ...]
    """What may be the id of a task, open or not."""
    timeline: ActivityTimeline
    """The activity of its counted tasks, by the dates in the note alone."""
    last_start: int
    """The ordinal of the last start date in it, whatever its task; 0 without one."""


class NoteSummary:
    """What lists, sums and rankings need of a note.

    Some of it may be decoded with each access: that of a big vault is not all kept as objects.
    """

    __slots__ = ("_due", "_facts", "_symbols", "candidates", "checkboxes", "frontmatter", "kinds", "progress")

    def __init__(
        self,
        progress: Progress,
        checkboxes: int,
        frontmatter: str | None,
        candidates: NoteCandidates,
        due: tuple[DueDate, ...] | Callable[[], tuple[DueDate, ...]],
        facts: NoteFacts | Callable[[], NoteFacts],
        symbols: Mapping[str, int] | Callable[[], Mapping[str, int]],
        kinds: Collection[FieldKind],
    ) -> None:
        """Make a summary.

        Args:
            progress: The progress of the note.
            checkboxes: The number of tasks, counted or not.
            frontmatter: See `Note.frontmatter`.
            candidates: The candidates for the next action; a short list.
            due: The due dates of open tasks, in order of lines, or a function that returns them.
            facts: Links, ids and activity, or a function that returns them.
            symbols: The number of tasks with each status symbol, or a function that returns them.
            kinds: The fields that its tasks may have.
        """
        self.progress = progress
        self.checkboxes = checkboxes
        self.frontmatter = frontmatter
        self.candidates = candidates
        self._due = due
        self._facts = facts
        self._symbols = symbols
        self.kinds = kinds

    @property
    def due(self) -> tuple[DueDate, ...]:
        """The due dates of open tasks, in order of lines."""
        if not isinstance(self._due, tuple):
            self._due = self._due()
        return self._due

    @property
    def symbols(self) -> Mapping[str, int]:
        """The number of tasks with each status symbol."""
        return self._symbols() if callable(self._symbols) else self._symbols

    @property
    def links(self) -> tuple[Link, ...]:
        """See `Note.links`."""
        return self.facts.links

    @property
    def ids(self) -> tuple[str, ...]:
        """What may be the id of a task, open or not."""
        return self.facts.ids

    @property
    def facts(self) -> NoteFacts:
        """Links, ids and activity."""
        return self._facts if isinstance(self._facts, NoteFacts) else self._facts()


class CountSettings(NamedTuple):
    """What the numbers of a note depend on beside its text."""

    statuses: StatusRegistry
    format: TaskFormat
    mode: CountMode


USUAL_SETTINGS = CountSettings(StatusRegistry(), TaskFormat.EMOJI, CountMode.LEAVES)
"""Those of a vault without the Tasks plugin, and of a user without a config."""


class ParsedNote(NamedTuple):
    """The parse of a note, with the numbers of its parts."""

    note: Note
    digest: bytes
    """Content hash of the bytes that were parsed."""
    progress: NoteProgress


def summarize_note(path: str, note: Note, settings: CountSettings) -> tuple[NoteSummary, NoteProgress]:
    """The summary of `note`, which is at `path`, and the numbers of its parts."""
    progress = count_progress(note, settings.statuses, settings.mode)
    planned = find_planned(path, note, progress.parents, settings.statuses, settings.format, is_short=True)
    tasks = [*note.tasks]
    marked = [task for task in tasks if "::" in task.source or not task.source.isascii()]
    kinds = possible_kinds(task.source for task in marked)
    summary = NoteSummary(
        progress.note,
        len(tasks),
        note.frontmatter,
        planned.candidates,
        tuple(DueDate(due.day, due.task.line, due.task.index) for due in planned.due),
        NoteFacts(
            note.links,
            _ids_in(marked) if FieldKind.ID in kinds else (),
            _timeline(marked, progress, settings),
            _last_start(marked, settings.format) if FieldKind.START in kinds else 0,
        ),
        Counter([task.source[task.symbol_index] for task in tasks]),
        kinds,
    )
    return summary, progress


def _last_start(marked: Iterable[Task], format: TaskFormat) -> int:
    starts = (
        read_fields(task.text, format).start for task in marked if any(map(task.source.__contains__, _START))
    )
    return max((start.toordinal() for start in starts if start is not None), default=0)


def _timeline(marked: Iterable[Task], progress: NoteProgress, settings: CountSettings) -> ActivityTimeline:
    """The timeline of the counted tasks of a note, of which those that are not `marked` have no dates."""
    statuses = settings.statuses
    counting = [*counted(marked, progress, statuses, settings.mode)]
    timeline = activity_timeline(counting, statuses, settings.format)
    done = sum(statuses.type_of(task.status_symbol) is StatusType.DONE for task in counting)
    return ActivityTimeline(
        dict(timeline.done) if timeline.done else _NO_DAYS,  # There is one for each note: in less memory.
        timeline.done_undated + progress.note.done - done,
        dict(timeline.added) if timeline.added else _NO_DAYS,
        timeline.added_undated + progress.note.total - len(counting),
    )


_NO_DAYS: Mapping[date, int] = {}


def _ids_in(marked: Iterable[Task]) -> tuple[str, ...]:
    return tuple(
        id
        for task in marked
        if any(map(task.source.__contains__, _ID_MARKERS))
        for id in (found[1] for found in _ID.finditer(task.source))
    )


class ParsedNotes:
    """Reads parses of notes again, and keeps those that were read last."""

    def __init__(self, root: Path, limit: int, most_items: int = MOST_ITEMS_KEPT) -> None:
        """Read notes of the vault at `root`, none with more than `limit` bytes."""
        self._root = root
        self._limit = limit
        self._most_items = most_items
        self._kept: dict[int, _Kept] = {}
        """The contents with a parse that may be let go, by id; the oldest first."""
        self._items = 0

    def read(self, path: str, settings: CountSettings) -> ParsedNote:
        """The parse of the note at `path` as it is now; an empty one if it cannot be read."""
        try:
            data = read_note(self._root / path, self._limit).data
        except UnreadableNoteError:
            return ParsedNote(parse(""), b"", NO_PROGRESS)
        note = parse(shown_text(data))
        return ParsedNote(note, content_hash(data), count_progress(note, settings.statuses, settings.mode))

    def has_room(self, note: Note) -> bool:
        """Whether the parse `note` can be kept without letting go of another one."""
        return self._items + len(note.items) <= self._most_items

    def keep(self, content: NoteContent, items: int) -> None:
        """Note that `content` keeps a parse with `items` items; the oldest ones are let go for it."""
        key = id(content)
        self._forget(key)
        self._kept[key] = _Kept(ref(content, lambda _: self._forget(key)), items)
        self._items += items
        with suppress(RuntimeError, StopIteration):  # Another thread does the same.
            while self._items > self._most_items and len(self._kept) > 1:
                oldest = next(iter(self._kept))
                kept = self._forget(oldest)
                found = kept.content() if kept is not None else None
                if found is not None:
                    found.let_go()

    def _forget(self, key: int) -> _Kept | None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._items -= kept.items
        return kept


class _Kept(NamedTuple):
    """A content whose parse is kept."""

    content: ReferenceType[NoteContent]
    items: int


class NoteContent:
    """What is known of one note by its bytes and by the settings that its tasks are counted by."""

    __slots__ = (
        "__weakref__",
        "_alive",
        "_is_pinned",
        "_notes",
        "_parsed",
        "_settings",
        "digest",
        "path",
        "summary",
    )

    def __init__(
        self,
        path: str,
        digest: bytes,
        summary: NoteSummary,
        settings: CountSettings,
        parsed: ParsedNote | None = None,
        notes: ParsedNotes | None = None,
        *,
        is_one_of_many: bool = False,
    ) -> None:
        """Make the content of the note at `path`.

        Args:
            path: Relative to the vault.
            digest: Content hash of the bytes.
            summary: What is always known.
            settings: What the tasks are counted by.
            parsed: The parse, where it is known.
            notes: Reads and keeps parses; None keeps `parsed` for good.
            is_one_of_many: Whether `parsed` is only kept if no other parse has to be let go for it.
        """
        self.path = path
        self.digest = digest
        self.summary = summary
        self._settings = settings
        self._notes = notes
        self._is_pinned = notes is None
        self._parsed: ParsedNote | None = None
        self._alive: list[ReferenceType[Note]] = []
        """The parse while anybody holds it: tasks are told apart by identity."""
        if parsed is not None:
            self._alive.append(ref(parsed.note))
            if notes is None or not is_one_of_many or notes.has_room(parsed.note):
                self._keep(parsed)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of the note."""
        return self.summary.links

    @property
    def parsed(self) -> ParsedNote:
        """The parse of the note: of its bytes, or of newer ones (see the module). May read the file."""
        parsed = self._parsed
        if parsed is None:
            parsed = self._read()
            self._keep(parsed)
        return parsed

    def peek(self) -> ParsedNote:
        """As `parsed`, without keeping it: for a pass over many notes."""
        return self._parsed or self._read()

    @property
    def is_at_hand(self) -> bool:
        """Whether the parse can be had without reading the file."""
        return self._parsed is not None or any(one() is not None for one in self._alive)

    @property
    def at_hand(self) -> tuple[bytes, Note] | None:
        """A parse with the content hash of its bytes, where that takes no reading."""
        parsed = self.parsed if self.is_at_hand else None
        return (parsed.digest, parsed.note) if parsed is not None else None

    @property
    def is_stale(self) -> bool:
        """Whether the parse that is kept is that of newer bytes. Reads nothing."""
        parsed = self._parsed
        return parsed is not None and parsed.digest != self.digest

    def pin(self) -> None:
        """Keep the parse from now on for as long as this content is: what was read must not change."""
        self._is_pinned = True
        _ = self.parsed

    def let_go(self) -> None:
        """Keep the parse no longer, unless it is pinned."""
        if not self._is_pinned:
            self._parsed = None

    def _keep(self, parsed: ParsedNote) -> None:
        self._parsed = parsed
        if self._notes is not None:
            self._notes.keep(self, len(parsed.note.items))

    def _read(self) -> ParsedNote:
        assert self._notes is not None, "else the parse is kept"
        note = self._living()
        if note is None:
            parsed = self._notes.read(self.path, self._settings)
            if parsed.digest != self.digest:
                return parsed
            self._alive = [one for one in self._alive if one() is not None]
            self._alive.append(ref(parsed.note))
            note = self._living() or parsed.note  # Of several threads, all take the first.
            if note is parsed.note:
                return parsed
        return ParsedNote(
            note, self.digest, count_progress(note, self._settings.statuses, self._settings.mode)
        )

    def _living(self) -> Note | None:
        return next((note for one in self._alive if (note := one()) is not None), None)


def task_at(note: Note, position: int, line: int | None = None) -> Task | None:
    """The task of `note` whose index is `position`; None where there is none, as the note has changed."""
    item = note.items[position] if 0 <= position < len(note.items) else None
    if not isinstance(item, Task) or (line is not None and item.line != line):
        return None
    return item
