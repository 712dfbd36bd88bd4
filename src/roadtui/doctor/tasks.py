"""Finds invalid dates in tasks, duplicate ids, and dependencies that are unknown or circular."""

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
"""The most ids of a cycle that a finding names."""


class _TaskFields(NamedTuple):
    """A task that may have fields, with its fields."""

    path: str
    task: Task
    fields: Fields

    @property
    def location(self) -> str:
        return f"{self.path}:{self.task.line + 1}"

    @property
    def plugin_reads_id(self) -> bool:
        """Whether the Tasks plugin reads the task's id."""
        return bool(self.fields.read_by_plugin(FieldKind.ID))

    def finding(self, kind: FindingKind, sentence: str) -> Finding:
        return Finding(self.path, self.task.line + 1, kind, sentence)


def task_findings(snapshot: Snapshot) -> Iterator[Finding]:
    """Find the problems in the fields of all tasks of a vault."""
    tasks = list(_tasks(snapshot, snapshot.format))
    has_plugin = snapshot.settings.tasks_plugin is not None
    by_id: defaultdict[str, list[_TaskFields]] = defaultdict(list)
    for task_fields in tasks:
        if task_fields.fields.id is not None:
            by_id[task_fields.fields.id].append(task_fields)
    for task_fields in tasks:
        for field in task_fields.fields.invalid_dates:
            yield task_fields.finding(
                FindingKind.INVALID_DATE, f"“{field.raw}” is not a date, and is ignored."
            )
        for name in dict.fromkeys(task_fields.fields.depends_on):
            if name not in by_id:
                sentence = f"It waits for the task “{name}”, which is not in the vault."
                yield task_fields.finding(FindingKind.UNKNOWN_DEPENDENCY, sentence)
            elif has_plugin and not any(other.plugin_reads_id for other in by_id[name]):
                sentence = (
                    f"It waits for the task “{name}”, but the Tasks plugin does not read the id at "
                    f"{by_id[name][0].location}: only fields and tags may follow it."
                )
                yield task_fields.finding(FindingKind.UNKNOWN_DEPENDENCY, sentence)
    for name, tasks_with_id in by_id.items():
        for task_fields in tasks_with_id if len(tasks_with_id) > 1 else ():
            others = ", ".join(other.location for other in tasks_with_id if other is not task_fields)
            yield task_fields.finding(
                FindingKind.DUPLICATE_ID,
                f"The id “{name}” is also used at {others}. Give this task another one.",
            )
    dependencies = {name: _dependencies_of(tasks_with_id) for name, tasks_with_id in by_id.items()}
    for cycle in _cycles(dependencies):
        names = " → ".join(cycle[:_IDS_SHOWN]) + (" → …" if len(cycle) > _IDS_SHOWN else "")
        sentence = f"These tasks wait for each other: {names} → {cycle[0]}."
        yield by_id[cycle[0]][0].finding(FindingKind.DEPENDENCY_CYCLE, sentence)


def _tasks(snapshot: Snapshot, format: TaskFormat) -> Iterator[_TaskFields]:
    for path, note in sorted(snapshot.notes.items()):
        for task in note.note.tasks:
            if "::" in task.source or not task.source.isascii():
                yield _TaskFields(path, task, read_fields(task.text, format))


def _dependencies_of(tasks_with_id: Iterable[_TaskFields]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(name for task_fields in tasks_with_id for name in task_fields.fields.depends_on)
    )


def _cycles(dependencies: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Cycles of dependencies, each id in at most one of them. Time is linear."""
    reported: set[str] = set()
    finished: set[str] = set()
    for start in dependencies:
        chain: dict[str, Iterator[str]] = {}
        at = start
        if at not in finished:
            chain[at] = iter(dependencies[at])
        while chain:
            at = next(reversed(chain))
            following = next(chain[at], None)
            if following is None:
                finished.add(at)
                del chain[at]
            elif following in chain:
                if at not in reported and following not in reported:
                    ids = list(chain)
                    cycle = ids[ids.index(following) :]
                    reported.update(cycle)
                    yield cycle
            elif following in dependencies and following not in finished:
                chain[following] = iter(dependencies[following])
