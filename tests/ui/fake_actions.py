"""Stands in for the actions: records what it is asked for, and makes simple edits itself.

For tests of what the user touches. What edits do to a note is tested where they are made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from roadtui.core.edits.set_text import description_of
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.session.action_builders.context import Location
from roadtui.session.actions import ACTIONS_BY_ID
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.commands.structure import below_of
from roadtui.vault.snapshot import Snapshot, VaultNote

_METHODS = {
    "status": "set_status",
    "add": "add_after",
    "child": "add_inside",
    "section": "add_section",
    "text": "retext",
    "move_to": "refile",
    "wait_for": "depend",
    "priority": "set_priority",
    "repeat": "set_rule",
    "tag": "retag",
}
"""How this double calls what an action does, where that is not the action's id."""

Lines = list[str]
Item = Section | ListItem


class Step(NamedTuple):
    """What was asked for, in words, and what it makes of the lines of a note; gives where."""

    title: str
    path: str
    make: Callable[[Lines], int]
    edits: tuple[()] = ()
    """As a transaction has them: from a step nothing is shown before it is written."""


class Written(NamedTuple):
    """Where a step was written."""

    snapshot: Snapshot
    path: str
    line: int


class FakeActions:
    """Makes steps, and stands in for the queue that writes them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses: str | None = None
        """What the next step is refused with when it is made."""
        self.fails = False
        """Whether steps are refused when they are written."""
        self.gate = asyncio.Event()
        self.gate.set()
        self._app: RoadtuiApp | None = None
        self._tasks: set[asyncio.Task[Written]] = set()

    def __call__(self) -> Any:
        return self

    def build(self, id: str, note: Any, contents: Sequence[Any], *arguments: Any) -> Any:
        """The step of the action `id` of the table."""
        action = ACTIONS_BY_ID[id]
        if action.field is not None and action.field.is_date:
            return self.set_day(note, contents, action.field, *arguments)
        return getattr(self, _METHODS.get(id, id))(note, contents, *arguments)

    def attach(self, app: RoadtuiApp) -> None:
        """Take what `app` submits."""
        self._app = app
        app.session.edits.submit = self._submit  # type: ignore[method-assign,assignment]

    def _submit(self, step: Any) -> asyncio.Task[Written]:
        task = asyncio.get_running_loop().create_task(self._write(step))
        self._tasks.add(task)
        return task

    async def _write(self, step: Step) -> Written:
        await self.gate.wait()
        app = self._app
        assert app is not None
        if self.fails:
            raise RefusedError("Not changed: on purpose.")
        path = app.vault.root / step.path
        lines = path.read_text().splitlines()
        line = step.make(lines)
        path.write_text("".join(f"{line}\n" for line in lines))
        await app.session.refresh([step.path])
        app.dashboard.task_tree.symbols.clear_pending(step)
        return Written(app.vault.snapshot, step.path, line)

    def _step(self, words: str, note: VaultNote, make: Callable[[Lines], int] = lambda _: 0) -> Any:
        if self.refuses is not None:
            sentence, self.refuses = self.refuses, None
            raise RefusedError(sentence)
        self.asked.append(words)
        return Step(words, note.path, make)

    def _insert(self, words: str, note: VaultNote, at: int, *texts: str) -> Any:
        def make(lines: Lines) -> int:
            lines[at:at] = texts
            return at

        return self._step(words, note, make)

    def _mark(self, words: str, note: VaultNote, tasks: Sequence[Task], mark: Callable[[Task], str]) -> Any:
        def make(lines: Lines) -> int:
            for task in tasks:
                before = lines[task.line]
                lines[task.line] = (
                    f"{before[: task.symbol_index]}{mark(task)}{before[task.symbol_index + 1 :]}"
                )
            return tasks[0].line

        return self._step(f"{words} {_names(tasks)}", note, make)

    def tick(self, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str] = ()) -> Any:
        return self._mark("toggle", note, tasks, lambda task: " " if task.status_symbol == "x" else "x")

    def toggle_all(self, note: VaultNote, tasks: Sequence[Task]) -> Any:
        return self._mark("toggle all", note, tasks, lambda task: " " if task.status_symbol == "x" else "x")

    def set_status(self, note: VaultNote, tasks: Sequence[Task], symbol: str, _seen: Sequence[str]) -> Any:
        return self._mark(f"set [{symbol}]", note, tasks, lambda task: symbol)

    def cycle(self, note: VaultNote, tasks: Sequence[Task], _seen: Sequence[str]) -> Any:
        return self._mark("cycle", note, tasks, lambda task: "x")

    def add_after(self, note: VaultNote, contents: Sequence[Item], texts: Sequence[str]) -> Any:
        (at,), (text,) = contents, texts
        if not isinstance(at, ListItem):
            return self._insert(f"add {text} first in {at.title}", note, at.line + 1, f"- [ ] {text}")
        line = max([at.line, *(item.line for item in below_of(note.note, at))]) + 1
        return self._insert(f"add {text} after {_name(at)}", note, line, f"{_lead(at)}- [ ] {text}")

    def add_inside(self, note: VaultNote, contents: Sequence[Item], texts: Sequence[str]) -> Any:
        at, (text,) = next(iter(contents), None), texts
        if isinstance(at, ListItem):
            line = max([at.line, *(item.line for item in below_of(note.note, at))]) + 1
            return self._insert(f"add {text} in {_name(at)}", note, line, f"{_lead(at)}  - [ ] {text}")
        section = at or note.note.sections[0]
        return self._insert(f"add {text} last in {section.title}", note, section.line + 1, f"- [ ] {text}")

    def add_section(self, note: VaultNote, sections: Sequence[Section], title: str) -> Any:
        after = next(iter(sections), None)
        return self._insert(
            f"section {title} after {after.title if after else None}",
            note,
            note.note.line_count,
            "",
            f"# {title}",
        )

    def retext(self, note: VaultNote, contents: Sequence[Item], text: str) -> Any:
        (content,) = contents

        def make(lines: Lines) -> int:
            lines[content.line] = lines[content.line].replace(description_of(content), text)
            return content.line

        return self._step(f"retext {_name(content)}: {text}", note, make)

    def split(self, note: VaultNote, tasks: Sequence[Task], parts: Sequence[str]) -> Any:
        (task,) = tasks

        def make(lines: Lines) -> int:
            lines[task.line : task.line + 1] = [f"{_lead(task)}- [ ] {part}" for part in parts]
            return task.line

        return self._step(f"split {_name(task)}: {' / '.join(parts)}", note, make)

    def delete(self, note: VaultNote, contents: Sequence[Item]) -> Any:
        items = [content for content in contents if isinstance(content, ListItem)]

        def make(lines: Lines) -> int:
            gone = {inner.line for item in items for inner in (item, *below_of(note.note, item))}
            lines[:] = [line for at, line in enumerate(lines) if at not in gone]
            return min(gone)

        return self._step(f"delete {_names(contents)}", note, make)

    def up(self, note: VaultNote, items: Sequence[ListItem], past: int = 1) -> Any:
        return self._move(note, items, -past)

    def down(self, note: VaultNote, items: Sequence[ListItem], past: int = 1) -> Any:
        return self._move(note, items, past)

    def _move(self, note: VaultNote, items: Sequence[ListItem], step: int) -> Any:
        def make(lines: Lines) -> int:
            at = items[0].line
            lines[at], lines[at + step] = lines[at + step], lines[at]
            return at + step

        return self._step(f"move {_names(items)} {step:+}", note, make)

    def indent(self, note: VaultNote, items: Sequence[ListItem]) -> Any:
        return self._step(f"indent {_names(items)}", note)

    def outdent(self, note: VaultNote, items: Sequence[ListItem]) -> Any:
        return self._step(f"outdent {_names(items)}", note)

    def refile(self, note: VaultNote, items: Sequence[ListItem], location: Location) -> Any:
        to, below = location
        return self._step(f"refile {_names(items)} to {to.path} {_name(below)}".rstrip(), note)

    def set_day(self, note: VaultNote, tasks: Sequence[Task], kind: FieldKind, day: date | None) -> Any:
        return self._step(f"{kind.value} {_names(tasks)} {day}", note)

    def set_rule(self, note: VaultNote, tasks: Sequence[Task], rule: str | None) -> Any:
        return self._step(f"repeat {_names(tasks)} {rule}", note)

    def set_priority(self, note: VaultNote, tasks: Sequence[Task], priority: Priority | None) -> Any:
        return self._step(f"priority {_names(tasks)} {priority.name if priority else None}", note)

    def retag(self, note: VaultNote, tasks: Sequence[Task], add: Sequence[str], remove: Sequence[str]) -> Any:
        return self._step(f"retag {_names(tasks)} +{' '.join(add)} -{' '.join(remove)}", note)

    def depend(self, note: VaultNote, tasks: Sequence[Task], location: Location) -> Any:
        (task,), (on_note, on_task) = tasks, location
        return self._step(f"depend {_name(task)} on {on_note.path} {_name(on_task)}", note)

    def paste(self, note: VaultNote, contents: Sequence[Item], text: str) -> Any:
        at = next(iter(contents), None)
        line = note.note.line_count if at is None else at.line + 1
        return self._insert(f"paste {text!r}", note, line, *text.splitlines())

    def copied_text(self, note: VaultNote, items: Sequence[ListItem]) -> str:
        self.asked.append(f"copy {_names(items)}")
        return "".join(f"{item.source.strip()}\n" for item in items)

    def capture(self, _note: None, _contents: Sequence[Item], texts: Sequence[str]) -> Any:
        assert self._app is not None
        (text,) = texts
        note = next(iter(self._app.vault.snapshot.notes.values()))
        return self._insert(f"capture {text}", note, note.note.line_count, f"- [ ] {text}")


def _lead(item: ListItem) -> str:
    return item.source[: len(item.source) - len(item.source.lstrip())]


def _name(item: Item | None) -> str:
    if item is None:
        return ""
    if isinstance(item, Section):
        return item.title
    return item.text if isinstance(item, Task) else item.source.strip()


def _names(items: Sequence[Item]) -> str:
    return " + ".join(_name(item) for item in items)
