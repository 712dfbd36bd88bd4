"""The table of actions: each row can be reached by a key and as an option, or there is a reason why not."""

from __future__ import annotations

import click
import pytest

from roadtui.cli.task import OPTIONS, WITHOUT_OPTION, task_command
from roadtui.cli.task_arguments import METAVARS
from roadtui.session.action_requirements import Argument
from roadtui.session.actions import ACTIONS, ACTIONS_BY_ID, TaskAction
from roadtui.ui.command_table import COMMANDS, Command

WITHOUT_KEY = {
    "toggle": "space ticks: for one task that is the same",
    "done": "space ticks",
    "todo": "space unticks",
    "untag": "t edits the tags, so it removes them as well",
}
OWN_OPTIONS = {"yes", "as_json", "reference", "today", "read_settings", "vault", "version"}
"""The parameters of `roadtui task` that are no actions."""


def test_ids_are_unique() -> None:
    assert len(ACTIONS_BY_ID) == len(ACTIONS)


def test_every_action_has_a_key_or_a_reason_not_to_have_one() -> None:
    with_key = {command.action for command in COMMANDS if command.action}
    assert with_key | WITHOUT_KEY.keys() == ACTIONS_BY_ID.keys()
    assert not with_key & WITHOUT_KEY.keys()


def test_every_action_is_an_option_of_the_command_or_has_a_reason_not_to_be_one() -> None:
    options = {str(param.name) for param in task_command.params} - OWN_OPTIONS
    assert options | WITHOUT_OPTION.keys() == ACTIONS_BY_ID.keys()
    assert not options & WITHOUT_OPTION.keys()


@pytest.mark.parametrize("action", OPTIONS, ids=lambda action: action.id)
def test_the_help_of_an_option_is_the_summary_of_its_action(action: TaskAction) -> None:
    option = next(param for param in task_command.params if param.name == action.id)
    assert isinstance(option, click.Option)
    assert option.help == action.summary
    assert option.is_flag == (action.argument is Argument.NONE)
    assert option.metavar == METAVARS.get(action.argument)
    assert action.summary.endswith(".")


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.action], ids=lambda command: command.id
)
def test_every_action_of_a_command_is_in_the_table(command: Command) -> None:
    action = ACTIONS_BY_ID[command.action]
    if not command.handler and not command.widget_action:
        assert command.requires is action.requires


def test_only_copying_changes_nothing() -> None:
    assert [action.id for action in ACTIONS if action.build is None] == ["copy"]
