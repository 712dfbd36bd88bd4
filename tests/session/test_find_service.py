"""Searching the vault and counting views: the same results, right after every change, in slices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from roadtui.config import Config
from roadtui.core.note import Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.session.find.find_service import FindService
from roadtui.session.find.find_session import FindSession, items_became
from roadtui.session.find.saved_views import SavedViews
from roadtui.session.find.search import VaultSearch
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

DAY = date(2026, 11, 26)


class Records:
    """Dates outside the notes; notes down of which notes they were asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.done: dict[str, date] = {}

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        done: dict[Task, date] = {}
        for note in notes:
            self.asked.append(note.path)
            done |= {task: self.done[task.text] for task in note.note.tasks if task.text in self.done}
        return KnownDates(done, {}) if done else NO_KNOWN_DATES


class Place:
    """A vault of a test, and what finds things in it."""

    def __init__(self, folder: Path, views: dict[str, str] | None = None, **notes: str) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(folder / "state"))
        self.records = Records()
        self.write(**notes)
        saved = SavedViews(views or {}, None)
        self.service = FindService(saved, self.vault.snapshot, DAY, self.records)

    def write(self, **notes: str) -> None:
        for name, text in notes.items():
            (self.root / f"{name}.md").write_text(text)
        self.vault.refresh()

    def counts(self) -> dict[str, int | None]:
        self.service.update(self.vault.snapshot, DAY)
        asyncio.run(self.service.count_views())
        return {one.view.name: one.results for one in self.service.counted_views()}


def found(search: VaultSearch, query: str) -> list[str]:
    session = FindSession(search)
    session.ask(query)
    while not session.is_finished:
        session.advance(0)
    session.advance(0)
    return [item.text for item in session.results]


A = "# A\n- [/] one\n- [ ] two ⛔ b1\n- [ ] three 📅 2026-11-20\n- [x] four ✅ 2026-11-25\n"
B = "# B\n- [ ] first 🆔 b1\n"


def test_the_built_in_views_are_counted(tmp_path: Path) -> None:
    place = Place(tmp_path, A=A, B=B)
    assert place.counts() == {
        "Doing": 1,
        "Blocked": 1,
        "Overdue": 1,
        "Done this week": 1,
        "Stuck": 0,
        "This week": 0,
    }


def test_a_change_of_one_note_changes_what_depends_on_it_in_another(tmp_path: Path) -> None:
    place = Place(tmp_path, A=A, B=B)
    place.counts()
    place.write(B="# B\n- [x] first 🆔 b1\n")
    assert place.counts()["Blocked"] == 0


def test_a_roadmap_whose_tasks_all_wait_is_stuck(tmp_path: Path) -> None:
    place = Place(tmp_path, A="- [ ] waits ⛔ b1\n- [ ] too ⛔ b1\n", B=B)
    assert place.counts()["Stuck"] == 2


def test_counts_agree_with_what_is_listed(tmp_path: Path) -> None:
    views = {"Words": "one", "Note": "path:A", "Few": "is:task limit:2", "Name": "hidden"}
    notes = {"A": A, "B": B, "Hidden": "---\nhidden: true\n---\n- [/] one\n", "Words": "# one\nno tasks\n"}
    place = Place(tmp_path, views, **notes)
    counts = place.counts()
    for view in place.service.saved_views():
        assert counts[view.name] == len(found(place.service.search, view.query)), view.name
    assert counts["Words"] == 2
    assert counts["Name"] == 0


def test_dates_are_loaded_for_views_that_need_them_and_again_only_for_changed_notes(tmp_path: Path) -> None:
    place = Place(tmp_path, A="- [x] undated\n", B="- [x] other\n")
    place.records.done = {"undated": date(2026, 11, 24)}
    assert place.counts()["Done this week"] == 1
    assert sorted(place.records.asked) == ["A.md", "B.md"]
    place.records.asked.clear()
    place.service.recorded()
    place.counts()
    place.records.asked.clear()
    place.records.done["other"] = date(2026, 11, 26)
    place.write(B="- [x] other\n- [ ] new\n")
    assert place.counts()["Done this week"] == 2
    assert place.records.asked == ["B.md"]


def test_what_is_recorded_after_a_change_is_counted(tmp_path: Path) -> None:
    place = Place(tmp_path, A="- [x] undated\n")
    assert place.counts()["Done this week"] == 0
    place.records.done = {"undated": date(2026, 11, 24)}
    assert place.service.recorded()
    assert place.counts()["Done this week"] == 1
    assert not place.service.recorded()


def test_a_slice_leaves_a_large_vault_unfinished_and_narrowing_finds_the_same(tmp_path: Path) -> None:
    lines = "".join(f"- [ ] gradient {number}\n" for number in range(400))
    place = Place(tmp_path, A=lines, B="- [ ] graph\n")
    session = FindSession(place.service.search)
    session.ask("gra")
    session.advance(0)
    assert not session.is_finished
    assert 0 < session.total < 401
    session.ask("grap")
    while not session.is_finished:
        session.advance(0)
    assert [item.text for item in session.results] == ["graph"]


def test_the_last_results_stay_until_the_vault_is_searched_again(tmp_path: Path) -> None:
    lines = "".join(f"- [ ] gradient {number}\n" for number in range(400))
    place = Place(tmp_path, A=lines)
    session = FindSession(place.service.search)
    session.ask("gradient")
    while not session.is_finished:
        session.advance(0)
    before = list(session.results)
    notes = place.vault.snapshot.notes
    place.write(A="- [ ] gradient new\n" + lines)
    place.service.update(place.vault.snapshot, DAY)
    session.search_again()
    assert not session.advance(0)
    assert list(session.results) == before
    while not session.is_finished:
        session.advance(0)
    became = items_became(before[:3], notes, session.results, place.vault.snapshot)
    assert [new.text for new in became.values()] == [old.text for old in before[:3]]


def test_hostile_queries_are_answered_or_refused(tmp_path: Path) -> None:
    place = Place(tmp_path, A=A)
    for query in ("x" * 10_000, "(" * 1_000, ".*", "[a-z]+", "\\", '"', "-", "a" * 900, "é" * 500):
        found(place.service.search, query)
