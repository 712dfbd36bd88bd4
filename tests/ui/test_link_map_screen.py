"""The map of linked roadmaps: its rows, going to a note, changes from outside, a vault without links."""

from __future__ import annotations

import re

import pytest

from roadtui.ui.screens.link_map import LinkMapScreen, LinkMapTree
from tests.ui.conftest import Start, User

NOTES = {
    "Home": "[[Alpha]] [[Beta]]\n",
    "area/Alpha": "- [x] a\n- [ ] b\nSee [[Gamma]] and\n[[Nowhere]].\n",
    "Beta": "- [ ] c [[Gamma]] [[Home]]\n",
    "Gamma": "- [/] d\n",
    "Alone": "- [ ] e\n",
}


def put(start: Start) -> None:
    for name, text in NOTES.items():
        start.put(f"{name}.md", text)


async def open_map(user: User) -> LinkMapTree:
    await user.press("ctrl+g")
    await user.until(lambda: isinstance(user.app.screen, LinkMapScreen), "the map")
    tree = user.app.screen.query_one(LinkMapTree)
    await user.until(lambda: "LINKS" in user.text(), "what is on it")
    await user.pilot.pause()
    return tree


def rows(user: User, tree: LinkMapTree) -> list[str]:
    """The rows with their indent, without the cursor and the numbers at the right edge."""
    names = [re.split(r"[━╾─╍]| +\d+ (?:in|out)\b", line[1:])[0].rstrip() for line in user.lines_of(tree)]
    return [name for name in names if name]


def current(tree: LinkMapTree) -> str:
    assert tree.current is not None
    return f"{tree.current.name} {tree.current.kind.value}"


async def test_shows_which_note_leads_where(start: Start) -> None:
    put(start)
    async with start("Alone.md", size=(100, 24)) as user:
        tree = await open_map(user)
        assert rows(user, tree) == [
            "▾ ⌂ Home",
            "  ▾ Alpha  area/",
            "      Gamma",
            "      Nowhere  ✗ no such note",
            "  ▾ Beta",
            "      Gamma  ↑ above",
            "      ⌂ Home  ↻ cycle",
            "▾ not linked",
            "    Alone",
        ]
        assert "LINKS   1 hub · 4 roadmaps · 1 dead link · 1 cycle · 5 links" in user.text()
        alpha = next(line for line in user.lines_of(tree) if "Alpha" in line)
        assert alpha.split()[-2:] == ["1/2", "50%"]
        assert current(tree) == "Alone note"


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (["g", "enter"], "Home.md"),
        (["g", "j", "enter"], "area/Alpha.md"),
        (["g", *"jjjj", "j", "enter"], "Gamma.md"),
        (["g", *"jjjjjj", "enter"], "Home.md"),
        (["g", *"jjj", "enter"], "area/Alpha.md"),
    ],
    ids=["hub", "roadmap", "shown above", "cycle", "dead link"],
)
async def test_enter_goes_to_the_note(start: Start, keys: list[str], path: str) -> None:
    put(start)
    async with start("Alone.md") as user:
        await open_map(user)
        await user.press(*keys)
        await user.until(lambda: user.app.screen is user.home, "the dashboard")
        await user.pilot.pause()
        assert user.home.path == path


async def test_enter_on_a_dead_link_goes_to_its_line(start: Start) -> None:
    start.put("Plan.md", "- [ ] a\n- [ ] b [[Nowhere]]\n")
    start.put("Other.md", "- [ ] x\n")
    async with start("Other.md") as user:
        tree = await open_map(user)
        await user.press("g", "j")
        assert current(tree) == "Nowhere dead"
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.home, "the dashboard")
        await user.pilot.pause()
        assert (user.home.path, user.at) == ("Plan.md", "b Nowhere")


async def test_keys_fold_and_lead_to_where_the_links_of_a_note_are(start: Start) -> None:
    put(start)
    async with start("Beta.md") as user:
        tree = await open_map(user)
        assert current(tree) == "Beta note"
        await user.press("j", "l")
        assert current(tree) == "Gamma note"
        await user.press("h")
        assert current(tree) == "Alpha note"
        await user.press("h")
        assert [row.strip() for row in rows(user, tree)][1:3] == ["▸ Alpha  area/", "▾ Beta"]
        await user.press("G", "k", "enter")
        assert [row.strip() for row in rows(user, tree)][-1] == "▸ not linked"
        await user.press("left_square_bracket")
        assert current(tree) == "Home note"
        await user.press("z")
        assert rows(user, tree) == ["▸ ⌂ Home", "▸ not linked"]
        await user.press("l", "l", "l", "l", "l")
        assert current(tree) == "Gamma note"
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.home, "the dashboard")


async def test_follows_changes_of_the_vault(start: Start) -> None:
    put(start)
    async with start("Beta.md") as user:
        tree = await open_map(user)
        await user.press("k", "k", "k", "h")
        assert current(tree) == "Alpha note"
        start.put("Home.md", "[[New]] [[Alpha]] [[Beta]]\n")
        start.put("New.md", "- [x] n\n- [x] m\n")
        start.put("Nowhere.md", "- [ ] it is there\n")
        await user.until(lambda: "6 roadmaps" in user.text(), "the new notes")
        await user.until(lambda: "dead" not in user.text(), "no dead link")
        assert rows(user, tree)[:3] == ["▾ ⌂ Home", "    New", "  ▸ Alpha  area/"]
        assert current(tree) == "Alpha note"
        new = next(line for line in user.lines_of(tree) if "New" in line)
        assert new.split()[-1] == "100%"


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        ({}, "No tasks here yet."),
        ({"Prose": "[[Gone]]\n"}, "No tasks here yet."),
        ({"A": "- [ ] a\n", "B": "- [ ] b\n"}, "No roadmap links to another yet."),
    ],
)
async def test_says_why_there_is_nothing(start: Start, notes: dict[str, str], sentence: str) -> None:
    start.write(**notes)
    async with start() as user:
        await open_map(user)
        assert sentence in user.text()
        assert "not linked" not in user.text()
        await user.press("j", "enter", "l", "z", "escape")
        await user.until(lambda: user.app.screen is user.home, "the dashboard")


async def test_shows_the_first_link_as_soon_as_there_is_one(start: Start) -> None:
    start.write(A="- [ ] a\n", B="- [ ] b\n")
    async with start("A.md") as user:
        tree = await open_map(user)
        start.put("A.md", "- [ ] a [[B]]\n")
        await user.until(lambda: tree.display and tree.has_focus, "the map")
        await user.pilot.pause()
        assert rows(user, tree) == ["▾ A", "    B"]


async def test_names_of_notes_do_no_harm(start: Start) -> None:
    start.put("Plan.md", "- [ ] [[\x1b[31mred]] [[{}$(ls)]]\n")
    start.put("[b]x.md", "- [ ] y [[Plan]]\n")
    async with start("Plan.md") as user:
        await open_map(user)
        text = user.text()
        assert "[b]x" in text
        assert "␛" in text
        assert "$(ls)" in text
        assert "\x1b" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160])
async def test_columns_stand_below_each_other(start: Start, width: int) -> None:
    put(start)
    start.put("Beta.md", "- [ ] c [[Gamma]] [[A note with quite a long name for a narrow pane]]\n")
    start.put("A note with quite a long name for a narrow pane.md", "- [x] z\n[[Home]] [[Gamma]]\n")
    async with start("Alone.md", size=(width, 24)) as user:
        tree = await open_map(user)
        lines = [line for line in user.lines_of(tree) if re.search("[━─╍]{2}", line)]
        assert len({len(re.split("[━╾─╍]", line, maxsplit=1)[0]) for line in lines}) == 1
        assert len({line.index("%") for line in lines}) == 1
        assert len(lines) == 9
        assert sum("↑" in line for line in lines) == 2
        assert sum("↻" in line for line in lines) == 1
