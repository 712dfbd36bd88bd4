"""Everything a person does to tasks: its name, its key, where it makes sense. Declared once.

Key bar, help, palette and the config's `keys` follow from this table; what a verb does stands in the modules
of `roadtui.ui.editing`, which `roadtui.ui.editing.runner` imports with the first of them.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from textual.binding import Binding


class Needs(Enum):
    """What has to be under the cursor, or marked."""

    NOTHING = "nothing"
    NOTE = "note"
    """A note that can be written."""
    ROW = "row"
    """A heading or an item of one."""
    ITEM = "item"
    TASK = "task"


class Verb(NamedTuple):
    """One thing to do."""

    id: str
    """By which the config sets its key, and `roadtui.ui.editing` finds it."""
    key: str
    label: str
    """In the key bar, in the help and in the palette."""
    needs: Needs
    tooltip: str
    show: bool = False
    """Whether the key bar has room for it."""
    key_display: str | None = None

    @property
    def binding(self) -> Binding:
        """Its key, as Textual wants it."""
        return Binding(
            self.key,
            f"screen.verb('{self.id}')",
            self.label,
            id=self.id,
            show=self.show,
            tooltip=self.tooltip,
            key_display=self.key_display,
        )


VERBS = (
    Verb("status", "s", "status", Needs.TASK, "Choose among the statuses of this vault", show=True),
    Verb("add", "a", "add", Needs.NOTE, "A task behind this one; below a heading the first", show=True),
    Verb("edit", "e", "edit", Needs.ROW, "Change the words in place", show=True),
    Verb("due", "D", "due", Needs.TASK, "The day it has to be done by: fri, +2w, 1 dec", show=True),
    Verb(
        "tick_all",
        "shift+space,ctrl+@",
        "tick with all below",
        Needs.TASK,
        "Tick it and every task below it",
        key_display="⇧space",
    ),
    Verb("cycle", "x", "next status", Needs.TASK, "Go to the status that follows in this vault"),
    Verb("doing", "w", "in progress", Needs.TASK, "Say that you are working on it"),
    Verb("cancel", "X", "drop", Needs.TASK, "Cancel it: it leaves the count and stays in the note"),
    Verb("add_inside", "A", "add below", Needs.NOTE, "A task inside this one; below a heading the last"),
    Verb("add_section", "H", "add heading", Needs.NOTE, "A heading behind this section, as deep as it"),
    Verb("split", "vertical_line", "split", Needs.TASK, "Make several tasks of one", key_display="|"),
    Verb("delete", "d", "delete", Needs.ROW, "Delete it with all in it; asks where that is more than a line"),
    Verb("move_down", "J", "move down", Needs.ITEM, "Change places with the next one"),
    Verb("move_up", "K", "move up", Needs.ITEM, "Change places with the one before"),
    Verb("indent", "greater_than_sign", "indent", Needs.ITEM, "Put it inside the one above", key_display=">"),
    Verb("outdent", "less_than_sign", "outdent", Needs.ITEM, "Put it behind its parent", key_display="<"),
    Verb("refile", "r", "move to…", Needs.ITEM, "To another place, in this note or another"),
    Verb("scheduled", "S", "schedule", Needs.TASK, "The day you mean to do it"),
    Verb("start_date", "W", "start date", Needs.TASK, "The day from which it can be done"),
    Verb("priority", "p", "priority", Needs.TASK, "How much it matters"),
    Verb("repeat", "R", "repeat", Needs.TASK, "When it comes again: every 2 weeks, every month on the 1st"),
    Verb("tags", "t", "tags", Needs.TASK, "Add tags, or take them away"),
    Verb("depends", "b", "blocked by…", Needs.TASK, "Find the task that has to be done first"),
    Verb("copy", "y", "copy", Needs.ITEM, "Copy as Markdown, with all below"),
    Verb("paste", "P", "paste", Needs.NOTE, "What was copied, below this row"),
    Verb("next", "n", "next", Needs.NOTHING, "All that can be done next, and why", show=True),
    Verb("focus", "f", "focus", Needs.NOTHING, "One task alone, with a timer", show=True),
    Verb(
        "past",
        "left_square_bracket,T",
        "look back",
        Needs.NOTHING,
        "The notes as git has them of an earlier day",
        key_display="T",
    ),
    Verb("capture", "c", "capture", Needs.NOTHING, "Write a task down in the inbox note"),
)
"""In the order in which the palette lists them."""

BY_ID = {verb.id: verb for verb in VERBS}
EVERYWHERE = tuple(verb for verb in VERBS if verb.needs is Needs.NOTHING)
"""What can be done whatever pane has the keys."""
IN_THE_NOTE = tuple(verb for verb in VERBS if verb.needs is not Needs.NOTHING)
