from __future__ import annotations

import pytest

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.vault.path_kind import Interest, interest_in

RULES = IgnoreRules.of(["Archive/", r"/\.draft\.md$/"])


@pytest.mark.parametrize(
    ("path", "interest"),
    [
        ("a.md", Interest.NOTE),
        ("A.MD", Interest.NOTE),
        ("deep/er/a b.md", Interest.NOTE),
        ("odd\udcff.md", Interest.NOTE),
        ("md", Interest.FOLDER),
        ("a.md~", Interest.FOLDER),
        ("picture.png", Interest.FOLDER),
        ("Projects", Interest.FOLDER),
        ("", Interest.FOLDER),
        (".Plan.md.icloud", Interest.FOLDER),
        ("Work/.Plan.md.icloud", Interest.FOLDER),
        (".picture.png.icloud", Interest.NONE),
        (".~a.md.1234", Interest.NONE),
        ("Work/.~a.md", Interest.NONE),
        (".hidden.md", Interest.NONE),
        (".git", Interest.NONE),
        (".git/index.lock", Interest.NONE),
        (".trash/a.md", Interest.NONE),
        ("Work/.stversions/a.md", Interest.NONE),
        ("Archive/a.md", Interest.NONE),
        ("Archive", Interest.NONE),
        ("plan.draft.md", Interest.NONE),
        (".obsidian", Interest.SETTINGS),
        (".obsidian/app.json", Interest.SETTINGS),
        (".obsidian/community-plugins.json", Interest.SETTINGS),
        (".obsidian/plugins", Interest.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin", Interest.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin/data.json", Interest.SETTINGS),
        (".obsidian/plugins/obsidian-tasks-plugin/main.js", Interest.NONE),
        (".obsidian/workspace.json", Interest.NONE),
        (".obsidian/themes/x/theme.css", Interest.NONE),
        (".obsidian/a.md", Interest.NONE),
        ("Work/.obsidian/app.json", Interest.NONE),
    ],
)
def test_what_a_change_at_a_path_means(path: str, interest: Interest) -> None:
    assert interest_in(path, RULES) is interest


def test_beside_a_lone_note_no_folder_is_looked_at() -> None:
    alone = IgnoreRules(is_flat=True)
    assert interest_in("note.md", alone) is Interest.NOTE
    assert interest_in("folder", alone) is Interest.NONE
    assert interest_in("folder/note.md", alone) is Interest.NONE
