"""What the panes say and draw, without a screen: rows that fit, bars, lists, words where nothing is to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style

from roadtui.config import Config
from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.stats.progress import Progress
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text
from roadtui.session.empty_states import EmptyStateText, empty_note_text, no_next_actions_text
from roadtui.session.sidebar_items import (
    SidebarFolder,
    SidebarHeading,
    SidebarLocation,
    SidebarMessage,
    SidebarNote,
    SidebarProblem,
    sidebar_entries,
)
from roadtui.session.view_model import DashboardModel
from roadtui.ui.render import fit_row, pane_heading, percent, progress_bar, status_sign, status_style
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.ui.drawn_colours import TEXT_STYLES

TODAY = date(2026, 3, 14)


def snapshot_of(root: Path, notes: Mapping[str, str | bytes], **settings: int) -> Snapshot:
    """The vault at `root` with the notes given by their paths."""
    vault = root / "vault"
    vault.mkdir(exist_ok=True)
    for path, text in notes.items():
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Vault(vault, Config(**settings), lambda: NoteWriter(root / "state")).refresh()  # type: ignore[arg-type]


# Rows


DIM = Style(dim=True)


@pytest.mark.parametrize(
    ("width", "text", "ends", "expected"),
    [
        (12, "words", [], "- words     "),
        (12, "words and more", [], "- words and…"),
        (12, "words", ["end"], "- words  end"),
        (11, "words", ["end"], "- words end"),
        (10, "words", ["end"], "- words   "),
        (10, "words", ["end", "e"], "- words  e"),
        (14, "many words here", ["end"], "- many wo… end"),
        (13, "many words here", ["end"], "- many words…"),
        (1, "words", [], "-"),
        (0, "words", [], ""),
        (9, "学习路线图", [], "- 学习路…"),
    ],
)
def test_a_row_fits(width: int, text: str, ends: list[str], expected: str) -> None:
    drawn = fit_row(width, [Segment("- ")], (text, DIM), *([Segment(end)] for end in ends))
    assert drawn.text == expected
    assert drawn.cell_length == width


@pytest.mark.parametrize(
    ("progress", "cells", "expected"),
    [
        (Progress(), 3, "───"),
        (Progress(done=1, open=3), 2, "╾─"),
        (Progress(done=1, open=99), 3, "╾──"),
        (Progress(in_progress=1, open=99), 3, "╾──"),
        (Progress(done=1, open=1), 2, "━─"),
        (Progress(done=2, open=1), 3, "━━─"),
        (Progress(done=3), 2, "━━"),
        (Progress(done=1, in_progress=1, open=1), 3, "━╍─"),
        (Progress(done=1, in_progress=1, open=2), 2, "╸─"),
        (Progress(done=99, in_progress=1), 2, "━╸"),
    ],
)
def test_a_bar_moves_in_half_cells(progress: Progress, cells: int, expected: str) -> None:
    segments = progress_bar(progress, cells, TEXT_STYLES)
    assert "".join(segment.text for segment in segments) == expected


@pytest.mark.parametrize(
    ("progress", "pens"),
    [
        (Progress(), "   "),
        (Progress(done=1, open=2), "d  "),
        (Progress(done=1, in_progress=1, open=1), "dp "),
        (Progress(in_progress=3), "ppp"),
        (Progress(done=99, open=1), "ddd"),
        (Progress(done=3), "ddd"),
    ],
)
def test_a_bar_has_a_colour_for_each_part(progress: Progress, pens: str) -> None:
    names = {TEXT_STYLES.done: "d", TEXT_STYLES.doing: "p", TEXT_STYLES.track: " "}
    segments = progress_bar(progress, 3, TEXT_STYLES)
    assert "".join(names[segment.style or Style()] * len(segment.text) for segment in segments) == pens


@pytest.mark.parametrize(
    ("symbol", "sign"),
    [
        (" ", "○ "),
        ("x", "● "),
        ("/", "◐ "),
        ("-", "⊘ "),
        ("?", "? "),
        ("漢", "漢"),
        ("\u200b", "� "),
        ("\x1b", "␛ "),
    ],
)
def test_a_sign_is_two_cells_wide(symbol: str, sign: str) -> None:
    assert status_sign(symbol, StatusRegistry()) == sign


def test_a_status_that_is_to_do_by_another_symbol_shows_that(tmp_path: Path) -> None:
    statuses = StatusRegistry((Status("!", "Important", "x", StatusType.TODO),))
    assert (status_sign("!", statuses), status_sign(" ", statuses)) == ("! ", "○ ")


def test_each_kind_of_status_has_its_colour() -> None:
    styles = [status_style(kind, TEXT_STYLES) for kind in StatusType]
    by_kind = dict(zip(StatusType, styles, strict=True))
    assert by_kind[StatusType.DONE] == TEXT_STYLES.done
    assert by_kind[StatusType.IN_PROGRESS] == TEXT_STYLES.doing
    assert by_kind[StatusType.TODO] == by_kind[StatusType.ON_HOLD] == TEXT_STYLES.dim
    assert by_kind[StatusType.CANCELLED] == by_kind[StatusType.NON_TASK] == TEXT_STYLES.faint


def test_small_pieces() -> None:
    assert (percent(Progress()), percent(Progress(done=1, open=1)), percent(Progress(done=1))) == (
        *("    ", " 50%", "100%"),
    )
    assert pane_heading("next", TEXT_STYLES) == Segment("NEXT", TEXT_STYLES.faint + Style(bold=True))
    assert pane_heading("next", TEXT_STYLES, has_focus=True) == Segment(
        "NEXT", TEXT_STYLES.accent + Style(bold=True)
    )
    assert display_text("a\x1bb") == "a␛b"


# The list on the left


def words_of(entries: list[object]) -> list[str]:
    """A line for each entry of the left pane."""
    told = []
    for entry in entries:
        match entry:
            case SidebarHeading(text) | SidebarLocation(text) | SidebarMessage(text):
                told.append(f"{type(entry).__name__.removeprefix('Sidebar').lower()} {text}".rstrip())
            case SidebarFolder(name):
                told.append(f"folder {name}")
            case SidebarNote(path, name, progress, is_hub):
                told.append(f"{'hub' if is_hub else 'note'} {path} {name} {progress.done}/{progress.total}")
            case Suggestion():
                told.append(f"next {entry.task.text}")
            case DueTask():
                told.append(f"due {entry.task.text}")
            case SidebarProblem(path):
                told.append(f"problem {path}")
    return told


def listed(snapshot: Snapshot) -> list[str]:
    return words_of(list(sidebar_entries(snapshot, snapshot.hubs(), TODAY)))


def test_the_list_has_roadmaps_by_folder_then_next_then_due(tmp_path: Path) -> None:
    notes = {
        "b/Zeta.md": "# Part\n- [ ] p\n  - [/] inner\n",
        "b/alpha.md": "- [x] done\n- [ ] soon 📅 2026-03-28\n- [ ] later 📅 2026-03-29\n",
        "Top.md": "# Top\n- [/] same\n",
        "Hub.md": "[[Zeta]] [[alpha]]\n",
        "words.md": "words\n",
    }
    assert listed(snapshot_of(tmp_path, notes)) == [
        "heading roadmaps",
        "hub Hub.md Hub 1/4",
        "note Top.md Top 0/1",
        "folder b/",
        "note b/alpha.md alpha 1/3",
        "note b/Zeta.md Zeta 0/1",
        "heading",
        "heading next",
        "next same",
        "location Top",
        "next inner",
        "location p",
        "next soon 📅 2026-03-28",
        "location alpha",
    ]


def test_the_list_says_where_everything_is_done_or_nothing_is_there(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {"A.md": "- [x] a\n"})
    assert listed(snapshot)[2:] == ["heading", "heading next", "message Everything is done."]
    (tmp_path / "empty").mkdir()
    assert listed(snapshot_of(tmp_path / "empty", {})) == ["heading roadmaps", "message none yet"]


def test_the_list_of_what_else_is_due_ends_after_five_and_that_of_troubles_after_twenty(
    tmp_path: Path,
) -> None:
    due = "".join(f"- [ ] t{n} 📅 2026-03-{20 - n:02}\n" for n in range(9))
    snapshot = snapshot_of(tmp_path, {"A.md": due})
    assert [line for line in listed(snapshot) if line.startswith("due t")] == [
        f"due t{n} 📅 2026-03-{20 - n}" for n in (5, 4, 3, 2, 1)
    ]
    for count in (20, 21):
        for number in range(count):
            link = tmp_path / "vault" / f"n{number:02}.md"
            if not link.is_symlink():
                link.symlink_to("nowhere")
        lines = listed(snapshot_of(tmp_path, {}))
        assert f"heading problems  {count}" in lines
        assert sum(line.startswith("problem") for line in lines) == 20
        assert ("message and 1 more" in lines) is (count == 21)


# Words in place of a tree


def guided(root: Path, notes: Mapping[str, str], path: str | None, **options: bool) -> EmptyStateText | None:
    return empty_note_text(
        DashboardModel.of(snapshot_of(root, notes), TODAY, path), path, "Inbox.md", **options
    )


def test_there_are_no_words_where_there_are_tasks(tmp_path: Path) -> None:
    assert guided(tmp_path, {"A.md": "- [ ] a\n"}, "A.md") is None


@pytest.mark.parametrize(
    ("text", "is_begun", "is_tree"),
    [("# Part\n", True, True), ("# Part\n", False, False), ("words\n", True, False)],
)
def test_headings_alone_are_shown_to_who_is_at_work_in_the_note(
    tmp_path: Path, text: str, is_begun: bool, is_tree: bool
) -> None:
    found = guided(tmp_path, {"A.md": text, "B.md": "- [ ] b\n"}, "A.md", is_begun=is_begun)
    assert (found is None) is is_tree
    if found is not None:
        assert found.title == "A"
        assert found.sentences[-1] == "tab goes to the list of roadmaps."


def test_a_note_that_leads_to_roadmaps_lists_them(tmp_path: Path) -> None:
    notes = {"B.md": "- [ ] b\n", "C.md": "- [ ] c\n", "Hub.md": "[[C]] [[B]]"}
    found = guided(tmp_path, notes, "Hub.md")
    assert found is not None
    assert found.sentences[0].endswith("It leads to 2 roadmaps:")
    assert [roadmap.path for roadmap in found.leads_to] == ["B.md", "C.md"]


def test_a_note_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    view = DashboardModel.of(snapshot_of(tmp_path, {"A.md": "- [ ] a\n"}, max_note_bytes=3), TODAY, "A.md")
    found = empty_note_text(view, "A.md", "Inbox.md")
    assert found is not None
    assert found.title == "This note cannot be shown."
    assert "too large" in found.sentences[0]


@pytest.mark.parametrize(
    ("notes", "path", "title", "part"),
    [
        ({}, None, "No notes here yet.", "the first one into Inbox.md"),
        ({"A.md": "words"}, "A.md", "No tasks here yet.", "1 note was read, and no line"),
        ({"A.md": "", "B.md": ""}, "A.md", "No tasks here yet.", "2 notes were read, and no line"),
        (
            {"A.md": "words"},
            "A.md",
            "No tasks here yet.",
            "Press a to add the first one to A, H to add a heading",
        ),
        ({"A.md": "words"}, None, "No tasks here yet.", "c adds one to Inbox.md."),
        ({"A.md": "words", "B.md": "- [ ] b"}, "A.md", "A", "Press a to add the first one to A"),
    ],
)
def test_how_to_begin_is_said(
    tmp_path: Path, notes: dict[str, str], path: str | None, title: str, part: str
) -> None:
    found = guided(tmp_path, notes, path)
    assert found is not None
    assert found.title == title
    assert part in "\n".join(found.sentences)


def test_no_key_is_named_for_a_note_that_can_only_be_read(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {"A.md": "words".encode("utf-16"), "B.md": "- [ ] b"})
    found = empty_note_text(DashboardModel.of(snapshot, TODAY, "A.md"), "A.md", "Inbox.md")
    assert found is not None
    assert "Press a" not in "".join(found.sentences)


@pytest.mark.parametrize(
    ("notes", "title"),
    [
        ({"A.md": "words"}, "No tasks here yet."),
        ({"A.md": "- [x] a"}, "Everything is done."),
        ({"A.md": "- [-] a\n- [x] b"}, "Everything is done."),
        ({"A.md": "- [ ] a 🛫 2026-03-15"}, "Nothing can be done now."),
    ],
)
def test_why_nothing_can_be_suggested_is_said(tmp_path: Path, notes: dict[str, str], title: str) -> None:
    assert no_next_actions_text(DashboardModel.of(snapshot_of(tmp_path, notes), TODAY, None)).title == title


def test_while_the_vault_is_read_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, {})
    half = DashboardModel.of(replace(snapshot, is_complete=False), TODAY, None)
    assert empty_note_text(half, None, "Inbox.md") is None
    assert no_next_actions_text(half).title == "Reading the vault…"
