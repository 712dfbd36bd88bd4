"""Gives the demo vault a git repository, as if its owner had committed each day's work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from roadtui.core.dates import MONTHS, WEEKDAYS
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import FieldKind, start_pattern
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.reader import encode

_AUTHOR = b"Robin <robin@example.org>"
_BRANCH = "main"
_EVENING = time(21, 30)
_SECONDS = 20.0
"""The time limit of each git command."""
_CLOSED = re.compile(rf" ?(?:{start_pattern(FieldKind.DONE, FieldKind.CANCELLED)}[0-9-]{{10}}[\])]?)")


def make_repository(root: Path, files: Mapping[Path, bytes], notes: Mapping[Path, str], today: date) -> None:
    """Make `root` a git repository in which `notes` came to be as they are, day by day up to `today`.

    Each day on which something was written (➕), done or cancelled has a commit; the first one is on the day
    before. Does nothing where git is not installed or fails: the demo works without.

    Args:
        root: The folder of the vault, in which the files and notes are already.
        files: The other files, by their path in the vault.
        notes: The texts of the notes, by their path in the vault.
        today: The day of the last commit at most.
    """
    program = shutil.which("git")
    histories = {path: _NoteHistory(text) for path, text in notes.items()}
    days = sorted({day for history in histories.values() for day in history.days if day <= today})
    if program is None or not days:
        return
    stream = b"".join(_commits(files, histories, [days[0] - timedelta(1), *days]))
    with suppress(OSError, subprocess.SubprocessError):
        for arguments, data in (
            (("init", "--quiet"), b""),
            (("symbolic-ref", "HEAD", f"refs/heads/{_BRANCH}"), b""),
            (("fast-import", "--quiet"), stream),
            (("reset", "--quiet"), b""),
        ):
            subprocess.run(
                [program, "-C", str(root), "-c", f"core.hooksPath={os.devnull}", *arguments],
                input=data,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
                env=_environment(),
            )


def _environment() -> dict[str, str]:
    """The environment without what leads git to another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


class _DatedLine(NamedTuple):
    """A line with a task, and when it came to be what it is."""

    number: int
    before: str
    """The line as long as the task was open."""
    created: date | None
    changed: date | None
    """The day on which the task was done, cancelled or begun."""


class _NoteHistory:
    """A note, and what it was on earlier days, by the dates of its tasks."""

    def __init__(self, text: str) -> None:
        self._lines = split_lines(text)
        self._dated = [self._dated_line(task) for task in parse(text).tasks]
        self.days = {day for line in self._dated for day in (line.created, line.changed) if day is not None}

    def _dated_line(self, task: Task) -> _DatedLine:
        fields = read_fields(task.text)
        closed = fields.done or fields.day(FieldKind.CANCELLED)
        line = self._lines[task.line]
        before = f"{line[: task.symbol_index]} {line[task.symbol_index + 1 :]}"
        begun = fields.start if task.status_symbol == "/" else None
        return _DatedLine(task.line, _CLOSED.sub("", before), fields.created, closed or begun)

    def on(self, day: date) -> str:
        """The note as it was in the evening of `day`: without what was written or done later."""
        lines = [*self._lines]
        for line in self._dated:
            if line.created is not None and line.created > day:
                lines[line.number] = ""
            elif line.changed is not None and line.changed > day:
                lines[line.number] = line.before
        return "".join(lines)


def _commits(
    files: Mapping[Path, bytes], histories: Mapping[Path, _NoteHistory], days: Iterable[date]
) -> Iterator[bytes]:
    """The input of `git fast-import`: a commit a day, with the files that have changed since the last one."""
    before: dict[Path, bytes] = {}
    for day in days:
        seconds = int(datetime.combine(day, _EVENING).astimezone().timestamp())
        message = (
            f"Notes of {WEEKDAYS[day.weekday()].title()}, {day.day} {MONTHS[day.month - 1].title()}".encode()
        )
        yield b"commit refs/heads/%s\ncommitter %s %d +0000\ndata %d\n%s\n" % (
            _BRANCH.encode(), _AUTHOR, seconds, len(message), message,
        )  # fmt: skip
        states = {path: encode(history.on(day)) for path, history in histories.items()}
        for path, data in {**files, **states}.items():
            if before.get(path) != data:
                yield b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data)
                before[path] = data


def _quoted(path: Path) -> bytes:
    text = path.as_posix().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'.encode("utf-8", "surrogateescape")
