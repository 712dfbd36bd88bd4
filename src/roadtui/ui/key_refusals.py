"""Why a key does nothing: its command can't be run now, or is one of another pane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from textual.actions import parse
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from roadtui.ui.command_table import COMMANDS, COMMANDS_BY_ID, Command, Scope
from roadtui.ui.refusal import ExplainsRefusals

PLACES = {
    Scope.TREE: "in the tree",
    Scope.NOTE: "in the tree",
    Scope.SELECTION: "in the tree",
    Scope.OUTLINE: "in the tree",
    Scope.SIDEBAR: "in the list of roadmaps",
    Scope.DASHBOARD: "on the dashboard",
    Scope.PREVIEW: "in the preview",
}
"""Where the commands of the dashboard work, for those who press their keys elsewhere."""

_CLOSES = "escape"
"""The key that closes, drops or deselects whatever is there, so that it is pressed in any pane."""


def key_refusal(app: App[Any], key: str, keys: Mapping[str, str]) -> str | None:
    """What to say about `key`, which was pressed on the screen on top; None where it does something.

    Args:
        app: The program.
        key: Textual's name of it.
        keys: The keys that the config sets, by the id of a command.
    """
    screen = app.screen
    reasons = []
    for node, binding in _bindings_of(app, screen, key, keys):
        reason = _refusal(app, screen, node, binding)
        if reason is None:
            return None
        reasons.append(reason)
    if reasons:
        return next((reason for reason in reversed(reasons) if reason), None)
    if screen.is_modal:
        return None
    return "There is nothing to close." if key == _CLOSES else _works_elsewhere(app, screen, key, keys)


def _bindings_of(
    app: App[Any], screen: Screen[Any], key: str, keys: Mapping[str, str]
) -> Iterator[tuple[DOMNode, Binding]]:
    """What `key` is bound to, the innermost first, with the widgets that bind it."""
    focused = screen.focused or screen
    for node in focused.ancestors_with_self:
        if node is app and screen.is_modal:
            return
        for binding in getattr(type(node), "BINDINGS", ()):
            if isinstance(binding, Binding) and key in _keys(binding.id, binding.key, keys):
                yield node, binding


def _keys(id: str | None, key: str, keys: Mapping[str, str]) -> Iterable[str]:
    return (one.strip() for one in keys.get(id or "", key).split(","))


def _refusal(app: App[Any], screen: Screen[Any], node: DOMNode, binding: Binding) -> str | None:
    """Why the action of `binding` can't be run: empty where that is not known, None where it can."""
    namespace, name, parameters = parse(binding.action)
    target = {"app": app, "screen": screen}.get(namespace, node)
    if isinstance(target, ExplainsRefusals):
        return target.refusal(name, parameters)
    return None if target.check_action(name, parameters) else ""


def _works_elsewhere(app: App[Any], screen: Screen[Any], key: str, keys: Mapping[str, str]) -> str | None:
    """Where on the dashboard `key` does something; None for a key that does nothing there either."""
    found = (
        command
        for command in COMMANDS
        if command.scope in PLACES and key in _keys(command.id, command.key, keys)
    )
    command = next(found, None)
    if command is None or not _is_typed(key):
        return None
    if command.action and isinstance(screen, ExplainsRefusals):
        reason = screen.refusal("edit", ())
        if reason is not None:
            return reason
    return f"{_shown(app, command, key)} ({command.label}) works {PLACES[command.scope]}."


def _is_typed(key: str) -> bool:
    """Whether `key` is a letter or a sign: others, such as page up, are pressed for what they say."""
    return len(key) == 1 or key in ("space", "enter") or "_" in key


def _shown(app: App[Any], command: Command, key: str) -> str:
    return app.get_key_display(COMMANDS_BY_ID[command.id].binding) if len(key) > 1 else key
