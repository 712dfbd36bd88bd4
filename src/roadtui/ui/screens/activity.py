"""While you were away: what has changed since the last look, who it was, and how it is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.errors import RefusedError
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import display_text
from roadtui.core.titles import short_title
from roadtui.session.activity.activity import Activity, ListedChange
from roadtui.session.activity.listing import ListedEntry, batch_question, change_list, kind_counts
from roadtui.session.activity.words import change_word, count_words
from roadtui.session.empty_states import no_changes_text
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.dialogs.anchor import BottomAnchor
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.widgets.changes.change_list import ChangeList
from roadtui.ui.widgets.changes.glances import GLANCE_SECONDS, Glances
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.workers import FollowingWork, start_worker


class ActivityScreen(OverlayScreen, inherit_bindings=False):
    """Lists the changes, and follows them. What was on it for a moment is seen."""

    AUTO_FOCUS = "ChangeList"
    DEFAULT_CSS = """
    ActivityScreen {
        align-horizontal: center;
        #list { max-width: 150; height: 1fr; background: $surface; padding: 1 0 0 0; }
        #summary {
            height: 1; padding: 0 1; margin: 0 0 1 0;
            color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        #message { padding: 1 2; color: $text-muted; display: none; }
        #lines {
            height: 2; margin: 1 0 0 0; padding: 0 2;
            color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-medium #list { margin: 1 1 0 1; }
        &.-narrow #list { padding: 0; }
        &.-narrow #summary { margin: 0; }
        &.-short #list { padding: 0; }
        &.-short #summary { margin: 0; }
        &.-short #message { padding: 0 2; }
        &.-short #lines { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    def __init__(self, host: OverlayHost) -> None:
        super().__init__(host)
        self._listing_work = FollowingWork(self, lambda: (self.view, self._activity), self._list)
        self._glances = Glances()

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="list"):
            yield Static("", id="summary", markup=False)
            yield Static("", id="message", markup=False)
            yield ChangeList().data_bind(ActivityScreen.text_styles)
            yield Static("", id="lines", markup=False)

    def on_mount(self) -> None:
        """Make the first list, and follow what has changed."""
        self.host.activity_changed.subscribe(self, lambda _: self.show(self.view))
        self.show(self.view)
        self.set_interval(GLANCE_SECONDS, self._glance)

    @property
    def listing(self) -> ChangeList:
        """The list."""
        return self.query_one(ChangeList)

    @property
    def _activity(self) -> Activity | None:
        service = self.host.activity_service
        return service.activity if service is not None and service.is_begun else None

    # Showing

    @override
    def show(self, view: DashboardModel) -> None:
        self._listing_work.start()

    async def _list(self, view: DashboardModel, activity: Activity | None) -> None:
        items = await asyncio.to_thread(change_list, activity, view.snapshot) if activity is not None else []
        if not has_children(self):
            return  # It is closing.
        service = self.host.activity_service
        now = service.now if service is not None else None
        if now is not None:
            self.listing.show(items, now)
        text = no_changes_text(activity, now)
        message, summary = self.query_one("#message", Static), self.query_one("#summary", Static)
        message.update("\n\n".join((text.title, *text.sentences)))
        message.display = not items
        summary.display = self.listing.display = bool(items)
        if items and self.focused is None:
            self.listing.focus()
        if activity is not None and now is not None:
            words = count_words(len(activity.listed), activity.since, now)
            counts = kind_counts([item.entry for item in items if isinstance(item, ListedEntry)])
            summary.update(Content.assemble(("CHANGES", "bold"), "   ", words, "   ", counts))
        self._show_lines()

    @on(LineList.CursorMoved)
    def _show_lines(self) -> None:
        """Show the line under the cursor as it was, and as it is."""
        row = self.listing.current
        before, after = (row.entry.before, row.entry.after) if row is not None else (None, None)
        both = (("was", before), ("is", after))
        lines = (f"{word:>3}  {display_text(line.strip())}" for word, line in both if line is not None)
        self.query_one("#lines", Static).update("\n".join(lines))

    def _glance(self) -> None:
        """Take for seen what was on the screen at the last glance, too, while somebody is there."""
        service = self.host.activity_service
        is_looking = self.app.screen is self and self.app.app_focus
        if service is not None and has_children(self) and is_looking and service.is_at_keyboard:
            seen = self._glances.seen(self.listing.unseen_on_screen)
            if seen:
                service.see(seen)
        else:
            self._glances.seen(frozenset())

    # What is done with a change

    @on(ChangeList.AllSeen)
    def _see_all(self) -> None:
        if self.host.activity_service is not None:
            self.host.activity_service.see_all()

    @on(ChangeList.ActionRequested)
    async def _act(self, message: ChangeList.ActionRequested) -> None:
        row = message.row
        if message.action == "open":
            if row.target is not None:
                self.open_note(row.entry.path, row.target)
            return
        activity = self._activity
        batch = [row.listed]
        if message.action == "batch" and activity is not None:
            batch = [one for one in activity.listed if one.came_with(row.listed)] or batch
        if len(batch) == 1:
            # Beside the keys: another program may keep the file of what was seen for a while.
            start_worker(self.app, self._take_back, batch, group="take back")
        else:
            await self._ask(batch)

    async def _ask(self, batch: Sequence[ListedChange]) -> None:
        """Ask before all of `batch` is taken back."""
        text_styles, statuses = self.text_styles, self.view.snapshot.statuses
        if text_styles is None:
            return
        question = batch_question(batch, {one.id: change_word(one.change, statuses) for one in batch})
        dialog = ConfirmDialog(
            question, "take them back", "leave them", BottomAnchor(self.query_one("#list")), text_styles
        )

        async def answered(answer: bool | None) -> None:
            if answer:
                start_worker(self.app, self._take_back, batch, group="take back")

        await self.app.push_screen(dialog, answered)

    async def _take_back(self, batch: Sequence[ListedChange]) -> None:
        """Have what was seen restored, as one transaction."""
        commands, service = self.host.commands.context, self.host.activity_service
        if service is None:
            return
        try:
            transaction = await service.take_back(commands.actions.context, [one.change for one in batch])
        except RefusedError as error:
            commands.refuse(error)
            return
        commands.submit(transaction, partial(self._taken_back, batch))

    def _taken_back(self, batch: Sequence[ListedChange], saved: SavedAt | None) -> None:
        if saved is None or self.host.activity_service is None:
            return
        service = self.host.activity_service
        alone = sum(service.comes_back_alone(one.change) for one in batch)
        service.taken_back([one.id for one in batch])
        what = f"“{short_title(batch[0].change.row.text)}”"
        what = what if len(batch) == 1 else quantity(len(batch), "change")
        less = ""
        if alone:
            which = "Its" if len(batch) == 1 else f"Of {quantity(alone, 'task')} the"
            less = f" {which} line alone is back: text that may have been below it is not known."
        self.host.commands.context.say_done(f"Taken back: {what}.{less} u undoes that.")
