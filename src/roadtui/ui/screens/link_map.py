"""The map of linked roadmaps: which hub leads where, how far each is, cycles and dead links."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.links import dead_link_words
from roadtui.core.outline import Row
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import display_text
from roadtui.session.empty_states import no_links_text
from roadtui.session.link_graph.link_map import EntryKind, LinkMap, MapEntry, link_map
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row, percent, progress_bar
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.outline_tree import OutlineTree
from roadtui.ui.widgets.task_row import COUNT_CELLS, indent
from roadtui.ui.workers import FollowingWork

_REMARKS = {
    EntryKind.ABOVE: "↑ above",
    EntryKind.BELOW: "↓ below",
    EntryKind.CYCLE: "↻ cycle",
}
_ELSEWHERE = (EntryKind.ABOVE, EntryKind.BELOW, EntryKind.CYCLE)
"""The kinds of notes whose links are shown in another row."""
_WIDE = 64
"""Cells of a row from which on bars are long and have a count beside them."""
_VAST = 108
"""Cells of a row from which on the numbers of links have a column."""


class LinkMapTree(OutlineTree[MapEntry], inherit_bindings=False):
    """The rows of the map."""

    HELP_SCOPE: ClassVar[Scope] = Scope.LINK_MAP
    DEFAULT_CSS = "LinkMapTree { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LINK_MAP, Scope.OUTLINE, Scope.LIST)]

    @dataclass
    class NoteRequested(Message):
        """The user wants to go to a note."""

        path: str
        line: int | None
        """From 0; None for the position of last time."""

    def __init__(self) -> None:
        super().__init__()
        self._map: LinkMap | None = None

    def show(self, found: LinkMap, open_path: str | None) -> None:
        """Show a state of the map. The cursor stays on its row; at first it is on the note at `open_path`."""
        if self._map is None:
            self._state = OutlineState(found.outline, found.folded)
            row = found.rows_by_path.get(open_path or "", 0)
            if found.outline.rows:
                self._state.reveal(row)
        else:
            self._state.leave(self.cursor, self.scroll_offset.y)
            self._state, mapping = self._state.followed(found.outline)
            row = self._state.cursor
            known = set(mapping.values() if isinstance(mapping, Mapping) else mapping)
            self._state.set_folded([new for new in found.folded if new not in known], folded=True)
        self._map = found
        self.rows_changed()
        self.scroll_to(y=self._state.scroll, animate=False, immediate=True)
        self._select(self._state.position(row))
        self.refresh_bindings()

    @override
    def is_heading(self, row: Row[MapEntry]) -> bool:
        """The rows at the top."""
        return not row.depth

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        found = self._state.row(row)
        if found is None or found.content is None:
            return Strip.blank(width)
        is_current = row == self.cursor
        start = [
            Segment("▌" if is_current else " ", text_styles.accent),
            Segment(f"{' ' * indent(found.depth, width)}{self._fold_mark(found)} ", text_styles.faint),
        ]
        return _entry_row(found.content, width, start, text_styles, is_current=is_current)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        entry = self.current
        if action == "unfold" and entry is not None and entry.kind in _ELSEWHERE:
            return None
        if action == "open":
            is_note = entry is not None and entry.kind is not EntryKind.UNLINKED
            return None if is_note else super().refusal("toggle_fold", ())
        return super().refusal(action, parameters)

    def action_open(self) -> None:
        """Request the note under the cursor; fold or unfold the row of those without links."""
        entry = self.current
        if entry is None or entry.kind is EntryKind.UNLINKED:
            self.action_toggle_fold()
        else:
            line = entry.line if entry.kind is EntryKind.DEAD else None
            self.post_message(self.NoteRequested(entry.path, line))

    @override
    def action_unfold(self) -> None:
        """Unfold the row; where the links of its note are shown elsewhere, go there."""
        entry = self.current
        if entry is not None and entry.kind in _ELSEWHERE:
            assert self._map is not None, "it has the row"
            self.go_to_row(self._map.rows_by_path[entry.path])
        else:
            super().action_unfold()

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Fold or unfold by a click on the mark, open by a double click."""
        found = self._state.row(row)
        before = 1 + indent(found.depth, self.scrollable_content_region.width) if found is not None else 0
        if before <= x <= before + 1:
            self.action_toggle_fold()
        elif is_double:
            self.action_open()


def _remark(entry: MapEntry) -> str:
    """What stands after the name: where else the note is on the map, that it is missing, or its folder."""
    if entry.kind is EntryKind.DEAD:
        return f"✗ {dead_link_words(entry.name)}"
    return _REMARKS.get(entry.kind, f"{display_text(entry.folder)}/" if entry.folder else "")


def _entry_row(
    entry: MapEntry, width: int, start: list[Segment], text_styles: TextStyles, *, is_current: bool
) -> Strip:
    """One row: the name, the folder or a remark after it, and numbers in columns at the right edge."""
    name = f"{'⌂ ' if entry.is_hub else ''}{display_text(entry.name)}"
    end = _columns(entry, width, text_styles)
    remark = _remark(entry)
    remark_style = text_styles.accent if entry.kind is EntryKind.CYCLE else text_styles.dim
    style = _name_style(entry, text_styles, is_current=is_current)
    taken = sum(cell_len(segment.text) for segment in (*start, *end)) + cell_len(name)
    if not remark or taken + min(cell_len(remark), 8) + 3 > width:
        if remark and entry.kind in (*_ELSEWHERE, EntryKind.DEAD):  # The sign alone has to be seen.
            end = [Segment(f"{remark[0]} ", remark_style), *end]
        return fit_row(width, start, (name, style), end)
    return fit_row(width, [*start, Segment(f"{name}  ", style)], (remark, remark_style), end)


def _name_style(entry: MapEntry, text_styles: TextStyles, *, is_current: bool) -> Style:
    if entry.kind in (EntryKind.DEAD, EntryKind.UNLINKED):
        return text_styles.dim
    if is_current:
        return text_styles.strong
    has_begun = entry.progress.done or entry.progress.in_progress
    return text_styles.text if has_begun and entry.kind is EntryKind.NOTE else text_styles.dim


def _columns(entry: MapEntry, width: int, text_styles: TextStyles) -> list[Segment]:
    """Numbers of links, bar, count and percent: as many of them as `width` has space for."""
    if entry.kind in (EntryKind.DEAD, EntryKind.UNLINKED):
        return []
    progress = entry.progress
    style = text_styles.done if progress.is_complete and progress.total else text_styles.dim
    cells = 12 if width >= _WIDE else 6
    bar = (
        progress_bar(progress, cells, text_styles)
        if progress.total
        else [Segment(f"{'no tasks':>{cells}}"[:cells] if cells > 8 else " " * cells, text_styles.faint)]
    )
    columns = [*bar, Segment(f" {percent(progress)} ", style)]
    if width >= _WIDE:
        count = f"{progress.done}/{progress.total}" if progress.total else ""
        columns = [
            *bar,
            Segment(f" {count:>{COUNT_CELLS}} ", text_styles.dim),
            Segment(f"{percent(progress)} ", style),
        ]
    if width >= _VAST:
        words = f"{entry.incoming} in" if entry.incoming else ""
        other = f"{entry.outgoing} out" if entry.outgoing else ""
        columns = [Segment(f"{words:>6} {other:>7}  ", text_styles.faint), *columns]
    return columns


class LinkMapScreen(OverlayScreen, inherit_bindings=False):
    """Shows the map; it is built in a thread whenever the vault changes."""

    AUTO_FOCUS = "LinkMapTree"
    DEFAULT_CSS = """
    LinkMapScreen {
        align-horizontal: center;
        #map { max-width: 120; height: 1fr; background: $surface; padding: 1 0 0 0; }
        #summary {
            height: 1; padding: 0 1; margin: 0 0 1 0;
            color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        #message { padding: 0 2; color: $text-muted; display: none; }
        &.-medium #map { margin: 1 1 0 1; }
        &.-narrow #summary { margin: 0; }
        &.-narrow #message { padding: 1 2; }
        &.-short #message { padding: 0 2; }
        &.-short #map { padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    def __init__(self, host: OverlayHost) -> None:
        super().__init__(host)
        self._building = FollowingWork(self, lambda: (self.view,), self._build_and_show)

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="map"):
            yield Static("", id="summary", markup=False)
            yield Static("", id="message", markup=False)
            yield LinkMapTree().data_bind(LinkMapScreen.text_styles)

    def on_mount(self) -> None:
        """Show the first map."""
        self.show(self.view)

    @override
    def show(self, view: DashboardModel) -> None:
        self._building.start()

    async def _build_and_show(self, view: DashboardModel) -> None:
        found = await asyncio.to_thread(_build, view)
        context = self.host.report.context
        open_path = context.note.path if context is not None and context.note is not None else None
        tree, message = self.query_one(LinkMapTree), self.query_one("#message", Static)
        tree.show(found, open_path)
        has_links = bool(found.links or found.dead)
        tree.display = has_links
        message.display = not has_links
        if has_links and self.focused is None:
            tree.focus()
        text = no_links_text(view)
        message.update("\n\n".join((text.title, *text.sentences)))
        self.query_one("#summary", Static).update(self._summary(found))

    def _summary(self, found: LinkMap) -> Content:
        """What is on the map, in numbers."""
        counts = (
            (found.hubs, "hub"),
            (found.roadmaps, "roadmap"),
            (found.dead, "dead link"),
            (found.cycles, "cycle"),
            (found.links, "link"),
        )
        words = " · ".join(quantity(number, noun) for number, noun in counts if number)
        return Content.assemble(("LINKS", "bold"), "   ", words)

    @on(LinkMapTree.NoteRequested)
    def _go(self, message: LinkMapTree.NoteRequested) -> None:
        self.open_note(message.path, message.line)


def _build(view: DashboardModel) -> LinkMap:
    found = link_map(view.snapshot, view.hubs)
    _ = found.outline.keys  # Computed on first use; the tree matches its rows by them.
    return found
