"""Checks the keys that a config sets, and lists all keys as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations, groupby

from textual.keys import format_key

from roadtui.ui.command_table import COMMANDS, FOCUS_CHAINS, Command, Scope, commands_in

_README_SCOPES = (
    Scope.TREE,
    Scope.NOTE,
    Scope.SELECTION,
    Scope.OUTLINE,
    Scope.LIST,
    Scope.DASHBOARD,
    Scope.APP,
)
_README_COLUMNS = 2
_TO = " … "
"""Between the first and the last of several keys."""


def keymap_problems(keys: Mapping[str, str]) -> list[str]:
    """What is wrong with the keys that a config sets, as sentences for the user.

    Args:
        keys: Keys by the id of a command, several separated by commas, as they stand under `[keys]`.
    """
    known = {command.id for command in _listed()}
    problems = []
    if unknown := [id for id in keys if id not in known]:
        alike = dict.fromkeys(match for id in unknown for match in get_close_matches(id, sorted(known), n=1))
        advice = f"Did you mean {' or '.join(alike)}? " if alike else ""
        problems.append(
            f"Unknown command ids under [keys]: {', '.join(unknown)}. {advice}`roadtui keys` lists them all."
        )
    for key, first, second in _clashes(keys):
        problems.append(
            f"Under [keys], {first.id} and {second.id} both have the key {shown_key(key)}, "
            "and both can be meant at once. Give one of them another key."
        )
    return problems


def _clashes(keys: Mapping[str, str]) -> Iterator[tuple[str, Command, Command]]:
    """Keys that the config gives to two commands of one focus chain, each pair once."""
    reported = set()
    for chain in FOCUS_CHAINS:
        commands = [command for command in _listed() if command.scope in chain]
        for first, second in combinations(commands, 2):
            if (first.id, second.id) in reported or not {first.id, second.id} & keys.keys():
                continue
            usual = set(first.key.split(",")) & set(second.key.split(","))
            both = set(keys_of(first, keys)) & set(keys_of(second, keys))
            for key in sorted(both - usual):
                reported.add((first.id, second.id))
                yield key, first, second


def keys_of(command: Command, keys: Mapping[str, str]) -> list[str]:
    """The keys of `command`, as the config sets them."""
    return [key.strip() for key in keys.get(command.id, command.key).split(",")]


def shown_key(key: str) -> str:
    """A key as a person reads it: `ctrl+p`, `|`, `⏎`."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, format_key(last)])


def keys_as_text(keys: Mapping[str, str]) -> str:
    """All keys as text, a line each, by scope."""
    return "\n".join(_sections(keys, "{title}\n", "  {keys:18} {id:22} {text}\n"))


def keys_as_markdown(keys: Mapping[str, str]) -> str:
    """All keys as Markdown: a heading and a table for each scope."""
    head = "## {title}\n\n| key | id | does |\n|---|---|---|\n"
    return "\n".join(_sections(keys, head, "| {code} | {id_code} | {text} |\n"))


def keys_as_json(keys: Mapping[str, str]) -> str:
    """All keys as JSON: a list of objects with `id`, `keys`, `scope`, `label` and `help`."""
    found = [
        {
            "id": command.id,
            "keys": keys_of(command, keys),
            "scope": command.scope.name.lower(),
            "label": command.label,
            "help": command.help,
        }
        for command in _listed()
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def readme_table() -> str:
    """The keys of the dashboard, as a table for the README."""
    cells = [_row("{code} | {text}", alike, {}) for alike in _grouped(_listed(*_README_SCOPES), {})]
    height = -(-len(cells) // _README_COLUMNS)
    cells += [" | "] * (height * _README_COLUMNS - len(cells))
    rows = (" | ".join(cells[row::height]) for row in range(height))
    head = ["| key | does " * _README_COLUMNS + "|", "|---|---" * _README_COLUMNS + "|"]
    return "\n".join([*head, *(f"| {row} |" for row in rows)]) + "\n"


def _listed(*scopes: Scope) -> list[Command]:
    """The commands in `scopes`, or all, that lists of keys show."""
    commands = commands_in(*scopes) if scopes else COMMANDS
    return [command for command in commands if not command.is_system]


def _sections(keys: Mapping[str, str], head: str, row: str) -> Iterator[str]:
    for scope in Scope:
        if commands := _listed(scope):
            rows = (_row(row, alike, keys) for alike in _grouped(commands, keys))
            yield head.format(title=scope.value) + "".join(rows)


def _grouped(commands: Iterable[Command], keys: Mapping[str, str]) -> Iterator[list[Command]]:
    """The commands of each row: neighbours with one help text share it, unless the config sets their keys."""
    for _, alike in groupby(commands, lambda one: one.id if one.id in keys else one.help or one.id):
        yield list(alike)


def _row(form: str, alike: Sequence[Command], keys: Mapping[str, str]) -> str:
    """One row, for the first of these commands to the last."""
    ends = list(dict.fromkeys((alike[0], alike[-1])))
    shown = [[shown_key(key) for key in keys_of(command, keys)] for command in ends]
    codes = [[f"`{key}`".replace("|", "\\|") for key in one] for one in shown]
    return form.format(
        keys=_TO.join(map(" ".join, shown)),
        code=_TO.join(map(" ".join, codes)),
        id=_TO.join(command.id for command in ends),
        id_code=_TO.join(f"`{command.id}`" for command in ends),
        text=_help_text(alike[0]),
    )


def _help_text(command: Command) -> str:
    """`choose among the statuses of this vault`."""
    text = command.help or command.label
    return text[0].lower() + text[1:]
