"""Links lead where Obsidian leads them."""

from __future__ import annotations

import pytest

from roadtui.core.links import LinkResolver, reachable

PATHS = [
    "Home.md",
    "ML.md",
    "deep/er/ML.md",
    "area/ML.md",
    "area/sub/Plan.md",
    "other/sub/Plan.md",
    "other/Only here.md",
    "a.b/v1.0 notes.md",
    "Maße.md",
    "Masse.md",
    "Cafe\u0301.md",
    "UPPER.MD",
    "same name.md",
    "x/y/Z.md",
    "z/Y/Z.md",
    "zzzz/Note.md",
    "a/b/Note.md",
    "a/b/c/Note.md",
    "x/y/z/Long.md",
    "longname/Long.md",
    "a/😀😀/Smile.md",
    "a/bcdef/Smile.md",
]


@pytest.mark.parametrize(
    ("target", "source", "found"),
    [
        ("Home", "ML.md", "Home.md"),
        ("home.MD", "ML.md", "Home.md"),
        ("Only here", "Home.md", "other/Only here.md"),
        ("ONLY HERE#Part#Sub", "Home.md", "other/Only here.md"),
        ("Only here#^block-1", "Home.md", "other/Only here.md"),
        (" Only here ", "Home.md", "other/Only here.md"),
        ("ML", "Home.md", "ML.md"),
        ("ML", "area/Note.md", "ML.md"),
        ("er/ML", "Home.md", "deep/er/ML.md"),
        ("r/ML", "Home.md", None),
        ("Plan", "area/sub/x.md", "area/sub/Plan.md"),
        ("Plan", "other/sub/x.md", "other/sub/Plan.md"),
        ("sub/Plan", "other/x.md", "other/sub/Plan.md"),
        ("sub/Plan", "area/x.md", "area/sub/Plan.md"),
        ("sub/Plan", "Home.md", "area/sub/Plan.md"),
        ("/area/ML", "Home.md", "area/ML.md"),
        ("./ML", "area/x.md", "area/ML.md"),
        ("../ML", "area/x.md", "ML.md"),
        ("../../../ML", "area/x.md", None),
        ("./Only here", "Home.md", None),
        ("v1.0 notes", "Home.md", "a.b/v1.0 notes.md"),
        ("masse", "Home.md", "Masse.md"),
        ("maße", "Home.md", "Maße.md"),
        ("Café", "Home.md", "Cafe\u0301.md"),
        ("upper", "Home.md", "UPPER.MD"),
        ("y/z", "Home.md", "x/y/Z.md"),
        ("#Heading", "area/ML.md", "area/ML.md"),
        ("^block", "area/ML.md", "area/ML.md"),
        ("", "area/ML.md", "area/ML.md"),
        ("Note", "Home.md", "a/b/Note.md"),
        ("Note", "zzzz/x.md", "zzzz/Note.md"),
        ("b/Note", "Home.md", "a/b/Note.md"),
        ("Long", "Home.md", "x/y/z/Long.md"),
        ("Smile", "Home.md", "a/😀😀/Smile.md"),
        ("Nowhere", "Home.md", None),
        ("picture.png", "Home.md", None),
        ("area", "Home.md", None),
    ],
)
def test_a_link_resolves(target: str, source: str, found: str | None) -> None:
    assert LinkResolver(PATHS).resolve(target, source) == found


def test_every_note_that_may_be_meant_the_first_first() -> None:
    assert LinkResolver(PATHS).candidates("ML", "area/x.md") == ["ML.md", "area/ML.md", "deep/er/ML.md"]


@pytest.mark.parametrize(
    ("target", "source", "possible_targets"),
    [
        ("Note", "Home.md", ["a/b/Note.md"]),
        ("Plan", "Home.md", ["area/sub/Plan.md"]),
        ("Z", "Home.md", ["x/y/Z.md", "z/Y/Z.md"]),
        ("y/Z", "Home.md", ["x/y/Z.md", "z/Y/Z.md"]),
        ("y/Z", "x/Home.md", ["x/y/Z.md"]),
        ("Z", "x/y/Home.md", ["x/y/Z.md"]),
        ("x/y/Z", "Home.md", ["x/y/Z.md"]),
        ("Nowhere", "Home.md", []),
    ],
)
def test_rivals_are_notes_whose_paths_are_equally_long(
    target: str, source: str, possible_targets: list[str]
) -> None:
    assert LinkResolver(PATHS).possible_targets(target, source) == possible_targets


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"a": ["b"], "b": ["c"]}, {"b", "c"}),
        ({"a": ["b"], "b": ["a"]}, {"b"}),
        ({"a": ["a"]}, set()),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, {"b", "c", "d"}),
        ({}, set()),
    ],
)
def test_what_a_note_leads_to(links: dict[str, list[str]], found: set[str]) -> None:
    assert reachable("a", links) == found


def test_a_chain_of_ten_thousand_links_ends() -> None:
    assert len(reachable("0", {str(n): [str(n + 1)] for n in range(10_000)})) == 10_000
