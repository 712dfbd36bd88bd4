"""Searching a vault: in slices, best first, narrowed while a query is typed, and kept up to date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.query.query import Query, read_query
from roadtui.core.stats.activity import KnownDates
from roadtui.session.find.search import SearchRun, VaultSearch
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 11, 26)
NOTES = {
    "A.md": "# Start\n- [ ] Upgrade the graph\n- [ ] Grade papers #school\n",
    "B.md": "# Gradients\n- [ ] Gradient Descent\n- [x] Learn a gradient 📅 2026-12-01\n",
    "C.md": "# Wait\n- [ ] later ⛔ k1\n- [ ] first 🆔 k1 ⛔ k2\n- [ ] second 🆔 k2 ⛔ k1\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    root = tmp_path / "vault"
    root.mkdir()
    for path, text in NOTES.items():
        (root / path).write_text(text, "utf-8")
    return Vault(root, Config(), lambda: NoteWriter(tmp_path / "state"))


def asked(text: str) -> Query:
    return read_query(text, TODAY)


def finished(run: SearchRun) -> list[str]:
    while not run.advance(0):
        pass
    return [item.text for item in run.results]


def search_all(search: VaultSearch, query: str, most: int | None = None) -> list[str]:
    return finished(search.start(asked(query), search.snapshot.notes.values(), most))


def test_the_best_matches_come_first(vault: Vault) -> None:
    search = VaultSearch(vault.refresh(), TODAY)
    assert search_all(search, "grad") == [
        "Gradients",
        "Gradient Descent",
        "Grade papers #school",
        "Learn a gradient",
        "Upgrade the graph",
    ]
    assert search_all(search, "grad", 2) == ["Gradients", "Gradient Descent"]
    assert search_all(search, "grad limit:1") == ["Gradients"]
    assert search_all(search, "grad is:task sort:-text", 2) == ["Upgrade the graph", "Learn a gradient"]


def test_the_total_counts_more_than_the_results_that_are_kept(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Long.md").write_text("".join(f"- [ ] task {n}\n" for n in range(900)), "utf-8")
    search = VaultSearch(Vault(root, Config(), lambda: NoteWriter(tmp_path)).refresh(), TODAY)
    run = search.start(asked("task"), search.snapshot.notes.values(), 3)
    assert not run.advance(0)
    assert 0 < run.total < 900
    assert len(run.results) == 3
    assert finished(run) == ["task 0", "task 1", "task 2"]
    assert run.total == 900


def test_a_query_that_says_more_looks_at_what_was_found(vault: Vault) -> None:
    search = VaultSearch(vault.refresh(), TODAY)
    notes = search.snapshot.notes.values()
    for before, after in (
        ("gra", "gradi"),
        ("gr", "gr is:open"),
        ("is:open gra", "is:open grad"),
        ("-b", "-b g"),
    ):
        for is_finished in (True, False):
            run = search.start(asked(before), notes)
            if is_finished:
                finished(run)
            narrowed = run.narrowed(asked(after))
            assert narrowed is not None
            again = SearchRun(asked(after), search.context, narrowed)
            assert finished(again) == search_all(search, after)


def test_words_find_headings_of_notes_without_tasks_also_after_a_term(vault: Vault) -> None:
    (vault.root / "Prose.md").write_text("# Gradients\n")
    search = VaultSearch(vault.refresh(), TODAY)
    run = search.start_in_vault(asked("is:heading"), 9)
    finished(run)
    assert "Gradients" in finished(search.start_in_vault(asked("is:heading grad"), 9, run))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("grad", "gra"),
        ("ml", "mls"),
        ("grad is:open", "grad"),
        ("abc def", "abcd"),
        ("is:open", "is:doing"),
        ("grad", "grad desc"),
        ("-gra", "-grad"),
        ("grad", "grad or desc"),
    ],
)
def test_other_queries_look_at_everything(vault: Vault, before: str, after: str) -> None:
    search = VaultSearch(vault.refresh(), TODAY)
    run = search.start(asked(before), search.snapshot.notes.values())
    assert run.narrowed(asked(after)) is None


def test_what_is_known_of_unchanged_lines_is_kept_when_their_note_changes(vault: Vault) -> None:
    path = "Plan.md"
    (vault.root / path).write_text("- [ ] Größe #a\n- [ ] #a Größe\n# Größe\n- [x] b\n")
    search = VaultSearch(vault.refresh(), TODAY)
    search.read_texts([search.snapshot.notes[path]])
    (vault.root / path).write_text("- [ ] new\n- [x] Größe #a\n# Größe\n- [ ] #a Größe\n- [x] b\n")
    search.update(vault.refresh([path]), TODAY)
    items = search.items(search.snapshot.notes[path])
    assert ["folded" in vars(item) for item in items] == [False, False, False, True, True]
    assert [item.folded for item in items] == ["new", "große #a", "große", "#a große", "b"]


def test_a_change_of_the_vault_is_found(vault: Vault) -> None:
    search = VaultSearch(vault.refresh(), TODAY)
    before = search.items(search.snapshot.notes["A.md"])
    (vault.root / "B.md").write_text("- [ ] Gradual\n", "utf-8")
    search.update(vault.refresh(), TODAY)
    assert search_all(search, "gradi") == []
    assert search_all(search, "gradual") == ["Gradual"]
    assert search.items(search.snapshot.notes["A.md"]) is before


def test_a_roadmap_in_which_everything_waits_is_stuck(vault: Vault) -> None:
    search = VaultSearch(vault.refresh(), TODAY)
    assert search_all(search, "is:stuck") == ["later", "first", "second"]


def test_dates_of_the_history_count_once_they_are_loaded(vault: Vault) -> None:
    class Records:
        def days(self, notes: Iterable[VaultNote]) -> KnownDates:
            tasks = [task for note in notes for task in note.note.tasks if task.status_symbol == "x"]
            return KnownDates(dict.fromkeys(tasks, TODAY), {})

    search = VaultSearch(vault.refresh(), TODAY, Records())
    assert search_all(search, "done:today") == []
    search.load_dates(search.snapshot.notes.values())
    assert search_all(search, "done:today") == ["Learn a gradient"]


def test_the_words_of_the_vault_are_offered(vault: Vault) -> None:
    vocabulary = VaultSearch(vault.refresh(), TODAY).vocabulary()
    assert vocabulary.tags == ("school",)
    assert vocabulary.paths == ("A.md", "B.md", "C.md")
    assert vocabulary.sections == ("Start", "Gradients", "Wait")
    assert "Done" in vocabulary.statuses
