"""How the summary of a note is stored: a row with a checksum. A row that does not match its own is no row.

Numbers that every list needs are packed; all else is JSON, which is decoded when it is asked for.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from struct import Struct
from typing import Any, NamedTuple
from zlib import crc32

from roadtui.core.next_actions.candidates import (
    NO_SCHEDULING,
    BestOfDay,
    Candidate,
    NoteCandidates,
    NoteOutlook,
    RankedCandidate,
    RankKey,
    Scheduling,
)
from roadtui.core.note import Link
from roadtui.core.stats.activity import ActivityTimeline
from roadtui.core.stats.progress import Progress
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.vault.note_content import (
    CountSettings,
    DueDate,
    NoteContent,
    NoteFacts,
    NoteSummary,
    ParsedNotes,
)
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

_STAMP = Struct("<QQqqq")
_HEAD = Struct("<QQqqqq16sIIIIII???IH")
"""A file stamp; when the read began; the digest; four numbers of tasks, the number of checkboxes and the last
day with a completion; what `NoteCandidates` asks first; the day that the best candidates are of; a bit for
each `FieldKind` that its tasks may have."""

_BITS = {kind: 1 << at for at, kind in enumerate(FieldKind)}

_dumps = json.JSONEncoder(separators=(",", ":")).encode


def _dumped(value: object) -> bytes:
    return _dumps(value).encode("ascii")


class NoteRow(NamedTuple):
    """A row of the table of notes."""

    path: bytes
    head: bytes
    due: bytes
    """Triples of numbers: day, line, position."""
    first: bytes
    """The best candidate of a day as JSON; empty where the best are not known."""
    best: bytes
    """The best candidates of that day as JSON."""
    symbols: bytes
    """The number of tasks with each status symbol as JSON."""
    frontmatter: bytes | None
    body: bytes
    """Candidates, ids and links as JSON."""
    sum: int
    """A checksum of all other columns."""

    def checksum(self) -> int:
        """The checksum that `sum` has to be."""
        path, head, due, first, best, symbols, frontmatter, body, _ = self
        return crc32(b"\0".join((path, head, due, first, best, symbols, frontmatter or b"", body)))


def row_of(columns: Sequence[object]) -> NoteRow | None:
    """The columns of a table as a row; None if they are of other types, as in a damaged file."""
    match columns:
        case (
            bytes() as path,
            bytes() as head,
            bytes() as due,
            bytes() as first,
            bytes() as best,
            bytes() as symbols,
            bytes() | None as frontmatter,
            bytes() as body,
            int() as sum,
        ):
            return NoteRow(path, head, due, first, best, symbols, frontmatter, body, sum)
    return None


def stamp_in(row: NoteRow) -> FileStamp | None:
    """The stamp of the file when it was read; None if the row is damaged."""
    if len(row.head) != _HEAD.size:
        return None
    return FileStamp(*_STAMP.unpack_from(row.head))


def encode_row(note: VaultNote, began_ns: int) -> NoteRow:
    """The row of `note`, the last read of which began at `began_ns` (`time.time_ns`)."""
    summary = note.content.summary
    progress, candidates = summary.progress, summary.candidates
    best = candidates.best
    ranked = () if best is None else best.ranked if isinstance(best.ranked, tuple) else best.ranked()
    head = _HEAD.pack(
        *note.stamp,
        began_ns,
        note.digest,
        progress.done,
        progress.in_progress,
        progress.open,
        progress.cancelled,
        summary.checkboxes,
        candidates.last_day,
        candidates.is_empty,
        candidates.has_ids,
        candidates.has_dependencies,
        best.day if best is not None else 0,
        sum(_BITS[kind] for kind in summary.kinds),
    )
    due = array("i")
    for one in summary.due:
        due.extend((one.day.toordinal(), one.line, one.position))
    outlook = candidates.outlook
    timeline = summary.facts.timeline
    body = [
        [_candidate_value(one) for one in outlook.candidates],
        dict(outlook.open_ids),
        outlook.depended_on,
        [[section, day.toordinal()] for section, day in outlook.last_done.items()],
        summary.links,
        summary.ids,
        [
            _day_values(timeline.done),
            timeline.done_undated,
            _day_values(timeline.added),
            timeline.added_undated,
        ],
        summary.facts.last_start,
    ]
    text = summary.frontmatter
    row = NoteRow(
        note.path.encode("utf-8", "surrogateescape"),
        head,
        due.tobytes(),
        _dumped(best.first) if best is not None else b"",
        _dumped(ranked) if best is not None else b"",
        _dumped(summary.symbols),
        None if text is None else text.encode("utf-8", "surrogateescape"),
        _dumped(body),
        0,
    )
    return row._replace(sum=row.checksum())


def first_candidates(rows: Sequence[NoteRow]) -> list[RankedCandidate | None]:
    """The `NoteRow.first` of intact rows, decoded at once, which takes a tenth of the time."""
    values = json.loads(b"[%s]" % b",".join(row.first or b"null" for row in rows))
    return [_ranked(value) if value is not None else None for value in values]


def decode_row(
    path: str, row: NoteRow, first: RankedCandidate | None, settings: CountSettings, notes: ParsedNotes
) -> tuple[VaultNote, int]:
    """The note at `path` of an intact row, and when its last read began.

    `first`: see `first_candidates`. `notes`: reads its parse.
    """
    (dev, ino, size, mtime_ns, ctime_ns, began_ns, digest, *numbers) = _HEAD.unpack(row.head)
    done, doing, open, cancelled, checkboxes, last_day, is_empty, has_ids, has_dependencies, day, kinds = (
        numbers
    )
    candidates = NoteCandidates(
        path,
        partial(_outlook_in, row.body),
        is_empty=is_empty,
        has_ids=has_ids,
        has_dependencies=has_dependencies,
        last_day=last_day,
        best=BestOfDay(day, first, partial(_ranked_in, row.best)) if row.first else None,
    )
    summary = NoteSummary(
        Progress(done, doing, open, cancelled),
        checkboxes,
        None if row.frontmatter is None else row.frontmatter.decode("utf-8", "surrogateescape"),
        candidates,
        partial(_due_in, row.due) if row.due else (),
        partial(_facts_in, row.body),
        partial(json.loads, row.symbols),
        _kinds(kinds),
    )
    content = NoteContent(path, digest, summary, settings, None, notes)
    return VaultNote(path, content, FileStamp(dev, ino, size, mtime_ns, ctime_ns)), began_ns


@lru_cache(maxsize=4096)
def _kinds(bits: int) -> frozenset[FieldKind]:
    return frozenset(kind for kind, bit in _BITS.items() if bits & bit)


def _candidate_value(candidate: Candidate) -> list[Any]:
    scheduling = candidate.scheduling
    value: list[Any] | int = 0
    if scheduling is not NO_SCHEDULING:
        value = [
            scheduling.priority.value,
            _ordinal(scheduling.due),
            scheduling.due_from,
            _ordinal(scheduling.start),
            _ordinal(scheduling.scheduled),
            scheduling.id,
            sorted(scheduling.depends_on),
            scheduling.is_on_hold,
        ]
    return [candidate.position, candidate.section, candidate.is_doing, value, candidate.is_first_open]


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day is not None else 0


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _outlook_in(body: bytes) -> NoteOutlook:
    candidates, open_ids, depended_on, last_done, *_facts = json.loads(body)
    return NoteOutlook(
        tuple(map(_candidate, candidates)),
        open_ids,
        tuple(depended_on),
        {section: date.fromordinal(day) for section, day in last_done},
    )


def _candidate(value: list[Any]) -> Candidate:
    position, section, is_doing, found, is_first_open = value
    scheduling = NO_SCHEDULING
    if found:
        priority, due, due_from, start, scheduled, id, depends_on, is_on_hold = found
        scheduling = Scheduling(
            Priority(priority),
            _day(due),
            due_from,
            _day(start),
            _day(scheduled),
            id,
            frozenset(depends_on),
            is_on_hold,
        )
    return Candidate(position, section, is_doing, scheduling, is_first_open)


def _ranked_in(best: bytes) -> tuple[RankedCandidate, ...]:
    return tuple(map(_ranked, json.loads(best)))


def _ranked(value: list[Any]) -> RankedCandidate:
    is_waiting, group, round, key, position = value
    return RankedCandidate(is_waiting, group, round, RankKey._make(key), position)


def _due_in(due: bytes) -> tuple[DueDate, ...]:
    numbers = array("i")
    numbers.frombytes(due)
    triples = iter(numbers)
    return tuple(
        DueDate(date.fromordinal(day), line, at) for day, line, at in zip(*[triples] * 3, strict=True)
    )


def _facts_in(body: bytes) -> NoteFacts:
    *_outlook, links, ids, (done, done_undated, added, added_undated), last_start = json.loads(body)
    timeline = ActivityTimeline(_days(done), done_undated, _days(added), added_undated)
    return NoteFacts(tuple(Link(*link) for link in links), tuple(ids), timeline, last_start)


def _day_values(days: Mapping[date, int]) -> list[tuple[int, int]]:
    return [(day.toordinal(), count) for day, count in days.items()]


def _days(values: Iterable[tuple[int, int]]) -> dict[date, int]:
    return {date.fromordinal(day): count for day, count in values}
