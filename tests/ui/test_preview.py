"""The preview: what it shows of which note, how it follows the tree, its links, and the three sizes."""

from __future__ import annotations

import pytest

from roadtui.ui.widgets.preview import PreviewView
from tests.ui.conftest import Start, User

NOTE = """\
---
tags: [study]
---
# Garden

Read [[Soil#Clay|about clay]] and [[Nowhere]] first. **Twice.**

- [ ] Dig
  - [x] Buy a spade
- [ ] Sow
"""
WIDE, MEDIUM, NARROW = (160, 45), (100, 30), (60, 20)


def shown(user: User) -> list[str]:
    """The lines of the preview as they are drawn."""
    return user.lines_of(user.home.query_one(PreviewView))


async def sees_in_preview(user: User, words: str) -> None:
    """Wait until `words` are in the preview."""
    await user.until(lambda: any(words in line for line in shown(user)), f"{words} in the preview")


@pytest.fixture
def garden(start: Start) -> Start:
    start.put("Garden.md", NOTE)
    start.put("Soil.md", "# Soil\n\n## Clay\n- [ ] Drain it\n")
    start.put("Words.md", "# Only words\n\nNo task, and a ==bright== word.\n")
    return start


async def test_v_shows_the_rendered_note_in_place_of_the_progress(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Read about clay and Nowhere first. Twice.")
        assert shown(user)[0] == "tags: study"
        assert "  ● Buy a spade" in shown(user)
        assert "PREVIEW  Garden" in user.text()
        assert "PROGRESS" not in user.text()
        assert user.tree.has_focus
        await user.press("v")
        await user.sees("PROGRESS")
        assert "PREVIEW" not in user.text()
