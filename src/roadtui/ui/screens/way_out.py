"""The way out: one small step, what is kept, put off and dropped, and a few tasks for the week."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from typing_extensions import override

from roadtui.core.dates import read_date
from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import ellipsize
from roadtui.core.triage.plan import Choice, Decision, PartKey, usual_later_day
from roadtui.session.triage.state import TriageState, TriageStep
from roadtui.session.triage.writing import changed_lines, triage_transaction
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.arguments import day_hint
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.found_tasks import FoundTasksContext
from roadtui.ui.commands.runner import run
from roadtui.ui.dialogs.anchor import BottomAnchor
from roadtui.ui.dialogs.hint_line import InputHint
from roadtui.ui.dialogs.prompt import PromptDialog, PromptSpec
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.screens.way_out_presenter import WayOutPresenter
from roadtui.ui.screens.way_out_rows import RowsOnScreen
from roadtui.ui.widgets.triage.lines import PartLine, StepLine, TriageLine, WeekLine
from roadtui.ui.widgets.triage.summary import ChangeLine, TriageBar, TriageSummary
from roadtui.ui.widgets.triage.triage_list import TriageList

_STEPS = list(TriageStep)
_ROWS = {"tick": StepLine, "mark": PartLine, "choose": WeekLine}
"""What `space` is about in each step, by what it does."""
_NOTHING_DECIDED = "Nothing is decided yet."
_NOTHING_TO_WRITE = "Nothing has to be written: all of it is kept as it is."
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
        self._presenter = WayOutPresenter(self, host, self)

    @override
    def top(self) -> ComposeResult:
        yield TriageBar().data_bind(WayOutScreen.text_styles)

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="way"):
            yield TriageSummary().data_bind(WayOutScreen.text_styles)
            with Vertical(id="list"):
                yield TriageList().data_bind(WayOutScreen.text_styles)
            yield ChangeLine(self._presenter.change)

    def on_mount(self) -> None:
        """Begin to count."""
        self.show(self.view)

    @property
    def listing(self) -> TriageList:
        """The list of all steps."""
        return self.query_one(TriageList)

    @override
    def show(self, view: DashboardModel) -> None:
        self._presenter.count()

    def draw(self, state: TriageState, lines: Sequence[TriageLine] | None, *, is_current: bool) -> None:
        """Show `state`, and `lines` in the list; see `WayOutView`."""
        if not self.query(TriageBar):  # The screen is closing.
            return
        self.query_one(TriageBar).show(state.triage.scope.whole_title, state.step)
        self.query_one(TriageSummary).show(state, is_current=is_current)
        if lines is not None:
            self.listing.show(lines)
        self._show_change()

    def draw_from_top(self, lines: Sequence[TriageLine]) -> None:
        """Show `lines` of another kind in the list."""
        self.listing.show_from_top(lines)

    @on(TriageList.Counted)
    def _show_change(self) -> None:
        """Say what would be written, or the number that is being typed."""
        count, change = self.listing.count, self._presenter.change
        said = f"{count}: the next key is about {quantity(count, 'row')}." if count else change
        self.query_one(ChangeLine).show(said)

    # The steps

    def action_step(self, steps: int) -> None:
        """Go on to the next step, or back."""
        state = self._presenter.state
        if state is not None:
            state.step = _STEPS[_STEPS.index(state.step) + steps]
            self._presenter.show_step()

    def action_pick(self, what: str) -> None:
        """Mark the parts from the cursor on, or choose the tasks for the week; or no longer."""
        state, keys = self._presenter.state, self.listing.keys
        if state is not None and keys:
            for key in keys:
                (state.toggle_mark if what == "mark" else state.toggle_chosen)(key)
            self._go_on(len(keys))

    def action_tick(self) -> None:
        """Tick the small step."""
        line = self.listing.current
        if isinstance(line, StepLine):
            self._presenter.tick(line.suggestion)

    # Deciding

    def action_decide(self, choice: str) -> None:
        """Keep or drop the marked parts, else those from the cursor on."""
        self._decide(Decision(Choice[choice]), self._keys())

    async def action_later(self) -> None:
        """Ask for a day, and put them off."""
        keys, today, text_styles = self._keys(), self.view.today, self.text_styles
        if text_styles is None:
            return

        async def submit(text: str) -> None:
            day = _later_day(text, today)
            self._decide(Decision(Choice.LATER, day), keys)

        named = _named(keys, self._presenter.state, self.size.width // 3)

        def hint(text: str) -> InputHint:
            found = day_hint(text, today=today, name="start", now=None)
            return found if found.is_wrong else InputHint(f"{found.text} · {named}")

        spec = PromptSpec(
            "later, from ",
            hint,
            submit,
            usual_later_day(today).isoformat(),
            selects=True,
        )
        anchor = BottomAnchor(self.query_one("#way"))
        self.app.push_screen(PromptDialog(spec, anchor, text_styles))

    def _keys(self) -> Sequence[PartKey]:
        state = self._presenter.state
        return (list(state.marked) if state is not None else []) or self.listing.keys

    def _decide(self, decision: Decision, keys: Sequence[PartKey]) -> None:
        state = self._presenter.state
        if state is None or not keys:
            return
        is_marked = bool(state.marked)
        state.decide(keys, decision)
        self._go_on(0 if is_marked else len(keys))

    def _go_on(self, rows: int) -> None:
        """Go to the row after those that a key was about."""
        self.listing.count = 0
        if rows:
            self.listing.action_move(rows)
        self._presenter.refresh()

    async def action_split(self) -> None:
        """List the parts of the part under the cursor; split a task that has none."""
        state, line = self._presenter.state, self.listing.current
        if state is None or not isinstance(line, PartLine):
            return
        if state.split_further(line.row.key):
            self._presenter.refresh()
        elif line.row.key.is_task:
            await run("split", FoundTasksContext(RowsOnScreen(self), self.host.commands.context))

    def action_join(self) -> None:
        """List the parts of the part under the cursor no more."""
        state, line = self._presenter.state, self.listing.current
        if state is not None and isinstance(line, PartLine) and state.join(line.row.key):
            self._presenter.refresh()

    # Writing

    async def action_lines(self) -> None:
        """Show the lines that will change, or the steps again."""
        transaction = None if self._presenter.shows_diff else self._transaction()
        if transaction is None:
            self._presenter.show_step()
            return
        commands = self.host.commands.context
        try:
            diffs = await asyncio.to_thread(changed_lines, commands.actions.context, transaction)
            self._presenter.show_diff(diffs)
        except RefusedError as error:
            commands.refuse(error)

    def action_carry_out(self) -> None:
        """Write what was decided, as one change, and close the screen."""
        transaction = self._transaction()
        if transaction is not None:
            self.host.commands.context.submit(transaction, self._written)

    def _transaction(self) -> Transaction | None:
        """What is to be written; None where that is nothing, or refused, which is shown."""
        state, commands = self._presenter.state, self.host.commands.context
        try:
            found = state.to_write() if state is not None else []
            transaction = triage_transaction(commands.actions.context, found)
            if transaction is None:
                raise RefusedError(_NOTHING_TO_WRITE)
        except RefusedError as error:
            commands.refuse(error)
            return None
        return transaction

    def _written(self, saved: SavedAt | None) -> None:
        state = self._presenter.state
        if saved is not None:
            is_smaller = state is not None and any(
                one.choice is not Choice.KEEP for one in state.plan.values()
            )
            done = "It is smaller now" if is_smaller else "Planned for this week"
            self.host.commands.context.say_done(f"{done}. u undoes it all.")
            self.leave()

    @override
    def action_leave(self) -> None:
        """Leave the lines that will change; else close the screen. Nothing is written."""
        if self._presenter.shows_diff:
            self._presenter.show_step()
            return
        state = self._presenter.state
        if state is not None and state.is_decided:
            self.host.commands.context.say(_dropped(len(state.plan), state.chosen_count))
        self.leave()

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        state = self._presenter.state
        if state is None or not has_children(self):
            return "Not possible yet: the tasks are being counted." if action != "leave" else None
        if action == "step":
            return _step_refusal(state.step, int(str(parameters[0])))
        line = self.listing.current
        if action in ("decide", "later", "split", "join"):
            is_there = state.step is TriageStep.SMALLER and not self._presenter.shows_diff
            return _decision_refusal(action, line) if is_there else _ONLY_WHEN_SMALLER
        if action in ("lines", "carry_out") and not state.is_decided:
            return _NOTHING_DECIDED
        if action in ("tick", "pick"):
            row = _ROWS[str(parameters[0]) if parameters else action]
            return None if isinstance(line, row) else "There is no such row here."
        return super().refusal(action, parameters)


def _dropped(decisions: int, chosen: int) -> str:
    """What leaving has dropped, and that nothing of it is kept."""
    parts = [quantity(decisions, "decision")] if decisions else []
    if chosen:
        parts.append(f"{quantity(chosen, 'task')} chosen for this week")
    is_one = decisions + chosen == 1
    verb = "is" if is_one else "are"
    return f"Nothing was written: {' and '.join(parts)} {verb} dropped. Open it again to begin anew."


def _step_refusal(step: TriageStep, steps: int) -> str | None:
    if steps > 0 and step is _STEPS[-1]:
        return "This is the last step."
    return "This is the first step." if steps < 0 and step is _STEPS[0] else None


def _decision_refusal(action: str, line: TriageLine | None) -> str | None:
    if not isinstance(line, PartLine):
        return "There is nothing to decide about."
    if action == "split" and not line.row.splits_further and not line.row.key.is_task:
        return "It has no more parts."
    return "Its parts are not listed." if action == "join" and not line.is_split else None


def _later_day(text: str, today: date) -> date:
    day = read_date(" ".join(text.split()), today)
    if day is None or day <= today:
        raise RefusedError("Put off to a later day: next month, +2w, 1 feb or 2027-02-01.")
    return day


def _named(keys: Sequence[PartKey], state: TriageState | None, width: int) -> str:
    """What a question about `keys` is about: a title in `width` cells or so, or how many there are."""
    titles = [row.title for row in state.rows if row.key in keys] if state is not None else []
    if len(titles) != 1:
        return quantity(len(keys), "part")
    return f"“{ellipsize(titles[0], max(8, width), cell_len)}”"
