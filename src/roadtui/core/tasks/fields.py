"""Reads the fields, tags and block id of a task from the text after its checkbox.

Both formats of the Tasks plugin are read, emoji and Dataview (`core.tasks.field_specs` has the fields). The
plugin reads a line from its end backwards and stops at the first word that is not a field; people write
fields anywhere. So every field is found and can be shown, and `Field.plugin_reads` says whether the plugin
reads it too, which is what a toggle has to follow. Text in code, a link, a comment or another construct of
`core.inline` is not a field, nor is text that only begins like a value. Pure: text in, values and positions
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from roadtui.core.inline import WHITESPACE, masked
from roadtui.core.patterns import LazyPattern
from roadtui.core.tasks.field_specs import (
    FIELD_SPECS,
    KIND_OF_KEY,
    KIND_OF_SIGN,
    TAG_READ_ORDER,
    FieldKind,
    Priority,
    TaskFormat,
    field_pattern,
    parse_day,
    parse_ids,
)
from roadtui.core.tasks.tags import Tag, find_tags

_RULE_OF_PLUGIN = LazyPattern("[a-zA-Z0-9,! ]+")
_FIELD = LazyPattern(field_pattern(*FieldKind))
# Wider than a tag is for Obsidian: what the plugin passes over as one while it reads backwards. Of all white
# space the space alone ends it.
_TAG_OF_PLUGIN = LazyPattern(rf'(?:\A|(?<=[{WHITESPACE}]))#[^ !@#$%^&*(),.?":{{}}|<>]+')
_READ_CYCLE = len(FIELD_SPECS) + 1
_BLOCK_ID = LazyPattern(r" \^([a-zA-Z0-9-]+)\Z")
_HINT = LazyPattern(f"[#^{''.join(KIND_OF_SIGN)}]")
_SIGN = LazyPattern(f"[{''.join(KIND_OF_SIGN)}]")
_ALL_KINDS = frozenset(FieldKind)
_BRACKETS = {"[": "]", "(": ")"}
_ENDS_VALUE = frozenset(f"{WHITESPACE})]}}）］｝】」』》〉")
"""The characters that may follow the value of an emoji field: white space, or a closing bracket."""


class Field(NamedTuple):
    """One field of a text."""

    kind: FieldKind
    format: TaskFormat
    """The form it is written in, whatever the vault's setting."""
    start: int
    """Index of its first character: the sign, or the opening bracket."""
    end: int
    """Index after its last character."""
    value_start: int
    raw: str
    """The value as it is written; for a priority in emoji form its sign."""
    plugin_reads: bool
    """Whether the Tasks plugin reads it: it is in the vault's format, with only fields and tags after it."""

    @property
    def day(self) -> date | None:
        """The day that it names; None where there is no such day, as in `📅 2026-02-30`."""
        return parse_day(self.raw)


class Fields(NamedTuple):
    """The result of `read_fields`. Positions count in `text`."""

    text: str
    description: str
    """The text without fields and block id; tags stay where they are."""
    found_tags: tuple[Tag, ...]
    """In order, repeated ones too."""
    all: tuple[Field, ...]
    """Every field in order of the text, duplicates included."""
    end: int
    """Index where description and fields end: before the block id and the white space at the end."""
    block_id: str | None
    """Without its `^`."""

    def get(self, kind: FieldKind) -> Field | None:
        """The field that counts: of those that the plugin reads the leftmost, else the leftmost of all."""
        first = None
        for field in self.all:
            if field.kind is kind:
                if field.plugin_reads:
                    return field
                if first is None:
                    first = field
        return first

    def read_by_plugin(self, kind: FieldKind) -> tuple[Field, ...]:
        """The fields of `kind` that the plugin reads; the first of them counts, it drops the others."""
        return tuple(field for field in self.all if field.kind is kind and field.plugin_reads)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags with their `#`, in order, repeated ones too."""
        return tuple(tag.text for tag in self.found_tags)

    @property
    def invalid_dates(self) -> tuple[Field, ...]:
        """Dates without a day, such as 30 February; they count nowhere and are kept as they are."""
        return tuple(field for field in self.all if field.kind.is_date and field.day is None)

    @property
    def priority(self) -> Priority:
        """`Priority.NONE` where the text names no other."""
        field = self.get(FieldKind.PRIORITY)
        found = FIELD_SPECS[FieldKind.PRIORITY].parse(field.raw) if field is not None else None
        return found if isinstance(found, Priority) else Priority.NONE

    def day(self, kind: FieldKind) -> date | None:
        """The day of the date `kind`; None where there is no such field, or no such day."""
        field = self.get(kind)
        return None if field is None else field.day

    @property
    def created(self) -> date | None:
        """Day it was written down (➕)."""
        return self.day(FieldKind.CREATED)

    @property
    def start(self) -> date | None:
        """Day from which it can be done (🛫)."""
        return self.day(FieldKind.START)

    @property
    def scheduled(self) -> date | None:
        """Day it is planned for (⏳)."""
        return self.day(FieldKind.SCHEDULED)

    @property
    def due(self) -> date | None:
        """Day it has to be done by (📅)."""
        return self.day(FieldKind.DUE)

    @property
    def done(self) -> date | None:
        """Day it was done (✅)."""
        return self.day(FieldKind.DONE)

    @property
    def cancelled(self) -> date | None:
        """Day it was cancelled (❌)."""
        return self.day(FieldKind.CANCELLED)

    @property
    def recurrence(self) -> str | None:
        """The rule as it is written, readable or not (`core.tasks.recurrence` reads it)."""
        return self._raw(FieldKind.RECURRENCE)

    @property
    def id(self) -> str | None:
        """The id that other tasks name in `depends_on`."""
        return self._raw(FieldKind.ID)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Ids of the tasks that have to be done first."""
        raw = self._raw(FieldKind.DEPENDS_ON)
        return () if raw is None else parse_ids(raw)

    @property
    def on_completion(self) -> str | None:
        """`keep` or `delete` (Tasks plugin); any other word has no effect."""
        raw = self._raw(FieldKind.ON_COMPLETION)
        return None if raw is None else raw.lower()

    def _raw(self, kind: FieldKind) -> str | None:
        field = self.get(kind)
        return None if field is None else field.raw


def possible_kinds(texts: Iterable[str]) -> frozenset[FieldKind]:
    """The fields that any of `texts` may have, which is told from their signs alone: never too few."""
    text = "\n".join(texts)
    if "::" in text:
        return _ALL_KINDS
    signs = set() if text.isascii() else {found[0] for found in _SIGN.finditer(text)}
    return frozenset(KIND_OF_SIGN[sign] for sign in signs)


def read_fields(text: str, format: TaskFormat = TaskFormat.EMOJI) -> Fields:
    """Read the fields of `text`, the part of a line after its checkbox (`Task.text`), in either form.

    `format` is the vault's setting: only fields in that form are read by the plugin, and only those from
    the end backwards until something is neither field nor tag (source of the rule: the Tasks plugin).
    """
    end = len(text.rstrip(WHITESPACE))
    if "::" not in text and _HINT.search(text) is None:
        return Fields(text, text.strip(WHITESPACE), (), (), end, None)
    block = _BLOCK_ID.search(text, 0, end)
    if block is not None:
        end = len(text[: block.start()].rstrip(WHITESPACE))
    prose = masked(text)
    matches = _complete_matches(
        [match for match in _FIELD.finditer(prose, 0, end) if _is_closed(match)], prose, end
    )
    read = _read_by_plugin(text, end, matches, format)
    found = tuple(_field(match, match.start() in read) for match in matches)
    tags = tuple(find_tags(_blanked(prose[:end], found))) if "#" in prose else ()
    return Fields(text, _without(text[:end], found), tags, found, end, None if block is None else block[1])


def field_text(kind: FieldKind, value: str, format: TaskFormat) -> str:
    """A field as the plugin writes it, without the separator before it; `value` as `value_text` gives it."""
    spec = FIELD_SPECS[kind]
    if format is TaskFormat.DATAVIEW:
        return f"[{spec.dataview_key}:: {value}]"
    return value if spec.sign_is_value else f"{spec.emoji} {value}"


def value_text(kind: FieldKind, value: date | Priority | str, format: TaskFormat) -> str:
    """The value of a field of `kind` as `format` writes it."""
    return FIELD_SPECS[kind].format(value, format)


def is_value_of_plugin(kind: FieldKind, raw: str) -> bool:
    """Whether the plugin can read every character of the value `raw`; it cannot read `2026-12-31`."""
    return kind is not FieldKind.RECURRENCE or _RULE_OF_PLUGIN.fullmatch(raw) is not None


def _is_closed(match: re.Match[str]) -> bool:
    """Whether a Dataview field ends with the bracket that it begins with."""
    closing = _BRACKETS.get(match[0][0])
    return closing is None or match[0].rstrip(" ,").endswith(closing)


def _complete_matches(matches: list[re.Match[str]], prose: str, end: int) -> list[re.Match[str]]:
    """Those of `matches` that are a whole value, and not only the beginning of a longer one.

    A value ends at white space, a closing bracket, the next field or the end; a rule is read whole or not at
    all, so nothing but fields and tags may follow it.
    """
    whole: list[re.Match[str]] = []
    next_field = end
    for match in reversed(matches):
        at = match.end()
        is_whole = (
            match[0][0] in _BRACKETS
            or at == next_field
            or (
                prose[at] in _ENDS_VALUE
                and (_kind(match) is not FieldKind.RECURRENCE or _ends_rule(prose, at, next_field))
            )
        )
        if is_whole:
            whole.append(match)
            next_field = match.start()
    whole.reverse()
    return whole


def _ends_rule(prose: str, at: int, next_field: int) -> bool:
    """Whether the text after a rule that ends at `at` cannot be more of the rule."""
    if prose[at] not in WHITESPACE:
        return True
    while at < next_field and prose[at] in WHITESPACE:
        at += 1
    return at == next_field or _HINT.match(prose, at) is not None


def _blanked(prose: str, fields: tuple[Field, ...]) -> str:
    """`prose` with spaces in place of `fields`, so that they end the tags before them."""
    parts: list[str] = []
    at = 0
    for field in fields:
        parts += (prose[at : field.start], " " * (field.end - field.start))
        at = field.end
    return "".join((*parts, prose[at:]))


def _kind(match: re.Match[str]) -> FieldKind:
    written = match[0]
    if written[0] in _BRACKETS:
        return KIND_OF_KEY[written[1 : written.index("::")].lstrip(" ")]
    return KIND_OF_SIGN[written[0]]


def _field(match: re.Match[str], plugin_reads: bool) -> Field:
    end = match.end()
    is_dataview = match[0][0] in _BRACKETS
    if is_dataview and not plugin_reads:  # Then a comma after it belongs to the description.
        end = match.start() + len(match[0].rstrip(" ,"))
    format = TaskFormat.DATAVIEW if is_dataview else TaskFormat.EMOJI
    group = match.lastindex or 0
    return Field(_kind(match), format, match.start(), end, match.start(group), match[group], plugin_reads)


def _read_by_plugin(text: str, end: int, matches: list[re.Match[str]], format: TaskFormat) -> set[int]:
    """The start of each field that the plugin reads: from the end backwards, over its fields and tags."""
    read: set[int] = set()
    fields = list(matches)
    tags = list(_TAG_OF_PLUGIN.finditer(text, 0, end))
    last = -1
    while True:
        while end and text[end - 1] in WHITESPACE:
            end -= 1
        while fields and fields[-1].end() > end:
            fields.pop()
        while tags and tags[-1].start() >= end - 1:
            tags.pop()
        field = (
            fields[-1] if fields and fields[-1].end() == end and _is_of_plugin(fields[-1], format) else None
        )
        tag = tags[-1] if tags and tags[-1].end() >= end else None
        order = TAG_READ_ORDER if field is None else FIELD_SPECS[_kind(field)].read_order
        if tag is not None and (TAG_READ_ORDER - last - 1) % _READ_CYCLE <= (order - last - 1) % _READ_CYCLE:
            end = tags.pop().start()
            last = TAG_READ_ORDER
        elif field is not None:
            end = fields.pop().start()
            read.add(end)
            last = order
        else:
            return read


def _is_of_plugin(match: re.Match[str], format: TaskFormat) -> bool:
    field = _field(match, plugin_reads=True)
    return field.format is format and is_value_of_plugin(field.kind, field.raw)


def _without(text: str, fields: tuple[Field, ...]) -> str:
    """The text around `fields`, with one space where a field stood between two parts of it."""
    words = []
    at = 0
    for field in fields:
        words.append(text[at : field.start].strip(WHITESPACE))
        at = field.end
    words.append(text[at:].strip(WHITESPACE))
    return " ".join(filter(None, words))
