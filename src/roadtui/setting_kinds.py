"""What kinds of values the settings have: how each is read from a file, typed, stepped through and shown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from typing_extensions import override

from roadtui.core.tasks.status import Status, StatusType, is_symbol


class SettingError(ValueError):
    """A value means nothing here; the text goes on after the name of the setting: `must be true or false`."""


class SettingKind(ABC):
    """One kind of values."""

    is_typed = True
    """Whether a value can be typed as one line."""
    is_own = True
    """Whether the program's own file can hold one; else the config alone."""
    rule = ""
    """What can be typed, for whoever types it."""

    @abstractmethod
    def read(self, value: object) -> Any:
        """A value of a TOML file, as the `Config` holds it; raises SettingError."""

    def written(self, value: Any) -> Any:
        """A value of the `Config`, as a TOML file holds it."""
        return value

    def parse(self, text: str) -> Any:
        """What was typed, as a TOML file holds it; raises SettingError where `read` would."""
        self.read(text)
        return text

    def stepped(self, value: Any, step: int) -> Any:
        """The value of a TOML file that is `step` further on; the same where there are no steps."""
        return value

    def shown(self, value: Any) -> str:
        """A value of a TOML file, in words; what can be typed, where it can be."""
        return str(value)


def _checked(value: object, kind: type, words: str) -> Any:
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise SettingError(f"must be {words}, not {value!r}")


class FlagKind(SettingKind):
    """Yes or no, or nothing said where it is optional."""

    is_typed = False

    def __init__(self, *, is_optional: bool = False) -> None:
        self._choices = (None, True, False) if is_optional else (True, False)
        self.rule = "true or false"

    @override
    def read(self, value: object) -> Any:
        return _checked(value, bool, "true or false")

    @override
    def stepped(self, value: Any, step: int) -> Any:
        return self._choices[(self._choices.index(value) + step) % len(self._choices)]

    @override
    def shown(self, value: Any) -> str:
        return "yes" if value else "no"


class ChoiceKind(SettingKind):
    """One of the values of an enum of strings."""

    is_typed = False

    def __init__(self, choices: type[Enum]) -> None:
        self._enum = choices
        self._choices = [choice.value for choice in choices]
        *others, last = (f'"{choice}"' for choice in self._choices)
        self.rule = f"{', '.join(others)} or {last}"

    @override
    def read(self, value: object) -> Any:
        if _checked(value, str, "a string") not in self._choices:
            raise SettingError(f"must be {self.rule}")
        return self._enum(value)

    @override
    def written(self, value: Any) -> Any:
        return value.value

    @override
    def stepped(self, value: Any, step: int) -> Any:
        return self._choices[(self._choices.index(value) + step) % len(self._choices)]


class NumberKind(SettingKind):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int | None, unit: str = "", step: int = 1) -> None:
        self._least, self._most, self._step = least, most, step
        self.rule = f"{least} to {most}{unit}" if most is not None else f"more than {least - 1}"

    @override
    def read(self, value: object) -> Any:
        number = _checked(value, int, "a whole number")
        if number < self._least or (self._most is not None and number > self._most):
            raise SettingError(f"must be {self.rule}")
        return number

    @override
    def parse(self, text: str) -> Any:
        try:
            return self.read(int(text))
        except ValueError as error:
            raise SettingError(f"must be {self.rule}") from error

    @override
    def stepped(self, value: Any, step: int) -> Any:
        wanted = (value // self._step + step + (1 if step < 0 and value % self._step else 0)) * self._step
        return max(self._least, wanted if self._most is None else min(self._most, wanted))


class TextKind(SettingKind):
    """A line of text; empty for none."""

    def __init__(self, rule: str, read: Callable[[str], Any] = lambda text: text or None) -> None:
        """`read` gives what the `Config` holds, and raises SettingError."""
        self.rule = rule
        self._read = read

    @override
    def read(self, value: object) -> Any:
        return self._read(_checked(value, str, "a string"))

    @override
    def written(self, value: Any) -> Any:
        return None if value is None else str(value)

    @override
    def parse(self, text: str) -> Any:
        return super().parse(text.strip()) or None


class ListKind(SettingKind):
    """Several texts, typed with commas between them."""

    rule = "names with commas between them"

    @override
    def read(self, value: object) -> Any:
        values = _checked(value, list, "a list")
        if not all(isinstance(each, str) for each in values):
            raise SettingError("must be a list of strings")
        return tuple(values)

    @override
    def written(self, value: Any) -> Any:
        return list(value)

    @override
    def parse(self, text: str) -> Any:
        return [name for each in text.split(",") if (name := each.strip())]

    @override
    def shown(self, value: Any) -> str:
        return ", ".join(value)


class TableKind(SettingKind):
    """Texts by name, in the config alone."""

    is_typed = is_own = False

    def __init__(self, complaint: str) -> None:
        self._complaint = complaint

    @override
    def read(self, value: object) -> Any:
        table = _checked(value, dict, "a table")
        if not all(isinstance(text, str) and name.strip() for name, text in table.items()):
            raise SettingError(self._complaint)
        return {" ".join(name.split()): text for name, text in table.items()}

    @override
    def shown(self, value: Any) -> str:
        return f"{len(value)} set"


class StatusesKind(SettingKind):
    """Statuses of tasks, in the config alone."""

    is_typed = is_own = False

    @override
    def read(self, value: object) -> Any:
        return tuple(map(_status, _checked(value, list, "a list")))

    @override
    def shown(self, value: Any) -> str:
        return f"{len(value)} set"


def _status(entry: object) -> Status:
    known = {"symbol", "name", "next", "type"}
    if not isinstance(entry, dict) or not known.issuperset(entry) or "symbol" not in entry:
        raise SettingError("must be tables with symbol, name, next and type")
    values: dict[str, Any] = {"name": entry["symbol"], "next": "x", "type": "TODO", **entry}
    symbol, name, following, kind = (values[key] for key in ("symbol", "name", "next", "type"))
    if not all(isinstance(value, str) for value in (symbol, following, name, kind)):
        raise SettingError("must hold strings only")
    if not is_symbol(symbol) or not is_symbol(following):
        raise SettingError("holds a symbol that is not one visible character")
    if kind not in StatusType.__members__:
        raise SettingError(f"has the type {kind!r}; there are {', '.join(StatusType.__members__)}")
    return Status(symbol, name, following, StatusType[kind])


def read_vault(written: str) -> Path | None:
    """The folder of a vault; raises SettingError."""
    try:
        return Path(written).expanduser() if written else None
    except RuntimeError as error:
        raise SettingError(f"names a home folder that does not exist: {written}") from error


def read_note_path(written: str) -> str:
    """The path of a note in its vault; raises SettingError."""
    parts: Sequence[str] = written.split("/")
    if not written.endswith(".md") or any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        raise SettingError('must be a note of the vault, such as "Inbox.md" or "notes/Inbox.md"')
    return written
