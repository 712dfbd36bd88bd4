"""What a plan changes in a note: which of its tasks are cancelled, and which start later. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from roadtui.core.note import Task
from roadtui.core.triage.parts import Fate, NoteParts
from roadtui.core.triage.plan import Choice, Decision, Part, Plan

_KEEP = Choice.KEEP
_NOTHING = Decision(_KEEP)
"""Stands for no decision: what nobody has decided about is left alone, as what is kept."""


class ChangedTask(NamedTuple):
    """An open task that a plan changes."""

    task: Task
    decision: Decision
    """To put off, or to drop."""


def changed_tasks(parts: NoteParts, plan: Plan) -> list[ChangedTask]:
    """The open tasks of a note that `plan` changes, in order of lines. Linear in the tasks of the note.

    A task with subtasks is changed with them where all that is open in it is dropped or put off as well, and
    none in it is done. Where some of it is done it stays: once all else is dropped, it can be ticked.
    """
    decided = {
        parts.by_key[key]: decision
        for key, decision in plan.items()
        if key.path == parts.path and key in parts.by_key
    }
    return list(_changed(parts, decided)) if decided else []


def _changed(parts: NoteParts, decided: Mapping[Part, Decision]) -> Iterator[ChangedTask]:
    of_section: dict[int, Decision] = {}
    for section in parts.note.sections:
        around = of_section[section.parent.index] if section.parent is not None else _NOTHING
        of_section[section.index] = decided.get(section, around)
    of_task: dict[int, Decision] = {}
    for task, parent, _ in parts.tasks:
        around = of_task[parent.index] if parent is not None else of_section[task.section.index]
        of_task[task.index] = decided.get(task, around)
    stays: set[int] = set()
    """`Task.index` of the parents in which a task is done, or stays open, or starts on another day."""
    changed: list[ChangedTask] = []
    for task, parent, fate in reversed(parts.tasks):
        decision = of_task[task.index]
        index = task.index
        is_changed = (
            fate is Fate.OPEN
            and index not in stays
            and (decision is not _NOTHING and decision.choice is not _KEEP)
        )
        if is_changed:
            changed.append(ChangedTask(task, decision))
        if parent is not None and parent.index not in stays:
            if is_changed:
                is_kept = decision.choice is Choice.LATER and decision != of_task[parent.index]
            else:
                is_kept = fate is not Fate.GONE
            if is_kept or index in stays:
                stays.add(parent.index)
    return reversed(changed)
