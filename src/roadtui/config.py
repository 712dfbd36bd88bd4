"""What can be set: a frozen value that is passed in, and where the files are that it is read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from roadtui.core.stats.progress import CountMode, RollUp
from roadtui.core.tasks.status import Status

APP = "roadtui"


class Notify(Enum):
    """How the program says that a time is up."""

    BELL = "bell"
    """The terminal's bell."""
    DESKTOP = "desktop"
    """The bell, and where the terminal has not the focus a notification of the desktop."""
    NONE = "none"


class Glyphs(Enum):
    """Which signs are drawn."""

    AUTO = "auto"
    """Those in ASCII where the terminal cannot be expected to show others."""
    UNICODE = "unicode"
    ASCII = "ascii"


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
    """The theme of the screens; None for the program's own."""
    glyphs: Glyphs = Glyphs.AUTO
    """Which signs are drawn for statuses, bars and charts."""
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
    saved_frame: bool = True
    """Whether the screen is saved for the next start, which shows it before anything else."""
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


def own_settings_file() -> Path:
    """Where the program saves the settings that are changed in it: beside the config."""
    return config_file().with_name("settings.toml")


def cache_folder() -> Path:
    """Where the program keeps what it can find out again: what it knows of notes."""
    from platformdirs import user_cache_path  # As above.

    return user_cache_path(APP)


def state_folder() -> Path:
    """Where the program keeps what it must remember: undo, the write-ahead log, folds."""
    from platformdirs import user_state_path  # Not for a start with a folder of its own.

    return user_state_path(APP)
