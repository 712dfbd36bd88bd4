"""`roadtui export`: everything in a vault as one JSON document, for other programs.

Its schema is `docs/export.schema.json`. It is written one note at a time, so that a large vault is in memory
only once.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from roadtui.cli.output import Value, day_value, progress_value, report_all
from roadtui.cli.query_option import FoundTasks, QueryFilter, query_option
from roadtui.cli.vault_argument import CliContext, load_vault, path_argument
from roadtui.core.links import LinkResolver
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.scan import linkable_files
from roadtui.vault.snapshot import Snapshot, VaultNote

_NON_ASCII = re.compile("[^\x00-\x7e]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@click.command("export")
@path_argument
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
@query_option
@click.pass_obj
def export_command(context: CliContext, path: Path | None, form: str, query: QueryFilter | None) -> None:
    """Write everything in a vault, a folder or a note as one JSON document.

    With --query, of the tasks only those that it finds, and the notes that they are in.
    """
    loaded = load_vault(path, context)
    snapshot = loaded.snapshot
    files = snapshot.notes if loaded.target.is_lone else linkable_files(loaded.vault.root)
    found = query.finds(loaded) if query is not None else None
    write_export(snapshot, loaded.below, files, sys.stdout, found)
    report_all(f"left out: {problem.reason}" for problem in snapshot.problems)
    loaded.check_note()


def write_export(
    snapshot: Snapshot, below: str, files: Iterable[str], out: TextIO, found: FoundTasks | None = None
) -> None:
    """Write the notes at or below `below` (empty: all) to `out`, in order of their paths, one a line.

    Args:
        snapshot: The vault.
        below: A note or folder, relative to the vault.
        files: Every file that a link can lead to, relative to the vault.
        out: The stream to write to. Only ASCII is written, without control characters of notes.
        found: The only tasks to write, with their notes; None for everything.
    """
    exporter = _Exporter(snapshot, LinkResolver(files), found.ids if found is not None else None)
    paths = {note.path for note, _ in found.tasks} if found is not None else None
    out.write(f'{{"vault": {_json(str(snapshot.root))}, "notes": [')
    separator = "\n"
    for note in snapshot.below(below):
        if paths is not None and note.path not in paths:
            continue
        out.write(separator + _json(exporter.note(note)))
        separator = ",\n"
    out.write("\n]}\n")


def _json(value: Value) -> str:
    """`value` as JSON in ASCII. Bytes that are not UTF-8 become U+FFFD, so that any program can read it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _NON_ASCII.sub(lambda run: json.dumps(_LONE_SURROGATE.sub("�", run[0]))[1:-1], text)


@dataclass(frozen=True, slots=True)
class _Exporter:
    snapshot: Snapshot
    resolver: LinkResolver
    only: frozenset[int] | None
    """Identities of the tasks to write; None for all."""

    def note(self, note: VaultNote) -> Value:
        return {
            "path": note.path,
            "title": repair(note.properties.title or note.name),
            "frontmatter": note.properties.raw,
            "headings": [
                {"line": section.line + 1, "level": section.level, "text": repair(section.title)}
                for section in note.note.sections[1:]
            ],
            "items": [
                {
                    "line": item.line + 1,
                    "parent": _parent_line(item),
                    "task": item.status_symbol if isinstance(item, Task) else None,
                }
                for item in note.note.items
            ],
            "tasks": [
                self.task(task) for task in note.note.tasks if self.only is None or id(task) in self.only
            ],
            "links": list(self.links(note)),
            "progress": progress_value(note.progress),
        }

    def task(self, task: Task) -> Value:
        fields = read_fields(task.text, self.snapshot.format)
        return {
            "line": task.line + 1,
            "parent": _parent_line(task),
            "heading": _heading(task.section),
            "status": task.status_symbol,
            "status_type": self.snapshot.statuses.type_of(task.status_symbol).value,
            "text": task.text,
            "description": repair(fields.description),
            "tags": list(fields.tags),
            "priority": fields.priority.name.lower(),
            "due": day_value(fields.due),
            "scheduled": day_value(fields.scheduled),
            "start": day_value(fields.start),
            "created": day_value(fields.created),
            "done": day_value(fields.done),
            "cancelled": day_value(fields.cancelled),
            "recurrence": fields.recurrence,
            "id": fields.id,
            "depends_on": list(fields.depends_on),
            "on_completion": fields.on_completion,
            "block_id": fields.block_id,
        }

    def links(self, note: VaultNote) -> Iterator[Value]:
        for link in note.note.links:
            resolved = self.resolver.resolve(link.target, note.path)
            yield {"line": link.line + 1, "target": link.target, "resolved": resolved}


def _parent_line(item: ListItem) -> int | None:
    return item.parent.line + 1 if item.parent is not None else None


def _heading(section: Section) -> str | None:
    return repair(section.title) if section.level else None
