"""The badges of a tree: what has changed of a row since the last look, beside its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.note import Section, Task
from roadtui.core.outline import Outline, Row
from roadtui.session.outline.outline_state import OutlineState, RowMapping
from roadtui.ui.widgets.rows.columns import Form, Words
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.core.activity.changes import ShownChange

STRUCK = "struck"
"""Stands for the style of a task that is gone, where the name of a text style is expected."""
BULLET = "•"
"""Stands before a row whose badge is beside its name."""


class Badge(NamedTuple):
    """What a row says of its changes."""

    forms: tuple[Form, ...]
    """In words, from the longest form to the shortest."""
    sign: Words
    """What stands before the row where none of them fits."""
    unseen: frozenset[ShownChange] = frozenset()
    """The changes that it tells and that were not seen yet."""
    number: int = 1
    """How many changes it tells."""


BadgeKey = int
"""`Task.index` of a task, or what `key_of` gives for a heading."""
Badges = Mapping[BadgeKey, Badge]


def badge_key(content: object) -> BadgeKey | None:
    """By what the badge of a row is found; None for a row that has none."""
    if isinstance(content, Task):
        return content.index
    return -1 - content.index if isinstance(content, Section) else None


def _with_hidden(own: Badge | None, hidden: Sequence[Badge]) -> Badge:
    """`own`, and how many changes are `hidden` inside its row."""
    number = sum(badge.number for badge in hidden)
    style = "accent" if any(badge.unseen for badge in hidden) else "dim"
    count = Words(f"{BULLET}{number:,}", style)
    if own is None:
        return Badge(((count,),), Words(BULLET, style))
    forms = [(*form, Words("  ", style), count) for form in own.forms if form]
    return own._replace(forms=(*forms, (count,)))


class RowBadges:
    """The badges of the note in one tree. They follow its rows until what has changed is known again."""

    def __init__(self, redrawing: Callable[[], AbstractContextManager[None]]) -> None:
        """`redrawing`: gives a context at whose end the rows are redrawn that look different."""
        self._redrawing = redrawing
        self.find: Callable[[VaultNote], Badges | None] = lambda note: None
        """Gives the badges of a note; None where they are not known for this state of it."""
        self._by_row: dict[int, Badge] = {}

    def __bool__(self) -> bool:
        return bool(self._by_row)

    def of_row(self, row: Row, state: OutlineState) -> Badge | None:
        """The badge of `row`, which is shown as in `state`; None without one.

        A folded row says how many changes it hides, too.
        """
        own = self._by_row.get(row.index)
        if not self._by_row or not state.is_folded(row.index):
            return own
        end = state.outline.ends[row.index]
        hidden = [badge for at, badge in self._by_row.items() if row.index < at < end]
        return _with_hidden(own, hidden) if hidden else own

    def of_rows(self, rows: Iterable[Row | None]) -> Iterator[Badge]:
        """The badges of `rows`."""
        return (badge for row in rows if row is not None and (badge := self._by_row.get(row.index)))

    def enter(self, note: VaultNote | None, outline: Outline) -> None:
        """Show the badges of `note`; those that are shown stay where its own are not known yet."""
        found = self.find(note) if note is not None else {}
        if found is None:
            return
        self._by_row = {}
        if found:
            keyed = ((row.index, badge_key(row.content)) for row in outline.rows)
            self._by_row = {row: found[key] for row, key in keyed if key is not None and key in found}

    def show(self, note: VaultNote | None, outline: Outline) -> None:
        """As `enter`, and redraw the rows whose badge is another one."""
        with self._redrawing():
            self.enter(note, outline)

    def clear(self) -> None:
        """Show none; the rows are of another note."""
        self._by_row = {}

    def follow(self, became: RowMapping) -> None:
        """Follow the rows of the note, which has changed."""
        if self._by_row:
            self._by_row = {became[row]: badge for row, badge in self._by_row.items() if row in became}

    def next_row(self, row: int, step: int) -> int | None:
        """The row of the next badge after `row`, or of the one before it; None without one."""
        further = [at for at in self._by_row if (at - row) * step > 0]
        return (min if step > 0 else max)(further, default=None)
