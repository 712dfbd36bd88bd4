"""What the palette lists first: by match, by what it is, and by use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.session.find.palette import Palette, PaletteCommand
from roadtui.session.find.search import VaultSearch
from roadtui.session.find.usage import UsageLog
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 11, 26)
COMMANDS = [
    PaletteCommand("tick", "Tick", "Tick or untick the task under the cursor", "space"),
    PaletteCommand("due", "Due date", "Set the day by which it has to be done", "D"),
    PaletteCommand("delete", "Delete", "Delete the task and what is inside it", "d"),
    PaletteCommand("fold_all", "Fold all", "", "z"),
    PaletteCommand("unfold_all", "Unfold all", "", "Z"),
]


@pytest.fixture
def search(tmp_path: Path) -> VaultSearch:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Due.md").write_text(
        "# Fold laundry\n- [ ] Fold the map\n- [x] Fold a crane\n- [ ] Pay dues\n", "utf-8"
    )
    (root / "Other.md").write_text("- [ ] Tick the list\n", "utf-8")
    return VaultSearch(Vault(root, Config(), lambda: NoteWriter(tmp_path / "state")).refresh(), TODAY)


def listed(palette: Palette, text: str) -> list[str]:
    palette.ask(text)
    while not palette.advance(0):
        pass
    return [result.label if isinstance(result, PaletteCommand) else result.text for result in palette.results]


@pytest.fixture
def palette(search: VaultSearch, tmp_path: Path) -> Palette:
    return Palette(COMMANDS, search, UsageLog(tmp_path / "usage"))


def test_before_anything_is_typed_all_commands_are_listed(palette: Palette) -> None:
    assert listed(palette, "") == [command.label for command in COMMANDS]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tick", ["Tick", "Tick the list"]),
        ("due", ["Due", "Due date", "Pay dues"]),
        ("fold all", ["Fold all", "Unfold all"]),
        ("fold", ["Fold all", "Fold laundry", "Fold the map", "Fold a crane", "Unfold all"]),
        ("untick", ["Tick"]),
        ("del", ["Delete"]),
        ("laundry", ["Fold laundry"]),
        ("is:done", ["Fold a crane"]),
        ("zebra", []),
    ],
)
def test_the_best_match_comes_first(palette: Palette, typed: str, expected: list[str]) -> None:
    assert listed(palette, typed) == expected


def test_what_is_used_moves_up(palette: Palette, search: VaultSearch, tmp_path: Path) -> None:
    listed(palette, "fold")
    used = next(result for result in palette.results if "crane" in getattr(result, "text", ""))
    for _ in range(30):
        palette.used(used)
    palette.used(COMMANDS[4])
    assert listed(palette, "fold")[0] == "Fold a crane"
    again = Palette(COMMANDS, search, UsageLog(tmp_path / "usage"))
    assert listed(again, "")[0] == "Unfold all"
    assert listed(again, "fold")[0] == "Fold a crane"


def test_what_is_no_query_finds_commands_alone(palette: Palette) -> None:
    assert listed(palette, "fold )") == []
    assert listed(palette, "is:opn") == []


def test_without_a_vault_only_the_commands_are_searched() -> None:
    assert listed(Palette(COMMANDS, None, UsageLog(None)), "fold") == ["Fold all", "Unfold all"]
