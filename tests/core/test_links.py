"""Which links a note holds, as they are written."""

from __future__ import annotations

import pytest

from roadtui.core.links import dead_link_words, links_on, may_have_links, own_lines
from roadtui.core.markdown import parse
from roadtui.core.note import Link
from tests.core.edit_helpers import content_on

LINKS: dict[str, tuple[str, list[str]]] = {
    # wikilinks
    "plain": ("[[a]] and [[b/c d]]", ["a", "b/c d"]),
    "heading, block, alias": ("[[a#b]] [[a#^c]] [[#d]] [[a|e]] [[a#b|f]]", ["a#b", "a#^c", "#d", "a", "a#b"]),
    "spaces around a target": ("[[ a | b ]]", ["a"]),
    "an escaped pipe, as in tables": ("| [[a\\|b]] |\n| - |", ["a"]),
    "nothing in it": ("[[]] [[\n]]", []),
    "nothing before the pipe": ("[[|]] [[|a]] [[|#a]]", ["|", "|a", "|#a"]),
    "never closed": ("[[a] [[b\n]]", []),
    "brackets around": ("[[[a]]] [[b|[c]]] [[d[e]]", ["a", "b", "d[e"]),
    "one inside the other": ("[[a [[b]]", ["b"]),
    "escaped": ("\\[[a]] [\\[b]] \\\\[[c]]", ["c"]),
    # Markdown links
    "to a note": ("[a](b.md) [c](d/e.md#f)", ["b.md", "d/e.md#f"]),
    "percent-decoded": ("[a](b%20c/d%C3%A9.md#e%20f)", ["b c/dé.md#e f"]),
    "undecodable": ("[a](b%FF.md) [a](100%.md) [a](\udc80%20)", ["b%FF.md", "100%.md", "\udc80 "]),
    "in angle brackets": ("[a](<b c.md>)", ["b c.md"]),
    "with a title": ("[a](b \"c\") [a](d 'e') [a](f (g))", ["b", "d", "f"]),
    "with parentheses": ("[a](b(c).md) [a](d\\).md)", ["b(c).md", "d).md"]),
    "brackets in the text": ("[a [b] \\] c](d)", ["d"]),
    "over two lines": ("[a\nb](c)", ["c"]),
    "empty, or with bare spaces": ("[]() [a]() [b](c d) [e](<>)", []),
    "to the web": ("[a](https://b.c) [d](mailto:e@f) [g](obsidian://open) [h](//i.j)", []),
    "text and target apart": ("[a] (b)", []),
    "a picture that links": ("[![a](b.png)](c.md)", ["c.md", "b.png"]),
    "a link in a link": ("[a [b](c) d](e) [f](g)", ["c", "g"]),
    "a single closing bracket": (
        "[[Sq]uare]] [[Sq]uare|note]] ![[a]b]] [[a]]]",
        ["Sq]uare", "Sq]uare", "a]b", "a"],
    ),
    "in a footnote": ("a^[see [[b]] and [c](d)] e^[f](g)", ["b", "d", "g"]),
    "parentheses within parentheses": ("[a](b(c(d)e)f.md)", ["b(c(d)e)f.md"]),
    # in comments, which Obsidian looks for links in
    "in a comment": ("%%[[a]]%% [[b]] %% [c](d) `[[e]]` %%", ["a", "b", "d"]),
    "in a comment over two lines": ("a %% [[b]]\n[[c]] %% [[d]]", ["b", "c", "d"]),
    "in a block of comment": ("[[a]]\n\n%% [[b]]\n\n[[c]]\n[[d]] %% [[e]]\n\n[[f]]", list("abcdef")),
    "in a comment in an item": ("- [ ] a\n\t%%\n\t[[b]]\n\t%%\n- [[c]]", ["b", "c"]),
    # where nothing is read
    "in code": ("`[[a]]` ``b ` [[c]]`` [[d]]", ["d"]),
    "in code over two lines": ("`a\n[[b]]` [[c]]", ["c"]),
    "a lone backtick opens nothing": ("` [[a]] `` [[b]]", ["a", "b"]),
    "code ends with its block": ("`a\n\n[[b]]`", ["b"]),
    "in HTML comments": ("a <!-- [[b]] --> [[c]]", ["c"]),
    "in attributes and formulas": ('<a title="[[a]]"> <https://x.test/[[b]]> $[[c]]$', ["c"]),
    "a lone comment mark hides nothing": ("a %% [[b]] <!-- [[c]]", ["b", "c"]),
    "in blocks": ("```\n[[a]]\n```\n\n    [[b]]\n\n<!--\n[[c]]\n-->\n<div>\n[[d]]\n\n[[e]]", ["e"]),
    "in the frontmatter": ("---\na: '[[b]]'\n---\n[[c]]", ["c"]),
    # where they stand
    "everywhere": ("# [[a]]\n- [ ] [[b]]\n  [[c]]\n> [[d]]\n\n| [[e]] |\n| - |\n| [[f]] |", list("abcdef")),
    "in a setext heading": ("[[a]]\n===", ["a"]),
    "in the order of the text": ("[[a]] [b](c) ![[d]]", ["a", "c", "d"]),
}


@pytest.mark.parametrize(("text", "targets"), LINKS.values(), ids=LINKS.keys())
def test_links(text: str, targets: list[str]) -> None:
    assert [link.target for link in parse(text).links] == targets


def test_a_link_knows_whether_it_stands_in_a_comment() -> None:
    text = "[[a]] %%[[b]] $[[c]]$%% [[d]]\n\n%%\n[[e]]\n[[f]] %% [[g]] %%[[h]]%%"
    links = parse(text).links
    assert [link.target for link in links] == list("abcdefgh")
    assert [link.target for link in links if link.in_comment] == ["b", "c", "e", "f", "h"]


def test_a_link_knows_its_line_and_whether_it_embeds() -> None:
    text = "- [ ] [[a]]\n  ![[b]] ![c](d.png)\n\n![[e#f]]\r\n[\ng](h) [[i]]"
    assert parse(text).links == (
        Link(0, "a"),
        Link(1, "b", embed=True),
        Link(1, "d.png", embed=True),
        Link(3, "e#f", embed=True),
        Link(4, "h"),
        Link(5, "i"),
    )


TEXT_OF_ITEMS = """\
# One [[in heading]]
text [[under heading]]
- [ ] a [[in a]]
  below [[below a]]
  - b
- c https://c.test
end %% [[hidden]] %%
# Two
- d
"""


@pytest.mark.parametrize(
    ("line", "own", "links", "may_have"),
    [
        (0, range(0, 1), ["in heading"], True),
        (2, range(2, 4), ["in a", "below a"], True),
        (4, range(4, 5), [], False),
        (5, range(5, 7), [], True),
        (7, range(7, 8), [], False),
        (8, range(8, 9), [], False),
    ],
)
def test_which_links_are_those_of_a_row(line: int, own: range, links: list[str], may_have: bool) -> None:
    note = parse(TEXT_OF_ITEMS)
    content = content_on(note, line)
    assert own_lines(note, content) == own
    assert [link.target for link in links_on(note, own)] == links
    assert may_have_links(note, content) is may_have


@pytest.mark.parametrize(
    ("title", "may_have"),
    [
        ("see https://a.test", True),
        ("HTTP://a.test", True),
        ("mailto:a@b.test", True),
        ("obsidian://open", True),
        ("httpx: a client", False),
        ("ftp://a.test", False),
    ],
)
def test_addresses_may_be_followed_too(title: str, may_have: bool) -> None:
    for text in (f"# {title}", f"- [ ] {title}"):
        note = parse(text)
        assert may_have_links(note, content_on(note, 0)) is may_have


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("Plan", "no such note"),
        ("Plan.md", "no such note"),
        ("Version 1.2", "no such note"),
        ("Node.js", "no such note"),
        ("papers/Attention.PDF#page=3", "no such file"),
        ("picture.png", "no such file"),
        ("pdf", "no such note"),
    ],
)
def test_what_is_said_of_a_dead_link(target: str, words: str) -> None:
    assert dead_link_words(target) == words
