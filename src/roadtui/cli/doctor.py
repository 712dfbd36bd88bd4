"""`roadtui doctor`: findings as lines or as JSON. The checks are in `roadtui.doctor`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roadtui.cli.output import REFUSED, Value, fail, json_option, report_all, write_json, write_lines
from roadtui.cli.vault_argument import CliContext, load_vault, path_argument
from roadtui.config import state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import escape_terminal
from roadtui.doctor.finding import FindingKind

if TYPE_CHECKING:
    from roadtui.doctor.checks import DoctorReport
    from roadtui.doctor.repair import RepairResult


@click.command("doctor")
@path_argument
@click.option("--fix", "action", flag_value="fix", default="look", help="Repair garbled text in the notes.")
@click.option("--undo", "action", flag_value="undo", help="Undo the last --fix of this vault.")
@json_option
@click.pass_obj
def doctor_command(context: CliContext, path: Path | None, action: str, as_json: bool) -> None:
    """Find what is wrong in a vault, a folder or a note: garbled text, dead links, bad dates and more.

    Changes nothing without --fix. Exits with status 1 if there are findings.
    """
    from roadtui.doctor.run import DoctorAction, run_doctor  # Not for --help: imports the writer.

    loaded = load_vault(path, context)
    try:
        run = run_doctor(
            loaded.vault,
            loaded.below,
            is_lone=loaded.target.is_lone,
            action=DoctorAction(action),
            state_folder=state_folder(),
            limit=context.config.max_note_bytes,
        )
    except RoadtuiError as error:
        fail(error)
    if as_json:
        write_json(doctor_value(run.report, run.repairs))
    else:
        write_lines(doctor_lines(run.report, run.repairs))
    report_all(run.messages)
    sys.exit(0 if run.has_no_problems else REFUSED)


def doctor_lines(report: DoctorReport, repairs: Sequence[RepairResult]) -> Iterator[str]:
    """One line for each finding, `path:line  sentence`, then how notes are written here."""
    for repair in repairs:
        outcome = repair.refusal or f"changed {lines_text(repair.lines)}"
        yield escape_terminal(f"{repair.path}  {outcome}")
    for finding in report.findings:
        yield escape_terminal(f"{finding.location}  {finding.sentence}")
    for folder in report.writing:
        if folder.promise is not None and folder.strategy is not None:
            promise = folder.promise.value[0].upper() + folder.promise.value[1:]
            yield escape_terminal(f"Notes are written {_strategy_text(folder.strategy)}. {promise}.")
            for name, reason in folder.declined:
                yield escape_terminal(f"  not {_strategy_text(name)}: {reason}")
    yield _summary(report)


def _strategy_text(strategy: str) -> str:
    """`in place under a write lease`, `by exchange with a file beside it`."""
    return strategy if strategy.startswith("in place") else f"by {strategy}"


def lines_text(lines: Sequence[int]) -> str:
    """`line 7`, `lines 7 and 29`, `lines 7, 9 and 29`."""
    *others, last = map(str, lines)
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"


def _summary(report: DoctorReport) -> str:
    count = len(report.findings)
    if not count:
        return "Nothing is wrong."
    garbled = sum(finding.kind is FindingKind.GARBLED for finding in report.findings)
    words = quantity(count, "finding")
    return f"{words}; --fix repairs {garbled}." if garbled else f"{words}."


def doctor_value(report: DoctorReport, repairs: Sequence[RepairResult]) -> Value:
    """The findings and repairs as JSON data."""
    return {
        "findings": [
            {
                "path": finding.path,
                "line": finding.line,
                "kind": finding.kind.value,
                "sentence": finding.sentence,
            }
            for finding in report.findings
        ],
        "mended": [
            {"path": repair.path, "lines": repair.lines, "refusal": repair.refusal or None}
            for repair in repairs
        ],
        "writing": [
            {
                "folder": str(folder.folder),
                "strategy": folder.strategy,
                "promise": folder.promise.value if folder.promise is not None else None,
                "declined": dict(folder.declined),
            }
            for folder in report.writing
        ],
    }
