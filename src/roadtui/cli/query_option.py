"""The option `--query` of `tasks`, `next` and `export`: only what a query finds (docs/query.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import click

from roadtui.cli.recorded_dates import RecordedDates
from roadtui.cli.vault_argument import CliContext, LoadedVault
from roadtui.core.note import Task
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from datetime import date

    from roadtui.core.query.query import Query
    from roadtui.core.query.syntax import QueryError
    from roadtui.vault.snapshot import Snapshot, VaultNote
    from roadtui.vault.vault import Vault

_MOST_SHOWN = 70
"""Characters of a query around the part that is wrong."""


class FoundTasks(NamedTuple):
    """The tasks that a query finds."""

    tasks: list[tuple[VaultNote, Task]]
    """With their notes; by path and line, if the query does not say how to sort."""
    is_sorted: bool
    """Whether the query says how to sort."""

    @property
    def ids(self) -> frozenset[int]:
        """The identities of the tasks, for a quick look-up."""
        return frozenset(id(task) for _, task in self.tasks)


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """A query as it was given on the command line."""

    query: Query
    today: date

    def finds(self, loaded: LoadedVault) -> FoundTasks:
        """The tasks that the query finds in the part of a vault that was loaded."""
        return self.finds_below(loaded.vault, loaded.snapshot, loaded.below)

    def finds_below(self, vault: Vault, snapshot: Snapshot, below: str) -> FoundTasks:
        """The tasks that the query finds in the notes at or below `below` (empty: all)."""
        from roadtui.session.find.search import VaultSearch  # Only with a query.

        search = VaultSearch(snapshot, self.today, RecordedDates(vault))
        notes = snapshot.below(below)
        if self.query.needs_history:
            search.load_dates(notes)
        asked = (note for note in notes if search.may_find(self.query, note))
        tasks = (item for note in asked for item in search.items(note) if item.task is not None)
        found = [
            (snapshot.notes[item.note.path], item.task)
            for item in self.query.listed(tasks, search.context)
            if item.task is not None
        ]
        return FoundTasks(found, bool(self.query.sorting))


def _read(context: click.Context, parameter: click.Parameter, text: str | None) -> QueryFilter | None:
    if text is None:
        return None
    from roadtui.core.query.query import read_query  # Only with a query.
    from roadtui.core.query.syntax import QueryError

    cli_context = context.find_object(CliContext)
    assert cli_context is not None, "set by the group"
    try:
        return QueryFilter(read_query(text, cli_context.day), cli_context.day)
    except QueryError as error:
        raise click.UsageError(_pointed_out(text, error)) from None


def _pointed_out(text: str, error: QueryError) -> str:
    """The message of `error`, the query, and a line of `^` below what is wrong in it."""
    first = max(0, error.start - _MOST_SHOWN // 2)
    shown = escape_terminal(text[first : first + _MOST_SHOWN])
    marks = max(1, min(error.end - first, len(shown)) - (error.start - first))
    return f"{error}\n\n    {shown}\n    {' ' * (error.start - first)}{'^' * marks}"


query_option = click.option(
    "--query",
    metavar="QUERY",
    callback=_read,
    help="Only what this finds: 'is:open due:<fri #ml'. See docs/query.md.",
)
