"""What counts as an item, a task, a parent and a heading, one construct after the other."""

from __future__ import annotations

from textwrap import dedent

import pytest

from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import Note, Task


def outline(note: Note) -> list[str]:
    """Items as `line [mark]` or `line -`, indented by their depth; headings as `line ## title`; by line."""
    found = [
        (section.line, f"{section.line} {'#' * section.level} {section.title}") for section in note.sections
    ]
    for item in note.items:
        mark = f"[{item.status_symbol}]" if isinstance(item, Task) else "-"
        found.append((item.line, f"{'  ' * sum(1 for _ in item.ancestors)}{item.line} {mark}"))
    return [text for line, text in sorted(found, key=lambda entry: entry[0]) if line >= 0]


CASES: dict[str, tuple[str, list[str]]] = {
    # markers
    "every bullet": ("- a\n* b\n+ c", ["0 -", "1 -", "2 -"]),
    "numbers with dot and parenthesis": ("1. a\n2) b\n123456789. c", ["0 -", "1 -", "2 -"]),
    "ten digits are no number": ("1234567890. a", []),
    "other scripts' digits are no number": ("١. a", []),
    "a marker needs a space": ("-a\n1.b\n*c*", []),
    "an empty item": ("-\n- \n1.", ["0 -", "1 -", "2 -"]),
    "three spaces before a marker": ("   - a", ["0 -"]),
    "four spaces before a marker make code": ("    - a", []),
    "a tab before a marker makes code": ("\t- a", []),
    # boxes
    "any character in a box": ("- [ ] a\n- [x] b\n- [/] c\n- [✓] d\n- [🚧] e\n- [[] f\n- []] g",
                              ["0 [ ]", "1 [x]", "2 [/]", "3 [✓]", "4 [🚧]", "5 [[]", "6 []]"]),
    "a box in every list": ("* [ ] a\n+ [x] b\n1. [ ] c\n2) [ ] d", ["0 [ ]", "1 [x]", "2 [ ]", "3 [ ]"]),
    "an empty task": ("- [ ]\n- [x] ", ["0 [ ]", "1 [x]"]),
    "a box holds one character": ("- [] a\n- [  ] b\n- [xx] c", ["0 -", "1 -", "2 -"]),
    "a box needs a space behind it": ("- [x]a\n- [x](b)\n- [x]: c", ["0 -", "1 -", "2 -"]),
    "a box needs a list": ("[ ] a\n> [ ] b", []),
    "a box stands first": ("- a [ ] b", ["0 -"]),
    "two spaces around a box": ("-  [ ]  a", ["0 [ ]"]),
    "five spaces before a box make code": ("-     [ ] a", ["0 -"]),
    "a tab behind the marker": ("-\t[ ] a\n\t- [x] b", ["0 [ ]", "  1 [x]"]),
    "a tab behind the box": ("- [ ]\ta", ["0 [ ]"]),
    "a no-break space is no space": ("-\u00a0[ ] a\n- [ ]\u00a0b", ["1 -"]),
    "a box on the next line is text": ("-\n  [ ] a", ["0 -"]),
    # nesting
    "by two, four and tab": ("- a\n  - b\n- c\n    - d\n- e\n\t- f",
                             ["0 -", "  1 -", "2 -", "  3 -", "4 -", "  5 -"]),
    "one space is not enough": ("- a\n - b\n   - c", ["0 -", "1 -", "  2 -"]),
    "under the text of a number": ("10. a\n    - b\n   - c", ["0 -", "  1 -", "2 -"]),
    "tabs, several levels": ("- a\n\t- b\n\t\t- c\n\t- d\n- e", ["0 -", "  1 -", "    2 -", "  3 -", "4 -"]),
    "tabs and spaces mixed": ("- a\n \t- b\n    \t- c", ["0 -", "  1 -", "    2 -"]),
    "back to the middle": ("- a\n  - b\n    - c\n  - d", ["0 -", "  1 -", "    2 -", "  3 -"]),
    "indented too far goes on as text": ("- a\n      - b", ["0 -"]),
    "indented too far after a blank line is code": ("- a\n\n      - b", ["0 -"]),
    "wide marker": ("-   a\n    - b\n  - c", ["0 -", "  1 -", "2 -"]),
    "two on a line": ("- - a\n  - b\n    - c", ["0 -", "  0 -", "  1 -", "    2 -"]),
    "a number behind a box": ("- [ ] 1. a\n- [x] 2) b\n- [ ] 3: c",
                              ["0 [ ]", "  0 -", "1 [x]", "  1 -", "2 [ ]"]),
    "a task behind a box": ("- [ ] - [x] a", ["0 [ ]", "  0 [x]"]),
    "below a number behind a box": ("- [ ] 1. a\n    - b\n     - c", ["0 [ ]", "  0 -", "  1 -", "  2 -"]),
    # blank lines and paragraphs
    "loose list": ("- a\n\n- b\n\n  - c\n\n\n- d", ["0 -", "2 -", "  4 -", "7 -"]),
    "a blank line with spaces": ("- a\n   \n  - b", ["0 -", "  2 -"]),
    "text after a blank line ends the list": ("- a\n\nb\n  - c", ["0 -", "3 -"]),
    "lazy text does not end it": ("- a\nb\n  - c", ["0 -", "  2 -"]),
    "an item that begins with a blank line": ("-\n  a\n  - b", ["0 -", "  2 -"]),
    "it holds no second blank line": ("-\n\n  - a", ["0 -", "2 -"]),
    "not even one with spaces": ("-\n  \n  - a", ["0 -", "2 -"]),
    "a blank line in an item": ("- a\n  - b\n  # h\n\n  - c", ["0 -", "  1 -", "2 # h", "  4 -"]),
    "a blank line after an empty item": ("x\n\n-\n\n  - c", ["2 -", "4 -"]),
    "code in an empty item": ("-\n      code\n\n  - a", ["0 -", "  3 -"]),
    "a bullet interrupts a paragraph": ("a\n- b\n+ c", ["1 -", "2 -"]),
    "of numbers only one does": ("a\n2. b\nc\n1. d", ["3 -"]),
    "01 does not": ("a\n01. b", []),
    "an empty item does not": ("a\n*\nb\n1.", []),
    "inside an item, too": ("- a\n  2. b\n  1. c", ["0 -", "  2 -"]),
    "the next item need not count from one": ("1. a\n5. b", ["0 -", "1 -"]),
    "after lazy text any number may follow": ("> a\n2. b", ["1 -"]),
    # thematic breaks
    "rules are no items": ("***\n* * *\n- - -\n-  -\t-\n___\n- - a", ["5 -", "  5 -"]),
    "a rule in an item": ("- * * *\n  - a", ["0 -", "  1 -"]),
    "a rule ends a list": ("- a\n***\n  - b", ["0 -", "2 -"]),
    "a rule in a nested list": ("- a\n  - - -\n  - b", ["0 -", "  2 -"]),
    # headings
    "levels": ("# a\n###### b\n####### c", ["0 # a", "1 ###### b"]),
    "a space is needed": ("#a\n#\n# \n#\tb", ["1 # ", "2 # ", "3 # b"]),
    "closing marks": ("# a #\n## b ####  \n# c#\n# d \\#\n# #\n## e # f ##",
                      ["0 # a", "1 ## b", "2 # c#", "3 # d \\#", "4 # ", "5 ## e # f"]),
    "up to three spaces before": ("   # a\n\n    # b", ["0 # a"]),
    "formatting stays": ("# **a** [[b|c]] `d`  e", ["0 # **a** [[b|c]] `d`  e"]),
    "a tab inside stays": ("#\ta\tb", ["0 # a\tb"]),
    "interrupts a paragraph and ends a list": ("- a\n# b\n  - c", ["0 -", "1 # b", "2 -"]),
    "in a quote": ("> # a\n> - b\n>> ## c", ["0 # a", "1 -", "2 ## c"]),
    "in an item": ("- # a\n  - b\n  ## c", ["0 # a", "0 -", "  1 -", "2 ## c"]),
    "setext": ("a\n===\nb\n-\nc\n   ----   ", ["0 # a", "2 ## b", "4 ## c"]),
    "setext of several lines": ("a\n  b \nc\n===", ["0 # a b c"]),
    "setext with a line set in far": ("a\n      b\n===", ["0 # a b"]),
    "setext with a formula and a comment": ("a\n$$b$$\n%%c%%\n===", ["0 # a $$b$$ %%c%%"]),
    "setext needs a paragraph": ("===\n\n---\n# a\n===", ["3 # a"]),
    "setext after a blank line is a rule": ("a\n\n---\n- b", ["3 -"]),
    "setext in a quote": ("> a\n> ---\n> - b", ["0 ## a", "2 -"]),
    "setext is never lazy": ("> a\n===\n\n> b\n---", []),
    "setext in an item": ("- a\n  ---\n  - b", ["0 ## a", "0 -", "  2 -"]),
    "a rule below an item": ("- a\n---\n- b", ["0 -", "2 -"]),
    "an empty bullet below text underlines it": ("- a\n  -", ["0 ## a", "0 -"]),
    "definitions are no title": ("[a]: /b\n===\n\n[c]:\n/d\n===\n\n[e]: /f\ng\n---", ["8 ## g"]),
    # quotes and callouts
    "tasks in a callout": ("> [!todo] a\n> - [ ] b\n>     - [x] c", ["1 [ ]", "  2 [x]"]),
    "nested quotes": ("> > - [ ] a\n>>   - b\n>>> - c", ["0 [ ]", "  1 -", "2 -"]),
    "a quote in an item": ("- a\n  > - b\n  > - c\n  - d", ["0 -", "  1 -", "  2 -", "  3 -"]),
    "quotes without a space": (">- a\n>   - b\n>  - c", ["0 -", "  1 -", "2 -"]),
    "a tab behind the quote mark": (">\t- a\n> \t- b\n>\t  - c\n>\n>\t\t\t- d", ["0 -", "1 -", "  2 -"]),
    "a blank line ends a quote": ("> - a\n\n>   - b", ["0 -", "2 -"]),
    "a blank line in a quote": ("> - a\n>\n>   - b", ["0 -", "  2 -"]),
    "lazy text in a quote": ("> - a\nb\n>   - c", ["0 -", "  2 -"]),
    "an item is never lazy": ("> - a\n  - b", ["0 -", "1 -"]),
    "four spaces before a quote mark": ("    > - a", []),
    # code
    "fenced": ("```\n- a\n```\n- b", ["3 -"]),
    "tildes, with a word": ("~~~ py `x`\n- a\n~~~\n- b", ["3 -"]),
    "closed by a longer run": ("````\n- a\n```\n- b\n``````\n- c", ["5 -"]),
    "not closed by the other kind": ("```\n~~~\n- a\n```\n- b", ["4 -"]),
    "not closed by a run with a word": ("```\n- a\n``` b\n- c", []),
    "not closed by an indented run": ("```\n    ```\n- a", []),
    "never closed": ("```\n- a\n\n# b", []),
    "a run with backticks behind it is inline": ("``` a``` b\n- c", ["1 -"]),
    "fenced, in an item": ("- a\n  ```\n  - b\n\n  # c\n  ```\n  - d", ["0 -", "  6 -"]),
    "leaving the item closes the fence": ("- a\n  ```\n- b", ["0 -", "2 -"]),
    "leaving the quote closes the fence": ("> ```\n> - a\n- b", ["2 -"]),
    "a fence interrupts a paragraph": ("a\n```\n- b\n```", []),
    "a fence behind a marker": ("- ```\n  - a\n  ```\n- b", ["0 -", "3 -"]),
    "indented": ("a\n\n    - b\n\n\t- c", []),
    "indented code is no paragraph": ("    a\n2. b", ["1 -"]),
    "inline code hides no item": ("a `b\n- c` d", ["1 -"]),
    # HTML
    "comment": ("<!--\n- a\n\n- b -->\n- c", ["4 -"]),
    "comment on one line": ("<!-- a -->\n- b", ["1 -"]),
    "comment below a paragraph": ("a\n<!--\n- b\n-->\n- c", ["4 -"]),
    "comment inside a line": ("a <!--\n- b\n-->", ["1 -"]),
    "shortest comment": ("<!-->\n- a", ["1 -"]),
    "comment in an item": ("- a\n  <!--\n  - b\n  -->\n  - c", ["0 -", "  4 -"]),
    "script, to its end": ("<script>\n- a\n\n- b\n</SCRIPT> - c\n- d", ["5 -"]),
    "instruction": ("<?php\n\n- a ?>\n- b", ["3 -"]),
    "declaration": ("<!DOCTYPE\n\n- a>\n- b", ["3 -"]),
    "cdata": ("<![CDATA[\n\n- a\n]]>\n- b", ["4 -"]),
    "block tag, to a blank line": ("<div>\n- a\n\n- b", ["3 -"]),
    "block tag below a paragraph": ("a\n</details>\n- b", []),
    "any tag alone": ('<x-y a="b" c>\n- d\n\n- e', ["3 -"]),
    "any tag below a paragraph is text": ("a\n<b>\n- c", ["2 -"]),
    "any tag is text where a paragraph lazily goes on": (
        "- a\n<b>\n- c\n> - d\n</b>\n- e",
        ["0 -", "2 -", "3 -", "5 -"],
    ),
    "any tag with text behind it is text": ("<b>a\n- c", ["1 -"]),
    # Obsidian's comments, formulas, footnotes
    "comment block": ("%%\n- a\n\n# b\n%%\n- c", ["5 -"]),
    "comment with text behind the marks": ("%% a\n- b\nc %%\n- d", ["3 -"]),
    "comment closed on its line": ("%% a %%\n- b", ["1 -"]),
    "comment inside a line hides no item": ("a %% b\n- c %%", ["1 -"]),
    "comment below a paragraph, with a fence": ("a\n%%\n```\n- b\n%%\n- c", ["5 -"]),
    "a comment block in an item": ("- a\n  %%\n  - b\n  %%\n  - c", ["0 -", "  4 -"]),
    "comment never closed": ("%%\n- a\n\n- b", []),
    "text behind a comment": ("%%\n%% a\n2. b", []),
    "comment marks in code": ("```\n%%\n```\n- a\n\n%%\n- b\n%%", ["3 -"]),
    "formula": ("$$\n- a\n$$\n- b", ["3 -"]),
    "formula closed on its line": ("$$a$$\n- b", ["1 -"]),
    "footnote": ("[^1]: a\n\n    - b\n\n- c", ["2 -", "4 -"]),
    # tables
    "a table row is no paragraph": ("a | b\n--- | ---\n2. c", ["2 -"]),
    "a table row is no title": ("| a |\n| - |\n| b |\n---\n- c", ["4 -"]),
    "as many cells are needed": ("a | b\n---|---|---\n2. c", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_reads(text: str, expected: list[str], end: str) -> None:
    assert outline(parse(text.replace("\n", end))) == expected


# Not those with tabs: a quote mark moves the tab stops.
@pytest.mark.parametrize("name", [name for name, (text, _) in CASES.items() if "\t" not in text])
def test_reads_the_same_in_a_quote(name: str) -> None:
    text, expected = CASES[name]
    quoted = parse("".join(f"> {line}" for line in split_lines(text)))
    assert outline(quoted) == expected


ROADMAP = dedent("""\
    intro
    - [ ] before
    # One
    - [ ] a
    ### Deep
      - [x] b ^id-1
    ## Two
    - plain
      - [/] c 📅 2026-01-01
    # Three #
    > ## Quoted
    > - [ ] d
""")


def test_an_item_knows_its_headings() -> None:
    note = parse(ROADMAP)
    assert [(task.text, task.section.heading_path) for task in note.tasks] == [
        ("before", ()),
        ("a", ("One",)),
        ("b ^id-1", ("One", "Deep")),
        ("c 📅 2026-01-01", ("One", "Two")),
        ("d", ("Three", "Quoted")),
    ]


def test_an_item_knows_its_place() -> None:
    note = parse(ROADMAP)
    assert [item.index for item in note.items] == list(range(len(note.items)))
    assert [section.index for section in note.sections] == list(range(len(note.sections)))
    lines = ROADMAP.split("\n")
    assert [item.source for item in note.items] == [lines[item.line] for item in note.items]
    assert [task.parent_task for task in note.tasks] == [None] * 5
    assert note.items[4].parent is note.items[3]


@pytest.mark.parametrize("source", [
    "\t- [x] a\tb  ", "> \t1)  [/] a", "-\t[ ]\ta", "- a - [x] b", "- [ ] - [x] a", ">\t>\t- [✓] a",
])  # fmt: skip
def test_a_mark_is_where_the_box_is(source: str) -> None:
    note = parse("- above\n> > - above\n" + source)
    for task in note.tasks:
        assert task.source == source
        assert (source[task.symbol_index - 1], source[task.symbol_index + 1]) == ("[", "]")


def test_a_source_is_exact() -> None:
    source = "-  [x]  a\u2028b\x0cc\x85d\udc80\x00  "
    (task,) = parse(f"{source}\r\n").tasks
    assert (task.source, task.status_symbol) == (source, "x")


def test_a_byte_order_mark_belongs_to_no_line() -> None:
    (task,) = parse("\ufeff- [x] a").tasks
    assert (task.source, task.status_symbol, task.line) == ("- [x] a", "x", 0)
    assert outline(parse("\ufeff# a\n\ufeff- b")) == ["0 # a"]
    assert parse("\ufeff---\na: 1\n---\n").frontmatter == "a: 1"


FRONTMATTER: dict[str, tuple[str, str | None, list[str]]] = {
    "plain": ("---\na: 1\nb:\n  - [ ] c\n---\n- d", "a: 1\nb:\n  - [ ] c", ["5 -"]),
    "empty": ("---\n---\n- a", "", ["2 -"]),
    "spaces behind the marks": ("---  \na: 1\n--- \n- b", "a: 1", ["3 -"]),
    "never closed": ("---\n- a", None, ["1 -"]),
    "not on the first line": ("\n---\na: 1\n---\n- b", None, ["2 ## a: 1", "4 -"]),
    "four dashes": ("----\na: 1\n---\n- b", None, ["1 ## a: 1", "3 -"]),
    "indented": (" ---\na: 1\n---", None, ["1 ## a: 1"]),
    "a list inside stays inside": ("---\na\n- b\n...\n---\n# c", "a\n- b\n...", ["5 # c"]),
}


@pytest.mark.parametrize(("text", "yaml", "expected"), FRONTMATTER.values(), ids=FRONTMATTER.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_frontmatter(text: str, yaml: str | None, expected: list[str], end: str) -> None:
    note = parse(text.replace("\n", end))
    assert (note.frontmatter, outline(note)) == (yaml, expected)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a\n"]),
        ("\n\n", ["\n", "\n"]),
        ("a\r\nb\rc\nd", ["a\r\n", "b\r", "c\n", "d"]),
        ("\r\r\n\n\r", ["\r", "\r\n", "\n", "\r"]),
        ("a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g", ["a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g"]),
    ],
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines
    assert parse(text).line_count == len(lines)


def test_a_byte_order_mark_alone_is_no_line() -> None:
    assert parse("\ufeff").line_count == 0


def test_ten_thousand_levels() -> None:
    note = parse("- " * 10_000 + "a\n" + "> " * 10_000 + "- [ ] b")
    assert len(note.items) == 10_001
    assert sum(1 for _ in note.items[9_999].ancestors) == 9_999
    assert note.items[10_000].parent is None
