"""Predicts the rows after an edit that is queued, from what the edit says it changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from roadtui.core.edits.edit import Edit, EditTarget, Transaction, WholeNoteAnchor
from roadtui.core.edits.input_text import task_text
from roadtui.core.edits.insert import InsertAfter, InsertChild, PasteMarkdown
from roadtui.core.edits.list_layout import ListMarker
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import Delete, Indent, MoveSibling, Outdent
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField, SetText
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse
from roadtui.core.note import ListItem, Note, Task
from roadtui.core.outline import Outline
from roadtui.session.outline.predicted_outline import NewRow, OutlinePredictor, PredictedTask, Prediction

_BOX = "[ ] "
_PREDICTED = (
    *(Delete, MoveSibling, Indent, Outdent),
    *(SetText, SetField, EditTags, AddDependency),
    *(InsertAfter, InsertChild, PasteMarkdown),
)
"""The changes of which the rows can be told."""


def predict(transaction: Transaction, note: Note, outline: Outline) -> Prediction | None:
    """The rows of `note`, which are shown as `outline`, after `transaction`.

    None where the rows cannot be told before it is written: the edit is one of
    another note or of another state of this one, it is of another kind, or it will be refused.
    """
    if len(transaction.edits) != 1:
        return None
    edit = transaction.edits[0]
    contents = _contents(edit, note)
    if contents is None or not isinstance(edit.change, _PREDICTED):
        return None
    predictor = OutlinePredictor(note, outline)
    match edit.change:
        case Delete():
            return predictor.remove(contents)
        case MoveSibling(step, past):
            return predictor.move(contents, step, past)
        case Indent():
            return predictor.indent(contents)
        case Outdent():
            return predictor.outdent(contents)
        case SetText() | SetField() | EditTags() | AddDependency():
            return _changed_lines(predictor, edit, note, contents)
        case InsertAfter() | InsertChild() | PasteMarkdown():
            return _inserted(predictor, edit, note, contents)
    return None


def _contents(edit: Edit, note: Note) -> list[Anchorable] | None:
    """What `edit` is anchored at; None where that is not in this state of `note`."""
    if isinstance(edit.anchors, WholeNoteAnchor) or any(anchor.note is not note for anchor in edit.anchors):
        return None
    return [anchor.content for anchor in edit.anchors]


def _changed_lines(
    predictor: OutlinePredictor, edit: Edit, note: Note, contents: Sequence[Anchorable]
) -> Prediction | None:
    """The rows with the lines that the change makes of those of its tasks."""
    tasks = [content for content in contents if isinstance(content, Task)]
    if not tasks or len(tasks) < len(contents):
        return None
    try:
        changed = edit.change.replacements(EditTarget(note, (), tuple(tasks)))
    except RefusedError:
        return None
    lines = {replacement.line: replacement.lines[0].text for replacement in changed}
    return predictor.replace(
        {task: _reworded(task, lines[task.line]) for task in tasks if task.line in lines}
    )


def _reworded(task: Task, source: str) -> PredictedTask:
    return PredictedTask(task.index, task.line, source, task.section, task.parent, task.symbol_index)


def _inserted(
    predictor: OutlinePredictor, edit: Edit, note: Note, contents: Sequence[Anchorable]
) -> Prediction | None:
    content = contents[0] if contents else None
    if len(contents) > 1:
        return None
    is_beside, is_first = isinstance(content, ListItem), content is not None
    match edit.change:
        case InsertAfter(texts):
            new = _tasks(texts, content, note)
        case InsertChild(texts, _, is_first):
            is_beside = False
            new = _tasks(texts, content, note)
        case PasteMarkdown(text):
            new = _pasted(text, content, note)
        case _:
            return None
    if not new:
        return None
    if is_beside and isinstance(content, ListItem):
        return predictor.insert_after(content, new)
    return predictor.insert_inside(content, new, is_first=is_first)


def _tasks(texts: Sequence[str], beside: Anchorable | None, note: Note) -> list[NewRow]:
    try:
        return [NewRow(_new_task(_BOX + task_text(text), 1, beside, note)) for text in texts]
    except RefusedError:
        return []


def _new_task(text: str, box: int, beside: Anchorable | None, note: Note) -> PredictedTask:
    """A task with `text`, whose status symbol is at `box` of it, at the place of `beside`."""
    lead = ListMarker.find(beside) if isinstance(beside, ListItem) else None
    start = "".join(lead) if lead is not None and lead.number is None else "- "
    section = note.sections[-1] if beside is None else beside
    return PredictedTask(
        -1,
        beside.line if beside is not None else note.line_count,
        start + text,
        section.section if isinstance(section, ListItem) else section,
        None,
        len(start) + box,
    )


def _pasted(text: str, beside: Anchorable | None, note: Note) -> list[NewRow]:
    """The rows that pasted Markdown adds; empty where it is more than a list of tasks."""
    lines = dedent(text)
    pasted = parse(lines)
    if not pasted.items:
        return _tasks([line for line in lines.splitlines() if line.strip()], beside, note)
    first = pasted.items[0].line
    is_list = len(pasted.sections) == 1 and not any(line.strip() for line in lines.splitlines()[:first])
    tasks = list(pasted.tasks)
    if not is_list or len(tasks) < len(pasted.items):
        return []
    return [
        NewRow(
            _new_task(task.source[task.symbol_index - 1 :], 1, beside, note),
            task.parent.index if task.parent is not None else -1,
        )
        for task in tasks
    ]
