"""What a row of the tree says of its changes, in forms for more and for less room. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roadtui.core.tasks.status import StatusRegistry
from roadtui.core.terminal_text import display_text
from roadtui.core.titles import short_title
from roadtui.session.activity.activity import ListedChange
from roadtui.session.activity.words import SIGNS, author_words, change_word, where_from
from roadtui.vault.activity.authors import AuthorKind


class RowForms(NamedTuple):
    """What is told of one change."""

    forms: tuple[str, ...]
    """From the longest to the shortest."""
    sign: str


def row_forms(listed: ListedChange, statuses: StatusRegistry) -> RowForms:
    """What is told of `listed`: `done by git · Mira`, `done · Mira`, `done`."""
    change, author = listed.change, listed.author
    word, who, whence = change_word(change, statuses), author_words(author), where_from(change)
    forms = [" ".join(part for part in (word, whence, who) if part), " ".join((word, whence)).strip()]
    if author is not None and author.name:
        forms.append(f"{word} · {display_text(author.name)}")
    elif author is not None and author.kind is not AuthorKind.OUTSIDE:
        forms.append(f"{word} {who}")
    forms.append(word)
    by_length = sorted(dict.fromkeys(forms), key=len, reverse=True)
    return RowForms(tuple(by_length), SIGNS[change.kind])


def gone_texts(lost: Sequence[ListedChange]) -> Iterator[str]:
    """The texts of tasks that are gone, safe for a terminal."""
    return (display_text(short_title(one.change.row.text)) for one in lost)
