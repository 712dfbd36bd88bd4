"""Numbers with the word for what they count."""

from __future__ import annotations

import pytest

from roadtui.core.quantity import quantity
from roadtui.core.stats.activity import streak_length
from roadtui.vault.git.import_completions import Imported


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ("no tasks", "no boxes")),
        (1, ("1 task", "1 box")),
        (2, ("2 tasks", "2 boxes")),
        (2000, ("2,000 tasks", "2,000 boxes")),
    ],
)
def test_a_number_and_its_noun_agree(number: int, words: tuple[str, str]) -> None:
    assert (quantity(number, "task"), quantity(number, "box", "boxes")) == words


@pytest.mark.parametrize(("days", "words"), [(0, "no"), (1, "1-day"), (12, "12-day")])
def test_no_streak_has_no_length(days: int, words: str) -> None:
    assert streak_length(days) == words


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Imported(0, 0, 0), "Git dates none of the completions here, by no commits."),
        (Imported(1, 0, 1), "Git dates none of the completions here, by 1 commit."),
        (Imported(1, 1, 1), "Git dates 1 completion, by 1 commit."),
        (Imported(2000, 2, 3), "Git dates 2 completions, by 2,000 commits."),
    ],
)
def test_an_import_from_git_says_what_it_found(found: Imported, sentence: str) -> None:
    assert found.sentence == sentence
