"""What inline Markdown becomes: against markdown-it where CommonMark says it, and what rows make of it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from roadtui.core.inline_parser import parse_inline
from roadtui.core.line_text import line_text, plain_line
from roadtui.core.styled_text import Look

_COMMONMARK = MarkdownIt("commonmark", {"maxNesting": 1_000})
_LOOKS = {"strong": Look.STRONG, "em": Look.EMPHASIS, "link": Look.FOLLOWED}


def _looks_by_markdown_it(text: str) -> list[tuple[str, Look]]:
    """Each character that markdown-it shows, with its look."""
    shown: list[tuple[str, Look]] = []
    depths = dict.fromkeys(_LOOKS.values(), 0)
    for token in _COMMONMARK.parseInline(text)[0].children or []:
        kind, _, step = token.type.rpartition("_")
        if kind in _LOOKS:
            depths[_LOOKS[kind]] += 1 if step == "open" else -1
        else:
            look = Look.CODE if token.type == "code_inline" else Look.PLAIN
            for one, depth in depths.items():
                look |= one if depth else Look.PLAIN
            shown += [(char, look) for char in token.content]
    return shown


@given(st.text(alphabet="*_ab .`\\()é—", max_size=24))
@example("***a** b*")
@example("*a **b*** c")
@example("a_b_c _d_")
@example("**a*b**c*")
@example("****a**b**")
def test_emphasis_and_code_are_those_of_commonmark(text: str) -> None:
    text = text.strip()
    mine = [(char, span.look) for span in parse_inline(text).spans for char in span.text]
    assert mine == _looks_by_markdown_it(text)


@given(
    st.lists(st.sampled_from(["[a](b)", "*", "**", "_", "[", "]", "x", " ", "[*y*](z)", "`c`"]), max_size=9)
)
def test_links_are_those_of_commonmark(parts: list[str]) -> None:
    text = "".join(parts).strip()
    mine = [(char, span.look) for span in parse_inline(text).spans for char in span.text]
    assert mine == _looks_by_markdown_it(text)


@given(st.text(alphabet="*_~=ab `[]()!|#^%$<>&;\\\n", max_size=40))
def test_every_character_is_where_its_source_says(text: str) -> None:
    for span in parse_inline(text).spans:
        if span.source >= 0:
            assert text.replace("\n", " ")[span.source :].startswith(span.text), span


@pytest.mark.parametrize("text", ["*" * 20_000, "_a*" * 10_000, "[" * 20_000, "`" * 9_999, "==a" * 9_000])
def test_hostile_text_takes_linear_time(text: str) -> None:
    assert "".join(span.text for span in parse_inline(text).spans)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("see [[Why calibrate]]", "see Why calibrate"),
        ("[[notes/Why calibrate|the why]]", "the why"),
        ("[[Why#Then#There]]", "Why > Then > There"),
        ("[text](https://x.example)", "text"),
        ("**bold** _so_ ~~gone~~ `code` ==lit==", "bold so gone code lit"),
        (r"5 \* 3 \[ok\]", "5 * 3 [ok]"),
        ("![[a.png]]", "image: a.png"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("https://x.example/a_b_c?q=*", "https://x.example/a_b_c?q=*"),
        ("one<br>two", "one two"),
        ("%%only a remark%%", "%%only a remark%%"),
        ("\x1b[31mred", "␛[31mred"),
        ("", ""),
    ],
    ids=str,
)
def test_a_line_shows_no_markup(markdown: str, shown: str) -> None:
    assert plain_line(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "word", "lit"),
    [
        ("**Bold** move", "Bold", "Bold"),
        ("see [[Why|reason]]", "reason", "reason"),
        ("see [[Why|reason]]", "Why", ""),
        ("[[Why#Then]]", "Then", "Then"),
        (r"\*star", "star", "star"),
        ("a `b c` d", "b c", "b c"),
        ("plain", "lai", "lai"),
    ],
)
def test_what_was_found_in_the_markdown_is_lit_where_it_is_shown(markdown: str, word: str, lit: str) -> None:
    line = line_text(markdown)
    at = markdown.index(word)
    assert "".join(line.text[one] for one in line.positions(range(at, at + len(word)))) == lit
