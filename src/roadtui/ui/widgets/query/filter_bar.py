"""The filter of the tree: a line for the query, a hint below it, and a summary while a filter is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.dom import DOMNode
from textual.geometry import Size
from textual.reactive import reactive, var
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.session.find.find_service import FindService
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import KeyRefused
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.query.filter_hint import SIGN, FilterHint
from roadtui.ui.widgets.query.query_line import QueryLine
from roadtui.ui.widgets.query.tree_filter import TreeFilter
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import Snapshot, VaultNote


class FilterLine(QueryLine, inherit_bindings=False):
    """The line that the query is typed in. Keys take effect in the order in which they were pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        one for one in Input.BINDINGS if not (isinstance(one, Binding) and one.action == "submit")
    ]

    virtual_size = reactive(Size(0, 0), layout=False)
    """The size of the text. Unlike in other widgets, no key has the whole screen laid out for it."""

    def __init__(self, typed: Callable[[], None]) -> None:
        """`typed` is called whenever the user has changed the text, before the next key."""
        super().__init__("", "", typed)

    @override
    def clear(self) -> None:
        super().clear()
        self._typed()

    @override
    def take(self, number: int) -> None:
        super().take(number)
        self._typed()

    @override
    def runs_at_once(self, node: DOMNode) -> bool:
        return node is self or isinstance(node, FilterBar)


class FilterBar(Vertical):
    """The line of a filter: the query is asked as it is typed, and the answer shown in the tree.

    The tree has a filter from `open` until `drop`. Meanwhile the line is open, or a summary is in its place.
    """

    DEFAULT_CSS = """
    FilterBar {
        height: auto; background: $panel; display: none;
        #query { height: 1; }
        #sign { width: 3; background: $panel; }
        #count { width: 25; background: $panel; text-align: right; }
        &.-kept #query { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.FILTER_LINE)]

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self, tree: TaskTree, service: FindService, *, is_kept_after_enter: bool) -> None:
        """Make a bar for `tree`.

        Args:
            tree: Shows the note.
            service: Finds things in the vault.
            is_kept_after_enter: Whether enter keeps the filter, and does not drop it.
        """
        super().__init__()
        self._tree = tree
        self._service = service
        self._is_kept_after_enter = is_kept_after_enter
        self._line = FilterLine(self._ask)
        self._count = Static("", id="count")
        self._hint = FilterHint()
        self._filter = TreeFilter(tree, service.search, self._show)
        self._had_text = False
        """Whether there was a text when the query was last asked."""

    @override
    def compose(self) -> ComposeResult:
        with Horizontal(id="query"):
            yield Static(SIGN, id="sign")
            yield self._line
            yield self._count
        yield self._hint

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self._show()

    def on_resize(self) -> None:
        """Fit what is shown into the new width."""
        self._show()

    # State

    @property
    def is_on(self) -> bool:
        """Whether the tree is filtered, or about to be."""
        return self._filter.is_on

    @property
    def is_typing(self) -> bool:
        """Whether the line is open."""
        return self.is_on and not self.has_class("-kept")

    @property
    def text(self) -> str:
        """The query; empty without a filter."""
        return self._line.value if self.is_on else ""

    # Opening and closing

    def open(self, note: VaultNote) -> None:
        """Open the line; a query that was kept is edited."""
        self.display = True
        self._set_kept(is_kept=False)
        if not self.is_on:
            self._filter.start(note)
            self._learn()
        self.screen.set_focus(self._line)  # At once: the next keys are for the line.
        self._line.action_end()
        self._show()
        self.call_after_refresh(self._keep_cursor_in_sight)

    def _keep_cursor_in_sight(self) -> None:
        """The line has taken the space of the last rows."""
        if self.is_on:
            self._tree.keep_in_sight(self._tree.cursor)

    def close_line(self) -> None:
        """Keep the filter, and leave the line."""
        if self.is_typing and self._filter.is_empty:
            self.action_drop()
        elif self.is_typing:
            self._filter.end_typing()
            self._set_kept(is_kept=True)
            self._show()

    def _set_kept(self, *, is_kept: bool) -> None:
        self.set_class(is_kept, "-kept")
        self._tree.is_steered = not is_kept

    def action_drop(self) -> None:
        """Show all again: folds, cursor and scroll are as they were before."""
        self._tree.show_state(self._tree.outline_state.unfiltered, exactly=True)
        self.hide()

    def hide(self) -> None:
        """Close, as the tree has no filter any more."""
        had_keys = self._line.has_focus or self.is_typing
        self._filter.end()
        self._set_kept(is_kept=True)
        self._line.value = ""
        self.display = False
        self._tree.refresh_bindings()
        if had_keys and self.screen.focused in (self._line, None):
            self.screen.set_focus(self._tree)

    def action_enter(self) -> None:
        """Go to the hit under the cursor, with the filter or without it."""
        state = self._filter.state
        if not self._filter.is_answered:
            self.post_message(KeyRefused("The search is still under way."))
            return
        if self._filter.error is not None or state is None or not state.hits:
            self.post_message(KeyRefused("There is no hit to go to."))
            return
        if not self._is_kept_after_enter:
            row = self._tree.current_row
            self.action_drop()
            if row is not None:
                self._tree.go_to_row(row)
        else:
            self.screen.set_focus(self._tree)
            self.close_line()

    # Asking

    def _ask(self) -> None:
        """Show the rows that match the query; where it is no query yet, those that were shown before."""
        if not self.is_on:
            return
        self._line.end_completion(self._line.value)
        has_text = bool(self._line.value.strip())
        if has_text is not self._had_text:  # Only a filter with a text can be saved.
            self._had_text = has_text
            self.refresh_bindings()
        self._filter.ask(self._line.value, is_unfinished=self._line.is_unfinished)
        self._show()

    def action_step(self, step: int) -> None:
        """Go to the next hit, or with -1 to the one before."""
        reason = self._filter.step_refusal
        if reason is not None:
            self.post_message(KeyRefused(reason))
        self._filter.step(step)
        self._show()

    # What changes meanwhile

    def follow(self, snapshot: Snapshot, today: date, note: VaultNote) -> None:
        """Before the tree shows `snapshot`, the vault on the day `today`: ask the query of its `note`."""
        is_another_day = self._service.search.today != today
        self._service.update(snapshot, today)
        self._filter.follow(note)
        if is_another_day:
            self._ask()

    def followed(self, *, is_asked: bool) -> None:
        """After the tree shows it; `is_asked`: it has asked the query of a new state of the note."""
        self._filter.followed()
        if not is_asked:
            self._filter.search_again()
        else:
            self._learn()
        self._show()

    def _learn(self) -> None:
        """Read in a thread what takes long: texts, dates that are not in the note, tags and headings."""
        start_worker(self, self._learned, group="filter", exclusive=True)

    async def _learned(self) -> None:
        vocabulary = await self._filter.learn()
        if vocabulary is not None:
            self._line.vocabulary = vocabulary
            self._filter.search_again()
            self._show()

    # Completion

    def action_complete(self, step: int) -> None:
        """Take the first completion; then the next one instead, or with -1 the one before."""
        self._line.action_complete(step)

    @on(FilterHint.Clicked)
    def _clicked(self, message: FilterHint.Clicked) -> None:
        if not self.is_typing:
            if message.part is not None:
                self.action_drop()
            elif self._filter.note is not None:
                self.open(self._filter.note)
        elif message.part is not None:
            self._line.take(message.part)

    # Drawing

    def _show(self) -> None:
        if not self.is_on or self.text_styles is None or not self.is_mounted:
            return
        self.show_count()
        completions = self._line.completions
        error = self._filter.error if not completions else None
        self._line.mark_wrong(error, self.text_styles.overdue)
        if not self.is_typing:
            return
        if error is not None:
            self._hint.show_sentence(str(error), self.text_styles.overdue)
        elif completions:
            self._hint.show_completions(completions, self._line.taken or 0, self.text_styles)
        elif self._filter.is_empty:
            self._hint.show_terms(self.text_styles)
        elif self._filter.is_answered and self._filter.state is not None and not self._filter.state.hits:
            self._hint.show_sentence("Nothing in this note matches.", self.text_styles.dim)
        else:
            self._hint.show_nothing()

    def show_count(self) -> None:
        """Show how many hits there are, or the number of the one that the cursor is on."""
        text_styles = self.text_styles
        if self._filter.state is None or text_styles is None or not self.is_on:
            return
        count = self._filter.count
        if self.is_typing:
            self._count.update(Text(f"{count} ", text_styles.dim), layout=False)
        else:
            self._hint.show_summary(self._line.value, count, text_styles)
