"""Tags put into the line of a task and taken out of it; every other character stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from roadtui.core.errors import RefusedError
from roadtui.core.fields import WHITE, TaskFormat, read_fields
from roadtui.core.note import Task

_TAG = re.compile(r"#[^\s!@#$%^&*(),.?\":{}|<>]+")


def read_tag(typed: str) -> str:
    """The tag that a person means by `typed`, with its `#`.

    Raises:
        RefusedError: it would be no tag; one needs a character that is no digit (Obsidian).
    """
    tag = "#" + typed.strip().removeprefix("#")
    if _TAG.fullmatch(tag) is None or tag[1:].isdigit():
        raise RefusedError(f"“{tag}” can't be a tag: letters, digits, - _ and / only, and not digits alone.")
    return tag


def retagged(task: Task, add: Iterable[str], remove: Iterable[str], format: TaskFormat) -> str:
    """The line of `task` with the tags `add` behind its words, and without those in `remove`."""
    line = task.source
    for tag in remove:
        found = re.compile(rf"[ \t]*(?<!\S){re.escape(tag)}(?=[\s!@#$%^&*(),.?\":{{}}|<>]|\Z)").search(
            line, task.mark_at + 2
        )
        while found is not None:
            start = max(found.start(), task.mark_at + 2)
            line = line[:start] + line[found.end() :]
            found = found.re.search(line, start)
    for tag in add:
        text = line[task.mark_at + 2 :].strip(WHITE)
        fields = read_fields(text, format)
        if tag in fields.tags:
            continue
        at = line.index(text, task.mark_at + 2) if text else min(task.mark_at + 3, len(line))
        behind = min((field.start for field in fields.all if field.plugin_reads), default=fields.end)
        at += len(text[:behind].rstrip(" \t"))
        before = line[:at] if text or line[at - 1 : at] == " " else line[:at] + " "
        line = before + (" " if text else "") + tag + line[at:]
    return line
