"""The best results of a search, however it is cut into slices, against sorting everything at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.config import Config
from roadtui.core.query.items import QueryContext, QueryItem
from roadtui.core.query.query import Query, read_query
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.session.find.find_session import first_rows, items_became
from roadtui.session.find.search import SearchRun, VaultSearch
from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.core.query.querying import STATUSES, TODAY, items

CONTEXT = QueryContext(TODAY, STATUSES, TaskFormat.EMOJI, {}, {}, lambda _: False, lambda _: NO_KNOWN_DATES)
TEXTS = st.lists(
    st.sampled_from(["a", "ab", "abc", "xab", "a b", "b", "b 📅 2026-12-01", "a 📅 2026-11-01", "ab #a"]),
    max_size=12,
)
QUERIES = st.sampled_from(
    ["", "a", "ab", "b sort:due", "sort:-due", "sort:text", "is:open", "a limit:2", "limit:1"]
)


def asked(text: str) -> Query:
    return read_query(text, TODAY)


def expected(query: Query, among: Sequence[QueryItem], most: int | None) -> list[QueryItem]:
    found = [item for item in among if query.matches(item, CONTEXT)]
    found.sort(key=lambda item: query.sort_key(item, CONTEXT))  # type: ignore[arg-type, return-value]
    limits = [limit for limit in (most, query.limit) if limit is not None]
    return found[: min(limits)] if limits else found


@given(TEXTS, QUERIES, st.sampled_from([None, 1, 2, 5, 100]), st.booleans())
def test_the_best_are_those_that_sorting_puts_first(
    texts: list[str], words: str, most: int | None, is_sliced: bool
) -> None:
    among = items("".join(f"- [ ] {text}\n" for text in texts))
    run = SearchRun(asked(words), CONTEXT, among, most)
    assert not run.is_finished
    while not run.advance(0 if is_sliced else 60):
        assert is_sliced
    assert run.is_finished
    assert run.total == sum(run.query.matches(item, CONTEXT) for item in among)
    assert list(run.results) == expected(run.query, among, most)


@given(TEXTS, st.booleans())
def test_a_search_that_narrows_another_finds_the_same_as_one_of_its_own(
    texts: list[str], is_finished: bool
) -> None:
    among = items("".join(f"- [ ] {text}\n" for text in texts * 5))
    wide = SearchRun(asked("abc"), CONTEXT, among)
    wide.advance(60 if is_finished else 0)
    narrowed = wide.narrowed(asked("abcd"))
    assert narrowed is not None
    run = SearchRun(asked("abcd"), CONTEXT, narrowed)
    assert run.advance(60)
    assert list(run.results) == expected(run.query, among, None)
    assert wide.narrowed(asked("ab")) is None


def test_results_can_be_looked_at_while_there_is_more_to_search() -> None:
    among = items("".join(f"- [ ] a{number}\n" for number in range(1000)))
    run = SearchRun(asked("a"), CONTEXT, among, 3)
    assert not run.advance(0)
    assert 0 < run.total < 1000
    assert list(run.results) == expected(run.query, among[: run.total], 3)


class Records:
    """Dates that are not in the notes; counts how often they are asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        known = list(notes)
        self.asked += [note.path for note in known]
        return KnownDates({}, {task: date(2026, 1, 1) for note in known for task in note.note.tasks})


class Case:
    """A vault of two roadmaps and a note without tasks."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.write("A.md", "# Part\n- [ ] one #Tag\n- [x] two\n")
        self.write("B.md", "# Part\n# Other\n- [/] three #tag #b\n")
        self.write("words.md", "# Loose\n")
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "state"))

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, "utf-8")

    def snapshot(self) -> Snapshot:
        return self.vault.refresh()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_items_are_made_once_and_again_for_a_note_that_changed(case: Case) -> None:
    before = case.snapshot()
    search = VaultSearch(before, TODAY)
    first = {path: search.items(note) for path, note in before.notes.items()}
    names = {path: search.note_item(note) for path, note in before.notes.items()}
    case.write("A.md", "# Part\n- [ ] one changed\n")
    now = case.snapshot()
    search.update(now, TODAY)
    assert search.items(now.notes["B.md"]) is first["B.md"]
    assert search.note_item(now.notes["B.md"]) is names["B.md"]
    assert [item.text for item in search.items(now.notes["A.md"])] == ["Part", "one changed"]
    assert search.note_item(now.notes["A.md"]) is not names["A.md"]


def test_items_are_not_kept_where_that_is_said(case: Case) -> None:
    snapshot = case.snapshot()
    search = VaultSearch(snapshot, TODAY)
    note = snapshot.notes["A.md"]
    once = search.items(note, keeps=False)
    again = search.items(note)
    assert again is not once
    assert search.items(note, keeps=False) is again


def test_dates_are_loaded_again_for_what_changed_or_was_recorded(case: Case) -> None:
    records = Records()
    snapshot = case.snapshot()
    search = VaultSearch(snapshot, TODAY, records)
    assert [note.path for note in search.notes_without_dates(snapshot.roadmaps)] == ["A.md", "B.md"]
    search.load_dates(snapshot.roadmaps)
    assert search.notes_without_dates(snapshot.roadmaps) == []
    assert len(search.dates_of("A.md").added) == 2
    assert search.dates_of("nowhere.md") is NO_KNOWN_DATES
    search.forget_dates(["A.md", "nowhere.md"])
    assert [note.path for note in search.notes_without_dates(snapshot.roadmaps)] == ["A.md"]
    case.write("B.md", "- [ ] other\n")
    (case.root / "words.md").unlink()
    now = case.snapshot()
    search.update(now, TODAY)
    assert [note.path for note in search.notes_without_dates(now.roadmaps)] == ["A.md", "B.md"]
    assert records.asked == ["A.md", "B.md"]


def test_without_records_there_is_nothing_to_load(case: Case) -> None:
    snapshot = case.snapshot()
    search = VaultSearch(snapshot, TODAY)
    assert search.notes_without_dates(snapshot.roadmaps) == []
    search.load_dates(snapshot.roadmaps)
    assert search.dates_of("A.md") is NO_KNOWN_DATES


def test_words_are_looked_for_in_notes_without_tasks_too(case: Case) -> None:
    search = VaultSearch(case.snapshot(), TODAY)
    assert [note.path for note in search.notes_for(asked("loose"))] == ["A.md", "B.md", "words.md"]
    assert [note.path for note in search.notes_for(asked("is:open"))] == ["A.md", "B.md"]
    run = search.start_in_vault(asked("words"), 10)
    assert run.advance(60)
    assert [item.text for item in run.results] == ["words"]


def test_the_words_for_completion_are_those_of_the_notes_that_are_asked(case: Case) -> None:
    snapshot = case.snapshot()
    search = VaultSearch(snapshot, TODAY)
    whole = search.vocabulary()
    assert (whole.tags, whole.paths) == (("b", "Tag"), ("A.md", "B.md"))
    assert whole.sections == ("Part", "Other", "Loose")
    part = search.vocabulary([snapshot.notes["B.md"], snapshot.notes["words.md"]])
    assert (part.tags, part.paths, part.sections) == (("b", "tag"), ("B.md",), ("Part", "Other", "Loose"))


def listed(search: VaultSearch, path: str | None) -> list[str]:
    return [row.text for row in first_rows(search, path)]


def test_before_anything_is_asked_next_actions_and_the_open_tasks_of_the_note_are_listed(case: Case) -> None:
    case.write("A.md", "- [ ] one\n- [ ] two\n- [x] three\n- [/] four\n")
    case.write("B.md", "- [ ] five\n")
    snapshot = case.snapshot()
    search = VaultSearch(snapshot, TODAY)
    suggested = [one.task.text for one in snapshot.suggestions(snapshot.roadmaps, TODAY, 3)]
    assert sorted(suggested) == ["five", "four", "one"]
    assert listed(search, None) == ["next", *suggested]
    assert listed(search, "A.md") == ["next", *suggested, "", "open in A", "two"]
    assert listed(search, "B.md") == ["next", *suggested]
    assert listed(search, "gone.md") == listed(search, "words.md") == listed(search, None)


def test_where_nothing_can_be_done_next_only_the_note_is_listed(case: Case) -> None:
    case.write("A.md", "- [ ] one 🛫 2027-01-01\n")
    case.write("B.md", "- [x] done\n")
    search = VaultSearch(case.snapshot(), TODAY)
    assert listed(search, None) == []
    assert listed(search, "A.md") == ["open in A", "one"]


def test_what_was_found_is_followed_into_the_next_state(case: Case) -> None:
    before = case.snapshot()
    search = VaultSearch(before, TODAY)
    old = [item for note in before.notes.values() for item in search.items(note)]
    case.write("A.md", "# New\n# Part\n- [x] two\n- [x] one #Tag\n")
    now = case.snapshot()
    search.update(now, TODAY)
    new = [item for note in now.notes.values() for item in search.items(note)]
    became = items_became(old, before.notes, new, now)
    assert {(one.note.path, one.text): other.text for one, other in became.items()} == {
        ("A.md", "Part"): "Part",
        ("A.md", "one #Tag"): "one #Tag",
        ("A.md", "two"): "two",
        **{(item.note.path, item.text): item.text for item in old if item.note.path != "A.md"},
    }
    assert all(other in new for other in became.values())
    assert items_became(old, {}, new, now).keys() == {item for item in old if item.task is None}
