"""The settings: one list beside or below the screen that shows what each change does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.settings import Setting
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.line_input import LineInput
from roadtui.ui.widgets.settings_list import SettingsList
from roadtui.user_settings import OwnSettingsError, SettingOrigin, UserSettings

_TYPED_CELLS = 28
"""Of a value that is typed, with the name before it: the rule beside it is cut first."""


class SettingsHost(Protocol):
    """What the settings need of the program."""

    @property
    def settings(self) -> UserSettings:
        """What is set."""

    @property
    def themes(self) -> Sequence[str]:
        """The names of the themes, in the order in which they are listed."""

    def show_changed(self, name: str) -> None:
        """Show what a setting that has changed does."""

    def choose_theme(self, then: Callable[[], None]) -> None:
        """Open the list of themes; `then` is called when it is closed."""


class SettingsScreen(ModalScreen[None], inherit_bindings=False):
    """Every setting. A change is saved at once; `escape` leaves."""

    AUTO_FOCUS = "SettingsList"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (an instance variable to Textual)
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
        (160, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (26, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    SettingsScreen {
        align: right bottom;
        background: transparent;
        #settings { width: 100%; height: 1fr; background: $panel; padding: 1 1 0 1; }
        #title { height: 1; padding: 0 1; }
        #name { width: auto; background: $panel; text-style: bold; }
        #file { width: 1fr; background: $panel; color: $text-muted; text-align: right; padding: 0 0 0 2; }
        SettingsList { margin: 1 0; }
        #meaning { height: 2; padding: 0 1; background: $panel; color: $text; }
        #line { height: 1; padding: 0 1; }
        #note { width: 1fr; background: $panel; color: $text-muted; }
        #note.-wrong { color: $text-error; }
        #edited { width: auto; background: $panel; text-style: bold; display: none; }
        LineInput { display: none; }
        &.-edits {
            #edited, LineInput { display: block; }
            #note { width: auto; }
        }
        &.-medium.-tall #settings { height: 60%; }
        &.-wide #settings { width: 66; }
        &.-vast #settings { width: 104; }
        &.-wide KeyFooter, &.-vast KeyFooter { padding: 0 2; }
        &.-narrow #settings, &.-short #settings { padding: 0; }
        &.-short SettingsList { margin: 0; }
        &.-short #meaning { height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.SETTINGS)]

    def __init__(self, host: SettingsHost, text_styles: TextStyles) -> None:
        """Make the screen.

        Args:
            host: Has the settings, and shows what a change does.
            text_styles: The text styles of the theme.
        """
        super().__init__()
        self._host = host
        self._settings = host.settings
        self._list = SettingsList(host.settings)
        self._footer = KeyFooter()
        self._use_styles(text_styles)

    def _use_styles(self, text_styles: TextStyles) -> None:
        self._list.text_styles = self._footer.text_styles = text_styles

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="settings"):
            with Horizontal(id="title"):
                yield Static("Settings", id="name")
                yield Static("", id="file")
            yield self._list
            yield Static("", id="meaning")
            with Horizontal(id="line"):
                yield Static("", id="edited")
                yield LineInput("", "", selects=True)
                yield Static("", id="note")
        yield self._footer

    def on_mount(self) -> None:
        """Show the settings, and follow the theme."""
        self.app.theme_changed_signal.subscribe(
            self, lambda _: self._use_styles(TextStyles.of_theme(self.app.theme_variables))
        )
        self._list.rows_changed()

    def on_resize(self) -> None:
        """Say what fits now."""
        self.call_after_refresh(self._show)

    @on(SettingsList.CursorMoved)
    @on(Input.Changed)
    def _show_anew(self) -> None:
        self._show()

    def _show(self, complaint: str = "") -> None:
        """Show what is known of the setting under the cursor, or what is wrong with what was typed."""
        if not self.is_attached:
            return
        setting = self._list.setting
        meaning = self.query_one("#meaning", Static)
        width, height = meaning.content_size
        said = setting.plain_details if setting.details and height > 1 else setting.plain_meaning
        lines = wrapped(said, max(1, width), max(1, height))
        meaning.update(Content("\n".join(lines)))
        file = self.query_one("#file", Static)
        file.update(Content(self._where(max(1, file.content_size.width))))
        note = self.query_one("#note", Static)
        note.set_class(bool(complaint), "-wrong")
        is_edited = self.has_class("-edits")
        text = complaint or (setting.kind.rule if is_edited else self._known(setting))
        note.update(
            Content(("  " if is_edited else "") + self._fitting(text, _TYPED_CELLS if is_edited else 0))
        )
        self._list.refresh()

    def _fitting(self, text: str, spared: int) -> str:
        """`text` as far as it fits into the last line, with so many cells `spared` for what is typed."""
        width = self.query_one("#line").content_size.width
        return ellipsize(display_text(text), max(1, width - spared), cell_len)

    def _where(self, width: int) -> str:
        """Where the program's own file is; its end where `width` cells are not enough."""
        file = self._settings.file
        if file is None:
            return ellipsize("changes last until you leave", width, cell_len)
        home = Path.home()
        path = display_text(f"~/{file.relative_to(home)}" if file.is_relative_to(home) else str(file))
        if cell_len(f"saved in {path}") <= width:
            return f"saved in {path}"
        return path if cell_len(path) <= width else f"…{path[-max(1, width - 1) :]}"

    def _known(self, setting: Setting) -> str:
        refusal = self._settings.refusal(setting.name)
        if refusal:
            return refusal
        is_own = self._settings.origin(setting.name) is SettingOrigin.OWN
        known = f"set here; the default is {setting.shown(setting.default)}" if is_own else "the default"
        return f"{known}. A change is seen {setting.seen}." if setting.seen else known

    # Changing

    def action_step(self, step: int) -> None:
        """Take the next value, or the one before; where there are no steps, type it."""
        setting = self._list.setting
        if self._refuses(setting):
            return
        value = self._settings.value(setting.name)
        if setting.name == "theme":
            themes = list(self._host.themes)
            at = themes.index(self.app.theme) if self.app.theme in themes else 0
            self._change(setting, themes[(at + step) % len(themes)])
        elif (stepped := setting.kind.stepped(value, step)) == value and setting.kind.is_typed:
            self.action_edit()
        else:
            self._change(setting, stepped)

    def action_edit(self) -> None:
        """Choose the value, or type it; the next one where there are but a few."""
        setting = self._list.setting
        if self._refuses(setting):
            return
        if setting.name == "theme":
            self._host.choose_theme(self._show)
        elif not setting.kind.is_typed:
            self.action_step(1)
        else:
            self.add_class("-edits")
            value = self._settings.value(setting.name)
            line = self.query_one(LineInput)
            line.value = "" if value is None else setting.kind.shown(value)
            self.query_one("#edited", Static).update(f"{setting.name} › ")
            self._list.can_focus = False
            line.focus()
            self._show()

    @on(SettingsList.Picked)
    def _picked(self) -> None:
        self.action_edit()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        setting = self._list.setting
        try:
            value = setting.kind.parse(message.value)
        except ValueError as error:
            self._show(str(error))
            return
        if self._change(setting, value):
            self._end_edit()

    def _end_edit(self) -> None:
        self.remove_class("-edits")
        self._list.can_focus = True
        self._list.focus()
        self._show()

    def action_reset(self) -> None:
        """Take back what was set here."""
        setting = self._list.setting
        if not self._refuses(setting):
            self._change(setting, None)

    def _refuses(self, setting: Setting) -> bool:
        """Say why `setting` cannot be changed here, if it can't."""
        refusal = self._settings.refusal(setting.name)
        if refusal:
            self._show(refusal)
        return bool(refusal)

    def _change(self, setting: Setting, value: object) -> bool:
        try:
            self._settings.change(setting.name, value)
        except OwnSettingsError as error:
            self._show(str(error))
            return False
        self._host.show_changed(setting.name)
        self._show()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys to the line while a value is typed."""
        return not self.has_class("-edits") or action not in ("step", "edit", "reset")

    def action_leave(self) -> None:
        """Close the line in which a value is typed, else the screen."""
        if self.has_class("-edits"):
            self._end_edit()
        elif self.app.screen is self:
            self.dismiss()

    def on_click(self, event: events.Click) -> None:
        """Close it by a click beside it."""
        shown = (self.query_one("#settings"), self._footer)
        if not any(each.region.contains_point(event.screen_offset) for each in shown):
            self.action_leave()
