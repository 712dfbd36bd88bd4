"""How the filter looks: typed, wrong, completed and kept, at three sizes, dark and light."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.test_snapshots import NOTE, Compare, after, cells, demo, program

__all__ = ["demo"]
SIZES = [(160, 45), (100, 30), (60, 20)]
KEPT = ("slash", *"grad", "enter")
"""The keys that leave a filter on."""


@pytest.mark.parametrize("theme", ["roadtui-dark", "roadtui-light"])
@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_typing(snap_compare: Compare, demo: Path, size: tuple[int, int], theme: str) -> None:
    keys = ("slash", *"is:open", "space", *"mo")
    assert snap_compare(program(demo, NOTE, theme), terminal_size=size, run_before=after(*keys))


@pytest.mark.parametrize("theme", ["roadtui-dark", "roadtui-light"])
@pytest.mark.parametrize("size", SIZES, ids=cells)
def test_kept(snap_compare: Compare, demo: Path, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(program(demo, NOTE, theme), terminal_size=size, run_before=after(*KEPT, "n"))


@pytest.mark.parametrize(
    "keys",
    [("slash",), ("slash", *"is:"), ("slash", *"model is:opne"), ("slash", *"qqq")],
    ids=["empty", "completed", "wrong", "nothing"],
)
@pytest.mark.parametrize("size", [(160, 45), (60, 20)], ids=cells)
def test_hints(snap_compare: Compare, demo: Path, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=size, run_before=after(*keys))
