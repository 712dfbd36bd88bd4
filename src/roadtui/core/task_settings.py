"""How a vault wants its tasks written. Apart from the splices that follow it, which only an edit needs."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.core.fields import TaskFormat
from roadtui.core.status import PLUGIN_STATUSES, StatusRegistry


class TaskSettings(NamedTuple):
    """How a vault wants its tasks written. The defaults are those of the Tasks plugin (its `data.json`)."""

    set_done_date: bool = True
    set_cancelled_date: bool = True
    set_created_date: bool = False
    recurrence_on_next_line: bool = False
    remove_scheduled_date_on_recurrence: bool = False
    global_filter: str = ""
    """A line without it is no task to the plugin, and only its mark changes."""
    task_format: TaskFormat = TaskFormat.EMOJI
    statuses: StatusRegistry = StatusRegistry(PLUGIN_STATUSES)
