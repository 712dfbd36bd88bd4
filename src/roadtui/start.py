"""Starts the program: writes the saved frame to the terminal if it still holds, then imports all the rest.

Until the program takes over, the frame stands, and the terminal is in raw mode, so that what is typed waits.
Whatever ends the program meanwhile restores the terminal first.
"""

import sys


def main() -> None:
    """Run the program `roadtui`."""
    standing = None
    if sys.platform != "win32" and sys.getfilesystemencoding() == "utf-8":  # Else it starts itself once more.
        from roadtui.standing_frame import show_saved  # Not on Windows.

        standing = show_saved(sys.argv[1:])
    try:
        from roadtui.cli.main import run  # Brings in all that takes time.

        run(standing)
    finally:
        if standing is not None:
            standing.restore()
