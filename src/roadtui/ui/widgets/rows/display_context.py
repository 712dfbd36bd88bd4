"""What the rows of a tree depend on beside their note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.links import LinkResolver, ResolvedLink
from roadtui.core.note import Link
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry


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
        """Whether the link `target` of the note at `source` leads to no note."""
        if self.link_resolver is None:
            return False
        return ResolvedLink(Link(0, target), self.link_resolver.resolve(target, source)).is_dead
