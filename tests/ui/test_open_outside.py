"""`o`, and addresses: what the system's opener is given for the row under the cursor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from roadtui.core.markdown import parse
from roadtui.core.note import ListItem, Section
from roadtui.ui.commands.open_outside import subpath_of
from tests.ui.conftest import Start, User

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the opener is a shell script")

NOTE = "- [ ] above\n# One: [x]\n## Two\n- [ ] plain\n- [ ] block ^id-1\n- [ ] web https://a.test/x\n"


@pytest.mark.parametrize(
    ("line", "subpath"),
    [(0, ""), (1, "#One x"), (2, "#One x#Two"), (3, "#One x#Two"), (4, "#^id-1")],
)
def test_the_place_of_a_row(line: int, subpath: str) -> None:
    note = parse(NOTE)
    rows: list[Section | ListItem] = [*note.sections, *note.items]
    assert subpath_of(next(row for row in rows if row.line == line)) == subpath
    assert subpath_of(None) == ""


@pytest.fixture
def opened(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the opener writes what it is given."""
    start.put("Plan.md", NOTE)
    start.put(".obsidian/app.json", "{}")
    programs = tmp_path / "programs"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{tmp_path}/opened"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("SSH_CONNECTION", "SSH_TTY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "opened"


async def at_line(user: User, line: int) -> None:
    user.tree.go_to_line(line)
    await user.pilot.pause()


@pytest.mark.parametrize(
    ("line", "end"), [(0, "Plan.md"), (3, "Plan.md%23One%20x%23Two"), (4, "Plan.md%23%5Eid-1")]
)
async def test_o_opens_the_note_at_the_row(start: Start, opened: Path, line: int, end: str) -> None:
    async with start("Plan.md") as user:
        await at_line(user, line)
        await user.press("o")
        await user.works_no_more()
        assert user.messages() == ["Opening Plan in Obsidian"]
    root = str(start.root).replace("/", "%2F")
    assert opened.read_text() == f"obsidian://open?path={root}%2F{end}\n"


async def test_enter_opens_an_address(start: Start, opened: Path) -> None:
    async with start("Plan.md") as user:
        await at_line(user, 5)
        await user.press("enter")
        await user.until(opened.exists, "the opener")
    assert opened.read_text() == "https://a.test/x\n"


async def test_over_ssh_a_sentence_says_why_nothing_opens(
    start: Start, opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    async with start("Plan.md", (160, 45)) as user:
        await at_line(user, 5)
        await user.press("enter")
        await user.sees("on another machine (ssh)")
        assert user.app.clipboard == "https://a.test/x"
        await user.press("o")
        await user.works_no_more()
    assert not opened.exists()


async def test_where_no_editor_can_run_that_is_said(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "vim")
    start.put("Plan.md", NOTE)
    async with start("Plan.md") as user:
        await user.press("E")
        await user.sees("No other program can be run in this terminal")
        await user.press("j", "space")
        await user.idle()
    assert "[x]" in (start.root / "Plan.md").read_text()
