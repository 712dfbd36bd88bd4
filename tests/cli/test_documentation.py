"""What the documents show can be pasted as it is."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from roadtui.cli.main import main
from roadtui.config import Config
from roadtui.user_settings import UserSettings

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_A_SENTENCE = re.compile(r"(?<!`)`(roadtui(?: [^`]*)?)`(?!`)")
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
WORD = re.compile(r"[a-z]+")
SHELL = ("sh", "bash", "console")


class Example(NamedTuple):
    """A fenced block, or a command line in a sentence or a shell's block."""

    document: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.name}: {self.text.strip().splitlines()[0]}"


def examples() -> list[Example]:
    found = []
    for document in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        text = document.read_text("utf-8")
        blocks = [Example(document, *block) for block in BLOCK.findall(text)]
        lines = [line for block in blocks if block.language in SHELL for line in block.text.splitlines()]
        lines = [line.removeprefix("$ ") for line in lines]
        commands = [line for line in lines if re.match(r"roadtui\b", line)]
        commands += IN_A_SENTENCE.findall(BLOCK.sub("", text).replace("\n", " "))
        found += [*blocks, *(Example(document, "command", line) for line in dict.fromkeys(commands))]
    return found


EXAMPLES = examples()


def of(*languages: str) -> list[Example]:
    return [example for example in EXAMPLES if example.language in languages]


@pytest.mark.parametrize("example", of("toml"), ids=str)
def test_a_config_is_taken(tmp_path: Path, example: Example) -> None:
    file = tmp_path / "config.toml"
    file.write_text(example.text, "utf-8")
    assert UserSettings.read(file, None).config != Config()


def test_the_readme_shows_every_key_of_the_config() -> None:
    shown = [set(tomllib.loads(one.text)) for one in of("toml") if one.document.name == "README.md"]
    assert {field.name for field in fields(Config)} in shown


def test_json_is_json() -> None:
    for example in of("json"):
        json.loads(example.text)


def named_commands(line: str) -> list[list[click.Command]]:
    """The commands that `line` names, each with those that it is a part of: several in `history a|b`."""
    named: list[list[click.Command]] = [[main]]
    for argument in re.split(r"\s[#>|]\s", line)[0].split()[1:]:
        groups = [path[-1] for path in named]
        words = re.split(r"\\?\|", argument)
        if not all(isinstance(group, click.Group) for group in groups) or not all(map(WORD.fullmatch, words)):
            continue
        (path,) = named
        group = path[-1]
        assert isinstance(group, click.Group)
        commands = [group.get_command(click.Context(group), word) for word in words]
        assert None not in commands, f"{argument} is no command"
        named = [[*path, command] for command in commands if command is not None]
    return named


@pytest.mark.parametrize("example", of("command"), ids=str)
def test_a_command_exists_with_its_options(example: Example) -> None:
    for path in named_commands(example.text):
        known = {option for command in path for parameter in command.params for option in parameter.opts}
        assert set(OPTION.findall(example.text)) <= known | {"-h", "--help"}


def test_the_documents_name_every_command() -> None:
    named = {path[1].name for example in of("command") for path in named_commands(example.text) if path[1:]}
    assert named == set(main.list_commands(click.Context(main))) - {"open"}
