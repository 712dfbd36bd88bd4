"""What a query finds: a table a term, how parts are combined, and what is refused."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.query.items import QueryContext
from roadtui.core.query.query import Query, read_query
from roadtui.core.query.syntax import MOST_CHARACTERS, QueryError
from roadtui.core.query.terms import SPECS
from roadtui.core.query.text_match import fold
from roadtui.core.tasks.field_specs import TaskFormat
from tests.core.query.querying import STATUSES, TODAY, found, items

ROADMAP = """\
# 1. Foundations
- [ ] Linear Algebra
    - [x] Vectors
    - [x] Matrices
- [/] Probability
    - [x] Bayes Theorem ✅ 2026-11-20
    - [ ] Distributions ⏫ 📅 2026-11-24 #stats
# 2. MLOps
- [-] Old pipeline ❌ 2026-11-02
- [ ] Serve models 🆔 serve 🔼 📅 2026-12-01 #ml/serving
- [ ] Monitor models ⛔ serve 🔁 every week
- [ ] Write the résumé 🛫 2026-12-24 🔽
- [h] Ask Mira #ml
- plain note
    - [ ] See [[Why calibrate]] ➕ 2026-11-25 ⏳ 2026-11-27
"""
DAYS = "It may be today, tomorrow, yesterday, fri, this-week or 2026-12-01."
OPEN_IDS = {"serve": "Serve models"}


def results(query: str) -> list[str]:
    return found(
        query,
        ROADMAP,
        path="roadmaps/Machine Learning.md",
        open_ids=OPEN_IDS,
        depended_on={"serve": 1},
        done={"Vectors": date(2026, 11, 25)},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("is:open is:leaf", ["Distributions #stats", "Serve models #ml/serving", "Monitor models",
                             "Write the résumé", "Ask Mira #ml", "See [[Why calibrate]]"]),
        ("is:doing", ["Probability"]),
        ("is:done", ["Vectors", "Matrices", "Bayes Theorem"]),
        ("is:cancelled", ["Old pipeline"]),
        ("is:blocked", ["Monitor models"]),
        ("is:waiting", ["Monitor models", "Write the résumé", "Ask Mira #ml"]),
        ("is:ready", ["Linear Algebra"]),
        ("is:overdue", ["Distributions #stats"]),
        ("is:parent", ["Linear Algebra", "Probability"]),
        ("is:heading", ["1. Foundations", "2. MLOps"]),
        ("is:OPEN is:todo is:parent", ["Linear Algebra"]),
        ("due:2026-12-01", ["Serve models #ml/serving"]),
        ("due:=2026-12-01", ["Serve models #ml/serving"]),
        ("due:<2026-12-01", ["Distributions #stats"]),
        ("due:<=2026-12-01", ["Distributions #stats", "Serve models #ml/serving"]),
        ("due:>2026-11-24", ["Serve models #ml/serving"]),
        ("due:>=2026-12-01", ["Serve models #ml/serving"]),
        ("due:this-week", ["Distributions #stats"]),
        ("due:next-week", ["Serve models #ml/serving"]),
        ("due:tue", ["Serve models #ml/serving"]),
        ("due:2026-12", ["Serve models #ml/serving"]),
        ("due:2026", ["Distributions #stats", "Serve models #ml/serving"]),
        ("due:2026-11-24..2026-12-01", ["Distributions #stats", "Serve models #ml/serving"]),
        ('due:"1 dec"', ["Serve models #ml/serving"]),
        ("start:>today", ["Write the résumé"]),
        ("scheduled:tomorrow", ["See [[Why calibrate]]"]),
        ("created:yesterday", ["See [[Why calibrate]]"]),
        ("done:this-week", ["Vectors"]),
        ("done:fri", ["Bayes Theorem"]),
        ("done:>-7d", ["Vectors", "Bayes Theorem"]),
        ("cancelled:this-month", ["Old pipeline"]),
        ("changed:yesterday", ["Vectors", "See [[Why calibrate]]"]),
        ("#ml", ["Serve models #ml/serving", "Ask Mira #ml"]),
        ("#ML/Serving", ["Serve models #ml/serving"]),
        ("#m", []),
        ("status:/", ["Probability"]),
        ("status:x", ["Vectors", "Matrices", "Bayes Theorem"]),
        ("status:h", ["Ask Mira #ml"]),
        ('status:"on hold"', ["Ask Mira #ml"]),
        ("status:in_progress", ["Probability"]),
        ("priority:high", ["Distributions #stats"]),
        ("priority:>=medium", ["Distributions #stats", "Serve models #ml/serving"]),
        ("priority:<none", ["Write the résumé"]),
        ("path:roadmaps/ is:doing", ["Probability"]),
        ('path:"machine learning" is:doing', ["Probability"]),
        ("path:archive", []),
        ("section:found is:leaf is:open", ["Distributions #stats"]),
        ("section:mlops #ml", ["Serve models #ml/serving", "Ask Mira #ml"]),
        ("has:due", ["Distributions #stats", "Serve models #ml/serving"]),
        ("has:tag -has:due", ["Ask Mira #ml"]),
        ("has:repeat", ["Monitor models"]),
        ("has:link", ["See [[Why calibrate]]"]),
        ("has:depends", ["Monitor models"]),
        ("has:subtasks", ["Linear Algebra", "Probability"]),
        ("unlocks:>0", ["Serve models #ml/serving"]),
        ("unlocks:>1", []),
        ("id:serve", ["Serve models #ml/serving"]),
    ],
)  # fmt: skip
def test_what_a_term_finds(query: str, expected: list[str]) -> None:
    assert results(query) == expected


def test_every_term_finds_by_its_example_what_it_says() -> None:
    for spec in SPECS.values():
        read_query(spec.example, TODAY)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("models", ["Serve models #ml/serving", "Monitor models"]),
        ("MODELS serve", ["Serve models #ml/serving"]),
        ("resume", ["Write the résumé"]),
        ("linalg", ["Linear Algebra"]),
        ('"ear alg"', ["Linear Algebra"]),
        ('"linalg"', []),
        ("models -serve", ["Monitor models"]),
        ("bayes or vectors", ["Vectors", "Bayes Theorem"]),
        ("bayes OR vectors", ["Vectors", "Bayes Theorem"]),
        ('"or"', ["Vectors", "Bayes Theorem", "Monitor models"]),
        ("(bayes or vectors) -#x theorem", ["Bayes Theorem"]),
        ("-(is:open or is:done or is:cancelled) -is:heading", ["- plain note"]),
        ("is:done -(bayes or vectors)", ["Matrices"]),
        ("sort:due has:due", ["Distributions #stats", "Serve models #ml/serving"]),
        ("sort:-due has:due", ["Serve models #ml/serving", "Distributions #stats"]),
        ("has:due sort:text limit:1", ["Distributions #stats"]),
        ("is:done sort:-text", ["Vectors", "Matrices", "Bayes Theorem"]),
        ("is:open is:leaf sort:priority limit:2", ["Distributions #stats", "Serve models #ml/serving"]),
        ("is:leaf sort:-urgency limit:1", ["Write the résumé"]),
        ("bayes or vectors sort:text limit:1", ["Bayes Theorem"]),
        ("bayes or sort:text", ["Bayes Theorem"]),
        ("[[why", ["See [[Why calibrate]]"]),
        ("1.", ["1. Foundations"]),
        (".*", []),
        ("models(", []),
    ],
)
def test_how_parts_are_combined(query: str, expected: list[str]) -> None:
    assert results(query) == expected


def test_a_word_may_be_in_the_headings_or_the_note_if_another_is_in_the_text() -> None:
    assert results("foundations bayes") == ["Bayes Theorem"]
    assert results("machine distributions") == ["Distributions #stats"]
    assert results("machine foundations") == ["1. Foundations"]
    assert results("machine learning") == []


def test_an_empty_query_finds_everything() -> None:
    assert len(results("  ")) == len(items(ROADMAP))


def test_stuck_is_what_is_open_in_a_roadmap_without_next_action() -> None:
    assert found("is:stuck", "- [ ] a\n    - [ ] b ⛔ k\n", stuck="Plan.md") == ["b"]
    assert found("is:stuck", "- [ ] a\n", stuck="Other.md") == []


def test_what_stands_in_code_is_no_field_of_a_task() -> None:
    assert found("has:due", "- [ ] write `📅 2026-12-01`\n") == []


@pytest.mark.parametrize(
    ("query", "wrong", "sentence"),
    [
        ("is:opn", "opn", "`opn` is not a value of `is:`. Did you mean `open`?"),
        ("a due:<frx b", "frx", f"`frx` is not a day. {DAYS}"),
        ("prio:high", "prio:", "There is no term `prio:`. Did you mean `priority:`?"),
        ("note: this", "note:", 'There is no term `note:`. In quotes it is text: "note:".'),
        ("priority:hi", "hi", "`hi` is not a priority. Did you mean `high`?"),
        ("unlocks:>many", "many", "`many` is not a number, as in `unlocks:>3`."),
        ("is:>open", "is:>open", "`is:` takes no `>`."),
        ("due:", "due:", "`due:` needs a value, as in `due:<2026-12-01`."),
        ("(a or b", "(", "This parenthesis is not closed."),
        ("a or", "or", "Something has to follow `or`."),
        ("or a", "or", 'Something has to stand before `or`. In quotes it is text: "or".'),
        ("a ()", "()", "There is nothing in these parentheses."),
        ("a )", ")", 'No parenthesis is open here. In quotes it is text: ")".'),
        ("sort:du", "du", "`du` is not a value of `sort:`. Did you mean `due`?"),
        ("limit:0", "limit:0", "`limit:` needs a number from 1 to 1,000,000."),
        ("limit:²", "limit:²", "`limit:` needs a number from 1 to 1,000,000."),
        ("(a or sort:due) b", "sort:due", "`sort:` can only stand outside parentheses, without `-`."),
        ("-limit:3", "limit:3", "`limit:` can only stand outside parentheses, without `-`."),
        ("due:2026-02-30", "2026-02-30",
         f"`2026-02-30` is not a day. {DAYS}"),
        ("due:+9999y", "+9999y",
         f"`+9999y` is not a day. {DAYS}"),
    ],
)  # fmt: skip
def test_a_wrong_query_names_the_word_and_what_would_be_right(query: str, wrong: str, sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_query(query, TODAY)
    assert str(caught.value) == sentence
    assert query[caught.value.start : caught.value.end] == wrong


@pytest.mark.parametrize("query", ["(bayes or vectors", "bayes or", "(bayes", '"bayes', "(", "-("])
def test_a_query_that_is_still_typed_needs_no_end(query: str) -> None:
    read_query(query, TODAY, is_typing=True)


@pytest.mark.parametrize(
    "query", ["x" * 10_000, "(" * 1_000, "(" * 400 + "a" + ")" * 400, ")" * 1_000, '"' * 999, "-" * 1_000]
)
def test_a_hostile_query_is_answered_at_once(query: str) -> None:
    start = time.perf_counter()
    understood = _read_or_refused(query, is_typing=True)
    if isinstance(understood, Query):
        understood.letters("a" * 1_000)
    assert time.perf_counter() - start < 0.5


@given(st.text(alphabet="ab ()-\"':<>=#orisdue.*\\[]^$+?{}|\n\té", max_size=40), st.booleans())
def test_any_text_is_a_query_or_is_refused_with_a_place_in_it(query: str, is_typing: bool) -> None:
    understood = _read_or_refused(query, is_typing=is_typing)
    if isinstance(understood, Query):
        text = "an idea or two"
        assert all(0 <= at < len(text) for at in understood.letters(text))
    else:
        assert 0 <= understood.start <= understood.end <= len(query)
        assert str(understood).endswith((".", "?"))


def _read_or_refused(query: str, *, is_typing: bool) -> Query | QueryError:
    try:
        return read_query(query, TODAY, is_typing=is_typing)
    except QueryError as error:
        return error


@given(st.text(alphabet="abc éÉßİ한", min_size=1, max_size=3), st.text(alphabet="abc éÉßİ한", max_size=30))
def test_the_letters_of_a_phrase_are_lit_where_it_is(phrase: str, text: str) -> None:
    lit = read_query(f'"{phrase}"', TODAY).letters(text)
    assert (fold(phrase) in fold(text)) == bool(lit)
    assert not lit or fold("".join(text[at] for at in lit)) == fold(phrase)


@pytest.mark.parametrize(
    ("symbol", "is_overdue"), [(" ", True), ("/", True), ("h", True), ("x", False), ("-", False)]
)
def test_only_what_is_still_to_be_done_is_overdue(symbol: str, is_overdue: bool) -> None:
    assert found("is:overdue", f"- [{symbol}] a 📅 2026-11-25\n") == ["a"] * is_overdue


def test_what_is_due_today_is_not_overdue() -> None:
    assert found("is:overdue", f"- [ ] a 📅 {TODAY}\n") == []


@pytest.mark.parametrize(
    ("query", "limit"), [("limit:1", 1), ("limit:999999", 999_999), ("limit:1000000", 1_000_000)]
)
def test_a_limit_is_at_least_one_and_at_most_a_million(query: str, limit: int) -> None:
    assert read_query(query, TODAY).limit == limit
    with pytest.raises(QueryError):
        read_query("limit:1000001", TODAY)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("-", ["a - b", "c-d"]),
        ("-a", ["c-d"]),
        ('-"a -"', ["c-d"]),
        ('"-"', ["a - b", "c-d"]),
        ('""', ["a - b", "c-d"]),
        ('-""', ["a - b", "c-d"]),
        ("-c -a", []),
    ],
)
def test_what_a_minus_means(query: str, texts: list[str]) -> None:
    assert found(query, "- [ ] a - b\n- [ ] c-d\n") == texts


QUERY_PARTS = st.sampled_from(
    [
        "al",
        "alp",
        "alpha",
        "bet",
        "beta",
        '"alp"',
        '"alpha b"',
        "#al",
        "is:open",
        "-beta",
        "gam",
        "or",
        "ß",
        "x",
    ]
)
SEARCHED = "".join(
    f"- [{symbol}] {text}\n"
    for symbol in " x"
    for text in (
        "alpha",
        "beta",
        "alpha beta",
        "a l p h a",
        "alphabet #alpha",
        "gamma alp",
        "betamax",
        "ss x",
    )
)


@given(st.lists(QUERY_PARTS, min_size=1, max_size=3), st.text("abehlpt ", max_size=3))
def test_a_query_that_goes_on_another_finds_nothing_else(parts: list[str], more: str) -> None:
    before, after = " ".join(parts), " ".join(parts) + more
    wider, narrower = (_read_or_refused(text, is_typing=True) for text in (before, after))
    if isinstance(wider, Query) and isinstance(narrower, Query) and narrower.narrows(wider):
        results = set(found(before, SEARCHED, is_typing=True))
        assert set(found(after, SEARCHED, is_typing=True)) <= results


@pytest.mark.parametrize(
    ("before", "after", "is_narrower"),
    [
        ("alp", "alpha", True),
        ("alp bet", "alpha beta", True),
        ("alp", "ALPHA", True),
        ("a", "al", False),
        ("alp", "alp bet", False),
        ("alp bet", "alp", False),
        ("alp", '"alpha"', False),
        ("alp", "alpha is:open", True),
        ("is:open alp", "is:open alpha", True),
        ("is:open", "is:open alp", True),
        ("is:open", "is:open #x", True),
        ("is:open", "is:done", False),
        ("is:open #x", "is:open", False),
        ("is:open alp", "alpha", False),
        ("-alp", "-alpha", False),
        ("alpha", "alp", False),
        ("", "alp", False),
    ],
)
def test_which_query_can_be_asked_of_the_results_of_another(
    before: str, after: str, is_narrower: bool
) -> None:
    assert read_query(after, TODAY).narrows(read_query(before, TODAY)) is is_narrower


def test_a_query_may_have_so_many_characters_and_no_more() -> None:
    assert found("a" * MOST_CHARACTERS, "- [ ] a\n") == []
    with pytest.raises(QueryError, match="at most"):
        read_query("a" * (MOST_CHARACTERS + 1), TODAY)


@pytest.mark.parametrize("query", ["alpha or", "alpha or ", "(alpha or", "beta (alpha or"])
def test_an_or_at_the_end_is_left_out_while_more_is_typed(query: str) -> None:
    assert found(query, "- [ ] alpha beta\n- [ ] gamma\n", is_typing=True) == ["alpha beta"]


SORTED = """\
- [ ] b 📅 2026-12-03 🛫 2026-12-01 ⏳ 2026-12-02 ➕ 2026-11-01 🔽
- [x] a 📅 2026-12-01 🛫 2026-12-02 ➕ 2026-11-02 ✅ 2026-11-20 ⏫
- [x] d 📅 2026-12-02 ⏳ 2026-12-01 ➕ 2026-11-03 ✅ 2026-11-10
- [-] c 🛫 2026-12-03 ⏳ 2026-12-03 ❌ 2026-11-15 🔺
"""


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("due", "adbc"),
        ("start", "bacd"),
        ("scheduled", "dbca"),
        ("done", "dabc"),
        ("created", "badc"),
        ("changed", "bdca"),
        ("priority", "cadb"),
        ("status", "badc"),
        ("text", "abcd"),
        ("path", "badc"),
    ],
)
def test_results_in_the_order_that_is_asked_for(key: str, order: str) -> None:
    assert "".join(found(f"sort:{key}", SORTED)) == order
    values = [tuple(found(f"sort:{key} {name}", SORTED)) for name in order]
    assert values == [(name,) for name in order]


def test_a_reversed_order_keeps_equals_in_the_order_of_the_note() -> None:
    assert found("sort:-due", SORTED) == ["c", "b", "d", "a"]
    assert found("sort:-text", "- [ ] a\n- [ ] b\n- [ ] A\n") == ["b", "a", "A"]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("section:one", ["a", "Two", "b"]),
        ("section:two", ["Two", "b"]),
        ("section:three", ["Three", "c"]),
        ("section:nowhere", []),
    ],
)
def test_a_section_is_any_heading_around(query: str, texts: list[str]) -> None:
    note = "# One\n- [ ] a\n## Two\n- [ ] b\n# Three\n- [ ] c\n"
    assert [text for text in found(query, note) if text != "One"] == texts


@pytest.mark.parametrize(
    ("symbol", "is_blocked"), [(" ", True), ("/", True), ("h", True), ("x", False), ("-", False)]
)
def test_only_what_is_still_to_be_done_waits(symbol: str, is_blocked: bool) -> None:
    waits = f"- [{symbol}] a ⛔ k\n"
    assert found("is:blocked", waits, open_ids={"k": "other"}) == ["a"] * is_blocked
    asked = items(waits)
    context = QueryContext(TODAY, STATUSES, TaskFormat.EMOJI, {"k": "other"}, {}, lambda _: False)
    assert [item.waiting(context) is not None for item in asked] == [is_blocked]
