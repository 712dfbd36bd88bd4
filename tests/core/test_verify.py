"""No edit makes something else of the lines that it is not about: it is refused, and says so."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.edit import Change, Edit, apply_edit
from roadtui.core.edits.insert import InsertAfter, InsertChild, InsertSection, PasteMarkdown
from roadtui.core.edits.locate import Anchor
from roadtui.core.edits.move import Delete, Indent, MoveSibling
from roadtui.core.edits.patch import ExpectedNesting, NotePatch, PatchLine, Replacement
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import SetField, SetText
from roadtui.core.edits.verify import find_structure_change
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse, split_lines
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from tests.core.edit_helpers import changed

TICK = SetStatus((" ",), ("x",), date(2026, 3, 14), TaskSettings(), StatusRegistry())
NEW = ("new",)
FRONTMATTER = "- [ ] a{}\n---\nwords: 1\n\n---\n- [ ] b\n"


@pytest.mark.parametrize(
    ("change", "note", "line", "what_else"),
    [
        (Delete(), FRONTMATTER.format(""), 0, "the first lines would be frontmatter"),
        (Delete(), "- [ ] a\n---\n---\n", 0, "two rules would be frontmatter"),
        (TICK, FRONTMATTER.format(" 🏁 delete"), 0, "a tick that takes its line away is no exception"),
        (TICK, "text\n- [ ] a 🏁 delete\n===\n", 1, "the text above would be a heading"),
        (Delete(), "text\n- [ ] a\n---\n", 1, "the text above would be a heading"),
        (Delete(), "===\n1. [ ] g\n---\n", 1, "a rule would be the line below a heading"),
        (MoveSibling(1), "  text\n- [ ] c\n---\n# H\n", 1, "the text above would be a heading"),
        (InsertSection("new"), "# H\n%%\n", 0, "a heading would stand in a comment"),
        (InsertChild(NEW, "  "), "# H\n%%\n", 0, "a task would stand in a comment"),
        (InsertChild(NEW, "  "), "# H\n```\ncode\n", 0, "a task would stand in code"),
        (InsertAfter(NEW), "- \ntext\n10. [ ] t\ntext\n", 0, "a counted item would be text"),
        (Delete(), "2. [ ] h\n- \n\n    - [ ] e\n", 1, "code would be a task"),
        (Indent("  "), "- [ ] c\n\n> - [ ] q\n    - [ ] e\n", 2, "text would be a task"),
        (MoveSibling(1), "   - [ ] u\n    - [ ] e\n\n# H\n", 0, "a task would be code"),
        (SetText("plain", "[ ] a"), "- plain\n", 0, "an item without a box would be a task"),
        (InsertChild(NEW, "  "), "- \ntext\n   - [ ] u\ntext\n", 0, "a task would be nested in the new one"),
        (Delete(), "- \n10. [ ] t\n   - [ ] u\n", 1, "a task would be nested in another one"),
        (MoveSibling(1), "  - [ ] d\n- \n", 0, "a task would be nested in the empty item"),
        (Indent("\t"), "- \n1. [ ] g\n  - [ ] d\n", 1, "a task would be nested elsewhere"),
        (PasteMarkdown("- a\n\n      code\n", "  "), "# V\n   text\n---\n", 0, "a heading would be text"),
    ],
)  # fmt: skip
def test_what_an_edit_would_make_of_other_lines(change: Change, note: str, line: int, what_else: str) -> None:
    with pytest.raises(RefusedError) as refused:
        changed(change, note, line)
    assert str(refused.value) == "Not changed: this would alter the meaning of other lines.", what_else


@pytest.mark.parametrize(
    ("change", "note", "line", "after"),
    [
        (Delete(), "- [ ] a\n- [ ] b\n---\nk: 1\n\n---\n", 0, "- [ ] b\n---\nk: 1\n\n---\n"),
        (Delete(), "---\nk: 1\n---\n- [ ] a\n- [ ] b\n", 3, "---\nk: 1\n---\n- [ ] b\n"),
        (TICK, "- [ ] a 🏁 delete\n---\ntext\n", 0, "---\ntext\n"),
        (Delete(), "text\n\n- [ ] a\n---\n", 2, "text\n\n---\n"),
        (InsertSection("new"), "# H\n\n%% inline %%\n", 0, "# H\n\n%% inline %%\n\n# new\n"),
        (MoveSibling(1), "- [ ] 1. [ ] two\n- [ ] a\n", 0, "- [ ] a\n- [ ] 1. [ ] two\n"),
        (MoveSibling(-1), "- [ ] a\n- [ ] 1. [ ] two\n", 1, "- [ ] 1. [ ] two\n- [ ] a\n"),
    ],
)  # fmt: skip
def test_what_makes_nothing_else_of_them_is_done(change: Change, note: str, line: int, after: str) -> None:
    assert changed(change, note, line) == after


def test_a_heading_of_two_lines_gets_no_third_one() -> None:
    note = "one\ntwo\n===\n"
    added = Replacement(1, 0, (PatchLine("between"),), ExpectedNesting(None))
    patch = NotePatch.of(split_lines(note), [added])
    assert find_structure_change(patch, parse(note), parse(patch.text)) is not None


def test_a_heading_gets_no_other_level() -> None:
    note = "# T\n- [ ] a\n"
    changed_line = Replacement(0, 1, (PatchLine("## T", 0),), ExpectedNesting(None))
    patch = NotePatch.of(split_lines(note), [changed_line])
    assert find_structure_change(patch, parse(note), parse(patch.text)) is not None


def test_an_item_that_shares_its_line_is_not_taken_out_of_it() -> None:
    data = b"- [ ] 1. [ ] two\n"
    note = parse(data.decode())
    with pytest.raises(RefusedError, match="two items share this line"):
        apply_edit(Edit("n.md", "delete", (Anchor(note, content_hash(data), note.items[1]),), Delete()), data)


@pytest.mark.parametrize("change", [Delete(), SetField(FieldKind.DUE, date(2026, 4, 1), TaskSettings())])
def test_two_tasks_of_one_line_are_not_both_rewritten(change: Change) -> None:
    """What the one makes of the line would be lost in what the other makes of it."""
    data = b"- [ ] 1. [ ] two\n- [ ] a\n"
    note = parse(data.decode())
    anchors = tuple(Anchor(note, content_hash(data), item) for item in note.items[:2])
    edit = Edit("n.md", "change", anchors, change)
    if isinstance(change, Delete):
        assert apply_edit(edit, data).data == b"- [ ] a\n"
        return
    with pytest.raises(RefusedError, match="can't be changed together"):
        apply_edit(edit, data)
