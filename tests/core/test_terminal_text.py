"""What reaches the terminal cannot act on it, and a cut never tears a character apart."""

from __future__ import annotations

import unicodedata

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from roadtui.core.terminal_text import ellipsize, escape_terminal, graphemes

ANY_CHARACTER = st.characters(codec=None) | st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
PIECES = st.sampled_from(
    [
        "a",
        "日",
        "é",
        "e\u0301",
        "⚙️",
        "👨‍👩‍👧",
        "🇩🇪",
        "🇫",
        "👍🏽",
        "1️⃣",
        "क्षि",
        "각",
        "\u1100\u1161\u11a8",
        "กำ",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "\u200d",
        " ",
    ]
)


@pytest.mark.parametrize(
    "text",
    ["", "Plain text", "Théorie — « été »", "📚 🔬 ⚙️ 🌐 ✨", "👨‍👩‍👧 🏳️‍🌈 👍🏽 1️⃣ 🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag",
     "e\u0301 a\u0308", "non\xa0breaking",
     "می‌خواهم", "क्ष क्‍ष", "שלום السلام", "日本語　全角", "Apple \uf8ff",
     "[bold]markup[/bold] is not our matter"],
)  # fmt: skip
def test_honest_text_stays(text: str) -> None:
    assert escape_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("clip \x1b]52;c;aGk=\x07", "clip ␛]52;c;aGk=␇"),
        ("red \x1b[31m", "red ␛[31m"),
        ("C1 \x9b31m \x9d0;title\x9c", "C1 �31m �0;title�"),
        ("a\tb", "a b"),
        ("a\rb\nc\x00d\x7f", "a␍b␊c␀d␡"),
        ("next\x85line \u2028 \u2029", "next�line ␤ ␤"),
        ("gnp.\u202efdp\u202c", "gnp.�fdp�"),
        ("\u2066x\u2069\u200e\u200f\u061c", "�x����"),
        ("bytes \udcff\udc80", "bytes ��"),
        ("zero\u200bwidth\ufeff\u2060\xad", "zero�width���"),
        ("🏴\U000e0067 x\U000e0041", "🏴� x�"),
        ("\ufffe\uffff\ufdd0", "���"),
    ],
)
def test_what_acts_or_hides_is_made_visible(text: str, shown: str) -> None:
    assert escape_terminal(text) == shown


@given(st.text(ANY_CHARACTER))
def test_nothing_dangerous_comes_through(text: str) -> None:
    shown = escape_terminal(text)
    assert len(shown) == len(text)
    assert escape_terminal(shown) == shown
    kinds = {unicodedata.category(char) for char in shown}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(unicodedata.bidirectional(char) in BIDI_CONTROLS for char in shown)
    shown.encode()


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("Unsupervised", 12, "Unsupervised"),
        ("Unsupervised", 11, "Unsupervis…"),
        ("Unsupervised", 1, "…"),
        ("Unsupervised", 0, ""),
        ("", 0, ""),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("⚙️ MLOps", 4, "⚙️ …"),
        ("⚙️ MLOps", 2, "…"),
        ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
    ],
)
def test_a_cut_has_a_sign_and_fits(text: str, cells: int, shown: str) -> None:
    assert ellipsize(text, cells, cell_len) == shown


@given(st.lists(PIECES | ANY_CHARACTER).map("".join), st.integers(-1, 20))
def test_a_cut_is_between_characters(text: str, cells: int) -> None:
    shown = ellipsize(text, cells, cell_len)
    assert cell_len(shown) <= max(cells, 0)
    if shown != text and shown:
        kept = shown.removesuffix("…")
        assert text.startswith(kept)
        assert shown == kept + "…"
        clusters = list(graphemes(text))
        assert kept in {"".join(clusters[:count]) for count in range(len(clusters))}


@given(st.lists(PIECES | st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn"])).map("".join))
def test_no_cluster_of_unicode_is_split(text: str) -> None:
    ours, theirs = list(graphemes(text)), list(wcwidth.iter_graphemes(text))
    assert "".join(ours) == text
    assert ends(ours) <= ends(theirs)


def ends(clusters: list[str]) -> set[int]:
    total = 0
    return {total := total + len(cluster) for cluster in clusters}
