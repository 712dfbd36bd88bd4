"""Where the folders are that ship with the program. Reads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from roadtui.core.errors import RoadtuiError


def folder(name: Literal["sample_vault", "themes"]) -> Path:
    """The shipped folder `name`: inside the package when installed, beside `src/` in a checkout.

    RoadtuiError: it is in neither place, so the installation is incomplete.
    """
    package = Path(__file__).parent
    for place in (package / name, package.parents[1] / name):
        if place.is_dir():
            return place
    raise RoadtuiError(f"The folder {name} that belongs to roadtui is missing. Install roadtui again.")
