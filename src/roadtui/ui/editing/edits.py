"""What the verbs ask of the rooms below: intents in, a transaction out that the keeper takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from roadtui.core.fields import FieldKind, Priority
from roadtui.core.note import ListItem, Section, Task
from roadtui.vault.snapshot import VaultNote


class Transaction(Protocol):
    """One step that can be taken back. Nothing here looks into it."""

    @property
    def title(self) -> str:
        """What it does, for the undo list."""


class Edits(Protocol):
    """Made for one snapshot and one day. Whatever it does not do raises `RefusedError`, with a sentence."""

    def toggle(self, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str]) -> Transaction:
        """Tick or untick; `seen`: the characters that were on the screen."""

    def toggle_all(self, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
        """Tick or untick with all that is below."""

    def set_status(self, note: VaultNote, tasks: Sequence[Task], symbol: str) -> Transaction:
        """Give the status of `symbol`."""

    def cycle(self, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
        """Give each the status that follows its own."""

    def add_after(self, note: VaultNote, at: ListItem | Section, text: str) -> Transaction:
        """Add a task behind an item and what is below it, or at the start of a section."""

    def add_inside(self, note: VaultNote, at: ListItem | Section | None, text: str) -> Transaction:
        """Add a task as the last one inside an item, a section, or the note."""

    def add_section(self, note: VaultNote, after: Section | None, title: str) -> Transaction:
        """Add a heading behind a section, or at the end."""

    def retext(self, note: VaultNote, task: Task, text: str) -> Transaction:
        """Replace what stands behind the box."""

    def split(self, note: VaultNote, task: Task, parts: Sequence[str]) -> Transaction:
        """Make several tasks of one."""

    def delete(self, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
        """Delete items, with all that is below."""

    def move(self, note: VaultNote, items: Sequence[ListItem], step: int) -> Transaction:
        """Move items past their neighbour: -1 up, 1 down."""

    def indent(self, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
        """Put items inside the one above."""

    def outdent(self, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
        """Put items behind their parent."""

    def refile(
        self, note: VaultNote, items: Sequence[ListItem], to: VaultNote, below: Section | ListItem | None
    ) -> Transaction:
        """Move items into a note, below a section or an item of it."""

    def set_day(
        self, note: VaultNote, tasks: Sequence[Task], kind: FieldKind, day: date | None
    ) -> Transaction:
        """Set a date, or take it away."""

    def set_priority(self, note: VaultNote, tasks: Sequence[Task], priority: Priority | None) -> Transaction:
        """Set how much it matters, or take that away."""

    def retag(
        self, note: VaultNote, tasks: Sequence[Task], add: Sequence[str], remove: Sequence[str]
    ) -> Transaction:
        """Add tags and take tags away; each with its `#`."""

    def depend(self, note: VaultNote, task: Task, on_note: VaultNote, on_task: Task) -> Transaction:
        """Have one task wait for another."""

    def paste(self, note: VaultNote, at: ListItem | Section | None, text: str) -> Transaction:
        """Add Markdown behind an item, or at the start of a section, or at the end of the note."""

    def copy(self, note: VaultNote, items: Sequence[ListItem]) -> str:
        """Items as Markdown, with all that is below."""

    def capture(self, text: str) -> Transaction:
        """Add a task to the inbox note."""
