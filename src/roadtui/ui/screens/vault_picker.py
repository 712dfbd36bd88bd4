"""Asks for a vault when none is found: one that Obsidian knows, a folder, or the sample vault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option
from typing_extensions import override

from roadtui.core.terminal_text import escape_terminal
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.terminal.terminal_app import TerminalApp
from roadtui.ui.themes import DARK
from roadtui.ui.widgets.line_input import SafeHighlighter, SafeInput

_DEMO = "demo"


@dataclass(frozen=True, slots=True)
class VaultChoice:
    """What the user picked."""

    path: Path
    is_demo: bool = False


class VaultPickerScreen(TerminalApp[VaultChoice]):
    """Asks for a vault; returns None if the user quits."""

    CSS = """
    Screen { background: $background; align: center middle; }
    #box { width: 72; max-width: 100%; height: auto; max-height: 100%; background: $surface; padding: 1 2; }
    #box Static { margin: 0 0 1 0; }
    OptionList { height: auto; max-height: 10; border: none; background: $surface; margin: 0 0 1 0; }
    Input { border: none; background: $panel; height: 1; padding: 0 1; }
    #answer { height: auto; margin: 1 0 0 0; color: $error; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.VAULT_PICKER)]

    def __init__(self, known: Sequence[Path]) -> None:
        """`known`: the vaults that Obsidian knows, last opened first."""
        super().__init__()
        self._known = known
        self.register_theme(DARK)
        self.theme = DARK.name

    @override
    def compose(self) -> ComposeResult:
        options = [
            Option(Content(escape_terminal(str(path))), id=str(at)) for at, path in enumerate(self._known)
        ]
        with Vertical(id="box"):
            yield Static(
                Content.from_markup("[bold $primary]roadtui[/]  shows the roadmaps in an Obsidian vault.")
            )
            yield Static("No vault is open. Pick one, or type the folder that holds your notes.")
            yield OptionList(*options, Option("Look around in a sample vault first", id=_DEMO))
            yield SafeInput(placeholder="~/Documents/Vault, or a note.md", highlighter=SafeHighlighter())
            yield Static("", id="answer")
        yield Footer(show_command_palette=False)

    @on(OptionList.OptionSelected)
    def _pick(self, message: OptionList.OptionSelected) -> None:
        if message.option.id == _DEMO:
            self.exit(VaultChoice(Path(), is_demo=True))
        else:
            self.exit(VaultChoice(self._known[int(message.option.id or 0)]))

    @on(Input.Changed)
    @on(OptionList.OptionHighlighted)
    def _clear_answer(self) -> None:
        """Clear the message about an earlier path."""
        self.query_one("#answer", Static).update("")

    @on(Input.Submitted)
    def _type(self, message: Input.Submitted) -> None:
        try:
            path = Path(message.value.strip()).expanduser()
            exists = path.exists()
        except (OSError, RuntimeError, ValueError):
            exists = False
        if message.value.strip() and exists:
            self.exit(VaultChoice(path))
        else:
            self.query_one("#answer", Static).update(
                Content("There is no such folder or note. Check the spelling.")
            )
