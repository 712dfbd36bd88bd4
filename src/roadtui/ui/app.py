"""The app: owns the vault and the workers, and passes on what happens to the screen. Small on purpose."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import display_text
from roadtui.session.history_service import HistoryService
from roadtui.session.listener import TransactionOrigin, WriteKind, WriteRequest
from roadtui.session.saved_positions import KeptTheme, SavedViewState
from roadtui.session.session import VaultSession
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import AllSubmitted, OpenScreen, TransactionSubmitted
from roadtui.ui.navigation import ScreenNavigator
from roadtui.ui.notifications import ShownMessage, ShownMessages
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.terminal_app import TerminalApp
from roadtui.ui.themes import apply_theme, register_shipped_themes
from roadtui.ui.widgets.header import HeaderState, SaveState
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.errors import NoteAwayError, VaultMissingError
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from textual.command import Provider

    from roadtui.core.edits.edit import Edit, Transaction
    from roadtui.session.actions import TaskActions
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.git.import_completions import Imported
    from roadtui.vault.overwrite_guard import Loss, OverwrittenEdit

MIN_COLUMNS, MIN_ROWS = 32, 8
"""The smallest terminal that the screens work in."""
_GC_THRESHOLDS = (10_000, 20, 100)
"""Parsing a long note makes objects by the ten thousand and none of them in cycles: the usual thresholds
would look through all of them for garbage again and again, a tenth of a second each time."""
_EDITS_PATIENCE = 3.0
"""Seconds that going to the background waits for edits that are still on their way to the disk."""
_LEAVING = 3.2
"""Seconds in which quitting is done with everything, edits included, so that the program ends within four."""
_CLOSING = 0.2
"""Seconds of these that are kept for what has to be closed."""
_SETTLING = 1.0
"""The same where a write has displaced a file, which has to stand still for a while."""
_MOST_TITLES = 10
"""So many edits that were not saved are told one by one."""


def _command_provider() -> type[Provider]:
    from roadtui.ui.commands.palette import CommandProvider  # With the palette.

    return CommandProvider


class RoadtuiApp(TerminalApp[int], inherit_bindings=False):
    """The program. Returns 0, or 1 where edits could not be saved before it ended."""

    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {
        *TerminalApp.COMMANDS,
        _command_provider,
    }
    TITLE = "roadtui"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.APP)]

    def __init__(
        self,
        vault: Vault,
        config: Config,
        clock: Clock,
        first: str | None = None,
        shown_as: str = "",
        state: Path | None = None,
        edits: Callable[[], TaskActions] | None = None,
    ) -> None:
        """Make the program for one vault.

        Args:
            vault: The vault, loaded or not.
            config: The user's settings.
            clock: Where day and time come from.
            first: Path of the note to open; None for the one that was open last, or the first there is.
            shown_as: What the top line calls the vault; empty for its path.
            state: Folder in which to remember where the user was; None remembers nothing.
            edits: Makes the steps that can be taken now; None for those of the vault.
        """
        super().__init__()
        self._vault = vault
        self._config = config
        self._clock = clock
        self._memory = SavedViewState(state, vault.root) if state is not None else None
        self._first = first
        if first is None and self._memory is not None and (last := self._memory.last_note()) is not None:
            with suppress(VaultMissingError):  # Told while loading.
                self._first = last if last in vault.refresh([last]).notes else None
        self._history = HistoryService(vault, state, clock.moment, self._history_told)
        self._session = VaultSession(vault, self, state, self._history, clock.monotonic)
        self._messages = ShownMessages()
        self._waiting: WriteRequest | None = None
        self._is_quitting = False
        self._is_over = False
        """Whether nothing can be written any more."""
        self._all_submitted = asyncio.Event()
        """Set once no edit is on its way here that was asked for before the program began to end."""
        self.last_words: list[str] = []
        """What is still to be told once the screen is gone."""
        view = DashboardModel.of(vault.snapshot, clock.today(), self._first)
        make = edits or self._edits
        days, spent = self._history.days, self._history.spent
        self._home = DashboardScreen(view, config, self._first, make, days, spent, clock.monotonic)
        self._rooms = ScreenNavigator(self, self._home, vault, config, clock, lambda: self._history.history)
        self._standing = HeaderState(shown_as or _short(vault.root), progress=view.progress)
        self._home.standing = self._standing
        self._kept_theme = KeptTheme(state) if state is not None else None
        kept = self._kept_theme.read() if config.theme is None and self._kept_theme is not None else None
        self._complaint = apply_theme(self, config.theme, kept)
        self._theme_name = self.theme
        if config.keys:
            self.set_keymap(config.keys)

    def get_default_screen(self) -> Screen[None]:
        """The dashboard, without a blank screen before it."""
        return self._home

    def on_mount(self) -> None:
        """Show what is known already; start everything else after the first paint."""
        self.call_after_refresh(self._start)
        # Textual comes back from the background without painting what it does not know to be lost.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    def _start(self) -> None:
        gc.freeze()
        gc.set_threshold(*_GC_THRESHOLDS)
        gc.enable()
        self.run_worker(self._load(), group="load")
        self.run_worker(self._session.watch(), group="watch")
        self.run_worker(self._session.edits.run(), group="write")
        self.run_worker(self._history.run(), group="history")
        self._settle_in()

    async def _load(self) -> None:
        if self._memory is not None:
            self._home.task_tree.recall(await asyncio.to_thread(self._memory.places))
        await self._session.load(self._first)
        gc.freeze()  # What was read stays: no later collection need look through it.

    def _settle_in(self) -> None:
        """What the first paint does not need: themes to choose from, and complaints about the config."""
        register_shipped_themes(self)
        self.theme_changed_signal.subscribe(self, lambda theme: self._keep_theme(theme.name))
        if self._complaint is not None:
            self._say(self._complaint, "warning")
        if self._config.keys:
            from roadtui.ui.keymap import keymap_problems  # Only for a config that sets keys.

            for problem in keymap_problems(self._config.keys):
                self._say(problem, "warning")

    def _keep_theme(self, name: str) -> None:
        """Remember the theme `name`, if the user has just chosen it and the config leaves it to them."""
        before, self._theme_name = self._theme_name, name
        if name == before:
            return
        if self._config.theme is None:
            if self._kept_theme is not None:
                self._kept_theme.write(name)
        elif name != self._config.theme:
            self._say("Your config sets the theme: this one lasts until you leave.")

    def _tell(self, **changes: Any) -> None:
        """Change what the top line says."""
        self._standing = self._standing._replace(**changes)
        self._home.standing = self._standing

    @override
    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """A message that is on the screen already is counted."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        now = self._clock.monotonic()
        new = ShownMessage(message, title, severity, markup, now + seconds)
        shown = self._messages.add(new, now)
        if shown is not None:
            self.clear_notifications()
        for one in shown or [new]:
            super().notify(
                one.counted_text,
                title=one.title,
                severity=one.severity,
                timeout=one.until - now,
                markup=one.markup,
            )

    def on_click(self, event: events.Click) -> None:
        """Forget a message that the click takes away, so that a repeated one does not bring it back."""
        if event.widget is not None and event.widget.css_identifier == "Toast":
            self._messages.dismiss(str(event.widget.render()))

    def _say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Show a sentence for a while; text of notes in it is made harmless."""
        if self._is_quitting and severity != "information":
            self.last_words.append(sentence)  # The screen is gone before it can be read.
        timeout = 5 if severity == "information" else 10
        self.notify(display_text(sentence), severity=severity, timeout=timeout, markup=False)

    # What becomes of the vault and of edits (`SessionListener`)

    def view(self, snapshot: Snapshot) -> DashboardModel:
        """The view model for `snapshot`."""
        return DashboardModel.of(snapshot, self._clock.today(), self._home.path)

    def open_path(self) -> str | None:
        """The note on the screen."""
        return self._home.path

    def vault_changed(self, view: DashboardModel, origin: TransactionOrigin) -> None:
        """Show the vault as it is now."""
        self._home.show(view, from_outside=origin is TransactionOrigin.OUTSIDE)
        self._tell(progress=view.progress)

    def step_saved(self, job: WriteRequest, done: TransactionResult, view: DashboardModel | None) -> None:
        """Show the notes with the step in them."""
        self._home.settle(job.step, is_written=True)
        self._show_saving(saved_at=self._clock.now().strftime("%H:%M:%S"))
        note = done.snapshot.notes.get(done.path)
        self._home.written(done.path, note)
        if view is not None:
            if job.direction is WriteKind.DO and self._config.celebrate:
                paths = [edit.path for edit in job.step.edits]
                self.run_worker(self._celebrate(self._home.snapshot, view.snapshot, paths), group="celebrate")
            self.vault_changed(view, TransactionOrigin.HERE)
        if note is not None:
            self._home.commands.settled(job.step, note, done.line)
        if job.direction is WriteKind.AGAIN:
            self._say(f"Another program undid this from an old copy; done again: {job.step.title}")
        elif job.direction is not WriteKind.DO:
            verb = "Undone" if job.direction is WriteKind.UNDO else "Done again"
            if note is not None:
                self._home.open(done.path, done.line)
                self._say(f"{verb}: {job.step.title}")
            else:
                self._say(f"{verb}: {job.step.title}. {done.path}, made for it, is gone again.")

    def _show_saving(self, saved_at: str = "") -> None:
        """Show where the user's edits are, now that one is over; `saved_at`: when, if it was saved.

        A refused edit is none that is still to be saved: after it the last one that was saved is shown again.
        """
        saved_at = saved_at or self._standing.saved_at
        over = SaveState.SAVED if saved_at else SaveState.NOTHING
        self._tell(saving=SaveState.UNDER_WAY if self._session.edits.to_save else over, saved_at=saved_at)

    async def _celebrate(self, before: Snapshot, after: Snapshot, paths: list[str]) -> None:
        from roadtui.session.milestones import new_milestones  # The first screen needs none.

        found = new_milestones(before, after, paths, self._history)
        for occasion in await asyncio.to_thread(list, found):
            self._say(occasion.sentence)
            for tree in self._home.query(TaskTree):  # None where the program is ending.
                tree.light_up(occasion.sections)

    def step_waits(self, job: WriteRequest, error: RoadtuiError) -> None:
        """Say that the step is not lost."""
        self._tell(saving=SaveState.WAITING)
        if self._waiting is not job and not isinstance(error, NoteAwayError):
            self._waiting = job
            self._say(f"{job.step.edits[0].path} is in use by another program. Saved as soon as it is free.")

    def step_refused(self, job: WriteRequest, error: RoadtuiError) -> None:
        """Show the notes as they are, and say why the step is not in them."""
        self._home.settle(job.step)
        self._show_saving()
        if not self._home.commands.refused(job.step, error):
            self._say(str(error), "error")

    def step_pending(self, job: WriteRequest, fallen: OverwrittenEdit) -> None:
        """Show the marks that are about to be written again."""
        self._home.mark_pending(job.step, fallen.note, fallen.marks)

    def step_dropped(self, job: WriteRequest) -> None:
        """Show what the note says."""
        self._home.settle(job.step)

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        """Say that another program does not let the edit stand."""
        self._say(loss.sentence(edit.title, edit.path), "error")

    def found(self, sentence: str) -> None:
        """Say what became of an earlier write."""
        self._say(sentence, "warning")

    def nothing_left(self, direction: WriteKind) -> None:
        """Say so."""
        self._say(f"Nothing to {'undo' if direction is WriteKind.UNDO else 'make again'}.")

    def _history_told(self, sentences: list[str]) -> None:
        """The history knows more: count anew; and say what is wrong with its journals."""
        self._home.report()
        for sentence in sentences:
            self._say(sentence, "warning")

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """Say how the vault is watched."""
        self._tell(watching=words, is_live=is_live)

    # What the user asks for

    @on(TransactionSubmitted)
    def _submit(self, message: TransactionSubmitted) -> None:
        self.submit(message.transaction)

    @on(AllSubmitted)
    def _know_all_submitted(self) -> None:
        self._all_submitted.set()

    @on(OpenScreen)
    def _enter(self, message: OpenScreen) -> None:
        self._rooms.enter(message)

    def submit(self, step: Transaction) -> None:
        """Have a step written."""
        if self._is_over:
            self.last_words += _not_saved([step.title])
            self.exit(1)
            return
        self._tell(saving=SaveState.UNDER_WAY)
        self._session.edits.submit(step)

    def _edits(self) -> TaskActions:
        """What makes the steps that can be taken now."""
        from roadtui.session.actions import TaskActions  # With the first edit: the first screen needs none.

        return TaskActions.of(self._vault, self._clock.today())

    def on_key(self, event: events.Key) -> None:
        """What was typed while a panel was still opening belongs there."""
        if event.is_printable and event.character is not None and self.screen.is_modal:
            from roadtui.ui.dialogs.base import InlineDialog  # There is one, or another screen on top.

            if isinstance(self.screen, InlineDialog):
                self.screen.typed(event.character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No palette on top of a question, no undo where notes are only looked at."""
        if action in ("undo", "redo"):
            return not isinstance(self.screen, OverlayScreen) or self.screen.TAKES_EDITS
        return action != "command_palette" or not self.screen.is_modal

    @override
    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if screen is self._home:
            yield SystemCommand(
                "Take dates from git", "When each box was ticked, by the vault's own log", self.import_history
            )

    def import_history(self) -> None:
        """Find in the vault's git when what is done was done."""
        from roadtui.ui.dialogs.progress import import_panel, outcome  # From the palette, seldom.

        history, text_styles = self._history.history, self._home.text_styles
        if history is None or text_styles is None:
            self._say("Not yet: the vault is still being read.")
            return

        def told(found: Imported | RoadtuiError | None) -> None:
            if found is not None:
                self._say(outcome(found), "error" if isinstance(found, RoadtuiError) else "information")
                self._home.report()

        self.push_screen(import_panel(self._vault, history, self._home.note_pane, text_styles), told)

    def action_undo(self) -> None:
        """Take the last edit back."""
        self._session.edits.undo()

    def action_redo(self) -> None:
        """Make the last undone edit again."""
        self._session.edits.redo()

    def action_insights(self) -> None:
        """Show the numbers over time, full screen."""
        from roadtui.ui.screens.insights import InsightsScreen  # The first screen needs none of it.

        self.push_screen(InsightsScreen(self._home))

    def action_toggle_help(self) -> None:
        """Show or hide the keys of the focused pane."""
        shows = bool(self.screen.query("HelpPanel"))
        self.screen.set_class(not shows, "-help")
        if shows:
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_close_help(self) -> None:
        """Hide the keys, if they are shown."""
        if self.screen.query("HelpPanel"):
            self.action_toggle_help()

    async def action_quit(self) -> None:
        """Leave, once every edit is on disk. Asked again meanwhile, by a key or a signal, it goes on."""
        if not self._is_quitting:
            self._is_quitting = True
            # Beside the messages that are still on their way here, which may be edits.
            self.run_worker(self._leave(), group="quit")

    async def _leave(self) -> None:
        """Put everything in order and end the program, `_LEAVING` seconds from now at the latest."""
        ends_at = self._clock.monotonic() + _LEAVING

        def left(kept: float = 0.0) -> float:
            """Seconds until then, without those that are `kept` for what comes later."""
            return max(0.0, ends_at - kept - self._clock.monotonic())

        await self._rooms.close()
        kept = _SETTLING if self._vault.writer.is_unsettled else _CLOSING
        self._session.end_within(left(kept))
        if self._home.post_message(AllSubmitted()):
            with suppress(TimeoutError):
                async with asyncio.timeout(left(kept)):
                    await self._all_submitted.wait()
        await self._session.edits.finish(left(kept))
        await self._session.look_at_edits(left(kept))
        await self._session.edits.finish(left(kept))
        self.workers.cancel_group(self, "watch")  # What others change from now on is seen at the next start.
        if self._memory is not None:
            self._memory.keep(self._home.path, self._home.task_tree.places())
        found, unsaved = await self._session.close(left(_CLOSING))
        await self._history.close(left())
        self._is_over = True
        self.last_words += [*found, *_not_saved(unsaved)]
        self.exit(1 if unsaved else 0)

    @override
    def words_at_once(self) -> list[str]:
        unsaved = [] if self._is_over else self._session.edits.give_up()
        return [*self.last_words, *_not_saved(unsaved, "Not known to be saved")]

    async def action_suspend(self) -> None:
        """Go to the background, but never with a write half done: others would wait for its lease."""
        if await self._session.edits.finish(_EDITS_PATIENCE):
            self.action_suspend_process()
        else:
            self._say("Not yet: an edit is still on its way to the disk.", "warning")

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """The user is back, maybe from Obsidian."""
        self._session.rescan()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is no room."""
        is_tiny = event.size.width < MIN_COLUMNS or event.size.height < MIN_ROWS
        if not is_tiny and len(self.screen_stack) <= 1:
            return
        from roadtui.ui.screens.too_small import TooSmallScreen  # Hardly ever needed.

        if is_tiny and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(MIN_COLUMNS, MIN_ROWS))
        elif not is_tiny and isinstance(self.screen, TooSmallScreen):
            self.pop_screen()


def _not_saved(titles: list[str], state: str = "Not saved") -> list[str]:
    """What to tell of edits that were given up."""
    told = [f"{state}: {title}." for title in titles[:_MOST_TITLES]]
    more = len(titles) - len(told)
    return [*told, f"{state}: {more} more."] if more else told


def _short(path: Path) -> str:
    """`path` with `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
