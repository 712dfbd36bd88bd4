"""How tasks and headings are named in messages, suggestions and lists."""

from __future__ import annotations

import pytest

from roadtui.core.markdown import parse
from roadtui.core.titles import heading_path, short_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("read", "read"),
        ("read 📅 2026-01-01", "read"),
        ("📅 2026-01-01", "📅 2026-01-01"),
        ("a\x1bb", "a␛b"),
        ("Itâ€™s 3â€“4 weeks", "It’s 3–4 weeks"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 38 + " yz", "x" * 38 + "…"),
        ("", ""),
    ],
)
def test_a_title_is_the_description_cut_to_forty_characters(text: str, title: str) -> None:
    assert short_title(text) == title


def test_the_path_of_a_heading_is_repaired() -> None:
    note = parse("# One\n## ‚ú® Best\n# Two\n")
    assert [heading_path(section) for section in note.sections] == ["", "One", "One > ✨ Best", "Two"]
