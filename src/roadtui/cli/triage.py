"""`roadtui triage`: the way out of too much, as text and from scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roadtui.cli.output import Value, day_value, json_option, write_json, write_lines
from roadtui.cli.recorded_dates import RecordedDates
from roadtui.cli.vault_argument import (
    CliContext,
    LoadedVault,
    VaultTarget,
    load_vault,
    path_argument,
    report_problems,
)
from roadtui.core.dates import add_months, day_text, read_date
from roadtui.core.errors import RefusedError
from roadtui.core.mojibake import repair
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.terminal_text import escape_terminal
from roadtui.core.triage.parts import Depth, PartRow
from roadtui.core.triage.plan import Choice, Decision, PartKey, Plan
from roadtui.session.triage import words
from roadtui.session.triage.scope import TriageScope
from roadtui.session.triage.triage import PlanForecasts, Triage, Weight

if TYPE_CHECKING:
    from roadtui.session.triage.writing import NoteDiff

_NO_SUGGESTION = "There is no step to begin with: what is open waits for something, or is planned for later."


@click.command("triage")
@path_argument
@click.option("--keep", metavar="SECTION", multiple=True, help="Leave a section or note as it is.")
@click.option("--later", metavar="SECTION[=DAY]", multiple=True, help="Put it off; without a day by a month.")
@click.option("--drop", metavar="SECTION", multiple=True, help="Cancel what is open in it.")
@click.option("--dry-run", is_flag=True, help="Show the lines that would change; write nothing.")
@json_option
@click.pass_obj
def triage_command(
    context: CliContext,
    path: Path | None,
    keep: Sequence[str],
    later: Sequence[str],
    drop: Sequence[str],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a roadmap smaller: what each section weighs, and what would be done when without it.

    It is about a note and the roadmaps it links to, a folder, or the vault. With --later and --drop it writes
    start dates and the vault's cancelled status, as one change that `roadtui undo` takes back; nothing is
    deleted. Of nested sections, the innermost choice counts.
    """
    loaded = load_vault(path, context)
    report_problems(loaded.vault)
    loaded.check_note()
    scope = TriageScope.of(loaded.snapshot, loaded.below)
    triage = Triage(scope, context.day, RecordedDates(loaded.vault).days)
    try:
        plan = _plan(triage, context, keep, later, drop)
    except RefusedError as error:
        raise click.UsageError(str(error)) from error
    split = {PartKey(note.path): Depth.SECTIONS for note in scope.notes}
    rows = [row for row in triage.rows(split) if not row.key.is_task]
    forecasts, weights = triage.forecasts(plan), triage.weights(rows)
    steps = triage.smallest_steps(triage.suggestions())
    diffs = _carry_out(loaded, context, triage, plan, dry_run=dry_run)
    if as_json:
        write_json(_value(triage, plan, forecasts, steps, rows, weights, diffs))
        return
    write_lines(_report(triage, forecasts, steps, rows, weights, plan))
    if plan:
        write_lines(_outcome(triage, forecasts, diffs, dry_run=dry_run))


# The plan


def _plan(
    triage: Triage, context: CliContext, keep: Iterable[str], later: Iterable[str], drop: Iterable[str]
) -> Plan:
    plan: dict[PartKey, Decision] = {}
    for name in keep:
        plan[_part_called(triage, name)] = Decision(Choice.KEEP)
    for name in drop:
        plan[_part_called(triage, name)] = Decision(Choice.DROP)
    for text in later:
        name, equals, typed = text.rpartition("=")
        day = read_date(typed, context.day) if equals else add_months(context.day, 1)
        if day is None or day <= context.day:
            raise RefusedError(
                f"“{escape_terminal(typed)}” is not a later day. Write 2026-12-01, +2w or next month."
            )
        plan[_part_called(triage, name if equals else text)] = Decision(Choice.LATER, day)
    return plan


def _part_called(triage: Triage, name: str) -> PartKey:
    """The note or section called `name`: `MLOps`, `Plan`, `Plan#MLOps`; raises RefusedError for any other."""
    wanted = name.strip().casefold()
    found = []
    for parts in triage.parts:
        for key in parts.by_key:
            if key.is_task:
                continue
            if key.is_note:
                names = [parts.name, parts.path]
            else:
                names = [
                    title
                    for text in (key.text[-1], repair(key.text[-1]))
                    for title in (text, f"{parts.name}#{text}")
                ]
            if wanted in map(str.casefold, names):
                found.append(key)
    if len(found) != 1:
        how_many = f"{len(found)} sections or notes are" if found else "No section or note is"
        more = " Write NOTE#SECTION." if found else ""
        raise RefusedError(f"{how_many} called “{escape_terminal(name)}” here.{more}")
    return found[0]


def _carry_out(
    loaded: LoadedVault, context: CliContext, triage: Triage, plan: Plan, *, dry_run: bool
) -> list[NoteDiff]:
    """Write what `plan` changes, unless it is a `dry_run`; the lines that change."""
    changed = triage.changed_by_note(plan)
    if not changed:
        return []
    # Not for the numbers alone: they import the writer.
    from roadtui.cli.transaction_runner import open_runner
    from roadtui.session.triage.writing import NoteTasks, changed_lines, triage_transaction

    target = VaultTarget(loaded.vault.root, loaded.target.note, loaded.target.is_lone)
    with open_runner(target, context) as runner:
        runner.vault.refresh()
        actions = runner.actions.context
        to_write = [NoteTasks(triage.notes[path], tasks) for path, tasks in changed.items()]
        transaction = triage_transaction(actions, to_write)
        if transaction is None:
            return []
        diffs = changed_lines(actions, transaction)
        if not dry_run:
            runner.run(transaction)
        return diffs


# As text


def _report(
    triage: Triage,
    forecasts: PlanForecasts,
    steps: Sequence[Suggestion],
    rows: Sequence[PartRow],
    weights: dict[PartKey, Weight],
    plan: Plan,
) -> Iterator[str]:
    yield words.how_much(triage)
    if not rows:
        return
    odds = ""
    if forecasts.deadline is not None and forecasts.deadline.now is not None:
        odds = f" {_deadline(triage, forecasts)}: {words.percent(forecasts.deadline.now)}."
    yield f"{words.when_done(triage, forecasts.now)}{odds}"
    yield ""
    if steps:
        step = steps[0]
        where = f"{words.shown(step.path)}:{step.task.line + 1}"
        yield f"One step of two minutes: {_task_text(triage, step)} ({where})"
    else:
        yield _NO_SUGGESTION
    yield ""
    weighed = [words.weight_words(weights.get(row.key)) for row in rows]
    cells = max(len("weighs"), *map(len, weighed))
    yield f"  open  {'weighs'.rjust(cells)}"
    for row, weight in zip(rows, weighed, strict=True):
        decision = plan.get(row.key)
        said = f"  — {words.decision_words(decision, triage.today)}" if decision is not None else ""
        yield f"{row.open:6,}  {weight.rjust(cells)}  {'  ' * row.depth}{escape_terminal(row.title)}{said}"


def _deadline(triage: Triage, forecasts: PlanForecasts) -> str:
    return words.deadline_words(forecasts, triage.today, names_note=len(triage.notes) > 1)


def _task_text(triage: Triage, step: Suggestion) -> str:
    from roadtui.cli.summary_text import task_text  # It brings in Rich.

    return task_text(step.task, triage.scope.snapshot.format)


def _outcome(
    triage: Triage, forecasts: PlanForecasts, diffs: Sequence[NoteDiff], *, dry_run: bool
) -> Iterator[str]:
    yield ""
    if isinstance(forecasts.then, Forecast):
        by = words.sooner(forecasts)
        yield f"with this: {day_text(forecasts.then.half, triage.today)}{f', {by}' if by else ''}"
    else:
        yield f"with this: {words.left_words(forecasts)}. {forecasts.then.sentence}"
    if forecasts.deadline is not None:
        now_odds, then_odds = (words.percent(odds) or "–" for odds in forecasts.deadline[-2:])
        yield f"{_deadline(triage, forecasts)}: {now_odds} → {then_odds}"
    if isinstance(forecasts.one_more, Forecast):
        yield f"one more a week: {day_text(forecasts.one_more.half, triage.today)}"
    for diff in diffs:
        yield ""
        yield words.shown(diff.path)
        for line in diff.lines:
            yield f"  {line.number:5} - {words.shown(line.before.strip())}"
            yield f"        + {words.shown(line.after.strip())}"
    yield ""
    count = sum(len(diff.lines) for diff in diffs)
    if dry_run:
        yield f"Would change {words.lines(count)}. Nothing is written."
    else:
        yield f"Changed {words.lines(count)}. `roadtui undo` takes it back." if count else "Nothing changed."


# As JSON


def _value(
    triage: Triage,
    plan: Plan,
    forecasts: PlanForecasts,
    steps: Sequence[Suggestion],
    rows: Sequence[PartRow],
    weights: dict[PartKey, Weight],
    diffs: Sequence[NoteDiff],
) -> dict[str, Value]:
    deadline = forecasts.deadline
    step = steps[0] if steps else None
    return {
        "name": triage.scope.title,
        "today": triage.today.isoformat(),
        "notes": [note.path for note in triage.scope.notes],
        "pace": triage.pace,
        "week_holds": triage.capacity,
        "now": _forecast_value(forecasts.now, *forecasts.left_now),
        "then": _forecast_value(forecasts.then, *forecasts.left_then),
        "one_more_a_week": _forecast_value(forecasts.one_more, *forecasts.left_then),
        "deadline": None
        if deadline is None
        else {
            "path": deadline.note.path,
            "day": day_value(deadline.day),
            "odds_now": deadline.now,
            "odds_then": deadline.then,
        },
        "step": None
        if step is None
        else {"path": step.path, "line": step.task.line + 1, "text": step.task.text},
        "parts": [_row_value(row, weights.get(row.key), plan.get(row.key)) for row in rows],
        "changes": [
            {"path": diff.path, "line": line.number, "before": line.before, "after": line.after}
            for diff in diffs
            for line in diff.lines
        ],
    }


def _forecast_value(found: Forecast | NoForecast, left: int, put_off: int) -> Value:
    is_date = isinstance(found, Forecast)
    return {
        "open": left,
        "put_off": put_off,
        "half": day_value(found.half) if isinstance(found, Forecast) else None,
        "likely": day_value(found.likely) if isinstance(found, Forecast) else None,
        "why": None if is_date else found.reason.value if isinstance(found, NoForecast) else None,
    }


def _row_value(row: PartRow, weight: Weight | None, decision: Decision | None) -> Value:
    return {
        "path": row.key.path,
        "heading": [repair(title) for title in row.key.text],
        "open": row.open,
        "weighs_days": weight.days if weight is not None else None,
        "share": round(weight.share, 4) if weight is not None else None,
        "decision": decision.choice.value if decision is not None else None,
        "later": day_value(decision.day) if decision is not None else None,
    }
