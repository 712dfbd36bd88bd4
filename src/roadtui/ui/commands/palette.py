"""The commands that the palette offers: every one that does something now, with its key."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.binding import ActiveBinding
from textual.screen import Screen

from roadtui.session.find.palette import PaletteCommand
from roadtui.ui.command_table import COMMANDS_BY_ID

_LEFT_OUT = ("palette",)
"""Ids of commands that make no sense in the palette."""


def live_commands(app: App[Any], screen: Screen[Any]) -> dict[PaletteCommand, ActiveBinding]:
    """What the keys of the focused pane of `screen` do, and of all that it is in; in order of the table."""
    enabled = [active for active in screen.active_bindings.values() if active.enabled]
    first = {active.binding.id: active for active in reversed(enabled)}
    return {
        PaletteCommand(
            id,
            command.label[:1].upper() + command.label[1:],
            command.help,
            app.get_key_display(first[id].binding),
        ): first[id]
        for id, command in COMMANDS_BY_ID.items()
        if id in first and id not in _LEFT_OUT
    }
