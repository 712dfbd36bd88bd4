"""Find: tasks, headings and notes of the whole vault, by a query that is answered while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.core.note import Task
from roadtui.session.find.find_service import FindService
from roadtui.session.find.find_session import FindRow, FindSession, first_rows, items_became
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import COMMANDS_BY_ID, Scope, bindings_in
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.found_tasks import FoundTasksContext
from roadtui.ui.commands.runner import run
from roadtui.ui.commands.views import ask_removal, ask_view_name
from roadtui.ui.messages import KeyRefused, OpenScreen
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.find_selection import SelectedResults
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.note_excerpt import NoteExcerpt
from roadtui.ui.widgets.note_pane import NoteTitle
from roadtui.ui.widgets.query.find_results import FindResults
from roadtui.ui.widgets.query.query_line import QueryHint, QueryLine
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.workers import start_worker

_SLICE = 0.003
"""Seconds of searching between two pauses."""
_FIRST_SLICE = 0.002
"""Seconds of searching between a key and its repaint."""
_PAUSE = 0.004
"""Seconds of a pause, in which keys are handled and drawn."""
_PAINT = 0.02
"""Seconds in which the first results are painted, before the search goes on."""
_REPAINT_AFTER = 0.2
"""Seconds between two repaints of a search that goes on."""
_EXCERPT_AFTER = 0.1
"""Seconds after which the surroundings of a result are shown: not of those that the cursor passes."""
_VOCABULARY_AFTER = 0.4
"""Seconds after which tags and headings are gathered: a thread that works would hold up the first paint."""
_NOTHING = "Nothing found. Try fewer letters, is:open, due:<fri or #tag."
_TAUGHT = "words, is:open, due:<fri, #tag, path:roadmaps, -word, sort:due"


class ResultCount(Static):
    """How many results there are, in words. Another number has nothing laid out anew."""

    def __init__(self, id: str) -> None:
        super().__init__("", id=id)
        self._count = ""

    def show(self, count: str) -> None:
        """Show `count`."""
        if count != self._count:
            self._count = count
            self.update(Text(count), layout=False)


class FindScreen(OverlayScreen, inherit_bindings=False):
    """A query on top, what it finds below, and at the right what surrounds the result under the cursor."""

    AUTO_FOCUS = "QueryLine"
    DEFAULT_CSS = """
    FindScreen {
        #find { height: 1fr; margin: 0 1; }
        #query { height: 1; background: $panel; }
        #sign { width: auto; background: $panel; color: $text-muted; }
        #count { width: 18; background: $panel; color: $text-muted; padding: 0 1; text-align: right; }
        QueryHint { background: $surface; }
        #middle { height: 1fr; background: $surface; padding: 1 0 0 0; }
        #excerpt { width: 42%; height: 1fr; background: $surface; margin: 0 0 0 1; display: none; }
        &.-wide #excerpt, &.-vast #excerpt, &.-ultrawide #excerpt { display: block; }
        &.-narrow #find { margin: 0; }
        &.-narrow #count { width: 14; }
        &.-short #middle { padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.FIND, Scope.OVERLAY)]

    def __init__(self, host: OverlayHost, service: FindService, path: str | None, query: str = "") -> None:
        """Make the screen.

        Args:
            host: Shows the vault.
            service: Finds in it.
            path: The note that is open.
            query: What to find first.
        """
        super().__init__(host)
        self._service = service
        self._path = path
        self._first_query = query
        self._finding = FindSession(service.search)
        self.results = FindResults()
        """What is found."""
        self._selected = SelectedResults(self.results, self.view.snapshot.notes)
        self._found_context: FoundTasksContext | None = None
        self._excerpt_timer: Timer | None = None

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="find"):
            with Horizontal(id="query"):
                yield Static(Text(" find "), id="sign")
                yield QueryLine(self._first_query, "in the whole vault", self._typed)
                yield ResultCount(id="count")
            yield QueryHint().data_bind(FindScreen.text_styles)
            with Horizontal(id="middle"):
                yield self.results.data_bind(FindScreen.text_styles)
                with Vertical(id="excerpt"):
                    yield NoteTitle().data_bind(FindScreen.text_styles)
                    yield NoteExcerpt().data_bind(FindScreen.text_styles)

    def on_mount(self) -> None:
        """Find the first query, and learn in a thread what completes it."""
        self.set_focus(self.line)  # At once: the next keys are for the line.
        self.line.cursor_position = len(self._first_query)
        self._show_context()
        self._ask(self._first_query)
        start_worker(self, self._learn_vocabulary, group="vocabulary", exclusive=True)

    @property
    def line(self) -> QueryLine:
        """The query."""
        return self.query_one(QueryLine)

    async def _learn_vocabulary(self) -> None:
        await asyncio.sleep(_VOCABULARY_AFTER)
        vocabulary = await asyncio.to_thread(self._service.vocabulary)
        if has_children(self):  # The program may be ending.
            self.line.vocabulary = vocabulary
            self._show_hint()

    # Finding

    @on(Input.Changed)
    def _typed(self) -> None:
        """Find what is in the line now."""
        text = self.line.value
        self.line.end_completion(text)
        if text != self._finding.text:
            self._ask(text)

    def _ask(self, text: str) -> None:
        finding = self._finding
        finding.ask(text, is_unfinished=self.line.is_unfinished)
        if finding.error is None:
            finding.advance(_FIRST_SLICE)
            self.results.cursor = 0
            self._list()
            self._go_on()
        self._show_hint()

    def _go_on(self) -> None:
        if not self._finding.is_finished or self._finding.notes_without_dates():
            start_worker(self, self._search, group="find", exclusive=True)
        else:
            self.workers.cancel_group(self, "find")

    async def _search(self) -> None:
        """Search on, and paint what is new from time to time; then again with dates that had to be loaded."""
        missing = self._finding.notes_without_dates()
        if missing:
            await asyncio.to_thread(self._service.search.load_dates, missing)
            self._finding.search_again()
        await asyncio.sleep(_PAINT)
        painted = perf_counter()
        is_new = False
        while not self._finding.is_finished:
            await asyncio.sleep(_PAUSE)
            is_new |= self._finding.advance(_SLICE)
            if is_new and perf_counter() - painted >= _REPAINT_AFTER and not self._finding.is_finished:
                self._list()
                is_new, painted = False, perf_counter()
        self._list()

    def _list(self) -> None:
        """Show what was found so far."""
        finding, snapshot = self._finding, self._service.search.snapshot
        rows: Sequence[FindRow] = finding.results
        if finding.answered.is_empty:
            rows = first_rows(self._service.search, self._path)
        became = {}
        if self._selected.notes is not snapshot.notes and (not finding.keeps_results or finding.is_finished):
            kept = {item for item in (*self.results.selected, self.results.current) if item is not None}
            listed = [row for row in rows if not isinstance(row, tuple)]
            became = items_became(list(kept), self._selected.notes, listed, snapshot)
            self._selected.notes = snapshot.notes
        self.results.show(rows, finding.answered, became)
        self.query_one(ResultCount).show(finding.count)
        if finding.is_finished:
            self._show_hint()
        self._show_excerpt_soon()

    @on(events.DescendantFocus)
    def _show_hint(self) -> None:
        if self.text_styles is None or not self.query(QueryHint):  # The screen is closing.
            return
        finding, line, text_styles = self._finding, self.line, self.text_styles
        completions = line.completions if line.has_focus else ()
        shows_error = finding.error is not None and not completions
        line.mark_wrong(finding.error if shows_error else None, text_styles.overdue)
        is_empty = finding.is_finished and not finding.answered.is_empty and not finding.results
        remark = _NOTHING if is_empty else _TAUGHT if finding.query.is_empty else ""
        self.query_one(QueryHint).show(finding.error, completions, line.taken, remark)
        self.refresh_bindings()

    @override
    def show(self, view: DashboardModel) -> None:
        """Find again; the cursor and the marks stay on their tasks."""
        self._service.update(view.snapshot, view.today)
        self._show_context()
        self._finding.search_again()
        self._finding.advance(_SLICE)
        if self._finding.is_finished:
            self._list()
        self._go_on()

    def _show_context(self) -> None:
        view, snapshot = self.view, self.view.snapshot
        shown = TaskDisplayContext(snapshot.statuses, snapshot.format, view.today, view.open_ids)
        self.results.display_context = self.query_one(NoteExcerpt).display_context = shown

    # What surrounds the result

    @on(LineList.CursorMoved)
    def _show_excerpt_soon(self) -> None:
        if self._excerpt_timer is not None:
            self._excerpt_timer.stop()
        self._excerpt_timer = self.set_timer(_EXCERPT_AFTER, self._show_excerpt)

    def _show_excerpt(self) -> None:
        item = self.results.current
        note = self._selected.notes.get(item.note.path) if item is not None else None
        self.query_one(NoteTitle).note = note
        self.query_one(NoteExcerpt).show(note, item.content if item is not None else None)

    # The results

    @property
    def found_context(self) -> FoundTasksContext:
        """The context of the commands on the selected results."""
        if self._found_context is None:
            self._found_context = FoundTasksContext(self._selected, self.host.commands.context)
        return self._found_context

    async def action_command(self, id: str) -> None:
        """Run the command `id` on the selected results."""
        await run(id, self.found_context)

    @on(QueryLine.ActionRequested)
    def _act_in_line(self, message: QueryLine.ActionRequested) -> None:
        if message.action == "open":
            self._open()
        elif message.action == "move_page":
            reason = self.results.refusal("move_page", (message.rows,))
            if reason is None:
                self.results.action_move_page(message.rows)
            else:
                self.post_message(KeyRefused(reason))
        elif self.results.current is None:
            self.post_message(KeyRefused("There are no results yet."))
        else:
            self.results.focus()
            self.results.action_move(1)

    @on(FindResults.ActionRequested)
    def _act(self, message: FindResults.ActionRequested) -> None:
        if message.action == "open":
            self._open()
        elif message.action == "tick":
            ticked: list[Task] = []
            ticked += self.found_context.tick(partial(self._written, ticked))
            self.results.set_ticked(ticked, is_ticked=True)
        elif message.action == "focus":
            for tracked in self._selected.selected_tasks[:1]:
                self.post_message(OpenScreen(COMMANDS_BY_ID["focus"].opens, tracked))
        else:
            self.line.focus()

    def _written(self, ticked: Sequence[Task], saved: SavedAt | None) -> None:
        if saved is None and self.is_attached:
            self.results.set_ticked(ticked, is_ticked=False)

    def _open(self) -> None:
        item = self.results.current
        if item is None:
            self.post_message(KeyRefused("There is no result to go to."))
        else:
            self.open_note(item.note.path, None if item.is_note else item.content.line)

    @on(QueryHint.Clicked)
    def _complete(self) -> None:
        self.line.action_complete(1)

    # Views

    async def action_save_view(self) -> None:
        """Ask for a name, and save the query as a view."""
        await ask_view_name(self.found_context, self._finding.text)

    async def action_remove_view(self) -> None:
        """Remove the view with this query."""
        name = self._service.views.own_name(self._finding.text)
        if name is not None:
            await ask_removal(self.found_context, name)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "save_view" and (self._finding.error is not None or self._finding.query.is_empty):
            return "There is no query to save."
        if action == "remove_view" and self._service.views.own_name(self._finding.text) is None:
            return "This query is not a view that you saved."
        if action == "command" and not self._selected.selected_tasks:
            return "There is no task here."
        return super().refusal(action, parameters)
