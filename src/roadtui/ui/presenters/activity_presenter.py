"""Shows what has changed since the last look: badges in the tree, a number in the header, and the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.timer import Timer

from roadtui.clock import Clock
from roadtui.core.activity.changes import ShownChange
from roadtui.core.quantity import quantity
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.activity.activity import Activity, ListedChange, NoteMarks
from roadtui.session.activity.activity_service import ActivityService
from roadtui.session.activity.row_words import gone_texts, row_forms
from roadtui.session.activity.words import count_words
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.widgets.changes.glances import GLANCE_SECONDS, Glances
from roadtui.ui.widgets.header import ChangesSinceLook
from roadtui.ui.widgets.rows.badges import STRUCK, Badge, Badges
from roadtui.ui.widgets.rows.columns import Form, Words
from roadtui.ui.widgets.sidebar import ChangesInNote
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from pathlib import Path

    from roadtui.session.history_service import HistoryService
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.vault import Vault


class ActivityPresenter:
    """Owns the service that finds changes, and shows them on the dashboard."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        vault: Vault,
        state: Path | None,
        history: HistoryService,
        clock: Clock,
    ) -> None:
        """Begin to look for changes.

        Args:
            app: Runs the service.
            dashboard: Shows the badges and the number.
            vault: The vault.
            state: Keeps what was seen; None keeps nothing.
            history: Knows what was done on other machines.
            clock: Returns day and time.
        """
        self._app = app
        self._dashboard = dashboard
        self._clock = clock
        self._seen_twice = Glances()
        self._glances: Timer | None = None
        self.service = ActivityService(vault, state, history, clock, self._show)
        """Finds the changes."""
        dashboard.activity_service = self.service
        start_worker(app, self.service.run, group="activity")

    def vault_changed(self) -> None:
        """The history has recorded the vault as it is now."""
        self.service.vault_changed()

    def changed_here(self, result: TransactionResult) -> None:
        """A transaction, undo or redo of the user is written."""
        self.service.changed_here(result)

    def input_came(self) -> None:
        """Somebody has pressed a key, or clicked."""
        self.service.key_pressed()
        if self.service.activity.unseen and self._glances is None:
            self._glances = self._app.set_interval(GLANCE_SECONDS, self._glance)

    async def close(self, seconds: float) -> None:
        """Save what was seen."""
        await self.service.close(seconds)

    # Showing

    def _show(self, activity: Activity) -> None:
        dashboard = self._dashboard
        if not has_children(dashboard.panes):
            return
        number, unseen = len(activity.listed), bool(activity.unseen)
        words = count_words(number, activity.since, self._clock.moment())
        changes = (
            ChangesSinceLook(number, words, quantity(number, "change"), is_seen=not unseen)
            if number
            else None
        )
        dashboard.header.update(changes=changes)
        tree = dashboard.task_tree
        tree.badges.find = self._badges
        tree.badges.show(tree.note, tree.outline_state.outline)
        dashboard.panes.sidebar.show_changes(
            {
                path: ChangesInNote(len(listed), all(one.is_seen for one in listed))
                for path, listed in activity.by_path.items()
            }
        )
        dashboard.activity_changed.publish(activity)
        if unseen and self._glances is None:
            self._glances = self._app.set_interval(GLANCE_SECONDS, self._glance)
        elif not unseen:
            self._stop_glances()

    def _stop_glances(self) -> None:
        if self._glances is not None:
            self._glances.stop()
            self._glances = None

    def _glance(self) -> None:
        """Take for seen what was on the screen at the last glance, too, while somebody is there."""
        dashboard = self._dashboard
        if not self.service.is_at_keyboard:
            self._stop_glances()  # The next key starts them again.
        is_looking = self.service.is_at_keyboard and self._app.screen is dashboard and self._app.app_focus
        tree = dashboard.task_tree
        now: frozenset[ShownChange] = frozenset()
        if is_looking and tree.region:
            now = frozenset().union(*(badge.unseen for badge in tree.badges.of_rows(tree.rows_on_screen)))
        seen = self._seen_twice.seen(now)
        if seen:
            self.service.see(seen)

    def _badges(self, note: VaultNote) -> Badges | None:
        activity = self.service.activity
        if note.path not in activity.notes:
            return {}
        marks = activity.marks(note)
        return _badges_of(marks, self._dashboard.view.snapshot.statuses) if marks is not None else None


def _badges_of(marks: NoteMarks, statuses: StatusRegistry) -> Badges:
    return {
        key: _badge(marks.rows.get(key), marks.gone.get(key, ()), statuses)
        for key in {**marks.rows, **marks.gone}
    }


def _badge(listed: ListedChange | None, lost: Sequence[ListedChange], statuses: StatusRegistry) -> Badge:
    forms: list[Form] = [()]
    sign = Words("−", "dim")
    if listed is not None:
        style = _style(listed)
        found = row_forms(listed, statuses)
        forms = [(Words(form, style),) for form in found.forms]
        sign = Words(found.sign, style)
    if lost:
        forms = [*_with_gone(forms, lost, statuses), *(form for form in forms if form)]
    unseen = frozenset(one.change.shown for one in (listed, *lost) if one is not None and not one.is_seen)
    return Badge(tuple(forms), sign, unseen, (listed is not None) + len(lost))


def _with_gone(
    forms: Sequence[Form], lost: Sequence[ListedChange], statuses: StatusRegistry
) -> Iterator[Form]:
    """`forms` with what is gone, struck through; the longest first, then without who it was."""
    texts = list(gone_texts(lost))
    style = _style(lost[0])
    who = row_forms(lost[0], statuses).forms
    before: Form = (*forms[0], Words("  ", "dim")) if forms[0] else ()
    joined: Form = tuple(
        part for text in texts for part in (Words("− ", style), Words(text, STRUCK), Words("  ", "dim"))
    )
    for form in who:
        yield (*before, *joined, Words(form, style))
    yield (*before, *joined[:-1])
    if len(texts) > 1:
        yield (*before, Words(f"− {len(texts)} gone", style))
    if forms[-1]:
        yield (*forms[-1], Words(" −", style))


def _style(listed: ListedChange) -> str:
    """What was not seen yet comes forward."""
    return "dim" if listed.is_seen else "accent"
