"""A note in the making: its lines with what was asked for in them, and where each line comes from.

Every line that is not asked about stays, to the byte. What is new gets the line end of its surroundings, and
a note that ended without a final line break still does. Because each line's origin is known, it can be proven
afterwards that everything else is still what it was (`core.structure`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.markdown import split_lines
from roadtui.core.note import ListItem, Task


class ExpectedNesting(NamedTuple):
    """What the lines of a replacement are to be in the note's structure. Told apart by identity."""

    parent: ListItem | None
    """The item, as it was before, that the outermost of the lines' items are nested in; None: in no item."""
    shape: tuple[int, ...] = ()
    """For each item that is new: which of the new items before it it is nested in, -1 for `parent`."""
    headings: int = 0
    """How many headings are new."""


class PatchLine(NamedTuple):
    """One line that is wanted, without its end."""

    text: str
    origin: int | None = None
    """The line that it was, from 0; None where it is new."""


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """`count` lines from `line` (from 0) become `wanted`."""

    line: int
    count: int
    wanted: tuple[PatchLine, ...] = ()
    nest: ExpectedNesting | None = None
    """None where no line changes what it is: the structure is not checked then."""
    focus: int | None = None
    """Which of `wanted` the user wants to see; None for no wish."""
    has_ends: bool = False
    """Whether the text of `wanted` has its line ends with it, and nothing is to be done about them."""

    @classmethod
    def verbatim(cls, line: int, seen: Sequence[str], wanted: Sequence[str]) -> Replacement:
        """Put exactly `wanted` in the place of `seen`, both lines with their ends."""
        origins = (line + at if at is not None else None for at in matching_lines(seen, wanted))
        lines = tuple(map(PatchLine, wanted, origins))
        return cls(line, len(seen), lines, has_ends=True)

    @classmethod
    def of_task(cls, task: Task, text: str) -> Replacement:
        """Put the line `text` in the place of that of `task`, whose box stays where it is.

        What its words begin with says what the line is (`📅 2026-01-01 - a` without the day is a list in the
        item), and where there are none at all no line below goes on with them: then the structure is checked.
        """
        behind_box = text[task.symbol_index + 2 :].strip(" \t")
        is_same = behind_box.startswith(task.text) and bool(behind_box) == bool(task.text)
        return cls(
            task.line, 1, (PatchLine(text, task.line),), None if is_same else ExpectedNesting(task.parent)
        )


class Hunk(NamedTuple):
    """Lines of a note before and after, from 0; each end is the line behind the last."""

    old: int
    old_end: int
    new: int
    new_end: int
    origins: tuple[int | None, ...]
    """For each line after, which line it was before; None for a new one."""


@dataclass(frozen=True, eq=False)
class NotePatch:
    """The lines before and after, all with their ends."""

    before: tuple[str, ...]
    lines: tuple[str, ...]
    origins: tuple[int | None, ...]
    nests: tuple[ExpectedNesting | None, ...]
    """For each line what its replacement says of it; None for a line that nothing was asked of."""
    is_structural: bool = False
    """Whether any line may have become something else."""
    wished_focus: int | None = None

    @classmethod
    def of(cls, before: Sequence[str], replacements: Iterable[Replacement]) -> NotePatch:
        """Make `replacements` in the lines `before`.

        Raises:
            RefusedError: two replacements want the same line.
        """
        maker = _PatchBuilder(before)
        for replacement in sorted(replacements, key=lambda one: (one.line, one.count > 0)):
            maker.add(replacement)
        return maker.finish()

    @property
    def text(self) -> str:
        """The whole note."""
        return "".join(self.lines)

    @property
    def focus(self) -> int:
        """The line to look at."""
        return self.hunks[0].new if self.wished_focus is None else self.wished_focus

    @cached_property
    def hunks(self) -> tuple[Hunk, ...]:
        """What differs from before, in order of lines."""
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
        """The same with other text, line ends included, in some of its lines."""
        lines = list(self.lines)
        for at, text in changed:
            lines[at] = text
        return replace(self, lines=tuple(lines))


def matching_lines(seen: Sequence[str], wanted: Sequence[str]) -> list[int | None]:
    """Which of the lines `seen` each line of `wanted` is; None for one that is new.

    The same text in the same place, else elsewhere, else the same words set off or marked in another way; of
    those that are left, if they are as many, each the one in its place.
    """
    found: list[int | None] = [None] * len(wanted)
    if len(seen) == len(wanted):
        found = [at if old == new else None for at, (old, new) in enumerate(zip(seen, wanted, strict=True))]
    for key in (str, _words):
        taken = set(found)
        places: dict[str, list[int]] = {}
        for at in reversed(range(len(seen))):
            if at not in taken:
                places.setdefault(key(seen[at]), []).append(at)
        for number, text in enumerate(wanted):
            if found[number] is None and places.get(key(text)):
                found[number] = places[key(text)].pop()
    left = sorted(set(range(len(seen))).difference(found))
    missing = [number for number, at in enumerate(found) if at is None]
    if len(left) == len(missing):
        for number, at in zip(missing, left, strict=True):
            found[number] = at
    return found


def _words(line: str) -> str:
    """A line without what an item that is moved elsewhere may begin with there."""
    return line.lstrip(" \t>").lstrip("0123456789.)-*+ ")


class _PatchBuilder:
    """Puts a draft together, from the top."""

    def __init__(self, before: Sequence[str]) -> None:
        self._before = tuple(before)
        self._texts: list[str] = []
        self._ends: list[str] = []
        self._origins: list[int | None] = []
        self._nests: list[ExpectedNesting | None] = []
        self._at = 0
        self._focus: int | None = None
        self._has_ends = False
        self._is_structural = False

    def add(self, replacement: Replacement) -> None:
        if replacement.line < self._at:
            raise RefusedError("Not changed: these can't be changed together. Take them one by one.")
        self._keep_to(replacement.line)
        if replacement.focus is not None:
            self._focus = len(self._texts) + replacement.focus
        for text, origin in replacement.wanted:
            end = "" if replacement.has_ends else self._end_like(replacement, origin)
            self._put(text, end, origin, replacement.nest)
        self._has_ends |= replacement.has_ends
        self._is_structural |= replacement.nest is not None
        self._at = replacement.line + replacement.count

    def finish(self) -> NotePatch:
        self._keep_to(len(self._before))
        lines = [text + end for text, end in zip(self._texts, self._ends, strict=True)]
        if not self._has_ends:
            lines = self._with_ends()
            if split_lines("".join(lines)) != lines:
                raise RefusedError("Not changed: the line ends of this note are too mixed for that.")
        return NotePatch(
            self._before,
            tuple(lines),
            tuple(self._origins),
            tuple(self._nests),
            self._is_structural,
            self._focus,
        )

    def _keep_to(self, line: int) -> None:
        for at in range(self._at, line):
            text, end = split_line_end(self._before[at])
            self._put(text, end, at, None)
        self._at = line

    def _put(self, text: str, end: str, origin: int | None, nest: ExpectedNesting | None) -> None:
        self._texts.append(text)
        self._ends.append(end)
        self._origins.append(origin)
        self._nests.append(nest)

    def _end_like(self, replacement: Replacement, origin: int | None) -> str:
        """The end of a line: its own, else that of the line that the replacement begins with or follows."""
        if origin is None:
            origin = replacement.line if replacement.count else replacement.line - 1
        return split_line_end(self._before[origin])[1] if 0 <= origin < len(self._before) else ""

    def _with_ends(self) -> list[str]:
        """The lines, each with an end; a last line that was not the last gets none if the note had none."""
        usual = next((end for end in (split_line_end(line)[1] for line in self._before) if end), "\n")
        is_open = bool(self._before) and not split_line_end(self._before[-1])[1]
        ends = [end or usual for end in self._ends[:-1]] + self._ends[-1:]
        if ends and not ends[-1] and not is_open:
            ends[-1] = usual
        if ends and is_open and (self._origins[-1] is None or self._nests[-1] is not None):
            ends[-1] = ""
        return [text + end for text, end in zip(self._texts, ends, strict=True)]


def split_line_end(line: str) -> tuple[str, str]:
    """A line's text and its end."""
    text = line.rstrip("\r\n")
    return text, line[len(text) :]


def map_line(hunks: Sequence[Hunk], line: int) -> int | None:
    """Where a line from before is now; None where it is no more."""
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
    """`hunks`, those that are no more than `gap` lines apart made one."""
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
