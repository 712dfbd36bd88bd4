"""Every verb in the command palette, with its key, where it makes sense."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from roadtui.ui.verbs import VERBS, Verb


@runtime_checkable
class Host(Protocol):
    """A screen that has verbs."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether the action `verb`, with the id of a verb, makes sense now."""

    async def action_verb(self, id: str) -> None:
        """Do what a verb does."""


class VerbProvider(Provider):
    """Offers what can be done to what is under the cursor, or marked."""

    async def discover(self) -> Hits:
        """See `textual.command.Provider`."""
        for verb in self._offered():
            yield DiscoveryHit(self._title(verb), partial(self._run, verb), help=verb.tooltip)

    async def search(self, query: str) -> Hits:
        """See `textual.command.Provider`."""
        matcher = self.matcher(query)
        for verb in self._offered():
            title = self._title(verb)
            score = matcher.match(f"{title} {verb.tooltip}")
            if score > 0:
                yield Hit(score, matcher.highlight(title), partial(self._run, verb), help=verb.tooltip)

    def _offered(self) -> list[Verb]:
        home = self.screen
        return [verb for verb in VERBS if isinstance(home, Host) and home.check_action("verb", (verb.id,))]

    def _title(self, verb: Verb) -> str:
        """`due  D`, with the key as the user has set it."""
        keys = (
            self.app.get_key_display(active.binding)
            for active in self.screen.active_bindings.values()
            if active.binding.id == verb.id
        )
        key = next(keys, "")
        return f"{verb.label.capitalize()}   {key}" if key else verb.label.capitalize()

    async def _run(self, verb: Verb) -> None:
        home = self.screen
        if isinstance(home, Host):
            await home.action_verb(verb.id)
