"""No edit of a task changes a character outside the field it is about, whatever its words look like.

Lines are put together from words that are no fields, such as code that shows one, and from real fields. After
each edit the words are all there, in order, with nothing between them but white space and fields; and of the
fields only those that the edit is about have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roadtui.core.errors import RefusedError
from roadtui.core.tasks.field_specs import FieldKind, Priority, TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry
from roadtui.core.tasks.task_line import TaskSettings, edit_tags, set_field, set_status, toggle

TODAY = date(2026, 3, 14)

FIELDS = [
    *("📅 2026-01-01", "⏳ 2026-01-02", "🛫 2026-01-03", "➕ 2026-01-04", "✅ 2026-01-05", "❌ 2026-01-06"),
    *("⏫", "🔽\ufe0f", "🔁 every day", "🏁 delete", "🆔 abc", "⛔ abc,def"),
    *("[due:: 2026-01-01]", "(scheduled:: 2026-01-02)", "[start:: 2026-01-03]", "[created:: 2026-01-04]"),
    *("[completion:: 2026-01-05]", "[cancelled:: 2026-01-06]", "[priority:: high]", "[repeat:: every day]"),
    *("[onCompletion:: delete]", "[id:: abc]", "[dependsOn:: abc,def]"),
]
TAGS = ["#tag", "#Tag", "#other/one"]
GLUED = ["📅2026-01-01", "✅2026-01-05", "⏫", "🆔abc", "⛔abc,def", "🏁delete", "(due::2026-01-01)"]
"""Fields without a blank, which fit into an address."""

AROUND_ANYTHING = [
    "`{}`",
    "``a ` {} b``",
    "\\\\`{}`",
    "`\\` `{}`",
    "[text](<a {}>)",
    '[text](address "{}")',
    "[text](address '{}')",
    "![{}](picture.png)",
    "[a {} b](address)",
    "^[see {} there]",
    "[a `]` {}](address)",
    "%%{}%%",
    "%% {} #tag %%",
    "<!-- {} -->",
    '<mark style="{}">',
    "<? {} ?>",
    "$x {} y$",
    "$$ {} $$",
    "[[Note|{}]]",
    "![[Note#{}]]",
]
AROUND_AN_ADDRESS = [
    "[text](http://x.test/{}/a)",
    "[text](http://x.test/{})",
    "[text](a(b({}))c)",
    "![alt](picture{}.png)",
    "<http://x.test/{}>",
    "http://x.test/{}/a",
    "www.x.test/{}-a",
    "[[{}]]",
    "![[{}|alias]]",
]
BEGINNINGS = [
    *("📅 2026-01-01T10:00", "📅 2026-01-011", "✅ 2026-01-05.", "⏳ 2026-01-02,", "🆔 abc.1", "⛔ abc,d.e"),
    *(
        "🏁 delete-later",
        "⏫x",
        "⏫,",
        "🔁 every week on *Monday*",
        "🔁 every week & so on",
        "[due:: 2026-01-01T10:00]",
    ),
    *("[id:: abc.1]", "[priority:: highly]", "\\[due:: 2026-01-01]", "#tag;more", "x#tag", "#1984"),
]
WORDS = st.one_of(
    st.builds(str.format, st.sampled_from(AROUND_ANYTHING), st.sampled_from([*FIELDS, *TAGS])),
    st.builds(str.format, st.sampled_from(AROUND_AN_ADDRESS), st.sampled_from([*GLUED, *TAGS])),
    st.sampled_from(BEGINNINGS),
    st.sampled_from(["plain", "学习"]),
)
LEFT_OPEN = ["`", "``", "$5", "[", "(", "]", "<", "%%", "\\", "![", "[[", "^[", '<a b="', "[a]("]
"""What begins no construct, as no words behind it end one."""

Pieces = list[tuple[str, str]]
REAL = st.sampled_from([*FIELDS, *TAGS]).map(lambda text: ("field", text))
PIECES: st.SearchStrategy[Pieces] = st.builds(
    lambda pieces, left_open, fields: [*pieces, *left_open, *fields],
    st.lists(st.one_of(WORDS.map(lambda text: ("words", text)), REAL), max_size=5),
    st.lists(st.sampled_from(LEFT_OPEN).map(lambda text: ("words", text)), max_size=1),
    st.lists(REAL, max_size=3),
)


class Line(NamedTuple):
    """A task line, and the words that have to stay."""

    text: str
    words: list[str]


def line_of(pieces: Pieces, mark: str, gap: str, end: str) -> Line:
    """Each piece of words stands between quotation marks, so that none runs into its neighbours."""
    written, words = [], []
    for kind, text in pieces:
        if kind == "words":
            text = f"«{text} »"
            words.append(text)
        written.append(text)
    return Line(f"- [{mark}] {gap.join(written)}{end}", words)


LINES = st.builds(
    line_of,
    PIECES,
    st.sampled_from(" x-/"),
    st.sampled_from([" ", "  ", "\t", "\u00a0"]),
    st.sampled_from(["", " ", " ^block-1", " ^block-1  "]),
)

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FIELD = "|".join(
    (
        f"[📅⏳🛫➕✅❌] {_DAY}",
        "[🔺⏫🔼🔽⏬]\ufe0f?",
        r"🔁 every [a-z]+(?: [a-z]+)*",
        "🏁 [a-z]+",
        "🆔 [a-z0-9]+",
        "⛔ [a-z0-9]+(?:,[a-z0-9]+)*",
        r"[\[(][a-zA-Z]+:: [a-z0-9 ,-]+[\])]",
        r"#[a-zA-Z/]+",
        r"\^[a-z0-9-]+",
    )
)
_KEYS = {
    FieldKind.DUE: "📅|due::",
    FieldKind.SCHEDULED: "⏳|scheduled::",
    FieldKind.START: "🛫|start::",
    FieldKind.CREATED: "➕|created::",
    FieldKind.DONE: "✅|completion::",
    FieldKind.CANCELLED: "❌|cancelled::",
    FieldKind.PRIORITY: "[🔺⏫🔼🔽⏬]|priority::",
    FieldKind.RECURRENCE: "🔁|repeat::",
    FieldKind.ON_COMPLETION: "🏁|onCompletion::",
    FieldKind.ID: "🆔|\\bid::",
    FieldKind.DEPENDS_ON: "⛔|dependsOn::",
}


def fields_between(words: list[str], text: str) -> Iterator[str]:
    """The fields, tags and the block id of `text`, which holds `words`, in order, and nothing else."""
    gap = rf"((?:\s|{_FIELD})*+)"
    found = re.fullmatch(rf"- \[.\]{gap}" + "".join(re.escape(word) + gap for word in words), text)
    assert found is not None, (words, text)
    for between in found.groups():
        yield from re.findall(_FIELD, between)


def check(before: Line, after: str, about: str) -> None:
    """Assert that only what `about`, a pattern, matches has come, gone or changed."""
    was, now = (
        [field for field in fields_between(before.words, text) if not re.search(about, field)]
        for text in (before.text, after)
    )
    assert was == now


VALUES: dict[FieldKind, list[date | Priority | str | None]] = {
    **{kind: [date(2026, 12, 1), None] for kind in FieldKind if kind.is_date},
    FieldKind.PRIORITY: [Priority.HIGHEST, Priority.NONE, None],
    FieldKind.RECURRENCE: ["every week", None],
    FieldKind.ON_COMPLETION: ["keep", None],
    FieldKind.ID: ["new1", None],
    FieldKind.DEPENDS_ON: ["abc,new1", None],
}
SETTINGS = st.builds(
    TaskSettings,
    set_created_date=st.booleans(),
    recurrence_on_next_line=st.booleans(),
    remove_scheduled_date_on_recurrence=st.booleans(),
    task_format=st.sampled_from(TaskFormat),
    statuses=st.just(StatusRegistry()),
)
DATES = "|".join(_KEYS[kind] for kind in FieldKind if kind.is_date)


@pytest.mark.parametrize("kind", FieldKind)
@given(st.data())
def test_setting_a_field_changes_that_field_alone(kind: FieldKind, data: st.DataObject) -> None:
    line, settings = data.draw(LINES), data.draw(SETTINGS)
    value = data.draw(st.sampled_from(VALUES[kind]))
    for_plugin = data.draw(st.booleans())
    try:
        after = set_field(line.text, kind, value, settings, for_plugin=for_plugin)
    except RefusedError:
        return
    check(line, after, _KEYS[kind])


@given(LINES, SETTINGS, st.sampled_from(" x-/?"))
@example(Line("- [x] «`✅ 2026-01-05` »", ["«`✅ 2026-01-05` »"]), TaskSettings(), " ")
def test_a_status_changes_the_mark_and_the_end_dates_alone(
    line: Line, settings: TaskSettings, symbol: str
) -> None:
    changed: list[Callable[[], tuple[str, ...]]] = [
        lambda: set_status(line.text, symbol, TODAY, settings),
        lambda: toggle(line.text, TODAY, settings),
    ]
    for change in changed:
        lines = change()
        if len(lines) == 1:
            check(line, lines[0], "✅|❌|completion::|cancelled::")
        for after in lines if len(lines) > 1 else ():
            check(line, after, rf"{DATES}|🆔|⛔|\bid::|dependsOn::|\^")


@given(LINES, st.sampled_from(TaskFormat), st.sampled_from(TAGS), st.sampled_from(TAGS))
def test_tags_come_and_go_alone(line: Line, format: TaskFormat, add: str, remove: str) -> None:
    after = edit_tags(line.text, [add], [remove], format)
    check(line, after, f"(?i){add}|{remove}")
    if remove.lower() != add.lower():
        tags = [tag.lower() for tag in read_fields(after[5:], format).tags]
        assert remove.lower() not in tags
        assert add.lower() in tags


@given(WORDS, st.sampled_from(TaskFormat))
def test_words_hold_no_field_and_no_tag(words: str, format: TaskFormat) -> None:
    fields = read_fields(f"«{words} »", format)
    assert fields.all == ()
    assert fields.tags == ()
    assert fields.description == f"«{words} »"
