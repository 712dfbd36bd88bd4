from __future__ import annotations

import asyncio
from pathlib import Path

from roadtui.vault.watching import LookAtEverything, NotesTouched, StateChanged, Watcher, WatchState


async def test_an_append_is_told_by_path(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("- [ ] a\n")
    events = aiter(Watcher(tmp_path))
    async with asyncio.timeout(5):
        assert await anext(events) == StateChanged(WatchState.LIVE)
        assert await anext(events) == LookAtEverything()
        await asyncio.sleep(0.1)
        with note.open("a") as file:
            file.write("more\n")
        assert await anext(events) == NotesTouched(frozenset({"a.md"}))
    await events.aclose()
