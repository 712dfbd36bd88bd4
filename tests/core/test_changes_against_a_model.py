"""What has changed since it was seen, compared with a model that knows which task is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from roadtui.core.activity.changes import ChangeKind, TaskChange
from tests.core.followed_notes import FollowedNotes

WORDS = ["algebra", "boosting", "calculus", "docker", "entropy", "forests", "graphs", "hashing"]


@dataclass(frozen=True)
class Item:
    name: int
    text: str
    symbol: str = " "


@dataclass
class Seen:
    """What somebody has seen of the notes."""

    items: dict[int, tuple[str, Item]] = field(default_factory=dict)
    order: dict[str, list[int]] = field(default_factory=dict)
    """Of the notes of which everything was seen."""


class Model(RuleBasedStateMachine):
    """One who looks after each change, and one who comes back now and then, see the same notes."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count(1)
        self.notes: dict[str, list[Item]] = {"a": [], "b": []}
        for path in self.notes:
            for _ in range(3):
                self.notes[path].append(self.new_item())
        self.present = FollowedNotes(**self.texts())
        self.away = FollowedNotes(**self.texts())
        self.away_saw = self.texts()
        self.seen = Seen()
        self.see_in_model({item.name for items in self.notes.values() for item in items})
        self.names: dict[int, int] = {}
        """The model's name of each task, by the number that it is followed by."""
        self.learn_names()

    def new_item(self) -> Item:
        name = next(self.numbers)
        return Item(name, f"{WORDS[name % len(WORDS)]} {name * 7919}")

    def texts(self) -> dict[str, str]:
        return {
            path: f"# Note\n\n{''.join(f'- [{item.symbol}] {item.text}' + chr(10) for item in items)}"
            for path, items in self.notes.items()
        }

    def learn_names(self) -> None:
        for path, items in self.notes.items():
            for row, item in zip(self.present.states.tracked[path].rows, items, strict=True):
                self.names.setdefault(row.id, item.name)

    def where(self, data: st.DataObject) -> tuple[str, int]:
        places = [(path, at) for path, items in self.notes.items() for at in range(len(items))]
        return data.draw(st.sampled_from(places))

    def write(self) -> None:
        texts: dict[str, str | None] = dict.fromkeys(self.present.texts)
        self.present.write(**{**texts, **self.texts()})
        self.learn_names()

    @property
    def has_tasks(self) -> bool:
        return any(self.notes.values())

    @property
    def gone(self) -> list[Item]:
        there = {item.name for items in self.notes.values() for item in items}
        return [item for name, (_, item) in self.seen.items.items() if name not in there]

    # What others do

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data(), symbol=st.sampled_from(" x/-"))
    def set_status(self, data: st.DataObject, symbol: str) -> None:
        path, at = self.where(data)
        self.notes[path][at] = replace(self.notes[path][at], symbol=symbol)
        self.write()

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data())
    def reword(self, data: st.DataObject) -> None:
        path, at = self.where(data)
        item = self.notes[path][at]
        text = f"{item.text} more"
        alike = [*self.gone, *self.notes[path]]
        if len(text) < 40 and not any(one.text == text for one in alike):
            self.notes[path][at] = replace(item, text=text)
            self.write()

    @rule(path=st.sampled_from("abc"), at=st.integers(0, 5))
    def add(self, path: str, at: int) -> None:
        self.notes.setdefault(path, []).insert(at, self.new_item())
        self.write()

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        path, at = self.where(data)
        del self.notes[path][at]
        self.write()

    @precondition(lambda self: self.gone)
    @rule(data=st.data(), path=st.sampled_from("abc"))
    def put_back(self, data: st.DataObject, path: str) -> None:
        gone = self.gone
        item = data.draw(st.sampled_from(gone))
        alike = [*gone, *self.notes.get(path, ())]
        if sum(other.text == item.text for other in alike) == 1:
            self.notes.setdefault(path, []).append(item)
            self.write()

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data(), to=st.integers(0, 5))
    def move(self, data: st.DataObject, to: int) -> None:
        path, at = self.where(data)
        self.notes[path].insert(to, self.notes[path].pop(at))
        self.write()

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data(), path=st.sampled_from("abc"))
    def move_to_note(self, data: st.DataObject, path: str) -> None:
        source, at = self.where(data)
        text = self.notes[source][at].text
        if source != path and not any(one.text == text for one in self.notes.get(path, ())):
            self.notes.setdefault(path, []).append(self.notes[source].pop(at))
            self.write()

    @precondition(lambda self: self.has_tasks)
    @rule(data=st.data())
    def copy(self, data: st.DataObject) -> None:
        path, at = self.where(data)
        item = self.notes[path][at]
        other = "b" if path == "a" else "a"
        alike = [*self.gone, *self.notes.get(other, ())]  # Two copies in one note nobody can tell apart.
        if not any(one.text == item.text for one in alike):
            self.notes.setdefault(other, []).append(replace(item, name=next(self.numbers)))
            self.write()

    @rule(path=st.sampled_from("abc"), is_gone_first=st.booleans())
    def rename(self, path: str, is_gone_first: bool) -> None:
        """Rename a note; some programs are seen to remove it first."""
        if self.notes.get(path) and "d" not in self.notes:
            items = self.notes.pop(path)
            there = {item.text for others in self.notes.values() for item in others}
            # It is known again by what was seen of it; two copies are told apart by their notes alone.
            seen = (self.seen.items.get(item.name) for item in items)
            is_known = all(
                was is not None and was[1].text == item.text for was, item in zip(seen, items, strict=True)
            )
            if is_gone_first and is_known and not any(item.text in there for item in items):
                self.write()
            self.notes["d"] = items
            self.seen.items = {
                name: ("d" if where == path else where, item)
                for name, (where, item) in self.seen.items.items()
            }
            if path in self.seen.order:
                self.seen.order["d"] = self.seen.order.pop(path)
            self.write()

    # Looking

    @rule(data=st.data())
    def see(self, data: st.DataObject) -> None:
        """Some rows are on the screen; of the others, the same is told as before."""
        changes = self.present.changes
        seen = {one.id for one in changes if data.draw(st.booleans())}
        self.present.see(seen)
        left = {id: kind for id, kind in told(changes).items() if id not in seen}
        still_told = told(self.present.changes)
        assert still_told.items() <= left.items()
        # Once the others are where they were seen, a task may be where it was, too.
        assert {kind for id, kind in left.items() if id not in still_told} <= {ChangeKind.MOVED}
        self.see_in_model({self.names[id] for id in seen})

    def see_in_model(self, names: set[int]) -> None:
        there = {item.name: (path, item) for path, items in self.notes.items() for item in items}
        left = {one.id for one in self.present.changes}
        for name in names:
            if name in there:
                self.seen.items[name] = there[name]
            else:
                self.seen.items.pop(name, None)
        if not left:
            self.seen.order = {path: [item.name for item in items] for path, items in self.notes.items()}
        else:
            self.seen.order = {}

    @rule()
    def come_back(self) -> None:
        """Who was away finds what differs, and nothing where nothing does."""
        texts: dict[str, str | None] = dict.fromkeys(self.away.texts)
        told = self.away.write(**{**texts, **self.texts()})
        if self.away_saw == self.texts():
            assert not told
        self.away.see_all()
        assert not self.away.words()
        self.away_saw = self.texts()

    @invariant()
    def tells_what_has_changed(self) -> None:
        reported = {self.names[one.id]: one for one in self.present.changes}
        there = {item.name: (path, item) for path, items in self.notes.items() for item in items}
        for name in there.keys() | self.seen.items.keys():
            expected = kind_of(self.seen.items.get(name), there.get(name))
            found = reported[name].kind if name in reported else None
            if expected is None and found is ChangeKind.MOVED:
                continue  # Within its note: which of several has moved, the model does not say.
            assert found is expected, (name, found, expected)
        for path, order in self.seen.order.items():
            now = [item.name for item in self.notes.get(path, ()) if item.name in order]
            moved = [
                one
                for one in reported.values()
                if one.path == one.old_path == path and one.kind is ChangeKind.MOVED
            ]
            if now == [name for name in order if name in now]:
                assert not moved
            else:
                assert moved or any(name in reported for name in now)


def told(changes: list[TaskChange]) -> Mapping[int, ChangeKind]:
    return {one.id: one.kind for one in changes}


def kind_of(seen: tuple[str, Item] | None, now: tuple[str, Item] | None) -> ChangeKind | None:
    if seen is None or now is None:
        return ChangeKind.NEW if seen is None else ChangeKind.GONE
    (old_path, old), (path, item) = seen, now
    if (old.symbol == "x") != (item.symbol == "x"):
        return ChangeKind.DONE if item.symbol == "x" else ChangeKind.REOPENED
    if (old.symbol, old.text) != (item.symbol, item.text):
        return ChangeKind.EDITED
    return ChangeKind.MOVED if old_path != path else None


Model.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestModel = Model.TestCase
