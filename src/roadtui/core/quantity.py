"""Numbers with the word for what they count, as a person says them. Pure."""

from __future__ import annotations


def quantity(number: int, one: str, several: str = "") -> str:
    """`no tasks`, `1 task`, `2,000 tasks`; `several`: the plural, where it is not `one` with an `s`."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {several or f'{one}s'}" if number else f"no {several or f'{one}s'}"
