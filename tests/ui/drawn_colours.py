"""The colours in which tests draw without an app."""

from roadtui.ui.styles import TextStyles
from roadtui.ui.themes import DARK

TEXT_STYLES = TextStyles.of_theme({**DARK.to_color_system().generate(), **DARK.variables})
"""Those of the program's own theme."""
