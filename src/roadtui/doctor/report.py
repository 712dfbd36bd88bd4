"""An examination in words, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from roadtui.core.display import safe
from roadtui.core.quantity import quantity
from roadtui.doctor.examination import Examination
from roadtui.doctor.finding import Kind
from roadtui.doctor.mend import Mended


def write_text(examination: Examination, mended: Sequence[Mended], out: TextIO) -> None:
    """Write one line for each finding, `path:line  sentence`, then how notes are written here."""
    for each in mended:
        said = each.refusal or f"changed {_lines(each.lines)}"
        out.write(safe(f"{each.path}  {said}") + "\n")
    for finding in examination.findings:
        out.write(safe(f"{finding.place}  {finding.sentence}") + "\n")
    for report in examination.writing:
        if report.promise is not None and report.strategy is not None:
            promise = report.promise.value[0].upper() + report.promise.value[1:]
            out.write(safe(f"Notes are written {_how(report.strategy)}. {promise}.") + "\n")
            for name, reason in report.declined:
                out.write(safe(f"  not {_how(name)}: {reason}") + "\n")
    out.write(_summary(examination) + "\n")


def _how(strategy: str) -> str:
    """`in place under a write lease`, `by exchange with a file beside it`."""
    return strategy if strategy.startswith("in place") else f"by {strategy}"


def _lines(lines: Sequence[int]) -> str:
    """`line 7`, `lines 7 and 29`, `lines 7, 9 and 29`."""
    *others, last = map(str, lines)
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"


def _summary(examination: Examination) -> str:
    count = len(examination.findings)
    if not count:
        return "Nothing is wrong."
    garbled = sum(finding.kind is Kind.GARBLED for finding in examination.findings)
    words = quantity(count, "finding")
    return f"{words}; --fix mends {garbled}." if garbled else f"{words}."


def write_json(examination: Examination, mended: Sequence[Mended], out: TextIO) -> None:
    """Write the same as one JSON document, in ASCII."""
    document = {
        "findings": [
            {
                "path": finding.path,
                "line": finding.line,
                "kind": finding.kind.value,
                "sentence": finding.sentence,
            }
            for finding in examination.findings
        ],
        "mended": [
            {"path": each.path, "lines": each.lines, "refusal": each.refusal or None} for each in mended
        ],
        "writing": [
            {
                "folder": str(report.folder),
                "strategy": report.strategy,
                "promise": report.promise.value if report.promise is not None else None,
                "declined": dict(report.declined),
            }
            for report in examination.writing
        ],
    }
    json.dump(document, out, indent=2)
    out.write("\n")
