"""What is imported once the vault is read, before it is needed."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path
from typing import Any

import pytest
from textual.worker import Worker

from roadtui.ui import lifetime
from roadtui.ui.app import RoadtuiApp
from tests.ui.conftest import Start


async def test_imports_that_are_not_begun_before_the_end_leave_nothing_behind(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = []
    run_worker = RoadtuiApp.run_worker

    def run_and_end(app: RoadtuiApp, work: Any, group: str = "default", **options: Any) -> Worker[Any]:
        worker = run_worker(app, work, group=group, **options)
        if group == "prepare":
            worker.cancel()
            cancelled.append(worker)
        return worker

    monkeypatch.setattr(lifetime, "IDLE_AFTER", 0.01)
    monkeypatch.setattr(RoadtuiApp, "run_worker", run_and_end)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with start("Plan.md") as user:
            await user.until(lambda: bool(cancelled), "the imports")
        cancelled.clear()
        gc.collect()
    assert [str(one.message) for one in caught if "never awaited" in str(one.message)] == []
