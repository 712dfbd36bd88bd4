"""The footer: what is worth most on each kind of row, and what is left of it in each width."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadtui.ui.command import RowKind
from roadtui.ui.command_table import COMMANDS, FOCUS_CHAINS, commands_in
from roadtui.ui.widgets.footer import FooterHint, fitting_hints, ranked_hints
from tests.ui.conftest import Start

NOT_ON = {
    RowKind.OTHER: {"unmark", "follow_link", "filter_next", "filter_drop"},
    RowKind.HEADING: {"unmark", "follow_link", "filter_next", "filter_drop", "status", "due", "mark"},
    RowKind.SELECTION: {"follow_link", "filter_next", "filter_drop"},
    RowKind.EMPTY: {"unmark", "follow_link", "filter_next", "status", "due", "mark", "edit", "filter_drop"},
}
"""Commands that are not offered there."""


def hints(kind: RowKind, *also: str) -> list[FooterHint]:
    offered = [command for command in commands_in(*FOCUS_CHAINS[0]) if not command.is_system]
    return [
        FooterHint(command.id, command.display or command.key.split(",")[0], command.binding)
        for command in offered
        if command.id not in NOT_ON[kind] or command.id in also
    ]


def shown(kind: RowKind, width: int, *also: str) -> str:
    found = fitting_hints(ranked_hints(hints(kind, *also), kind), width)
    return (" " * (2 if width < 60 else 3)).join(f"{hint.key} {hint.label}" for hint in found)


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (RowKind.OTHER, ["tick", "status", "add", "edit"]),
        (RowKind.HEADING, ["add", "toggle_fold", "add_section", "edit", "capture"]),
        (RowKind.SELECTION, ["tick", "status", "unmark", "due", "refile", "delete"]),
        (RowKind.EMPTY, ["capture", "add", "add_section", "find"]),
    ],
)
def test_what_is_worth_most(kind: RowKind, first: list[str]) -> None:
    ranked = [hint.id for hint in ranked_hints(hints(kind), kind)]
    assert ranked[: len(first)] == first


def test_a_link_comes_second() -> None:
    offered = [hint for hint in hints(RowKind.OTHER, "follow_link") if hint.id != "toggle_fold"]
    assert [hint.id for hint in ranked_hints(offered, RowKind.OTHER)][:2] == ["tick", "follow_link"]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RowKind.OTHER, "space tick  s status  a add  ? help"),
        (RowKind.SELECTION, "space tick  s status  D due  ? help"),
        (RowKind.EMPTY, "c capture  a add  ^f find  ? help"),
    ],
)
def test_in_forty_columns_the_best_three_and_help(kind: RowKind, line: str) -> None:
    assert shown(kind, 38) == line


@pytest.mark.parametrize("kind", RowKind)
def test_hints_fit_in_one_piece_and_lead_to_all_others(kind: RowKind) -> None:
    for width in range(6, 200):
        line = shown(kind, width)
        assert len(line) <= width
        assert "? help" in line
        assert width < 58 or line.endswith("? help" + " " * (2 if width < 60 else 3) + "^p palette")


def test_a_key_that_is_bound_twice_is_shown_once() -> None:
    one, *_ = hints(RowKind.OTHER)
    assert ranked_hints([one, one._replace(key="f5")], RowKind.OTHER) == [one]


def test_every_command_in_the_footer_says_what_it_does_in_few_words() -> None:
    ranked = [command for command in COMMANDS if any(command.rank(kind) for kind in RowKind)]
    assert all(len(command.label) <= 18 for command in ranked)


async def test_the_footer_follows_the_row(start: Start) -> None:
    start.put("Plan.md", "# One\n- [ ] Alpha\n- [ ] Beta\n")
    async with start("Plan.md", (120, 30)) as user:
        await user.until(lambda: "a add   enter fold   H add heading" in user.lines()[-1])
        await user.press("j")
        await user.until(lambda: "s status   a add   e edit" in user.lines()[-1])
        await user.press("m")
        await user.until(lambda: "esc deselect   D due   r move to…   d delete" in user.lines()[-1])


async def test_the_footer_follows_what_is_typed_into_the_filter(start: Start, plan: Path) -> None:
    async with start("Plan.md", size=(160, 30)) as user:
        await user.press("j", "slash")
        assert "^s save view" not in user.text()
        await user.press("a")
        assert "^s save view" in user.text()
        await user.press("backspace")
        assert "^s save view" not in user.text()
