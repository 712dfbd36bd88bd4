"""Helpers for tests of edits: a note as text, what is edited named by its line."""

from __future__ import annotations

from roadtui.core.edits.edit import Change, Edit, EditResult, apply_edit
from roadtui.core.edits.locate import Anchor, Anchorable
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Note


def content_on(note: Note, line: int) -> Anchorable:
    """The first item, else the heading, on `line` (from 0)."""
    item = next((item for item in note.items if item.line == line), None)
    return item or next(section for section in note.sections[1:] if section.line == line)


def edit_of(change: Change, data: bytes, *lines: int) -> Edit:
    """An edit anchored at what stands on `lines`."""
    note = parse(data.decode("utf-8", "surrogateescape"))
    anchors = tuple(Anchor(note, content_hash(data), content_on(note, line)) for line in lines)
    return Edit("n.md", "change", anchors, change)


def made(change: Change, data: bytes, *lines: int) -> EditResult:
    """What comes of `change`; proves that it can be undone to the byte, and made again."""
    applied = apply_edit(edit_of(change, data, *lines), data)
    if applied.inverse is not None:
        undone = apply_edit(applied.inverse, applied.data)
        assert undone.data == data
        assert undone.inverse is not None
        assert apply_edit(undone.inverse, undone.data).data == applied.data
    return applied


def changed(change: Change, text: str, *lines: int) -> str:
    """The text that comes of `change`."""
    return made(change, text.encode(), *lines).data.decode()
