"""The fields that a task can have, one row each: how a field is written, what its value is, how it repeats.

Whatever looks for fields derives its signs and patterns from this table, so a field is declared once. Text
formats are those of the Tasks plugin: emoji (`📅 2026-12-01`) and Dataview (`[due:: 2026-12-01]`). Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import NamedTuple


class TaskFormat(Enum):
    """How a vault writes its fields. The names are those of the Tasks plugin's setting `taskFormat`."""

    EMOJI = "tasksPluginEmoji"
    DATAVIEW = "dataview"

    @property
    def separator(self) -> str:
        """The text that the plugin writes before each field."""
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


class Priority(Enum):
    """How much a task matters. The values are the plugin's own, so they sort from the most urgent on."""

    HIGHEST = 0
    HIGH = 1
    MEDIUM = 2
    NONE = 3
    LOW = 4
    LOWEST = 5


class Repeats(Enum):
    """What becomes of a field in the next occurrence of a repeating task (Tasks plugin)."""

    KEPT = "kept"
    MOVED = "moved"
    """The next occurrence has a later day; for planned dates."""
    DROPPED = "dropped"
    """It belongs to one occurrence alone."""


FieldValue = date | Priority | str | tuple[str, ...]
PRIORITY_SIGNS = {
    Priority.HIGHEST: "🔺",
    Priority.HIGH: "⏫",
    Priority.MEDIUM: "🔼",
    Priority.LOW: "🔽",
    Priority.LOWEST: "⏬",
}
_PRIORITY_OF_TEXT = {
    **{sign: priority for priority, sign in PRIORITY_SIGNS.items()},
    **{priority.name.lower(): priority for priority in PRIORITY_SIGNS},
}


def parse_day(raw: str) -> date | None:
    """The day that `raw` names as `YYYY-MM-DD`; None where there is no such day, as in `2026-02-30`."""
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def parse_ids(raw: str) -> tuple[str, ...]:
    """The ids of a list such as `a, b`."""
    return tuple(part.strip(" ") for part in raw.split(","))


def _same_text(value: date | Priority | str, _format: TaskFormat) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _priority_text(value: date | Priority | str, format: TaskFormat) -> str:
    """`Priority.NONE` is written by having no field, and so has no text."""
    if not isinstance(value, Priority):
        return str(value)
    return PRIORITY_SIGNS[value] if format is TaskFormat.EMOJI else value.name.lower()


class FieldSpec(NamedTuple):
    """How one kind of field is written and read."""

    kind: FieldKind
    emoji: str
    """The sign before its value. The sign of a priority is its value, so that row has all of them."""
    pattern: str
    """Regular expression of its value, in one group; for a priority in Dataview form only."""
    read_order: int
    """When the plugin tries it while it reads a line from the end (see `TAG_READ_ORDER`); unique."""
    repeats: Repeats
    parse: Callable[[str], FieldValue | None] = str
    """The meaning of a value as it is written; None where it has none."""
    format: Callable[[date | Priority | str, TaskFormat], str] = _same_text
    """The text of a value in a format."""
    other_emoji: str = ""
    """Signs that are read as well, and never written."""

    @property
    def dataview_key(self) -> str:
        """The word before `::` in Dataview form."""
        return self.kind.value

    @property
    def is_date(self) -> bool:
        """Whether its value is a day."""
        return self.pattern == _DATE

    @property
    def sign_is_value(self) -> bool:
        """Whether its sign is its value in emoji form, and no text follows."""
        return self.kind is FieldKind.PRIORITY

    @property
    def signs(self) -> str:
        """Every sign that it is read by."""
        return self.emoji + self.other_emoji


_DATE = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
_PRIORITY = "(highest|high|medium|lowest|low)"
# Wider than the plugin's: a rule is read whole, with a day or an hour that the plugin has no characters for.
_RULE_WORD = "(?:[0-9]+(?:[-./:][0-9]+)+,?|[a-zA-Z0-9,!]+)"
_RULE = f"({_RULE_WORD}(?: +{_RULE_WORD})*)"
_WORD = "([a-zA-Z]+)"
_ONE_ID = "[a-zA-Z0-9_-]+"
_ID = f"({_ONE_ID})"
_IDS = f"({_ONE_ID}(?: *, *{_ONE_ID})*)"

TAG_READ_ORDER = 9
"""The `read_order` of a tag.

The plugin tries each kind of field, over and over, as what the line ends with. The order decides where a tag
could be taken together with the field at its end, as in `#a\t⏫`.
"""

# fmt: off
FIELD_SPECS = {spec.kind: spec for spec in (
    FieldSpec(FieldKind.ID, "🆔", _ID, 10, Repeats.DROPPED),
    FieldSpec(FieldKind.DEPENDS_ON, "⛔", _IDS, 11, Repeats.DROPPED, parse_ids),
    FieldSpec(FieldKind.PRIORITY, "".join(PRIORITY_SIGNS.values()), _PRIORITY, 0, Repeats.KEPT,
              _PRIORITY_OF_TEXT.get, _priority_text),
    FieldSpec(FieldKind.RECURRENCE, "🔁", _RULE, 7, Repeats.KEPT),
    FieldSpec(FieldKind.ON_COMPLETION, "🏁", _WORD, 8, Repeats.KEPT, str.lower),
    FieldSpec(FieldKind.CREATED, "➕", _DATE, 6, Repeats.DROPPED, parse_day),
    FieldSpec(FieldKind.START, "🛫", _DATE, 5, Repeats.MOVED, parse_day),
    FieldSpec(FieldKind.SCHEDULED, "⏳", _DATE, 4, Repeats.MOVED, parse_day, other_emoji="⌛"),
    FieldSpec(FieldKind.DUE, "📅", _DATE, 3, Repeats.MOVED, parse_day, other_emoji="📆🗓"),
    FieldSpec(FieldKind.CANCELLED, "❌", _DATE, 2, Repeats.DROPPED, parse_day),
    FieldSpec(FieldKind.DONE, "✅", _DATE, 1, Repeats.DROPPED, parse_day),
)}
# fmt: on
"""In the order of `FieldKind`."""

DATE_KINDS = frozenset(kind for kind, spec in FIELD_SPECS.items() if spec.is_date)
PLANNED_DATES = tuple(
    kind for kind, spec in FIELD_SPECS.items() if spec.is_date and spec.repeats is Repeats.MOVED
)
"""The dates that say when a task is to be done, in the order in which they are written."""
KIND_OF_SIGN = {sign: kind for kind, spec in FIELD_SPECS.items() for sign in spec.signs}
KIND_OF_KEY = {spec.dataview_key: kind for kind, spec in FIELD_SPECS.items()}


def signs_of(*kinds: FieldKind) -> str:
    """Every sign by which a field of one of `kinds` is read."""
    return "".join(FIELD_SPECS[kind].signs for kind in kinds)


def markers_of(*kinds: FieldKind) -> tuple[str, ...]:
    """Texts of which a line with a field of one of `kinds` has at least one: `📅`, `due::`."""
    return (*signs_of(*kinds), *(f"{FIELD_SPECS[kind].dataview_key}::" for kind in kinds))


def start_pattern(*kinds: FieldKind) -> str:
    """Regular expression, without groups, of the text before the value of a field of one of `kinds`."""
    # Each sign may be followed by U+FE0F (show as emoji) and by spaces, not by other white space.
    keys = "|".join(FIELD_SPECS[kind].dataview_key for kind in kinds)
    return rf"(?:[{signs_of(*kinds)}]\ufe0f? *|[\[(] *(?:{keys}):: *)"


def field_pattern(*kinds: FieldKind) -> str:
    """Regular expression of a whole field of one of `kinds`, in either form; its last group is the value.

    In Dataview form that is `[key:: value]` or `(key:: value)`. A comma after the bracket belongs to the
    field: fields may be written as a list.
    """
    emoji: list[str] = []
    dataview: list[str] = []
    of_pattern: dict[str, list[FieldKind]] = {}
    for kind in kinds:
        of_pattern.setdefault(FIELD_SPECS[kind].pattern, []).append(kind)
    for pattern, alike in of_pattern.items():
        signs = signs_of(*alike)
        is_sign_alone = FIELD_SPECS[alike[0]].sign_is_value
        emoji.append(rf"([{signs}])\ufe0f?" if is_sign_alone else rf"[{signs}]\ufe0f? *{pattern}")
        keys = "|".join(FIELD_SPECS[kind].dataview_key for kind in alike)
        dataview.append(f"(?:{keys}):: *{pattern}")
    return rf"{'|'.join(emoji)}|[\[(] *(?:{'|'.join(dataview)}) *[\])](?: *,)?"
