"""`roadtui export`: one JSON document, as its schema says, whatever the notes hold."""

from __future__ import annotations

import gc
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from roadtui.cli.export import write_export
from roadtui.cli.main import main
from roadtui.config import Config
from roadtui.resources import folder
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

gc.enable()  # The program stops the collector for its start.

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "export.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


RICH = (
    "\uf8ffüìö read #a [[Other#h|x]] 🔺 🆔 i1 ⛔ i2, i3 🔁 every day 🏁 delete ➕ 2026-01-01 "
    "🛫 2026-01-02 ⏳ 2026-01-03 📅 2026-02-30 ❌ 2026-01-05 ✅ 2026-01-06 ^b1"
)
"""A task with every field; its due date is none."""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--config", "/nonexistent/config.toml", "export", *map(str, arguments)])


def exported(*arguments: str | Path) -> Any:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    return document


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "sub").mkdir()
    return tmp_path


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_all_that_is_known_of_a_note(root: Path) -> None:
    (root / "sub" / "Plan.md").write_text(
        "---\ntitle: My plan\ndeadline: 2027-02-01\n---\n"
        "- [/] before\n# \uf8ffüìö Books\n"
        f"- [ ] {RICH}\n"
        "  - plain\n    - [x] 1. nested\n[text](../pic.png) [[gone]]\n"
    )
    (root / "Other.md").touch()
    (root / "pic.png").touch()
    assert exported(root / "sub") == {
        "vault": str(root),
        "notes": [
            {
                "path": "sub/Plan.md",
                "title": "My plan",
                "frontmatter": {"title": "My plan", "deadline": "2027-02-01"},
                "headings": [{"line": 6, "level": 1, "text": "📚 Books"}],
                "items": [
                    {"line": 5, "parent": None, "task": "/"},
                    {"line": 7, "parent": None, "task": " "},
                    {"line": 8, "parent": 7, "task": None},
                    {"line": 9, "parent": 8, "task": "x"},
                    {"line": 9, "parent": 9, "task": None},
                ],
                "tasks": [
                    task(line=5, status="/", status_type="IN_PROGRESS", text="before", description="before"),
                    task(
                        line=7,
                        heading="📚 Books",
                        text=RICH,
                        description="📚 read #a [[Other#h|x]]",
                        tags=["#a"],
                        priority="highest",
                        created="2026-01-01",
                        start="2026-01-02",
                        scheduled="2026-01-03",
                        cancelled="2026-01-05",
                        done="2026-01-06",
                        recurrence="every day",
                        id="i1",
                        depends_on=["i2", "i3"],
                        on_completion="delete",
                        block_id="b1",
                    ),
                    task(
                        line=9,
                        parent=8,
                        heading="📚 Books",
                        status="x",
                        status_type="DONE",
                        text="1. nested",
                        description="1. nested",
                    ),
                ],
                "links": [
                    {"line": 7, "target": "Other#h", "resolved": "Other.md"},
                    {"line": 10, "target": "../pic.png", "resolved": "pic.png"},
                    {"line": 10, "target": "gone", "resolved": None},
                ],
                "progress": {
                    "done": 1,
                    "in_progress": 1,
                    "open": 0,
                    "cancelled": 0,
                    "total": 2,
                    "percent": 50,
                },
            }
        ],
    }


def task(**fields: object) -> dict[str, object]:
    nothing: dict[str, object] = dict.fromkeys(SCHEMA["$defs"]["task"]["required"], None)
    return {
        **nothing,
        "status": " ",
        "status_type": "TODO",
        "tags": [],
        "depends_on": [],
        "priority": "none",
        **fields,
    }


def test_the_sample_vault_and_its_damaged_note() -> None:
    document = exported(folder("sample_vault"))
    notes = {note["path"]: note for note in document["notes"]}
    assert list(notes) == sorted(notes)
    roadmap, found = notes["roadmaps/ML Roadmap.md"], notes["archive/ML Roadmap (as found).md"]
    assert len(roadmap["tasks"]) == 86
    assert roadmap["progress"]["total"] == 64
    assert [heading["text"] for heading in found["headings"]] == [
        heading["text"] for heading in roadmap["headings"] if heading["level"] == 2
    ]
    parents = {item["line"]: item["parent"] for item in roadmap["items"]}
    assert all(parents[task["line"]] == task["parent"] for task in roadmap["tasks"])
    assert all(link["resolved"] in notes for note in notes.values() for link in note["links"])


def test_a_damaged_roadmap_comes_with_all_tasks_their_parents_and_repaired_headings(tmp_path: Path) -> None:
    roadmap = (folder("sample_vault") / "roadmaps" / "ML Roadmap.md").read_text("utf-8")
    sections = roadmap[roadmap.index("\n## ") :]
    garbled = re.sub("(?m)^## .*$", lambda line: line[0].encode().decode("mac_roman"), sections)
    lines = ["```", "Help!", "```", *re.sub("(?m)^  - .*$", r"\g<0>  ", garbled).split("\n")]
    (tmp_path / "Seed.md").write_text("\n".join(lines), "utf-8")
    (note,) = exported(tmp_path / "Seed.md")["notes"]

    assert [heading["text"] for heading in note["headings"]] == re.findall("(?m)^## (.*)$", roadmap)
    assert len(note["headings"]) == 5
    parents: dict[int, int | None] = {}
    topic = None
    for number, line in enumerate(lines, 1):
        if line.startswith("- ["):
            topic, parents[number] = number, None
        elif line.startswith("  - ["):
            parents[number] = topic
    assert {task["line"]: task["parent"] for task in note["tasks"]} == parents
    assert len(parents) == 86


def test_a_vault_a_folder_or_a_note(root: Path) -> None:
    for path in ("A.md", "sub/B.md", "sub.md"):
        (root / path).write_text("[[A]]")
    assert [note["path"] for note in exported(root)["notes"]] == ["A.md", "sub.md", "sub/B.md"]
    assert [note["path"] for note in exported(root / "sub")["notes"]] == ["sub/B.md"]
    (note,) = exported(root / "sub" / "B.md")["notes"]
    assert note["links"] == [{"line": 1, "target": "A", "resolved": "A.md"}]


def test_a_note_in_no_vault_is_looked_at_alone(tmp_path: Path) -> None:
    (tmp_path / "A.md").write_text("[[B]] [[#h]]")
    (tmp_path / "B.md").touch()
    document = exported(tmp_path / "A.md")
    assert document["vault"] == str(tmp_path)
    assert [link["resolved"] for link in document["notes"][0]["links"]] == [None, "A.md"]


def test_an_empty_vault(root: Path) -> None:
    assert exported(root)["notes"] == []


def test_what_could_not_be_read_is_told_apart(root: Path) -> None:
    (root / "A.md").touch()
    (root / "broken.md").symlink_to("nowhere.md")
    result = run(root)
    assert result.exit_code == 0
    assert [note["path"] for note in json.loads(result.stdout)["notes"]] == ["A.md"]
    assert "left out" in result.stderr


def test_a_path_that_is_not_there(root: Path) -> None:
    assert run(root / "gone.md").exit_code == 2


NASTY = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x1b\x7f\x9b\u202e\u2028\udcff\n-[] x#`:"),
    max_size=60,
)


@given(NASTY, NASTY)
def test_whatever_a_note_holds_comes_as_valid_json_that_no_terminal_acts_on(
    root: Path, heading: str, text: str
) -> None:
    note = f"---\nkey: {heading}\n---\n# {heading}\n- [{text[:1]}] {text}\n[[{text}]]\n"
    (root / "A.md").write_bytes(note.encode("utf-8", "surrogateescape"))
    out = StringIO()
    snapshot = Vault(root, Config(), lambda: NoteWriter(root)).refresh()
    write_export(snapshot, "", snapshot.notes, out)
    written = out.getvalue()
    assert all(" " <= char <= "~" or char == "\n" for char in written)
    document = json.loads(written)
    VALIDATOR.validate(document)
    json.dumps(document, ensure_ascii=False).encode("utf-8")
