"""The terminal is lent to another program, which ends with this one whenever that is asked to."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.app import App

from roadtui.ui.terminal.lent_terminal import LentTerminal


class _App(App[None]):
    """An app that has no terminal."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield


async def test_program_that_is_starting_is_asked_to_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lent = LentTerminal(_App(), None)
    start = asyncio.create_subprocess_exec

    async def start_slowly(*command: str) -> asyncio.subprocess.Process:
        process = await start(*command)
        lent.terminate()  # A signal comes before its start is reported.
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_slowly)
    command: Any = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert await asyncio.wait_for(lent.run(command), 30) == -15
