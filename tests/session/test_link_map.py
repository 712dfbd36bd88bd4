"""The map of linked roadmaps: what is at the top, what is below it, cycles, dead links, and large vaults."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from roadtui.core.markdown import parse
from roadtui.core.stats.progress import CountMode
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.link_graph.link_map import EntryKind, LinkMap, link_map
from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.note_content import CountSettings
from roadtui.vault.obsidian import VaultSettings
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import Snapshot, VaultNote

TASK = "- [ ] task\n"
SIGNS = {
    EntryKind.NOTE: "",
    EntryKind.ABOVE: " ↑",
    EntryKind.BELOW: " ↓",
    EntryKind.CYCLE: " ↻",
    EntryKind.DEAD: " ✗",
    EntryKind.UNLINKED: " …",
}
STATUSES = StatusRegistry(())
FILES = ["files/picture.png", "files/table.csv", "Excluded.md"]
"""The files of the vault that are no notes, as far as the program knows."""


def note_at(path: str, text: str) -> VaultNote:
    stamp = FileStamp(0, 0, 0, 0, 0)
    settings = CountSettings(STATUSES, TaskFormat.EMOJI, CountMode.LEAVES)
    return VaultNote.of(path, parse(text), stamp, b"", settings)


def snapshot_of(notes: dict[str, str]) -> Snapshot:
    made = {f"{name}.md": note_at(f"{name}.md", text) for name, text in notes.items()}
    return Snapshot(Path(), made, VaultSettings(), STATUSES)


def map_of(notes: dict[str, str]) -> LinkMap:
    snapshot = snapshot_of(notes)
    return link_map(snapshot, snapshot.hubs(), lambda: FILES)


def drawn(found: LinkMap) -> list[str]:
    """Each row: its name, indented by its depth, and the sign of its kind."""
    rows = found.outline.rows
    return [f"{'  ' * row.depth}{row.content.name}{SIGNS[row.content.kind]}" for row in rows if row.content]


@pytest.mark.parametrize(
    ("notes", "rows"),
    [
        pytest.param({}, [], id="no notes"),
        pytest.param({"Prose": "[[More]]", "More": ""}, [], id="no roadmaps"),
        pytest.param({"A": TASK, "B": TASK}, ["not linked …", "  A", "  B"], id="no links"),
        pytest.param(
            {"Hub": "[[B]] [[A]]", "A": TASK, "B": TASK}, ["Hub", "  B", "  A"], id="in order of the text"
        ),
        pytest.param(
            {"Z hub": "[[A]] [[B]]", "A": TASK, "B": TASK, "C": TASK + "[[B]]", "D": TASK},
            ["Z hub", "  A", "  B", "C", "  B ↑", "not linked …", "  D"],
            id="hubs first, unlinked ones last",
        ),
        pytest.param(
            {"A": TASK + "[[B|once]] [[b#Part]] [x](B.md)", "B": TASK}, ["A", "  B"], id="each note once"
        ),
        pytest.param({"A": TASK + "[[A]] [[#Top]]"}, ["not linked …", "  A"], id="a link to itself"),
        pytest.param(
            {
                "A": TASK
                + "[[Nowhere]] [[nowhere#x|again]] ![[Picture.png]] [[table.csv]] [[excluded]] [[b.pdf]]"
            },
            ["A", "  Nowhere ✗", "  b.pdf ✗"],
            id="dead links, and some to other files",
        ),
        pytest.param(
            {"A": TASK + "%% [[B]] %%", "B": TASK}, ["not linked …", "  A", "  B"], id="in a comment"
        ),
        pytest.param(
            {"A": TASK + "[[B]]", "B": TASK + "[[C]]", "C": TASK + "[[A]]"},
            ["A", "  B", "    C", "      A ↻"],
            id="a cycle",
        ),
        pytest.param(
            {"B": TASK + "[[C]]", "C": TASK + "[[B]] [[A]]", "A": TASK + "[[D]]", "D": TASK + "[[A]]"},
            ["B", "  C", "    B ↻", "    A", "      D", "        A ↻"],
            id="a cycle that leads to another one starts",
        ),
        pytest.param(
            {"A": TASK + "[[B]]", "B": TASK + "[[A]]", "D": TASK + "[[E]]", "E": TASK + "[[D]]"},
            ["A", "  B", "    A ↻", "D", "  E", "    D ↻"],
            id="two cycles",
        ),
        pytest.param(
            {"A": TASK + "[[B]] [[C]]", "B": TASK + "[[C]]", "C": TASK + "[[D]]", "D": TASK},
            ["A", "  B", "    C ↓", "  C", "    D"],
            id="a note stands where it is nearest to the top",
        ),
        pytest.param(
            {"H": "[[A]] [[B]]", "A": TASK + "[[X]]", "B": TASK + "[[X]] [[H]]", "X": TASK},
            ["H", "  A", "    X", "  B", "    X ↑", "    H ↻"],
            id="shown above, and a cycle over a hub",
        ),
        pytest.param(
            {"A": TASK + "[[P]] [[Q]]", "P": "[[Q]] [[B]]", "Q": "prose [[R]]", "R": "", "B": TASK},
            ["A", "  P", "    Q", "    B", "  Q"],
            id="of prose that leads to no roadmap no links are shown",
        ),
        pytest.param(
            {"Daily 1": "[[B]]", "Daily 2": "[[B]]", "A": TASK + "[[B]]", "B": TASK},
            ["A", "  B"],
            id="a note that only mentions a roadmap is not at the top",
        ),
        pytest.param(
            {"Daily": "[[B]] [[C]]", "B": TASK + "[[C]]", "C": TASK},
            ["Daily", "  B", "    C ↓", "  C"],
            id="one that mentions two is a hub",
        ),
        pytest.param({"Daily": "[[B]]", "B": TASK}, ["B"], id="linked from nothing on the map"),
        pytest.param(
            {"sub/A": TASK + "[[B]]", "B": TASK, "sub/B": TASK},
            ["A", "  B", "not linked …", "  B"],
            id="equal names",
        ),
    ],
)
def test_rows(notes: dict[str, str], rows: list[str]) -> None:
    assert drawn(map_of(notes)) == rows


def test_every_row_knows_its_line_its_numbers_and_its_progress() -> None:
    found = map_of({"x/Hub": "\n[[A]]\n\n[[B]] [[Gone]]", "A": "- [x] a\n- [ ] b\n[[B]]", "B": "- [x] c\n"})
    rows = [row.content for row in found.outline.rows if row.content]
    hub, a, below, b, gone = rows
    assert [row.line for row in rows] == [-1, 1, 2, 3, 3]
    assert (hub.folder, hub.is_hub, hub.incoming, hub.outgoing) == ("x", True, 0, 2)
    assert (hub.progress.done, hub.progress.total) == (2, 3)
    assert (a.progress.done, a.progress.total, a.incoming, a.outgoing) == (1, 2, 1, 1)
    assert (b.incoming, b.kind, below.kind) == (2, EntryKind.NOTE, EntryKind.BELOW)
    assert (gone.kind, gone.path) == (EntryKind.DEAD, "x/Hub.md")
    assert (found.hubs, found.roadmaps, found.links, found.cycles, found.dead) == (1, 2, 3, 0, 1)
    assert found.rows_by_path == {"x/Hub.md": 0, "A.md": 1, "B.md": 3}


def chain(length: int, *, is_closed: bool) -> dict[str, str]:
    last = "[[N0]]" if is_closed else ""
    return {f"N{at}": TASK + (f"[[N{at + 1}]]" if at + 1 < length else last) for at in range(length)}


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_chain_of_a_thousand_notes_is_as_deep(is_closed: bool) -> None:
    rows = map_of(chain(1000, is_closed=is_closed)).outline.rows
    assert [row.depth for row in rows] == list(range(1000 + is_closed))
    assert rows[-1].content is not None
    assert (rows[-1].content.kind is EntryKind.CYCLE) is is_closed


def test_a_clique_has_as_many_rows_as_links() -> None:
    names = [f"N{at:03}" for at in range(100)]
    links = " ".join(f"[[{name}]]" for name in names)
    found = map_of(dict.fromkeys(names, TASK + links))
    assert len(found.outline.rows) == 1 + 100 * 99
    assert max(row.depth for row in found.outline.rows) == 2
    assert found.cycles == 99
    assert len(OutlineState(found.outline, found.folded).shown) == 100


def test_thousands_of_small_cycles_take_linear_time() -> None:
    pairs = {f"N{at}": TASK + f"[[N{at ^ 1}]]" for at in range(2000)}
    daily = {f"D{at}": "[[N0]] " * 2 for at in range(500)}
    start = time.process_time()
    found = map_of({**pairs, **daily})
    assert len(found.outline.rows) == 3000
    assert time.process_time() - start < 10


def test_a_small_map_starts_unfolded_a_large_one_with_two_levels() -> None:
    assert map_of(chain(5, is_closed=False)).folded == []
    large = map_of({**chain(70, is_closed=False), "Alone": TASK})
    state = OutlineState(large.outline, large.folded)
    shown = [state.row(at) for at in range(len(state.shown))]
    assert [row.content.name for row in shown if row and row.content] == ["N0", "N1", "not linked"]


def test_rows_are_found_again_in_a_later_state() -> None:
    before = map_of({"H": "[[A]] [[B]]", "A": TASK + "[[C]]", "B": TASK, "C": TASK})
    after = map_of({"H": "[[B]] [[A]]", "A": TASK + "[[New]] [[C]]", "B": TASK, "C": TASK, "New": TASK})
    state = OutlineState(before.outline, [1], cursor=1)
    assert drawn(before)[1] == "  A"
    followed, _ = state.followed(after.outline)
    assert drawn(after)[followed.cursor] == "  A"
    assert [drawn(after)[row] for row in followed.folded] == ["  A"]
