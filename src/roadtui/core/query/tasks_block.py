"""Reads the ```` ```tasks ```` blocks of a note, which the Tasks plugin runs, as queries of ours. Pure.

Instructions that have the same meaning here become terms. All others are named, so that nobody takes the
result for what the plugin shows (source of the instructions: the plugin's documentation).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from roadtui.core.patterns import LazyPattern

_FENCE = LazyPattern(r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})(?P<info>.*)")


class TasksBlock(NamedTuple):
    """A query of the Tasks plugin in a note."""

    line: int
    """The line of its opening fence, from 0."""
    instructions: tuple[str, ...]
    """Its lines, without comments and empty ones; a line that ends in a backslash is joined with the next."""


class MappedBlock(NamedTuple):
    """A query of the Tasks plugin, in the words of this program."""

    query: str
    unmapped: tuple[str, ...]
    """The instructions that have no counterpart."""


def find_tasks_blocks(text: str) -> Iterator[TasksBlock]:
    """The ```` ```tasks ```` blocks of a note with the content `text`, in order."""
    fence = ""
    start = 0
    lines: list[str] | None = None
    for number, line in enumerate(text.splitlines()):
        if not fence:
            opening = _FENCE.match(line)
            if opening is not None and not (opening["fence"][0] == "`" and "`" in opening["info"]):
                fence, start = opening["fence"], number
                lines = [] if opening["info"].strip().lower() == "tasks" else None
            continue
        inner = re.sub("^[ \t>]*", "", line)
        stripped = inner.strip()
        if stripped.startswith(fence) and not stripped.strip(fence[0]):
            if lines is not None:
                yield TasksBlock(start, tuple(_instructions(lines)))
            fence = ""
        elif lines is not None:
            lines.append(inner)


def _instructions(lines: list[str]) -> Iterator[str]:
    joined = re.sub(r"[ \t]*(?<!\\)\\[ \t]*\n\s*", " ", "\n".join(lines))
    for line in joined.split("\n"):
        instruction = line.strip()
        if instruction and not instruction.startswith("#"):
            yield instruction


def map_block(block: TasksBlock, path: str) -> MappedBlock:
    """The query with the meaning of `block`, which stands in the note at `path`."""
    terms: list[str] = []
    unmapped: list[str] = []
    for instruction in block.instructions:
        term = _map(instruction.replace("{{query.file.path}}", path))
        if term is None:
            unmapped.append(instruction)
        else:
            terms.append(term)
    return MappedBlock(" ".join(("is:task", *terms)) if terms else "", tuple(unmapped))


def _map(instruction: str) -> str | None:
    """The term with the meaning of one instruction; None where there is none."""
    if "{{" in instruction:
        return None
    text = " ".join(instruction.split())
    for pattern, make in _RULES:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found is not None:
            return make(found)
    return _map_boolean(text)


# Single instructions

_DATES = {
    "due": "due",
    "start": "start",
    "starts": "start",
    "scheduled": "scheduled",
    "created": "created",
    "done": "done",
    "cancelled": "cancelled",
}
_KINDS = "|".join(_DATES)
_COMPARED = {
    "before": "<",
    "after": ">",
    "on": "",
    "in": "",
    "on or before": "<=",
    "in or before": "<=",
    "on or after": ">=",
    "in or after": ">=",
    "": "",
}
_PERIOD = "(?:last|this|next) (?:week|month|year)"
_DAY = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{4}}-[0-9]{{2}}|[0-9]{{4}}|today|tomorrow|yesterday|{_PERIOD}"
)
_WHEN = (
    rf"(?P<compared>on or before|on or after|in or before|in or after|before|after|on|in|) ?(?P<day>{_DAY})"
)
_PRIORITY = "lowest|low|none|medium|high|highest"
_SORTED_BY = {
    **{
        name: name for name in ("due", "start", "scheduled", "created", "done", "priority", "urgency", "path")
    },
    "status": "status",
    "status.type": "status",
    "description": "text",
}


def _quoted(text: str) -> str:
    return '"' + text.strip().replace('"', "") + '"'


def _dated(found: re.Match[str]) -> str:
    return _about_day(_DATES[found["kind"].lower()], found)


def _about_day(name: str, found: re.Match[str]) -> str:
    term = f"{name}:{_COMPARED[found['compared'].lower()]}{found['day'].lower().replace(' ', '-')}"
    # The plugin finds tasks without a start day whatever the day is.
    return f"({term} or -has:start)" if name == "start" else term


def _in_range(found: re.Match[str]) -> str:
    name = _DATES[found["kind"].lower()]
    term = f"{name}:{found['first']}..{found['last']}"
    return f"({term} or -has:start)" if name == "start" else term


def _happens(found: re.Match[str]) -> str:
    compared, day = _COMPARED[found["compared"].lower()], found["day"].lower().replace(" ", "-")
    return "(" + " or ".join(f"{name}:{compared}{day}" for name in ("start", "scheduled", "due")) + ")"


def _text(name: str) -> Callable[[re.Match[str]], str]:
    """Makes a term about a text that something includes or does not."""

    def make(found: re.Match[str]) -> str:
        return f"{'-' if found['negated'] else ''}{name}{_quoted(found['text'])}"

    return make


def _tag(found: re.Match[str]) -> str | None:
    tag = found["text"].strip().removeprefix("#")
    return f"{'-' if found['negated'] else ''}#{tag}" if re.fullmatch(r'[^\s()"#]+', tag) else None


def _presence(found: re.Match[str]) -> str:
    name = _DATES.get(found["what"].lower().removesuffix(" date"), found["what"].lower())
    term = {"tag": "tag", "tags": "tag", "depends on": "depends"}.get(name, name)
    return f"{'-' if found['has'].lower() == 'no' else ''}has:{term}"


def _priority(found: re.Match[str]) -> str:
    compared = {"above": ">", "below": "<"}.get((found["compared"] or "").strip().lower(), "")
    negated = "-" if (found["compared"] or "").strip().lower() == "not" else ""
    return f"{negated}priority:{compared}{found['priority'].lower()}"


def _sorted(found: re.Match[str]) -> str | None:
    key = _SORTED_BY.get(found["key"].lower())
    return f"sort:{'-' if found['reverse'] else ''}{key}" if key is not None else None


def _same(term: str) -> Callable[[re.Match[str]], str]:
    return lambda _: term


_INCLUDES = "(?:includes?|(?P<negated>do(?:es)? not include)) (?P<text>.+)"
_Rule = tuple[str, Callable[[re.Match[str]], str | None]]
_RULES: tuple[_Rule, ...] = (
    ("not done", _same("-is:done -is:cancelled")),
    ("done", _same("(is:done or is:cancelled)")),
    (rf"(?P<kind>{_KINDS}) {_WHEN}", _dated),
    (rf"(?P<kind>{_KINDS}) (?:in )?(?P<first>[0-9-]{{10}}) (?P<last>[0-9-]{{10}})", _in_range),
    (rf"happens {_WHEN}", _happens),
    (
        "(?P<has>has|no) (?P<what>(?:due|start|scheduled|created|done|cancelled) date|tags?|id|depends on)",
        _presence,
    ),
    (rf"priority is (?P<compared>above |below |not )?(?P<priority>{_PRIORITY})", _priority),
    (f"description {_INCLUDES}", _text("")),
    (f"path {_INCLUDES}", _text("path:")),
    (f"tags? {_INCLUDES}", _tag),
    ("id is (?P<id>[a-zA-Z0-9_-]+)", lambda found: f"id:{found['id']}"),
    ("is recurring", _same("has:repeat")),
    ("is not recurring", _same("-has:repeat")),
    ("is blocked", _same("is:blocked")),
    ("is not blocked", _same("-is:blocked")),
    ("is blocking", _same("unlocks:>0")),
    ("is not blocking", _same("-unlocks:>0")),
    (
        "status.type is (?P<negated>not )?(?P<type>TODO|IN_PROGRESS|ON_HOLD|DONE|CANCELLED|NON_TASK)",
        lambda found: f"{'-' if found['negated'] else ''}status:{found['type'].lower()}",
    ),
    ("sort by (?P<key>[a-z.]+)(?P<reverse> reverse)?", _sorted),
    ("limit (?:to )?(?P<number>[0-9]{1,5})(?: tasks?)?", lambda found: f"limit:{int(found['number'])}"),
)


# AND, OR, NOT


def _map_boolean(text: str) -> str | None:
    """`(A) AND NOT (B)`: the same with the terms of A and B; None where one of them has no counterpart."""
    parts = _split_boolean(text)
    if parts is None:
        return None
    mapped: list[str] = []
    for part in parts:
        if part in ("AND", "OR", "NOT"):
            mapped.append({"AND": " ", "OR": " or ", "NOT": "-"}[part])
        else:
            term = _map(part)
            if term is None or term.startswith(("sort:", "limit:")):
                return None
            mapped.append(f"({term})")
    return f"({''.join(mapped)})"


def _split_boolean(text: str) -> list[str] | None:
    """The operators and operands of `text`, in order; None where it is none of the kind."""
    parts: list[str] = []
    at = 0
    needs_operand = True
    while at < len(text):
        word = re.compile(r"(AND|OR|NOT)\b", re.IGNORECASE).match(text, at)
        if text[at] == " ":
            at += 1
        elif word is not None and (word[1].upper() == "NOT") == needs_operand:
            parts.append(word[1].upper())
            needs_operand, at = True, word.end()
        elif text[at] == "(" and needs_operand:
            end = _matching(text, at)
            if end is None:
                return None
            parts.append(text[at + 1 : end].strip())
            needs_operand, at = False, end + 1
        else:
            return None
    return parts if parts and not needs_operand else None


def _matching(text: str, start: int) -> int | None:
    """The index of the parenthesis that closes the one at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return None
