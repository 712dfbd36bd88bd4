"""The program's own file of settings: what is read from it, written to it, and kept of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from docs.make_settings import filled_in

from roadtui.cli.main import main
from roadtui.config import Config
from roadtui.core.stats.progress import CountMode, RollUp
from roadtui.settings import SETTINGS
from roadtui.user_settings import OwnSettingsError, SettingOrigin, UserSettings

ROOT = Path(__file__).parents[2]


class Folder:
    """A folder with a config and the program's own file."""

    def __init__(self, root: Path) -> None:
        self.config, self.own = root / "config.toml", root / "settings.toml"

    def settings(self) -> UserSettings:
        return UserSettings.read(self.config, self.own)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_every_setting_of_the_config_is_in_the_table_with_its_default() -> None:
    assert sorted(setting.name for setting in SETTINGS) == sorted(Config.__dataclass_fields__)
    for setting in SETTINGS:
        if setting.kind.is_own and setting.default is not None:
            assert setting.kind.read(setting.default) == getattr(Config(), setting.name)


def test_what_is_set_here_is_there_again_and_the_config_is_not_touched(folder: Folder) -> None:
    folder.config.write_text('theme = "nord"  # mine\n')
    settings = folder.settings()
    settings.change("count", "all")
    settings.change("hidden", ["Templates", "a, b"])
    settings.change("focus_minutes", 50)
    settings.change("celebrate", False)
    again = folder.settings()
    for each in (settings, again):
        assert each.config == Config(
            theme="nord",
            count=CountMode.ALL,
            hidden=("Templates", "a, b"),
            focus_minutes=50,
            celebrate=False,
        )
    assert folder.config.read_text() == 'theme = "nord"  # mine\n'
    assert tomllib.loads(folder.own.read_text())["count"] == "all"
    assert {path.name for path in folder.own.parent.iterdir()} == {"config.toml", "settings.toml"}


def test_the_config_comes_first_and_it_is_said_where_a_value_is_from(folder: Folder) -> None:
    folder.config.write_text(
        '# mine\nroll_up = "both"\n\n[keys]\ncount = "c"\n\n[[statuses]]\nsymbol = "!"\n'
    )
    folder.own.write_text('roll_up = "complete"\ncount = "all"\n')
    settings = folder.settings()
    assert (settings.config.roll_up, settings.config.count) == (RollUp.BOTH, CountMode.ALL)
    places = {setting.name: settings.place(setting.name) for setting in SETTINGS}
    assert {name: place for name, place in places.items() if place != "default"} == {
        "roll_up": "config.toml, line 2",
        "count": "here",
        "keys": "config.toml, line 4",
        "statuses": "config.toml, line 7",
    }
    with pytest.raises(OwnSettingsError, match=r"config\.toml, line 2 sets roll_up: it can"):
        settings.change("roll_up", "never")
    with pytest.raises(OwnSettingsError, match=r"views can be set in config\.toml alone"):
        settings.change("views", {"a": "b"})
    assert 'roll_up = "complete"' in folder.own.read_text(), "it counts again once the config is silent"


@pytest.mark.parametrize("value", [None, "leaves"])
def test_the_default_takes_back_what_was_set(folder: Folder, value: str | None) -> None:
    settings = folder.settings()
    settings.change("count", "all")
    assert settings.origin("count") is SettingOrigin.OWN
    settings.change("count", value)
    assert (settings.value("count"), settings.place("count")) == ("leaves", "default")
    assert folder.own.read_text() == ""


def test_unknown_names_and_what_another_program_wrote_meanwhile_are_kept(folder: Folder) -> None:
    folder.own.write_text('of_a_later_version = [1, 2]\n[keys]\ntick = "t"\n')
    settings = folder.settings()
    assert (settings.problems, settings.config) == ([], Config())
    folder.own.write_text('of_a_later_version = [1, 2]\ninbox = "In.md"\n')
    settings.change("grace_days", 2)
    assert tomllib.loads(folder.own.read_text()) == {
        "of_a_later_version": [1, 2],
        "inbox": "In.md",
        "grace_days": 2,
    }


@pytest.mark.parametrize(
    "damaged", [b"count = ", b"\xff\xfe", b'count = "all"\ncount = "all"\n', b"a = " + b"[" * 5000]
)
def test_a_damaged_file_is_told_ignored_and_kept_as_a_copy(folder: Folder, damaged: bytes) -> None:
    folder.own.write_bytes(damaged)
    settings = folder.settings()
    (problem,) = settings.problems
    assert problem.startswith(str(folder.own))
    assert problem.endswith("Its settings are ignored.")
    assert settings.config == Config()
    assert folder.own.read_bytes() == damaged
    settings.change("grace_days", 1)
    assert folder.settings().config == Config(grace_days=1)
    assert folder.own.with_name("settings.damaged.toml").read_bytes() == damaged
    folder.own.write_bytes(damaged)
    folder.settings().change("grace_days", 2)
    assert folder.own.with_name("settings.damaged-2.toml").read_bytes() == damaged


def test_a_value_that_means_nothing_is_told_and_stays_until_it_is_changed(folder: Folder) -> None:
    folder.own.write_text('count = "some"\ngrace_days = 3\n')
    settings = folder.settings()
    assert settings.problems == [f'In {folder.own}, count must be "leaves" or "all". It is ignored.']
    assert settings.config == Config(grace_days=3)
    settings.change("grace_days", 4)
    assert 'count = "some"' in folder.own.read_text()
    settings.change("count", "all")
    assert folder.settings().config == Config(grace_days=4, count=CountMode.ALL)


@pytest.mark.parametrize(("name", "value"), [("grace_days", 7), ("inbox", "x"), ("focus_minutes", 0)])
def test_a_value_that_means_nothing_is_not_taken(folder: Folder, name: str, value: object) -> None:
    settings = folder.settings()
    with pytest.raises(OwnSettingsError, match=f"{name} must be"):
        settings.change(name, value)
    assert not folder.own.exists()


def test_a_file_that_cannot_be_written_is_told_and_nothing_changes(folder: Folder) -> None:
    folder.own.mkdir()
    settings = folder.settings()
    assert "Is a directory" in settings.problems[0]
    with pytest.raises(OwnSettingsError, match="can't be written: Is a directory"):
        settings.change("grace_days", 1)
    assert settings.config == Config()


def test_a_link_stays_a_link(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    folder.own.symlink_to(tmp_path / "dotfiles" / "roadtui.toml")
    folder.settings().change("grace_days", 1)
    assert folder.own.is_symlink()
    assert "grace_days = 1" in (tmp_path / "dotfiles" / "roadtui.toml").read_text()


def test_without_a_file_changes_last_as_long_as_the_program(folder: Folder) -> None:
    folder.settings().change("grace_days", 1)
    settings = folder.settings().unsaved()
    settings.change("count", "all")
    assert settings.config == Config(grace_days=1, count=CountMode.ALL)
    assert folder.settings().config == Config(grace_days=1)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hidden", " Templates, a/b ,,", ["Templates", "a/b"]),
        ("grace_days", " 3 ", 3),
        ("vault", "", None),
        ("vault", " ~/Vault ", "~/Vault"),
        ("inbox", "a/In.md", "a/In.md"),
    ],
)
def test_what_is_typed(name: str, text: str, value: object) -> None:
    kinds = {setting.name: setting.kind for setting in SETTINGS}
    assert kinds[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "value", "step", "then"),
    [
        ("count", "all", 1, "leaves"),
        ("roll_up", "never", -1, "both"),
        ("done_dates", None, 1, True),
        ("done_dates", None, -1, False),
        ("celebrate", True, 1, False),
        ("focus_minutes", 25, 1, 30),
        ("focus_minutes", 27, 1, 30),
        ("focus_minutes", 27, -1, 25),
        ("focus_minutes", 1, -1, 1),
        ("grace_days", 6, 1, 6),
        ("inbox", "In.md", 1, "In.md"),
    ],
)
def test_a_step(name: str, value: object, step: int, then: object) -> None:
    kinds = {setting.name: setting.kind for setting in SETTINGS}
    assert kinds[name].stepped(value, step) == then


def test_commands_go_by_it_and_tell_what_is_wrong_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    own = tmp_path / "c" / "roadtui" / "settings.toml"
    own.parent.mkdir(parents=True)
    note = tmp_path / "Plan.md"
    note.write_text("- [ ] a\n  - [x] b\n")

    def counted(*options: str) -> str:
        result = CliRunner().invoke(main, [*options, "status", "--short", str(note)])
        assert result.exit_code == 0, result.output
        return result.output

    own.write_text('count = "all"\n')
    assert "1/2" in counted()
    assert "1/1" in counted("--config", str(tmp_path / "other.toml")), "another config comes alone"
    own.write_text('count = "some"\n')
    assert "1/1" in counted()
    assert 'count must be "leaves" or "all". It is ignored.' in counted()


def test_the_document_is_up_to_date() -> None:
    document = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert filled_in(document) == document, "make docs"
