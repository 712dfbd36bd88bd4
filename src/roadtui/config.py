"""The user's settings: one TOML file, read once, never written. What it holds is frozen and passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.core.progress import Count
from roadtui.core.status import Status, StatusType

APP = "roadtui"
T = TypeVar("T")


class ConfigError(RoadtuiError):
    """The config file cannot be used; the sentence names the file, the key and what would do."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. The defaults are what a user without a config gets."""

    vault: Path | None = None
    """The vault to open where no other is named."""
    count: Count = Count.LEAVES
    theme: str = "roadtui-dark"
    hidden: tuple[str, ...] = ()
    """Notes and folders, relative to the vault, that the screens leave out."""
    done_dates: bool | None = None
    """Whether ticking writes a done date; None asks the vault's Tasks plugin."""
    statuses: tuple[Status, ...] = ()
    """Statuses on top of the vault's own; these win."""
    max_note_bytes: int = 8 * 1024 * 1024
    """A larger note is listed but not read."""
    keys: dict[str, str] = field(default_factory=dict)
    """Key binding by id: `{"tick": "space,t"}`."""


def config_file() -> Path:
    """Where the config stands: on Linux `$XDG_CONFIG_HOME/roadtui/config.toml`, else as is usual."""
    from platformdirs import user_config_path  # Textual has imported it already; the plain commands need not.

    return user_config_path(APP) / "config.toml"


def state_folder() -> Path:
    """Where the program keeps what it must remember: undo, the journal of writes, folds."""
    from platformdirs import user_state_path

    return user_state_path(APP)


def load_config(path: Path) -> Config:
    """Read the config at `path`; a missing file is an empty one.

    Raises:
        ConfigError: it cannot be read, is no TOML, or holds a key or a value that means nothing.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The config {path} cannot be read: {error}.") from error
    import tomllib  # Costs 10 ms that whoever has no config need not pay.

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The config {path} is not valid TOML: {error}.") from error
    return _Reader(path, values).read()


class _Reader:
    """One pass over the values of one file; every complaint names the file and the key."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self._path = path
        self._values = values

    def read(self) -> Config:
        defaults = Config()
        vault = self._take("vault", str)
        count = self._take("count", str)
        if count not in (None, *(c.value for c in Count)):
            raise self._error("count", 'must be "leaves" or "all"')
        config = Config(
            vault=Path(vault).expanduser() if vault else None,
            count=Count(count) if count else defaults.count,
            theme=self._take("theme", str) or defaults.theme,
            hidden=tuple(self._take_strings("hidden")),
            done_dates=self._take("done_dates", bool),
            statuses=tuple(self._take_statuses()),
            max_note_bytes=self._take("max_note_bytes", int) or defaults.max_note_bytes,
            keys=self._take_keys(),
        )
        if self._values:
            unknown = ", ".join(sorted(self._values))
            raise ConfigError(f"The config {self._path} sets what roadtui does not know: {unknown}.")
        return config

    def _error(self, key: str, complaint: str) -> ConfigError:
        return ConfigError(f"In the config {self._path}, {key} {complaint}.")

    def _take(self, key: str, kind: type[T]) -> T | None:
        value = self._values.pop(key, None)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        raise self._error(key, f"must be of type {kind.__name__}, not {value!r}")

    def _take_strings(self, key: str) -> list[str]:
        values = self._take(key, list) or []
        if not all(isinstance(value, str) for value in values):
            raise self._error(key, "must be a list of strings")
        return values

    def _take_keys(self) -> dict[str, str]:
        keys = self._take("keys", dict) or {}
        if not all(isinstance(value, str) for value in keys.values()):
            raise self._error("keys", 'must hold strings, such as tick = "space"')
        return keys

    def _take_statuses(self) -> list[Status]:
        found = []
        for entry in self._take("statuses", list) or []:
            try:
                symbol, kind = entry["symbol"], StatusType[entry.get("type", "TODO")]
                status = Status(symbol, entry.get("name", symbol), entry.get("next", "x"), kind)
            except (KeyError, TypeError, AttributeError) as error:
                raise self._error(
                    "statuses", "needs symbol, name, next and a type such as TODO or DONE"
                ) from error
            if len(status.symbol) != 1 or len(status.next_symbol) != 1:
                raise self._error("statuses", "holds a symbol that is not one character")
            found.append(status)
        return found
