"""A patch of a note: its lines with the replacements made, and the origin of each line.

Lines that no replacement covers stay, to the byte. New lines get the line end of their surroundings, and a
note that ended without a final line break still does. As the origin of each line is known,
`core.edits.verify` can check afterwards that the structure of all other lines is unchanged. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.markdown import split_byte_order_mark, split_lines
from roadtui.core.note import ListItem, Task


class ExpectedNesting(NamedTuple):
    """The expected nesting of a replacement's lines in the note's structure; compared by identity."""

    parent: ListItem | None
    """The item before the edit that the outermost items of the lines are nested in; None for no item."""
    shape: tuple[int, ...] = ()
    """For each new item, the position of the new item that it is nested in; -1 where that is `parent`."""
    headings: int = 0
    """How many headings the lines add."""


class PatchLine(NamedTuple):
    """One new or changed line, without its line end."""

    text: str
    origin: int | None = None
    """Number of the line before the edit, from 0; None for a new line."""


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """`count` lines from `line` (from 0) become `lines`."""

    line: int
    count: int
    lines: tuple[PatchLine, ...] = ()
    nesting: ExpectedNesting | None = None
    """None where no line changes its place in the structure: the structure is not checked then."""
    focus: int | None = None
    """Index in `lines` of the line to show the user afterwards; None for no preference."""
    has_ends: bool = False
    """Whether the texts of `lines` include their line ends, so that none are added."""

    @classmethod
    def verbatim(cls, line: int, seen: Sequence[str], texts: Sequence[str]) -> Replacement:
        """Put exactly `texts` in the place of the lines `seen`; both come with their line ends."""
        origins = (line + at if at is not None else None for at in matching_lines(seen, texts))
        lines = tuple(map(PatchLine, texts, origins))
        return cls(line, len(seen), lines, has_ends=True)

    @classmethod
    def of_task(cls, task: Task, text: str) -> Replacement:
        """Replace the line of `task` by `text`, which has the checkbox at the same index.

        The structure is checked where the text behind the checkbox begins differently (`📅 2026-01-01 - a`
        without the date is a list inside the item), or where it becomes empty or stops being empty (lines
        below may continue it as a paragraph).
        """
        new_text = text[task.symbol_index + 2 :].strip(" \t")
        is_same = new_text.startswith(task.text) and bool(new_text) == bool(task.text)
        return cls(
            task.line, 1, (PatchLine(text, task.line),), None if is_same else ExpectedNesting(task.parent)
        )


class Hunk(NamedTuple):
    """A range of lines before an edit and the range that replaced it; numbers from 0, ends exclusive."""

    old: int
    old_end: int
    new: int
    new_end: int
    origins: tuple[int | None, ...]
    """For each line after the edit, its number before; None for a new line."""


@dataclass(frozen=True, eq=False)
class NotePatch:
    """All lines of a note before and after an edit, with their line ends."""

    before: tuple[str, ...]
    lines: tuple[str, ...]
    origins: tuple[int | None, ...]
    nestings: tuple[ExpectedNesting | None, ...]
    """For each line the expected nesting of its replacement; None for a line that no replacement covers."""
    is_structural: bool = False
    """Whether the edit may have changed the structure, so that it has to be verified."""
    requested_focus: int | None = None
    byte_order_mark: str = ""
    """What the file begins with, before and after the edit, whichever line is the first; mostly empty."""

    @classmethod
    def of(
        cls, before: Sequence[str], replacements: Iterable[Replacement], byte_order_mark: str = ""
    ) -> NotePatch:
        """Make `replacements` in the lines `before`.

        Raises:
            RefusedError: two replacements cover the same line, or the first line would begin with a byte
                order mark that the file did not have.
        """
        builder = _PatchBuilder(before)
        for replacement in sorted(replacements, key=lambda one: (one.line, one.count > 0)):
            builder.add(replacement)
        patch = replace(builder.finish(), byte_order_mark=byte_order_mark)
        if split_byte_order_mark(patch.text)[0] != byte_order_mark:
            raise RefusedError("Not changed: the note would begin with another line's invisible character.")
        return patch

    @property
    def text(self) -> str:
        """The whole note."""
        return self.byte_order_mark + "".join(self.lines)

    @property
    def focus(self) -> int:
        """The line to show the user, from 0."""
        return self.hunks[0].new if self.requested_focus is None else self.requested_focus

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """The ranges of lines that differ, in order."""
        found: list[Hunk] = []
        old = new = 0
        for at, origin in enumerate(self.origins):
            if origin is not None and origin >= old and self.before[origin] == self.lines[at]:
                if origin > old or at > new:
                    found.append(Hunk(old, origin, new, at, self.origins[new:at]))
                old, new = origin + 1, at + 1
        if len(self.before) > old or len(self.lines) > new:
            found.append(Hunk(old, len(self.before), new, len(self.lines), self.origins[new:]))
        return tuple(found)

    def with_lines(self, changed: Iterable[tuple[int, str]]) -> NotePatch:
        """The same patch with other text in some of its lines; the texts include the line ends."""
        lines = list(self.lines)
        for at, text in changed:
            lines[at] = text
        return replace(self, lines=tuple(lines))


def matching_lines(seen: Sequence[str], lines: Sequence[str]) -> list[int | None]:
    """For each line of `lines`, the index of the line of `seen` that it continues; None for a new line.

    In this order: the same text at the same index, the same text elsewhere, the same text with other
    indentation or list marker. If as many lines remain unmatched on both sides, they are paired in order.
    """
    found: list[int | None] = [None] * len(lines)
    if len(seen) == len(lines):
        found = [at if old == new else None for at, (old, new) in enumerate(zip(seen, lines, strict=True))]
    for key in (str, _text_without_marker):
        taken = set(found)
        unmatched: dict[str, list[int]] = {}
        for at in reversed(range(len(seen))):
            if at not in taken:
                unmatched.setdefault(key(seen[at]), []).append(at)
        for number, text in enumerate(lines):
            if found[number] is None and unmatched.get(key(text)):
                found[number] = unmatched[key(text)].pop()
    left = sorted(set(range(len(seen))).difference(found))
    missing = [number for number, at in enumerate(found) if at is None]
    if len(left) == len(missing):
        for number, at in zip(missing, left, strict=True):
            found[number] = at
    return found


def _text_without_marker(line: str) -> str:
    """`line` without quote marks, indentation and list marker, which change when an item is moved."""
    return line.lstrip(" \t>").lstrip("0123456789.)-*+ ")


class _PatchBuilder:
    """Builds a `NotePatch` from top to bottom."""

    def __init__(self, before: Sequence[str]) -> None:
        self._before = tuple(before)
        self._texts: list[str] = []
        self._ends: list[str] = []
        self._origins: list[int | None] = []
        self._nestings: list[ExpectedNesting | None] = []
        self._at = 0
        self._focus: int | None = None
        self._has_ends = False
        self._is_structural = False

    def add(self, replacement: Replacement) -> None:
        if replacement.line < self._at:
            raise RefusedError("Not changed: these can't be changed together. Change them one by one.")
        self._copy_up_to(replacement.line)
        if replacement.focus is not None:
            self._focus = len(self._texts) + replacement.focus
        for text, origin in replacement.lines:
            end = "" if replacement.has_ends else self._end_like(replacement, origin)
            self._append(text, end, origin, replacement.nesting)
        self._has_ends |= replacement.has_ends
        self._is_structural |= replacement.nesting is not None
        self._at = replacement.line + replacement.count

    def finish(self) -> NotePatch:
        self._copy_up_to(len(self._before))
        lines = [text + end for text, end in zip(self._texts, self._ends, strict=True)]
        if not self._has_ends:
            lines = self._with_ends()
            if split_lines("".join(lines)) != lines:
                raise RefusedError("Not changed: the line ends of this note are too mixed for that.")
        return NotePatch(
            self._before,
            tuple(lines),
            tuple(self._origins),
            tuple(self._nestings),
            self._is_structural,
            self._focus,
        )

    def _copy_up_to(self, line: int) -> None:
        for at in range(self._at, line):
            text, end = split_line_end(self._before[at])
            self._append(text, end, at, None)
        self._at = line

    def _append(self, text: str, end: str, origin: int | None, nesting: ExpectedNesting | None) -> None:
        self._texts.append(text)
        self._ends.append(end)
        self._origins.append(origin)
        self._nestings.append(nesting)

    def _end_like(self, replacement: Replacement, origin: int | None) -> str:
        """The end of a line: its own, else that of the line that the replacement begins at or follows."""
        if origin is None:
            origin = replacement.line if replacement.count else replacement.line - 1
        return split_line_end(self._before[origin])[1] if 0 <= origin < len(self._before) else ""

    def _with_ends(self) -> list[str]:
        """The lines with their ends. The last line gets no line end if the note had no final line break."""
        usual = next((end for end in (split_line_end(line)[1] for line in self._before) if end), "\n")
        is_open = bool(self._before) and not split_line_end(self._before[-1])[1]
        ends = [end or usual for end in self._ends[:-1]] + self._ends[-1:]
        if ends and not ends[-1] and not is_open:
            ends[-1] = usual
        if ends and is_open and (self._origins[-1] is None or self._nestings[-1] is not None):
            ends[-1] = ""
        return [text + end for text, end in zip(self._texts, ends, strict=True)]


def split_line_end(line: str) -> tuple[str, str]:
    """The text of a line and its line end."""
    text = line.rstrip("\r\n")
    return text, line[len(text) :]


def map_line(hunks: Sequence[Hunk], line: int) -> int | None:
    """The number that `line` has after an edit; None where the edit removed the line."""
    shift = 0
    for hunk in hunks:
        if line in hunk.origins:
            return hunk.new + hunk.origins.index(line)
    for hunk in hunks:
        if hunk.old <= line < hunk.old_end:
            return None
        if line >= hunk.old_end:
            shift = hunk.new_end - hunk.old_end
    return line + shift


def merge_hunks(hunks: Sequence[Hunk], gap: int = 2) -> list[Hunk]:
    """`hunks` with those merged that are at most `gap` lines apart."""
    found: list[Hunk] = []
    for hunk in hunks:
        if found and hunk.new - found[-1].new_end <= gap:
            last = found.pop()
            between = range(last.old_end, hunk.old)
            hunk = Hunk(
                last.old, hunk.old_end, last.new, hunk.new_end, (*last.origins, *between, *hunk.origins)
            )
        found.append(hunk)
    return found
