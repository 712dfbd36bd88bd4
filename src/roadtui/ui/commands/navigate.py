"""Going to another screen."""

from __future__ import annotations

from roadtui.ui.commands.context import CommandContext
from roadtui.ui.messages import OpenScreen, ScreenName


async def next_steps(desk: CommandContext) -> None:
    """All that can be done next."""
    desk.post(OpenScreen(ScreenName.NEXT))


async def focus(desk: CommandContext) -> None:
    """One task alone."""
    desk.post(OpenScreen(ScreenName.FOCUS))


async def past(desk: CommandContext) -> None:
    """The notes as they were."""
    desk.post(OpenScreen(ScreenName.PAST))
