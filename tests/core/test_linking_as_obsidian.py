"""Where links lead, and which may lead elsewhere with equal right; beside Obsidian's own answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unicodedata import normalize

import pytest

from roadtui.core.linking import LinkResolver

FOLDER = os.environ.get("ROADTUI_OBSIDIAN_CACHE", "")
RECORDINGS = [json.loads(path.read_bytes()) for path in sorted(Path(FOLDER).glob("*.json"))] if FOLDER else []
ANSWERS = [
    (recorded["filePath"], target, path)
    for recorded in RECORDINGS
    for target, path in recorded["resolveLinkToPath"].items()
]
PATHS = {recorded["filePath"] for recorded in RECORDINGS} | {path for _, _, path in ANSWERS if path}


@pytest.mark.skipif(not FOLDER, reason="ROADTUI_OBSIDIAN_CACHE names no folder of recordings")
@pytest.mark.parametrize(("source", "target", "path"), ANSWERS)
def test_resolves_as_obsidian_does(source: str, target: str, path: str | None) -> None:
    assert LinkResolver(PATHS).resolve(target, source) == path


VAULT = LinkResolver(
    [
        *("Plan.md", "work/Plan.md", "work/deep/Plan.md", "home/Plan.md"),
        *("work/Twin.md", "home/Twin.md", "home/deep/Twin.md", "work/Only.md"),
        *("img/a.png", "work/v1.2.md", normalize("NFD", "work/Été.md"), "work/me.md"),
    ]
)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("Only", "work/Only.md"),
        ("only", "work/Only.md"),
        ("ONLY.MD", "work/Only.md"),
        ("Only#Heading", "work/Only.md"),
        ("Only#^block", "work/Only.md"),
        ("work/Only", "work/Only.md"),
        ("/work/Only", "work/Only.md"),
        ("./Only", "work/Only.md"),
        ("../home/Plan.md", "home/Plan.md"),
        ("../Plan", "Plan.md"),
        ("deep/Plan", "work/deep/Plan.md"),
        ("Plan", "Plan.md"),
        ("#Own heading", "work/me.md"),
        ("#^own-block", "work/me.md"),
        ("", "work/me.md"),
        ("a.png", "img/a.png"),
        ("v1.2", "work/v1.2.md"),
        ("Été", normalize("NFD", "work/Été.md")),
        ("nothing", None),
        ("Onl", None),
        ("eep/Plan", None),
        ("../../Plan", None),
        ("../../work/Only", None),
        ("/../Plan", None),
        ("./../../../etc/passwd", None),
        ("a", None),
    ],
)
def test_where_a_link_leads(target: str, path: str | None) -> None:
    assert VAULT.resolve(target, "work/me.md") == path


@pytest.mark.parametrize(
    ("target", "source", "paths"),
    [
        ("Twin", "me.md", ["home/Twin.md", "work/Twin.md"]),
        ("twin#a", "other/deep/me.md", ["home/Twin.md", "work/Twin.md"]),
        ("Twin", "work/me.md", ["work/Twin.md"]),
        ("home/Twin", "me.md", ["home/Twin.md"]),
        ("/home/Twin", "me.md", ["home/Twin.md"]),
        ("deep/Twin", "me.md", ["home/deep/Twin.md"]),
        ("Plan", "home/deep/me.md", ["Plan.md"]),
        ("Only", "me.md", ["work/Only.md"]),
        ("#own", "me.md", ["me.md"]),
        ("nothing", "me.md", []),
    ],
)
def test_which_notes_have_equal_right_to_a_link(target: str, source: str, paths: list[str]) -> None:
    assert VAULT.rivals(target, source) == paths
