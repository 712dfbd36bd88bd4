"""What a step finishes: the outermost first, and nothing that only lost its open tasks."""

import pytest

from roadtui.core.markdown import parse
from roadtui.core.note import Note
from roadtui.core.stats.progress import NoteProgress, count_progress, newly_completed
from roadtui.core.tasks.status import StatusRegistry

PLAN = "# One\n- [ ] a\n- [x] b\n## Inner\n- [x] c\n\n# Two\n- [x] d\n- [/] e\n"


def state(text: str) -> tuple[Note, NoteProgress]:
    note = parse(text)
    return note, count_progress(note, StatusRegistry())


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param(PLAN, PLAN.replace("[ ] a", "[x] a"), [("One", 3)], id="a section"),
        pytest.param(PLAN, PLAN.replace("[/] e", "[x] e"), [("Two", 2)], id="one in progress"),
        pytest.param(
            PLAN,
            PLAN.replace("[/]", "[x]").replace("[ ]", "[x]"),
            [("", 5), ("One", 3), ("Two", 2)],
            id="all",
        ),
        pytest.param(PLAN, PLAN.replace("- [ ] a\n", ""), [], id="what is open is deleted"),
        pytest.param(PLAN, PLAN.replace("[ ] a", "[-] a"), [], id="what is open is dropped"),
        pytest.param(PLAN, PLAN, [], id="nothing changed"),
        pytest.param("- [ ] a\n", "- [x] a\n", [("", 1)], id="no heading"),
        pytest.param("# T\n- [ ] a\n", "# T\n- [x] a\n", [("", 1)], id="one title around all"),
        pytest.param("# T\n## U\n- [ ] a\n", "# T\n## U\n- [x] a\n", [("", 1)], id="two titles around all"),
        pytest.param("# T\n- [x] a\n", "# T\n- [x] a\n# N\n- [x] b\n", [], id="a new section comes done"),
        pytest.param(
            "# T\n- [x] a\n# T\n- [ ] b\n# U\n- [ ] c\n",
            "# T\n- [x] a\n# T\n- [x] b\n# U\n- [ ] c\n",
            [("T", 1)],
            id="two of one name",
        ),
    ],
)
def test_finished(before: str, after: str, found: list[tuple[str, int]]) -> None:
    told = newly_completed(state(before), state(after))
    assert [(one.section.title, one.total) for one in told] == found


def test_of_equals_each_is_told_and_the_note_comes_first() -> None:
    before = "# One\n- [ ] a\n# Two\n- [ ] b\n"
    told = newly_completed(state(before), state(before.replace("[ ]", "[x]")))
    assert [one.section.title for one in told] == ["", "One", "Two"]
    assert [one.is_note for one in told] == [True, False, False]
