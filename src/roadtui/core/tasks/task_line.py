"""Changes the status, fields and tags of one task line.

The Tasks plugin rewrites the whole line on each toggle; this module changes only what has to change and keeps
every other byte. For a line as the plugin writes it, both give the same result. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from roadtui.core.errors import RefusedError
from roadtui.core.inline import WHITE
from roadtui.core.tasks.fields import (
    Field,
    FieldKind,
    Fields,
    Priority,
    TaskFormat,
    field_text,
    is_value_of_plugin,
    read_fields,
    value_text,
)
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType, unregistered
from roadtui.core.tasks.status import TaskSettings as TaskSettings
from roadtui.core.tasks.tags import Tag, tag_key

_TASK = re.compile(r"[\s>]*(?:[-*+]|[0-9]+[.)]) +\[(?P<mark>.)\]")
_FIELDS_OF_ONE_OCCURRENCE = frozenset(
    (FieldKind.ID, FieldKind.DEPENDS_ON, FieldKind.CREATED, FieldKind.CANCELLED, FieldKind.DONE)
)
_WRITTEN_ORDER = tuple(FieldKind)
_DATES_THAT_MOVE = (FieldKind.START, FieldKind.SCHEDULED, FieldKind.DUE)


def find_symbol(line: str) -> int | None:
    """Index of the status symbol in `line`, or None where the Tasks plugin sees no task."""
    match = _TASK.match(line)
    return None if match is None else match.start("mark")


def replace_symbol(line: str, symbol_index: int, symbol: str) -> str:
    """`line` with `symbol` in its checkbox and nothing else changed."""
    return f"{line[:symbol_index]}{symbol}{line[symbol_index + 1 :]}"


def toggle(
    line: str, today: date, settings: TaskSettings, *, symbol_index: int | None = None
) -> tuple[str, ...]:
    """Set the status that follows the status of `line`; see `set_status`."""
    symbol_index = _require_symbol_index(line, symbol_index)
    old_symbol = line[symbol_index]
    if is_task_of_plugin(line, symbol_index, settings):
        symbol = settings.statuses.get(old_symbol).next_symbol
    else:
        symbol = "x" if old_symbol == " " else " "
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
    symbol_index = _require_symbol_index(line, symbol_index)
    if line[symbol_index] == symbol:
        return (line,)
    if not is_task_of_plugin(line, symbol_index, settings):
        return (replace_symbol(line, symbol_index, symbol),)
    body = _Body.of(line, symbol_index, settings.task_format)
    old_status, new_status = settings.statuses.get(line[symbol_index]), settings.statuses.get(symbol)
    changed = _with_end_dates(body, old_status, new_status, today, settings)
    if new_status.type is not StatusType.DONE or old_status.type is StatusType.DONE:
        return (changed,)
    following = _next_occurrence(body, new_status, today, settings)
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
    body = _Body.of(line, _require_symbol_index(line, symbol_index), settings.task_format)
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
        or read_back.raw != value_text(value, read_back.format)
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
    symbol_index = _require_symbol_index(line, symbol_index)
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
    """Replace the text from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Body:
    """The text behind the checkbox of a line, and the splices that change it."""

    line: str
    symbol_index: int
    at: int
    """Index in `line` of the first character of `fields.text`."""
    fields: Fields
    format: TaskFormat

    @classmethod
    def of(cls, line: str, symbol_index: int, format: TaskFormat) -> _Body:
        text = line[symbol_index + 2 :].strip(WHITE)
        at = line.index(text, symbol_index + 2) if text else min(symbol_index + 3, len(line))
        return cls(line, symbol_index, at, read_fields(text, format), format)

    def field(self, kind: FieldKind) -> Field | None:
        """The field of `kind` that the plugin reads."""
        return next(iter(self.fields.read_by_plugin(kind)), None)

    @property
    def is_deleted_when_done(self) -> bool:
        """Whether the plugin reads 🏁 delete."""
        field = self.field(FieldKind.ON_COMPLETION)
        return field is not None and field.raw.lower() == "delete"

    def set_symbol(self, symbol: str) -> _Splice:
        return _Splice(self.symbol_index, self.symbol_index + 1, symbol)

    def put(self, kind: FieldKind, value: date | Priority | str, present: Sequence[Field]) -> list[_Splice]:
        """Set the field in place of the first of `present`, or where the plugin would write it."""
        if not present:
            written = field_text(kind, value_text(value, self.format), self.format)
            return [self._insertion(kind, written)]
        first, *others = present
        start = self.at + first.value_start
        changed = _Splice(start, start + len(first.raw), value_text(value, first.format))
        return [changed, *self.remove(others)]

    def remove(self, fields: Iterable[Field]) -> list[_Splice]:
        """Remove `fields`, each with the separator before it."""
        return [_Splice(self._separator_start(field), self.at + field.end, "") for field in fields]

    def remove_block_id(self) -> _Splice:
        return _Splice(self.at + self.fields.end, self.at + len(self.fields.text), "")

    def add_tag(self, tag: str) -> _Splice:
        """Append `tag` to the description, before the fields that the plugin reads."""
        fields = self.fields
        next_field = min((field.start for field in fields.all if field.plugin_reads), default=fields.end)
        text_end = len(fields.text[:next_field].rstrip(WHITE))
        at = self.at + text_end
        # The plugin takes anything but a space as part of the tag.
        is_glued = fields.text[text_end : text_end + 1] not in ("", " ")
        if text_end or self.line[at - 1] != " ":
            return _Splice(at, at, f" {tag} " if is_glued else f" {tag}")
        return _Splice(at, at, f"{tag} " if fields.text else tag)

    def remove_tag(self, tag: Tag) -> _Splice:
        """Remove `tag` with the blanks before it, or with those after it right behind the checkbox."""
        start, end = self.at + tag.start, self.at + tag.end
        text_end = len(self.line[:start].rstrip(" \t"))
        if text_end > self.symbol_index + 2:
            return _Splice(text_end, end, "")
        return _Splice(start, len(self.line) - len(self.line[end:].lstrip(" \t")), "")

    def _insertion(self, kind: FieldKind, written: str) -> _Splice:
        next_field = next(
            (field for field in self.fields.all if field.plugin_reads and _comes_after(field.kind, kind)),
            None,
        )
        if next_field is None:
            at = self.at + self.fields.end
            return _Splice(at, at, self.format.separator + written)
        at = self._separator_start(next_field)
        if at < self.at + next_field.start:
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
    """`line` with `splices` applied from the right; at the same index, insertions come before removals."""
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
        line = line[: splice.start] + splice.text + line[splice.end :]
    return line


def _require_symbol_index(line: str, symbol_index: int | None) -> int:
    found = find_symbol(line) if symbol_index is None else symbol_index
    if found is None:
        raise RefusedError("There is no checkbox on this line. Nothing was changed.")
    return found


def is_task_of_plugin(line: str, symbol_index: int, settings: TaskSettings) -> bool:
    """Whether the plugin reads the checkbox there as a task, by its grammar and its global filter."""
    return find_symbol(line) == symbol_index and settings.global_filter in line[symbol_index + 2 :]


def _with_end_dates(
    body: _Body, old_status: Status, new_status: Status, today: date, settings: TaskSettings
) -> str:
    """The line with its new status, and with its done and cancelled dates added or removed to match."""
    splices = [body.set_symbol(new_status.symbol)]
    for kind, type, is_enabled in (
        (FieldKind.CANCELLED, StatusType.CANCELLED, settings.set_cancelled_date),
        (FieldKind.DONE, StatusType.DONE, settings.set_done_date),
    ):
        if new_status.type is type and old_status.type is type:
            continue
        present = body.fields.read_by_plugin(kind)
        is_written = new_status.type is type and is_enabled
        splices += body.put(kind, today, present) if is_written else body.remove(present)
    return _spliced(body.line, splices)


def _next_occurrence(body: _Body, done: Status, today: date, settings: TaskSettings) -> str | None:
    """The line of a recurring task's next occurrence; None where the task does not recur."""
    rule = body.field(FieldKind.RECURRENCE)
    if rule is None:
        return None
    # Imported when the first recurring task is done, not at start-up.
    from roadtui.core.tasks.recurrence import next_dates

    present = {kind: field.day for kind in _DATES_THAT_MOVE if (field := body.field(kind)) is not None}
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
    """The first status of type TODO that follows `done`, else the first IN_PROGRESS, else the one of `[ ]`.

    A status of type EMPTY counts as unregistered, and so as TODO (Tasks plugin).
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
