"""What a task links to: notes of the vault, and what leads elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

from roadtui.core.linking import LinkResolver
from roadtui.core.note import Task
from roadtui.vault.snapshot import Snapshot, VaultNote

_URL = re.compile(r"https?://[^\s<>\])]+")


class TaskLink(NamedTuple):
    """One link on the line of a task."""

    words: str
    """What is shown of it."""
    path: str | None
    """The note that it leads to; None where that is in no note of the vault."""
    line: int | None
    """The line of the heading that it names, from 0; None for the note as it is."""
    remark: str = ""
    """Why it leads nowhere."""


def task_links(snapshot: Snapshot, note: VaultNote, task: Task) -> tuple[TaskLink, ...]:
    """The links on the line of `task`, those to notes first."""
    found = dict.fromkeys(link.target for link in note.note.links if link.line == task.line)
    resolver = LinkResolver(snapshot.notes) if found else None
    links = [_resolved(snapshot, resolver, note, target) for target in found] if resolver is not None else []
    links.sort(key=lambda link: link.path is None)
    return (*links, *(TaskLink(url, None, None) for url in dict.fromkeys(_URL.findall(task.text))))


def _resolved(snapshot: Snapshot, resolver: LinkResolver, note: VaultNote, target: str) -> TaskLink:
    path = resolver.resolve(target, note.path)
    if path is None:
        return TaskLink(target, None, None, "not in this vault")
    heading = target.partition("#")[2].rpartition("#")[2].strip().casefold()
    sections = snapshot.notes[path].note.sections[1:]
    line = next((one.line for one in sections if heading and one.title.casefold() == heading), None)
    return TaskLink(target, path, line)
