"""Going to another screen."""

from __future__ import annotations

from roadtui.ui.editing.desk import Desk
from roadtui.ui.rooms import RoomName, RoomWanted


async def next_steps(desk: Desk) -> None:
    """All that can be done next."""
    desk.tell(RoomWanted(RoomName.NEXT))


async def focus(desk: Desk) -> None:
    """One task alone."""
    desk.tell(RoomWanted(RoomName.FOCUS))


async def past(desk: Desk) -> None:
    """The notes as they were."""
    desk.tell(RoomWanted(RoomName.PAST))
