"""The task that was seen is found again, or nothing is done: never another one."""

import pytest

from roadtui.core.digest import digest
from roadtui.core.errors import RefusedError
from roadtui.core.locate import Anchor, locate
from roadtui.core.markdown import parse


def found(before: str, index: int, now: str) -> int:
    """Line (from 0) of the task in `now` that was the task at `index` of `before`."""
    note = parse(before)
    anchor = Anchor(note, digest(before.encode()), list(note.tasks)[index])
    return locate(anchor, parse(now), digest(now.encode())).line


COPIES = "# A\n- [ ] same\n- [ ] other\n# B\n- [ ] same\n"


@pytest.mark.parametrize(
    ("before", "index", "now", "line"),
    [
        ("- [ ] a\n- [ ] a\n", 1, "- [ ] a\n- [ ] a\n", 1),
        ("- [ ] a\n- [ ] b\n", 1, "- [ ] b\n- [ ] a\n", 0),
        ("- [ ] a\n", 0, "# moved\n\ntext\n    - deep\n- [ ] a\n", 4),
        ("- [ ] a ^id\n", 0, "- [ ] quite different now ^id\n", 0),
        ("- [ ] a ^id\n- [ ] a\n", 0, "- [ ] a\n- [ ] a ^id\n", 1),
        (COPIES, 2, "text\n" + COPIES, 5),
        (COPIES, 0, COPIES + "- [ ] more\n", 1),
        (COPIES, 2, COPIES.replace("- [ ] other", "- [x] other"), 4),
        (COPIES, 2, COPIES.replace("- [ ] same\n- [ ] other", "- [x] same\n- [ ] other"), 4),
    ],
    ids=[
        "unchanged bytes",
        "moved",
        "moved far",
        "by block id",
        "block id among copies",
        "copies, lines above",
        "copies, lines below",
        "copies, another one ticked",
        "copies, the other copy ticked",
    ],
)
def test_found_again(before: str, index: int, now: str, line: int) -> None:
    assert found(before, index, now) == line


@pytest.mark.parametrize(
    ("before", "index", "now"),
    [
        ("- [ ] a\n", 0, ""),
        ("- [ ] a\n", 0, "- [ ] b\n"),
        ("- [ ] a ^id\n", 0, "- [ ] a ^id\n- [ ] b ^id\n"),
        ("- [ ] a\n- [ ] a\n", 0, "- [ ] a\n"),
        ("- [ ] a\n", 0, "text\n- [ ] a\n- [ ] a\n"),
        (COPIES, 0, COPIES.replace("# A\n- [ ] same\n- [ ] other\n", "# A\n- [ ] other\n")),
        (COPIES, 2, COPIES.replace("# B", "# C")),
        (
            "- [ ] p\n  - [ ] same\n- [ ] q\n  - [ ] same\n",
            3,
            "- [ ] p\n  - [ ] same\n- [ ] r\n  - [ ] same\n",
        ),
    ],
    ids=[
        "gone",
        "another text",
        "block id twice",
        "one copy of two is gone",
        "a copy came in",
        "the copy in its section is gone",
        "its heading changed",
        "its parent changed",
    ],
)
def test_refused_where_it_is_not_sure(before: str, index: int, now: str) -> None:
    with pytest.raises(RefusedError):
        found(before, index, now)
