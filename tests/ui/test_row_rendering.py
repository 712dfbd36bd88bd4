"""How the rows of the panes look at several widths, to the cell and the colour; no screen is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from rich.style import Style
from textual.strip import Strip

from roadtui.core.line_text import line_text
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Task
from roadtui.core.outline import outline
from roadtui.core.stats.progress import Progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.focus_session import Phase, PomodoroTimer
from roadtui.session.sidebar_items import SidebarNote
from roadtui.ui.screens.time_machine import DateHeaderState
from roadtui.ui.widgets.focus.timer import TimerState
from roadtui.ui.widgets.line_list import NO_GAP, InlineGap
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.measure import ColumnMeter
from roadtui.ui.widgets.rows.name import NameStyle
from roadtui.ui.widgets.rows.prepared_row import PreparedRow, PreparedRows
from roadtui.ui.widgets.sidebar import roadmap_row
from roadtui.ui.widgets.task_row import RowLook, TaskRowRenderer, indent
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote
from tests.ui.drawn_colours import TEXT_STYLES

TODAY = date(2026, 3, 14)
NOTE = """\
# One
- [ ] plain
- [ ] due 📅 2026-03-13
- [ ] soon 📅 2026-03-15 #tag
- [ ] in April 📅 2026-04-15 ⏫ 🔁 every week
- [/] working
- [/] begun 🛫 2026-03-01
- [x] done ✅ 2026-03-10 #old
- [x] undated
- [-] no
- [ ] planned ⏳ 2026-03-20
- [ ] later 🛫 2026-03-30
- [ ] waits ⛔ k
- [ ] waits for two ⛔ k,l
- [ ] waits and starts ⛔ k 🛫 2026-03-30
- [!] waits otherwise ⛔ k
- [ ] parent
  - [x] child
  - [/] other
- [ ] ready
  - [x] child
- [ ] held 🛫 2026-03-30
  - [ ] inside
- [ ] with #a in words #b #c
- [ ]  
- bullet
# Two

# Three
- [x] c
"""
OPEN_IDS = {"k": "Key of the door #x", "l": "Lock"}


def painted(
    text: str,
    width: int,
    *,
    open_ids: Mapping[str, str] = MappingProxyType(OPEN_IDS),
    current: int | None = None,
    marked: int | None = None,
    marks: Mapping[int, str] = MappingProxyType({}),
) -> list[tuple[str, list[tuple[str, Style | None]]]]:
    """The text of each row, and its pieces with their styles; `marks`: what is shown before it is written."""
    note = parse(text)
    rows, statuses = outline(note), StatusRegistry()
    display_context = TaskDisplayContext(statuses, TaskFormat.EMOJI, TODAY, open_ids)
    vault_note = VaultNote.of(
        "Plan.md",
        note,
        FileStamp(0, 0, 0, 0, 0),
        content_hash(b""),
    )
    columns = ColumnMeter().columns(vault_note, display_context, width)
    renderer = TaskRowRenderer(vault_note.note_progress, display_context, TEXT_STYLES, columns)
    drawn = []
    for row in rows.rows:
        own = row.content.status_symbol if isinstance(row.content, Task) else ""
        fold = "▾" if row.index in rows.parents else " "
        look = RowLook(fold, marks.get(row.index, own), row.index == current, row.index == marked)
        strip = renderer.prepare(row, look).strip() if row.content is not None else Strip.blank(width)
        assert strip.cell_length == width
        pieces = [(segment.text.strip(), segment.style) for segment in strip if segment.text.strip()]
        drawn.append((strip.text.rstrip(), pieces))
    return drawn


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            80,
            """\
 ▾ One                                                           ━╸╾─────  4/20
     ○ plain
     ○ due                              due 13 Mar · 1 day late
     ○ soon                        #tag            due tomorrow
     ○ in April                          ↑  ↻        due 15 Apr
     ◐ working                                      in progress
     ◐ begun                                      started 1 Mar
     ● done                        #old             done 10 Mar
     ● undated
     ⊘ no                                             cancelled
     ○ planned                                      planned Fri
     ⊙ later                                        from 30 Mar
     ⊙ waits                              after Key of the door
     ⊙ waits for two                   after Key of the door +1
     ⊙ waits and starts       from 30 Mar after Key of the door
     ! waits otherwise                  ⊙ after Key of the door
   ▾ ○ parent                                                    ━━━━╍╍╍╍   1/2
       ● child
       ◐ other                                      in progress
   ▾ ○ ready                                      ready to tick  ━━━━━━━━   1/1
       ● child
   ▾ ⊙ held                                         from 30 Mar  ────────   0/1
       ⊙ inside
     ○ with #a in words           #b #c
     ○ …

   Two

 ▾ Three                                                         ━━━━━━━━   1/1
     ● c""",
        ),
        (
            48,
            """\
 ▾ One                                ╸─── 4/20
     ○ plain
     ○ due              due 13 Mar · 1 day late
     ○ soon                #tag         due Sun
     ○ in April                 ↑ ↻  due 15 Apr
     ◐ working                      in progress
     ◐ begun                      started 1 Mar
     ● done                #old     done 10 Mar
     ● undated
     ⊘ no                             cancelled
     ○ planned                      planned Fri
     ⊙ later                        from 30 Mar
     ⊙ waits              after Key of the door
     ⊙ waits for two   after Key of the door +1
     ⊙ waits and starts             from 30 Mar
     ! waits otherwise  ⊙ after Key of the door
   ▾ ○ parent                         ━━╍╍  1/2
       ● child
       ◐ other                      in progress
   ▾ ○ ready            ready to tick ━━━━  1/1
       ● child
   ▾ ⊙ held               from 30 Mar ────  0/1
       ⊙ inside
     ○ with #a in words   #b #c
     ○ …

   Two

 ▾ Three                              ━━━━  1/1
     ● c""",
        ),
        (
            47,
            """\
 ▾ One                                    4/20
     ○ plain
     ○ due             due 13 Mar · 1 day late
     ○ soon #tag                  due tomorrow
     ○ in April                ↑ ↻  due 15 Apr
     ◐ working                     in progress
     ◐ begun                     started 1 Mar
     ● done #old                   done 10 Mar
     ● undated
     ⊘ no                            cancelled
     ○ planned                     planned Fri
     ⊙ later                       from 30 Mar
     ⊙ waits             after Key of the door
     ⊙ waits for two  after Key of the door +1
     ⊙ waits and starts            from 30 Mar
     ! waits otherwise ⊙ after Key of the door
   ▾ ○ parent                              1/2
       ● child
       ◐ other                     in progress
   ▾ ○ ready                ready to tick  1/1
       ● child
   ▾ ⊙ held                   from 30 Mar  0/1
       ⊙ inside
     ○ with #a in words #b #c
     ○ …

   Two

 ▾ Three                                   1/1
     ● c""",
        ),
        (
            30,
            """\
 ▾ One                   4/20
     ○ plain
     ○ due         1 day late
     ○ soon #tag due tomorrow
     ○ ↑ ↻ in April   !15 Apr
     ◐ working    in progress
     ◐ begun    started 1 Mar
     ● done #old  done 10 Mar
     ● undated
     ⊘ no           cancelled
     ○ planned    planned Fri
     ⊙ later      from 30 Mar
     ⊙ waits   after Key of …
     ⊙ waits for two
     ⊙ waits and starts
     ! waits otherwise      ⊙
   ▾ ○ parent             1/2
     ● child
     ◐ other      in progress
   ▾ ○ ready       ready  1/1
     ● child
   ▾ ⊙ held  from 30 Mar  0/1
     ⊙ inside
     ○ with #a in words #b #c
     ○ …

   Two

 ▾ Three                  1/1
     ● c""",
        ),
    ],
    ids=["80", "48", "47", "30"],
)
def test_a_note_at_several_widths(width: int, expected: str) -> None:
    assert [text for text, _ in painted(NOTE, width)] == expected.split("\n")


@pytest.mark.parametrize(
    ("line", "words", "style"),
    [
        ("- [ ] a", "a", TEXT_STYLES.text),
        ("- [/] a", "a", TEXT_STYLES.text),
        ("- [x] a", "a", TEXT_STYLES.faint),
        ("- [-] a", "a", TEXT_STYLES.faint + Style(strike=True)),
        ("- [ ] a ⛔ k", "a", TEXT_STYLES.dim),
        ("- a\n  - [ ] b", "- a", TEXT_STYLES.dim),
        ("# a", "a", TEXT_STYLES.dim),
        ("# a\n- [ ] b", "a", TEXT_STYLES.strong),
        ("# a\n- [x] b", "a", TEXT_STYLES.dim),
        ("- [ ] a 📅 2026-03-13", "due 13 Mar · 1 day late", TEXT_STYLES.overdue),
        ("- [ ] a 📅 2026-03-14", "due today", TEXT_STYLES.due),
        ("- [x] a ✅ 2026-03-13", "done yesterday", TEXT_STYLES.faint),
        ("- [-] a 📅 2026-03-13", "cancelled", TEXT_STYLES.faint),
        ("- [ ] a ⏳ 2026-03-13", "planned yesterday", TEXT_STYLES.dim),
        ("- [/] a 🛫 2026-03-14", "started today", TEXT_STYLES.doing),
        ("- [/] a 🛫 2026-03-15", "in progress", TEXT_STYLES.doing),
        ("- [/] a", "in progress", TEXT_STYLES.doing),
        ("- [ ] a #t", "#t", TEXT_STYLES.accent),
        ("- [x] a #t", "#t", TEXT_STYLES.faint),
        ("- [ ] a 🔼", "↗", TEXT_STYLES.due),
        ("- [ ] a 🔁 every day", "↻", TEXT_STYLES.dim),
        ("- [ ] a\n  - [x] b", "1/1", TEXT_STYLES.done),
        ("- [ ] a\n  - [ ] b", "0/1", TEXT_STYLES.dim),
    ],
)
def test_colours_say_what_matters(line: str, words: str, style: Style) -> None:
    pieces = painted(line, 60)[0][1]
    assert dict(pieces)[words] == style, pieces


@pytest.mark.parametrize(
    ("line", "style"),
    [("- [ ] a", TEXT_STYLES.strong), ("- [ ] a ⛔ k", TEXT_STYLES.text), ("- [x] a", TEXT_STYLES.faint)],
)
def test_the_row_under_the_cursor_is_brighter(line: str, style: Style) -> None:
    assert dict(painted(line, 60, current=0)[0][1])["a"] == style


def test_a_marked_row_has_its_sign_in_the_first_cell() -> None:
    plain, marked = painted("- [ ] a", 30)[0], painted("- [ ] a", 30, marked=0)[0]
    assert marked[0] == f"▌{plain[0][1:]}"
    assert dict(marked[1])["▌"] == TEXT_STYLES.accent


@pytest.mark.parametrize(
    ("before", "mark", "expected"),
    [
        ("- [ ] a 📅 2026-03-13 🔼", "x", "   ● a"),
        ("- [ ] a ⛔ k", "x", "   ● a"),
        ("- [x] a ✅ 2026-03-13", " ", "   ○ a"),
        ("- [ ] a", "/", "   ◐ a"),
        ("- [ ] a 🛫 2026-03-20", "/", "   ◐ a                            in progress"),
        ("- [ ] a\n  - [x] b", "x", " ▾ ● a                                1/1"),
    ],
)
def test_a_row_shows_a_mark_before_it_is_written(before: str, mark: str, expected: str) -> None:
    assert painted(before, 46, marks={0: mark})[0][0].split() == expected.split()


def test_what_is_done_or_has_no_open_task_to_wait_for_does_not_wait() -> None:
    for line in ("- [ ] a ⛔ other", "- [x] a ⛔ k", "- [/] a 🛫 2026-03-30", "- [ ] a 🛫 2026-03-14"):
        assert "⊙" not in painted(line, 60)[0][0], line
    assert "⊙" in painted("- [ ] a ⛔ k", 60)[0][0]
    assert "⊙" not in painted("- [ ] a ⛔ k", 60, open_ids={})[0][0]


def test_deep_rows_stop_at_half_of_a_narrow_pane() -> None:
    assert [indent(depth, 80) for depth in (0, 1, 5, 14, 15)] == [0, 2, 10, 28, 28]
    assert [indent(depth, 30) for depth in (0, 1, 2)] == [0, 2, 2]
    assert [indent(depth, 24) for depth in (0, 1)] == [0, 0]
    assert indent(3, 5) == 0


def test_only_tags_at_the_end_move_to_the_edge() -> None:
    (text, _), *_ = painted("- [ ] read #a then #b #c", 60)
    assert text.split() == ["○", "read", "#a", "then", "#b", "#c"]
    assert text.endswith("#b #c")
    (text, _), *_ = painted("- [ ] #only", 60)
    assert text.split() == ["○", "#only"]


# The left pane


@pytest.mark.parametrize(
    ("progress", "width", "expected"),
    [
        (Progress(1, 0, 3), 32, "  Plan        ━━──────  25%"),
        (Progress(), 32, "  Plan"),
        (Progress(1, 0, 3), 24, "  Plan       ━───  25%"),
        (Progress(1, 0, 3), 20, "  Plan           25%"),
        (Progress(4), 32, "  Plan        ━━━━━━━━ 100%"),
    ],
)
def test_a_roadmap_has_as_much_of_its_bar_as_there_is_room(
    progress: Progress, width: int, expected: str
) -> None:
    roadmap = SidebarNote("Plan.md", "Plan", progress)
    drawn = roadmap_row(roadmap, width, TEXT_STYLES, is_current=False, is_open=False)
    assert drawn.cell_length == width
    assert drawn.text.split() == expected.split()
    assert drawn.text.count("━") == expected.count("━")


@pytest.mark.parametrize(
    ("progress", "is_current", "is_open", "style"),
    [
        (Progress(open=1), False, False, TEXT_STYLES.dim),
        (Progress(done=1, open=1), False, False, TEXT_STYLES.text),
        (Progress(in_progress=1), False, False, TEXT_STYLES.text),
        (Progress(done=1), True, False, TEXT_STYLES.strong),
        (Progress(done=1), False, True, TEXT_STYLES.strong),
        (Progress(open=1), True, True, TEXT_STYLES.dim),
    ],
)
def test_a_roadmap_that_is_begun_or_open_is_brighter(
    progress: Progress, is_current: bool, is_open: bool, style: Style
) -> None:
    roadmap = SidebarNote("Plan.md", "Plan", progress, True)
    drawn = roadmap_row(roadmap, 40, TEXT_STYLES, is_current=is_current, is_open=is_open)
    pieces = {segment.text.strip(): segment.style for segment in drawn}
    assert pieces["⌂ Plan"] == style
    assert drawn.text.startswith("▌" if is_current else " ")
    amount = next(segment for segment in drawn if "%" in segment.text)
    assert (amount.style == TEXT_STYLES.done) is progress.is_complete


# Time


@pytest.mark.parametrize(
    ("gone", "is_running", "words", "remark"),
    [
        (0.0, False, "1:40", "p starts"),
        (0.0, True, "1:40", ""),
        (0.5, True, "1:40", ""),
        (1.0, True, "1:39", ""),
        (40.2, True, "1:00", ""),
        (91.5, False, "0:09", "paused · p goes on"),
        (0.4, False, "1:40", "p starts"),
    ],
)
def test_the_time_that_is_left(gone: float, is_running: bool, words: str, remark: str) -> None:
    timer = PomodoroTimer(100, 10)
    timer.start(0)
    for second in range(0, int(gone), 5):
        timer.tick(float(second))
    timer.tick(gone)
    if not is_running:
        timer.stop(gone)
    left = TimerState.of(timer)
    assert (left.text, left.remark, left.phase) == (words, remark, Phase.WORK)
    assert left.share == round(gone / 100, 2)


def test_a_break_says_so_whether_it_runs_or_not() -> None:
    assert [TimerState(Phase.BREAK, 5, 0.5, running).remark for running in (True, False)] == [
        "break · p ends it"
    ] * 2
    assert TimerState.of(PomodoroTimer(0, 0)).share == 0.0


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (0, "Sat 14 Mar 2026, today"),
        (1, "Fri 13 Mar 2026, yesterday"),
        (2, "Thu 12 Mar 2026, 2 days ago"),
        (80, "Wed 24 Dec 2025, 80 days ago"),
    ],
)
def test_an_earlier_day_is_named(back: int, words: str) -> None:
    shown = DateHeaderState(TODAY - timedelta(back), TODAY, 1, 2, Progress(), Progress(), True)
    assert shown.text == words


def test_rows_below_a_gap_stand_lower() -> None:
    gap = InlineGap(2, 3)
    assert [gap.line_of(row) for row in range(4)] == [0, 1, 5, 6]
    assert [gap.row_at(line) for line in range(7)] == [0, 1, -1, -1, -1, 2, 3]
    assert (
        [NO_GAP.row_at(line) for line in range(3)] == [NO_GAP.line_of(row) for row in range(3)] == [0, 1, 2]
    )


def test_a_row_is_kept_until_its_key_or_what_all_depend_on_is_another() -> None:
    kept, depend_on, others = PreparedRows(), (object(), "N.md"), (object(), "N.md")
    made = [
        PreparedRow(
            (),
            str(number),
            line_text(""),
            9,
            NameStyle(TEXT_STYLES, TEXT_STYLES.text, False, lambda _: False),
            (),
            9,
            True,
        )
        for number in range(4)
    ]
    left = iter(made)
    assert kept.get(depend_on, "a", lambda: next(left)) is made[0]
    assert kept.get(depend_on, "a", lambda: next(left)) is made[0]
    assert kept.get(depend_on, "b", lambda: next(left)) is made[1]
    assert kept.get(others, "a", lambda: next(left)) is made[2]
    assert kept.get(depend_on, "a", lambda: next(left)) is made[3], "nothing is kept of what was before"
