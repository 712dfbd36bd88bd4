"""Numbers with their noun, in the singular or plural. Pure."""

from __future__ import annotations


def quantity(number: int, singular: str, plural: str = "") -> str:
    """`no tasks`, `1 task` or `2,000 tasks`; `plural` is needed where it is not `singular` with an `s`."""
    if number == 1:
        return f"1 {singular}"
    return f"{number:,} {plural or f'{singular}s'}" if number else f"no {plural or f'{singular}s'}"
