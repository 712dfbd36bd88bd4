"""No key waits for a lock: everything that takes one runs in a thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

import roadtui
from tests.ui.conftest import PLAN, Start

MAKERS = {
    "roadtui.session.triage.triage",
    "roadtui.vault.activity.seen_notes",
    "roadtui.vault.cache.vault_cache",
    "roadtui.vault.edit_writer",
    "roadtui.vault.git.time_machine",
    "roadtui.vault.history.history",
    "roadtui.vault.loading.reading_process",
    "roadtui.vault.vault",
    "roadtui.vault.writing.writer",
}
"""The modules that make locks."""
MAKERS_BY_THEN = MAKERS - {
    "roadtui.session.triage.triage",
    "roadtui.vault.git.time_machine",
    "roadtui.vault.loading.reading_process",
}
"""Those that have made one after a tick: the others wait for their screen, or for a big vault."""
LONG = 30.0
"""Seconds after which a key that waits has failed."""


class Locks:
    """The locks that a program has made, and a worker that holds all of them."""

    def __init__(self) -> None:
        self._made: list[Any] = []
        self.makers: set[str] = set()
        """The modules that have made one."""

    def recorded(self, maker: str, make: Any) -> Any:
        """`make`, a class of locks for the module `maker`, with what it makes in the list."""

        def made() -> Any:
            self.makers.add(maker)
            self._made.append(make())
            return self._made[-1]

        return made

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold all in another thread during the block, which fails if it takes so long as to wait for one."""
        is_held, is_over, kept_waiting = Event(), Event(), Event()

        def hold() -> None:
            for lock in self._made:
                lock.acquire()
            is_held.set()
            if not is_over.wait(LONG):
                kept_waiting.set()
            for lock in self._made:
                lock.release()

        worker = Thread(target=hold, daemon=True)
        worker.start()
        assert is_held.wait(LONG)
        try:
            yield
            assert not kept_waiting.is_set(), "a key waited for a lock"
        finally:
            is_over.set()
            worker.join()


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> Locks:
    locks = Locks()
    for name in MAKERS:
        module = import_module(name)
        found = [kind for kind in ("Lock", "RLock") if hasattr(module, kind)]
        assert found, f"{name} makes no lock that is recorded"
        for kind in found:
            monkeypatch.setattr(module, kind, locks.recorded(name, getattr(module, kind)))
    return locks


def test_the_list_of_modules_that_make_locks_is_whole() -> None:
    root = Path(roadtui.__file__).parent
    makers = {
        ".".join(("roadtui", *path.relative_to(root).with_suffix("").parts))
        for path in root.rglob("*.py")
        if re.search(r"(?<!asyncio\.)\bR?Lock\(\)", path.read_text("utf-8"))
    }
    assert makers == MAKERS


async def test_keys_are_handled_while_a_worker_holds_every_lock(
    start: Start, plan: Path, locks: Locks
) -> None:
    start.write(Other="- [ ] Eta [[Plan]]\n- [ ] Theta 📅 2026-11-23\n")
    async with start("Plan.md") as user:
        await user.press("j", "j", "space")  # Makes the writer, the history and the undo list.
        await user.is_saved()
        await user.idle()
        assert locks.makers == MAKERS_BY_THEN
        with locks.held():
            await user.press("j", "j")
            assert user.at == "Delta"
            await user.press("space")
            assert "● Delta" in user.row("Delta")
            await user.press("k", "k", "k", "left")
            assert "Beta" not in user.text()
            await user.press("right", "slash", *"zeta")
            await user.sees("Zeta")
            await user.press("escape", "escape", "question_mark")
            await user.press("escape", "ctrl+f", *"eta")
            await user.sees("Theta")
            await user.press("escape", "escape", "n")
            await user.press("escape", "tab", "j", "tab")
            await user.press("D")
            await user.press("escape", "i")
            await user.press("escape", "f")
            await user.press("escape", "u")
            assert "Delta" in user.text()
            assert plan.read_bytes() == PLAN.replace("[ ] Beta", "[x] Beta").encode(), "nothing is written"
        await user.idle()
    assert plan.read_bytes() == PLAN.replace("[ ] Beta", "[x] Beta").encode(), "ticked, and undone"
