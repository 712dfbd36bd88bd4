from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

from roadtui.vault.watching import LookAtEverything, NotesTouched, StateChanged, Watcher, WatchState


async def test_an_append_is_told_by_path(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    note.write_text("- [ ] a\n")
    async with aclosing(aiter(Watcher(tmp_path))) as events, asyncio.timeout(5):
        assert await anext(events) == StateChanged(WatchState.LIVE)
        assert await anext(events) == LookAtEverything()
        with note.open("a") as file:
            file.write("more\n")
        assert await anext(events) == NotesTouched(frozenset({"a.md"}))
