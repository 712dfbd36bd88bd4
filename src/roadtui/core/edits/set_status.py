"""The change that sets the status of tasks, with the dates, next occurrence and roll-up that follow. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import override

from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.list_layout import item_end
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import Note, Task
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.field_specs import FIELD_SPECS, FieldKind
from roadtui.core.tasks.status import StatusRegistry, StatusType, TaskSettings
from roadtui.core.tasks.task_line import replace_symbol, set_status
from roadtui.core.terminal_text import escape_terminal


@dataclass(frozen=True, slots=True)
class SetStatus(Change):
    """Set the status of tasks, with the dates and the recurrence of the vault's settings."""

    seen: tuple[str, ...]
    """The status symbol of each task as the user saw it."""
    symbols: tuple[str, ...]
    """The new status symbol of each task."""
    today: date
    settings: TaskSettings | None
    """How dates and recurrence are written; None changes the status symbol alone."""
    statuses: StatusRegistry
    with_children: bool = False
    """Whether nested tasks follow: open ones become done, or done ones become open again."""
    roll_up: RollUp = RollUp.NEVER

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        new_symbols: dict[int, str] = {}
        tasks = target.tasks
        for task, seen, symbol in zip(tasks, self.seen, self.symbols, strict=True):
            if task.status_symbol != symbol:
                if task.status_symbol != seen:
                    raise RefusedError(
                        f"Not changed: this task is [{escape_terminal(task.status_symbol)}] now; "
                        f"it was [{escape_terminal(seen)}] when you pressed the key."
                    )
                new_symbols[task.index] = symbol
        if self.with_children:
            for task, symbol in zip(tasks, self.symbols, strict=True):
                new_symbols.update(self._symbols_below(target.note, task, symbol))
        if self.roll_up is not RollUp.NEVER:
            self._roll_up(target.note, new_symbols)
        replacements: list[Replacement] = []
        for task in target.note.tasks:
            if task.index in new_symbols:
                replacements += self._replacements_of(task, new_symbols[task.index], target)
        return replacements

    def _symbols_below(self, note: Note, task: Task, symbol: str) -> Iterator[tuple[int, str]]:
        is_done = self.statuses.type_of(symbol) is StatusType.DONE
        symbol_below = symbol if is_done else self.statuses.symbol_for(StatusType.TODO) or symbol
        for other in note.tasks:
            if task not in other.ancestors:
                continue
            kind = self.statuses.type_of(other.status_symbol)
            if kind.is_open if is_done else kind is StatusType.DONE:
                yield other.index, symbol_below

    def _roll_up(self, note: Note, symbols: dict[int, str]) -> None:
        """Add to `symbols`, by `Task.index`, the symbols of the parents that change with their children."""
        children: dict[int, list[Task]] = {}
        for task in note.tasks:
            above = task.parent_task
            if above is not None:
                children.setdefault(above.index, []).append(task)
        around = {
            parent.index: parent
            for index in symbols
            for parent in note.items[index].ancestors
            if isinstance(parent, Task)
        }
        for index, parent in sorted(around.items(), reverse=True):
            if index not in symbols:
                below = (symbols.get(child.index, child.status_symbol) for child in children[index])
                symbol = self._symbol_above([self.statuses.type_of(symbol) for symbol in below], parent)
                if symbol is not None:
                    symbols[index] = symbol

    def _symbol_above(self, below: Sequence[StatusType], parent: Task) -> str | None:
        """The symbol that `parent` gets because of the statuses `below` it; None if it keeps its own."""
        counting = [kind for kind in below if kind.counts]
        kind = self.statuses.type_of(parent.status_symbol)
        if not counting:
            return None
        if all(one is StatusType.DONE for one in counting):
            return self.statuses.symbol_for(StatusType.DONE) if kind.is_open else None
        is_undone = self.roll_up is RollUp.BOTH and kind is StatusType.DONE
        return self.statuses.symbol_for(StatusType.TODO) if is_undone else None

    def _replacements_of(self, task: Task, symbol: str, target: EditTarget) -> Iterator[Replacement]:
        """The replacement for a task's line, plus the line of its next occurrence if it recurs."""
        if self.settings is None:
            yield Replacement.of_task(task, replace_symbol(task.source, task.symbol_index, symbol))
            return
        texts = set_status(task.source, symbol, self.today, self.settings, symbol_index=task.symbol_index)
        if not texts:
            if _has_nested_content(task, target):
                sign = FIELD_SPECS[FieldKind.ON_COMPLETION].emoji
                raise RefusedError(
                    f"Not changed: when it is done this task is deleted ({sign} delete), and what is "
                    f"nested in it would be left alone. Move that first, or take {sign} away."
                )
            yield Replacement(task.line, 1, nesting=ExpectedNesting(None))
        elif len(texts) == 1:
            yield Replacement.of_task(task, texts[0])
        elif self.settings.recurrence_on_next_line:
            done, following = texts
            yield Replacement.of_task(task, done)
            yield Replacement(
                item_end(target.lines, task),
                0,
                (PatchLine(following),),
                ExpectedNesting(task.parent, shape=(-1,)),
            )
        else:
            following, done = texts
            yield Replacement(
                task.line,
                1,
                (PatchLine(following), PatchLine(done, task.line)),
                ExpectedNesting(task.parent, shape=(-1,)),
            )


def _has_nested_content(task: Task, target: EditTarget) -> bool:
    """Whether `task` contains items, or text indented at least as far as its own text."""
    if any(item.parent is task for item in target.note.items):
        return True
    below = split_line_end(target.lines[task.line + 1])[0] if task.line + 1 < len(target.lines) else ""
    own, of_next = _indentation(task.source), _indentation(below)
    return of_next != below and of_next.count(">") == own.count(">") and len(of_next) > len(own)


def _indentation(line: str) -> str:
    """The blanks and quote marks at the start of `line`."""
    return line[: len(line) - len(line.lstrip(" \t>"))]
