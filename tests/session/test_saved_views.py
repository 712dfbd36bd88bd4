"""Saved views: where they come from, which one wins, and a file that is never damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roadtui.session.find.saved_views import SavedViews, ViewError, ViewOrigin, wrong_views

DAY = date(2026, 11, 22)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "views.toml"


def names(views: SavedViews) -> list[str]:
    return [view.name for view in views.views(DAY)]


BUILT_IN = ["Doing", "Blocked", "Overdue", "Done this week", "Stuck", "This week"]


def test_built_in_views_come_first_then_the_configs_then_the_users_own(file: Path) -> None:
    views = SavedViews({"Late": "is:overdue"}, file)
    views.save("Mine", "#mine", DAY)
    assert names(views) == [*BUILT_IN, "Late", "Mine"]
    assert all(not view.problem for view in views.views(DAY))


def test_a_saved_view_is_there_after_a_restart(file: Path) -> None:
    SavedViews({}, file).save("  Due   soon ", " due:<+2w sort:due ", DAY)
    views = SavedViews({}, file)
    views.load()
    assert views.own_query("due soon") == "due:<+2w sort:due"
    assert names(views)[-1] == "Due soon"


def test_saving_again_replaces_whatever_the_case_of_the_name(file: Path) -> None:
    views = SavedViews({}, file)
    views.save("Mine", "#one", DAY)
    views.save("MINE", "#two", DAY)
    assert [(view.name, view.query) for view in views.views(DAY)[len(BUILT_IN) :]] == [("MINE", "#two")]


def test_the_users_own_view_takes_the_place_of_a_built_in_one_with_its_name(file: Path) -> None:
    views = SavedViews({}, file)
    views.save("doing", "is:doing path:work", DAY)
    first = views.views(DAY)[0]
    assert (first.name, first.query, first.origin) == ("doing", "is:doing path:work", ViewOrigin.OWN)
    assert len(views.views(DAY)) == len(BUILT_IN)


def test_a_view_of_the_config_is_not_replaced(file: Path) -> None:
    views = SavedViews({"Late": "is:overdue"}, file)
    with pytest.raises(ViewError, match="in the config"):
        views.save("late", "#x", DAY)
    assert not file.exists()


def test_a_removed_view_is_gone(file: Path) -> None:
    views = SavedViews({}, file)
    views.save("Mine", "#one", DAY)
    views.remove("mine")
    views.load()
    assert names(views) == BUILT_IN


def test_a_view_that_another_program_has_saved_meanwhile_stays(file: Path) -> None:
    here, there = SavedViews({}, file), SavedViews({}, file)
    here.load()
    there.save("There", "#there", DAY)
    here.save("Here", "#here", DAY)
    assert names(here)[len(BUILT_IN) :] == ["There", "Here"]


def test_other_settings_in_the_file_stay(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('of = "a later version"\n[views]\nA = "#a"\n')
    SavedViews({}, file).save("B", "#b", DAY)
    assert 'of = "a later version"' in file.read_text()


@pytest.mark.parametrize(
    "damage",
    [b"[views\nA = ", b"\xff\xfe", b"views = 3\n", b"[views]\nA = 1\n", b"[views.A]\nb = '1'\n"],
    ids=["no TOML", "no UTF-8", "no table", "no string", "table in it"],
)
def test_a_damaged_file_is_reported_and_stays_as_it_is(file: Path, damage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    views = SavedViews({}, file)
    with pytest.raises(ViewError, match=r"views\.toml"):
        views.load()
    with pytest.raises(ViewError, match=r"views\.toml"):
        views.save("Mine", "#mine", DAY)
    with pytest.raises(ViewError, match=r"views\.toml"):
        views.remove("A")
    assert file.read_bytes() == damage
    assert names(views) == BUILT_IN


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "views.toml"
    kept.parent.mkdir()
    kept.write_text('[views]\nA = "#a"\n')
    file.parent.mkdir()
    file.symlink_to(kept)
    SavedViews({}, file).save("B", "#b", DAY)
    assert file.is_symlink()
    assert "#b" in kept.read_text()


@pytest.mark.parametrize(
    ("name", "query", "reason"),
    [
        ("", "#a", "needs a name"),
        ("x" * 61, "#a", "at most 60"),
        ("a\x1b[31m", "#a", "cannot be shown"),
        ("A", "is:opn", "Did you mean `open`"),
        ("A", "  ", "nothing to save"),
    ],
)
def test_what_cannot_be_a_view_is_refused(file: Path, name: str, query: str, reason: str) -> None:
    with pytest.raises(ViewError, match=reason):
        SavedViews({}, file).save(name, query, DAY)
    assert not file.exists()


def test_a_wrong_query_is_listed_with_its_place() -> None:
    views = SavedViews({"Late": "duo:<fri"}, None).views(DAY)
    assert views[-1].problem
    (sentence,) = wrong_views(views)
    assert sentence.startswith("The view “Late” in [views] of the config is wrong:")
    assert "Did you mean `due:`" in sentence


def test_nothing_can_be_saved_without_a_file() -> None:
    with pytest.raises(ViewError, match="no folder"):
        SavedViews({}, None).save("A", "#a", DAY)
