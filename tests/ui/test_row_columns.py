"""The columns at the right edge of the tree: where they are, what they say, and that no row breaks them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from roadtui.core.line_text import line_text
from roadtui.core.links import LinkResolver
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Section, Task
from roadtui.core.outline import outline
from roadtui.core.stats.progress import count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import graphemes
from roadtui.ui.widgets.rows.columns import Column, ColumnNeeds, RowColumns, fit_columns, form_cells
from roadtui.ui.widgets.rows.day_words import TaskFacts, date_forms
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.facts import task_facts
from roadtui.ui.widgets.rows.measure import ColumnMeter
from roadtui.ui.widgets.task_row import RowLook, TaskRowRenderer
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote
from tests.ui.drawn_colours import TEXT_STYLES

TODAY = date(2026, 11, 22)

# Days in words


def said(facts: TaskFacts) -> list[str]:
    """The forms of the date of a task, those in words first; `|` before those that are signs."""
    forms = date_forms(facts, TODAY)
    texts = ["".join(words.text for words in form) for form in forms.forms]
    return [*texts[: forms.in_words], "|", *texts[forms.in_words :]]


TODO, DOING, DONE, DROPPED = (
    StatusType.TODO,
    StatusType.IN_PROGRESS,
    StatusType.DONE,
    StatusType.CANCELLED,
)


@pytest.mark.parametrize(
    ("facts", "forms"),
    [
        (TaskFacts(TODO), ["|"]),
        (TaskFacts(TODO, due=date(2026, 11, 24)), ["due Tue", "|", "!Tue"]),
        (TaskFacts(TODO, due=TODAY), ["due today", "|", "!today"]),
        (TaskFacts(TODO, due=date(2026, 11, 23)), ["due tomorrow", "due Mon", "|", "!Mon"]),
        (TaskFacts(TODO, due=date(2026, 12, 4)), ["due 4 Dec", "|", "!4 Dec"]),
        (TaskFacts(TODO, due=date(2027, 2, 14)), ["due 14 Feb 2027", "due Feb 2027", "|", "!Feb 2027"]),
        (
            TaskFacts(TODO, due=date(2026, 11, 20)),
            ["due 20 Nov · 2 days late", "2 days late", "|", "2d late", "!2d"],
        ),
        (
            TaskFacts(TODO, due=date(2026, 11, 21)),
            ["due 21 Nov · 1 day late", "1 day late", "|", "1d late", "!1d"],
        ),
        (
            TaskFacts(TODO, planned=("planned", date(2026, 11, 23))),
            ["planned tomorrow", "planned Mon", "|", "~Mon"],
        ),
        (TaskFacts(DONE, done=date(2026, 11, 12)), ["done 12 Nov", "|", "✓12 Nov"]),
        (TaskFacts(DONE), ["|"]),
        (TaskFacts(DROPPED), ["cancelled", "", "|"]),
        (TaskFacts(DROPPED, cancelled=date(2026, 11, 12)), ["cancelled 12 Nov", "cancelled", "", "|"]),
        (
            TaskFacts(DOING, started=date(2026, 11, 20)),
            ["started 20 Nov", "since 20 Nov", "|", "◐20 Nov"],
        ),
        (TaskFacts(DOING), ["in progress", "", "|"]),
        (TaskFacts(DOING, has_bar=True), ["|"]),
        (TaskFacts(TODO, is_ready=True), ["ready to tick", "ready", "|", "✓"]),
        (
            TaskFacts(TODO, waits_until=date(2026, 12, 30), is_held=True, has_waiting_box=True),
            ["from 30 Dec", "|", "≥30 Dec", ""],
        ),
        (
            TaskFacts(TODO, waits_for=("Gradient Descent",), is_held=True, has_waiting_box=True),
            ["after Gradient Descent", "after Gradient De…", "after Gradien…", "waits", "|", ""],
        ),
        (
            TaskFacts(TODO, waits_for=("A", "B", "C"), is_held=True, has_waiting_box=True),
            ["after A +2", "|", ""],
        ),
        (
            TaskFacts(DOING, waits_for=("Bayes",), is_held=True),
            ["⊙ after Bayes · in progress", "⊙ waits · in progress", "⊙ after Bayes", "⊙ waits", "|", "⊙"],
        ),
        (
            TaskFacts(TODO, is_held=True, has_waiting_box=True, due=date(2026, 11, 24)),
            ["due Tue", "|", "!Tue"],
        ),
        (TaskFacts(TODO, is_held=True), ["⊙", "|"]),
    ],
    ids=str,
)
def test_days_in_words(facts: TaskFacts, forms: list[str]) -> None:
    assert said(facts) == forms


# How much room the columns have


@pytest.mark.parametrize(
    ("needs", "width", "expected"),
    [
        (ColumnNeeds(), 80, (0, 0, 0, 0, 0, 0)),
        (ColumnNeeds(has_bars=True, count_cells=4), 110, (0, 0, 0, 0, 10, 4)),
        (ColumnNeeds(has_bars=True, count_cells=4), 80, (0, 0, 0, 0, 8, 4)),
        (ColumnNeeds(has_bars=True, count_cells=4), 36, (0, 0, 0, 0, 6, 4)),
        (ColumnNeeds(4, True, True, frozenset({(24, 11, 7, 3)}), True, 4), 110, (4, 1, 1, 24, 10, 4)),
        (ColumnNeeds(4, True, True, frozenset({(24, 11, 7, 3)}), True, 4), 76, (4, 1, 1, 11, 8, 4)),
        (ColumnNeeds(4, True, True, frozenset({(24, 11, 7, 3)}), True, 4), 50, (4, 1, 1, 11, 4, 4)),
        (ColumnNeeds(4, True, True, frozenset({(24, 11, 7, 3)}), True, 4), 36, (0, 1, 1, 7, 0, 4)),
        (ColumnNeeds(50, False, False, frozenset(), False, 0), 60, (12, 0, 0, 0, 0, 0)),
        (ColumnNeeds(0, True, False, frozenset({(9,), (7,)}), True, 7), 26, (0, 0, 0, 0, 0, 7)),
    ],
    ids=str,
)
def test_columns_take_what_the_note_needs_and_the_pane_has(
    needs: ColumnNeeds, width: int, expected: tuple[int, ...]
) -> None:
    assert fit_columns(needs, width).cells == expected


# Any note at any width

WORDS = st.sampled_from(
    ["plan", "书", "数据科学", "⚙️", "❤️", "👨\u200d👩\u200d👧", "🇩🇪", "é", "supercalifragilistic", "**bold**",
     "*so*", "`code`", "[[Why calibrate]]", "[[A|b]]", "[text](https://x.example)", "==lit==", "a_b", r"\*",
     "%%no%%"]
)  # fmt: skip
FIELDS = st.sampled_from(
    ["#tag", "#long/tag-of-many-letters", "⏫", "🔽", "🔁 every week", "📅 2026-11-20", "📅 2026-11-24",
     "📅 2027-02-14", "⏳ 2026-11-30", "🛫 2026-12-30", "🛫 2026-11-01", "⛔ k", "⛔ k,l", "✅ 2026-11-12",
     "❌ 2026-11-02", "[due:: 2026-12-01]"]
)  # fmt: skip
NAMES = st.lists(WORDS, max_size=14).map(" ".join)
LINES = st.one_of(
    st.builds(lambda level, name: f"{'#' * level} {name}", st.integers(1, 3), NAMES),
    st.builds(
        lambda depth, mark, name, fields: f"{'  ' * depth}- [{mark}] {name} {' '.join(fields)}",
        st.integers(0, 4),
        st.sampled_from(" xX/-?!>漢"),
        NAMES,
        st.lists(FIELDS, max_size=4, unique=True),
    ),
)
NOTES = st.lists(LINES, min_size=1, max_size=12).map("\n".join)
CONTEXT = TaskDisplayContext(
    StatusRegistry(), TaskFormat.EMOJI, TODAY, {"k": "Key of **the** door #x", "l": "数据科学"}
)


def drawn(text: str, width: int) -> tuple[RowColumns, list[tuple[Section | Task, str]]]:
    """The columns of a note, and each of its rows as text."""
    note = parse(text)
    vault_note = VaultNote.of("N.md", note, FileStamp(0, 0, 0, 0, 0), content_hash(b""))
    columns = ColumnMeter().columns(vault_note, CONTEXT, width)
    renderer = TaskRowRenderer(vault_note.note_progress, CONTEXT, TEXT_STYLES, columns, "N.md")
    rows = []
    for row in outline(note).rows:
        if isinstance(row.content, Section | Task):
            mark = row.content.status_symbol if isinstance(row.content, Task) else ""
            strip = renderer.prepare(row, RowLook(" ", mark, False, False)).strip()
            assert strip.cell_length == width == sum(cell_len(segment.text) for segment in strip)
            rows.append((row.content, strip.text))
    return columns, rows


def name_of(content: Section | Task) -> str:
    """The name of a row as it would be shown whole, without the tags at its end."""
    if isinstance(content, Section):
        return line_text(content.title).text
    fields = read_fields(content.text)
    name = fields.description
    for tag in reversed(fields.tags):
        name = name.removesuffix(f" {tag}").rstrip()
    if not line_text(f"x{name}").text[1:].strip():
        return ""  # Comments alone, which are shown where they stand alone, and not beside tags.
    return line_text(name or "…").text


@given(NOTES, st.integers(28, 140))
@example("- [ ] %%no%% #tag", 28)
@example("- [ ] Find a second reader for the capstone report ⏳ 2026-11-30\n- [ ] x", 50)
@example("# ⚙️ 数据科学 数据科学 数据科学\n- [ ] a 📅 2026-11-20 ⏫ #tag\n  - [x] b", 48)
def test_rows_are_cut_with_a_sign_and_only_where_nothing_is_empty(text: str, width: int) -> None:
    columns, rows = drawn(text, width)
    for content, shown in rows:
        name = name_of(content)
        if name in shown:
            continue
        assert "…" in shown, shown
        after = shown.partition("…")[2]
        start = len(after) - len(after.lstrip(" "))
        # Two cells at most: a gap, and half of a wide character that did not fit.
        assert start <= columns.gap + 1 or not after.strip(), shown
        if not after.strip():
            assert cell_len(shown.rstrip()) >= width - 1, shown


@given(NOTES, st.integers(28, 140))
def test_columns_are_at_the_same_cells_in_every_row(text: str, width: int) -> None:
    columns, rows = drawn(text, width)
    progress = count_progress(parse(text), CONTEXT.statuses)
    for content, shown in rows:
        cells = [part for cluster in graphemes(shown) for part in [cluster, *[""] * (cell_len(cluster) - 1)]]
        assert len(cells) == width

        def ending_at(end: int, cells: list[str] = cells) -> str:
            return "".join(cells[:end]) if cells[end] == " " else ""

        below = progress.of_section(content) if isinstance(content, Section) else progress.of_task(content)
        if below is not None and below.total and columns.cells[Column.COUNT]:
            assert ending_at(columns.end_of(Column.COUNT)).endswith(f" {below.done}/{below.total}"), shown
        bar_end = columns.end_of(Column.BAR)
        in_bar = {at for at, cell in enumerate(cells) if cell in "━╍─╸╾" and cell}
        assert in_bar in (set(), set(range(bar_end - columns.cells[Column.BAR], bar_end))), shown
        if isinstance(content, Task) and columns.cells[Column.DATE]:
            fields = read_fields(content.text)
            facts = task_facts(
                content, content.status_symbol, CONTEXT, progress, fields.day, fields.depends_on
            )
            forms = {"".join(words.text for words in form) for form in date_forms(facts, TODAY).forms}
            if not forms or "" in forms:
                continue
            edge = width - 1
            is_at_edge = below is None and columns.gap == 1
            shown_to_date = ending_at(edge if is_at_edge else columns.end_of(Column.DATE))
            if any(shown_to_date.endswith(form) for form in forms):
                continue
            assert below is None, shown
            assert not is_at_edge, shown
            form = max((form for form in forms if ending_at(edge).endswith(form)), key=len, default="")
            assert form, shown
            before = ending_at(edge)[: -len(form)]
            assert len(before) - len(before.rstrip()) < edge - columns.end_of(Column.DATE) + columns.gap, (
                shown
            )


def test_the_room_of_a_note_is_that_of_its_widest_rows() -> None:
    columns, _ = drawn("- [ ] a ⏫\n- [ ] b 📅 2026-11-24\n- [x] c ✅ 2026-11-12 #one #two\n", 90)
    assert columns.cells == (9, 1, 0, 11, 0, 0)


def test_a_column_that_only_done_tasks_would_use_takes_no_room() -> None:
    columns, _ = drawn("- [x] a ⏫ 🔁 every week\n- [ ] b\n", 90)
    assert columns.cells == (0,) * 6


def test_dates_take_fewer_cells_the_narrower_the_pane() -> None:
    forms = date_forms(TaskFacts(TODO, due=date(2026, 11, 20)), TODAY).forms
    needs = ColumnNeeds(dates=frozenset({tuple(map(form_cells, forms))}))
    cells = [fit_columns(needs, width).cells[Column.DATE] for width in (110, 90, 60, 44, 30)]
    assert cells == [24, 11, 11, 7, 7]


# Names


def name_styles(markdown: str, *, mark: str = " ", lit: str = "") -> dict[str, Style]:
    """How each piece of the name of a task is drawn, in a vault with the note `Why`; `lit` is found in it."""
    note = parse(f"- [{mark}] {markdown}")
    context = CONTEXT._replace(link_resolver=LinkResolver({"Why.md": None}))
    renderer = TaskRowRenderer(
        count_progress(note, context.statuses),
        context,
        TEXT_STYLES,
        RowColumns(100),
        "N.md",
    )
    row = renderer.prepare(outline(note).rows[0], RowLook(" ", mark, False, False))
    strip = row.strip(lambda text: range(text.index(lit), text.index(lit) + len(lit)) if lit else ())
    return {segment.text: segment.style or Style() for segment in strip}


def test_names_show_what_their_markdown_means() -> None:
    styles = name_styles("a **b** *c* ~~d~~ ==e== `f` #g h")
    text = TEXT_STYLES.text
    assert styles["b"] == text + Style(bold=True)
    assert styles["c"] == text + Style(italic=True)
    assert styles["d"] == text + Style(strike=True)
    assert styles["e"].bgcolor == TEXT_STYLES.glow.bgcolor
    assert styles["f"].bgcolor == TEXT_STYLES.cursor.bgcolor
    assert styles["#g"] == TEXT_STYLES.accent


@pytest.mark.parametrize(
    ("markdown", "mark", "text", "colour"),
    [
        ("[[Why]]", " ", "Why", TEXT_STYLES.accent),
        ("[[why#Then|the why]]", " ", "the why", TEXT_STYLES.accent),
        ("[[Nowhere]]", " ", "Nowhere", TEXT_STYLES.dim),
        ("[[paper.pdf]]", " ", "paper.pdf", TEXT_STYLES.accent),
        ("[site](https://x.example)", " ", "site", TEXT_STYLES.text),
        ("[[Why]]", "x", "Why", TEXT_STYLES.faint),
    ],
)
def test_a_link_is_underlined_and_one_that_leads_nowhere_is_dim(
    markdown: str, mark: str, text: str, colour: Style
) -> None:
    style = name_styles(markdown, mark=mark)[text]
    assert style.underline
    assert style.color == colour.color


def test_found_letters_are_lit_where_they_are_shown() -> None:
    styles = name_styles("see [[Why|the reason]] for **that**", lit="reason")
    assert styles["reason"].color == TEXT_STYLES.match.color
    assert styles["the "].color == TEXT_STYLES.accent.color
    assert name_styles("see [[Why|the reason]]", lit="Why")["the reason"].color == TEXT_STYLES.accent.color
