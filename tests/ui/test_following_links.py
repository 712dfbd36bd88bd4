"""Following links from the tree and the focus screen, creating the notes they name, and going back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roadtui.ui.messages import LinkRequested
from tests.ui.conftest import Start, User

HUB = """\
# Start
- [ ] heading [[Other#Part two|the second]]
- [ ] several [[Other]] [[Gone]] https://a.test
- [ ] block [[Other#^here]]
- [ ] parent
  - [ ] child
- [ ] new [[sub/Fresh]]
- [ ] missing heading [[Other#Nope]]
- [ ] missing block [[Other#^nope]]
- [ ] evil [[../evil]]
- [ ] picture ![[pic.png]] in [[Hidden]]
- [ ] nick [[Nick]]
- [ ] two lines
  [md](sub/Deep%20one.md#top)

## See [[Other]]
"""
OTHER = "---\naliases: [Nick]\n---\n# Part one\n- [ ] a\n# Part two\n- [ ] b\n- [ ] c ^here\n  - [ ] d\n"


@pytest.fixture
def hub(start: Start) -> Path:
    start.put("Other.md", OTHER)
    start.put("sub/Deep one.md", "- [ ] x\n# Top\n- [ ] y\n")
    start.put("pic.png", "")
    start.put("private/Hidden.md", "- [ ] hidden\n")
    start.put(".obsidian/app.json", json.dumps({"userIgnoreFilters": ["private/"]}))
    return start.put("Hub.md", HUB)


async def go_to(user: User, words: str) -> None:
    """Put the cursor on the row with `words`."""
    line = next(number for number, line in enumerate(HUB.splitlines()) if words in line)
    user.tree.go_to_line(line)
    await user.pilot.pause()


async def follow(user: User, words: str) -> None:
    """Press enter on the row with `words`."""
    await go_to(user, words)
    await user.press("enter")
    await user.works_no_more()


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("row", "path", "at"),
    [
        ("heading", "Other.md", "Part two"),
        ("block", "Other.md", "c"),
        ("two lines", "sub/Deep one.md", "Top"),
        ("See", "Other.md", "a"),
    ],
)
async def test_enter_follows_the_link_and_backspace_goes_back(
    start: Start, row: str, path: str, at: str
) -> None:
    async with start("Hub.md") as user:
        await follow(user, row)
        assert (user.home.path, user.at) == (path, at)
        await user.press("backspace")
        assert user.home.path == "Hub.md"
        assert user.at.startswith(row)
        await user.press("F")
        assert (user.home.path, user.at) == (path, at)


@pytest.mark.usefixtures("hub")
async def test_enter_folds_where_there_is_no_link_and_the_footer_says_which(start: Start) -> None:
    async with start("Hub.md") as user:
        await go_to(user, "parent")
        await user.sees("enter fold")
        assert "enter follow link" not in user.text()
        await user.press("enter")
        assert not any("child" in line for line in user.lines_of(user.tree))
        await go_to(user, "heading")
        await user.sees("enter follow link")
        assert "enter fold" not in user.text()


@pytest.mark.usefixtures("hub")
async def test_one_of_several_links_is_chosen(start: Start) -> None:
    async with start("Hub.md") as user:
        await follow(user, "several")
        await user.sees("Gone")
        assert "not in this vault" in user.text()
        await user.press("1")
        await user.until(lambda: user.home.path == "Other.md")
        await user.press("backspace")
        assert user.at.startswith("several")


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("missing heading", "Other has no heading “Nope”."),
        ("missing block", "Other has no block ^nope."),
    ],
)
async def test_a_missing_place_leads_to_the_note_and_is_said(start: Start, row: str, sentence: str) -> None:
    async with start("Hub.md") as user:
        await follow(user, row)
        assert user.home.path == "Other.md"
        assert user.messages() == [sentence]


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("../evil", "“../evil” is not created: it may lead out of the vault."),
        ("/etc/evil", "“/etc/evil” is not created: a link names a note by its path in the vault."),
        ("pic.png", "pic.png is not a note. o opens this note in Obsidian."),
        ("gone.png", "There is no file “gone.png” in the vault."),
        ("Hidden", "private/Hidden.md is not shown: it is excluded, or cannot be read."),
        ("a\nb", "is not the path of a note"),
        ("a\x1b0;x\x07", "is not the path of a note"),
        ("file:///etc/passwd", "cannot contain :"),
        ("x" * 300, "too long"),
    ],
)
async def test_a_link_that_cannot_be_followed_is_refused(start: Start, target: str, sentence: str) -> None:
    async with start("Hub.md") as user:
        before = sorted(start.root.parent.rglob("*.md"))
        user.home.post_message(LinkRequested("Hub.md", target))
        await user.until(lambda: bool(user.messages()))
        await user.works_no_more()
        assert sentence in " ".join(user.messages())
        assert user.home.path == "Hub.md"
        assert sorted(start.root.parent.rglob("*.md")) == before


@pytest.mark.usefixtures("hub")
async def test_a_missing_note_is_created_where_asked_and_undone(start: Start) -> None:
    async with start("Hub.md", (160, 45)) as user:
        await follow(user, "new")
        await user.sees("There is no note “sub/Fresh”. Create sub/Fresh.md?")
        await user.press("n")
        assert not (start.root / "sub" / "Fresh.md").exists()
        await follow(user, "new")
        await user.press("y")
        await user.until(lambda: user.home.path == "sub/Fresh.md", "the new note")
        assert (start.root / "sub" / "Fresh.md").read_bytes() == b""
        await user.press("u")
        await user.until(lambda: not (start.root / "sub" / "Fresh.md").exists(), "the undo")
        await user.until(lambda: user.home.path == "Hub.md", "the note from before")
        assert user.at.startswith("new")


async def test_a_new_note_goes_where_obsidian_puts_it(start: Start, hub: Path) -> None:
    settings = {"newFileLocation": "folder", "newFileFolderPath": "In box"}
    start.put(".obsidian/app.json", json.dumps(settings))
    async with start("Hub.md", (160, 45)) as user:
        user.home.post_message(LinkRequested("Hub.md", "Brand new#part"))
        await user.sees("There is no note “Brand new”. Create In box/Brand new.md?")
        await user.press("y")
        await user.until(lambda: user.home.path == "In box/Brand new.md", "the new note")
    assert (start.root / "In box" / "Brand new.md").read_bytes() == b""
    assert hub.read_text() == HUB


@pytest.mark.usefixtures("hub")
async def test_an_alias_is_offered_instead_of_a_new_note(start: Start) -> None:
    async with start("Hub.md", (160, 45)) as user:
        await follow(user, "nick")
        await user.sees("it is an alias of Other. Go there?")
        await user.press("y")
        assert user.home.path == "Other.md"


@pytest.mark.usefixtures("hub")
async def test_back_restores_folds_and_scroll(start: Start) -> None:
    start.put("Long.md", "".join(f"- [ ] t{n}\n  - [ ] below {n}\n" for n in range(60)) + "- [ ] [[Other]]\n")
    async with start("Long.md") as user:
        await user.press("h", "G", "k", "k", "h", "j", "j")
        before = (user.at, user.tree.scroll_offset.y, user.lines_of(user.tree))
        await user.press("enter")
        await user.works_no_more()
        assert user.home.path == "Other.md"
        await user.press("j", "backspace")
        assert (user.at, user.tree.scroll_offset.y, user.lines_of(user.tree)) == before


@pytest.mark.usefixtures("hub")
async def test_a_jump_from_the_sidebar_is_recorded_and_browsing_is_not(start: Start) -> None:
    async with start("Hub.md") as user:
        await go_to(user, "block")
        await user.press("shift+tab", "j", "j", "enter")
        assert user.home.path == "sub/Deep one.md"
        await user.press("backspace")
        assert user.home.path == "Hub.md"
        assert user.at.startswith("block")
        await user.press("backspace")
        await user.sees("Nothing to go back to.")
        assert user.home.path == "Hub.md"


@pytest.mark.usefixtures("hub")
async def test_a_suggestion_in_the_same_note_is_a_jump(start: Start) -> None:
    async with start("Hub.md") as user:
        await go_to(user, "parent")
        await user.press("n")
        await user.sees("heading")
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home)
        assert not user.at.startswith("parent")
        await user.press("backspace")
        assert user.at.startswith("parent")


@pytest.mark.usefixtures("hub")
async def test_back_follows_a_note_that_was_renamed_and_the_row_that_was_edited(start: Start) -> None:
    async with start("Hub.md") as user:
        await follow(user, "block")
        moved = start.root / "sub" / "Moved.md"
        (start.root / "Hub.md").rename(moved)
        await user.until(lambda: "sub/Moved.md" in user.app.vault.snapshot.notes, "the rename")
        moved.write_text("- [ ] above\n" + HUB)
        await user.until(lambda: "above" in str(user.app.vault.snapshot.notes["sub/Moved.md"].note.items[0]))
        await user.press("backspace")
        assert user.home.path == "sub/Moved.md"
        assert user.at.startswith("block")


@pytest.mark.usefixtures("hub")
async def test_focus_follows_links_by_the_same_rule(start: Start) -> None:
    async with start("Hub.md") as user:
        await go_to(user, "block")
        await user.press("f")
        await user.sees("→ Other#^here")
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home and user.home.path == "Other.md")
        await user.pilot.pause()
        assert user.at == "c"
        await user.press("backspace")
        assert user.home.path == "Hub.md"


@pytest.mark.usefixtures("hub")
async def test_back_to_a_note_that_was_filtered_is_on_the_same_row(start: Start) -> None:
    async with start("Hub.md") as user:
        await user.press("slash", *"block", "enter")
        await user.works_no_more()
        await go_to(user, "- [ ] block")
        await user.press("enter")
        await user.until(lambda: user.home.path == "Other.md", "the link")
        await user.press("backspace")
        assert user.home.path == "Hub.md"
        assert user.at.startswith("block")


@pytest.mark.usefixtures("hub")
async def test_links_of_the_preview_are_followed_in_it(start: Start) -> None:
    start.put("Read.md", "# Read\n[[Other#Part two]]\n- [ ] x\n")
    async with start("Read.md", (160, 45)) as user:
        await user.press("v")
        await user.until(lambda: user.home.panes.preview is not None, "the preview")
        preview = user.home.panes.preview
        assert preview is not None
        await user.sees("Other > Part two")
        await user.press("tab", "enter", "enter")
        await user.until(lambda: user.home.path == "Other.md", "the link")
        assert (user.at, preview.view.has_focus) == ("Part two", True)
        await user.press("backspace")
        assert (user.home.path, preview.view.has_focus) == ("Read.md", True)
