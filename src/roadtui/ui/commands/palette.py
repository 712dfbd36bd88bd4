"""Every command that can be given now, in the command palette, with its key."""

from __future__ import annotations

from functools import partial

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from typing_extensions import override

from roadtui.ui.command_table import COMMANDS_BY_ID, Command

_LEFT_OUT = ("palette",)
"""Ids of commands that make no sense in the palette."""


class CommandProvider(Provider):
    """Offers what the keys of the focused pane do, and of all that it is in."""

    @override
    async def discover(self) -> Hits:
        for command, active in self._live().items():
            yield DiscoveryHit(self._title(command, active), partial(self._run, active), help=command.help)

    @override
    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command, active in self._live().items():
            title = self._title(command, active)
            score = matcher.match(f"{title} {command.help}")
            if score > 0:
                yield Hit(score, matcher.highlight(title), partial(self._run, active), help=command.help)

    def _live(self) -> dict[Command, ActiveBinding]:
        """The commands that do something now, in order of the table, with the binding of their first key."""
        enabled = [one for one in self.screen.active_bindings.values() if one.enabled]
        first = {one.binding.id: one for one in reversed(enabled)}
        return {
            command: first[id]
            for id, command in COMMANDS_BY_ID.items()
            if id in first and id not in _LEFT_OUT
        }

    def _title(self, command: Command, active: ActiveBinding) -> str:
        """`Due  D`, with the key as the user has set it."""
        label = command.label[:1].upper() + command.label[1:]
        return f"{label}   {self.app.get_key_display(active.binding)}"

    async def _run(self, active: ActiveBinding) -> None:
        await self.app.run_action(active.binding.action, active.node)
