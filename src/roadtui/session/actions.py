"""From what is on the screen to a step that can be taken: the intents that screens and commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from roadtui.core.edits.edit import Change, Edit, Transaction
from roadtui.core.edits.insert import (
    AppendToSection,
    InsertAfter,
    InsertChild,
    InsertSection,
    PasteMarkdown,
    SplitTask,
)
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import (
    Delete,
    Indent,
    InsertFromNote,
    MoveSibling,
    MoveWithinNote,
    Outdent,
    text_of,
)
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField, SetText, text_start
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import field_text, read_fields
from roadtui.core.tasks.status import Status, StatusType, TaskSettings
from roadtui.core.tasks.tags import read_tag
from roadtui.core.tasks.task_line import is_task_of_plugin
from roadtui.core.tasks.titles import short_title
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.new_note import check_path
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.vault.vault import Vault

_ID_LENGTH = 6
"""As long as those that the Tasks plugin makes."""


def next_symbol(snapshot: Snapshot, task: Task, mark: str) -> str:
    """What a toggle makes of `mark` in the box of `task`.

    A line that the Tasks plugin takes for none of its own (its global filter) toggles as plain Obsidian does.
    """
    plugin = snapshot.settings.tasks_plugin
    if plugin is not None and not is_task_of_plugin(task.source, task.symbol_index, plugin):
        return "x" if mark == " " else " "
    return snapshot.statuses.get(mark).next_symbol


@dataclass(frozen=True, slots=True)
class TaskActions:
    """Makes the steps that a person can take in one state of the vault, on one day.

    Every method takes the note as it was seen, and items of that very state. Each raises RefusedError where
    it can be told at once that nothing will come of it; most reasons are found when the step is written.
    """

    snapshot: Snapshot
    today: date
    dates: TaskSettings | None
    """How dates and recurrence are written; None where a tick changes the mark alone."""
    read_lines: Callable[[VaultNote], Sequence[str]]
    """Gives the lines of a note as it was seen, with their ends; raises RefusedError where it has changed."""
    roll_up: RollUp = RollUp.NEVER
    inbox: str = "Inbox.md"
    """Path of the note that quick capture writes into."""

    @classmethod
    def of(cls, vault: Vault, today: date) -> TaskActions:
        """What makes the steps that can be taken in `vault` as it is now."""
        config = vault.config
        return cls(vault.snapshot, today, vault.dates, vault.lines, config.roll_up, config.inbox)

    # Status

    def toggle(self, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str] = ()) -> Transaction:
        """Tick or untick. Of several, as long as one is open, all that are open are done.

        `seen`: the marks that were on the screen, where writes under way have put them ahead of the note.
        """
        marks = tuple(seen) or tuple(task.status_symbol for task in tasks)
        nexts = [next_symbol(self.snapshot, task, mark) for task, mark in zip(tasks, marks, strict=True)]
        if len(set(marks)) > 1:
            types = [self.snapshot.statuses.type_of(mark) for mark in marks]
            kept = [
                mark if any(one.is_open for one in types) and not type.is_open else following
                for mark, type, following in zip(marks, types, nexts, strict=True)
            ]
            nexts = kept
        return self._statuses(note, tasks, marks, nexts)

    def toggle_each(self, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
        """Tick or untick, each task by its own status."""
        marks = [task.status_symbol for task in tasks]
        nexts = [next_symbol(self.snapshot, task, mark) for task, mark in zip(tasks, marks, strict=True)]
        return self._statuses(note, tasks, marks, nexts)

    def toggle_all(self, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
        """Tick or untick, with all that is nested in them: what is open is done, or what is done is open."""
        marks = tuple(task.status_symbol for task in tasks)
        nexts = [next_symbol(self.snapshot, task, mark) for task, mark in zip(tasks, marks, strict=True)]
        return self._statuses(note, tasks, marks, nexts, with_children=True)

    def set_status(
        self, note: VaultNote, tasks: Sequence[Task], symbol: str, seen: Sequence[str] = ()
    ) -> Transaction:
        """Give tasks the status of `symbol`."""
        marks = tuple(seen) or tuple(task.status_symbol for task in tasks)
        return self._statuses(note, tasks, marks, [symbol] * len(tasks))

    def cycle(self, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str] = ()) -> Transaction:
        """Give tasks the status after theirs in the list of the vault's statuses."""
        marks = tuple(seen) or tuple(task.status_symbol for task in tasks)
        return self._statuses(note, tasks, marks, [self.following(mark) for mark in marks])

    def statuses(self) -> list[Status]:
        """The statuses to choose from, each once, in the vault's order."""
        return self.snapshot.statuses.choices()

    def following(self, mark: str) -> str:
        """The symbol of the status after that of `mark`, in the vault's order."""
        symbols = [status.symbol for status in self.statuses()]
        seen = self.snapshot.statuses.choice_of(mark).symbol
        return symbols[(symbols.index(seen) + 1) % len(symbols)] if seen in symbols else symbols[0]

    def _statuses(
        self,
        note: VaultNote,
        tasks: Sequence[Task],
        seen: Sequence[str],
        wanted: Sequence[str],
        *,
        with_children: bool = False,
    ) -> Transaction:
        change = SetStatus(
            tuple(seen),
            tuple(wanted),
            self.today,
            self.dates,
            self.snapshot.statuses,
            with_children=with_children,
            roll_up=self.roll_up,
        )
        verb = self._verb(wanted[0]) if len(set(wanted)) == 1 else "tick"
        title = f"{verb} {_named(tasks)}" + (" with all below" if with_children else "")
        return _step(note, title, tasks, change)

    def _verb(self, symbol: str) -> str:
        status = self.snapshot.statuses.get(symbol)
        match status.type:
            case StatusType.DONE:
                return "tick"
            case StatusType.TODO if symbol == " ":
                return "untick"
            case _:
                return f"set {status.name.lower()}"

    # Words and fields

    def retext(self, note: VaultNote, content: Anchorable, text: str) -> Transaction:
        """Give a task, a bullet or a heading other words."""
        change = SetText(description_of(content), text)
        return _step(note, f"reword {_named([content])}", [content], change)

    def split(self, note: VaultNote, task: Task, parts: Sequence[str]) -> Transaction:
        """Make several tasks of one."""
        return _step(note, f"split {_named([task])}", [task], SplitTask(task.text, tuple(parts)))

    def set_day(
        self, note: VaultNote, tasks: Sequence[Task], kind: FieldKind, day: date | None
    ) -> Transaction:
        """Give tasks another due, scheduled or start date; None takes it away."""
        what = f"{kind.value} {day}" if day is not None else f"no {kind.value} date"
        return self._field(note, tasks, kind, day, f"{what} for {_named(tasks)}")

    def set_priority(self, note: VaultNote, tasks: Sequence[Task], priority: Priority | None) -> Transaction:
        """Give tasks another priority; None takes it away."""
        what = f"{priority.name.lower()} priority" if priority is not None else "no priority"
        return self._field(note, tasks, FieldKind.PRIORITY, priority, f"{what} for {_named(tasks)}")

    def set_rule(self, note: VaultNote, tasks: Sequence[Task], rule: str | None) -> Transaction:
        """Have tasks repeat by `rule`, such as `every week`; None ends it."""
        if rule is not None:
            from roadtui.core.tasks.recurrence import read_rule  # Brings in dateutil, which few edits need.

            if read_rule(rule) is None:
                raise RefusedError(
                    f"“{escape_terminal(rule)}” is no rule to repeat by. Write for example: every 2 weeks."
                )
        what = f"repeat {rule}" if rule is not None else "repeat no more"
        return self._field(note, tasks, FieldKind.RECURRENCE, rule, f"{what}: {_named(tasks)}")

    def _field(
        self,
        note: VaultNote,
        tasks: Sequence[Task],
        kind: FieldKind,
        value: date | Priority | str | None,
        title: str,
    ) -> Transaction:
        return _step(note, title, tasks, SetField(kind, value, self._format))

    def retag(
        self, note: VaultNote, tasks: Sequence[Task], add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Transaction:
        """Add tags and take others away, with or without their `#`."""
        added, removed = tuple(map(read_tag, add)), tuple(map(read_tag, remove))
        signs = " ".join([*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])
        return _step(note, f"{signs} for {_named(tasks)}", tasks, EditTags(added, removed, self._format))

    def depend(self, note: VaultNote, task: Task, on_note: VaultNote, on_task: Task) -> Transaction:
        """Have `task` wait until `on_task` is done.

        `on_task` gets an id if it has none. One that the Tasks plugin does not read, as words follow it, is
        moved to where it does, as nothing would wait for it in Obsidian.

        Raises:
            RefusedError: both are one task, or the Tasks plugin would not see an id there.
        """
        if on_task is task:
            raise RefusedError("A task can't wait for itself.")
        self._check_can_be_waited_for(on_task)
        title = f"{_named([task])} waits for {_named([on_task])}"
        field = read_fields(on_task.text, self._format.task_format).get(FieldKind.ID)
        is_read = field is not None and field.plugin_reads
        if field is not None and (is_read or not self._is_read_elsewhere(field.raw)):
            name = field.raw
        else:
            name = self._fresh_id(on_note, on_task)
        waits = Edit(note.path, title, (note.anchor(task),), AddDependency(name, self._format))
        if is_read:
            return Transaction.of(waits)
        named = SetField(FieldKind.ID, name, self._format, for_plugin=True)
        return Transaction(title, (Edit(on_note.path, title, (on_note.anchor(on_task),), named), waits))

    def _check_can_be_waited_for(self, task: Task) -> None:
        plugin = self.snapshot.settings.tasks_plugin
        if plugin is None or is_task_of_plugin(task.source, task.symbol_index, plugin):
            return
        if plugin.global_filter not in task.text:
            missing = escape_terminal(plugin.global_filter)
            reason = f"it lacks {missing}, the filter of the Tasks plugin. Add that first."
        else:
            reason = "the Tasks plugin takes its line for no task."
        raise RefusedError(f"Not changed: nothing can wait for {_named([task])} in Obsidian: {reason}")

    def _is_read_elsewhere(self, name: str) -> bool:
        """Whether the plugin reads `name` as the id of a task of the vault."""
        tasks = (one for other in self.snapshot.notes.values() for one in other.note.tasks)
        fields = (
            read_fields(one.text, self._format.task_format).read_by_plugin(FieldKind.ID)
            for one in tasks
            if name in one.source
        )
        return any(found and found[0].raw == name for found in fields)

    def _fresh_id(self, note: VaultNote, task: Task) -> str:
        """An id that no task of the vault has; always the same for the same task."""
        sources = [one.source for other in self.snapshot.notes.values() for one in other.note.tasks]
        for attempt in count():
            seed = f"{note.path}\n{task.source}\n{attempt}".encode("utf-8", "surrogateescape")
            name = content_hash(seed).hex()[:_ID_LENGTH]
            if not any(name in source for source in sources):
                return name
        raise AssertionError("`count` does not end")

    @property
    def _format(self) -> TaskSettings:
        plugin = self.dates or self.snapshot.settings.tasks_plugin
        return plugin if plugin is not None else TaskSettings()

    # What is new

    def add_after(self, note: VaultNote, at: Anchorable, *texts: str) -> Transaction:
        """New tasks behind an item and all that is nested in it; below a heading before all others."""
        new = self._new(texts)
        change = InsertChild(new, self._unit, is_first=True) if isinstance(at, Section) else InsertAfter(new)
        return _step(note, f"add {_quoted(texts)}", [at], change)

    def add_inside(self, note: VaultNote, at: Anchorable | None, *texts: str) -> Transaction:
        """New tasks nested in an item, or below a heading, or (None) in the note, behind what is there."""
        found = [at] if at is not None else []
        return _step(note, f"add {_quoted(texts)}", found, InsertChild(self._new(texts), self._unit))

    def add_to(self, path: str, title: str | None, *texts: str) -> Transaction:
        """New tasks at the end of the note at `path`, or below its heading `title`; what is missing is made.

        Raises:
            RefusedError: that is no path of a note in the vault.
        """
        check_path(path)
        new = self._new(texts)
        change = InsertChild(new, self._unit) if title is None else AppendToSection(new, title)
        name = f"add {_quoted(texts)}"
        return Transaction(name, (Edit(path, name, (), change, creates_note=True),))

    def capture(self, *texts: str) -> Transaction:
        """New tasks at the end of the inbox note."""
        return self.add_to(self.inbox, None, *texts)

    def add_section(self, note: VaultNote, after: Section | None, title: str) -> Transaction:
        """A new section behind `after`, of its level; at the end of the note where that is None."""
        found = [after] if after is not None and after.level else []
        return _step(note, f"add section “{short_title(title)}”", found, InsertSection(title))

    def paste(self, note: VaultNote, at: Anchorable | None, text: str) -> Transaction:
        """Markdown, or plain lines, behind an item, below a heading or at the end of the note."""
        found = [at] if at is not None else []
        return _step(note, "paste", found, PasteMarkdown(text, self._unit))

    def _new(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The texts of new tasks, with what the Tasks plugin is set to add to them."""
        plugin = self.snapshot.settings.tasks_plugin
        if plugin is None:
            return tuple(texts)
        return tuple(self._with_extras(text, plugin) for text in texts)

    def _with_extras(self, text: str, plugin: TaskSettings) -> str:
        if plugin.global_filter not in text:
            text = f"{plugin.global_filter} {text}"
        if plugin.set_created_date and read_fields(text, plugin.task_format).created is None:
            created = field_text(FieldKind.CREATED, self.today.isoformat(), plugin.task_format)
            text = f"{text}{plugin.task_format.separator}{created}"
        return text

    @property
    def _unit(self) -> str:
        settings = self.snapshot.settings
        return "\t" if settings.use_tab else " " * settings.tab_size

    # What goes elsewhere

    def delete(self, note: VaultNote, contents: Sequence[Anchorable]) -> Transaction:
        """Take items and sections away, with all that is in them."""
        return _step(note, f"delete {_named(contents)}", contents, Delete())

    def move(self, note: VaultNote, items: Sequence[ListItem], step: int) -> Transaction:
        """Take items one place down (1) or up (-1)."""
        return _step(note, f"move {_named(items)} {'down' if step > 0 else 'up'}", items, MoveSibling(step))

    def indent(self, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
        """Nest items in the one before them."""
        return _step(note, f"indent {_named(items)}", items, Indent(self._unit))

    def outdent(self, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
        """Take items out of the one that they are nested in."""
        return _step(note, f"outdent {_named(items)}", items, Outdent())

    def copy(self, note: VaultNote, items: Sequence[ListItem]) -> str:
        """Items with all that is nested in them, as Markdown. Reads the note."""
        return text_of(self.read_lines(note), items)

    def refile(
        self, note: VaultNote, items: Sequence[ListItem], to: VaultNote, below: Anchorable | None
    ) -> Transaction:
        """Take items to the end of a section or into another task; None for the end of the note `to`.

        Reads the note, where that is another one.
        """
        where = _named([below]) if below is not None else f"“{short_title(to.name)}”"
        title = f"move {_named(items)} to {where}"
        if to.path == note.path:
            target = below or to.note.sections[-1]
            return _step(note, title, [*items, target], MoveWithinNote(self._unit))
        anchors = (to.anchor(below),) if below is not None else ()
        put = Edit(to.path, title, anchors, InsertFromNote(self.copy(note, items), self._unit))
        return Transaction(title, (put, *_step(note, title, items, Delete()).edits))


def description_of(content: Anchorable) -> str:
    """The text of a task, a bullet or a heading, as it is on disk and can be edited."""
    if isinstance(content, Section):
        return content.title
    return content.source[text_start(content) :].strip(" \t")


def _step(note: VaultNote, title: str, contents: Sequence[Anchorable], change: Change) -> Transaction:
    return Transaction.of(Edit(note.path, title, tuple(map(note.anchor, contents)), change))


def _named(contents: Sequence[Anchorable]) -> str:
    if len(contents) > 1:
        return f"{len(contents)} tasks"
    (content,) = contents
    if isinstance(content, Section):
        return f"“{escape_terminal(repair(content.title))}”"
    return f"“{short_title(description_of(content))}”"


def _quoted(texts: Sequence[str]) -> str:
    return f"“{short_title(texts[0])}”" if len(texts) == 1 else f"{len(texts)} tasks"
