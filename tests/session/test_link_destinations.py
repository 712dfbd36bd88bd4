"""The links of a row, and where they lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.note import ListItem, Section
from roadtui.session.navigation.links import (
    Destination,
    RowLink,
    find_destination,
    notes_also_called,
    row_links,
)
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

NOTES = {
    "Plan.md": "# See [[Other]]\n\n"
    "- [ ] first [[Other#Part]] https://a.test [[gone]] [[Other#Part]]\n"
    "  and below [[sub/Deep]] %%[[Hidden]]%%\n"
    "- [ ] last ![[Other]]\n\n"
    "Text below the list: [[sub/Deep]]\n",
    "Other.md": "---\naliases: [Nick]\n---\n# One\n## Part\ntext ^id\n",
    "sub/Deep.md": "- [ ] deep [[#Top]] [[Other]] [[../Plan]]\n# Top\n",
    "sub/Other.md": "# Beside\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    for path, text in NOTES.items():
        target = tmp_path / "vault" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    vault = Vault(tmp_path / "vault", Config(), lambda: NoteWriter(tmp_path / "state"))
    vault.refresh()
    return vault


def links_of(vault: Vault, path: str, line: int) -> list[RowLink]:
    note = vault.snapshot.notes[path]
    rows: list[Section | ListItem] = [*note.note.sections[1:], *note.note.items]
    content = next(row for row in rows if row.line == line)
    return list(row_links(vault.snapshot, note, content, vault.lines(note)))


def test_links_on_all_lines_of_a_row(vault: Vault) -> None:
    assert links_of(vault, "Plan.md", 0) == [RowLink("Other", "Other.md")]
    assert links_of(vault, "Plan.md", 2) == [
        RowLink("Other#Part", "Other.md"),
        RowLink("sub/Deep", "sub/Deep.md"),
        RowLink("https://a.test", None),
        RowLink("gone", None, "not in this vault"),
    ]
    assert links_of(vault, "Plan.md", 4) == [RowLink("Other", "Other.md")], "text below is not the item's"


def text_of(vault: Vault, note: VaultNote) -> str:
    return "".join(vault.lines(note))


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Plan.md", "Other", Destination("Other.md")),
        ("Plan.md", "other.MD", Destination("Other.md")),
        ("Plan.md", "Other#Part", Destination("Other.md", 4)),
        ("Plan.md", "Other#One#Part", Destination("Other.md", 4)),
        ("Plan.md", "Other#^id", Destination("Other.md", 5)),
        ("sub/Deep.md", "Other", Destination("Other.md")),
        ("sub/Deep.md", "../Other", Destination("Other.md")),
        ("sub/Deep.md", "#Top", Destination("sub/Deep.md", 1)),
        ("Plan.md", "Other#Gone", Destination("Other.md", None, "Other has no heading “Gone”.")),
        ("Plan.md", "Other#One#Gone", Destination("Other.md", None, "Other has no heading “One › Gone”.")),
        ("Plan.md", "Other#^gone", Destination("Other.md", None, "Other has no block ^gone.")),
        ("Plan.md", "Nick", None),
        ("Plan.md", "../Other", None),
        ("Plan.md", "gone", None),
    ],
)
def test_where_a_link_leads(vault: Vault, source: str, target: str, expected: Destination | None) -> None:
    found = find_destination(vault.snapshot, source, target, lambda note: text_of(vault, note))
    assert found == expected


def test_a_name_that_is_only_an_alias(vault: Vault) -> None:
    assert [note.path for note in notes_also_called(vault.snapshot, "NICK#x")] == ["Other.md"]
    assert list(notes_also_called(vault.snapshot, "Other")) == []
