"""Reads Obsidian's list of vaults and a vault's settings, and makes addresses that open notes in Obsidian.

Nothing is written. A broken or foreign file is a warning, never an error.
Sources: Obsidian's `obsidian.json` and `.obsidian` folder, the Tasks plugin's `data.json`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import (
    DEFAULT_STATUSES,
    PLUGIN_STATUSES,
    Status,
    StatusRegistry,
    StatusType,
    TaskSettings,
    is_symbol,
)
from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.path_kind import NOTE_SUFFIX
from roadtui.vault.path_kind import SETTINGS_FOLDER as SETTINGS_FOLDER
from roadtui.vault.reader import read_note

TASKS_PLUGIN = "obsidian-tasks-plugin"
_APP, _PLUGINS = "app.json", "community-plugins.json"
_TASKS_PLUGIN_DATA = f"plugins/{TASKS_PLUGIN}/data.json"
_TICK = "x"
_WIDEST_TAB = 16
_LARGEST_FILE = 8 * 1024 * 1024
"""Larger settings files are not read. Some plugins keep data in their settings, but not those read here."""


class NewNoteLocation(Enum):
    """Where Obsidian creates a note that is linked to and missing; the value is that of `newFileLocation`."""

    VAULT = "root"
    SAME_FOLDER = "current"
    """The folder of the note with the link."""
    FOLDER = "folder"
    """A folder of the user's choice."""


class VaultSettings(NamedTuple):
    """The settings of a vault. The defaults are Obsidian's, without plugins."""

    ignore_filters: tuple[str, ...] = ()
    """Obsidian's "excluded files": path prefixes, or expressions between slashes."""
    use_tab: bool = True
    tab_size: int = 4
    """Columns of a tab in the editor."""
    tasks_plugin: TaskSettings | None = None
    """The Tasks plugin's settings; None if the plugin is disabled."""
    statuses: StatusRegistry = StatusRegistry()
    new_note_location: NewNoteLocation = NewNoteLocation.VAULT
    new_note_folder: str = ""
    """The folder of `NewNoteLocation.FOLDER`, relative to the vault; empty for the vault's own."""
    warnings: tuple[str, ...] = ()
    """A sentence for each settings file that could not be used."""


def vault_around(path: Path) -> Path | None:
    """The nearest folder at or above `path` that is an Obsidian vault; None if there is none."""
    folders = (path, *path.parents)
    return next((folder for folder in folders if os.path.isdir(folder / SETTINGS_FOLDER)), None)


def known_vaults(config_folder: Path | None = None) -> list[Path]:
    """The vaults in Obsidian's list that exist, last opened first."""
    return [path for path in listed_vaults(config_folder) if os.path.isdir(path)]


def list_of_vaults(config_folder: Path | None = None) -> Path:
    """The file of Obsidian's list of vaults."""
    return (config_folder or _config_folder()) / "obsidian.json"


def listed_vaults(config_folder: Path | None = None) -> list[Path]:
    """The vaults in Obsidian's list, whether they exist or not, last opened first."""
    warnings: list[str] = []
    vaults = _mapping(_read_json(list_of_vaults(config_folder), warnings).get("vaults"))
    entries = [
        entry for entry in vaults.values() if isinstance(entry, dict) and isinstance(entry.get("path"), str)
    ]
    entries.sort(key=lambda entry: (bool(entry.get("open")), _number(entry.get("ts"))), reverse=True)
    return [Path(entry["path"]) for entry in entries]


def _config_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/obsidian"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData/Roaming")) / "obsidian"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "obsidian"


def note_uri(vault: str, path: str, subpath: str = "") -> str:
    """The `obsidian:` address that opens the note at `path` of the vault named `vault`.

    `subpath`: `#heading` or `#^block`, at which the note is opened; empty for none.
    """
    file = path.removesuffix(NOTE_SUFFIX) + subpath if subpath else path
    return f"obsidian://open?vault={_quoted(vault)}&file={_quoted(file)}"


def file_uri(file: Path, subpath: str = "") -> str:
    """The `obsidian:` address that opens a note by its absolute path, in whichever vault that is."""
    return f"obsidian://open?path={_quoted(f'{file}{subpath}')}"


def uri_of(root: Path, path: str, subpath: str, vaults: Iterable[Path]) -> str:
    """The `obsidian:` address for the note at `path` of the vault at `root`.

    Args:
        root: The vault.
        path: The note, relative to it.
        subpath: `#heading` or `#^block`; empty for none. Left out where the note's own name contains a `#`.
        vaults: The vaults that Obsidian knows; a name that two of them have does not tell which is meant.
    """
    named = [vault for vault in vaults if vault.name == root.name]
    if "#" in path or [vault.resolve() for vault in named] != [root.resolve()]:
        return file_uri(root / path, "" if "#" in path else subpath)
    return note_uri(root.name, path, subpath)


def _quoted(name: str) -> str:
    return quote(name, safe="", errors="surrogateescape")


def settings_files(root: Path) -> list[Path]:
    """The files that `read_settings` reads, whether they exist or not."""
    folder = root / SETTINGS_FOLDER
    return [folder / name for name in (_APP, _PLUGINS, _TASKS_PLUGIN_DATA)]


def read_settings(root: Path) -> VaultSettings:
    """Read the settings of the vault at `root`; missing or broken ones have their defaults."""
    app_file, plugins_file, tasks_file = settings_files(root)
    warnings: list[str] = []
    app = _read_json(app_file, warnings)
    tab_size = _number(app.get("tabSize"))
    plugins = _read_json(plugins_file, warnings, kind=list)
    plugin: TaskSettings | None = None
    statuses = StatusRegistry(DEFAULT_STATUSES)
    if TASKS_PLUGIN in plugins:
        data = _read_json(tasks_file, warnings)
        statuses = StatusRegistry(_statuses(data.get("statusSettings")) or PLUGIN_STATUSES)
        plugin = _task_settings(data, statuses)
    return VaultSettings(
        ignore_filters=tuple(
            text for text in _sequence(app.get("userIgnoreFilters")) if isinstance(text, str)
        ),
        use_tab=app.get("useTab") is not False,
        tab_size=tab_size if 0 < tab_size <= _WIDEST_TAB else 4,
        tasks_plugin=plugin,
        statuses=statuses,
        new_note_location=_location(app.get("newFileLocation")),
        new_note_folder=_text(app.get("newFileFolderPath")).strip("/"),
        warnings=tuple(warnings),
    )


def _task_settings(data: Mapping[str, Any], statuses: StatusRegistry) -> TaskSettings:
    global_filter = data.get("globalFilter")
    return TaskSettings(
        set_done_date=data.get("setDoneDate") is not False,
        set_cancelled_date=data.get("setCancelledDate") is not False,
        set_created_date=data.get("setCreatedDate") is True,
        recurrence_on_next_line=data.get("recurrenceOnNextLine") is True,
        remove_scheduled_date_on_recurrence=data.get("removeScheduledDateOnRecurrence") is True,
        global_filter=global_filter if isinstance(global_filter, str) else "",
        task_format=TaskFormat.DATAVIEW if data.get("taskFormat") == "dataview" else TaskFormat.EMOJI,
        statuses=statuses,
    )


def _statuses(settings: object) -> list[Status]:
    groups = _mapping(settings)
    entries = [*_sequence(groups.get("coreStatuses")), *_sequence(groups.get("customStatuses"))]
    return [status for status in map(_status, entries) if status is not None]


def _status(entry: object) -> Status | None:
    values = _mapping(entry)
    symbol, following = values.get("symbol"), values.get("nextStatusSymbol")
    if not (isinstance(symbol, str) and is_symbol(symbol)):
        return None
    if not (isinstance(following, str) and is_symbol(following)):
        following = _TICK if symbol != _TICK else " "
    name, kind = values.get("name"), values.get("type")
    known = StatusType.__members__.get(kind) if isinstance(kind, str) else None
    return Status(symbol, name if isinstance(name, str) else symbol, following, known or StatusType.TODO)


def _read_json(path: Path, warnings: list[str], kind: type = dict) -> Any:
    """The JSON at `path`; an empty `kind` if the file is missing or holds something else."""
    try:
        text = read_note(path, _LARGEST_FILE).data
    except UnreadableNoteError as error:
        if error.reason is not Unreadable.GONE:
            warnings.append(f"{path} is not used: it {error.reason.value}.")
        return kind()
    import json  # Not needed for the first screen of a folder without settings.

    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        warnings.append(f"{path} is not used: it is not valid JSON.")
        return kind()
    if isinstance(value, kind):
        return value
    warnings.append(f"{path} is not used: it does not hold what Obsidian writes there.")
    return kind()


def _location(value: object) -> NewNoteLocation:
    return next((one for one in NewNoteLocation if one.value == value), NewNoteLocation.VAULT)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
