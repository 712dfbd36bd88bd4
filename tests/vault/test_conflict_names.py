"""The names that sync programs and merge tools give to the version that lost."""

from __future__ import annotations

import pytest

from roadtui.vault.watch.conflict_names import is_made_of, possible_conflict_name, sure_conflict_name

COPIES = {
    "Syncthing": "Plan.sync-conflict-20261126-010232-HTGQYWI.md",
    "Dropbox": "Plan (Ann's conflicted copy 2026-01-31).md",
    "Dropbox, with brackets in the name": "Plan (Ann (work)'s conflicted copy 2026-01-31).md",
    "Dropbox, case": "Plan (Case Conflict 1).md",
    "Nextcloud": "Plan (conflicted copy 2026-01-31 120000).md",
    "Nextcloud, case": "Plan (case clash from ann).md",
    "Obsidian Sync": "Plan (Conflicted copy phone 202601311200).md",
    "ownCloud": "Plan_conflict-20260131-120000.md",
    "Seafile": "Plan (SFConflict ann@example.org 2026-01-31-12-00-00).md",
    "Synology Drive": "Plan_Jan-31-120000-2026_Conflict.md",
    "Resilio Sync": "Plan.Conflict.md",
    "rclone": "Plan.conflict1.md",
    "rclone, before 1.66": "Plan..path1.md",
    "Unison": "Plan (copy: conflict #2 on 2026-01-31).md",
    "Unison 2.52": "Plan (conflict_on_2026-01-31).md",
    "Unison 2.52, again": "Plan (conflict #2_on_2026-01-31).md",
    "git mergetool": "Plan_LOCAL_12345.md",
    "roadtui": "Plan (conflict 1a2b3c).md",
}
LIKE_COPIES = {
    "OneDrive": "Plan-DESKTOP-AB12CD3.md",
    "OneDrive, any host": "Plan-anns-laptop.md",
    "Google Drive": "Plan (1).md",
    "iCloud": "Plan 2.md",
    "macOS": "Plan copy.md",
    "KDE": "Copy of Plan.md",
    "an unknown program": "conflict.Plan.20260131.md",
    "git": "Plan.orig.md",
}


@pytest.mark.parametrize("name", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("folder", ["", "a (b)/c.d/"])
def test_a_name_that_only_a_program_gives_says_what_it_is_a_version_of(folder: str, name: str) -> None:
    found = sure_conflict_name(folder + name)
    assert found is not None
    assert found.original == f"{folder}Plan.md"


@pytest.mark.parametrize("name", [*COPIES.values(), *LIKE_COPIES.values()])
def test_a_copy_is_called_after_its_original(name: str) -> None:
    assert is_made_of(f"notes/{name}", "notes/Plan.md")
    assert not is_made_of(f"other/{name}", "notes/Plan.md")


@pytest.mark.parametrize(
    "name",
    [
        *LIKE_COPIES.values(),
        "Plan.md",
        "Conflict.md",
        "The conflict of 1914.md",
        "War (conflict studies).md",
        "Sync (conflict).md",
        "Project.md",
        "Plan (Ann's copy 2026).md",
        "Plan_LOCAL.md",
        ".Conflict.md",
        "Plan.sync-conflict-20261126-010232-HTGQYWI.txt",
    ],
)
def test_names_that_a_person_may_give_are_no_certain_copies(name: str) -> None:
    assert sure_conflict_name(name) is None


@pytest.mark.parametrize(
    ("name", "original"), [("Planet.md", "Plan.md"), ("My Plans.md", "Plan.md"), ("Plan.md", "Plan.md")]
)
def test_a_name_that_only_shares_letters_is_not_made_of_the_other(name: str, original: str) -> None:
    assert not is_made_of(name, original)


@pytest.mark.parametrize("name", ["Plan 2.md", "Plan (1).md"])
def test_a_number_behind_a_name_may_be_a_copy(name: str) -> None:
    found = possible_conflict_name(name)
    assert found is not None
    assert found.original == "Plan.md"
