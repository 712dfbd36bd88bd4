"""Changes the status, a field or the tags of the task on one line.

The Tasks plugin rewrites the whole line on each toggle. Here only the parts that have to change are replaced,
and every other byte stays. Where a line is already as the plugin would write it, the two agree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from roadtui.core.errors import RefusedError
from roadtui.core.inline import WHITESPACE
from roadtui.core.tasks.field_specs import (
    FIELD_SPECS,
    PLANNED_DATES,
    FieldKind,
    Priority,
    Repeats,
    TaskFormat,
)
from roadtui.core.tasks.fields import Field, Fields, field_text, is_value_of_plugin, read_fields, value_text
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType, unregistered
from roadtui.core.tasks.status import TaskSettings as TaskSettings
from roadtui.core.tasks.tags import Tag, tag_key

_TASK = re.compile(r"[\s>]*(?:[-*+]|[0-9]+[.)]) +\[(?P<symbol>.)\]")
_FIELDS_OF_ONE_OCCURRENCE = frozenset(
    kind for kind, spec in FIELD_SPECS.items() if spec.repeats is Repeats.DROPPED
)
_WRITTEN_ORDER = tuple(FIELD_SPECS)


def find_symbol(line: str) -> int | None:
    """Index of the character between the brackets, or None where the plugin sees no task."""
    match = _TASK.match(line)
    return None if match is None else match.start("symbol")


def replace_symbol(line: str, symbol_index: int, symbol: str) -> str:
    """`line` with `symbol` in its checkbox and nothing else changed, as in a vault without the plugin."""
    return f"{line[:symbol_index]}{symbol}{line[symbol_index + 1 :]}"


def toggle(
    line: str, today: date, settings: TaskSettings, *, symbol_index: int | None = None
) -> tuple[str, ...]:
    """Give `line` the status that follows its own; see `set_status`."""
    symbol_index = _index_of_symbol(line, symbol_index)
    symbol_before = line[symbol_index]
    if is_task_of_plugin(line, symbol_index, settings):
        symbol = settings.statuses.get(symbol_before).next_symbol
    else:
        symbol = "x" if symbol_before == " " else " "
    return set_status(line, symbol, today, settings, symbol_index=symbol_index)


def set_status(
    line: str, symbol: str, today: date, settings: TaskSettings, *, symbol_index: int | None = None
) -> tuple[str, ...]:
    """Set the status of the task on `line`: the lines that replace it.

    Usually one line; two where a recurring task is done; none where a task with 🏁 delete is done.

    Args:
        line: The line, without its end.
        symbol: The new status symbol.
        today: The day to write as done or cancelled date.
        settings: How the vault writes tasks.
        symbol_index: Where the status symbol is (`Task.symbol_index`). Needed where the plugin's grammar sees
            no task, as in an item within an item on the same line: there only the symbol changes.

    Raises:
        RefusedError: there is no checkbox.
    """
    symbol_index = _index_of_symbol(line, symbol_index)
    if line[symbol_index] == symbol:
        return (line,)
    if not is_task_of_plugin(line, symbol_index, settings):
        return (replace_symbol(line, symbol_index, symbol),)
    body = _Body.of(line, symbol_index, settings.task_format)
    was, becomes = settings.statuses.get(line[symbol_index]), settings.statuses.get(symbol)
    changed = _with_end_dates(body, was, becomes, today, settings)
    if becomes.type is not StatusType.DONE or was.type is StatusType.DONE:
        return (changed,)
    following = _next_occurrence(body, becomes, today, settings)
    lines = [] if body.is_deleted_when_done else [changed]
    if following is not None:
        lines.insert(len(lines) if settings.recurrence_on_next_line else 0, following)
    return tuple(lines)


def set_field(
    line: str,
    kind: FieldKind,
    value: date | Priority | str | None,
    settings: TaskSettings,
    *,
    symbol_index: int | None = None,
    for_plugin: bool = False,
) -> str:
    """Set a field of the task on `line`: a date, priority, recurrence rule, id …; None removes the field.

    An existing field is changed in place, in its own form; a new one is added where the plugin would write
    it. With `for_plugin`, a field that the plugin does not read is moved there as well.

    Raises:
        RefusedError: there is no checkbox, or `value` would not be read back as that field.
    """
    body = _Body.of(line, _index_of_symbol(line, symbol_index), settings.task_format)
    of_kind = tuple(field for field in body.fields.all if field.kind is kind)
    if value is None or value is Priority.NONE:
        return _spliced(line, body.remove(of_kind))
    present = body.fields.read_by_plugin(kind)
    if not present and for_plugin:
        changed = _spliced(line, [*body.remove(of_kind[:1]), *body.put(kind, value, ())])
    else:
        changed = _spliced(line, body.put(kind, value, present or of_kind[:1]))
    read_back = _Body.of(changed, body.symbol_index, settings.task_format).fields.get(kind)
    if (
        read_back is None
        or read_back.raw != value_text(kind, value, read_back.format)
        or (kind.is_date and read_back.day is None)
        or not is_value_of_plugin(kind, read_back.raw)
        or (for_plugin and not read_back.plugin_reads)
    ):
        raise RefusedError(f"“{value}” can't be written as a task's {kind.value}. Nothing was changed.")
    return changed


def edit_tags(
    line: str,
    add: Iterable[str],
    remove: Iterable[str],
    format: TaskFormat,
    *,
    symbol_index: int | None = None,
) -> str:
    """Append the tags `add` to the description of the task on `line` and remove `remove`, in any case.

    A tag that is there already, in any case, stays as it is.

    Raises:
        RefusedError: there is no checkbox.
    """
    symbol_index = _index_of_symbol(line, symbol_index)
    added = list(add)
    for tag in added:
        body = _Body.of(line, symbol_index, format)
        if tag_key(tag) not in map(tag_key, body.fields.tags):
            line = _spliced(line, [body.add_tag(tag)])
    # Removed last, as a block id only counts after other text.
    removed_keys = set(map(tag_key, remove)).difference(map(tag_key, added))
    body = _Body.of(line, symbol_index, format)
    return _spliced(
        line, (body.remove_tag(tag) for tag in body.fields.found_tags if tag_key(tag.text) in removed_keys)
    )


@dataclass(frozen=True, slots=True)
class _Splice:
    """Replaces the text from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Body:
    """The text after the checkbox of a line, and the splices that change it."""

    line: str
    symbol_index: int
    at: int
    """Index in `line` of the first character of `fields.text`."""
    fields: Fields
    format: TaskFormat

    @classmethod
    def of(cls, line: str, symbol_index: int, format: TaskFormat) -> _Body:
        text = line[symbol_index + 2 :].strip(WHITESPACE)
        at = line.index(text, symbol_index + 2) if text else min(symbol_index + 3, len(line))
        return cls(line, symbol_index, at, read_fields(text, format), format)

    def field(self, kind: FieldKind) -> Field | None:
        """The field of `kind` that counts for the plugin."""
        return next(iter(self.fields.read_by_plugin(kind)), None)

    @property
    def is_deleted_when_done(self) -> bool:
        """Whether the plugin reads 🏁 delete."""
        field = self.field(FieldKind.ON_COMPLETION)
        return field is not None and field.raw.lower() == "delete"

    def set_symbol(self, symbol: str) -> _Splice:
        return _Splice(self.symbol_index, self.symbol_index + 1, symbol)

    def put(self, kind: FieldKind, value: date | Priority | str, present: Sequence[Field]) -> list[_Splice]:
        """Set the field: in place of the first of `present`, else where the plugin would write it."""
        if not present:
            written = field_text(kind, value_text(kind, value, self.format), self.format)
            return [self._insertion(kind, written)]
        first, *others = present
        start = self.at + first.value_start
        changed = _Splice(start, start + len(first.raw), value_text(kind, value, first.format))
        return [changed, *self.remove(others)]

    def remove(self, fields: Iterable[Field]) -> list[_Splice]:
        """Remove `fields`, each with the separator before it."""
        return [_Splice(self._separator_start(field), self.at + field.end, "") for field in fields]

    def remove_block_id(self) -> _Splice:
        return _Splice(self.at + self.fields.end, self.at + len(self.fields.text), "")

    def add_tag(self, tag: str) -> _Splice:
        """Put `tag` after the description, before the fields that the plugin reads."""
        fields = self.fields
        first_field = min((field.start for field in fields.all if field.plugin_reads), default=fields.end)
        text_end = len(fields.text[:first_field].rstrip(WHITESPACE))
        at = self.at + text_end
        # For the plugin a tag goes on up to the next space.
        is_glued = fields.text[text_end : text_end + 1] not in ("", " ")
        if text_end or self.line[at - 1] != " ":
            return _Splice(at, at, f" {tag} " if is_glued else f" {tag}")
        return _Splice(at, at, f"{tag} " if fields.text else tag)

    def remove_tag(self, tag: Tag) -> _Splice:
        """Remove `tag` with the blanks before it; right after the checkbox, with the blanks after it."""
        start, end = self.at + tag.start, self.at + tag.end
        text_end = len(self.line[:start].rstrip(" \t"))
        if text_end > self.symbol_index + 2:
            return _Splice(text_end, end, "")
        return _Splice(start, len(self.line) - len(self.line[end:].lstrip(" \t")), "")

    def _insertion(self, kind: FieldKind, written: str) -> _Splice:
        following = next(
            (field for field in self.fields.all if field.plugin_reads and _comes_after(field.kind, kind)),
            None,
        )
        if following is None:
            at = self.at + self.fields.end
            return _Splice(at, at, self.format.separator + written)
        at = self._separator_start(following)
        if at < self.at + following.start:
            return _Splice(at, at, self.format.separator + written)
        return _Splice(at, at, written + self.format.separator)

    def _separator_start(self, field: Field) -> int:
        """Start of the separator before `field`. The space after the checkbox does not count as one."""
        at = self.at + field.start
        lowest = max(self.symbol_index + 3, at - len(self.format.separator))
        while at > lowest and self.line[at - 1] == " ":
            at -= 1
        return at


def _comes_after(kind: FieldKind, other: FieldKind) -> bool:
    return _WRITTEN_ORDER.index(kind) > _WRITTEN_ORDER.index(other)


def _spliced(line: str, splices: Iterable[_Splice]) -> str:
    """Apply `splices` from the right; an insertion at the start of a removal goes before it."""
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
        line = line[: splice.start] + splice.text + line[splice.end :]
    return line


def _index_of_symbol(line: str, symbol_index: int | None) -> int:
    found = find_symbol(line) if symbol_index is None else symbol_index
    if found is None:
        raise RefusedError("There is no checkbox on this line. Nothing was changed.")
    return found


def is_task_of_plugin(line: str, symbol_index: int, settings: TaskSettings) -> bool:
    """Whether the plugin takes the checkbox there for a task: by its grammar and by its global filter."""
    return find_symbol(line) == symbol_index and settings.global_filter in line[symbol_index + 2 :]


def _with_end_dates(body: _Body, was: Status, becomes: Status, today: date, settings: TaskSettings) -> str:
    """The line with its new status; done and cancelled dates come and go with theirs."""
    splices = [body.set_symbol(becomes.symbol)]
    for kind, type, is_wanted in (
        (FieldKind.CANCELLED, StatusType.CANCELLED, settings.set_cancelled_date),
        (FieldKind.DONE, StatusType.DONE, settings.set_done_date),
    ):
        if becomes.type is type and was.type is type:
            continue
        present = body.fields.read_by_plugin(kind)
        is_written = becomes.type is type and is_wanted
        splices += body.put(kind, today, present) if is_written else body.remove(present)
    return _spliced(body.line, splices)


def _next_occurrence(body: _Body, done: Status, today: date, settings: TaskSettings) -> str | None:
    """The line of a repeating task's next occurrence; None where it does not repeat."""
    rule = body.field(FieldKind.RECURRENCE)
    if rule is None:
        return None
    # Loaded when the first repeating task is done, not at start-up.
    from roadtui.core.tasks.recurrence import next_dates

    present = {kind: field.day for kind in PLANNED_DATES if (field := body.field(kind)) is not None}
    dates = next_dates(rule.raw, present, today, drop_scheduled=settings.remove_scheduled_date_on_recurrence)
    if dates is None:
        return None
    splices = [body.set_symbol(_first_status_after(done, settings.statuses).symbol), body.remove_block_id()]
    values = {**dates, FieldKind.CREATED: today} if settings.set_created_date else dates
    for kind, day in values.items():
        if day is not None:
            splices += body.put(kind, day, body.fields.read_by_plugin(kind))
    for kind in _FIELDS_OF_ONE_OCCURRENCE | present.keys():
        if kind not in values:
            splices += body.remove(body.fields.read_by_plugin(kind))
    return _spliced(body.line, splices)


def _first_status_after(done: Status, statuses: StatusRegistry) -> Status:
    """The first status to do that follows `done`, else the first in progress; to do where neither does.

    A status of type EMPTY counts as an unregistered one, and so as to do (Tasks plugin).
    """
    following: dict[str, Status] = {}
    status = _next_status(done, statuses)
    while status.symbol not in following:
        following[status.symbol] = status
        status = _next_status(status, statuses)
    for type in (StatusType.TODO, StatusType.IN_PROGRESS):
        for status in following.values():
            if status.type is type:
                return status
    return statuses.get(" ")


def _next_status(status: Status, statuses: StatusRegistry) -> Status:
    following = statuses.get(status.next_symbol)
    return unregistered(status.next_symbol) if following.type is StatusType.EMPTY else following
