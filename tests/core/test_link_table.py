"""Links are resolved once, and again where a note or a path that they may mean has changed."""

from __future__ import annotations

import random

import pytest

from roadtui.core.links import LinkCache, LinkResolver, LinkTable, ResolvedLink, linked_notes
from roadtui.core.markdown import parse
from roadtui.core.note import Link, Note


def paths_of(links: tuple[ResolvedLink, ...]) -> list[str | None]:
    return [link.path for link in links]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("[[B]] [[b|alias]] [[B#Part]]", ["B.md", "B.md", "B.md"]),
        ("![[sub/C]] [C](sub/C.md)", ["sub/C.md", "sub/C.md"]),
        ("[[#Here]] [[Nowhere]]", ["A.md", None]),
        ("%% [[B]] %% [[C]]", ["sub/C.md"]),
        ("no link", []),
    ],
)
def test_links_are_resolved_in_order_without_those_in_comments(text: str, paths: list[str | None]) -> None:
    table = LinkTable(dict.fromkeys(["A.md", "B.md", "sub/C.md"]))
    assert paths_of(table.links("A.md", parse(text))) == paths


@pytest.mark.parametrize(
    ("target", "fragment"), [("A", ""), ("A#B#C", "B#C"), ("A#^id", "^id"), ("#B", "B"), ("#^id", "^id")]
)
def test_the_fragment_is_what_stands_after_the_note(target: str, fragment: str) -> None:
    assert ResolvedLink(Link(0, target), None).fragment == fragment


def test_a_table_of_a_later_state_agrees_with_one_made_from_nothing() -> None:
    chance = random.Random(7)
    folders = ["", "a/", "b/", "a/c/"]
    names = ["One", "two", "TWO", "Three", "1.0", "x.y"]
    targets = [f"{start}{name}" for start in ("", "a/", "./", "../", "/b/", "c/", "./c/") for name in names]
    targets += ["", "#Top", "..", "./"]
    everywhere = [f"{folder}{name}.md" for folder in folders for name in names]
    cache = LinkCache()
    notes: dict[str, Note] = {}
    for _ in range(150):
        notes = dict(notes)
        for path in chance.sample(everywhere, 2):
            if path in notes and chance.random() < 0.5:
                del notes[path]
            else:
                notes[path] = parse(" ".join(f"[[{chance.choice(targets)}]]" for _ in range(4)))
        table, resolver = cache.table(notes), LinkResolver(notes)
        for path, note in notes.items():
            expected = [resolver.resolve(link.target, path) for link in note.links]
            assert paths_of(table.links(path, note)) == expected


def test_what_does_not_depend_on_the_change_is_not_resolved_again() -> None:
    notes = {"A.md": parse("[[B]]"), "B.md": parse("[[C]]"), "D.md": parse("[[A]]")}
    cache = LinkCache()
    before = {path: cache.table(notes).links(path, note) for path, note in notes.items()}
    later = {**notes, "B.md": parse("[[A]]"), "C.md": parse("")}
    after = {path: cache.table(later).links(path, note) for path, note in later.items()}
    assert after["A.md"] is before["A.md"]
    assert after["D.md"] is before["D.md"]
    assert paths_of(after["B.md"]) == ["A.md"]


def test_notes_are_linked_once_and_not_from_themselves() -> None:
    paths: list[str | None] = ["B.md", None, "A.md", "C.md", "B.md"]
    links = [ResolvedLink(Link(0, path or "nowhere"), path) for path in paths]
    assert linked_notes(links, "A.md") == ["B.md", "C.md"]
