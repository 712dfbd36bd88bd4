"""The demo is the sample vault, moved to today, and nothing else changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.resources import folder
from roadtui.vault.demo.focus_rounds import record_focus_rounds
from roadtui.vault.demo.sample_copy import DemoError, make_demo
from roadtui.vault.history.events import EventSource
from roadtui.vault.history.history import History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

NEWEST = date(2026, 3, 1)


def vault(root: Path, **notes: str) -> Path:
    for name, text in notes.items():
        path = root / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


def moved(tmp_path: Path, text: str, days: int = 10) -> str:
    """`text` in a demo made `days` after the newest done date."""
    source = vault(tmp_path / "source", anchor=f"- [x] done ✅ {NEWEST}\n", note=text)
    target = make_demo(source, tmp_path / "demo", NEWEST + timedelta(days))
    return (target / "note.md").read_bytes().decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [x] a ➕ 2026-01-01 ✅ 2026-02-20", "- [x] a ➕ 2026-01-11 ✅ 2026-03-02"),
        ("- [ ] a 🛫 2026-02-01 ⏳ 2026-02-02", "- [ ] a 🛫 2026-02-11 ⏳ 2026-02-12"),
        ("- [ ] a 📅 2026-02-28 #tag", "- [ ] a 📅 2026-03-10 #tag"),
        ("- [ ] a ⌛ 2026-01-01 📆 2026-01-01", "- [ ] a ⌛ 2026-01-11 📆 2026-01-11"),
        ("- [ ] a 🗓️ 2026-01-01", "- [ ] a 🗓️ 2026-01-11"),
        ("> > 1) [-] a ❌ 2025-12-31 ^id", "> > 1) [-] a ❌ 2026-01-10 ^id"),
        ("\t* [x] a  [due:: 2026-02-01]  (completion:: 2026-02-02)",
         "\t* [x] a  [due:: 2026-02-11]  (completion:: 2026-02-12)"),
        ("---\ntags: [a]\ndeadline: 2026-06-01\n---\n", "---\ntags: [a]\ndeadline: 2026-06-11\n---\n"),
        ('---\r\ndeadline: "2026-06-01"\r\n---\r\n', '---\r\ndeadline: "2026-06-11"\r\n---\r\n'),
    ],
)  # fmt: skip
def test_dates_of_tasks_and_deadlines_move(tmp_path: Path, before: str, after: str) -> None:
    assert moved(tmp_path, before) == after


@pytest.mark.parametrize(
    "text",
    [
        "# Born 2026-01-01\nWritten ✅ 2026-01-01 in prose\n- bullet 📅 2026-01-01\n",
        "- [ ] read the notes of 2026-01-01\n",
        "- [x] no such day 📅 2026-02-31 ✅ 2026-13-01\n",
        "- [ ] no day after it 📅 9999-12-31\n",
        "---\ncreated: 2026-01-01\n---\ndeadline: 2026-01-01\n",
        "\ufeff- [ ] a  \r\n\r\n- [ ] odd \udcff bytes \u2028 \x0c\r- [ ] no end",
    ],
)
def test_all_else_stays_byte_for_byte(tmp_path: Path, text: str) -> None:
    assert moved(tmp_path, text) == text


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 400])
def test_the_newest_done_date_becomes_today(tmp_path: Path, days: int) -> None:
    later_but_not_done = f"- [ ] a 📅 {NEWEST + timedelta(50)}"
    assert moved(tmp_path, later_but_not_done, days) == f"- [ ] a 📅 {NEWEST + timedelta(50 + days)}"


def test_a_vault_where_nothing_is_done_is_copied_as_it_is(tmp_path: Path) -> None:
    source = vault(tmp_path / "source", note="- [ ] a 📅 2026-01-01\n")
    demo = make_demo(source, tmp_path / "new" / "demo", NEWEST)
    assert (demo / "note.md").read_text() == "- [ ] a 📅 2026-01-01\n"


def test_an_empty_folder_is_filled_and_a_full_one_is_refused(tmp_path: Path) -> None:
    source = vault(tmp_path / "source", note="new")
    (tmp_path / "empty").mkdir()
    assert make_demo(source, tmp_path / "empty", NEWEST) == tmp_path / "empty"
    full = vault(tmp_path / "full", note="mine")
    with pytest.raises(DemoError, match="a demo never overwrites anything"):
        make_demo(source, full, NEWEST)
    assert (full / "note.md").read_text() == "mine"


def test_a_copy_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = vault(tmp_path / "source", note="new")

    def full_disk(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(DemoError, match="No space left"):
        make_demo(source, tmp_path / "place" / "demo", NEWEST)
    assert list((tmp_path / "place").iterdir()) == []


def test_the_shipped_sample_differs_from_its_demo_by_dates_alone(tmp_path: Path) -> None:
    source = folder("sample_vault")
    there = make_demo(source, tmp_path / "there", date(2031, 7, 4))
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    assert any("2031-07-04" in path.read_text(encoding="utf-8") for path in there.rglob("*.md"))
    anchor = date(2026, 11, 22)
    back = make_demo(there, tmp_path / "back", anchor)
    for path in files:
        assert (back / path).read_bytes() == (source / path).read_bytes(), path


def test_its_owner_has_worked_in_focus_on_what_was_done_of_late(tmp_path: Path) -> None:
    source = vault(
        tmp_path / "source",
        Plan=f"- [x] today ✅ {NEWEST}\n"
        f"- [x] a week ago ✅ {NEWEST - timedelta(7)}\n"
        f"- [x] long ago ✅ {NEWEST - timedelta(200)}\n"
        "- [ ] open\n",
    )
    read = Vault(source, Config(), lambda: NoteWriter(tmp_path / "state"))
    read.refresh()
    history = History(tmp_path / "state", read.scope)
    history.record_snapshot(lambda: read.snapshot, datetime(2026, 3, 1, 12, tzinfo=UTC), EventSource.OUTSIDE)
    record_focus_rounds(history, read.snapshot, NEWEST)
    spent = history.seconds_spent(read.snapshot.notes["Plan.md"])
    history.close(None)
    assert {task.text.partition(" ✅")[0]: seconds for task, seconds in spent.items()} == {"a week ago": 3000}
