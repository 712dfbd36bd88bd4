"""What holds for every text, and agreement with comrak on generated notes.

comrak (CommonMark, GitHub's and some of Obsidian's extensions) differs from Obsidian in what `DIFFERENCES`
names; notes that show one of them are left out. Where comrak and Obsidian differ, Obsidian is right.
"""

from __future__ import annotations

import re

import comrak
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import Note, Task
from tests.examples import many

Found = tuple[list[tuple[int, str | None, int | None]], list[tuple[int, int]]]
"""Items (line, mark, line of the parent) and headings (line, level)."""

INDENTS = [
    "",
    "",
    "",
    "",
    " ",
    "  ",
    "   ",
    "    ",
    "     ",
    "\t",
    "\t\t",
    "> ",
    ">",
    ">\t",
    " > ",
    "> > ",
    "  > ",
]
MARKERS = ["- ", "* ", "+ ", "1. ", "2. ", "1) ", "10. ", "-\t", "-   ", "-     ", "-", "1."]
BOXES = ["- [ ] ", "- [x] ", "* [/] ", "1. [-] ", "-   [x] "]
TEXTS = """\
foo|bar baz|a `b` c|#tag|**b**|[[a]]|5 a|[ ] x|[x]y|> q|- x|# head|## two ##|---|===|***|* * *|- - -|_ _ _|```
```py|~~~|````|<!--|-->|<!-- a -->|<div>|</div>|<b>|<b>x|<script>|</script>|<?php|?>|<!X|x ?>|%%|%% a %%|%% a
b %%|[foo]: /url|[^1]: foo|[^1]:|    code|>|x -->|:a|=a|~~a~~|$a$""".replace("\n", "|").split("|")
TABLES = ["| a | b |", "|---|---|", "--- | ---", "a | b", "|-|"]

indents = st.lists(st.sampled_from(INDENTS), min_size=1, max_size=2).map("".join)
markers = st.sampled_from([*MARKERS, *BOXES, *[""] * 12])
texts = st.sampled_from([*TEXTS, *TABLES, *[""] * 8])
lines = st.tuples(indents, markers, texts).map("".join)
notes = st.lists(lines, min_size=1, max_size=8).map(lambda drawn: "".join(f"{line}\n" for line in drawn))

any_text = st.text(
    st.characters(codec=None) | st.sampled_from("\n\r\t `~-*+>#[]()|!%$<=1.^\\\ufeff\u2028\x00\x0c")
)

DIFFERENCES = {
    "what stands behind a box starts a block": (
        "- [ ] 1. a\n",
        r"\[.\][ \t]+(?:[-+*>#~]|\d+[.)]|```|<|%%[^%]*$|\[\^|_ _|===|\|)",
    ),
    "an empty task holds no paragraph": ("- [ ] \n  2. a\n", r"\[.\][ \t]*$"),
    # CommonMark's own parser, markdown-it and micromark agree with us.
    "a tag alone on a line that a paragraph lazily goes on in is text": (
        "- a\n<b>\n- c\n",
        r"\S[ \t]*\n[ \t>]*</?[A-Za-z][^<>\n]*>[ \t]*$",
    ),
    "a box on the line below its marker is text": ("-\n  [ ] a\n", r"^[ \t>]*\[.\]"),
    "a task stays one when its text turns out to be a heading or a table": (
        "- [ ] a\n  ===\n",
        r"\[.\](?:.*\n)+?[ \t>]*(?:-+|=+|[-|: ]*\|[-|: ]*)[ \t]*$",
    ),
    "a heading begins below the definitions above it": (
        "[a]: /url\nb\n---\n",
        r"\]: /url[ \t]*\n(?:.*\n)*?[ \t>]*(?:-+|=+)[ \t]*$",
    ),
    "spaces on a blank line do not end a footnote": (
        "[^1]: a\n \n    - b\n",
        r"\[\^1\]:.*\n(?:.*\n)*?[ \t>]+$",
    ),
    "spaces on a blank line do not keep an empty item open": (
        "-\n  \n  - a\n",
        r"(?:[-+*]|\d[.)])[ \t]*\n[ \t>]+$",
    ),
}
"""Of each: a note that shows it, and a pattern that finds (at least) the notes that do."""


def differs(text: str) -> bool:
    return any(re.search(pattern, text, re.MULTILINE) for _, pattern in DIFFERENCES.values())


def seen_by_comrak(text: str) -> Found:
    extensions = comrak.ExtensionOptions(
        tasklist=True,
        footnotes=True,
        table=True,
        ofm_callouts=True,
        ofm_comments=True,
        front_matter_delimiter="---",
    )
    parsing = comrak.ParseOptions(relaxed_tasklist_matching=True, leave_footnote_definitions=True)
    items: list[tuple[int, str | None, int | None]] = []
    headings: list[tuple[int, int]] = []
    waiting: list[tuple[comrak.AstNode, int | None]] = [
        (comrak.parse_document(text, extensions, parsing), None)
    ]
    while waiting:
        node, parent = waiting.pop()
        line = node.sourcepos.start.line - 1
        match node.node_value:
            case comrak.TaskItem() as task:
                items.append((line, task.value.symbol or " ", parent))
                parent = line
            case comrak.Item():
                items.append((line, None, parent))
                parent = line
            case comrak.Heading() as heading:
                headings.append((line, heading.value.level))
        waiting += [(child, parent) for child in node.children]
    return _sorted(items), sorted(headings)


def seen_by_us(note: Note) -> Found:
    items = [
        (
            item.line,
            item.status_symbol if isinstance(item, Task) else None,
            item.parent.line if item.parent else None,
        )
        for item in note.items
    ]
    return _sorted(items), [(section.line, section.level) for section in note.sections[1:]]


def _sorted(items: list[tuple[int, str | None, int | None]]) -> list[tuple[int, str | None, int | None]]:
    return sorted(items, key=lambda item: (item[0], -1 if item[2] is None else item[2], item[1] or ""))


@many()
@given(notes)
def test_agrees_with_comrak(text: str) -> None:
    assume(not differs(text))
    assert seen_by_us(parse(text)) == seen_by_comrak(text)


@pytest.mark.parametrize(("text", "pattern"), DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_the_differences_are_real(text: str, pattern: str) -> None:
    assert re.search(pattern, text, re.MULTILINE)
    assert seen_by_us(parse(text)) != seen_by_comrak(text)


@given(any_text)
@example("a\r")
@example("\r\r\n")
def test_joined_lines_are_the_text(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(re.fullmatch(r"[^\r\n]*(?:\r\n|\r|\n)", line) for line in lines[:-1])
    assert not lines or re.fullmatch(r"[^\r\n]*(?:\r\n|\r|\n)?", lines[-1])


@many()
@given(any_text | notes)
@example("\ufeff")
def test_every_text_is_a_note(text: str) -> None:
    note = parse(text)
    ends = split_lines(text.removeprefix("\ufeff"))
    assert note.line_count == len(ends)
    for index, item in enumerate(note.items):
        assert item.index == index
        assert item.source == ends[item.line].rstrip("\r\n")
        assert item.parent is None or item.parent in note.items[:index]
        assert item.section.line <= item.line
        if isinstance(item, Task):
            assert (item.source[item.symbol_index - 1], item.source[item.symbol_index + 1]) == ("[", "]")
    assert [section.line for section in note.sections] == sorted({section.line for section in note.sections})
    assert all(section.parent and section.parent.level < section.level for section in note.sections[1:])
    assert all(link.target and 0 <= link.line < len(ends) for link in note.links)


@many()
@given(notes, st.sampled_from(["\n", "\r\n", "\r"]))
def test_line_ends_do_not_matter(text: str, end: str) -> None:
    assert seen_by_us(parse(text.replace("\n", end))) == seen_by_us(parse(text))


@many()
@given(notes)
def test_a_quote_around_it_changes_nothing(text: str) -> None:
    spaced = text.replace("\t", "    ")
    assume(parse(spaced).frontmatter is None)
    quoted = "".join(f"> {line}" for line in split_lines(spaced))
    assert seen_by_us(parse(quoted)) == seen_by_us(parse(spaced))
