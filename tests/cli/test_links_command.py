"""`roadtui links`: the links of a note and to it, dead ones marked."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell

NOTES = {
    "Home.md": "[[Plan]] [[Nowhere]]\n![[area/Other#Part]] ![[picture.png]] [t](area/table.csv)\n",
    "area/Other.md": "- [ ] to [[Home|start]]\n%% [[Plan]] %%\n",
    "Third.md": "[Plan](Plan.md#Later) and [[#Here]]\n",
    "area/picture.png": "",
    "area/table.csv": "",
}
HOME = [
    "Home.md:1  → Plan.md",
    "Home.md:1  ✗ Nowhere: no such note",
    "Home.md:2  → area/Other.md#Part",
]
OTHER = ["area/Other.md:1  → Home.md"]
THIRD = ["Third.md:1  → Plan.md#Later", "Third.md:1  → Third.md#Here"]


@pytest.fixture
def linked(shell: Shell) -> Shell:
    for path, text in NOTES.items():
        shell.write(path, text)
    return shell


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ([], [*HOME, *THIRD, *OTHER]),
        (["Home.md"], [*HOME, *OTHER]),
        (["Plan.md"], [HOME[0], THIRD[0]]),
        (["area"], [*OTHER, HOME[2]]),
        (["--dead"], [HOME[1]]),
        (["Home.md", "--dead"], [HOME[1]]),
    ],
)
def test_lists_the_links(linked: Shell, arguments: list[str], lines: list[str]) -> None:
    assert linked.lines("links", *arguments) == lines


def test_json_has_every_part_of_a_link(linked: Shell) -> None:
    found = json.loads("\n".join(linked.lines("links", "Home.md", "--json")))
    assert found[1:3] == [
        {
            "path": "Home.md",
            "line": 1,
            "target": "Nowhere",
            "leads_to": None,
            "fragment": "",
            "is_embed": False,
        },
        {
            "path": "Home.md",
            "line": 2,
            "target": "area/Other#Part",
            "leads_to": "area/Other.md",
            "fragment": "Part",
            "is_embed": True,
        },
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [([], "There are no links here."), (["--dead"], "There are no dead links here.")],
)
def test_says_that_there_are_none(shell: Shell, options: list[str], sentence: str) -> None:
    done = shell.run("links", *options)
    assert (done.exit_code, done.stdout) == (0, "")
    assert sentence in done.stderr


def test_names_of_notes_do_no_harm(shell: Shell) -> None:
    shell.write("Plan.md", "[[\x1b[2J$(ls)]]\n")
    assert shell.lines("links") == ["Plan.md:1  ✗ ␛[2J$(ls): no such note"]
