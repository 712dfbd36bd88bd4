"""The preview: what it shows of which note, how it follows the tree, its links, and the three sizes."""

from __future__ import annotations

from collections import Counter

import pytest

from roadtui.ui.messages import LinkRequested
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.widgets.preview.pane import PreviewView
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
LONG = "# Long\n" + "".join(f"- [ ] Step {number}, see [[Soil|soil {number}]]\n" for number in range(300))
WIDE, MEDIUM, NARROW = (160, 45), (100, 30), (60, 20)


def view(user: User) -> PreviewView:
    return user.home.query_one(PreviewView)


def shown(user: User) -> list[str]:
    """The lines of the preview as they are drawn."""
    return user.lines_of(view(user))


def marked(user: User) -> list[str]:
    """The lines of the preview that have another background than most."""
    strips = [view(user).render_line(y) for y in range(view(user).size.height)]
    backgrounds = [style.bgcolor for strip in strips if (style := list(strip)[-1].style) is not None]
    usual, _ = Counter(backgrounds).most_common(1)[0]
    return [strip.text.strip() for strip, one in zip(strips, backgrounds, strict=True) if one != usual]


async def sees_in_preview(user: User, words: str) -> None:
    """Wait until `words` are in the preview."""
    await user.until(
        lambda: bool(user.home.query(PreviewView)) and any(words in line for line in shown(user)),
        f"{words} in the preview",
    )


@pytest.fixture
def garden(start: Start) -> Start:
    start.put("Garden.md", NOTE)
    start.put("Soil.md", "# Soil\n\n## Clay\n- [ ] Drain it\n")
    return start


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The links that the user asked for: the path of the note, and the target."""
    found: list[tuple[str, str]] = []

    def on_link_requested(self: DashboardScreen, message: LinkRequested) -> None:
        found.append((message.source_path, message.target))
        message.stop()

    monkeypatch.setattr(DashboardScreen, "on_link_requested", on_link_requested, raising=False)
    return found


async def test_v_shows_the_rendered_note_in_place_of_the_progress(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Read about clay and Nowhere")
        assert shown(user)[0] == "tags: study"
        assert "  ● Buy a spade" in shown(user)
        assert "PREVIEW  Garden" in user.text()
        assert "PROGRESS" not in user.text()
        assert user.tree.has_focus
        await user.press("v")
        await user.sees("PROGRESS")
        assert "PREVIEW" not in user.text()
        await user.press("v")
        assert "Read about clay and Nowhere" in user.text(), "it is not read again"


async def test_it_marks_what_the_cursor_is_on(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Garden")
        await user.until(lambda: marked(user) == ["Garden"], "the heading")
        await user.press("j", "j")
        await user.until(lambda: marked(user) == ["● Buy a spade"], "the task")


async def test_it_scrolls_with_the_cursor(start: Start) -> None:
    start.put("Long.md", LONG)
    async with start("Long.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Step 1,")
        await user.press("G")
        await user.until(lambda: marked(user) == ["○ Step 299, see soil 299"], "the last step")
        await user.press("k", "k")
        await user.until(lambda: marked(user) == ["○ Step 297, see soil 297"], "a step above")
        await user.press("g")
        await user.until(lambda: marked(user) == ["Long"], "the top")


async def test_a_tick_and_an_edit_from_outside_show_at_once(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v", "j")
        await sees_in_preview(user, "○ Dig")
        await user.press("space")
        await sees_in_preview(user, "● Dig")
        garden.put("Garden.md", (garden.root / "Garden.md").read_text() + "- [ ] Water *it*\n")
        await sees_in_preview(user, "○ Water it")


async def test_a_tick_shows_before_it_is_written(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "○ Dig")
        note = user.tree.note
        assert note is not None
        user.tree.symbols.show_pending("a write", note, next(iter(note.note.tasks)), "x")
        await sees_in_preview(user, "● Dig")
        assert "  ● Buy a spade" in shown(user)
        user.tree.symbols.clear_pending("a write")
        await sees_in_preview(user, "○ Dig")


async def test_a_change_above_leaves_what_is_read_where_it_is(start: Start) -> None:
    start.put("Long.md", LONG)
    async with start("Long.md", WIDE) as user:
        await user.press("G", "v")
        await user.until(lambda: marked(user) == ["○ Step 299, see soil 299"], "the last step")
        at = next(y for y, line in enumerate(shown(user)) if "Step 299" in line)
        start.put("Long.md", LONG.replace("# Long\n", "# Long\n\nAn introduction.\n\n"))
        await user.until(lambda: "An introduction" in (start.root / "Long.md").read_text())
        await user.until(lambda: user.tree.note is not None and user.tree.note.note.line_count == 304)
        await user.idle()
        assert shown(user)[at] == "○ Step 299, see soil 299"


async def test_another_note_is_shown_with_the_cursor_of_the_sidebar(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v", "shift+tab")
        assert user.sidebar.has_focus
        await user.press("j")
        await sees_in_preview(user, "○ Drain it")
        assert "PREVIEW  Soil" in user.text()


async def test_a_note_without_tasks_is_shown_too(start: Start) -> None:
    start.put("Words.md", "Only ==bright== words.\n")
    start.put("Plan.md", "- [ ] a\n")
    async with start("Words.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Only bright words.")
        await user.press("tab", "escape")
        await user.sees("This note has no tasks")
        assert "PREVIEW" not in user.text()


async def test_a_note_that_is_gone_is_shown_as_it_was(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "○ Dig")
        (garden.root / "Garden.md").unlink()
        await user.until(lambda: "Garden.md" not in user.app.vault.snapshot.notes)
        await user.idle()
        assert any("○ Dig" in line for line in shown(user))


@pytest.mark.parametrize("theme", ["roadtui-light", "roadtui-dark"])
async def test_a_change_of_theme_changes_its_colours(garden: Start, theme: str) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        user.app.theme = theme
        await user.idle()
        styles = {segment.text: segment.style for y in range(20) for segment in view(user).render_line(y)}
        text_styles = user.home.text_styles
        assert text_styles is not None
        heading = styles["Garden"]
        assert heading is not None
        assert heading.color == text_styles.accent.color


# Keys and links


async def test_keys_scroll_it_when_it_has_the_focus(start: Start) -> None:
    start.put("Long.md", LONG)
    async with start("Long.md", WIDE) as user:
        await user.press("v", "tab")
        assert view(user).has_focus
        await user.press("j", "j", "k")
        await sees_in_preview(user, "Step 1,")
        assert shown(user)[0].startswith("○ Step 0")
        await user.press("ctrl+d", "ctrl+d", "ctrl+u")
        assert "Step 0," not in "".join(shown(user))
        await user.press("G")
        await sees_in_preview(user, "Step 299")
        await user.press("g")
        await user.until(lambda: shown(user)[0] == "Long")


async def test_links_are_stepped_through_and_followed(garden: Start, followed: list[tuple[str, str]]) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "about clay")
        await user.press("tab", "enter", "enter")
        await user.pilot.pause()
        assert followed == [("Garden.md", "Soil#Clay")]
        await user.press("]", "enter", "]", "[", "enter")
        await user.pilot.pause()
        assert followed == [("Garden.md", "Soil#Clay"), ("Garden.md", "Nowhere"), ("Garden.md", "Soil#Clay")]


async def test_stepping_goes_on_beyond_what_is_in_sight(
    start: Start, followed: list[tuple[str, str]]
) -> None:
    steps = "".join(f"- [ ] Step {number}\n" for number in range(300))
    start.put("Far.md", f"# Far\n[[First]]\n{steps}\n[[Last#End]]\n")
    async with start("Far.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "First")
        await user.press("tab", "]", "]", "enter")
        await user.pilot.pause()
        assert followed == [("Far.md", "Last#End")]
        await sees_in_preview(user, "Last > End")


async def test_a_click_follows_a_link(garden: Start, followed: list[tuple[str, str]]) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "about clay")
        await user.click(view(user), "clay")
        await user.click(view(user), "Twice")
        await user.pilot.pause()
        assert followed == [("Garden.md", "Soil#Clay")]


@pytest.mark.parametrize("key", ["escape", "v"])
async def test_it_closes_when_it_has_the_focus_and_gives_it_back(garden: Start, key: str) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        await user.press("tab")
        assert view(user).has_focus
        await user.press(key)
        await user.sees("PROGRESS")
        await user.until(lambda: user.tree.has_focus)


@pytest.mark.parametrize("size", [WIDE, (120, 30), MEDIUM], ids=str)
async def test_the_help_lists_its_keys(garden: Start, size: tuple[int, int]) -> None:
    async with garden("Garden.md", size) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        await user.press("tab", "?")
        await user.sees("follow link")
        await user.sees("Keys  of the preview")
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.home, "the end of the help")
        assert view(user).has_focus


# Sizes


async def test_with_two_panes_it_stands_beside_the_one_that_it_follows(garden: Start) -> None:
    async with garden("Garden.md", MEDIUM) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        assert user.tree.region
        assert not user.sidebar.region
        await user.press("shift+tab")
        await user.until(lambda: bool(user.sidebar.region) and not user.tree.region, "the sidebar")
        await user.press("j")
        await sees_in_preview(user, "○ Drain it")
        await user.press("tab")
        await user.until(lambda: bool(user.tree.region) and not user.sidebar.region, "the tree")
        await user.press("tab")
        assert view(user).has_focus
        await user.press("escape")
        await user.until(lambda: bool(user.tree.region and user.sidebar.region), "both")


async def test_with_two_panes_a_click_on_the_sidebar_counts_too(garden: Start) -> None:
    async with garden("Garden.md", MEDIUM) as user:
        await user.click(user.sidebar, "Soil")
        await user.press("v")
        await sees_in_preview(user, "○ Drain it")
        assert user.sidebar.has_focus
        assert user.sidebar.region
        assert not user.tree.region


async def test_with_one_pane_it_takes_the_place_of_the_others(garden: Start) -> None:
    async with garden("Garden.md", NARROW) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        await user.until(lambda: view(user).has_focus)
        assert not user.tree.region
        await user.press("shift+tab")
        await user.until(lambda: bool(user.tree.region) and not view(user).region, "the tree")
        await user.press("v")
        await user.until(lambda: bool(view(user).region), "the preview again")
        await user.press("v")
        await user.until(lambda: bool(user.tree.region) and user.tree.has_focus, "the tree again")
        assert "PREVIEW" not in user.text()


async def test_with_one_pane_v_in_the_sidebar_shows_the_note_there(garden: Start) -> None:
    async with garden("Garden.md", NARROW) as user:
        await user.press("shift+tab", "j", "v")
        await sees_in_preview(user, "○ Drain it")
        await user.press("escape")
        await user.until(lambda: user.sidebar.has_focus and bool(user.sidebar.region), "the sidebar")


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW], ids=str)
async def test_another_size_wraps_it_anew(garden: Start, size: tuple[int, int]) -> None:
    async with garden("Garden.md", (120, 30)) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        await user.pilot.resize_terminal(*size)
        await user.idle()
        if size == NARROW:
            await user.press("v")
        await sees_in_preview(user, "Twice.")
        assert max(map(len, shown(user))) <= view(user).size.width


async def test_it_is_open_again_in_the_next_run(garden: Start) -> None:
    async with garden("Garden.md", WIDE) as user:
        await user.press("v")
        await sees_in_preview(user, "Twice.")
        await user.press("q")
        await user.until(lambda: not user.app.is_running)
    async with garden("Garden.md", WIDE) as user:
        await sees_in_preview(user, "Twice.")
        await user.press("v", "q")
        await user.until(lambda: not user.app.is_running)
    async with garden("Garden.md", WIDE) as user:
        await user.sees("PROGRESS")
        assert "PREVIEW" not in user.text()
