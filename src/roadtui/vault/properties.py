"""Reads the properties of a note from its frontmatter: title, aliases, tags, and those that roadtui uses.

They are read on first use, never while a vault loads, as most notes' properties are not needed. Errors are
sentences for `doctor`; the note and its tasks are shown in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from roadtui.core.tasks.tags import distinct_tags
from roadtui.vault.yaml_frontmatter import OBJECT_KEY, FrontmatterError, Json, load

_CACHE_SIZE = 16_384
"""The number of different frontmatters in the cache."""

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=\Z|[T ])")


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of one note; the defaults are those of a note without frontmatter."""

    title: str | None = None
    aliases: tuple[str, ...] = ()
    """Other names of the note. A search finds them, but a link to one leads nowhere (Obsidian)."""
    tags: tuple[str, ...] = ()
    """Tags, with their `#`."""
    deadline: date | None = None
    """The day by which the roadmap is to be finished."""
    weight: float | None = None
    """The weight of the roadmap among others; at least 0."""
    hidden: bool = False
    """Whether the note is hidden from the list of roadmaps."""
    raw: Mapping[str, Json] = field(default_factory=dict)
    """All properties as JSON values; dates are texts as they are written."""
    problems: tuple[str, ...] = ()
    """Sentences for the user about values that could not be read."""


NO_PROPERTIES = Properties()


@lru_cache(_CACHE_SIZE)
def read_properties(frontmatter: str | None) -> Properties:
    """The properties in `frontmatter` (`Note.frontmatter`). Never raises.

    Keys may have any case. The older `tag` and `alias` have to be in lower case, as in Obsidian.
    """
    if frontmatter is None:
        return NO_PROPERTIES
    try:
        raw = load(frontmatter)
    except FrontmatterError as error:
        return Properties(problems=(str(error),))
    return _Reader(raw).read()


class _Reader:
    """Reads the properties of one note."""

    def __init__(self, raw: dict[str, Json]) -> None:
        self._raw = raw
        self._by_name = {key.lower(): value for key, value in reversed(raw.items())}
        self._problems: list[str] = []

    def read(self) -> Properties:
        title = self._by_name.get("title")
        return Properties(
            title=" ".join(str(title).split()) or None if isinstance(title, str | int | float) else None,
            aliases=tuple(dict.fromkeys(self._texts("aliases", "alias", r"[,\n]"))),
            tags=distinct_tags(f"#{text}" for text in self._tags()),
            deadline=self._deadline(),
            weight=self._weight(),
            hidden=self._hidden(),
            raw=self._raw,
            problems=tuple(self._problems),
        )

    def _tags(self) -> Iterator[str]:
        names = (text.lstrip("#") for text in self._texts("tags", "tag", r"[,\s]"))
        return filter(None, names)

    def _texts(self, name: str, older_name: str, separator: str) -> Iterator[str]:
        """The entries of a list, or of a text that lists them; blank entries are left out."""
        for value in (self._by_name.get(name), self._raw.get(older_name)):
            entries = value if isinstance(value, list) else re.split(separator, _word(value))
            for text in map(_word, entries):
                if text.strip():
                    yield text.strip()

    def _deadline(self) -> date | None:
        value = self._by_name.get("deadline")
        if value is None or value == "" or _is_placeholder(value):
            return None
        day = _ISO_DAY.match(value.strip()) if isinstance(value, str) else None
        try:
            if day is not None:
                return date.fromisoformat(day[0])
        except ValueError:
            pass
        self._problems.append(f"The deadline “{value}” is not a date. Write it as 2026-12-31.")
        return None

    def _weight(self) -> float | None:
        value = self._by_name.get("weight")
        if value is None or _is_placeholder(value):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        self._problems.append(f"The weight “{value}” is not a number of at least 0.")
        return None

    def _hidden(self) -> bool:
        value = self._by_name.get("hidden")
        if value is None or isinstance(value, bool) or _is_placeholder(value):
            return value is True
        self._problems.append(f"“hidden: {value}” is neither true nor false.")
        return False


def _is_placeholder(value: Json) -> bool:
    """Whether `value` is a placeholder of a template such as `{{date}}`, quoted or not."""
    if isinstance(value, str):
        return value.startswith("{{") and value.endswith("}}")
    return isinstance(value, dict) and list(value) == [OBJECT_KEY]


def _word(value: Json) -> str:
    """A text or a number as text; empty for any other value."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
