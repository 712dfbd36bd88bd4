"""Adding, moving and taking away: the note's own style is kept, and nothing else becomes something else."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.edit import Change
from roadtui.core.edits.insert import (
    AppendToSection,
    InsertAfter,
    InsertChild,
    InsertSection,
    PasteMarkdown,
    SplitTask,
)
from roadtui.core.edits.move import (
    Delete,
    Indent,
    InsertFromNote,
    MoveSibling,
    MoveWithinNote,
    Outdent,
    text_of,
)
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField, SetText, description_of
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse, split_lines
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import TaskSettings
from tests.core.edit_helpers import changed, content_on, made

TAB = "\t"
DUE = SetField(FieldKind.DUE, date(2026, 3, 14), TaskSettings())
NO_DUE = SetField(FieldKind.DUE, None, TaskSettings())
NO_TAGS = EditTags((), ("#t",), TaskSettings())


def refusal(change: Change, text: str, *lines: int) -> str:
    with pytest.raises(RefusedError) as caught:
        made(change, text.encode(), *lines)
    return str(caught.value)


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("- [ ] a\n- [ ] b\n", 0, "- [ ] a\n- [ ] new\n- [ ] b\n"),
        ("- [ ] a\n  - [ ] b\n- [ ] c\n", 0, "- [ ] a\n  - [ ] b\n- [ ] new\n- [ ] c\n"),
        ("* [x] a", 0, "* [x] a\n* [ ] new"),
        ("- [ ] a\r\n  + [ ] b\r\n", 1, "- [ ] a\r\n  + [ ] b\r\n  + [ ] new\r\n"),
        ("- [ ] a\r\tmore\r\r# T\r", 0, "- [ ] a\r\tmore\r- [ ] new\r\r# T\r"),
        ("> - [ ] a\n> - [ ] b\n", 0, "> - [ ] a\n> - [ ] new\n> - [ ] b\n"),
        ("> [!todo]\n> - [ ] a\n", 1, "> [!todo]\n> - [ ] a\n> - [ ] new\n"),
        ("- plain\n  - [ ] a\n", 0, "- plain\n  - [ ] a\n- [ ] new\n"),
        ("\ufeff- [ ] a\n", 0, "\ufeff- [ ] a\n- [ ] new\n"),
        ("- [ ] a  \n\n- [ ] b\n", 0, "- [ ] a  \n- [ ] new\n\n- [ ] b\n"),
        (
            "- [ ] a\n  ```\n  - [ ] code\n\n  ```\ntext\n",
            0,
            "- [ ] a\n  ```\n  - [ ] code\n\n  ```\n- [ ] new\ntext\n",
        ),
        ("- [ ] a\nlazy\n\ntext\n", 0, "- [ ] a\nlazy\n- [ ] new\n\ntext\n"),
        ("-   [ ] a\n", 0, "-   [ ] a\n-   [ ] new\n"),
        ("-    [ ] a\n", 0, "-    [ ] a\n-    [ ] new\n"),
        ("-     code\n", 0, "-     code\n- [ ] new\n"),
        ("-\t[ ] a\n", 0, "-\t[ ] a\n- [ ] new\n"),
        ("-\n", 0, "-\n- [ ] new\n"),
        # Ordered lists: counted on only where they were in order.
        ("1. [ ] a\n", 0, "1. [ ] a\n2. [ ] new\n"),
        ("1. [ ] a\n2. [ ] b\n", 0, "1. [ ] a\n2. [ ] new\n3. [ ] b\n"),
        ("1) [ ] a\n1) [ ] b\n", 0, "1) [ ] a\n1) [ ] new\n1) [ ] b\n"),
        ("3. [ ] a\n7. [ ] b\n", 0, "3. [ ] a\n4. [ ] new\n7. [ ] b\n"),
        ("01. [ ] a\n02. [ ] b\n", 1, "01. [ ] a\n02. [ ] b\n03. [ ] new\n"),
        (
            "8. [ ] a\n9. [ ] b\n   - [ ] c\n     text\n",
            0,
            "8. [ ] a\n9. [ ] new\n10. [ ] b\n    - [ ] c\n      text\n",
        ),
        # A longer number would leave what is nested by a tab outside: then the numbers stay.
        ("98. [ ] a\n99. [ ] b\n\t- [ ] c\n", 0, "98. [ ] a\n99. [ ] new\n99. [ ] b\n\t- [ ] c\n"),
        # A number in the text is no list marker.
        ("1. [ ] a\n2. [ ] after 2. b\n", 0, "1. [ ] a\n2. [ ] new\n3. [ ] after 2. b\n"),
    ],
)
def test_a_sibling(before: str, line: int, after: str) -> None:
    assert changed(InsertAfter(("new",)), before, line) == after


@pytest.mark.parametrize(
    "text",
    [
        "1. [ ] k\n{}\n2. [ ] l\n2. [ ] l\n",
        "1. [ ] k\n2. [ ] l\n2. [ ] l\n{}\n",
        "3. [ ] m\n{}\n2. [ ] l\n3. [ ] m\n",
        "2. [ ] l\n2. [ ] l\n{}\n2. [ ] l\n3. [ ] m\n",
    ],
)
def test_an_ordered_list_that_an_edit_is_not_about_keeps_its_numbers(text: str) -> None:
    line = text[: text.index("{}")].count("\n")
    before, after = text.format("- [ ] #tag, b"), text.format("- [ ] , b #new")
    assert changed(EditTags(("#new",), ("#tag",), TaskSettings()), before, line) == after


def test_several_siblings_of_an_ordered_list_are_counted() -> None:
    assert changed(InsertAfter(("b", "c")), "1. [ ] a\n", 0) == "1. [ ] a\n2. [ ] b\n3. [ ] c\n"


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("- [ ] a\n- [ ] b\n", 0, "- [ ] a\n\t- [ ] new\n- [ ] b\n"),
        ("* [ ] a\n- [ ] b\n- [ ] c\n", 0, "* [ ] a\n\t* [ ] new\n- [ ] b\n- [ ] c\n"),
        ("- [ ] 1. [ ] b\n", 0, "- [ ] 1. [ ] b\n\t- [ ] new\n"),
        ("- [ ] a\n  - [ ] b\n- [ ] c\n", 2, "- [ ] a\n  - [ ] b\n- [ ] c\n  - [ ] new\n"),
        ("- [ ] a\n    - [ ] b\n      text\n", 0, "- [ ] a\n    - [ ] b\n      text\n    - [ ] new\n"),
        ("- [ ] a\n  * [ ] b\n", 0, "- [ ] a\n  * [ ] b\n  * [ ] new\n"),
        ("1. [ ] a\n", 0, "1. [ ] a\n\t- [ ] new\n"),
        ("- [ ] x\n  - [ ] y\n\n100. [ ] a\n", 3, "- [ ] x\n  - [ ] y\n\n100. [ ] a\n     - [ ] new\n"),
        ("> - [ ] a\n", 0, "> - [ ] a\n> \t- [ ] new\n"),
        ("- [ ] a\n  1. [ ] b\n  2. [ ] c\n", 0, "- [ ] a\n  1. [ ] b\n  2. [ ] c\n  3. [ ] new\n"),
        ("# T\n", 0, "# T\n- [ ] new\n"),
        ("# T\n\n# U\n", 0, "# T\n- [ ] new\n\n# U\n"),
        ("# T\n# U\n", 0, "# T\n- [ ] new\n\n# U\n"),
        ("# T\n\n* [ ] a\n", 0, "# T\n\n* [ ] new\n* [ ] a\n"),
        ("# T\n\ntext\n\n# U\n", 0, "# T\n\ntext\n\n- [ ] new\n\n# U\n"),
        (
            "# T\n\n- [ ] a\n\n# U\n\n- [ ] b\n\n# V\n",
            8,
            "# T\n\n- [ ] a\n\n# U\n\n- [ ] b\n\n# V\n\n- [ ] new\n",
        ),
        # As many blank lines below the heading as most headings of the note have.
        ("# T\n\n- [ ] a\n\n# V\n", 4, "# T\n\n- [ ] a\n\n# V\n\n- [ ] new\n"),
        ("# T\n\n- [ ] a\n\n# U\n\n\n# V\n", 4, "# T\n\n- [ ] a\n\n# U\n\n- [ ] new\n\n# V\n"),
        (
            "# T\n\n- [ ] a\n\n# U\n- [ ] b\n\n# V\n",
            7,
            "# T\n\n- [ ] a\n\n# U\n- [ ] b\n\n# V\n- [ ] new\n",
        ),
        ("# T\n1. [ ] a\n2. [ ] b\n", 0, "# T\n1. [ ] new\n2. [ ] a\n3. [ ] b\n"),
    ],
)
def test_a_child_and_the_first_below_a_heading(before: str, line: int, after: str) -> None:
    assert changed(InsertChild(("new",), TAB, is_first=True), before, line) == after


def test_the_last_below_a_heading() -> None:
    assert changed(InsertChild(("new",), TAB), "# T\n- [ ] a\n## U\n", 0) == "# T\n- [ ] a\n- [ ] new\n## U\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "- [ ] new\n"),
        ("text", "text\n\n- [ ] new"),
        ("---\na: 1\n---\n", "---\na: 1\n---\n- [ ] new\n"),
        ("---\na: 1\nb: 2\n---\ntext\n", "---\na: 1\nb: 2\n---\ntext\n\n- [ ] new\n"),
        ("---\n---\ntext\n", "---\n---\ntext\n\n- [ ] new\n"),
        ("# T\n- [ ] a\n\ntext\n", "# T\n- [ ] a\n- [ ] new\n\ntext\n"),
        ("- [ ] a\n# T\ntext\n", "- [ ] a\n# T\ntext\n\n- [ ] new\n"),
    ],
)
def test_at_the_end_of_a_note(before: str, after: str) -> None:
    assert changed(InsertChild(("new",), TAB), before) == after


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("# T\n- [ ] a\n", (0,), "# T\n- [ ] a\n\n# New\n"),
        ("# T\n## U\n- [ ] a\n\n# V\n", (0,), "# T\n## U\n- [ ] a\n\n# New\n\n# V\n"),
        ("# T\n## U\n- [ ] a", (1,), "# T\n## U\n- [ ] a\n\n## New"),
        ("", (), "## New\n"),
        ("- [ ] a\n", (), "- [ ] a\n\n## New\n"),
    ],
)
def test_a_section(before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(InsertSection("New"), before, *lines) == after


def test_a_section_by_its_name_is_found_or_made() -> None:
    assert changed(AppendToSection(("new",), "inbox"), "# Inbox\n- [ ] a\n\n# T\n") == (
        "# Inbox\n- [ ] a\n- [ ] new\n\n# T\n"
    )
    assert changed(AppendToSection(("new",), "Inbox"), "text\n") == "text\n\n## Inbox\n- [ ] new\n"
    assert "2 headings" in refusal(AppendToSection(("new",), "T"), "# T\n# T\n")


@pytest.mark.parametrize(
    ("before", "lines", "step", "after"),
    [
        ("- [ ] a\n- [ ] b\n", (0,), 1, "- [ ] b\n- [ ] a\n"),
        ("- [ ] a\n- [ ] b", (1,), -1, "- [ ] b\n- [ ] a"),
        ("\ufeff- [ ] a\n- [ ] b\n", (0,), 1, "\ufeff- [ ] b\n- [ ] a\n"),
        ("- [ ] a\n  - [ ] c\n- [ ] b\n  text\n", (0,), 1, "- [ ] b\n  text\n- [ ] a\n  - [ ] c\n"),
        ("- [ ] a\n\n- [ ] b\n\n\n- [ ] c\n", (0,), 1, "- [ ] b\n\n- [ ] a\n\n\n- [ ] c\n"),
        ("1. [ ] a\n2. [ ] b\n3. [ ] c\n", (2,), -1, "1. [ ] a\n2. [ ] c\n3. [ ] b\n"),
        ("- [ ] a\n- [ ] b\n- [ ] c\n", (0, 1), 1, "- [ ] c\n- [ ] a\n- [ ] b\n"),
        ("# T\n- [ ] a\n- [ ] b\n\n# U\n- [ ] c\n", (2,), 1, "# T\n- [ ] a\n\n# U\n- [ ] b\n- [ ] c\n"),
        ("# T\n- [ ] a\n\n# U\n- [ ] c\n  - [ ] d\n", (4,), -1, "# T\n- [ ] a\n- [ ] c\n  - [ ] d\n\n# U\n"),
        ("# T\n\n# U\n* [ ] c\n", (3,), -1, "# T\n* [ ] c\n\n# U\n"),
        ("- [ ] a\n\n# U\n- [ ] c\n", (3,), -1, "- [ ] a\n- [ ] c\n\n# U\n"),
        # What is nested is set in by as much as the marker got longer or shorter.
        ("1. [ ] a\n# U\n- [ ] b\n  - [ ] c\n", (2,), -1, "1. [ ] a\n2. [ ] b\n   - [ ] c\n# U\n"),
        ("- [ ] a\n# U\n1. [ ] b\n   - [ ] c\n", (2,), -1, "- [ ] a\n- [ ] b\n  - [ ] c\n# U\n"),
    ],
)
def test_up_and_down(before: str, lines: tuple[int, ...], step: int, after: str) -> None:
    assert changed(MoveSibling(step), before, *lines) == after


@pytest.mark.parametrize(
    ("line", "step", "past", "after"),
    [
        (0, 1, 2, "- [ ] b\n  - [ ] n\n- [ ] c\n- [ ] a\n- [ ] d\n"),
        (4, -1, 3, "- [ ] d\n- [ ] a\n- [ ] b\n  - [ ] n\n- [ ] c\n"),
        (3, -1, 9, "- [ ] c\n- [ ] a\n- [ ] b\n  - [ ] n\n- [ ] d\n"),
        (3, 1, 9, "- [ ] a\n- [ ] b\n  - [ ] n\n- [ ] d\n- [ ] c\n"),
    ],
)
def test_past_several_as_far_as_there_are(line: int, step: int, past: int, after: str) -> None:
    before = "- [ ] a\n- [ ] b\n  - [ ] n\n- [ ] c\n- [ ] d\n"
    assert changed(MoveSibling(step, past), before, line) == after


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("- [ ] a\n- [ ] b\n", (1,), "- [ ] a\n\t- [ ] b\n"),
        ("- [ ] a\n  - [ ] c\n- [ ] b\n  - [ ] d\n", (2,), "- [ ] a\n  - [ ] c\n  - [ ] b\n    - [ ] d\n"),
        ("* [ ] a\n  - [ ] c\n* [ ] b\n", (2,), "* [ ] a\n  - [ ] c\n  - [ ] b\n"),
        ("1. [ ] a\n2. [ ] b\n3. [ ] c\n", (1,), "1. [ ] a\n\t1. [ ] b\n2. [ ] c\n"),
        ("- [ ] a\n- [ ] b\n- [ ] c\n", (1, 2), "- [ ] a\n\t- [ ] b\n\t- [ ] c\n"),
        ("- [ ] a\n\t- [ ] x\n- [ ] b\n\ttext\n", (2,), "- [ ] a\n\t- [ ] x\n\t- [ ] b\n\t\ttext\n"),
        ("> - [ ] a\n> - [ ] b\n>   text\n", (1,), "> - [ ] a\n> \t- [ ] b\n> \t  text\n"),
        # A blank line in an item stays blank.
        (
            "- [ ] x\n  - [ ] y\n  - [ ] a\n\n    text\n",
            (2,),
            "- [ ] x\n  - [ ] y\n    - [ ] a\n\n      text\n",
        ),
        (
            "> - [ ] x\n>   - [ ] y\n>   - [ ] a\n>\n>     text\n",
            (2,),
            "> - [ ] x\n>   - [ ] y\n>     - [ ] a\n>\n>       text\n",
        ),
    ],
)
def test_indent(before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(Indent(TAB), before, *lines) == after


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("- [ ] a\n  - [ ] b\n", (1,), "- [ ] a\n- [ ] b\n"),
        ("- [ ] a\n  - [ ] b\n    - [ ] d\n  - [ ] c\n", (1,), "- [ ] a\n  - [ ] c\n- [ ] b\n  - [ ] d\n"),
        ("1. [ ] a\n   - [ ] b\n2. [ ] c\n", (1,), "1. [ ] a\n2. [ ] b\n3. [ ] c\n"),
        ("- [ ] a\n\t- [ ] b\n\t\t- [ ] c\n", (2,), "- [ ] a\n\t- [ ] b\n\t- [ ] c\n"),
    ],
)
def test_outdent(before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(Outdent(), before, *lines) == after


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("- [ ] a\n  - [ ] b\n- [ ] c\n", (0,), "- [ ] c\n"),
        ("- [ ] a\n- [ ] b\n- [ ] c\n", (0, 2), "- [ ] b\n"),
        ("- [ ] a\n  - [ ] b\n- [ ] c\n", (0, 1), "- [ ] c\n"),
        ("# T\n- [ ] a\n# U\n", (0, 1), "# U\n"),
        ("1. [ ] a\n2. [ ] b\n3. [ ] c\n", (0, 1), "1. [ ] c\n"),
        ("1. [ ] a\n2. [ ] b\n3. [ ] c\n", (0,), "1. [ ] b\n2. [ ] c\n"),
        ("# T\n- [ ] a\n## U\n- [ ] b\n# V\n", (0,), "# V\n"),
        ("- [ ] a\n- [ ] b", (1,), "- [ ] a\n"),
        ("- [ ] a\n  text\n\n  more\n\nrest\n", (0,), "\nrest\n"),
    ],
)
def test_delete(before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(Delete(), before, *lines) == after


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("- [ ] a\n  - [ ] b\n\n# T\n* [ ] c\n", (0, 3), "\n# T\n* [ ] c\n* [ ] a\n  - [ ] b\n"),
        ("- [ ] a\n- [ ] b\n  - [ ] c\n", (0, 1), "- [ ] b\n  - [ ] c\n  - [ ] a\n"),
        ("# T\n- [ ] a\n# U\n", (1, 2), "# T\n# U\n- [ ] a\n"),
        ("# T\n3) [ ] a\n- b\n# U\n", (1, 3), "# T\n- b\n# U\n1) [ ] a\n"),
    ],
)
def test_take_to_another_place(before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(MoveWithinNote(TAB), before, *lines) == after


def test_nothing_is_taken_into_itself() -> None:
    assert "itself" in refusal(MoveWithinNote(TAB), "- [ ] a\n  - [ ] b\n", 0, 1)


@pytest.mark.parametrize(
    ("text", "before", "lines", "after"),
    [
        ("one\ntwo\n", "- [ ] a\n", (0,), "- [ ] a\n- [ ] one\n- [ ] two\n"),
        (
            "- [ ] b\n  - [x] c\n",
            "- [ ] a\n  - [ ] d\n",
            (1,),
            "- [ ] a\n  - [ ] d\n  - [ ] b\n    - [x] c\n",
        ),
        ("    - [ ] b\n      - c\n", "# T\n", (0,), "# T\n- [ ] b\n  - c\n"),
        ("- [ ] b\r\n\r\n  text\r\n", "- [ ] a\n", (0,), "- [ ] a\n- [ ] b\n\n  text\n"),
        ("1. x\n2. y", "> - [ ] a\n", (0,), "> - [ ] a\n> 1. x\n> 2. y\n"),
    ],
)
def test_paste(text: str, before: str, lines: tuple[int, ...], after: str) -> None:
    assert changed(PasteMarkdown(text, TAB), before, *lines) == after


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (Delete(), "[^1]: 1. a\n\n1. [ ] b\n"),
        (InsertAfter(("new",)), "[^1]: 1. a\n\n1. [ ] b\n2. [ ] c\n3. [ ] new\n"),
        (InsertChild(("new",), TAB), "[^1]: 1. a\n\n1. [ ] b\n2. [ ] c\n\t- [ ] new\n"),
        (MoveSibling(-1), "[^1]: 1. a\n\n1. [ ] c\n2. [ ] b\n"),
    ],
)
def test_an_item_behind_the_label_of_a_footnote_is_left_alone(change: Change, after: str) -> None:
    assert changed(change, "[^1]: 1. a\n\n1. [ ] b\n2. [ ] c\n", 3) == after


def test_put_in_from_another_note() -> None:
    assert changed(InsertFromNote("- [ ] b\n  - [ ] c\n", TAB), "# T\n\t\n- [ ] a\n", 2) == (
        "# T\n\t\n- [ ] a\n\t- [ ] b\n\t  - [ ] c\n"
    )


@pytest.mark.parametrize("before", ["- [ ] a ⛔ x1 b\n", "- [ ] a b ⛔ x1\n"])
def test_a_dependency_ends_up_where_the_plugin_reads_it(before: str) -> None:
    assert changed(AddDependency("x1", TaskSettings()), before, 0) == "- [ ] a b ⛔ x1\n"


def test_split() -> None:
    assert changed(SplitTask("a and b #t", ("a #t", "b")), "- [x] a and b #t\n  - [ ] c\n", 0) == (
        "- [x] a #t\n  - [ ] c\n- [ ] b\n"
    )


@pytest.mark.parametrize(
    ("before", "line", "seen", "wanted", "after"),
    [
        ("- [ ] a  \n", 0, "a", "b", "- [ ] b  \n"),
        ("- [ ]   a\r\n", 0, "a", "b ✅ x", "- [ ]   b ✅ x\r\n"),
        ("- [ ]", 0, "", "b", "- [ ] b"),
        ("# T #\n- [ ] a\n", 0, "T", "U", "# U #\n- [ ] a\n"),
        ("\ufeff## T\n", 0, "T", "#U #", "\ufeff## #U \\#\n"),
        ("- plain\n  - [ ] a\n", 0, "plain", "other", "- other\n  - [ ] a\n"),
        ("1. [ ] a\n   - [ ] c\n", 0, "a", "1. b", "1. [ ] 1\\. b\n   - [ ] c\n"),
        ("- [ ] a\n", 0, "a", "# b", "- [ ] \\# b\n"),
        ("- [ ] a\n", 0, "a", "- b", "- [ ] \\- b\n"),
        ("- a\n", 0, "a", "[b]: c", "- \\[b]: c\n"),
        ("- [ ] a\n", 0, "a", "[ ] b [[c]] (d", "- [ ] [ ] b [[c]] (d\n"),
    ],
)
def test_other_words(before: str, line: int, seen: str, wanted: str, after: str) -> None:
    assert changed(SetText(seen, wanted), before, line) == after


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no text"),
        ("  ", "no text"),
        ("a\nb", "one line"),
        ("a\x1b]52;c;x\x07", "control character U+001B"),
        ("a\u2028b", "control character U+2028"),
        ("```", "hide the lines below"),
        ("~~~ x", "hide the lines below"),
        ("%%", "hide the lines below"),
        ("%% a", "hide the lines below"),
        ("$$", "hide the lines below"),
        ("<!-- a", "hide the lines below"),
        ("<div>", "hide the lines below"),
        ("a 📅 2026-02-30", "2026-02-30 is not a date"),
        ("a [due:: 2026-13-01]", "2026-13-01 is not a date"),
        ("a 🔁 whenever I like", "not a rule"),
    ],
)
def test_what_would_break_a_note_is_refused(typed: str, says: str) -> None:
    note = "- [ ] a\n  - [ ] b\n"
    assert says in refusal(SetText("a", typed), note, 0)
    assert says in refusal(InsertAfter((typed,)), note, 0)
    assert says in refusal(InsertChild((typed,), TAB), note, 0)


def test_what_was_wrong_before_may_stay() -> None:
    note = "- [ ] a 📅 2026-02-30\n"
    assert changed(SetText("a 📅 2026-02-30", "b 📅 2026-02-30"), note, 0) == "- [ ] b 📅 2026-02-30\n"


@pytest.mark.parametrize(
    ("change", "note", "lines", "says"),
    [
        (MoveSibling(1), "- [ ] a\n  - [ ] b\n", (1,), "last one here"),
        (MoveSibling(-1), "- [ ] a\n", (0,), "first one in this note"),
        (MoveSibling(-1), "text\n# T\n- [ ] a\n", (2,), "first one in this note"),
        (MoveSibling(1), "- [ ] a\n- [ ] b\n- [ ] c\n", (0, 2), "only adjacent tasks"),
        (Indent(TAB), "- [ ] a\n", (0,), "no task before it"),
        (Outdent(), "- [ ] a\n", (0,), "in no other task"),
        (InsertChild(("new",), TAB), "T\n===\n", (0,), "this heading takes more than one line"),
        (SetText("b", "c"), "- [ ] a\n", (0,), "another program"),
        (PasteMarkdown("# T\n- [ ] a\n", TAB), "- [ ] a\n", (0,), "more than a list"),
        (PasteMarkdown("- [ ] a\n# T\n", TAB), "- [ ] a\n", (0,), "more than a list"),
        (PasteMarkdown("First of all:\n- [ ] a\n", TAB), "- [ ] a\n", (0,), "more than a list"),
        (PasteMarkdown("", TAB), "- [ ] a\n", (0,), "Nothing to paste"),
        # An item that may follow an empty task would be more text of a task with words.
        (DUE, "- [ ] \n  2. [ ] b\n", (0,), "meaning of other lines"),
        # Without the day a list, a heading, code or a line of the paragraph below would begin.
        (NO_DUE, "- [ ] 📅 2026-01-01 - a\n", (0,), "meaning of other lines"),
        (NO_DUE, "- [ ] 📅 2026-01-01 1. a\n", (0,), "meaning of other lines"),
        (NO_DUE, "- [ ] 📅 2026-01-01 # a\n", (0,), "meaning of other lines"),
        (NO_DUE, "- [ ] 📅 2026-01-01 ``` a\n  - [ ] b\n", (0,), "meaning of other lines"),
        (NO_DUE, "- [ ] 📅 2026-01-01\nlazy\n  - [ ] b\n", (0,), "meaning of other lines"),
        (EditTags((), ("#a",), TaskSettings()), "- [ ] #a - b\n", (0,), "meaning of other lines"),
        (InsertAfter(("new",)), "[^1]: - [ ] a\n", (0,), "line of a footnote"),
        (SetText("a", "b"), "[^1]: - a\n", (0,), "line of a footnote"),
        (InsertAfter(("new",)), "# T\n- [ ] a\n", (0,), "there is no task here"),
        (InsertAfter(("new",)), "- [ ] a\n", (), "there is no task here"),
        (MoveSibling(1), "- [ ] a\n# T\n- [ ] b\n", (0, 1), "there is no task here"),
        (Delete(), "[^1]: text\n    - [ ] a\n", (1,), "the end of this item can't be determined"),
        (NO_TAGS, "- plain\n", (0,), "there is no task here"),
        (NO_TAGS, "- [ ] a\n", (), "there is no task here"),
        (NO_TAGS, "- [ ] a #t\n- plain\n", (0, 1), "there is no task here"),
    ],
)
def test_refusals_say_why(change: Change, note: str, lines: tuple[int, ...], says: str) -> None:
    assert says in refusal(change, note, *lines)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("- [ ] a", "a"),
        ("- [ ]   a  ", "a"),
        ("- [ ] \ta\t", "a"),
        ("- [ ]", ""),
        ("- a ", "a"),
        ("  1.   a b", "a b"),
        ("-", ""),
        ("#  T  ", "T"),
        ("- [ ] a 📅 2026-01-01 ^id", "a 📅 2026-01-01 ^id"),
    ],
)
def test_the_text_that_is_edited(line: str, text: str) -> None:
    assert description_of(content_on(parse(line), 0)) == text


def test_what_is_moved_to_another_note_are_the_outermost_items_in_order() -> None:
    note = "* a\n  1. b\n     text\n* c\n- [ ] d\n    code\n"
    items = parse(note).items
    assert text_of(split_lines(note), items) == "* a\n  1. b\n     text\n* c\n- [ ] d\n    code\n"
    assert text_of(split_lines(note), [items[3], items[1]]) == "1. b\n   text\n- [ ] d\n    code\n"
    assert text_of(split_lines(note), []) == ""


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("-    a\n", 0, "-    a\n-    [ ] new\n"),
        ("-\ta\n", 0, "-\ta\n- [ ] new\n"),
        ("1. a\n1. b\n", 0, "1. a\n1. [ ] new\n1. b\n"),
        ("1. a\n2. b\n", 0, "1. a\n2. [ ] new\n3. b\n"),
        ("1. a\n", 0, "1. a\n2. [ ] new\n"),
        ("7) a\n", 0, "7) a\n8) [ ] new\n"),
        ("0. a\n0. b\n", 1, "0. a\n0. b\n0. [ ] new\n"),
        ("- a\n  text\n\ntext\n", 0, "- a\n  text\n- [ ] new\n\ntext\n"),
    ],
)
def test_a_sibling_has_the_marker_gap_and_number_that_follow(before: str, line: int, after: str) -> None:
    assert changed(InsertAfter(("new",)), before, line) == after


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("- a\n", 0, "- a\n    - [ ] new\n"),
        ("1. a\n", 0, "1. a\n    - [ ] new\n"),
        ("10. a\n\n* b\n", 0, "10. a\n    * [ ] new\n\n* b\n"),
        ("- a\n  - b\n- c\n", 2, "- a\n  - b\n- c\n  - [ ] new\n"),
        ("- a\n\t- b\n- c\n", 2, "- a\n\t- b\n- c\n\t- [ ] new\n"),
        ("> - a\n", 0, "> - a\n>     - [ ] new\n"),
        ("- a\n  text\n", 0, "- a\n  text\n    - [ ] new\n"),
    ],
)
def test_a_child_has_the_indentation_that_is_usual_in_the_note(before: str, line: int, after: str) -> None:
    assert changed(InsertChild(("new",), "    "), before, line) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A", "# A\n- [ ] new"),
        ("# A\n# B\n- x\n", "# A\n- [ ] new\n\n# B\n- x\n"),
        ("# A\n\n# B\n\n- x\n", "# A\n\n- [ ] new\n\n# B\n\n- x\n"),
        # One of two headings with a blank line below it is not most of them.
        ("# A\n# B\n\n- x\n# C\n- y\n", "# A\n- [ ] new\n\n# B\n\n- x\n# C\n- y\n"),
        (
            "# A\n# B\n\n- x\n# C\n\n- y\n# D\n- z\n",
            "# A\n\n- [ ] new\n\n# B\n\n- x\n# C\n\n- y\n# D\n- z\n",
        ),
        ("# A\ntext\n", "# A\ntext\n\n- [ ] new\n"),
        ("# A\ntext\n\n\n# B\n", "# A\ntext\n\n- [ ] new\n\n\n# B\n"),
        ("# A\n\n\ntext\n# B\n- x\n", "# A\n\n\ntext\n\n- [ ] new\n\n# B\n- x\n"),
        ("# A\n\n\n\n# B\n", "# A\n- [ ] new\n\n\n\n# B\n"),
        ("A\n===\n- x\n", "A\n===\n- x\n- [ ] new\n"),
        ("# A\n* x\n## S\n- y\n", "# A\n* x\n* [ ] new\n## S\n- y\n"),
        ("# A\n- x\n  1. y\n", "# A\n- x\n  1. y\n- [ ] new\n"),
        ("# A\n- [ ] x\n\ntext\n", "# A\n- [ ] x\n- [ ] new\n\ntext\n"),
    ],
)
def test_a_task_below_a_heading_stands_as_others_do(before: str, after: str) -> None:
    assert changed(AppendToSection(("new",), "A"), before) == after
