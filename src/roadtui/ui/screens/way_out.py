"""The way out: one small step, what is kept, put off and dropped, and a few tasks for the week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.dates import add_months, read_date
from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.quantity import quantity
from roadtui.core.triage.plan import Choice, Decision, PartKey
from roadtui.session.triage.scope import TriageScope
from roadtui.session.triage.state import TriageState, TriageStep
from roadtui.session.triage.triage import Outlook, Triage
from roadtui.session.triage.writing import changed_lines, triage_transaction, will_change
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.arguments import day_hint
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.found_tasks import FoundRowAnchor, FoundTasksContext
from roadtui.ui.commands.runner import run
from roadtui.ui.commands.single_task import tick
from roadtui.ui.dialogs.prompt import PromptDialog, PromptSpec
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.screens.way_out_rows import RowsOnScreen, lines_of, lines_of_diff
from roadtui.ui.widgets.triage.lines import PartLine, StepLine, WeekLine
from roadtui.ui.widgets.triage.summary import TriageBar, TriageSummary
from roadtui.ui.widgets.triage.triage_list import TriageList
from roadtui.ui.workers import start_worker

_STEPS = list(TriageStep)
_ROWS = {"tick": StepLine, "mark": PartLine, "choose": WeekLine}
"""What `space` is about in each step, by the action."""
_NOTHING_DECIDED = "Nothing is decided yet."
_ONLY_WHEN_SMALLER = "That is decided in the second step: tab goes on to it."


class WayOutScreen(OverlayScreen, inherit_bindings=False):
    """Three steps in one list. Nothing is written before the last key."""

    AUTO_FOCUS = "TriageList"
    DEFAULT_CSS = """
    WayOutScreen {
        align-horizontal: center;
        #way { max-width: 130; height: 1fr; }
        #list { height: 1fr; background: $surface; margin: 1 0 0 0; padding: 1 0 0 0; }
        #change { height: auto; max-height: 2; padding: 0 2; color: $text-muted; background: $surface; }
        &.-medium { #list { margin: 1 0 0 0; } TriageBar { height: 1; } }
        &.-narrow {
            #list { margin: 0; padding: 0; }
            TriageSummary { padding: 0 2; }
            TriageBar { height: 1; padding: 0 1; }
        }
        &.-short {
            #list { margin: 0; padding: 0; }
            #change { max-height: 1; }
            TriageSummary { padding: 0 2; }
            TriageBar { height: 1; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.TRIAGE, Scope.OVERLAY)]

    def __init__(self, host: OverlayHost) -> None:
        super().__init__(host)
        self._path: str | None = None
        """The note that it is about, or the whole vault (empty); None until the vault is read."""
        self._state: TriageState | None = None
        self._counted_for: DashboardModel | None = None
        """The view that `_state` is of."""
        self._shows_diff = False
        self._change = "Counting…"
        """What would be written, in a sentence."""
        self._ticked: set[str] = set()
        """The sources of the steps that were ticked here."""

    @override
    def top(self) -> ComposeResult:
        yield TriageBar().data_bind(WayOutScreen.text_styles)

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="way"):
            yield TriageSummary().data_bind(WayOutScreen.text_styles)
            with Vertical(id="list"):
                yield TriageList().data_bind(WayOutScreen.text_styles)
            yield Static(self._change, id="change", markup=False)

    def on_mount(self) -> None:
        """Begin to count."""
        self.show(self.view)

    @property
    def listing(self) -> TriageList:
        """The list of all steps."""
        return self.query_one(TriageList)

    # Counting, in threads

    @override
    def show(self, view: DashboardModel) -> None:
        if view.snapshot.is_complete:
            start_worker(self, self._count, group="count", exclusive=True)

    async def _count(self) -> None:
        view, context = self.view, self.host.report.context
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
        if not has_children(self):
            return
        if self._state is None:
            self._state = TriageState(triage, suggestions)
        else:
            self._state.follow(triage, suggestions)
        self._ticked.clear()
        self._refresh()
        rows = self._state.rows
        weights = await asyncio.to_thread(triage.weights, rows)
        if self._state.triage is triage:
            self._state.weights = {**self._state.weights, **weights}
            self._refresh()

    async def _foresee(self) -> None:
        """Compute what becomes of the date, and what newly listed parts weigh."""
        state = self._state
        if state is None:
            return
        triage, plan = state.triage, state.plan
        missing = [row for row in state.rows if row.key not in state.weights]

        def work() -> tuple[Outlook, str]:
            return triage.outlook(plan), will_change(triage.scope.snapshot, state.to_write())

        outlook, change = await asyncio.to_thread(work)
        if state.triage is triage and state.plan is plan:
            state.outlook = outlook
            self._change = f"Will change: {change} Nothing is deleted; one u undoes it all." if change else ""
            self._draw(is_current=True)
        if missing and state.weights:
            weights = await asyncio.to_thread(triage.weights, missing)
            if state.triage is triage:
                state.weights = {**state.weights, **weights}
                self._draw(is_current=True)

    def _refresh(self) -> None:
        """Show the state, with the numbers that are known; the others follow."""
        self._draw(is_current=False)
        start_worker(self, self._foresee, group="foresee", exclusive=True)

    def _draw(self, *, is_current: bool) -> None:
        state = self._state
        if state is None or not self.query(TriageBar):  # The screen may be closing.
            return
        self.query_one(TriageBar).show(state.triage.scope.whole_title, state.step)
        self.query_one(TriageSummary).show(state, is_current=is_current)
        if not self._shows_diff:
            self.listing.show(lines_of(state, self._ticked))
        self._show_change()

    @on(TriageList.Counted)
    def _show_change(self) -> None:
        """Say what would be written, or the number that is being typed."""
        count = self.listing.count
        said = f"{count}: the next key is about {quantity(count, 'row')}." if count else self._change
        self.query_one("#change", Static).update(said)

    # The steps

    def action_step(self, steps: int) -> None:
        """Go on to the next step, or back."""
        if self._state is not None:
            self._state.step = _STEPS[_STEPS.index(self._state.step) + steps]
            self._show_step()

    def _show_step(self) -> None:
        self._shows_diff = False
        if self._state is not None:
            self.listing.show_from_top(lines_of(self._state, self._ticked))
        self._refresh()

    def action_mark(self) -> None:
        """Mark the parts from the cursor on, or unmark them."""
        self._toggle(TriageState.toggle_mark)

    def action_choose(self) -> None:
        """Choose the tasks from the cursor on for the week, or no longer."""
        self._toggle(TriageState.toggle_chosen)

    def _toggle(self, toggle: Callable[[TriageState, PartKey], None]) -> None:
        keys = self.listing.keys
        if self._state is not None and keys:
            for key in keys:
                toggle(self._state, key)
            self._go_on(len(keys))

    def action_tick(self) -> None:
        """Tick the small step."""
        line = self.listing.current
        tracked = (
            RowsOnScreen.tracked(self.view.snapshot, line.suggestion) if isinstance(line, StepLine) else None
        )
        source = tracked.task.source if tracked is not None else ""
        if tracked is not None and source not in self._ticked:
            if tick(self.host.commands.context, tracked, partial(self._ticked_or_refused, source)):
                self._ticked.add(source)
            self._draw(is_current=True)

    def _ticked_or_refused(self, source: str, saved: SavedAt | None) -> None:
        if saved is None:
            self._ticked.discard(source)
            self._draw(is_current=True)

    # Deciding

    def action_keep(self) -> None:
        """Keep the marked parts, else those from the cursor on."""
        self._decide(Decision(Choice.KEEP), self._keys())

    def action_drop(self) -> None:
        """Drop them."""
        self._decide(Decision(Choice.DROP), self._keys())

    async def action_later(self) -> None:
        """Ask for a day, and put them off."""
        keys, today, text_styles = self._keys(), self.view.today, self.text_styles
        if text_styles is None:
            return

        async def submit(text: str) -> None:
            day = _later_day(text, today)
            self._decide(Decision(Choice.LATER, day), keys)

        first = add_months(today.replace(day=1), 1)
        spec = PromptSpec(
            "later, from ",
            lambda text: day_hint(text, today=today, name="start", now=None),
            submit,
            first.isoformat(),
            selects=True,
        )
        anchor = FoundRowAnchor(RowsOnScreen(self))
        self.app.push_screen(PromptDialog(spec, anchor, text_styles))

    def _keys(self) -> Sequence[PartKey]:
        marked = self._state.marked if self._state is not None else frozenset()
        return list(marked) or self.listing.keys

    def _decide(self, decision: Decision, keys: Sequence[PartKey]) -> None:
        state = self._state
        if state is None or not keys:
            return
        is_marked = bool(state.marked)
        state.decide(keys, decision)
        if is_marked:
            self._refresh()
        else:
            self._go_on(len(keys))

    def _go_on(self, rows: int = 1) -> None:
        """Go to the row after those that a key was about."""
        self.listing.take_count()
        self.listing.action_move(rows)
        self._refresh()

    async def action_split(self) -> None:
        """List the parts of the part under the cursor; split a task that has none."""
        state, line = self._state, self.listing.current
        if state is None or not isinstance(line, PartLine):
            return
        if state.split_further(line.row.key):
            self._refresh()
        elif line.row.key.is_task:
            await run("split", FoundTasksContext(RowsOnScreen(self), self.host.commands.context))

    def action_join(self) -> None:
        """List the parts of the part under the cursor no more."""
        line = self.listing.current
        if self._state is not None and isinstance(line, PartLine) and self._state.join(line.row.key):
            self._refresh()

    # Writing

    async def action_lines(self) -> None:
        """Show the lines that will change, or the steps again."""
        if self._shows_diff:
            self._show_step()
            return
        try:
            transaction = self._transaction()
            if transaction is not None:
                context = self.host.commands.context.actions.context
                diffs = await asyncio.to_thread(changed_lines, context, transaction)
                self._shows_diff = True
                self.listing.show_from_top(lines_of_diff(diffs))
        except RefusedError as error:
            self.host.commands.context.refuse(error)

    def action_carry_out(self) -> None:
        """Write what was decided, as one change, and close the screen."""
        try:
            transaction = self._transaction()
        except RefusedError as error:
            self.host.commands.context.refuse(error)
            return
        if transaction is not None:
            self.host.commands.context.submit(transaction, self._written)

    def _transaction(self) -> Transaction | None:
        state = self._state
        if state is None:
            return None
        return triage_transaction(self.host.commands.context.actions.context, state.to_write())

    def _written(self, saved: SavedAt | None) -> None:
        if saved is not None:
            self.host.commands.context.say_done("It is smaller now. u undoes it all.")
            self.leave()

    @override
    def action_leave(self) -> None:
        """Leave the lines that will change; else close the screen. Nothing is written."""
        if self._shows_diff:
            self._show_step()
        else:
            self.leave()

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        state = self._state
        if state is None or not has_children(self):
            return "Not possible yet: the tasks are being counted." if action != "leave" else None
        if action == "step":
            return _step_refusal(state.step, int(str(parameters[0])))
        if action in ("keep", "later", "drop", "split", "join"):
            return self._decision_refusal(state, action)
        if action in ("lines", "carry_out") and not state.is_decided:
            return _NOTHING_DECIDED
        if action in _ROWS:
            return None if isinstance(self.listing.current, _ROWS[action]) else "There is no such row here."
        return super().refusal(action, parameters)

    def _decision_refusal(self, state: TriageState, action: str) -> str | None:
        line = self.listing.current
        if state.step is not TriageStep.SMALLER or self._shows_diff:
            return _ONLY_WHEN_SMALLER
        if not isinstance(line, PartLine):
            return "There is nothing to decide about."
        if action == "split" and not line.row.splits_further and not line.row.key.is_task:
            return "It has no more parts."
        if action == "join" and not line.is_split:
            return "Its parts are not listed."
        return None


def _step_refusal(step: TriageStep, steps: int) -> str | None:
    if steps > 0 and step is _STEPS[-1]:
        return "This is the last step."
    return "This is the first step." if steps < 0 and step is _STEPS[0] else None


def _later_day(text: str, today: date) -> date:
    day = read_date(" ".join(text.split()), today)
    if day is None or day <= today:
        raise RefusedError("Put off to a later day: next month, +2w, 1 feb or 2027-02-01.")
    return day
