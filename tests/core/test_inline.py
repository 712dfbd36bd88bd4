"""Which parts of a line are prose, and which are code, links, comments, HTML or formulas."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.inline import MASK, masked

HIDDEN: dict[str, list[tuple[str, str]]] = {
    "code": [
        ("a `b` c", "a ___ c"),
        ("a ``b ` c`` d", "a _________ d"),
        ("a `b", "a `b"),
        ("a ``b` c", "a ``b` c"),
        ("\\`a `b`", "__a ___"),
        ("\\\\`a` b", "_____ b"),
        ("`a\\` b` c", "____ b` c"),
        ("`[[a` b]]", "_____ b]]"),
    ],
    "links": [
        ("a [b](c) d", "a ______ d"),
        ("a ![b](c) d", "a _______ d"),
        ("[a](<b c> 'd') e", "______________ e"),
        ('[a](b "c \\" d") e', "_______________ e"),
        ("[a](b (c)) d", "__________ d"),
        ("[a](b(c(d)e)f) g", "______________ g"),
        ("[a]() b", "_____ b"),
        ("[a] (b)", "[a] (b)"),
        ("[a](b c)", "[a](b c)"),
        ("[a [b] c](d) e", "____________ e"),
        ("[a [b](c) d](e)", "[a ______ d](e)"),
        ("[![a](b)](c) d", "____________ d"),
        ("\\[a](b)", "__a](b)"),
        ("[a`](b)` c](d)", "______________"),
    ],
    "wikilinks": [
        ("a [[b]] c", "a _____ c"),
        ("![[b#c|d]] e", "__________ e"),
        ("[[Sq]uare|a]] b", "_____________ b"),
        ("[[a|[b] c]] d", "___________ d"),
        ("[[[a]]]", "[_____]"),
        ("[[]] [[a] [b]", "[[]] [[a] [b]"),
        ("[[a [[b]]", "[[a _____"),
    ],
    "footnotes": [
        ("a ^[b [c] d] e", "a __________ e"),
        ("a ^[b](c) d", "a _______ d"),
        ("a ^[b", "a ^[b"),
        ("a ^[[b]] c", "a ^_____ c"),
        ("x^2 and ^[ a", "x^2 and ^[ a"),
    ],
    "comments": [
        ("a %%b%% c", "a _____ c"),
        ("a %% b", "a %% b"),
        ("a %%b `%% c` d", "a _______ c` d"),
        ("a <!-- b > --> c", "a ____________ c"),
        ("a <!-- b", "a <!-- b"),
    ],
    "HTML": [
        ("a <b> c </b > d", "a ___ c _____ d"),
        ("<mark style=\"a: #b;\" c='>' d=e f/> g", "__________________________________ g"),
        ("a < b > c", "a < b > c"),
        ("<3 a>", "<3 a>"),
        ("<https://a.b/c> <a@b.c> d", "_______________ _______ d"),
        ("<a@b[c](d) e>", "<a@b______ e>"),
        ("<a@b📅2026>", "<a@b📅2026>"),
        ("<?a?> <!B c> <![CDATA[d]]> e", "_____ ______ _____________ e"),
    ],
    "formulas": [
        ("a $b c$ d", "a _____ d"),
        ("a $$b $ c$$ d", "a _________ d"),
        ("$5 and 6 $ or $7", "$5 and 6 $ or $7"),
        ("from $5 to $6", "from $5 to $6"),
        ("\\$a$ b", "__a$ b"),
    ],
    "bare addresses": [
        ("a https://b.c/d?e=[f]#g h", "a _____________________ h"),
        ("a www.b.c d", "a _______ d"),
        ("a obsidian://open?vault=b c", "a _______________________ c"),
        ("a://b awww.c", "a://b awww.c"),
        ("https://b.c/📅2026 d", "_________________ d"),
        ("https://b.c/d📅 2026", "_____________📅 2026"),
        ("https://b.c/d🗓\ufe0f 2026", "_____________🗓\ufe0f 2026"),
    ],
}
CASES = [(text, hidden) for cases in HIDDEN.values() for text, hidden in cases]


@pytest.mark.parametrize(("text", "hidden"), CASES)
def test_what_is_no_prose_is_masked_in_its_place(text: str, hidden: str) -> None:
    assert masked(text).replace(MASK, "_") == hidden


@given(st.text("a `\\[]()!<>%$\"'-=:/?📅2026", max_size=80))
def test_a_mask_moves_nothing_and_changes_nothing_else(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert all(char in (MASK, own) for char, own in zip(hidden, text, strict=True))


UNCLOSED = [
    *("`a ``b ", "[", "[a](", "[a](b(", "](<", '](a "', "[[", "[[a]b", "![[a", "%%$a$", "$a ", "$$", "<!--"),
    *("<!a", "<?", "<![CDATA[", "<a b='", "<a b=' c='", "<a b=\"<a c='", "<a:", "<a@", "\\", "a.b", "www."),
]


@pytest.mark.parametrize("piece", UNCLOSED)
def test_time_is_linear_however_much_is_left_open(piece: str) -> None:
    masked(piece * 100)
    start = process_time()
    masked(piece * 40_000)
    assert process_time() - start < 5, "quadratic time would be minutes"
