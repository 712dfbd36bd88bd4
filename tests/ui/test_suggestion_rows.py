"""How next actions look, in their list and in the sidebar: groups, reasons, what gives way to what."""

from __future__ import annotations

from datetime import date

import pytest
from rich.style import Style
from textual.strip import Strip

from roadtui.core.markdown import content_hash, parse
from roadtui.core.next_actions.candidates import SuggestionGroup
from roadtui.core.next_actions.ranking import Reason, ReasonKind, Suggestion
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.render import fitted_path, reason_style
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.sidebar import suggestion_row
from roadtui.ui.widgets.suggestion_list import ListHeading, LocationLine, list_rows
from roadtui.ui.widgets.suggestion_row import SuggestionRowRenderer
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote
from tests.ui.drawn_colours import TEXT_STYLES

TODAY = date(2026, 3, 14)
LATE, DUE = Reason("2 days late", ReasonKind.LATE), Reason("due Tue", ReasonKind.DUE)
DOING = Reason("in progress", ReasonKind.IN_PROGRESS)
PLACE = Reason("first open in Density and graphs", ReasonKind.PLACE)
NEGLECTED = Reason("nothing done in this section for 7 weeks")


def tracked(
    *reasons: Reason, group: SuggestionGroup = SuggestionGroup.NEXT, text: str = "Hypothesis Testing"
) -> TrackedTask:
    note = parse(f"# Statistics\n- [ ] {text}\n")
    return TrackedTask(
        VaultNote.of("ML Roadmap.md", note, FileStamp(0, 0, 0, 0, 0), content_hash(b"")),
        next(note.tasks),
        reasons,
        group,
    )


def test_groups_have_headings_and_empty_ones_none() -> None:
    groups = [SuggestionGroup.DUE, SuggestionGroup.DUE, SuggestionGroup.NEXT, SuggestionGroup.LATER]
    rows = [
        one.text if isinstance(one, ListHeading) else "task"
        for one in list_rows([tracked(group=group) for group in groups])
        if not isinstance(one, LocationLine)
    ]
    assert rows == [
        *("late and due this week", "task", "task", ""),
        *("the next of each roadmap", "task", "", "and then", "task"),
    ]
    assert list_rows([]) == []


def test_each_reason_has_its_colour() -> None:
    styles = [reason_style(reason, TEXT_STYLES) for reason in (LATE, DUE, DOING, PLACE, NEGLECTED)]
    expected = ("overdue", "due", "doing", "dim", "dim")
    assert styles == [getattr(TEXT_STYLES, name) for name in expected]


def drawn(width: int, one: TrackedTask) -> list[Strip]:
    """Both lines of a task in the list."""
    renderer = SuggestionRowRenderer(
        TaskDisplayContext(StatusRegistry(), TaskFormat.EMOJI, TODAY), TEXT_STYLES, width
    )
    return [renderer.name_row(one, is_current=False, is_ticked=False), renderer.location_row(one)]


@pytest.mark.parametrize(
    ("width", "reasons", "expected"),
    [
        (
            *(50, [LATE, DOING]),
            """
  ○ Hypothesis Testing                2 days late
    ML Roadmap › Statistics           in progress""",
        ),
        (
            *(50, []),
            """
  ○ Hypothesis Testing
    ML Roadmap › Statistics""",
        ),
        (
            *(60, [PLACE]),
            """
  ○ Hypothesis Testing     first open in Density and graphs
    ML Roadmap › Statistics""",
        ),
        (
            *(40, [PLACE]),
            """
  ○ Hypothesis Testing
    first open in Density and graphs""",
        ),
        (
            *(39, [LATE, DOING]),
            """
  ○ Hypothesis Testing     2 days late
    ML Roadmap › Statistics""",
        ),
        (
            *(34, [LATE, DOING]),
            """
  ○ Hypothesis Testing
    … › Statistics    2 days late""",
        ),
        (
            *(16, [LATE]),
            """
  ○ Hypothesis …
    2 days late""",
        ),
    ],
)
def test_the_name_is_cut_last(width: int, reasons: list[Reason], expected: str) -> None:
    lines = drawn(width, tracked(*reasons))
    assert [strip.cell_length for strip in lines] == [width, width]
    assert [strip.text.rstrip() for strip in lines] == expected.split("\n")[1:]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (40, "ML Roadmap › 1. Foundations › Statistics"),
        (39, "ML Roadmap › 1. Foundatio… › Statistics"),
        (32, "ML Roadmap › 1. Fo… › Statistics"),
        (31, "ML Roadmap › … › Statistics"),
        (26, "ML Roadm… › Statistics"),
        (19, "ML Ro… › Statistics"),
        (18, "… › Statistics"),
        (13, "Statistics"),
        (9, "Statisti…"),
    ],
)
def test_a_path_keeps_what_is_nearest(cells: int, expected: str) -> None:
    assert fitted_path(["ML Roadmap", "1. Foundations", "Statistics"], cells) == expected


def sidebar_row(width: int, one: TrackedTask) -> tuple[str, Style | None]:
    """The row of a suggestion, and the style of what is at its right edge."""
    suggestion = Suggestion(one.note.path, one.task, one.reasons, SuggestionGroup.NEXT)
    strip = suggestion_row(suggestion, width, TEXT_STYLES)
    assert strip.cell_length == width
    return strip.text.rstrip(), [segment for segment in strip if segment.text.strip()][-1].style


@pytest.mark.parametrize(
    ("width", "reasons", "text", "style"),
    [
        (34, [LATE], "  Hypothesis Testing  2 days late", "overdue"),
        (34, [DOING, PLACE], "  Hypothesis Testing  in progress", "doing"),
        (34, [PLACE], "  Hypothesis Testing", "text"),
        (34, [PLACE, DUE], "  Hypothesis Testing      due Tue", "due"),
        (34, [Reason("unlocks 3")], "  Hypothesis Testing    unlocks 3", "dim"),
        (34, [NEGLECTED], "  Hypothesis Testing", "text"),
        (28, [LATE], "  Hypothesis T… 2 days late", "overdue"),
        (28, [Reason("high priority")], "  Hypothesis Testing", "text"),
    ],
)
def test_the_sidebar_says_at_the_right_what_presses(
    width: int, reasons: list[Reason], text: str, style: str
) -> None:
    assert sidebar_row(width, tracked(*reasons)) == (text, getattr(TEXT_STYLES, style))
