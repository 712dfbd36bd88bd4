"""Our reading of notes against Obsidian's own, recorded from its metadata cache.

The recordings are not part of this project. Point ROADTUI_OBSIDIAN_CACHE at a folder of JSON files, each with
the text of a note (`fileContents`) and what Obsidian made of it (`cachedMetadata`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from roadtui.core.markdown import parse
from roadtui.core.note import Task

FOLDER = os.environ.get("ROADTUI_OBSIDIAN_CACHE", "")
RECORDINGS = sorted(Path(FOLDER).glob("*.json")) if FOLDER else []

pytestmark = pytest.mark.skipif(not FOLDER, reason="ROADTUI_OBSIDIAN_CACHE names no folder of recordings")


def test_there_are_recordings() -> None:
    assert RECORDINGS, f"no *.json in {FOLDER}"


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_reads_as_obsidian_does(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    cache: dict[str, Any] = recorded["cachedMetadata"]
    note = parse(recorded["fileContents"])

    assert [
        (
            item.line,
            item.status_symbol if isinstance(item, Task) else None,
            item.parent.line if item.parent else None,
        )
        for item in note.items
    ] == [
        (_line(item), item.get("task"), item["parent"] if item["parent"] >= 0 else None)
        for item in cache.get("listItems", [])
    ]
    assert [(section.line, section.level, section.title) for section in note.sections[1:]] == [
        (_line(heading), heading["level"], heading["heading"]) for heading in cache.get("headings", [])
    ]
    links = [(link, False) for link in cache.get("links", [])]
    embeds = [(embed, True) for embed in cache.get("embeds", [])]
    in_order = sorted(links + embeds, key=lambda found: found[0]["position"]["start"]["offset"])
    assert [(link.line, link.target, link.embed) for link in note.links] == [
        (_line(found), found["link"], embed) for found, embed in in_order
    ]


def _line(entry: dict[str, Any]) -> int:
    line: int = entry["position"]["start"]["line"]
    return line
