"""Finds the heading or item of a note that a link names after its `#`. Pure."""

from __future__ import annotations

from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Note, Section
from roadtui.core.tasks.fields import read_fields


def find_target(note: Note, fragment: str) -> Section | ListItem | None:
    """What `fragment` (`Heading`, `Heading#Below it`, `^block-id`) names in `note`.

    None where there is no such heading, or no item with such a block id: the model holds no other blocks.
    """
    last = fragment.rpartition("#")[2].strip()
    if last.startswith("^"):
        return next((item for item in note.items if block_id(item) == last[1:].lower()), None)
    wanted = [_letters(part) for part in fragment.split("#") if part.strip()]
    if not wanted:
        return None
    return next((section for section in note.sections[1:] if _is_at(section, wanted)), None)


def block_id(item: ListItem) -> str | None:
    """The id of `item` that links name after `#^`, in lower case as case does not matter; or None."""
    if "^" not in item.source:
        return None
    found = read_fields(item.source).block_id
    return found.lower() if found is not None else None


def _is_at(section: Section, wanted: list[str]) -> bool:
    """Whether the last of `wanted` names `section`, and the others headings around it, in order."""
    titles = [_letters(title) for title in section.heading_path]
    if titles[-1] != wanted[-1]:
        return False
    around = iter(titles[:-1])
    return all(title in around for title in wanted[:-1])


def _letters(heading: str) -> str:
    """What Obsidian compares of a heading: letters and digits, as a link cannot hold all punctuation."""
    return "".join(filter(str.isalnum, repair(heading).casefold()))
