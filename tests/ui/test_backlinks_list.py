"""`B` lists the lines that link to the open note, and goes to one."""

from __future__ import annotations

import pytest

from roadtui.ui.dialogs.finder import FinderResults, FuzzyFinder
from tests.ui.conftest import Start, User

TARGET = "# One\n- [ ] Task ^id\n# Two\n- [ ] Other\n"
NOTES = {
    "Target": TARGET,
    "Area/Plan": "# Why\nBecause of [[Target|it]].\n\n- [/] Do [[Target]] first\n",
    "Notes": "[[Target#^id]] is the task\n\n## About [[Target]]\n",
}


async def open_backlinks(user: User, rows: int) -> list[str]:
    """The rows of the list, without blanks."""
    await user.press("B")
    await user.until(lambda: isinstance(user.app.screen, FuzzyFinder), "the list")
    results = user.app.screen.query_one(FinderResults)
    await user.until(lambda: results.row_count() == rows, f"{rows} rows")
    await user.pilot.pause()
    return [" ".join(line.split()) for line in user.lines_of(results) if line.strip()]


def put(start: Start) -> None:
    for name, text in NOTES.items():
        start.put(f"{name}.md", text)


async def test_lists_the_lines_by_note_the_ones_to_this_task_first(start: Start) -> None:
    put(start)
    async with start("Target.md") as user:
        await user.press("j")
        assert await open_backlinks(user, 7) == [
            "≡ Notes → here",
            "¶ Target is the task",
            "≡ Notes",
            "§ About Target",
            "≡ Plan Area",
            "¶ Because of it. Why",
            "◐ Do Target first Why",
        ]
        assert "Links to Target" in user.text()


@pytest.mark.parametrize(
    ("keys", "path", "line"),
    [
        (["enter"], "Notes.md", "About [[Target]]"),
        ([*"first", "enter"], "Area/Plan.md", "Do Target first"),
        (["down", "down", "down", "enter"], "Area/Plan.md", "Do Target first"),
    ],
)
async def test_enter_goes_to_the_line(start: Start, keys: list[str], path: str, line: str) -> None:
    put(start)
    start.put("Notes.md", "## About [[Target]]\n- [ ] Note\n")
    async with start("Target.md") as user:
        await user.press("B")
        await user.press(*keys)
        await user.until(lambda: user.app.screen is user.home, "the dashboard")
        await user.pilot.pause()
        assert user.home.path == path


async def test_says_that_nothing_links_to_the_note(start: Start) -> None:
    start.put("Target.md", TARGET)
    async with start("Target.md") as user:
        await user.press("B")
        await user.sees("Nothing links to Target yet: [[Target]] would.")
        assert user.app.screen is user.home


async def test_lists_what_links_to_a_hub_and_to_a_note_that_is_read_only(start: Start) -> None:
    start.put("Hub.md", "[[One]] [[Two]]\n")
    start.put("One.md", "- [ ] Back to [[Hub]]\n")
    start.put("Two.md", "- [ ] x\n")
    async with start("Hub.md") as user:
        assert await open_backlinks(user, 2) == ["≡ One", "○ Back to Hub"]
    (start.root / "Two.md").write_bytes("- [ ] x\n".encode("utf-16"))
    start.put("One.md", "- [ ] [[Two]]\n")
    async with start("Two.md") as user:
        assert await open_backlinks(user, 4) == ["≡ Hub", "¶ One Two", "≡ One", "○ Two"]


async def test_text_of_other_notes_does_no_harm(start: Start) -> None:
    start.put("Target.md", TARGET)
    start.put("Bad\x1b[31m.md", "line \x1b[2J\x07 [[Target]] [bold]x[/]\n")
    async with start("Target.md") as user:
        rows = await open_backlinks(user, 2)
        assert rows[1] == "¶ line ␛[2J␇ Target [bold]x[/]"


async def test_without_a_note_it_says_so(start: Start) -> None:
    async with start() as user:
        await user.press("B")
        await user.sees("No note is open.")
