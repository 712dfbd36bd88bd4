"""A filter on an outline: what it shows, what is done meanwhile, and that dropping it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from roadtui.config import Config
from roadtui.core.markdown import parse
from roadtui.core.note import ListItem, Section
from roadtui.core.outline import Outline, outline
from roadtui.core.query.query import read_query
from roadtui.session.find.search import VaultSearch
from roadtui.session.outline.outline_filter import FilteredOutline, NoteQuery
from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

DAY = date(2026, 11, 22)
NOTE = """\
# One
- [ ] Alpha
  - [ ] Beta
  - [x] Gamma
- [ ] Delta

# Two
- [/] Epsilon
- [ ] Zeta
"""


class Texts:
    """Finds the rows whose text holds one of the letters; no letters find nothing."""

    def __init__(self, letters: str) -> None:
        self.wanted = letters

    def rows(self, outline: Outline) -> Sequence[int]:
        return [row.index for row in outline.rows if set(self.wanted) & set(text_of(outline, row.index))]

    def rows_again(self, outline: Outline, in_sight: Sequence[int], before: Iterable[int]) -> Sequence[int]:
        return self.rows(outline)

    def letters(self, text: str) -> Sequence[int]:
        return [at for at, letter in enumerate(text) if letter in self.wanted]


def text_of(rows: Outline, row: int) -> str:
    content = rows.rows[row].content
    if isinstance(content, Section):
        return content.title
    return content.source.strip().partition("] ")[2] if isinstance(content, ListItem) else ""


def shown(state: OutlineState) -> list[str]:
    """The rows that show, those that are not hits in parentheses."""
    texts = [(text_of(state.outline, row), state.is_context(row)) for row in state.shown]
    return [f"({text})" if is_context else text for text, is_context in texts]


def filtered(letters: str, note: str = NOTE) -> FilteredOutline:
    return FilteredOutline(OutlineState(outline(parse(note))), Texts(letters))


def index(state: OutlineState, text: str) -> int:
    return next(row.index for row in state.outline.rows if text_of(state.outline, row.index) == text)


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("Z", ["(Two)", "Zeta"]),
        ("B", ["(One)", "(Alpha)", "Beta"]),
        ("O", ["One"]),
        ("AB", ["(One)", "Alpha", "Beta"]),
        ("TZ", ["Two", "Zeta"]),
        ("?", []),
    ],
)
def test_hits_show_with_the_rows_that_they_are_in(letters: str, expected: list[str]) -> None:
    assert shown(filtered(letters)) == expected


def test_folds_of_the_filter_are_its_own() -> None:
    before = OutlineState(outline(parse(NOTE)))
    before.fold_all()
    state = FilteredOutline(before, Texts("BZ"))
    assert shown(state) == ["(One)", "(Alpha)", "Beta", "(Two)", "Zeta"]
    state.set_folded([index(state, "Alpha")], folded=True)
    assert shown(state) == ["(One)", "(Alpha)", "(Two)", "Zeta"]
    state.fold_all()
    assert shown(state) == ["(One)", "(Two)"]
    state.unfold_all()
    assert shown(state) == ["(One)", "(Alpha)", "Beta", "(Two)", "Zeta"]
    assert shown(state.unfiltered) == ["One", "Two"]


def test_only_rows_with_shown_rows_inside_can_be_folded() -> None:
    state = filtered("AZ")
    assert [text_of(state.outline, row) for row in state.shown if state.has_children(row)] == ["One", "Two"]


def test_steps_go_around_from_any_row() -> None:
    state = filtered("BGZ")
    steps = [
        (start, step, text_of(state.outline, state.next_hit(index(state, start), step) or 0))
        for start in ("One", "Beta", "Epsilon", "Zeta")
        for step in (1, -1)
    ]
    assert steps == [
        ("One", 1, "Beta"),
        ("One", -1, "Zeta"),
        ("Beta", 1, "Gamma"),
        ("Beta", -1, "Zeta"),
        ("Epsilon", 1, "Zeta"),
        ("Epsilon", -1, "Gamma"),
        ("Zeta", 1, "Beta"),
        ("Zeta", -1, "Gamma"),
    ]
    assert filtered("?").next_hit(0, 1) is None


def test_selected_rows_that_are_hidden_are_kept_back() -> None:
    before = OutlineState(outline(parse(NOTE)))
    for text in ("Beta", "Zeta"):
        before.selection.toggle(index(before, text))
    state = FilteredOutline(before, Texts("Z"))
    assert [text_of(state.outline, row) for row in state.selected] == ["Zeta"]
    state.selection.toggle(index(state, "Two"))
    assert [text_of(state.outline, row) for row in state.unfiltered.selected] == ["Beta", "Two", "Zeta"]


@pytest.mark.parametrize(("row", "letters", "hidden"), [("One", "B", 2), ("Alpha", "B", 1), ("Two", "?", 2)])
def test_hidden_tasks_inside_a_row_are_counted(row: str, letters: str, hidden: int) -> None:
    state = filtered(letters)
    assert state.hidden_in(index(state, row)) == hidden
    assert state.unfiltered.hidden_in(index(state, row)) == 0


def test_what_matched_stays_until_the_query_changes_and_new_hits_appear() -> None:
    state = filtered("BZ")
    later, _ = state.followed(outline(parse(NOTE.replace("Beta", "eta").replace("Delta", "Big"))))
    assert shown(later) == ["(One)", "(Alpha)", "eta", "Big", "(Two)", "Zeta"]
    assert [text_of(later.outline, row) for row in later.hits] == ["Big", "Zeta"]
    assert shown(FilteredOutline(later.unfiltered, Texts("BZ"))) == ["(One)", "Big", "(Two)", "Zeta"]


def test_a_new_row_that_the_user_goes_to_is_shown_although_it_does_not_match() -> None:
    state, _ = filtered("Z").followed(outline(parse(NOTE.replace("- [/]", "- [ ] New\n- [/]"))))
    assert shown(state) == ["(Two)", "Zeta"]
    state.reveal(index(state, "New"))
    assert shown(state) == ["(Two)", "New", "Zeta"]


def vault_with(folder: Path, text: str) -> Vault:
    (folder / "Plan.md").write_text(text)
    vault = Vault(folder, Config(), lambda: NoteWriter(folder / "state"))
    vault.refresh(["Plan.md"])
    return vault


def asked(vault: Vault, text: str, wider: NoteQuery | None = None) -> NoteQuery:
    search = VaultSearch(vault.snapshot, DAY)
    return NoteQuery(search, vault.snapshot.notes["Plan.md"], read_query(text, DAY), wider)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("eta", ["Beta", "Zeta"]),
        ("is:open", ["Alpha", "Beta", "Delta", "Epsilon", "Zeta"]),
        ("is:open -eta", ["Alpha", "Delta", "Epsilon"]),
        ("section:two a", ["Zeta"]),
        ("sort:text limit:2 is:open", ["Alpha", "Beta"]),
        ("two", ["Two"]),
    ],
)
def test_queries_are_asked_of_headings_and_tasks(tmp_path: Path, query: str, expected: list[str]) -> None:
    vault = vault_with(tmp_path, NOTE)
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    assert [text_of(rows, row) for row in asked(vault, query).rows(rows)] == expected


def test_a_longer_word_finds_what_it_finds_alone(tmp_path: Path) -> None:
    vault = vault_with(tmp_path, NOTE)
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    wider: NoteQuery | None = None
    for text in ("e", "et", "eta", "eta b", "zeta"):
        narrowed = asked(vault, text, wider)
        assert list(narrowed.rows(rows)) == list(asked(vault, text).rows(rows)), text
        wider = narrowed


@pytest.mark.parametrize("query", ["e", "two e", "is:open", "is:open limit:2 sort:text", "-eta"])
def test_asked_in_slices_it_finds_the_same(tmp_path: Path, query: str) -> None:
    vault = vault_with(tmp_path, "- [ ] eta\n" * 70 + NOTE + "- [ ] beta\n" * 70)
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    asked_at_once, sliced = asked(vault, query), asked(vault, query)
    for first in (0, 75, 150):
        sliced.start(rows, first)
        seen = [list(sliced.hits)]
        while not sliced.advance(0):
            seen.append(list(sliced.hits))
        assert len(seen) > 2
        assert first > 100 or all(row >= first for row in seen[1]), "those from the cursor on come first"
        assert sliced.hits == asked_at_once.rows(rows)


def test_a_limit_is_of_all_hits_also_after_a_wider_query(tmp_path: Path) -> None:
    vault = vault_with(tmp_path, "- [ ] gradual\n- [ ] gradient b\n- [ ] gradient a\n")
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    wider = asked(vault, "limit:1 grad")
    assert [text_of(rows, row) for row in wider.rows(rows)] == ["gradual"]
    assert [text_of(rows, row) for row in asked(vault, "limit:1 gradi", wider).rows(rows)] == ["gradient b"]


def test_more_hits_leave_the_cursor_on_its_line(tmp_path: Path) -> None:
    vault = vault_with(tmp_path, "- [ ] eta\n" * 9)
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    state = FilteredOutline(OutlineState(rows), asked(vault, "eta"), [6, 7, 8])
    state.cursor, state.scroll = 7, 0
    state.found(range(1, 9))
    assert state.shown == list(range(1, 9))
    assert state.position(state.cursor) - state.scroll == 1


def test_the_best_match_takes_the_cursor_and_of_equal_ones_the_next(tmp_path: Path) -> None:
    vault = vault_with(tmp_path, "- [ ] sum of all\n- [ ] summary\n- [ ] a sum\n- [ ] sum\n- [ ] sum\n")
    rows = outline(vault.snapshot.notes["Plan.md"].note)
    for query, after, expected in (("sum", 0, 3), ("sum", 4, 4), ("summ", 0, 1), ("is:open", 2, 2)):
        finder = asked(vault, query)
        assert finder.best(rows, finder.rows(rows), after) == expected


WORDS = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen")


class FilteringWhileTheNoteChanges(RuleBasedStateMachine):
    """The same folds and changes with and without a filter in between end in the same place."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [
            "# ant", "- [ ] bee", "  - [ ] cat", "    - [ ] dog", "# elk", "- [ ] fox", "- [ ] gnu"
        ]  # fmt: skip
        self.state = OutlineState(self.rows)
        self.plain = OutlineState(self.rows)
        """What the state would be without any filter."""

    @property
    def rows(self) -> Outline:
        return outline(parse("\n".join(self.lines) + "\n"))

    @rule(letters=st.text("abcdefgh", max_size=2))
    def filter(self, letters: str) -> None:
        self.state = FilteredOutline(self.state.unfiltered, Texts(letters))

    @rule()
    def drop(self) -> None:
        self.state = self.state.unfiltered

    @rule(number=st.integers(0, 20), folded=st.booleans())
    def fold(self, number: int, folded: bool) -> None:
        if self.state.shown:
            row = self.state.shown[number % len(self.state.shown)]
            self.state.set_folded([row], folded=folded)
            if self.state is self.state.unfiltered:
                self.plain.set_folded([row], folded=folded)

    @rule(number=st.integers(0, 20), scroll=st.integers(0, 3))
    def move(self, number: int, scroll: int) -> None:
        self.state.leave(number, scroll)
        if self.state is self.state.unfiltered:
            self.plain.leave(number, scroll)

    @rule(number=st.integers(0, 20), word=st.sampled_from(WORDS), level=st.integers(0, 1))
    def insert(self, number: int, word: str, level: int) -> None:
        self.lines.insert(number % (len(self.lines) + 1), f"{'  ' * level}- [ ] {word}")
        self._follow()

    @rule(number=st.integers(0, 20))
    def remove(self, number: int) -> None:
        if len(self.lines) > 1:
            del self.lines[number % len(self.lines)]
            self._follow()

    @rule(number=st.integers(0, 20))
    def tick(self, number: int) -> None:
        at = number % len(self.lines)
        self.lines[at] = self.lines[at].replace("[ ]", "[x]")
        self._follow()

    def _follow(self) -> None:
        rows = self.rows
        self.state, _ = self.state.followed(rows)
        self.plain, _ = self.plain.followed(rows)

    @rule(number=st.integers(0, 20))
    def go_to(self, number: int) -> None:
        if self.state is not self.state.unfiltered and self.state.outline.rows:
            row = number % len(self.state.outline.rows)
            self.state.reveal(row)
            assert row in self.state.shown

    @invariant()
    def dropping_the_filter_gives_back_what_was_there(self) -> None:
        now, plain = self.state.unfiltered, self.plain
        assert (now.folded, now.shown, now.cursor, now.scroll) == (
            plain.folded,
            plain.shown,
            plain.cursor,
            plain.scroll,
        )

    @invariant()
    def every_hit_shows_unless_it_is_folded_away(self) -> None:
        state = self.state
        if isinstance(state, FilteredOutline):
            parents = {row: set(state.outline.ancestors(row)) for row in state.hits}
            assert set(state.shown) >= {row for row in state.hits if not parents[row] & state.folded}
            for row in state.shown:
                above = list(state.outline.ancestors(row))
                assert set(above) <= set(state.shown)
                assert not set(above) & state.folded


TestFilteringWhileTheNoteChanges = FilteringWhileTheNoteChanges.TestCase
TestFilteringWhileTheNoteChanges.settings = settings(stateful_step_count=20)


def test_a_changed_note_is_shown_before_all_of_it_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.session.outline.outline_filter._MOMENT", 0)
    text = "".join(f"- [ ] eta {number}\n- [ ] other {number}\n" for number in range(200))
    vault = vault_with(tmp_path, text)
    finder = asked(vault, "eta is:open")
    state = FilteredOutline(OutlineState(outline(finder.note.note)), finder)
    state.scroll = 190
    state.cursor = state.shown[195]
    assert len(state.hits) == 200
    changed = text.replace("- [ ] eta 150\n", "- [x] eta 150\n").replace("- [ ] eta 192\n", "- [x] eta 192\n")
    (tmp_path / "Plan.md").write_text(changed)
    search = VaultSearch(vault.refresh(["Plan.md"]), DAY)
    finder.note, finder._search = search.snapshot.notes["Plan.md"], search
    later, _ = state.followed(outline(finder.note.note))
    assert not finder.is_finished
    assert 2 * 192 not in later.hits, "what is in sight is asked at once"
    assert 2 * 150 in later.hits, "what is not asked yet is as it was"
    assert later.shown == state.shown
    assert (later.cursor, later.scroll) == (state.cursor, state.scroll)
    while not finder.advance(0):
        later.found(finder.hits)
    later.found(finder.hits)
    assert list(later.hits) == list(asked(vault, "eta is:open").rows(later.outline))
    assert later.shown == state.shown, "what matched stays until another query is asked"
