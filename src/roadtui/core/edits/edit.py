"""An edit of one note: an intent, anchored at tasks, headings or the whole note as the user saw them.

It is applied to the bytes on disk at the moment of writing, never to the model's copy. Applying an edit gives
its inverse, which is an edit like any other: undo uses the same code as a tick and is refused for the same
reasons. A `Change` says which lines to replace; this module locates the anchors, applies the change, verifies
that the structure of all other lines is unchanged, and builds the inverse. Pure.
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
from roadtui.core.edits.verify import find_conflict_crossing, find_structure_change, on_line, renumber
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse, split_byte_order_mark, split_lines
from roadtui.core.note import ListItem, Note, Section, Task


@dataclass(frozen=True, slots=True, eq=False)
class EditTarget:
    """The note as it is now, with the anchors of an edit located in it."""

    note: Note
    lines: Sequence[str]
    """All lines of the note, with their line ends, without a byte order mark."""
    found: tuple[Anchorable, ...]
    """What the anchors of the edit point at now, in their order; empty for a `WholeNoteAnchor`."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The located tasks.

        Raises:
            RefusedError: an anchor points at something other than a task, or there is no anchor.
        """
        tasks = tuple(content for content in self.found if isinstance(content, Task))
        if not tasks or len(tasks) < len(self.found):
            raise RefusedError("Not changed: there is no task here.")
        return tasks

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The located list items.

        Raises:
            RefusedError: an anchor points at something other than a list item, or there is no anchor.
        """
        items = tuple(content for content in self.found if isinstance(content, ListItem))
        if not items or len(items) < len(self.found):
            raise RefusedError("Not changed: there is no task here.")
        return items


class Change(Protocol):
    """What an edit does to the lines of its target."""

    __slots__ = ()

    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        """The lines to replace; replacements must not overlap.

        Raises:
            RefusedError: the lines are not what the user saw, or the change is not possible there.
        """


class SavedLines(NamedTuple):
    """Lines as an edit left them and as they were before it; all with their line ends."""

    offset: int
    """Of the first of `seen`: from the line of the anchor's content; from the top for a `WholeNoteAnchor`."""
    seen: tuple[str, ...]
    """The lines after the edit."""
    original: tuple[str, ...]
    """The lines before the edit, which replace `seen`."""


@dataclass(frozen=True, slots=True)
class RestoreLines(Change):
    """Restore lines as they were before an edit: the inverse of every other change.

    Lines that a formatter has rewritten since, without changing their text, keep their new form.
    """

    parts: tuple[SavedLines, ...]
    """One for each anchor of the edit, in order of lines; empty where only a note is created or deleted."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        starts = (content.line for content in target.found) if target.found else (0,) * len(self.parts)
        replacements = []
        for start, (offset, seen, original) in zip(starts, self.parts, strict=True):
            line = start + offset
            now = tuple(target.lines[line : line + len(seen)]) if line >= 0 else ()
            lines = original if now == seen else restored(now, seen, original)
            if lines is None:
                raise RefusedError("Not undone: these lines have been changed since.")
            replacements.append(Replacement.verbatim(line, now, lines))
        return replacements


@dataclass(frozen=True, slots=True)
class WholeNoteAnchor:
    """Anchor for a note without tasks or headings: matches only if its bytes are unchanged."""

    digest: bytes
    """Content hash of the note."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A change to one note, and the anchors by which its target is found again."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """What it does, for the undo list: `tick “Distributions”`."""
    anchors: tuple[Anchor, ...] | WholeNoteAnchor
    """The tasks, items or headings that the change applies to; empty for the whole note, in any state."""
    change: Change
    creates_note: bool = False
    """Whether the note is created, empty, where it is missing."""
    deletes: tuple[str, ...] = ()
    """The note created for the edit that this one undoes, then the folders created for it, innermost first.

    They are deleted again if the note is unchanged since and this edit leaves it empty.
    """

    @property
    def seen(self) -> frozenset[bytes]:
        """Content hashes of the states of the note that the anchors were taken from."""
        if isinstance(self.anchors, WholeNoteAnchor):
            return frozenset((self.anchors.digest,))
        return frozenset(anchor.digest for anchor in self.anchors)

    @property
    def task(self) -> Task | None:
        """The task that the edit is anchored at, as the user saw it; None unless it is the only anchor."""
        if isinstance(self.anchors, WholeNoteAnchor) or len(self.anchors) != 1:
            return None
        content = self.anchors[0].content
        return content if isinstance(content, Task) else None


class Transaction(NamedTuple):
    """The edits of one user action, which are made, undone and redone together: all of them, or none."""

    title: str
    """What the transaction does, for the undo list."""
    edits: tuple[Edit, ...]
    """In the order of writing. A move between notes inserts first, so that a crash cannot lose a task."""

    @classmethod
    def of(cls, edit: Edit) -> Transaction:
        """The transaction of one edit."""
        return cls(edit.title, (edit,))


@dataclass(frozen=True, slots=True, eq=False)
class EditResult:
    """The result of applying an edit to the bytes of a note."""

    data: bytes
    """The new bytes of the note; the old ones where the edit changes nothing."""
    note: Note
    """The parse of `data`."""
    digest: bytes
    """Content hash of `data`."""
    note_before: Note
    """The parse of the bytes that the edit was applied to."""
    before: bytes
    """Content hash of the bytes that the edit was applied to."""
    line: int
    """The line of `data` to show the user, from 0."""
    hunks: tuple[Hunk, ...]
    """The ranges of lines that differ, in order."""
    inverse: Edit | None
    """The edit that undoes this one; None where nothing changed."""

    @property
    def count(self) -> int:
        """How many lines from `line` on are new or changed; 0 where lines were only removed."""
        around = (hunk for hunk in self.hunks if hunk.new <= self.line < hunk.new_end)
        return next((hunk.new_end - self.line for hunk in around), 0)


def apply_edit(edit: Edit, data: bytes) -> EditResult:
    """Apply `edit` to the bytes of its note. Every byte outside the lines of the edit stays.

    Raises:
        RefusedError: a task is gone, cannot be told from its copies, or is no longer as the user saw it; or
            the change would alter the structure of other lines.
    """
    found = content_hash(data)
    text = data.decode("utf-8", "surrogateescape")
    now = _parsed_before(edit.anchors, found) or parse(text)
    mark, body = split_byte_order_mark(text)
    lines = split_lines(body)
    target = EditTarget(now, lines, _find(edit.anchors, now, found))
    patch = NotePatch.of(lines, edit.change.replacements(target), mark)
    if not patch.hunks:
        return EditResult(data, now, found, now, found, target.found[0].line if target.found else 0, (), None)
    patch, note = _verified(patch, now, [content.line for content in target.found])
    new = patch.text.encode("utf-8", "surrogateescape")
    after = content_hash(new)
    return EditResult(
        new, note, after, now, found, patch.focus, patch.hunks, _inverse(edit, note, after, patch)
    )


def _parsed_before(anchors: tuple[Anchor, ...] | WholeNoteAnchor, found: bytes) -> Note | None:
    """The parse of the bytes with the content hash `found`, if an anchor was taken from the same bytes."""
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


def _verified(patch: NotePatch, before: Note, anchors: Sequence[int]) -> tuple[NotePatch, Note]:
    """`patch` with its ordered lists renumbered, and its parse, after verifying the structure of other lines.

    `anchors` are the lines that the edit is anchored at, before it. Raises RefusedError.
    """
    note = parse(patch.text)
    if not patch.is_structural:
        return patch, note
    crossing = find_conflict_crossing(patch, before, note, anchors)
    if crossing is not None:
        raise RefusedError(f"Not changed: {crossing}")
    # The sides of a merge conflict are two versions of one list: numbering does not continue across them.
    counted = renumber(patch, before, note) if not before.conflicts else patch
    if counted is not patch:
        note_counted = parse(counted.text)
        if find_structure_change(counted, before, note_counted) is None:
            return counted, note_counted
    problem = find_structure_change(patch, before, note)
    if problem is not None:
        raise RefusedError(f"Not changed: {problem}")
    return patch, note


def rebase(edit: Edit, made: EditResult) -> Edit:
    """`edit` re-anchored in the state of the note that `made`, an edit of our own, left.

    The lines of our own edits are known exactly, so that the task need not be searched for by its text. An
    edit anchored in another state of the note, or at a task that `made` removed, is returned unchanged.
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
    """The item or heading after `made` that was `content` of the note `seen`; None where it was removed."""
    line = map_line(made.hunks, content.line)
    if line is None:
        return None
    if isinstance(content, Section):
        return next((section for section in made.note.sections if section.line == line), None)
    before, after = on_line(seen, content.line), on_line(made.note, line)
    at = before.index(content)
    return after[at] if at < len(after) else None


def _inverse(edit: Edit, note: Note, note_digest: bytes, patch: NotePatch) -> Edit:
    """The edit that undoes `edit`: each range of lines that differs, anchored at the task nearest to it."""
    parts = [_saved_lines(part, patch) for part in merge_hunks(patch.hunks)]
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


def _saved_lines(hunk: Hunk, patch: NotePatch) -> SavedLines:
    """The lines of `hunk` before and after. `offset` counts from the top of the note."""
    above = below = 0
    if hunk.new == hunk.new_end:
        # Where lines were only removed, the lines around the gap have to be unchanged for an undo.
        above, below = min(hunk.new, 1), min(len(patch.lines) - hunk.new_end, 1)
    return SavedLines(
        hunk.new - above,
        patch.lines[hunk.new - above : hunk.new_end + below],
        patch.before[hunk.old - above : hunk.old_end + below],
    )


def _nearest(lines: Sequence[int], line: int) -> int:
    """Which of `lines`, in order, is nearest to `line`."""
    at = bisect_left(lines, line)
    around = (n for n in (at - 1, at) if 0 <= n < len(lines))
    return min(around, key=lambda n: abs(lines[n] - line))
