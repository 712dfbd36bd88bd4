"""RoadTUI: owns the vault and the workers, and passes on what happens to the screen. Small on purpose."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from textual import events, on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from roadtui.config import Config
from roadtui.core.display import safe
from roadtui.core.errors import RoadtuiError
from roadtui.ui.keeper import Direction, Job, Keeper, Origin
from roadtui.ui.screens.home import Home
from roadtui.ui.themes import DARK
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.widgets.top_bar import Saving, Standing
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Committed, Vault

_QUIT_PATIENCE = 3.0
"""Seconds that quitting waits for edits that are still on their way to the disk."""


class Clock(NamedTuple):
    """Where the day and the time come from; scripts and tests bring their own."""

    today: Callable[[], date] = date.today
    now: Callable[[], datetime] = datetime.now


class RoadTUI(App[int]):
    """The program. Returns 0, or 1 where edits could not be saved before it ended."""

    TITLE = "roadtui"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "undo", id="undo", tooltip="Take the last change back"),
        Binding("ctrl+r", "redo", "redo", id="redo", show=False, tooltip="Make it again"),
        Binding(
            "question_mark", "toggle_help", "help", id="help", key_display="?", tooltip="Keys of this pane"
        ),
        Binding("ctrl+p", "command_palette", "palette", id="palette", key_display="^p", priority=True),
        Binding("q", "quit", "quit", id="quit", tooltip="Leave; everything is saved already"),
    ]

    def __init__(
        self, vault: Vault, config: Config, clock: Clock, first: str | None = None, shown_as: str = ""
    ) -> None:
        """Make the program for one vault.

        Args:
            vault: The vault, loaded or not.
            config: The user's settings.
            clock: Where day and time come from.
            first: Path of the note to open; None for the first there is.
            shown_as: What the top line calls the vault; empty for its path.
        """
        super().__init__()
        self._vault = vault
        self._config = config
        self._clock = clock
        self._first = first
        self._keeper = Keeper(vault, self)
        self._home = Home(clock.today(), config.count, vault.snapshot, first)
        self._standing = Standing(shown_as or _short(vault.root), progress=vault.snapshot.progress)
        self._home.standing = self._standing
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The dashboard, without a blank screen before it."""
        return self._home

    def on_mount(self) -> None:
        """Show what is known already; start everything else after the first paint."""
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        gc.freeze()
        gc.enable()
        self._load()
        self._watch()
        self._write()

    @work(group="load")
    async def _load(self) -> None:
        await self._keeper.load(self._first)

    @work(group="watch")
    async def _watch(self) -> None:
        await self._keeper.watch()

    @work(group="write")
    async def _write(self) -> None:
        await self._keeper.write()

    def _tell(self, **changes: Any) -> None:
        """Change what the top line says."""
        self._standing = self._standing._replace(**changes)
        self._home.standing = self._standing

    # What becomes of the vault and of edits (`keeper.Audience`)

    def vault_changed(self, snapshot: Snapshot, origin: Origin) -> None:
        """Show the vault as it is now."""
        self._home.show(snapshot, from_outside=origin is Origin.OUTSIDE)
        self._tell(progress=snapshot.progress)

    def edit_saved(self, job: Job, committed: Committed) -> None:
        """Show the note with the edit in it."""
        self._tell(saving=Saving.SAVED, saved_at=self._clock.now().strftime("%H:%M:%S"))
        self.vault_changed(committed.snapshot, Origin.HERE)
        if job.direction is not Direction.DO:
            self._home.open(committed.path, committed.line)
            self.notify(
                f"{'Undone' if job.direction is Direction.UNDO else 'Done again'}: {job.edit.title}",
                markup=False,
            )

    def edit_waits(self, job: Job, error: RoadtuiError) -> None:
        """Say that the edit is not lost."""
        self._tell(saving=Saving.UNDER_WAY)

    def edit_refused(self, job: Job, error: RoadtuiError) -> None:
        """Show the note as it is, and say why the edit is not in it."""
        self._home.task_tree.drop_pending()
        self._tell(saving=Saving.REFUSED)
        self.notify(str(error), severity="error", timeout=8, markup=False)

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """Say how the vault is watched."""
        self._tell(watching=words, is_live=is_live)

    # What the user asks for

    @on(TaskTree.ToggleRequested)
    def _toggle(self, message: TaskTree.ToggleRequested) -> None:
        from roadtui.vault import edits  # With the first edit: the first screen needs none.

        snapshot = self._vault.snapshot
        symbol = edits.next_symbol(snapshot, message.task, message.seen)
        edit = edits.set_status(
            snapshot,
            message.note,
            message.task,
            symbol,
            self._clock.today(),
            dates=self._vault.dates,
            seen=message.seen,
        )
        self._home.task_tree.mark_pending(message.task, symbol)
        self._tell(saving=Saving.UNDER_WAY)
        self._keeper.submit(edit)

    def action_undo(self) -> None:
        """Take the last edit back."""
        if self._keeper.undo() is None:
            self.notify("Nothing to undo.")

    def action_redo(self) -> None:
        """Make the last undone edit again."""
        if self._keeper.redo() is None:
            self.notify("Nothing to redo.")

    def action_toggle_help(self) -> None:
        """Show or hide the keys of the focused pane."""
        shows = bool(self.screen.query("HelpPanel"))
        self.screen.set_class(not shows, "-help")
        if shows:
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    async def action_quit(self) -> None:
        """Leave, once every edit is on disk."""
        saved = await self._keeper.finish(_QUIT_PATIENCE)
        self.exit(0 if saved else 1)

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """The user is back, maybe from Obsidian."""
        self._keeper.look_around()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message. It may quote a note: nothing in it acts on the terminal, and it is no markup."""
        super().notify(safe(message), title=safe(title), severity=severity, timeout=timeout, markup=markup)


def _short(path: Path) -> str:
    """`path` with `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
