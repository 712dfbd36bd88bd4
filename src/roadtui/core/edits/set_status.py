"""Another status for tasks, with the dates, the recurrence and the roll-up that follow from it."""

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
    """Give tasks other statuses, with the dates and the recurrence that their vault's settings ask for."""

    seen: tuple[str, ...]
    """The mark of each task that the user saw."""
    wanted: tuple[str, ...]
    """The mark that each is to have."""
    today: date
    settings: TaskSettings | None
    """How dates and recurrence are written; None changes the mark alone, one character."""
    statuses: StatusRegistry
    with_children: bool = False
    """Whether all below goes along: what is open is done, or what is done is open again."""
    roll_up: RollUp = RollUp.NEVER

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        marks: dict[int, str] = {}
        tasks = place.tasks
        for task, seen, wanted in zip(tasks, self.seen, self.wanted, strict=True):
            if task.status_symbol != wanted:
                if task.status_symbol != seen:
                    raise RefusedError(
                        f"Not changed: this task is [{escape_terminal(task.status_symbol)}] now; "
                        f"it was [{escape_terminal(seen)}] when you pressed."
                    )
                marks[task.index] = wanted
        if self.with_children:
            for task, wanted in zip(tasks, self.wanted, strict=True):
                marks.update(self._below(place.note, task, wanted))
        if self.roll_up is not RollUp.NEVER:
            self._roll_up(place.note, marks)
        replacements: list[Replacement] = []
        for task in place.note.tasks:
            if task.index in marks:
                replacements += self._lines(task, marks[task.index], place)
        return replacements

    def _below(self, note: Note, task: Task, wanted: str) -> Iterator[tuple[int, str]]:
        is_done = self.statuses.type_of(wanted) is StatusType.DONE
        mark = wanted if is_done else self.statuses.symbol_for(StatusType.TODO) or wanted
        for other in note.tasks:
            if task not in other.ancestors:
                continue
            kind = self.statuses.type_of(other.status_symbol)
            if kind.is_open if is_done else kind is StatusType.DONE:
                yield other.index, mark

    def _roll_up(self, note: Note, marks: dict[int, str]) -> None:
        """Add to `marks` what follows from them for the tasks around."""
        children: dict[int, list[Task]] = {}
        for task in note.tasks:
            above = task.parent_task
            if above is not None:
                children.setdefault(above.index, []).append(task)
        around = {
            parent.index: parent
            for index in marks
            for parent in note.items[index].ancestors
            if isinstance(parent, Task)
        }
        for index, parent in sorted(around.items(), reverse=True):
            if index not in marks:
                below = (marks.get(child.index, child.status_symbol) for child in children[index])
                mark = self._mark_above([self.statuses.type_of(mark) for mark in below], parent)
                if mark is not None:
                    marks[index] = mark

    def _mark_above(self, below: Sequence[StatusType], parent: Task) -> str | None:
        """The mark that `parent` gets because of what stands below it; None for its own."""
        counting = [kind for kind in below if kind.counts]
        kind = self.statuses.type_of(parent.status_symbol)
        if not counting:
            return None
        if all(one is StatusType.DONE for one in counting):
            return self.statuses.symbol_for(StatusType.DONE) if kind.is_open else None
        is_undone = self.roll_up is RollUp.BOTH and kind is StatusType.DONE
        return self.statuses.symbol_for(StatusType.TODO) if is_undone else None

    def _lines(self, task: Task, mark: str, place: EditTarget) -> Iterator[Replacement]:
        """The replacement for a task's line, plus the line of its next occurrence if it recurs."""
        if self.settings is None:
            yield Replacement.of_task(task, replace_symbol(task.source, task.symbol_index, mark))
            return
        texts = set_status(task.source, mark, self.today, self.settings, symbol_index=task.symbol_index)
        if not texts:
            if _holds_more_than_its_line(task, place):
                sign = FIELD_SPECS[FieldKind.ON_COMPLETION].emoji
                raise RefusedError(
                    f"Not changed: when it is done this task is deleted ({sign} delete), and what is "
                    f"nested in it would be left alone. Move that first, or take {sign} away."
                )
            yield Replacement(task.line, 1, nest=ExpectedNesting(None))
        elif len(texts) == 1:
            yield Replacement.of_task(task, texts[0])
        elif self.settings.recurrence_on_next_line:
            done, following = texts
            yield Replacement.of_task(task, done)
            yield Replacement(
                item_end(place.lines, task),
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


def _holds_more_than_its_line(task: Task, place: EditTarget) -> bool:
    """Whether anything is nested in `task`: items, or text that is set off as far as its own."""
    if any(item.parent is task for item in place.note.items):
        return True
    below = split_line_end(place.lines[task.line + 1])[0] if task.line + 1 < len(place.lines) else ""
    mine, theirs = _set_off(task.source), _set_off(below)
    return theirs != below and theirs.count(">") == mine.count(">") and len(theirs) > len(mine)


def _set_off(line: str) -> str:
    """The blanks and quote marks that `line` begins with."""
    return line[: len(line) - len(line.lstrip(" \t>"))]
