"""What was done or skipped in a sitting, and what is left to suggest. No widget in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from roadtui.core.note import Task
from roadtui.core.outlook import HEADS
from roadtui.ui.held import Held, follow, held_of, not_among
from roadtui.ui.vault_view import VaultView
from roadtui.vault.snapshot import Snapshot, VaultNote


class _Ticked(NamedTuple):
    held: Held
    was_done: bool = False
    """Whether the tick was seen in the note; before, it is on its way."""


class Passed:
    """Tasks that are not to be suggested again, followed through the changes of the vault."""

    def __init__(self, scope: str | None) -> None:
        """`scope`: path of the note from which suggestions come first; None for all roadmaps alike."""
        self._scope = scope
        self._skipped: list[Held] = []
        self._ticked: list[_Ticked] = []

    def tick(self, held: Held) -> None:
        """`held` was ticked."""
        self._ticked.append(_Ticked(held))

    def take_back(self, held: Held) -> None:
        """`held` is still open: the tick was refused."""
        self._ticked = [one for one in self._ticked if one.held.task.text != held.task.text]

    def skip(self, held: Held) -> None:
        """`held` is left open."""
        self._skipped.append(held)

    def __contains__(self, held: Held) -> bool:
        return any(one.task is held.task for one in (*self._skipped, *self._all_ticked))

    @property
    def _all_ticked(self) -> list[Held]:
        return [one.held for one in self._ticked]

    def follow(self, notes: Mapping[str, VaultNote], now: Snapshot, mark_of: Callable[[Task], str]) -> None:
        """The vault was `notes` and is `now`. What was ticked and then undone is free again.

        `mark_of` gives the mark of a task as it will be: one that is only overwritten gets it again.
        """
        self._skipped = [one for one in follow(self._skipped, notes, now) if one is not None]
        ticked = []
        for one, held in zip(self._ticked, follow(self._all_ticked, notes, now), strict=True):
            is_done = held is not None and not now.statuses.type_of(mark_of(held.task)).is_open
            if held is not None and (is_done or not one.was_done):
                ticked.append(_Ticked(held, is_done))
        self._ticked = ticked

    def following(self, view: VaultView, closing: Sequence[Held] = ()) -> Held | None:
        """The best suggestion that was not passed; what was skipped comes again when nothing else is left.

        `closing`: tasks that are about to be no longer open.
        """
        ticked, skipped = [*self._all_ticked, *closing], self._skipped
        found = self._first(view, [*skipped, *ticked])
        if found is None and skipped:
            found = self._first(view, [skipped[-1], *ticked]) or self._first(view, ticked)
        return found

    def take_up(self, held: Held) -> None:
        """`held` is worked on, whether it was skipped before or not."""
        self._skipped = [one for one in self._skipped if one.task is not held.task]

    def _first(self, view: VaultView, passed: list[Held]) -> Held | None:
        snapshot = view.snapshot
        note = snapshot.notes.get(self._scope) if self._scope is not None else None
        found = None
        if note is not None:
            found = not_among(snapshot.all_suggestions([note], view.today), passed)
        for suggest in (partial(snapshot.suggestions, count=HEADS), snapshot.all_suggestions):
            # The first few are known already; all of a vault of 10,000 notes take seconds.
            found = found or not_among(suggest(snapshot.roadmaps, view.today), passed)
        return held_of(snapshot, found) if found is not None else None
