"""Taking changes of others back: each is an edit that restores what was seen, or is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadtui.config import Config
from roadtui.core.activity.rows import rows_of
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.activity.take_back import take_back, text_below_is_unknown
from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
from roadtui.vault.commit import commit
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

PLAN = """\
# Maths

- [ ] Algebra 📅 2026-04-01
    - [ ] Vectors
    - [ ] Matrices
- [x] Sets ✅ 2026-01-01

# Models

1. [ ] Trees
2. [ ] Forests
3. [ ] Boosting
"""
OTHER = "- [ ] else\n"


class Away:
    """A vault whose notes others change, and whose changes are taken back."""

    def __init__(self, root: Path, **notes: str) -> None:
        self.root = root
        self.write(**notes)
        self.vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "writer"))
        for _ in self.vault.load():
            pass
        self.seen = SeenNotes(None, root)
        self.track()

    def write(self, **notes: str) -> None:
        for name, text in notes.items():
            (self.root / f"{name}.md").write_text(text, newline="")

    def track(self) -> None:
        self.seen.record(self.vault.refresh(), is_hurried=True)

    def take_back(self, *texts: str) -> None:
        """Take back the changes of the tasks with these texts, or all."""
        is_done = is_done_in(self.vault.snapshot)
        changes = [one for one in self.seen.changes(is_done) if not texts or one.row.wording in texts]
        context = ActionContext.of(self.vault, date(2026, 3, 14))
        commit(self.vault, take_back(context, self.seen.states, changes))

    def text(self, name: str) -> str:
        return (self.root / f"{name}.md").read_bytes().decode()


@pytest.fixture
def away(tmp_path: Path) -> Callable[..., Away]:
    root = tmp_path / "vault"
    root.mkdir()
    return lambda **notes: Away(root, **notes)


def changed(*pairs: tuple[str, str]) -> str:
    text = PLAN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    "text",
    [
        changed(("[ ] Trees", "[x] Trees ✅ 2026-03-14")),
        changed(("[x] Sets ✅ 2026-01-01", "[ ] Sets")),
        changed(("Boosting", "Boosted trees #ml"), ("[ ] Vectors", "[/] Vectors")),
        changed(("2. [ ] Forests\n3.", "2.")),
        changed(("    - [ ] Vectors\n", "")),
        changed(("    - [ ] Vectors\n", ""), ("    - [ ] Matrices\n", "")),
        changed(
            ("- [ ] Algebra 📅 2026-04-01\n    - [ ] Vectors\n    - [ ] Matrices\n", ""),
        ),
        changed(("1. [ ] Trees\n2. [ ] Forests\n3. [ ] Boosting\n", "")),
        changed(("- [x] Sets ✅ 2026-01-01\n", "- [x] Sets ✅ 2026-01-01\n- [ ] New\n    - [ ] Newer\n")),
        changed(("    - [ ] Vectors\n    - [ ] Matrices\n", "    - [ ] Matrices\n    - [ ] Vectors\n")),
        changed(("    - [ ] Matrices\n", "- [ ] Matrices\n")),
        changed(("    - [ ] Vectors\n", ""), ("3. [ ] Boosting\n", "3. [ ] Boosting\n4. [ ] Vectors\n")),
    ],
)
def test_the_note_is_as_it_was_seen(away: Callable[..., Away], text: str) -> None:
    vault = away(Plan=PLAN)
    vault.write(Plan=text)
    vault.track()
    vault.take_back()
    assert vault.text("Plan") == PLAN


def test_a_task_is_moved_back_from_another_note_with_all_that_is_inside(away: Callable[..., Away]) -> None:
    vault = away(Plan=PLAN, Other=OTHER)
    subtree = "- [ ] Algebra 📅 2026-04-01\n    - [ ] Vectors\n    - [ ] Matrices\n"
    vault.write(Plan=changed((subtree, "")), Other=OTHER + subtree)
    vault.track()
    vault.take_back()
    assert vault.text("Plan") == PLAN
    assert vault.text("Other") == OTHER


BLOCKS = """\
# One

- [ ] Algebra
  A paragraph of it.

  - a bullet
    - [ ] Vectors
      ```
      code
      ```
  - another bullet
  - [ ] Matrices
  the end of it
- [ ] Sets
> - [ ] Quoted
>   and its text

Text of nobody.
"""


@pytest.mark.parametrize(
    ("start", "end"),
    [("- [ ] Algebra", "- [ ] Sets"), ("- [ ] Sets", "> - [ ]")],
)
def test_a_task_that_is_gone_is_put_back_with_all_that_was_below_it(
    away: Callable[..., Away], start: str, end: str
) -> None:
    vault = away(Plan=BLOCKS)
    first, last = BLOCKS.index(start), BLOCKS.index(end)
    vault.write(Plan=BLOCKS[:first] + BLOCKS[last:])
    vault.track()
    vault.take_back()
    assert vault.text("Plan") == BLOCKS


@pytest.mark.parametrize("start", ["    - [ ] Vec", "  - [ ] Mat"])
def test_among_bullets_no_line_is_lost(away: Callable[..., Away], start: str) -> None:
    vault = away(Plan=BLOCKS)
    end = {"    - [ ] Vec": "  - another", "  - [ ] Mat": "- [ ] Sets"}[start]
    vault.write(Plan=BLOCKS[: BLOCKS.index(start)] + BLOCKS[BLOCKS.index(end) :])
    vault.track()
    vault.take_back()
    assert sorted(map(str.strip, vault.text("Plan").splitlines())) == sorted(
        map(str.strip, BLOCKS.splitlines())
    )


def test_where_it_is_not_known_what_was_below_a_task_that_is_said(away: Callable[..., Away]) -> None:
    vault = away(Plan=BLOCKS)
    unknown = rows_of(parse(BLOCKS))
    known = rows_of(parse(BLOCKS), BLOCKS.splitlines())
    assert [row.text for row in unknown.rows if unknown.below.get(row.id, ()) is None] == [
        row.text for row in known.rows if row.id in known.below
    ]
    vault.write(Plan=BLOCKS.replace("- [ ] Sets\n", ""))
    vault.track()
    (change,) = vault.seen.changes(is_done_in(vault.vault.snapshot))
    seen = vault.seen.states.seen["Plan.md"]
    assert not text_below_is_unknown(change, seen)
    assert text_below_is_unknown(change, seen._replace(below={change.id: None}))


def test_text_that_stayed_where_its_task_is_gone_is_not_there_twice(away: Callable[..., Away]) -> None:
    text = "- [ ] z\n- [ ] a\n  - a bullet\n"
    vault = away(Plan=text)
    vault.write(Plan=text.replace("- [ ] a\n", ""))
    vault.track()
    with pytest.raises(RefusedError, match="would be there twice"):
        vault.take_back()


def test_each_note_is_read_once_however_much_is_taken_back(away: Callable[..., Away]) -> None:
    text = "".join(f"- [ ] task {number}\n  - a bullet\n" for number in range(20))
    vault = away(Plan=text, Other=OTHER, Third=text.replace("task", "other"))
    vault.write(Plan="", Other=OTHER + text, Third="")
    vault.track()
    context = ActionContext.of(vault.vault, date(2026, 3, 14))
    read: list[str] = []

    def read_lines(note: VaultNote) -> Sequence[str]:
        read.append(note.name)
        return context.read_lines(note)

    changes = vault.seen.changes(is_done_in(vault.vault.snapshot))
    take_back(replace(context, read_lines=read_lines), vault.seen.states, changes)
    assert sorted(read) == ["Other", "Third"]


def test_one_change_is_taken_back_and_the_others_stay(away: Callable[..., Away]) -> None:
    vault = away(Plan=PLAN)
    vault.write(Plan=changed(("[ ] Trees", "[x] Trees"), ("[ ] Boosting", "[x] Boosting")))
    vault.track()
    vault.take_back("Boosting")
    assert vault.text("Plan") == changed(("[ ] Trees", "[x] Trees"))


def test_what_has_changed_again_is_left_as_it_is(away: Callable[..., Away]) -> None:
    vault = away(Plan=PLAN)
    vault.write(Plan=changed(("[ ] Trees", "[x] Trees")))
    vault.track()
    again = changed(("[ ] Trees", "[x] Trees and bushes"))
    vault.write(Plan=again)  # Nobody has read it yet.
    with pytest.raises(RefusedError):
        vault.take_back()
    vault.vault.refresh()
    with pytest.raises(RefusedError, match="changed"):
        vault.take_back()
    assert vault.text("Plan") == again


def test_a_new_task_is_not_deleted_with_an_old_one_inside(away: Callable[..., Away]) -> None:
    vault = away(Plan=PLAN)
    around = changed(("- [x] Sets ✅ 2026-01-01\n", "- [ ] New\n    - [x] Sets ✅ 2026-01-01\n"))
    vault.write(Plan=around)
    vault.track()
    with pytest.raises(RefusedError, match="inside it"):
        vault.take_back("New")
    assert vault.text("Plan") == around


def test_below_equal_headings_it_goes_back_below_the_one_that_it_was_below(away: Callable[..., Away]) -> None:
    text = "## T\n- [ ] a\n## T\n- [ ] b\n- [ ] c\n"
    for now in (text.replace("- [ ] b\n", ""), "## T\n- [ ] a\n- [ ] b\n## T\n- [ ] c\n"):
        vault = away(Plan=text)
        vault.write(Plan=now)
        vault.track()
        vault.take_back()
        assert vault.text("Plan") == text


def test_a_note_that_is_gone_is_not_made_again(away: Callable[..., Away]) -> None:
    vault = away(Plan=PLAN, Other=OTHER)
    (vault.root / "Plan.md").unlink()
    vault.track()
    with pytest.raises(
        RefusedError,
        match=r"the note Plan\.md is gone\. Only its tasks are known.* git, a backup",
    ):
        vault.take_back()


UNCERTAIN = {
    "other text was written inside a new task": (
        {"Plan": "- [ ] a\n"},
        {"Plan": "- [ ] a\n- [ ] new\n  - my own bullet\n  my own text\n"},
        "other text inside “new”",
    ),
    "a paragraph after a blank line": (
        {"Plan": "- [ ] a\n"},
        {"Plan": "- [ ] a\n- [ ] new\n\n  paragraph\n"},
        "other text inside “new”",
    ),
    "siblings were moved, one into the other": (
        {"Plan": "- [ ] Parent\n- [ ] Child\n- [ ] q\n", "Other": OTHER},
        {"Plan": "- [ ] q\n", "Other": OTHER + "- [ ] Parent\n  - [ ] Child\n"},
        "inside “Parent” has changed",
    ),
    "a child was ticked after its parent was moved": (
        {"Plan": "- [ ] Parent\n  - [ ] Child\n- [ ] q\n", "Other": OTHER},
        {"Plan": "- [ ] q\n", "Other": OTHER + "- [ ] Parent\n  - [x] Child\n  - [ ] more\n"},
        "inside “Parent” has changed",
    ),
    "a child was deleted after its parent was moved": (
        {"Plan": "- [ ] Parent\n  - [ ] Child\n- [ ] q\n", "Other": OTHER},
        {"Plan": "- [ ] q\n", "Other": OTHER + "- [ ] Parent\n"},
        "inside “Parent” has changed",
    ),
    "one of equal lines is gone": (
        {"Plan": "- [ ] a\n  - [ ] k1\n- [ ] a\n  - [ ] k2\n- [ ] a\n  - [ ] k3\n"},
        {"Plan": "- [ ] a\n  - [ ] k1\n- [ ] a\n  - [ ] k3\n"},
        "“a” stood there more than once",
    ),
    "headings are equal, and one of them is gone as well": (
        {"Plan": "## T\n- [ ] a\n## T\n- [ ] b\n## T\n"},
        {"Plan": "## T\n- [ ] a\n## T\n"},
        "several headings “T”",
    ),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_what_cannot_be_restored_for_certain_is_refused(away: Callable[..., Away], case: str) -> None:
    before, after, reason = UNCERTAIN[case]
    vault = away(**before)
    vault.write(**after)
    vault.track()
    with pytest.raises(RefusedError, match=reason):
        vault.take_back()
    assert {name: vault.text(name) for name in after} == after


names = st.integers(0, 9).map(lambda number: f"{'abcdefghij'[number] * 12} {number}")
tasks = st.lists(st.tuples(st.sampled_from(" x/"), names), max_size=7, unique_by=lambda task: task[1])


@given(tasks, tasks)
@settings(max_examples=20, deadline=None)
def test_any_list_is_as_it_was_seen(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> None:
    old, new = (
        "# List\n\n" + "".join(f"- [{symbol}] {name}\n" for symbol, name in found)
        for found in (before, after)
    )
    with TemporaryDirectory() as folder:
        root = Path(folder, "vault")
        root.mkdir()
        vault = Away(root, List=old)
        vault.write(List=new)
        vault.track()
        if vault.seen.changes(is_done_in(vault.vault.snapshot)):
            vault.take_back()
        was, now = (
            [line for line in text.splitlines() if line.startswith("- [")]
            for text in (old, vault.text("List"))
        )
        assert now == was
