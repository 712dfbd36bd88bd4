"""The settings of one user: the config, then what was changed in the program, then the defaults.

The config is the user's own file and never written. What is changed in the program stands in a file of its
own, which is read anew before each change, and written whole or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from roadtui.config import Config
from roadtui.core.errors import RoadtuiError
from roadtui.setting_kinds import SettingError
from roadtui.settings import SETTINGS, SETTINGS_BY_NAME
from roadtui.settings_file import read_plain_file, write_plain_file

_SIMPLE_LINE = re.compile(r'([a-z_]+) = (?:"([^"\\\x00-\x1f\x7f]*)"|(true|false)|(0|[1-9][0-9]*))')
"""What the program's own file mostly consists of: so it is read without tomllib, whose import takes 11 ms."""
_MOST_COPIES = 100


class ConfigError(RoadtuiError):
    """The config file cannot be used; the sentence names the file, the key and what would do."""


class OwnSettingsError(RoadtuiError):
    """A setting cannot be changed, or the change cannot be saved; the sentence says why."""


class SettingOrigin(Enum):
    """Where the value of a setting comes from."""

    DEFAULT = "default"
    OWN = "here"
    """It was changed in the program."""
    CONFIG = "config"


class UserSettings:
    """What is set, by whom, and changing it."""

    def __init__(self, held: Mapping[str, Any], lines: Mapping[str, int], file: Path | None) -> None:
        """Make the settings of a config known, and read those of the program's own file. Blocks.

        Args:
            held: The values that the config sets, by name, as `Config` holds them.
            lines: On which line of the config they stand, from 1, as far as that is known.
            file: The program's own file; None where changes last as long as the program.
        """
        self._held = held
        self._lines = lines
        self.file = file
        """The program's own file; None where changes last as long as the program."""
        self.config_file: Path | None = None
        """The config that was read; None for none."""
        self.problems: list[str] = []
        """What is wrong with the program's own file, as sentences for the user."""
        self._own: dict[str, Any] = {}
        self._load()

    @classmethod
    def read(cls, config: Path, file: Path | None) -> UserSettings:
        """Read both files; one that is missing is an empty one.

        Raises:
            ConfigError: the config cannot be read, is no TOML, or holds a key or a value that means nothing.
        """
        settings = cls._read(_config_text(config), config, file)
        settings.config_file = config
        return settings

    @classmethod
    def _read(cls, text: str, config: Path, file: Path | None) -> UserSettings:
        if not text:
            return cls({}, {}, file)
        import tomllib  # Costs 11 ms that whoever has no config need not pay.

        try:
            values = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"The config {config} is not valid TOML: {error}.") from error
        held = {}
        for setting in SETTINGS:
            if setting.name in values:
                try:
                    held[setting.name] = setting.kind.read(values[setting.name])
                except SettingError as error:
                    raise ConfigError(f"In the config {config}, {setting.name} {error}.") from error
        if unknown := ", ".join(sorted(values.keys() - SETTINGS_BY_NAME.keys())):
            raise ConfigError(f"The config {config} has unknown settings: {unknown}.")
        return cls(held, _lines_of(held, text), file)

    @classmethod
    def of(cls, config: Config, file: Path | None = None) -> UserSettings:
        """Settings of which the config holds those that differ from the defaults in `config`."""
        usual = Config()
        values = {setting.name: getattr(config, setting.name) for setting in SETTINGS}
        return cls({name: held for name, held in values.items() if held != getattr(usual, name)}, {}, file)

    def unsaved(self) -> UserSettings:
        """The same settings; what is changed in them lasts as long as the program."""
        settings = UserSettings(self._held, self._lines, None)
        settings._own = dict(self._own)
        return settings

    @property
    def config(self) -> Config:
        """All settings together."""
        own = {name: SETTINGS_BY_NAME[name].kind.read(value) for name, value in self._own.items()}
        return Config(**{**own, **self._held})

    def value(self, name: str) -> Any:
        """What a setting is, as a TOML file holds it."""
        setting = SETTINGS_BY_NAME[name]
        if name in self._held:
            return setting.kind.written(self._held[name])
        return self._own.get(name, setting.default)

    def origin(self, name: str) -> SettingOrigin:
        """Where the value of a setting comes from."""
        if name in self._held:
            return SettingOrigin.CONFIG
        return SettingOrigin.OWN if name in self._own else SettingOrigin.DEFAULT

    def place(self, name: str) -> str:
        """Where the value of a setting comes from, in words: `config.toml, line 3`."""
        origin = self.origin(name)
        if origin is not SettingOrigin.CONFIG:
            return str(origin.value)
        return f"config.toml, line {self._lines[name]}" if name in self._lines else "config.toml"

    def refusal(self, name: str) -> str:
        """Why a setting cannot be changed here, as a sentence; empty if it can."""
        if name in self._held:
            return f"{self.place(name)} sets {name}: it can be changed there."
        if not SETTINGS_BY_NAME[name].kind.is_own:
            return f"{name} can be set in config.toml alone."
        return ""

    def change(self, name: str, value: Any) -> None:
        """Set `name` to `value`, a value of a TOML file; None or the default takes back what was set. Blocks.

        Raises:
            OwnSettingsError: it means nothing, the config holds it, or the file cannot be written.
        """
        if refusal := self.refusal(name):
            raise OwnSettingsError(refusal)
        setting = SETTINGS_BY_NAME[name]
        is_default = value is None or value == setting.default
        try:
            if not is_default:
                setting.kind.read(value)
        except SettingError as error:
            raise OwnSettingsError(f"{name} {error}.") from error
        self._save(name, None if is_default else value)
        self._own.pop(name, None)
        if not is_default:
            self._own[name] = value

    # The program's own file

    def _load(self) -> None:
        if self.file is None:
            return
        try:
            values = _read_own(self.file)
        except OwnSettingsError as error:
            self.problems.append(f"{error} Its settings are ignored.")
            return
        for name, value in values.items():
            setting = SETTINGS_BY_NAME.get(name)
            if setting is None or not setting.kind.is_own:
                continue
            try:
                setting.kind.read(value)
            except SettingError as error:
                self.problems.append(f"In {self.file}, {name} {error}. It is ignored.")
            else:
                self._own[name] = value

    def _save(self, name: str, value: Any) -> None:
        if self.file is None:
            return
        import tomli_w  # With the first setting that is changed.

        file = Path(os.path.realpath(self.file))  # A link stays a link: settings are often kept elsewhere.
        try:
            try:
                values = _read_own(file)
            except OwnSettingsError:
                _keep_copy(file)
                values = dict(self._own)
            values.pop(name, None)
            if value is not None:
                values[name] = value
            write_plain_file(file, tomli_w.dumps(values))
        except (OSError, UnicodeEncodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it has characters without a meaning"
            raise OwnSettingsError(f"{self.file} can't be written: {reason}.") from error


def _config_text(path: Path) -> str:
    def complaint(reason: str) -> ConfigError:
        return ConfigError(f"The config {path} can't be read: {reason}.")

    return _text(path, complaint)


def _text(path: Path, complaint: Callable[[str], RoadtuiError]) -> str:
    """The text of a file; empty where there is none."""
    try:
        return read_plain_file(path).decode("utf-8-sig")  # Some Windows editors write a byte order mark.
    except (FileNotFoundError, NotADirectoryError):  # The latter: $XDG_CONFIG_HOME is /dev/null.
        return ""
    except OSError as error:
        raise complaint(str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise complaint("it is not UTF-8") from error


def _read_own(path: Path) -> dict[str, Any]:
    """What is in the program's own file. Raises OwnSettingsError where it cannot be read."""
    text = _text(path, lambda reason: OwnSettingsError(f"{path} can't be read: {reason}."))
    lines = [_SIMPLE_LINE.fullmatch(line) for line in text.splitlines()]
    if all(lines):
        found = {
            line[1]: line[2] if line[2] is not None else line[3] == "true" if line[3] else int(line[4])
            for line in lines
            if line is not None
        }
        if len(found) == len(lines):
            return found
    import tomllib  # Only for what is more than simple lines.

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise OwnSettingsError(f"{path} is not valid TOML: {error}.") from error


def _keep_copy(file: Path) -> None:
    """Put a damaged file aside; raises OSError where that is not possible."""
    data = read_plain_file(file)
    for number in range(1, _MOST_COPIES):
        copy = file.with_name(f"{file.stem}.damaged{'' if number == 1 else f'-{number}'}{file.suffix}")
        try:
            with open(copy, "xb") as kept:
                kept.write(data)
        except FileExistsError:
            continue
        return
    raise OSError(0, "there are too many copies of damaged ones")


def _lines_of(names: Mapping[str, Any], text: str) -> dict[str, int]:
    """On which lines of a valid TOML file these names are set, as far as each line alone can tell."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("["):
            table = re.split(r"[.\]\s]", line.strip("[ "))[0].strip("\"'")
            name = table
        else:
            name = re.split(r"[\s=.]", line)[0].strip("\"'") if not table and "=" in line else ""
        if name in names:
            found.setdefault(name, number)
    return found
