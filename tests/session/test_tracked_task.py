"""Tasks and rows that a screen holds on to while the vault changes, and what is suggested after them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.markdown import parse
from roadtui.core.next_actions.ranking import Reason
from roadtui.core.note import ListItem
from roadtui.core.outline import outline
from roadtui.session.focus_session import FocusQueue
from roadtui.session.milestones import new_milestones
from roadtui.session.outline.outline_state import OutlineState, RowSelection, changed_rows
from roadtui.session.outline.saved_positions import ViewPosition, position_of, restore_position
from roadtui.session.tracking.open_note import GONE, ShownNote
from roadtui.session.tracking.tracked_task import TrackedTask, first_open_leaf, reasons_for, track
from roadtui.session.view_model import DashboardModel
from roadtui.vault.moves import RETURN_SECONDS
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.session.records import Celebrated

TODAY = date(2026, 3, 14)


class Files:
    """A vault that is read again after each change."""

    def __init__(self, folder: Path, **notes: str) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.vault = Vault(self.root, Config(max_note_bytes=300), lambda: NoteWriter(folder / "state"))
        self.now = self.write(**notes)

    def write(self, **notes: str) -> Snapshot:
        for name, text in notes.items():
            (self.root / f"{name}.md").write_text(text)
        return self.read()

    def read(self) -> Snapshot:
        self.now = self.vault.refresh()
        return self.now

    def tracked(self, text: str, name: str = "A") -> TrackedTask:
        note = self.now.notes[f"{name}.md"]
        return TrackedTask(
            note, next(task for task in note.note.tasks if task.text == text), (Reason("why"),)
        )

    @property
    def view(self) -> DashboardModel:
        return DashboardModel.of(self.now, TODAY, None)


PLAN = "# One\n- [ ] a\n- [ ] b\n# Two\n- [ ] c\n"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, A=PLAN, B="- [ ] other\n")


def where(found: list[TrackedTask | None]) -> list[tuple[str, str, int] | None]:
    return [(one.note.path, one.task.text, one.task.line) if one is not None else None for one in found]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"B": "- [ ] new\n"}, [("A.md", "b", 2), ("A.md", "c", 4)]),
        ({"A": "words\n" + PLAN}, [("A.md", "b", 3), ("A.md", "c", 5)]),
        ({"A": PLAN.replace("- [ ] b\n", "")}, [None, ("A.md", "c", 3)]),
        ({"A": PLAN.replace("[ ] b", "[x] b")}, [("A.md", "b", 2), ("A.md", "c", 4)]),
        (
            {"A": PLAN.replace("- [ ] b\n", ""), "B": "- [ ] other\n- [ ] b\n"},
            [("B.md", "b", 1), ("A.md", "c", 3)],
        ),
        ({"A": "# Two\n- [ ] c\n"}, [None, ("A.md", "c", 1)]),
    ],
)
def test_tasks_are_followed_through_changes(
    files: Files, after: dict[str, str], expected: list[tuple[str, str, int] | None]
) -> None:
    holds = [files.tracked("b"), files.tracked("c")]
    before = files.now.notes
    found = track(holds, before, files.write(**after))
    assert where(found) == expected
    for one in found:
        if one is not None:
            assert one.note is files.now.notes[one.note.path]
            assert one.task in list(one.note.note.tasks)
            assert one.reasons == (Reason("why"),)


def test_a_task_of_a_note_that_is_renamed_or_gone(files: Files) -> None:
    holds, before = [files.tracked("b"), files.tracked("other", "B")], files.now.notes
    (files.root / "A.md").rename(files.root / "C.md")
    (files.root / "B.md").unlink()
    assert where(track(holds, before, files.read())) == [("C.md", "b", 2), None]


def test_a_task_is_followed_from_a_state_that_is_older_than_the_last_one(files: Files) -> None:
    holds = [files.tracked("b")]
    files.write(A="words\n" + PLAN)
    before = files.now.notes
    assert where(track(holds, before, files.write(A="more\nwords\n" + PLAN))) == [("A.md", "b", 4)]


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("- [ ] a\n", "a"),
        ("- [x] a\n", None),
        ("- [-] a\n", None),
        ("- [ ] a\n  - [ ] b\n", "b"),
        ("- [ ] a\n  - [x] b\n  - [ ] c\n", "c"),
        ("- [ ] a\n  - [x] b\n", "a"),
        ("- [ ] a\n  - [ ] b\n    - [ ] c\n", "c"),
        ("- [x] a\n  - [ ] b\n", "b"),
        ("- [ ] a\n- [ ] b\n", "a"),
    ],
)
def test_what_of_a_task_can_be_done(files: Files, text: str, leaf: str | None) -> None:
    snapshot = files.write(A=text)
    note = snapshot.notes["A.md"]
    found = first_open_leaf(note, next(note.note.tasks), snapshot)
    assert (found.text if found is not None else None) == leaf


def test_what_speaks_for_a_task(files: Files) -> None:
    files.write(A="- [/] a\n- [ ] b 🛫 2027-01-01\n")
    found = reasons_for(files.tracked("a"), files.view)
    assert found is not None
    assert [reason.text for reason in found] == ["in progress"]
    assert reasons_for(files.tracked("b 🛫 2027-01-01"), files.view) is None


# What comes after what was done or skipped


def suggested(passed: FocusQueue, files: Files) -> str | None:
    found = passed.following(files.view)
    return found.task.text if found is not None else None


def test_what_is_skipped_or_done_is_not_suggested_and_what_is_skipped_comes_last(files: Files) -> None:
    passed = FocusQueue("A.md")
    for text, after in (("a", "b"), ("b", "c"), ("c", "other")):
        passed.skip(files.tracked(text))
        assert suggested(passed, files) == after
    passed.tick(files.tracked("other", "B"))
    assert suggested(passed, files) == "a", "the one that was skipped last waits for the others"
    passed.tick(files.tracked("a"))
    passed.tick(files.tracked("b"))
    assert suggested(passed, files) == "c", "the only one that is left"
    passed.tick(files.tracked("c"))
    assert suggested(passed, files) is None


def test_the_note_in_front_goes_first_and_else_the_best_of_all(files: Files) -> None:
    files.write(B="- [/] other\n")
    assert suggested(FocusQueue("A.md"), files) == "a"
    assert suggested(FocusQueue(None), files) == "other"
    assert suggested(FocusQueue("gone.md"), files) == "other"
    only = FocusQueue("A.md")
    for text in "abc":
        only.tick(files.tracked(text))
    assert suggested(only, files) == "other"


def test_what_is_worked_on_after_all_counts_as_skipped_no_more(files: Files) -> None:
    passed = FocusQueue("A.md")
    a = files.tracked("a")
    passed.skip(a)
    assert a in passed
    passed.unskip(a)
    assert a not in passed
    assert suggested(passed, files) == "a"


def test_a_tick_that_is_refused_is_taken_back(files: Files) -> None:
    passed = FocusQueue("A.md")
    passed.tick(files.tracked("a"))
    passed.tick(files.tracked("b"))
    passed.untick(files.tracked("a"))
    assert (files.tracked("a") in passed, files.tracked("b") in passed) == (False, True)


def test_passed_tasks_are_followed_and_an_undone_tick_is_free_again(files: Files) -> None:
    passed = FocusQueue("A.md")
    passed.tick(files.tracked("a"))
    passed.skip(files.tracked("b"))
    before = files.now.notes
    passed.follow(before, files.write(A="words\n" + PLAN), attrgetter("status_symbol"))
    assert (files.tracked("a") in passed, files.tracked("b") in passed) == (True, True), "not on disk yet"
    before = files.now.notes
    passed.follow(before, files.write(A=PLAN.replace("[ ] a", "[x] a")), attrgetter("status_symbol"))
    assert files.tracked("a") in passed
    before = files.now.notes
    passed.follow(before, files.write(A=PLAN), attrgetter("status_symbol"))
    assert (files.tracked("a") in passed, files.tracked("b") in passed) == (False, True)
    before = files.now.notes
    passed.follow(before, files.write(A=PLAN.replace("- [ ] b\n", "")), attrgetter("status_symbol"))
    before = files.now.notes
    passed.follow(before, files.write(A=PLAN), attrgetter("status_symbol"))
    assert files.tracked("b") not in passed, "it was gone, and this is a new one"


def test_what_was_ticked_is_passed_by_a_search_that_began_before_the_tick_was_written(files: Files) -> None:
    passed = FocusQueue("A.md")
    passed.tick(files.tracked("a"))
    find, before = passed.finder(files.view), files.now.notes
    passed.follow(before, files.write(A=PLAN.replace("[ ] a", "[x] a")), attrgetter("status_symbol"))
    found = find()
    assert found is not None
    assert found.task.text == "b"


# What a step finished


@pytest.mark.parametrize(
    ("before", "words", "sentence", "sections"),
    [
        ("# One\n- [ ] a\n# Two\n- [ ] b\n", "a", "One is finished: the one task in it is", ["One"]),
        (
            "# One\n- [ ] a\n- [x] b\n# Two\n- [x] c\n",
            "a",
            "A is completely finished: all 3 are done",
            ["One", "Two"],
        ),
        ("# One\n## In\n- [ ] a\n# Two\n- [ ] b\n", "a", "One is finished", ["One"]),
    ],
)
def test_what_a_step_finished(
    tmp_path: Path, before: str, words: str, sentence: str, sections: list[str]
) -> None:
    files = Files(tmp_path, A=before)
    old = files.now
    new = files.write(A=before.replace(f"[ ] {words}", f"[x] {words}"))
    (found,) = new_milestones(old, new, ["A.md", "A.md"], Celebrated())
    assert found.sentence.startswith(sentence)
    assert [section.title for section in found.sections] == sections


def test_nothing_is_finished_in_notes_that_come_or_go(files: Files) -> None:
    old = files.now
    new = files.write(C="- [x] c\n")
    assert list(new_milestones(old, new, ["C.md"], Celebrated())) == []
    assert list(new_milestones(new, old, ["C.md", "gone.md"], Celebrated())) == []


# Marks, folds and places


def test_marks() -> None:
    marks = RowSelection()
    assert (len(marks), marks.start_of_range(4)) == (0, 4)
    marks.toggle(3)
    assert (list(marks), marks.start_of_range(4)) == ([3], 3)
    marks.add([1, 2], 2)
    assert (list(marks), marks.start_of_range(9), 2 in marks) == ([1, 2, 3], 2, True)
    marks.toggle(2)
    assert (list(marks), marks.start_of_range(9)) == ([1, 3], 2)
    assert list(marks.followed({1: 5, 2: 6})) == [5]
    assert marks.followed({1: 5, 2: 6}).start_of_range(0) == 6
    assert marks.followed({1: 5}).start_of_range(0) == 0
    marks.toggle(0)
    assert marks.followed(range(1)).start_of_range(7) == 0, "the first row is one"
    marks.clear()
    assert (list(marks), marks.start_of_range(4)) == ([], 4)


TREE_TEXT = "# One\n- [ ] a\n  - [ ] b\n    - [ ] c\n  - [ ] d\n- [ ] e\n\n# Two\n- [ ] f\n"
TREE = outline(parse(TREE_TEXT))
"""Rows: One, a, b, c, d, e, a blank one, Two, f."""


def rows_named(*names: str) -> list[int]:
    by_name: dict[str, int] = {}
    for row in TREE.rows:
        if isinstance(row.content, ListItem):
            by_name[row.content.source.strip()[-1]] = row.index
        elif row.content is not None:
            by_name[row.content.title] = row.index
    return [by_name[name] for name in names]


@pytest.mark.parametrize(
    ("folded", "row", "end"),
    [
        ([], "a", "e"),
        ([], "b", "d"),
        ([], "c", "d"),
        ([], "One", None),
        ([], "f", None),
        (["b"], "a", "e"),
        (["a"], "a", "e"),
    ],
)
def test_where_the_rows_below_one_end(folded: list[str], row: str, end: str | None) -> None:
    state = OutlineState(TREE, rows_named(*folded))
    at = state.end_of(rows_named(row)[0])
    shown_above = state.outline.rows[state.shown[at - 1]]
    assert shown_above.content is not None, "a blank row is not below it"
    if end is not None:
        assert state.shown[at] == rows_named(end)[0]
    elif row == "f":
        assert at == len(state.shown)
    else:
        assert state.shown[at - 1] == rows_named("e")[0]


def test_what_hides_a_row_is_unfolded_and_nothing_else() -> None:
    state = OutlineState(TREE, rows_named("One", "a", "b", "Two"))
    c = rows_named("c")[0]
    assert c not in state.shown
    state.reveal(c)
    assert c in state.shown
    assert state.folded == set(rows_named("Two"))
    assert state.is_folded(rows_named("Two")[0])


def test_rows_by_position_and_line() -> None:
    state = OutlineState(TREE, rows_named("a"))
    assert [state.row(at) is None for at in (-1, 0, len(state.shown) - 1, len(state.shown))] == [
        *(True, False, False, True)
    ]
    assert state.position(rows_named("c")[0]) == state.position(rows_named("a")[0]) == 1
    assert OutlineState().position(3) == 0
    assert OutlineState().outline.at_line(0) is None
    deeper = outline(parse("words\n\n- [ ] a\n"))
    assert deeper.at_line(0) is None
    assert deeper.at_line(2) == 0


def test_a_content_of_another_state_has_no_row() -> None:
    rows = outline(parse("# One\n- [ ] a\n"))
    other = parse("# One\n- [ ] a\n")
    assert rows.row_of(other.sections[1]) is None
    assert rows.row_of(other.items[0]) is None


def test_only_items_that_say_something_else_have_changed() -> None:
    before, after = (
        outline(parse(text)) for text in ("# A\n- [ ] a\n- [ ] b\n", "# B\n- [ ] a\n- [x] b\n- [ ] c\n")
    )
    assert [after.rows[at].line for at in changed_rows(before, after, {1: 1, 2: 2})] == [2, 3]


def test_marks_stay_when_the_same_note_is_read_again() -> None:
    state = OutlineState(TREE, rows_named("a"))
    state.selection.toggle(1)
    state.leave(2, 1)
    now, became = state.followed(outline(parse(TREE_TEXT)))
    assert (list(now.selection), now.folded, now.cursor, now.scroll) == ([1], state.folded, state.cursor, 1)
    assert became == range(len(TREE.rows))


def test_a_place_in_a_note_that_changed_while_nobody_looked() -> None:
    text = "- [ ] a\n  - [ ] b\n- [ ] a\n  - [ ] c\n"
    state = OutlineState(outline(parse(text)), [2])
    state.leave(2, 1)
    place = position_of(state)
    assert place.above == 1
    again = restore_position(place, outline(parse("- [ ] new\n" + text.replace("[ ] a", "[x] a"))))
    assert (again.cursor, again.folded, again.scroll) == (3, {3}, 2)
    lost = restore_position(place, outline(parse("- [ ] other\n")))
    assert (lost.cursor, lost.folded, lost.scroll) == (0, set(), 0)
    assert position_of(OutlineState()) == ViewPosition("", 0, ())


# The open note


def test_the_old_path_of_a_note_that_was_followed_twice_is_left_alone(files: Files) -> None:
    opened = ShownNote("A.md")
    before = files.now
    (files.root / "A.md").rename(files.root / "C.md")
    renamed = opened.follow(before, files.read(), 0.0)
    assert renamed == ("A.md", "C.md")
    assert not opened.is_missed
    assert opened.follow(files.now, files.now, 1.0) is None
    assert opened.path == "C.md"


def test_a_note_that_is_gone_is_missed_until_another_is_opened(files: Files) -> None:
    opened = ShownNote("A.md")
    before = files.now
    (files.root / "A.md").unlink()
    assert opened.follow(before, files.read(), 0.0) is None
    assert opened.is_missed
    note = opened.note_in(files.now)
    assert note is not None
    assert note.label == ""
    opened.follow(files.now, files.now, RETURN_SECONDS)
    note = opened.note_in(files.now)
    assert note is not None
    assert note.label == GONE
    opened.go_to("B.md")
    assert not opened.is_missed
    assert opened.note_in(files.now) is files.now.notes["B.md"]
    opened.go_to(None)
    assert opened.note_in(files.now) is None
    assert opened.follow(files.now, files.now, 99.0) is None


def test_a_note_that_was_never_there_is_not_missed(files: Files) -> None:
    opened = ShownNote("Nowhere.md")
    assert opened.follow(files.now, files.now, 0.0) is None
    assert not opened.is_missed
    assert opened.note_in(files.now) is None
    assert opened.next_check(0.0) is None


def test_a_note_that_is_too_large_by_now_is_not_shown_as_it_was(files: Files) -> None:
    opened = ShownNote("A.md")
    before = files.now
    opened.follow(before, files.write(A=PLAN + "words" * 100), 0.0)
    assert [problem.path for problem in files.now.problems] == ["A.md"]
    assert opened.note_in(files.now) is None
    assert opened.note_in(replace(files.now, problems=())) is not None
