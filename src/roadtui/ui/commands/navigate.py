"""Going to another screen."""

from __future__ import annotations

from roadtui.ui.commands.context import Desk
from roadtui.ui.messages import RoomName, RoomWanted


async def next_steps(desk: Desk) -> None:
    """All that can be done next."""
    desk.post(RoomWanted(RoomName.NEXT))


async def focus(desk: Desk) -> None:
    """One task alone."""
    desk.post(RoomWanted(RoomName.FOCUS))


async def past(desk: Desk) -> None:
    """The notes as they were."""
    desk.post(RoomWanted(RoomName.PAST))
