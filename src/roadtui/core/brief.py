"""A task's words in a sentence: few of them, as they are shown, with nothing that a terminal would act on."""

from __future__ import annotations

from roadtui.core.display import safe
from roadtui.core.fields import read_fields
from roadtui.core.repair import repair

MOST_CHARACTERS = 40


def brief(text: str) -> str:
    """The words of the task whose text behind the box is `text`, without its fields, cut with `…`."""
    words = safe(repair(read_fields(text).description or text))
    return words if len(words) <= MOST_CHARACTERS else f"{words[: MOST_CHARACTERS - 1].rstrip()}…"
