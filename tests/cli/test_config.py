"""The config file: every key, and a sentence for each mistake that says what would do."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roadtui.config import AfterFilter, Config, Glyphs, Notify, config_file, state_folder
from roadtui.core.stats.progress import CountMode, RollUp
from roadtui.core.tasks.status import Status, StatusType
from roadtui.session.outline.saved_positions import SavedViewState, ViewPosition
from roadtui.user_settings import ConfigError, UserSettings


def load(tmp_path: Path, text: str | bytes) -> Config:
    file = tmp_path / "config.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return UserSettings.read(file, None).config


def complaint(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return str(caught.value).replace(str(tmp_path / "config.toml"), "FILE")


@pytest.mark.parametrize("path", ["none.toml", "file/none.toml"])
def test_without_a_file_the_defaults_hold(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    assert UserSettings.read(tmp_path / path, None).config == Config()


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff"])
def test_an_empty_file_is_none(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == Config()


def test_every_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert load(
        tmp_path,
        """
        vault = "~/Vault"
        count = "all"
        theme = "roadtui-light"
        hidden = ["Archive", "a/b.md"]
        next_exclude = ["Later", "work/ideas"]
        done_dates = false
        focus_minutes = 50
        break_minutes = 0
        notify = "bell"
        max_note_bytes = 1_000
        keys = { tick = "space,t" }
        [[statuses]]
        symbol = "!"
        name = "Shipped"
        next = " "
        type = "DONE"
        [[statuses]]
        symbol = "📌"
        """,
    ) == Config(
        vault=Path("/home/me/Vault"),
        count=CountMode.ALL,
        theme="roadtui-light",
        hidden=("Archive", "a/b.md"),
        next_exclude=("Later", "work/ideas"),
        done_dates=False,
        focus_minutes=50,
        break_minutes=0,
        notify=Notify.BELL,
        statuses=(Status("!", "Shipped", " ", StatusType.DONE), Status("📌", "📌", "x", StatusType.TODO)),
        max_note_bytes=1000,
        keys={"tick": "space,t"},
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grace_days = 0", Config(grace_days=0)),
        ("grace_days = 6", Config(grace_days=6)),
        ("focus_minutes = 1\nbreak_minutes = 600", Config(focus_minutes=1, break_minutes=600)),
        ("focus_minutes = 600\nbreak_minutes = 0", Config(focus_minutes=600, break_minutes=0)),
        ("max_note_bytes = 1", Config(max_note_bytes=1)),
        ("celebrate = false", Config(celebrate=False)),
        ("celebrate = true", Config(celebrate=True)),
        *((f'after_filter = "{one.value}"', Config(after_filter=one)) for one in AfterFilter),
        ("done_dates = true", Config(done_dates=True)),
        *((f'roll_up = "{one.value}"', Config(roll_up=one)) for one in RollUp),
        *((f'glyphs = "{one.value}"', Config(glyphs=one)) for one in Glyphs),
        *((f'notify = "{one.value}"', Config(notify=one)) for one in Notify),
        ('inbox = "notes/My Inbox.md"', Config(inbox="notes/My Inbox.md")),
        ('vault = ""', Config()),
    ],
)
def test_each_value_up_to_its_bounds(tmp_path: Path, text: str, expected: Config) -> None:
    assert load(tmp_path, text) == expected


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    assert load(tmp_path, b'\xef\xbb\xbfcount = "all"\r\n').count is CountMode.ALL


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("vault = 1", "In the config FILE, vault must be a string, not 1."),
        (
            'vault = "~nobody-of-that-name/x"',
            "In the config FILE, vault names a home folder that does not exist: ~nobody-of-that-name/x.",
        ),
        ("count = true", "In the config FILE, count must be a string, not True."),
        ('count = "leafs"', 'In the config FILE, count must be "leaves" or "all".'),
        ('count = ""', 'In the config FILE, count must be "leaves" or "all".'),
        ("theme = []", "In the config FILE, theme must be a string, not []."),
        ('hidden = "a"', "In the config FILE, hidden must be a list, not 'a'."),
        ("hidden = [1]", "In the config FILE, hidden must be a list of strings."),
        ("done_dates = 1", "In the config FILE, done_dates must be true or false, not 1."),
        ("grace_days = -1", "In the config FILE, grace_days must be 0 to 6."),
        ("grace_days = 7", "In the config FILE, grace_days must be 0 to 6."),
        ("grace_days = true", "In the config FILE, grace_days must be a whole number, not True."),
        ('roll_up = "always"', 'In the config FILE, roll_up must be "never", "complete" or "both".'),
        ('after_filter = "stay"', 'In the config FILE, after_filter must be "keep" or "drop".'),
        ("celebrate = 0", "In the config FILE, celebrate must be true or false, not 0."),
        *(
            (
                f'inbox = "{inbox}"',
                "In the config FILE, inbox must be a note of the vault, "
                'such as "Inbox.md" or "notes/Inbox.md".',
            )
            for inbox in (
                *("", "Inbox", "Inbox.txt", "/Inbox.md", "../Inbox.md", "a/../Inbox.md", "./Inbox.md"),
                *("a//Inbox.md", ".md", ".hidden/Inbox.md", ".Inbox.md"),
            )
        ),
        ("focus_minutes = 0", "In the config FILE, focus_minutes must be 1 to 600 minutes."),
        ("focus_minutes = 601", "In the config FILE, focus_minutes must be 1 to 600 minutes."),
        ("focus_minutes = 2.5", "In the config FILE, focus_minutes must be a whole number, not 2.5."),
        ("break_minutes = -1", "In the config FILE, break_minutes must be 0 to 600 minutes."),
        ('notify = "loud"', 'In the config FILE, notify must be "bell", "desktop" or "none".'),
        ("notify = false", "In the config FILE, notify must be a string, not False."),
        ("max_note_bytes = true", "In the config FILE, max_note_bytes must be a whole number, not True."),
        ("max_note_bytes = 1.5", "In the config FILE, max_note_bytes must be a whole number, not 1.5."),
        ("max_note_bytes = 0", "In the config FILE, max_note_bytes must be more than 0."),
        ("max_note_bytes = -1", "In the config FILE, max_note_bytes must be more than 0."),
        ("keys = []", "In the config FILE, keys must be a table, not []."),
        ("keys = {tick = 1}", 'In the config FILE, keys must hold strings, such as tick = "space".'),
        ("statuses = {}", "In the config FILE, statuses must be a list, not {}."),
        *(
            (text, "In the config FILE, statuses must be tables with symbol, name, next and type.")
            for text in ("statuses = [1]", "statuses = [{}]", 'statuses = [{symbol = "!", nxt = "x"}]')
        ),
        *(
            (f'statuses = [{{symbol = "!", {part}}}]', "In the config FILE, statuses must hold strings only.")
            for part in ("next = 5", "name = 5", "type = []", "type = 1")
        ),
        ("statuses = [{symbol = 5}]", "In the config FILE, statuses must hold strings only."),
        *(
            (text, "In the config FILE, statuses holds a symbol that is not one visible character.")
            for text in (
                'statuses = [{symbol = ""}]',
                'statuses = [{symbol = "ab"}]',
                'statuses = [{symbol = "\\n"}]',
                'statuses = [{symbol = "\\u202e"}]',
                'statuses = [{symbol = "!", next = "\\r"}]',
                'statuses = [{symbol = "!", next = ""}]',
            )
        ),
        (
            'statuses = [{symbol = "!", type = "done"}]',
            "In the config FILE, statuses has the type 'done'; there are "
            "TODO, IN_PROGRESS, ON_HOLD, DONE, CANCELLED, NON_TASK, EMPTY.",
        ),
        ("zoom = 1\nthem = 2", "The config FILE has unknown settings: them, zoom."),
        (b'theme = "caf\xe9"', "The config FILE can't be read: it is not UTF-8."),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    assert complaint(tmp_path, text) == says


@pytest.mark.parametrize("text", ["count = ", "count", "= 1", "a = 1\na = 2", "\x00", "a = " + "[" * 5000])
def test_what_is_no_toml_is_said(tmp_path: Path, text: str) -> None:
    assert complaint(tmp_path, text).startswith("The config FILE is not valid TOML: ")


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"can't be read: Is a directory\."):
        UserSettings.read(tmp_path, None)


def make_a_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fspath(path))


def make_a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_a_large_file(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)  # A hole: it takes no room on the disk.


SPECIAL = [
    pytest.param(make_a_pipe, "Not a plain file but a pipe, a socket or a device.", id="pipe"),
    pytest.param(make_a_socket, "Not a plain file but a pipe, a socket or a device.", id="socket"),
    pytest.param(make_a_link_to_a_device, "Not a plain file but a pipe, a socket or a device.", id="device"),
    pytest.param(make_a_large_file, "Larger than 8 MiB.", id="large"),
    pytest.param(Path.mkdir, "Is a directory.", id="folder"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and sockets with names")
@pytest.mark.parametrize(("make", "says"), SPECIAL)
def test_what_is_no_plain_file_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], says: str
) -> None:
    monkeypatch.chdir(tmp_path)  # The name of a socket may not be long.
    make(Path("config.toml"))
    with pytest.raises(ConfigError) as caught:
        UserSettings.read(Path("config.toml"), None)
    assert str(caught.value) == f"The config config.toml can't be read: {says}"


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes with names")
def test_nor_does_the_screen_wait_for_what_it_remembers(tmp_path: Path) -> None:
    memory = SavedViewState(tmp_path, tmp_path / "vault")
    memory.keep("Plan.md", {})
    for file in (tmp_path / "vaults").iterdir():
        file.unlink()
        os.mkfifo(file)
    assert (memory.last_note(), memory.places()) == (None, {})
    memory.keep("Plan.md", {"Plan.md": ViewPosition("Alpha", 2, ())})
    assert (memory.last_note(), memory.places()) == ("Plan.md", {"Plan.md": ViewPosition("Alpha", 2, ())})


def test_where_things_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    assert config_file() == tmp_path / "c" / "roadtui" / "config.toml"
    assert state_folder() == tmp_path / "s" / "roadtui"
    assert not any(tmp_path.iterdir()), "asking makes nothing"
