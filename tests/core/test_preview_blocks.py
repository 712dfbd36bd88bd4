"""What the preview makes of Markdown: the kinds of blocks, the looks of their text, the lines they are of."""

from __future__ import annotations

import random
import re

import pytest

from benchmarks.vaults import make_note
from roadtui.core.markdown import parse
from roadtui.core.preview.block_parser import PreviewParser
from roadtui.core.preview.blocks import Block, BlockKind, LeadKind
from roadtui.core.preview.chunks import NoteLines
from roadtui.core.styled_text import Look


def blocks_of(text: str) -> list[Block]:
    """The blocks of the note `text`."""
    note_lines = NoteLines(text, parse(text))
    parser = PreviewParser(note_lines)
    return [block for chunk in note_lines.chunks for block in parser.blocks(chunk)]


def marked_up(block: Block) -> str:
    """The text of `block` with its looks as tags: `<strong>bold</>`."""
    return "".join(
        span.text if span.look is Look.PLAIN else f"<{_names(span.look)}>{span.text}</>"
        for span in block.spans
    )


def _names(look: Look) -> str:
    return " ".join(str(one.name).lower() for one in look)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("plain", "plain"),
        ("**bold** and *so* and ~~gone~~", "<strong>bold</> and <emphasis>so</> and <struck>gone</>"),
        ("***both***", "<strong emphasis>both</>"),
        ("`a*b*`", "<code>a*b*</>"),
        ("==bright== and 1 == 2", "<highlight>bright</> and 1 == 2"),
        ("seen %%hidden%% seen", "seen  seen"),
        ("50%% is no comment", "50%% is no comment"),
        ("a #tag/sub and #1 and a#b", "a <tag>#tag/sub</> and #1 and a#b"),
        ("`#code` is no tag", "<code>#code</> is no tag"),
        ("$a_b_c$ costs $5 and $6", "<code>$a_b_c$</> costs $5 and $6"),
        ("[[Soil]]", "<followed>Soil</>"),
        ("[[Soil#Clay#Red]]", "<followed>Soil > Clay > Red</>"),
        ("[[Soil#^block]]", "<followed>Soil</>"),
        ("[[Soil|the *earth*]]", "<followed>the *earth*</>"),
        ("**[[Soil]]**", "<strong followed>Soil</>"),
        ("[a **b**](Soil.md)", "<followed>a </><strong followed>b</>"),
        ("[site](https://x.example)", "<address>site</>"),
        ("<https://x.example>", "<address>https://x.example</>"),
        ("![[pic.png]]", "<quiet>image: pic.png</>"),
        ("![[pic.png|300]]", "<quiet>image: pic.png</>"),
        ("![[sub/pic.png|a cat]]", "<quiet>image: pic.png (a cat)</>"),
        ("![a cat](sub/my%20pic.png)", "<quiet>image: my pic.png (a cat)</>"),
        ("![[talk.mp3]]", "<quiet>file: talk.mp3</>"),
        ("![[Soil#Clay]]", "<quiet>embed: </><followed>Soil > Clay</>"),
        ("text[^1] and^[aside]", "text<quiet>[1]</> and<quiet> [aside]</>"),
        ("a<br>b <u>c</u> <!-- d -->", "a\nb <quiet><u></>c<quiet></u></> "),
        ("&amp; \\* &copy;", "& * ©"),
        ("==a== b ==c", "<highlight>a</> b ==c"),
        ("==a== ==b==", "<highlight>a</> <highlight>b</>"),
        ("%%a%% b %%c", " b %%c"),
        ("![](pic)", "<quiet>image: pic</>"),
        ("![a|300](p.png)", "<quiet>image: p.png (a)</>"),
        ("![x](data:image/png;base64,AA)", "<quiet>image: embedded (x)</>"),
        ("![x](s/a.pdf)", "<quiet>file: a.pdf (x)</>"),
        ("![[a.png|30x40]]", "<quiet>image: a.png</>"),
        ("![[a.png|30x]]", "<quiet>image: a.png (30x)</>"),
        ("![[s/A.PNG]]", "<quiet>image: A.PNG</>"),
        ("[[#A#B]]", "<followed>A > B</>"),
        ("[[#^id]]", "<followed>#^id</>"),
        ("[a](//host)", "<address>a</>"),
        ("[a]()", "<address>a</>"),
        ("[a](b.md) #c", "<followed>a</> <tag>#c</>"),
        ("<https://a.test> #c", "<address>https://a.test</> <tag>#c</>"),
        ("[#t](b.md)", "<followed>#t</>"),
        ("#t1 #t2 x", "<tag>#t1</> <tag>#t2</> x"),
        ("a<BR/>b", "a\nb"),
        ("$a$5", "$a$5"),
        ("$$x$$ y", "<code>$$x$$</> y"),
        ("**a _b_ c** d", "<strong>a </><strong emphasis>b</><strong> c</> d"),
        ("~~a~~ b", "<struck>a</> b"),
        ("[^1] [^ 2]", "<quiet>[1]</> [^ 2]"),
        ("^[ a ] b", "<quiet> [a]</> b"),
        ("x ^id y ^id2", "x ^id y"),
        ("\\[[a]]", "[[a]]"),
        ("![[Note.md]]", "<quiet>embed: </><followed>Note.md</>"),
        ("![[v.mov]]", "<quiet>file: v.mov</>"),
        ("a  \nb", "a\nb"),
        ("one\ntwo", "one\ntwo"),
        ("the end ^abc-1", "the end"),
        ("x^2 ^not at the end", "x^2 ^not at the end"),
        ("[ref] it\n\n[ref]: Soil.md", "<followed>ref</> it"),
    ],
    ids=str,
)
def test_inline_text(markdown: str, shown: str) -> None:
    assert marked_up(blocks_of(markdown)[0]) == shown


@pytest.mark.parametrize(
    ("markdown", "targets"),
    [
        ("[[Soil#Clay|x]] and [[ Worms ]]", ("Soil#Clay", "Worms")),
        ("[x](My%20Note.md#A%20b)", ("My Note.md#A b",)),
        ("[x](<My Note.md>)", ("My Note.md",)),
        ("![[Soil]] ![[pic.png]] [x](https://y.example)", ("Soil",)),
        ("| a |\n|---|\n| [[Soil]] |\n| [[Worms\\|w]] |", ("Soil", "Worms")),
        ("`[[no]]` %%[[hidden]]%% $[[no]]$", ()),
        ("[x](bad%FF.md) [[#A]]", ("bad%FF.md", "#A")),
        ("[[A]] [b](B.md) [[C|c]]", ("A", "B.md", "C")),
    ],
    ids=str,
)
def test_targets_of_links(markdown: str, targets: tuple[str, ...]) -> None:
    assert blocks_of(markdown)[0].links == targets


def kinds(markdown: str) -> list[str]:
    """Each block in a word or two, with what it is inside."""
    return [
        "/".join([*(f"{lead.kind.name}{lead.text}".strip() for lead in block.leads), block.kind.name])
        for block in blocks_of(markdown)
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A\n\nSetext\n===\n", ["HEADING", "HEADING"]),
        (
            "- a\n  - [x] b\n  1. c\n",
            ["BULLET/PARAGRAPH", "BULLET/TASKx/PARAGRAPH", "BULLET/NUMBER1./PARAGRAPH"],
        ),
        ("- [/] doing\n- [?] asked\n", ["TASK//PARAGRAPH", "TASK?/PARAGRAPH"]),
        ("7) seven\n", ["NUMBER7)/PARAGRAPH"]),
        ("> a\n> > b\n", ["QUOTE/PARAGRAPH", "QUOTE/QUOTE/PARAGRAPH"]),
        ("> [!Tip]+ Title\n> text\n", ["QUOTEtip/CALLOUT", "QUOTEtip/PARAGRAPH"]),
        ("> [!note]\n> - [ ] a\n", ["QUOTEnote/CALLOUT", "QUOTEnote/TASK/PARAGRAPH"]),
        ("```mermaid\ngraph TD\n```\n", ["CODE"]),
        ("$$\n- x_1\n$$\n", ["CODE"]),
        ("---\n\n***\n", ["RULE", "RULE"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", ["TABLE"]),
        ("<div>\nx\n</div>\n", ["PARAGRAPH"]),
        ("<!-- hidden\n- [ ] no\n-->\n", []),
        ("%%\nhidden\n%%\nseen\n", ["PARAGRAPH"]),
        ("---\na: 1\nb: [x, y]\n---\ntext\n", ["PROPERTY", "PROPERTY", "PARAGRAPH"]),
        ("---\n---\ntext\n", ["PARAGRAPH"]),
        ("[^1]: the note\n", ["PARAGRAPH"]),
        ("-\n- \n", ["BULLET/PARAGRAPH", "BULLET/PARAGRAPH"]),
    ],
    ids=repr,
)
def test_blocks(markdown: str, expected: list[str]) -> None:
    assert kinds(markdown) == expected


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("a: 1", {"a": "1"}),
        ("a :  1 ", {"a": "1"}),
        ('a: "one"', {"a": "one"}),
        ("a: 'one'", {"a": "one"}),
        ("a: 'one\"", {"a": "'one\""}),
        ('a: "', {"a": '"'}),
        ('a: ""', {"a": ""}),
        ("a: []", {"a": ""}),
        ("a: [x, y]", {"a": "x, y"}),
        ("a:\n  - x\n  -  y \n- z", {"a": "x, y, z"}),
        ("a: one\n\n  two\nb: 2", {"a": "one, two", "b": "2"}),
        ("a: >\n  one\n  two\nb: 2", {"a": "one two", "b": "2"}),
        ("a: |-\n  one, [x]\n  two", {"a": "one, [x] two"}),
        ("a: |", {"a": ""}),
        ("a: > b", {"a": "> b"}),
        ("not a property\na: 1", {"a": "1"}),
        ("a:\nb:", {"a": "", "b": ""}),
    ],
)
def test_properties(lines: str, shown: dict[str, str]) -> None:
    blocks = blocks_of(f"---\n{lines}\n---\n")
    assert {block.label: marked_up(block) for block in blocks} == shown
    starts = [number for number, line in enumerate(lines.split("\n"), 1) if line[:1] in tuple(shown)]
    assert [block.start for block in blocks] == starts
    assert [block.end for block in blocks] == [*starts[1:], lines.count("\n") + 3]


def test_many_properties_are_cut_and_that_is_said() -> None:
    *shown, notice = blocks_of("---\n" + "".join(f"p{number}: 1\n" for number in range(43)) + "---\n")
    assert len(shown) == 40
    assert (marked_up(notice), notice.start, notice.end) == ("… 3 more properties", 41, 45)


def test_code_is_shown_as_written_with_its_language() -> None:
    code = blocks_of("```tasks\nnot done\n  *raw*\n```\n")[0]
    assert (code.kind, code.label) == (BlockKind.CODE, "tasks")
    assert marked_up(code) == "not done\n  *raw*"


def test_code_in_a_known_language_is_highlighted() -> None:
    code = blocks_of('```python\nreturn "a"  # why\n```\n')[0]
    assert marked_up(code) == '<keyword>return</> <literal>"a"</>  <remark># why</>'


def test_a_table_has_its_cells_and_alignments() -> None:
    table = blocks_of("| a | b |\n|:-:|--:|\n| *x* | 1 |\n")[0]
    cells = [["".join(span.text for span in cell) for cell in row] for row in table.table]
    assert cells == [["a", "b"], ["x", "1"]]
    assert [align.value for align in table.aligns] == ["center", "right"]


def test_a_table_of_too_many_cells_is_cut_and_says_so() -> None:
    row = "|" + "x|" * 500 + "\n"
    table, notice = blocks_of(row + "|" + "-|" * 500 + "\n" + row * 20)
    assert len(table.table) == 6
    assert (table.start, table.end, notice.start, notice.end) == (0, 7, 7, 22)
    assert marked_up(notice) == "… 15 more rows"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a\n\nb\nc\n", ["0-1 PARAGRAPH a", "2-4 gap PARAGRAPH b\nc"]),
        (
            "# A\ntext\n## B\n\ntext\n",
            ["0-1 HEADING A", "1-2 PARAGRAPH text", "2-3 gap HEADING B", "4-5 gap PARAGRAPH text"],
        ),
        (
            "- a\n\n  b\n- c\n",
            ["0-1 BULLET/PARAGRAPH a", "2-3 gap BULLET…/PARAGRAPH b", "3-4 BULLET/PARAGRAPH c"],
        ),
        (
            "- a\n  - b\n\n  c\n",
            ["0-1 BULLET/PARAGRAPH a", "1-2 BULLET…/BULLET/PARAGRAPH b", "3-4 gap BULLET…/PARAGRAPH c"],
        ),
        ("> a\n>\n> b\n", ["0-1 QUOTE/PARAGRAPH a", "2-3 gap QUOTE…/PARAGRAPH b"]),
        ("> [!Note|x] T\n> one\n> two\n", ["0-1 QUOTE/CALLOUT T", "1-3 QUOTE/PARAGRAPH one\ntwo"]),
        ("> [!tip]\n", ["0-1 QUOTE/CALLOUT "]),
        ("> - [x] a\n> text\n", ["0-2 QUOTE/TASK/PARAGRAPH a\ntext"]),
        ("%%\nhidden\n%% seen\nmore\n", ["2-4 gap PARAGRAPH seen\nmore"]),
        ("%% a\nb %%\nc\n", ["2-3 gap PARAGRAPH c"]),
        ("<!-- a\nb --> c\n\nd\n", ["3-4 gap PARAGRAPH d"]),
        ("$$\nx\n$$\ny\n", ["0-3 CODE x", "3-4 PARAGRAPH y"]),
        ("> $$\n> x\n> $$\n", ["0-3 QUOTE/PARAGRAPH $$\nx\n$$"]),
        ("```py\n1\n```\ntext\n", ["0-3 CODE 1", "3-4 PARAGRAPH text"]),
        ("```\n1\n", ["0-2 CODE 1"]),
        ("~~~\n```\n~~~\n\nx\n", ["0-3 CODE ```", "4-5 gap PARAGRAPH x"]),
        ("````\n```\n````\nx\n", ["0-3 CODE ```", "3-4 PARAGRAPH x"]),
        ("text\n[a]: b.md\n[a] x\n", ["0-3 PARAGRAPH text\n[a]: b.md\n[a] x"]),
        ("[a]: b.md\n[c]: d.md\n\n[a] [c]\n", ["3-4 gap PARAGRAPH a c"]),
        ("- ```\n  1\n  ```\n- b\n", ["0-3 BULLET/CODE 1", "3-4 BULLET/PARAGRAPH b"]),
        ("---\na: 1\n---\nx\n", ["1-3 PROPERTY 1", "3-4 gap PARAGRAPH x"]),
        ("---\na: 1\n---\n# x\n", ["1-3 PROPERTY 1", "3-4 gap HEADING x"]),
        ("x\n---\na\n", ["0-1 HEADING x", "2-3 PARAGRAPH a"]),
        (
            "- [x]done\n- [x]\n- [x]  two\n",
            ["0-1 BULLET/PARAGRAPH [x]done", "1-2 TASK/PARAGRAPH ", "2-3 TASK/PARAGRAPH two"],
        ),
        ("- a\n***\n- b\n", ["0-1 BULLET/PARAGRAPH a", "1-2 RULE ", "2-3 BULLET/PARAGRAPH b"]),
        ("<div>a</div>\n\nb\n", ["0-1 PARAGRAPH <div>a</div>", "2-3 gap PARAGRAPH b"]),
        ("    code\n", ["0-1 CODE code"]),
    ],
    ids=repr,
)
def test_lines_gaps_and_leads_of_blocks(markdown: str, expected: list[str]) -> None:
    found = []
    for block in blocks_of(markdown):
        leads = [lead.kind.name + ("" if lead.is_first else "…") for lead in block.leads]
        gap = "gap " if block.has_gap else ""
        text = "".join(span.text for span in block.spans)
        found.append(f"{block.start}-{block.end} {gap}{'/'.join([*leads, block.kind.name])} {text}")
    assert found == expected


@pytest.mark.parametrize("text", ["word " * 3_000, "x" * 9_001, "**a** " * 1_000])
def test_long_text_is_read_in_pieces_without_a_loss(text: str) -> None:
    (block,) = blocks_of(text)
    assert "".join(span.text for span in block.spans) == text.replace("*", "").strip()


def test_blocks_know_their_lines() -> None:
    text = "# A\n\npara\ngraph\n\n- [ ] a\n\n  more\n\n```\nx\n```\n"
    assert [(block.start, block.end) for block in blocks_of(text)] == [
        (0, 1),
        (2, 4),
        (5, 6),
        (7, 8),
        (9, 12),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
def test_lines_end_as_in_the_parser_of_tasks(end: str) -> None:
    text = end.join(["\ufeff# A", "- [ ] a\x0cb", "- [ ] b", ""])
    assert [block.start for block in blocks_of(text)] == [0, 1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_tasks_are_those_that_the_tree_shows(seed: int) -> None:
    text = make_note(random.Random(seed), 30_000)
    shown = [
        block.start
        for block in blocks_of(text)
        if block.leads and block.leads[-1].kind is LeadKind.TASK and block.leads[-1].is_first
    ]
    assert shown == [task.line for task in parse(text).tasks]


@pytest.mark.parametrize("seed", range(3))
def test_a_gap_is_a_blank_line_above_wherever_a_note_is_divided(seed: int) -> None:
    chance = random.Random(seed)
    kinds = ("- [ ] item {}", "- item {}", "", "paragraph {}", "> quote {}", "")
    text = "\n".join(chance.choice(kinds).format(number) for number in range(400))
    lines = text.split("\n")
    found = blocks_of(text)
    assert len(NoteLines(text, parse(text)).chunks) > 3
    assert [block.has_gap for block in found] == [
        block.start > 0 and not lines[block.start - 1].strip() for block in found
    ]


@pytest.mark.parametrize(("lines", "starts"), [(2, [0]), (94, [0]), (96, [0, 33]), (98, [0, 33, 65])])
def test_prose_is_divided_only_where_it_is_long(lines: int, starts: list[int]) -> None:
    text = "\n".join(f"paragraph {number}" if number % 2 else "" for number in range(lines))
    assert [chunk.start for chunk in NoteLines(text, parse(text)).chunks] == starts


LONG = "\n".join(
    ["# Top", *(f"{'  ' * (number % 4)}- [ ] item {number}" for number in range(400)), "", "The end."]
)


def test_a_long_note_is_divided_and_shows_the_same() -> None:
    note = parse(LONG)
    divided = NoteLines(LONG, note)
    assert len(divided.chunks) > 5
    assert [chunk.start for chunk in divided.chunks[1:]] == [chunk.end for chunk in divided.chunks[:-1]]
    shown = [block for block in blocks_of(LONG) if block.leads]
    assert [block.start for block in shown] == list(range(1, 401))
    assert [len(block.leads) for block in shown] == [number % 4 + 1 for number in range(400)]
    assert all(block.leads[-1].kind is LeadKind.TASK and block.leads[-1].is_first for block in shown)


def test_long_prose_is_divided_between_paragraphs_but_not_in_code() -> None:
    prose = "One line.\nAnother.\n\n" * 100 + "```\n" + "\ncode\n" * 100 + "```\n\nLast.\n"
    note_lines = NoteLines(prose, parse(prose))
    assert len(note_lines.chunks) > 3
    code = [block for block in blocks_of(prose) if block.kind is BlockKind.CODE]
    assert len(code) == 1
    assert marked_up(blocks_of(prose)[-1]) == "Last."


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("x" * 1_000_000, 21_000),
        ("[" * 1_000_000, 21_000),
        ("> " * 500_000, 21_000),
        ("> " * 10_000 + "deep", 21_000),
        ("word [[a]] *b* " * 70_000, 21_000),
        ("```\n" + "line\n" * 5_000 + "```\n", 6_000),
        ("\n".join("  " * depth + "- a" for depth in range(300)), 2_000),
    ],
    ids=["line", "brackets", "500,000 quotes", "10,000 quotes", "links", "code", "lists"],
)
def test_what_is_too_long_is_cut_and_says_so(text: str, most: int) -> None:
    found = blocks_of(text)
    shown = [span.text for block in found for span in block.spans]
    assert 0 < sum(map(len, shown)) < most
    left_out = re.search(r"… [\d,]+ more (lines|characters)", "".join(shown))
    assert (left_out is not None) == (len(text) > 20_000 and "\n  " not in text)
