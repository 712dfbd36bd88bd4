"""Every setting, declared once: its name, its kind, what it means, and when a change of it is seen.

The config and the program's own file are read by this table; the screen with the settings, and
`docs/settings.md`, are made from it. What the settings are without a file is in `Config`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from roadtui.config import LONGEST_ROUND, AfterFilter, Config, Glyphs, Notify
from roadtui.core.stats.progress import CountMode, RollUp
from roadtui.setting_kinds import (
    ChoiceKind,
    FlagKind,
    ListKind,
    NumberKind,
    SettingKind,
    StatusesKind,
    TableKind,
    TextKind,
    read_note_path,
    read_vault,
)

_MOST_GRACE_DAYS = 6
"""With more, weeks in which nothing is done would be a streak."""
_DEFAULTS = Config()


class Setting(NamedTuple):
    """One setting."""

    name: str
    """Of the field of `Config`, and in the files."""
    kind: SettingKind
    meaning: str
    """One short line of Markdown."""
    details: str = ""
    """What else is to be known."""
    unset: str = ""
    """What it is in words where it is None or empty."""
    seen: str = ""
    """When a change is seen while the program runs; empty for at once."""

    @property
    def default(self) -> Any:
        """What it is without a file, as a TOML file would hold it."""
        return self.kind.written(getattr(_DEFAULTS, self.name))

    @property
    def plain_meaning(self) -> str:
        """The short line without the marks of Markdown."""
        return self.meaning.replace("`", "")

    @property
    def plain_details(self) -> str:
        """What else is to be known without the marks of Markdown."""
        return self.details.replace("`", "")

    def shown(self, value: Any) -> str:
        """A value of a TOML file, in words."""
        return self.unset if value in (None, "", [], (), {}) else self.kind.shown(value)


SETTINGS = (
    Setting(
        "theme",
        TextKind("the name of a theme"),
        "The colours of the screens",
        unset="roadtui-dark",
        details="The themes of the program come first, then Textual’s.",
    ),
    Setting(
        "glyphs",
        ChoiceKind(Glyphs),
        "The signs for statuses, bars and charts",
        details="“auto” goes by the terminal and the locale; “ascii” is for fonts that lack signs.",
    ),
    Setting(
        "count",
        ChoiceKind(CountMode),
        "What is counted: boxes without others inside, or all",
        details="“leaves” counts a task with others inside it by those, “all” counts every box.",
    ),
    Setting(
        "hidden",
        ListKind(),
        "Notes and folders that the lists leave out",
        unset="none",
        details="Paths in the vault. They are still read, and links to them work.",
    ),
    Setting(
        "next_exclude",
        ListKind(),
        "Folders from which nothing is suggested",
        unset="none",
        details="Names, or paths with a “/”. What is in them is listed and counted all the same.",
    ),
    Setting(
        "roll_up",
        ChoiceKind(RollUp),
        "Whether a parent is ticked with its last child",
        details="“complete” ticks a parent when its last open child is done, “both” also opens it again.",
    ),
    Setting(
        "done_dates",
        FlagKind(is_optional=True),
        "Whether a tick writes a done date",
        unset="as the plugin",
        details="Without a say here, the vault’s Tasks plugin has it.",
    ),
    Setting(
        "inbox",
        TextKind("a note of the vault, such as notes/Inbox.md", read_note_path),
        "The note that quick capture writes into",
        details="It is made when it is missing. `roadtui add` writes there too.",
    ),
    Setting(
        "after_filter",
        ChoiceKind(AfterFilter),
        "What enter does with a filter",
        details="“drop” shows the whole note again, with the hit in sight.",
    ),
    Setting(
        "celebrate",
        FlagKind(),
        "Say so when a section or a roadmap is finished",
        details="Once for each.",
    ),
    Setting(
        "grace_days",
        NumberKind(0, _MOST_GRACE_DAYS),
        "Days in a row that a streak may miss",
        details="0: a day without anything done ends a streak.",
    ),
    Setting(
        "focus_minutes",
        NumberKind(1, LONGEST_ROUND, " minutes", step=5),
        "Minutes of a round of focus",
        seen="with the next round",
    ),
    Setting(
        "break_minutes",
        NumberKind(0, LONGEST_ROUND, " minutes", step=5),
        "Minutes of the break after it; 0 for none",
        seen="with the next round",
        details="0: no break.",
    ),
    Setting(
        "notify",
        ChoiceKind(Notify),
        "What tells that either is over",
        details="The terminal’s bell; with “desktop” a notification too, while you are elsewhere.",
    ),
    Setting(
        "vault",
        TextKind("a folder, such as ~/Vault", read_vault),
        "What `roadtui` opens where none is named",
        unset="Obsidian's last",
        seen="at the next start",
        details="A vault around the folder that you are in comes first, the last one of Obsidian after it.",
    ),
    Setting(
        "saved_frame",
        FlagKind(),
        "Whether a start shows the last screen at once",
        details="It is kept in the cache folder with its text, and shown if nothing has changed since.",
        seen="when you leave",
    ),
    Setting(
        "max_note_bytes",
        NumberKind(1, None, step=1024 * 1024),
        "A note of more bytes is listed, not read",
        seen="when a note is read",
        details="It keeps the program quick where a note is not meant to be read.",
    ),
    Setting(
        "statuses",
        StatusesKind(),
        "Statuses on top of the vault's own; these win",
        unset="none",
        details="Each with symbol, name, next and type, as in the Tasks plugin.",
    ),
    Setting(
        "keys",
        TableKind('must hold strings, such as tick = "space"'),
        "Keys by the id of a command",
        unset="none",
        details="`roadtui keys` lists the ids.",
    ),
    Setting(
        "views",
        TableKind('must hold queries by name, such as Late = "is:overdue sort:due"'),
        "Saved views by name; ctrl+s saves others",
        unset="none",
        details="Those are kept in views.toml.",
    ),
)
"""In the order in which they are listed."""

SETTINGS_BY_NAME = {setting.name: setting for setting in SETTINGS}
