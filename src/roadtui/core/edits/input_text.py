"""Checks text that the user typed for a task or heading, and escapes or refuses what a note cannot hold.

A task is one line. Text that Markdown would read as the start of something else (a list, a heading, a code
block) would break the note around it; where a backslash helps, it is put there, as editors of Markdown do.
"""

from __future__ import annotations

import re
import unicodedata

from roadtui.core.errors import RefusedError
from roadtui.core.markdown.grammar import DEFINITION, footnote, heading_text, is_rule
from roadtui.core.markdown.scanner import BlockScanner
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.fields import Field, read_fields
from roadtui.core.titles import short_title

_NOT_IN_A_LINE = frozenset(("Cc", "Zl", "Zp", "Cs"))
"""Unicode categories: control characters, line and paragraph separators, halves of characters."""
_ESCAPABLE = "#>-+*_["
_COUNTED = re.compile(r"([0-9]{1,9})([.)])")


def task_text(typed: str, previous: str = "") -> str:
    """`typed` as the text behind a checkbox, escaped where Markdown would read something else.

    Args:
        typed: What the user wrote.
        previous: The text before; invalid fields that it has already are accepted.

    Raises:
        RefusedError: the text is empty, has several lines, would hide the lines below, or has an invalid
            date or recurrence rule.
    """
    text = _one_line(typed)
    _check_fields(text, previous)
    if _stays_one_task(text):
        return text
    escaped = _COUNTED.sub(r"\1\\\2", text, count=1) if text[0].isdigit() else f"\\{text}"
    if (text[0] in _ESCAPABLE or text[0].isdigit()) and _stays_one_task(escaped):
        return escaped
    raise RefusedError(
        f"Not written: “{short_title(text)}” begins a block of code, a comment or a formula, "
        "and would hide the lines below it. Start it with a word."
    )


def heading_title(typed: str) -> str:
    """`typed` as the title of a heading; raises RefusedError where it is empty or has several lines."""
    text = _one_line(typed)
    return text if heading_text(text) == text else f"{text.rstrip('#')}\\#"


def _one_line(typed: str) -> str:
    text = typed.strip(" \t")
    if not text:
        raise RefusedError("Not written: there is no text.")
    if "\n" in text or "\r" in text:
        raise RefusedError("Not written: a task is one line. Add the lines as several tasks.")
    for character in text:
        if unicodedata.category(character) in _NOT_IN_A_LINE:
            raise RefusedError(
                f"Not written: the text holds the control character U+{ord(character):04X}. Remove it."
            )
    return text


def _stays_one_task(text: str) -> bool:
    """Whether `text` behind a checkbox is read as the text of that one task and nothing else."""
    is_ruled = text[0] in "-*_" and is_rule(text, 0)
    if text[0] == ">" or is_ruled or footnote(text) or DEFINITION.match(text):
        return False
    scanner = BlockScanner([f"- [ ] {text}", "  - [ ] probe", "- [ ] probe"])
    scanner.run()
    lines = [(item.line, item.parent.line if item.parent is not None else None) for item in scanner.items]
    return lines == [(0, None), (1, 0), (2, None)] and len(scanner.sections) == 1


def _check_fields(text: str, previous: str) -> None:
    """Raise RefusedError for invalid dates and recurrence rules that `previous` does not have."""
    before = {(field.kind, field.raw) for field in read_fields(previous).all}
    found = read_fields(text)
    for field in found.all:
        if (field.kind, field.raw) not in before and (problem := _field_problem(field)) is not None:
            raise RefusedError(f"Not written: {problem}")


def _field_problem(field: Field) -> str | None:
    if field.kind.is_date and field.day is None:
        return f"{field.raw} is not a date."
    if field.kind is FieldKind.RECURRENCE:
        from roadtui.core.tasks.recurrence import (
            read_rule,  # Brings in dateutil, which hardly any text needs.
        )

        if read_rule(field.raw) is None:
            return f"“{field.raw}” is not a rule for repeating. Write for example: every 2 weeks."
    return None


_ITEM = re.compile(r"(?P<marker>[-*+]|[0-9]{1,9}[.)])(?P<blank>[ \t]+)(?P<rest>.*)")
_BOX = re.compile(r"\[.\](?=[ \t]|\Z)")


def as_tasks(text: str) -> str:
    """`text` with each non-blank line as a task at its indentation; lines that are tasks stay as they are."""
    lines = (_as_task(line) for line in text.splitlines() if line.strip())
    return "".join(f"{line}\n" for line in lines)


def count_lines(text: str) -> int:
    """The number of non-blank lines of `text`."""
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
