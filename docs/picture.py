"""Makes the picture in the README: the demo, on its own day, at 160x45, as an SVG.

Run with `make picture`, or `python docs/picture.py FILE.svg 100x30 KEY …` for another size and state.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.resources import folder
from roadtui.ui.app import RoadtuiApp
from roadtui.vault.demo.sample_copy import make_demo
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

DAY = date(2026, 11, 22)
NOTE = "roadmaps/ML Roadmap.md"


async def picture(columns: int, rows: int, keys: list[str]) -> str:
    """The demo as an SVG, `columns` x `rows` cells, after pressing `keys`."""
    with TemporaryDirectory() as temporary:
        root = make_demo(folder("sample_vault"), Path(temporary) / "Roadmaps", DAY)
        vault = Vault(root, Config(), lambda: NoteWriter(Path(temporary) / "state"))
        clock = Clock(today=lambda: DAY, now=lambda: datetime(2026, 11, 22, 12, 4, 5))
        app = RoadtuiApp(vault, Config(), clock, NOTE, "~/Vault")
        async with app.run_test(size=(columns, rows)) as pilot:
            while app.dashboard.panes.progress.report is None:
                await pilot.pause(0.1)
            for key in keys:
                await pilot.press(key)
            await pilot.pause(0.5)
            svg = app.export_screenshot(title="roadtui")
    return _self_contained(svg)


def _self_contained(svg: str) -> str:
    """The picture without web fonts, its white space kept: every viewer shows the same cells."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Noto Sans Mono")
    return svg.replace("<text ", '<text xml:space="preserve" ')


def main() -> None:
    """Write the picture to the path given, else to the README's."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("roadtui.svg")
    columns, rows = (int(number) for number in (sys.argv[2] if len(sys.argv) > 2 else "160x45").split("x"))
    target.write_text(asyncio.run(picture(columns, rows, sys.argv[3:])), "utf-8")


if __name__ == "__main__":
    main()
