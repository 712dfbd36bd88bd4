"""Which letters a word of a query matches, and which text a person would expect first."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.query.text_match import contains_fuzzily, fold, match_phrase, match_word


@pytest.mark.parametrize(
    ("word", "text", "lit"),
    [
        ("grad", "Gradient Descent", "[Grad]ient Descent"),
        ("grdes", "Gradient Descent", "[Gr]adient [Des]cent"),
        ("grdnt", "Gradient Descent", "[Gr]a[d]ie[nt] Descent"),
        ("gd", "Gradient Descent", "[G]radient [D]escent"),
        ("linalg", "Linear Algebra", "[Lin]ear [Alg]ebra"),
        ("pca", "Eigenvalues/SVD (PCA)", "Eigenvalues/SVD ([PCA])"),
        ("svdp", "Eigenvalues/SVD (PCA)", "Eigenvalues/[SVD] ([P]CA)"),
        ("resume", "Write the résumé", "Write the [résumé]"),
        ("RÉSUMÉ", "resume", "[resume]"),
        ("ops", "MLOps", "ML[Ops]"),
        ("ml", "Serve models", None),
        ("ml", "Machine Learning", "[M]achine [L]earning"),
        ("rad", "Gradient", "G[rad]ient"),
        ("rdt", "Gradient", None),
        ("descentgr", "Gradient Descent", None),
        ("b2", "a b2b b2", "a b2b [b2]"),
        ("한", "한국어", "[한]국어"),
        ("ha", "한국어", None),
        ("strasse", "Straße", None),
        ("straße", "STRAßE", "[STRAßE]"),
    ],
)
def test_the_letters_that_match(word: str, text: str, lit: str | None) -> None:
    found = match_word(fold(word), fold(text))
    assert (found is not None) == (lit is not None) == contains_fuzzily(fold(word), fold(text))
    if found is not None and lit is not None:
        letters = {at: letter for at, letter in enumerate(text) if at in found.letters}
        assert _runs(text, set(letters)) == lit


def _runs(text: str, letters: set[int]) -> str:
    """`text` with brackets around each run of `letters`."""
    parts: list[str] = []
    for at, letter in enumerate(text):
        before = "[" if at in letters and at - 1 not in letters else ""
        after = "]" if at in letters and at + 1 not in letters else ""
        parts.append(f"{before}{letter}{after}")
    return "".join(parts)


@pytest.mark.parametrize(
    ("word", "texts"),
    [
        ("ml", ["ML", "Clean ML code", "MLflow", "BentoML", "Machine Learning"]),
        ("grad", ["Grad", "Gradient Descent", "Upgrade", "Grow A Deep net"]),
        ("test", ["Test", "A test", "Testing", "Hypothesis Testing", "Contest"]),
        ("dis", ["Distributions", "A long text about how distributions are drawn", "Find out", ""]),
    ],
)
def test_better_matches_have_higher_scores(word: str, texts: list[str]) -> None:
    scores = [found.score if (found := match_word(word, fold(text))) is not None else -1.0 for text in texts]
    assert scores == sorted(scores, reverse=True)


def test_a_phrase_is_found_as_it_is() -> None:
    assert match_phrase("ear alg", "linear algebra") is not None
    assert match_phrase("linalg", "linear algebra") is None


@given(st.text(max_size=40))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    st.text(alphabet="ab c", min_size=1, max_size=8).filter(str.strip), st.text(alphabet="ab c", max_size=40)
)
def test_matching_letters_spell_the_word_in_order(word: str, text: str) -> None:
    found = match_word(word, text)
    assert (found is not None) == contains_fuzzily(word, text)
    if found is not None:
        assert list(found.letters) == sorted(set(found.letters))
        assert "".join(text[at] for at in found.letters) == word


def test_time_does_not_explode() -> None:
    start = time.perf_counter()
    assert match_word("a" * 60 + "b", "a " * 5_000) is None
    assert match_word("ab" * 30 + "c", "ab" * 5_000) is None
    assert time.perf_counter() - start < 1.0


def is_scattered(word: str, text: str, at: int = -1, used: int = 0) -> bool:
    """Whether the letters from `used` on follow the position `at`, as the module says it."""
    if used == len(word):
        return True
    for position in range(at + 1, len(text)):
        is_start = text[position].isalnum() and not text[position - 1 : position].isalnum()
        is_inside = at >= 0 and text[at + 1 : position + 1].isalnum() and len(word) > 2
        may_follow = is_start or is_inside
        if text[position] == word[used] and may_follow and is_scattered(word, text, position, used + 1):
            return True
    return False


@given(st.text("ab1", min_size=1, max_size=4), st.text("ab1 /_", max_size=12))
def test_scattered_letters_are_found_as_the_rule_says(word: str, text: str) -> None:
    assert contains_fuzzily(word, text) == (word in text or is_scattered(word, text))
