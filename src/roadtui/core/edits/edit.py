"""An edit is an intent: which tasks, as they were seen, and what is wanted of them.

It is applied to the bytes on disk at the moment of writing, never to the model's copy. Applying one gives its
inverse, which is an edit like any other: undo goes the same way as a tick, and refuses like one. What is
wanted is said by a `Change` (`core.changes`); this room finds the place, makes the change, proves that
nothing else became something else, and works out the way back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from typing_extensions import override

from roadtui.core.edits.locate import Anchor, Anchorable, locate
from roadtui.core.edits.patch import Hunk, NotePatch, Replacement, map_line, merge_hunks
from roadtui.core.edits.reformatting import restored
from roadtui.core.edits.verify import conflict_complaint, find_structure_change, on_line, renumber
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse, split_lines
from roadtui.core.note import ListItem, Note, Section, Task


@dataclass(frozen=True, slots=True, eq=False)
class EditTarget:
    """Where an edit belongs in the note as it is now."""

    note: Note
    lines: Sequence[str]
    """Of the whole note, each with its line end."""
    found: tuple[Anchorable, ...]
    """What the edit holds on to, found again, in the order of its anchors."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What was found, where all of it are tasks.

        Raises:
            RefusedError: something else was found, or nothing.
        """
        tasks = tuple(content for content in self.found if isinstance(content, Task))
        if not tasks or len(tasks) < len(self.found):
            raise RefusedError("Not changed: there is no task here.")
        return tasks

    @property
    def items(self) -> tuple[ListItem, ...]:
        """What was found, where all of it are list items; raises RefusedError like `tasks`."""
        items = tuple(content for content in self.found if isinstance(content, ListItem))
        if not items or len(items) < len(self.found):
            raise RefusedError("Not changed: there is no task here.")
        return items


class Change(Protocol):
    """What is to become of the lines at a place."""

    __slots__ = ()

    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        """Say which lines to replace; they must not overlap.

        Raises:
            RefusedError: the lines are not what the user saw, or what is wanted cannot be.
        """


class SavedLines(NamedTuple):
    """Lines that are to be put back, and where."""

    offset: int
    """Of the first of `seen`: from the line of the anchor's content; from the top for a `WholeNoteAnchor`."""
    seen: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoreLines(Change):
    """Put lines back as they were before an edit: the inverse of what made each `seen` of its `wanted`.

    Lines that a formatter has rewritten meanwhile, and that say the same, keep their new form.
    """

    parts: tuple[SavedLines, ...]
    """One for each anchor of the edit, in order of lines."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        starts = (content.line for content in place.found) if place.found else (0,)
        replacements = []
        for start, (offset, seen, wanted) in zip(starts, self.parts, strict=True):
            line = start + offset
            now = tuple(place.lines[line : line + len(seen)]) if line >= 0 else ()
            becomes = wanted if now == seen else restored(now, seen, wanted)
            if becomes is None:
                raise RefusedError("Not undone: these lines have been changed since.")
            replacements.append(Replacement.verbatim(line, now, becomes))
        return replacements


@dataclass(frozen=True, slots=True)
class WholeNoteAnchor:
    """Holds on to a note that has nothing to hold on to: only the very same bytes will do."""

    digest: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """What is to change in one note."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """What it does, for the undo list: `tick “Distributions”`."""
    anchors: tuple[Anchor, ...] | WholeNoteAnchor
    """What the change is about; empty where it is the note as a whole, whatever stands in it."""
    change: Change
    makes_note: bool = False
    """Whether the note is made, empty, where it is missing."""
    takes_away: tuple[str, ...] = ()
    """What was made for the edit that this one takes back: the note, then its folders, the innermost first.

    It goes again where nobody has written into the note since, and the edit leaves it empty.
    """

    @property
    def seen(self) -> frozenset[bytes]:
        """Fingerprints of the states of the note that the edit was asked for in: one, or none."""
        if isinstance(self.anchors, WholeNoteAnchor):
            return frozenset((self.anchors.digest,))
        return frozenset(anchor.digest for anchor in self.anchors)

    @property
    def task(self) -> Task | None:
        """The task that the edit is about, as it was seen; None where it is about several, or none."""
        if isinstance(self.anchors, WholeNoteAnchor) or len(self.anchors) != 1:
            return None
        content = self.anchors[0].content
        return content if isinstance(content, Task) else None


class Transaction(NamedTuple):
    """One step that a person takes and can take back: all of its edits are made, or none."""

    title: str
    edits: tuple[Edit, ...]
    """Made one after the other; of several notes, so that a task is in two of them rather than in none."""

    @classmethod
    def of(cls, edit: Edit) -> Transaction:
        """The step that is one edit."""
        return cls(edit.title, (edit,))


@dataclass(frozen=True, slots=True, eq=False)
class EditResult:
    """What came of an edit."""

    data: bytes
    """The note's new bytes; the old ones where nothing was to do."""
    note: Note
    """The parse of `data`."""
    digest: bytes
    note_before: Note
    """The parse of the bytes that the edit was made in."""
    before: bytes
    """Their fingerprint."""
    line: int
    """Where the edit took place in `data`, from 0."""
    hunks: tuple[Hunk, ...]
    """What differs, in order of lines."""
    inverse: Edit | None
    """None where nothing was to do."""

    @property
    def count(self) -> int:
        """How many lines from `line` on are new or changed; 0 where lines were only taken away."""
        around = (hunk for hunk in self.hunks if hunk.new <= self.line < hunk.new_end)
        return next((hunk.new_end - self.line for hunk in around), 0)


def apply_edit(edit: Edit, data: bytes) -> EditResult:
    """Make `edit` in the bytes of its note. Every byte outside the lines of the edit stays.

    Raises:
        RefusedError: a task is gone, has copies, or is no longer as it was seen, or the change would make
            something else of other lines.
    """
    found = content_hash(data)
    text = data.decode("utf-8", "surrogateescape")
    now = _known(edit.anchors, found) or parse(text)
    lines = split_lines(text)
    place = EditTarget(now, lines, _find(edit.anchors, now, found))
    draft = NotePatch.of(lines, edit.change.replacements(place))
    if not draft.hunks:
        return EditResult(data, now, found, now, found, place.found[0].line if place.found else 0, (), None)
    draft, note = _proven(draft, now, [content.line for content in place.found])
    new = draft.text.encode("utf-8", "surrogateescape")
    after = content_hash(new)
    return EditResult(
        new, note, after, now, found, draft.focus, draft.hunks, _inverse(edit, note, after, draft)
    )


def _known(anchors: tuple[Anchor, ...] | WholeNoteAnchor, found: bytes) -> Note | None:
    """The parse of the bytes with the fingerprint `found`, where an anchor brings it along."""
    if isinstance(anchors, WholeNoteAnchor):
        return None
    return next((anchor.note for anchor in anchors if anchor.digest == found), None)


def _find(
    anchors: tuple[Anchor, ...] | WholeNoteAnchor, now: Note, now_digest: bytes
) -> tuple[Anchorable, ...]:
    if not isinstance(anchors, WholeNoteAnchor):
        return tuple(locate(anchor, now, now_digest) for anchor in anchors)
    if anchors.digest != now_digest:
        raise RefusedError("Not undone: this note has been changed since.")
    return ()


def _proven(draft: NotePatch, before: Note, anchors: Sequence[int]) -> tuple[NotePatch, Note]:
    """`draft`, its ordered lists counted anew, and its parse: nothing in it has become something else.

    `anchors`: the lines of what the edit is about, before it.
    """
    note = parse(draft.text)
    if not draft.is_structural:
        return draft, note
    crossing = conflict_complaint(draft, before, note, anchors)
    if crossing is not None:
        raise RefusedError(f"Not changed: {crossing}")
    # The sides of a merge conflict are two versions of one list: they don't count on from one to the other.
    counted = renumber(draft, before, note) if not before.conflicts else draft
    if counted is not draft:
        note_counted = parse(counted.text)
        if find_structure_change(counted, before, note_counted) is None:
            return counted, note_counted
    complaint = find_structure_change(draft, before, note)
    if complaint is not None:
        raise RefusedError(f"Not changed: {complaint}")
    return draft, note


def rebase(edit: Edit, made: EditResult) -> Edit:
    """`edit`, which may have been asked for before `made` was on disk, as if it had been asked for after it.

    What we changed ourselves needs no guessing: a task is where the edit before left it. An edit of another
    state of the note, or of a task that is no more, stays as it is.
    """
    if isinstance(edit.anchors, WholeNoteAnchor) or made.before == made.digest:
        return edit
    anchors = []
    for anchor in edit.anchors:
        content = _successor(anchor.content, anchor.note, made) if anchor.digest == made.before else None
        if content is None:
            return edit
        anchors.append(Anchor(made.note, made.digest, content))
    return replace(edit, anchors=tuple(anchors))


def _successor(content: Anchorable, seen: Note, made: EditResult) -> Anchorable | None:
    """What `content` of the note `seen` has become."""
    line = map_line(made.hunks, content.line)
    if line is None:
        return None
    if isinstance(content, Section):
        return next((section for section in made.note.sections if section.line == line), None)
    before, after = on_line(seen, content.line), on_line(made.note, line)
    at = before.index(content)
    return after[at] if at < len(after) and type(after[at]) is type(content) else None


def _inverse(edit: Edit, note: Note, note_digest: bytes, draft: NotePatch) -> Edit:
    """What takes `edit` back: each part of what differs, anchored at the content nearest to it."""
    parts = [_way_back(part, draft) for part in merge_hunks(draft.hunks)]
    contents: list[Anchorable] = [*note.tasks] or [*note.items] or [*note.sections[1:]]
    if not contents:
        return Edit(edit.path, edit.title, WholeNoteAnchor(note_digest), RestoreLines(tuple(parts)))
    lines = [content.line for content in contents]
    anchors, anchored = [], []
    for part in parts:
        nearest = _nearest(lines, part.offset)
        anchors.append(Anchor(note, note_digest, contents[nearest]))
        anchored.append(part._replace(offset=part.offset - lines[nearest]))
    return Edit(edit.path, edit.title, tuple(anchors), RestoreLines(tuple(anchored)))


def _way_back(hunk: Hunk, draft: NotePatch) -> SavedLines:
    """The lines of `hunk` as they were. `offset` counts from the top of the note."""
    above = below = 0
    if hunk.new == hunk.new_end:
        # Where lines were only taken away, what stands around the gap must be the same to put them back.
        above, below = min(hunk.new, 1), min(len(draft.lines) - hunk.new_end, 1)
    return SavedLines(
        hunk.new - above,
        draft.lines[hunk.new - above : hunk.new_end + below],
        draft.before[hunk.old - above : hunk.old_end + below],
    )


def _nearest(lines: Sequence[int], line: int) -> int:
    """Which of `lines`, in order, is nearest to `line`."""
    at = bisect_left(lines, line)
    around = (n for n in (at - 1, at) if 0 <= n < len(lines))
    return min(around, key=lambda n: abs(lines[n] - line))
