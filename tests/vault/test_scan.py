from __future__ import annotations

import os
from pathlib import Path

import pytest

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.vault.errors import Problem, VaultMissingError
from roadtui.vault.reader import FileStamp
from roadtui.vault.scan import Scan, folders_of, scan


def write(root: Path, *paths: str) -> None:
    for path in paths:
        note = root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(path)


def found(root: Path, *filters: str) -> set[str]:
    return set(scan(root, IgnoreRules.of(filters)).notes)


def test_finds_notes_at_every_depth_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "x.md", "a/b/y.md", "Z.MD", "a/picture.png", "md", "a.markdown")
    assert found(tmp_path) == {"x.md", "a/b/y.md", "Z.MD"}


def test_the_signature_is_that_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    assert scan(tmp_path).notes["a/x.md"] == FileStamp.of(os.stat(tmp_path / "a" / "x.md"))


def test_an_empty_vault_has_no_notes(tmp_path: Path) -> None:
    result = scan(tmp_path)
    assert not result.notes
    assert not result.problems
    assert folders_of(tmp_path) == [""]


def test_names_with_a_dot_in_front_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.md", ".git/x.md", ".obsidian/y.md", "a/.trash/z.md", "a/.~tmp.md", "a/ok.md")
    assert found(tmp_path) == {"a/ok.md"}


def test_what_the_owner_excluded_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "Archive/x.md", "Work/plan.draft.md", "Work/plan.md", "Work/Archive/y.md")
    assert found(tmp_path, "Archive/", r"/\.draft\./") == {"Work/plan.md", "Work/Archive/y.md"}


def test_many_levels_are_no_problem(tmp_path: Path) -> None:
    # Relative steps: the whole path would be longer than the system takes in one call.
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(500):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.md").touch()
    finally:
        os.chdir(here)
    write(tmp_path, "top.md")
    result = scan(tmp_path)
    assert "top.md" in result.notes
    assert len(folders_of(tmp_path)) == 501
    assert f"{'d/' * 500}deep.md" in result.notes


def test_a_folder_beyond_the_longest_path_is_listed(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(40):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
    finally:
        os.chdir(here)
    write(tmp_path, "top.md")
    result = scan(tmp_path)
    assert set(result.notes) == {"top.md"}
    assert len(result.problems) == 1


def test_a_name_that_is_not_utf8_survives(tmp_path: Path) -> None:
    name = b"caf\xe9.md"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()
    (path,) = scan(tmp_path).notes
    assert os.fsencode(path) == name


def test_names_that_differ_in_case_only_are_two_notes(tmp_path: Path) -> None:
    write(tmp_path, "Plan.md", "plan.md")
    if not os.path.samefile(tmp_path / "Plan.md", tmp_path / "plan.md"):
        assert found(tmp_path) == {"Plan.md", "plan.md"}
    else:
        assert len(found(tmp_path)) == 1


def test_links_in_a_loop_end(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.md").symlink_to("self.md")
    result = scan(tmp_path)
    assert set(result.notes) == {"a/x.md"}
    assert [problem.path for problem in result.problems] == ["self.md"]


def test_a_folder_outside_is_followed_once(tmp_path: Path) -> None:
    vault, outside = tmp_path / "vault", tmp_path / "outside"
    write(outside, "x.md", "deep/y.md")
    vault.mkdir()
    (vault / "one").symlink_to(outside)
    (vault / "two").symlink_to(outside)
    (outside / "back").symlink_to(vault)
    assert found(vault) == {"one/x.md", "one/deep/y.md"}


def test_a_folder_inside_keeps_its_own_path(tmp_path: Path) -> None:
    write(tmp_path, "z/deep/x.md")
    (tmp_path / "a").symlink_to("z")
    (tmp_path / "b").symlink_to("z/deep")
    assert found(tmp_path) == {"z/deep/x.md"}


def test_a_linked_note_has_the_signature_of_its_target(tmp_path: Path) -> None:
    vault, outside = tmp_path / "vault", tmp_path / "outside"
    write(outside, "x.md")
    vault.mkdir()
    (vault / "link.md").symlink_to(outside / "x.md")
    assert scan(vault).notes["link.md"] == FileStamp.of(os.stat(outside / "x.md"))


def test_links_to_nothing_and_a_pipe_are_listed(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere")
    (tmp_path / "disk").symlink_to("/nowhere")
    os.mkfifo(tmp_path / "pipe.md")
    result = scan(tmp_path)
    assert not result.notes
    assert {problem.path for problem in result.problems} == {"gone.md", "disk", "pipe.md"}
    assert result.is_unknown("disk/x.md")


def test_a_folder_named_like_a_note_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "folder.md/x.md")
    assert found(tmp_path) == {"folder.md/x.md"}


def test_a_note_that_icloud_keeps_elsewhere_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, "a/.Plan.md.icloud", "a/.picture.png.icloud", "Archive/.Old.md.icloud")
    result = scan(tmp_path, IgnoreRules.of(["Archive/"]))
    assert result.placeholders == {"a/Plan.md"}
    assert not result.notes


def test_a_folder_that_may_not_be_read_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "closed/x.md", "open/y.md")
    closed = tmp_path / "closed"
    closed.chmod(0)
    try:
        if os.access(closed, os.R_OK):
            pytest.skip("this user reads every folder")
        result = scan(tmp_path)
    finally:
        closed.chmod(0o755)
    assert set(result.notes) == {"open/y.md"}
    assert [problem.path for problem in result.problems] == ["closed"]
    assert result.is_unknown("closed/x.md")
    assert not result.is_unknown("open/y.md")


def test_a_vault_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    write(tmp_path, "file")
    for root in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(VaultMissingError, match="not there"):
            scan(root)
        with pytest.raises(VaultMissingError, match="not there"):
            folders_of(root)


def test_the_folders_are_those_that_a_scan_opens(tmp_path: Path) -> None:
    write(tmp_path, "a/b/x.md", "Archive/y.md", ".git/z.md", "outside/c/x.png")
    (tmp_path / "link").symlink_to("a")
    assert sorted(folders_of(tmp_path, IgnoreRules.of(["Archive/"]))) == [
        "",
        "a",
        "a/b",
        "outside",
        "outside/c",
    ]


def test_a_note_that_could_not_be_read_is_unknown() -> None:
    def unknown(*problems: str) -> set[str]:
        found = Scan((0, 0), {}, frozenset(), tuple(Problem(path, "") for path in problems))
        return {path for path in ("a.md", "b.md", "d/a.md", "d/b.md", "da.md") if found.is_unknown(path)}

    assert unknown() == set()
    assert unknown("d", "b.md") == {"b.md", "d/a.md", "d/b.md"}
    assert unknown("") == {"a.md", "b.md", "d/a.md", "d/b.md", "da.md"}


def test_a_root_that_is_replaced_meanwhile_is_no_vault_without_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "a.md").touch()
    list_folder = os.scandir

    def replaced(path: str) -> object:
        if not (tmp_path / "aside").exists():
            root.rename(tmp_path / "aside")
            root.mkdir()
        return list_folder(path)

    monkeypatch.setattr("roadtui.vault.scan.os.scandir", replaced)
    with pytest.raises(VaultMissingError, match="was replaced while it was being read"):
        scan(root)
