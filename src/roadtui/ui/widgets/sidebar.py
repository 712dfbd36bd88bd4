"""The sidebar: roadmaps with their progress, next actions, due tasks, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.dates import due_text
from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.next_actions.ranking import ReasonKind, Suggestion
from roadtui.core.note import Task
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import display_text
from roadtui.session.sidebar_items import (
    SidebarFolder,
    SidebarHeading,
    SidebarItem,
    SidebarLocation,
    SidebarMessage,
    SidebarNote,
    SidebarProblem,
    SidebarView,
    with_views,
)
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row, pane_heading, percent, progress_bar, reason_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList

_BAR_CELLS = 8
_MOST_DIGITS = 9
"""So many views have a digit that opens them."""


class ChangesInNote(NamedTuple):
    """What others have changed in a note since the last look."""

    number: int
    is_seen: bool
    """Whether all of it was on the screen."""


@dataclass(eq=False)
class OpenRequested(Message):
    """The user wants to go to a note, and to a line of it."""

    path: str
    line: int | None
    """From 0; None for the position of last time."""


class Sidebar(LineList, inherit_bindings=False):
    """Roadmaps, next steps and due tasks, one below the other."""

    HELP_SCOPE: ClassVar[Scope] = Scope.SIDEBAR

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.SIDEBAR, Scope.LIST)]

    @dataclass(eq=False)
    class NoteHighlighted(Message):
        """The cursor is on a note."""

        path: str

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._today = date.min
        self._entries: list[SidebarItem] = []
        """What is shown, the views included."""
        self._items: list[SidebarItem] = []
        self._views: Sequence[SidebarView] = ()
        self._chosen: str | None = None
        self._changes: Mapping[str, ChangesInNote] = {}

    def show(self, entries: list[SidebarItem], today: date, path: str | None) -> None:
        """Show `entries` as of the day `today`; the cursor stays on what it was on, else goes to `path`.

        Posts no message: `path` is the note that is open.
        """
        self._items = entries
        entries = with_views(entries, self._views)
        before = self._entries[self.cursor] if self.cursor < len(self._entries) else None
        was_listed = any(isinstance(entry, SidebarNote) and entry.path == path for entry in self._entries)
        has_moved = path != self._chosen or (isinstance(before, SidebarHeading) and not was_listed)
        self._today = today
        self._entries = entries
        self.rows_changed()
        at = None
        if before is not None and not (has_moved and isinstance(before, SidebarNote | SidebarHeading)):
            at = next((i for i, entry in enumerate(entries) if _same(entry, before)), None)
        with self.prevent(self.NoteHighlighted):
            self.move_to(at if at is not None else self._row_of(path))
        self._chosen = path

    def show_views(self, views: Sequence[SidebarView]) -> None:
        """Show the saved views, too."""
        if views != self._views:
            self._views = views
            self.show(self._items, self._today, self._chosen)

    def show_changes(self, changes: Mapping[str, ChangesInNote]) -> None:
        """Show how much others have changed in notes, by path."""
        before, self._changes = self._changes, changes
        for at, entry in enumerate(self._entries if before != changes else ()):
            if isinstance(entry, SidebarNote) and before.get(entry.path) != changes.get(entry.path):
                self.refresh_row(at)

    def choose(self, path: str) -> None:
        """Put the cursor on the note at `path`, without posting a message."""
        self._chosen = path
        self.move_to(self._row_of(path))

    @property
    def current_path(self) -> str | None:
        """Path of the note that the row under the cursor is about."""
        entry = self._entries[self.cursor] if self.cursor < len(self._entries) else None
        return entry.path if isinstance(entry, SidebarNote | Suggestion | DueTask | SidebarProblem) else None

    @property
    def current_task(self) -> Task | None:
        """The task that the row under the cursor is about."""
        entry = self._entries[self.cursor] if self.cursor < len(self._entries) else None
        return entry.task if isinstance(entry, Suggestion | DueTask) else None

    @property
    def current_line(self) -> int | None:
        """The line, from 0, of the task under the cursor; None on a note."""
        entry = self._entries[self.cursor] if self.cursor < len(self._entries) else None
        return entry.task.line if isinstance(entry, Suggestion | DueTask) else None

    def _row_of(self, path: str | None) -> int:
        for at, entry in enumerate(self._entries):
            if isinstance(entry, SidebarNote) and entry.path == path:
                return at
        return self.cursor

    @override
    def row_count(self) -> int:
        return len(self._entries)

    @override
    def is_stop(self, row: int) -> bool:
        """False for headings and locations, but for the first heading: it stands for the vault."""
        return row == 0 or isinstance(
            self._entries[row], SidebarNote | Suggestion | DueTask | SidebarView | SidebarProblem
        )

    @property
    def is_on_vault(self) -> bool:
        """Whether the cursor is on the heading above all notes."""
        return self.cursor == 0

    def watch_has_focus(self, focused: bool) -> None:
        """Show whether the pane has the focus, in the heading too."""
        super().watch_has_focus(focused)
        self.refresh_row(0)

    def watch_cursor(self, before: int, after: int) -> None:
        """Post which note the cursor is on, too."""
        super().watch_cursor(before, after)
        if after < len(self._entries):
            entry = self._entries[after]
            if isinstance(entry, SidebarNote) and entry.path != self._chosen:
                self._chosen = entry.path
                self.post_message(self.NoteHighlighted(entry.path))

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        can_be_opened = 0 < self.cursor < len(self._entries) and self.is_stop(self.cursor)
        if action == "open" and not can_be_opened:
            return "There is nothing to open."
        return super().refusal(action, parameters)

    def action_open(self) -> None:
        """Open what the cursor is on."""
        if self.cursor >= len(self._entries):
            return
        entry = self._entries[self.cursor]
        if isinstance(entry, SidebarNote):
            self.post_message(OpenRequested(entry.path, None))
        elif isinstance(entry, Suggestion | DueTask):
            self.post_message(OpenRequested(entry.path, entry.task.line))
        elif isinstance(entry, SidebarView):
            self.call_later(self.run_action, f"app.open_view({entry.number})")
        elif isinstance(entry, SidebarProblem):
            place = f"{entry.path}: " if entry.path else ""
            self.notify(display_text(f"{place}{entry.reason}"), severity="warning", markup=False)

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Open a task by a click, the tree of a note by a double click."""
        if is_double or not isinstance(self._entries[row], SidebarNote):
            self.action_open()

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        match self._entries[row]:
            case SidebarHeading(text):
                pointer = Segment("▌" if row == self.cursor else " ", text_styles.accent)
                is_bright = self.has_focus and row == 0
                return Strip([pointer, pane_heading(text, text_styles, has_focus=is_bright)])
            case SidebarFolder(name):
                return _plain(width, 2, display_text(name), text_styles.faint)
            case SidebarLocation(text):
                return _plain(width, 3, display_text(text), text_styles.faint)
            case SidebarMessage(text):
                return _plain(width, 2, text, text_styles.dim)
            case SidebarNote() as roadmap:
                is_open = roadmap.path == self._chosen
                return roadmap_row(
                    roadmap,
                    width,
                    text_styles,
                    is_current=row == self.cursor,
                    is_open=is_open,
                    changes=self._changes.get(roadmap.path),
                )
            case SidebarView() as view:
                return _view_row(view, width, text_styles)
            case SidebarProblem(path=path):
                return _plain(width, 2, display_text(path) or "the vault", text_styles.overdue)
            case Suggestion() as suggestion:
                return suggestion_row(suggestion, width, text_styles)
            case DueTask(task=task, day=day):
                style = text_styles.overdue if day < self._today else text_styles.due
                due = [Segment(due_text(day, self._today).removeprefix("due "), style), Segment(" ")]
                return _plain(width, 2, _description(task.text), text_styles.text, due)


def roadmap_row(
    roadmap: SidebarNote,
    width: int,
    text_styles: TextStyles,
    *,
    is_current: bool,
    is_open: bool,
    changes: ChangesInNote | None = None,
) -> Strip:
    """The row of a note, with its progress, and what others have changed in it.

    `is_open`: it is the one in the tree.
    """
    open_style = text_styles.strong if is_current or is_open else text_styles.text
    style = open_style if roadmap.progress.done or roadmap.progress.in_progress else text_styles.dim
    pointer = Segment("▌ " if is_current else "  ", text_styles.accent)
    name = f"{'⌂ ' if roadmap.is_hub else ''}{display_text(roadmap.name)}"
    amount = Segment(
        f"{percent(roadmap.progress)} ", text_styles.done if roadmap.progress.is_complete else text_styles.dim
    )
    number = []
    if changes is not None:
        told = text_styles.dim if changes.is_seen else text_styles.accent
        number = [Segment(f"•{changes.number:,} ", told)]
    if not roadmap.progress.total:
        return fit_row(width, [pointer], (name, style), [*number, amount])
    cells = min(_BAR_CELLS, max(0, width - 20))
    bar = [*progress_bar(roadmap.progress, cells, text_styles), Segment(" "), amount]
    return fit_row(width, [pointer], (name, style), [*number, *bar], [*number, amount], bar)


def _plain(width: int, indent: int, text: str, style: Style, end: Sequence[Segment] = ()) -> Strip:
    return fit_row(width, [Segment(" " * indent)], (text, style), end)


def _description(text: str) -> str:
    return plain_line(read_fields(text).description)


def suggestion_row(suggestion: Suggestion, width: int, text_styles: TextStyles) -> Strip:
    """The row of a next action: its name, and why it is next, unless the row below it says that already.

    Words that would cut the name are left out, but for what is late, due or in progress.
    """
    name = _description(suggestion.task.text)
    reason = next((one for one in suggestion.reasons if one.kind is not ReasonKind.PLACE), None)
    if reason is None:
        return _plain(width, 2, name, text_styles.text)
    is_pressing = reason.kind is not ReasonKind.OTHER
    if not is_pressing and cell_len(name) + cell_len(reason.text) + 5 > width:
        return _plain(width, 2, name, text_styles.text)
    end = [Segment(f"{reason.text} ", reason_style(reason, text_styles))]
    return _plain(width, 2, name, text_styles.text, end)


def _view_row(view: SidebarView, width: int, text_styles: TextStyles) -> Strip:
    """The row of a saved view: its digit, its name, how much it finds."""
    digit = str(view.number) if view.number <= _MOST_DIGITS else " "
    start = [Segment(" "), Segment(digit, text_styles.faint), Segment(" ")]
    count, style = "", text_styles.dim
    if view.problem:
        count, style = "wrong", text_styles.overdue
    elif view.results is not None:
        count, style = f"{view.results:,}", text_styles.dim if view.results else text_styles.faint
    name_style = text_styles.text if view.results or view.results is None else text_styles.dim
    end = [Segment(count, style), Segment(" ")] if count else []
    return fit_row(width, start, (display_text(view.name), name_style), end)


def _same(entry: SidebarItem, before: SidebarItem) -> bool:
    """Whether `entry` is the same note or task as `before` was in an earlier state of the vault."""
    match entry, before:
        case (SidebarNote(path=path), SidebarNote(path=old)):
            return path == old
        case (SidebarHeading(text=text), SidebarHeading(text=old)):
            return text == old
        case (SidebarProblem(path=path), SidebarProblem(path=old)):
            return path == old
        case (SidebarView(name=name), SidebarView(name=old)):
            return name == old
        case (Suggestion() | DueTask(), Suggestion() | DueTask()):
            return type(entry) is type(before) and (entry.path, entry.task.text) == (
                before.path,
                before.task.text,
            )
        case _:
            return False
