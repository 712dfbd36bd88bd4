"""A vault and a shell in it, for the tests of the commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roadtui.cli.main import main
from roadtui.vault.obsidian import TASKS_PLUGIN

PLAN = """\
# Plan
- [ ] one
  - [x] two ✅ 2026-01-01
  - [/] three
## Later
- [-] four
- [?] five
plain
"""


@dataclass
class Shell:
    """Runs the program in a folder, with nothing of the user's around."""

    root: Path
    state: Path

    def run(self, *arguments: str | Path, today: str = "2026-03-14") -> Result:
        settings = ("--config", str(self.state / "no-config.toml"), "--today", today)
        return CliRunner().invoke(main, [*settings, *map(str, arguments)])

    def lines(self, *arguments: str | Path) -> list[str]:
        done = self.run(*arguments)
        assert (done.exit_code, done.stderr) == (0, "")
        return done.stdout.splitlines()

    def refused(self, *arguments: str | Path, status: int = 1) -> str:
        """The sentence on stderr; nothing on stdout."""
        done = self.run(*arguments)
        assert (done.exit_code, done.stdout) == (status, ""), done.output
        assert isinstance(done.exception, SystemExit)
        return done.stderr

    def write(self, path: str, text: str | bytes) -> Path:
        note = self.root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_bytes(text if isinstance(text, bytes) else text.encode())
        return note

    def text(self, path: str = "N.md") -> str:
        return (self.root / path).read_bytes().decode()

    def turn_plugin_on(self) -> None:
        self.write(".obsidian/community-plugins.json", json.dumps([TASKS_PLUGIN]))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(tmp_path / "vault", tmp_path / "state")
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(shell.state))
    shell.write("Plan.md", PLAN)
    shell.write("area/Sub.md", "- [ ] six\n")
    (shell.root / ".obsidian").mkdir()
    monkeypatch.chdir(shell.root)
    return shell
