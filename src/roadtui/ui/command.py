"""What a command is: its id, its key, what it does, where its key is bound, and where it is listed."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from textual.binding import Binding

from roadtui.session.action_requirements import Requires


class Scope(Enum):
    """The screen, pane or dialog in which a key is bound; the value is its title in lists of keys."""

    APP = "Everywhere"
    DASHBOARD = "Dashboard"
    NOTE = "Tasks"
    TREE = "Tree"
    SELECTION = "Selecting rows"
    OUTLINE = "Folding"
    LIST = "Moving in lists"
    FILTER = "While a filter is on"
    FILTER_LINE = "Filter line"
    SIDEBAR = "Roadmaps"
    PROGRESS = "Progress"
    PREVIEW = "Preview"
    EMPTY_STATE = "Empty note"
    OVERLAY = "Screens on top of the dashboard"
    NEXT_ACTIONS = "Next"
    CHANGES = "While you were away"
    TRIAGE = "The way out"
    TRIAGE_LIST = "The way out, the list"
    LINK_MAP = "Links"
    FIND = "Find"
    FIND_LINE = "Find, the query"
    FIND_RESULTS = "Find, the results"
    FOCUS = "Focus"
    INSIGHTS = "Insights"
    INSIGHTS_PAGE = "Insights, the page"
    TIME_MACHINE = "Time machine"
    READ_ONLY_TREE = "Time machine, the tree"
    HELP = "Help"
    SETTINGS = "Settings"
    VAULT_PICKER = "Choosing a vault"
    TOO_SMALL = "Terminal too small"
    DIALOG = "Every dialog"
    LINE_INPUT = "Line of text"
    PROMPT = "Prompt"
    MENU = "Menu"
    FINDER_LINE = "Finder, the line"
    FINDER = "Finder"
    CONFIRM = "Question"


WAITING_ROUND = "waiting round"
"""Stands for focus on the round that waits, where a screen is named."""


class Intent(Enum):
    """What somebody wants who looks for a key; the value is the title of a part of the help."""

    MOVE = "Move"
    TICK = "Tick"
    WRITE = "Write"
    PLAN = "Plan"
    SEE = "See"


class RowKind(Enum):
    """What the keys act on now; what is worth most in the footer depends on it."""

    OTHER = "other"
    """Something else than a row of a note, or a single task."""
    HEADING = "heading"
    SELECTION = "selection"
    EMPTY = "empty"
    """There is no row."""


class Command(NamedTuple):
    """What one key does."""

    id: str
    """The name by which the config sets its key."""
    key: str
    """Names of Textual's keys, separated by commas."""
    label: str
    """Two or three words for the footer, the help and the palette."""
    help: str = ""
    """One sentence on what it does; empty if the label is enough."""
    requires: Requires = Requires.NOTHING
    handler: str = ""
    """The function that runs it, `module.function` in `roadtui.ui.commands`."""
    opens: str = ""
    """The screen that it opens, `module.Class` in `roadtui.ui.screens`."""
    action: str = ""
    """The id of the `TaskAction` that it runs. Without a `handler`, a dialog asks for its argument."""
    widget_action: str = ""
    """The action of the widget in `scope` that runs it, in Textual's syntax.

    A command without any of these four runs the widget's `action_<id>`.
    """
    intent: Intent = Intent.SEE
    """The part of the help that lists it."""
    row: str = ""
    """Commands with the same name here share a row of the help; empty for a row of its own."""
    words: str = ""
    """What it says there; empty for the label."""
    footer: int = 0
    """Its rank in the footer; 0: it is not shown there."""
    on_heading: int | None = None
    """Its rank on a heading; None for that of `footer`, as with the next two."""
    on_selection: int | None = None
    """Its rank while rows are selected."""
    when_empty: int | None = None
    """Its rank where there is no row."""
    display: str | None = None
    """How the key is shown; None for Textual's name of it."""
    is_priority: bool = False
    """Whether the key takes precedence over the bindings of the focused widget."""
    is_system: bool = False
    """Whether it is left out of every list, and can't be given another key."""
    scope: Scope = Scope.APP
    """Where the key is bound; `_in` sets it."""

    @property
    def is_about_the_note(self) -> bool:
        """Whether it runs on the selection of the note, and not as an action of a widget."""
        return bool(self.handler or (self.action and not self.widget_action))

    @property
    def _bound_action(self) -> str:
        if self.is_about_the_note:
            return f"screen.command('{self.id}')"
        return f"app.open_screen('{self.opens}')" if self.opens else self.widget_action or self.id

    def rank(self, kind: RowKind) -> int:
        """Its rank in the footer where the keys act on a row of this `kind`; 0: it is not shown there."""
        ranks = {
            RowKind.HEADING: self.on_heading,
            RowKind.SELECTION: self.on_selection,
            RowKind.EMPTY: self.when_empty,
        }
        rank = ranks.get(kind)
        return self.footer if rank is None else rank

    @property
    def binding(self) -> Binding:
        """Its key, as a Textual binding."""
        return Binding(
            self.key,
            self._bound_action,
            self.label,
            id=None if self.is_system else self.id,
            show=any(self.rank(kind) for kind in RowKind),
            tooltip=self.help,
            key_display=self.display,
            priority=self.is_priority,
            system=self.is_system,
        )
