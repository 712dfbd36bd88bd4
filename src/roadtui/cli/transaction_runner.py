"""What the commands do to tasks: the same steps as the screens', through the same vault and undo list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from roadtui.core.dates import read_date
from roadtui.core.edits.edit import Transaction
from roadtui.core.edits.patch import Hunk, map_line
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.undo_log import UndoDirection, UndoLog
from roadtui.vault.vault import Vault

NO_VALUE = "none"
"""What takes a date, a priority or a rule away."""


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One line of a note as it is now."""

    line: int
    """From 1."""
    status: str
    """The character between the brackets; empty where there is no box."""
    text: str
    """What stands there, as it is on disk."""


@dataclass(frozen=True, slots=True)
class TaskReport:
    """What came of a step."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """What was done: `tick “Distributions”`."""
    changed: bool
    """False where all was as wanted already."""
    lines: tuple[ChangedLine, ...]
    """The tasks that were meant, and what is new or different, in order."""
    removed: tuple[int, ...]
    """Where lines are no more: the line, from 1, that now stands there."""
    note_is_gone: bool = False
    """Whether the note was taken away, as it had been made for the step that was taken back."""


TaskVerb = Callable[[TaskActions, VaultNote, list[Task], str], Transaction]
"""From what a command names to a step; the last argument is the option's value."""


def only_one(tasks: Sequence[Task]) -> Task:
    """The one task of `tasks`; raises RefusedError where there are several."""
    if len(tasks) != 1:
        raise RefusedError("This is done to one task at a time; name one line.")
    return tasks[0]


def _priority(value: str) -> Priority | None:
    if value == NO_VALUE:
        return None
    try:
        return Priority[value.upper()]
    except KeyError:
        raise RefusedError(
            f"“{escape_terminal(value)}” is no priority: highest, high, medium, low, lowest or none."
        ) from None


def _day(value: str, today: date) -> date | None:
    if value == NO_VALUE:
        return None
    day = read_date(value, today)
    if day is None:
        raise RefusedError(
            f"“{escape_terminal(value)}” is no day; write 2026-12-01, tomorrow, fri, +2w or none."
        )
    return day


def _set_day(kind: FieldKind) -> TaskVerb:
    return lambda edits, note, tasks, value: edits.set_day(note, tasks, kind, _day(value, edits.today))


def _set_status(kind: StatusType) -> TaskVerb:
    def step(edits: TaskActions, note: VaultNote, tasks: list[Task], _: str) -> Transaction:
        return edits.set_status(note, tasks, edits.snapshot.statuses.needed_symbol(kind))

    return step


VERBS: Mapping[str, TaskVerb] = {
    "toggle": lambda edits, note, tasks, _: edits.toggle_each(note, tasks),
    "toggle_all": lambda edits, note, tasks, _: edits.toggle_all(note, tasks),
    "done": _set_status(StatusType.DONE),
    "todo": _set_status(StatusType.TODO),
    "cancel": _set_status(StatusType.CANCELLED),
    "status": lambda edits, note, tasks, value: edits.set_status(note, tasks, value),
    "due": _set_day(FieldKind.DUE),
    "scheduled": _set_day(FieldKind.SCHEDULED),
    "start": _set_day(FieldKind.START),
    "priority": lambda edits, note, tasks, value: edits.set_priority(note, tasks, _priority(value)),
    "repeat": lambda edits, note, tasks, value: edits.set_rule(
        note, tasks, None if value == NO_VALUE else value
    ),
    "tag": lambda edits, note, tasks, value: edits.retag(note, tasks, add=value.split()),
    "untag": lambda edits, note, tasks, value: edits.retag(note, tasks, remove=value.split()),
    "text": lambda edits, note, tasks, value: edits.retext(note, only_one(tasks), value),
    "split": lambda edits, note, tasks, value: edits.split(note, only_one(tasks), value.splitlines()),
    "add": lambda edits, note, tasks, value: edits.add_after(note, only_one(tasks), *value.splitlines()),
    "child": lambda edits, note, tasks, value: edits.add_inside(note, only_one(tasks), *value.splitlines()),
    "paste": lambda edits, note, tasks, value: edits.paste(note, only_one(tasks), value),
    "delete": lambda edits, note, tasks, _: edits.delete(note, tasks),
    "up": lambda edits, note, tasks, _: edits.move(note, tasks, -1),
    "down": lambda edits, note, tasks, _: edits.move(note, tasks, 1),
    "indent": lambda edits, note, tasks, _: edits.indent(note, tasks),
    "outdent": lambda edits, note, tasks, _: edits.outdent(note, tasks),
}
"""What `roadtui task` can do, by the name of its option."""


def tasks_on(note: VaultNote, lines: Sequence[int]) -> list[Task]:
    """The tasks on `lines` (from 1) of `note`; raises RefusedError where one is none."""
    by_line = {task.line: task for task in reversed(list(note.note.tasks))}
    missing = next((line for line in lines if line - 1 not in by_line), None)
    if missing is not None:
        raise RefusedError(f"Nothing changed: line {missing} is no task.")
    return [by_line[line - 1] for line in lines]


def section_called(note: VaultNote, title: str) -> Section:
    """The section of `note` with this title, in any case, as it is shown or as it is on disk.

    Raises:
        RefusedError: none has it, or several.
    """
    wanted = title.strip().casefold()
    found = [
        one
        for one in note.note.sections[1:]
        if wanted in (one.title.casefold(), repair(one.title).casefold())
    ]
    if len(found) != 1:
        how_many = f"{len(found)} headings are" if found else "No heading is"
        raise RefusedError(f"{how_many} called “{escape_terminal(title)}” in {note.name}.")
    return found[0]


def holds_others(note: VaultNote, tasks: Sequence[Task]) -> int:
    """How many items are nested in `tasks` that are not among them."""
    chosen: set[ListItem] = set(tasks)
    return sum(item not in chosen and not chosen.isdisjoint(item.ancestors) for item in note.note.items)


class TransactionRunner:
    """Takes steps in one vault, and takes them back."""

    def __init__(self, vault: Vault, state: Path, today: date) -> None:
        """Make the runner for `vault`; what can be undone is kept in the folder `state`."""
        self.vault = vault
        self.root = vault.root
        self._log = UndoLog(state, vault.root, keeps_in_memory=False)
        self._today = today

    def edits(self) -> TaskActions:
        """What makes steps in the vault as it is now."""
        return TaskActions.of(self.vault, self._today)

    def note(self, path: str) -> VaultNote:
        """The note at `path`, read now; raises RefusedError where there is none."""
        found = self.vault.refresh([path])
        if path not in found.notes:
            reasons = (problem.reason for problem in found.problems if problem.path == path)
            raise RefusedError(next(reasons, f"There is no note {path}."))
        return found.notes[path]

    def take(self, step: Transaction, asked: Sequence[int] = ()) -> TaskReport:
        """Write `step`.

        Args:
            step: What to do.
            asked: Lines of its last note, from 0, that the command named; the outcome has them in any case.

        Raises:
            RoadtuiError: it was refused or could not be written; nothing was changed.
        """
        done = commit(self.vault, step)
        self._log.record(step.title, done.inverses)
        return _outcome(step.title, done, asked)

    def take_back(self, stack: UndoDirection) -> TaskReport:
        """Undo the last step, or make the last undone one again.

        Raises:
            RoadtuiError: there is none, the lines have been changed since, or it could not be written; then
                it can be tried again.
        """
        step = self._log.pop(stack)
        if step is None:
            raise RefusedError(f"Nothing to {stack.value}.")
        try:
            self.vault.refresh([edit.path for edit in step.edits])
            done = commit(self.vault, step)
        except RoadtuiError as error:
            self._log.put_back_after(error)
            raise
        self._log.record(step.title, done.inverses, stack)
        return _outcome(step.title, done, ())

    def close(self) -> list[str]:
        """Leave nothing open; a sentence for each thing that is still to be told."""
        self._log.close()
        return [*self._log.drain_messages(), *self.vault.close()]


def _outcome(title: str, done: TransactionResult, asked: Sequence[int]) -> TaskReport:
    part = done.parts[-1]
    note = part.note.note
    wanted = {line for line in (map_line(part.hunks, line) for line in asked) if line is not None}
    wanted |= {line for hunk in part.hunks for line in range(hunk.new, hunk.new_end)}
    lines = []
    items = {item.line: item for item in reversed(note.items)}
    for line in sorted(wanted):
        item = items.get(line)
        if isinstance(item, Task):
            lines.append(ChangedLine(line + 1, item.status_symbol, item.text))
        elif item is not None:
            lines.append(ChangedLine(line + 1, "", item.source.strip()))
    removed = (_gap(part.hunks, line) for line in asked if map_line(part.hunks, line) is None)
    is_gone = part.path not in done.snapshot.notes
    return TaskReport(part.path, title, bool(done.inverses), tuple(lines), tuple(removed), is_gone)


def _gap(hunks: Sequence[Hunk], line: int) -> int:
    """The line, from 1, that now stands where `line` (from 0) of before was."""
    hunk = next(hunk for hunk in hunks if hunk.old <= line < hunk.old_end)
    above = (at for at, origin in enumerate(hunk.origins, hunk.new) if origin is not None and origin < line)
    return max(above, default=hunk.new - 1) + 2


def write_outcome(outcome: TaskReport, out: TextIO, *, as_json: bool, said: str = "") -> None:
    """Write an outcome to `out`: as JSON, or a line for each line of the note, harmless to a terminal.

    `said`: what was done with the step; its title then stands behind that in a line of its own.
    """
    if as_json:
        import json  # For scripts only.

        json.dump(asdict(outcome), out, indent=2)
        out.write("\n")
        return
    if said:
        out.write(escape_terminal(f"{said}: {outcome.title}") + "\n")
    rows = [(line.line, 1, _shown(line)) for line in outcome.lines]
    rows += [(line, 0, "removed") for line in outcome.removed]
    for line, _, text in sorted(rows):
        out.write(escape_terminal(f"{outcome.path}:{line}  {text}") + "\n")
    if outcome.note_is_gone:
        out.write(escape_terminal(f"{outcome.path}  removed, as it was made for this") + "\n")


def _shown(line: ChangedLine) -> str:
    text = repair(line.text)
    return f"[{line.status}] {text}" if line.status else text
