"""Writing an edit through the model, by the settings of Obsidian and of the user."""

from __future__ import annotations

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.core.stats.progress import CountMode
from roadtui.core.tasks.status import Status, StatusType
from roadtui.vault.errors import NoteGoneError, VaultMissingError, WriteFailedError
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.conftest import TODAY, Files, put, task_in, texts
from tests.vault.single_edits import status_edit


class TestCommit:
    """Writing an edit."""

    def test_one_byte_and_the_model_follows(self, files: Files) -> None:
        vault = files.loaded()
        done = put(vault, "A.md", "x")
        assert (files.root / "A.md").read_bytes() == b"- [x] a\n- [x] b\n"
        assert done.snapshot is vault.snapshot
        assert (done.path, done.line, len(done.hunks)) == ("A.md", 0, 1)
        assert done.snapshot.notes["A.md"].progress.done == 2
        assert vault.refresh() is done.snapshot

    def test_an_edit_from_outside_at_the_same_time_is_kept(self, files: Files) -> None:
        vault = files.loaded()
        files.write("A.md", "# New\n- [ ] other\n- [ ] a\n- [x] b\n")
        done = put(vault, "A.md", "x")
        assert (files.root / "A.md").read_text() == "# New\n- [ ] other\n- [x] a\n- [x] b\n"
        assert done.line == 2
        assert texts(vault)["A.md"] == [" other", "xa", "xb"]

    def test_a_mark_that_is_as_wanted_changes_nothing(self, files: Files) -> None:
        vault = files.loaded()
        before = vault.snapshot
        done = put(vault, "A.md", "x", 1)
        assert done.inverse is None
        assert done.snapshot is before

    def test_a_refusal_writes_nothing(self, files: Files) -> None:
        vault = files.loaded()
        note = files.write("A.md", "- [ ] a\n- [ ] b\n- [ ] a\n")
        with pytest.raises(RefusedError):
            put(vault, "A.md", "x")
        assert note.read_text() == "- [ ] a\n- [ ] b\n- [ ] a\n"

    def test_a_note_that_has_grown_too_large_is_not_parsed(self, files: Files) -> None:
        vault = files.loaded(Config(max_note_bytes=200))
        note = files.write("A.md", "- [ ] a\n- [x] b\n" + "- [ ] more\n" * 20)
        large = note.read_bytes()
        with pytest.raises(WriteFailedError, match=r"Not changed: A\.md is too large to be read"):
            put(vault, "A.md", "x")
        assert note.read_bytes() == large

    def test_a_note_that_is_gone_is_said(self, files: Files) -> None:
        vault = files.loaded()
        (files.root / "A.md").unlink()
        with pytest.raises(NoteGoneError):
            put(vault, "A.md", "x")
        assert not (files.root / "A.md").exists()

    def test_undo_and_redo(self, files: Files) -> None:
        before = (files.root / "A.md").read_bytes()
        files.turn_plugin_on()
        vault = files.loaded()
        done = put(vault, "A.md", "x")
        after = (files.root / "A.md").read_bytes()
        assert after != before
        assert done.inverse is not None
        undone = vault.commit(done.inverse)
        assert (files.root / "A.md").read_bytes() == before
        assert undone.inverse is not None
        vault.commit(undone.inverse)
        assert (files.root / "A.md").read_bytes() == after

    def test_presses_ahead_of_the_disk(self, files: Files) -> None:
        """With done dates a line differs after each press; still each press reaches the line it was for."""
        files.turn_plugin_on()
        files.write("A.md", "- [ ] same\n- [ ] same\n- [ ] same\n")
        vault = files.loaded()
        snapshot = vault.snapshot
        note = snapshot.notes["A.md"]
        presses = [
            status_edit(
                snapshot, note, task_in(vault, "A.md", number), mark, TODAY, dates=vault.dates, seen=seen
            )
            for number, seen, mark in [(1, " ", "x"), (0, " ", "x"), (1, "x", " "), (2, " ", "-")]
        ]
        for press in presses:
            vault.commit(press)
        assert texts(vault)["A.md"] == ["xsame ✅ 2026-03-14", " same", "-same ❌ 2026-03-14"]

    def test_the_writer_is_made_for_the_first_edit_and_once(self, files: Files) -> None:
        made: list[NoteWriter] = []

        def make() -> NoteWriter:
            made.append(NoteWriter(files.state))
            return made[-1]

        vault = Vault(files.root, Config(), make)
        vault.refresh()
        assert made == []
        put(vault, "A.md", "x")
        put(vault, "A.md", " ")
        assert len(made) == 1


class TestSettings:
    """Obsidian's settings and the user's."""

    def test_they_are_followed_live(self, files: Files) -> None:
        files.write("A.md", "- [d] a\n- [ ] b\n")
        vault = files.loaded()
        assert vault.dates is None
        assert vault.snapshot.notes["A.md"].progress.done == 0
        symbol = {"symbol": "d", "name": "Done!", "nextStatusSymbol": " ", "type": "DONE"}
        files.turn_plugin_on({"statusSettings": {"customStatuses": [symbol]}, "setDoneDate": False})
        files.set_up("app.json", {"userIgnoreFilters": ["sub/"]})
        after = vault.reload_settings()
        assert after.notes["A.md"].progress.done == 1
        assert "sub/B.md" not in after.notes
        assert vault.rules.leaves_out("sub/B.md")
        assert vault.dates is not None
        assert not vault.dates.set_done_date
        assert vault.reload_settings() is after

    def test_they_stay_as_they_were_while_the_vault_is_missing(self, files: Files) -> None:
        files.turn_plugin_on({"setDoneDate": False})
        vault = files.loaded()
        before = vault.snapshot
        files.root.rename(files.root.with_name("elsewhere"))
        with pytest.raises(VaultMissingError):
            vault.reload_settings()
        assert vault.snapshot is before
        files.root.with_name("elsewhere").rename(files.root)
        assert vault.reload_settings() is before

    @pytest.mark.parametrize(
        ("plugin", "wanted", "written"),
        [
            (None, None, "- [x] a\n"),
            (None, False, "- [x] a\n"),
            (None, True, "- [x] a ✅ 2026-03-14\n"),
            ({}, None, "- [x] a ✅ 2026-03-14\n"),
            ({"setDoneDate": False}, None, "- [x] a\n"),
            ({"setDoneDate": False}, True, "- [x] a ✅ 2026-03-14\n"),
            ({}, False, "- [x] a\n"),
            ({"taskFormat": "dataview"}, None, "- [x] a  [completion:: 2026-03-14]\n"),
        ],
    )
    def test_a_done_date_is_written_where_plugin_or_config_says_so(
        self, files: Files, plugin: object, wanted: bool | None, written: str
    ) -> None:
        if plugin is not None:
            files.turn_plugin_on(plugin)
        files.write("A.md", "- [ ] a\n")
        put(files.loaded(Config(done_dates=wanted)), "A.md", "x")
        assert (files.root / "A.md").read_text() == written

    def test_statuses_of_the_config_win_and_get_dates_too(self, files: Files) -> None:
        files.turn_plugin_on()
        config = Config(statuses=(Status("!", "Shipped", " ", StatusType.DONE),))
        vault = files.loaded(config)
        assert vault.snapshot.statuses.type_of("!") is StatusType.DONE
        put(vault, "A.md", "!")
        assert (files.root / "A.md").read_text() == "- [!] a ✅ 2026-03-14\n- [x] b\n"

    def test_what_is_counted(self, files: Files) -> None:
        files.write("A.md", "- [x] parent\n  - [ ] leaf\n")
        assert files.loaded().snapshot.notes["A.md"].progress.total == 1
        assert files.loaded(Config(count=CountMode.ALL)).snapshot.notes["A.md"].progress.total == 2
