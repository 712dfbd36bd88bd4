"""`roadtui tasks` and `roadtui task`, as a script uses them."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from roadtui import __version__
from roadtui.cli.main import main
from roadtui.vault.obsidian import TASKS_PLUGIN
from tests.cli.conftest import PLAN, Shell

REPEATING = "- [ ] a\n- [ ] r 🔁 every day 📅 2026-03-14\n- [ ] b\n- [ ] d 🏁 delete\n- [x] c\n"


class TestTasks:
    """Listing."""

    def test_text(self, shell: Shell) -> None:
        assert shell.lines("tasks") == [
            "Plan.md:2  [ ] one",
            "Plan.md:3  [x] two ✅ 2026-01-01",
            "Plan.md:4  [/] three",
            "Plan.md:6  [-] four",
            "Plan.md:7  [?] five",
            "area/Sub.md:1  [ ] six",
        ]

    def test_json(self, shell: Shell) -> None:
        found = json.loads(shell.run("tasks", "Plan.md", "--format", "json").stdout)
        assert len(found) == 5
        assert found[3] == {
            "path": "Plan.md",
            "line": 6,
            "status": "-",
            "status_type": "CANCELLED",
            "heading": "Plan > Later",
            "text": "four",
        }

    @pytest.mark.parametrize(("form", "separator"), [("tsv", "\t"), ("csv", ",")])
    def test_tables(self, shell: Shell, form: str, separator: str) -> None:
        shell.write("Plan.md", '# A, "b"\n- [ ] tab\there, and "quotes"\n')
        output = shell.run("tasks", "Plan.md", "--format", form).stdout
        assert list(csv.reader(io.StringIO(output), delimiter=separator)) == [
            ["path", "line", "status", "status_type", "heading", "text"],
            ["Plan.md", "2", " ", "TODO", 'A, "b"', 'tab here, and "quotes"'],
        ]

    @pytest.mark.parametrize(
        ("options", "numbers"),
        [
            ([], [2, 3, 4, 6, 7]),
            (["--todo"], [2, 4, 7]),
            (["--done"], [3]),
            (["--status", "/"], [4]),
            (["--status", " "], [2]),
            (["--status", "q"], []),
            (["--todo", "--status", "x"], []),
        ],
    )
    def test_which(self, shell: Shell, options: list[str], numbers: list[int]) -> None:
        found = json.loads(shell.run("tasks", "Plan.md", *options, "--format", "json").stdout)
        assert [task["line"] for task in found] == numbers
        assert shell.lines("tasks", "Plan.md", *options, "--total") == [str(len(numbers))]

    def test_the_vaults_own_statuses_say_what_is_done(self, shell: Shell) -> None:
        shell.turn_plugin_on()
        five = {"symbol": "?", "name": "Five", "nextStatusSymbol": " ", "type": "DONE"}
        settings = json.dumps({"statusSettings": {"customStatuses": [five]}})
        shell.write(f".obsidian/plugins/{TASKS_PLUGIN}/data.json", settings)
        assert shell.lines("tasks", "--done") == ["Plan.md:3  [x] two ✅ 2026-01-01", "Plan.md:7  [?] five"]

    @pytest.mark.parametrize("path", ["area", "area/", "area/Sub.md", "./area/../area"])
    def test_below_a_folder_or_a_note(self, shell: Shell, path: str) -> None:
        assert shell.lines("tasks", path) == ["area/Sub.md:1  [ ] six"]

    def test_a_folder_beside_one_with_a_longer_name(self, shell: Shell) -> None:
        shell.write("area 2/X.md", "- [ ] x\n")
        assert shell.lines("tasks", "area") == ["area/Sub.md:1  [ ] six"]

    def test_paths_are_looked_up_from_here_then_in_the_named_vault_then_in_the_vault_around(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(shell.root / "area")
        assert shell.lines("tasks", "Sub.md") == ["area/Sub.md:1  [ ] six"]
        assert len(shell.lines("tasks", "Plan.md")) == 5
        assert len(shell.lines("tasks")) == 6
        assert shell.lines("tasks", ".") == ["area/Sub.md:1  [ ] six"]
        monkeypatch.chdir(tmp_path)
        assert shell.lines("--vault", "vault", "tasks", "area/Sub.md") == ["area/Sub.md:1  [ ] six"]
        assert len(shell.lines("--vault", "vault", "tasks")) == 6
        assert len(shell.lines("tasks", "vault")) == 6
        assert shell.lines("tasks", tmp_path / "vault" / "area") == ["area/Sub.md:1  [ ] six"]

    def test_paths_are_shown_from_the_named_vault(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "plain" / "sub").mkdir(parents=True)
        (tmp_path / "plain" / "sub" / "n.md").write_text("- [ ] n\n")
        monkeypatch.chdir(tmp_path)
        assert shell.lines("tasks", "plain/sub") == ["n.md:1  [ ] n"]
        for path in ("plain/sub", "sub", "sub/n.md"):
            assert shell.lines("--vault", "plain", "tasks", path) == ["sub/n.md:1  [ ] n"]

    def test_a_note_in_no_vault(self, shell: Shell, tmp_path: Path) -> None:
        lone = tmp_path / "lone" / "x.MD"
        lone.parent.mkdir()
        lone.write_text("- [ ] alone\n")
        (lone.parent / "y.md").write_text("- [ ] not asked for\n")
        assert shell.lines("tasks", lone) == ["x.MD:1  [ ] alone"]

    def test_a_link_in_a_vault_is_a_note_of_that_vault(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "outside.md").write_text("- [ ] out\n")
        (shell.root / "link.md").symlink_to(tmp_path / "outside.md")
        (tmp_path / "shortcut.md").symlink_to(shell.root / "area" / "Sub.md")
        assert shell.lines("tasks", "link.md") == ["link.md:1  [ ] out"]
        assert shell.lines("tasks", tmp_path / "shortcut.md") == ["area/Sub.md:1  [ ] six"]

    def test_an_excluded_note_is_listed_where_it_is_named(self, shell: Shell) -> None:
        shell.write(".obsidian/app.json", '{"userIgnoreFilters": ["area/"]}')
        assert len(shell.lines("tasks")) == 5
        assert shell.lines("tasks", "area/Sub.md") == ["area/Sub.md:1  [ ] six"]

    def test_what_cannot_be_read_is_told_and_the_rest_is_listed(self, shell: Shell) -> None:
        os.mkfifo(shell.root / "pipe.md")
        (shell.root / "area" / "gone.md").symlink_to("nowhere")
        shell.write(".obsidian/app.json", "{")
        done = shell.run("tasks")
        assert done.exit_code == 0
        assert len(done.stdout.splitlines()) == 6
        assert "left out: pipe.md: It is not a regular file." in done.stderr
        assert "left out: area/gone.md: It is a link to something that does not exist." in done.stderr
        assert "app.json is not used: it is not valid JSON." in done.stderr

    def test_a_note_that_cannot_be_read_is_no_success(self, shell: Shell) -> None:
        shell.write("config.toml", "max_note_bytes = 10")
        done = CliRunner().invoke(main, ["--config", "config.toml", "tasks", "Plan.md"])
        assert (done.exit_code, done.stdout) == (1, "")
        assert "too large" in done.stderr

    def test_no_tasks_is_an_empty_list(self, shell: Shell) -> None:
        shell.write("Plan.md", "")
        assert shell.run("tasks", "Plan.md").stdout == ""
        assert json.loads(shell.run("tasks", "Plan.md", "--format", "json").stdout) == []


class TestTask:
    """Changing."""

    @pytest.mark.parametrize(
        ("reference", "option", "before", "after"),
        [
            ("Plan.md:2", ["--toggle"], "[ ] one", "[x] one"),
            ("Plan.md:2", ["--done"], "[ ] one", "[x] one"),
            ("Plan.md:2", ["--status", "/"], "[ ] one", "[/] one"),
            ("Plan.md:3", ["--toggle"], "[x] two", "[ ] two"),
            ("Plan.md:3", ["--todo"], "[x] two", "[ ] two"),
            ("Plan.md:4", ["--toggle"], "[/] three", "[x] three"),
            ("Plan.md:6", ["--toggle"], "[-] four", "[ ] four"),
            ("Plan.md:7", ["--toggle"], "[?] five", "[x] five"),
            ("Plan.md:2", ["--todo"], "[ ] one", "[ ] one"),
        ],
    )
    def test_one_byte(self, shell: Shell, reference: str, option: list[str], before: str, after: str) -> None:
        output = shell.lines("task", reference, *option)
        assert (shell.root / "Plan.md").read_text() == PLAN.replace(before, after)
        assert len(output) == 1
        assert output[0].startswith(f"{reference}  {after}")

    @pytest.mark.parametrize(
        ("lines", "changed"), [("2,4", [2, 4]), ("2-4", [2, 3, 4]), ("4,2-3,3", [2, 3, 4]), ("7,6-6", [6, 7])]
    )
    def test_several_in_their_order(self, shell: Shell, lines: str, changed: list[int]) -> None:
        output = shell.lines("task", f"Plan.md:{lines}", "--status", "!")
        assert [int(line.split(":")[1].split()[0]) for line in output] == changed
        now = (shell.root / "Plan.md").read_text().splitlines()
        assert [number for number, line in enumerate(now, 1) if "[!]" in line] == changed

    def test_a_repeating_and_a_deleted_task_among_several(self, shell: Shell) -> None:
        shell.turn_plugin_on()
        shell.write("R.md", REPEATING)
        assert shell.lines("task", "R.md:1-5", "--done") == [
            "R.md:1  [x] a ✅ 2026-03-14",
            "R.md:2  [ ] r 🔁 every day 📅 2026-03-15",
            "R.md:3  [x] r 🔁 every day 📅 2026-03-14 ✅ 2026-03-14",
            "R.md:4  [x] b ✅ 2026-03-14",
            "R.md:5  removed",
            "R.md:5  [x] c",
        ]
        assert (shell.root / "R.md").read_text() == (
            "- [x] a ✅ 2026-03-14\n"
            "- [ ] r 🔁 every day 📅 2026-03-15\n"
            "- [x] r 🔁 every day 📅 2026-03-14 ✅ 2026-03-14\n"
            "- [x] b ✅ 2026-03-14\n"
            "- [x] c\n"
        )

    def test_many_copies(self, shell: Shell) -> None:
        shell.turn_plugin_on()
        shell.write("R.md", "- [ ] same\n" * 60)
        shell.lines("task", "R.md:10-50", "--done")
        now = (shell.root / "R.md").read_text().splitlines()
        assert [number for number, line in enumerate(now, 1) if "[x]" in line] == list(range(10, 51))

    def test_the_day_is_the_one_that_is_given(self, shell: Shell) -> None:
        shell.turn_plugin_on()
        shell.run("task", "Plan.md:2", "--done", today="2031-12-31")
        assert "- [x] one ✅ 2031-12-31\n" in (shell.root / "Plan.md").read_text()

    def test_a_note_elsewhere_and_a_colon_in_a_name(self, shell: Shell, tmp_path: Path) -> None:
        note = shell.write("a: b:2.md", "- [ ] x\n")
        assert shell.lines("task", "a: b:2.md:1", "--done") == ["a: b:2.md:1  [x] x"]
        assert note.read_text() == "- [x] x\n"
        lone = tmp_path / "lone.md"
        lone.write_text("- [ ] x\r\n")
        shell.lines("task", f"{lone}:1", "--done")
        assert lone.read_bytes() == b"- [x] x\r\n"

    @pytest.mark.parametrize(
        ("reference", "says"),
        [
            ("Plan.md:1", "Nothing changed: line 1 is not a task."),
            ("Plan.md:2-8", "Nothing changed: line 5 is not a task."),
            ("Plan.md:2,999999999", "Nothing changed: line 999999999 is not a task."),
            ("Delete.md:1", "nested in it would be left alone"),
        ],
    )
    def test_refused_and_nothing_written(self, shell: Shell, reference: str, says: str) -> None:
        shell.turn_plugin_on()
        note = shell.write("Delete.md", "- [ ] a 🏁 delete\n  - [ ] b\n")
        before = note.read_bytes()
        assert says in shell.refused("task", reference, "--done")
        assert (shell.root / "Plan.md").read_text() == PLAN
        assert note.read_bytes() == before

    def test_all_or_none(self, shell: Shell) -> None:
        shell.turn_plugin_on()
        note = shell.write("R.md", "- [ ] a\n- [ ] b 🏁 delete\n  - [ ] c\n- [ ] d\n")
        before = note.read_bytes()
        assert "left alone" in shell.refused("task", "R.md:1-4", "--done")
        assert note.read_bytes() == before

    def test_utf16_is_not_written(self, shell: Shell) -> None:
        note = shell.write("U.md", "- [ ] a\n".encode("utf-16"))
        before = note.read_bytes()
        assert "shown only (UTF-16)" in shell.refused("task", "U.md:1", "--done")
        assert note.read_bytes() == before

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["Plan.md:2"], "Choose one action: --toggle, --done, --todo, --status C"),
            (["Plan.md:2", "--done", "--status", "x"], "Choose one action"),
            (["Plan.md:2", "--status", "xy"], "--status takes one character."),
            (["Plan.md:2", "--status", ""], "--status takes one character."),
            (["Plan.md:2", "--status", "\n"], "--status takes one character."),
            (["Plan.md:2", "--status", "\x1b"], "--status takes one character."),
            (["Plan.md", "--done"], "“Plan.md” names no lines; write NOTE.md:3"),
            (["Plan.md:", "--done"], "names no lines"),
            ([":2", "--done"], "names no lines"),
            (["Plan.md:2;3", "--done"], "names no lines"),
            (["Plan.md:-2", "--done"], "names no lines"),
            (["Plan.md:٣", "--done"], "names no lines"),
            (["Plan.md:" + "9" * 6000, "--done"], "names no lines"),
            (["Plan.md:0", "--done"], "“0” is not a line"),
            (["Plan.md:4-2", "--done"], "“4-2” is not a line"),
            (["Plan.md:1-999999999", "--done"], "more lines than any note has"),
            (["area:2", "--done"], "“area” is not a note."),
            (["Nowhere.md:2", "--done"], "There is no note called “Nowhere.md”."),
            (["\x1b]52;c;x\x07.md:2", "--done"], "“␛]52;c;x␇.md”"),
            ([], "Missing argument"),
        ],
    )
    def test_wrong_arguments(self, shell: Shell, arguments: list[str], says: str) -> None:
        assert says in shell.refused("task", *arguments, status=2)
        assert (shell.root / "Plan.md").read_text() == PLAN


class TestWrongPlaces:
    """What is named is not there, or is something else."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["tasks", "Nowhere.md"], "There is no folder or note called “Nowhere.md”."),
            (["tasks", "x" * 5000], "There is no folder or note"),
            (["tasks", "--status", "ab"], "--status takes one character."),
            (["tasks", "--format", "xml"], "Invalid value for '--format'"),
            (["tasks", "notes.txt"], "“notes.txt” is neither a folder nor a note"),
            (["--vault", "nowhere", "tasks"], "There is no folder or note called “nowhere”."),
            (["--today", "2026-02-30", "tasks"], "2026-02-30 is not a date. Write it as 2026-12-31."),
            (["--config", "bad.toml", "tasks"], "bad.toml, count must be"),
            (["Plan.md"], "The full screen needs a terminal."),
            ([], "The full screen needs a terminal."),
            (["demo"], "The full screen needs a terminal."),
        ],
    )
    def test_wrong_usage(self, shell: Shell, arguments: list[str], says: str) -> None:
        shell.write("notes.txt", "")
        shell.write("bad.toml", "count = 'x'")
        done = CliRunner().invoke(main, arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr

    def test_no_vault_at_all(self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        assert "No vault found here" in shell.refused("tasks", status=2)

    def test_a_working_folder_that_is_gone(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        assert "No vault found here" in shell.refused("tasks", status=2)
        assert len(shell.lines("tasks", shell.root)) == 6

    def test_a_vault_of_the_config_that_is_missing(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        config = tmp_path / "c.toml"
        config.write_text(f"vault = '{tmp_path / 'nowhere'}'")
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(main, ["--config", str(config), "tasks"])
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"“{tmp_path / 'nowhere'}”" in done.stderr

    def test_the_version(self) -> None:
        done = CliRunner().invoke(main, ["--version"])
        assert (done.exit_code, done.output) == (0, f"roadtui {__version__}\n")
