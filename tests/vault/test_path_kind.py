from __future__ import annotations

import pytest

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.vault.path_kind import PathKind, path_kind

RULES = IgnoreRules.of(["Archive/", r"/\.draft\.md$/"])


@pytest.mark.parametrize(
    ("path", "interest"),
    [
        ("a.md", PathKind.NOTE),
        ("A.MD", PathKind.NOTE),
        ("deep/er/a b.md", PathKind.NOTE),
        ("odd\udcff.md", PathKind.NOTE),
        ("md", PathKind.FOLDER),
        ("a.md~", PathKind.FOLDER),
        ("picture.png", PathKind.FOLDER),
        ("Projects", PathKind.FOLDER),
        ("", PathKind.FOLDER),
        (".Plan.md.icloud", PathKind.FOLDER),
        ("Work/.Plan.md.icloud", PathKind.FOLDER),
        (".picture.png.icloud", PathKind.NONE),
        (".~a.md.1234", PathKind.NONE),
        ("Work/.~a.md", PathKind.NONE),
        (".hidden.md", PathKind.NONE),
        (".git", PathKind.NONE),
        (".git/index.lock", PathKind.NONE),
        (".trash/a.md", PathKind.NONE),
        ("Work/.stversions/a.md", PathKind.NONE),
        ("Archive/a.md", PathKind.NONE),
        ("Archive", PathKind.NONE),
        ("plan.draft.md", PathKind.NONE),
        (".obsidian", PathKind.SETTINGS),
        (".obsidian/app.json", PathKind.SETTINGS),
        (".obsidian/community-plugins.json", PathKind.SETTINGS),
        (".obsidian/plugins", PathKind.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin", PathKind.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin/data.json", PathKind.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin/main.js", PathKind.NONE),
        (".obsidian/workspace.json", PathKind.NONE),
        (".obsidian/themes/x/theme.css", PathKind.NONE),
        (".obsidian/a.md", PathKind.NONE),
        ("Work/.obsidian/app.json", PathKind.NONE),
    ],
)
def test_what_a_change_at_a_path_means(path: str, interest: PathKind) -> None:
    assert path_kind(path, RULES) is interest


def test_beside_a_lone_note_no_folder_is_looked_at() -> None:
    alone = IgnoreRules(is_flat=True)
    assert path_kind("note.md", alone) is PathKind.NOTE
    assert path_kind("folder", alone) is PathKind.NONE
    assert path_kind("folder/note.md", alone) is PathKind.NONE
