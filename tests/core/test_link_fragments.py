"""Which heading or item of a note a link means."""

from __future__ import annotations

import pytest

from roadtui.core.link_fragments import find_target
from roadtui.core.markdown import parse

NOTE = parse("""\
# Part 1: "Start" & go
- [ ] Task ^first-id
## Twice
- bullet ^Second
# Other
## Twice
### Deep
Garbled
=======
- [ ] Task 📅 2026-12-01 ^third
- [ ] No id: x ^
""")


@pytest.mark.parametrize(
    ("fragment", "line"),
    [
        ("Part 1 Start go", 0),
        ("part 1: start & GO", 0),
        ("Twice", 2),
        ("Other#Twice", 5),
        ("Other#Deep", 6),
        ("Twice#Deep", 6),
        ("Deep#Twice", None),
        ("Nowhere", None),
        ("Nowhere#Twice", None),
        ("", None),
        ("#", None),
        ("^first-id", 1),
        ("^SECOND", 3),
        ("^third", 9),
        ("Other#^third", 9),
        ("^nowhere", None),
        ("^", None),
    ],
)
def test_finds_the_line(fragment: str, line: int | None) -> None:
    found = find_target(NOTE, fragment)
    assert (found.line if found is not None else None) == line
