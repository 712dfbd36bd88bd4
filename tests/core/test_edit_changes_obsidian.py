"""Edits of the notes whose parse by Obsidian was recorded: undoing any of them gives every byte back.

The recordings are not part of this project; see `test_markdown_obsidian.py`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.edits.edit import Edit, apply_edit
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse
from tests.core.change_strategies import changes, contents
from tests.core.edit_helpers import edit_of
from tests.examples import many

FOLDER = os.environ.get("ROADTUI_OBSIDIAN_CACHE", "")
NOTES = (
    [
        json.loads(path.read_text("utf-8"))["fileContents"].encode()
        for path in sorted(Path(FOLDER).glob("*.json"))
    ]
    if FOLDER
    else []
)


@pytest.mark.skipif(not FOLDER, reason="ROADTUI_OBSIDIAN_CACHE names no folder of recordings")
@many()
@given(st.data())
def test_any_sequence_of_edits_and_undos_returns_the_bytes(chooser: st.DataObject) -> None:
    before = now = chooser.draw(st.sampled_from(NOTES))
    inverses: list[Edit] = []
    for _ in range(chooser.draw(st.integers(1, 6))):
        found = contents(parse(now.decode()))
        if not found:
            break
        content = chooser.draw(st.sampled_from(found))
        try:
            applied = apply_edit(edit_of(chooser.draw(changes(content)), now, content.line), now)
        except RefusedError:
            continue
        if applied.inverse is not None:
            inverses.append(applied.inverse)
        now = applied.data
    for inverse in reversed(inverses):
        now = apply_edit(inverse, now).data
    assert now == before
