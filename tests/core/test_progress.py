"""What is counted, and what a percentage says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.stats.progress import CountMode, Progress, count_progress
from roadtui.core.tasks.status import StatusRegistry

STATUSES = StatusRegistry()


def numbers(text: str, count: CountMode = CountMode.LEAVES) -> tuple[int, int, int, int]:
    progress = count_progress(parse(text), STATUSES, count).note
    return progress.done, progress.in_progress, progress.open, progress.cancelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0, 0, 0)),
        ("- [ ] a\n- [x] b\n- [/] c\n- [-] d\n", (1, 1, 1, 1)),
        ("- [ ] parent\n  - [x] leaf\n  - [ ] leaf\n", (1, 0, 1, 0)),
        ("- [x] parent\n  - [ ] leaf\n", (0, 0, 1, 0)),
        ("- [ ] parent\n  - bullet\n    - [x] leaf under a bullet\n", (1, 0, 0, 0)),
        ("- [?] an unknown mark is open\n- [X] done\n", (1, 0, 1, 0)),
    ],
)
def test_leaves_are_counted_and_parents_are_not(text: str, expected: tuple[int, int, int, int]) -> None:
    assert numbers(text) == expected


def test_every_box_counts_when_asked_for() -> None:
    assert numbers("- [x] parent\n  - [x] leaf\n  - [ ] leaf\n", CountMode.ALL) == (2, 0, 1, 0)


def test_a_section_holds_its_subsections() -> None:
    note = parse("- [ ] before\n# A\n- [x] a\n## B\n- [ ] b\n# C\n- [x] c\n")
    counted = count_progress(note, STATUSES)
    by_title = {section.title: counted.of_section(section) for section in note.sections}
    assert by_title["A"] == Progress(done=1, open=1)
    assert by_title["B"] == Progress(open=1)
    assert by_title["C"] == Progress(done=1)
    assert counted.note == Progress(done=2, open=2)


def test_a_parent_is_ready_when_all_below_it_is_done() -> None:
    note = parse(
        "- [ ] parent\n  - [x] a\n  - [-] dropped\n- [x] ticked\n  - [x] b\n- [ ] not yet\n  - [ ] c\n"
    )
    counted = count_progress(note, STATUSES)
    ready = [task.text for task in note.tasks if counted.is_ready(task, STATUSES)]
    assert ready == ["parent"]


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        (Progress(), 0),
        (Progress(open=3), 0),
        (Progress(in_progress=3), 0),
        (Progress(done=1, open=999), 1),
        (Progress(done=999, open=1), 99),
        (Progress(done=2, cancelled=5), 100),
        (Progress(done=17, in_progress=2, open=45), 26),
    ],
)
def test_the_percentage_is_floored_and_a_start_shows(progress: Progress, percent: int) -> None:
    assert progress.percent == percent


@st.composite
def nested_tasks(draw: st.DrawFn) -> str:
    """A note of headings, and tasks and bullets one level deeper at most than what is above them."""
    lines, depth = [], -1
    for number in range(draw(st.integers(0, 12))):
        if draw(st.integers(0, 5)) == 0:
            lines.append(f"{'#' * draw(st.integers(1, 3))} heading {number}")
            depth = -1
        else:
            depth = draw(st.integers(0, depth + 1))
            lines.append(
                f"{'  ' * depth}- {draw(st.sampled_from(['', '[ ] ', '[x] ', '[/] ', '[-] ']))}item {number}"
            )
    return "\n".join(lines)


@given(nested_tasks(), st.sampled_from(CountMode))
def test_what_is_counted_against_one_task_after_another(text: str, count: CountMode) -> None:
    note = parse(text)
    found = count_progress(note, STATUSES, count)
    parents = {task.parent_task for task in note.tasks}
    counting = [task for task in note.tasks if count is CountMode.ALL or task not in parents]

    def of(symbols: list[str]) -> Progress:
        return Progress(symbols.count("x"), symbols.count("/"), symbols.count(" "), symbols.count("-"))

    for task in note.tasks:
        below = [each.status_symbol for each in counting if task in each.ancestors]
        assert found.of_task(task) == (of(below) if task in parents else None)
    for section in note.sections:
        inside = [section]
        for later in note.sections:
            inside += [later] if later.parent in inside else []
        assert found.of_section(section) == of(
            [each.status_symbol for each in counting if each.section in inside]
        )
    assert found.note == of([each.status_symbol for each in counting])
