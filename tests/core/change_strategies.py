"""Strategies for changes of a note, for property tests of edits."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from roadtui.core.edits.edit import Change
from roadtui.core.edits.insert import InsertAfter, InsertChild, InsertSection, PasteMarkdown, SplitTask
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import Delete, Indent, MoveSibling, Outdent
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import EditTags, SetField, SetText
from roadtui.core.note import Note, Section, Task
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.status import StatusRegistry, TaskSettings

TODAY = date(2026, 3, 14)
PLUGIN = TaskSettings()

MOVES: st.SearchStrategy[Change] = st.sampled_from(
    [MoveSibling(1), MoveSibling(-1), Indent("\t"), Indent("  "), Outdent()]
)
TEXTS = st.sampled_from(["new", "1. new", "new 📅 2026-05-05", "# new", "[ ] new", "new %%", "> new"])


@st.composite
def changes(draw: st.DrawFn, content: Anchorable) -> Change:
    """Something that can be wanted of `content`."""
    text = draw(TEXTS)
    if isinstance(content, Section):
        of_section: list[Change] = [
            *(InsertChild((text,), "\t"), InsertSection(text), Delete(), SetText(content.title, text))
        ]
        return draw(st.sampled_from(of_section))
    if not isinstance(content, Task):
        of_bullet: list[Change] = [InsertAfter((text,)), InsertChild((text,), "  "), Delete()]
        return draw(MOVES | st.sampled_from(of_bullet))
    status = SetStatus(
        (content.status_symbol,),
        (draw(st.sampled_from("x -/")),),
        TODAY,
        draw(st.sampled_from([None, PLUGIN, PLUGIN._replace(recurrence_on_next_line=True)])),
        StatusRegistry(),
        with_children=draw(st.booleans()),
        roll_up=draw(st.sampled_from(RollUp)),
    )
    others: list[Change] = [
        *(InsertAfter((text, "two")), InsertChild((text,), "\t"), Delete(), SetText(content.text, text)),
        *(
            SplitTask(content.text, (text, "b", "c")),
            PasteMarkdown("- [ ] one\n  - two\n", "\t"),
            status,
            status,
        ),
        *(SetField(FieldKind.DUE, TODAY, PLUGIN), SetField(FieldKind.PRIORITY, Priority.HIGH, PLUGIN)),
        EditTags(("#new",), ("#tag",), PLUGIN),
    ]
    return draw(MOVES | st.sampled_from(others))


def contents(note: Note) -> list[Anchorable]:
    """All that an edit can hold on to."""
    return [*note.items, *note.sections[1:]]
