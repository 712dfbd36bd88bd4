"""Every command of the program, declared once: its id, its key, what it does, and where its key is bound.

Bindings, footer, help, palette, the check of the config's `[keys]`, `docs/keys.md`, the README's table and
`roadtui keys` are made from this table. It imports no handler: a handler is imported by its name when a key
first needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    SIDEBAR = "Roadmaps"
    PROGRESS = "Progress"
    EMPTY_STATE = "Empty note"
    OVERLAY = "Screens on top of the dashboard"
    NEXT_ACTIONS = "Next"
    FOCUS = "Focus"
    INSIGHTS = "Insights"
    INSIGHTS_PAGE = "Insights, the page"
    TIME_MACHINE = "Time machine"
    READ_ONLY_TREE = "Time machine, the tree"
    VAULT_PICKER = "Choosing a vault"
    TOO_SMALL = "Terminal too small"
    DIALOG = "Every dialog"
    LINE_INPUT = "Line of text"
    PROMPT = "Prompt"
    MENU = "Menu"
    FINDER = "Finder"
    CONFIRM = "Question"


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
    footer: int = 0
    """Its priority in the footer; 0: it is not shown there."""
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

    @property
    def binding(self) -> Binding:
        """Its key, as a Textual binding."""
        return Binding(
            self.key,
            self._bound_action,
            self.label,
            id=None if self.is_system else self.id,
            show=self.footer > 0,
            tooltip=self.help,
            key_display=self.display,
            priority=self.is_priority,
            system=self.is_system,
        )


def _in(scope: Scope, *commands: Command) -> tuple[Command, ...]:
    """`commands`, put into `scope`."""
    return tuple(command._replace(scope=scope) for command in commands)


# fmt: off
COMMANDS = (
    # Tasks and headings.
    *_in(Scope.TREE,
        Command("tick", "space", "tick", "Tick or untick the task under the cursor",
                widget_action="toggle_task", action="tick", footer=95),
        # On one key: the first is offered where the row has a link, the second elsewhere.
        Command("follow_link", "enter", "open link", "Follow the link of this row, or choose one of several",
                requires=Requires.LINK, handler="links.follow", footer=91),
        Command("toggle_fold", "enter", "fold", "Fold or unfold, where the row has no link", footer=90),
    ),
    *_in(Scope.NOTE,
        Command("status", "s", "status", "Choose among the statuses of this vault",
                requires=Requires.TASK, handler="status.status", action="status", footer=85),
        Command("add", "a", "add", "A task behind this one; below a heading the first",
                requires=Requires.NOTE, handler="text.add", action="add", footer=80),
        Command("edit", "e", "edit", "Change the words in place",
                requires=Requires.ROW, handler="text.edit", action="text", footer=75),
        Command("due", "D", "due", "The day it has to be done by: fri, +2w, 1 dec",
                requires=Requires.TASK, action="due", footer=70),
        Command("tick_all", "shift+space,ctrl+@", "tick with all below", "Tick it with every task below it",
                requires=Requires.TASK, handler="status.tick_all", action="toggle_all", display="⇧space"),
        Command("cycle", "x", "next status", "Go to the status that follows in this vault",
                requires=Requires.TASK, handler="status.cycle", action="cycle"),
        Command("doing", "w", "in progress", "Say that you are working on it",
                requires=Requires.TASK, handler="status.doing", action="doing"),
        Command("cancel", "X", "drop", "Cancel it: it leaves the count and stays in the note",
                requires=Requires.TASK, handler="status.cancel", action="cancel"),
        Command("add_inside", "A", "add below", "A task inside this one; below a heading the last",
                requires=Requires.NOTE, handler="text.add_inside", action="child"),
        Command("add_section", "H", "add heading", "A heading behind this section, as deep as it",
                requires=Requires.NOTE, handler="text.add_section", action="section"),
        Command("split", "vertical_line", "split", "Make several tasks of one",
                requires=Requires.TASK, handler="text.split", action="split", display="|"),
        Command("delete", "d", "delete", "Delete it with all in it; asks where that is more than a line",
                requires=Requires.ROW, handler="structure.delete", action="delete"),
        Command("move_down", "J", "move down", "Change places with the next one",
                requires=Requires.ITEM, action="down"),
        Command("move_up", "K", "move up", "Change places with the one before",
                requires=Requires.ITEM, action="up"),
        Command("indent", "greater_than_sign", "indent", "Put it inside the one above",
                requires=Requires.ITEM, action="indent", display=">"),
        Command("outdent", "less_than_sign", "outdent", "Put it behind its parent",
                requires=Requires.ITEM, action="outdent", display="<"),
        Command("refile", "r", "move to…", "To another place, in this note or another",
                requires=Requires.ITEM, handler="structure.refile", action="move_to"),
        Command("scheduled", "S", "schedule", "The day you mean to do it",
                requires=Requires.TASK, action="scheduled"),
        Command("start_date", "W", "start date", "The day from which it can be done",
                requires=Requires.TASK, action="start"),
        Command("priority", "p", "priority", "How much it matters",
                requires=Requires.TASK, action="priority"),
        Command("repeat", "R", "repeat", "When it comes again: every 2 weeks, every month on the 1st",
                requires=Requires.TASK, action="repeat"),
        Command("tags", "t", "tags", "Add tags, or take them away",
                requires=Requires.TASK, handler="text.tags", action="tag"),
        Command("depends", "b", "blocked by…", "Find the task that has to be done first",
                requires=Requires.TASK, handler="structure.depends", action="wait_for"),
        Command("copy", "y", "copy", "Copy as Markdown, with all below",
                requires=Requires.ITEM, handler="structure.copy", action="copy"),
        Command("paste", "P", "paste", "What was copied, below this row",
                requires=Requires.NOTE, handler="structure.paste", action="paste"),
    ),
    # In every pane of the dashboard.
    *_in(Scope.DASHBOARD,
        Command("next_pane", "tab", "next pane", "Give the keys to the next pane",
                widget_action="next_pane(1)", footer=65),
        Command("previous_pane", "shift+tab", "previous pane", "Give the keys to the pane before",
                widget_action="next_pane(-1)"),
        Command("next", "n", "next", "All that can be done next, and why",
                opens="next_actions.NextActionsScreen", footer=60),
        Command("focus", "f", "focus", "One task alone, with a timer", opens="focus.FocusScreen", footer=55),
        Command("past", "T", "look back", "The notes as git has them of an earlier day",
                opens="time_machine.TimeMachineScreen"),
        Command("go_back", "backspace,alt+left", "back", "Go back to where you were before the last jump"),
        Command("go_forward", "F,alt+right", "forward", "Go forward again, after going back"),
        Command("obsidian", "o", "Obsidian", "Open the note in Obsidian, at this heading or block",
                handler="open_outside.open_note_in_obsidian"),
        Command("editor", "E", "editor", "Open the note at this line in $VISUAL or $EDITOR",
                handler="open_outside.edit_note"),
        Command("capture", "c", "capture", "Write a task down in the inbox note",
                handler="text.capture", action="capture"),
    ),
    *_in(Scope.APP,
        Command("undo", "u", "undo", "Take the last change back", footer=50),
        Command("redo", "ctrl+r", "redo", "Make it again"),
        Command("insights", "i", "insights", "How it went, and when it will be done",
                opens="insights.InsightsScreen", footer=45),
        Command("quit", "q", "quit", "Leave; everything is saved already", footer=40),
        Command("help", "question_mark", "help", "Keys of this pane",
                widget_action="toggle_help", footer=20, display="?"),
        Command("palette", "ctrl+p", "palette", "Find a command by its name",
                widget_action="command_palette", footer=10, display="^p", is_priority=True),
        Command("suspend", "ctrl+z", "suspend", "Back with `fg`"),
        Command("close", "escape", "close", "Close the help", widget_action="close_help"),
        Command("quit_always", "ctrl+q", "quit", "Leave, whatever has the keys",
                widget_action="quit", is_priority=True, is_system=True),
        Command("interrupt", "ctrl+c", "quit", "Leave, as in every terminal",
                widget_action="quit", is_system=True),
    ),
    # Selecting, folding and moving.
    *_in(Scope.SELECTION,
        Command("mark", "m", "mark", "Mark this row and go to the next"),
        Command("mark_range", "M", "mark to here", "From the last mark on"),
        Command("unmark", "escape", "unmark all", widget_action="clear_marks", footer=88),
    ),
    *_in(Scope.OUTLINE,
        Command("fold", "h,left", "fold", "Fold, or go to the parent"),
        Command("unfold", "l,right", "unfold", "Unfold, or go to the first child"),
        Command("fold_all", "z", "fold all"),
        Command("unfold_all", "Z", "unfold all"),
        Command("next_section", "right_square_bracket", "next section", widget_action="section(1)"),
        Command("previous_section", "left_square_bracket", "previous section", widget_action="section(-1)"),
    ),
    *_in(Scope.LIST,
        Command("down", "j,down", "down", widget_action="move(1)"),
        Command("up", "k,up", "up", widget_action="move(-1)"),
        Command("first", "g,home", "first row", widget_action="move_to_first"),
        Command("last", "G,end", "last row", widget_action="move_to_last"),
        Command("half_page_down", "ctrl+d", "half a page down", widget_action="move_half(1)"),
        Command("half_page_up", "ctrl+u", "half a page up", widget_action="move_half(-1)"),
        Command("page_down", "pagedown", "page down", widget_action="move_page(1)"),
        Command("page_up", "pageup", "page up", widget_action="move_page(-1)"),
    ),
    # The other panes.
    *_in(Scope.SIDEBAR,
        Command("open", "enter,l,right", "open", "Go to the tree, or to the task", footer=90),
    ),
    *_in(Scope.PROGRESS,
        Command("progress_down", "j,down", "down", widget_action="scroll_down"),
        Command("progress_up", "k,up", "up", widget_action="scroll_up"),
        Command("progress_top", "g,home", "top", widget_action="scroll_home"),
        Command("progress_bottom", "G,end", "bottom", widget_action="scroll_end"),
    ),
    *_in(Scope.EMPTY_STATE,
        Command("open_link", "enter,l,right", "open", "Go to the roadmap", widget_action="open", footer=90),
    ),
    # Screens on top of the dashboard.
    *_in(Scope.OVERLAY,
        Command("leave", "escape", "back", "Go back", footer=72, display="esc"),
    ),
    *_in(Scope.NEXT_ACTIONS,
        Command("next_tick", "space", "tick", "Tick the task",
                widget_action="tick", action="tick", footer=95),
        Command("next_open", "enter,l,right", "open", "Go to it",
                widget_action="open", footer=90, display="enter"),
        Command("next_focus", "f", "focus", "Work on it alone", widget_action="focus_task", footer=85),
    ),
    *_in(Scope.FOCUS,
        Command("focus_done", "space", "done", "Tick it and go on to the next",
                widget_action="done", action="tick", footer=95),
        Command("focus_skip", "s", "skip", "Go on to the next, leave this one open",
                widget_action="skip", footer=90),
        Command("focus_pause", "p", "pause", "Stop the time, or let it go on",
                widget_action="pause", footer=85),
        Command("focus_step", "a", "add step", "A smaller task inside it",
                handler="text.add_inside", action="child", footer=80),
        Command("focus_link", "enter,o", "open link", "Go to the note it links to",
                widget_action="open_link", footer=65),
        Command("focus_next_link", "j,down,tab", "next link", widget_action="choose_link(1)"),
        Command("focus_previous_link", "k,up,shift+tab", "previous link", widget_action="choose_link(-1)"),
    ),
    *_in(Scope.INSIGHTS,
        Command("insights_close", "escape,i,q", "back", "Go back",
                widget_action="close", footer=95, display="esc"),
        Command("insights_next", "j,down,tab", "next", "Go to the next picture",
                widget_action="step(1)", footer=90, display="j"),
        Command("insights_previous", "k,up,shift+tab", "previous", "Go to the picture before",
                widget_action="step(-1)"),
        Command("insights_vault", "v", "vault", "Of the whole vault",
                widget_action="scope('VAULT')", footer=85),
        Command("insights_note", "n", "note", "Of the note", widget_action="scope('NOTE')", footer=85),
        Command("insights_section", "s", "section", "Of the section or parent under the cursor",
                widget_action="scope('PART')", footer=85),
        Command("insights_month", "1", "1 month", widget_action="span('MONTH')"),
        Command("insights_quarter", "3", "3 months", widget_action="span('QUARTER')"),
        Command("insights_half", "6", "6 months", widget_action="span('HALF')"),
        Command("insights_year", "y", "a year", widget_action="span('YEAR')"),
        Command("insights_all", "a", "all", widget_action="span('ALL')"),
        Command("insights_tables", "t", "tables", "The same as plain tables",
                widget_action="toggle_tables", footer=80),
    ),
    *_in(Scope.INSIGHTS_PAGE,
        Command("insights_page_down", "ctrl+d,pagedown", "page down", widget_action="page(1)"),
        Command("insights_page_up", "ctrl+u,pageup", "page up", widget_action="page(-1)"),
        Command("insights_top", "g,home", "top", widget_action="go_to_top"),
        Command("insights_bottom", "G,end", "bottom", widget_action="go_to_end"),
    ),
    *_in(Scope.TIME_MACHINE,
        Command("past_earlier", "left_square_bracket", "earlier", "The day with changes before",
                widget_action="step(-1)", footer=95, display="["),
        Command("past_later", "right_square_bracket", "later", "The day with changes after",
                widget_action="step(1)", footer=90, display="]"),
        Command("past_next_pane", "tab,shift+tab", "next pane", widget_action="app.focus_next"),
    ),
    *_in(Scope.READ_ONLY_TREE,
        Command("past_fold", "h,left", "fold", "Fold, or go to the parent", widget_action="fold"),
        Command("past_unfold", "l,right", "unfold", "Unfold, or go to the first child",
                widget_action="unfold"),
        Command("past_toggle_fold", "enter", "fold", "Fold or unfold", widget_action="toggle_fold"),
        Command("past_fold_all", "z", "fold all", widget_action="fold_all"),
        Command("past_unfold_all", "Z", "unfold all", widget_action="unfold_all"),
    ),
    *_in(Scope.VAULT_PICKER,
        Command("pick_quit", "escape,ctrl+q", "leave", "Leave without a vault",
                widget_action="quit", footer=30, display="esc"),
        Command("pick_next", "tab", "list / folder", "Go to the list, or to the line for a folder",
                widget_action="app.focus_next", footer=90),
    ),
    *_in(Scope.TOO_SMALL,
        Command("too_small_quit", "q", "quit", widget_action="app.quit"),
    ),
    # Dialogs.
    *_in(Scope.DIALOG,
        Command("dialog_cancel", "escape", "cancel", "Close it; nothing is changed",
                widget_action="cancel", footer=30, display="esc"),
    ),
    *_in(Scope.LINE_INPUT,
        Command("input_submit", "enter", "done", widget_action="submit", footer=95, display="enter"),
    ),
    *_in(Scope.PROMPT,
        Command("prompt_another", "down,ctrl+j", "and another", "Take the line and ask for one more",
                widget_action="submit_and_go_on", footer=90, display="↓"),
    ),
    *_in(Scope.MENU,
        Command("menu_choose", "enter,space", "choose", widget_action="choose", footer=95, display="enter"),
    ),
    *_in(Scope.FINDER,
        Command("finder_next", "down,ctrl+j,ctrl+n", "next", widget_action="move(1)", footer=85, display="↓"),
        Command("finder_previous", "up,ctrl+p", "previous", widget_action="move(-1)", footer=80, display="↑"),
        Command("finder_page_down", "pagedown", "page down", widget_action="move(8)"),
        Command("finder_page_up", "pageup", "page up", widget_action="move(-8)"),
    ),
    *_in(Scope.CONFIRM,
        Command("confirm_yes", "y,enter", "yes", widget_action="say_yes", footer=95, display="y"),
        Command("confirm_no", "n", "no", widget_action="cancel", footer=90),
    ),
)
# fmt: on
"""In the order in which lists of keys show them."""

COMMANDS_BY_ID = {command.id: command for command in COMMANDS}

FOCUS_CHAINS = (
    (Scope.TREE, Scope.SELECTION, Scope.OUTLINE, Scope.LIST, Scope.NOTE, Scope.DASHBOARD, Scope.APP),
    (Scope.SIDEBAR, Scope.LIST, Scope.DASHBOARD, Scope.APP),
    (Scope.PROGRESS, Scope.DASHBOARD, Scope.APP),
    (Scope.EMPTY_STATE, Scope.LIST, Scope.NOTE, Scope.DASHBOARD, Scope.APP),
    (Scope.NEXT_ACTIONS, Scope.LIST, Scope.OVERLAY, Scope.APP),
    (Scope.FOCUS, Scope.OVERLAY, Scope.APP),
    (Scope.INSIGHTS_PAGE, Scope.INSIGHTS, Scope.APP),
    (Scope.READ_ONLY_TREE, Scope.LIST, Scope.TIME_MACHINE, Scope.OVERLAY, Scope.APP),
    (Scope.SIDEBAR, Scope.LIST, Scope.TIME_MACHINE, Scope.OVERLAY, Scope.APP),
)
"""The scopes in which a key is looked for, innermost first, for each widget that can have the focus.

Dialogs are modal: only their own keys are bound there."""


def commands_in(*scopes: Scope) -> tuple[Command, ...]:
    """The commands that are bound in `scopes`, one scope after the other."""
    return tuple(command for scope in scopes for command in COMMANDS if command.scope is scope)


def bindings_in(*scopes: Scope) -> list[Binding]:
    """The bindings of a widget: of the commands in `scopes`, in that order."""
    return [command.binding for command in commands_in(*scopes)]


def bindings_of(ids: Iterable[str]) -> list[Binding]:
    """The bindings of the commands `ids`, for a widget outside their own scope."""
    return [COMMANDS_BY_ID[id].binding for id in ids]
