"""Vaults without tasks, or with nothing to do: a plain sentence, no traceback, and status 0."""

from __future__ import annotations

import shutil

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Shell

NO_TASKS = "roadtui: There are no tasks here.\n"
WAITS = "roadtui: Nothing can be done now: all open tasks wait for another task or for their start date.\n"


def with_notes(shell: Shell, *texts: str) -> None:
    """Put nothing but `texts` into the vault, a note each."""
    for entry in shell.root.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (shell.root / ".obsidian").mkdir()
    for number, text in enumerate(texts):
        shell.write(f"N{number}.md", text)


@pytest.mark.parametrize(
    ("texts", "arguments", "stdout", "stderr"),
    [
        *(
            (texts, arguments, stdout, stderr)
            for texts in ((), ("# Words\n- no task\n",), ("",))
            for arguments, stdout, stderr in (
                (("tasks",), "", NO_TASKS),
                (("tasks", "--todo"), "", "roadtui: There are no tasks of that kind here.\n"),
                (("tasks", "--total"), "0\n", ""),
                (("tasks", "--format", "json"), "[]\n", ""),
                (("next",), "", NO_TASKS),
                (("next", "--json"), "[]\n", ""),
                (("status",), "vault  no tasks\n", ""),
                (("status", "--short"), "no tasks\n", ""),
            )
        ),
        (("- [x] a\n",), ("next",), "", "roadtui: Everything is done.\n"),
        (("- [x] a\n",), ("tasks", "--todo"), "", "roadtui: There are no tasks of that kind here.\n"),
        (("- [ ] a 🛫 2026-05-01\n",), ("next",), "", WAITS),
        (("- [ ] a 🛫 2026-05-01\n",), ("next", "--today", "2026-05-01"), "N0.md:1  a", ""),
    ],
)
def test_where_there_is_nothing_a_sentence_says_so(
    shell: Shell, texts: tuple[str, ...], arguments: tuple[str, ...], stdout: str, stderr: str
) -> None:
    with_notes(shell, *texts)
    done = shell.run(*arguments)
    assert (done.exit_code, done.stderr) == (0, stderr)
    assert done.stdout.startswith(stdout)
    assert bool(done.stdout) == bool(stdout)


@pytest.mark.parametrize("texts", [(), ("# Words\n",), ("- [x] a\n",), ("- [ ] a\n",)])
def test_a_narrow_pipe_gets_lines_that_fit(
    shell: Shell, texts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with_notes(shell, *texts)
    assert all(cell_len(line) <= 40 for line in shell.lines("status"))


@pytest.mark.parametrize("texts", [(), ("# Words\n",)])
@pytest.mark.parametrize("command", ["status", "next", "tasks", "undo"])
def test_a_wrong_day_is_named(shell: Shell, texts: tuple[str, ...], command: str) -> None:
    with_notes(shell, *texts)
    for words in (("--today", "soon", command), (command, "--today", "soon")):
        said = shell.refused(*words, status=2)
        assert "soon is not a date. Write it as 2026-12-31." in said
        assert "Traceback" not in said


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_nothing_to_take_back_is_refused(shell: Shell, command: str) -> None:
    with_notes(shell)
    assert shell.refused(command) == f"roadtui: Nothing to {command}.\n"
