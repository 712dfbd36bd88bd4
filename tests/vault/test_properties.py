"""What a note says of itself, as Obsidian reads it, and that no frontmatter can do harm."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.config import Config
from roadtui.core.markdown import parse
from roadtui.vault.properties import NO_PROPERTIES, Properties, read_properties
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

FOLDER = os.environ.get("ROADTUI_OBSIDIAN_CACHE", "")
RECORDINGS = sorted(Path(FOLDER).glob("*.json")) if FOLDER else []


@pytest.mark.skipif(not FOLDER, reason="ROADTUI_OBSIDIAN_CACHE names no folder of recordings")
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_reads_frontmatter_as_obsidian_does(path: Path) -> None:
    recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    metadata = read_properties(parse(recorded["fileContents"]).frontmatter)
    assert metadata.raw == (recorded["cachedMetadata"].get("frontmatter") or {})
    assert list(metadata.tags) == (recorded["parseFrontMatterTags"] or [])
    assert not metadata.problems


@pytest.mark.parametrize(
    ("yaml", "aliases", "tags"),
    [
        ("aliases: [A, B b]\ntags: [x, y/z]", ["A", "B b"], ["#x", "#y/z"]),
        ("aliases:\n  - A\ntags:\n  - x\n", ["A"], ["#x"]),
        ("aliases: A a, B\ntags: x, y z", ["A a", "B"], ["#x", "#y", "#z"]),
        ("alias: A\ntag: x", ["A"], ["#x"]),
        ("Aliases: A\nTAGS: x", ["A"], ["#x"]),
        ("ALIAS: A\nTAG: x", [], []),
        ("aliases: [B]\nalias: A\ntags: [y]\ntag: x", ["B", "A"], ["#y", "#x"]),
        ("aliases:\ntags:", [], []),
        ("aliases: [null, '', 2024, 1.5, true, [A], {a: b}]\ntags: [~, 7]", ["2024", "1.5"], ["#7"]),
        ("aliases: 12\ntags: 34", ["12"], ["#34"]),
        ("tags: ['#x', x, '#', ' y ']", [], ["#x", "#y"]),
        ("tags: {a: b}\naliases: true", [], []),
        ('{"tags": "a", "aliases": ["B"]}', ["B"], ["#a"]),
    ],
)
def test_aliases_and_tags(yaml: str, aliases: list[str], tags: list[str]) -> None:
    metadata = read_properties(yaml)
    assert (list(metadata.aliases), list(metadata.tags), metadata.problems) == (aliases, tags, ())


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("title: ' My  plan '", {"title": "My plan"}),
        ("Title: 2027", {"title": "2027"}),
        ("title: ''", {"title": None}),
        ("title: [a]", {"title": None}),
        ("deadline: 2027-02-01", {"deadline": date(2027, 2, 1)}),
        ("deadline: 2027-02-01T10:00", {"deadline": date(2027, 2, 1)}),
        ("deadline: ''", {"deadline": None}),
        ("weight: 2", {"weight": 2.0}),
        ("weight: 0.5", {"weight": 0.5}),
        ("hidden: true", {"hidden": True}),
        ("Hidden: false", {"hidden": False}),
        ("hidden:", {"hidden": False}),
    ],
)
def test_what_roadtui_reads(yaml: str, expected: dict[str, object]) -> None:
    metadata = read_properties(yaml)
    assert {name: getattr(metadata, name) for name in expected} == expected
    assert not metadata.problems


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("deadline: soon", "The deadline “soon” is not a date. Write it as 2026-12-31."),
        ("deadline: 2027-02-30", "The deadline “2027-02-30” is not a date. Write it as 2026-12-31."),
        ("deadline: 20270201", "The deadline “20270201” is not a date. Write it as 2026-12-31."),
        ("deadline: {a: 1}", "The deadline “{'a': 1}” is not a date. Write it as 2026-12-31."),
        ("weight: -1", "The weight “-1” is not a number of at least 0."),
        ("weight: true", "The weight “True” is not a number of at least 0."),
        ("hidden: yes", "“hidden: yes” is neither true nor false."),
    ],
)
def test_a_value_that_means_nothing_is_told_and_the_rest_counts(yaml: str, problem: str) -> None:
    metadata = read_properties(f"title: T\n{yaml}")
    assert metadata.problems == (problem,)
    assert metadata.title == "T"


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("2024-07-21", "2024-07-21"),
        ("1:30", "1:30"),
        ("yes", "yes"),
        ("True", True),
        ("~", None),
        ("", None),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("9007199254740993", "9007199254740993"),
        ("1_000", 1000),
        ("1_", "1_"),
        ("_1", "_1"),
        ("-0x1F", -31),
        ("0b101", 5),
        ("1_0.5", 10.5),
        ("|\n  a\n  b", "a\nb\n"),
        (">-\n  a\n\t\n  b", "a\nb"),
        ("[a]\n\t", ["a"]),
        ("\n  ? [a, 1]\n  : b", {"a,1": "b"}),
        ("!!python/name:os.system x", "x"),
        ("!!binary aGk=", "aGk="),
        ("!!set {x}", {"x": None}),
        ("!custom [1]", [1]),
        ("{<<: {a: 1}}", {"<<": {"a": 1}}),
        ("{1: a, null: b, true: c}", {"1": "a", "null": "b", "true": "c"}),
    ],
)
def test_values_are_those_of_yaml_1_2_and_plain(yaml: str, value: object) -> None:
    raw = read_properties(f"key: {yaml}").raw
    assert raw == {"key": value}
    assert type(raw["key"]) is type(value)


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        (LAUGHS, "anchors"),
        ("a: &x 1", "anchors"),
        ("a: *x", "anchors"),
        ("a: " + "[" * 21 + "]" * 21, "deeper than 20"),
        ("[" * 60_000, "deeper than 20"),
        ("- " * 30_000, "deeper than 20"),
        ("a: " + "x" * 65_536, "larger than 64 KiB"),
        ("a: " + "é" * 32_768, "larger than 64 KiB"),
        ("a: b: c", "in line 2 of the note"),
        ("a: 1\n\tb: 2", "in line 3 of the note"),
        ("a: '", "not valid YAML"),
        ("a: \x00", "characters that YAML does not allow"),
        ("a: \udc80", "not UTF-8"),
        ('a: "\\ud800"', "not valid YAML"),
        ("? [a, [b]]\n: 1", "a key is a list in a list"),
        ("sources: [a]\nsources:\n  - b", "in line 3 of the note: the key “sources” is there twice"),
        ("a:\n  b: 1\n  b: 2\nc: 3", "in line 4 of the note: the key “b” is there twice"),
        ("a:\n  - b: 1\n    b: 2", "the key “b” is there twice"),
        ("a: {b: 1, b: 2}", "the key “b” is there twice"),
        ("a: !x {b: 1, b: 2}", "the key “b” is there twice"),
        ('a: 1\n"a": 2', "the key “a” is there twice"),
        ("1: a\n'1': b", "the key “1” is there twice"),
        ("16: a\n0x10: b", "the key “16” is there twice"),
        ("null: a\n~: b", "the key “null” is there twice"),
        ("date: {{date}}\ndate: {{date}}", "the key “date” is there twice"),
        ("a: 1\n---\nb: 2", "another document"),
        ("- a", "holds no properties"),
        ("word", "holds no properties"),
    ],
)
def test_hostile_or_broken_frontmatter_is_refused_with_a_sentence(yaml: str, words: str) -> None:
    metadata = read_properties(yaml)
    assert words in metadata.problems[0]
    assert metadata == Properties(problems=metadata.problems)


@pytest.mark.parametrize(
    ("yaml", "raw"),
    [
        ("date: {{date}}\nstatus: open", {"date": {"[object Object]": None}, "status": "open"}),
        ("date: {{date:YYYY-MM-DD}}\na: 1", {"date": {"[object Object]": None}, "a": 1}),
        ("{{title}}: a\nb: c", {"[object Object]": "a", "b": "c"}),
        ("tags:\n  - {{tag}}\n  - b", {"tags": [{"[object Object]": None}, "b"]}),
        ("date: '{{date}}'\ntitle: \"{{title}} x\"", {"date": "{{date}}", "title": "{{title}} x"}),
        ("A: 1\na: 2", {"A": 1, "a": 2}),
        ("a: {b: 1}\nc: {b: 1}", {"a": {"b": 1}, "c": {"b": 1}}),
    ],
)
def test_the_placeholders_of_a_template_leave_the_other_properties(yaml: str, raw: object) -> None:
    metadata = read_properties(yaml)
    assert metadata.raw == raw
    assert metadata.problems == ()


@pytest.mark.parametrize("written", ["{{date}}", "{{date:YYYY-MM-DD}}", "'{{date}}'"])
def test_a_placeholder_for_a_deadline_or_a_weight_says_nothing_yet(written: str) -> None:
    metadata = read_properties(
        f"deadline: {written}\nweight: {written}\nhidden: {written}\ntags: [a, {written}]"
    )
    assert (metadata.deadline, metadata.weight, metadata.hidden) == (None, None, False)
    assert metadata.problems == ()
    assert metadata.tags[0] == "#a"


def test_a_tag_that_is_there_in_two_cases_is_one() -> None:
    assert read_properties("tags: [Foo, foo, bar]").tags == ("#Foo", "#bar")


@pytest.mark.parametrize("yaml", ["a: " + "[" * 19 + "]" * 19, "a: " + "x" * 65_533, "# nothing", ""])
def test_what_is_within_the_limits_is_read(yaml: str) -> None:
    assert not read_properties(yaml).problems


def test_a_note_without_frontmatter_has_no_metadata() -> None:
    assert read_properties(None) is NO_PROPERTIES


@given(
    st.one_of(
        st.text(),
        st.text("ab:-[]{},&*!?|>'\"#%@ \n\t0.e~"),
        st.binary().map(lambda b: b.decode("utf-8", "surrogateescape")),
    )
)
def test_any_text_is_read_or_refused_and_what_is_read_is_json(yaml: str) -> None:
    metadata = read_properties(yaml)
    json.dumps(metadata.raw, allow_nan=False).encode()


def test_frontmatter_never_hides_tasks_and_is_not_read_while_loading(tmp_path: Path) -> None:
    (tmp_path / "Bomb.md").write_text(f"---\n{LAUGHS}hidden: true\n---\n- [ ] a\n")
    (tmp_path / "Hidden.md").write_text("---\nhidden: true\n---\n- [ ] b\n")
    (tmp_path / "Named.md").write_text("---\naliases: [Other, Name]\n---\n- [ ] c\n")
    vault = Vault(tmp_path, Config(), lambda: NoteWriter(tmp_path / "state"))
    read_properties.cache_clear()
    snapshot = vault.refresh()
    assert read_properties.cache_info().misses == 0
    assert [note.name for note in snapshot.roadmaps] == ["Bomb", "Named"]
    assert snapshot.progress.open == 3
    assert snapshot.notes["Named.md"].names == ("Named", "Other", "Name")
    assert snapshot.notes["Hidden.md"].names == ("Hidden",)
