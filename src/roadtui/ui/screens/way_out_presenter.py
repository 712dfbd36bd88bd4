"""Counts what the screen of the way out shows, in threads, and shows it: a key never waits for a number."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from roadtui.core.edits.set_text import description_of
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.titles import short_title
from roadtui.session.tracking.tracked_task import track_suggestion
from roadtui.session.triage.scope import TriageScope
from roadtui.session.triage.state import TriageState
from roadtui.session.triage.triage import PlanForecasts, Triage
from roadtui.session.triage.writing import NoteDiff, will_change
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.single_task import tick
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.screens.way_out_rows import lines_of, lines_of_diff
from roadtui.ui.widgets.triage.lines import TriageLine
from roadtui.ui.workers import start_worker


class WayOutView(Protocol):
    """What shows the way out."""

    def draw(self, state: TriageState, lines: Sequence[TriageLine] | None, *, is_current: bool) -> None:
        """Show `state`, and `lines` in the list; None leaves those that are there.

        `is_current`: whether the numbers of `state` are those of its plan.
        """

    def draw_from_top(self, lines: Sequence[TriageLine]) -> None:
        """Show `lines` of another kind in the list."""


class WayOutPresenter:
    """Owns what is decided, and keeps its numbers in step with the vault and the keys."""

    def __init__(self, screen: OverlayScreen, host: OverlayHost, shown_on: WayOutView) -> None:
        """Count nothing yet.

        Args:
            screen: The screen, whose workers count.
            host: Shows the vault.
            shown_on: Shows what is counted.
        """
        self._screen = screen
        self._host = host
        self._shown_on = shown_on
        self._path: str | None = None
        """The note that it is about, or the whole vault (empty); None until the vault is read."""
        self._ticked: set[str] = set()
        """The lines of the small steps that were ticked here and may not be on disk yet."""
        self.state: TriageState | None = None
        """None until it is counted."""
        self.change = "Counting…"
        """What would be written, in a sentence."""
        self.shows_diff = False
        """Whether the lines that will change are listed, in place of a step."""

    def count(self) -> None:
        """Count the vault as it is shown now; not before it is read."""
        if self._screen.view.snapshot.is_complete:
            start_worker(self._screen, self._count, group="count", exclusive=True)

    async def _count(self) -> None:
        view, context = self._screen.view, self._host.report.context
        if self._path is None:
            note = context.note if context is not None else view.snapshot.notes.get(view.path or "")
            self._path = note.path if note is not None else ""
        path, records = self._path, context.records if context is not None else None

        def work() -> tuple[Triage, list[Suggestion]]:
            scope = TriageScope.of(view.snapshot, path)
            days = records.days if records is not None else None
            triage = Triage(scope, view.today, days) if days is not None else Triage(scope, view.today)
            return triage, triage.suggestions()

        triage, suggestions = await asyncio.to_thread(work)
        if self.state is None:
            self.state = TriageState(triage, suggestions)
        else:
            self.state.follow(triage, suggestions)
        self._ticked.clear()
        self.refresh()

    def refresh(self) -> None:
        """Show what was decided, with the numbers that are known; the others follow."""
        self._draw(is_current=False)
        start_worker(self._screen, self._foresee, group="foresee", exclusive=True)

    async def _foresee(self) -> None:
        """Compute what becomes of the date, what would be written, and what the listed parts weigh."""
        state = self.state
        if state is None:
            return
        triage, plan = state.triage, state.plan

        def work() -> tuple[PlanForecasts, str]:
            return triage.forecasts(plan), will_change(triage.scope.snapshot, state.to_write())

        state.forecasts, change = await asyncio.to_thread(work)
        self.change = f"Will change: {change} Nothing is deleted; one u undoes it all." if change else ""
        self._draw(is_current=True)
        missing = [row for row in state.rows if row.key not in state.weights]
        if missing:
            weights = await asyncio.to_thread(triage.weights, missing)
            state.weights = {**state.weights, **weights}
            self._draw(is_current=True)

    def _draw(self, *, is_current: bool) -> None:
        if self.state is not None and has_children(self._screen):
            lines = None if self.shows_diff else lines_of(self.state, self._ticked)
            self._shown_on.draw(self.state, lines, is_current=is_current)

    def show_step(self) -> None:
        """List the present step, from its first row on."""
        self.shows_diff = False
        if self.state is not None:
            self._shown_on.draw_from_top(lines_of(self.state, self._ticked))
        self.refresh()

    def show_diff(self, diffs: Sequence[NoteDiff]) -> None:
        """List the lines that will change."""
        self.shows_diff = True
        self._shown_on.draw_from_top(lines_of_diff(diffs))

    def tick(self, suggestion: Suggestion) -> None:
        """Tick a small step, and show it as done until it is written."""
        source, snapshot = suggestion.task.source, self._screen.view.snapshot
        if source in self._ticked or suggestion.path not in snapshot.notes:
            return
        tracked = track_suggestion(snapshot, suggestion)
        if tick(self._host.commands.context, tracked, partial(self._written, suggestion)):
            self._ticked.add(source)
        self._draw(is_current=True)

    def _written(self, suggestion: Suggestion, saved: SavedAt | None) -> None:
        if saved is None:
            self._ticked.discard(suggestion.task.source)
            self._draw(is_current=True)
            return
        name = short_title(description_of(suggestion.task))
        self._host.commands.context.say_done(f"Ticked: “{name}”. u undoes that.")
