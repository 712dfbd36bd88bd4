"""Runs transactions for commands, through the same vault and undo log as the screens; reports the results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from roadtui.cli.output import fail, report_all, write_json, write_lines
from roadtui.cli.vault_argument import CliContext, VaultTarget, make_vault
from roadtui.config import state_folder
from roadtui.core.edits.edit import Transaction
from roadtui.core.edits.patch import Hunk, map_line
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.mojibake import repair
from roadtui.core.note import Task
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.actions import TaskActions
from roadtui.vault.activity.own_lines import save_own_lines
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.root import save_folder_with_notes
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.undo_log import UndoDirection, UndoLog
from roadtui.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One line of a note as it is now."""

    line: int
    """From 1."""
    status: str
    """The status symbol; empty if the line has no checkbox."""
    text: str
    """The text after the checkbox, as it is on disk."""


@dataclass(frozen=True, slots=True)
class TaskReport:
    """The result of a transaction. The JSON of the commands has these fields, in this order."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """The title of the transaction: `tick “Distributions”`."""
    changed: bool
    """False if nothing had to be changed."""
    lines: tuple[ChangedLine, ...]
    """The tasks that the command named, and the lines that are new or changed, in order."""
    removed: tuple[int, ...]
    """For each removed line, the number (from 1) of the line that is in its place now."""
    note_is_gone: bool = False
    """Whether the note was removed, because the transaction that was undone had made it."""


class TransactionRunner:
    """Runs transactions in one vault, and undoes them."""

    def __init__(self, vault: Vault, state: Path, today: date) -> None:
        """Make the runner for `vault`; what can be undone is kept in the folder `state`."""
        self.vault = vault
        self._state = state
        self.root = vault.root
        self._log = UndoLog(state, vault.root, keeps_in_memory=False)
        self._today = today

    @property
    def actions(self) -> TaskActions:
        """Builds transactions for the vault as it is now."""
        return TaskActions.of(self.vault, self._today)

    def note(self, path: str) -> VaultNote:
        """The note at `path`, read now; raises RefusedError if it is missing or cannot be read."""
        found = self.vault.refresh([path])
        if path not in found.notes:
            reasons = (problem.reason for problem in found.problems if problem.path == path)
            raise RefusedError(next(reasons, f"There is no note {path}."))
        return found.notes[path]

    def run(self, transaction: Transaction, named: Sequence[int] = ()) -> TaskReport:
        """Write `transaction`.

        Args:
            transaction: What to write.
            named: Lines of its last note, from 0, that the command named; the report always includes them.

        Raises:
            RoadtuiError: the transaction was refused or could not be written; nothing was changed.
        """
        result = commit(self.vault, transaction)
        self._log.record(transaction.title, result.inverses)
        self._save_own_lines(result)
        return _report(transaction.title, result, named)

    def undo_or_redo(self, direction: UndoDirection) -> TaskReport:
        """Undo the last transaction, or redo the one that was undone last.

        Raises:
            RoadtuiError: there is no such transaction, its lines have been changed since, or it could not be
                written; in the last case it stays in the undo log.
        """
        transaction = self._log.pop(direction)
        if transaction is None:
            raise RefusedError(f"Nothing to {direction.value}.")
        try:
            self.vault.refresh([edit.path for edit in transaction.edits])
            result = commit(self.vault, transaction)
        except RoadtuiError as error:
            self._log.put_back_after(error)
            raise
        self._log.record(transaction.title, result.inverses, direction)
        self._save_own_lines(result)
        return _report(transaction.title, result, ())

    def _save_own_lines(self, result: TransactionResult) -> None:
        vaults = (self.vault.root, self.vault.scope)
        save_own_lines(self._state, vaults, result.parts, datetime.now().astimezone())

    def close(self) -> list[str]:
        """Close the undo log and the vault; return sentences for the user."""
        self._log.close()
        return [*self._log.drain_messages(), *self.vault.close()]


@contextmanager
def open_runner(target: VaultTarget, context: CliContext) -> Iterator[TransactionRunner]:
    """A runner for the vault of `target`. An error ends the program, with a report."""
    vault = make_vault(target, context)
    runner = TransactionRunner(vault, state_folder(), context.day)
    recovered: list[str] = []
    try:
        try:
            recovered = vault.writer.recover(state_folder())
            yield runner
            save_folder_with_notes(state_folder(), vault.root)
        finally:
            report_all([*recovered, *runner.close()])
    except RoadtuiError as error:
        fail(error)


def _report(title: str, result: TransactionResult, named: Sequence[int]) -> TaskReport:
    part = result.parts[-1]
    note = part.note.note
    shown = {line for line in (map_line(part.hunks, line) for line in named) if line is not None}
    shown |= {line for hunk in part.hunks for line in range(hunk.new, hunk.new_end)}
    lines = []
    items = {item.line: item for item in reversed(note.items)}
    for line in sorted(shown):
        item = items.get(line)
        if isinstance(item, Task):
            lines.append(ChangedLine(line + 1, item.status_symbol, item.text))
        elif item is not None:
            lines.append(ChangedLine(line + 1, "", item.source.strip()))
    removed = (_line_in_its_place(part.hunks, line) for line in named if map_line(part.hunks, line) is None)
    is_gone = part.path not in result.snapshot.notes
    return TaskReport(part.path, title, bool(result.inverses), tuple(lines), tuple(removed), is_gone)


def _line_in_its_place(hunks: Sequence[Hunk], line: int) -> int:
    """The line, from 1, that is now where `line` (from 0), which was removed, used to be."""
    hunk = next(hunk for hunk in hunks if hunk.old <= line < hunk.old_end)
    above = (at for at, origin in enumerate(hunk.origins, hunk.new) if origin is not None and origin < line)
    return max(above, default=hunk.new - 1) + 2


def write_report(report: TaskReport, *, as_json: bool, done: str = "") -> None:
    """Write `report` to stdout: as JSON, or a line for each line of the note.

    `done`: what was done with the transaction, such as `Undone`; its title then follows in a first line.
    """
    if as_json:
        write_json(asdict(report))
    else:
        write_lines(map(escape_terminal, _report_lines(report, done)))


def _report_lines(report: TaskReport, done: str) -> Iterator[str]:
    if done:
        yield f"{done}: {report.title}"
    rows = [(line.line, 1, _line_text(line)) for line in report.lines]
    rows += [(line, 0, "removed") for line in report.removed]
    for line, _, text in sorted(rows):
        yield f"{report.path}:{line}  {text}"
    if report.note_is_gone:
        yield f"{report.path}  deleted: it was created by this change"


def _line_text(line: ChangedLine) -> str:
    text = repair(line.text)
    return f"[{line.status}] {text}" if line.status else text
