"""Asks queries of a note that is written as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from roadtui.core.markdown import parse
from roadtui.core.note import Task
from roadtui.core.query.items import QueryContext, QueryItem, QueryNote, items_of
from roadtui.core.query.query import read_query
from roadtui.core.stats.activity import KnownDates
from roadtui.core.stats.progress import count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import PLUGIN_STATUSES, Status, StatusRegistry, StatusType

TODAY = date(2026, 11, 26)
"""A Thursday."""
STATUSES = StatusRegistry([*PLUGIN_STATUSES, Status("h", "On Hold", "x", StatusType.ON_HOLD)])


def items(text: str, path: str = "Plan.md") -> list[QueryItem]:
    """The items of a note with the content `text`."""
    note = parse(text)
    return items_of(QueryNote(path, note, count_progress(note, STATUSES)), TaskFormat.EMOJI)


def found(
    query: str,
    text: str,
    *,
    path: str = "Plan.md",
    open_ids: Mapping[str, str] | None = None,
    depended_on: Mapping[str, int] | None = None,
    stuck: str = "",
    done: Mapping[str, date] | None = None,
    is_typing: bool = False,
) -> list[str]:
    """The texts of what `query` finds in a note with the content `text`, in the order of the results.

    `done` has the days in the history, by the text of the task.
    """
    asked = items(text, path)
    tasks = {item.text: item.task for item in asked if item.task is not None}
    days: dict[Task, date] = {tasks[words]: day for words, day in (done or {}).items()}
    context = QueryContext(
        TODAY,
        STATUSES,
        TaskFormat.EMOJI,
        open_ids or {},
        depended_on or {},
        lambda at: at == stuck,
        lambda at: KnownDates(days, {}),
    )
    return [item.text for item in read_query(query, TODAY, is_typing=is_typing).listed(asked, context)]
