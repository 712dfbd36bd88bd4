"""Going to another screen."""

from __future__ import annotations

from roadtui.ui.commands.context import CommandContext
from roadtui.ui.messages import OpenScreen, ScreenName


async def next_steps(context: CommandContext) -> None:
    """All that can be done next."""
    context.post(OpenScreen(ScreenName.NEXT))


async def focus(context: CommandContext) -> None:
    """One task alone."""
    context.post(OpenScreen(ScreenName.FOCUS))


async def past(context: CommandContext) -> None:
    """The notes as they were."""
    context.post(OpenScreen(ScreenName.PAST))
