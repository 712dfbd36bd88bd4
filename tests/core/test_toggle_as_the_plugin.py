"""Our toggle beside the Tasks plugin's own, line by line.

`tests/data/tasks-toggle*.jsonl` was observed on obsidian-tasks 8.3.0: a line, its settings, what the plugin
made of it and how it read it. More files of that kind are taken from the folder ROADTUI_GOLDEN, if set.
The differences are explained in docs/toggle-differences.md.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypedDict

import pytest

from roadtui.core.tasks.field_specs import FieldKind, TaskFormat
from roadtui.core.tasks.fields import Fields, field_text, read_fields
from roadtui.core.tasks.task_line import TaskSettings, find_symbol, toggle


class Reading(TypedDict):
    """The plugin's own reading of a line."""

    status: str
    description: str
    priority: str
    created: str | None
    start: str | None
    scheduled: str | None
    due: str | None
    done: str | None
    cancelled: str | None
    recurrence: str | None
    id: str
    dependsOn: list[str]
    onCompletion: str
    blockLink: str
    tags: list[str]


class Row(TypedDict):
    line: str
    today: str
    settings: dict[str, bool | str]
    toggled: str
    canonical: bool
    task: Reading | None


class Difference(Enum):
    """Why a line of ours is not the plugin's, although it says the same."""

    FIELD_ORDER = "fields keep their order"
    TAG_BEHIND_FIELD = "a tag stays behind a field"
    ROUND_BRACKETS = "a Dataview field keeps its round brackets"
    OTHER_SIGN = "a field keeps its sign: 📆 for 📅, or a sign followed by U+FE0F"
    DUPLICATE = "a field that is given twice stays"
    SPACES = "spaces stay"


def golden_rows() -> list[Row]:
    folders = [Path(__file__).parents[1] / "data"]
    if "ROADTUI_GOLDEN" in os.environ:
        folders.append(Path(os.environ["ROADTUI_GOLDEN"]))
    files = [file for folder in folders for file in sorted(folder.glob("tasks-toggle*.jsonl"))]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


ROWS = golden_rows()
READ_BY_PLUGIN = [(row, row["task"]) for row in ROWS if row["task"] is not None]


def settings_of(row: Row) -> TaskSettings:
    given = row["settings"]
    return TaskSettings(
        set_done_date=bool(given.get("setDoneDate", True)),
        set_cancelled_date=bool(given.get("setCancelledDate", True)),
        set_created_date=bool(given.get("setCreatedDate", False)),
        recurrence_on_next_line=bool(given.get("recurrenceOnNextLine", False)),
        remove_scheduled_date_on_recurrence=bool(given.get("removeScheduledDateOnRecurrence", False)),
        global_filter=str(given.get("globalFilter", "")),
        task_format=TaskFormat(given.get("taskFormat", TaskFormat.EMOJI.value)),
    )


def our_lines(row: Row) -> list[str]:
    return list(toggle(row["line"], date.fromisoformat(row["today"]), settings_of(row)))


def plugin_lines(row: Row) -> list[str]:
    return row["toggled"].split("\n") if row["toggled"] else []


@dataclass(frozen=True)
class Parts:
    """A task line, taken apart."""

    head: str
    fields: Fields
    tail: str

    @classmethod
    def of(cls, line: str, format: TaskFormat) -> Parts:
        symbol_index = find_symbol(line)
        assert symbol_index is not None
        behind = line[symbol_index + 2 :]
        tail = behind[len(behind.rstrip()) :]
        return cls(line[: symbol_index + 2], read_fields(behind.strip(), format), tail)


def as_plugin_writes(line: str, format: TaskFormat) -> str:
    """What the plugin's rewriting of the whole line makes of a line, from our reading of it."""
    parts = Parts.of(line, format)
    written = [f" {parts.fields.description}"]
    for kind in FieldKind:
        field = next(iter(parts.fields.read_by_plugin(kind)), None)
        if field is not None:
            written.append(format.separator + field_text(kind, field.raw, format))
    block = "" if parts.fields.block_id is None else f" ^{parts.fields.block_id}"
    return parts.head + "".join(written) + block + parts.tail


def differences(line: str, format: TaskFormat) -> set[Difference]:
    """What in `line` the plugin would write otherwise."""
    fields = Parts.of(line, format).fields
    kinds = [field.kind for field in fields.all]
    found = set()
    if kinds != sorted(kinds, key=list(FieldKind).index):
        found.add(Difference.FIELD_ORDER)
    if len(set(kinds)) < len(kinds):
        found.add(Difference.DUPLICATE)
    if any("#" in fields.text[field.end : fields.end] for field in fields.all):
        found.add(Difference.TAG_BEHIND_FIELD)
    for field in fields.all:
        written = fields.text[field.start : field.end]
        if written.startswith("("):
            found.add(Difference.ROUND_BRACKETS)
        elif written != field_text(field.kind, field.raw, format):
            found.add(Difference.OTHER_SIGN)
    if not found and as_plugin_writes(line, format) != line:
        found.add(Difference.SPACES)
    return found


def test_there_is_something_to_compare() -> None:
    assert len(ROWS) >= 2100
    assert sum(row["canonical"] for row in ROWS) >= 1596


def test_a_line_in_the_plugins_own_form_is_toggled_to_the_same_bytes() -> None:
    wrong = [
        (row["line"], our_lines(row), plugin_lines(row))
        for row in ROWS
        if row["canonical"] and our_lines(row) != plugin_lines(row)
    ]
    assert wrong == []


def test_any_other_line_says_the_same_and_differs_only_in_ways_with_a_name() -> None:
    for row in ROWS:
        format = settings_of(row).task_format
        ours, theirs = our_lines(row), plugin_lines(row)
        assert len(ours) == len(theirs), row["line"]
        for our, their in zip(ours, theirs, strict=True):
            if row["task"] is None:
                assert our == their
                continue
            assert as_plugin_writes(our, format) == their
            assert (our != their) == bool(differences(our, format)), our


def test_only_the_differences_that_are_documented_occur() -> None:
    seen = {
        difference
        for row in ROWS
        if row["task"] is not None
        for line in our_lines(row)
        for difference in differences(line, settings_of(row).task_format)
    }
    documented = (Path(__file__).parents[2] / "docs" / "toggle-differences.md").read_text("utf-8")
    assert seen <= {difference for difference in Difference if difference.value in documented}
    assert {Difference.FIELD_ORDER, Difference.TAG_BEHIND_FIELD, Difference.ROUND_BRACKETS} <= seen


_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_END_DATE = rf" {{1,2}}(?:[✅❌] {_DAY}|[\[(](?:completion|cancelled):: {_DAY}[\])])"
_LEFT_OUT_NEXT_TIME = "|".join(
    (
        _END_DATE,
        rf" {{1,2}}(?:[➕⏳] {_DAY}|[🆔⛔] [a-z0-9,_-]+)",
        rf" {{1,2}}[\[(](?:(?:created|scheduled):: {_DAY}|(?:id|dependsOn):: [^\])]+)[\])]",
        r" \^[a-z0-9-]+(?= *\Z)",
    )
)


def rest(line: str, left_out: str) -> str:
    """A line without its mark and what `left_out` matches."""
    return re.sub(left_out, "", re.sub(r"\[.\]", "[]", line, count=1))


def test_the_toggled_task_keeps_every_byte_but_mark_done_and_cancelled() -> None:
    for row, task in READ_BY_PLUGIN:
        becomes = "[ ]" if task["status"] in "x-" else "[x]"
        for line in our_lines(row):
            if becomes in line:
                assert rest(line, _END_DATE) == rest(row["line"], _END_DATE)


def test_the_next_occurrence_keeps_every_byte_but_dates_ids_and_block_id() -> None:
    repeated = 0
    for row, task in READ_BY_PLUGIN:
        if task["status"] in "x-":
            continue
        for line in our_lines(row):
            if "[x]" not in line:
                repeated += 1
                ours, original = (rest(text, _LEFT_OUT_NEXT_TIME) for text in (line, row["line"]))
                assert re.sub(_DAY, "DATE", ours) == re.sub(_DAY, "DATE", original)
    assert repeated > 250


@pytest.mark.parametrize("key", [key for key in Reading.__annotations__ if key not in ("status", "tags")])
def test_fields_are_read_as_the_plugin_reads_them(key: str) -> None:
    wrong = []
    for row, task in READ_BY_PLUGIN:
        ours = as_the_plugin_says(Parts.of(row["line"], settings_of(row).task_format).fields)
        if ours[key] != task[key]:  # type: ignore[literal-required]
            wrong.append((row["line"], ours[key]))
    assert wrong == []


def test_tags_are_read_as_the_plugin_reads_them_but_for_the_global_filter() -> None:
    for row, task in READ_BY_PLUGIN:
        settings = settings_of(row)
        tags = Parts.of(row["line"], settings.task_format).fields.tags
        assert [tag for tag in tags if tag != settings.global_filter] == task["tags"]


def test_the_plugin_reads_every_field_of_the_observed_lines() -> None:
    for row, _ in READ_BY_PLUGIN:
        fields = Parts.of(row["line"], settings_of(row).task_format).fields
        assert all(field.plugin_reads for field in fields.all)


def as_the_plugin_says(fields: Fields) -> dict[str, object]:
    return {
        "description": fields.description,
        "priority": str(fields.priority.value),
        **{
            day: None if value is None else value.isoformat()
            for day, value in (
                ("created", fields.created),
                ("start", fields.start),
                ("scheduled", fields.scheduled),
                ("due", fields.due),
                ("done", fields.done),
                ("cancelled", fields.cancelled),
            )
        },
        "recurrence": fields.recurrence,
        "id": fields.id or "",
        "dependsOn": list(fields.depends_on),
        "onCompletion": fields.on_completion or "",
        "blockLink": "" if fields.block_id is None else f" ^{fields.block_id}",
    }
