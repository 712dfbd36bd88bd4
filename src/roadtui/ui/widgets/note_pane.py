"""The pane in the middle: one note, and the keys for all that can be done to its tasks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Region
from textual.reactive import reactive, var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.links import may_have_links
from roadtui.core.note import ListItem, Section
from roadtui.core.outline import Outline
from roadtui.core.terminal_text import display_text
from roadtui.session.tracking.open_note import GONE
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import RowMoved
from roadtui.ui.refusal import ExplainsRefusals
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.outline_tree import SelectableOutline
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.session.empty_states import EmptyStateText
    from roadtui.session.find.find_service import FindService
    from roadtui.ui.widgets.empty_state import EmptyState
    from roadtui.ui.widgets.query.filter_bar import FilterBar

_GONE = "Renamed or deleted: shown as it was."


class NoteTitle(Widget):
    """Name, path and progress of one note, and a line for a problem."""

    DEFAULT_CSS = """
    NoteTitle { height: 2; background: $surface; }
    """

    text_styles: reactive[TextStyles | None] = reactive(None)
    note: reactive[VaultNote | None] = reactive(None)
    selected_count: reactive[int] = reactive(0)
    """How many rows are selected in the tree."""

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if self.text_styles is None or self.note is None or (y and self.note.label != GONE):
            return Strip.blank(width, background)
        if y:
            return fit_row(width, [], (f" {_GONE}", self.text_styles.overdue)).apply_style(background)
        name = display_text(self.note.name)
        place = display_text(f"{self.note.folder}/") if self.note.folder else ""
        roomy, dense = self._end("   "), self._end("  ")
        needed = sum(cell_len(text) for text in (" ", name, "   ", place)) + _cells(roomy)
        gap, end = ("   ", roomy) if needed <= width else ("  ", dense)
        start = Segment(f" {name}{gap}", self.text_styles.strong)
        if start.cell_length > width // 2:
            return fit_row(width, [], (f" {name}", self.text_styles.strong), end).apply_style(background)
        return fit_row(width, [start], (place, self.text_styles.faint), end).apply_style(background)

    def _end(self, gap: str) -> list[Segment]:
        """The numbers, or what is selected, with `gap` before and between them."""
        return [Segment(gap[1:]), *self._numbers(gap)]  # A blank is left beside every end.

    def _numbers(self, gap: str) -> list[Segment]:
        assert self.text_styles is not None
        assert self.note is not None
        if self.selected_count:
            return [Segment(f"▌{self.selected_count} selected ", self.text_styles.accent)]
        progress = self.note.progress
        parts = [Segment(f"{progress.done}/{progress.total}", self.text_styles.text)]
        warning = self._warning()
        if warning:  # There is no room for more beside it.
            return [*parts, Segment(f"{gap}{warning} ", self.text_styles.overdue)]
        if progress.in_progress:
            parts.append(Segment(f"{gap}{progress.in_progress} doing", self.text_styles.doing))
        if progress.open:
            parts.append(Segment(f"{gap}{progress.open} open", self.text_styles.dim))
        return [*parts, Segment(" ")]

    def _warning(self) -> str:
        """The problem of the note; empty if there is none."""
        assert self.note is not None
        if self.note.label:
            return f"read only: {self.note.label}"
        if self.note.note.conflicts:
            return f"merge conflict in line {self.note.note.conflicts[0].start + 1}"
        return ""


def _cells(segments: Iterable[Segment]) -> int:
    return sum(segment.cell_length for segment in segments)


class NotePane(ExplainsRefusals, Vertical, inherit_bindings=False):
    """Title and tree of a note, or a text where there is nothing for the tree to show.

    Its keys run commands of the screen; other requests are posted as messages.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.FILTER, Scope.NOTE)]

    text_styles: var[TextStyles | None] = var(None)
    snapshot: var[Snapshot | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._empty_state: EmptyState | None = None
        """Mounted when it is needed first."""
        self._filter_bar: FilterBar | None = None
        """Mounted with the first filter."""
        self._kind: tuple[type[Section | ListItem] | None, bool] = (None, False)
        """Kind of the row under the cursor, and whether it has links: the keys in the footer depend on it."""

    @override
    def compose(self) -> ComposeResult:
        yield NoteTitle().data_bind(NotePane.text_styles)
        yield TaskTree(id="tree").data_bind(NotePane.text_styles)

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        for widget in (self._empty_state, self._filter_bar):
            if widget is not None:
                widget.text_styles = self.text_styles

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        # Of its own it has the background alone, so that one line is like all.
        return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height

    @cached_property
    def task_tree(self) -> TaskTree:
        """The tree. Cached: every key in the footer needs it."""
        return self.query_one(TaskTree)

    @property
    def shown_list(self) -> LineList:
        """What is shown: the tree, or the text in its place."""
        is_empty = self._empty_state is not None and self._empty_state.display
        return self._empty_state if is_empty and self._empty_state is not None else self.task_tree

    def show(
        self, note: VaultNote | None, rows: Outline | None, text: EmptyStateText | None, *, from_outside: bool
    ) -> None:
        """Show `note`, or `text` in place of the tree.

        Args:
            note: The note; None where there is none.
            rows: Its rows, where they are known already.
            text: What to show where the tree has nothing to show.
            from_outside: Whether rows are highlighted that differ from those shown before.
        """
        title = self.query_one(NoteTitle)
        title.note = note
        self._show_in_tree(note if text is None else None, note, rows, from_outside=from_outside)
        if text is not None:
            self._open_empty_state().show(text)
        had_focus = self.shown_list.has_focus
        for widget in (self.task_tree, self._empty_state):
            if widget is not None:
                widget.display = (widget is self._empty_state) == (text is not None)
        title.display = text is None
        if had_focus:
            self.shown_list.focus()

    def _show_in_tree(
        self,
        filterable: VaultNote | None,
        note: VaultNote | None,
        rows: Outline | None,
        *,
        from_outside: bool,
    ) -> None:
        """Show `note` in the tree; a filter stays on `filterable` if it is the note that was shown before."""
        bar, before = self._filter_bar, self.task_tree.note
        if bar is not None and bar.is_on:
            context, snapshot = self.task_tree.display_context, self.snapshot
            path = before.path if before is not None else None
            if filterable is not None and filterable.path == path and snapshot is not None and context:
                bar.follow(snapshot, context.today, filterable)
            else:
                bar.action_drop()
        self.task_tree.show(note, rows, from_outside=from_outside)
        if bar is not None and bar.is_on:
            bar.followed(is_asked=note is not before)

    def _open_empty_state(self) -> EmptyState:
        if self._empty_state is None:
            from roadtui.ui.widgets.empty_state import EmptyState  # Most vaults never need it.

            self._empty_state = EmptyState(id="guide")
            self._empty_state.text_styles = self.text_styles
            self.mount(self._empty_state)
        return self._empty_state

    @on(SelectableOutline.SelectionChanged)
    def _count_selected(self, message: SelectableOutline.SelectionChanged) -> None:
        self.query_one(NoteTitle).selected_count = message.count

    @on(LineList.CursorMoved)
    def _follow(self) -> None:
        current = self.task_tree.current
        kind = (type(current) if current is not None else None, self.may_have_links)
        if kind != self._kind:
            self._kind = kind
            self.refresh_bindings()
        if self._filter_bar is not None:
            self._filter_bar.show_count()
        self.post_message(RowMoved())

    @property
    def may_have_links(self) -> bool:
        """Whether the row under the cursor may have a link."""
        note, current = self.task_tree.note, self.task_tree.current
        return note is not None and current is not None and may_have_links(note.note, current)

    # Filtering

    @property
    def filter_text(self) -> str:
        """The query that the tree is filtered by; empty without a filter."""
        return self._filter_bar.text if self._filter_bar is not None else ""

    @property
    def is_typing(self) -> bool:
        """Whether a query is being typed."""
        return self._filter_bar is not None and self._filter_bar.is_typing

    @property
    def can_filter(self) -> bool:
        """Whether the tree shows a note, and no query is being typed already."""
        return self.shown_list is self.task_tree and self.task_tree.note is not None and not self.is_typing

    async def open_filter(self, service: FindService, *, is_kept_after_enter: bool) -> None:
        """Open the line for a query, or edit the query that is there.

        Args:
            service: Finds things in the vault.
            is_kept_after_enter: Whether enter keeps the filter, and does not drop it.
        """
        note, context = self.task_tree.note, self.task_tree.display_context
        if note is None or context is None or self.snapshot is None:
            return
        if self._filter_bar is None:
            from roadtui.ui.widgets.query.filter_bar import FilterBar  # With the first filter.

            self._filter_bar = FilterBar(self.task_tree, service, is_kept_after_enter=is_kept_after_enter)
            self._filter_bar.text_styles = self.text_styles
            await self.mount(self._filter_bar)
        self._filter_bar.follow(self.snapshot, context.today, note)
        self._filter_bar.open(note)

    @on(events.DescendantFocus)
    def _leave_line(self, event: events.DescendantFocus) -> None:
        if event.widget is self.task_tree and self._filter_bar is not None:
            self._filter_bar.close_line()

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("filter_step", "drop_filter"):
            is_on = self._filter_bar is not None and self._filter_bar.is_on and not self.is_typing
            if not is_on and action == "drop_filter":
                return "No filter is on, and no rows are selected."
            if not is_on:
                return "There is no filter."
        return super().refusal(action, parameters)

    def action_filter_step(self, step: int) -> None:
        """Go to the next hit, or with -1 to the one before."""
        if self._filter_bar is not None:
            self._filter_bar.action_step(step)

    def action_drop_filter(self) -> None:
        """Show all rows again."""
        if self._filter_bar is not None:
            self._filter_bar.action_drop()

    def on_resize(self) -> None:
        """Post that rows have moved, once they are drawn."""
        self.call_after_refresh(self.post_message, RowMoved())
