"""Notes that are written, tracked and seen, for tests of what has changed in them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from roadtui.core.activity.changes import SeenAndTracked, TaskChange, changes_between, mark_seen
from roadtui.core.activity.follow import follow
from roadtui.core.activity.rows import TrackedNote, rows_of
from roadtui.core.markdown import parse


def is_done(symbol: str) -> bool:
    return symbol == "x"


class FollowedNotes:
    """Some notes, the state that was seen and the one that was tracked last."""

    def __init__(self, **notes: str) -> None:
        self.texts = notes
        self.states = SeenAndTracked({}, {})
        self._numbers = count(1)
        self.track()
        self.see_all()

    def write(self, **notes: str | None) -> list[str]:
        """Replace texts, or remove notes (None), and track them; the changes."""
        self.texts = {path: text for path, text in {**self.texts, **notes}.items() if text is not None}
        self.track()
        return self.words()

    def track(self) -> None:
        now = {path: rows_of(parse(text), text.splitlines()) for path, text in self.texts.items()}
        tracked = {path: note for path, note in self.states.tracked.items() if note.rows}
        gone = {path: note for path, note in self.states.seen.items() if path not in tracked}
        followed = follow(tracked, now, self.states.missing, lambda: next(self._numbers), gone)
        seen = {followed.renamed.get(path, path): note for path, note in self.states.seen.items()}
        self.states = SeenAndTracked(seen, followed.notes)

    @property
    def changes(self) -> list[TaskChange]:
        return changes_between(self.states, is_done)

    def words(self) -> list[str]:
        """Each change as `done: Distributions`; with both notes where it was seen in another one."""
        return [
            f"{one.kind.value}: {one.row.wording}"
            + (f" ({one.old_path} → {one.path})" if one.is_from_elsewhere else "")
            for one in self.changes
        ]

    def see(self, ids: Collection[int]) -> None:
        settled = mark_seen(self.states, ids, is_done)
        self.states = SeenAndTracked(
            {**self.states.seen, **settled.seen}, {**self.states.tracked, **settled.tracked}
        )

    def see_all(self) -> None:
        self.see({one.id for one in self.changes})

    def see_row(self, wording: str) -> None:
        self.see({one.id for one in self.changes if one.row.wording == wording})

    def seen_rows(self, path: str) -> list[str]:
        return [row.source for row in self.states.seen.get(path, TrackedNote()).rows]
