"""Saves a query as a view, and removes one that was saved. For every place in which a query is typed."""

from __future__ import annotations

from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.terminal_text import display_text
from roadtui.session.find.saved_views import name_problem
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.dialogs.hint_line import InputHint
from roadtui.ui.dialogs.prompt import PromptDialog, PromptSpec
from roadtui.ui.workers import start_worker


async def ask_view_name(context: CommandContext, query: str) -> None:
    """Ask for a name, and save `query` as the view of that name. Replacing another one asks again."""
    views = context.host.views
    asked: list[str] = []

    def hint(text: str) -> InputHint:
        name = " ".join(text.split())
        problem = name_problem(name) if name else ""
        if problem:
            return InputHint(problem, is_wrong=True)
        replaced = views.own_query(name)
        if replaced is not None and replaced != query.strip():
            return InputHint(f"there is such a view: {display_text(replaced)}")
        return InputHint(f"saves {display_text(query.strip())}")

    async def submit(text: str) -> None:
        name = " ".join(text.split())
        replaced = views.own_query(name)
        if replaced not in (None, query.strip()) and name.casefold() not in asked:
            asked.append(name.casefold())
            raise RefusedError(f"“{name}” is {replaced} now. enter replaces it, esc keeps it.")
        await context.host.save_view(name, query)
        context.say(f"Saved as the view “{display_text(name)}”.")

    question = PromptSpec("view ", hint, submit, placeholder="its name")
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


async def save_filter(context: CommandContext) -> None:
    """Ask for a name, and save the filter of the tree as a view of that name."""
    query = context.pane.filter_text.strip()
    if not query:
        raise RefusedError("There is no filter to save: / opens one.")
    await ask_view_name(context, query)


async def ask_removal(context: CommandContext, name: str) -> None:
    """Ask whether to remove the view `name`, and remove it."""

    def remove(_yes: bool) -> None:
        start_worker(context.pane.app, _remove, context, name, group="views")

    question = ConfirmDialog(
        f"Remove the view “{name}”?",
        "remove",
        "keep",
        context.anchor(AnchorPosition.BELOW),
        context.text_styles,
    )
    await context.ask(question, remove)


async def _remove(context: CommandContext, name: str) -> None:
    try:
        await context.host.remove_view(name)
    except RoadtuiError as error:
        context.say(str(error), "error")
    else:
        context.say(f"The view “{display_text(name)}” is removed.")
