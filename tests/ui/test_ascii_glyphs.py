"""Terminals without the program's signs get stand-ins in ASCII."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

import roadtui
from roadtui.config import Glyphs
from roadtui.core.stats.progress import Progress
from roadtui.ui.render import progress_bar
from roadtui.ui.terminal.ascii_glyphs import ASCII_GLYPHS
from roadtui.ui.terminal.driver import needs_ascii, stand_ins
from tests.ui.drawn_colours import TEXT_STYLES

SHOWN = ("ui", "session", "core/stats", "core/next_actions", "core/preview", "core/query")
"""The packages whose texts are drawn."""


def literals(file: Path) -> Iterator[str]:
    """The string literals of a module, without its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_every_sign_that_is_drawn_has_a_stand_in() -> None:
    source = Path(roadtui.__file__).parent
    files = [file for package in SHOWN for file in (source / package).rglob("*.py")]
    missing = {
        (sign, file.name)
        for file in files
        if file.name != "ascii_glyphs.py"
        for text in literals(file)
        for sign in text.translate(ASCII_GLYPHS)
        if not sign.isascii() and sign.isprintable() and not sign.isalpha()
    }
    assert len(files) > 100
    assert missing == set()


def test_stand_ins_are_one_visible_character_of_the_same_width() -> None:
    for code, stand_in in ASCII_GLYPHS.items():
        assert stand_in.isascii()
        assert stand_in.isprintable()
        assert cell_len(stand_in) == cell_len(chr(code)) == 1


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, False),
        ({"TERM": "xterm-256color", "LANG": "de_DE.utf8"}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm", "LANG": "C"}, False),
        ({"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"}, True),
        ({"TERM": "xterm", "LC_ALL": "de_DE.ISO-8859-15", "LANG": "C.UTF-8"}, True),
        ({"TERM": "xterm", "LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "de_DE.ISO-8859-1"}, False),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, True),
        ({"TERM": "vt220"}, True),
    ],
)
def test_which_terminals_need_them(environment: dict[str, str], expected: bool) -> None:
    assert needs_ascii(environment) is expected


@pytest.mark.parametrize(
    ("glyphs", "terminal", "expected"),
    [
        (Glyphs.AUTO, "xterm", None),
        (Glyphs.AUTO, "linux", ASCII_GLYPHS),
        (Glyphs.ASCII, "xterm", ASCII_GLYPHS),
        (Glyphs.UNICODE, "linux", None),
    ],
)
def test_the_setting_goes_before_the_terminal(
    glyphs: Glyphs, terminal: str, expected: Mapping[int, str] | None
) -> None:
    assert stand_ins(glyphs, {"TERM": terminal}) is expected


def test_the_parts_of_a_bar_have_stand_ins_of_their_own() -> None:
    bar = progress_bar(Progress(done=3, in_progress=2, open=4), 9, TEXT_STYLES)
    assert "".join(part.text for part in bar).translate(ASCII_GLYPHS) == "===~~----"
