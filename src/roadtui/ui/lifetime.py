"""Starts the work of the full-screen program after its first paint, and ends the program in order."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Final

from roadtui.clock import Clock
from roadtui.session.history_service import HistoryService
from roadtui.session.session import VaultSession
from roadtui.session.view_model import DashboardModel
from roadtui.ui.messages import AllSubmitted
from roadtui.ui.navigation import ScreenNavigator
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.saved_view_presenter import SavedViewPresenter
from roadtui.ui.terminal.terminal_app import TerminalApp
from roadtui.ui.workers import start_worker

IDLE_AFTER: Final = 1.0
"""Seconds after the vault was read until what is likely to be used is imported."""
_GC_THRESHOLDS: Final = (10_000, 20, 100)
"""Parsing a long note makes tens of thousands of objects, none of them in cycles: with the usual thresholds
the garbage collector would traverse all of them again and again, a tenth of a second each time."""
_SWITCH_INTERVAL: Final = 0.001
"""Seconds after which a thread that computes gives way to a key or a repaint, which wait so long anew after
each of their system calls; the interpreter's own value is five times as much."""
_USED_SOON: Final = (
    "roadtui.session.actions",
    "roadtui.ui.command_host",
    "roadtui.vault.commit",
    "roadtui.vault.writing",
    "roadtui.vault.watch.watcher",
    "roadtui.ui.presenters.find_presenter",
    "roadtui.vault.history.history",
    "roadtui.ui.presenters.activity_presenter",
)
"""What the first edit and the first second after the first screen need, in the order of the imports."""
_QUIT_SECONDS: Final = 3.2
"""Seconds that quitting takes at most, edits included, so that the program ends within four."""
_CLOSING_SECONDS: Final = 0.2
"""Seconds of these that are reserved for closing the vault and the history."""
_DISPLACED_SECONDS: Final = 1.0
"""The same where a write has displaced a file, which must stay unchanged for a while before it is removed."""
_MOST_TITLES: Final = 10
"""The most edits that were not saved and are listed one by one."""


class Lifetime:
    """Starts and ends the program."""

    def __init__(
        self,
        app: TerminalApp[int],
        session: VaultSession[DashboardModel],
        history: HistoryService,
        navigator: ScreenNavigator,
        saved_view: SavedViewPresenter,
        notifier: Notifier,
        clock: Clock,
        close_activity: Callable[[float], Awaitable[None]],
    ) -> None:
        """Make the lifetime of `app`.

        Args:
            app: The program; it exits with 1 where edits could not be saved.
            session: Loads, watches and writes the vault.
            history: Records what is completed.
            navigator: Closes the screens that are open on top of the dashboard.
            saved_view: Keeps what the user sees from run to run.
            notifier: Shows sentences, and prints those of the end after it.
            clock: Returns seconds that never step back.
            close_activity: Saves what was seen, within some seconds.
        """
        self._close_activity = close_activity
        self._app = app
        self._session = session
        self._history = history
        self._navigator = navigator
        self._saved_view = saved_view
        self._notifier = notifier
        self._clock = clock
        self._all_submitted = asyncio.Event()
        """Set once all edits that were requested before the program began to end have arrived."""
        self._is_over = False

    def start(self, first: str | None, start_others: Callable[[], None]) -> None:
        """Load, watch and write the vault from now on; the note at `first` is loaded before the others.

        `start_others`: starts work that needs modules which are not imported yet. Called once they are.
        """
        gc.freeze()
        gc.set_threshold(*_GC_THRESHOLDS)
        gc.enable()
        sys.setswitchinterval(_SWITCH_INTERVAL)
        start_worker(self._app, self._load, first, group="load")
        start_worker(self._app, self._session.edits.run, group="write")
        start_worker(self._app, self._start_others, start_others, group="watch")

    async def _start_others(self, start_others: Callable[[], None]) -> None:
        # In a thread: the first keys would wait for the imports, 20 to 40 ms each.
        await asyncio.to_thread(_import, _USED_SOON)
        start_worker(self._app, self._history.run, group="history")
        start_others()
        await self._session.watch()

    async def _load(self, first: str | None) -> None:
        await self._saved_view.restore()
        await self._session.load(first)
        gc.freeze()  # The notes stay in memory: later collections need not traverse them.
        prepare = partial(start_worker, self._app, asyncio.to_thread, _prepare, group="prepare")
        self._app.set_timer(IDLE_AFTER, prepare)

    def end(self) -> None:
        """End the program once every edit is on disk, or `_QUIT_SECONDS` from now. Later calls do nothing."""
        if not self._notifier.is_ending:
            self._notifier.is_ending = True
            # In a worker, as messages that are still queued here may be edits.
            start_worker(self._app, self._end, group="quit")

    def all_submitted(self) -> None:
        """Report that all edits that were requested before the program began to end have arrived."""
        self._all_submitted.set()

    def takes_edits(self, title: str) -> bool:
        """Whether an edit can still be written; if not, `title` is listed as not saved after the end."""
        if self._is_over:
            self._notifier.exit_messages += not_saved([title])
            self._app.exit(1)
        return not self._is_over

    def give_up(self) -> list[str]:
        """End without waiting: the sentences about edits that are not known to be saved. Any thread."""
        return [] if self._is_over else not_saved(self._session.edits.give_up(), "Not known to be saved")

    async def _end(self) -> None:
        ends_at = self._clock.monotonic() + _QUIT_SECONDS

        def left(kept: float = 0.0) -> float:
            """Seconds until `ends_at`, minus those that are `kept` for later steps."""
            return max(0.0, ends_at - kept - self._clock.monotonic())

        await self._navigator.close()
        kept = _DISPLACED_SECONDS if self._session.is_unsettled else _CLOSING_SECONDS
        self._session.end_within(left(kept))
        if self._navigator.post_to_dashboard(AllSubmitted()):
            with suppress(TimeoutError):
                async with asyncio.timeout(left(kept)):
                    await self._all_submitted.wait()
        await self._session.edits.finish(left(kept))
        await self._session.check_edits(left(kept))
        await self._session.edits.finish(left(kept))
        # Later changes of other programs are found at the next start.
        self._app.workers.cancel_group(self._app, "watch")
        self._saved_view.save()
        found, unsaved = await self._session.close(left(_CLOSING_SECONDS))
        await self._close_activity(left())
        await self._history.close(left())
        self._is_over = True
        self._notifier.exit_messages += [*found, *not_saved(unsaved)]
        self._app.exit(1 if unsaved else 0)


def _import(names: Iterable[str]) -> None:
    for name in names:
        import_module(name)


def _prepare() -> None:
    """Import the preview: with its first use it would take longer than a key may."""
    from roadtui.session.preview_notes import prepare  # As above.

    prepare()


def not_saved(titles: Iterable[str], state: str = "Not saved") -> list[str]:
    """The sentences about edits with these titles that were given up."""
    all_titles = list(titles)
    sentences = [f"{state}: {title}." for title in all_titles[:_MOST_TITLES]]
    more = len(all_titles) - len(sentences)
    return [*sentences, f"{state}: {more} more."] if more else sentences
