"""Says in words what was added and done since a day. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import ellipsize
from roadtui.session.reports.changes_between import TaskChanges

_LEAST_NAME = 8
"""The fewest cells that the name of a note is cut to."""


def fitting_words(changes: TaskChanges, width: int, name: str | None = None) -> str:
    """`since then: +5 tasks, 12 done`, or the longest of its shorter forms that fits in `width` cells.

    For a note with a `name`, safe for a terminal, `in Plan: +5 tasks, 12 done`; empty where it does not fit.
    """
    if name is not None:
        return _words_of_note(changes, width, name)
    forms = list(_forms(changes))
    named = [f"since then: {form}" for form in forms[:-1]] + [f"since: {forms[-1]}", forms[-1]]
    return next((form for form in named if len(form) <= width), ellipsize(forms[-1], width, cell_len))


def _words_of_note(changes: TaskChanges, width: int, name: str) -> str:
    for is_cut in (False, True):
        for form in _forms(changes):
            space = width - len(f"in : {form}")
            if cell_len(name) <= space or (is_cut and space >= _LEAST_NAME):
                return f"in {ellipsize(name, space, cell_len)}: {form}"
    return ""


def _forms(changes: TaskChanges) -> Iterator[str]:
    """From the longest to the shortest, which has no nouns."""
    removed = [f"{changes.removed:,} removed"] * bool(changes.removed)
    done = [f"{changes.done:,} done"] * bool(changes.done)
    if not changes.added and not done:
        yield removed[0] if removed else "nothing added or done"
        yield removed[0] if removed else "nothing new"
        return
    added = [f"+{quantity(changes.added, 'task')}"] * bool(changes.added)
    yield ", ".join([*added, *removed, *done])
    yield ", ".join([*added, *done])
    yield ", ".join([f"+{changes.added:,}"] * bool(changes.added) + done)
