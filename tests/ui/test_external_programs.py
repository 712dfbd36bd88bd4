"""Opening addresses and notes in other programs: what they are given, and what is said without them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep

import pytest

from roadtui.core.errors import RefusedError
from roadtui.ui.external_programs import Desktop, obsidian_command, open_address, open_in_obsidian

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")

HERE = {"DISPLAY": ":0"}
NAME = "x&append=y\n$(touch pwned) ; #1 'é\".md"


class Programs:
    """Programs that note their arguments, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self.vault = folder / "My Vault"
        (self.vault / ".obsidian").mkdir(parents=True)

    def add(self, name: str, script: str = "") -> None:
        program = self.folder / name
        log = self.folder / f"{name}.log"
        write = f"import json, sys; open({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')"
        program.write_text(f"#!{sys.executable}\n{write}\n{script}\n")
        program.chmod(0o755)

    def calls(self, name: str) -> list[list[str]]:
        """The arguments of each call of a program."""
        log = self.folder / f"{name}.log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def desktop(self, environment: Mapping[str, str] = HERE, platform: str = "linux") -> Desktop:
        return Desktop(platform, environment, lambda name: shutil.which(name, path=str(self.folder)))

    def register(self, config: Path, *vaults: Path) -> None:
        """Have Obsidian know `vaults`."""
        (config / "obsidian").mkdir(parents=True)
        entries = {str(number): {"path": str(vault)} for number, vault in enumerate(vaults)}
        (config / "obsidian" / "obsidian.json").write_text(json.dumps({"vaults": entries}))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.chdir(tmp_path)
    return Programs(tmp_path)


def test_an_address_is_given_to_the_opener_as_one_argument(programs: Programs, tmp_path: Path) -> None:
    programs.add("xdg-open")
    open_address("https://a.test/?q=$(touch${IFS}pwned);é&x", programs.desktop())
    assert programs.calls("xdg-open") == [["https://a.test/?q=$(touch$%7BIFS%7Dpwned);%C3%A9&x"]]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "https://a b", "-a", "vscode://x", "Note", ""]
)
def test_nothing_else_is_opened(programs: Programs, address: str) -> None:
    programs.add("xdg-open")
    with pytest.raises(RefusedError, match="Only addresses"):
        open_address(address, programs.desktop())
    assert programs.calls("xdg-open") == []


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"}, "on another machine"),
        ({"SSH_TTY": "/dev/pts/1"}, "on another machine"),
        ({}, "no desktop here"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "no xdg-open here"),
    ],
)
def test_where_nothing_can_be_opened_that_is_said(
    programs: Programs, environment: dict[str, str], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        open_address("https://a.test", programs.desktop(environment))


def test_openers_of_other_systems(programs: Programs) -> None:
    assert programs.desktop({}, "darwin").opener() == ["open"]
    programs.add("wslview")
    assert programs.desktop({"WSL_DISTRO_NAME": "u"}).opener() == [str(programs.folder / "wslview")]


def test_an_opener_that_fails_is_reported(programs: Programs) -> None:
    programs.add("xdg-open", "sys.exit(3)")
    with pytest.raises(RefusedError, match="xdg-open ended with status 3"):
        open_address("https://a.test", programs.desktop())


def test_obsidian_is_asked_by_its_program(programs: Programs, tmp_path: Path) -> None:
    programs.add("obsidian", "print('Opened')")
    programs.add("xdg-open")
    (programs.vault / NAME).touch()
    open_in_obsidian(programs.vault, NAME, "", programs.desktop())
    assert programs.calls("obsidian") == [["vault=My Vault", "open", f"path={NAME}"]]
    assert programs.calls("xdg-open") == []
    assert not (tmp_path / "pwned").exists()


def test_the_place_in_the_note_is_opened_by_the_address(programs: Programs, tmp_path: Path) -> None:
    programs.register(tmp_path / "config", programs.vault)
    programs.add("obsidian")
    programs.add("xdg-open")
    open_in_obsidian(programs.vault, "sub/Note.md", "#A & B", programs.desktop())
    assert programs.calls("obsidian") == [["vault=My Vault", "open", "path=sub/Note.md"]]
    assert programs.calls("xdg-open") == [
        ["obsidian://open?vault=My%20Vault&file=sub%2FNote%23A%20%26%20B"],
    ]


def test_without_a_desktop_for_addresses_the_program_is_enough(programs: Programs) -> None:
    programs.add("obsidian")
    open_in_obsidian(programs.vault, "Note.md", "#A", programs.desktop({}))
    assert len(programs.calls("obsidian")) == 1


@pytest.mark.parametrize("script", ["sys.exit(1)", "print('Vault not found.')", "print('Error: no')"])
def test_a_program_that_cannot_open_it_leaves_it_to_the_address(programs: Programs, script: str) -> None:
    programs.add("obsidian", script)
    programs.add("xdg-open")
    open_in_obsidian(programs.vault, NAME, "", programs.desktop())
    (address,) = programs.calls("xdg-open")
    root = str(programs.vault).replace("/", "%2F").replace(" ", "%20")
    name = "x%26append%3Dy%0A%24%28touch%20pwned%29%20%3B%20%231%20%27%C3%A9%22.md"
    assert address == [f"obsidian://open?path={root}%2F{name}"]


def test_a_program_that_does_not_answer_is_left_alone(programs: Programs, tmp_path: Path) -> None:
    done = tmp_path / "done"
    wait = "import time\nwhile not os.path.exists('go'): time.sleep(0.01)"
    programs.add("obsidian", f"import os\n{wait}\nopen({str(done)!r}, 'w').close()")
    programs.add("xdg-open", "import os; open('go', 'w').close()")
    open_in_obsidian(programs.vault, "Note.md", "", programs.desktop()._replace(answer_seconds=0.05))
    assert len(programs.calls("xdg-open")) == 1
    ends_at = monotonic() + 10
    while not done.exists() and monotonic() < ends_at:
        sleep(0.01)
    assert done.exists(), "it may have become Obsidian itself, so it is not ended"


def test_a_name_that_two_vaults_have_is_not_given_to_the_program(tmp_path: Path) -> None:
    def find(_name: str) -> str:
        return "/bin/obsidian"

    root, twin = tmp_path / "v", tmp_path / "x" / "v"
    assert obsidian_command(root, "a.md", [root], find) is not None
    assert obsidian_command(root, "a.md", [], find) is not None
    assert obsidian_command(root, "a.md", [root, twin], find) is None
    assert obsidian_command(root, "a.md", [root], lambda _: None) is None


def test_a_note_outside_any_vault_is_not_opened(programs: Programs, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="in no vault"):
        open_in_obsidian(tmp_path, "Note.md", "", programs.desktop())
