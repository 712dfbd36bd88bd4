"""Dates that are none, and ids that do not do what an id is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import FieldKind, TaskFormat
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.doctor.finding import Finding, FindingKind
from roadtui.vault.snapshot import Snapshot

_IDS_SHOWN = 8
"""How many ids of a cycle are named."""


class _Read(NamedTuple):
    """A task that says more than words."""

    path: str
    task: Task
    fields: Fields

    @property
    def place(self) -> str:
        return f"{self.path}:{self.task.line + 1}"

    @property
    def plugin_reads_id(self) -> bool:
        """Whether the Tasks plugin reads its id."""
        return bool(self.fields.read_by_plugin(FieldKind.ID))

    def finding(self, kind: FindingKind, sentence: str) -> Finding:
        return Finding(self.path, self.task.line + 1, kind, sentence)


def task_findings(snapshot: Snapshot) -> Iterator[Finding]:
    """What is wrong with the fields of all tasks of a vault."""
    tasks = list(_tasks(snapshot, snapshot.format))
    has_plugin = snapshot.settings.tasks_plugin is not None
    by_id: defaultdict[str, list[_Read]] = defaultdict(list)
    for read in tasks:
        if read.fields.id is not None:
            by_id[read.fields.id].append(read)
    for read in tasks:
        for field in read.fields.invalid_dates:
            yield read.finding(FindingKind.INVALID_DATE, f"“{field.raw}” is no day, and counts as no date.")
        for name in dict.fromkeys(read.fields.depends_on):
            if name not in by_id:
                sentence = f"It waits for the task “{name}”, which is not in the vault."
                yield read.finding(FindingKind.UNKNOWN_DEPENDENCY, sentence)
            elif has_plugin and not any(holder.plugin_reads_id for holder in by_id[name]):
                sentence = (
                    f"It waits for the task “{name}”, but the Tasks plugin does not read the id at "
                    f"{by_id[name][0].place}: only fields and tags may stand behind it."
                )
                yield read.finding(FindingKind.UNKNOWN_DEPENDENCY, sentence)
    for name, holders in by_id.items():
        for read in holders if len(holders) > 1 else ():
            others = ", ".join(other.place for other in holders if other is not read)
            yield read.finding(
                FindingKind.DUPLICATE_ID, f"The id “{name}” also stands at {others}; give it another."
            )
    waits_for = {name: _waits_for(holders) for name, holders in by_id.items()}
    for cycle in _cycles(waits_for):
        names = " → ".join(cycle[:_IDS_SHOWN]) + (" → …" if len(cycle) > _IDS_SHOWN else "")
        sentence = f"These tasks wait for each other: {names} → {cycle[0]}."
        yield by_id[cycle[0]][0].finding(FindingKind.DEPENDENCY_CYCLE, sentence)


def _tasks(snapshot: Snapshot, format: TaskFormat) -> Iterator[_Read]:
    for path, note in sorted(snapshot.notes.items()):
        for task in note.note.tasks:
            if "::" in task.source or not task.source.isascii():
                yield _Read(path, task, read_fields(task.text, format))


def _waits_for(holders: Iterable[_Read]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for read in holders for name in read.fields.depends_on))


def _cycles(waits_for: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Cycles, each id in at most one: who mends that one and looks again finds the next. Time is linear."""
    told: set[str] = set()
    finished: set[str] = set()
    for start in waits_for:
        trail: dict[str, Iterator[str]] = {}
        at = start
        if at not in finished:
            trail[at] = iter(waits_for[at])
        while trail:
            at = next(reversed(trail))
            following = next(trail[at], None)
            if following is None:
                finished.add(at)
                del trail[at]
            elif following in trail:
                if at not in told and following not in told:
                    ids = list(trail)
                    cycle = ids[ids.index(following) :]
                    told.update(cycle)
                    yield cycle
            elif following in waits_for and following not in finished:
                trail[following] = iter(waits_for[following])
