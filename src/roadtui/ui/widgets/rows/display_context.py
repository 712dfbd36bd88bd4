"""What the rows of a tree depend on beside their note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.links import LinkResolver, linked_name
from roadtui.core.patterns import LazyPattern
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry

_OTHER_FILE = LazyPattern(r"\.(?!md$)[A-Za-z][A-Za-z0-9]{1,5}$")
"""The ending of a file that is no note."""


class TaskDisplayContext(NamedTuple):
    """What a row depends on beside its note: statuses, field format, day, open ids, where links lead."""

    statuses: StatusRegistry
    format: TaskFormat
    today: date
    open_ids: Mapping[str, str] = MappingProxyType({})
    """Ids of the vault's open tasks, each with the description of its task."""
    link_resolver: LinkResolver | None = None
    """None while not all notes are known: then no link is taken for dead."""

    def is_dead_link(self, target: str, source: str) -> bool:
        """Whether the link `target` of the note at `source` leads to no note.

        Links to other types of files are not taken for dead: which of these there are is not known here.
        """
        if self.link_resolver is None or _OTHER_FILE.search(linked_name(target)):
            return False
        return self.link_resolver.resolve(target, source) is None
