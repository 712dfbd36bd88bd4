"""Whatever is ticked, unticked, moved, reworded and restarted: the journal says what a plain model says."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import content_hash, parse
from roadtui.core.tasks.status import StatusRegistry
from roadtui.vault.history.events import EventSource
from roadtui.vault.history.history import History
from roadtui.vault.obsidian import VaultSettings
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import Snapshot, VaultNote

ROOT = Path("vault")
START = datetime(2026, 3, 27, 20, tzinfo=UTC)
"""Two days before Berlin puts its clocks forward."""
NOTES = ("A.md", "B.md", "C.md")


@dataclass
class Item:
    words: str
    is_done: bool = False
    was_done: bool = False
    """When it was last looked at."""
    day: date | None = None


@dataclass
class Model:
    """The vault, and the naive bookkeeping of it."""

    state: Path | None
    zone: ZoneInfo
    notes: dict[str, list[Item]] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    now: datetime = START
    made: int = 0
    looked: datetime | None = None

    def __post_init__(self) -> None:
        self.history = History(self.state, ROOT, self.zone)

    def words(self) -> str:
        self.made += 1
        return f"{['lorem', 'ipsum', 'dolor', 'sit', 'amet'][self.made % 5]} {self.made}"

    def write(self, *paths: str) -> None:
        for path in paths:
            self.written[path] = self.now

    def snapshot(self) -> Snapshot:
        notes = {}
        for path, items in self.notes.items():
            text = "".join(f"- [{'x' if item.is_done else ' '}] {item.words}\n" for item in items)
            mtime = int(self.written[path].timestamp() * 1e9)
            data = text.encode()
            signature = FileStamp(1, 1, len(data), mtime, mtime)
            notes[path] = VaultNote.of(path, parse(text), signature, content_hash(data))
        return Snapshot(ROOT, notes, VaultSettings(), StatusRegistry())

    def look(self) -> None:
        snapshot = self.snapshot()
        self.history.record_snapshot(lambda: snapshot, self.now)
        for path, items in self.notes.items():
            written = self.written[path]
            is_between = self.looked is not None and self.looked < written <= self.now
            for item in items:
                if item.is_done != item.was_done:
                    when = written if is_between else self.now
                    item.day = when.astimezone(self.zone).date() if item.is_done else None
                    item.was_done = item.is_done
        self.looked = self.now

    def check(self) -> None:
        snapshot = self.snapshot()
        found = self.history.known_dates(snapshot.notes.values()).done
        days = {task.text: found.get(task) for note in snapshot.notes.values() for task in note.note.tasks}
        assert days == {item.words: item.day for items in self.notes.values() for item in items}


steps = st.lists(
    st.tuples(
        st.sampled_from(("tick", "tick", "tick", "move", "move", "reword", "add", "look", "restart")),
        st.integers(0, 999),
        st.integers(0, 999),
        st.integers(0, 2_000),
    ),
    max_size=25,
)


@given(
    steps,
    st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Pacific/Chatham")),
    st.booleans(),
)
def test_the_journal_says_what_a_plain_model_says(
    taken: list[tuple[str, int, int, int]], zone: str, looks_at_once: bool
) -> None:
    with tempfile.TemporaryDirectory() as state:
        model = Model(Path(state), ZoneInfo(zone))
        for path in NOTES:
            model.notes[path] = [Item(model.words(), number == 1, number == 1) for number in range(3)]
        model.write(*NOTES)
        model.look()
        for step in taken:
            _take(model, *step)
            if looks_at_once:
                model.look()
        model.look()
        model.check()
        model.history.close(model.now)


def _take(model: Model, kind: str, one: int, other: int, minutes: int) -> None:
    model.now += timedelta(minutes=minutes + 1)
    path = NOTES[one % len(NOTES)]
    items = model.notes[path]
    if kind == "look":
        model.look()
    elif kind == "restart":
        model.history.close()
        model.history = History(model.state, ROOT, model.zone)
        model.look()
    elif kind == "add":
        model.look()
        items.insert(other % (len(items) + 1), Item(model.words()))
        model.write(path)
        model.look()
    elif not items:
        return
    elif kind == "tick":
        item = items[other % len(items)]
        item.is_done = not item.is_done
        model.write(path)
    elif kind == "reword":
        model.look()
        items[other % len(items)].words = model.words()
        model.write(path)
        model.look()
    else:
        target = NOTES[minutes % len(NOTES)]
        item = items.pop(other % len(items))
        model.notes[target].insert(other % (len(model.notes[target]) + 1), item)
        model.write(path, target)


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12))
def test_taking_back_always_gives_the_day_from_before(edits: list[tuple[int, bool]]) -> None:
    model = Model(None, ZoneInfo("Europe/Berlin"))
    model.notes["A.md"] = [Item(model.words()) for _ in range(3)]
    model.write("A.md")
    model.look()
    for number, is_undo_or_redo in edits:
        item = model.notes["A.md"][number]
        before = item.day
        for origin in (EventSource.HERE, EventSource.UNDONE)[: 1 + is_undo_or_redo]:
            model.now += timedelta(hours=13)
            item.is_done = not item.is_done
            snapshot = model.snapshot()
            model.history.record_snapshot(lambda: snapshot, model.now, origin, "A.md")  # noqa: B023
        if is_undo_or_redo:
            item.day = before
        else:
            item.day = model.now.astimezone(model.zone).date() if item.is_done else None
        model.check()
