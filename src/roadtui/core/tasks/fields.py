"""What a task says besides its words: dates, priority, rule, id, links to other tasks, tags, block id.

Reads the two forms that the Tasks plugin knows, emoji and Dataview, from the text behind a box. The plugin
reads fields from the end of a line backwards and stops at the first word that is none; people write them
anywhere. So both are kept: every field is found and can be shown, and `Field.plugin_reads` says whether the
plugin takes it for one, which is what a toggle has to follow. What stands in code, a link, a comment or
another construct of `core.inline` is words, and so is what only begins as a value does. Pure: text in, values
and positions out.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import NamedTuple

from roadtui.core.inline import WHITE, masked
from roadtui.core.patterns import LazyPattern
from roadtui.core.tasks.tags import Tag, find_tags


class TaskFormat(Enum):
    """How a vault writes its fields. The names are those of the Tasks plugin's setting `taskFormat`."""

    EMOJI = "tasksPluginEmoji"
    DATAVIEW = "dataview"

    @property
    def separator(self) -> str:
        """What the plugin writes before each field."""
        return " " if self is TaskFormat.EMOJI else "  "


class FieldKind(Enum):
    """The fields of a task, by their Dataview key, in the order in which the plugin writes them."""

    ID = "id"
    DEPENDS_ON = "dependsOn"
    PRIORITY = "priority"
    RECURRENCE = "repeat"
    ON_COMPLETION = "onCompletion"
    CREATED = "created"
    START = "start"
    SCHEDULED = "scheduled"
    DUE = "due"
    CANCELLED = "cancelled"
    DONE = "completion"

    @property
    def is_date(self) -> bool:
        """Whether its value is a day."""
        return self in DATE_KINDS


DATE_KINDS = frozenset(
    (
        FieldKind.CREATED,
        FieldKind.START,
        FieldKind.SCHEDULED,
        FieldKind.DUE,
        FieldKind.CANCELLED,
        FieldKind.DONE,
    )
)


class Priority(Enum):
    """How much a task matters. The values are the plugin's own, so they sort from the most urgent on."""

    HIGHEST = 0
    HIGH = 1
    MEDIUM = 2
    NONE = 3
    LOW = 4
    LOWEST = 5


_SIGNS = {
    FieldKind.ID: "🆔",
    FieldKind.DEPENDS_ON: "⛔",
    FieldKind.RECURRENCE: "🔁",
    FieldKind.ON_COMPLETION: "🏁",
    FieldKind.CREATED: "➕",
    FieldKind.START: "🛫",
    FieldKind.SCHEDULED: "⏳",
    FieldKind.DUE: "📅",
    FieldKind.CANCELLED: "❌",
    FieldKind.DONE: "✅",
}
_PRIORITY_SIGNS = {
    Priority.HIGHEST: "🔺",
    Priority.HIGH: "⏫",
    Priority.MEDIUM: "🔼",
    Priority.LOW: "🔽",
    Priority.LOWEST: "⏬",
}
_OTHER_SIGNS = {"⌛": FieldKind.SCHEDULED, "📆": FieldKind.DUE, "🗓": FieldKind.DUE}
_KIND_OF_SIGN = {
    **{sign: kind for kind, sign in _SIGNS.items()},
    **{sign: FieldKind.PRIORITY for sign in _PRIORITY_SIGNS.values()},
    **_OTHER_SIGNS,
}
_PRIORITY_OF_VALUE = {
    **{sign: priority for priority, sign in _PRIORITY_SIGNS.items()},
    **{priority.name.lower(): priority for priority in _PRIORITY_SIGNS},
}
_DATE_SIGNS = "".join(sign for sign, kind in _KIND_OF_SIGN.items() if kind.is_date)
_DATE_KEYS = "|".join(kind.value for kind in FieldKind if kind.is_date)

_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
# Wider than the plugin's: a rule is read whole, with a day or an hour that the plugin has no characters for.
_RULE_WORD = r"(?:[0-9]+(?:[-./:][0-9]+)+,?|[a-zA-Z0-9,!]+)"
_RULE = rf"({_RULE_WORD}(?: +{_RULE_WORD})*)"
_RULE_OF_PLUGIN = LazyPattern("[a-zA-Z0-9,! ]+")
_ID = r"[a-zA-Z0-9_-]+"
_IDS = rf"({_ID}(?: *, *{_ID})*)"

# Each sign may be followed by U+FE0F (show as emoji) and by spaces, not by other white space.
_EMOJI_FIELD = "|".join(
    (
        rf"([{''.join(_PRIORITY_SIGNS.values())}])\ufe0f?",
        rf"[{_DATE_SIGNS}]\ufe0f? *{_DATE}",
        rf"🔁\ufe0f? *{_RULE}",
        r"🏁\ufe0f? *([a-zA-Z]+)",
        rf"🆔\ufe0f? *({_ID})",
        rf"⛔\ufe0f? *{_IDS}",
    )
)
# `[key:: value]` or `(key:: value)`. A comma behind it belongs to it: fields may be written as a list.
_DATAVIEW_FIELD = (
    r"[\[(] *(?:"
    + "|".join(
        (
            r"priority:: *(highest|high|medium|lowest|low)",
            rf"(?:{_DATE_KEYS}):: *{_DATE}",
            rf"repeat:: *{_RULE}",
            r"onCompletion:: *([a-zA-Z]+)",
            rf"id:: *({_ID})",
            rf"dependsOn:: *{_IDS}",
        )
    )
    + r") *[\])](?: *,)?"
)
_FIELD = LazyPattern(f"{_EMOJI_FIELD}|{_DATAVIEW_FIELD}")
# Wider than a tag is for Obsidian: what the plugin passes over as one while it reads backwards. Of all white
# space the space alone ends it.
_TAG_OF_PLUGIN = LazyPattern(rf'(?:\A|(?<=[{WHITE}]))#[^ !@#$%^&*(),.?":{{}}|<>]+')
_TURNS: dict[FieldKind | None, int] = {
    kind: turn
    for turn, kind in enumerate(
        (
            *(FieldKind.PRIORITY, FieldKind.DONE, FieldKind.CANCELLED, FieldKind.DUE, FieldKind.SCHEDULED),
            *(FieldKind.START, FieldKind.CREATED, FieldKind.RECURRENCE, FieldKind.ON_COMPLETION),
            *(None, FieldKind.ID, FieldKind.DEPENDS_ON),
        )
    )
}
"""The order in which the plugin tries, over and over, what the line ends with; None stands for a tag.

It decides where a tag could be taken together with the field at its end, as in `#a\t⏫`.
"""
_BLOCK_ID = LazyPattern(r" \^([a-zA-Z0-9-]+)\Z")
_HINT = LazyPattern(f"[#^{''.join(_KIND_OF_SIGN)}]")
_BRACKETS = {"[": "]", "(": ")"}
_ENDS_VALUE = frozenset(f"{WHITE})]}}）］｝】」』》〉")
"""What may stand right behind the value of an emoji field: white space, or a closing bracket."""


class Field(NamedTuple):
    """One field as it stands in the text."""

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
    """Whether the Tasks plugin takes it for a field: in the vault's format, only fields and tags behind."""

    @property
    def day(self) -> date | None:
        """The day it names; None where it is no day, as in `📅 2026-02-30`."""
        try:
            return date.fromisoformat(self.raw)
        except ValueError:
            return None


class Fields(NamedTuple):
    """What `read_fields` found. Positions count in `text`."""

    text: str
    description: str
    """The words: text without fields and block id; tags stay where they are."""
    found_tags: tuple[Tag, ...]
    """In order, repeated ones too."""
    all: tuple[Field, ...]
    """Every field in order of the text, duplicates included."""
    end: int
    """Index where words and fields end: before the block id and the white space at the end."""
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
        """Dates that are none, such as 30 February; they count nowhere and are kept as they are."""
        return tuple(field for field in self.all if field.kind.is_date and field.day is None)

    @property
    def priority(self) -> Priority:
        """`Priority.NONE` where none is given."""
        field = self.get(FieldKind.PRIORITY)
        return Priority.NONE if field is None else _PRIORITY_OF_VALUE[field.raw]

    @property
    def created(self) -> date | None:
        """Day it was written down (➕)."""
        return self._date(FieldKind.CREATED)

    @property
    def start(self) -> date | None:
        """Day from which it can be done (🛫)."""
        return self._date(FieldKind.START)

    @property
    def scheduled(self) -> date | None:
        """Day it is planned for (⏳)."""
        return self._date(FieldKind.SCHEDULED)

    @property
    def due(self) -> date | None:
        """Day it has to be done by (📅)."""
        return self._date(FieldKind.DUE)

    @property
    def done(self) -> date | None:
        """Day it was done (✅)."""
        return self._date(FieldKind.DONE)

    @property
    def cancelled(self) -> date | None:
        """Day it was dropped (❌)."""
        return self._date(FieldKind.CANCELLED)

    @property
    def recurrence(self) -> str | None:
        """The rule as it is written, readable or not (`core.recurrence` reads it)."""
        return self._raw(FieldKind.RECURRENCE)

    @property
    def id(self) -> str | None:
        """What other tasks name in `depends_on`."""
        return self._raw(FieldKind.ID)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Ids of the tasks that have to be done first."""
        raw = self._raw(FieldKind.DEPENDS_ON)
        return () if raw is None else tuple(part.strip(" ") for part in raw.split(","))

    @property
    def on_completion(self) -> str | None:
        """`keep` or `delete` (Tasks plugin); any other word is kept and means nothing."""
        raw = self._raw(FieldKind.ON_COMPLETION)
        return None if raw is None else raw.lower()

    def _date(self, kind: FieldKind) -> date | None:
        field = self.get(kind)
        return None if field is None else field.day

    def _raw(self, kind: FieldKind) -> str | None:
        field = self.get(kind)
        return None if field is None else field.raw


def read_fields(text: str, format: TaskFormat = TaskFormat.EMOJI) -> Fields:
    """Read the fields of `text`, the part of a line behind its box (`Task.text`), in either form.

    `format` is the vault's setting: only fields in that form are read by the plugin, and only those from
    the end backwards until something is neither field nor tag (source of the rule: the Tasks plugin).
    """
    end = len(text.rstrip(WHITE))
    if "::" not in text and _HINT.search(text) is None:
        return Fields(text, text.strip(WHITE), (), (), end, None)
    block = _BLOCK_ID.search(text, 0, end)
    if block is not None:
        end = len(text[: block.start()].rstrip(WHITE))
    prose = masked(text)
    matches = _ended([match for match in _FIELD.finditer(prose, 0, end) if _is_closed(match)], prose, end)
    read = _read_by_plugin(text, end, matches, format)
    found = tuple(_field(match, match.start() in read) for match in matches)
    tags = tuple(find_tags(_blanked(prose[:end], found))) if "#" in prose else ()
    return Fields(text, _without(text[:end], found), tags, found, end, None if block is None else block[1])


def field_text(kind: FieldKind, value: str, format: TaskFormat) -> str:
    """A field as the plugin writes it, without the separator before it; `value` as `value_text` gives it."""
    if format is TaskFormat.DATAVIEW:
        return f"[{kind.value}:: {value}]"
    return value if kind is FieldKind.PRIORITY else f"{_SIGNS[kind]} {value}"


def is_value_of_plugin(kind: FieldKind, raw: str) -> bool:
    """Whether the plugin has all characters of the value `raw`; it has none of `until 2026-12-31`."""
    return kind is not FieldKind.RECURRENCE or _RULE_OF_PLUGIN.fullmatch(raw) is not None


def value_text(value: date | Priority | str, format: TaskFormat) -> str:
    """The value of a field as `format` writes it. `Priority.NONE` is written by having no field."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Priority):
        return _PRIORITY_SIGNS[value] if format is TaskFormat.EMOJI else value.name.lower()
    return value


def _is_closed(match: re.Match[str]) -> bool:
    """Whether a Dataview field ends with the bracket that it begins with."""
    closing = _BRACKETS.get(match[0][0])
    return closing is None or match[0].rstrip(" ,").endswith(closing)


def _ended(matches: list[re.Match[str]], prose: str, end: int) -> list[re.Match[str]]:
    """Those of `matches` that are a whole value, and not the beginning of one that goes on behind it.

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
            or (prose[at] in _ENDS_VALUE and (match[0][0] != "🔁" or _ends_rule(prose, at, next_field)))
        )
        if is_whole:
            whole.append(match)
            next_field = match.start()
    whole.reverse()
    return whole


def _ends_rule(prose: str, at: int, next_field: int) -> bool:
    """Whether what stands behind a rule that ends at `at` cannot be more of it."""
    if prose[at] not in WHITE:
        return True
    while at < next_field and prose[at] in WHITE:
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
        return FieldKind(written[1 : written.index("::")].lstrip(" "))
    return _KIND_OF_SIGN[written[0]]


def _field(match: re.Match[str], plugin_reads: bool) -> Field:
    end = match.end()
    is_dataview = match[0][0] in _BRACKETS
    if is_dataview and not plugin_reads:  # Then a comma behind it is one of the words.
        end = match.start() + len(match[0].rstrip(" ,"))
    format = TaskFormat.DATAVIEW if is_dataview else TaskFormat.EMOJI
    group = match.lastindex or 0
    return Field(_kind(match), format, match.start(), end, match.start(group), match[group], plugin_reads)


def _read_by_plugin(text: str, end: int, matches: list[re.Match[str]], format: TaskFormat) -> set[int]:
    """Walk back from the end over fields in the vault's format and tags; where the fields passed start."""
    read: set[int] = set()
    fields = list(matches)
    tags = list(_TAG_OF_PLUGIN.finditer(text, 0, end))
    last = -1
    while True:
        while end and text[end - 1] in WHITE:
            end -= 1
        while fields and fields[-1].end() > end:
            fields.pop()
        while tags and tags[-1].start() >= end - 1:
            tags.pop()
        field = (
            fields[-1] if fields and fields[-1].end() == end and _is_of_plugin(fields[-1], format) else None
        )
        tag = tags[-1] if tags and tags[-1].end() >= end else None
        turn = _TURNS[None] if field is None else _TURNS[_kind(field)]
        if tag is not None and (_TURNS[None] - last - 1) % len(_TURNS) <= (turn - last - 1) % len(_TURNS):
            end = tags.pop().start()
            last = _TURNS[None]
        elif field is not None:
            end = fields.pop().start()
            read.add(end)
            last = turn
        else:
            return read


def _is_of_plugin(match: re.Match[str], format: TaskFormat) -> bool:
    field = _field(match, plugin_reads=True)
    return field.format is format and is_value_of_plugin(field.kind, field.raw)


def _without(text: str, fields: tuple[Field, ...]) -> str:
    """The words around `fields`, with one space where a field stood between two of them."""
    words = []
    at = 0
    for field in fields:
        words.append(text[at : field.start].strip(WHITE))
        at = field.end
    words.append(text[at:].strip(WHITE))
    return " ".join(filter(None, words))
