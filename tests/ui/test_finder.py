"""Finding among very many: the best first, never stuck, stopped when nobody waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.query.text_match import fold
from roadtui.ui.dialogs.finder import SearchEntry, fuzzy_search, matched_letters


def names(query: str, *texts: str, most: int = 50) -> list[str]:
    found = fuzzy_search(query, [SearchEntry(text, text) for text in texts], most, lambda: True)
    assert found is not None
    return list(found.best)


def test_letters_together_come_before_letters_apart() -> None:
    assert names("grad", "go round a door", "Learn gradients", "nothing") == [
        "Learn gradients",
        "go round a door",
    ]


def test_equal_ones_stay_in_their_order_and_case_does_not_matter() -> None:
    assert names("ALPHA", "alpha", "Alpha", "beta") == ["alpha", "Alpha"]


def test_no_letters_find_all() -> None:
    assert names(" ", "b", "a", "c", most=2) == ["b", "a"]


def test_text_that_has_very_many_ways_to_match_takes_no_longer() -> None:
    assert names("ababababababababababab!", "ab" * 100) == []
    assert names("aaaaaaaaaabaaaaaaaaab", "a" * 150 + "b" + "a" * 20 + "b") != []


def test_search_stops_when_it_is_no_longer_wanted() -> None:
    asked: list[int] = []

    def is_wanted() -> bool:
        asked.append(1)
        return len(asked) < 3

    candidates = (SearchEntry(f"task {number}", number) for number in range(100_000))
    assert fuzzy_search("task", candidates, 50, is_wanted) is None
    assert next(candidates).target < 5_000


@given(st.text(st.characters(categories=["Ll"]), min_size=1, max_size=8), st.text(max_size=40))
def test_letters_that_are_lit_spell_the_query(query: str, text: str) -> None:
    found = matched_letters(query, text)
    assert not found or [fold(text)[at] for at in found] == list(fold(query))
