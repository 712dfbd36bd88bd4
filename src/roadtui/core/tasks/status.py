"""Status symbols and the statuses they stand for: their types, and which status follows which. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.tasks.field_specs import TaskFormat


class StatusType(Enum):
    """The type of a status. The names are those of the Tasks plugin (`statusSettings[].type`)."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    ON_HOLD = "ON_HOLD"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    NON_TASK = "NON_TASK"
    EMPTY = "EMPTY"

    @property
    def counts(self) -> bool:
        """Whether tasks of this type are part of a roadmap's total."""
        return self is not StatusType.CANCELLED and self is not StatusType.NON_TASK

    @property
    def is_open(self) -> bool:
        """Whether tasks of this type are still to be done."""
        return self.counts and self is not StatusType.DONE


def is_symbol(text: str) -> bool:
    """Whether `text` may be a status symbol: one visible character."""
    return len(text) == 1 and text.isprintable()


class Status(NamedTuple):
    """A status: the meaning of one status symbol."""

    symbol: str
    name: str
    next_symbol: str
    """The status symbol after a toggle."""
    type: StatusType


def unregistered(symbol: str) -> Status:
    """The status of a `symbol` that is not registered: to do, and done next (Tasks plugin)."""
    return Status(symbol, "Unknown", "x", StatusType.TODO)


CORE_STATUSES = (
    Status(" ", "Todo", "x", StatusType.TODO),
    Status("x", "Done", " ", StatusType.DONE),
)
"""Statuses that are always registered, whatever the vault's settings (Tasks plugin: core statuses)."""

PLUGIN_STATUSES = (
    *CORE_STATUSES,
    Status("/", "In Progress", "x", StatusType.IN_PROGRESS),
    Status("-", "Cancelled", " ", StatusType.CANCELLED),
)
"""The default statuses of the Tasks plugin. It does not register `X`, which therefore is to do."""

DEFAULT_STATUSES = (*PLUGIN_STATUSES, Status("X", "Done", "x", StatusType.DONE))
"""The statuses of a vault without the Tasks plugin; every Markdown program shows `[X]` as done."""


_USUAL_SYMBOLS = {
    StatusType.TODO: " ",
    StatusType.DONE: "x",
    StatusType.IN_PROGRESS: "/",
    StatusType.CANCELLED: "-",
}


_TASKS_OF_TYPE = {
    StatusType.TODO: "tasks to do",
    StatusType.IN_PROGRESS: "tasks in progress",
    StatusType.ON_HOLD: "tasks on hold",
    StatusType.DONE: "done tasks",
    StatusType.CANCELLED: "cancelled tasks",
    StatusType.NON_TASK: "lines that are not tasks",
    StatusType.EMPTY: "empty checkboxes",
}


class StatusRegistry:
    """The statuses of one vault. The first of a duplicate symbol wins, as in the Tasks plugin."""

    __slots__ = ("_by_symbol",)

    def __init__(self, statuses: Iterable[Status] = DEFAULT_STATUSES) -> None:
        self._by_symbol: dict[str, Status] = {}
        for status in (*statuses, *CORE_STATUSES):
            self._by_symbol.setdefault(status.symbol, status)

    def __iter__(self) -> Iterator[Status]:
        return iter(self._by_symbol.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StatusRegistry) and self._by_symbol == other._by_symbol

    __hash__ = None  # type: ignore[assignment]

    def get(self, symbol: str) -> Status:
        """The status of `symbol`; see `unregistered` for a symbol without one."""
        found = self._by_symbol.get(symbol)
        return found if found is not None else unregistered(symbol)

    def has(self, symbol: str) -> bool:
        """Whether `symbol` is registered."""
        return symbol in self._by_symbol

    def choices(self) -> list[Status]:
        """The statuses to choose from, in the vault's order.

        A status that differs from an earlier one only in the case of its symbol (`X`, `x`) is left out.
        """
        return [
            status
            for status in self
            if status.type is not StatusType.EMPTY and self._first_alike(status) is status
        ]

    def choice_of(self, symbol: str) -> Status:
        """The status among `choices` that `symbol` stands for; an unregistered symbol stands for itself."""
        return self._first_alike(self.get(symbol))

    def following(self, symbol: str) -> str:
        """The symbol of the choice after that of `symbol`; the first one where `symbol` is unknown."""
        symbols = [status.symbol for status in self.choices()]
        current = self.choice_of(symbol).symbol
        return symbols[(symbols.index(current) + 1) % len(symbols)] if current in symbols else symbols[0]

    def _first_alike(self, status: Status) -> Status:
        key = (status.symbol.casefold(), status.name, status.type)
        alike = (one for one in self if (one.symbol.casefold(), one.name, one.type) == key)
        return next(alike, status)

    def symbol_for(self, type: StatusType) -> str | None:
        """The symbol that gives a task the type `type`; None where no status of the vault has that type.

        The usual symbol (`x` for done, `-` for cancelled …) if it has that type in this vault, else the first
        in the vault's order.
        """
        symbols = [status.symbol for status in self if status.type is type]
        usual = _USUAL_SYMBOLS.get(type)
        return usual if usual in symbols else next(iter(symbols), None)

    def needed_symbol(self, type: StatusType) -> str:
        """As `symbol_for`, for an edit that needs a symbol.

        Raises:
            RefusedError: no status of the vault has that type.
        """
        symbol = self.symbol_for(type)
        if symbol is None:
            raise RefusedError(
                f"This vault has no status for {_TASKS_OF_TYPE[type]}. "
                "Choose one that it has: with s on the screen, with --status as a command."
            )
        return symbol

    def type_of(self, symbol: str) -> StatusType:
        """The type of the status of `symbol`."""
        found = self._by_symbol.get(symbol)
        return found.type if found is not None else StatusType.TODO


class TaskSettings(NamedTuple):
    """How a vault writes its tasks. The defaults are those of the Tasks plugin (its `data.json`)."""

    set_done_date: bool = True
    set_cancelled_date: bool = True
    set_created_date: bool = False
    recurrence_on_next_line: bool = False
    remove_scheduled_date_on_recurrence: bool = False
    global_filter: str = ""
    """Text that makes a line a task for the plugin; in lines without it only the status symbol changes."""
    task_format: TaskFormat = TaskFormat.EMOJI
    statuses: StatusRegistry = StatusRegistry(PLUGIN_STATUSES)
