"""Changes that move or delete items, with everything nested in them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from roadtui.core.edits import insertion_point
from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.insert import inner_point, put
from roadtui.core.edits.insertion_point import InsertionPoint
from roadtui.core.edits.list_layout import ListMarker, item_end, moved, section_end, shifted
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section


@dataclass(frozen=True, slots=True)
class Delete(Change):
    """Delete items and sections, with everything in them."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        found = list(target.found)
        items = [item for item in _outermost([one for one in found if isinstance(one, ListItem)])]
        gone = [
            range(section.line, section_end(target.note, section))
            for section in found
            if isinstance(section, Section) and section.level
        ]
        gone += [range(item.line, item_end(target.lines, item)) for item in items]
        gone.sort(key=lambda lines: (lines.start, -lines.stop))
        replacements: list[Replacement] = []
        end = 0
        for lines in gone:
            if lines.start >= end:
                replacements.append(Replacement(lines.start, len(lines), nesting=ExpectedNesting(None)))
                end = lines.stop
        return replacements


@dataclass(frozen=True, slots=True)
class MoveSibling(Change):
    """Move items past their next or previous siblings; at a section's end or start, into the next one."""

    step: int
    """1 for down, -1 for up."""
    past: int = 1
    """How many siblings they are moved past, as far as there are so many."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        group = _sibling_group(target)
        siblings = insertion_point.siblings(target.note, group[0])
        if self.step > 0:
            others = siblings[siblings.index(group[-1]) + 1 :][: self.past]
        else:
            others = siblings[: siblings.index(group[0])][-self.past :]
        if others:
            return [self._swap(target, group, others)]
        if group[0].parent is not None:
            end = "last" if self.step > 0 else "first"
            raise RefusedError(f"It is the {end} one here. Outdent it to move it further.")
        return self._to_section(target, group)

    def _swap(self, target: EditTarget, group: Sequence[ListItem], others: Sequence[ListItem]) -> Replacement:
        first, second = _lines_of(target, group), _lines_of(target, others)
        if self.step < 0:
            first, second = second, first
        between = range(first.stop, second.start)
        lines = (
            _unchanged_lines(target, second)
            + _unchanged_lines(target, between)
            + _unchanged_lines(target, first)
        )
        focus = len(second) + len(between) if self.step > 0 else 0
        return Replacement(
            first.start,
            second.stop - first.start,
            tuple(lines),
            ExpectedNesting(group[0].parent),
            focus=focus,
        )

    def _to_section(self, target: EditTarget, group: Sequence[ListItem]) -> Sequence[Replacement]:
        index = group[0].section.index + self.step
        sections = target.note.sections
        if not 0 <= index < len(sections) or (
            index == 0 and not insertion_point.roots(target.note, sections[0])
        ):
            raise RefusedError(f"It is the {'last' if self.step > 0 else 'first'} one in this note.")
        destination = sections[index]
        find = insertion_point.first_in if self.step > 0 else insertion_point.last_in
        point = find(target, destination)
        return move_to_point(target, group, point)


@dataclass(frozen=True, slots=True)
class Indent(Change):
    """Nest items in the sibling before them."""

    unit: str
    """The indentation of one level, used where the note has no nested items."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        group = _sibling_group(target)
        siblings = insertion_point.siblings(target.note, group[0])
        at = siblings.index(group[0])
        if not at:
            raise RefusedError("It can't be indented: there is no task before it to nest it in.")
        point = insertion_point.inside(target, siblings[at - 1], self.unit)
        return move_to_point(target, group, point)


@dataclass(frozen=True, slots=True)
class Outdent(Change):
    """Move items out of their parent, to the line after it."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        group = _sibling_group(target)
        parent = group[0].parent
        if parent is None:
            raise RefusedError("It can't be outdented: it is in no other task.")
        return move_to_point(target, group, insertion_point.after(target, parent))


@dataclass(frozen=True, slots=True)
class MoveWithinNote(Change):
    """Move items into the item or section of the same note that the last anchor points at."""

    unit: str
    """The indentation of one level, used where the note has no nested items."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        *items, destination = target.found
        group = _outermost([item for item in items if isinstance(item, ListItem)])
        if destination in group or (
            isinstance(destination, ListItem) and not set(group).isdisjoint(destination.ancestors)
        ):
            raise RefusedError("Not moved: a task can't be moved into itself.")
        if isinstance(destination, Section):
            point = insertion_point.last_in(target, destination)
        else:
            point = insertion_point.inside(target, destination, self.unit)
        return move_to_point(target, group, point)


@dataclass(frozen=True, slots=True)
class InsertFromNote(Change):
    """Insert lines moved from another note at the end of a section or item, or of the note."""

    text: str
    """The moved lines, as `text_of` gives them."""
    unit: str
    """The indentation of one level, used where the note has no nested items."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        return [put(inner_point(target, self.unit), self.text)]


def text_of(note_lines: Sequence[str], items: Sequence[ListItem]) -> str:
    """The lines of `items` and everything nested in them, as Markdown without the outermost indentation."""
    texts: list[str] = []
    for item in _outermost(items):
        lines = [split_line_end(line)[0] for line in note_lines[item.line : item_end(note_lines, item)]]
        texts += moved(lines, ListMarker.of(item), "")
    return "".join(f"{text}\n" for text in texts)


def _outermost(items: Sequence[ListItem]) -> list[ListItem]:
    """`items` in order of lines, without those that are nested in other items of the selection."""
    chosen = set(items)
    return sorted((item for item in chosen if chosen.isdisjoint(item.ancestors)), key=lambda item: item.index)


def _sibling_group(target: EditTarget) -> list[ListItem]:
    """The located items, which have to be consecutive siblings; raises RefusedError otherwise."""
    group = _outermost(target.items)
    siblings = insertion_point.siblings(target.note, group[0])
    start = next((at for at, item in enumerate(siblings) if item is group[0]), None)
    if start is None:
        raise RefusedError("Not moved: two items share this line. Put this one on a line of its own first.")
    if siblings[start : start + len(group)] != group:
        raise RefusedError("Not moved: only adjacent tasks can be moved together.")
    return group


def _lines_of(target: EditTarget, group: Sequence[ListItem]) -> range:
    return range(group[0].line, item_end(target.lines, group[-1]))


def _unchanged_lines(target: EditTarget, lines: range) -> list[PatchLine]:
    return [PatchLine(split_line_end(target.lines[at])[0], at) for at in lines]


def move_to_point(
    target: EditTarget, group: Sequence[ListItem], point: InsertionPoint
) -> Sequence[Replacement]:
    """Remove the lines of `group` and insert them at `point`, with its indentation and list marker."""
    moved_lines: list[PatchLine] = []
    gone: list[Replacement] = []
    lead = point.lead
    if not point.is_list:
        own = ListMarker.of(group[0])
        lead = lead._replace(marker=own.marker if own.number is None else f"1{own.marker[-1]}")
    for item in group:
        lines = range(item.line, item_end(target.lines, item))
        gone.append(Replacement(lines.start, len(lines), nesting=ExpectedNesting(None)))
        texts = _with_marker([split_line_end(target.lines[at])[0] for at in lines], ListMarker.of(item), lead)
        moved_lines += [PatchLine(text, at) for text, at in zip(texts, lines, strict=True)]
        if lead.number is not None:
            lead = lead.numbered(lead.number + 1)
    return [*gone, point.filled(moved_lines, ExpectedNesting(point.parent))]


def _with_marker(lines: Sequence[str], old: ListMarker, new: ListMarker) -> list[str]:
    """The lines of an item with the indentation and list marker of its new siblings."""
    head, *rest = moved(lines, old, new.prefix)
    marked = new._replace(gap=old.gap or " ")
    text = head[len(new.prefix) + len(old.marker) + len(old.gap) :]
    shift = len(marked.marker) - len(old.marker)
    return [
        f"{marked.prefix}{marked.marker}{marked.gap}{text}",
        *(shifted(rest, new, shift) if shift else rest),
    ]
