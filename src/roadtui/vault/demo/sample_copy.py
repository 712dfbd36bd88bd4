"""The vault of `roadtui demo`: a copy of the sample vault that looks as if its owner had worked until today.

It has its own git repository with a commit for each day of work, so that earlier days can be looked at.

Reads the shipped sample and writes a folder that was not there before. Never touches a vault of the user's.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from roadtui.core.errors import RoadtuiError
from roadtui.core.tasks.field_specs import DATE_KINDS, FieldKind, start_pattern
from roadtui.vault.demo.repository import make_repository
from roadtui.vault.reader import decode, encode


class DemoError(RoadtuiError):
    """The demo vault could not be created."""


def make_demo(source: Path, target: Path, today: date) -> Path:
    """Copy the vault `source` to `target`, every date moved so that the newest done date is `today`.

    All dates of tasks (created, start, scheduled, due, done, cancelled; emoji and Dataview forms) and each
    `deadline` in the frontmatter move by the same number of days; every other byte stays. Without a done date
    nothing moves. `target` is created completely or not at all. Returns `target`.

    Raises:
        DemoError: `target` exists and is not an empty folder, or a file could not be read or written.
    """
    if target.exists() and not (target.is_dir() and next(target.iterdir(), None) is None):
        raise DemoError(f"{target} is not empty, and a demo never overwrites anything. Choose a new folder.")
    try:
        _build(source, target, today)
    except OSError as error:
        reason = error.strerror or error
        raise DemoError(f"No demo in {target}: {reason}. Choose a folder that you can write to.") from error
    return target


def _build(source: Path, target: Path, today: date) -> None:
    files = {path.relative_to(source): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    notes = {path: decode(data) for path, data in files.items() if path.suffix == ".md"}
    days = _days_to(today, notes.values())
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".roadtui-demo-", dir=target.parent))
    try:
        shifted = {path: _shift_dates(note, days) for path, note in notes.items()}
        for path, data in files.items():
            copy = building / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(encode(shifted[path]) if path in shifted else data)
        others = {path: data for path, data in files.items() if path not in shifted}
        make_repository(building, others, shifted, today)
        if target.exists():
            target.rmdir()
        building.rename(target)
    except OSError:
        shutil.rmtree(building, ignore_errors=True)
        raise


_TASK = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)]) +\[.\] .*", re.MULTILINE)
_ISO = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_DONE = re.compile(start_pattern(FieldKind.DONE) + _ISO)
_FIELD = re.compile(start_pattern(*DATE_KINDS) + _ISO)
_DEADLINE = re.compile(rf"\A---\r?\n(?:(?!---).*\n)*?deadline: *[\"']?{_ISO}")


def _days_to(today: date, notes: Iterable[str]) -> int:
    """The number of days from the newest done date to `today`; 0 without done dates."""
    days = [
        date.fromisoformat(found["date"])
        for note in notes
        for task in _TASK.finditer(note)
        for found in _DONE.finditer(task.group())
        if _is_day(found["date"])
    ]
    return (today - max(days)).days if days else 0


def _shift_dates(note: str, days: int) -> str:
    def move(match: re.Match[str]) -> str:
        try:
            day = date.fromisoformat(match["date"]) + timedelta(days)
        except (ValueError, OverflowError):  # no such day, before or after
            return match.group()
        return match.group().removesuffix(match["date"]) + day.isoformat()

    shifted = _TASK.sub(lambda task: _FIELD.sub(move, task.group()), note)
    return _DEADLINE.sub(move, shifted)


def _is_day(iso: str) -> bool:
    try:
        date.fromisoformat(iso)
    except ValueError:
        return False
    return True
