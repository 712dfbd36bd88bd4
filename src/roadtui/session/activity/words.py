"""The words for changes, for screens and commands. Text of notes in them is safe for a terminal."""

from __future__ import annotations

from datetime import datetime

from roadtui.core.activity.changes import ChangeKind, TaskChange
from roadtui.core.dates import day_text
from roadtui.core.quantity import quantity
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text
from roadtui.vault.activity.authors import Author, AuthorKind

_STATUS_WORDS = {
    StatusType.IN_PROGRESS: "started",
    StatusType.CANCELLED: "dropped",
    StatusType.ON_HOLD: "on hold",
}
SIGNS = {
    ChangeKind.NEW: "+",
    ChangeKind.GONE: "−",
    ChangeKind.DONE: "✓",
    ChangeKind.REOPENED: "○",
    ChangeKind.EDITED: "~",
    ChangeKind.MOVED: "↕",
}
"""What stands for a change where there is no room for a word."""


def change_word(change: TaskChange, statuses: StatusRegistry) -> str:
    """What has happened: `done`, `started`, `edited`."""
    old, new = change.old, change.new
    if (
        change.kind is ChangeKind.EDITED
        and old is not None
        and new is not None
        and old.wording == new.wording
    ):
        return _STATUS_WORDS.get(statuses.type_of(new.status_symbol), "status set")
    return change.kind.value


def author_words(author: Author | None) -> str:
    """Who it was: `here`, `on laptop`, `by git · Mira`, `outside`; empty while it is not known."""
    if author is None:
        return ""
    name = display_text(author.name)
    if author.kind is AuthorKind.MACHINE:
        return f"on {name}"
    if author.kind is AuthorKind.GIT:
        return f"by git · {name}" if name else "by git"
    return "here" if author.kind is AuthorKind.HERE else "outside"


def short_author_words(author: Author | None) -> str:
    """Who it was in fewest words: the name of a machine or a person, else `here`, `git`, `outside`."""
    return "" if author is None else display_text(author.name) or author.kind.value


def moment_words(at: datetime | None, now: datetime) -> str:
    """A moment in few words: `12:04`, `yesterday 18:04`, `12 Nov 18:04`; empty for one that is not known.

    Both with their zones; the day is that of the zone of `now`.
    """
    if at is None:
        return ""
    local = at.astimezone(now.tzinfo)
    time = f"{local:%H:%M}"
    return time if local.date() == now.date() else f"{day_text(local.date(), now.date())} {time}"


def short_moment_words(at: datetime | None, now: datetime) -> str:
    """As `moment_words`, without the time of another day."""
    if at is None:
        return ""
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else day_text(local.date(), now.date())


def count_words(count: int, since: datetime | None, now: datetime) -> str:
    """How much has changed: `7 changes since yesterday 18:04`."""
    when = moment_words(since, now) if since is not None and since <= now else "the last look"
    return f"{quantity(count, 'change')} since {when or 'the last look'}"


def where_from(change: TaskChange) -> str:
    """The note that a task was moved from: `from Plan`; empty for any other change."""
    if not change.is_from_elsewhere:
        return ""
    return f"from {display_text(change.old_path.rpartition('/')[2].removesuffix('.md'))}"
