"""Opens the palette, and runs or shows what is picked in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding

from roadtui.core.query.items import QueryItem
from roadtui.core.terminal_text import display_text
from roadtui.session.find.find_service import FindService
from roadtui.session.find.palette import Palette, PaletteCommand, PaletteResult
from roadtui.session.find.usage import UsageLog
from roadtui.ui.commands.palette import live_commands
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.screens.palette import PaletteScreen
from roadtui.ui.styles import TextStyles

_SYSTEM = "system "
"""Begins the ids of Textual's own commands."""
_LEFT_OUT = ("Quit", "Keys", "Theme")
"""Titles of Textual's commands that the program has its own for."""
_THEME = PaletteCommand("theme", "Theme", "Choose the colours; each is shown as you go", "")

_IMPORT = PaletteCommand(
    f"{_SYSTEM}Import dates from git",
    "Import dates from git",
    "When each task was ticked, from the vault's git history",
    "",
)


class PalettePresenter:
    """Opens the palette on the screen that is on top. Made with the first use of it."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        find: FindService,
        import_history: Callable[[], None],
        usage_file: Path | None,
    ) -> None:
        """Make a presenter.

        Args:
            app: The program.
            dashboard: Shows what is gone to.
            find: What finds things in the vault.
            import_history: Finds in git when tasks were completed.
            usage_file: Keeps what was used, from run to run; None keeps nothing.
        """
        self._app = app
        self._dashboard = dashboard
        self._find = find
        self._import_history = import_history
        self._usage = UsageLog(usage_file)

    def open(self) -> None:
        """Open the palette: commands of the screen on top, notes, headings and tasks."""
        screen = self._app.screen
        live = self._with_views(live_commands(self._app, screen))
        runs: dict[str, Callable[[], Any]] = {
            command.id: partial(self._app.run_action, active.binding.action, active.node)
            for command, active in live.items()
        }
        commands = [*live, _THEME]
        runs[_THEME.id] = self.choose_theme
        for title, help, run, _ in self._app.get_system_commands(screen):
            if title not in _LEFT_OUT:
                commands.append(PaletteCommand(f"{_SYSTEM}{title}", title, help, ""))
                runs[f"{_SYSTEM}{title}"] = run
        if screen is self._dashboard:
            commands.append(_IMPORT)
            runs[_IMPORT.id] = self._import_history

        async def picked(result: PaletteResult | None) -> None:
            if isinstance(result, QueryItem):
                self._go_to(result)
            elif result is not None:
                outcome = runs[result.id]()
                if hasattr(outcome, "__await__"):
                    await outcome

        self._push(Palette(commands, self._find.search, self._usage), picked)

    def _with_views(self, live: dict[PaletteCommand, ActiveBinding]) -> dict[PaletteCommand, ActiveBinding]:
        """`live` with the names of the saved views, and without the keys that have none."""
        views = {f"view_{number}": view for number, view in enumerate(self._find.saved_views(), 1)}
        named: dict[PaletteCommand, ActiveBinding] = {}
        for command, active in live.items():
            view = views.get(command.id)
            if view is not None:
                label, help = display_text(view.name), display_text(f"The view of {view.query}")
                named[command._replace(label=label, help=help)] = active
            elif not command.id.startswith("view_"):
                named[command] = active
        return named

    def choose_theme(self, then: Callable[[], None] | None = None) -> None:
        """Open the list of themes; each is shown while the cursor is on it. `then`: called at the end."""
        app = self._app
        before = app.theme
        names = sorted(theme_names(app), key=lambda name: name != before)
        commands = [PaletteCommand(name, name, "", "now" if name == before else "") for name in names]

        def show(result: PaletteResult) -> None:
            if isinstance(result, PaletteCommand):
                app.theme = result.id

        def picked(result: PaletteResult | None) -> None:
            app.theme = result.id if isinstance(result, PaletteCommand) else before
            if then is not None:
                then()

        self._push(Palette(commands, None, self._usage), picked, "the name of a theme", show)

    def _push(
        self,
        palette: Palette,
        picked: Callable[[PaletteResult | None], Any],
        placeholder: str = "a command, a note, a heading, a task",
        on_highlighted: Callable[[PaletteResult], None] | None = None,
    ) -> None:
        styles = TextStyles.of_theme(self._app.theme_variables)
        statuses = self._dashboard.view.snapshot.statuses
        self._app.push_screen(PaletteScreen(palette, statuses, styles, placeholder, on_highlighted), picked)

    def _go_to(self, item: QueryItem) -> None:
        line = item.content.line if not item.is_note else None
        screen = self._app.screen
        if isinstance(screen, OverlayScreen):
            screen.open_note(item.note.path, line)
        else:
            self._dashboard.open(item.note.path, line)


def theme_names(app: App[Any]) -> list[str]:
    """The themes that can be chosen, those of the program first."""
    names = sorted(app.available_themes, key=lambda name: (not name.startswith("roadtui"), name))
    return [name for name in names if name != "textual-ansi"]
