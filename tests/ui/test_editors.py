"""The command line of each editor: the line where it can be told one, and no shell in between."""

from __future__ import annotations

import sys

import pytest

from roadtui.core.errors import RefusedError
from roadtui.ui.editors import editor_command

PATH = "/v/My note; $(id) {x}.md"
AT_LINE = f"{PATH}:7"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="quotes are read otherwise there")


@pytest.mark.parametrize(
    ("setting", "arguments"),
    [
        ("vim", ["vim", "+7", PATH]),
        ("nvim", ["nvim", "+7", PATH]),
        ("vi", ["vi", "+7", PATH]),
        ("/usr/bin/vim.tiny", ["/usr/bin/vim.tiny", "+7", PATH]),
        ("nano -w", ["nano", "-w", "+7", PATH]),
        ("emacs -nw", ["emacs", "-nw", "+7", PATH]),
        ("emacsclient -t -a ''", ["emacsclient", "-t", "-a", "", "+7", PATH]),
        ("kak", ["kak", "+7", PATH]),
        ("micro", ["micro", "+7", PATH]),
        ("hx", ["hx", AT_LINE]),
        ("helix", ["helix", AT_LINE]),
        ("code", ["code", "--wait", "--goto", AT_LINE]),
        ("code --wait", ["code", "--wait", "--goto", AT_LINE]),
        ("codium -w -n", ["codium", "-w", "-n", "--goto", AT_LINE]),
        ("cursor", ["cursor", "--wait", "--goto", AT_LINE]),
        ("subl", ["subl", "--wait", AT_LINE]),
        ("zed --wait", ["zed", "--wait", AT_LINE]),
        ("gvim", ["gvim", "--nofork", "+7", PATH]),
        ("gvim -f", ["gvim", "-f", "+7", PATH]),
        ("kate", ["kate", "--block", "--line", "7", PATH]),
        ("Code.exe", ["Code.exe", "--wait", "--goto", AT_LINE]),
        ("env TERM=xterm vim", ["env", "TERM=xterm", "vim", "+7", PATH]),
        ("my-editor --flag", ["my-editor", "--flag", PATH]),
        ("'/opt/my editor/vim' -n", ["/opt/my editor/vim", "-n", "+7", PATH]),
        ('"/opt/my editor/ed" "two words"', ["/opt/my editor/ed", "two words", PATH]),
        (r"/opt/my\ editor/nvim", ["/opt/my editor/nvim", "+7", PATH]),
        ("vim; rm -rf $HOME `id` | cat", ["vim;", "rm", "-rf", "$HOME", "`id`", "|", "cat", PATH]),
        ("  vim  ", ["vim", "+7", PATH]),
    ],
)
def test_arguments_of_an_editor(setting: str, arguments: list[str]) -> None:
    assert list(editor_command({"EDITOR": setting}, PATH, 7).arguments) == arguments


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"VISUAL": "vim", "EDITOR": "nano"}, "vim"),
        ({"VISUAL": "", "EDITOR": "nano"}, "nano"),
        ({"VISUAL": " \t", "EDITOR": "/usr/bin/nano"}, "nano"),
    ],
)
def test_visual_is_used_before_editor(environment: dict[str, str], name: str) -> None:
    assert editor_command(environment, PATH, 1).name == name


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "No editor is set. Set the variable VISUAL or EDITOR, for example to vim."),
        ({"EDITOR": "  "}, "No editor is set. Set the variable VISUAL or EDITOR, for example to vim."),
        ({"VISUAL": "vim 'x"}, "The variable VISUAL cannot be read: a quote in it is not closed."),
        ({"EDITOR": "''"}, "The variable EDITOR names no program."),
    ],
)
def test_a_variable_that_names_no_editor(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        editor_command(environment, PATH, 1)
    assert str(refusal.value) == sentence
