"""The user's settings: one TOML file, read once, never written. What it holds is frozen and passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.core.stats.progress import CountMode, RollUp
from roadtui.core.tasks.status import Status, StatusType, is_symbol
from roadtui.settings_file import read_plain_file

APP = "roadtui"
_MOST_GRACE_DAYS = 6
"""With more, weeks in which nothing is done would be a streak."""
T = TypeVar("T")


class ConfigError(RoadtuiError):
    """The config file cannot be used; the sentence names the file, the key and what would do."""


class Notify(Enum):
    """How the program says that a time is up."""

    BELL = "bell"
    """The terminal's bell."""
    DESKTOP = "desktop"
    """The bell, and where the terminal has not the focus a notification of the desktop."""
    NONE = "none"


class AfterFilter(Enum):
    """What becomes of a filter when enter goes to one of its hits."""

    KEEP = "keep"
    """It stays until it is dropped."""
    DROP = "drop"
    """It is dropped, and the hit is unfolded into sight."""


ARCHIVES = (
    *("archive", "archives", "archived", "archiv", "archivio", "archivo", "attic", "backup", "backups"),
    *("bin", "done", "finished", "old", "papierkorb", "trash"),
)
"""Names of folders for what is over."""

LONGEST_ROUND = 600
"""Minutes that a round of focus, or a break, may take."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. The defaults are what a user without a config gets."""

    vault: Path | None = None
    """The vault to open where no other is named."""
    count: CountMode = CountMode.LEAVES
    theme: str | None = None
    """The theme of the screens; None for the one that was chosen in the palette last."""
    hidden: tuple[str, ...] = ()
    """Notes and folders, relative to the vault, that the screens leave out."""
    next_exclude: tuple[str, ...] = ARCHIVES
    """Folders from which nothing is suggested: names, or with `/` paths relative to the vault."""
    done_dates: bool | None = None
    """Whether ticking writes a done date; None asks the vault's Tasks plugin."""
    roll_up: RollUp = RollUp.NEVER
    """Whether a parent is ticked with the last of its children."""
    inbox: str = "Inbox.md"
    """The note that quick capture writes into, relative to the vault; made when it is missing."""
    focus_minutes: int = 25
    """How long a round of focus takes."""
    break_minutes: int = 5
    """How long the break after it takes; 0 for none."""
    notify: Notify = Notify.DESKTOP
    """What tells that either is over."""
    grace_days: int = 0
    """How many days in a row may be missed without breaking a streak."""
    after_filter: AfterFilter = AfterFilter.KEEP
    """What becomes of a filter when enter goes to one of its hits."""
    celebrate: bool = True
    """Whether a section or a roadmap that a tick finishes is told of."""
    statuses: tuple[Status, ...] = ()
    """Statuses on top of the vault's own; these win."""
    max_note_bytes: int = 8 * 1024 * 1024
    """A larger note is listed but not read."""
    keys: dict[str, str] = field(default_factory=dict)
    """Key binding by id: `{"tick": "space,t"}`."""
    views: dict[str, str] = field(default_factory=dict)
    """Saved views: queries by name."""


def config_file() -> Path:
    """Where the config stands: on Linux `$XDG_CONFIG_HOME/roadtui/config.toml`, else as is usual."""
    from platformdirs import user_config_path  # Textual has imported it already; the plain commands need not.

    return user_config_path(APP) / "config.toml"


def views_file() -> Path:
    """Where the program saves the user's views: beside the config."""
    return config_file().with_name("views.toml")


def state_folder() -> Path:
    """Where the program keeps what it must remember: undo, the write-ahead log, folds."""
    from platformdirs import user_state_path  # Not for a start with a folder of its own.

    return user_state_path(APP)


def load_config(path: Path) -> Config:
    """Read the config at `path`; a missing file is an empty one.

    Raises:
        ConfigError: it cannot be read, is no TOML, or holds a key or a value that means nothing.
    """
    try:
        text = read_plain_file(path).decode("utf-8-sig")  # Some Windows editors write a byte order mark.
    except (FileNotFoundError, NotADirectoryError):  # The latter: $XDG_CONFIG_HOME is /dev/null.
        return Config()
    except OSError as error:
        raise ConfigError(f"The config {path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The config {path} can't be read: it is not UTF-8.") from error
    import tomllib  # Costs 10 ms that whoever has no config need not pay.

    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"The config {path} is not valid TOML: {error}.") from error
    return _Reader(path, values).read()


class _Reader:
    """One pass over the values of one file; every complaint names the file and the key."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self._path = path
        self._values = values

    def read(self) -> Config:
        defaults = Config()
        config = Config(
            vault=self._take_vault(),
            count=self._take_count() or defaults.count,
            theme=self._take("theme", str) or None,
            hidden=tuple(self._take_strings("hidden")),
            next_exclude=self._take_next_exclude(),
            done_dates=self._take("done_dates", bool),
            roll_up=self._take_roll_up() or defaults.roll_up,
            inbox=self._take_inbox() or defaults.inbox,
            focus_minutes=self._take_minutes("focus_minutes", 1, defaults.focus_minutes),
            break_minutes=self._take_minutes("break_minutes", 0, defaults.break_minutes),
            notify=self._take_notify() or defaults.notify,
            grace_days=self._take_grace_days(),
            after_filter=self._take_after_filter() or defaults.after_filter,
            celebrate=self._take("celebrate", bool) is not False,
            statuses=tuple(map(self._status, self._take("statuses", list) or [])),
            max_note_bytes=self._take_size() or defaults.max_note_bytes,
            keys=self._take_keys(),
            views=self._take_views(),
        )
        if self._values:
            unknown = ", ".join(sorted(self._values))
            raise ConfigError(f"The config {self._path} has unknown settings: {unknown}.")
        return config

    def _error(self, key: str, complaint: str) -> ConfigError:
        return ConfigError(f"In the config {self._path}, {key} {complaint}.")

    def _take(self, key: str, kind: type[T]) -> T | None:
        value = self._values.pop(key, None)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        raise self._error(key, f"must be {_IN_WORDS[kind]}, not {value!r}")

    def _take_vault(self) -> Path | None:
        written = self._take("vault", str)
        try:
            return Path(written).expanduser() if written else None
        except RuntimeError as error:
            raise self._error("vault", f"names a home folder that does not exist: {written}") from error

    def _take_count(self) -> CountMode | None:
        count = self._take("count", str)
        if count not in (None, *(c.value for c in CountMode)):
            raise self._error("count", 'must be "leaves" or "all"')
        return CountMode(count) if count is not None else None

    def _take_roll_up(self) -> RollUp | None:
        roll_up = self._take("roll_up", str)
        if roll_up not in (None, *(r.value for r in RollUp)):
            raise self._error("roll_up", 'must be "never", "complete" or "both"')
        return RollUp(roll_up) if roll_up is not None else None

    def _take_inbox(self) -> str | None:
        inbox = self._take("inbox", str)
        if inbox is None:
            return None
        parts = inbox.split("/")
        if not inbox.endswith(".md") or any(
            part in ("", ".", "..") or part.startswith(".") for part in parts
        ):
            raise self._error("inbox", 'must be a note of the vault, such as "Inbox.md" or "notes/Inbox.md"')
        return inbox

    def _take_minutes(self, key: str, least: int, default: int) -> int:
        minutes = self._take(key, int)
        if minutes is not None and not least <= minutes <= LONGEST_ROUND:
            raise self._error(key, f"must be {least} to {LONGEST_ROUND} minutes")
        return default if minutes is None else minutes

    def _take_notify(self) -> Notify | None:
        notify = self._take("notify", str)
        if notify not in (None, *(n.value for n in Notify)):
            raise self._error("notify", 'must be "bell", "desktop" or "none"')
        return Notify(notify) if notify is not None else None

    def _take_after_filter(self) -> AfterFilter | None:
        after = self._take("after_filter", str)
        if after not in (None, *(a.value for a in AfterFilter)):
            raise self._error("after_filter", 'must be "keep" or "drop"')
        return AfterFilter(after) if after is not None else None

    def _take_grace_days(self) -> int:
        days = self._take("grace_days", int) or 0
        if not 0 <= days <= _MOST_GRACE_DAYS:
            raise self._error("grace_days", f"must be 0 to {_MOST_GRACE_DAYS}")
        return days

    def _take_size(self) -> int | None:
        size = self._take("max_note_bytes", int)
        if size is not None and size < 1:
            raise self._error("max_note_bytes", "must be more than 0")
        return size

    def _take_strings(self, key: str) -> list[str]:
        values = self._take(key, list) or []
        if not all(isinstance(value, str) for value in values):
            raise self._error(key, "must be a list of strings")
        return values

    def _take_next_exclude(self) -> tuple[str, ...]:
        is_set = "next_exclude" in self._values
        names = tuple(self._take_strings("next_exclude"))
        return names if is_set else ARCHIVES

    def _take_keys(self) -> dict[str, str]:
        keys = self._take("keys", dict) or {}
        if not all(isinstance(value, str) for value in keys.values()):
            raise self._error("keys", 'must hold strings, such as tick = "space"')
        return keys

    def _take_views(self) -> dict[str, str]:
        views = self._take("views", dict) or {}
        if not all(isinstance(query, str) and name.strip() for name, query in views.items()):
            raise self._error("views", 'must hold queries by name, such as Late = "is:overdue sort:due"')
        return {" ".join(name.split()): query for name, query in views.items()}

    def _status(self, entry: object) -> Status:
        known = {"symbol", "name", "next", "type"}
        if not isinstance(entry, dict) or not known.issuperset(entry) or "symbol" not in entry:
            raise self._error("statuses", "must be tables with symbol, name, next and type")
        values: dict[str, Any] = {"name": entry["symbol"], "next": "x", "type": "TODO", **entry}
        symbol, name, following, kind = (values[key] for key in ("symbol", "name", "next", "type"))
        if not all(isinstance(value, str) for value in (symbol, following, name, kind)):
            raise self._error("statuses", "must hold strings only")
        if not is_symbol(symbol) or not is_symbol(following):
            raise self._error("statuses", "holds a symbol that is not one visible character")
        if kind not in StatusType.__members__:
            raise self._error(
                "statuses", f"has the type {kind!r}; there are {', '.join(StatusType.__members__)}"
            )
        return Status(symbol, name, following, StatusType[kind])


_IN_WORDS: dict[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}
