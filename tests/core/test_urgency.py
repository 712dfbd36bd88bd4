from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.next_actions.candidates import urgency
from roadtui.core.tasks.fields import read_fields

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Bayes", 1.95),
        ("Bayes 🔺", 9),
        ("Bayes ⏫", 6),
        ("Bayes 🔼", 3.9),
        ("Bayes 🔽", 0),
        ("Bayes ⏬", -1.8),
        ("Bayes 🔽 📅 2026-03-07", 12),
        ("Bayes 🔽 📅 2020-01-01", 12),
        ("Bayes 🔽 📅 2026-03-14", 8.8),
        ("Bayes 🔽 📅 2026-03-13", 8.8 + 12 * 0.8 / 21),
        ("Bayes 🔽 📅 2026-03-28", 2.4),
        ("Bayes 🔽 📅 2030-01-01", 2.4),
        ("Bayes 🔽 📅 2026-02-30", 0),
        ("Bayes 🔽 ⏳ 2026-03-14", 5),
        ("Bayes 🔽 ⏳ 2026-03-15", 0),
        ("Bayes 🔽 🛫 2026-03-14", 0),
        ("Bayes 🔽 🛫 2026-03-15", -3),
        ("Bayes 🔺 🛫 2026-03-15 ⏳ 2026-03-01 📅 2026-03-01", 9 - 3 + 5 + 12),
    ],
)
def test_urgency_is_the_plugins_score(text: str, score: float) -> None:
    assert urgency(read_fields(text), TODAY) == pytest.approx(score)
