"""An examination in words, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from roadtui.core.display import safe
from roadtui.doctor.examination import Examination
from roadtui.doctor.finding import Kind
from roadtui.doctor.mend import Mended


def write_text(examination: Examination, mended: Sequence[Mended], out: TextIO) -> None:
    """Write one line for each finding, `path:line  sentence`, then how notes are written here."""
    for each in mended:
        said = each.refusal or f"changed: line {', '.join(map(str, each.lines))}"
        out.write(safe(f"{each.path}  {said}") + "\n")
    for finding in examination.findings:
        out.write(safe(f"{finding.place}  {finding.sentence}") + "\n")
    for report in examination.writing:
        if report.promise is not None:
            out.write(safe(f"Notes are written by {report.strategy}: {report.promise.value}.") + "\n")
            for name, reason in report.declined:
                out.write(safe(f"  not by {name}: {reason}") + "\n")
    out.write(_summary(examination) + "\n")


def _summary(examination: Examination) -> str:
    count = len(examination.findings)
    if not count:
        return "Nothing is wrong."
    garbled = sum(finding.kind is Kind.GARBLED for finding in examination.findings)
    words = "1 finding" if count == 1 else f"{count} findings"
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
