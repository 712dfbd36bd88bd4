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
    FILTER = "While a filter is on"
    FILTER_LINE = "Filter line"
    SIDEBAR = "Roadmaps"
    PROGRESS = "Progress"
    PREVIEW = "Preview"
    EMPTY_STATE = "Empty note"
    OVERLAY = "Screens on top of the dashboard"
    NEXT_ACTIONS = "Next"
    LINK_MAP = "Links"
    FIND = "Find"
    FIND_LINE = "Find, the query"
    FIND_RESULTS = "Find, the results"
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


WAITING_ROUND = "waiting round"
"""Stands for focus on the round that waits, where a screen is named."""


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
        Command("add", "a", "add", "Add a task after this one; on a heading, its first task",
                requires=Requires.NOTE, handler="text.add", action="add", footer=80),
        Command("edit", "e", "edit", "Edit the text in place",
                requires=Requires.ROW, handler="text.edit", action="text", footer=75),
        Command("due", "D", "due", "Set the day it is due: fri, +2w, 1 dec",
                requires=Requires.TASK, action="due", footer=70),
        Command("tick_all", "shift+space,ctrl+@", "tick with subtasks", "Tick it and every task inside it",
                requires=Requires.TASK, handler="status.tick_all", action="toggle_all", display="⇧space"),
        Command("cycle", "x", "next status", "Set the next status of this vault",
                requires=Requires.TASK, handler="status.cycle", action="cycle"),
        Command("doing", "w", "in progress", "Mark it as in progress",
                requires=Requires.TASK, handler="status.doing", action="doing"),
        Command("cancel", "X", "drop", "Cancel it: it stays in the note, but is not counted",
                requires=Requires.TASK, handler="status.cancel", action="cancel"),
        Command("add_inside", "A", "add below", "Add a task inside this one; on a heading, its last task",
                requires=Requires.NOTE, handler="text.add_inside", action="child"),
        Command("add_section", "H", "add heading", "Add a heading of the same level after this section",
                requires=Requires.NOTE, handler="text.add_section", action="section"),
        Command("split", "vertical_line", "split", "Split it into several tasks",
                requires=Requires.TASK, handler="text.split", action="split", display="|"),
        Command("delete", "d", "delete", "Delete it with all inside it; asks if that is more than a line",
                requires=Requires.ROW, handler="structure.delete", action="delete"),
        Command("move_down", "J", "move down", "Swap it with the next one",
                requires=Requires.ITEM, handler="structure.move_down", action="down"),
        Command("move_up", "K", "move up", "Swap it with the previous one",
                requires=Requires.ITEM, handler="structure.move_up", action="up"),
        Command("indent", "greater_than_sign", "indent", "Nest it in the one above",
                requires=Requires.ITEM, action="indent", display=">"),
        Command("outdent", "less_than_sign", "outdent", "Move it out, after its parent",
                requires=Requires.ITEM, action="outdent", display="<"),
        Command("refile", "r", "move to…", "Move it elsewhere, in this note or another",
                requires=Requires.ITEM, handler="structure.refile", action="move_to"),
        Command("scheduled", "S", "schedule", "Set the day you plan to do it",
                requires=Requires.TASK, action="scheduled"),
        Command("start_date", "W", "start date", "Set the day from which it can be done",
                requires=Requires.TASK, action="start"),
        Command("priority", "p", "priority", "Set its priority",
                requires=Requires.TASK, action="priority"),
        Command("repeat", "R", "repeat", "Set how it repeats: every 2 weeks, every month on the 1st",
                requires=Requires.TASK, action="repeat"),
        Command("tags", "t", "tags", "Add or remove tags",
                requires=Requires.TASK, handler="text.tags", action="tag"),
        Command("depends", "b", "blocked by…", "Choose the task that has to be done first",
                requires=Requires.TASK, handler="structure.depends", action="wait_for"),
        Command("copy", "y", "copy", "Copy it as Markdown, with all inside it",
                requires=Requires.ITEM, handler="structure.copy", action="copy"),
        Command("paste", "P", "paste", "Paste what was copied, below this row",
                requires=Requires.NOTE, handler="structure.paste", action="paste"),
    ),
    # In every pane of the dashboard.
    *_in(Scope.DASHBOARD,
        Command("next_pane", "tab", "next pane", "Focus the next pane",
                widget_action="next_pane(1)", footer=65),
        Command("previous_pane", "shift+tab", "previous pane", "Focus the previous pane",
                widget_action="next_pane(-1)"),
        Command("filter", "slash", "filter", "Show only what matches: words, is:open, due:<fri, #tag",
                widget_action="filter", footer=68, display="/"),
        Command("find", "ctrl+f", "find", "Find tasks, headings and notes in the whole vault",
                opens="find.FindScreen", footer=67, display="^f"),
        *(Command(f"view_{number}", str(number), f"view {number}", "Open the saved view of this number",
                  widget_action=f"app.open_view({number})") for number in range(1, 10)),
        Command("next", "n", "next", "Show all that can be done next, and why",
                opens="next_actions.NextActionsScreen", footer=60),
        Command("focus", "f", "focus", "Show one task alone, with a timer",
                opens="focus.FocusScreen", footer=55),
        Command("focus_back", "C", "back to the round", "Go on with the round of focus that waits",
                widget_action=f"app.open_screen('{WAITING_ROUND}')"),
        Command("links", "ctrl+g", "links", "Show which roadmap links where, and how far each is",
                opens="link_map.LinkMapScreen", display="^g"),
        Command("preview", "v", "preview", "Show the rendered note beside the tree",
                widget_action="toggle_preview", footer=52),
        Command("past", "T", "look back", "Show the notes of an earlier day, from git",
                opens="time_machine.TimeMachineScreen"),
        Command("go_back", "backspace,alt+left", "back", "Go back to where you were before the last jump"),
        Command("go_forward", "F,alt+right", "forward", "Go forward again, after going back"),
        Command("obsidian", "o", "Obsidian", "Open the note in Obsidian, at this heading or block",
                handler="open_outside.open_note_in_obsidian"),
        Command("editor", "E", "editor", "Open the note at this line in $VISUAL or $EDITOR",
                handler="open_outside.edit_note"),
        Command("backlinks", "B", "backlinks", "List the lines that link to this note",
                handler="backlinks.backlinks"),
        Command("capture", "c", "capture", "Add a task to the inbox note",
                handler="text.capture", action="capture"),
    ),
    *_in(Scope.APP,
        Command("undo", "u", "undo", "Undo the last change", footer=50),
        Command("redo", "ctrl+r", "redo", "Redo the change that was undone last"),
        Command("insights", "i", "insights", "Show statistics and the forecast",
                opens="insights.InsightsScreen", footer=45),
        Command("quit", "q", "quit", "Quit; everything is saved already", footer=40),
        Command("help", "question_mark", "help", "Show the keys of this pane",
                widget_action="toggle_help", footer=20, display="?"),
        Command("palette", "ctrl+p", "palette", "Find a command by its name",
                widget_action="command_palette", footer=10, display="^p", is_priority=True),
        Command("suspend", "ctrl+z", "suspend", "Go to the background; `fg` brings it back"),
        Command("messages", "ctrl+l", "messages", "Read the last messages again", display="^l"),
        Command("close", "escape", "close", "Close the help", widget_action="close_help"),
        Command("quit_always", "ctrl+q", "quit", "Quit, whatever has the focus",
                widget_action="quit", is_priority=True, is_system=True),
        Command("interrupt", "ctrl+c", "quit", "Quit, as in other programs",
                widget_action="quit", is_system=True),
    ),
    # Selecting, folding and moving.
    *_in(Scope.SELECTION,
        Command("mark", "m", "select", "Select this row and go to the next"),
        Command("mark_range", "M", "select to here", "Select the rows from the last selected one to here"),
        Command("unmark", "escape", "deselect", widget_action="clear_marks", footer=88),
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
    # Filtering.
    *_in(Scope.FILTER,
        Command("filter_next", "n", "next hit", "Go to the next hit of the filter",
                widget_action="filter_step(1)", footer=89),
        Command("filter_previous", "N", "previous hit", "The hit before", widget_action="filter_step(-1)"),
        Command("filter_drop", "escape", "drop filter", "Show all again, as it was before",
                widget_action="drop_filter", footer=87, display="esc"),
        Command("filter_save", "ctrl+s", "save view", "Save the filter as a view, with a name",
                handler="views.save_filter", display="^s"),
    ),
    *_in(Scope.FILTER_LINE,
        Command("filter_enter", "enter", "go there", "Go to the hit under the cursor",
                widget_action="enter", footer=95, display="enter"),
        Command("filter_complete", "tab", "complete", "Take the completion that is lit, then the next",
                widget_action="complete(1)", footer=90),
        Command("filter_complete_previous", "shift+tab", "complete back", "Take the completion before",
                widget_action="complete(-1)"),
        Command("filter_down", "down", "next hit", "Go to the next hit",
                widget_action="step(1)", footer=85, display="↓"),
        Command("filter_up", "up", "previous hit", "Go to the hit before",
                widget_action="step(-1)", footer=80, display="↑"),
        Command("filter_cancel", "escape", "drop", "Show all again, as it was before",
                widget_action="drop", footer=75, display="esc"),
        Command("filter_line_save", "ctrl+s", "save view", "Save the filter as a view, with a name",
                widget_action="screen.command('filter_save')", footer=60, display="^s"),
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
    *_in(Scope.PREVIEW,
        Command("preview_follow", "enter", "follow link", "Go where the chosen link leads",
                widget_action="follow_link", footer=90),
        Command("preview_next_link", "right_square_bracket,l,right", "next link",
                widget_action="choose_link(1)", footer=85),
        Command("preview_previous_link", "left_square_bracket,h,left", "previous link",
                widget_action="choose_link(-1)"),
        Command("preview_down", "j,down", "down", widget_action="scroll_rows(1)"),
        Command("preview_up", "k,up", "up", widget_action="scroll_rows(-1)"),
        Command("preview_top", "g,home", "top", widget_action="go_to_top"),
        Command("preview_bottom", "G,end", "bottom", widget_action="go_to_end"),
        Command("preview_half_page_down", "ctrl+d", "half a page down", widget_action="scroll_half(1)"),
        Command("preview_half_page_up", "ctrl+u", "half a page up", widget_action="scroll_half(-1)"),
        Command("preview_page_down", "pagedown", "page down", widget_action="scroll_pages(1)"),
        Command("preview_page_up", "pageup", "page up", widget_action="scroll_pages(-1)"),
        Command("preview_close", "escape", "close", "Close the preview",
                widget_action="close_preview", footer=72, display="esc"),
    ),
    *_in(Scope.EMPTY_STATE,
        Command("open_link", "enter,l,right", "open", "Go to the roadmap", widget_action="open", footer=90),
    ),
    # Screens on top of the dashboard.
    *_in(Scope.OVERLAY,
        Command("leave", "escape", "back", "Go back", footer=89, display="esc"),
    ),
    *_in(Scope.NEXT_ACTIONS,
        Command("next_tick", "space", "tick", "Tick the task",
                widget_action="tick", action="tick", footer=95),
        Command("next_open", "enter,l,right", "open", "Go to it",
                widget_action="open", footer=90, display="enter"),
        Command("next_focus", "f", "focus", "Show it alone, with a timer",
                widget_action="focus_task", footer=85),
    ),
    *_in(Scope.LINK_MAP,
        Command("links_open", "enter", "open", "Go to the note",
                widget_action="open", footer=90, display="enter"),
    ),
    *_in(Scope.FIND,
        Command("find_save", "ctrl+s", "save view", "Save the query as a view, with a name",
                widget_action="save_view", footer=60, display="^s"),
        Command("find_remove", "f8", "remove view", "Remove the view with this query, which you saved",
                widget_action="remove_view", footer=58),
    ),
    *_in(Scope.FIND_LINE,
        Command("find_go", "enter", "go there", "Go to the result under the cursor",
                widget_action="open", footer=95, display="enter"),
        Command("find_into_results", "down", "results", "Go on in the results",
                widget_action="into_results", footer=88, display="↓"),
        Command("find_complete", "tab", "complete", "Take the first completion, then the next",
                widget_action="complete(1)", footer=85),
        Command("find_complete_previous", "shift+tab", "complete back", "Take the completion before",
                widget_action="complete(-1)"),
        Command("find_page_down", "pagedown", "page down", widget_action="move_page(1)"),
        Command("find_page_up", "pageup", "page up", widget_action="move_page(-1)"),
    ),
    *_in(Scope.FIND_RESULTS,
        Command("find_tick", "space", "tick", "Tick or untick the task, or those that are marked",
                widget_action="tick", action="tick", footer=95),
        Command("find_open", "enter,l,right", "open", "Go to it",
                widget_action="open", footer=94, display="enter"),
        Command("find_mark", "m", "mark", "Mark this task and go to the next",
                widget_action="mark", footer=80),
        Command("find_unmark", "escape", "unmark all", widget_action="clear_marks", footer=88),
        Command("find_focus", "f", "focus", "Work on it alone", widget_action="focus_task"),
        Command("find_line", "tab,slash", "query", "Go back to the query",
                widget_action="to_line", footer=75, display="tab"),
    ),
    *_in(Scope.FOCUS,
        Command("focus_done", "space", "done", "Tick it and go on to the next",
                widget_action="done", action="tick", footer=95),
        Command("focus_skip", "s", "skip", "Skip it: leave it open and go on to the next",
                widget_action="skip", footer=90),
        Command("focus_pause", "p", "pause", "Pause or resume the timer",
                widget_action="pause", footer=85),
        Command("focus_step", "a", "add step", "Add a smaller task inside it",
                handler="text.add_inside", action="child", footer=80),
        Command("focus_link", "enter,o", "open link", "Go to the note it links to",
                widget_action="open_link", footer=65),
        Command("focus_next_link", "j,down,tab", "next link", widget_action="choose_link(1)"),
        Command("focus_previous_link", "k,up,shift+tab", "previous link", widget_action="choose_link(-1)"),
    ),
    *_in(Scope.INSIGHTS,
        Command("insights_close", "escape,i,q", "back", "Go back",
                widget_action="close", footer=95, display="esc"),
        Command("insights_next", "j,down,tab", "next", "Go to the next chart",
                widget_action="step(1)", footer=90, display="j"),
        Command("insights_previous", "k,up,shift+tab", "previous", "Go to the previous chart",
                widget_action="step(-1)"),
        Command("insights_vault", "v", "vault", "Show the whole vault",
                widget_action="scope('VAULT')", footer=85),
        Command("insights_note", "n", "note", "Show the note", widget_action="scope('NOTE')", footer=85),
        Command("insights_section", "s", "section", "Show the section or parent under the cursor",
                widget_action="scope('SECTION')", footer=85),
        Command("insights_month", "1", "1 month", widget_action="span('MONTH')"),
        Command("insights_quarter", "3", "3 months", widget_action="span('QUARTER')"),
        Command("insights_half", "6", "6 months", widget_action="span('HALF')"),
        Command("insights_year", "y", "a year", widget_action="span('YEAR')"),
        Command("insights_all", "a", "all", widget_action="span('ALL')"),
        Command("insights_tables", "t", "tables", "Show tables instead of charts",
                widget_action="toggle_tables", footer=80),
    ),
    *_in(Scope.INSIGHTS_PAGE,
        Command("insights_page_down", "ctrl+d,pagedown", "page down", widget_action="page(1)"),
        Command("insights_page_up", "ctrl+u,pageup", "page up", widget_action="page(-1)"),
        Command("insights_top", "g,home", "top", widget_action="go_to_top"),
        Command("insights_bottom", "G,end", "bottom", widget_action="go_to_end"),
    ),
    *_in(Scope.TIME_MACHINE,
        Command("past_earlier", "left_square_bracket", "earlier", "Go to the previous day with changes",
                widget_action="step(-1)", footer=95, display="["),
        Command("past_later", "right_square_bracket", "later", "Go to the next day with changes",
                widget_action="step(1)", footer=90, display="]"),
        Command("past_next_pane", "tab,shift+tab", "next pane", widget_action="app.focus_next"),
    ),
    *_in(Scope.READ_ONLY_TREE,
        Command("past_fold", "h,left", "fold", "Fold, or go to the parent", widget_action="fold"),
        Command("past_unfold", "l,right", "unfold", "Unfold, or go to its child", widget_action="unfold"),
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
        Command("prompt_another", "down,ctrl+j", "and another", "Submit the line and ask for another",
                widget_action="submit_and_go_on", footer=90, display="↓"),
        Command("prompt_take_date", "tab", "take the date", "Make the day at the end its due date",
                widget_action="take_offer", footer=85),
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
        Command("confirm_yes", "y", "yes", widget_action="say_yes", footer=95),
        Command("confirm_no", "n", "no", widget_action="cancel", footer=90),
        Command("confirm_choose", "enter", "choose", widget_action="choose", footer=85, display="enter"),
    ),
)
# fmt: on
"""In the order in which lists of keys show them."""

COMMANDS_BY_ID = {command.id: command for command in COMMANDS}

FOCUS_CHAINS = (
    (
        Scope.TREE,
        Scope.SELECTION,
        Scope.OUTLINE,
        Scope.LIST,
        Scope.FILTER,
        Scope.NOTE,
        Scope.DASHBOARD,
        Scope.APP,
    ),
    (Scope.FILTER_LINE, Scope.APP),
    (Scope.SIDEBAR, Scope.LIST, Scope.DASHBOARD, Scope.APP),
    (Scope.PROGRESS, Scope.DASHBOARD, Scope.APP),
    (Scope.PREVIEW, Scope.DASHBOARD, Scope.APP),
    (Scope.EMPTY_STATE, Scope.LIST, Scope.NOTE, Scope.DASHBOARD, Scope.APP),
    (Scope.NEXT_ACTIONS, Scope.LIST, Scope.OVERLAY, Scope.APP),
    (Scope.LINK_MAP, Scope.OUTLINE, Scope.LIST, Scope.OVERLAY, Scope.APP),
    (Scope.FIND_LINE, Scope.FIND, Scope.OVERLAY, Scope.APP),
    (Scope.FIND_RESULTS, Scope.LIST, Scope.FIND, Scope.OVERLAY, Scope.APP),
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
