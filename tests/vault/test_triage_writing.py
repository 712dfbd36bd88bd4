"""A plan as it is written: the forecast is the one that was promised, and no other byte changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.config import Config
from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.stats.forecast import Forecast
from roadtui.core.stats.progress import CountMode, RollUp, add_up
from roadtui.core.triage.plan import Choice, Decision, PartKey, Plan
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.reports.summary import forecast_of, summarize, timeline_of
from roadtui.session.triage.scope import TriageScope
from roadtui.session.triage.triage import Triage
from roadtui.session.triage.writing import NoteTasks, changed_lines, triage_transaction, will_change
from roadtui.vault.commit import commit
from roadtui.vault.vault import Vault
from tests.vault.conftest import Files
from tests.vault.test_history import Machine

TODAY = date(2026, 3, 14)
MONTH = timedelta(30)
DROP, KEEP, LATER = Decision(Choice.DROP), Decision(Choice.KEEP), Decision(Choice.LATER, TODAY + MONTH)


def context_of(vault: Vault) -> ActionContext:
    return ActionContext.of(vault, TODAY)


def notes_to_write(triage: Triage, plan: Plan) -> list[NoteTasks]:
    return [NoteTasks(triage.notes[path], changed) for path, changed in triage.changed_by_note(plan).items()]


def written(vault: Vault, plan: Plan) -> Transaction:
    triage = Triage(TriageScope.of(vault.snapshot, ""), TODAY)
    transaction = triage_transaction(context_of(vault), notes_to_write(triage, plan))
    assert transaction is not None
    return transaction


# The property


def field(sign: str, days: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    return days.map(lambda day: f" {sign} {TODAY + timedelta(day)}")


recent = st.integers(-20, 0)
past, future = st.integers(-100, 0), st.integers(1, 400)
optional_fields = st.tuples(
    st.one_of(field("➕", recent), st.just(""), field("➕", past)),
    st.one_of(st.just(""), field("🛫", st.one_of(past, future)), st.just(" [start:: 2026-08-01]")),
    st.one_of(st.just(""), field("⏳", future), field("📅", future)),
    st.sampled_from(["", "", " 🔁 every week", " #tag", " [priority:: high]", "  "]),
).map("".join)
done_items = field("✅", past).map(lambda day: f"- [x] done{day}\n")
open_items = st.tuples(
    st.sampled_from(["", "", "  ", "    ", "> "]),
    st.sampled_from([" ", " ", " ", "/", "-", "h", "?"]),
    st.sampled_from(["a", "b", "c d", "[[B]]"]),
    optional_fields,
).map(lambda item: f"{item[0]}- [{item[1]}] {item[2]}{item[3]}\n")
headings = st.sampled_from(["# One\n", "## Two\n", "# Three\n", "### Two\n", "words\n", "\n"])
bodies = st.lists(st.one_of(open_items, open_items, done_items, headings), min_size=8, max_size=25)
steady = "".join(f"- [x] done ✅ {TODAY - timedelta(weeks=week)}\n" * 3 for week in range(9))
histories = st.lists(done_items, max_size=9).map(lambda items: steady + "".join(items))
note_texts = st.tuples(histories, bodies, st.sampled_from(["\n", "\r\n"]), st.booleans()).map(
    lambda parts: "".join(["\ufeff" if parts[3] else "", parts[0], *parts[1]]).replace("\n", parts[2])
)


@given(
    texts=st.tuples(note_texts, note_texts),
    choices=st.lists(
        st.tuples(
            st.integers(0, 60),
            st.sampled_from([DROP, DROP, KEEP, LATER, LATER._replace(day=TODAY + 2 * MONTH)]),
        ),
        min_size=1,
        max_size=5,
    ),
    count=st.sampled_from(CountMode),
    roll_up=st.sampled_from(RollUp),
    plugin=st.sampled_from(
        [None, {}, {"taskFormat": "dataview", "globalFilter": "a", "setCancelledDate": False}]
    ),
)
def test_the_forecast_is_the_one_that_was_promised(
    texts: tuple[str, str],
    choices: list[tuple[int, Decision]],
    count: CountMode,
    roll_up: RollUp,
    plugin: object,
) -> None:
    with TemporaryDirectory() as folder:
        files = Files(Path(folder) / "vault", Path(folder) / "state")
        files.root.mkdir()
        for name, text in zip("AB", texts, strict=True):
            files.write(f"{name}.md", text)
        if plugin is not None:
            files.turn_plugin_on(plugin)
        vault = files.loaded(Config(count=count, roll_up=roll_up))
        triage = Triage(TriageScope.of(vault.snapshot, ""), TODAY)
        keys = [key for parts in triage.parts for key in parts.by_key]
        plan = {keys[number % len(keys)]: decision for number, decision in choices}
        promised, remaining = triage.forecasts(plan).then, triage.remaining(plan)
        to_write = notes_to_write(triage, plan)
        transaction = triage_transaction(context_of(vault), to_write)
        diffs = changed_lines(context_of(vault), transaction) if transaction is not None else []
        before = {note.path: (files.root / note.path).read_bytes() for note in triage.scope.notes}
        results = commit(vault, transaction) if transaction is not None else None
        vault.close()

        notes = list(vault.snapshot.notes.values())
        progress = add_up(note.progress for note in notes)
        timeline = timeline_of(notes, vault.snapshot, count)
        assert summarize(vault.snapshot, "", TODAY, count, 1).put_off == remaining.put_off
        assert progress.total - progress.done == sum(remaining)
        assert forecast_of(progress, timeline, remaining.put_off, TODAY, None) == promised

        decided = {(one.note.path, task.line) for one in to_write for task, _ in one.changed}
        shown = {(diff.path, line.number - 1): line.after for diff in diffs for line in diff.lines}
        assert shown.keys() <= decided
        for path, data in before.items():
            old, new = (lines_of(bytes) for bytes in (data, (files.root / path).read_bytes()))
            differing = {at for at, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]}
            assert {(path, at) for at in differing} == {place for place in shown if place[0] == path}
            for at in differing:
                assert new[at].rstrip("\r\n") == shown[path, at]
        if results is not None:
            commit(vault, Transaction("undo", tuple(edit for edit, _ in results.inverses)))
            vault.close()
        assert {path: (files.root / path).read_bytes() for path in before} == before


def lines_of(data: bytes) -> list[str]:
    return re.split(r"(?<=\n)", data.decode().removeprefix("\ufeff"))


def test_days_that_the_history_alone_knows_keep_the_promise(tmp_path: Path) -> None:
    """A section that was added lately, and completions without dates: both are dated by the history."""
    machine = Machine(tmp_path / "vault", tmp_path / "state")
    old = [f"- [ ] old {number}\n" for number in range(30)]
    new = "".join(f"- [ ] new {number}\n" for number in range(9))
    for week in range(8):
        done = "".join(f"- [x] old {number}\n" for number in range(2 * week))
        section = f"# New\n{new}" if week >= 5 else ""
        machine.see("A.md", f"# Old\n{done}{''.join(old[2 * week :])}{section}")
        machine.wait(weeks=1)
    vault, today, history = machine.vault, machine.now.date(), machine.history
    triage = Triage(TriageScope.of(vault.snapshot, ""), today, history.known_dates)
    plan = {PartKey("A.md", ("New",)): DROP}
    now, promised, *_ = triage.forecasts(plan)
    assert isinstance(promised, Forecast)
    assert isinstance(now, Forecast)
    assert promised.half < now.half

    transaction = triage_transaction(ActionContext.of(vault, today), notes_to_write(triage, plan))
    assert transaction is not None
    commit(vault, transaction)
    vault.close()
    for is_recorded in (False, True):
        if is_recorded:
            machine.look()
        note = vault.snapshot.notes["A.md"]
        timeline = timeline_of([note], vault.snapshot, CountMode.LEAVES, history.known_dates)
        assert forecast_of(note.progress, timeline, 0, today, None) == promised, is_recorded
    machine.stop()


# What is written


PLAN = """\
---
deadline: 2026-12-01
---
# One
- [ ] p
  - [ ] a ➕ 2026-01-01
  - [/] b 📅 2026-04-01
# Two
- [ ] weekly 🔁 every week
- [x] done ✅ 2026-03-01
"""


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        (
            {},
            [
                "- [ ] p 🛫 2026-04-13",
                "  - [ ] a ➕ 2026-01-01 🛫 2026-04-13",
                "  - [ ] b 🛫 2026-04-13 📅 2026-04-01",
                "- [-] weekly 🔁 every week ❌ 2026-03-14",
            ],
        ),
        (
            {"taskFormat": "dataview", "setCancelledDate": False},
            [
                "- [ ] p  [start:: 2026-04-13]",
                "  - [ ] a ➕ 2026-01-01  [start:: 2026-04-13]",
                "  - [ ] b 📅 2026-04-01  [start:: 2026-04-13]",
                "- [-] weekly 🔁 every week",
            ],
        ),
    ],
)
def test_the_lines_are_in_the_vaults_own_terms(files: Files, settings: object, changed: list[str]) -> None:
    files.turn_plugin_on(settings)
    files.write("A.md", PLAN)
    files.write("sub/B.md", "- [ ] c\n")
    vault = files.loaded()
    plan = {PartKey("A.md", ("One",)): LATER, PartKey("A.md", ("Two",)): DROP}
    transaction = written(vault, plan)
    (diff,) = changed_lines(context_of(vault), transaction)
    assert (diff.path, [line.after for line in diff.lines]) == ("A.md", changed)
    assert [line.number for line in diff.lines] == [5, 6, 7, 9]
    assert (files.root / "A.md").read_text() == PLAN
    commit(vault, transaction)
    text = (files.root / "A.md").read_text().splitlines()
    assert [line for line in text if line not in PLAN.splitlines()] == changed


def test_what_will_change_is_told_in_a_sentence(files: Files) -> None:
    files.write("A.md", PLAN)
    vault = files.loaded()
    triage = Triage(TriageScope.of(vault.snapshot, ""), TODAY)
    one, two = PartKey("A.md", ("One",)), PartKey("A.md", ("Two",))

    def told(plan: Plan, planned: Iterable[NoteTasks] = ()) -> str:
        return will_change(vault.snapshot, [*notes_to_write(triage, plan), *planned])

    assert told({}) == ""
    assert told({one: LATER, two: DROP}) == "3 get 🛫 2026-04-13, 1 becomes [-], in 1 note."
    assert told({one: LATER, PartKey("sub/B.md"): LATER._replace(day=TODAY + 2 * MONTH)}) == (
        "4 get 🛫 2026-04-13 to 2026-05-13, in 2 notes."
    )
    note = vault.snapshot.notes["sub/B.md"]
    assert (
        told({}, [NoteTasks(note, (), {next(note.note.tasks): TODAY})]) == "1 gets ⏳ 2026-03-14, in 1 note."
    )


def test_a_vault_without_a_cancelled_status_drops_nothing_and_says_why(files: Files) -> None:
    statuses = [{"symbol": "-", "name": "Later", "nextStatusSymbol": " ", "type": "TODO"}]
    files.turn_plugin_on({"statusSettings": {"coreStatuses": [], "customStatuses": statuses}})
    files.write("A.md", PLAN)
    vault = files.loaded()
    with pytest.raises(RefusedError, match="no status for cancelled tasks"):
        written(vault, {PartKey("A.md", ("Two",)): DROP})
    assert (files.root / "A.md").read_text() == PLAN


def test_a_note_that_has_changed_meanwhile_keeps_the_change(files: Files) -> None:
    files.write("A.md", PLAN)
    vault = files.loaded()
    transaction = written(vault, {PartKey("A.md", ("Two",)): DROP})
    files.write("A.md", "first\n" + PLAN + "- [ ] last\n")
    commit(vault, transaction)
    text = (files.root / "A.md").read_text()
    assert text.startswith("first\n")
    assert "- [-] weekly" in text
    assert text.endswith("- [ ] last\n")


# What it is about


def test_the_scope_is_a_note_with_what_it_links_to_or_a_folder(files: Files) -> None:
    files.write("A.md", "[[B]] [[archive/Old]] [[Hub]]\n- [ ] a\n")
    files.write("archive/Old.md", "- [ ] old\n")
    files.write("Hub.md", "[[A]] [[B]]\n")
    snapshot = files.loaded().snapshot

    def told(below: str) -> tuple[str, list[str]]:
        scope = TriageScope.of(snapshot, below)
        return scope.whole_title, [note.path for note in scope.notes]

    assert told("A.md") == ("A and what it links to", ["A.md", "sub/B.md"])
    assert told("sub/B.md") == ("B", ["sub/B.md"])
    assert told("Hub.md") == ("Hub", ["A.md", "sub/B.md"])
    assert told("") == ("vault", ["A.md", "sub/B.md"])
    assert told("sub") == ("sub", ["sub/B.md"])
    assert told("archive") == ("archive", ["archive/Old.md"])


def test_the_deadline_of_one_note_has_the_odds_of_that_note(files: Files) -> None:
    done = "".join(f"- [x] d ✅ {TODAY - timedelta(5 * n)}\n" for n in range(12))
    files.write(
        "A.md", f"---\ndeadline: {TODAY + 2 * MONTH}\n---\n# One\n- [ ] a\n# Two\n" + "- [ ] b\n" * 40 + done
    )
    files.write("sub/B.md", "- [ ] c\n" * 50 + done)
    vault = files.loaded()
    triage = Triage(TriageScope.of(vault.snapshot, ""), TODAY)
    found = triage.forecasts({PartKey("A.md", ("Two",)): LATER}).deadline
    assert found is not None
    assert (found.note.path, found.now, found.then) == ("A.md", 0.0, 1.0)
    rest = triage.forecasts({PartKey("A.md"): DROP})
    assert rest.deadline is not None
    assert rest.deadline.then == 1.0
    assert rest.days_sooner is not None
    assert rest.days_sooner > 0
    assert triage.forecasts({PartKey("A.md"): DROP, PartKey("sub/B.md"): DROP}).days_sooner is None


def test_what_a_part_weighs_is_how_much_sooner_all_is_done_without_it(files: Files) -> None:
    done = "".join(f"- [x] d ✅ {TODAY - timedelta(7 * n)}\n" for n in range(12))
    files.write(
        "A.md", done + "# One\n" + "- [ ] a\n" * 4 + "# Two\n" + "- [ ] b\n" * 6 + "- [ ] c 🛫 2026-09-01\n"
    )
    (files.root / "sub/B.md").unlink()
    vault = files.loaded()
    triage = Triage(TriageScope.of(vault.snapshot, ""), TODAY)
    split = triage.split_further(PartKey("A.md"), {})
    assert split is not None
    rows = triage.rows(split)
    found = {row.title: triage.weights(rows)[row.key] for row in rows}
    assert {title: (weight.days, weight.share) for title, weight in found.items()} == {
        "A": (70, 1.0),
        "One": (28, 0.4),
        "Two": (42, 0.6),
    }
    assert (triage.remaining(), triage.pace, triage.capacity) == ((10, 1), 1.0, 1)
