"""What is there already, taken elsewhere or away, with all that is nested in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from roadtui.core.edits import insertion_point
from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.insert import inner_slot, put
from roadtui.core.edits.insertion_point import InsertionPoint
from roadtui.core.edits.list_layout import ListMarker, item_end, moved, section_end, shifted
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section


@dataclass(frozen=True, slots=True)
class Delete(Change):
    """Take away items and sections, with all that is in them."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        found = list(place.found)
        items = [item for item in _outermost([one for one in found if isinstance(one, ListItem)])]
        gone = [
            range(section.line, section_end(place.note, section))
            for section in found
            if isinstance(section, Section) and section.level
        ]
        gone += [range(item.line, item_end(place.lines, item)) for item in items]
        gone.sort(key=lambda lines: (lines.start, -lines.stop))
        replacements: list[Replacement] = []
        end = 0
        for lines in gone:
            if lines.start >= end:
                replacements.append(Replacement(lines.start, len(lines), nest=ExpectedNesting(None)))
                end = lines.stop
        return replacements


@dataclass(frozen=True, slots=True)
class MoveSibling(Change):
    """Take items past their next sibling, or into the next section where there is none; or back."""

    step: int
    """1 for down, -1 for up."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        group = _neighbours(place)
        beside = insertion_point.siblings(place.note, group[0])
        at = beside.index(group[-1] if self.step > 0 else group[0]) + self.step
        if 0 <= at < len(beside):
            return [self._swap(place, group, beside[at])]
        if group[0].parent is not None:
            edge = "last" if self.step > 0 else "first"
            raise RefusedError(f"It is the {edge} one here. Outdent it to take it further.")
        return self._to_section(place, group)

    def _swap(self, place: EditTarget, group: Sequence[ListItem], other: ListItem) -> Replacement:
        first, second = _lines(place, group), _lines(place, [other])
        if self.step < 0:
            first, second = second, first
        between = range(first.stop, second.start)
        wanted = _kept(place, second) + _kept(place, between) + _kept(place, first)
        focus = len(second) + len(between) if self.step > 0 else 0
        return Replacement(
            first.start,
            second.stop - first.start,
            tuple(wanted),
            ExpectedNesting(group[0].parent),
            focus=focus,
        )

    def _to_section(self, place: EditTarget, group: Sequence[ListItem]) -> Sequence[Replacement]:
        index = group[0].section.index + self.step
        sections = place.note.sections
        if not 0 <= index < len(sections) or (
            index == 0 and not insertion_point.roots(place.note, sections[0])
        ):
            raise RefusedError(f"It is the {'last' if self.step > 0 else 'first'} one of this note.")
        target = sections[index]
        find = insertion_point.first_in if self.step > 0 else insertion_point.last_in
        slot = find(place, target)
        return _taken_to(place, group, slot)


@dataclass(frozen=True, slots=True)
class Indent(Change):
    """Nest items in the sibling before them."""

    unit: str
    """What items are set in by where the note has none that are."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        group = _neighbours(place)
        beside = insertion_point.siblings(place.note, group[0])
        at = beside.index(group[0])
        if not at:
            raise RefusedError("It can't be indented: there is no task before it to nest it in.")
        slot = insertion_point.inside(place, beside[at - 1], self.unit)
        return _taken_to(place, group, slot)


@dataclass(frozen=True, slots=True)
class Outdent(Change):
    """Take items out of their parent, to stand behind it."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        group = _neighbours(place)
        parent = group[0].parent
        if parent is None:
            raise RefusedError("It can't be outdented: it is in no other task.")
        return _taken_to(place, group, insertion_point.after(place, parent))


@dataclass(frozen=True, slots=True)
class MoveWithinNote(Change):
    """Take items into another place of the same note: the last anchor says which."""

    unit: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        *items, target = place.found
        group = _outermost([item for item in items if isinstance(item, ListItem)])
        if target in group or (isinstance(target, ListItem) and not set(group).isdisjoint(target.ancestors)):
            raise RefusedError("Not moved: a task can't be taken into itself.")
        if isinstance(target, Section):
            slot = insertion_point.last_in(place, target)
        else:
            slot = insertion_point.inside(place, target, self.unit)
        return _taken_to(place, group, slot)


@dataclass(frozen=True, slots=True)
class InsertFromNote(Change):
    """Put in lines that come from another note: the last thing in a section or item, else in the note."""

    text: str
    unit: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        return [put(inner_slot(place, self.unit), self.text)]


def text_of(place_lines: Sequence[str], items: Sequence[ListItem]) -> str:
    """The lines of `items`, with all that is nested in them, as Markdown that stands at the margin."""
    texts: list[str] = []
    for item in _outermost(items):
        lines = [split_line_end(line)[0] for line in place_lines[item.line : item_end(place_lines, item)]]
        texts += moved(lines, ListMarker.of(item), "")
    return "".join(f"{text}\n" for text in texts)


def _outermost(items: Sequence[ListItem]) -> list[ListItem]:
    """`items` in order of lines, without those that are nested in others of them."""
    chosen = set(items)
    return sorted((item for item in chosen if chosen.isdisjoint(item.ancestors)), key=lambda item: item.index)


def _neighbours(place: EditTarget) -> list[ListItem]:
    """The items of an edit, which are siblings one after the other; raises RefusedError where not."""
    group = _outermost(place.items)
    beside = insertion_point.siblings(place.note, group[0])
    start = next((at for at, item in enumerate(beside) if item is group[0]), None)
    if start is None:
        raise RefusedError("Not moved: two items share this line. Put this one on a line of its own first.")
    if beside[start : start + len(group)] != group:
        raise RefusedError("Not moved: only tasks that stand one after the other can be moved together.")
    return group


def _lines(place: EditTarget, group: Sequence[ListItem]) -> range:
    return range(group[0].line, item_end(place.lines, group[-1]))


def _kept(place: EditTarget, lines: range) -> list[PatchLine]:
    return [PatchLine(split_line_end(place.lines[at])[0].removeprefix("\ufeff"), at) for at in lines]


def _taken_to(place: EditTarget, group: Sequence[ListItem], slot: InsertionPoint) -> Sequence[Replacement]:
    """The lines of `group` taken out, and put into `slot` as it wants them set off and marked."""
    wanted: list[PatchLine] = []
    gone: list[Replacement] = []
    lead = slot.lead
    if not slot.is_list:
        own = ListMarker.of(group[0])
        lead = lead._replace(marker=own.marker if own.number is None else f"1{own.marker[-1]}")
    for item in group:
        lines = range(item.line, item_end(place.lines, item))
        gone.append(Replacement(lines.start, len(lines), nest=ExpectedNesting(None)))
        texts = _rehung([split_line_end(place.lines[at])[0] for at in lines], ListMarker.of(item), lead)
        wanted += [PatchLine(text, at) for text, at in zip(texts, lines, strict=True)]
        if lead.number is not None:
            lead = lead.numbered(lead.number + 1)
    return [*gone, slot.filled(wanted, ExpectedNesting(slot.parent))]


def _rehung(lines: Sequence[str], old: ListMarker, new: ListMarker) -> list[str]:
    """The lines of an item at another place: set off and marked as its new siblings are."""
    head, *rest = moved(lines, old, new.prefix)
    hung = new._replace(gap=old.gap or " ")
    text = head[len(new.prefix) + len(old.marker) + len(old.gap) :]
    shift = len(hung.marker) - len(old.marker)
    return [f"{hung.prefix}{hung.marker}{hung.gap}{text}", *(shifted(rest, new, shift) if shift else rest)]
