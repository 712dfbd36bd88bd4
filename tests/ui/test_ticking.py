"""Ticking: at once on the screen, one byte on disk, taken back with a key, refused in words."""

import asyncio
from datetime import date
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.session.focus_session import FocusQueue
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.session.view_model import DashboardModel
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.errors import NoteBusyError
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.ui.conftest import PLAN, Start


async def test_tick_shows_at_once_and_changes_one_byte(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j")
        assert user.at == "Beta"
        await user.press("space")
        assert "● Beta" in user.row("Beta")
        await user.is_saved()
        assert plan.read_bytes() == PLAN.replace("[ ] Beta", "[x] Beta").encode()


async def test_counts_follow_a_tick(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        assert user.row("One").endswith("1/3")
        assert "1/5 · 20%" in user.text()
        await user.press("j", "j", "space")
        await user.is_saved()
        assert user.row("One").endswith("2/3")
        assert user.row("Alpha").split() == ["▾", "○", "Alpha", "ready", "to", "tick", "━━━━", "2/2"]
        assert "2/5 · 40%" in user.text()


async def test_ticks_in_quick_succession_all_arrive_in_order(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "space", "space", "space", "j", "j", "space")
        assert "● Beta" in user.row("Beta")
        assert "● Delta" in user.row("Delta")
        expected = PLAN.replace("[ ] Beta", "[x] Beta").replace("[ ] Delta", "[x] Delta").encode()
        await user.until(lambda: plan.read_bytes() == expected, "four edits")
        await user.is_saved()
        assert "not saved" not in user.text()


async def test_tick_that_is_still_under_way_stays_on_screen_when_the_note_changes(
    start: Start, plan: Path, gate: Event
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "space")
        plan.write_text("- [ ] New on top\n" + PLAN)
        await user.sees("New on top")
        assert "● Beta" in user.row("Beta")
        assert "○ New" in user.row("New on top")
        gate.set()
        await user.is_saved()
        assert plan.read_text() == "- [ ] New on top\n" + PLAN.replace("[ ] Beta", "[x] Beta")


async def test_tick_that_is_still_under_way_is_shown_in_its_own_note_alone(
    start: Start, plan: Path, gate: Event
) -> None:
    start.put("Other.md", PLAN)
    async with start("Plan.md") as user:
        await user.press("j", "j", "space")
        user.home.open("Other.md")
        await user.until(lambda: user.home.path == "Other.md", "the other note")
        assert "○ Beta" in user.row("Beta")
        gate.set()
        await user.is_saved()


async def test_tick_that_is_still_under_way_stays_on_screen_when_the_note_is_renamed(
    start: Start, plan: Path, gate: Event
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "space")
        plan.rename(plan.with_name("Project.md"))
        await user.until(lambda: user.home.path == "Project.md", "the new name")
        assert "● Beta" in user.row("Beta")
        gate.set()
        await user.is_saved()


async def test_what_takes_long_to_work_out_never_hides_what_is_newer(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()
    async with start("Plan.md") as user:
        view = user.app.presenter.view

        def slow_view(snapshot: Snapshot) -> DashboardModel:
            is_newer = any("New" in task.text for task in snapshot.notes["Plan.md"].note.tasks)
            assert is_newer or gate.wait(5)
            return view(snapshot)

        monkeypatch.setattr(user.app.presenter, "view", slow_view)
        ticked = PLAN.replace("[ ] Alpha", "[x] Alpha")
        await user.press("j", "space")
        await user.until(lambda: plan.read_text() == ticked, "the tick")
        plan.write_text("- [ ] New\n" + ticked)
        await user.sees("New")
        gate.set()
        await user.is_saved()
        assert "○ New" in user.text()
        assert "● Alpha" in user.text()


async def test_undo_right_after_a_tick_takes_back_that_tick(start: Start, plan: Path, gate: Event) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space", "u")
        gate.set()
        await user.sees("Undone: tick “Alpha”")
        assert plan.read_text() == PLAN


async def test_undo_and_redo_across_notes(start: Start, plan: Path) -> None:
    other = start.put("Other.md", "- [ ] Omega\n")
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.is_saved()
        user.home.open("Other.md", 0)
        await user.press("space")
        await user.until(lambda: other.read_text() == "- [x] Omega\n", "the tick")
        user.home.open("Plan.md")
        await user.press("u")
        await user.sees("Undone: tick “Omega”")
        assert user.at == "Omega"
        assert other.read_text() == "- [ ] Omega\n"
        await user.press("u")
        await user.sees("Undone: tick “Alpha”")
        assert plan.read_text() == PLAN
        await user.press("ctrl+r", "ctrl+r")
        await user.until(lambda: other.read_text() == "- [x] Omega\n", "both made again")
        assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha")


@pytest.mark.parametrize(("key", "words"), [("u", "Nothing to undo"), ("ctrl+r", "Nothing to redo")])
async def test_nothing_to_undo_is_said(start: Start, plan: Path, key: str, words: str) -> None:
    async with start("Plan.md") as user:
        await user.press(key)
        await user.sees(words)


async def test_refused_tick_says_why_and_shows_what_is_there(start: Start, plan: Path, gate: Event) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space")
        plan.write_text(PLAN.replace("[ ] Alpha", "[-] Alpha"))
        gate.set()
        await user.sees("Not changed: this task is [-] now")
        await user.until(lambda: "⊘ Alpha" in user.row("Alpha"), "the true state")
        assert "saved" not in user.lines()[0], "nothing is left to save, and nothing was saved"
        assert plan.read_text() == PLAN.replace("[ ] Alpha", "[-] Alpha")


async def test_write_that_stays_busy_is_said_and_made_later(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, is_busy = Vault.commit, True

    def busy(self, edit):  # type: ignore[no-untyped-def]
        if is_busy:
            raise NoteBusyError(plan, "Plan.md is being written by another program.")
        return commit(self, edit)

    monkeypatch.setattr(Vault, "commit", busy)
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.sees("waiting to save")
        await user.sees("in use by another program")
        assert "● Alpha" in user.row("Alpha")
        is_busy = False
        await user.is_saved()
        assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha")


async def test_quitting_saves_what_is_under_way_first(start: Start, plan: Path, gate: Event) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space")
        asyncio.get_running_loop().call_later(0.2, gate.set)
        await user.press("q")
        await user.until(lambda: user.app.return_value is not None, "the end")
    assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha")
    assert user.app.return_value == 0


async def test_quitting_makes_an_edit_again_that_was_just_overwritten(start: Start, plan: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.is_saved()
        plan.write_text(PLAN)
        await user.press("q")
        await user.until(lambda: user.app.return_value is not None, "the end")
    assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha")
    assert user.app.return_value == 0


async def test_quitting_names_what_could_not_be_saved_and_takes_no_longer_than_it_may(
    start: Start, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(self: Vault, edit: Edit) -> EditCommit:
        raise NoteBusyError(plan, "Plan.md is in use.")

    monkeypatch.setattr(Vault, "commit", busy)
    async with start("Plan.md") as user:
        await user.press("j", "space", "j", "space")
        began = monotonic()
        await user.press("q", "q")
        await user.until(lambda: user.app.return_value is not None, "the end")
        assert monotonic() - began < 4
    assert user.app.return_value == 1
    assert user.app.notifier.exit_messages == ["Not saved: tick “Alpha”.", "Not saved: tick “Beta”."]


async def test_an_edit_that_is_on_its_way_to_the_app_when_it_is_to_end_is_saved(
    start: Start, plan: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("j")
        user.home.task_tree.action_toggle_task()
        user.app.call_later(user.app.action_quit)
        await user.until(lambda: user.app.return_value is not None, "the end")
    assert plan.read_text() == PLAN.replace("[ ] Alpha", "[x] Alpha")
    assert user.app.return_value == 0


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_keys_that_leave(start: Start, plan: Path, key: str) -> None:
    async with start("Plan.md") as user:
        await user.press(key)
        await user.until(lambda: user.app.return_value == 0, "the end")


async def test_suspending_waits_for_a_write(
    start: Start, plan: Path, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_stop: list[str] = []
    async with start("Plan.md") as user:
        monkeypatch.setattr(user.app, "action_suspend_process", lambda: at_stop.append(plan.read_text()))
        asyncio.get_running_loop().call_later(0.2, gate.set)
        await user.press("j", "space", "ctrl+z")
        await user.until(lambda: bool(at_stop), "the stop")
    assert at_stop == [PLAN.replace("[ ] Alpha", "[x] Alpha")]


async def test_an_overwritten_tick_is_painted_as_it_will_be_and_space_acts_on_that(
    start: Start, plan: Path, gate: Event
) -> None:
    gate.set()
    async with start("Plan.md") as user:
        await user.press("j", "space")
        await user.is_saved()
        gate.clear()
        plan.write_text("# Above\n" + PLAN)
        await user.sees("Above")
        assert "● Alpha" in user.row("Alpha"), "it is not on disk, and about to be"
        assert plan.read_text() == "# Above\n" + PLAN
        await user.press("space")
        assert "○ Alpha" in user.row("Alpha")
        gate.set()
        await user.sees("Another program overwrote this")
        await user.until(lambda: plan.read_text() == "# Above\n" + PLAN, "the untick")
        assert "○ Alpha" in user.row("Alpha")


async def test_an_overwritten_tick_is_not_open_on_the_other_screens_either(
    start: Start, plan: Path, gate: Event
) -> None:
    alone = start.put("Alone.md", "- [ ] Alone\n")
    plan.unlink()
    gate.set()
    for key in ("f", "n"):
        alone.write_text("- [ ] Alone\n")
        async with start("Alone.md") as user:
            await user.press(key)
            await user.until(lambda: user.app.screen is not user.home, "the other screen")
            await user.sees("Alone")
            await user.press("space")
            await user.until(lambda: alone.read_text() == "- [x] Alone\n", "the tick")
            await user.sees("Everything is done.")
            gate.clear()
            alone.write_text("# Above\n- [ ] Alone\n")
            await user.until(lambda: "Above" in "".join(user.lines_of(user.tree)), "the look")
            await user.works_no_more()
            assert "○ Alone" not in user.text()
            gate.set()
            await user.until(lambda: alone.read_text() == "# Above\n- [x] Alone\n", "made again")
            await user.idle()
            assert "○ Alone" not in user.text()


def test_a_tick_that_is_given_up_is_suggested_again(start: Start) -> None:
    note = start.put("Alone.md", "- [ ] Alone\n")
    vault = Vault(start.root, Config(), lambda: NoteWriter(start.state))
    passed, pending = FocusQueue(None), PendingStatuses()

    def look(text: str) -> DashboardModel:
        before = vault.snapshot.notes
        note.write_text(text)
        view = DashboardModel.of(vault.refresh(), date(2026, 3, 14), None)
        pending.follow(before, view.snapshot)
        passed.follow(before, view.snapshot, pending.symbol_of)
        return view

    held = passed.following(look("- [ ] Alone\n"))
    assert held is not None
    passed.tick(held)
    assert passed.following(look("- [x] Alone\n")) is None
    alone = vault.snapshot.notes["Alone.md"]
    note.write_text("# A\n- [ ] Alone\n")
    fallen = vault.refresh().notes["Alone.md"]
    pending.add("again", fallen, [(next(iter(fallen.note.tasks)), "x")], vault.snapshot)
    passed.follow({"Alone.md": alone}, vault.snapshot, pending.symbol_of)
    assert passed.following(look("# B\n- [ ] Alone\n"), pending.about_to_close(vault.snapshot)) is None
    assert pending.clear("again")
    assert passed.following(look("# C\n- [ ] Alone\n")) is not None
