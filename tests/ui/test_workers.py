"""Work in the background, where the program ends before it begins."""

import gc
import warnings

import pytest
from textual.widget import Widget

from roadtui.ui.workers import start_worker


def test_work_that_never_begins_warns_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(words: str) -> None:
        raise AssertionError(words)

    monkeypatch.setattr(Widget, "run_worker", lambda self, work, **options: None)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        start_worker(Widget(), work, "it has begun", group="any")
        gc.collect()
    assert not [str(warning.message) for warning in warned if "awaited" in str(warning.message)]
