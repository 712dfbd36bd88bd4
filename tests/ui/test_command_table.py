"""The table of commands: every row can be run, no key means two things, and what is made of it is current."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from roadtui.cli.main import main
from roadtui.config import Config
from roadtui.ui.app import RoadtuiApp
from roadtui.ui.command_table import COMMANDS, COMMANDS_BY_ID, FOCUS_CHAINS, Command, Scope
from roadtui.ui.commands.runner import handler_of
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.dialogs.finder import FuzzyFinder
from roadtui.ui.dialogs.prompt import PromptDialog
from roadtui.ui.keymap import keymap_problems, keys_as_markdown, readme_table
from roadtui.ui.navigation import screen_class
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.find import FindScreen
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.screens.help import HelpScreen
from roadtui.ui.screens.insights import InsightsScreen
from roadtui.ui.screens.link_map import LinkMapTree
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.screens.settings import SettingsScreen
from roadtui.ui.screens.time_machine import ReadOnlyTree, TimeMachineScreen
from roadtui.ui.screens.too_small import TooSmallScreen
from roadtui.ui.screens.vault_picker import VaultPickerScreen
from roadtui.ui.screens.way_out import WayOutScreen
from roadtui.ui.widgets.changes.change_list import ChangeList
from roadtui.ui.widgets.empty_state import EmptyState
from roadtui.ui.widgets.insights_view import InsightsView
from roadtui.ui.widgets.line_input import FinderLine, LineInput
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.menu_list import MenuList
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.outline_tree import OutlineTree, SelectableOutline
from roadtui.ui.widgets.preview.pane import PreviewView
from roadtui.ui.widgets.progress_panel import ProgressPane
from roadtui.ui.widgets.query.filter_bar import FilterBar
from roadtui.ui.widgets.query.find_results import FindResults
from roadtui.ui.widgets.query.query_line import QueryLine
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.ui.widgets.suggestion_list import SuggestionList
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.widgets.triage.triage_list import TriageList
from tests.ui.conftest import Start

ROOT = Path(__file__).parents[2]
OWNERS: dict[Scope, type] = {
    Scope.APP: RoadtuiApp,
    Scope.DASHBOARD: DashboardScreen,
    Scope.NOTE: NotePane,
    Scope.TREE: TaskTree,
    Scope.SELECTION: SelectableOutline,
    Scope.OUTLINE: OutlineTree,
    Scope.LIST: LineList,
    Scope.FILTER: NotePane,
    Scope.FILTER_LINE: FilterBar,
    Scope.SIDEBAR: Sidebar,
    Scope.PROGRESS: ProgressPane,
    Scope.PREVIEW: PreviewView,
    Scope.EMPTY_STATE: EmptyState,
    Scope.OVERLAY: OverlayScreen,
    Scope.NEXT_ACTIONS: SuggestionList,
    Scope.CHANGES: ChangeList,
    Scope.TRIAGE: WayOutScreen,
    Scope.TRIAGE_LIST: TriageList,
    Scope.LINK_MAP: LinkMapTree,
    Scope.FIND: FindScreen,
    Scope.FIND_LINE: QueryLine,
    Scope.FIND_RESULTS: FindResults,
    Scope.FOCUS: FocusScreen,
    Scope.INSIGHTS: InsightsScreen,
    Scope.INSIGHTS_PAGE: InsightsView,
    Scope.TIME_MACHINE: TimeMachineScreen,
    Scope.READ_ONLY_TREE: ReadOnlyTree,
    Scope.HELP: HelpScreen,
    Scope.SETTINGS: SettingsScreen,
    Scope.VAULT_PICKER: VaultPickerScreen,
    Scope.TOO_SMALL: TooSmallScreen,
    Scope.DIALOG: InlineDialog,
    Scope.LINE_INPUT: LineInput,
    Scope.PROMPT: PromptDialog,
    Scope.MENU: MenuList,
    Scope.FINDER_LINE: FinderLine,
    Scope.FINDER: FuzzyFinder,
    Scope.CONFIRM: ConfirmDialog,
}
SHADOWED = {"escape"}
"""Keys whose innermost meaning is the right one: `escape` closes what is innermost first."""


ALTERNATIVES = {
    ("follow_link", "toggle_fold"),
    ("triage_tick", "triage_mark"),
    ("triage_tick", "triage_choose"),
    ("triage_mark", "triage_choose"),
}
"""Commands that share a key, because never more than one of them is offered."""


def test_ids_are_unique() -> None:
    assert len(COMMANDS_BY_ID) == len(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_can_be_run_where_its_key_is_bound(command: Command) -> None:
    if command.is_about_the_note:
        assert callable(handler_of(command))
        return
    if command.opens:
        assert issubclass(screen_class(command.opens), OverlayScreen)
        return
    namespace, _, action = (command.widget_action or command.id).rpartition(".")
    owners: dict[str, type] = {"app": RoadtuiApp, "screen": DashboardScreen}
    owner = owners.get(namespace) or OWNERS[command.scope]
    assert callable(getattr(owner, "action_" + re.split(r"\W", action)[0]))


@pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.name)
def test_every_scope_has_commands_and_its_widget_binds_them(scope: Scope) -> None:
    found = {command.id for command in COMMANDS if command.scope is scope and not command.is_system}
    bound = {
        getattr(one, "id", None) for kind in OWNERS[scope].__mro__ for one in getattr(kind, "BINDINGS", ())
    }
    assert found
    assert found <= bound


@pytest.mark.parametrize("chain", FOCUS_CHAINS, ids=lambda chain: chain[0].name)
def test_no_key_means_two_things_at_once(chain: tuple[Scope, ...]) -> None:
    heard = [command for command in COMMANDS if command.scope in chain]
    for first, second in combinations(heard, 2):
        both = set(first.key.split(",")) & set(second.key.split(",")) - SHADOWED
        if chain[-2] is Scope.INSIGHTS and first.scope is Scope.APP is not second.scope:
            both -= {"i", "q"}  # The keys that open the insights, or end the program, leave them.
        if Scope.FILTER in (first.scope, second.scope):
            both -= {"n"}  # Steps through the hits while a filter is on; else it opens what is next.
        assert not both or (first.id, second.id) in ALTERNATIVES, f"{first.id} and {second.id}"


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"tick": "t", "tags": "ctrl+t"}, None),
        ({"tick": "space,x", "cycle": "ctrl+x"}, None),
        ({"tock": "t"}, "Unknown command ids under [keys]: tock."),
        ({"due": "d"}, "due and delete both have the key d"),
        ({"tick": "f5", "insights": "f5"}, "tick and insights both have the key f5"),
        ({"insights_tables": "d"}, None),
        ({"quit_always": "d"}, "Unknown command ids under [keys]: quit_always."),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_keys_of_a_config(keys: dict[str, str], problem: str | None) -> None:
    found = keymap_problems(keys)
    assert len(found) == (problem is not None)
    assert problem is None or problem in found[0]


def test_ids_of_010_are_still_known() -> None:
    old = """
        tick status add edit due tick_all cycle doing cancel add_inside add_section split delete
        move_down move_up indent outdent refile scheduled start_date priority repeat tags depends
        copy paste next focus past capture undo redo help insights palette quit suspend close
        next_pane previous_pane down up first last half_page_down half_page_up page_down page_up
        fold unfold fold_all unfold_all next_section previous_section open progress_down progress_up
        progress_top progress_bottom toggle_fold next_tick next_open next_focus open_link mark
        mark_range unmark focus_done focus_skip focus_pause focus_step focus_link focus_next_link
        focus_previous_link past_earlier past_later past_next_pane leave insights_close
        insights_next insights_previous insights_vault insights_note insights_section insights_month
        insights_quarter insights_half insights_year insights_all insights_tables insights_page_down
        insights_page_up insights_top insights_bottom past_fold past_unfold past_toggle_fold
        past_fold_all past_unfold_all
    """
    assert keymap_problems({id: f"f{number}" for number, id in enumerate(old.split(), 30)}) == []


def test_docs_and_readme_list_the_keys_of_the_table() -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme_table() in readme, "make docs"
    assert (ROOT / "docs" / "keys.md").read_text().endswith(keys_as_markdown({})), "make docs"


def test_keys_that_do_the_same_share_a_row_unless_the_config_sets_one() -> None:
    def rows(keys: dict[str, str]) -> list[str]:
        return [row for row in keys_as_markdown(keys).splitlines() if "saved view" in row]

    does = "open the saved view of this number"
    assert rows({}) == [f"| `1` … `9` | `view_1` … `view_9` | {does} |"]
    assert rows({"view_3": "f3"}) == [
        f"| `1` … `2` | `view_1` … `view_2` | {does} |",
        f"| `f3` | `view_3` | {does} |",
        f"| `4` … `9` | `view_4` … `view_9` | {does} |",
    ]
    assert readme_table().count("saved view") == 1


@pytest.mark.parametrize("form", ["", "--markdown", "--json"])
def test_keys_lists_them_as_the_config_sets_them(tmp_path: Path, form: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\ntick = "f5"\n')
    result = CliRunner().invoke(main, ["--config", str(config), "keys", *form.split()])
    assert result.exit_code == 0
    assert "f5" in result.stdout
    if form == "--json":
        found = {one["id"]: one for one in json.loads(result.stdout)}
        assert found["tick"]["keys"] == ["f5"]
        assert found["due"]["keys"] == ["D"]
    else:
        assert re.search(r"f5\W+tick", result.stdout)


async def test_palette_offers_every_command_that_does_something_now(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45)) as user:
        await user.press("j", "ctrl+p", *"tick")
        await user.sees("Tick or untick the task under the cursor")
        await user.press("enter")
        await user.is_saved()
    assert plan.read_text().count("[x]") == 2


async def test_palette_runs_commands_of_the_pane_that_has_the_keys(start: Start, plan: Path) -> None:
    async with start("Plan.md", (160, 45), config=Config(keys={"fold_all": "f6"})) as user:
        await user.press("ctrl+p", *"fold", "space", *"all")
        await user.sees("Fold all")
        await user.press("enter")
        await user.until(lambda: "Alpha" not in "".join(user.lines()[3:]).partition("PROGRESS")[0], "folds")
