"""The command line that opens a note in the user's editor at a line. Starts nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from roadtui.core.errors import RefusedError

_SETTINGS = ("VISUAL", "EDITOR")
"""The variables that name the editor; the first that is set is used."""


class _LineStyle(Enum):
    """How an editor is given the line: arguments in which `{path}` and `{line}` are replaced."""

    PLUS = ("+{line}", "{path}")
    COLON = ("{path}:{line}",)
    GOTO = ("--goto", "{path}:{line}")
    LINE = ("--line", "{line}", "{path}")
    NONE = ("{path}",)


class _Editor(NamedTuple):
    """What is known of an editor."""

    style: _LineStyle
    wait: str = ""
    """The option with which it ends only when the note is closed; empty where it does so anyway."""
    waits_by: tuple[str, ...] = ()
    """Options that say the same."""


_EDITORS: Mapping[str, _Editor] = {
    **dict.fromkeys(
        (
            *("vi", "vim", "nvim", "vimx", "nvi", "view", "ex", "vis", "elvis", "neovim", "vim.basic"),
            *("vim.tiny", "nano", "pico", "rnano", "emacs", "emacsclient", "jmacs", "mg", "zile", "kak"),
            *("micro", "joe", "jed", "ne", "jove", "mcedit"),
        ),
        _Editor(_LineStyle.PLUS),
    ),
    **dict.fromkeys(("gvim", "mvim"), _Editor(_LineStyle.PLUS, "--nofork", ("-f", "--nofork"))),
    **dict.fromkeys(("gedit", "xed", "pluma"), _Editor(_LineStyle.PLUS, "--wait", ("-w", "--wait"))),
    "bbedit": _Editor(_LineStyle.PLUS, "--wait", ("-w", "--wait")),
    **dict.fromkeys(("hx", "helix"), _Editor(_LineStyle.COLON)),
    **dict.fromkeys(
        ("subl", "sublime_text", "zed", "zeditor", "zedit"),
        _Editor(_LineStyle.COLON, "--wait", ("-w", "--wait")),
    ),
    **dict.fromkeys(
        (
            *("code", "code-insiders", "code-oss", "codium", "vscodium", "cursor", "windsurf", "positron"),
            "antigravity",
        ),
        _Editor(_LineStyle.GOTO, "--wait", ("-w", "--wait")),
    ),
    "kate": _Editor(_LineStyle.LINE, "--block", ("-b", "--block")),
    "mate": _Editor(_LineStyle.LINE, "--wait", ("-w", "--wait")),
}
"""The editors that can be told a line, by the name of their program."""
_UNKNOWN = _Editor(_LineStyle.NONE)


class EditorCommand(NamedTuple):
    """An editor with its arguments."""

    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its program."""
        return os.path.basename(self.arguments[0])


def editor_command(environment: Mapping[str, str], path: str, line: int) -> EditorCommand:
    """The user's editor with the arguments that open a note.

    Args:
        environment: Names the editor, in `VISUAL` or `EDITOR`.
        path: The absolute path of the note.
        line: The line to open it at, from 1; ignored by editors that cannot be told a line.

    Raises:
        RefusedError: no editor is set, or the variable cannot be read.
    """
    variable = next((name for name in _SETTINGS if environment.get(name, "").strip()), None)
    if variable is None:
        raise RefusedError("No editor is set. Set the variable VISUAL or EDITOR, for example to vim.")
    try:
        words = shlex.split(environment[variable], posix=os.name != "nt")
    except ValueError as error:
        raise RefusedError(f"The variable {variable} cannot be read: a quote in it is not closed.") from error
    if not words or not words[0]:
        raise RefusedError(f"The variable {variable} names no program.")
    if os.name == "nt":
        words = [word.strip('"') for word in words]
    editor = _EDITORS.get(_program_name(words), _UNKNOWN)
    wait = [editor.wait] if editor.wait and not set(words[1:]) & set(editor.waits_by) else []
    where = (part.format(path=path, line=line) for part in editor.style.value)
    return EditorCommand((*words, *wait, *where))


def _program_name(words: Sequence[str]) -> str:
    """The name by which the editor is known: that of its program, or of the one that `env` starts."""
    names = [os.path.basename(word).lower() for word in words]
    if names[0] == "env":
        names = [name for word, name in zip(words[1:], names[1:], strict=True) if "=" not in word] or names
    return names[0].removesuffix(".exe").removesuffix(".cmd")
