from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roadtui.core.errors import RefusedError
from roadtui.core.tasks.field_specs import FieldKind, Priority, TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import PLUGIN_STATUSES, Status, StatusRegistry, StatusType
from roadtui.core.tasks.task_line import (
    TaskSettings,
    find_symbol,
    replace_symbol,
    set_field,
    set_status,
    toggle,
)

TODAY = date(2026, 3, 14)
EMOJI = TaskSettings()
DATAVIEW = TaskSettings(task_format=TaskFormat.DATAVIEW)
NO_DATES = TaskSettings(set_done_date=False, set_cancelled_date=False)


@pytest.mark.parametrize(
    ("line", "symbol_index"),
    [
        ("- [ ] a", 3),
        ("  * [x] a", 5),
        ("> > 10. [/] a", 9),
        ("1)  [-]", 5),
        (">- [é] a", 4),
        ("- [🔼] a", 3),
        ("-\t[ ] a", None),
        ("-[ ] a", None),
        ("- [] a", None),
        ("- [xx] a", None),
        ("a [ ] b", None),
        ("- a [ ] b", None),
        ("1 [ ] a", None),
    ],
)
def test_a_task_line_is_what_the_plugin_takes_for_one(line: str, symbol_index: int | None) -> None:
    assert find_symbol(line) == symbol_index


@pytest.mark.parametrize(
    ("line", "toggled"),
    [
        ("- [ ]", "- [x] ✅ 2026-03-14"),
        ("- [ ] ", "- [x]  ✅ 2026-03-14"),
        ("- [ ] a\t \r", "- [x] a ✅ 2026-03-14\t \r"),
        ("- [ ] a ^id ", "- [x] a ✅ 2026-03-14 ^id "),
        ("- [ ] a  ^id", "- [x] a ✅ 2026-03-14  ^id"),
        ("- [ ]   a   b", "- [x]   a   b ✅ 2026-03-14"),
        ("- [ ] a 📆\ufe0f  2026-01-01 🔼 #b", "- [x] a 📆\ufe0f  2026-01-01 🔼 #b ✅ 2026-03-14"),
        ("- [ ] a ✅ 2020-01-01 📅 2020-01-01", "- [x] a ✅ 2026-03-14 📅 2020-01-01"),
        ("- [ ] a ✅ 2020-01-01 ✅ 2020-01-02", "- [x] a ✅ 2026-03-14"),
        ("- [ ] a ✅ 2020-02-30", "- [x] a ✅ 2026-03-14"),
        ("- [ ] a ❌ 2020-01-01", "- [x] a ✅ 2026-03-14"),
        ("- [ ] a ✅ 2020-01-01 b", "- [x] a ✅ 2020-01-01 b ✅ 2026-03-14"),
        ("- [x] a ✅ 2020-01-01 b", "- [ ] a ✅ 2020-01-01 b"),
        ("- [x] ✅ 2020-01-01", "- [ ] "),
        ("- [x] ✅ 2020-01-01 📅 2020-01-01", "- [ ]  📅 2020-01-01"),
        ("- [x] a   ✅\ufe0f 2020-01-01  📅 2020-01-01", "- [ ] a    📅 2020-01-01"),
        ("- [x] a (completion:: 2020-01-01)", "- [ ] a (completion:: 2020-01-01)"),
        ("- [-] a ❌ 2020-01-01 ❌ 2020-01-02", "- [ ] a"),
    ],
)
def test_a_toggle_changes_mark_and_end_dates_and_nothing_else(line: str, toggled: str) -> None:
    assert toggle(line, TODAY, EMOJI) == (toggled,)


@pytest.mark.parametrize(
    ("line", "toggled"),
    [
        ("- [ ] a", "- [x] a  [completion:: 2026-03-14]"),
        ("- [ ] a (due:: 2020-01-01), ^id", "- [x] a (due:: 2020-01-01),  [completion:: 2026-03-14] ^id"),
        ("- [x] a [completion:: 2020-01-01], (due:: 2020-01-01)", "- [ ] a (due:: 2020-01-01)"),
        ("- [ ] a (completion::2020-01-01)", "- [x] a (completion::2026-03-14)"),
        ("- [x] a ✅ 2020-01-01", "- [ ] a ✅ 2020-01-01"),
    ],
)
def test_dataview_fields_come_and_go_in_their_own_form(line: str, toggled: str) -> None:
    assert toggle(line, TODAY, DATAVIEW) == (toggled,)


@pytest.mark.parametrize(
    ("line", "symbol", "changed"),
    [
        ("- [ ] a 📅 2020-01-01", "-", "- [-] a 📅 2020-01-01 ❌ 2026-03-14"),
        ("- [x] a ✅ 2020-01-01", "-", "- [-] a ❌ 2026-03-14"),
        ("- [-] a ❌ 2020-01-01", "x", "- [x] a ✅ 2026-03-14"),
        ("- [x] a ✅ 2020-01-01", "/", "- [/] a"),
        ("- [x] a ✅ 2020-01-01", "x", "- [x] a ✅ 2020-01-01"),
        ("- [ ] a ✅ 2020-01-01", " ", "- [ ] a ✅ 2020-01-01"),
    ],
)
def test_any_status_can_be_set(line: str, symbol: str, changed: str) -> None:
    assert set_status(line, symbol, TODAY, EMOJI) == (changed,)


def test_from_one_kind_of_done_to_another_the_done_date_stays() -> None:
    statuses = StatusRegistry((*PLUGIN_STATUSES, Status("V", "Verified", " ", StatusType.DONE)))
    settings = TaskSettings(statuses=statuses)
    line = "- [x] a 🔁 every day 📅 2020-01-01 ✅ 2020-01-01"
    assert set_status(line, "V", TODAY, settings) == (replace_symbol(line, 3, "V"),)


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("- [ ] a", ["- [x] a"]),
        ("- [ ] #task a", ["- [x] #task a ✅ 2026-03-14"]),
        ("- [/] a 🔁 every day 🏁 delete", ["- [ ] a 🔁 every day 🏁 delete"]),
        ("- [x] a ✅ 2020-01-01", ["- [ ] a ✅ 2020-01-01"]),
    ],
)
def test_a_line_without_the_global_filter_only_swaps_its_mark(line: str, lines: list[str]) -> None:
    assert list(toggle(line, TODAY, TaskSettings(global_filter="#task"))) == lines


def test_a_box_that_the_plugin_does_not_see_only_swaps_its_mark() -> None:
    assert toggle("- 1. [ ] a", TODAY, EMOJI, symbol_index=6) == ("- 1. [x] a",)
    assert set_status("- [ ] 1. [ ] a", "x", TODAY, EMOJI, symbol_index=10) == ("- [ ] 1. [x] a",)


def test_a_line_without_a_box_is_refused() -> None:
    with pytest.raises(RefusedError, match="no checkbox"):
        toggle("- a", TODAY, EMOJI)


@pytest.mark.parametrize(
    ("line", "settings", "lines"),
    [
        (
            "- [ ] a #t 🆔 x ⛔ y 🔁 every day ➕ 2020-01-01 📆  2026-03-14 #u ^id  ",
            EMOJI,
            [
                "- [ ] a #t 🔁 every day 📆  2026-03-15 #u  ",
                "- [x] a #t 🆔 x ⛔ y 🔁 every day ➕ 2020-01-01 📆  2026-03-14 #u ✅ 2026-03-14 ^id  ",
            ],
        ),
        (
            "- [ ] a 🔁 every day",
            EMOJI._replace(recurrence_on_next_line=True),
            ["- [x] a 🔁 every day ✅ 2026-03-14", "- [ ] a 🔁 every day"],
        ),
        ("- [ ] a 🔁 every day 🏁 delete", EMOJI, ["- [ ] a 🔁 every day 🏁 delete"]),
        ("- [ ] a 🏁 DELETE", EMOJI, []),
        ("- [ ] a 🏁 keep", EMOJI, ["- [x] a 🏁 keep ✅ 2026-03-14"]),
        ("- [ ] a 🏁 delete it", EMOJI, ["- [x] a 🏁 delete it ✅ 2026-03-14"]),
        ("- [ ] a 🔁 every blue moon", EMOJI, ["- [x] a 🔁 every blue moon ✅ 2026-03-14"]),
        (
            "- [ ] a 🔁 every day 📅 2026-02-30",
            EMOJI,
            ["- [x] a 🔁 every day 📅 2026-02-30 ✅ 2026-03-14"],
        ),
        (
            "- [ ] a 🔁 every day 🛫 2026-02-30 📅 2026-03-14",
            NO_DATES,
            [
                "- [ ] a 🔁 every day 🛫 2026-02-30 📅 2026-03-15",
                "- [x] a 🔁 every day 🛫 2026-02-30 📅 2026-03-14",
            ],
        ),
        (
            "- [ ] a 🔁 every day 📅 2026-03-14 📅 2026-05-05",
            NO_DATES,
            ["- [ ] a 🔁 every day 📅 2026-03-15", "- [x] a 🔁 every day 📅 2026-03-14 📅 2026-05-05"],
        ),
        (
            "- [ ] a 📅 2026-03-14 🔼 🔁 every day",
            NO_DATES._replace(set_created_date=True),
            ["- [ ] a ➕ 2026-03-14 📅 2026-03-15 🔼 🔁 every day", "- [x] a 📅 2026-03-14 🔼 🔁 every day"],
        ),
        (
            "- [ ] 📅 2026-03-14 🔁 every day",
            NO_DATES._replace(set_created_date=True),
            ["- [ ] ➕ 2026-03-14 📅 2026-03-15 🔁 every day", "- [x] 📅 2026-03-14 🔁 every day"],
        ),
        (
            "- [ ] a 🔁 every day ⏳ 2026-03-10 📅 2026-03-14",
            NO_DATES._replace(set_created_date=True, remove_scheduled_date_on_recurrence=True),
            [
                "- [ ] a 🔁 every day ➕ 2026-03-14 📅 2026-03-15",
                "- [x] a 🔁 every day ⏳ 2026-03-10 📅 2026-03-14",
            ],
        ),
        ("- [-] a 🔁 every day ❌ 2020-01-01", EMOJI, ["- [ ] a 🔁 every day"]),
        ("- [x] a 🔁 every day 🏁 delete", EMOJI, ["- [ ] a 🔁 every day 🏁 delete"]),
    ],
)
def test_a_repeating_task_that_is_done_leaves_its_next_occurrence(
    line: str, settings: TaskSettings, lines: list[str]
) -> None:
    assert list(toggle(line, TODAY, settings)) == lines


@pytest.mark.parametrize(
    ("statuses", "mark"),
    [
        ([Status("x", "Done", "/", StatusType.DONE), Status("/", "Doing", "x", StatusType.IN_PROGRESS)], "/"),
        ([Status("x", "Done", "-", StatusType.DONE), Status("-", "Dropped", ">", StatusType.CANCELLED)], ">"),
        ([Status("x", "Done", "-", StatusType.DONE), Status("-", "Dropped", "x", StatusType.CANCELLED)], " "),
        ([Status("x", "Done", "/", StatusType.DONE), Status("/", "Doing", ">", StatusType.IN_PROGRESS)], ">"),
        ([Status("x", "Done", "e", StatusType.DONE), Status("e", "", "/", StatusType.EMPTY)], "e"),
    ],
)
def test_the_next_occurrence_is_to_do_or_in_progress(statuses: list[Status], mark: str) -> None:
    settings = NO_DATES._replace(statuses=StatusRegistry(statuses))
    following, _ = set_status("- [ ] a 🔁 every day", "x", TODAY, settings)
    assert following == f"- [{mark}] a 🔁 every day"


@pytest.mark.parametrize(
    ("line", "kind", "value", "changed"),
    [
        ("- [ ] a", FieldKind.DUE, TODAY, "- [ ] a 📅 2026-03-14"),
        ("- [ ] a 🔼 ✅ 2020-01-01 ^i", FieldKind.DUE, TODAY, "- [ ] a 🔼 📅 2026-03-14 ✅ 2020-01-01 ^i"),
        ("- [ ] a 📆 2020-01-01 #t", FieldKind.DUE, TODAY, "- [ ] a 📆 2026-03-14 #t"),
        ("- [ ] a 📅 2020-01-01 b", FieldKind.DUE, TODAY, "- [ ] a 📅 2026-03-14 b"),
        ("- [ ] a (due:: 2020-01-01) b", FieldKind.DUE, TODAY, "- [ ] a (due:: 2026-03-14) b"),
        ("- [ ] a 📅 2020-01-01 b 📅 2020-01-01", FieldKind.DUE, None, "- [ ] a b"),
        ("- [ ] a", FieldKind.DUE, None, "- [ ] a"),
        ("- [ ] a (due:: 2020-01-01), then b", FieldKind.DUE, None, "- [ ] a, then b"),
        ("- [ ] a `📅 2020-01-01` b", FieldKind.DUE, None, "- [ ] a `📅 2020-01-01` b"),
        ("- [ ] a `📅 2020-01-01` b", FieldKind.DUE, TODAY, "- [ ] a `📅 2020-01-01` b 📅 2026-03-14"),
        (
            "- [ ] a `📅 2020-01-01` 📅 2020-01-02",
            FieldKind.DUE,
            TODAY,
            "- [ ] a `📅 2020-01-01` 📅 2026-03-14",
        ),
        ("- [ ] a 📅 2020-01-01T10:00", FieldKind.DUE, None, "- [ ] a 📅 2020-01-01T10:00"),
        (
            "- [ ] a 🔁 every day until 2026-12-31",
            FieldKind.RECURRENCE,
            "every week",
            "- [ ] a 🔁 every week",
        ),
        ("- [ ] a 🔁 every day until 2026-12-31", FieldKind.RECURRENCE, None, "- [ ] a"),
        ("- [ ] a 🔁 every day & night", FieldKind.RECURRENCE, None, "- [ ] a 🔁 every day & night"),
        ("- [ ] a 📅 2020-01-01", FieldKind.PRIORITY, Priority.HIGH, "- [ ] a ⏫ 📅 2020-01-01"),
        ("- [ ] a 🔽", FieldKind.PRIORITY, Priority.HIGH, "- [ ] a ⏫"),
        ("- [ ] a (priority:: low)", FieldKind.PRIORITY, Priority.HIGH, "- [ ] a (priority:: high)"),
        ("- [ ] a 🔽", FieldKind.PRIORITY, Priority.NONE, "- [ ] a"),
        ("- [ ] a", FieldKind.RECURRENCE, "every week", "- [ ] a 🔁 every week"),
        ("- [ ] a", FieldKind.DEPENDS_ON, "x,y", "- [ ] a ⛔ x,y"),
    ],
)
def test_a_field_is_set_where_it_stands_or_where_the_plugin_writes_it(
    line: str, kind: FieldKind, value: date | Priority | str | None, changed: str
) -> None:
    assert set_field(line, kind, value, EMOJI) == changed


def test_a_dataview_vault_gets_dataview_fields() -> None:
    line = set_field("- [ ] a", FieldKind.PRIORITY, Priority.HIGH, DATAVIEW)
    assert set_field(line, FieldKind.ID, "x", DATAVIEW) == "- [ ] a  [id:: x]  [priority:: high]"


@pytest.mark.parametrize(
    ("line", "moved"),
    [
        ("- [ ] a 🆔 x and b", "- [ ] a and b 🆔 new"),
        ("- [ ] a 🆔 x 🔁 every day until 2026-12-31", "- [ ] a 🔁 every day until 2026-12-31 🆔 new"),
        ("- [ ] a [id:: x] ⏫ ^i", "- [ ] a 🆔 new ⏫ ^i"),
        ("- [ ] a 🆔 x ⏫", "- [ ] a 🆔 new ⏫"),
        ("- [ ] a `🆔 x`", "- [ ] a `🆔 x` 🆔 new"),
        ("- [ ] a 🆔 x b 🆔 y c", "- [ ] a b 🆔 y c 🆔 new"),
    ],
)
def test_what_the_plugin_has_to_read_is_written_where_it_does(line: str, moved: str) -> None:
    assert set_field(line, FieldKind.ID, "new", EMOJI, for_plugin=True) == moved


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldKind.RECURRENCE, "täglich"),
        (FieldKind.RECURRENCE, "every day until 2026-12-31"),
        (FieldKind.ID, "abc.1"),
        (FieldKind.ON_COMPLETION, "delete-later"),
        (FieldKind.ID, "a b"),
        (FieldKind.DUE, "tomorrow"),
        (FieldKind.DUE, "2026-02-30"),
        (FieldKind.RECURRENCE, "every day\n- [ ] b"),
        (FieldKind.DEPENDS_ON, ""),
    ],
)
def test_a_value_that_would_not_be_read_back_is_refused(kind: FieldKind, value: str) -> None:
    with pytest.raises(RefusedError, match="can't be written"):
        set_field("- [ ] a", kind, value, EMOJI)


HEADS = st.sampled_from(["- [", "  * [", "> > 10. [", "\t1) [", "+   ["])
MARKS = st.sampled_from(" x-/?X>é")
PIECES = st.sampled_from(
    [
        *(
            " 📅 2026-01-01",
            " 📆\ufe0f 2026-02-30",
            " ✅ 2020-01-01",
            " ❌ 2020-01-01",
            " ✅",
            " 🆔 a",
            " 🏁 keep",
            " ⏫",
        ),
        *(
            " [due:: 2026-01-01]",
            "  [completion:: 2020-01-01]",
            " (cancelled:: 2020-01-01),",
            " [",
            ")",
            "::",
        ),
        *(" ", "  ", "\t", "\u00a0", " #tag", "#", " ^id", " word", "学", " 2026-01-01", ","),
    ]
)
TAILS = st.one_of(
    st.lists(PIECES, max_size=8).map("".join), st.text(max_size=20).filter(lambda text: "🔁" not in text)
)
LINES = st.builds(lambda head, mark, tail: f"{head}{mark}] {tail}", HEADS, MARKS, TAILS)
SETTINGS = st.builds(
    TaskSettings,
    set_done_date=st.booleans(),
    set_cancelled_date=st.booleans(),
    set_created_date=st.booleans(),
    global_filter=st.sampled_from(["", "#tag"]),
    task_format=st.sampled_from(TaskFormat),
    statuses=st.just(StatusRegistry()),
)

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_END_DATE = rf" ?[✅❌]\ufe0f? *{_DAY}| {{0,2}}[\[(] *(?:completion|cancelled):: *{_DAY} *[\])](?: *,)?"


@given(LINES, st.sampled_from(" x-/?"), SETTINGS)
def test_nothing_outside_mark_and_end_dates_changes(line: str, symbol: str, settings: TaskSettings) -> None:
    symbol_index = find_symbol(line)
    assert symbol_index is not None
    (changed,) = set_status(line, symbol, TODAY, settings)
    assert changed[: symbol_index + 3] == f"{line[:symbol_index]}{symbol}] "
    before, after = (re.sub(_END_DATE, "", text[symbol_index + 3 :]) for text in (line, changed))
    assert after == before


@given(LINES, st.sampled_from(" x"), SETTINGS)
def test_toggling_twice_gives_the_original_back(line: str, mark: str, settings: TaskSettings) -> None:
    line = replace_symbol(line, find_symbol(line) or 0, " " if settings.set_done_date else mark)
    fields = read_fields(line[line.index("]") + 1 :], settings.task_format)
    assume(not fields.read_by_plugin(FieldKind.DONE) and not fields.read_by_plugin(FieldKind.CANCELLED))
    (once,) = toggle(line, TODAY, settings)
    (twice,) = toggle(once, TODAY, settings)
    assert twice == line


@given(LINES, st.sampled_from(" x-/?"))
def test_without_dates_one_character_changes(line: str, symbol: str) -> None:
    assume(re.search(_END_DATE, line) is None)
    (changed,) = set_status(line, symbol, TODAY, NO_DATES)
    assert changed == replace_symbol(line, find_symbol(line) or 0, symbol)


@given(LINES, st.sampled_from([kind for kind in FieldKind if kind.is_date]), SETTINGS)
def test_a_date_that_is_set_is_read_and_goes_again(
    line: str, kind: FieldKind, settings: TaskSettings
) -> None:
    before = read_fields(line[line.index("]") + 1 :], settings.task_format)
    assume(before.get(kind) is None)
    dated = set_field(line, kind, TODAY, settings)
    field = read_fields(dated[dated.index("]") + 1 :], settings.task_format).get(kind)
    assert field is not None
    assert (field.day, field.plugin_reads) == (TODAY, True)
    assert set_field(dated, kind, None, settings) == line
