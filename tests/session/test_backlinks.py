"""Which lines link to a note, and to the heading or task under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section
from roadtui.session.link_graph.backlinks import find_backlinks, lines_of_text
from roadtui.session.link_graph.graph import LinkGraph
from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TARGET = "# One\n- [ ] Task ^id\n## Two\n"


def opened(root: Path, **notes: str) -> Vault:
    for name, text in {"Target": TARGET, **notes}.items():
        path = root / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "state"))
    vault.refresh()
    return vault


def content_of(snapshot: Snapshot, line: int) -> Section | ListItem:
    note = snapshot.notes["Target.md"].note
    contents: list[Section | ListItem] = [*note.sections, *note.items]
    return next(content for content in contents if content.line == line)


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        pytest.param({"A": "text\n[[Target]]"}, [("A", 1)], id="in a paragraph"),
        pytest.param({"A": "- [ ] see [[target|alias]]"}, [("A", 0)], id="any case, alias"),
        pytest.param({"A": "# To [[Target#One]]\n![[Target#^id]]"}, [("A", 0), ("A", 1)], id="parts"),
        pytest.param({"A": "[[Target]] and [[Target#Two]]"}, [("A", 0)], id="twice on a line, listed once"),
        pytest.param({"A": "[x](Target.md)"}, [("A", 0)], id="Markdown link"),
        pytest.param({"A": "%% [[Target]] %%"}, [], id="in a comment"),
        pytest.param({"A": "`[[Target]]`"}, [], id="in code"),
        pytest.param({"A": "[[Other]]", "Other": "[[A]]"}, [], id="to others"),
        pytest.param({"Target": TARGET + "[[Target]] [[#Two]]"}, [], id="to itself"),
        pytest.param(
            {"b": "[[Target]]\n\n[[Target]]", "A": "[[Target]]", "sub/A": "[[Target]]"},
            [("A", 0), ("b", 0), ("b", 2), ("sub/A", 0)],
            id="by folder, name and line",
        ),
        pytest.param({"A": "[[B]]", "B": "[[A]] [[Target]]"}, [("B", 0)], id="of a cycle"),
    ],
)
def test_lines_that_link_to_the_note(
    tmp_path: Path, notes: dict[str, str], found: list[tuple[str, int]]
) -> None:
    snapshot = opened(tmp_path / "vault", **notes).snapshot
    backlinks = find_backlinks(snapshot, "Target.md", None)
    assert [(one.note.path.removesuffix(".md"), one.line) for one in backlinks] == found
    assert not any(one.is_exact for one in backlinks)


@pytest.mark.parametrize(
    ("line", "exact"),
    [
        (0, [("Z", 1)]),
        (1, [("A", 1), ("Target", 3)]),
        (2, [("Target", 4), ("Z", 0)]),
    ],
)
def test_links_to_the_very_heading_or_task_come_first(
    tmp_path: Path, line: int, exact: list[tuple[str, int]]
) -> None:
    vault = opened(
        tmp_path / "vault",
        A="[[Target]]\n- ![[Target#^ID]]",
        Z="[[Target#Two]]\n[[Target#one]]",
        Target=TARGET + "[[#^id]]\n[[#One#Two]]\n[[Target]]\n",
    )
    found = find_backlinks(vault.snapshot, "Target.md", content_of(vault.snapshot, line))
    places = [(one.note.path.removesuffix(".md"), one.line) for one in found]
    assert [place for place, one in zip(places, found, strict=True) if one.is_exact] == exact
    assert places[: len(exact)] == exact
    assert set(places[len(exact) :]) == {("A", 0), ("A", 1), ("Z", 0), ("Z", 1)} - set(exact)


def test_text_of_the_lines(tmp_path: Path) -> None:
    vault = opened(
        tmp_path / "vault",
        A="# To [[Target]]\n- [ ] Task [[Target]]\n  more of it [[Target]]\n\n"
        "  prose [[Target]] \n- x [[Target]]\n",
    )
    found = find_backlinks(vault.snapshot, "Target.md", None)
    assert [(type(one.content).__name__, one.is_text) for one in found] == [
        ("Section", False),
        ("Task", False),
        ("Section", True),
        ("Section", True),
        ("ListItem", False),
    ]
    assert list(lines_of_text(found, vault.lines)) == [
        "To [[Target]]",
        "- [ ] Task [[Target]]",
        "more of it [[Target]]",
        "prose [[Target]]",
        "- x [[Target]]",
    ]


def test_a_note_that_cannot_be_read_has_no_text(tmp_path: Path) -> None:
    vault = opened(tmp_path / "vault", A="prose [[Target]]")

    def refuse(note: VaultNote) -> Sequence[str]:
        raise RefusedError(f"{note.name} has just been changed.")

    assert list(lines_of_text(find_backlinks(vault.snapshot, "Target.md", None), refuse)) == [""]


def test_a_note_that_is_not_there_has_no_backlinks(tmp_path: Path) -> None:
    snapshot = opened(tmp_path / "vault", A="[[Gone]]").snapshot
    assert find_backlinks(snapshot, "Gone.md", None) == []


def test_graph_gives_each_note_and_each_dead_name_once(tmp_path: Path) -> None:
    text = "[[B]] [[Nowhere]] [[b#Part]] [[A]] [[nowhere|x]] ![[picture.png]] [[C]] [[Not here]]"
    snapshot = opened(tmp_path / "vault", A=text, B="", C="[[A]]").snapshot
    (tmp_path / "vault" / "picture.png").touch()
    graph = LinkGraph.of(snapshot)
    assert [link.link.target for link in graph.outgoing("A.md")] == ["B", "Nowhere", "C", "Not here"]
    assert list(graph.sources("A.md")) == ["C.md"]
    assert list(graph.outgoing("B.md")) == []
