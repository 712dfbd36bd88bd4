"""Which function does what each verb of `roadtui.ui.verbs` says. Brings in every panel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from roadtui.ui.editing import order, repeating, rooms, state, words
from roadtui.ui.editing.desk import Desk

RUN: Mapping[str, Callable[[Desk], Awaitable[None]]] = {
    "status": state.status,
    "tick_all": state.tick_all,
    "cycle": state.cycle,
    "doing": state.doing,
    "cancel": state.cancel,
    "priority": state.priority,
    "due": state.due,
    "scheduled": state.scheduled,
    "start_date": state.start_date,
    "repeat": repeating.repeat,
    "add": words.add,
    "add_inside": words.add_inside,
    "add_section": words.add_section,
    "edit": words.edit,
    "split": words.split,
    "tags": words.tags,
    "capture": words.capture,
    "delete": order.delete,
    "move_down": order.move_down,
    "move_up": order.move_up,
    "indent": order.indent,
    "outdent": order.outdent,
    "refile": order.refile,
    "depends": order.depends,
    "copy": order.copy,
    "paste": order.paste,
    "next": rooms.next_steps,
    "focus": rooms.focus,
    "past": rooms.past,
}
"""What each verb does, by its id."""
