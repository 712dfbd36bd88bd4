"""`/` filters the tree as one types; keys work on what is shown, and `esc` gives back what was there."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key, Paste

from roadtui.config import AfterFilter, Config
from tests.ui.conftest import Start, User

NOTE = """\
# One
- [ ] Alpha #ml
  - [ ] Beta
  - [x] Gamma
  - [ ] Kappa
- [ ] Delta

# Two
- [/] Epsilon
- [ ] Zeta 📅 2026-11-20
"""
LONG = "# One\n" + "".join(f"- [ ] Task {number}\n" for number in range(60)) + "# Two\n- [ ] Zeta\n"


@pytest.fixture
def note(start: Start) -> Path:
    """A note of seven boxes in two sections."""
    return start.put("Plan.md", NOTE)


def rows(user: User) -> list[str]:
    """The texts of the rows of the tree."""
    lines = [line.strip(" ▌▾▸○◐●⊘·•").split("  ")[0] for line in user.lines_of(user.tree)]
    return [line.removesuffix("#ml").strip() for line in lines if line]


def position(user: User) -> tuple[list[str], int, int]:
    """Rows, cursor and scroll."""
    return rows(user), user.tree.cursor, user.tree.scroll_offset.y


def lit(user: User, words: str) -> str:
    """The letters of the row with `words` that are drawn as matched."""
    text_styles = user.home.text_styles
    assert text_styles is not None
    y = next(y for y, line in enumerate(user.lines_of(user.tree)) if words in line)
    segments = user.tree.render_line(y)
    return "".join(one.text for one in segments if one.style and one.style.color == text_styles.match.color)


async def test_each_key_filters_and_escape_gives_back_folds_cursor_and_scroll(
    start: Start, note: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "h", "G")
        before = position(user)
        assert before[0] == ["One", "Alpha", "Delta", "Two", "Epsilon", "Zeta"]
        await user.press("slash", "e")
        assert rows(user) == ["One", "Alpha", "Beta", "Delta", "Two", "Epsilon", "Zeta"]
        await user.press("t")
        assert rows(user) == ["One", "Alpha", "Beta", "Two", "Zeta"]
        assert "2 of 9 rows" in user.text()
        assert user.at == "Zeta", "it is a hit, and the cursor was there"
        await user.press("escape")
        await user.pilot.pause()
        assert position(user) == before
        assert user.tree.has_focus


async def test_what_is_typed_before_the_line_is_painted_is_in_sight(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        for key in ("slash", *"eta"):
            user.app.post_message(Key(key, "/" if key == "slash" else key))
        await user.sees("2 of 9")
        await user.pilot.pause()
        assert "/ eta " in user.text()


async def test_matched_letters_are_lit_and_rows_around_are_dim(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"eta")
        assert lit(user, "Beta") == "eta"
        assert lit(user, "Alpha") == ""
        text_styles = user.home.text_styles
        assert text_styles is not None
        alpha = next(one for one in user.tree.render_line(1) if "Alpha" in one.text)
        assert alpha.style is not None
        assert alpha.style.color == text_styles.dim.color


async def test_scroll_is_the_same_again_after_a_long_way(start: Start) -> None:
    start.write(Plan=LONG)
    async with start("Plan.md", (100, 24)) as user:
        await user.press(*["ctrl+d"] * 3, "k", "k")
        before = position(user)
        assert before[2] > 0
        await user.press("slash", *"zeta")
        assert rows(user) == ["Two", "Zeta"]
        await user.press("enter", "k", "escape")
        await user.pilot.pause()
        assert position(user) == before


async def test_deleting_the_query_shows_all_as_it_was(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "h", "G")
        before = position(user)
        await user.press("slash", "e", "backspace")
        assert position(user) == before
        await user.press("enter")
        await user.pilot.pause()
        assert position(user) == before
        assert user.tree.has_focus
        assert "esc drop" not in user.text()


async def test_enter_keeps_the_filter_and_n_steps_through_the_hits(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"eta", "enter")
        await user.pilot.pause()
        assert "/ eta · 2 of 9 rows · esc" in user.text()
        assert user.at == "Beta"
        await user.press("n")
        assert (user.at, "/ eta · 2/2 · esc" in user.text()) == ("Zeta", True)
        await user.press("n")
        assert (user.at, "/ eta · 1/2 · esc" in user.text()) == ("Beta", True)
        await user.press("N")
        assert user.at == "Zeta"
        await user.press("k")
        assert "/ eta · 2 of 9 rows · esc" in user.text()
        await user.press("escape")
        assert "· esc" not in user.text()
        await user.press("n")
        await user.sees("THEN")


async def test_enter_drops_the_filter_where_the_config_says_so(start: Start, note: Path) -> None:
    async with start("Plan.md", config=Config(after_filter=AfterFilter.DROP)) as user:
        await user.press("j", "h", "slash", *"bet", "enter")
        await user.pilot.pause()
        assert "Delta" in user.text()
        assert user.at == "Beta"
        await user.press("n")
        await user.sees("THEN")


async def test_arrows_step_while_typing_and_the_next_letter_stays_on_the_hit(
    start: Start, note: Path
) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"et", "down")
        assert (user.at, "2/2" in user.text()) == ("Zeta", True)
        await user.press("up")
        assert user.at == "Beta"
        await user.press("down", "a")
        assert user.at == "Zeta"
        await user.press("slash")
        assert "/ eta/" in user.text()


async def test_slash_edits_the_query_that_was_kept(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"et", "enter", "slash", "backspace", *"psi")
        assert rows(user) == ["Two", "Epsilon"]
        assert "/ epsi" in user.text()


async def test_a_task_that_is_ticked_stays_until_the_query_changes(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"is:open bet", "enter", "space")
        await user.idle()
        assert "[x] Beta" in note.read_text()
        assert rows(user) == ["One", "Alpha", "Beta"]
        assert "0 of 9" in user.text()
        assert "● Beta" in user.text()
        await user.press("slash", "backspace")
        assert rows(user) == []


async def test_new_hits_of_another_program_appear_and_its_other_rows_do_not(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"eta", "enter")
        note.write_text(NOTE.replace("- [ ] Delta\n", "- [ ] Delta\n- [ ] Theta\n- [ ] Other\n"))
        await user.sees("Theta")
        assert rows(user) == ["One", "Alpha", "Beta", "Theta", "Two", "Zeta"]
        assert "3 of 11" in user.text()
        await user.press("escape")
        assert "Other" in rows(user)


async def test_a_new_task_is_shown_until_the_query_changes(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"zet", "enter", "a", *"New one", "enter")
        await user.idle()
        assert rows(user) == ["Two", "Zeta", "New one"]
        assert user.at == "New one"
        await user.press("slash", "a")
        assert rows(user) == ["Two", "Zeta"]


async def test_marks_and_keys_reach_only_what_is_shown(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "j", "j", "j", "m", "slash", *"is:open -kap", "enter", "g", "j", "M", "G", "M")
        assert "5 selected" in user.text()
        await user.press("space")
        await user.idle()
        assert note.read_text().count("[x]") == 6
        assert "- [ ] Kappa" in note.read_text()
        await user.press("escape", "escape")
        assert "selected" not in user.text()


async def test_rows_that_the_filter_hides_are_named_before_they_are_deleted(start: Start, note: Path) -> None:
    async with start("Plan.md", (160, 30)) as user:
        await user.press("slash", *"eta", "enter", "k", "d")
        await user.sees("2 of which the filter hides?")
        assert "Delete “Alpha #ml” and the 3 tasks below it" in user.text()
        await user.press("y")
        await user.idle()
        assert rows(user) == ["Two", "Zeta"]
        assert "Beta" not in note.read_text()


async def test_tick_with_all_below_leaves_what_the_filter_hides(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"eta", "enter", "k", "ctrl+@")
        await user.sees("1 task below that the filter hides: not changed.")
        await user.idle()
        assert note.read_text().startswith(
            "# One\n- [x] Alpha #ml\n  - [x] Beta\n  - [x] Gamma\n  - [ ] Kappa\n"
        )


async def test_a_task_is_moved_past_the_next_one_that_is_shown(start: Start) -> None:
    note = start.put("Plan.md", "- [ ] eta 1\n- [ ] b\n- [ ] c\n- [ ] eta 2\n- [ ] e\n")
    async with start("Plan.md") as user:
        await user.press("slash", *"eta", "enter", "g", "J")
        await user.idle()
        assert rows(user) == ["eta 2", "eta 1"]
        assert user.at == "eta 1"
        moved = "- [ ] b\n- [ ] c\n- [ ] eta 2\n- [ ] eta 1\n- [ ] e\n"
        assert note.read_text() == moved
        await user.press("J")
        await user.sees("The filter hides all that it can")
        await user.press("K")
        await user.idle()
        assert rows(user) == ["eta 1", "eta 2"]
        assert note.read_text() == "- [ ] b\n- [ ] c\n- [ ] eta 1\n- [ ] eta 2\n- [ ] e\n"
        await user.press("u")
        await user.idle()
        assert note.read_text() == moved, "each move is one change"


async def test_folding_works_in_the_filter_and_does_not_last(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"eta", "enter", "g", "h")
        assert rows(user) == ["One", "Two", "Zeta"]
        await user.press("escape")
        assert "Beta" in rows(user)


@pytest.mark.parametrize(
    ("query", "sentence", "wrong"),
    [
        ("eta is:opne", "`opne` is not a value of `is:`. Did you mean `open`?", "opne"),
        ("eta foo:x", "There is no term `foo:`.", "foo:"),
        ("eta )", "No parenthesis is open here.", ")"),
    ],
)
async def test_what_is_wrong_is_marked_and_the_last_result_stays(
    start: Start, note: Path, query: str, sentence: str, wrong: str
) -> None:
    async with start("Plan.md", (160, 30)) as user:
        await user.press("slash", *query)
        await user.sees(sentence)
        assert "eta" in user.text()
        line = user.home.query_one("FilterLine")
        marked = [one.text for one in line.render_line(0) if one.style and one.style.underline]
        assert "".join(marked) == wrong
        await user.press("enter")
        assert "go there" in user.text(), "the line stays open"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("x" * 10_000, "A query has at most 1,000 characters; this one has 10,000."),
        ("(" * 1_000, "At most 50 parentheses can be inside one another."),
        ("\x1b[31m\t.*[a-z", "Nothing in this note matches."),
    ],
    ids=["long", "nested", "control"],
)
async def test_pasted_nonsense_is_an_error_and_does_not_act(
    start: Start, note: Path, query: str, sentence: str
) -> None:
    async with start("Plan.md", (160, 30)) as user:
        await user.press("slash")
        user.app.post_message(Paste(query))
        await user.sees(sentence)
        await user.press("escape")
        assert "Delta" in rows(user)


async def test_a_short_query_after_a_long_one_is_shown_from_its_start(start: Start, note: Path) -> None:
    async with start("Plan.md", (60, 20)) as user:
        await user.press("slash", *"gamma " * 12, "ctrl+u", *"eta")
        await user.sees("/ eta ")
        assert "esc drop" in user.text()


async def test_terms_are_completed(start: Start, note: Path) -> None:
    async with start("Plan.md", (180, 30)) as user:
        await user.press("slash")
        await user.sees("is:open to do")
        await user.works_no_more()
        await user.press(*"is:o")
        await user.sees("is:open  is:overdue")
        await user.press("tab")
        assert "/ is:open" in user.text()
        await user.press("tab")
        assert "/ is:overdue" in user.text()
        assert rows(user) == ["Two", "Zeta"]
        await user.press("shift+tab", "space", *"#m", "tab")
        assert "/ is:open #ml" in user.text()
        assert rows(user) == ["One", "Alpha"]


async def test_rows_stay_while_a_term_is_typed_that_finds_nothing_yet(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", "i")
        assert rows(user) == ["Two", "Epsilon"]
        assert "1 of 9 rows" in user.text()
        for key in ("s", ":", "o", "p"):
            await user.press(key)
            assert rows(user) == ["Two", "Epsilon"]
            assert "of 9 rows" not in user.text(), "they are not what it finds"
        await user.press("enter")
        assert user.home.panes.note.is_typing, "it is no query yet"
        await user.press("e", "n")
        opened = ["One", "Alpha", "Beta", "Kappa", "Delta", "Two", "Epsilon", "Zeta"]
        assert rows(user) == opened
        await user.press("space", "-")
        assert rows(user) == opened
        await user.press(*"delta")
        assert rows(user) == [row for row in opened if row != "Delta"]


async def test_what_finds_nothing_is_shown_to_do_so_once_it_is_typed(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", "i", "s")
        assert rows(user) == ["Two", "Epsilon"]
        user.tree.focus()
        await user.pilot.pause()
        assert rows(user) == []
        assert "/ is · 0 of 9" in user.text()


async def test_the_mouse_takes_a_completion_opens_and_drops(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("slash", *"is:o")
        await user.click(user.home.query_one("FilterHint"), "is:overdue")
        assert rows(user) == ["Two", "Zeta"]
        await user.click(user.tree, "Zeta")
        await user.sees("/ is:overdue · 1 of 9 rows · esc")
        await user.click(user.home.query_one("FilterHint"), "is:overdue")
        await user.press("space", *"bet")
        assert rows(user) == []
        await user.press("backspace", "backspace", "backspace", "enter")
        await user.click(user.home.query_one("FilterHint"), "esc")
        assert "Delta" in rows(user)


async def test_another_note_and_its_return_have_no_filter(start: Start, note: Path) -> None:
    start.put("Other.md", "- [ ] Something\n- [ ] Beta too\n")
    async with start("Plan.md", (160, 30)) as user:
        await user.press("j", "h", "G")
        before = position(user)
        await user.press("slash", *"eta", "enter", "shift+tab", "k")
        await user.sees("Something")
        assert "· esc" not in user.text()
        await user.press("j", "tab")
        await user.sees("Zeta")
        assert position(user) == before


async def test_the_filter_stays_through_a_resize_and_another_theme(start: Start, note: Path) -> None:
    async with start("Plan.md", (120, 30)) as user:
        await user.press("slash", *"eta", "enter")
        await user.pilot.resize_terminal(60, 20)
        user.app.theme = "roadtui-light"
        await user.pilot.pause()
        assert rows(user) == ["One", "Alpha", "Beta", "Two", "Zeta"]
        assert lit(user, "Beta") == "eta"
        assert "/ eta · 2 of 9 rows · esc" in user.text()


async def test_no_key_of_the_note_acts_while_a_query_is_typed(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("j", "slash", "ctrl+@", *"dxJu")
        await user.idle()
        assert note.read_text() == NOTE
        assert "/ dxJu" in user.text()


async def test_keys_that_follow_enter_at_once_are_for_the_tree(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        for key in ("slash", *"bet", "enter", "space"):
            user.app.simulate_key(key)
        await user.idle()
        assert "[x] Beta" in note.read_text()


@pytest.mark.parametrize("size", [(160, 30), (60, 20)], ids=str)
async def test_it_opens_from_another_pane_and_leaves_the_keys_to_the_tree(
    start: Start, note: Path, size: tuple[int, int]
) -> None:
    async with start("Plan.md", size) as user:
        await user.press("shift+tab", "slash", *"zet")
        assert rows(user) == ["Two", "Zeta"]
        await user.press("escape", "G", "space")
        await user.idle()
        assert "[x] Zeta" in note.read_text()


async def test_a_long_note_is_searched_from_the_cursor_on_while_the_line_takes_keys(start: Start) -> None:
    start.put("Plan.md", "# One\n" + "".join(f"- [ ] Task {number} zeta\n" for number in range(9_000)))
    async with start("Plan.md") as user:
        user.tree.go_to_line(8_000)
        await user.press("slash", *"zeta")
        assert user.at == "Task 7999 zeta"
        await user.sees("9,000 of 9,001")
        assert user.at == "Task 7999 zeta", "rows that were found above it have not moved it"
        await user.press("escape")
        assert user.at == "Task 7999 zeta"


async def test_a_note_without_tasks_has_nothing_to_filter(start: Start, note: Path) -> None:
    note.write_text("Words.\n")
    async with start("Plan.md") as user:
        await user.press("slash", *"zet")
        assert "/ zet" not in user.text()


async def test_dates_of_the_history_are_asked_as_well(start: Start, note: Path) -> None:
    async with start("Plan.md") as user:
        await user.press("G", "space")
        await user.idle()
        await user.press("slash")
        await user.works_no_more()
        await user.press(*"done:today")
        await user.pilot.pause()
        assert rows(user) == ["Two", "Zeta"]


async def test_a_change_elsewhere_that_unblocks_a_task_is_asked_again(start: Start) -> None:
    start.put("Other.md", "- [ ] First 🆔 abc\n")
    start.put("Plan.md", "- [ ] Second ⛔ abc\n- [ ] Third\n")
    async with start("Plan.md") as user:
        await user.press("slash", *"is:blocked", "enter")
        assert rows(user) == ["⊙ Second"]
        assert "1 of 2" in user.text()
        (start.root / "Other.md").write_text("- [x] First 🆔 abc\n")
        await user.sees("0 of 2")
        assert "Second" in user.text()
