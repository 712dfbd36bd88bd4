"""What others have changed: badges, the list of it, going from one to the next, and taking it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from roadtui.config import Config
from roadtui.ui.screens.activity import ActivityScreen
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.widgets.changes.change_list import ChangeList
from roadtui.vault.activity.seen_notes import SeenNotes
from roadtui.vault.history.events import EPOCH
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.ui.conftest import PLAN, Start, User

OTHER = "# List\n- [ ] one\n- [ ] two\n"
CHANGED = PLAN.replace("[ ] Beta", "[x] Beta").replace("- [ ] Delta\n", "- [ ] Delta 2\n- [ ] Eta\n")
LAST_LOOK = datetime(2026, 11, 20, 18, 4, tzinfo=UTC)


@asynccontextmanager
async def after_a_while(start: Start, **notes: str) -> AsyncIterator[User]:
    """The program, after others have written `notes`; everything was seen before."""
    start.write(Plan=PLAN, Other=OTHER)
    vault = Vault(start.root, Config(), lambda: NoteWriter(start.state))
    for _ in vault.load():
        pass
    seen = SeenNotes(start.state, start.root)
    seen.record(vault.snapshot, is_hurried=True)
    seen.save_look((LAST_LOOK - EPOCH) // timedelta(microseconds=1))
    seen.close()
    start.write(**notes)
    async with start("Plan.md") as user:
        await user.sees("change" if notes else "Alpha")
        yield user


async def open_list(user: User) -> ActivityScreen:
    await user.press("L")
    await user.until(lambda: "CHANGES" in user.text() or "Nothing has changed" in user.text(), "the list")
    screen = user.app.screen
    assert isinstance(screen, ActivityScreen)
    return screen


def listed(user: User) -> list[str]:
    """The words of the rows of the list, without time and place."""
    rows = user.lines_of(user.app.screen.query_one(ChangeList))
    return [" ".join(row.split()) for row in rows if row.strip()]


async def test_a_change_is_taken_back_and_the_list_goes_there_and_follows(start: Start) -> None:
    async with after_a_while(start, Plan=CHANGED, Other=OTHER.replace("[ ] two", "[x] two")) as user:
        await user.until(lambda: "outside" in user.row("Beta"), "who it was")
        screen = await open_list(user)
        await user.until(lambda: any("outside" in row for row in listed(user)), "the list")
        text = "\n".join(listed(user))
        assert "≡ Other 1 change" in text
        assert "≡ Plan 3 changes" in text
        assert [word in text for word in ("✓ done two", "✓ done Beta", "~ edited Delta 2", "+ new Eta")] == [
            True
        ] * 4
        for _ in range(4):
            if screen.listing.current is not None and screen.listing.current.entry.text == "Delta 2":
                break
            await user.press("j")
        await user.sees("was  - [ ] Delta")
        await user.press("t")
        plan = user.root / "Plan.md"
        await user.until(lambda: "Delta\n- [ ] Eta\n" in plan.read_text(), "the old line")
        await user.until(lambda: "Delta 2" not in "\n".join(listed(user)), "that it is listed no more")
        start.write(Other=OTHER.replace("[ ] one", "[x] one").replace("[ ] two", "[x] two"))
        await user.sees("✓ done  one")
        await user.press("G", "enter")
        await user.until(lambda: isinstance(user.app.screen, DashboardScreen), "the tree")
        await user.until(lambda: user.at == "Eta", "its row")


async def test_a_batch_is_taken_back_after_a_question_as_one_undo(start: Start) -> None:
    changed = {"Plan": CHANGED, "Other": "# List\n- [ ] two\n"}
    async with after_a_while(start, **changed) as user:
        await open_list(user)
        await user.press("T")
        await user.sees("Take back all 4 changes")
        await user.press("y")
        plan, other = user.root / "Plan.md", user.root / "Other.md"
        await user.until(lambda: (plan.read_text(), other.read_text()) == (PLAN, OTHER), "both notes")
        await user.sees("Nothing has changed since")
        await user.press("u")
        await user.until(
            lambda: (plan.read_text(), other.read_text()) == (CHANGED, changed["Other"]), "one undo"
        )


async def test_what_has_moved_on_is_refused_with_a_sentence(start: Start) -> None:
    async with after_a_while(start, Plan=CHANGED) as user:
        screen = await open_list(user)
        row = screen.listing.current
        assert row is not None
        again = CHANGED.replace("[x] Beta", "[/] Beta").replace("Delta 2", "Delta 3").replace("Eta", "Theta")
        (user.root / "Plan.md").write_text(again)
        screen.post_message(ChangeList.ActionRequested("one", row))
        await user.until(lambda: bool(user.messages()), "why not")
        assert "changed" in user.messages()[0]
        assert (user.root / "Plan.md").read_text() == again


async def test_from_change_to_change_through_the_notes_and_round_again(start: Start) -> None:
    async with after_a_while(start, Plan=CHANGED, Other=OTHER.replace("[ ] two", "[x] two")) as user:
        await user.until(lambda: bool(user.tree.badges), "the badges")
        found = []
        for _ in range(5):
            await user.press("right_curly_bracket")
            await user.pilot.pause()
            found.append(user.at)
        assert found == ["Beta", "Delta 2", "Eta", "two", "Beta"]
        await user.press("left_curly_bracket")
        await user.until(lambda: user.at == "two", "the one before")


async def test_folded_rows_and_roadmaps_say_how_much_is_inside_and_all_is_seen_at_once(start: Start) -> None:
    async with after_a_while(start, Plan=CHANGED, Other=OTHER.replace("[ ] two", "[x] two")) as user:
        await user.until(lambda: bool(user.tree.badges), "the badges")
        await user.press("z")
        assert "•3" in user.row("One")
        assert "•" not in user.row("Two")
        assert [row.split()[-3] for row in user.lines_of(user.sidebar) if "•" in row] == ["•1", "•3"]
        await open_list(user)
        await user.press("A")
        await user.sees("Nothing has changed since 12:04.")
        await user.press("escape")
        await user.until(lambda: "•" not in user.text(), "that nothing is told of any more")
