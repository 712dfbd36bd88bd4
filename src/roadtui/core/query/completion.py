"""Completes the names and values of terms while a query is being typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from roadtui.core.query.query import DIRECTIVES
from roadtui.core.query.terms import SORT_KEYS, SPECS, TermSpec, Vocabulary
from roadtui.core.query.text_match import fold

MOST = 8
"""How many completions are offered."""
_PART = re.compile(r"""-?\(*-?(?P<part>(?:[A-Za-z]+:[<>=]*)?(?:"[^"]*|[^\s"()]*))\Z""")
_TERM = re.compile(r'(?P<name>[A-Za-z]+):(?P<operator>[<>]=?|=)?"?(?P<value>.*)\Z', re.DOTALL)


class Completion(NamedTuple):
    """A way to complete what stands before the cursor."""

    text: str
    """What replaces the part of the query from `start` to `end`."""
    start: int
    end: int
    help: str
    """What it finds, in a few words."""


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Sequence[Completion]:
    """What the part of the query `text` before `cursor` may become, most likely first; at most `MOST`.

    Nothing is offered for a part without letters, nor for one that is complete already.
    """
    found = _PART.search(text, _start_of_part(text, cursor), cursor)
    if found is None or not found["part"]:
        return ()
    start, end = found.start("part"), cursor
    part = found["part"]
    offered: list[Completion] = []
    for completed, help in _completed(part, vocabulary):
        if completed != part:
            offered.append(Completion(completed, start, end, help))
        if len(offered) == MOST:
            break
    return offered


def is_unfinished(text: str, cursor: int, vocabulary: Vocabulary) -> bool:
    """Whether the part of the query `text` before `cursor` may be the beginning of a term.

    So are the `-` before a term, the beginning of its name, and of a value that it has. That the query finds
    nothing does not say much then.
    """
    found = _PART.search(text, _start_of_part(text, cursor), cursor)
    if found is None:
        return False
    part = found["part"].lower()
    if not part:
        return found[0].endswith("-")
    if ":" in part or part.startswith("#"):
        return bool(complete(text, cursor, vocabulary))
    return any(name.startswith(part) for name in (*SPECS, *DIRECTIVES))


def _start_of_part(text: str, cursor: int) -> int:
    """The index of the word before `cursor`; a quote that is open belongs to it, with the name before it."""
    before = text[:cursor]
    end = before.rfind('"') if before.count('"') % 2 else cursor
    return max(before.rfind(blank, 0, end) for blank in " \t\n") + 1


def _completed(part: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    if part.startswith("#"):
        tags = SPECS["#"]
        return ((f"#{tag}", tags.help) for tag in _matching(part[1:], tags.values(vocabulary)))
    found = _TERM.match(part)
    if found is None:
        return _named(part.lower())
    name, operator, value = found["name"].lower(), found["operator"] or "", found["value"]
    before = f"{name}:{operator}"
    if name == "sort":
        sign = "-" if value.startswith("-") else ""
        keys = _matching(value.removeprefix("-"), SORT_KEYS)
        return ((f"{before}{sign}{key}", DIRECTIVES[name]) for key in keys)
    spec = SPECS.get(name)
    if spec is None:
        return iter(())
    return ((f"{before}{_quoted(each)}", spec.help) for each in _matching(value, spec.values(vocabulary)))


def _named(part: str) -> Iterator[tuple[str, str]]:
    """Terms that begin with `part`, then states of `is:` that do."""
    for spec in SPECS.values():
        if spec.name.startswith(part):
            yield spec.prefix, _with_example(spec)
    for name, help in DIRECTIVES.items():
        if name.startswith(part):
            yield f"{name}:", help
    if len(part) > 1:
        for state in _matching_start(part, SPECS["is"].values(Vocabulary())):
            yield f"is:{state}", SPECS["is"].help


def _with_example(spec: TermSpec) -> str:
    return f"{spec.help}, as in {spec.example}"


def _matching(value: str, values: Iterable[str]) -> Iterator[str]:
    """The `values` that begin with `value`, then those that have two letters or more of it elsewhere."""
    wanted = fold(value)
    elsewhere: list[str] = []
    for each in values:
        at = fold(each).find(wanted)
        if at == 0:
            yield each
        elif at > 0 and len(wanted) > 1:
            elsewhere.append(each)
    yield from elsewhere


def _matching_start(value: str, values: Iterable[str]) -> Iterator[str]:
    return (each for each in values if each.startswith(value))


def _quoted(value: str) -> str:
    """`value` as it is written in a query: in quotes where it has blanks or parentheses."""
    return f'"{value}"' if re.search(r"[\s()]", value) else value
