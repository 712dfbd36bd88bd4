"""What is read of Obsidian: where vaults are, how one is set up. What is broken there is a warning."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import Status, StatusType, TaskSettings
from roadtui.vault.obsidian import (
    TASKS_PLUGIN,
    NewNoteLocation,
    VaultSettings,
    known_vaults,
    note_uri,
    read_settings,
    uri_of,
    vault_around,
)

DATA = f"plugins/{TASKS_PLUGIN}/data.json"


def put(root: Path, path: str, value: object) -> Path:
    file = root / ".obsidian" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return file


def plugin_settings(root: Path, data: object) -> TaskSettings:
    put(root, "community-plugins.json", ["other", TASKS_PLUGIN])
    put(root, DATA, data)
    found = read_settings(root).tasks_plugin
    assert found is not None
    return found


class TestDiscovery:
    """Where the vaults are."""

    @pytest.fixture
    def config(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setattr("sys.platform", "linux")
        folder = tmp_path / "config" / "obsidian"
        folder.mkdir(parents=True)
        return folder

    def register(self, config: Path, tmp_path: Path, **vaults: object) -> None:
        entries: dict[str, object] = {}
        for name, entry in vaults.items():
            (tmp_path / name).mkdir()
            entries[name] = {"path": str(tmp_path / name), **entry} if isinstance(entry, dict) else entry
        (config / "obsidian.json").write_text(json.dumps({"vaults": entries}))

    def test_the_open_one_then_the_last_opened_first(self, config: Path, tmp_path: Path) -> None:
        self.register(
            config,
            tmp_path,
            old={"ts": 1},
            new={"ts": 3},
            open={"ts": 2, "open": True},
            never={},
        )
        assert [path.name for path in known_vaults()] == ["open", "new", "old", "never"]

    def test_what_is_not_there_or_not_a_vault_is_left_out(self, config: Path, tmp_path: Path) -> None:
        self.register(
            config,
            tmp_path,
            good={"ts": "2"},
            number=5,
            none=None,
            pathless={"path": 7},
            nul={"path": "a\0b"},
        )
        (tmp_path / "file").write_text("")
        stored = json.loads((config / "obsidian.json").read_text())
        stored["vaults"] |= {
            "gone": {"path": str(tmp_path / "gone")},
            "file": {"path": str(tmp_path / "file")},
        }
        (config / "obsidian.json").write_text(json.dumps(stored))
        assert [path.name for path in known_vaults()] == ["good"]

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", '{"vaults": []}', '{"vaults": {"a": {}}}', "\0\xff"]
    )
    def test_a_broken_registry_knows_no_vault(self, config: Path, text: str) -> None:
        (config / "obsidian.json").write_text(text)
        assert known_vaults() == []

    def test_no_registry_knows_no_vault(self, config: Path) -> None:
        assert known_vaults() == []

    @pytest.mark.parametrize(
        ("platform", "variables", "folder"),
        [
            ("linux", {}, "home/.config/obsidian"),
            ("linux", {"XDG_CONFIG_HOME": ""}, "home/.config/obsidian"),
            ("darwin", {}, "home/Library/Application Support/obsidian"),
            ("win32", {"APPDATA": "roaming"}, "roaming/obsidian"),
            ("win32", {}, "home/AppData/Roaming/obsidian"),
        ],
    )
    def test_each_platform_has_its_place(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        platform: str,
        variables: dict[str, str],
        folder: str,
    ) -> None:
        for name in ("XDG_CONFIG_HOME", "APPDATA"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value and str(tmp_path / value))
        monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
        monkeypatch.setattr("sys.platform", platform)
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / "vault").mkdir()
        registry = {"vaults": {"x": {"path": str(tmp_path / "vault")}}}
        (tmp_path / folder / "obsidian.json").write_text(json.dumps(registry))
        assert known_vaults() == [tmp_path / "vault"]

    def test_the_nearest_vault_around_a_folder(self, tmp_path: Path) -> None:
        inner = tmp_path / "outer" / "inner"
        (inner / ".obsidian").mkdir(parents=True)
        (tmp_path / "outer" / ".obsidian").mkdir()
        (inner / "deep" / "er").mkdir(parents=True)
        (tmp_path / "outer" / "other").mkdir()
        assert vault_around(inner / "deep" / "er") == inner
        assert vault_around(inner) == inner
        assert vault_around(tmp_path / "outer" / "other") == tmp_path / "outer"
        (tmp_path / "plain").mkdir()
        (tmp_path / "plain" / ".obsidian").write_text("a file")
        assert vault_around(tmp_path / "plain") is None

    def test_a_path_too_long_to_exist_is_in_no_vault(self) -> None:
        assert vault_around(Path("/" + "x" * 5000)) is None


class TestVaultSettings:
    """`.obsidian/app.json`."""

    def test_without_any_the_defaults_hold(self, tmp_path: Path) -> None:
        assert read_settings(tmp_path) == VaultSettings()
        assert read_settings(tmp_path / "nowhere") == VaultSettings()

    def test_what_is_set(self, tmp_path: Path) -> None:
        put(tmp_path, "app.json", {"userIgnoreFilters": ["a/", "/x.*/"], "useTab": False, "tabSize": 2})
        found = read_settings(tmp_path)
        assert (found.ignore_filters, found.use_tab, found.tab_size) == (("a/", "/x.*/"), False, 2)
        assert found.warnings == ()

    @pytest.mark.parametrize(
        "app",
        [
            {"userIgnoreFilters": None, "useTab": None, "tabSize": None},
            {"userIgnoreFilters": "a/", "useTab": "no", "tabSize": "2"},
            {"userIgnoreFilters": [1, None, {}], "useTab": 0, "tabSize": True},
            {"userIgnoreFilters": {"a": 1}, "tabSize": -3},
            {"tabSize": 10**30},
            {"tabSize": 0},
        ],
    )
    def test_a_value_of_another_kind_is_the_default(self, tmp_path: Path, app: object) -> None:
        put(tmp_path, "app.json", app)
        assert read_settings(tmp_path) == VaultSettings()

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "not valid JSON"),
            (b"{", "not valid JSON"),
            (b"\x00\xff\xfe\x80", "not valid JSON"),
            (b'{"tabSize": ' + b"9" * 5000 + b"}", "not valid JSON"),
            (b"[" * 100_000, "not valid JSON"),
            (b"[1]", "does not hold what Obsidian writes there"),
            (b"null", "does not hold what"),
            (b'"text"', "does not hold what"),
            (b" " * (8 * 1024 * 1024) + b"{}", "too large"),
        ],
        ids=["empty", "cut", "binary", "long number", "deep", "list", "null", "string", "huge"],
    )
    def test_a_broken_file_is_a_warning(self, tmp_path: Path, content: bytes, says: str) -> None:
        file = put(tmp_path, "app.json", content)
        found = read_settings(tmp_path)
        assert len(found.warnings) == 1
        assert found.warnings[0].startswith(f"{file} is not used: it ")
        assert says in found.warnings[0]
        assert found == VaultSettings(warnings=found.warnings)

    def test_a_pipe_or_a_folder_in_its_place_is_a_warning(self, tmp_path: Path) -> None:
        (tmp_path / ".obsidian").mkdir()
        os.mkfifo(tmp_path / ".obsidian" / "app.json")
        (tmp_path / ".obsidian" / "community-plugins.json").mkdir()
        warnings = read_settings(tmp_path).warnings
        assert len(warnings) == 2
        assert all("not a plain file" in warning for warning in warnings)

    def test_a_byte_order_mark_is_no_fault(self, tmp_path: Path) -> None:
        put(tmp_path, "app.json", b'\xef\xbb\xbf{"tabSize": 3}')
        assert read_settings(tmp_path).tab_size == 3

    @given(
        st.dictionaries(
            st.sampled_from(["app.json", "community-plugins.json", DATA]),
            st.binary(max_size=20)
            | st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(TASKS_PLUGIN),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(
                            [
                                "statusSettings",
                                "coreStatuses",
                                "customStatuses",
                                "symbol",
                                "nextStatusSymbol",
                                "type",
                            ]
                        ),
                        inner,
                        max_size=3,
                    )
                ),
            ),
        )
    )
    def test_whatever_stands_there_there_are_settings(self, tmp_path: Path, files: dict[str, object]) -> None:
        for path, value in files.items():
            put(tmp_path, path, value)
        found = read_settings(tmp_path)
        for status in found.statuses:
            assert len(status.symbol) == len(status.next_symbol) == 1
            assert (status.symbol + status.next_symbol).isprintable()


class TestTasksPlugin:
    """The Tasks plugin's own settings."""

    def test_it_is_off_unless_it_is_listed(self, tmp_path: Path) -> None:
        put(tmp_path, DATA, {"setDoneDate": False})
        put(tmp_path, "community-plugins.json", ["dataview"])
        found = read_settings(tmp_path)
        assert found.tasks_plugin is None
        assert found.statuses.type_of("X") is StatusType.DONE

    def test_without_settings_of_its_own_it_has_its_defaults(self, tmp_path: Path) -> None:
        put(tmp_path, "community-plugins.json", [TASKS_PLUGIN])
        found = read_settings(tmp_path)
        assert found.tasks_plugin == TaskSettings()
        assert found.statuses.type_of("/") is StatusType.IN_PROGRESS
        assert found.statuses.type_of("X") is StatusType.TODO, "unregistered, to the plugin"

    def test_each_setting(self, tmp_path: Path) -> None:
        found = plugin_settings(
            tmp_path,
            {
                "setDoneDate": False,
                "setCancelledDate": False,
                "setCreatedDate": True,
                "recurrenceOnNextLine": True,
                "removeScheduledDateOnRecurrence": True,
                "globalFilter": "#task",
                "taskFormat": "dataview",
            },
        )
        assert found == TaskSettings(
            set_done_date=False,
            set_cancelled_date=False,
            set_created_date=True,
            recurrence_on_next_line=True,
            remove_scheduled_date_on_recurrence=True,
            global_filter="#task",
            task_format=TaskFormat.DATAVIEW,
        )

    @pytest.mark.parametrize(
        "data",
        [
            {"setDoneDate": None, "setCreatedDate": "yes", "globalFilter": 5, "taskFormat": "new format"},
            {"statusSettings": None},
            {"statusSettings": {"coreStatuses": {}, "customStatuses": 5}},
            {"statusSettings": {"customStatuses": [None, 5, {}, {"symbol": "ab", "nextStatusSymbol": "x"}]}},
            {"statusSettings": {"customStatuses": [{"symbol": "\n", "nextStatusSymbol": "x"}]}},
            {"statusSettings": {"customStatuses": [{"symbol": "\ud83d", "nextStatusSymbol": "x"}]}},
            {"statusSettings": {"customStatuses": [{"symbol": "", "nextStatusSymbol": "x"}]}},
        ],
    )
    def test_a_value_of_another_kind_is_the_default(self, tmp_path: Path, data: object) -> None:
        assert plugin_settings(tmp_path, data) == TaskSettings()

    def test_statuses_with_the_first_of_a_duplicate(self, tmp_path: Path) -> None:
        def status(symbol: str, name: object, following: object, kind: object) -> dict[str, object]:
            return {"symbol": symbol, "name": name, "nextStatusSymbol": following, "type": kind}

        found = plugin_settings(
            tmp_path,
            {
                "statusSettings": {
                    "coreStatuses": [status(" ", "Todo", "/", "TODO"), status("x", "Done", " ", "DONE")],
                    "customStatuses": [
                        status("/", "Half", "x", "IN_PROGRESS"),
                        status("x", "Second x", "q", "CANCELLED"),
                        status("h", "Waits", " ", "ON_HOLD"),
                        status("i", 7, "x", "NON_TASK"),
                        status("?", "Type?", "x", "SOMETHING"),
                        status("n", "Next?", "\n", "TODO"),
                        status("📌", "Pinned", " ", "DONE"),
                    ],
                }
            },
        )
        assert list(found.statuses) == [
            Status(" ", "Todo", "/", StatusType.TODO),
            Status("x", "Done", " ", StatusType.DONE),
            Status("/", "Half", "x", StatusType.IN_PROGRESS),
            Status("h", "Waits", " ", StatusType.ON_HOLD),
            Status("i", "i", "x", StatusType.NON_TASK),
            Status("?", "Type?", "x", StatusType.TODO),
            Status("n", "Next?", "x", StatusType.TODO),
            Status("📌", "Pinned", " ", StatusType.DONE),
        ]
        assert read_settings(tmp_path).statuses == found.statuses

    def test_equal_settings_are_equal(self, tmp_path: Path) -> None:
        plugin_settings(tmp_path, {"globalFilter": "#task"})
        assert read_settings(tmp_path) == read_settings(tmp_path)


@pytest.mark.parametrize(
    ("vault", "path", "uri"),
    [
        ("My Vault", "a/b c.md", "obsidian://open?vault=My%20Vault&file=a%2Fb%20c.md"),
        ("v", "x&append=evil.md", "obsidian://open?vault=v&file=x%26append%3Devil.md"),
        ("v#?", "é%.md", "obsidian://open?vault=v%23%3F&file=%C3%A9%25.md"),
        ("v", "$(id)\n.md", "obsidian://open?vault=v&file=%24%28id%29%0A.md"),
        ("v", os.fsdecode(b"caf\xe9.md"), "obsidian://open?vault=v&file=caf%E9.md"),
    ],
)
def test_an_address_for_obsidian_holds_nothing_but_the_names(vault: str, path: str, uri: str) -> None:
    assert note_uri(vault, path) == uri


@pytest.mark.parametrize(
    ("subpath", "uri"),
    [
        ("", "obsidian://open?vault=v&file=a%2FNote.md"),
        ("#A & B#C", "obsidian://open?vault=v&file=a%2FNote%23A%20%26%20B%23C"),
        ("#^id-1", "obsidian://open?vault=v&file=a%2FNote%23%5Eid-1"),
        ("#x&append=y\n$(id)", "obsidian://open?vault=v&file=a%2FNote%23x%26append%3Dy%0A%24%28id%29"),
    ],
)
def test_an_address_names_a_heading_or_a_block(subpath: str, uri: str) -> None:
    assert note_uri("v", "a/Note.md", subpath) == uri


def test_a_vault_is_named_where_its_name_is_known_and_tells_which_one(tmp_path: Path) -> None:
    root, twin = tmp_path / "My Vault", tmp_path / "other" / "My Vault"
    by_path = f"obsidian://open?path={str(root).replace('/', '%2F').replace(' ', '%20')}%2F"
    assert uri_of(root, "a.md", "#x", [root]) == "obsidian://open?vault=My%20Vault&file=a%23x"
    assert uri_of(root, "a.md", "#x", []) == f"{by_path}a.md%23x"
    assert uri_of(root, "a.md", "", [twin, root]) == f"{by_path}a.md"
    assert uri_of(root, "C#.md", "#x", [root]) == f"{by_path}C%23.md", "its own # is not that of a heading"


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        ({}, (NewNoteLocation.VAULT, "")),
        ({"newFileLocation": "current"}, (NewNoteLocation.SAME_FOLDER, "")),
        (
            {"newFileLocation": "folder", "newFileFolderPath": "in/box/"},
            (NewNoteLocation.FOLDER, "in/box"),
        ),
        ({"newFileLocation": ["x"], "newFileFolderPath": 7}, (NewNoteLocation.VAULT, "")),
    ],
)
def test_where_new_notes_go(
    tmp_path: Path, app: dict[str, object], expected: tuple[NewNoteLocation, str]
) -> None:
    put(tmp_path, "app.json", app)
    found = read_settings(tmp_path)
    assert (found.new_note_location, found.new_note_folder) == expected
