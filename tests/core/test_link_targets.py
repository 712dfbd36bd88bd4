"""What the target of a link names: a note, headings, a block; and on which line that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.link_targets import (
    LinkTarget,
    addresses,
    block_id,
    find_block,
    find_heading,
    heading_subpath,
    is_address,
)
from roadtui.core.links import may_have_links, own_lines
from roadtui.core.markdown import parse
from roadtui.core.note import ListItem, Section

NOTE = """\
# Plan: 2026 (draft)
## Part one
text
### Same
## Part [two] & three
### Same
# \uf8ffüìö Garbled
## *Bold* `code`
"""


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("Note", ("Note", (), "")),
        ("folder/Note.md", ("folder/Note.md", (), "")),
        ("Note#Heading", ("Note", ("Heading",), "")),
        (" Note # A # B ", ("Note", ("A", "B"), "")),
        ("#Heading", ("", ("Heading",), "")),
        ("Note#^id-1", ("Note", (), "id-1")),
        ("#^id", ("", (), "id")),
        ("Note#A#^id", ("Note", ("A",), "id")),
        ("Note##A", ("Note", ("A",), "")),
        ("Note^id", ("Note", (), "id")),
        ("Note#", ("Note", (), "")),
        ("", ("", (), "")),
    ],
)
def test_parts_of_a_target(target: str, parts: tuple[str, tuple[str, ...], str]) -> None:
    assert LinkTarget.of(target) == parts


@pytest.mark.parametrize(
    ("headings", "line"),
    [
        (["Part one"], 1),
        (["PART ONE"], 1),
        (["Plan 2026 draft"], 0),
        (["Plan: 2026 (draft)"], 0),
        (["Part two three"], 4),
        (["Same"], 3),
        (["Part one", "Same"], 3),
        (["Part two three", "Same"], 5),
        (["Plan 2026 draft", "Same"], 3),
        (["Same", "Part one"], None),
        (["Gone", "Same"], None),
        (["Part one", "Gone"], None),
        (["📚 Garbled"], 6),
        (["\uf8ffüìö Garbled"], 6),
        (["Bold code"], 7),
        (["Part"], None),
    ],
)
def test_headings_are_found_as_obsidian_finds_them(headings: list[str], line: int | None) -> None:
    found = find_heading(parse(NOTE), headings)
    assert (found.line if found is not None else None) == line


def test_the_subpath_of_each_heading_leads_to_it() -> None:
    note = parse(NOTE.replace("\uf8ffüìö", "📚"))
    for section in note.sections[1:]:
        found = find_heading(note, LinkTarget.of(heading_subpath(section)).headings)
        assert found is section
    assert heading_subpath(note.sections[0]) == ""
    assert heading_subpath(note.sections[4]) == "#Plan 2026 (draft)#Part two & three"


BLOCKS = """\
---
x: a ^yaml
---
# Title ^title

A paragraph
of two lines. ^para

- [ ] item ^item
  - [ ] nested
    continued ^nested
- [ ] last

^list

> quoted
> text

^quote

| a | b |
|---|---|
| 1 | 2 |

^table

```
code ^code
```
middle ^middle
of a paragraph ^Case-1

tight
^tight
"""


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("title", 3),
        ("para", 5),
        ("item", 8),
        ("nested", 9),
        ("list", 8),
        ("quote", 15),
        ("table", 20),
        ("case-1", 29),
        ("CASE-1", 29),
        ("code", None),
        ("yaml", None),
        ("middle", None),
        ("gone", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_blocks_are_found_by_their_id(block: str, line: int | None, end: str) -> None:
    assert find_block(BLOCKS.replace("\n", end), block) == line


def test_an_id_on_a_line_of_its_own_below_text_belongs_to_it() -> None:
    assert find_block("tight\n^tight\n", "tight") == 0
    assert find_block("- [ ] a\n  ^a\n- [ ] b\n", "a") == 0
    assert find_block("^alone\n", "alone") == 0


@pytest.mark.parametrize(
    ("line", "found"),
    [("- [ ] a ^id", "id"), ("- [ ] a ^id  ", "id"), ("a^id", ""), ("a ^id b", ""), ("^x-1", "x-1")],
)
def test_id_of_a_line(line: str, found: str) -> None:
    assert block_id(line) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.test/x.", ["https://a.test/x"]),
        ("(https://a.test) https://a.test/b_(c)", ["https://a.test", "https://a.test/b_(c)"]),
        ("[x](https://a.test/y?z=1#q) <mailto:me@a.test>", ["https://a.test/y?z=1#q", "mailto:me@a.test"]),
        ("`https://code.test` %%https://comment.test%%", []),
        ("obsidian://open?vault=v HTTP://UP.TEST", ["obsidian://open?vault=v", "HTTP://UP.TEST"]),
        ("file:///etc/passwd javascript:x ftp://a.test xhttps://b", []),
        ("[x](javascript:alert(1)) [y](file:///a) [z](note.md)", []),
    ],
)
def test_addresses_in_a_text(text: str, found: list[str]) -> None:
    assert list(addresses(text)) == found


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://a.test", True),
        ("mailto:a@b.c", True),
        ("obsidian://open?vault=x", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("vscode://x", False),
        ("https://a.test b", False),
        ("https://a.test\n--evil", False),
        ("https:", False),
        ("-https://a.test", False),
        ("Note", False),
    ],
)
def test_what_other_programs_are_asked_to_open(target: str, expected: bool) -> None:
    assert is_address(target) is expected


LINES = "# One [[x]]\n\n- [ ] a\n  [[y]]\n  - [ ] b\n- [ ] c https://d.test\n\n## Two\n- [ ] 1. e\n"


def test_which_lines_belong_to_a_row() -> None:
    note = parse(LINES)
    rows: list[Section | ListItem] = [*note.sections[1:], *note.items]
    assert [own_lines(note, row) for row in rows] == [
        range(0, 1),
        range(7, 8),
        range(2, 4),
        range(4, 5),
        range(5, 7),
        *[range(8, 9)] * (len(rows) - 5),
    ]
    assert [may_have_links(note, row) for row in rows][:5] == [True, False, True, False, True]


@given(st.text(st.sampled_from("#^|[]() -a\n\tä\udc80:/h"), max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    target = LinkTarget.of(text)
    find_heading(parse(text), target.headings)
    find_block(text, target.block)
    assert all(is_address(found) for found in addresses(text))
