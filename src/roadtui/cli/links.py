"""`roadtui links`: lists the links from and to notes, for a person or as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from roadtui.cli.output import json_option, report, write_json, write_lines
from roadtui.cli.vault_argument import CliContext, load_vault, path_argument, report_problems
from roadtui.core.links import ResolvedLink, dead_link_words
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.link_graph.graph import LinkGraph


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a listing."""

    path: str
    """The note that the link is in, relative to the vault, with `/`."""
    line: int
    """From 1."""
    target: str
    """What the link names, as it is written, without its alias."""
    leads_to: str | None
    """The note that it leads to; None for a dead link."""
    fragment: str
    """The heading or block that it names there; empty for the note as a whole."""
    is_embed: bool


@click.command("links")
@path_argument
@click.option("--dead", is_flag=True, help="Only links to what does not exist in the vault.")
@json_option
@click.pass_obj
def links_command(context: CliContext, path: Path | None, dead: bool, as_json: bool) -> None:
    """List the links of a note, then those that lead to it; or of all notes of a folder or a vault."""
    loaded = load_vault(path, context)
    report_problems(loaded.vault)
    loaded.check_note()
    snapshot = loaded.snapshot
    paths = [note.path for note in snapshot.below(loaded.below)]
    rows = [row for row in list_links(LinkGraph.of(snapshot), paths) if row.leads_to is None or not dead]
    if as_json:
        write_json([asdict(row) for row in rows])
        return
    write_lines(_text_line(row) for row in rows)
    if not rows:
        report(f"There are no {'dead ' if dead else ''}links here.")


def list_links(graph: LinkGraph, paths: Collection[str]) -> Iterator[LinkRow]:
    """The links of the notes at `paths`, then those of other notes to them; links to other files left out."""
    inside = frozenset(paths)
    for path in paths:
        for link in graph.links(path):
            if link.path is not None or graph.is_dead(path, link):
                yield _row(path, link)
    sources = {source for path in paths for source in graph.sources(path)} - inside
    for source in sorted(sources):
        yield from (_row(source, link) for link in graph.links(source) if link.path in inside)


def _row(path: str, link: ResolvedLink) -> LinkRow:
    return LinkRow(path, link.link.line + 1, link.link.target, link.path, link.fragment, link.link.embed)


def _text_line(row: LinkRow) -> str:
    place = f"{row.path}:{row.line}"
    if row.leads_to is None:
        return escape_terminal(f"{place}  ✗ {row.target}: {dead_link_words(row.target)}")
    part = f"#{row.fragment}" if row.fragment else ""
    return escape_terminal(f"{place}  → {row.leads_to}{part}")
