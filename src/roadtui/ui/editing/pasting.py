"""Text from anywhere as a list of tasks."""

from __future__ import annotations

import re

_ITEM = re.compile(r"(?P<marker>[-*+]|[0-9]{1,9}[.)])(?P<blank>[ \t]+)(?P<rest>.*)")
_BOX = re.compile(r"\[.\](?=[ \t]|\Z)")


def as_tasks(text: str) -> str:
    """Each line of `text` that says anything as a task, as deep as it stands; tasks stay as they are."""
    lines = (_as_task(line) for line in text.splitlines() if line.strip())
    return "".join(f"{line}\n" for line in lines)


def count_lines(text: str) -> int:
    """How many lines of `text` say anything."""
    return sum(1 for line in text.splitlines() if line.strip())


def _as_task(line: str) -> str:
    words = line.strip()
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    item = _ITEM.fullmatch(words)
    if item is None:
        return f"{blanks}- [ ] {words}"
    if _BOX.match(item["rest"]):
        return f"{blanks}{words}"
    return f"{blanks}{item['marker']} [ ] {item['rest']}"
