"""Where links lead, and which may lead elsewhere with equal right; beside Obsidian's own answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unicodedata import normalize

import pytest

from roadtui.core.links import LinkResolver

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
        *("Plan.md", "jobs/Plan.md", "jobs/deep/Plan.md", "home/Plan.md"),
        *("jobs/Twin.md", "home/Twin.md", "home/deep/Twin.md", "jobs/Only.md"),
        *("img/a.png", "jobs/v1.2.md", normalize("NFD", "jobs/Été.md"), "jobs/me.md"),
    ]
)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("Only", "jobs/Only.md"),
        ("only", "jobs/Only.md"),
        ("ONLY.MD", "jobs/Only.md"),
        ("Only#Heading", "jobs/Only.md"),
        ("Only#^block", "jobs/Only.md"),
        ("jobs/Only", "jobs/Only.md"),
        ("/jobs/Only", "jobs/Only.md"),
        ("./Only", "jobs/Only.md"),
        ("../home/Plan.md", "home/Plan.md"),
        ("../Plan", "Plan.md"),
        ("deep/Plan", "jobs/deep/Plan.md"),
        ("Plan", "Plan.md"),
        ("#Own heading", "jobs/me.md"),
        ("#^own-block", "jobs/me.md"),
        ("", "jobs/me.md"),
        ("a.png", "img/a.png"),
        ("v1.2", "jobs/v1.2.md"),
        ("Été", normalize("NFD", "jobs/Été.md")),
        ("nothing", None),
        ("Onl", None),
        ("eep/Plan", None),
        ("../../Plan", None),
        ("../../jobs/Only", None),
        ("/../Plan", None),
        ("./../../../etc/passwd", None),
        ("a", None),
    ],
)
def test_where_a_link_leads(target: str, path: str | None) -> None:
    assert VAULT.resolve(target, "jobs/me.md") == path


@pytest.mark.parametrize(
    ("target", "source", "paths"),
    [
        ("Twin", "me.md", ["home/Twin.md", "jobs/Twin.md"]),
        ("twin#a", "other/deep/me.md", ["home/Twin.md", "jobs/Twin.md"]),
        ("Twin", "jobs/me.md", ["jobs/Twin.md"]),
        ("home/Twin", "me.md", ["home/Twin.md"]),
        ("/home/Twin", "me.md", ["home/Twin.md"]),
        ("deep/Twin", "me.md", ["home/deep/Twin.md"]),
        ("Plan", "home/deep/me.md", ["Plan.md"]),
        ("Only", "me.md", ["jobs/Only.md"]),
        ("#own", "me.md", ["me.md"]),
        ("nothing", "me.md", []),
    ],
)
def test_which_notes_have_equal_right_to_a_link(target: str, source: str, paths: list[str]) -> None:
    assert VAULT.possible_targets(target, source) == paths
