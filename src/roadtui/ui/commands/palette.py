"""Every command that can be given now, in the command palette, with its key."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode

from roadtui.ui.command_table import COMMANDS_BY_ID, Command

_LEFT_OUT = ("palette",)
"""Ids of commands that make no sense in the palette."""


class CommandProvider(Provider):
    """Offers what the keys of the focused pane do, and of all that it is in."""

    async def discover(self) -> Hits:
        """See `textual.command.Provider`."""
        for command, node in self._live().items():
            yield DiscoveryHit(self._title(command), partial(self._run, command, node), help=command.help)

    async def search(self, query: str) -> Hits:
        """See `textual.command.Provider`."""
        matcher = self.matcher(query)
        for command, node in self._live().items():
            title = self._title(command)
            score = matcher.match(f"{title} {command.help}")
            if score > 0:
                run = partial(self._run, command, node)
                yield Hit(score, matcher.highlight(title), run, help=command.help)

    def _live(self) -> dict[Command, DOMNode]:
        """The commands that do something now, in order of the table, each with the widget that runs it."""
        active = self.screen.active_bindings.values()
        nodes = {one.binding.id: one.node for one in active if one.enabled and one.binding.id is not None}
        return {
            command: nodes[id]
            for id, command in COMMANDS_BY_ID.items()
            if id in nodes and id not in _LEFT_OUT
        }

    def _title(self, command: Command) -> str:
        """`Due  D`, with the key as the user has set it."""
        label = command.label[:1].upper() + command.label[1:]
        keys = (
            self.app.get_key_display(active.binding)
            for active in self.screen.active_bindings.values()
            if active.binding.id == command.id
        )
        key = next(keys, "")
        return f"{label}   {key}" if key else label

    async def _run(self, command: Command, node: DOMNode) -> None:
        await self.app.run_action(command.binding.action, node)
