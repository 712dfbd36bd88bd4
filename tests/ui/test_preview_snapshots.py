"""How the preview looks: a note with everything in it at three sizes, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roadtui.ui.screens.dashboard import DashboardScreen
from tests.ui.conftest import settled
from tests.ui.test_snapshots import NOTE, after, cells, demo, program

__all__ = ["demo"]

SHOWCASE = """\
---
tags: [garden, spring]
deadline: 2027-03-01
---
# Garden

Read [[Soil#Clay|about clay]] and [[Nowhere]], **twice**, then *slowly*
==by heart==. `dig(2)` %%hidden%% #tools

> [!tip] Water early
> Before the sun is high. See ![[Soil#Clay]]

- [ ] Dig the beds
  - [x] Buy a spade ✅ 2026-11-12
  - [/] Sharpen it ~~with a file~~
  - [-] Borrow one
- [ ] Sow 🌱 日本の種
  1. Peas
  2. Beans, see [[Nowhere#Beans|there]]

| bed | what | seeds |
|:--|:-:|--:|
| North | peas | 120 |
| South | a row of beans | 80 |

```python
def water(beds):  # every day
    return [bed for bed in beds if bed.dry]
```

> A quote of several words, long enough to be wrapped once or twice.
> > And one inside.

![[plan.png|400]] and $a_1 + b$ and a footnote[^1].

[^1]: Really.
"""


def showing(focus: bool) -> Callable[[Pilot[int]], object]:
    """Open the preview and wait until it is drawn; `focus`: on a chosen link in it."""

    async def press(pilot: Pilot[int]) -> None:
        await after("j", "j", "v")(pilot)
        home = pilot.app.screen_stack[0]
        assert isinstance(home, DashboardScreen)

        def is_drawn() -> bool:
            preview = home.panes.preview
            return preview is not None and preview.view.document is not None

        await settled(pilot, is_drawn, "the preview")
        if focus:
            await pilot.press(*(["tab"] if not home.has_class("-narrow") else []), "right_square_bracket")
        await settled(pilot)

    return press


@pytest.mark.parametrize("theme", ["roadtui-dark", "roadtui-light"])
@pytest.mark.parametrize("size", [(160, 45), (100, 30), (60, 20)], ids=cells)
def test_showcase(snap_compare: Callable[..., bool], demo: Path, size: tuple[int, int], theme: str) -> None:
    (demo / "Garden.md").write_text(SHOWCASE, "utf-8")
    (demo / "Soil.md").write_text("# Soil\n## Clay\n- [ ] Drain\n", "utf-8")
    app = program(demo, "Garden.md", theme)
    assert snap_compare(app, terminal_size=size, run_before=showing(focus=theme == "roadtui-dark"))


def test_beside_the_tree(snap_compare: Callable[..., bool], demo: Path) -> None:
    assert snap_compare(program(demo, NOTE), terminal_size=(160, 45), run_before=after("j", "j", "v"))
