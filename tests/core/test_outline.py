"""The rows of a note, what a fold hides, and which row is which after a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.note import Section, Task
from roadtui.core.outline import Outline, map_rows, outline

NOTE = """- [ ] before any heading
# One
- [ ] parent
  - [x] child
    - plain
      - [ ] below a bullet
  - no task below
## Part
- [ ] in part
# Two
- [ ] last
"""


def drawn(tree: Outline, folded: set[int] = frozenset()) -> list[str]:  # type: ignore[assignment]
    texts = []
    for index in tree.visible(folded):
        row = tree.rows[index]
        content = row.content
        if content is None:
            texts.append("")
        elif isinstance(content, Section):
            texts.append("  " * row.depth + "# " + content.title)
        else:
            text = content.text if isinstance(content, Task) else content.source.strip()
            texts.append("  " * row.depth + text)
    return texts


def row_of(tree: Outline, text: str) -> int:
    return next(row.index for row in tree.rows if text in tree.keys[row.index])


def test_headings_tasks_and_bullets_that_hold_tasks_are_rows() -> None:
    assert drawn(outline(parse(NOTE))) == [
        "before any heading",
        "",
        "# One",
        "  parent",
        "    child",
        "      - plain",
        "        below a bullet",
        "",
        "  # Part",
        "    in part",
        "",
        "# Two",
        "  last",
    ]


@pytest.mark.parametrize(
    ("fold", "hidden"),
    [
        ("parent", {"child", "plain", "below a bullet"}),
        ("One", {"parent", "child", "plain", "below a bullet", "Part", "in part"}),
        ("Two", {"last"}),
        ("in part", set()),
    ],
)
def test_a_fold_hides_what_is_below(fold: str, hidden: set[str]) -> None:
    tree = outline(parse(NOTE))
    shown = drawn(tree, {row_of(tree, fold)})
    gone = {text.strip(" #-") for text in drawn(tree)} - {text.strip(" #-") for text in shown} - {""}
    assert gone == hidden


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("# A\n# B\n# C\n", ["# A", "", "# B", "", "# C"]),
        ("# A\n- [ ] a\n# B\nwords\n# C\n- [ ] c\n", ["# A", "  a", "", "# B", "", "# C", "  c"]),
        ("# T\n## A\n## B\n- [ ] b\n", ["# T", "  # A", "", "  # B", "    b"]),
        ("# T\n## A\n### deep\n### deeper\n# U\n", ["# T", "  # A", "    # deep", "    # deeper", "", "# U"]),
        ("- [ ] t\n# A\n# B\n", ["t", "", "# A", "", "# B"]),
    ],
)
def test_every_outer_heading_is_set_off_by_one_blank_row(text: str, rows: list[str]) -> None:
    tree = outline(parse(text))
    assert drawn(tree) == rows
    assert all(tree.rows[at].content is not None for at in tree.parents)


def test_a_heading_with_nothing_below_it_cannot_be_folded() -> None:
    tree = outline(parse("# A\n# B\n- [ ] b\n"))
    assert not tree.has_children(row_of(tree, "# A"))
    assert drawn(tree, set(tree.parents)) == ["# A", "", "# B"]


def test_the_blank_after_a_section_folds_with_it() -> None:
    tree = outline(parse(NOTE))
    assert drawn(tree, {row_of(tree, "One")}) == ["before any heading", "", "# One", "# Two", "  last"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [ ] below a bullet", "- [x] below a bullet"),
        ("- [ ] below a bullet", "- [ ] below a bullet\n      - [ ] new"),
        ("# One\n", "# Zero\n- [ ] new\n# One\n"),
        ("- [ ] before any heading\n", ""),
    ],
)
def test_rows_are_followed_through_a_change(old: str, new: str) -> None:
    before, after = outline(parse(NOTE)), outline(parse(NOTE.replace(old, new)))
    mapped = map_rows(before, after)
    for text in ("parent", "below a bullet", "in part", "last"):
        assert mapped[row_of(before, text)] == row_of(after, text)


def test_a_task_whose_text_was_edited_is_the_same_row() -> None:
    before, after = outline(parse(NOTE)), outline(parse(NOTE.replace("] child", "] a grown child")))
    assert mapped_text(before, after, "child") == "a grown child"


def mapped_text(before: Outline, after: Outline, text: str) -> str:
    content = after.rows[map_rows(before, after)[row_of(before, text)]].content
    assert isinstance(content, Task)
    return content.text


def test_a_task_moved_to_the_top_or_from_it_is_followed() -> None:
    one, other = (outline(parse("".join(f"- [ ] {name}\n" for name in names))) for names in ("abc", "cab"))
    assert map_rows(one, other) == {0: 1, 1: 2, 2: 0}
    assert map_rows(other, one) == {1: 0, 2: 1, 0: 2}


def test_a_task_moved_elsewhere_is_followed() -> None:
    moved = NOTE.replace("- [ ] in part\n", "").replace("- [ ] last\n", "- [ ] last\n- [ ] in part\n")
    assert mapped_text(outline(parse(NOTE)), outline(parse(moved)), "in part") == "in part"


@given(
    st.lists(st.sampled_from(["# A\n", "## B\n", "- [ ] t\n", "  - [x] u\n", "    - v\n", "text\n", "\n"]))
)
def test_folding_everything_shows_the_top_rows_alone(lines: list[str]) -> None:
    tree = outline(parse("".join(lines)))
    assert tree.visible(set(tree.parents)) == [row.index for row in tree.rows if row.parent < 0]
    assert tree.visible(set()) == list(range(len(tree.rows)))


def test_of_a_row_that_is_there_twice_after_it_was_moved_none_is_taken_for_it() -> None:
    before, after = (
        outline(parse(text))
        for text in ("- [ ] b\n- [ ] c\n- [ ] a\n", "- [ ] a\n- [ ] a\n- [ ] b\n- [ ] c\n")
    )
    assert map_rows(before, after) == {0: 2, 1: 3}
