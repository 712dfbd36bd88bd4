"""Blocks of the Tasks plugin as queries, and the instructions that have no counterpart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.query.query import read_query
from roadtui.core.query.tasks_block import MappedBlock, TasksBlock, find_tasks_blocks, map_block
from tests.core.query.querying import TODAY, found

NOTE = """\
# Today

```tasks
not done
due before tomorrow
# a comment

sort by due
```

> [!todo]
> ~~~~ tasks
> (path includes roadmaps) AND \\
>   (tag includes #ml)
> ~~~~

````text
```tasks
done
```
````

```tasks
limit 5
"""


def test_the_blocks_of_a_note() -> None:
    assert list(find_tasks_blocks(NOTE)) == [
        TasksBlock(2, ("not done", "due before tomorrow", "sort by due")),
        TasksBlock(11, ("(path includes roadmaps) AND (tag includes #ml)",)),
    ]


@pytest.mark.parametrize(
    ("instruction", "query"),
    [
        ("not done", "-is:done -is:cancelled"),
        ("done", "(is:done or is:cancelled)"),
        ("NOT DONE", "-is:done -is:cancelled"),
        ("due today", "due:today"),
        ("due on 2026-12-01", "due:2026-12-01"),
        ("due before 2026-12-01", "due:<2026-12-01"),
        ("due after today", "due:>today"),
        ("due on or before next week", "due:<=next-week"),
        ("due in this month", "due:this-month"),
        ("due this month", "due:this-month"),
        ("due 2026-12-01 2026-12-24", "due:2026-12-01..2026-12-24"),
        ("done after 2026-11-01", "done:>2026-11-01"),
        ("starts before tomorrow", "(start:<tomorrow or -has:start)"),
        ("happens today", "(start:today or scheduled:today or due:today)"),
        ("has due date", "has:due"),
        ("no scheduled date", "-has:scheduled"),
        ("no tags", "-has:tag"),
        ("priority is high", "priority:high"),
        ("priority is above none", "priority:>none"),
        ("priority is not low", "-priority:low"),
        ("description includes big idea", '"big idea"'),
        ("description does not include old", '-"old"'),
        ("path includes road maps", 'path:"road maps"'),
        ("path includes {{query.file.path}}", 'path:"Plan.md"'),
        ("tags include #ml", "#ml"),
        ("tag does not include #ml/x", "-#ml/x"),
        ("is recurring", "has:repeat"),
        ("is blocked", "is:blocked"),
        ("is blocking", "unlocks:>0"),
        ("status.type is IN_PROGRESS", "status:in_progress"),
        ("status.type is not DONE", "-status:done"),
        ("sort by priority", "sort:priority"),
        ("sort by due reverse", "sort:-due"),
        ("limit to 10 tasks", "limit:10"),
        ("(due today) OR (no due date)", "((due:today) or (-has:due))"),
        ("NOT (is blocked)", "(-(is:blocked))"),
        ("(done) AND NOT (tag includes #a)", "(((is:done or is:cancelled)) -(#a))"),
        ("((due today) OR (done)) AND (has id)", "((((due:today) or ((is:done or is:cancelled)))) (has:id))"),
    ],
)  # fmt: skip
def test_an_instruction_with_a_counterpart(instruction: str, query: str) -> None:
    assert map_block(TasksBlock(0, (instruction,)), "Plan.md") == MappedBlock(f"is:task {query}", ())
    read_query(query, TODAY)


@pytest.mark.parametrize(
    "instruction",
    [
        "group by path",
        "hide edit button",
        "short mode",
        "explain",
        "filter by function task.isDone",
        "heading includes x",
        "folder includes roadmaps",
        "description regex matches /x/",
        "due before {{query.file.property('x')}}",
        "due before in two fortnights",
        "sort by random",
        "(due today) OR (group by path)",
        "(due today",
        "(due today) AND",
        "NOT",
        "(due today) OR (sort by due)",
        "(due today) AND (limit 5)",
        "(due today) XOR (done)",
        "priority is very high",
        "tags include two words",
    ],
)
def test_an_instruction_without_counterpart_is_named(instruction: str) -> None:
    block = TasksBlock(0, ("not done", instruction))
    assert map_block(block, "Plan.md") == MappedBlock("is:task -is:done -is:cancelled", (instruction,))


def test_a_mapped_block_finds_what_the_plugin_shows() -> None:
    due, late = "📅 2026-11-24", "📅 2026-12-24"
    text = f"- [ ] a {due}\n- [x] b {due}\n- [-] c {due}\n- [/] d {late}\n- [ ] e\n"
    mapped = map_block(TasksBlock(0, ("not done", "(due before tomorrow) OR (no due date)")), "Plan.md")
    assert found(mapped.query, text) == ["a", "e"]


@given(st.lists(st.text(alphabet='ab()NOTANDORdue "#{}', max_size=30), max_size=4))
def test_any_instructions_become_a_query_that_is_understood(lines: list[str]) -> None:
    mapped = map_block(TasksBlock(0, tuple(line for line in lines if line.strip())), "Plan.md")
    read_query(mapped.query, TODAY)
