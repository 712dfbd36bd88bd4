"""The progress of a long job at the bottom of a pane, with a key that cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import BottomAnchor, DialogAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.styles import TextStyles
from roadtui.ui.workers import start_worker
from roadtui.vault.git.git import Git
from roadtui.vault.git.import_completions import CancelledError, Imported, import_git

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from roadtui.ui.styles import TextStyles
    from roadtui.vault.history.history import History
    from roadtui.vault.vault import Vault


Result = TypeVar("Result")
ReportProgress = Callable[[int, int], None]
"""Called by a job, in its thread, with the amount that is done and the total."""
BackgroundJob = Callable[[ReportProgress, Callable[[], bool]], Result]
"""Works until it is done, or until its second argument returns True because it was cancelled."""

_SECONDS_BETWEEN_LOOKS = 0.1
_MOST_CELLS = 24


class ProgressDialog(InlineDialog[Result | RoadtuiError], Generic[Result], inherit_bindings=False):
    """Dismissed with the result of the job, the error that ended it, or None if it was cancelled."""

    DEFAULT_CSS = """
    ProgressDialog {
        #text { height: 1; background: $panel; color: $foreground; }
        #progress { height: 1; background: $panel; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(
        self,
        text: str,
        unit: str,
        job: BackgroundJob[Result],
        anchor: DialogAnchor,
        text_styles: TextStyles,
    ) -> None:
        """Make the dialog; the job begins when it opens.

        Args:
            text: What is being done: `Reading the git history`.
            unit: What is counted: `commits`.
            job: The work, for a thread.
            anchor: Where the dialog opens.
            text_styles: The text styles of the theme.
        """
        super().__init__(anchor, text_styles)
        self._text = display_text(text)
        self._unit = unit
        self._job = job
        self._cancelled = Event()
        self._progress = (0, 0)

    @override
    def rows(self) -> ComposeResult:
        yield Static(self._text, id="text", markup=False)
        yield Static("", id="progress")

    @override
    def lines(self, width: int) -> int:
        return 2

    @override
    def set_indent(self, cells: int) -> None:
        width = max(1, self._anchor.width - cells - 1)
        self.query_one("#text", Static).update(Text(ellipsize(self._text, width, cell_len)))
        for row in (self.query_one("#text"), self.query_one("#progress")):
            row.styles.padding = (0, 1, 0, cells)

    def on_mount(self) -> None:
        """Open, and start the job."""
        super().on_mount()
        self.set_interval(_SECONDS_BETWEEN_LOOKS, self._show_progress)
        start_worker(self, self._work)

    def on_unmount(self) -> None:
        """Cancel the job, whatever closed the dialog."""
        self._cancelled.set()
        super().on_unmount()

    async def action_cancel(self) -> None:
        """Cancel the job, and close without waiting for it."""
        self._cancelled.set()
        await super().action_cancel()

    async def _work(self) -> None:
        try:
            found: Result | RoadtuiError = await asyncio.to_thread(
                self._job, self._report, self._cancelled.is_set
            )
        except RoadtuiError as error:
            found = error
        self.answer(found)

    def _report(self, done: int, total: int) -> None:
        self._progress = (done, total)

    def _show_progress(self) -> None:
        done, total = self._progress
        if not total:
            return
        text = f"{done:,} of {total:,} {self._unit}"
        row = self.query_one("#progress", Static)
        cells = max(0, min(_MOST_CELLS, row.content_size.width - cell_len(text) - 2))
        filled = cells * done // total
        row.update(
            Text.assemble(
                ("━" * filled, self.text_styles.accent),
                ("─" * (cells - filled), self.text_styles.faint),
                f"  {text}" if cells else text,
            )
        )


def import_dialog(
    vault: Vault, history: History, pane: Widget, text_styles: TextStyles
) -> ProgressDialog[Imported]:
    """The dialog that imports into `history`, at the bottom of `pane`."""

    def work(report: ReportProgress, is_cancelled: Callable[[], bool]) -> Imported:
        vault.folder.find()  # Git would take the vault for one without a repository.
        try:
            return import_git(Git(vault.root), history, vault.snapshot, report, is_cancelled=is_cancelled)
        except CancelledError:
            return Imported(0, 0, 0)  # The dialog is closed; this is not shown.

    return ProgressDialog(
        "Reading from git when each task was ticked", "commits", work, BottomAnchor(pane), text_styles
    )


def import_message(found: Imported | RoadtuiError) -> str:
    """The message about a finished import."""
    if isinstance(found, RoadtuiError):
        return str(found)
    return f"{found.sentence} Dates in the notes, and those recorded here, take precedence."
