from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.inline import WHITESPACE
from roadtui.core.tasks.field_specs import FieldKind, Priority, TaskFormat
from roadtui.core.tasks.fields import Fields, read_fields

BOTH_FORMS = {
    "🆔 a-1 ⛔ b_2,c3 🔺 🔁 every week when done 🏁 delete ➕ 2026-01-01 🛫 2026-01-02 ⏳ 2026-01-03 "
    "📅 2026-01-04 ❌ 2026-01-05 ✅ 2026-01-06": TaskFormat.EMOJI,
    "[id:: a-1]  [dependsOn:: b_2,c3]  [priority:: highest]  [repeat:: every week when done]  "
    "[onCompletion:: delete]  [created:: 2026-01-01]  [start:: 2026-01-02]  [scheduled:: 2026-01-03]  "
    "[due:: 2026-01-04]  [cancelled:: 2026-01-05]  [completion:: 2026-01-06]": TaskFormat.DATAVIEW,
}


def kinds_read_by_plugin(fields: Fields) -> list[FieldKind]:
    return [field.kind for field in fields.all if field.plugin_reads]


@pytest.mark.parametrize(("written", "format"), BOTH_FORMS.items(), ids=["emoji", "dataview"])
def test_every_field_is_read_in_both_forms(written: str, format: TaskFormat) -> None:
    fields = read_fields(f"Bayes theorem #ml {written} ^block-1", format)
    assert fields.description == "Bayes theorem #ml"
    assert fields.tags == ("#ml",)
    assert fields.block_id == "block-1"
    assert (fields.id, fields.depends_on) == ("a-1", ("b_2", "c3"))
    assert fields.priority is Priority.HIGHEST
    assert (fields.recurrence, fields.on_completion) == ("every week when done", "delete")
    days = (fields.created, fields.start, fields.scheduled, fields.due, fields.cancelled, fields.done)
    assert days == tuple(date(2026, 1, day) for day in range(1, 7))
    assert kinds_read_by_plugin(fields) == list(FieldKind)


@pytest.mark.parametrize("format", TaskFormat)
@pytest.mark.parametrize("written", BOTH_FORMS)
def test_fields_are_shown_in_a_vault_of_either_format(written: str, format: TaskFormat) -> None:
    fields = read_fields(f"Bayes {written}", format)
    assert [field.kind for field in fields.all] == list(FieldKind)
    assert kinds_read_by_plugin(fields) == (list(FieldKind) if BOTH_FORMS[written] is format else [])


@pytest.mark.parametrize(
    ("written", "kind", "raw"),
    [
        ("📅2026-01-01", FieldKind.DUE, "2026-01-01"),
        ("📅\ufe0f   2026-01-01", FieldKind.DUE, "2026-01-01"),
        ("📆 2026-01-01", FieldKind.DUE, "2026-01-01"),
        ("🗓\ufe0f 2026-01-01", FieldKind.DUE, "2026-01-01"),
        ("⌛ 2026-01-01", FieldKind.SCHEDULED, "2026-01-01"),
        ("⏫\ufe0f", FieldKind.PRIORITY, "⏫"),
        ("🔁 every 2 weeks on Monday, Friday!", FieldKind.RECURRENCE, "every 2 weeks on Monday, Friday!"),
        ("⛔ a , b,c", FieldKind.DEPENDS_ON, "a , b,c"),
        ("🏁 Delete", FieldKind.ON_COMPLETION, "Delete"),
        ("📅 2026-02-30", FieldKind.DUE, "2026-02-30"),
    ],
)
def test_the_plugin_reads_each_way_of_writing_an_emoji_field(written: str, kind: FieldKind, raw: str) -> None:
    (field,) = read_fields(f"Bayes {written}").all
    assert (field.kind, field.raw, field.plugin_reads) == (kind, raw, True)


@pytest.mark.parametrize(
    ("written", "kind", "raw"),
    [
        ("(due:: 2026-01-01)", FieldKind.DUE, "2026-01-01"),
        ("[ due::2026-01-01 ]", FieldKind.DUE, "2026-01-01"),
        ("[due:: 2026-01-01] ,", FieldKind.DUE, "2026-01-01"),
        ("[priority:: low]", FieldKind.PRIORITY, "low"),
        ("[priority:: lowest]", FieldKind.PRIORITY, "lowest"),
        ("(repeat:: every day )", FieldKind.RECURRENCE, "every day"),
    ],
)
def test_the_plugin_reads_each_way_of_writing_a_dataview_field(
    written: str, kind: FieldKind, raw: str
) -> None:
    (field,) = read_fields(f"Bayes {written}", TaskFormat.DATAVIEW).all
    assert (field.kind, field.raw, field.plugin_reads) == (kind, raw, True)


@pytest.mark.parametrize(
    "text",
    [
        "Bayes 📅\u00a02026-01-01",
        "Bayes 📅 2026-1-1",
        "Bayes 📅 2026-01-011",
        "Bayes 📅 tomorrow",
        "Bayes 🔁",
        "Bayes [due:: 2026-01-01)",
        "Bayes [Due:: 2026-01-01]",
        "Bayes [priority:: urgent]",
        "std::vector, a::b",
        "[docs](https://example.org/a), x = [1, 2]",
    ],
)
@pytest.mark.parametrize("format", TaskFormat)
def test_what_is_no_field_stays_in_the_description(text: str, format: TaskFormat) -> None:
    fields = read_fields(text, format)
    assert fields.all == ()
    assert fields.description == text


@pytest.mark.parametrize("format", TaskFormat)
@pytest.mark.parametrize(
    "text",
    [
        "explain the `📅 2026-01-01` form",
        "what does `⏫` mean",
        "read [r](http://x.test/📅2026-01-03)",
        "learn `[due:: 2026-01-05]`",
        "[due:: 2026-01-05](address)",
        "read http://x.test/📅2026-01-03",
        "a 📅 2026-01-01T10:00",
        "a 📅 2026-01-01, b",
        "a 🆔 abc.1",
        "a ⛔ abc, d.e",
        "a 🏁 delete-later",
        "a ⏫! b",
        "a 🔁 every week on Monday & Friday",
        "a 🔁 every month (on the 1st)",
        "a 🔁 every week-end",
        "a [id:: abc.1] (repeat:: every week & day)",
    ],
)
def test_what_stands_in_code_or_only_begins_as_a_field_is_words(text: str, format: TaskFormat) -> None:
    fields = read_fields(text, format)
    assert fields.all == ()
    assert fields.description == text


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("a (📅 2026-01-01) b", "2026-01-01"),
        ("a [🆔 abc] b", "abc"),
        ("a （⏳ 2026-01-01）", "2026-01-01"),
        ("a 📅 2026-01-01\u00a0b", "2026-01-01"),
        ("a 📅 2026-01-01⏫x", None),
        ("a ⛔ b , c d", "b , c"),
        ("a 🔁 every day #tag b", "every day"),
        ("(a 🔁 every day) b", "every day"),
        ("a 🔁 every day until 2026-12-31", "every day until 2026-12-31"),
        ("a 🔁 every day until 31.12.2026 #tag", "every day until 31.12.2026"),
        ("a 🔁 every day at 9:30, 17:00", "every day at 9:30, 17:00"),
        ("a [repeat:: every day until 2026-12-31]", "every day until 2026-12-31"),
    ],
)
def test_a_value_ends_at_white_space_a_closing_bracket_or_the_end(text: str, raw: str | None) -> None:
    assert [field.raw for field in read_fields(text).all] == ([] if raw is None else [raw])


@pytest.mark.parametrize("format", TaskFormat)
@pytest.mark.parametrize(
    "text", ["⏫ 🔁 every day until 2026-12-31", "[repeat:: every day until 2026-12-31]"]
)
def test_the_plugin_reads_no_rule_with_a_day_in_figures(text: str, format: TaskFormat) -> None:
    assert kinds_read_by_plugin(read_fields(f"a {text}", format)) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("call 📅 2026-01-01 mum", []),
        ("call 📅 2026-01-01 mum 🔼", [FieldKind.PRIORITY]),
        ("call 📅 2026-01-01 #later 🔼 #now", [FieldKind.DUE, FieldKind.PRIORITY]),
        ("call 📅 2026-01-01 [due:: 2026-02-01]", []),
        ("call 📅 2026-01-01 ^block", [FieldKind.DUE]),
        ("call 📅 2026-01-01\u00a0", [FieldKind.DUE]),
        ("call 🏁 delete it", []),
        ("📅 2026-01-01", [FieldKind.DUE]),
        ("#a 📅 2026-01-01", [FieldKind.DUE]),
        ("📅 2026-01-01 #a🔼", [FieldKind.DUE, FieldKind.PRIORITY]),
        ("📅 2026-01-01 #a🔼b", [FieldKind.DUE]),
        # The sign of the last field is what its tag was made of: a lone `#` is left, which is no tag.
        ("x ⏫ #📅 2026-01-01", [FieldKind.DUE]),
        ("x ⏫ #a #📅 2026-01-01", [FieldKind.DUE]),
        ("x ⏫ #a📅 2026-01-01", [FieldKind.PRIORITY, FieldKind.DUE]),
        ("x ⏫ #a 📅 2026-01-01", [FieldKind.PRIORITY, FieldKind.DUE]),
        # Only a space ends a tag for it, and a tag has its turn behind the dates and the priority.
        ("x #a\t⏫", [FieldKind.PRIORITY]),
        ("x #a\t⏫ 📅 2026-01-01", [FieldKind.DUE]),
        ("x #a\t🆔b", []),
        ("x #a\t🆔 b", [FieldKind.ID]),
        ("x ⏫ #a\tb", [FieldKind.PRIORITY]),
        ("x ⏫ #a\u00a0b 📅 2026-01-01", [FieldKind.PRIORITY, FieldKind.DUE]),
    ],
)
def test_the_plugin_reads_from_the_end_until_something_is_neither_field_nor_tag(
    text: str, read: list[FieldKind]
) -> None:
    assert kinds_read_by_plugin(read_fields(text)) == read


def test_a_field_between_words_is_shown_and_taken_out_of_the_description() -> None:
    fields = read_fields("call 📅 2026-01-01 mum (priority:: high) today")
    assert fields.due == date(2026, 1, 1)
    assert fields.priority is Priority.HIGH
    assert fields.description == "call mum today"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("x 📅 2026-01-01 📅 2026-02-02", date(2026, 1, 1)),
        ("x 📅 2026-01-01 words 📅 2026-02-02 📅 2026-03-03", date(2026, 2, 2)),
        ("x 📅 2026-01-01 words 📅 2026-02-02 words", date(2026, 1, 1)),
    ],
)
def test_of_two_the_leftmost_counts_that_the_plugin_reads(text: str, due: date) -> None:
    assert read_fields(text).due == due


def test_a_value_ends_where_the_next_field_begins() -> None:
    found = read_fields("a 📅 2026-01-01⏫ b")
    assert [field.raw for field in found.all] == ["2026-01-01", "⏫"]
    assert found.description == "a b"


def test_a_date_that_is_no_day_is_listed_and_counts_nowhere() -> None:
    fields = read_fields("x 🛫 2026-01-01 📅 2026-02-30")
    assert fields.due is None
    assert [field.raw for field in fields.invalid_dates] == ["2026-02-30"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#goal read #ml/theory #goal", ("#goal", "#ml/theory", "#goal")),
        ("a#b ##c (#d) # e", ()),
        ("read #später, #a-b_c.", ("#später", "#a-b_c")),
        ("x 📅 2026-01-01 #after", ("#after",)),
    ],
)
def test_tags_begin_a_word_and_end_at_punctuation(text: str, tags: tuple[str, ...]) -> None:
    assert read_fields(text).tags == tags


@pytest.mark.parametrize(
    ("text", "block_id"),
    [("x ^a-1", "a-1"), ("x ^a-1  ", "a-1"), ("^a", None), ("x ^a b", None), ("x ^a_b", None), ("x^a", None)],
)
def test_a_block_id_stands_at_the_end_behind_a_space(text: str, block_id: str | None) -> None:
    assert read_fields(text).block_id == block_id


PIECES = st.sampled_from(
    [
        *(
            "📅",
            "📅 2026-01-01",
            "✅\ufe0f 2026-02-30",
            "🔁",
            "🔁 every day",
            "🏁 delete",
            "🆔 a",
            "⛔ a,b",
            "⏫",
        ),
        *("[due:: 2026-01-01]", "(completion:: 2026-01-01),", "[", "]", "::", "[repeat:: every", "[id:: a)"),
        *(
            " ",
            "  ",
            "\t",
            "\u00a0",
            "#tag",
            "#",
            "^id",
            " ^id",
            "word",
            "学",
            "2026-01-01",
            ",",
            "every day",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS, st.sampled_from(TaskFormat))
def test_any_text_is_read_and_its_parts_stand_in_order_to_its_end(text: str, format: TaskFormat) -> None:
    fields = read_fields(text, format)
    at = 0
    for field in fields.all:
        assert at <= field.start <= field.value_start < field.end <= fields.end
        assert text.startswith(field.raw, field.value_start)
        at = field.end
    behind = "" if fields.block_id is None else f"^{fields.block_id}"
    assert text[fields.end :].strip(WHITESPACE) == behind


@given(TEXTS, st.sampled_from(TaskFormat))
def test_a_field_that_stands_alone_reads_the_same(text: str, format: TaskFormat) -> None:
    for field in read_fields(text, format).all:
        (alone,) = read_fields(text[field.start : field.end], format).all
        assert (alone.kind, alone.raw, alone.format) == (field.kind, field.raw, field.format)


@given(TEXTS, st.sampled_from(TaskFormat))
def test_behind_what_the_plugin_reads_stand_only_fields_and_tags(text: str, format: TaskFormat) -> None:
    fields = read_fields(text, format)
    read = [field for field in fields.all if field.plugin_reads]
    behind = text[: fields.end]
    for field in reversed(read):
        behind = behind[: field.start] + " " + behind[field.end :]
    words = behind[read[0].start :].split() if read else []
    assert all(word.startswith("#") for word in words)
    assert {field.format for field in read} <= {format}


@given(TEXTS)
def test_words_are_neither_lost_nor_made_up(text: str) -> None:
    fields = read_fields(text)
    outside = text[: fields.end]
    for field in reversed(fields.all):
        outside = outside[: field.start] + " " + outside[field.end :]
    letters = outside.translate(dict.fromkeys(map(ord, WHITESPACE)))
    assert fields.description.translate(dict.fromkeys(map(ord, WHITESPACE))) == letters
