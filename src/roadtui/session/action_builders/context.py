"""What every builder needs of the vault, and helpers for the titles of transactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.edits.edit import Change, Edit, Transaction
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.set_text import description_of
from roadtui.core.mojibake import repair
from roadtui.core.note import Section
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.status import TaskSettings
from roadtui.core.terminal_text import escape_terminal
from roadtui.core.titles import short_title
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ActionContext:
    """One state of a vault, on one day."""

    snapshot: Snapshot
    today: date
    dates: TaskSettings | None
    """How dates and recurrence are written; None where a tick changes the status symbol alone."""
    read_lines: Callable[[VaultNote], Sequence[str]]
    """Returns the lines of a note as it was seen, with line ends; raises RefusedError if it has changed."""
    roll_up: RollUp = RollUp.NEVER
    inbox: str = "Inbox.md"
    """Path of the note that quick capture writes into."""

    @classmethod
    def of(cls, vault: Vault, today: date) -> ActionContext:
        """The context of `vault` as it is now."""
        config = vault.config
        return cls(vault.snapshot, today, vault.dates, vault.lines, config.roll_up, config.inbox)

    @property
    def format(self) -> TaskSettings:
        """How fields are written, whether or not a tick writes dates."""
        plugin = self.dates or self.snapshot.settings.tasks_plugin
        return plugin if plugin is not None else TaskSettings()

    @property
    def indent_unit(self) -> str:
        """The white space that nests an item in another, if the note has no indented items to follow."""
        settings = self.snapshot.settings
        return "\t" if settings.use_tab else " " * settings.tab_size


class Location(NamedTuple):
    """A task or heading of a note, or the note as a whole."""

    note: VaultNote
    content: Anchorable | None
    """None for the note as a whole."""


def transaction(note: VaultNote, title: str, contents: Sequence[Anchorable], change: Change) -> Transaction:
    """The transaction that makes `change` to `contents` of `note`; undo shows it as `title`."""
    return Transaction.of(Edit(note.path, title, tuple(map(note.anchor, contents)), change))


def named(contents: Sequence[Anchorable]) -> str:
    """`contents` in a title: `“Distributions”`, `3 tasks`."""
    if len(contents) > 1:
        return f"{len(contents)} tasks"
    (content,) = contents
    if isinstance(content, Section):
        return f"“{escape_terminal(repair(content.title))}”"
    return f"“{short_title(description_of(content))}”"


def quoted(texts: Sequence[str]) -> str:
    """The texts of new tasks in a title."""
    return f"“{short_title(texts[0])}”" if len(texts) == 1 else f"{len(texts)} tasks"
