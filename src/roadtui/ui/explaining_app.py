"""The base of the program: says why a key can do nothing, and lists what was said before."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events, on
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.ui.message_app import MessageApp
from roadtui.ui.messages import KeyRefused
from roadtui.ui.notifications import MessageKind
from roadtui.ui.refusal import ExplainsRefusals
from roadtui.ui.styles import TextStyles
from roadtui.ui.terminal.terminal_app import Result


class ExplainingApp(ExplainsRefusals, MessageApp[Result], inherit_bindings=False):
    """An app in which no key that is bound is silent."""

    def __init__(self, clock: Clock, keys: Mapping[str, str]) -> None:
        """`keys`: those that the config sets, by the id of a command."""
        super().__init__(clock)
        self._keys = keys

    def on_key(self, event: events.Key) -> None:
        """Show why a key does nothing, where that is so."""
        from roadtui.ui.key_refusals import key_refusal  # With the first key.

        reason = key_refusal(self, event.key, self._keys)
        if reason:
            self.message_log.add(reason, MessageKind.HINT)

    @on(KeyRefused)
    def _show_reason(self, message: KeyRefused) -> None:
        self.message_log.add(message.reason, MessageKind.HINT)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "messages" and self.screen.is_modal:
            return "A question is open: answer it first."
        if action == "messages" and not self.message_log.kept:
            return "There were no messages yet."
        return super().refusal(action, parameters)

    async def action_messages(self) -> None:
        """List the last messages, the latest first."""
        from roadtui.ui.dialogs.anchor import BottomAnchor  # Hardly ever needed.
        from roadtui.ui.dialogs.message_list import MessageListDialog

        kept, styles = list(self.message_log.kept), TextStyles.of_theme(self.theme_variables)
        self.message_log.dismiss()
        await self.push_screen(MessageListDialog(kept, BottomAnchor(self.screen), styles))
